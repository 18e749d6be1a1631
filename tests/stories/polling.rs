//! Sources are asked side by side, each at its own pace.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a story that cannot go on has failed")]

use crate::support::{
    desk::{Desk, quick, until},
    memory::{Answer, MemorySource, access_key, fault, pull_request},
};
use countersign::{
    domain::{ActionState, FaultKind, Health, OrderState, Reviewer, SourceName},
    review::{Polled, Poller, Review},
    sources::Source,
    store::Store,
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

const HOUR: Duration = Duration::from_hours(1);

/// A poller over several sources and one store.
fn poller(desk: &Desk, sources: &[&Arc<MemorySource>], every: Duration, most: Duration) -> Poller {
    let sources = sources.iter().map(|source| Arc::clone(source) as Arc<dyn Source>).collect();
    let store = desk.store.clone() as Arc<dyn Store>;
    let review = Review::new(store, sources, Reviewer("ana".into())).with_timing(quick());
    Poller::new(review, every, most)
}

async fn health(desk: &Desk, name: &SourceName) -> Option<Health> {
    let states = desk.store.sources().await.unwrap();
    states.into_iter().find(|state| state.name == *name).map(|state| state.health)
}

#[tokio::test(flavor = "multi_thread")]
async fn once_asks_every_source_and_says_how_each_answered() {
    let desk = Desk::new().await;
    let (good, bad) = (MemorySource::new("good"), MemorySource::new("bad"));
    good.world(|world| world.credentials = vec![access_key(good.name(), "agent", "AKIA1")]);
    bad.fail(Some(fault(FaultKind::BadToken)));

    let polled = poller(&desk, &[&good, &bad], HOUR, HOUR).once().await;

    assert!(
        matches!(&polled[0], (name, Polled::Seen(seen)) if name == good.name() && seen.appeared == 1)
    );
    assert!(matches!(&polled[1].1, Polled::Failed(fault) if fault.kind == FaultKind::BadToken));
    assert_eq!(health(&desk, good.name()).await, Some(Health::Good));
    assert_eq!(health(&desk, bad.name()).await, Some(Health::Failing));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_takes_too_long_is_given_up_and_says_so() {
    let desk = Desk::new().await;
    let slow = MemorySource::new("slow");
    slow.slow(HOUR);

    let polled = poller(&desk, &[&slow], HOUR, Duration::from_millis(30)).once().await;

    assert!(matches!(&polled[0].1, Polled::Failed(fault) if fault.kind == FaultKind::Timeout));
    let state = desk.store.sources().await.unwrap().remove(0);
    assert_eq!((state.health, state.failures), (Health::Failing, 1));
    assert!(state.next_attempt.unwrap() > state.last_attempt.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bug_in_one_source_is_a_fault_of_that_source() {
    let desk = Desk::new().await;
    let (broken, good) = (MemorySource::new("broken"), MemorySource::new("good"));
    broken.panics();

    let polled = poller(&desk, &[&broken, &good], HOUR, HOUR).once().await;

    assert!(matches!(&polled[0].1, Polled::Failed(fault) if fault.kind == FaultKind::Malformed));
    assert!(matches!(&polled[1].1, Polled::Seen(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_and_a_failing_source_do_not_hold_up_the_others() {
    let desk = Desk::new().await;
    let [slow, bad, good] = ["slow", "bad", "good"].map(MemorySource::new);
    slow.slow(HOUR);
    bad.fail(Some(fault(FaultKind::ServerError)));
    let poller = Arc::new(poller(&desk, &[&slow, &bad, &good], Duration::from_millis(10), HOUR));
    let running = tokio::spawn({
        let poller = Arc::clone(&poller);
        async move { poller.run().await }
    });

    until("the good source is asked again and again", || async { good.polls() >= 5 }).await;

    assert_eq!(slow.polls(), 1);
    assert!(bad.polls() < good.polls(), "{} {}", bad.polls(), good.polls());
    assert_eq!(health(&desk, good.name()).await, Some(Health::Good));
    let progress = poller.progress();
    assert!(progress.iter().any(|(name, step)| name == slow.name() && step.total == Some(2)));
    running.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn pressing_poll_now_does_not_wait_for_the_next_turn() {
    let desk = Desk::new().await;
    let (good, limited) = (MemorySource::new("good"), MemorySource::new("limited"));
    limited.fail(Some(fault(FaultKind::RateLimited).retry_after(HOUR)));
    let poller = Arc::new(poller(&desk, &[&good, &limited], HOUR, HOUR));
    let running = tokio::spawn({
        let poller = Arc::clone(&poller);
        async move { poller.run().await }
    });
    until("both are asked once", || async {
        health(&desk, good.name()).await == Some(Health::Good)
            && health(&desk, limited.name()).await == Some(Health::Failing)
    })
    .await;

    poller.poll_now();

    until("the good one is asked again", || async { good.polls() >= 2 }).await;
    assert_eq!(limited.polls(), 1, "the server said how long to stay away");
    running.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn dropping_the_poller_stops_what_is_under_way() {
    let desk = Desk::new().await;
    let slow = MemorySource::new("slow");
    slow.slow(Duration::from_millis(100));
    let poller = poller(&desk, &[&slow], HOUR, HOUR);

    let run = tokio::time::timeout(Duration::from_millis(30), poller.run());
    assert!(run.await.is_err());

    until("its progress is cleared", || async { poller.progress().is_empty() }).await;
    tokio::time::sleep(Duration::from_millis(150)).await;
    let states = desk.store.sources().await.unwrap();
    assert!(states.iter().all(|state| state.last_good.is_none()), "{states:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_recovers_is_asked_at_the_usual_pace_again() {
    let desk = Desk::new().await;
    let source = MemorySource::new("flaky");
    source.fail(Some(fault(FaultKind::Connect)));
    let poller = poller(&desk, &[&source], Duration::from_millis(10), HOUR);
    let watched = async {
        until("it failed", || async { source.polls() >= 3 }).await;
        source.fail(None);
        let name = source.name().clone();
        until("it is good", || async { health(&desk, &name).await == Some(Health::Good) }).await;
        let before = (source.polls(), Instant::now());
        until("it is asked often", || async { source.polls() >= before.0 + 5 }).await;
        assert!(before.1.elapsed() < Duration::from_secs(5));
    };
    tokio::select! {
        () = poller.run() => unreachable!(),
        () = watched => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_crash_left_is_looked_up_when_the_poller_starts() {
    let desk = Desk::new().await;
    let action = pull_request(desk.source.name(), 7, "aaa");
    desk.waiting(vec![action.clone()]).await;
    desk.source.answers(Answer::Lost);
    desk.approve(&action.id).await.unwrap();
    assert_eq!(desk.state(&action.id).await, ActionState::Deciding);

    let poller = poller(&desk, &[&desk.source], HOUR, HOUR);
    tokio::select! {
        () = poller.run() => unreachable!(),
        () = until("the order is settled", || async {
            desk.store.orders(false).await.unwrap()[0].state == OrderState::Done
        }) => {}
    }
    assert_eq!(desk.state(&action.id).await, ActionState::Approved);
    assert_eq!(desk.source.sent().len(), 1);
}
