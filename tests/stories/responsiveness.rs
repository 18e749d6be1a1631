//! Keys are answered at once, whatever the sources do.

use crate::support::{
    aws::Account,
    github::{World, copilot},
    pty::Session,
    screen::{Opening, Screen, action_row, world},
    server,
};
use countersign::domain::Subject;
use serde_json::json;
use std::time::{Duration, Instant};

/// What a key press may take until its last byte is on the screen.
const ANSWERED: Duration = Duration::from_millis(50);

/// A cold start reads 5,000 users and 300 pull requests; meanwhile pages are turned all the time.
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
    let keys = [("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test")];
    let config = config.to_str().unwrap().to_owned();
    let mut session = Session::start(&["--config", &config], (120, 40), home.path(), &keys);
    session.wait_for("Waiting for a second key");
    let mut taken = Vec::new();
    let mut progress = false;
    let end = Instant::now() + Duration::from_mins(5);
    let mut read = false;
    while !read {
        assert!(Instant::now() < end, "the world is not read:\n{}", session.text());
        for (key, shown) in [("4", "Where we look"), ("1", "Waiting for a second key")] {
            let began = Instant::now();
            session.send(key);
            while !session.text().contains(shown) {
                assert!(began.elapsed() < Duration::from_secs(10), "no answer to {key}");
                std::thread::sleep(Duration::from_millis(1));
            }
            taken.push(began.elapsed());
            progress |= session.text().contains('◌');
            read = session.text().contains("2 sources well");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    assert!(progress, "the progress of the polls was visible");
    taken.sort();
    let nearly_all = taken[taken.len() * 95 / 100];
    assert!(
        nearly_all < ANSWERED,
        "95 of 100 keys within {nearly_all:?}, the slowest {:?}",
        taken.last()
    );
    session.send("q");
    session.wait_for_end();
}

/// 100,000 rows cost a key press no more than eight, because only visible rows are built.
#[test]
fn a_hundred_thousand_rows_cost_a_key_press_nothing() {
    let median = |screen: &mut Screen| {
        let mut taken: Vec<_> = (0..60)
            .map(|step| {
                let began = Instant::now();
                screen.press(if step % 2 == 0 { "j" } else { "k" });
                began.elapsed()
            })
            .collect();
        taken.sort();
        taken[taken.len() / 2]
    };
    let few = median(&mut Screen::new(120, 40));
    let pattern = world::actions().remove(3);
    let row = action_row(&pattern);
    let opening = Opening { width: 120, height: 40, ..Opening::default() };
    let mut many = Screen::open(opening, |contents| {
        contents.sources = world::sources();
        contents.actions = (0..100_000)
            .map(|number| {
                let mut row = row.clone();
                if let Subject::PullRequest { number: of, .. } = &mut row.subject {
                    *of = number;
                }
                row.id = row.subject.id(&row.source);
                (row, pattern.clone())
            })
            .collect();
    });
    let many = median(&mut many);
    // Measured side by side in one run; the factor leaves room for a loaded machine.
    assert!(
        many < few * 8 + Duration::from_millis(5),
        "{many:?} with 100,000 rows, {few:?} with 8"
    );
}
