//! Calls at the gate: one request a call, an answer handed out once, and an end to waiting.

use super::{Place, asked, decide, later, on_both, state};
use crate::support::memory::call;
use countersign::domain::{ActionState, OrderState, Outcome, Receipt, Verdict};
use std::{collections::HashSet, sync::Arc, time::Duration};

on_both!(
    of_fifty_takers_one_gets_the_answer,
    an_answer_is_not_handed_out_after_its_time,
    a_request_nobody_decides_ends,
    the_very_same_call_is_one_request,
    of_fifty_same_calls_at_once_one_request_is_made,
    an_answer_withdrawn_is_not_handed_out,
    a_gate_that_fell_silent_makes_room,
    one_holder_at_a_time_has_a_lease,
    whoever_waits_is_woken_or_waits_no_longer_than_asked,
);

async fn of_fifty_takers_one_gets_the_answer(place: Place) {
    let handles = place.handles(5).await;
    let call = asked(&*handles[0], "drop table", 1).await;
    assert!(handles[1].take_answer(&call.id).await.unwrap().is_none());
    decide(&*handles[0], &call, "ana", Verdict::Approve).await.unwrap();
    let mut racing = tokio::task::JoinSet::new();
    for nth in 0..50 {
        let (store, id) = (Arc::clone(&handles[nth % handles.len()]), call.id.clone());
        racing.spawn(async move { store.take_answer(&id).await.unwrap() });
    }
    let taken: Vec<_> = racing.join_all().await.into_iter().flatten().collect();
    assert_eq!(taken.len(), 1);
    let order = handles[2].order(&taken[0].id).await.unwrap().unwrap();
    assert!(order.taken.is_some());
    let receipt = Receipt {
        order: taken[0].id.clone(),
        outcome: Outcome::Done,
        answer: "it runs".into(),
        at: handles[0].now(),
    };
    handles[3].settle(&taken[0].id, &receipt).await.unwrap();
    assert_eq!(state(&*handles[0], &call.id).await, ActionState::Approved);
}

async fn an_answer_is_not_handed_out_after_its_time(place: Place) {
    let store = place.handle().await;
    let call = asked(&*store, "drop table", 1).await;
    decide(&*store, &call, "ana", Verdict::Approve).await.unwrap();
    assert_eq!(store.expire(later(store.now(), 29)).await.unwrap(), 0);
    assert_eq!(store.expire(later(store.now(), 31)).await.unwrap(), 1);
    assert!(store.take_answer(&call.id).await.unwrap().is_none());
    assert_eq!(state(&*store, &call.id).await, ActionState::Gone);
    let orders = store.orders(false).await.unwrap();
    assert_eq!(orders[0].state, OrderState::Refused);
    assert!(orders[0].receipt.as_ref().unwrap().answer.raw().contains("not used within 30 min"));
}

async fn a_request_nobody_decides_ends(place: Place) {
    let store = place.handle().await;
    let call = asked(&*store, "drop table", 2).await;
    decide(&*store, &call, "ana", Verdict::Approve).await.unwrap();
    assert_eq!(store.expire(later(store.now(), 31)).await.unwrap(), 1);
    assert_eq!(store.expire(later(store.now(), 31)).await.unwrap(), 0);
    assert_eq!(state(&*store, &call.id).await, ActionState::Gone);
    let lines = store.activity(1, None).await.unwrap();
    assert!(lines[0].what.raw().contains("nobody decided in time"));
}

async fn the_very_same_call_is_one_request(place: Place) {
    let [one, two] = place.handles(2).await.try_into().ok().unwrap();
    let first = asked(&*one, "drop table", 1).await;
    let mut again = call("drop table", "another nonce");
    again.opened = two.now();
    again.ruling.clone_from(&first.ruling);
    assert_eq!(two.ask(&again, two.now()).await.unwrap(), first.id);
    let mut other = call("drop index", "a third");
    other.opened = two.now();
    assert_eq!(two.ask(&other, two.now()).await.unwrap(), other.id);
    // Once its time is over it does not count as open.
    assert_eq!(two.ask(&again, later(two.now(), 31)).await.unwrap(), again.id);
    assert_eq!(state(&*one, &first.id).await, ActionState::Gone);
}

