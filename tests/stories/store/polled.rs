//! What polls bring and take away.

use super::{Place, decide, later, on_both, source, state};
use crate::support::memory::{access_key, fault, pull_request, role};
use countersign::{
    domain::{
        ActionState, ActivityKind, CredentialStatus, FaultKind, Gap, Health, Observation, Part,
        SourceKind, Verdict,
    },
    store::{PollSummary, Store},
};
use jiff::Timestamp;

on_both!(
    what_is_new_changed_and_gone_is_told,
    what_is_in_a_gap_is_kept_and_stale,
    a_fault_keeps_everything_and_is_told_once,
    an_older_poll_is_dropped,
    what_was_decided_since_is_not_overwritten,
    many_rows_at_once_are_all_there,
    an_action_moves_from_page_to_page_and_is_there_once,
);

async fn poll(store: &dyn Store, seen: &Observation) -> PollSummary {
    let at = store.now();
    store.record_poll(&source(), seen, at, later(at, 1)).await.unwrap()
}

fn world(requests: &[(u64, &str)], keys: &[&str]) -> Observation {
    Observation {
        identity: "arn:aws:iam::123456789012:role/reader".into(),
        actions: requests.iter().map(|(n, head)| pull_request(&source(), *n, head)).collect(),
        credentials: keys.iter().map(|key| access_key(&source(), "agent", key)).collect(),
        ..Observation::default()
    }
}

async fn what_is_new_changed_and_gone_is_told(place: Place) {
    let store = place.handle().await;
    store.register(&source(), SourceKind::Embedded).await.unwrap();
    poll(&*store, &world(&[(1, "aaa"), (2, "aaa")], &["AKIA1", "AKIA2"])).await;
    let lines = store.activity(10, None).await.unwrap();
    assert!(lines[0].what.raw().starts_with("first poll: 2 credentials, 2 of them held"));
    let mut next = world(&[(2, "bbb"), (3, "aaa")], &["AKIA2", "AKIA3"]);
    next.credentials[0].status = CredentialStatus::Inactive;
    let summary = poll(&*store, &next).await;
    assert_eq!((summary.appeared, summary.gone), (2, 2));
    assert_eq!(summary.changed, 2);
    let lines = store.activity(50, None).await.unwrap();
    let count = |kind| lines.iter().filter(|line| line.kind == kind).count();
    assert_eq!(count(ActivityKind::Ended), 1);
    assert_eq!(count(ActivityKind::Disappeared), 1);
    assert_eq!(count(ActivityKind::Altered), 1);
    assert_eq!(count(ActivityKind::Appeared), 1);
    let gone = store.credentials(true).await.unwrap();
    let gone: Vec<_> = gone
        .iter()
        .filter(|row| row.credential.status == CredentialStatus::Gone)
        .map(|row| row.credential.label.raw())
        .collect();
    assert_eq!(gone, ["AKIA1"]);
    assert_eq!(store.credentials(false).await.unwrap().len(), 2);
    assert_eq!(poll(&*store, &next).await, PollSummary::default());
}

async fn what_is_in_a_gap_is_kept_and_stale(place: Place) {
    let store = place.handle().await;
    let mut seen = world(&[(1, "aaa")], &["AKIA1"]);
    seen.credentials.push(role(&source(), "deployer"));
    poll(&*store, &seen).await;
    seen.credentials.clear();
    let part = Part::new("access-keys");
    seen.gaps = vec![Gap { part, fault: fault(FaultKind::Forbidden) }];
    poll(&*store, &seen).await;
    let rows = store.credentials(false).await.unwrap();
    let kept: Vec<_> = rows.iter().map(|row| (row.credential.label.raw(), row.stale)).collect();
    assert_eq!(kept, [("AKIA1", true)]);
    let sources = store.sources().await.unwrap();
    assert_eq!((sources[0].health, sources[0].gaps.len()), (Health::Partial, 1));
    seen.gaps.clear();
    poll(&*store, &seen).await;
    assert!(store.credentials(false).await.unwrap().is_empty());
}

