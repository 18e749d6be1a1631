//! Runs that wait for an environment.

use super::{again, only_action, poll_whole};
use crate::support::github::{World, copilot, order, person, sha};
use countersign::{
    domain::{Action, Diff, Environment, Fate, OrderKind, Outcome, Subject, Untrusted, Verdict},
    sources::{Reread, Source},
};
use serde_json::{Value, json};

fn seed(run: &Value) -> Value {
    json!({"repos": [{
        "name": "shop",
        "environments": [
            {"id": 11, "name": "production", "reviewers": ["rowan"]},
            {"id": 12, "name": "staging", "reviewers": ["rowan"]},
            {"id": 13, "name": "vault", "reviewers": ["imke"]}
        ],
        "pulls": [{"number": 40, "title": "Cart", "state": "closed", "merged_at": "2026-11-19T00:00:00Z",
                   "user": copilot(), "head": {"ref": "copilot/cart", "sha": sha('7')}}],
        "runs": [run]
    }]})
}

fn run(id: u64, actor: &Value, pending: &[u64]) -> Value {
    json!({
        "id": id, "name": "Deploy", "display_title": "Release 4", "head_sha": sha('f'), "actor": actor,
        "pending": pending,
        "commit": {"message": "Widen the role", "author": person("jo"),
                   "files": [{"filename": "infra.tf", "additions": 1, "deletions": 0, "patch": "@@ -1 +1,2 @@\n a\n+destroy = true"}]}
    })
}

fn answer_to(action: &Action, verdict: Verdict) -> OrderKind {
    let Subject::Deployment { repo, run_id, environments, .. } = &action.subject else {
        panic!("no deployment: {:?}", action.subject)
    };
    OrderKind::ReviewDeployment {
        repo: repo.clone(),
        run_id: *run_id,
        environment_ids: environments.iter().map(|one| one.id).collect(),
        verdict,
        comment: Untrusted::new("looked at the plan"),
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the GitHub fake behind Prism: make test"]
async fn a_deployment_an_ai_started_is_approved_for_exactly_the_environments_shown() {
    let world = World::seeded("deploy-approve", seed(&run(900, &copilot(), &[12, 11]))).await;
    let source = world.source();
    let action = only_action(&poll_whole(&source).await);
    assert_eq!(action.tool.tool.as_str(), "copilot");
    assert_eq!(action.title.raw(), "Release 4");
    assert_eq!(action.target.name.raw(), "production, staging");
    assert_eq!(action.target.environment, Environment::Production);
    let Subject::Deployment { environments, .. } = &action.subject else { panic!() };
    assert!(environments.iter().all(|one| one.can_approve));
    let Diff::Text(diff) = &action.change.diff else { panic!("{:?}", action.change.diff) };
    assert!(diff.raw().contains("+destroy = true"));

    // Another environment starts to wait after the reviewer looked: it is not covered.
    world.change_run("shop", 900, json!({"pending": [12, 11, 13]})).await;
    let order = order(source.name(), answer_to(&action, Verdict::Approve), Some(&action));
    assert_eq!(source.fate(&order).await.unwrap(), Fate::NotDone);
    let receipt = source.carry_out(&order).await.unwrap();
    assert_eq!(receipt.outcome, Outcome::Done, "{:?}", receipt.answer);
    let state = world.state().await;
    let run = &state["repos"]["shop"]["runs"][0];
    assert_eq!(run["pending"], json!([13]));
    assert_eq!(run["approvals"][0]["environments"], json!([11, 12]));
    assert_eq!(run["approvals"][0]["state"], "approved");
    assert_eq!(source.fate(&order).await.unwrap(), Fate::Done);
    assert_ne!(again(&source, &action).await.digest().unwrap(), action.digest().unwrap());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the GitHub fake behind Prism: make test"]
async fn a_rejected_deployment_ends_the_run() {
    let world = World::seeded("deploy-reject", seed(&run(901, &copilot(), &[11]))).await;
    let source = world.source();
    let action = only_action(&poll_whole(&source).await);
    let order = order(source.name(), answer_to(&action, Verdict::Reject), Some(&action));
    assert_eq!(source.carry_out(&order).await.unwrap().outcome, Outcome::Done);
    assert_eq!(source.fate(&order).await.unwrap(), Fate::Done);
    let Reread::Ended(why) = source.reread(&action).await.unwrap() else {
        panic!("it still waits")
    };
    assert!(why.contains("901"), "{why}");
    assert!(poll_whole(&source).await.actions.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the GitHub fake behind Prism: make test"]
async fn a_run_of_a_person_counts_when_it_deploys_what_an_ai_wrote() {
    let mut by_trailer = run(1, &person("jo"), &[11]);
    by_trailer["commit"]["message"] = json!("x\n\nCo-authored-by: Cursor <cursoragent@cursor.com>");
    let mut by_pull = run(2, &person("jo"), &[11]);
    by_pull["pulls"] = json!([40]);
    let by_nobody = run(3, &person("jo"), &[11]);
    for (org, run, tool) in [
        ("deploy-trailer", by_trailer, Some("cursor")),
        ("deploy-pull", by_pull, Some("copilot")),
        ("deploy-human", by_nobody, None),
    ] {
        let world = World::seeded(org, seed(&run)).await;
        let seen = poll_whole(&world.source()).await;
        let found = seen.actions.first().map(|action| action.tool.tool.as_str().to_owned());
        assert_eq!(found.as_deref(), tool, "{org}");
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the GitHub fake behind Prism: make test"]
async fn whoever_is_no_required_reviewer_is_told_so() {
    let world = World::seeded("deploy-vault", seed(&run(902, &copilot(), &[13]))).await;
    let source = world.direct();
    let action = only_action(&poll_whole(&source).await);
    let Subject::Deployment { environments, .. } = &action.subject else { panic!() };
    assert!(!environments[0].can_approve);
    let order = order(source.name(), answer_to(&action, Verdict::Approve), Some(&action));
    let receipt = source.carry_out(&order).await.unwrap();
    assert_eq!(receipt.outcome, Outcome::Refused);
    assert!(receipt.answer.raw().contains("not a required reviewer"), "{:?}", receipt.answer);
    assert!(receipt.answer.raw().contains("Deployments: write"), "{:?}", receipt.answer);
}
