//! Decisions and orders: written down before anything is sent, once, under one lock.

use super::{Place, asked, decide, decision, fresh_order, later, on_both, order, source, state};
use crate::support::memory::{access_key, pull_request, ruled};
use countersign::{
    domain::{
        ActionState, ActivityKind, CredentialStatus, Leave, Observation, Order, OrderKind,
        OrderState, Outcome, Receipt, Untrusted, Verdict,
    },
    store::{Counted, Intent, IntentError, Store},
};
use std::sync::Arc;

on_both!(
    one_approval_is_an_order_and_only_one,
    two_have_to_agree_and_nobody_twice,
    a_rejection_ends_it_at_once,
    nobody_approves_past_a_boundary,
    what_changed_meanwhile_is_not_decided,
    what_ended_is_not_decided,
    of_fifty_approvals_at_once_one_is_the_last,
    an_order_on_a_credential_is_alone,
    a_receipt_moves_the_action_on_and_done_stays_done,
    an_approval_is_used_up_by_its_order,
);

fn receipt(order: &Order, outcome: Outcome, store: &dyn Store) -> Receipt {
    Receipt { order: order.id.clone(), outcome, answer: "as it said".into(), at: store.now() }
}

async fn one_approval_is_an_order_and_only_one(place: Place) {
    let store = place.handle().await;
    let call = asked(&*store, "drop table", 1).await;
    let counted = decide(&*store, &call, "ana", Verdict::Approve).await.unwrap();
    assert_eq!(counted, Counted::Ordered);
    assert_eq!(state(&*store, &call.id).await, ActionState::Deciding);
    let busy = decide(&*store, &call, "ines", Verdict::Approve).await.unwrap_err();
    assert!(matches!(busy, IntentError::Busy { .. }), "{busy}");
    let (row, whole) = store.action(&call.id).await.unwrap().unwrap();
    assert_eq!((row.decisions.len(), row.spent.len()), (1, 1));
    assert_eq!(whole, call);
    let open = store.orders(true).await.unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].state, OrderState::Intended);
    assert_eq!(store.order(&open[0].order.id).await.unwrap().unwrap().order, open[0].order);
}

async fn two_have_to_agree_and_nobody_twice(place: Place) {
    let [ana, ines] = place.handles(2).await.try_into().ok().unwrap();
    let call = asked(&*ana, "drop table", 2).await;
    let first = decide(&*ana, &call, "ana", Verdict::Approve).await.unwrap();
    assert_eq!(first, Counted::Waiting);
    let again = decide(&*ana, &call, "ana", Verdict::Approve).await.unwrap_err();
    assert!(matches!(again, IntentError::Again), "{again}");
    let second = decide(&*ines, &call, "ines", Verdict::Approve).await.unwrap();
    assert_eq!(second, Counted::Ordered);
    let told = ana.activity(10, None).await.unwrap();
    let told: Vec<&str> = told.iter().map(|line| line.what.raw()).collect();
    assert!(told.iter().any(|what| what.contains("1 of 2")), "{told:?}");
    assert!(told.iter().any(|what| what.contains("2 of 2")), "{told:?}");
}

async fn a_rejection_ends_it_at_once(place: Place) {
    let store = place.handle().await;
    let call = asked(&*store, "drop table", 3).await;
    decide(&*store, &call, "ana", Verdict::Approve).await.unwrap();
    let no = decide(&*store, &call, "ines", Verdict::Reject).await.unwrap();
    assert_eq!(no, Counted::Ordered);
    let order = store.take_answer(&call.id).await.unwrap().unwrap();
    assert!(
        matches!(order.kind, OrderKind::AnswerCommand { verdict: Verdict::Reject, .. }),
        "{order:?}"
    );
}

async fn nobody_approves_past_a_boundary(place: Place) {
    let store = place.handle().await;
    let mut request = pull_request(&source(), 7, "aaa");
    let because = "it deletes production".into();
    request.ruling = Some(ruled(Leave::Boundary { rule: "no-deletion".into(), because }));
    store.put_action(&request, store.now()).await.unwrap();
    let refused = decide(&*store, &request, "ana", Verdict::Approve).await.unwrap_err();
    assert!(matches!(&refused, IntentError::Forbidden { because } if because.contains("deletes")));
    let given = decision(&*store, &request, "ana", Verdict::Approve);
    let intent = Intent { order: order(&given, &request), decision: Some(given) };
    let refused = store.intend(&intent).await.unwrap_err();
    assert!(matches!(refused, IntentError::Forbidden { .. }), "{refused}");
    let (row, _) = store.action(&request.id).await.unwrap().unwrap();
    assert!(row.decisions.is_empty(), "nothing is kept of what was refused");
    decide(&*store, &request, "ana", Verdict::Reject).await.unwrap();
}

async fn what_changed_meanwhile_is_not_decided(place: Place) {
    let [ana, poller] = place.handles(2).await.try_into().ok().unwrap();
    let seen = pull_request(&source(), 7, "aaa");
    ana.put_action(&seen, ana.now()).await.unwrap();
    let newer = pull_request(&source(), 7, "bbb");
    poller.put_action(&newer, poller.now()).await.unwrap();
    let refused = decide(&*ana, &seen, "ana", Verdict::Approve).await.unwrap_err();
    let IntentError::Changed { now } = refused else { panic!("{refused}") };
    assert_eq!(*now, newer);
    assert!(ana.orders(false).await.unwrap().is_empty());
}

