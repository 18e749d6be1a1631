//! A home with a configuration, an AWS account and a GitHub organisation behind it.

use crate::support::{
    aws::Account,
    github::{World, copilot, person, sha},
    program::{Program, Ran},
    server,
};
use aws_sdk_iam::types::Tag;
use serde_json::{Value, json};
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};

/// The program at home, and the servers it is configured for.
pub struct House {
    pub program: Program,
    pub world: World,
    pub account: Account,
    pub seeded: Seeded,
}

/// What is in the account that only the server could name.
pub struct Seeded {
    /// A key of the user `release-bot`, who is tagged as Claude Code's.
    pub key: String,
}

/// A pull request by Copilot with two files.
pub fn pull(number: u64, head: char) -> Value {
    json!({
        "number": number, "title": format!("Change {number}"), "body": "As asked.",
        "user": copilot(), "head": {"ref": format!("copilot/change-{number}"), "sha": sha(head)},
        "base": {"ref": "main", "sha": sha('0')},
        "files": [
            {"filename": "src/cart.rs", "additions": 1, "deletions": 1,
             "patch": "@@ -1 +1 @@\n-old\n+new"},
            {"filename": "migrations/7.sql", "status": "added", "additions": 1, "deletions": 0,
             "patch": "@@ -0,0 +1 @@\n+DROP TABLE carts;"}
        ],
        "checks": [{"name": "test", "conclusion": "success"}]
    })
}

/// The organisation: an app, secrets, keys, two pull requests of which one is an AI's, and a run
/// that waits for production.
pub fn organisation() -> Value {
    let mut by_hand = pull(8, '8');
    by_hand["user"] = person("jo");
    by_hand["head"]["ref"] = json!("jo-tidies-up");
    json!({
        "installations": [
            {"id": 31, "slug": "devin-ai-integration", "permissions": {"contents": "write"},
             "repository_selection": "all"},
            {"id": 32, "slug": "some-linter", "permissions": {"checks": "write"}}
        ],
        "secrets": ["ANTHROPIC_API_KEY"],
        "repos": [{
            "name": "shop",
            "keys": [
                {"id": 7, "title": "cursor-agent", "read_only": false,
                 "key": "ssh-ed25519 AAAApublic", "last_used": "2026-11-01T08:00:00Z"},
                {"id": 9, "title": "Jo's laptop", "key": "ssh-ed25519 BBBB"}
            ],
            "secrets": ["CLAUDE_CODE_OAUTH_TOKEN", "DEPLOY_TOKEN"],
            "environments": [
                {"id": 11, "name": "production", "reviewers": ["rowan"]},
                {"id": 12, "name": "staging", "reviewers": ["rowan"]}
            ],
            "pulls": [pull(7, 'a'), by_hand],
            "runs": [{
                "id": 900, "name": "Deploy", "display_title": "Release 4", "head_sha": sha('f'),
                "actor": copilot(), "pending": [11, 12],
                "commit": {"message": "Widen the role", "author": person("jo"), "files": [
                    {"filename": "infra.tf", "additions": 1, "deletions": 0,
                     "patch": "@@ -1 +1,2 @@\n a\n+destroy = true"}]}
            }]
        }]
    })
}

impl House {
    /// Seeds both servers and writes the configuration. `github` names the server that is asked:
    /// `GITHUB_FAKE` (through GitHub's published description) or `GITHUB_FAKE_DIRECT`.
    pub async fn build(org: &str, github: &str) -> Self {
        let world = World::seeded(org, organisation()).await;
        let moto = server("MOTO");
        let account = Account::fresh(&moto).await;
        let seeded = seed(&account).await;
        let text = format!("{}{}", aws_section(&moto, &account.id), github_section(org, github));
        let program = at_home(Program::configured(text));
        Self { program, world, account, seeded }
    }

    /// Runs a command that has to end well.
    pub fn done(&self, arguments: &[&str]) -> Ran {
        done(&self.program, arguments)
    }

    /// The id of the credential with this label.
    pub fn credential(&self, label: &str) -> String {
        let audit = self.done(&["audit", "--json", "--all", "--no-poll"]).json();
        text(find(&audit["credentials"], "label", label), "id").to_owned()
    }

    /// Id and digest of the waiting action with this title.
    pub fn action(&self, title: &str) -> (String, String) {
        waiting(&self.program, title)
    }

    /// Polls everything.
    pub fn polled(self) -> Self {
        self.done(&["queue", "--poll"]);
        self
    }
}

