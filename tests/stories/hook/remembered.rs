//! What is let through is logged, by way of the spool; and the quick way is only taken where the
//! slow one would say the same.

use super::{asked, is_allowed, is_denied};
use crate::support::program::Program;
use countersign::store::Store as _;
use std::fs;

fn beside(program: &Program, ending: &str) -> std::path::PathBuf {
    let mut name = program.store_path().into_os_string();
    name.push(ending);
    name.into()
}

async fn logged(program: &Program) -> Vec<String> {
    let store = program.store().await;
    let rows = store.autonomous(100, None).await.unwrap();
    store.close().await;
    rows.into_iter().map(|row| row.record.title.raw().to_owned()).collect()
}

#[tokio::test]
async fn what_is_let_through_is_in_the_log() {
    let program = Program::new();
    assert!(is_allowed(&asked(&program, "ls -la")));
    assert_eq!(logged(&program).await, ["ls -la"], "the first goes through the store");
    assert!(is_allowed(&asked(&program, "git status")));
    assert_eq!(logged(&program).await, ["ls -la"], "the second lies beside it");
    assert!(fs::read_to_string(beside(&program, ".let-through")).unwrap().contains("git status"));
    assert_eq!(program.run(&["queue"]).status, 0);
    assert_eq!(logged(&program).await, ["git status", "ls -la"]);
}

#[tokio::test]
async fn without_a_place_to_log_nothing_is_let_through() {
    let program = Program::new();
    assert!(is_allowed(&asked(&program, "ls")));
    fs::create_dir(beside(&program, ".let-through")).unwrap();
    let ran = asked(&program, "ls");
    assert!(is_denied(&ran), "{ran:?}");
    assert!(ran.stderr.contains("logged"), "{ran:?}");
}

#[tokio::test]
async fn a_full_log_is_taken_in_and_the_call_goes_on() {
    let program = Program::new();
    assert!(is_allowed(&asked(&program, "ls")));
    assert!(is_allowed(&asked(&program, "ls -a")));
    let spool = beside(&program, ".let-through");
    let filled = fs::read_to_string(&spool).unwrap() + &"\n".repeat(1 << 20);
    fs::write(&spool, filled).unwrap();
    assert!(is_allowed(&asked(&program, "ls -b")));
    assert_eq!(logged(&program).await.len(), 3);
    assert!(!spool.exists());
}

#[tokio::test]
async fn a_mark_of_another_policy_or_program_is_no_mark() {
    let program = Program::new();
    assert!(is_allowed(&asked(&program, "ls")));
    let mark = beside(&program, ".policy");
    let good = fs::read_to_string(&mark).unwrap();
    for (from, to) in [("sha256:", "sha256:00"), ("\"program\":\"", "\"program\":\"0")] {
        fs::write(&mark, good.replacen(from, to, 1)).unwrap();
        assert!(is_allowed(&asked(&program, "ls")));
        assert_eq!(fs::read_to_string(&mark).unwrap(), good, "the slow way has written it again");
    }
}
