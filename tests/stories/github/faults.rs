//! When GitHub misbehaves: what is lost is named, the rest goes on, and nothing is sent twice.

use super::{again, poll_whole, told};
use crate::support::{
    github::{World, copilot, order, sha},
    server,
};
use countersign::{
    domain::{Diff, Fate, FaultKind, OrderKind, Outcome, Part, Subject, Untrusted, Verdict},
    sources::{Progress, Source},
};
use serde_json::{Value, json};
use std::time::Duration;

fn seed() -> Value {
    let pull = |number: u64, digit| {
        json!({"number": number, "title": "Fix", "user": copilot(),
               "head": {"ref": "copilot/x", "sha": sha(digit)},
               "files": [{"filename": "a", "additions": 1, "deletions": 0, "patch": "@@ -0,0 +1 @@\n+a"}]})
    };
    json!({
        "installations": [{"id": 1, "slug": "cursor"}],
        "repos": [
            {"name": "shop", "keys": [{"id": 7, "title": "k"}], "secrets": ["S"], "pulls": [pull(1, 'a'), pull(2, 'b')]},
            {"name": "web", "pulls": [pull(3, 'c')]}
        ]
    })
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the GitHub fake: make test"]
async fn one_broken_listing_is_a_gap_and_the_others_go_on() {
    let world = World::seeded("fault-gaps", seed()).await;
    for (fault, kind) in [
        (json!({"fault": "403"}), FaultKind::Forbidden),
        (json!({"fault": "404"}), FaultKind::NotFound),
        (json!({"fault": "422"}), FaultKind::Refused),
        (json!({"fault": "500"}), FaultKind::ServerError),
        (json!({"fault": "503"}), FaultKind::ServerError),
        (json!({"fault": "html"}), FaultKind::Malformed),
        (json!({"fault": "truncated"}), FaultKind::Malformed),
        (json!({"fault": "reset"}), FaultKind::Connect),
    ] {
        let mut fault = fault;
        fault["path"] = json!("/repos/fault-gaps/shop/keys");
        world.fault(fault.clone()).await;
        let seen = world.direct().poll(&Progress::new()).await.unwrap();
        world.heal().await;
        assert_eq!(seen.actions.len(), 3, "{fault}");
        assert_eq!(seen.gaps.len(), 1, "{fault}: {:?}", seen.gaps);
        assert_eq!(seen.gaps[0].part, Part::new("deploy-keys fault-gaps/shop"));
        let gap = &seen.gaps[0].fault;
        assert_eq!(gap.kind, kind, "{fault}: {}", told(gap));
        assert_eq!(gap.during, "GET /repos/fault-gaps/shop/keys");
        if kind == FaultKind::Forbidden {
            assert_eq!(gap.missing_permission.as_deref(), Some("Administration: read"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the GitHub fake: make test"]
async fn a_pull_request_that_cannot_be_read_whole_is_a_gap_and_its_neighbours_are_shown() {
    let world = World::seeded("fault-one-pull", seed()).await;
    world.fault(json!({"path": "/pulls/2/files", "fault": "500"})).await;
    let seen = world.direct().poll(&Progress::new()).await.unwrap();
    let numbers: Vec<_> = seen
        .actions
        .iter()
        .map(|action| match action.subject {
            Subject::PullRequest { number, .. } => number,
            _ => 0,
        })
        .collect();
    assert_eq!(numbers, [1, 3]);
    assert_eq!(seen.gaps.len(), 1);
    assert_eq!(seen.gaps[0].part, seen.actions[0].part, "the gap protects what is not shown now");
    assert!(seen.gaps[0].fault.during.contains("/pulls/2/files"));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the GitHub fake: make test"]
async fn a_rate_limit_stops_the_asking_and_says_for_how_long() {
    let world = World::seeded("fault-limit", seed()).await;
    world.fault(json!({"path": "/installations", "fault": "429", "retry_after": 40})).await;
    let source = world.direct();
    let seen = source.poll(&Progress::new()).await.unwrap();
    let limited = seen.gaps.iter().filter(|gap| gap.fault.kind == FaultKind::RateLimited);
    assert!(limited.clone().count() >= 1, "{:?}", seen.gaps);
    for gap in limited {
        let wait = gap.fault.retry_after.expect("it says when to come back");
        assert!(wait <= Duration::from_secs(40) && wait > Duration::from_secs(20));
    }
    world.heal().await;
    world.forget_requests().await;
    let fault = source.poll(&Progress::new()).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::RateLimited);
    assert!(fault.retry_after.is_some());
    assert!(world.requests().await.is_empty(), "not a single request while limited");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the GitHub fake: make test"]
async fn a_poll_that_saw_nothing_fails_with_the_reason() {
    let world = World::seeded("fault-all", seed()).await;
    let refused = world.source_at(&server("GITHUB_FAKE_DIRECT"), "bad");
    let fault = refused.poll(&Progress::new()).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::BadToken, "{}", told(&fault));
    world.fault(json!({"path": "/orgs/fault-all/repos", "fault": "html"})).await;
    let fault = world.direct().poll(&Progress::new()).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Malformed, "{}", told(&fault));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the GitHub fake: make test"]
async fn a_lost_answer_is_unknown_never_sent_again_and_cleared_up_by_asking() {
    let world = World::seeded("fault-lost", seed()).await;
    let source = world.direct();
    let seen = poll_whole(&source).await;
    let action = &seen.actions[0];
    let Subject::PullRequest { repo, number, head_sha, .. } = &action.subject else { panic!() };
    let kind = OrderKind::ReviewPullRequest {
        repo: repo.clone(),
        number: *number,
        commit_id: head_sha.clone(),
        verdict: Verdict::Reject,
        body: Untrusted::new("no"),
    };
    for (fault, fate) in [("lost", Fate::Done), ("reset", Fate::NotDone), ("503", Fate::NotDone)] {
        world.fault(json!({"method": "POST", "fault": fault})).await;
        world.forget_requests().await;
        let order = order(source.name(), kind.clone(), Some(action));
        let receipt = source.carry_out(&order).await.unwrap();
        assert_eq!(receipt.outcome, Outcome::Unknown, "{fault}: {:?}", receipt.answer);
        assert_eq!(source.fate(&order).await.unwrap(), fate, "{fault}");
        let posts = world.requests().await.iter().filter(|(method, ..)| method == "POST").count();
        assert_eq!(posts, 1, "{fault}");
        world.heal().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the GitHub fake: make test"]
async fn the_token_reaches_no_answer_no_fault_and_no_debug_output() {
    let world = World::seeded("fault-canary", seed()).await;
    let source = world.source_at(&server("GITHUB_FAKE_DIRECT"), "canary-7f3a");
    world.fault(json!({"path": "/keys", "fault": "500"})).await;
    let seen = source.poll(&Progress::new()).await.unwrap();
    // The fake names a user after the token, so the identity alone may hold it.
    let told = format!(
        "{:?}{:?}{:?}{:?}",
        seen.actions,
        seen.credentials,
        seen.gaps,
        source.diagnose().await.iter().skip(1).collect::<Vec<_>>()
    );
    assert!(!told.contains("canary-7f3a"));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the GitHub fake: make test"]
async fn unreadable_checks_are_a_gap_and_the_pull_requests_are_shown_all_the_same() {
    let world = World::seeded("fault-checks", seed()).await;
    world.fault(json!({"path": "/check-runs", "fault": "403"})).await;
    world.fault(json!({"path": "/reviews", "fault": "500"})).await;
    let source = world.direct();
    let seen = source.poll(&Progress::new()).await.unwrap();
    assert_eq!(seen.actions.len(), 3);
    let parts: Vec<_> = seen.gaps.iter().map(|gap| gap.part.0.as_str()).collect();
    let shop_and_web = [
        "checks fault-checks/shop",
        "reviews fault-checks/shop",
        "checks fault-checks/web",
        "reviews fault-checks/web",
    ];
    assert_eq!(parts, shop_and_web);
    assert_eq!(seen.gaps[0].fault.missing_permission.as_deref(), Some("Checks: read"));
    assert!(seen.gaps[0].fault.detail.raw().contains("and 1 more"), "two pull requests, one gap");
    let digests: Vec<_> = seen.actions.iter().map(|one| one.digest().unwrap()).collect();
    world.heal().await;
    let healed = poll_whole(&source).await;
    assert_eq!(healed.actions.iter().map(|one| one.digest().unwrap()).collect::<Vec<_>>(), digests);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the GitHub fake: make test"]
async fn when_not_one_listing_can_be_read_the_poll_fails() {
    let world = World::seeded("fault-none", seed()).await;
    for path in ["/shop/", "/web/", "/installations", "/actions/secrets"] {
        world.fault(json!({"path": path, "fault": "503"})).await;
    }
    let fault = world.direct().poll(&Progress::new()).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::ServerError, "{}", told(&fault));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the GitHub fake: make test"]
async fn a_push_while_we_read_never_mixes_two_heads() {
    let world = World::seeded("fault-push", seed()).await;
    let source = world.direct();
    world.fault(json!({"path": "/pulls/1/files", "fault": "push", "repo": "shop", "number": 1, "times": 1})).await;
    let seen = poll_whole(&source).await;
    let action = &seen.actions[0];
    let Subject::PullRequest { head_sha, .. } = &action.subject else { panic!() };
    let state = world.state().await;
    assert_eq!(state["repos"]["shop"]["pulls"][0]["head"]["sha"], json!(head_sha));
    let pushed = u64::from_str_radix(head_sha, 16).unwrap();
    let Diff::Text(diff) = &action.change.diff else { panic!("{:?}", action.change.diff) };
    assert!(diff.raw().contains(&format!("+push {pushed}")), "{diff:?}");
    assert_eq!(again(&source, action).await.digest().unwrap(), action.digest().unwrap());

    world
        .fault(json!({"path": "/pulls/1/files", "fault": "push", "repo": "shop", "number": 1}))
        .await;
    let fault = source.reread(action).await.unwrap_err();
    assert!(fault.detail.raw().contains("head moved while it was read"), "{}", told(&fault));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the GitHub fake behind Prism: make test"]
async fn the_fake_cannot_drift_from_githubs_description_unnoticed() {
    let world = World::seeded("fault-drift", seed()).await;
    world.fault(json!({"path": "/shop/keys", "fault": "drift"})).await;
    let seen = world.source().poll(&Progress::new()).await.unwrap();
    assert_eq!(seen.gaps.len(), 1, "{:?}", seen.gaps);
    let fault = &seen.gaps[0].fault;
    assert_eq!(fault.kind, FaultKind::ServerError, "{}", told(fault));
    assert!(fault.detail.raw().contains("not valid"), "{}", told(fault));
}
