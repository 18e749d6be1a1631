//! The store in one SQLite file, through sqlx.
//!
//! ```text
//!   writes ──▶ writer (1 connection) ── BEGIN IMMEDIATE … bump meta.version … COMMIT ──▶ file
//!   reads  ──▶ readers (3, query only) ◀──────────── write-ahead log ────────────────────┘
//! ```
//!
//! Every write is one transaction that takes the write lock at its start, so two processes never
//! act on the same earlier state. `synchronous` stays `FULL`: an order has to be on the disk
//! before it is sent.

mod about;
mod actions;
mod autonomous;
mod bulk;
mod credentials;
mod expiry;
mod history;
mod intake;
mod mcp_tools;
mod namesakes;
mod open;
mod orders;
mod people;
mod policies;
mod polls;
mod queue;
mod seen;
mod settle;
mod sources;
mod staged;
mod successes;
mod tally;
mod trouble;
mod values;
mod wording;

use super::{
    ActionRow, AdoptError, AutonomousRow, Changes, Counted, CredentialRow, Enough, Intent,
    IntentError, McpTool, OrderRow, PollSummary, QueueRow, Store, StoreError, Success,
};
use crate::domain::{
    Action, ActionId, Activity, CredentialId, Decision, Digest, LetThrough, Lock, Observation,
    Order, OrderId, PolicyId, Receipt, SourceFault, SourceKind, SourceName, SourceState,
};
use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{Sqlite, SqlitePool, Transaction};
use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};
use trouble::{Trouble, explain, is_busy};

/// Everything remembered, in one file that several processes may share.
#[derive(Debug, Clone)]
pub struct SqliteStore {
    writer: SqlitePool,
    reader: SqlitePool,
    path: PathBuf,
    patience: Duration,
}

impl SqliteStore {
    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes what is left and closes the file.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }

    /// Takes the write lock. SQLite's own waiting favours whoever came last, so among many
    /// processes some would starve; here everybody waits random times, which are fair.
    async fn write(&self) -> Result<Transaction<'static, Sqlite>, Trouble> {
        let begun = Instant::now();
        let mut longest = FIRST_PAUSE;
        loop {
            match self.writer.begin_with("BEGIN IMMEDIATE").await {
                Err(error) if is_busy(&error) && begun.elapsed() < self.patience => {
                    tokio::time::sleep(longest.mul_f64(chance())).await;
                    longest = (longest * 2).min(LONGEST_PAUSE);
                }
                answer => return Ok(answer?),
            }
        }
    }

    async fn read(&self) -> Result<Transaction<'static, Sqlite>, Trouble> {
        Ok(self.reader.begin().await?)
    }

    fn explain(&self, trouble: Trouble) -> StoreError {
        explain(trouble, &self.path, self.patience.as_secs())
    }
}

/// The first pause between two tries to write is at most so long,
const FIRST_PAUSE: Duration = Duration::from_millis(4);
/// and later ones so long.
const LONGEST_PAUSE: Duration = Duration::from_millis(64);

/// A number between 0 and 1. Without system randomness all wait alike, which is slower, not wrong.
fn chance() -> f64 {
    let mut byte = [128_u8; 1];
    let _ = getrandom::fill(&mut byte);
    f64::from(byte[0]) / 255.0
}

/// Ends a write: others see by the version that something happened.
async fn keep(mut tx: Transaction<'static, Sqlite>) -> Result<(), Trouble> {
    sqlx::query("UPDATE meta SET version = version + 1").execute(&mut *tx).await?;
    Ok(tx.commit().await?)
}

/// What a write that the rules may refuse came to.
fn refused(
    store: &SqliteStore,
    done: Result<Option<IntentError>, Trouble>,
) -> Result<(), IntentError> {
    match done {
        Ok(None) => Ok(()),
        Ok(Some(refusal)) => Err(refusal),
        Err(trouble) => Err(IntentError::Store(store.explain(trouble))),
    }
}

/// One write transaction around the block; what it answers is what the transaction answers.
macro_rules! written {
    ($store:expr, |$tx:ident| $work:expr) => {{
        let work = async {
            let mut $tx = $store.write().await?;
            let answer = $work.await?;
            keep($tx).await?;
            Ok::<_, Trouble>(answer)
        };
        work.await.map_err(|trouble| $store.explain(trouble))
    }};
}

