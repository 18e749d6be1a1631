//! What is shown before a decision is what is sent.

use crate::support::{
    desk::Desk,
    memory::{command, deployment, pull_request},
};
use countersign::{
    domain::{Untrusted, Verdict},
    sources::Source,
};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_foreseen_is_what_is_sent_but_for_the_order_id() {
    let desk = Desk::new().await;
    for (action, verdict, reason) in [
        (pull_request(desk.source.name(), 7, "aaa"), Verdict::Approve, ""),
        (pull_request(desk.source.name(), 8, "bbb"), Verdict::Reject, "  not on a Friday\n"),
        (deployment(desk.source.name(), 99), Verdict::Reject, "not on a Friday"),
    ] {
        desk.waiting(vec![action.clone()]).await;
        let reason = Untrusted::new(reason);
        let foreseen = desk.review.foresee(&action, verdict, &reason);

        let seen = desk.digest(&action.id).await;
        desk.review.decide(&action.id, seen, verdict, reason).await.unwrap();

        let sent = desk.source.sent().pop().unwrap();
        let named = serde_json::to_string(&foreseen).unwrap().replace("o-…", sent.id.as_str());
        assert_eq!(named, serde_json::to_string(&desk.source.calls(&sent.kind)).unwrap());
        assert!(named.contains(sent.id.as_str()), "{named}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_to_a_waiting_process_is_foreseen_too() {
    let desk = Desk::new().await;
    let action = command("n-1");
    let call = desk.review.foresee(&action, Verdict::Reject, &"no".into()).remove(0);
    assert!(call.operation.raw().starts_with("answer the waiting process"), "{call:?}");
    let said: Vec<_> = call.parameters.iter().map(|(name, text)| (&**name, text.raw())).collect();
    assert_eq!(said, [("request", "n-1"), ("answer", "refuse it"), ("reason", "no")]);
}
