//! What is remembered: inventory with history, actions, decisions, orders, receipts.
//!
//! One trait, two implementations: SQLite, embedded, in one file, and PostgreSQL for a team on
//! several hosts. Both keep the same rules, because these are written once (`sql/`). Consoles may
//! share a store; each sees the other's writes through [`Store::version`].
//!
//! ```text
//!   poll ──record_poll──▶ ┌───────────┐ ◀──actions, credentials, activity── console, cli
//!   decide ──intend─────▶ │    sql    │──▶ SQLite │ PostgreSQL
//!   receipt ──settle────▶ └───────────┘ ──take_answer──▶ gate (once)
//! ```

mod halt;
mod model;
pub mod moving;
mod place;
mod postgres;
mod queue;
mod sql;
mod sqlite;

pub use halt::halt;
pub use model::{
    About, ActionRow, AdoptError, AutonomousRow, Counted, CredentialRow, Enough, Intent,
    IntentError, McpTool, OrderRow, PollSummary, Pruned, StoreError, Success,
};
pub use place::{open, open_patiently, server, stand_in, stand_in_place};
pub use postgres::{Address, AddressError, PgStore, init as init_server};
pub use queue::{
    Aliases, Changes, QueueRow, Waits, amend_credentials, amend_queue, native_name, queue_rows,
};
pub use sqlite::SqliteStore;

use crate::{
    domain::{
        Action, ActionId, Activity, CredentialId, Decision, Digest, LetThrough, Lock, Observation,
        Order, OrderId, PolicyId, Receipt, SourceFault, SourceKind, SourceName, SourceState,
    },
    ledger::{Entry, NoShelf, RosterInForce, Shelf},
};
use async_trait::async_trait;
use jiff::Timestamp;
use std::{collections::HashSet, sync::Arc, time::Duration};

/// Where everything is remembered.
#[async_trait]
pub trait Store: Send + Sync {
    /// A number that changes whenever anyone, in this process or another, has written. Cheap
    /// enough to ask twice a second.
    async fn version(&self) -> Result<i64, StoreError>;

    /// What time it is for everybody who shares this store. Where several hosts do, it is the
    /// database's time, so that no host's clock decides what is over; it never hangs on a clock
    /// that somebody sets.
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    /// Waits until the version is another one than `version`, as far as the store can tell early,
    /// and no longer than `at_most`. Only spares waiting: whoever waits asks for the version after.
    async fn moved(&self, _version: i64, at_most: Duration) {
        tokio::time::sleep(at_most).await;
    }

    /// Takes or renews the lease of this name for `time` (an hour at most); says whether `holder`
    /// has it now. Of all processes on one store one at a time has it, so that a source is polled
    /// once and not by everybody.
    async fn lease(&self, _name: &str, _holder: &str, _time: Duration) -> Result<bool, StoreError> {
        Ok(true)
    }

    /// Gives a lease up before its time is over.
    async fn release(&self, _name: &str, _holder: &str) -> Result<(), StoreError> {
        Ok(())
    }

    /// What `doctor` asks the store about itself.
    async fn about(&self) -> Result<About, StoreError> {
        Ok(About::default())
    }

    /// Writes what is left and lets go of the file or the server.
    async fn close(&self) {}

    /// Makes sure a source is listed, before it was ever asked; forgets no history.
    async fn register(&self, name: &SourceName, kind: SourceKind) -> Result<(), StoreError>;

    /// Takes in what a poll saw, in one transaction: new and changed things are updated, things
    /// that are gone are marked so, unless their part is among the gaps. `at` is when the poll
    /// began: what was settled since, or read by a poll that began later, is not overwritten.
    async fn record_poll(
        &self,
        source: &SourceName,
        seen: &Observation,
        at: Timestamp,
        next: Timestamp,
    ) -> Result<PollSummary, StoreError>;

    /// Takes in that a poll failed. What was there before stays.
    async fn record_fault(
        &self,
        source: &SourceName,
        fault: &SourceFault,
        at: Timestamp,
        next: Timestamp,
    ) -> Result<(), StoreError>;

    /// Every source, by name.
    async fn sources(&self) -> Result<Vec<SourceState>, StoreError>;

    /// Actions without their diffs; open ones (pending, deciding) first, then newest first.
    /// Closed ones only when `closed` is asked for.
    async fn actions(&self, closed: bool) -> Result<Vec<ActionRow>, StoreError>;

