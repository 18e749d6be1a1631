//! Giving places in the ledger to entries that wait for one.
//!
//! ```text
//!   writers ──▶ ledger_pending ──(whoever has the advisory lock: a batch)──▶ ledger_entries, _nodes
//! ```
//!
//! An entry is kept with what it tells of, so twenty writers wait for the disk together. Its place
//! in the tree hangs on all before it, so places are given by one at a time, many at once. An entry
//! without a place is not lost: whoever writes or reads next gives it one.

use super::{PgStore, Session};
use crate::{
    ledger::{Edge, leaf_hash},
    store::sql::{Db, Trouble, ledger_nodes, ledger_size, number, query},
};
use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};
use tokio::sync::{Mutex, MutexGuard};

/// Entries that get their places together.
const BATCH: i64 = 2000;

/// The name of the lock; any number nobody else uses.
const LOCK: i64 = 0x4353_676e_4c64_6772;

/// A process that writes gives places no more often than this.
const PAUSE: Duration = Duration::from_millis(100);

/// Who gives places in this process, and when somebody last did.
#[derive(Debug, Default)]
pub(super) struct Placing {
    last: Mutex<Option<Instant>>,
    soon: AtomicBool,
}

/// When places are not given.
#[derive(Debug, Clone, Copy)]
enum Unless {
    AnotherIsAtIt,
    Never,
}

impl PgStore {
    /// Gives places to what waits: now, or in a moment where this process has only just done so.
    pub(super) async fn place_soon(&self) {
        let lately = match self.placing.last.try_lock() {
            Ok(last) => last.is_some_and(|last| last.elapsed() < PAUSE),
            Err(_) => true,
        };
        if !lately {
            let _ = tokio::time::timeout(self.answer(), self.place()).await;
        } else if !self.placing.soon.swap(true, Ordering::AcqRel) {
            let store = self.clone();
            tokio::spawn(async move {
                tokio::time::sleep(PAUSE).await;
                store.placing.soon.store(false, Ordering::Release);
                let _ = tokio::time::timeout(store.answer(), store.place()).await;
            });
        }
    }

    /// Gives places to all entries that wait, unless another is at it, or this login may not.
    async fn place(&self) -> Result<(), Trouble> {
        // Within a process one is enough, too.
        match self.placing.last.try_lock() {
            Ok(last) => self.place_all(last, Unless::AnotherIsAtIt).await,
            Err(_) => Ok(()),
        }
    }

    /// Gives places to all entries that wait now, after whoever is at it: who reads what they have
    /// just written finds it.
    pub(super) async fn place_now(&self) -> Result<(), Trouble> {
        self.place_all(self.placing.last.lock().await, Unless::Never).await
    }

    async fn place_all(
        &self,
        mut last: MutexGuard<'_, Option<Instant>>,
        unless: Unless,
    ) -> Result<(), Trouble> {
        if !self.places {
            return Ok(());
        }
        *last = Some(Instant::now());
        while self.place_some(unless).await? == BATCH {}
        Ok(())
    }

    /// Gives places to at most [`BATCH`] entries; answers to how many.
    async fn place_some(&self, unless: Unless) -> Result<i64, Trouble> {
        let connection = self.pool.acquire().await?;
        let mut db = Db::Postgres(Session::write(connection, true, self.answer()).await?);
        let waiting = waiting(&mut db, unless).await?;
        let Db::Postgres(session) = db else { return Ok(0) };
        match waiting {
            0 => session.rollback().await?,
            _ => session.commit().await?,
        }
        Ok(waiting)
    }
}

async fn waiting(db: &mut Db, unless: Unless) -> Result<i64, Trouble> {
    match unless {
        Unless::Never => {
            query("SELECT 1 FROM pg_advisory_xact_lock($1)").bind(LOCK).fetch_one(db).await?;
        }
        Unless::AnotherIsAtIt => {
            let lock = query("SELECT pg_try_advisory_xact_lock($1)").bind(LOCK);
            if !lock.fetch_one(db).await?.try_get::<bool>(0)? {
                return Ok(0);
            }
        }
    }
    let rows = query("SELECT seq, body FROM ledger_pending ORDER BY seq LIMIT $1")
        .bind(BATCH)
        .fetch_all(db)
        .await?;
    if rows.is_empty() {
        return Ok(0);
    }
    let size = ledger_size(db).await?;
    let mut edge = Edge::of(size, ledger_nodes(db, &Edge::needs(size)).await?)?;
    let (mut seqs, mut leaves, mut hashes) = (Vec::new(), Vec::new(), Vec::new());
    let mut node = None;
    for row in &rows {
        let leaf = leaf_hash(row.try_get::<&str>(1)?.as_bytes());
        let (first, fresh) = edge.push(leaf);
        node.get_or_insert(first);
        seqs.push(row.try_get::<i64>(0)?);
        leaves.push(leaf.0.to_vec());
        hashes.extend(fresh.into_iter().map(|hash| hash.0.to_vec()));
    }
    if let Db::Postgres(session) = db {
        sqlx::query("SELECT place_entries($1, $2, $3, $4, $5)")
            .bind(number(size))
            .bind(seqs)
            .bind(number(node.unwrap_or(0)))
            .bind(hashes)
            .bind(leaves)
            .execute(session.connection())
            .await?;
    }
    Ok(i64::try_from(rows.len()).unwrap_or(BATCH))
}