async fn what_ended_is_not_decided(place: Place) {
    let store = place.handle().await;
    let call = asked(&*store, "drop table", 1).await;
    store.end_action(&call.id, "the agent went away", store.now()).await.unwrap();
    let refused = decide(&*store, &call, "ana", Verdict::Approve).await.unwrap_err();
    assert!(matches!(refused, IntentError::NotPending { state: ActionState::Gone }), "{refused}");
    assert!(store.actions(false).await.unwrap().is_empty());
    assert_eq!(store.actions(true).await.unwrap().len(), 1);
}

async fn of_fifty_approvals_at_once_one_is_the_last(place: Place) {
    let handles = place.handles(5).await;
    let call = Arc::new(asked(&*handles[0], "drop table", 2).await);
    let mut racing = tokio::task::JoinSet::new();
    for nth in 0..50 {
        let (store, call) = (Arc::clone(&handles[nth % handles.len()]), Arc::clone(&call));
        racing.spawn(async move {
            decide(&*store, &call, &format!("reviewer {nth}"), Verdict::Approve).await
        });
    }
    let answers = racing.join_all().await;
    let count = |wanted| answers.iter().filter(|a| matches!(a, Ok(c) if *c == wanted)).count();
    assert_eq!((count(Counted::Waiting), count(Counted::Ordered)), (1, 1));
    for refused in answers.iter().filter_map(|answer| answer.as_ref().err()) {
        assert!(
            matches!(refused, IntentError::Busy { .. } | IntentError::NotPending { .. }),
            "{refused}"
        );
    }
    let (row, _) = handles[0].action(&call.id).await.unwrap().unwrap();
    assert_eq!(row.decisions.len(), 2, "no decision is lost, none invented");
    assert_eq!(handles[1].orders(false).await.unwrap().len(), 1);
}

async fn an_order_on_a_credential_is_alone(place: Place) {
    let store = place.handle().await;
    let key = access_key(&source(), "agent", "AKIA1");
    let seen = Observation { credentials: vec![key.clone()], ..Observation::default() };
    store.record_poll(&source(), &seen, store.now(), later(store.now(), 1)).await.unwrap();
    let switch = |active| Order {
        id: fresh_order(),
        source: source(),
        kind: OrderKind::SetAccessKey { user: "agent".into(), key_id: "AKIA1".into(), active },
        action: None,
        credential: Some(key.id.clone()),
        by: "ana".into(),
        reason: Untrusted::default(),
        at: store.now(),
    };
    let off = switch(false);
    store.intend(&Intent { decision: None, order: off.clone() }).await.unwrap();
    let busy = store.intend(&Intent { decision: None, order: switch(true) }).await.unwrap_err();
    assert!(matches!(&busy, IntentError::Busy { order } if *order == off.id.to_string()));
    store.settle(&off.id, &receipt(&off, Outcome::Done, &*store)).await.unwrap();
    let row = store.credential(&key.id).await.unwrap().unwrap();
    assert_eq!(row.credential.status, CredentialStatus::Inactive);
    assert_eq!(row.last_order.unwrap().order, off);
    store.intend(&Intent { decision: None, order: switch(true) }).await.unwrap();
}

async fn a_receipt_moves_the_action_on_and_done_stays_done(place: Place) {
    let store = place.handle().await;
    let request = pull_request(&source(), 7, "aaa");
    store.put_action(&request, store.now()).await.unwrap();
    let given = decision(&*store, &request, "ana", Verdict::Approve);
    let sent = order(&given, &request);
    store.intend(&Intent { decision: Some(given), order: sent.clone() }).await.unwrap();
    store.settle(&sent.id, &receipt(&sent, Outcome::Unknown, &*store)).await.unwrap();
    assert_eq!(state(&*store, &request.id).await, ActionState::Deciding);
    store.settle(&sent.id, &receipt(&sent, Outcome::Done, &*store)).await.unwrap();
    assert_eq!(state(&*store, &request.id).await, ActionState::Approved);
    store.settle(&sent.id, &receipt(&sent, Outcome::Refused, &*store)).await.unwrap();
    assert_eq!(state(&*store, &request.id).await, ActionState::Approved);
    assert_eq!(store.order(&sent.id).await.unwrap().unwrap().state, OrderState::Done);
    let lines = store.activity(50, None).await.unwrap();
    let answered = lines.iter().filter(|line| line.kind == ActivityKind::Answered);
    assert_eq!(answered.count(), 3);
}

async fn an_approval_is_used_up_by_its_order(place: Place) {
    let store = place.handle().await;
    let request = pull_request(&source(), 7, "aaa");
    store.put_action(&request, store.now()).await.unwrap();
    let given = decision(&*store, &request, "ana", Verdict::Approve);
    let sent = order(&given, &request);
    store.decide(&given, &sent, &|_| true).await.unwrap();
    store.settle(&sent.id, &receipt(&sent, Outcome::Refused, &*store)).await.unwrap();
    let (row, _) = store.action(&request.id).await.unwrap().unwrap();
    assert_eq!(row.state, ActionState::Pending);
    assert!(row.counting(store.now()).is_empty(), "it has to be agreed to anew");
    assert_eq!(row.behind(&sent.id), [&given]);
    decide(&*store, &request, "ana", Verdict::Approve).await.unwrap();
}
