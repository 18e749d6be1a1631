//! Keys are answered whatever the sources do. How fast is measured by `make bench`, on a machine
//! that does nothing else; here only the order of things counts.

use crate::support::{
    aws::Account,
    github::{World, copilot},
    pty::Session,
    server,
};
use serde_json::json;
use std::{net::TcpListener, path::Path};

/// Pages that are turned, each with a text that no other page shows.
const TURNS: [(&str, &str); 2] = [("4", "Where we look"), ("1", "Waiting for a second key")];

/// How often.
const ROUNDS: usize = 20;

/// A cold start reads 5,000 users and 300 pull requests; meanwhile pages are turned, each press
/// with a frame of its own, and the poll is still under way after the last of them.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs moto and the GitHub fake: make test"]
async fn keys_are_answered_while_a_large_world_is_being_read() {
    let account = Account::fresh(&server("MOTO")).await;
    let names: Vec<_> = (0..5_000).map(|number| format!("user-{number:04}")).collect();
    for some in names.chunks(50) {
        futures::future::join_all(some.iter().map(|name| account.user(name))).await;
    }
    let pulls: Vec<_> = (1..=300)
        .map(|number| {
            json!({
                "number": number, "title": format!("Change {number}"), "user": copilot(),
                "head": { "ref": format!("copilot/{number}"), "sha": format!("{number:040x}") },
                "base": { "ref": "main", "sha": "0".repeat(40) },
                "files": [{ "filename": "a.rs", "status": "modified", "additions": 1,
                            "deletions": 1, "patch": "@@ -1 +1 @@\n-a\n+b" }],
            })
        })
        .collect();
    let org = "responsive";
    World::seeded(org, json!({ "repos": [{ "name": "shop", "pulls": pulls }] })).await;
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("config.toml");
    let text = format!(
        "[store]\npath = {:?}\n\n[[aws]]\nname = \"large\"\nregion = \"us-east-1\"\nendpoint_url = \"{}\"\nrole_arn = \"arn:aws:iam::{}:role/auditor\"\n\n[[github]]\norg = \"{org}\"\nhost = \"{}\"\ntoken = {{ command = [\"printf\", \"rowan\"] }}\n",
        home.path().join("store.db"),
        server("MOTO"),
        account.id,
        server("GITHUB_FAKE_DIRECT"),
    );
    std::fs::write(&config, text).unwrap();
    let mut session = started(&config, home.path());
    session.wait("progress with numbers", |text| text.contains("aws/large: access keys"));
    let mut steps = Vec::new();
    for _ in 0..ROUNDS {
        for (key, shown) in TURNS {
            let before = session.written();
            session.send(key);
            session.wait_for(shown);
            assert!(session.written() > before, "a frame for {key}");
        }
        steps.extend(session.text().lines().find(|line| line.contains('◌')).map(str::to_owned));
    }
    let text = session.text();
    assert!(text.contains("aws/large: access keys"), "the poll was still under way:\n{text}");
    steps.dedup();
    assert!(steps.len() > 1, "the progress moves on: {steps:?}");
    session.send("q");
    session.wait_for_end();
}

/// A server that takes the connection and says nothing: the first poll hangs in its first call.
#[test]
fn keys_are_answered_while_a_source_never_answers() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("config.toml");
    let text = format!(
        "[store]\npath = {:?}\n\n[[aws]]\nname = \"silent\"\nregion = \"us-east-1\"\nendpoint_url = \"http://{}\"\n",
        home.path().join("store.db"),
        silent.local_addr().unwrap(),
    );
    std::fs::write(&config, text).unwrap();
    let mut session = started(&config, home.path());
    session.wait_for("aws/silent: identity");
    for (key, shown) in TURNS.iter().cycle().take(6) {
        session.send(key);
        session.wait_for(shown);
        session.send("R");
        session.wait_for("Asking 2 sources");
    }
    assert!(session.text().contains("aws/silent: identity"), "{}", session.text());
    session.send("q");
    assert_eq!(
        session.wait_for_end().exit_code(),
        0,
        "leaving does not wait for the source either"
    );
}

/// The console on a terminal, with credentials any test server takes.
fn started(config: &Path, home: &Path) -> Session {
    let keys = [("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test")];
    let session = Session::start(&["--config", config.to_str().unwrap()], (120, 40), home, &keys);
    session.wait_for("Waiting for a second key");
    session
}
