//! What both stores do the same: one text of SQL, one set of rules, two databases.
//!
//! ```text
//!   Store ◀── Backend ──┬─ SqliteStore   begin, keep, explain
//!     │                 └─ PgStore
//!     └─▶ actions, orders, polls, … ── query("…") ──▶ Db (a transaction on either)
//! ```
//!
//! Everything that changes a list is done under one write lock, on a file as on a server, so two
//! processes never act on the same earlier state. What is only added (autonomous actions, lines
//! of history) takes no lock where the database lets several write at once.

mod actions;
mod autonomous;
mod bulk;
mod credentials;
mod db;
mod expiry;
mod history;
mod import;
mod intake;
mod later;
mod leases;
mod ledger;
mod mcp_tools;
mod moving;
mod namesakes;
mod orders;
mod people;
mod policies;
mod polls;
mod prune;
mod queue;
mod seen;
mod settle;
mod sources;
mod staged;
mod successes;
mod tally;
mod trouble;
mod values;
mod whole;
mod wording;

pub(in crate::store) use db::{Db, Many, OnFile, query};
pub(in crate::store) use import::{import, is_due};
pub(in crate::store) use ledger::{nodes as ledger_nodes, number, size as ledger_size};
pub(in crate::store) use trouble::Trouble;

use super::{
    About, ActionRow, AdoptError, AutonomousRow, Changes, Counted, CredentialRow, Enough, Intent,
    IntentError, McpTool, OrderRow, PollSummary, Pruned, QueueRow, Store, StoreError, Success,
    moving::{Fill, View},
};
use crate::domain::{
    Action, ActionId, Activity, CredentialId, Decision, Digest, LetThrough, Lock, Observation,
    Order, OrderId, PolicyId, Receipt, SourceFault, SourceKind, SourceName, SourceState,
};
use crate::ledger::{Entry, Hash, RosterInForce, Shelf, ShelfError};
use async_trait::async_trait;
use jiff::Timestamp;
use std::{collections::HashSet, sync::Arc, time::Duration};

/// Whether a write may go on beside others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Beside {
    /// It reads what it writes by, or changes a row of a list: one after the other.
    Nobody,
    /// It only adds, or says the last word on one row.
    Others,
}

/// What is different about the databases.
#[async_trait]
pub(in crate::store) trait Backend: Clone + Send + Sync + 'static {
    /// Begins a consistent view.
    async fn read(&self) -> Result<Db, Trouble>;
    /// Begins a write.
    async fn write(&self, beside: Beside) -> Result<Db, Trouble>;
    /// Ends a write: others see by the version that something happened.
    async fn keep(&self, db: Db) -> Result<(), Trouble>;
    /// Ends a view, or a write that came to nothing.
    async fn leave(&self, db: Db) -> Result<(), Trouble>;
    /// After a failure: waits, and says whether to try once more. Nothing was kept of it.
    async fn again(&self, trouble: &Trouble, tries: &mut Tries) -> bool;
    /// How long one try may take; for ever where nothing can hang.
    fn limit(&self) -> Duration;
    /// After every table was written anew, before that is kept.
    async fn filled(&self, _db: &mut Db) -> Result<(), Trouble> {
        Ok(())
    }
    /// Before the ledger is read: what has no place in it yet gets one, if that can be.
    async fn ready_ledger(&self) {}
    /// Names the store, the cause and what to do.
    fn explain(&self, trouble: Trouble) -> StoreError;
    /// See [`Store::version`].
    async fn now_at(&self) -> Result<i64, Trouble>;
    /// The number that rows of lists carry, out of a [`Store::version`].
    fn of_lists(&self, version: i64) -> i64;
    /// See [`Store::about`].
    async fn about(&self) -> Result<About, Trouble>;
    /// See [`Store::close`].
    async fn shut(&self);
    /// See [`Store::now`].
    fn clock(&self) -> Timestamp;
    /// See [`Store::moved`].
    async fn until(&self, version: i64, at_most: Duration);
}

/// How often something was tried, and since when.
pub(in crate::store) struct Tries {
    pub begun: std::time::Instant,
    pub count: u32,
}

impl Tries {
    fn new() -> Self {
        Self { begun: std::time::Instant::now(), count: 0 }
    }
}

async fn within<T>(
    limit: Duration,
    work: impl Future<Output = Result<T, Trouble>>,
) -> Result<T, Trouble> {
    tokio::time::timeout(limit, work).await.unwrap_or(Err(Trouble::TooLate))
}

