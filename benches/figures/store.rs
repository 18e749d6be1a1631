//! The store under a large world.

use super::{
    table::{Table, shown},
    world::{inventory, now, queue, source},
};
use countersign::{
    domain::{SourceKind, SourceName},
    store::{SqliteStore, Store as _},
};
use std::{
    path::Path,
    time::{Duration, Instant},
};

/// Ten thousand access keys: the first poll, one that finds nothing new, and reading the list.
pub async fn credentials(table: &mut Table, folder: &Path) {
    let store = SqliteStore::open(&folder.join("keys.db")).await.unwrap();
    let (name, seen) = (SourceName::new(SourceKind::Aws, "prod"), inventory(10_000));
    for what in ["first", "unchanged"] {
        let began = Instant::now();
        store.record_poll(&name, &seen, now(), now()).await.unwrap();
        table.told(&format!("10,000 credentials kept, {what} poll"), &shown(began.elapsed()));
    }
    let began = Instant::now();
    assert_eq!(store.credentials(true).await.unwrap().len(), 10_000);
    table.told("10,000 credentials read", &shown(began.elapsed()));
    store.close().await;
}

/// A hundred thousand actions, left in the file for the console.
pub async fn actions(table: &mut Table, file: &Path) {
    let store = SqliteStore::open(file).await.unwrap();
    let (name, seen) = (source(), queue(100_000));
    for what in ["first", "unchanged"] {
        let began = Instant::now();
        store.record_poll(&name, &seen, now(), now()).await.unwrap();
        table.told(&format!("100,000 actions kept, {what} poll"), &shown(began.elapsed()));
    }
    let began = Instant::now();
    assert_eq!(store.actions(false).await.unwrap().len(), 100_000);
    table.told("100,000 actions read for a command", &shown(began.elapsed()));
    let began = Instant::now();
    assert_eq!(store.queue(None).await.unwrap().0.len(), 100_000);
    table.told("100,000 actions read for a console", &shown(began.elapsed()));
    let mut first = Vec::new();
    for _ in 0..20 {
        let began = Instant::now();
        assert_eq!(store.queue(Some(200)).await.unwrap().0.len(), 200);
        first.push(began.elapsed());
    }
    first.sort();
    table.time("first screenful of 100,000 read, median", first[10], Duration::from_millis(25));
    let version = store.version().await.unwrap();
    store.put_action(&countersign_action(), now()).await.unwrap();
    let began = Instant::now();
    assert_eq!(store.changes(version).await.unwrap().unwrap().open.len(), 1);
    table.told("one change among 100,000 read", &shown(began.elapsed()));
    store.close().await;
}

fn countersign_action() -> countersign::domain::Action {
    let mut action = queue(1).actions.remove(0);
    action.title = "Another title than before".into();
    action
}