    /// Open actions of one source, newest first.
    async fn actions_of(&self, source: &SourceName) -> Result<Vec<ActionRow>, StoreError> {
        let mut rows = self.actions(false).await?;
        rows.retain(|row| row.source == *source);
        Ok(rows)
    }

    /// The open actions as a console holds them, newest first; only the first `limit` if given.
    /// With it, how many there are in all.
    async fn queue(&self, limit: Option<u32>) -> Result<(Vec<Arc<QueueRow>>, u64), StoreError> {
        let mut rows = queue_rows(self.actions(false).await?, Timestamp::now());
        let total = rows.len() as u64;
        rows.truncate(limit.map_or(usize::MAX, |limit| limit as usize));
        Ok((rows, total))
    }

    /// What changed in the lists after `version`; `None` where only reading them anew can tell. A
    /// row that was merely seen again, with nothing else new about it, has not changed.
    async fn changes(&self, _version: i64) -> Result<Option<Changes>, StoreError> {
        Ok(None)
    }

    /// One action, whole.
    async fn action(&self, id: &ActionId) -> Result<Option<(ActionRow, Action)>, StoreError>;

    /// Takes in an action outside a poll: a request at the gate, or one that was read again.
    async fn put_action(&self, action: &Action, at: Timestamp) -> Result<(), StoreError>;

    /// Marks an action as ended elsewhere, and why.
    async fn end_action(&self, id: &ActionId, why: &str, at: Timestamp) -> Result<(), StoreError>;

    /// Every credential, AI-held first. Gone ones only when asked for.
    async fn credentials(&self, gone: bool) -> Result<Vec<CredentialRow>, StoreError>;

    /// One credential, whole.
    async fn credential(&self, id: &CredentialId) -> Result<Option<CredentialRow>, StoreError>;

    /// Writes down a decision (if there is one) and its order, atomically and before anything is
    /// sent. Refuses when the action is no longer pending, its digest is not the decided one, or
    /// an order for the same action or credential is still without a receipt.
    async fn intend(&self, intent: &Intent) -> Result<(), IntentError>;

    /// Writes down a decision on an action, and its order in the same transaction as soon as
    /// `enough` says so of all decisions that count ([`ActionRow::counting`]), the new one
    /// included; a rejection is always enough. The order uses these decisions up. Refuses as
    /// [`Store::intend`] does, and a second decision by the same reviewer while the first counts.
    async fn decide(
        &self,
        decision: &Decision,
        order: &Order,
        enough: &Enough,
    ) -> Result<Counted, IntentError>;

    /// Writes down that a reviewer takes their approval back. Before the order was carried out or
    /// handed out the action waits again, with what others approved still counting; afterwards it is
    /// refused.
    async fn withdraw(&self, decision: &Decision) -> Result<(), IntentError>;

    /// Writes down that one person alone lets an action go ahead, with its order and the follow-up
    /// review that somebody else owes, all in one transaction. Refuses as [`Store::decide`] does, and
    /// what policy does not let one person do. That it is signed as it has to be is for whoever asks,
    /// and for the gate.
    async fn break_glass(
        &self,
        decision: &Decision,
        order: &Order,
        follow_up: &Action,
    ) -> Result<(), IntentError>;

    /// What is locked now, the newest last.
    async fn locks(&self) -> Result<Vec<Lock>, StoreError>;

    /// Locks or unlocks; answers how many locks that lifted (none for a lock).
    async fn turn(&self, lock: &Lock) -> Result<u64, StoreError>;

    /// Puts a call into the queue, unless the very same one ([`Action::same_call`]) is there
    /// already and still open; answers which action it is now. One whose time is over is ended
    /// first and does not count as open.
    async fn ask(&self, action: &Action, at: Timestamp) -> Result<ActionId, StoreError>;

    /// Ends what is overdue: requests at the gate that nobody decided within the time policy gives
    /// them, and answers nobody took within that time. Answers how many. Cheap when nothing is.
    async fn expire(&self, at: Timestamp) -> Result<u64, StoreError>;

    /// Takes in autonomous actions that were let through; those that are there already (by id)
    /// are left alone. Answers how many were new.
    async fn let_through(&self, records: &[LetThrough]) -> Result<u64, StoreError>;

    /// Autonomous actions that were let through, newest first, at most `limit`, older than `before`
    /// if given.
    async fn autonomous(
        &self,
        limit: u32,
        before: Option<i64>,
    ) -> Result<Vec<AutonomousRow>, StoreError>;