/// Does the work in a transaction, again where nothing was kept of it and another try may help.
/// `$kept` says whether what the work came to is to be kept.
macro_rules! transaction {
    ($store:expr, $begin:expr, |$db:ident| $work:expr, |$answer:ident| $kept:expr) => {{
        let mut tries = Tries::new();
        loop {
            let work = async {
                let mut begun = $begin.await?;
                let $db = &mut begun;
                let answer = $work.await?;
                Ok((begun, answer))
            };
            // What becomes of a commit is never left open by running out of time.
            let done = match within($store.limit(), work).await {
                Ok((begun, $answer)) => {
                    let ended =
                        if $kept { $store.keep(begun).await } else { $store.leave(begun).await };
                    ended.map(|()| $answer)
                }
                Err(trouble) => Err(trouble),
            };
            match done {
                Err(trouble) if $store.again(&trouble, &mut tries).await => {}
                answer => break answer.map_err(|trouble| $store.explain(trouble)),
            }
        }
    }};
}

/// One write after the others; what it answers is what the transaction answers.
macro_rules! written {
    ($store:expr, |$db:ident| $work:expr) => {
        transaction!($store, $store.write(Beside::Nobody), |$db| $work, |answer| true)
    };
}

/// One write beside others.
macro_rules! added {
    ($store:expr, |$db:ident| $work:expr) => {
        transaction!($store, $store.write(Beside::Others), |$db| $work, |answer| true)
    };
}

/// One consistent view around the block.
macro_rules! read {
    ($store:expr, |$db:ident| $work:expr) => {
        transaction!($store, $store.read(), |$db| $work, |answer| false)
    };
}

#[async_trait]
impl<B: Backend> Store for B {
    async fn version(&self) -> Result<i64, StoreError> {
        let mut tries = Tries::new();
        loop {
            match within(self.limit(), self.now_at()).await {
                Err(trouble) if self.again(&trouble, &mut tries).await => {}
                answer => return answer.map_err(|trouble| self.explain(trouble)),
            }
        }
    }

    async fn about(&self) -> Result<About, StoreError> {
        let mut tries = Tries::new();
        loop {
            match within(self.limit(), Backend::about(self)).await {
                Err(trouble) if self.again(&trouble, &mut tries).await => {}
                answer => return answer.map_err(|trouble| self.explain(trouble)),
            }
        }
    }

    async fn close(&self) {
        self.shut().await;
    }

    fn now(&self) -> Timestamp {
        self.clock()
    }

    async fn moved(&self, version: i64, at_most: Duration) {
        self.until(version, at_most).await;
    }

    async fn lease(&self, name: &str, holder: &str, time: Duration) -> Result<bool, StoreError> {
        // Asked with every poll of every process: look before locking.
        let held = read!(self, |db| leases::is_held_by_another(db, name, holder))?;
        if held {
            return Ok(false);
        }
        added!(self, |db| leases::take(db, name, holder, time))
    }

    async fn release(&self, name: &str, holder: &str) -> Result<(), StoreError> {
        added!(self, |db| leases::release(db, name, holder))
    }

    async fn register(&self, name: &SourceName, kind: SourceKind) -> Result<(), StoreError> {
        added!(self, |db| sources::register(db, name, kind))
    }

    async fn record_poll(
        &self,
        source: &SourceName,
        seen: &Observation,
        at: Timestamp,
        next: Timestamp,
    ) -> Result<PollSummary, StoreError> {
        let seen = seen::Seen::prepare(seen).await.map_err(|trouble| self.explain(trouble))?;
        written!(self, |db| polls::record_poll(db, source, &seen, at, next))
    }

    async fn record_fault(
        &self,
        source: &SourceName,
        fault: &SourceFault,
        at: Timestamp,
        next: Timestamp,
    ) -> Result<(), StoreError> {
        written!(self, |db| sources::record_fault(db, source, fault, at, next))
    }

    async fn sources(&self) -> Result<Vec<SourceState>, StoreError> {
        read!(self, |db| sources::sources(db))
    }

    async fn actions(&self, closed: bool) -> Result<Vec<ActionRow>, StoreError> {
        read!(self, |db| actions::list(db, closed))
    }

    async fn actions_of(&self, source: &SourceName) -> Result<Vec<ActionRow>, StoreError> {
        read!(self, |db| actions::of_source(db, source))
    }

