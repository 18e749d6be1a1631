//! Calls that wait: their time, their answers, and agents that die in between.

use super::{Table, ago, counted, decided, hold};
use crate::support::memory::{call, held};
use countersign::{
    domain::{Action, ActionState, ActivityKind, OrderState, Verdict},
    gate::{GateSource, Held},
    policy::Policy,
    review::{Carried, DecideError, Rules},
    sources::{Progress, Source},
};
use jiff::Timestamp;
use std::{sync::Arc, time::Duration};
use tokio::time::Instant;

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(20)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_very_same_call_asked_twice_is_one_request() {
    let table = Table::new().await;
    let first = table.held_call("terraform destroy", "n1").await;
    let again = Action { ruling: first.ruling.clone(), ..call("terraform destroy", "n2") };
    let other = Action { ruling: first.ruling.clone(), ..call("terraform apply", "n3") };

    let joined = table.desk.store.ask(&again, again.opened).await.unwrap();
    let apart = table.desk.store.ask(&other, other.opened).await.unwrap();

    assert_eq!(joined, first.id);
    assert_eq!(apart, other.id);
    assert_eq!(table.desk.store.actions(true).await.unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_nobody_decides_in_time_ends_and_may_be_asked_anew() {
    let table = Table::new().await;
    let old = Action { opened: ago(31), ruling: Some(held(2, &[])), ..call("destroy", "n1") };
    let store = &table.desk.store;
    store.ask(&old, old.opened).await.unwrap();
    let (decision, order) = decided(&old, "ana", Verdict::Approve, ago(5));
    store.decide(&decision, &order, &|_| false).await.unwrap();
    let new = Action { ruling: old.ruling.clone(), ..call("destroy", "n2") };

    let asked = store.ask(&new, Timestamp::now()).await.unwrap();

    assert_eq!(asked, new.id);
    assert_eq!(table.desk.state(&old.id).await, ActionState::Gone);
    let told = table.desk.told(ActivityKind::Ended).await;
    assert_eq!(told, ["nobody decided in time (1 of 2 approvals)"]);
    assert_eq!(
        counted(table.approve("ana", &new.id).await).agreed.len(),
        1,
        "nothing is left over"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_looks_ends_what_is_overdue() {
    let table = Table::new().await;
    let old = Action { opened: ago(31), ruling: Some(held(1, &[])), ..call("destroy", "n1") };
    let young = table.held_call("apply", "n2").await;
    table.desk.store.ask(&old, old.opened).await.unwrap();
    let version = table.desk.store.version().await.unwrap();

    table.desk.poll().await;

    assert_eq!(table.desk.state(&old.id).await, ActionState::Gone);
    assert_eq!(table.desk.state(&young.id).await, ActionState::Pending);
    assert!(table.desk.store.version().await.unwrap() > version);
    let version = table.desk.store.version().await.unwrap();
    assert_eq!(table.desk.store.expire(Timestamp::now()).await.unwrap(), 0);
    assert_eq!(
        table.desk.store.version().await.unwrap(),
        version,
        "nothing is written for nothing"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_not_used_in_time_is_withdrawn_and_says_so() {
    let table = Table::new().await;
    let store = &table.desk.store;
    let asked = Action { ruling: Some(held(1, &[])), ..call("destroy", "n1") };
    store.ask(&asked, asked.opened).await.unwrap();
    let (decision, order) = decided(&asked, "ines", Verdict::Approve, ago(31));
    store.decide(&decision, &order, &|_| true).await.unwrap();

    assert!(!table.is_answered(&asked.id).await, "it is too late");
    assert_eq!(store.expire(Timestamp::now()).await.unwrap(), 1);

    assert_eq!(table.desk.state(&asked.id).await, ActionState::Gone);
    let told = table.desk.told(ActivityKind::Ended).await;
    assert_eq!(told, ["approved, and not used within 30 min, so the approval is over"]);
    let order = store.order(&order.id).await.unwrap().unwrap();
    assert_eq!(order.state, OrderState::Refused);
    assert!(order.receipt.unwrap().answer.raw().contains("withdrawn"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_waits_for_an_agent_that_comes_back_later() {
    let table = Table::new().await;
    let asked = table.held_call("terraform destroy", "n1").await;
    table.approve("ana", &asked.id).await.unwrap();
    table.approve("ines", &asked.id).await.unwrap();

    table.of("cy").recover().await.unwrap();

    let again = Action { ruling: asked.ruling.clone(), ..call("terraform destroy", "n2") };
    let passed = hold(&*table.desk.store, &again, soon()).await.unwrap();
    assert_eq!(passed, Held::Passed { action: asked.id.clone() });
    assert_eq!(table.desk.state(&asked.id).await, ActionState::Approved);

    let third = Action { ruling: asked.ruling.clone(), ..call("terraform destroy", "n3") };
    let held_again = hold(&*table.desk.store, &third, Instant::now()).await.unwrap();
    assert_eq!(held_again, Held::Ticket { action: third.id });
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_killed_with_the_answer_in_its_hand_does_not_get_it_twice() {
    let table = Table::new().await;
    let asked = table.held_call("terraform destroy", "n1").await;
    table.approve("ana", &asked.id).await.unwrap();
    table.approve("ines", &asked.id).await.unwrap();
    assert!(table.is_answered(&asked.id).await);

    table.of("cy").recover().await.unwrap();

    assert_eq!(table.desk.state(&asked.id).await, ActionState::Failed);
    let told = table.desk.told(ActivityKind::Answered).await;
    assert!(told[0].contains("nobody can tell yet whether it happened"), "{told:?}");
    let again = Action { ruling: asked.ruling.clone(), ..call("terraform destroy", "n2") };
    let ticket = hold(&*table.desk.store, &again, Instant::now()).await.unwrap();
    assert_eq!(ticket, Held::Ticket { action: again.id.clone() }, "a request of its own");
    assert_eq!(table.standing(&again.id).await.agreed, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_that_wait_with_the_very_same_call_one_passes_and_the_other_asks_anew() {
    let table = Table::new().await;
    let first = table.held_call("terraform destroy", "n1").await;
    let waiting: Vec<_> = ["n2", "n3"]
        .map(|nonce| {
            let store = Arc::clone(&table.desk.store);
            let action =
                Action { ruling: first.ruling.clone(), ..call("terraform destroy", nonce) };
            let until = Instant::now() + Duration::from_secs(3);
            tokio::spawn(async move { hold(&*store, &action, until).await.unwrap() })
        })
        .into();
    table.approve("ana", &first.id).await.unwrap();
    table.approve("ines", &first.id).await.unwrap();

    let ended = futures::future::join_all(waiting).await;

    let ended: Vec<Held> = ended.into_iter().map(Result::unwrap).collect();
    let passed = Held::Passed { action: first.id.clone() };
    assert_eq!(ended.iter().filter(|held| **held == passed).count(), 1, "{ended:?}");
    let ticket = ended.iter().find_map(|held| match held {
        Held::Ticket { action } => Some(action.clone()),
        _ => None,
    });
    assert_eq!(table.desk.state(&ticket.unwrap()).await, ActionState::Pending);
}

#[tokio::test(flavor = "multi_thread")]
async fn both_that_wait_with_the_very_same_call_are_told_no() {
    let table = Table::new().await;
    let first = table.held_call("terraform destroy", "n1").await;
    let waiting: Vec<_> = ["n2", "n3"]
        .map(|nonce| {
            let store = Arc::clone(&table.desk.store);
            let action =
                Action { ruling: first.ruling.clone(), ..call("terraform destroy", nonce) };
            tokio::spawn(async move { hold(&*store, &action, soon()).await.unwrap() })
        })
        .into();
    tokio::time::sleep(Duration::from_millis(300)).await;
    table.reject("ana", &first.id).await.unwrap();

    let ended = futures::future::join_all(waiting).await;

    let no = Held::Refused { action: first.id.clone(), reason: "no".into() };
    assert!(ended.into_iter().all(|held| held.unwrap() == no));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_asked_under_another_policy_can_only_be_rejected() {
    let table = Table::new().await;
    let asked = table.held_call("terraform destroy", "n1").await;
    let policy = Some(Arc::new(Policy::shipped().unwrap()));
    let review = table.of("ines").under(Rules { policy, ..super::rules() });
    let seen = table.desk.digest(&asked.id).await;

    let refused = review.decide(&asked.id, seen, Verdict::Approve, "".into()).await.unwrap_err();
    let rejected = review.decide(&asked.id, seen, Verdict::Reject, "no".into()).await;

    assert!(matches!(refused, DecideError::OtherPolicy { .. }), "{refused}");
    assert!(refused.to_string().contains("version 6"), "{refused}");
    assert!(matches!(rejected, Ok(Carried::Waiting(_))), "{rejected:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_gate_lists_calls_while_they_may_wait() {
    let table = Table::new().await;
    let source = GateSource::new(table.desk.store.clone(), "bastion");
    let open = table.held_call("apply", "n1").await;
    let old = Action { opened: ago(31), ruling: Some(held(1, &[])), ..call("destroy", "n2") };
    table.desk.store.ask(&old, old.opened).await.unwrap();

    let seen = source.poll(&Progress::new()).await.unwrap();

    assert_eq!(seen.actions, [open]);
    assert_eq!(table.desk.state(&old.id).await, ActionState::Gone);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poll_of_the_gate_ends_no_call_it_did_not_see() {
    let table = Table::new().await;
    let source = GateSource::new(table.desk.store.clone(), "bastion");
    table.desk.store.register(source.name(), source.kind()).await.unwrap();
    let before = Timestamp::now();
    let seen = source.poll(&Progress::new()).await.unwrap();
    let asked = table.held_call("apply", "n1").await;

    table.desk.store.record_poll(source.name(), &seen, before, before).await.unwrap();
    let later = Timestamp::now();
    table.desk.store.record_poll(source.name(), &seen, later, later).await.unwrap();

    assert_eq!(table.desk.state(&asked.id).await, ActionState::Pending);
}