/// `[[aws]]` for an account of moto.
pub fn aws_section(endpoint: &str, account: &str) -> String {
    format!(
        "[[aws]]\nname = \"prod\"\nregion = \"us-east-1\"\nendpoint_url = \"{endpoint}\"\n\
         role_arn = \"arn:aws:iam::{account}:role/auditor\"\nproduction = true\n\n"
    )
}

/// `[[github]]` for an organisation of the fake.
pub fn github_section(org: &str, server_name: &str) -> String {
    format!(
        "[[github]]\nname = \"acme\"\norg = \"{org}\"\nhost = \"{}\"\n\
         token = {{ env = \"GITHUB_TOKEN\" }}\n\n\
         [policy]\nfile = \"one.cedar\"\n\n[production]\nrepos = [\"*/shop\"]\n\
         environments = [\"production\"]\n",
        server(server_name)
    )
}

/// What these stories decide under: how many have to agree is told elsewhere.
const ONE_APPROVAL: &str = "// version: 2
@id(\"one\") @tier(\"any\") @approvals(\"1\") @confirm(\"type-target\")
@signing(\"unsigned\")
permit (principal, action, resource);
";

/// The credentials a person has in the environment, and a policy of one approval.
pub fn at_home(program: Program) -> Program {
    program.write("config/countersign/one.cedar", ONE_APPROVAL);
    program
        .with("AWS_ACCESS_KEY_ID", "test")
        .with("AWS_SECRET_ACCESS_KEY", "test")
        .with("GITHUB_TOKEN", "rowan")
}

/// Runs a command that has to end well.
pub fn done(program: &Program, arguments: &[&str]) -> Ran {
    let ran = program.run(arguments);
    assert_eq!(ran.status, 0, "{arguments:?}: {ran:#?}");
    ran
}

/// Id and digest of the waiting action with this title.
pub fn waiting(program: &Program, title: &str) -> (String, String) {
    let queue = done(program, &["queue", "--json"]).json();
    let action = find(&queue["actions"], "title", title);
    (text(action, "id").to_owned(), text(action, "digest").to_owned())
}

/// The element whose field has this value.
pub fn find<'a>(list: &'a Value, field: &str, value: &str) -> &'a Value {
    let found = list.as_array().unwrap().iter().find(|one| one[field] == value);
    found.unwrap_or_else(|| panic!("no {field} {value} in {list:#}"))
}

/// A field that is text.
pub fn text<'a>(of: &'a Value, field: &str) -> &'a str {
    of[field].as_str().unwrap_or_else(|| panic!("no text {field} in {of:#}"))
}

/// The writes the server got.
pub async fn writes(world: &World) -> Vec<(String, String, Value)> {
    let mut requests = world.requests().await;
    requests.retain(|(method, ..)| method != "GET");
    requests
}

/// Reviews of the first pull request, as the server has them.
pub async fn reviews(world: &World) -> Vec<Value> {
    let state = world.state().await;
    state["repos"]["shop"]["pulls"][0]["reviews"].as_array().unwrap().clone()
}

/// Moves every order of a store into the past, as if that time had gone by since.
pub async fn let_minutes_pass(program: &Program) {
    let options = SqliteConnectOptions::new().filename(program.store_path());
    let mut store = SqliteConnection::connect_with(&options).await.unwrap();
    let past = "2026-01-01T00:00:00Z";
    let changed = sqlx::query(
        "UPDATE orders SET body = json_set(body, '$.at', ?1), \
         receipt = CASE WHEN receipt IS NULL THEN NULL ELSE json_set(receipt, '$.at', ?1) END",
    )
    .bind(past)
    .execute(&mut store)
    .await
    .unwrap();
    assert!(changed.rows_affected() > 0, "no order was written down");
    store.close().await.unwrap();
}

async fn seed(account: &Account) -> Seeded {
    let tag = Tag::builder().key("ai-tool").value("claude-code").build().unwrap();
    account.iam.create_user().user_name("release-bot").tags(tag).send().await.unwrap();
    let admin = "arn:aws:iam::aws:policy/AdministratorAccess";
    let attach = account.iam.attach_user_policy().user_name("release-bot").policy_arn(admin);
    attach.send().await.unwrap();
    let key = account.key("release-bot").await;
    account.user("ada").await;
    account.key("ada").await;
    account
        .role("bedrock-agent", &crate::support::aws::service_trust("bedrock.amazonaws.com"))
        .await;
    Seeded { key }
}