    async fn queue(&self, limit: Option<u32>) -> Result<(Vec<Arc<QueueRow>>, u64), StoreError> {
        read!(self, |db| queue::list(db, limit))
    }

    async fn changes(&self, version: i64) -> Result<Option<Changes>, StoreError> {
        read!(self, |db| queue::changes(db, self.of_lists(version)))
    }

    async fn action(&self, id: &ActionId) -> Result<Option<(ActionRow, Action)>, StoreError> {
        read!(self, |db| actions::one(db, id))
    }

    async fn put_action(&self, action: &Action, at: Timestamp) -> Result<(), StoreError> {
        written!(self, |db| intake::put(db, action, at))
    }

    async fn end_action(&self, id: &ActionId, why: &str, at: Timestamp) -> Result<(), StoreError> {
        written!(self, |db| intake::end(db, id, why, at))
    }

    async fn credentials(&self, gone: bool) -> Result<Vec<CredentialRow>, StoreError> {
        read!(self, |db| credentials::list(db, gone))
    }

    async fn credential(&self, id: &CredentialId) -> Result<Option<CredentialRow>, StoreError> {
        read!(self, |db| credentials::one(db, id))
    }

    async fn intend(&self, intent: &Intent) -> Result<(), IntentError> {
        let refused = transaction!(
            self,
            self.write(Beside::Nobody),
            |db| orders::intend(db, intent),
            |refusal| refusal.is_none()
        );
        refused.map_err(IntentError::Store)?.map_or(Ok(()), Err)
    }

    async fn decide(
        &self,
        decision: &Decision,
        order: &Order,
        enough: &Enough,
    ) -> Result<Counted, IntentError> {
        transaction!(
            self,
            self.write(Beside::Nobody),
            |db| orders::decide(db, decision, order, enough),
            |counted| counted.is_ok()
        )
        .unwrap_or_else(|error| Err(IntentError::Store(error)))
    }

    async fn withdraw(&self, decision: &Decision) -> Result<(), IntentError> {
        let refused = transaction!(
            self,
            self.write(Beside::Nobody),
            |db| people::withdraw(db, decision),
            |refusal| refusal.is_none()
        );
        refused.map_err(IntentError::Store)?.map_or(Ok(()), Err)
    }

    async fn break_glass(
        &self,
        decision: &Decision,
        order: &Order,
        follow_up: &Action,
    ) -> Result<(), IntentError> {
        let refused = transaction!(
            self,
            self.write(Beside::Nobody),
            |db| people::break_glass(db, decision, order, follow_up),
            |refusal| refusal.is_none()
        );
        refused.map_err(IntentError::Store)?.map_or(Ok(()), Err)
    }

    async fn locks(&self) -> Result<Vec<Lock>, StoreError> {
        read!(self, |db| people::locks(db))
    }

    async fn turn(&self, lock: &Lock) -> Result<u64, StoreError> {
        written!(self, |db| people::turn(db, lock))
    }

    async fn ask(&self, action: &Action, at: Timestamp) -> Result<ActionId, StoreError> {
        written!(self, |db| intake::ask(db, action, at))
    }

    async fn expire(&self, at: Timestamp) -> Result<u64, StoreError> {
        // Asked with every poll of every process: look before locking.
        let overdue = read!(self, |db| expiry::is_anything_overdue(db, at))?;
        if !overdue {
            return Ok(0);
        }
        written!(self, |db| expiry::expire(db, at))
    }

    async fn let_through(&self, records: &[LetThrough]) -> Result<u64, StoreError> {
        added!(self, |db| autonomous::take_in(db, records))
    }

    async fn autonomous(
        &self,
        limit: u32,
        before: Option<i64>,
    ) -> Result<Vec<AutonomousRow>, StoreError> {
        read!(self, |db| autonomous::newest(db, limit, before))
    }

    async fn staged(&self, commits: &[String]) -> Result<HashSet<String>, StoreError> {
        read!(self, |db| staged::of(db, commits))
    }

    async fn note_success(&self, success: &Success) -> Result<(), StoreError> {
        added!(self, |db| successes::note(db, success))
    }

    async fn success(&self, change: &Digest) -> Result<Option<Success>, StoreError> {
        read!(self, |db| successes::of(db, change))
    }