/// One consistent view around the block.
macro_rules! read {
    ($store:expr, |$tx:ident| $work:expr) => {{
        let work = async {
            let mut $tx = $store.read().await?;
            let answer = $work.await?;
            $tx.commit().await?;
            Ok::<_, Trouble>(answer)
        };
        work.await.map_err(|trouble| $store.explain(trouble))
    }};
}

#[async_trait]
impl Store for SqliteStore {
    async fn version(&self) -> Result<i64, StoreError> {
        sqlx::query_scalar("SELECT version FROM meta")
            .fetch_one(&self.reader)
            .await
            .map_err(|error| self.explain(error.into()))
    }

    async fn register(&self, name: &SourceName, kind: SourceKind) -> Result<(), StoreError> {
        written!(self, |tx| sources::register(&mut tx, name, kind))
    }

    async fn record_poll(
        &self,
        source: &SourceName,
        seen: &Observation,
        at: Timestamp,
        next: Timestamp,
    ) -> Result<PollSummary, StoreError> {
        let seen = seen::Seen::prepare(seen).await.map_err(|trouble| self.explain(trouble))?;
        written!(self, |tx| polls::record_poll(&mut tx, source, &seen, at, next))
    }

    async fn record_fault(
        &self,
        source: &SourceName,
        fault: &SourceFault,
        at: Timestamp,
        next: Timestamp,
    ) -> Result<(), StoreError> {
        written!(self, |tx| sources::record_fault(&mut tx, source, fault, at, next))
    }

    async fn sources(&self) -> Result<Vec<SourceState>, StoreError> {
        read!(self, |tx| sources::sources(&mut tx))
    }

    async fn actions(&self, closed: bool) -> Result<Vec<ActionRow>, StoreError> {
        read!(self, |tx| actions::list(&mut tx, closed))
    }

    async fn actions_of(&self, source: &SourceName) -> Result<Vec<ActionRow>, StoreError> {
        read!(self, |tx| actions::of_source(&mut tx, source))
    }

    async fn queue(&self, limit: Option<u32>) -> Result<(Vec<Arc<QueueRow>>, u64), StoreError> {
        read!(self, |tx| queue::list(&mut tx, limit))
    }

    async fn changes(&self, version: i64) -> Result<Option<Changes>, StoreError> {
        read!(self, |tx| queue::changes(&mut tx, version)).map(Some)
    }

    async fn action(&self, id: &ActionId) -> Result<Option<(ActionRow, Action)>, StoreError> {
        read!(self, |tx| actions::one(&mut tx, id))
    }

    async fn put_action(&self, action: &Action, at: Timestamp) -> Result<(), StoreError> {
        written!(self, |tx| intake::put(&mut tx, action, at))
    }

    async fn end_action(&self, id: &ActionId, why: &str, at: Timestamp) -> Result<(), StoreError> {
        written!(self, |tx| intake::end(&mut tx, id, why, at))
    }

    async fn credentials(&self, gone: bool) -> Result<Vec<CredentialRow>, StoreError> {
        read!(self, |tx| credentials::list(&mut tx, gone))
    }

    async fn credential(&self, id: &CredentialId) -> Result<Option<CredentialRow>, StoreError> {
        read!(self, |tx| credentials::one(&mut tx, id))
    }

    async fn intend(&self, intent: &Intent) -> Result<(), IntentError> {
        let work = async {
            let mut tx = self.write().await?;
            if let Some(refusal) = orders::intend(&mut tx, intent).await? {
                return Ok(Some(refusal));
            }
            keep(tx).await?;
            Ok(None)
        };
        match work.await {
            Ok(None) => Ok(()),
            Ok(Some(refusal)) => Err(refusal),
            Err(trouble) => Err(IntentError::Store(self.explain(trouble))),
        }
    }

    async fn decide(
        &self,
        decision: &Decision,
        order: &Order,
        enough: &Enough,
    ) -> Result<Counted, IntentError> {
        let work = async {
            let mut tx = self.write().await?;
            let counted = orders::decide(&mut tx, decision, order, enough).await?;
            if counted.is_ok() {
                keep(tx).await?;
            }
            Ok(counted)
        };
        work.await.unwrap_or_else(|trouble| Err(IntentError::Store(self.explain(trouble))))
    }

