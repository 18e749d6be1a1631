//! Everything of a store at once, read or written.

use super::{
    Backend, Beside,
    db::Db,
    ledger::{self, Waiting},
    moving,
    trouble::Trouble,
};
use crate::store::{
    StoreError,
    moving::{Fill, Row, Table, Value, View},
};
use async_trait::async_trait;

/// One moment of a store. What waits for its place in the ledger is told as if it had it.
pub(super) struct Moment<B> {
    store: B,
    db: Db,
    waiting: Waiting,
}

impl<B: Backend> Moment<B> {
    /// Begins it.
    pub(super) async fn begin(store: &B) -> Result<Box<dyn View>, StoreError> {
        let begun = async {
            let mut db = store.read().await?;
            // A transaction sees one moment from its first read on.
            let waiting = ledger::waiting(&mut db).await?;
            Ok((db, waiting))
        };
        let (db, waiting) = begun.await.map_err(|trouble: Trouble| store.explain(trouble))?;
        Ok(Box::new(Self { store: store.clone(), db, waiting }))
    }
}

#[async_trait]
impl<B: Backend> View for Moment<B> {
    async fn rows(
        &mut self,
        table: &Table,
        after: Option<&Row>,
        limit: u32,
    ) -> Result<Vec<Row>, StoreError> {
        let rows = moving::rows(&mut self.db, table, after, limit).await;
        let mut rows = rows.map_err(|trouble| self.store.explain(trouble))?;
        let last = after.and_then(|row| row.first()).and_then(Value::number);
        let more = (limit as usize).saturating_sub(rows.len());
        let waiting = self.waiting.of(table).iter();
        let later = waiting.filter(|row| row.first().and_then(Value::number) > last);
        rows.extend(later.take(more).cloned());
        Ok(rows)
    }

    async fn count(&mut self, table: &Table) -> Result<u64, StoreError> {
        let count = moving::count(&mut self.db, table).await;
        let count = count.map_err(|trouble| self.store.explain(trouble))?;
        Ok(count + self.waiting.of(table).len() as u64)
    }
}

/// A store that is written anew, under the write lock.
pub(super) struct Filling<B> {
    store: B,
    db: Db,
    guards: Vec<String>,
}

impl<B: Backend> Filling<B> {
    /// Begins; with `replace` everything that is there goes.
    pub(super) async fn begin(store: &B, replace: bool) -> Result<Box<dyn Fill>, StoreError> {
        let begun = async {
            let mut db = store.write(Beside::Nobody).await?;
            let guards = if replace { moving::clear(&mut db).await? } else { Vec::new() };
            Ok((db, guards))
        };
        let (db, guards) = begun.await.map_err(|trouble: Trouble| store.explain(trouble))?;
        Ok(Box::new(Self { store: store.clone(), db, guards }))
    }
}

#[async_trait]
impl<B: Backend> Fill for Filling<B> {
    async fn put(&mut self, table: &Table, rows: &[Row]) -> Result<(), StoreError> {
        let put = moving::put(&mut self.db, table, rows).await;
        put.map_err(|trouble| self.store.explain(trouble))
    }

    async fn finish(mut self: Box<Self>) -> Result<(), StoreError> {
        let Self { store, mut db, guards } = *self;
        let ended = async {
            moving::finish(&mut db, &guards).await?;
            store.filled(&mut db).await?;
            store.keep(db).await
        };
        ended.await.map_err(|trouble| store.explain(trouble))
    }
}
