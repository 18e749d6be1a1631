//! Keys are answered whatever the sources do. How fast is measured by `make bench`, on a machine
//! that does nothing else; here only the order of things counts.

use crate::support::{
    aws::Account,
    github::{World, copilot},
    pty::Session,
    server,
};
use serde_json::json;
use std::{
    cell::RefCell,
    net::TcpListener,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    sync::Semaphore,
};

/// Pages that are turned, each with a text that no other page shows.
const TURNS: [(&str, &str); 2] = [("4", "Where we look"), ("1", "Waiting for a second key")];

/// How often.
const ROUNDS: usize = 20;

/// Requests a [`Turnstile`] lets through at first, and more with each page that is turned. Together
/// far fewer than there are users, so the poll is under way to the end, however fast the machine.
const ADMITTED: usize = 200;
const MORE: usize = 10;

/// Stands before a server. From the first listing of keys on it lets through as many requests as
/// it has been told to, and holds the others back.
struct Turnstile {
    address: String,
    admitted: Arc<Semaphore>,
}

impl Turnstile {
    async fn before(server: &str) -> Self {
        let server = server.trim_start_matches("http://").to_owned();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let admitted = Arc::new(Semaphore::new(ADMITTED));
        let (at_the_gate, narrow) = (Arc::clone(&admitted), Arc::new(AtomicBool::new(false)));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(&server).await.unwrap();
                tokio::spawn(pass(client, server, Arc::clone(&at_the_gate), Arc::clone(&narrow)));
            }
        });
        Self { address, admitted }
    }
}

async fn pass(
    client: TcpStream,
    server: TcpStream,
    admitted: Arc<Semaphore>,
    narrow: Arc<AtomicBool>,
) {
    let (mut asked, mut told) = client.into_split();
    let (mut answers, mut asks) = server.into_split();
    let answering = tokio::spawn(async move { tokio::io::copy(&mut answers, &mut told).await });
    let mut chunk = vec![0; 64 * 1024];
    while let Ok(count @ 1..) = asked.read(&mut chunk).await {
        let text = String::from_utf8_lossy(&chunk[..count]).into_owned();
        if text.contains("Action=ListAccessKeys") {
            narrow.store(true, Ordering::SeqCst);
        }
        if narrow.load(Ordering::SeqCst) {
            let requests = u32::try_from(text.matches("POST /").count()).unwrap();
            admitted.acquire_many(requests).await.unwrap().forget();
        }
        if asks.write_all(&chunk[..count]).await.is_err() {
            break;
        }
    }
    answering.abort();
}

/// What the console says of the poll that is under way.
fn under_way(screen: &str) -> Option<String> {
    let line = screen.lines().find(|line| line.contains('◌'))?;
    Some(line.split('◌').nth(1)?.trim().to_owned()).filter(|step| step.contains("aws/large: "))
}

/// A cold start reads 5,000 users and 300 pull requests; meanwhile pages are turned, each press
/// with a frame of its own, and the poll moves on and is still under way after the last of them.
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
    let turnstile = Turnstile::before(&server("MOTO")).await;
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("config.toml");
    let text = format!(
        "[store]\npath = {:?}\n\n[poll]\ninterval_seconds = 3600\ntimeout_seconds = 3600\n\n[[aws]]\nname = \"large\"\nregion = \"us-east-1\"\nendpoint_url = \"{}\"\nrole_arn = \"arn:aws:iam::{}:role/auditor\"\n\n[[github]]\norg = \"{org}\"\nhost = \"{}\"\ntoken = {{ command = [\"printf\", \"rowan\"] }}\n",
        home.path().join("store.db"),
        turnstile.address,
        account.id,
        server("GITHUB_FAKE_DIRECT"),
    );
    std::fs::write(&config, text).unwrap();
    let mut session = started(&config, home.path());
    let first = RefCell::new(None);
    session.wait("progress with numbers", |text| {
        *first.borrow_mut() = under_way(text).filter(|step| step.contains("access keys"));
        first.borrow().is_some()
    });
    for _ in 0..ROUNDS {
        for (key, shown) in TURNS {
            let before = session.written();
            session.send(key);
            session.wait_for(shown);
            assert!(session.written() > before, "a frame for {key}");
            turnstile.admitted.add_permits(MORE);
        }
    }
    session.wait("another step of the poll", |text| {
        under_way(text).is_some_and(|step| Some(step) != *first.borrow())
    });
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
