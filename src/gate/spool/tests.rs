//! Nothing is lost and nothing counted twice, wherever somebody stops.

use super::{SpoolError, append, path, take_in, unreadable};
use crate::{
    domain::{
        Asker, Assessment, Digest, Leave, LetThrough, PolicyId, Ruling, SourceKind, SourceName,
        ToolId,
    },
    store::{SqliteStore, Store as _},
};
use jiff::Timestamp;
use std::{
    collections::BTreeSet,
    fs::{self, OpenOptions, Permissions},
    io::Write as _,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::PathBuf,
};

struct Place {
    home: tempfile::TempDir,
    store: SqliteStore,
}

impl Place {
    async fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&home.path().join("s.db")).await.unwrap();
        Self { home, store }
    }

    fn file(&self) -> PathBuf {
        self.home.path().join("s.db")
    }

    async fn take_in(&self) -> super::TakenIn {
        take_in(&self.file(), &self.store).await.unwrap()
    }

    async fn ids(&self) -> BTreeSet<String> {
        let rows = self.store.autonomous(10_000, None).await.unwrap();
        rows.into_iter().map(|row| row.record.id).collect()
    }

    /// Files beside the store that are not the database's.
    fn beside(&self) -> Vec<String> {
        let entries = fs::read_dir(self.home.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.contains("let-through")).collect()
    }
}

fn record(id: usize) -> LetThrough {
    LetThrough {
        id: format!("{id:032x}"),
        at: Timestamp::UNIX_EPOCH,
        source: SourceName::new(SourceKind::Gate, "host"),
        tool: ToolId::new("claude-code"),
        requester: "robin".into(),
        title: "ls\nwith a line break".into(),
        asker: Asker::default(),
        found: Assessment::default(),
        ruling: Ruling {
            policy: PolicyId { version: 1, digest: Digest::of_bytes(b"") },
            tier: "read-only".to_owned(),
            leave: Leave::LetThrough,
            rules: Vec::new(),
        },
    }
}

#[tokio::test]
async fn what_is_appended_is_in_the_store_once_it_is_taken_in() {
    let place = Place::new().await;
    for id in 0..3 {
        append(&place.file(), &record(id)).unwrap();
    }
    assert_eq!(place.take_in().await.new, 3);
    assert_eq!(place.ids().await.len(), 3);
    assert_eq!(place.beside(), Vec::<String>::new());
    assert_eq!(place.take_in().await.new, 0);
    append(&place.file(), &record(3)).unwrap();
    assert_eq!(place.take_in().await.new, 1);
}

#[tokio::test]
async fn whoever_stops_half_way_leaves_it_to_the_next() {
    // After the rename.
    let place = Place::new().await;
    append(&place.file(), &record(0)).unwrap();
    let taken = place.home.path().join("s.db.let-through.taken-0");
    fs::rename(path(&place.file()), &taken).unwrap();
    append(&place.file(), &record(1)).unwrap();
    assert_eq!(place.take_in().await.new, 2);
    // After the store has it, before the file is removed.
    append(&place.file(), &record(2)).unwrap();
    fs::copy(path(&place.file()), &taken).unwrap();
    place.store.let_through(&[record(2)]).await.unwrap();
    assert_eq!(place.take_in().await.new, 0);
    assert_eq!(place.ids().await.len(), 3);
    assert_eq!(place.beside(), Vec::<String>::new());
}

#[tokio::test]
async fn a_record_that_was_cut_off_spoils_no_other_and_is_kept() {
    let place = Place::new().await;
    append(&place.file(), &record(0)).unwrap();
    let mut file = OpenOptions::new().append(true).open(path(&place.file())).unwrap();
    file.write_all(b"\n{\"id\":\"0000").unwrap();
    append(&place.file(), &record(1)).unwrap();
    let told = place.take_in().await;
    assert_eq!((told.new, told.left.len()), (2, 1), "{told:?}");
    let kept = unreadable(&place.file());
    assert_eq!(kept.len(), 1);
    assert!(fs::read_to_string(&kept[0]).unwrap().contains("{\"id\":\"0000\n"));
    assert_eq!(place.take_in().await, super::TakenIn::default());
}