async fn a_fault_keeps_everything_and_is_told_once(place: Place) {
    let store = place.handle().await;
    poll(&*store, &world(&[(1, "aaa")], &["AKIA1"])).await;
    for _ in 0..3 {
        let at = store.now();
        let error = fault(FaultKind::Timeout);
        store.record_fault(&source(), &error, at, later(at, 5)).await.unwrap();
    }
    let sources = store.sources().await.unwrap();
    assert_eq!((sources[0].health, sources[0].failures), (Health::Failing, 3));
    assert_eq!(sources[0].fault.as_ref().unwrap().kind, FaultKind::Timeout);
    assert!(store.credentials(false).await.unwrap()[0].stale);
    assert!(store.actions_of(&source()).await.unwrap()[0].stale);
    let lines = store.activity(50, None).await.unwrap();
    let told = lines.iter().filter(|line| line.what.raw().contains("cannot be read"));
    assert_eq!(told.count(), 1);
}

async fn an_older_poll_is_dropped(place: Place) {
    let [one, two] = place.handles(2).await.try_into().ok().unwrap();
    let earlier = one.now();
    let later_on = later(earlier, 1);
    two.record_poll(&source(), &world(&[(1, "aaa")], &[]), later_on, later_on).await.unwrap();
    let old = world(&[], &["AKIA1"]);
    let summary = one.record_poll(&source(), &old, earlier, later_on).await.unwrap();
    assert_eq!(summary, PollSummary::default());
    assert_eq!(one.actions(false).await.unwrap().len(), 1);
    // Much older is no older answer but a clock that was set back.
    let long_ago: Timestamp = later(earlier, -60);
    let summary = one.record_poll(&source(), &old, long_ago, later_on).await.unwrap();
    assert_eq!(summary.appeared, 1);
}

async fn what_was_decided_since_is_not_overwritten(place: Place) {
    let store = place.handle().await;
    let seen = world(&[(1, "aaa")], &[]);
    poll(&*store, &seen).await;
    let began = store.now();
    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    let request = &seen.actions[0];
    decide(&*store, request, "ana", Verdict::Approve).await.unwrap();
    let mut without = seen.clone();
    without.actions.clear();
    store.record_poll(&source(), &without, began, later(began, 1)).await.unwrap();
    assert_eq!(state(&*store, &request.id).await, ActionState::Deciding);
}

async fn many_rows_at_once_are_all_there(place: Place) {
    let store = place.handle().await;
    let mut seen = world(&[], &[]);
    seen.credentials = (0..1234)
        .map(|n| access_key(&source(), &format!("user-{n}"), &format!("AKIA{n:04}")))
        .collect();
    seen.actions = (1..=567).map(|n| pull_request(&source(), n, "aaa")).collect();
    poll(&*store, &seen).await;
    let (rows, total) = store.queue(Some(10)).await.unwrap();
    assert_eq!((rows.len(), total), (10, 567));
    assert_eq!(store.queue(None).await.unwrap().0.len(), 567);
    let labels: Vec<_> = store.credentials(false).await.unwrap();
    assert_eq!(labels.len(), 1234);
    assert_eq!(poll(&*store, &seen).await, PollSummary::default());
    seen.credentials.truncate(1);
    assert_eq!(poll(&*store, &seen).await.gone, 1233);
    assert!(store.activity(1, None).await.unwrap()[0].what.raw().contains("and 1033 more changes"));
}

async fn an_action_moves_from_page_to_page_and_is_there_once(place: Place) {
    let store = place.handle().await;
    poll(&*store, &world(&[(1, "aaa"), (2, "aaa"), (1, "bbb")], &[])).await;
    let rows = store.actions(false).await.unwrap();
    assert_eq!(rows.len(), 2);
    let moved = pull_request(&source(), 1, "bbb");
    let row = rows.iter().find(|row| row.id == moved.id).unwrap();
    assert_eq!(row.digest, moved.digest().unwrap());
}