async fn of_fifty_same_calls_at_once_one_request_is_made(place: Place) {
    let handles = place.handles(5).await;
    let mut racing = tokio::task::JoinSet::new();
    for nth in 0..50 {
        let store = Arc::clone(&handles[nth % handles.len()]);
        racing.spawn(async move {
            let mut call = call("drop table", &format!("nonce {nth}"));
            call.opened = store.now();
            store.ask(&call, store.now()).await.unwrap()
        });
    }
    let ids: HashSet<_> = racing.join_all().await.into_iter().collect();
    assert_eq!(ids.len(), 1);
    assert_eq!(handles[0].actions(true).await.unwrap().len(), 1);
}

async fn an_answer_withdrawn_is_not_handed_out(place: Place) {
    let store = place.handle().await;
    let call = asked(&*store, "drop table", 1).await;
    decide(&*store, &call, "ana", Verdict::Approve).await.unwrap();
    store.end_action(&call.id, "the agent went away", store.now()).await.unwrap();
    assert!(store.take_answer(&call.id).await.unwrap().is_none());
    assert_eq!(state(&*store, &call.id).await, ActionState::Gone);
}

async fn a_gate_that_fell_silent_makes_room(place: Place) {
    let store = place.handle().await;
    let first = asked(&*store, "drop table", 1).await;
    decide(&*store, &first, "ana", Verdict::Approve).await.unwrap();
    store.take_answer(&first.id).await.unwrap().unwrap();
    let mut again = call("drop table", "another nonce");
    again.opened = store.now();
    again.ruling.clone_from(&first.ruling);
    assert_eq!(store.ask(&again, store.now()).await.unwrap(), first.id);
    assert_eq!(store.ask(&again, later(store.now(), 1)).await.unwrap(), again.id);
    assert_eq!(state(&*store, &first.id).await, ActionState::Failed);
}

async fn one_holder_at_a_time_has_a_lease(place: Place) {
    let handles = place.handles(5).await;
    let long = Duration::from_secs(30);
    let mut racing = tokio::task::JoinSet::new();
    for nth in 0..20 {
        let store = Arc::clone(&handles[nth % handles.len()]);
        racing.spawn(async move {
            let holder = format!("console {nth}");
            store.lease("poll aws", &holder, long).await.unwrap().then_some(holder)
        });
    }
    let holders: Vec<_> = racing.join_all().await.into_iter().flatten().collect();
    let [holder] = holders.as_slice() else { panic!("{holders:?}") };
    let [one, two, ..] = handles.as_slice() else { panic!("five were opened") };
    assert!(one.lease("poll aws", holder, long).await.unwrap(), "its holder renews it");
    assert!(one.lease("poll github", "another", long).await.unwrap(), "another is free");
    two.release("poll aws", "somebody else").await.unwrap();
    assert!(!two.lease("poll aws", "somebody else", long).await.unwrap());
    two.release("poll aws", holder).await.unwrap();
    assert!(two.lease("poll aws", "somebody else", Duration::ZERO).await.unwrap());
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(one.lease("poll aws", "a third", long).await.unwrap(), "its time was over");
}

async fn whoever_waits_is_woken_or_waits_no_longer_than_asked(place: Place) {
    let [one, two] = place.handles(2).await.try_into().ok().unwrap();
    let version = one.version().await.unwrap();
    one.moved(version, Duration::from_millis(20)).await;
    assert_eq!(one.version().await.unwrap(), version);
    let waiting = tokio::spawn({
        let one = Arc::clone(&one);
        async move { one.moved(version, Duration::from_secs(2)).await }
    });
    asked(&*two, "drop table", 1).await;
    waiting.await.unwrap();
    assert!(one.version().await.unwrap() > version);
}
