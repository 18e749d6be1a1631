//! App installations, deploy keys and secrets: listed, previewed, taken away.

use super::{labelled, poll_whole};
use crate::support::github::{World, order};
use countersign::{
    domain::{
        Confidence, CredentialStatus, Environment, Fate, FaultKind, LastUsed, Locator, OrderKind,
        Outcome, Undo, Untrusted,
    },
    sources::{Source, Verdict},
};
use serde_json::{Value, json};

fn seed() -> Value {
    json!({
        "installations": [
            {"id": 31, "slug": "devin-ai-integration", "permissions": {"metadata": "read", "contents": "write"},
             "repository_selection": "all"},
            {"id": 32, "slug": "some-linter", "permissions": {"checks": "write"},
             "suspended_at": "2026-10-01T00:00:00Z", "suspended_by": "imke"}
        ],
        "secrets": ["ORG_WIDE"],
        "repos": [
            {"name": "shop",
             "keys": [
                {"id": 7, "title": "cursor-agent", "read_only": false, "key": "ssh-ed25519 AAAAcanary",
                 "added_by": "imke", "last_used": "2026-11-01T08:00:00Z"},
                {"id": 8, "title": "Jo's laptop", "key": "ssh-ed25519 BBBB"}
             ],
             "secrets": ["DEPLOY_TOKEN"],
             "environments": [
                {"id": 11, "name": "production", "secrets": ["PROD_KEY"]},
                {"id": 12, "name": "copilot", "secrets": ["AGENT_KEY"]}
             ]},
            {"name": "old", "archived": true, "keys": [{"id": 9, "title": "forgotten"}]}
        ]
    })
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the GitHub fake behind Prism: make test"]
async fn every_credential_is_listed_with_what_it_grants_and_who_holds_it() {
    let world = World::seeded("cred-list", seed()).await;
    let seen = poll_whole(&world.source()).await;
    assert_eq!(seen.identity.raw(), "rowan");
    assert_eq!(seen.credentials.len(), 9);

    let devin = labelled(&seen, "devin-ai-integration");
    assert_eq!(devin.holders[0].tool.as_str(), "devin");
    assert_eq!(devin.holders[0].confidence, Confidence::Observed);
    let grants: Vec<_> = devin.grants.iter().map(Untrusted::raw).collect();
    assert_eq!(grants, ["contents: write", "metadata: read"], "writes come first");
    assert_eq!(devin.environment, Environment::Production, "it reaches the shop");
    let linter = labelled(&seen, "some-linter");
    assert_eq!(linter.status, CredentialStatus::Inactive);
    assert!(linter.holders.is_empty());

    let key = labelled(&seen, "cursor-agent");
    assert_eq!(key.holders[0].tool.as_str(), "cursor");
    assert!(matches!(key.last_used, LastUsed::At { .. }));
    assert_eq!(key.grants[0].raw(), "write");
    assert!(key.facts.iter().any(|fact| fact.value.raw() == "ssh-ed25519 AAAAcanary"));
    assert_eq!(labelled(&seen, "Jo's laptop").last_used, LastUsed::Never);
    assert_eq!(labelled(&seen, "forgotten").environment, Environment::NonProduction);

    assert_eq!(labelled(&seen, "PROD_KEY").environment, Environment::Production);
    let agent = labelled(&seen, "AGENT_KEY");
    assert_eq!(agent.holders[0].tool.as_str(), "copilot", "its environment is handed to Copilot");
    let ids: std::collections::HashSet<_> = seen.credentials.iter().map(|one| &one.id).collect();
    assert_eq!(ids.len(), seen.credentials.len());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the GitHub fake behind Prism: make test"]
async fn a_deploy_key_is_taken_away_as_previewed_and_its_public_half_is_kept() {
    let world = World::seeded("cred-key", seed()).await;
    let source = world.source();
    let seen = poll_whole(&source).await;
    let key = labelled(&seen, "cursor-agent");
    let preview = source.preview_revoke(key).await.unwrap();
    assert_eq!(preview.calls.len(), 1);
    assert_eq!(preview.calls[0].operation.raw(), "DELETE /repos/cred-key/shop/keys/7");
    assert!(matches!(preview.last_used, LastUsed::At { .. }));
    assert!(matches!(&preview.undo, Undo::No { because } if because.contains("public half")));
    let OrderKind::DeleteDeployKey { public_key, read_only: false, .. } = &preview.order else {
        panic!("{:?}", preview.order)
    };
    assert_eq!(public_key.raw(), "ssh-ed25519 AAAAcanary");

    let order = order(source.name(), preview.order.clone(), None);
    assert_eq!(source.fate(&order).await.unwrap(), Fate::NotDone);
    assert_eq!(source.carry_out(&order).await.unwrap().outcome, Outcome::Done);
    assert_eq!(source.fate(&order).await.unwrap(), Fate::Done);
    let after = poll_whole(&source).await;
    assert!(after.credentials.iter().all(|one| one.id != key.id));
    let again = source.carry_out(&order).await.unwrap();
    assert_eq!(again.outcome, Outcome::Refused, "what is gone cannot be deleted again");
    let restore = source.preview_restore(&order).await.unwrap_err();
    assert!(restore.detail.raw().contains("ssh-ed25519 AAAAcanary"));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the GitHub fake behind Prism: make test"]
async fn secrets_of_every_scope_are_deleted_where_they_are_defined() {
    let world = World::seeded("cred-secrets", seed()).await;
    let source = world.source();
    let seen = poll_whole(&source).await;
    for (name, path) in [
        ("ORG_WIDE", "/orgs/cred-secrets/actions/secrets/ORG_WIDE"),
        ("DEPLOY_TOKEN", "/repos/cred-secrets/shop/actions/secrets/DEPLOY_TOKEN"),
        ("PROD_KEY", "/repos/cred-secrets/shop/environments/production/secrets/PROD_KEY"),
    ] {
        let preview = source.preview_revoke(labelled(&seen, name)).await.unwrap();
        assert_eq!(preview.calls[0].operation.raw(), format!("DELETE {path}"));
        assert!(matches!(preview.undo, Undo::No { .. }));
        let order = order(source.name(), preview.order, None);
        assert_eq!(source.fate(&order).await.unwrap(), Fate::NotDone);
        assert_eq!(source.carry_out(&order).await.unwrap().outcome, Outcome::Done);
        assert_eq!(source.fate(&order).await.unwrap(), Fate::Done);
    }
    let left = poll_whole(&source).await;
    let secrets =
        left.credentials.iter().filter(|one| matches!(one.locator, Locator::ActionsSecret { .. }));
    assert_eq!(secrets.map(|one| one.label.raw()).collect::<Vec<_>>(), ["AGENT_KEY"]);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the GitHub fake behind Prism: make test"]
async fn an_app_cannot_be_removed_from_here_and_the_page_where_it_can_is_named() {
    let world = World::seeded("cred-app", seed()).await;
    let source = world.source();
    let seen = poll_whole(&source).await;
    let fault = source.preview_revoke(labelled(&seen, "devin-ai-integration")).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Refused);
    let page = "/organizations/cred-app/settings/installations/31";
    assert!(fault.detail.raw().contains(page), "{:?}", fault.detail);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the GitHub fake behind Prism: make test"]
async fn doctor_names_the_identity_and_each_missing_permission() {
    let world = World::seeded("cred-doctor", seed()).await;
    let source = world.direct();
    let bad = |lines: &[countersign::sources::Diagnosis]| -> Vec<String> {
        lines
            .iter()
            .filter_map(|line| match &line.verdict {
                Verdict::Bad { next_step, .. } => Some(format!("{} -> {next_step}", line.what)),
                _ => None,
            })
            .collect()
    };
    let lines = source.diagnose().await;
    assert_eq!(bad(&lines), Vec::<String>::new());
    assert!(matches!(&lines[0].verdict, Verdict::Good { saw } if saw.raw().starts_with("rowan")));

    world.fault(json!({"path": "/keys", "fault": "403"})).await;
    world.fault(json!({"path": "/installations", "fault": "404"})).await;
    let found = bad(&source.diagnose().await);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("grant `Administration: read (organization)`"), "{found:?}");
    assert!(found[1].contains("grant `Administration: read`"), "{found:?}");

    let refused = world.source_at(&crate::support::server("GITHUB_FAKE_DIRECT"), "bad");
    let found = bad(&refused.diagnose().await);
    assert_eq!(found.len(), 1, "nothing else is tried with a bad token: {found:?}");
}
