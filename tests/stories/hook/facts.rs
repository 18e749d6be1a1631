//! Who asked is written down with what was let through.

use super::{asked, is_allowed};
use crate::support::program::Program;
use countersign::{domain::Isolation, store::Store as _};
use std::process::Command;

#[tokio::test]
async fn who_asks_is_told_with_every_action() {
    let program = Program::new();
    let git = |words: &[&str]| {
        let ran = Command::new("git").args(words).current_dir(program.path(".")).output().unwrap();
        assert!(ran.status.success(), "{ran:?}");
        String::from_utf8(ran.stdout).unwrap().trim().to_owned()
    };
    git(&["init", "-q", "-b", "topic"]);
    git(&["remote", "add", "origin", "https://robin:hunter2@git.example.com/shop.git"]);
    let who = ["-c", "user.name=R", "-c", "user.email=r@example.com", "-c", "commit.gpgsign=false"];
    git(&[&who[..], &["commit", "-q", "--allow-empty", "-m", "one"]].concat());
    let commit = git(&["rev-parse", "HEAD"]);

    assert!(is_allowed(&asked(&program, "ls")));
    let store = program.store().await;
    let rows = store.autonomous(1, None).await.unwrap();
    let record = &rows[0].record;
    let asker = &record.asker;
    assert_eq!(asker.uid, Some(rustix::process::getuid().as_raw()));
    assert!(record.requester.raw().contains("uid "));
    assert_eq!(asker.processes[0].pid, std::process::id());
    assert_eq!(asker.session.raw(), "session-1");
    assert_eq!(asker.claimed.raw(), "to see what is there");
    assert_ne!(asker.isolation, Isolation::Unknown);
    let checkout = asker.checkout.as_ref().unwrap();
    assert_eq!(checkout.origin.raw(), "https://git.example.com/shop.git");
    assert_eq!(checkout.branch.raw(), "topic");
    assert_eq!(checkout.commit, commit);
}
