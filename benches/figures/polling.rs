//! Keys pressed while the real program reads 5,000 users and 300 pull requests.

use super::{console::Terminal, table::Table};
use aws_sdk_iam::config::{BehaviorVersion, Credentials, Region};
use serde_json::json;
use std::time::Duration;

/// Account in moto that nothing else uses.
const ACCOUNT: &str = "500050005000";

/// Users of it.
const USERS: usize = 5_000;

/// Needs the servers of `tests/servers/run.py`; without them it says so.
pub async fn measure(table: &mut Table) {
    let address = |name: &str| std::env::var(format!("COUNTERSIGN_TEST_{name}"));
    let (Ok(moto), Ok(github)) = (address("MOTO"), address("GITHUB_FAKE_DIRECT")) else {
        table.told("keys during a poll of 5,000 users", "left out: make bench");
        return;
    };
    users(&moto).await;
    pull_requests(&github).await;
    let config = format!(
        "[[aws]]\nname = \"large\"\nregion = \"us-east-1\"\nendpoint_url = \"{moto}\"\n\
         role_arn = \"arn:aws:iam::{ACCOUNT}:role/auditor\"\n\n\
         [[github]]\norg = \"measured\"\nhost = \"{github}\"\n\
         token = {{ command = [\"printf\", \"rowan\"] }}\n"
    );
    let times = tokio::task::spawn_blocking(move || turn_pages(&config)).await.unwrap();
    let limit = Duration::from_millis(50);
    table.spread("key to last byte during a poll of 5,000 users", times, (limit, limit));
}

/// Turns pages from the first frame until the users are read, or for a minute.
fn turn_pages(config: &str) -> Vec<Duration> {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), config);
    terminal.frame();
    let (mut times, mut began_reading) = (Vec::new(), false);
    while terminal.began.elapsed() < Duration::from_mins(1) {
        for key in ["4", "1"] {
            times.push(terminal.press(key).0);
            terminal.settle(Duration::from_millis(20));
        }
        let reading = terminal.text().contains("aws/large: ");
        began_reading |= reading;
        if began_reading && !reading {
            break;
        }
    }
    assert!(began_reading, "the poll was never seen:\n{}", terminal.text());
    times
}

async fn users(moto: &str) {
    let credentials =
        |id: &str, secret: &str, token| Credentials::new(id, secret, token, None, "bench");
    let base = aws_sdk_sts::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(moto)
        .credentials_provider(credentials("test", "test", None))
        .build();
    let session = aws_sdk_sts::Client::from_conf(base)
        .assume_role()
        .role_arn(format!("arn:aws:iam::{ACCOUNT}:role/seed"))
        .role_session_name("seed")
        .send()
        .await
        .unwrap()
        .credentials
        .unwrap();
    let inside = credentials(
        &session.access_key_id,
        &session.secret_access_key,
        Some(session.session_token),
    );
    let config = aws_sdk_iam::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(moto)
        .credentials_provider(inside)
        .build();
    let iam = aws_sdk_iam::Client::from_conf(config);
    for chunk in (0..USERS).collect::<Vec<_>>().chunks(50) {
        let calls =
            chunk.iter().map(|n| iam.create_user().user_name(format!("user-{n:04}")).send());
        for made in futures::future::join_all(calls).await {
            made.unwrap();
        }
    }
}

async fn pull_requests(github: &str) {
    let pulls: Vec<_> = (1..=300)
        .map(|number| {
            json!({
                "number": number, "title": format!("Change {number}"),
                "user": { "id": 198_982_749, "login": "Copilot" },
                "head": { "ref": format!("copilot/{number}"), "sha": format!("{number:040x}") },
                "base": { "ref": "main", "sha": "0".repeat(40) },
                "files": [{ "filename": "a.rs", "status": "modified", "additions": 1,
                            "deletions": 1, "patch": "@@ -1 +1 @@\n-a\n+b" }],
            })
        })
        .collect();
    reqwest::Client::builder()
        .no_proxy()
        .build()
        .unwrap()
        .put(format!("{github}/_control/orgs/measured"))
        .json(&json!({ "repos": [{ "name": "shop", "pulls": pulls }] }))
        .send()
        .await
        .unwrap()
        .error_for_status()
        .unwrap();
}
