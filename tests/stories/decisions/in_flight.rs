//! Orders between being written down and being answered: crashes, lost answers, clocks.

use super::desk_with_pull_request;
use crate::support::{
    desk::{Desk, quick, until},
    memory::{Answer, pull_request},
};
use countersign::{
    domain::{
        ActionId, ActionState, ActivityKind, Decision, Order, OrderId, OrderKind, OrderState,
        Outcome, Receipt, Reviewer, Untrusted, Verdict,
    },
    review::{Review, Timing},
    sources::Source,
    store::{Intent, IntentError, Store},
};
use jiff::{SignedDuration, Timestamp};
use std::{sync::Arc, time::Duration};

/// Decides, and goes away as soon as the order has reached the source.
async fn decide_and_leave(desk: &Desk, id: &ActionId, timing: Timing) {
    desk.source.answers(Answer::Hang);
    let review = desk.review.clone().with_timing(timing);
    let (seen, id) = (desk.digest(id).await, id.clone());
    let decided = tokio::spawn(async move {
        review.decide(&id, seen, Verdict::Approve, Untrusted::default()).await
    });
    until("the order reaches the source", || async { !desk.source.sent().is_empty() }).await;
    decided.abort();
}

/// An order that is written down and sent, and whose receipt never comes.
async fn crash_after_intent(desk: &Desk, id: &ActionId) -> Intent {
    decide_and_leave(desk, id, Timing { carry_out: Duration::from_mins(10), ..quick() }).await;
    let order = desk.store.orders(true).await.unwrap().remove(0);
    assert_eq!(order.state, OrderState::Intended);
    let decision = desk.store.action(id).await.unwrap().unwrap().0.decisions.remove(0);
    Intent { decision: Some(decision), order: order.order }
}

