//! What is remembered between polls: first seen, last seen, what changed, what is stale.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a story that cannot go on has failed")]

use crate::support::{
    desk::Desk,
    memory::{access_key, command, deploy_key, deployment, fault, pull_request, role},
};
use countersign::{
    domain::{
        ActionState, ActivityKind, Count, Credential, CredentialStatus, FaultKind, Gap, Health,
        LastUsed, Locator, Observation, Part, SecretScope, SourceKind, SourceName,
    },
    sources::Source,
    store::PollSummary,
};
use jiff::{SignedDuration, Timestamp};
use std::time::{Duration, Instant};

/// Minutes after a fixed moment.
fn minute(minutes: i64) -> Timestamp {
    let start: Timestamp = "2026-11-20T09:00:00Z".parse().unwrap();
    start + SignedDuration::from_mins(minutes)
}

/// Takes in what the desk's source shows, as polled at a minute.
async fn record(desk: &Desk, minutes: i64) -> PollSummary {
    let seen = desk.source.observation();
    desk.store
        .record_poll(desk.source.name(), &seen, minute(minutes), minute(minutes + 1))
        .await
        .unwrap()
}

fn show(desk: &Desk, credentials: Vec<Credential>) {
    desk.source.world(|world| world.credentials = credentials);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_credential_remembers_when_it_was_first_and_last_seen() {
    let desk = Desk::new().await;
    let key = access_key(desk.source.name(), "agent", "AKIA1");
    show(&desk, vec![key.clone()]);
    record(&desk, 0).await;
    record(&desk, 5).await;

    let row = desk.store.credential(&key.id).await.unwrap().unwrap();
    assert_eq!((row.first_seen, row.last_seen, row.stale), (minute(0), minute(5), false));

    show(&desk, vec![]);
    assert_eq!(record(&desk, 9).await, PollSummary { gone: 1, ..PollSummary::default() });
    let row = desk.store.credential(&key.id).await.unwrap().unwrap();
    assert_eq!((row.first_seen, row.last_seen, row.stale), (minute(0), minute(5), false));
    assert_eq!(row.credential.status, CredentialStatus::Gone);
    assert!(desk.store.credentials(false).await.unwrap().is_empty());
    assert_eq!(desk.store.credentials(true).await.unwrap().len(), 1);

    show(&desk, vec![key.clone()]);
    record(&desk, 12).await;
    let row = desk.store.credential(&key.id).await.unwrap().unwrap();
    assert_eq!((row.first_seen, row.last_seen), (minute(0), minute(12)));
    assert_eq!(row.credential, key);
    assert_eq!(
        desk.history(key.id.as_str()).await,
        [ActivityKind::Disappeared, ActivityKind::Appeared]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_credential_comes_back_as_it_was() {
    let desk = Desk::new().await;
    let name = desk.source.name().clone();
    let mut secret = access_key(&name, "agent", "DEPLOY_TOKEN");
    secret.locator = Locator::ActionsSecret {
        scope: SecretScope::Environment {
            repo: "acme/shop".parse().unwrap(),
            environment: "production".into(),
        },
        name: "DEPLOY_TOKEN".into(),
    };
    secret.id = secret.locator.id(&name);
    secret.last_used = LastUsed::At { at: minute(-5), what: "s3 in eu-central-1".into() };
    let mut unheld = role(&name, "alice");
    unheld.holders.clear();
    let all = vec![unheld, secret, access_key(&name, "agent", "AKIA1"), deploy_key(&name, 7)];
    show(&desk, all.clone());
    record(&desk, 0).await;

    let rows = desk.store.credentials(false).await.unwrap();

    assert_eq!(rows.len(), 4);
    for credential in &all {
        let row = rows.iter().find(|row| row.credential.id == credential.id).unwrap();
        assert_eq!(row.credential, *credential);
    }
    assert!(!rows[3].credential.is_ai_held(), "AI-held ones come first");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_poll_is_told_in_one_line() {
    let desk = Desk::new().await;
    let name = desk.source.name().clone();
    show(&desk, (0..500).map(|n| access_key(&name, "agent", &format!("AKIA{n}"))).collect());
    desk.source.world(|world| world.actions = vec![pull_request(&name, 1, "aaa")]);

    assert_eq!(record(&desk, 0).await.appeared, 501);

    let lines = desk.store.activity(100, None).await.unwrap();
    assert_eq!(lines.len(), 1);
    assert!(lines[0].what.raw().contains("500 credentials, 500 of them held"), "{lines:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_told_with_what_is_different_and_small_print_is_not() {
    let desk = Desk::new().await;
    let mut key = access_key(desk.source.name(), "agent", "AKIA1");
    show(&desk, vec![key.clone()]);
    record(&desk, 0).await;

    key.last_used = LastUsed::At { at: minute(1), what: "iam".into() };
    show(&desk, vec![key.clone()]);
    assert_eq!(record(&desk, 2).await, PollSummary::default());
    let row = desk.store.credential(&key.id).await.unwrap().unwrap();
    assert_eq!(row.credential.last_used, key.last_used, "kept all the same");

    key.status = CredentialStatus::Inactive;
    key.grants = vec!["ReadOnlyAccess".into()];
    key.holders.clear();
    show(&desk, vec![key.clone()]);
    assert_eq!(record(&desk, 3).await.changed, 1);
    let told = desk.told(ActivityKind::Altered).await;
    for part in ["active → inactive", "gained ReadOnlyAccess", "lost Admin", "held by no AI tool"]
    {
        assert!(told[0].contains(part), "{part}: {told:?}");
    }
    assert_eq!(told.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_changes_is_counted_instead_of_listed() {
    let desk = Desk::new().await;
    let name = desk.source.name().clone();
    record(&desk, 0).await;
    show(&desk, (0..1000).map(|n| access_key(&name, "agent", &format!("AKIA{n}"))).collect());

    record(&desk, 1).await;

    assert_eq!(desk.told(ActivityKind::Appeared).await.len(), 200);
    let rest = desk.told(ActivityKind::Source).await;
    assert!(rest.last().unwrap().contains("800 more"), "{rest:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_that_could_not_be_read_keeps_its_things_and_marks_them_stale() {
    let desk = Desk::new().await;
    let name = desk.source.name().clone();
    let (key, seen_role) = (access_key(&name, "agent", "AKIA1"), role(&name, "deployer"));
    let open = pull_request(&name, 7, "aaa");
    desk.source.world(|world| {
        world.credentials = vec![key.clone(), seen_role.clone()];
        world.actions = vec![open.clone()];
    });
    record(&desk, 0).await;

    desk.source.world(|world| {
        world.credentials = vec![seen_role.clone()];
        world.actions.clear();
        world.gaps = ["access-keys", "pull-requests acme/shop"]
            .map(|part| Gap { part: Part::new(part), fault: fault(FaultKind::Forbidden) })
            .into();
    });
    assert_eq!(record(&desk, 5).await, PollSummary::default());

    let kept = desk.store.credential(&key.id).await.unwrap().unwrap();
    assert_eq!((kept.stale, kept.last_seen), (true, minute(0)));
    assert_eq!(kept.credential, key);
    let fresh = desk.store.credential(&seen_role.id).await.unwrap().unwrap();
    assert_eq!((fresh.stale, fresh.last_seen), (false, minute(5)));
    let row = desk.store.actions(false).await.unwrap().remove(0);
    assert_eq!((row.stale, row.state, row.last_seen), (true, ActionState::Pending, minute(0)));
    let state = desk.store.sources().await.unwrap().remove(0);
    assert_eq!((state.health, state.gaps.len()), (Health::Partial, 2));

    desk.source.world(|world| world.gaps.clear());
    assert_eq!(record(&desk, 6).await.gone, 2);
    assert_eq!(desk.store.sources().await.unwrap()[0].health, Health::Good);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_source_keeps_its_data_and_is_told_once() {
    let desk = Desk::new().await;
    let name = desk.source.name().clone();
    let key = access_key(&name, "agent", "AKIA1");
    show(&desk, vec![key.clone()]);
    desk.source.world(|world| world.counts = vec![Count::new("access keys", 1)]);
    record(&desk, 0).await;

    let limited = fault(FaultKind::RateLimited).retry_after(Duration::from_secs(90));
    for minutes in 1..4 {
        let at = minute(minutes);
        desk.store.record_fault(&name, &limited, at, minute(10)).await.unwrap();
    }

    let state = desk.store.sources().await.unwrap().remove(0);
    assert_eq!((state.health, state.failures), (Health::Failing, 3));
    assert_eq!((state.last_good, state.last_attempt), (Some(minute(0)), Some(minute(3))));
    assert_eq!((state.next_attempt, state.fault), (Some(minute(10)), Some(limited)));
    assert_eq!(state.counts, [Count::new("access keys", 1)]);
    let row = desk.store.credential(&key.id).await.unwrap().unwrap();
    assert_eq!((row.stale, row.last_seen), (true, minute(0)));

    record(&desk, 5).await;
    let state = desk.store.sources().await.unwrap().remove(0);
    assert_eq!((state.health, state.failures, state.fault), (Health::Good, 0, None));
    assert!(!desk.store.credential(&key.id).await.unwrap().unwrap().stale);
    let told = desk.told(ActivityKind::Source).await;
    assert_eq!(told.len(), 3, "first poll, failure, recovery: {told:?}");
    assert!(told[1].contains("rate limited") && told[1].contains("as the test says"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_to_an_older_question_is_dropped() {
    let desk = Desk::new().await;
    let key = access_key(desk.source.name(), "agent", "AKIA1");
    record(&desk, 5).await;
    show(&desk, vec![key]);

    assert_eq!(record(&desk, 4).await, PollSummary::default());
    assert!(desk.store.credentials(true).await.unwrap().is_empty());

    assert_eq!(record(&desk, -60).await.appeared, 1, "a clock set back is not an older question");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_is_listed_before_it_was_ever_asked() {
    let desk = Desk::new().await;
    let name = SourceName::new(SourceKind::Aws, "prod");

    desk.store.register(&name, SourceKind::Aws).await.unwrap();

    let state = desk.store.sources().await.unwrap().remove(0);
    assert_eq!((state.name, state.kind, state.health), (name, SourceKind::Aws, Health::Waiting));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_queue_lists_open_ones_first_and_newest_first() {
    let desk = Desk::new().await;
    let name = desk.source.name().clone();
    let mut actions: Vec<_> = (1..=3).map(|n| pull_request(&name, n, "aaa")).collect();
    for (action, age) in actions.iter_mut().zip([30, 10, 20]) {
        action.opened = minute(-age);
    }
    desk.waiting(actions.clone()).await;
    desk.approve(&actions[1].id).await.unwrap();

    let open = desk.store.actions(false).await.unwrap();
    let all = desk.store.actions(true).await.unwrap();

    let ids = |rows: &[countersign::store::ActionRow]| {
        rows.iter().map(|row| row.id.clone()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&open), [actions[2].id.clone(), actions[0].id.clone()]);
    assert_eq!(ids(&all)[2], actions[1].id);
    assert_eq!((open[0].additions, open[0].deletions, open[0].files), (3, 1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reopened_pull_request_waits_again() {
    let desk = Desk::new().await;
    let action = pull_request(desk.source.name(), 7, "aaa");
    desk.waiting(vec![action.clone()]).await;
    desk.waiting(vec![]).await;
    assert_eq!(desk.state(&action.id).await, ActionState::Gone);

    desk.waiting(vec![action.clone()]).await;

    assert_eq!(desk.state(&action.id).await, ActionState::Pending);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_waits_once_more_for_the_same_environment_is_in_the_queue_again() {
    let desk = Desk::new().await;
    let action = deployment(desk.source.name(), 88);
    desk.waiting(vec![action.clone()]).await;
    desk.approve(&action.id).await.unwrap();
    let seen = Observation { actions: vec![action.clone()], ..Observation::default() };
    for (seconds, state) in [(30, ActionState::Approved), (300, ActionState::Pending)] {
        let at = Timestamp::now() + SignedDuration::from_secs(seconds);
        desk.store.record_poll(desk.source.name(), &seen, at, at).await.unwrap();
        assert_eq!(desk.state(&action.id).await, state, "after {seconds} s");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poll_never_ends_a_waiting_process() {
    let desk = Desk::new().await;
    let mut asked = command("nonce");
    asked.source = desk.source.name().clone();
    asked.id = asked.subject.id(&asked.source);
    desk.store.put_action(&asked, minute(0)).await.unwrap();

    record(&desk, 1).await;

    assert_eq!(desk.state(&asked.id).await, ActionState::Pending);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_huge_diff_is_kept_whole() {
    let desk = Desk::new().await;
    let mut action = pull_request(desk.source.name(), 7, "aaa");
    let line = format!("+{}\n", "x".repeat(99));
    action.change.diff = countersign::domain::Diff::Text(line.repeat(80_000).into());

    desk.waiting(vec![action.clone()]).await;

    let (row, stored) = desk.store.action(&action.id).await.unwrap().unwrap();
    assert!(stored == action, "8 MB come back as they were");
    assert_eq!(row.digest, action.digest().unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn history_is_paged_from_the_newest_line() {
    let desk = Desk::new().await;
    let name = desk.source.name().clone();
    record(&desk, 0).await;
    show(&desk, (0..9).map(|n| access_key(&name, "agent", &format!("AKIA{n}"))).collect());
    record(&desk, 1).await;

    let first = desk.store.activity(4, None).await.unwrap();
    let second = desk.store.activity(100, Some(first[3].seq)).await.unwrap();

    assert_eq!((first.len(), second.len()), (4, 6));
    let all: Vec<i64> = first.iter().chain(&second).map(|line| line.seq).collect();
    assert!(all.windows(2).all(|pair| pair[0] > pair[1]), "{all:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_comes_back_after_a_restart() {
    let desk = Desk::new().await;
    let action = pull_request(desk.source.name(), 7, "aaa");
    desk.waiting(vec![action.clone()]).await;
    desk.approve(&action.id).await.unwrap();
    desk.store.close().await;

    let again = desk.beside("ana").await;

    assert_eq!(again.state(&action.id).await, ActionState::Approved);
    assert_eq!(again.store.orders(false).await.unwrap().len(), 1);
}

/// Not a benchmark: guards against taking something in per row that belongs in one statement.
#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_credentials_are_taken_in_while_readers_go_on() {
    let desk = Desk::new().await;
    let name = desk.source.name().clone();
    let credentials: Vec<_> =
        (0..10_000).map(|n| access_key(&name, "agent", &format!("AKIA{n}"))).collect();
    let seen = Observation { credentials, ..Observation::default() };

    let begun = Instant::now();
    desk.store.record_poll(&name, &seen, minute(0), minute(1)).await.unwrap();
    let first = begun.elapsed();
    let begun = Instant::now();
    let store = desk.store.clone();
    let (again, versions) =
        tokio::join!(desk.store.record_poll(&name, &seen, minute(1), minute(2)), async {
            let mut slowest = Duration::ZERO;
            for _ in 0..20 {
                let asked = Instant::now();
                store.version().await.unwrap();
                slowest = slowest.max(asked.elapsed());
            }
            slowest
        });
    let second = begun.elapsed();

    assert_eq!(again.unwrap(), PollSummary::default());
    println!("first {first:?}, unchanged {second:?}, slowest version {versions:?}");
    assert!(first < Duration::from_secs(30) && second < Duration::from_secs(10));
    assert_eq!(desk.store.credentials(false).await.unwrap().len(), 10_000);
}

/// What the desk's source is said to have left out.
async fn left_out(desk: &Desk) -> Vec<String> {
    let sources = desk.store.sources().await.unwrap();
    let state = sources.into_iter().find(|state| state.name == *desk.source.name()).unwrap();
    state.gaps.into_iter().map(|gap| gap.fault.detail.raw().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_made_to_share_an_id_cannot_make_another_thing_vanish() {
    let desk = Desk::new().await;
    let victim = role(desk.source.name(), "deployer");
    let mut namesake = role(desk.source.name(), "harmless-7f31");
    namesake.id = victim.id.clone();
    show(&desk, vec![victim.clone()]);
    record(&desk, 0).await;

    show(&desk, vec![namesake.clone(), victim.clone()]);
    assert_eq!(record(&desk, 5).await, PollSummary::default());
    let row = desk.store.credential(&victim.id).await.unwrap().unwrap();
    assert_eq!(row.credential.locator, victim.locator);
    let told = left_out(&desk).await;
    assert!(told.len() == 1 && told[0].contains("harmless-7f31"), "{told:?}");

    let mut elsewhere = role(&SourceName::new(SourceKind::Aws, "dev"), "twin");
    elsewhere.id = victim.id.clone();
    show(&desk, vec![victim]);
    record(&desk, 10).await;
    assert!(left_out(&desk).await.is_empty());
    let dev = SourceName::new(SourceKind::Aws, "dev");
    desk.store.register(&dev, SourceKind::Aws).await.unwrap();
    let seen = Observation { credentials: vec![elsewhere], ..Observation::default() };
    desk.store.record_poll(&dev, &seen, minute(11), minute(12)).await.unwrap();
    let states = desk.store.sources().await.unwrap();
    let state = states.iter().find(|state| state.name == dev).unwrap();
    assert!(state.gaps[0].fault.detail.raw().contains("twin"), "{:?}", state.gaps);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_action_of_another_source_with_the_same_id_changes_nothing() {
    let desk = Desk::new().await;
    let ours = pull_request(desk.source.name(), 7, "9f3c1d2e");
    desk.waiting(vec![ours.clone()]).await;
    let mut theirs = pull_request(&SourceName::new(SourceKind::Github, "other"), 8, "aaaaaaaa");
    theirs.id = ours.id.clone();
    assert!(desk.store.put_action(&theirs, Timestamp::now()).await.is_err());
    let (row, stored) = desk.store.action(&ours.id).await.unwrap().unwrap();
    assert_eq!((row.digest, stored), (ours.digest().unwrap(), ours));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poll_that_began_before_an_action_was_read_again_does_not_bring_its_old_head_back() {
    let desk = Desk::new().await;
    let [old, new] = ["aaa", "bbb"].map(|head| pull_request(desk.source.name(), 7, head));
    let seen = |action| Observation { actions: vec![action], ..Observation::default() };
    let name = desk.source.name();
    desk.store.record_poll(name, &seen(old.clone()), minute(0), minute(1)).await.unwrap();
    desk.store.put_action(&new, minute(5)).await.unwrap();
    desk.store.record_poll(name, &seen(old), minute(4), minute(6)).await.unwrap();
    assert_eq!(desk.digest(&new.id).await, new.digest().unwrap());
}
