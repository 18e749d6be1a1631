//! A source that fails does not keep the others from telling what they know.

use super::house::{House, at_home, aws_section, done, find, github_section, organisation, text};
use crate::support::{github::World, program::Program, server};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs moto and the GitHub fake: make test"]
async fn a_broken_github_does_not_keep_aws_from_being_audited() {
    let house = House::build("e2e-broken", "GITHUB_FAKE_DIRECT").await;
    for (fault, word) in [
        ("404", "not found"),
        ("500", "server error"),
        ("503", "server error"),
        ("html", "malformed"),
        ("truncated", "malformed"),
        ("403", "forbidden"),
    ] {
        house.world.heal().await;
        house.world.fault(json!({"path": "/", "fault": fault})).await;
        let ran = house.program.run(&["audit", "--json"]);
        let people = house.program.run(&["audit"]);
        let audit = ran.json();
        assert_eq!(audit["complete"], false, "{fault}");
        let key = find(&audit["credentials"], "label", &house.seeded.key);
        assert_eq!(key["stale"], false, "{fault}");
        assert_eq!(find(&audit["sources"], "name", "aws/prod")["health"], "good");
        let github = find(&audit["sources"], "name", "github/acme");
        assert_ne!(github["health"], "good", "{fault}: {github:#}");
        assert!(people.stderr.contains(word), "{fault}: {}", people.stderr);
        assert!(people.stderr.contains("next: "), "{fault}: {}", people.stderr);
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs moto and the GitHub fake: make test"]
async fn a_bad_token_is_named_and_the_last_good_data_stays() {
    let house = House::build("e2e-token-bad", "GITHUB_FAKE").await.polled();
    let program = house.program.with("GITHUB_TOKEN", "bad");
    let ran = program.run(&["audit"]);
    assert_eq!(ran.status, 1, "a source could not be read: {ran:?}");
    assert!(ran.stderr.contains("bad token"), "{ran:?}");
    assert!(ran.stderr.contains("renew the credential"), "{ran:?}");
    assert!(!ran.stderr.contains("press R"), "there is no R to press here: {ran:?}");
    assert!(ran.stdout.contains("cursor") && ran.stdout.contains("stale"), "{ran:?}");
    let (id, digest) = super::house::waiting(&program, "Change 7");
    let refused = program.run(&["approve", &id, "--digest", &digest, "--json"]);
    assert_eq!((refused.status, text(&refused.error(), "kind")), (1, "source"), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the GitHub fake: make test"]
async fn a_broken_aws_does_not_keep_github_from_being_read() {
    let world = World::seeded("e2e-aws-broken", organisation()).await;
    // moto answers operations it does not know with a page; a closed port does not answer at all.
    for endpoint in [server("GITHUB_FAKE_DIRECT"), "http://127.0.0.1:9".to_owned()] {
        let text = format!(
            "{}{}",
            aws_section(&endpoint, "123456789012"),
            github_section(&world.org, "GITHUB_FAKE")
        );
        let program = at_home(Program::configured(text));
        let ran = program.run(&["audit", "--json"]);
        assert_eq!(ran.status, 1, "{ran:?}");
        let audit = ran.json();
        assert_eq!(find(&audit["sources"], "name", "aws/prod")["health"], "failing");
        assert_eq!(find(&audit["sources"], "name", "github/acme")["health"], "good");
        find(&audit["credentials"], "label", "cursor-agent");
        let queue = done(&program, &["queue", "--json"]).json();
        assert_eq!(queue["actions"].as_array().unwrap().len(), 2);
    }
}
