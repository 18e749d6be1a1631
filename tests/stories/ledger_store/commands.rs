//! `countersign store …`: what the commands tell, and how they end.

use super::{hand, source};
use crate::support::{
    memory::pull_request,
    program::{Program, Ran},
};
use std::fs;

fn store(program: &Program, line: &[&str]) -> Ran {
    program.run(&[&["store"], line].concat())
}

fn home() -> Program {
    Program::configured("[ui]\nreviewer = \"ana\"\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_is_made_looked_at_and_put_back() {
    let program = home();
    program.waits(&pull_request(&source(), 1, "aaa")).await;
    let file = program.path("backup.db");
    let file = file.to_str().unwrap();

    let kept = store(&program, &["backup", file, "--json"]);
    assert_eq!(kept.status, 0, "{kept:?}");
    let entries = kept.json()["entries"].as_u64().unwrap();
    assert!(entries >= 1 && kept.json()["compared"]["mismatches"] == serde_json::json!([]));
    let again = store(&program, &["backup", file]);
    assert_eq!(again.status, 77, "{again:?}");

    program.waits(&pull_request(&source(), 2, "bbb")).await;
    let dry = store(&program, &["restore", file, "--dry-run", "--json"]);
    assert_eq!((dry.status, dry.json()["ledger"].as_str()), (0, Some("rolled-back")), "{dry:?}");
    let refused = store(&program, &["restore", file]);
    assert_eq!(refused.status, 77, "{refused:?}");
    assert!(refused.stderr.contains("--force") && refused.stderr.contains("rolled back"));
    let back = store(&program, &["restore", file, "--force", "--json"]);
    assert_eq!((back.status, back.json()["entries"].as_u64()), (0, Some(entries)), "{back:?}");
    let queue = program.run(&["queue", "--json"]);
    assert_eq!(queue.json()["actions"].as_array().unwrap().len(), 1);
    assert_eq!(store(&program, &["check"]).status, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hand_in_the_tables_ends_check_with_1_and_is_no_backup_to_restore() {
    let program = home();
    program.waits(&pull_request(&source(), 1, "aaa")).await;
    assert_eq!(store(&program, &["check", "--json"]).json()["good"], true);
    hand(&program.store_path(), &["UPDATE actions SET digest = 'sha256:' || hex(zeroblob(32))"])
        .await;
    let found = store(&program, &["check"]);
    assert_eq!(found.status, 1, "{found:?}");
    assert!(found.stdout.contains("actions a-") && found.stdout.contains("altered"), "{found:?}");
    assert!(found.is_harmless());

    let file = program.path("backup.db");
    let kept = store(&program, &["backup", file.to_str().unwrap()]);
    assert_eq!(kept.status, 1, "kept all the same, and told: {kept:?}");
    let refused = store(&program, &["restore", file.to_str().unwrap(), "--force"]);
    assert_eq!(refused.status, 77, "{refused:?}");
    assert!(refused.stderr.contains("not good"), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_is_copied_into_an_empty_place_only() {
    let program = home();
    program.waits(&pull_request(&source(), 1, "aaa")).await;
    let (from, to) = (program.store_path(), program.path("new/store.db"));
    let line = ["copy", from.to_str().unwrap(), to.to_str().unwrap()];
    let copied = store(&program, &line);
    assert_eq!(copied.status, 0, "{copied:?}");
    assert!(copied.stdout.contains("the same to the byte"), "{copied:?}");
    assert_eq!(store(&program, &line).status, 77);
    let missing = store(&program, &["copy", "nowhere.db", to.to_str().unwrap()]);
    assert_eq!(missing.status, 1, "{missing:?}");
    let there = program.run(&["store", "check", "--store", to.to_str().unwrap(), "--json"]);
    assert_eq!(there.json()["good"], true, "{there:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_signs_the_ledger_stays_with_a_copy_or_goes_and_is_never_in_two_places() {
    let program = home();
    program.waits(&pull_request(&source(), 1, "aaa")).await;
    assert_eq!(program.run(&["ledger", "checkpoint"]).status, 0);
    let from = program.store_path();
    let beside = |store: &std::path::Path, end: &str| {
        std::path::PathBuf::from(format!("{}.ledger-{end}", store.display()))
    };
    let (stays, goes) = (program.path("it's a copy.db"), program.path("new/store.db"));

    let copied = store(&program, &["copy", from.to_str().unwrap(), stays.to_str().unwrap()]);
    assert_eq!(copied.status, 0, "{copied:?}");
    assert!(copied.stdout.contains("NOT copied: what signs the ledger's heads"), "{copied:?}");
    assert!(beside(&from, "key").exists() && !beside(&stays, "key").exists());
    let lines: Vec<&str> = copied.stdout.lines().filter(|line| line.contains("mv -n")).collect();
    assert_eq!(lines.len(), 2, "{copied:?}");

    // The copy is used, and nobody signs what happens in it.
    let here = ["--store", stays.to_str().unwrap()];
    let doctor = |store: &std::path::Path| {
        program.run(&["doctor", "--store", store.to_str().unwrap()]).stdout
    };
    assert!(doctor(&stays).contains("signed on another host"));
    let other = countersign::store::open(&stays).await.unwrap();
    let old = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(2);
    other.put_action(&pull_request(&source(), 2, "bbb"), old).await.unwrap();
    other.close().await;
    let told = doctor(&stays);
    assert!(told.contains("nobody signs them") && told.contains(".ledger-key"), "{told}");

    // With the key alone, a part is still missing; with both, the next head is signed.
    let sh = |line: &str| std::process::Command::new("sh").args(["-c", line]).status().unwrap();
    assert!(sh(lines[0]).success());
    assert!(doctor(&stays).contains("none is remembered at"), "{}", doctor(&stays));
    assert!(sh(lines[1]).success());
    let told = doctor(&stays);
    assert!(!told.contains("none is remembered") && !told.contains("nobody signs"), "{told}");
    let head = program.run(&["ledger", "checkpoint", here[0], here[1]]);
    assert_eq!(head.status, 0, "{head:?}");
    let back = ["copy", from.to_str().unwrap(), goes.to_str().unwrap(), "--with-key"];
    let without = store(&program, &back);
    assert!(without.status == 1 && !goes.exists(), "the key is elsewhere now: {without:?}");

    let line = ["copy", stays.to_str().unwrap(), goes.to_str().unwrap(), "--with-key"];
    let moved = store(&program, &line);
    assert!(moved.status == 0 && moved.stdout.contains("and no longer here"), "{moved:?}");
    for end in ["key", "head"] {
        assert!(beside(&goes, end).exists() && !beside(&stays, end).exists(), "{end}");
    }
    let verified = program.run(&["ledger", "verify", "--store", goes.to_str().unwrap()]);
    assert_eq!(verified.status, 0, "{verified:?}");
    assert!(doctor(&goes).contains("of them under the last head"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_not_that_of_what_was_copied_does_not_move() {
    let program = home();
    program.waits(&pull_request(&source(), 1, "aaa")).await;
    assert_eq!(program.run(&["ledger", "checkpoint"]).status, 0);
    let other = home();
    other.waits(&pull_request(&source(), 1, "aaa")).await;
    assert_eq!(other.run(&["ledger", "checkpoint"]).status, 0);
    let key = |of: &std::path::Path| format!("{}.ledger-key", of.display());
    let (from, to) = (program.store_path(), program.path("new/store.db"));
    fs::copy(key(&other.store_path()), key(&from)).unwrap();
    let line = ["copy", from.to_str().unwrap(), to.to_str().unwrap(), "--with-key"];
    let refused = store(&program, &line);
    assert_eq!(refused.status, 77, "{refused:?}");
    assert!(refused.stderr.contains("still beside the old one"), "{refused:?}");
    assert!(!std::path::Path::new(&key(&to)).exists() && to.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn prune_asks_and_takes_nothing_that_is_young_or_open() {
    let program = home();
    program.waits(&pull_request(&source(), 1, "aaa")).await;
    let asks = store(&program, &["prune", "--older-than", "400d"]);
    assert_eq!(asks.status, 2, "{asks:?}");
    for how in ["--dry-run", "--yes"] {
        let pruned = store(&program, &["prune", "--older-than", "400d", how, "--json"]);
        assert_eq!(pruned.status, 0, "{pruned:?}");
        assert_eq!((&pruned.json()["entries"], &pruned.json()["done"]), (&0.into(), &false.into()));
    }
    assert_eq!(store(&program, &["prune", "--older-than", "4y"]).status, 2);
    fs::remove_file(program.store_path()).unwrap();
}
