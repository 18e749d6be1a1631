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
