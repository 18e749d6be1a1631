//! Writes that leave entries in the ledger, each on the disk before the next begins.

use super::{
    table::{Table, shown},
    world::queue,
};
use countersign::{
    domain::{Digest, PolicyId},
    ledger::{Entry, Upkeep},
    store::{SqliteStore, Store as _, moving::compare},
};
use jiff::Timestamp;
use sqlx::{
    Connection as _, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use std::{
    path::Path,
    time::{Duration, Instant},
};

/// Entries that are there before it is measured, and those that are measured.
const BEFORE: u64 = 100_000;
const MEASURED: u32 = 2_000;

pub async fn measure(table: &mut Table, folder: &Path) {
    let store = SqliteStore::open(&folder.join("append.db")).await.unwrap();
    let now = Timestamp::now();
    let filler = |number| Entry::upkeep(Upkeep::Imported { entries: number }, now);
    for from in (0..BEFORE).step_by(1000) {
        let entries: Vec<Entry> = (from..from + 1000).map(filler).collect();
        store.tell(&entries).await.unwrap();
    }
    let began = Instant::now();
    bare(&folder.join("bare.db"), MEASURED).await;
    table.told("a bare SQLite commit on this disk", &shown(began.elapsed() / MEASURED));
    let policy = |version| PolicyId { version, digest: Digest::of_bytes(b"p") };
    let began = Instant::now();
    for number in 0..MEASURED {
        store.tell(&[filler(u64::from(number))]).await.unwrap();
    }
    let each = began.elapsed() / MEASURED;
    table.time("append one entry, durable (500/s)", each, Duration::from_millis(2));
    let began = Instant::now();
    for number in 1..=MEASURED {
        store.adopt_policy(&policy(u64::from(number)), now).await.unwrap();
    }
    let each = began.elapsed() / MEASURED;
    table.time("a row and its entry, durable (500/s)", each, Duration::from_millis(2));
    let actions = queue(500).actions;
    let began = Instant::now();
    for action in &actions {
        store.put_action(action, now).await.unwrap();
    }
    table.told("an action, its row, line and entry, durable", &shown(began.elapsed() / 500));
    let began = Instant::now();
    let compared = compare(&store).await.unwrap();
    assert_eq!(compared.entries, BEFORE + u64::from(MEASURED) * 2 + 500);
    table.told("rows and tree of 104,500 entries compared", &shown(began.elapsed()));
    store.close().await;
}

/// So many rows of an entry's size, each in a transaction of its own: what the disk can do.
async fn bare(file: &Path, rows: u32) {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let mut db = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query("CREATE TABLE rows (body TEXT NOT NULL) STRICT").execute(&mut db).await.unwrap();
    let body = "x".repeat(300);
    for _ in 0..rows {
        let insert = sqlx::query("INSERT INTO rows VALUES (?)").bind(&body);
        insert.execute(&mut db).await.unwrap();
    }
    db.close().await.unwrap();
}
