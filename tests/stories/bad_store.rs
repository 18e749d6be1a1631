//! A store that cannot be used: a clear message, and nothing of it touched.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a story that cannot go on has failed")]

use crate::support::{desk::Desk, memory::command};
use countersign::store::{SqliteStore, Store, StoreError};
use jiff::Timestamp;
use sqlx::{
    Connection as _, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode},
};
use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

/// Another program that opens the same file.
async fn stranger(path: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
    SqliteConnection::connect_with(&options).await.unwrap()
}

async fn refused(path: &Path) -> StoreError {
    SqliteStore::open_patiently(path, Duration::from_millis(100)).await.unwrap_err()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_cannot_be_made_is_named_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "not a folder").unwrap();

    let error = refused(&file.join("state/store.db")).await;

    assert!(matches!(error, StoreError::NotWritable { .. }), "{error:?}");
    let text = error.to_string();
    assert!(text.contains("file/state/store.db") && text.contains("--store"), "{text}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "not a folder");
}

/// `/proc` takes no new files, not even from root.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_filesystem_that_takes_no_files_is_named() {
    let error = refused(Path::new("/proc/countersign/store.db")).await;
    assert!(matches!(error, StoreError::NotWritable { .. }), "{error:?}");
    let error = refused(Path::new("/proc/countersign.db")).await;
    assert!(matches!(error, StoreError::NotWritable { .. }), "{error:?}");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_read_only_folder_is_refused_and_left_empty() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o500)).unwrap();
    if rustix::process::geteuid().is_root() {
        // Root may write any folder but those where the kernel takes nothing.
        let error = refused(Path::new("/proc/self/store.db")).await;
        assert!(matches!(error, StoreError::NotWritable { .. }), "{error:?}");
        return;
    }

    let error = refused(&folder.path().join("store.db")).await;

    assert!(matches!(error, StoreError::NotWritable { .. }), "{error:?}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_in_the_place_of_the_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let error = refused(folder.path()).await;
    assert!(matches!(error, StoreError::NotWritable { .. }), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_file_is_refused_and_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    for text in ["short", "a text that is longer than the header of a database"] {
        fs::write(&path, text).unwrap();

        let error = refused(&path).await;

        assert!(matches!(error, StoreError::Damaged { .. }), "{error:?}");
        assert!(error.to_string().contains("not an SQLite database"), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no journal beside it");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_programs_database_is_refused_and_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("places.sqlite");
    let mut other = stranger(&path).await;
    sqlx::query("CREATE TABLE bookmarks (url TEXT)").execute(&mut other).await.unwrap();
    other.close().await.unwrap();
    let before = fs::read(&path).unwrap();

    let error = refused(&path).await;

    assert!(error.to_string().contains("another program"), "{error}");
    assert!(fs::read(&path).unwrap() == before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_schema_is_refused_with_both_versions_and_nothing_is_written() {
    let desk = Desk::new().await;
    desk.store.close().await;
    let mut newer = stranger(&desk.path()).await;
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (4711, 'from the future', 1, x'00', 0)",
    )
    .execute(&mut newer)
    .await
    .unwrap();
    newer.close().await.unwrap();
    let before = fs::read(desk.path()).unwrap();

    let error = refused(&desk.path()).await;

    assert!(matches!(error, StoreError::UnknownSchema { found: 4711, .. }), "{error:?}");
    assert!(error.to_string().contains("newer countersign"), "{error}");
    assert!(fs::read(desk.path()).unwrap() == before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_database_is_refused_and_stays_as_it_is() {
    let desk = Desk::new().await;
    desk.store.close().await;
    let mut bytes = fs::read(desk.path()).unwrap();
    bytes[100..4096].fill(0xa5);
    fs::write(desk.path(), &bytes).unwrap();

    let error = refused(&desk.path()).await;

    assert!(matches!(error, StoreError::Damaged { .. }), "{error:?}");
    assert!(fs::read(desk.path()).unwrap() == bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_truncated_database_is_refused_and_stays_as_it_is() {
    let desk = Desk::new().await;
    desk.store.close().await;
    let bytes = fs::read(desk.path()).unwrap();
    let half = &bytes[..6000];
    fs::write(desk.path(), half).unwrap();

    let error = refused(&desk.path()).await;

    assert!(matches!(error, StoreError::Damaged { .. }), "{error:?}");
    assert!(fs::read(desk.path()).unwrap() == half);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_store_is_waited_for_and_then_named() {
    let desk = Desk::new().await;
    let patience = Duration::from_millis(200);
    let store = SqliteStore::open_patiently(&desk.path(), patience).await.unwrap();
    let mut other = stranger(&desk.path()).await;
    let held = other.begin_with("BEGIN IMMEDIATE").await.unwrap();

    let begun = Instant::now();
    let error = store.put_action(&command("nonce"), Timestamp::now()).await.unwrap_err();

    assert!(matches!(error, StoreError::Locked { .. }), "{error:?}");
    assert!(error.to_string().contains("another process"), "{error}");
    assert!(begun.elapsed() >= patience, "{:?}", begun.elapsed());
    assert!(store.actions(true).await.unwrap().is_empty(), "reading goes on meanwhile");

    held.rollback().await.unwrap();
    store.put_action(&command("nonce"), Timestamp::now()).await.unwrap();
    assert_eq!(store.actions(true).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_locked_while_it_is_new_is_named_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let options = SqliteConnectOptions::new()
        .filename(&path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Delete);
    let mut other = SqliteConnection::connect_with(&options).await.unwrap();
    let held = other.begin_with("BEGIN EXCLUSIVE").await.unwrap();

    let error = refused(&path).await;

    assert!(matches!(error, StoreError::Locked { .. }), "{error:?}");
    held.rollback().await.unwrap();
    other.close().await.unwrap();
    SqliteStore::open(&path).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_that_start_together_on_a_new_store_all_get_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state/countersign/store.db");

    let opened = futures::future::join_all((0..6).map(|_| {
        let path = path.clone();
        tokio::spawn(async move { SqliteStore::open(&path).await })
    }))
    .await;

    for store in opened {
        let store = store.unwrap().unwrap();
        assert!(store.version().await.unwrap() >= 1);
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn only_the_owner_can_read_the_store() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state/store.db");
    let store = SqliteStore::open(&path).await.unwrap();
    store.put_action(&command("nonce"), Timestamp::now()).await.unwrap();

    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    for file in fs::read_dir(path.parent().unwrap()).unwrap() {
        let file = file.unwrap().path();
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_every_user_can_write_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    SqliteStore::open(&path).await.unwrap().close().await;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o606)).unwrap();
    let told = refused(&path).await.to_string();
    assert!(told.contains("approve in your name") && told.contains("chmod o-w"), "{told}");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o660)).unwrap();
    SqliteStore::open(&path).await.unwrap();
}
