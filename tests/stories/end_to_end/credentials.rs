//! Audit, revoke and restore, down to the state of the servers.

use super::house::{House, at_home, done, find, text, writes};
use crate::support::{
    aws::{Account, ENFORCEMENT},
    program::Program,
    server,
};
use serde_json::Value;

/// Label and tools of everything AI-held.
fn held(audit: &Value) -> Vec<(String, String)> {
    let mut found: Vec<_> = audit["credentials"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (text(one, "label").to_owned(), text(&one["held_by"][0], "tool").to_owned()))
        .collect();
    found.sort();
    found
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs moto and the GitHub fake: make test"]
async fn an_audit_lists_exactly_what_ai_tools_hold_and_why_we_think_so() {
    for (org, host) in [("e2e-audit", "GITHUB_FAKE"), ("e2e-audit-direct", "GITHUB_FAKE_DIRECT")] {
        let house = House::build(org, host).await;
        let audit = house.done(&["audit", "--json"]).json();
        assert_eq!(audit["complete"], true);
        let key = house.seeded.key.clone();
        let mut expected = vec![
            (key.as_str(), "claude-code"),
            ("ANTHROPIC_API_KEY", "claude-code"),
            ("CLAUDE_CODE_OAUTH_TOKEN", "claude-code"),
            ("bedrock-agent", "bedrock-agents"),
            ("cursor-agent", "cursor"),
            ("devin-ai-integration", "devin"),
        ];
        expected.sort_unstable();
        let expected: Vec<_> =
            expected.into_iter().map(|(a, b)| (a.to_owned(), b.to_owned())).collect();
        assert_eq!(held(&audit), expected);
        for one in audit["credentials"].as_array().unwrap() {
            let evidence = one["held_by"][0]["evidence"].as_array().unwrap();
            assert!(!evidence.is_empty() && evidence[0]["rule"].is_string(), "{one:#}");
        }
        let key = find(&audit["credentials"], "label", &key);
        assert_eq!(key["environment"], "production");
        assert_eq!(key["grants"][0], "administrator");
        let rules: Vec<_> =
            audit["findings"].as_array().unwrap().iter().map(|one| text(one, "rule")).collect();
        assert!(rules.contains(&"administrator-grant"), "{rules:?}");
        assert!(rules.contains(&"write-deploy-key"), "{rules:?}");
        let all = house.done(&["audit", "--json", "--all", "--no-poll"]).json();
        assert_eq!(all["credentials"].as_array().unwrap().len(), expected.len() + 4);
        assert_eq!(house.program.run(&["audit", "--no-poll", "--fail-on", "high"]).status, 3);
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs moto and the GitHub fake: make test"]
async fn an_access_key_and_a_role_are_taken_away_and_given_back() {
    let house = House::build("e2e-aws", "GITHUB_FAKE").await.polled();
    let key = house.credential(&house.seeded.key);
    let status = || house.account.key_status("release-bot", &house.seeded.key);
    let dry = house.done(&["revoke", &key, "--dry-run"]).stdout;
    assert!(dry.contains("iam:UpdateAccessKey") && dry.contains("can be undone by"), "{dry}");
    assert_eq!(status().await, "Active", "a dry run changes nothing");

    let ran = house.done(&["revoke", &key, "--yes", "--reason", "leaked"]);
    assert!(ran.stdout.contains("done"), "{ran:?}");
    assert_eq!(status().await, "Inactive");
    house.done(&["restore", &key, "--yes"]);
    assert_eq!(status().await, "Active");
    assert_eq!(house.program.run(&["restore", &key, "--yes"]).status, 1, "nothing left to restore");

    let role = house.credential("bedrock-agent");
    house.done(&["revoke", &role, "--yes"]);
    assert_eq!(house.account.inline_policies("bedrock-agent").await, ["CountersignSeal"]);
    house.done(&["audit", "--json"]);
    assert!(house.done(&["show", &role]).stdout.contains("sealed"), "a sealed role shows as such");
    house.done(&["restore", &role, "--yes"]);
    assert!(house.account.inline_policies("bedrock-agent").await.is_empty());

    let lines = house.done(&["activity", "--json"]).json();
    let lines = lines["lines"].as_array().unwrap();
    let about = |id: &str| lines.iter().filter(|line| line["about"] == id).count();
    assert!(about(&key) >= 4 && about(&role) >= 4, "{lines:#?}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs moto and the GitHub fake: make test"]
async fn what_cannot_be_undone_says_so_before_and_after() {
    let house = House::build("e2e-delete", "GITHUB_FAKE").await.polled();
    let key = house.credential("cursor-agent");
    for (label, call) in [
        ("cursor-agent", "DELETE /repos/e2e-delete/shop/keys/7"),
        (
            "CLAUDE_CODE_OAUTH_TOKEN",
            "DELETE /repos/e2e-delete/shop/actions/secrets/CLAUDE_CODE_OAUTH_TOKEN",
        ),
        ("ANTHROPIC_API_KEY", "DELETE /orgs/e2e-delete/actions/secrets/ANTHROPIC_API_KEY"),
    ] {
        let id = house.credential(label);
        house.world.forget_requests().await;
        let ran = house.done(&["revoke", &id, "--yes"]);
        assert!(ran.stderr.contains(call) && ran.stderr.contains("cannot be undone"), "{ran:?}");
        let sent = writes(&house.world).await;
        assert_eq!(sent.len(), 1, "{sent:?}");
        assert_eq!(format!("{} {}", sent[0].0, sent[0].1), call);
        let back = house.program.run(&["restore", &id, "--yes"]);
        assert_eq!(back.status, 77, "{back:?}");
        assert!(back.stderr.contains("cannot be restored"), "{back:?}");
        assert_eq!(writes(&house.world).await.len(), 1);
    }
    let shown = house.done(&["show", &key]).stdout;
    assert!(shown.contains("ssh-ed25519 AAAApublic"), "it can be added again by hand: {shown}");
    let state = house.world.state().await;
    assert_eq!(state["repos"]["shop"]["keys"].as_array().unwrap().len(), 1);
    assert_eq!(state["repos"]["shop"]["secrets"], serde_json::json!(["DEPLOY_TOKEN"]));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs moto: make test"]
async fn doctor_names_the_missing_permission() {
    let endpoint = server("MOTO_ENFORCED");
    let alone = ENFORCEMENT.lock().await;
    let account = Account::fresh(&endpoint).await;
    account.user("auditor").await;
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:GetAccountAuthorizationDetails","iam:ListAccessKeys"],"Resource":"*"}]}"#;
    let put = account.iam.put_user_policy().user_name("auditor").policy_name("audit");
    put.policy_document(policy).send().await.unwrap();
    let made = account.iam.create_access_key().user_name("auditor").send().await.unwrap();
    let made = made.access_key.unwrap();
    let text = format!(
        "[[aws]]\nname = \"prod\"\nregion = \"us-east-1\"\nendpoint_url = \"{endpoint}\"\n"
    );
    let program = Program::configured(text)
        .with("AWS_ACCESS_KEY_ID", &made.access_key_id)
        .with("AWS_SECRET_ACCESS_KEY", &made.secret_access_key);
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let enforce = async |after: &'static str| {
        let url = format!("{endpoint}/moto-api/reset-auth");
        http.post(url).body(after).send().await.unwrap();
    };
    enforce("0").await;
    let ran = program.run(&["doctor", "--json"]);
    let people = program.run(&["doctor"]);
    enforce("1000000").await;
    drop(alone);

    assert_eq!(ran.status, 1, "{ran:?}");
    let doctor = ran.json();
    let prod = find(&doctor["sections"], "area", "aws/prod");
    let missing: Vec<_> = prod["checks"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|check| check["verdict"]["is"] == "bad")
        .map(|check| {
            (check["what"].as_str().unwrap(), check["verdict"]["next_step"].as_str().unwrap())
        })
        .collect();
    assert!(missing.iter().any(|(what, _)| *what == "iam:ListOpenIDConnectProviders"), "{prod:#}");
    assert!(missing.iter().all(|(what, next)| next.contains(what)), "{missing:?}");
    assert!(people.stdout.contains("grant `iam:ListOpenIDConnectProviders`"), "{people:?}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the GitHub fake: make test"]
async fn a_token_from_every_place_works() {
    let world =
        crate::support::github::World::seeded("e2e-token", super::house::organisation()).await;
    let host = server("GITHUB_FAKE_DIRECT");
    for token in [
        "{ env = \"GITHUB_TOKEN\" }",
        "{ command = [\"cat\", \"config/countersign/token\"] }",
        "{ file = \"token\" }",
    ] {
        let program = at_home(Program::configured(format!(
            "[[github]]\norg = \"{}\"\nhost = \"{host}\"\ntoken = {token}\n",
            world.org
        )));
        program.write("config/countersign/token", "rowan\n");
        let sources = done(&program, &["audit", "--json"]).json();
        let acme = find(&sources["sources"], "kind", "github");
        assert_eq!(acme["identity"], "rowan", "{token}");
    }
}
