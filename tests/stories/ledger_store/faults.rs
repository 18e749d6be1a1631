//! A full disk and a clock that jumps: nothing half-written, nothing lost, and it goes on by itself.

use super::{Lived, ago, call_of_two, decided};
use crate::support::memory::call;
use countersign::{
    domain::Verdict,
    store::{Counted, SqliteStore, Store as _, StoreError, moving::compare},
};
use jiff::{SignedDuration, Timestamp};
use std::{path::Path, process::Command};

/// A small filesystem of its own; only root may make one.
struct Small {
    folder: tempfile::TempDir,
}

impl Small {
    fn new() -> Option<Self> {
        if !rustix::process::geteuid().is_root() {
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=2m", "countersign-test"])
            .arg(folder.path())
            .output();
        mounted.is_ok_and(|done| done.status.success()).then_some(Self { folder })
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.folder.path()).output();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_leaves_nothing_half_written_and_the_store_goes_on_by_itself() {
    let Some(small) = Small::new() else {
        eprintln!("left out: only root may mount a small filesystem");
        return;
    };
    let store = SqliteStore::open(&small.path().join("store.db")).await.unwrap();
    let first = call_of_two("dropdb", "first");
    store.ask(&first, ago(5)).await.unwrap();

    let ballast = small.path().join("ballast");
    let mut size = 2 * 1024 * 1024;
    while size > 0 && std::fs::write(&ballast, vec![0_u8; size]).is_err() {
        size -= 4096;
    }
    let mut asked = 0;
    let refused = loop {
        let long = format!("echo {}", "x".repeat(20_000));
        match store.ask(&call(&long, &format!("n{asked}")), ago(4)).await {
            Ok(_) => asked += 1,
            Err(error) => break error,
        }
        assert!(asked < 1000, "the disk never gets full");
    };
    assert!(matches!(refused, StoreError::NotWritable { .. }), "{refused:?}");
    assert!(refused.to_string().contains("make room"), "{refused}");
    let (decision, order) = decided(&first, "ana", Verdict::Approve, ago(3));
    let full = store.decide(&decision, &order, &|_| true).await;
    let compared = compare(&store).await.unwrap();
    assert!(compared.is_good(), "{:?}", compared.mismatches);

    std::fs::remove_file(&ballast).unwrap();
    if full.is_err() {
        let counted = store.decide(&decision, &order, &|_| false).await.unwrap();
        assert_eq!(counted, Counted::Waiting);
    }
    let compared = compare(&store).await.unwrap();
    assert!(compared.is_good(), "{:?}", compared.mismatches);
    let rows = store.actions(true).await.unwrap();
    assert_eq!(rows.len(), asked + 1, "what was refused is not there, what was taken is");
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_jumps_an_hour_either_way_loses_and_invents_nothing() {
    for jump in [SignedDuration::from_hours(1), SignedDuration::from_hours(-1)] {
        let lived = Lived::fresh().await;
        let action = call_of_two("dropdb", "n1");
        lived.store.ask(&action, ago(5)).await.unwrap();
        let (one, order) = decided(&action, "ana", Verdict::Approve, ago(4));
        lived.store.decide(&one, &order, &|_| false).await.unwrap();
        // The clock jumps, and the second person decides.
        let jumped = Timestamp::from_millisecond((ago(3) + jump).as_millisecond()).unwrap();
        let (two, order) = decided(&action, "imogen", Verdict::Approve, jumped);
        let counted = lived.store.decide(&two, &order, &|all| all.len() == 2).await;
        // An approval an hour old, whichever way, is older than policy lets it be.
        assert!(matches!(counted, Ok(Counted::Waiting)), "{counted:?}");
        assert!(lived.store.take_answer(&action.id).await.unwrap().is_none());
        let compared = lived.compared().await;
        assert!(compared.is_good(), "{:?}", compared.mismatches);
        assert_eq!(compared.entries, 3);
        // The order of entries is that of writing, whatever their times say.
        let times: Vec<Timestamp> = lived.entries().await.iter().map(|entry| entry.at).collect();
        assert_eq!(times[2] < times[1], jump.is_negative());
    }
}
