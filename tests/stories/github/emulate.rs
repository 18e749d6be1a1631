//! Against emulate, a GitHub somebody else wrote: review, reject, review again.
//!
//! What emulate is not: it has no organisation listing we could read, no deploy keys and no commit
//! statuses (so those are gaps), its lists of files and its diffs are stubs, and a pull request's
//! head follows its branch only when `PUT …/pulls/{n}/update-branch` makes it.

use super::{again, only_action};
use crate::support::{
    github::{lens, order, settings},
    server,
};
use countersign::{
    config::GithubSettings,
    domain::{Fate, Observation, OrderKind, Outcome, ReviewState, Subject, Untrusted, Verdict},
    sources::{Progress, Reread, Source, github::GithubSource},
};
use serde_json::{Value, json};

const DEVIN: &str = "token-devin";
const ADMIN: &str = "token-admin";

async fn call(method: &str, path: &str, token: &str, body: Value) -> Value {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = http
        .request(method.parse().unwrap(), format!("{}{path}", server("EMULATE")))
        .bearer_auth(token)
        .json(&body)
        .send()
        .await
        .unwrap();
    let status = answer.status();
    let text = answer.text().await.unwrap();
    assert!(status.is_success(), "{method} {path}: {status} {text}");
    serde_json::from_str(&text).unwrap_or(Value::Null)
}

async fn push(repo: &str, file: &str) {
    let body = json!({"branch": "devin/refund", "message": "Refund", "content": "eA=="});
    call("PUT", &format!("/repos/{repo}/contents/{file}"), DEVIN, body).await;
}

/// A repository of this test's own, with a pull request opened by Devin's account.
async fn world() -> (String, GithubSource) {
    let since = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_nanos();
    let name = format!("story-{since}");
    let repo = format!("lanternworks/{name}");
    call("POST", "/orgs/lanternworks/repos", ADMIN, json!({"name": name, "auto_init": true})).await;
    let bot = "devin-ai-integration%5Bbot%5D";
    let push_right = json!({"permission": "push"});
    call("PUT", &format!("/repos/{repo}/collaborators/{bot}"), ADMIN, push_right).await;
    let main = call("GET", &format!("/repos/{repo}/branches/main"), DEVIN, Value::Null).await;
    let branch = json!({"ref": "refs/heads/devin/refund", "sha": main["commit"]["sha"]});
    call("POST", &format!("/repos/{repo}/git/refs"), DEVIN, branch).await;
    push(&repo, "refunds.ts").await;
    let pull = json!({"title": "Refund in one pass", "head": "devin/refund", "base": "main", "body": "Faster."});
    call("POST", &format!("/repos/{repo}/pulls"), DEVIN, pull).await;
    let settings = GithubSettings {
        repos: vec![repo.parse().unwrap()],
        ..settings(&server("EMULATE"), None, ADMIN)
    };
    (repo, GithubSource::connect(&settings, lens()).unwrap())
}

async fn poll(source: &GithubSource) -> Observation {
    let seen = source.poll(&Progress::new()).await.unwrap();
    let mut missing: Vec<_> =
        seen.gaps.iter().map(|gap| gap.part.0.split(' ').next().unwrap().to_owned()).collect();
    missing.sort_unstable();
    let known = ["checks", "deploy-keys", "environment-secrets"];
    assert!(missing.iter().all(|part| known.contains(&part.as_str())), "{:#?}", seen.gaps);
    seen
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs emulate: make test"]
async fn an_ai_pull_request_is_rejected_and_reviewed_again_after_its_head_moved() {
    let (repo, source) = world().await;
    let action = only_action(&poll(&source).await);
    assert_eq!(action.tool.tool.as_str(), "devin");
    assert_eq!(action.requester.raw(), "devin-ai-integration[bot]");
    let Subject::PullRequest { number, head_sha: first_head, .. } = action.subject.clone() else {
        panic!("{:?}", action.subject)
    };
    let review = |head: &str, verdict, body: &str| OrderKind::ReviewPullRequest {
        repo: repo.parse().unwrap(),
        number,
        commit_id: head.to_owned(),
        verdict,
        body: Untrusted::new(body),
    };

    let reject = order(
        source.name(),
        review(&first_head, Verdict::Reject, "it refunds twice"),
        Some(&action),
    );
    assert_eq!(source.fate(&reject).await.unwrap(), Fate::NotDone);
    assert_eq!(source.carry_out(&reject).await.unwrap().outcome, Outcome::Done);
    assert_eq!(source.fate(&reject).await.unwrap(), Fate::Done);
    let rejected = again(&source, &action).await;
    assert_eq!(rejected.reviews[0].state, ReviewState::ChangesRequested);
    assert_eq!(rejected.digest().unwrap(), action.digest().unwrap());

    push(&repo, "refunds-again.ts").await;
    let update = format!("/repos/{repo}/pulls/{number}/update-branch");
    call("PUT", &update, ADMIN, json!({})).await;
    let moved = again(&source, &action).await;
    assert_ne!(moved.digest().unwrap(), action.digest().unwrap(), "the first decision is void");
    let Subject::PullRequest { head_sha: second_head, .. } = &moved.subject else { panic!() };
    assert_ne!(*second_head, first_head);

    let approve =
        order(source.name(), review(second_head, Verdict::Approve, "now once"), Some(&moved));
    let receipt = source.carry_out(&approve).await.unwrap();
    assert_eq!(receipt.outcome, Outcome::Done, "{:?}", receipt.answer);
    let polled = only_action(&poll(&source).await);
    assert_eq!(polled.digest().unwrap(), moved.digest().unwrap());
    let reviews: Vec<_> =
        polled.reviews.iter().map(|one| (one.state, one.commit.raw().to_owned())).collect();
    assert_eq!(
        reviews,
        [(ReviewState::ChangesRequested, first_head), (ReviewState::Approved, second_head.clone())]
    );

    let merge = format!("/repos/{repo}/pulls/{number}/merge");
    call("PUT", &merge, ADMIN, json!({})).await;
    assert!(matches!(source.reread(&moved).await.unwrap(), Reread::Ended(_)));
}