    async fn adopt_policy(
        &self,
        policy: &PolicyId,
        text: Option<&str>,
        at: Timestamp,
    ) -> Result<(), AdoptError> {
        // Every gate asks, for every request: look before locking.
        if read!(self, |db| policies::newest(db))? == Some(*policy) {
            return Ok(());
        }
        match written!(self, |db| policies::adopt(db, policy, text, at))? {
            None => Ok(()),
            Some(refusal) => Err(refusal),
        }
    }

    async fn adopted(&self) -> Result<Option<PolicyId>, StoreError> {
        read!(self, |db| policies::newest(db))
    }

    async fn mcp_tools(&self, server: &Digest) -> Result<Vec<McpTool>, StoreError> {
        read!(self, |db| mcp_tools::of_server(db, server))
    }

    async fn keep_mcp_tools(
        &self,
        server: &Digest,
        tools: &[McpTool],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        written!(self, |db| mcp_tools::keep(db, server, tools, at))
    }

    async fn settle(&self, order: &OrderId, receipt: &Receipt) -> Result<(), StoreError> {
        written!(self, |db| settle::settle(db, order, receipt))
    }

    async fn orders(&self, open: bool) -> Result<Vec<OrderRow>, StoreError> {
        read!(self, |db| orders::list(db, open))
    }

    async fn order(&self, id: &OrderId) -> Result<Option<OrderRow>, StoreError> {
        read!(self, |db| orders::one(db, id))
    }

    async fn take_answer(&self, action: &ActionId) -> Result<Option<Order>, StoreError> {
        // Asked several times a second by every waiting process: look before locking.
        let waiting = read!(self, |db| orders::has_answer(db, action))?;
        if !waiting {
            return Ok(None);
        }
        written!(self, |db| orders::take_answer(db, action))
    }

    async fn activity(&self, limit: u32, before: Option<i64>) -> Result<Vec<Activity>, StoreError> {
        read!(self, |db| history::newest(db, limit, before))
    }

    async fn note(&self, line: &Activity) -> Result<(), StoreError> {
        added!(self, |db| history::write(db, line))
    }

    async fn prune(&self, before: Timestamp, dry: bool) -> Result<Pruned, StoreError> {
        transaction!(
            self,
            self.write(Beside::Nobody),
            |db| prune::prune(db, before, dry),
            |_pruned| !dry
        )
    }

    async fn view(&self) -> Result<Box<dyn View>, StoreError> {
        whole::Moment::begin(self).await
    }

    async fn fill(&self, replace: bool) -> Result<Box<dyn Fill>, StoreError> {
        whole::Filling::begin(self, replace).await
    }

    async fn adopt_roster(
        &self,
        roster: &RosterInForce,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        // Asked by every command: look before locking.
        if read!(self, |db| ledger::is_last_roster(db, roster))? {
            return Ok(false);
        }
        written!(self, |db| ledger::adopt_roster(db, roster, at))
    }

    async fn tell(&self, entries: &[Entry]) -> Result<(), StoreError> {
        added!(self, |db| ledger::append(db, entries))
    }

    fn shelf(&self) -> &dyn Shelf {
        self
    }
}

fn failed(error: &StoreError) -> ShelfError {
    ShelfError::Store(error.to_string())
}

#[async_trait]
impl<B: Backend> Shelf for B {
    async fn ledger_size(&self) -> Result<u64, ShelfError> {
        self.ready_ledger().await;
        read!(self, |db| ledger::size(db)).map_err(|error| failed(&error))
    }

    async fn ledger_entries(
        &self,
        from: u64,
        limit: u32,
    ) -> Result<Vec<Option<Vec<u8>>>, ShelfError> {
        read!(self, |db| ledger::bodies(db, from, limit)).map_err(|error| failed(&error))
    }

    async fn ledger_nodes(&self, indexes: &[u64]) -> Result<Vec<Hash>, ShelfError> {
        read!(self, |db| ledger::nodes(db, indexes)).map_err(|error| failed(&error))
    }

    async fn ledger_about(&self, about: &str) -> Result<Vec<u64>, ShelfError> {
        read!(self, |db| ledger::about(db, about)).map_err(|error| failed(&error))
    }

    async fn ledger_heads(&self, from: u64) -> Result<Vec<String>, ShelfError> {
        read!(self, |db| ledger::heads(db, from)).map_err(|error| failed(&error))
    }

    async fn keep_head(&self, size: u64, note: &str) -> Result<(), ShelfError> {
        written!(self, |db| ledger::keep_head(db, size, note)).map_err(|error| failed(&error))
    }
}