    async fn withdraw(&self, decision: &Decision) -> Result<(), IntentError> {
        let work = async {
            let mut tx = self.write().await?;
            let refusal = people::withdraw(&mut tx, decision).await?;
            if refusal.is_none() {
                keep(tx).await?;
            }
            Ok(refusal)
        };
        refused(self, work.await)
    }

    async fn break_glass(
        &self,
        decision: &Decision,
        order: &Order,
        follow_up: &Action,
    ) -> Result<(), IntentError> {
        let work = async {
            let mut tx = self.write().await?;
            let refusal = people::break_glass(&mut tx, decision, order, follow_up).await?;
            if refusal.is_none() {
                keep(tx).await?;
            }
            Ok(refusal)
        };
        refused(self, work.await)
    }

    async fn locks(&self) -> Result<Vec<Lock>, StoreError> {
        read!(self, |tx| people::locks(&mut tx))
    }

    async fn turn(&self, lock: &Lock) -> Result<u64, StoreError> {
        written!(self, |tx| people::turn(&mut tx, lock))
    }

    async fn ask(&self, action: &Action, at: Timestamp) -> Result<ActionId, StoreError> {
        written!(self, |tx| intake::ask(&mut tx, action, at))
    }

    async fn expire(&self, at: Timestamp) -> Result<u64, StoreError> {
        // Asked with every poll of every process: look before locking.
        let overdue = read!(self, |tx| expiry::is_anything_overdue(&mut tx, at))?;
        if !overdue {
            return Ok(0);
        }
        written!(self, |tx| expiry::expire(&mut tx, at))
    }

    async fn let_through(&self, records: &[LetThrough]) -> Result<u64, StoreError> {
        written!(self, |tx| autonomous::take_in(&mut tx, records))
    }

    async fn autonomous(
        &self,
        limit: u32,
        before: Option<i64>,
    ) -> Result<Vec<AutonomousRow>, StoreError> {
        read!(self, |tx| autonomous::newest(&mut tx, limit, before))
    }

    async fn staged(&self, commits: &[String]) -> Result<HashSet<String>, StoreError> {
        read!(self, |tx| staged::of(&mut tx, commits))
    }

    async fn note_success(&self, success: &Success) -> Result<(), StoreError> {
        written!(self, |tx| successes::note(&mut tx, success))
    }

    async fn success(&self, change: &Digest) -> Result<Option<Success>, StoreError> {
        read!(self, |tx| successes::of(&mut tx, change))
    }

    async fn adopt_policy(&self, policy: &PolicyId, at: Timestamp) -> Result<(), AdoptError> {
        match written!(self, |tx| policies::adopt(&mut tx, policy, at))? {
            None => Ok(()),
            Some(refusal) => Err(refusal),
        }
    }

    async fn adopted(&self) -> Result<Option<PolicyId>, StoreError> {
        read!(self, |tx| policies::newest(&mut tx))
    }

    async fn mcp_tools(&self, server: &Digest) -> Result<Vec<McpTool>, StoreError> {
        read!(self, |tx| mcp_tools::of_server(&mut tx, server))
    }

    async fn keep_mcp_tools(
        &self,
        server: &Digest,
        tools: &[McpTool],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        written!(self, |tx| mcp_tools::keep(&mut tx, server, tools, at))
    }

    async fn settle(&self, order: &OrderId, receipt: &Receipt) -> Result<(), StoreError> {
        written!(self, |tx| settle::settle(&mut tx, order, receipt))
    }

    async fn orders(&self, open: bool) -> Result<Vec<OrderRow>, StoreError> {
        read!(self, |tx| orders::list(&mut tx, open))
    }

    async fn order(&self, id: &OrderId) -> Result<Option<OrderRow>, StoreError> {
        read!(self, |tx| orders::one(&mut tx, id))
    }

    async fn take_answer(&self, action: &ActionId) -> Result<Option<Order>, StoreError> {
        // Asked several times a second by every waiting process: look before locking.
        let waiting = read!(self, |tx| orders::has_answer(&mut tx, action))?;
        if !waiting {
            return Ok(None);
        }
        written!(self, |tx| orders::take_answer(&mut tx, action))
    }

    async fn activity(&self, limit: u32, before: Option<i64>) -> Result<Vec<Activity>, StoreError> {
        read!(self, |tx| history::newest(&mut tx, limit, before))
    }

    async fn note(&self, line: &Activity) -> Result<(), StoreError> {
        written!(self, |tx| history::write(&mut tx, line))
    }
}
