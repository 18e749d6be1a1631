//! Writes that leave entries in the ledger, each on the disk before it is answered: one writer, and
//! twenty at once. A transaction is never told as done before the disk has it, on either database.

use super::{
    postgres::{Cluster, installed},
    table::{Table, shown},
    world::queue,
};
use countersign::{
    domain::{Digest, PolicyId},
    ledger::{Entry, Upkeep},
    store::{PgStore, SqliteStore, Store, moving::compare},
};
use jiff::Timestamp;
use sqlx::{
    Connection as _, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

/// Entries that are there before it is measured, and those that are measured.
const BEFORE: u64 = 100_000;
const MEASURED: u32 = 2_000;
/// Writers at once, each with the store opened for itself, and how often each writes.
const WRITERS: usize = 20;
const EACH: u32 = 200;

pub async fn measure(table: &mut Table, folder: &Path) {
    one_after_the_other(table, folder).await;
    let file = folder.join("many.db");
    let mut stores: Vec<Arc<dyn Store>> = Vec::new();
    for _ in 0..WRITERS {
        stores.push(Arc::new(SqliteStore::open(&file).await.unwrap()));
    }
    at_once(table, "SQLite", &stores, 500.0).await;
    if installed().is_none() {
        return table.told("append on PostgreSQL, 20 writers", "not measured: none");
    }
    // As it is installed: what it says is kept is on the disk.
    let server = Cluster::start(&["max_connections=300"]).await;
    let address = server.store().await;
    let mut stores: Vec<Arc<dyn Store>> = Vec::new();
    for _ in 0..WRITERS {
        stores.push(Arc::new(PgStore::open(&address).await.unwrap()));
    }
    at_once(table, "PostgreSQL", &stores, 1000.0).await;
}

/// Entries that wait for nothing but the disk and each other.
async fn at_once(table: &mut Table, place: &str, stores: &[Arc<dyn Store>], target: f64) {
    let before = stores[0].shelf().ledger_size().await.unwrap();
    let mut taken = Duration::ZERO;
    // The first round makes connections and statements ready.
    for _ in 0..2 {
        let began = Instant::now();
        let writers = stores.iter().map(|store| {
            let store = Arc::clone(store);
            tokio::spawn(async move {
                for number in 0..EACH {
                    store.tell(&[filler(u64::from(number))]).await.unwrap();
                }
            })
        });
        for writer in writers.collect::<Vec<_>>() {
            writer.await.unwrap();
        }
        taken = began.elapsed();
    }
    let written = u32::try_from(WRITERS).unwrap() * EACH;
    let size = stores[0].shelf().ledger_size().await.unwrap();
    assert_eq!(size, before + 2 * u64::from(written), "every entry has its place");
    for store in stores {
        store.close().await;
    }
    let rate = f64::from(written) / taken.as_secs_f64();
    table.line(
        &format!("append on {place}, {WRITERS} writers, each write durable"),
        &format!("{rate:.0}/s"),
        &format!("≥ {target:.0}/s"),
        rate >= target,
    );
}

fn filler(number: u64) -> Entry {
    Entry::upkeep(Upkeep::Imported { entries: number }, Timestamp::now())
}

async fn one_after_the_other(table: &mut Table, folder: &Path) {
    let store = SqliteStore::open(&folder.join("append.db")).await.unwrap();
    let now = Timestamp::now();
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
        store.adopt_policy(&policy(u64::from(number)), None, now).await.unwrap();
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