/// An approval of what waits, as it would be written down now.
async fn intent_for(desk: &Desk, id: &ActionId) -> Intent {
    let digest = desk.digest(id).await;
    let at = Timestamp::now();
    let (by, reason) = (Untrusted::new("ana"), Untrusted::default());
    let order = Order {
        id: OrderId::derive(&[id.as_str(), &at.to_string()]),
        source: desk.source.name().clone(),
        kind: OrderKind::ReviewPullRequest {
            repo: "acme/shop".parse().unwrap(),
            number: 7,
            commit_id: "aaa".into(),
            verdict: Verdict::Approve,
            body: Untrusted::default(),
        },
        action: Some(id.clone()),
        credential: None,
        by: by.clone(),
        reason: reason.clone(),
        at,
    };
    let decision = Decision {
        action: id.clone(),
        digest,
        verdict: Verdict::Approve,
        reviewer: Reviewer(by),
        reason,
        at,
        signed: None,
    };
    Intent { decision: Some(decision), order }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_crash_the_source_is_asked_and_nothing_is_sent_again() {
    let (desk, id) = desk_with_pull_request().await;
    crash_after_intent(&desk, &id).await;
    let taken = desk.store.take_answer(&id).await.unwrap();
    assert!(taken.is_none(), "an order for GitHub is no process's to take");
    let next = desk.beside("ana").await;

    assert_eq!(next.review.recover().await.unwrap(), 1);

    assert_eq!(desk.source.fates_asked(), 1);
    assert_eq!(desk.source.sent().len(), 1, "only the first attempt");
    assert_eq!(next.state(&id).await, ActionState::Pending, "it did not happen: decide anew");
    assert!(next.store.orders(true).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_on_its_way_is_not_mistaken_for_a_crash() {
    let (desk, id) = desk_with_pull_request().await;
    crash_after_intent(&desk, &id).await;
    let patient = Review::new(
        desk.store.clone() as Arc<dyn Store>,
        vec![desk.source.clone() as Arc<dyn Source>],
        Reviewer("bo".into()),
    );

    assert_eq!(patient.recover().await.unwrap(), 0);
    assert_eq!(desk.source.fates_asked(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changed_between_the_last_look_and_the_order_is_not_decided() {
    let (desk, id) = desk_with_pull_request().await;
    let intent = intent_for(&desk, &id).await;
    let moved = pull_request(desk.source.name(), 7, "bbb");
    desk.store.put_action(&moved, Timestamp::now()).await.unwrap();
    let refusal = desk.store.intend(&intent).await.unwrap_err();
    assert!(matches!(refusal, IntentError::Changed { now } if *now == moved));
    assert!(desk.store.orders(false).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_set_back_by_seconds_gives_up_no_order_and_by_hours_leaves_none_open() {
    let (desk, id) = desk_with_pull_request().await;
    let timing = Timing { left_behind: Duration::from_mins(2), ..quick() };
    let patient = desk.review.clone().with_timing(timing);
    for (ahead, settled) in [(5, 0), (7200, 1)] {
        let mut intent = intent_for(&desk, &id).await;
        intent.order.at += SignedDuration::from_secs(ahead);
        desk.store.intend(&intent).await.unwrap();
        assert_eq!(patient.recover().await.unwrap(), settled, "{ahead} s");
        let answer = Receipt {
            order: intent.order.id,
            outcome: Outcome::Refused,
            answer: "over".into(),
            at: Timestamp::now(),
        };
        desk.store.settle(&answer.order, &answer).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_goes_through_although_the_console_was_closed() {
    let (desk, id) = desk_with_pull_request().await;
    decide_and_leave(&desk, &id, quick()).await;

    until("the receipt is kept", || async {
        desk.store.orders(false).await.unwrap()[0].receipt.is_some()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_takes_one_decision_only_and_only_for_what_is_there() {
    let (desk, id) = desk_with_pull_request().await;
    let intent = crash_after_intent(&desk, &id).await;

    let again = desk.store.intend(&intent).await.unwrap_err();
    assert!(again.to_string().contains("still without an answer"), "{again}");

    let receipt = |outcome| Receipt {
        order: intent.order.id.clone(),
        outcome,
        answer: "looked at by hand".into(),
        at: Timestamp::now(),
    };
    desk.store.settle(&intent.order.id, &receipt(Outcome::Done)).await.unwrap();
    let decided = desk.store.intend(&intent).await.unwrap_err();
    assert!(decided.to_string().contains("approved"), "{decided}");

    for late in [Outcome::Refused, Outcome::Unknown] {
        desk.store.settle(&intent.order.id, &receipt(late)).await.unwrap();
        let row = desk.store.order(&intent.order.id).await.unwrap().unwrap();
        assert_eq!(row.state, OrderState::Done, "done stays done");
        assert_eq!(row.receipt.unwrap().outcome, Outcome::Done);
        assert_eq!(desk.state(&id).await, ActionState::Approved);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_word_that_it_was_done_is_believed_over_an_earlier_look() {
    let (desk, id) = desk_with_pull_request().await;
    let intent = crash_after_intent(&desk, &id).await;
    assert_eq!(desk.review.recover().await.unwrap(), 1);
    assert_eq!(desk.state(&id).await, ActionState::Pending);

    let receipt = Receipt {
        order: intent.order.id.clone(),
        outcome: Outcome::Done,
        answer: "200, after the laptop woke up".into(),
        at: Timestamp::now(),
    };
    desk.store.settle(&intent.order.id, &receipt).await.unwrap();

    assert_eq!(desk.state(&id).await, ActionState::Approved);
    assert_eq!(desk.store.order(&intent.order.id).await.unwrap().unwrap().state, OrderState::Done);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_for_an_order_nobody_gave_is_refused() {
    let desk = Desk::new().await;
    let order: OrderId = "o-0123456789".parse().unwrap();
    let receipt = Receipt {
        order: order.clone(),
        outcome: Outcome::Done,
        answer: "200".into(),
        at: Timestamp::now(),
    };

    let error = desk.store.settle(&order, &receipt).await.unwrap_err();

    assert_eq!(error.to_string(), "no order `o-0123456789` in the store");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approved_pull_request_that_is_still_open_does_not_come_back_until_its_head_moves() {
    let (desk, id) = desk_with_pull_request().await;
    desk.approve(&id).await.unwrap();

    desk.poll().await;
    assert_eq!(desk.state(&id).await, ActionState::Approved);
    assert!(desk.store.actions(false).await.unwrap().is_empty());
    assert_eq!(desk.store.actions(true).await.unwrap().len(), 1);

    desk.waiting(vec![pull_request(desk.source.name(), 7, "bbb")]).await;
    assert_eq!(desk.state(&id).await, ActionState::Pending);
    assert_eq!(desk.history(id.as_str()).await.last(), Some(&ActivityKind::Changed));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_moves_while_the_order_is_on_its_way_waits_for_a_decision_of_its_own() {
    let (desk, id) = desk_with_pull_request().await;
    let intent = crash_after_intent(&desk, &id).await;
    desk.waiting(vec![pull_request(desk.source.name(), 7, "bbb")]).await;

    let receipt = Receipt {
        order: intent.order.id.clone(),
        outcome: Outcome::Done,
        answer: "200".into(),
        at: Timestamp::now(),
    };
    desk.store.settle(&intent.order.id, &receipt).await.unwrap();

    assert_eq!(desk.state(&id).await, ActionState::Pending);
    assert_eq!(desk.store.order(&intent.order.id).await.unwrap().unwrap().state, OrderState::Done);
}