#[tokio::test]
async fn nobody_takes_what_somebody_is_just_writing() {
    let place = Place::new().await;
    append(&place.file(), &record(0)).unwrap();
    let writer = OpenOptions::new().append(true).open(path(&place.file())).unwrap();
    writer.lock_shared().unwrap();
    assert_eq!(place.take_in().await.new, 0, "it is renamed, and not read yet");
    (&writer)
        .write_all(format!("{}\n", serde_json::to_string(&record(1)).unwrap()).as_bytes())
        .unwrap();
    drop(writer);
    assert_eq!(place.take_in().await.new, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_who_write_and_some_who_take_in_lose_nothing() {
    let place = Place::new().await;
    let file = place.file();
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let file = file.clone();
            std::thread::spawn(move || {
                for one in 0..100 {
                    append(&file, &record(writer * 1000 + one)).unwrap();
                }
            })
        })
        .collect();
    let mut new = 0;
    while writers.iter().any(|writer| !writer.is_finished()) {
        let (one, other) = tokio::join!(take_in(&file, &place.store), take_in(&file, &place.store));
        new += one.unwrap().new + other.unwrap().new;
    }
    for writer in writers {
        writer.join().unwrap();
    }
    new += place.take_in().await.new;
    assert_eq!((new, place.ids().await.len()), (400, 400));
    assert_eq!(place.beside(), Vec::<String>::new());
}

#[tokio::test]
async fn a_file_that_is_not_ours_alone_is_not_written() {
    let place = Place::new().await;
    let spool = path(&place.file());
    let refused = || matches!(append(&place.file(), &record(0)), Err(SpoolError::Exposed { .. }));
    fs::write(&spool, "").unwrap();
    fs::set_permissions(&spool, Permissions::from_mode(0o622)).unwrap();
    assert!(refused(), "others can write it");
    fs::set_permissions(&spool, Permissions::from_mode(0o600)).unwrap();
    let second = place.home.path().join("second");
    fs::hard_link(&spool, &second).unwrap();
    assert!(refused(), "it has a second name");
    fs::remove_file(&spool).unwrap();
    symlink(&second, &spool).unwrap();
    assert!(append(&place.file(), &record(0)).is_err(), "a link");
    fs::remove_file(&spool).unwrap();
    fs::create_dir(&spool).unwrap();
    assert!(append(&place.file(), &record(0)).is_err(), "a folder");
    assert_eq!(fs::read(&second).unwrap(), b"");
}

#[tokio::test]
async fn a_full_log_and_a_long_record_are_for_the_store() {
    let place = Place::new().await;
    fs::write(path(&place.file()), vec![b'\n'; usize::try_from(super::FULL).unwrap()]).unwrap();
    fs::set_permissions(path(&place.file()), Permissions::from_mode(0o600)).unwrap();
    let full = append(&place.file(), &record(0)).unwrap_err();
    assert!(full.is_for_the_store(), "{full}");
    assert_eq!(place.take_in().await.new, 0);
    append(&place.file(), &record(0)).unwrap();
    let long = LetThrough { title: "x".repeat(300_000).into(), ..record(1) };
    assert!(append(&place.file(), &long).unwrap_err().is_for_the_store());
    let nowhere = append(&place.home.path().join("no/such.db"), &record(0)).unwrap_err();
    assert!(nowhere.is_for_the_store(), "{nowhere}");
}

#[tokio::test]
async fn a_log_is_read_by_those_who_read_the_store_and_written_by_one() {
    let place = Place::new().await;
    let mode = || fs::metadata(path(&place.file())).unwrap().permissions().mode() & 0o777;
    append(&place.file(), &record(0)).unwrap();
    assert_eq!(mode(), 0o600);
    place.take_in().await;
    fs::set_permissions(place.file(), Permissions::from_mode(0o660)).unwrap();
    append(&place.file(), &record(1)).unwrap();
    assert_eq!(mode(), 0o640);
}
