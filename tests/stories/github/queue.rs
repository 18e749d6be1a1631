//! AI pull requests: seen, judged, decided on exactly as shown.

use super::{again, only_action, poll_whole};
use crate::support::github::{World, copilot, order, person, sha};
use countersign::{
    domain::{
        Action, CheckState, ClueKind, Confidence, Diff, Environment, Fate, FileStatus, OrderKind,
        Outcome, ReviewState, Subject, Untrusted, Verdict,
    },
    sources::{Progress, Reread, Source},
};
use serde_json::{Value, json};

fn pull(number: u64, user: &Value, branch: &str, head: &str) -> Value {
    json!({
        "number": number, "title": format!("Change {number}"), "body": "As asked.",
        "user": user, "head": {"ref": branch, "sha": head},
        "base": {"ref": "main", "sha": sha('0')},
        "files": [
            {"filename": "src/cart.rs", "additions": 1, "deletions": 1, "patch": "@@ -1 +1 @@\n-old\n+new"},
            {"filename": "migrations/7.sql", "status": "added", "additions": 1, "deletions": 0,
             "patch": "@@ -0,0 +1 @@\n+DROP TABLE carts;"}
        ],
        "checks": [
            {"name": "test", "conclusion": "success"},
            {"name": "deploy preview", "status": "in_progress"}
        ],
        "statuses": [{"context": "ci/lint", "state": "failure"}]
    })
}