    /// Which of these commits (`owner/repo@sha`) were deployed outside production before, with an
    /// approval from here that the source confirmed. Whether the deployment then went well is not
    /// known here.
    async fn staged(&self, commits: &[String]) -> Result<HashSet<String>, StoreError>;

    /// Notes that a change ran to its end outside production and succeeded. The newest counts.
    async fn note_success(&self, success: &Success) -> Result<(), StoreError>;

    /// When this change last succeeded outside production, if it ever did.
    async fn success(&self, change: &Digest) -> Result<Option<Success>, StoreError>;

    /// Notes that this policy is in force, with its text for whoever reads the ledger. Refuses one
    /// whose version is older than any seen here, and one that has a seen version with another
    /// digest.
    async fn adopt_policy(
        &self,
        policy: &PolicyId,
        text: Option<&str>,
        at: Timestamp,
    ) -> Result<(), AdoptError>;

    /// The newest policy this store has seen in force.
    async fn adopted(&self) -> Result<Option<PolicyId>, StoreError>;

    /// The tools of an MCP server as they were first seen or last agreed to, by name; empty where
    /// the server was never seen. `server` is the digest of what it is started with.
    async fn mcp_tools(&self, server: &Digest) -> Result<Vec<McpTool>, StoreError>;

    /// Keeps tools of an MCP server. One that nobody agreed to is kept only where there is none of
    /// its name yet; one that somebody agreed to takes its place.
    async fn keep_mcp_tools(
        &self,
        server: &Digest,
        tools: &[McpTool],
        at: Timestamp,
    ) -> Result<(), StoreError>;

    /// Writes down what a source answered and moves the action or credential on: approved or
    /// rejected, switched off, sealed, gone. A refused order leaves the action pending, an unknown
    /// one leaves it deciding (at the gate: failed, both). What is done stays done.
    async fn settle(&self, order: &OrderId, receipt: &Receipt) -> Result<(), StoreError>;

    /// Orders, newest first; only those whose fate is not known (intended, unknown) when `open` is
    /// set.
    async fn orders(&self, open: bool) -> Result<Vec<OrderRow>, StoreError>;

    /// One order.
    async fn order(&self, id: &OrderId) -> Result<Option<OrderRow>, StoreError>;

    /// For the gate: the order that answers this action, handed out exactly once over all
    /// processes, and only within the time an approval may be used; afterwards `None`.
    async fn take_answer(&self, action: &ActionId) -> Result<Option<Order>, StoreError>;

    /// History, newest first, at most `limit` lines, older than `before` if given.
    async fn activity(&self, limit: u32, before: Option<i64>) -> Result<Vec<Activity>, StoreError>;

    /// Adds one line of history (its `seq` is given by the store).
    async fn note(&self, line: &Activity) -> Result<(), StoreError>;

    /// Takes the text of old entries of the ledger away, and the rows they tell of; never of what
    /// is open, and never their hashes. With `dry` nothing is done, only counted.
    async fn prune(&self, _before: Timestamp, _dry: bool) -> Result<Pruned, StoreError> {
        Err(StoreError::Unable("be pruned"))
    }

    /// Everything as it is at this moment, for as long as the view is held.
    async fn view(&self) -> Result<Box<dyn moving::View>, StoreError> {
        Err(StoreError::Unable("be read as a whole"))
    }

    /// Begins to write everything anew, in one transaction. With `replace`, what is there goes.
    async fn fill(&self, _replace: bool) -> Result<Box<dyn moving::Fill>, StoreError> {
        Err(StoreError::Unable("be written as a whole"))
    }

    /// Notes in the ledger which reviewers, keys and groups hold from now on, where they are others
    /// than those noted last; says whether they were. The store keeps no table of them: nobody
    /// believes a store who may decide.
    async fn adopt_roster(
        &self,
        _roster: &RosterInForce,
        _at: Timestamp,
    ) -> Result<bool, StoreError> {
        Err(StoreError::Unable("keep a ledger"))
    }

    /// Appends entries to the ledger that tell of no row of a table: a person's deed, upkeep.
    async fn tell(&self, _entries: &[Entry]) -> Result<(), StoreError> {
        Err(StoreError::Unable("keep a ledger"))
    }

    /// The ledger's entries, tree and heads.
    fn shelf(&self) -> &dyn Shelf {
        &NoShelf
    }
}
