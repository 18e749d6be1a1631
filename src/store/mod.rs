//! What is remembered: inventory with history, actions, decisions, orders, receipts.
//!
//! One trait, one implementation so far: SQLite, embedded, in one file. Two consoles may share
//! it; each sees the other's writes through [`Store::version`].
//!
//! ```text
//!   poll ──record_poll──▶ ┌───────────┐ ◀──actions, credentials, activity── console, cli
//!   decide ──intend─────▶ │  SQLite   │
//!   receipt ──settle────▶ └───────────┘ ──take_answer──▶ gate (once)
//! ```

mod model;
mod queue;
mod sqlite;

pub use model::{
    ActionRow, AdoptError, AutonomousRow, Counted, CredentialRow, Enough, Intent, IntentError,
    McpTool, OrderRow, PollSummary, StoreError, Success,
};
pub use queue::{
    Aliases, Changes, QueueRow, Waits, amend_credentials, amend_queue, native_name, queue_rows,
};
pub use sqlite::SqliteStore;

use crate::domain::{
    Action, ActionId, Activity, CredentialId, Decision, Digest, LetThrough, Lock, Observation,
    Order, OrderId, PolicyId, Receipt, SourceFault, SourceKind, SourceName, SourceState,
};
use async_trait::async_trait;
use jiff::Timestamp;
use std::{collections::HashSet, sync::Arc};

/// Where everything is remembered.
#[async_trait]
pub trait Store: Send + Sync {
    /// A number that changes whenever anyone, in this process or another, has written. Cheap
    /// enough to ask twice a second.
    async fn version(&self) -> Result<i64, StoreError>;

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

    /// Notes that this policy is in force. Refuses one whose version is older than any seen
    /// here, and one that has a seen version with another digest.
    async fn adopt_policy(&self, policy: &PolicyId, at: Timestamp) -> Result<(), AdoptError>;

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
}