fn review_of(action: &Action, verdict: Verdict) -> OrderKind {
    let Subject::PullRequest { repo, number, head_sha, .. } = &action.subject else {
        panic!("no pull request: {:?}", action.subject)
    };
    OrderKind::ReviewPullRequest {
        repo: repo.clone(),
        number: *number,
        commit_id: head_sha.clone(),
        verdict,
        body: Untrusted::new("read it whole"),
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the GitHub fake behind Prism: make test"]
async fn an_ai_pull_request_shows_who_what_where_and_the_whole_diff() {
    let start = json!({"repos": [{"name": "shop", "pulls": [pull(12, &copilot(), "copilot/fix", &sha('a'))]}]});
    let world = World::seeded("queue-whole", start).await;
    for source in [world.source(), world.direct()] {
        let action = only_action(&poll_whole(&source).await);
        assert_eq!(action.tool.tool.as_str(), "copilot");
        assert_eq!(action.tool.confidence, Confidence::Observed);
        assert_eq!(action.tool.evidence[0].clue.kind, ClueKind::GithubUserId);
        assert_eq!(action.requester.raw(), "Copilot");
        assert_eq!(action.title.raw(), "Change 12");
        assert_eq!(action.target.name.raw(), "queue-whole/shop:main");
        assert_eq!(action.target.environment, Environment::Production);
        assert_eq!((action.change.additions, action.change.deletions), (2, 1));
        assert!(action.change.files_complete);
        assert_eq!(action.change.files[1].path.raw(), "migrations/7.sql");
        assert_eq!(action.change.files[1].status, FileStatus::Added);
        let Diff::Text(diff) = &action.change.diff else { panic!("{:?}", action.change.diff) };
        assert!(diff.raw().contains("+DROP TABLE carts;"), "{diff:?}");
        assert!(
            diff.raw().contains("--- a/src/cart.rs\n+++ b/src/cart.rs\n@@ -1 +1 @@\n-old\n+new")
        );
        let states: Vec<_> = action.checks.iter().map(|check| check.state).collect();
        assert_eq!(states, [CheckState::Passed, CheckState::Running, CheckState::Failed]);
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the GitHub fake behind Prism: make test"]
async fn trailers_betray_a_tool_behind_a_humans_login_and_people_are_left_alone() {
    let mut by_claude = pull(1, &person("jo"), "fix-the-cart", &sha('1'));
    by_claude["commits"] = json!([{
        "sha": sha('1'), "author": person("jo"),
        "message": "Fix the cart\n\nCo-Authored-By: Claude Opus <noreply@anthropic.com>"
    }]);
    let human = pull(2, &person("claude-dubois"), "claude-fixes-carts", &sha('2'));
    let codex = pull(3, &person("jo"), "codex/tidy-up", &sha('3'));
    // claude-code-action and Dependabot's merges push as this account; it says nothing.
    let actions_bot = json!({"id": 41_898_282, "login": "github-actions[bot]"});
    let workflow = pull(5, &actions_bot, "release", &sha('5'));
    let mut closed = pull(4, &copilot(), "copilot/old", &sha('4'));
    closed["state"] = json!("closed");
    let start =
        json!({"repos": [{"name": "web", "pulls": [by_claude, human, codex, closed, workflow]}]});
    let world = World::seeded("queue-people", start).await;
    let seen = poll_whole(&world.source()).await;
    let mut found: Vec<_> =
        seen.actions.iter().map(|one| (one.title.raw(), one.tool.tool.as_str())).collect();
    found.sort_unstable();
    assert_eq!(found, [("Change 1", "claude-code"), ("Change 3", "codex")]);
    let open = seen.counts.iter().find(|count| count.what == "open pull requests").unwrap();
    assert_eq!(open.number, 4);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the GitHub fake behind Prism: make test"]
async fn an_approval_is_pinned_to_the_head_that_was_shown_and_can_be_found_again() {
    let start = json!({"repos": [{"name": "shop", "pulls": [pull(5, &copilot(), "copilot/x", &sha('b'))]}]});
    let world = World::seeded("queue-approve", start).await;
    let source = world.source();
    let action = only_action(&poll_whole(&source).await);
    assert_eq!(again(&source, &action).await.digest().unwrap(), action.digest().unwrap());

    let order = order(source.name(), review_of(&action, Verdict::Approve), Some(&action));
    assert_eq!(source.fate(&order).await.unwrap(), Fate::NotDone);
    let shown = source.calls(&order.kind);
    assert_eq!(shown[0].operation.raw(), "POST /repos/queue-approve/shop/pulls/5/reviews");
    let receipt = source.carry_out(&order).await.unwrap();
    assert_eq!(receipt.outcome, Outcome::Done, "{:?}", receipt.answer);
    assert!(receipt.answer.raw().contains("APPROVED"), "{:?}", receipt.answer);

    let state = world.state().await;
    let reviews = state["repos"]["shop"]["pulls"][0]["reviews"].as_array().unwrap().clone();
    assert_eq!(reviews.len(), 1);
    assert_eq!(reviews[0]["commit_id"], sha('b'));
    assert_eq!(reviews[0]["state"], "APPROVED");
    assert!(reviews[0]["body"].as_str().unwrap().contains(order.id.as_str()));
    assert_eq!(source.fate(&order).await.unwrap(), Fate::Done);
    let now = only_action(&poll_whole(&source).await);
    assert_eq!(now.reviews[0].state, ReviewState::Approved);
    assert_eq!(now.digest().unwrap(), action.digest().unwrap(), "a review changes no digest");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the GitHub fake behind Prism: make test"]
async fn a_moved_head_is_another_digest_with_the_new_diff() {
    let start = json!({"repos": [{"name": "shop", "pulls": [pull(6, &copilot(), "copilot/x", &sha('c'))]}]});
    let world = World::seeded("queue-moved", start).await;
    for source in [world.source(), world.direct()] {
        world.change_pull("shop", 6, pull(6, &copilot(), "copilot/x", &sha('c'))).await;
        let before = only_action(&poll_whole(&source).await);
        let files = json!([{"filename": "new.rs", "status": "added", "additions": 1, "deletions": 0,
                            "patch": "@@ -0,0 +1 @@\n+sneaked in"}]);
        let head = json!({"ref": "copilot/x", "sha": sha('d')});
        world.change_pull("shop", 6, json!({"head": head, "files": files})).await;
        let after = again(&source, &before).await;
        assert_eq!(after.id, before.id);
        assert_ne!(after.digest().unwrap(), before.digest().unwrap());
        let Diff::Text(diff) = &after.change.diff else { panic!("{:?}", after.change.diff) };
        assert!(diff.raw().contains("sneaked in"));
        let polled = only_action(&poll_whole(&source).await);
        assert_eq!(polled.digest().unwrap(), after.digest().unwrap());
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the GitHub fake behind Prism: make test"]
async fn an_edited_title_is_another_digest_although_the_head_stayed() {
    let start = json!({"repos": [{"name": "shop", "pulls": [pull(7, &copilot(), "copilot/x", &sha('e'))]}]});
    let world = World::seeded("queue-title", start).await;
    let source = world.direct();
    let before = only_action(&poll_whole(&source).await);
    world.change_pull("shop", 7, json!({"title": "Harmless"})).await;
    let polled = only_action(&poll_whole(&source).await);
    assert_eq!(polled.title.raw(), "Harmless");
    assert_ne!(polled.digest().unwrap(), before.digest().unwrap());
    assert_eq!(again(&source, &before).await.digest().unwrap(), polled.digest().unwrap());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the GitHub fake behind Prism: make test"]
async fn merged_and_closed_pull_requests_no_longer_wait() {
    let pulls =
        [pull(8, &copilot(), "copilot/a", &sha('8')), pull(9, &copilot(), "copilot/b", &sha('9'))];
    let world =
        World::seeded("queue-ended", json!({"repos": [{"name": "shop", "pulls": pulls}]})).await;
    let source = world.source();
    let seen = poll_whole(&source).await;
    world
        .change_pull(
            "shop",
            8,
            json!({"state": "closed", "merged_at": "2026-11-20T10:00:00Z", "merged_by": "jo"}),
        )
        .await;
    world.change_pull("shop", 9, json!({"state": "closed"})).await;
    for (action, word) in seen.actions.iter().zip(["merged by jo", "closed"]) {
        match source.reread(action).await.unwrap() {
            Reread::Ended(why) => assert!(why.contains(word), "{why}"),
            Reread::Waiting(_) => panic!("it still waits"),
        }
    }
    assert!(poll_whole(&source).await.actions.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the GitHub fake behind Prism: make test"]
async fn a_refused_review_is_told_in_githubs_words_and_changes_nothing() {
    let own = pull(10, &person("rowan"), "claude/mine", &sha('a'));
    let world =
        World::seeded("queue-own", json!({"repos": [{"name": "shop", "pulls": [own]}]})).await;
    let source = world.direct();
    let action = only_action(&poll_whole(&source).await);
    let order = order(source.name(), review_of(&action, Verdict::Approve), Some(&action));
    let receipt = source.carry_out(&order).await.unwrap();
    assert_eq!(receipt.outcome, Outcome::Refused);
    assert!(receipt.answer.raw().contains("your own pull request"), "{:?}", receipt.answer);
    assert_eq!(source.fate(&order).await.unwrap(), Fate::NotDone);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the GitHub fake behind Prism: make test"]
async fn three_hundred_pull_requests_are_read_once_and_then_only_asked_after() {
    let pulls: Vec<_> = (1..=300)
        .map(|number| {
            pull(number, &copilot(), &format!("copilot/{number}"), &format!("{number:040x}"))
        })
        .collect();
    let world =
        World::seeded("queue-many", json!({"repos": [{"name": "shop", "pulls": pulls}]})).await;
    let source = world.direct();
    let progress = Progress::new();
    let progress_there = progress.clone();
    let watcher = tokio::spawn(async move {
        let mut most = 0;
        loop {
            if let Some(step) = progress_there.now() {
                if step.what == "pull requests" {
                    assert_eq!(step.total, Some(300));
                    most = most.max(step.done);
                }
            } else if most > 0 {
                return most;
            }
            tokio::task::yield_now().await;
        }
    });
    let first = source.poll(&progress).await.unwrap();
    assert_eq!((first.actions.len(), first.gaps.len()), (300, 0));
    assert!(watcher.await.unwrap() > 100, "progress is visible while it reads");

    world.forget_requests().await;
    let second = poll_whole(&source).await;
    assert_eq!(second.actions, first.actions);
    let requests = world.requests().await;
    let full: Vec<_> = requests.iter().filter(|(_, _, status)| *status != 304).collect();
    assert!(full.is_empty(), "unchanged things were sent again: {full:?}");
    assert!(requests.len() <= 3 * 300 + 20, "{}", requests.len());
}
