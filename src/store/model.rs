//! Rows and errors of the store.

use crate::domain::{
    Action, ActionId, ActionState, Credential, Decision, Digest, LetThrough, Order, OrderId,
    OrderState, Receipt, Ruling, SourceName, Subject, Target, ToolMatch, Untrusted,
};
use jiff::{SignedDuration, Timestamp};
use std::path::PathBuf;

/// An action as lists show it: everything but the diff, the files and the description.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ActionRow {
    /// Its id.
    pub id: ActionId,
    /// Where it waits.
    pub source: SourceName,
    /// What waits.
    pub subject: Subject,
    /// The tool behind it.
    pub tool: ToolMatch,
    /// Who asked.
    pub requester: Untrusted,
    /// One line on what it is.
    pub title: Untrusted,
    /// What it lands on.
    pub target: Target,
    /// When it was asked.
    pub opened: Timestamp,
    /// Digest of what is shown now.
    pub digest: Digest,
    /// Where it stands with us.
    pub state: ActionState,
    /// Lines added.
    pub additions: u64,
    /// Lines removed.
    pub deletions: u64,
    /// Number of files.
    pub files: u64,
    /// Checks: running, passed, failed.
    pub checks: (u64, u64, u64),
    /// First seen by us.
    pub first_seen: Timestamp,
    /// Last seen by us.
    pub last_seen: Timestamp,
    /// Its source could not be read lately; this is from before.
    pub stale: bool,
    /// What policy says of it; none before it was asked.
    pub ruling: Option<Ruling>,
    /// Every decision on it, oldest first. Not all of them count: see [`ActionRow::counting`].
    pub decisions: Vec<Decision>,
    /// The orders that used up the first of these decisions, one each, in the same order. What is
    /// used up counts no more.
    pub spent: Vec<OrderId>,
}

impl ActionRow {
    /// The decisions that count now, oldest first: on exactly what is shown, used up by no order,
    /// and no older than policy lets an approval be used. While an order is on its way, those that
    /// it carries out.
    pub fn counting(&self, now: Timestamp) -> Vec<Decision> {
        if let (ActionState::Deciding, Some(order)) = (self.state, self.spent.last()) {
            return self.behind(order).into_iter().cloned().collect();
        }
        let fresh = Fresh { digest: self.digest, ruling: self.ruling.as_ref(), now };
        let unused = self.decisions.iter().skip(self.spent.len());
        unused.filter(|decision| fresh.counts(decision)).cloned().collect()
    }

    /// The decisions that an order carries out, oldest first.
    pub fn behind(&self, order: &OrderId) -> Vec<&Decision> {
        let spent = self.decisions.iter().zip(&self.spent);
        spent
            .filter(|(decision, by)| *by == order && decision.digest == self.digest)
            .map(|(decision, _)| decision)
            .collect()
    }
}

/// Tells whether an unused decision counts.
pub(super) struct Fresh<'a> {
    pub digest: Digest,
    pub ruling: Option<&'a Ruling>,
    pub now: Timestamp,
}

impl Fresh<'_> {
    pub(super) fn counts(&self, decision: &Decision) -> bool {
        if decision.digest != self.digest {
            return false;
        }
        let Some(requirement) = self.ruling.and_then(Ruling::requirement) else { return true };
        // Either way round: a clock that was set back must not let an approval live on.
        let age = self.now.duration_since(decision.at).abs();
        age < SignedDuration::try_from(requirement.lifetime()).unwrap_or(SignedDuration::MAX)
    }
}

/// A credential with its history.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct CredentialRow {
    /// The credential as last read.
    pub credential: Credential,
    /// First seen by us.
    pub first_seen: Timestamp,
    /// Last seen by us.
    pub last_seen: Timestamp,
    /// Its source or listing could not be read lately; this is from before.
    pub stale: bool,
    /// The newest order that revoked or restored it, if any.
    pub last_order: Option<OrderRow>,
}

/// An order with what became of it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct OrderRow {
    /// What was ordered.
    pub order: Order,
    /// Where it stands.
    pub state: OrderState,
    /// What was answered.
    pub receipt: Option<Receipt>,
    /// When the gate took it; none where it did not, and for orders of other kinds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken: Option<Timestamp>,
}

/// What is written down before an order is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// The decision it carries out; none for revoke and restore.
    pub decision: Option<Decision>,
    /// The order.
    pub order: Order,
}

/// Whether these decisions, all on what is there now, are enough to go ahead. Asked under the
/// write lock, so it has to be quick.
pub type Enough = dyn Fn(&[Decision]) -> bool + Send + Sync;

/// What became of a decision that was written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// It counts; more are needed.
    Waiting,
    /// It was enough, and the order is written down.
    Ordered,
}

/// An autonomous action that was let through, with its place in the list.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct AutonomousRow {
    /// Grows with every one taken in.
    pub seq: i64,
    /// What was let through.
    pub record: LetThrough,
}

/// A change that succeeded outside production.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Success {
    /// What the same change in another environment has in common with it.
    pub change: Digest,
    /// When it ended.
    pub at: Timestamp,
    /// One line on what it was.
    pub title: Untrusted,
    /// What it landed on.
    pub target: Untrusted,
}

/// What a store says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// Where it is, as people write it; without a password.
    pub place: String,
    /// Version of its schema: the number of its newest migration.
    pub schema: i64,
    /// Bytes that are free for it on this host; `None` where that does not matter or is not told.
    pub free: Option<u64>,
    /// What works less well than it could: what, the problem, what to do.
    pub warnings: Vec<(&'static str, String, &'static str)>,
}

/// A tool of an MCP server, as it may be shown to an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct McpTool {
    /// Its name.
    pub name: String,
    /// All the server says of it, as RFC 8785 JSON.
    pub definition: String,
    /// The action that let it in; none where it was there when the server was first seen.
    pub agreed: Option<ActionId>,
}

/// Why a policy was not adopted.
#[derive(Debug, thiserror::Error)]
pub enum AdoptError {
    /// A newer one was in force.
    #[error(
        "policy version {given} is older than version {newest}, which was in force here. Take the newer one, or give the change a higher version"
    )]
    Older {
        /// The version that was given.
        given: u64,
        /// The newest seen.
        newest: u64,
    },
    /// The same version had another text.
    #[error(
        "policy version {version} was another text before ({before}). Give the change a higher version"
    )]
    Other {
        /// The version.
        version: u64,
        /// Digest of the text that had it.
        before: Digest,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a poll changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PollSummary {
    /// Things not seen before.
    pub appeared: u64,
    /// Things that changed.
    pub changed: u64,
    /// Things that are gone.
    pub gone: u64,
}

/// What was pruned, or would be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Pruned {
    /// What was older than this, and over.
    pub before: Option<Timestamp>,
    /// Entries of the ledger whose text went.
    pub entries: u64,
    /// Bytes they had.
    pub bytes: u64,
    /// Actions they were about, with their decisions and orders.
    pub actions: u64,
    /// Autonomous actions they told of.
    pub autonomous: u64,
}

/// Why the store could not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder or the file cannot be written.
    #[error(
        "cannot write the store {path}: {why}. Make it writable, make room there, or give another place with `[store] path` or --store"
    )]
    NotWritable {
        /// The file.
        path: PathBuf,
        /// The system's words.
        why: String,
    },
    /// Everybody on this machine can write it, so anybody could write an approval into it.
    #[error(
        "every user of this machine can write the store {path}, and so approve in your name. Take that away with `chmod o-w`, and look at `countersign activity` before you trust what is in it"
    )]
    Exposed {
        /// The file.
        path: PathBuf,
    },
    /// It lies where several hosts can reach it, and `SQLite` cannot be shared by hosts.
    #[error(
        "the store {path} is on a network filesystem ({kind}), where two hosts that use it would damage it. Put it on a local disk with `[store] path` or --store; for several hosts there is PostgreSQL"
    )]
    OnNetwork {
        /// The file.
        path: PathBuf,
        /// What the filesystem is called.
        kind: String,
    },
    /// Another program holds it.
    #[error(
        "the store {path} is locked by another process for more than {seconds} s. Close the other program, or wait and try again"
    )]
    Locked {
        /// The file.
        path: PathBuf,
        /// How long we waited.
        seconds: u64,
    },
    /// It was written by a newer version.
    #[error(
        "the store {path} has schema version {found}; this program knows up to {known}. Use the newer countersign that wrote it, or another store"
    )]
    UnknownSchema {
        /// The file.
        path: PathBuf,
        /// What it has.
        found: i64,
        /// What we know.
        known: i64,
    },
    /// The file is not a store, or is damaged.
    #[error(
        "the store {path} cannot be read: {why}. Move it away to start afresh; nothing in it was changed"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// The server does not answer, or not now.
    #[error(
        "the store {server} cannot be reached: {why}. It is tried again by itself; nothing is let through and nothing is lost meanwhile. See whether the server runs and lets this host in (`psql` with the same address says)"
    )]
    Unreachable {
        /// The server, without the password.
        server: String,
        /// The system's words.
        why: String,
    },
    /// The connection was lost while something was being kept, and the server cannot be asked.
    #[error(
        "the connection to the store {server} was lost just as this was written, and nobody can tell yet whether it was. Look at `countersign activity` once the server answers, before you do it again"
    )]
    Unsure {
        /// The server.
        server: String,
    },
    /// The server lets this person in not at all, or not for this.
    #[error(
        "the store {server} does not allow it: {why}. Its owner gives rights with `countersign store init` and GRANT countersign_reviewer, countersign_agent or countersign_auditor"
    )]
    Denied {
        /// The server.
        server: String,
        /// The server's words.
        why: String,
    },
    /// The server has no room.
    #[error(
        "the store {server} could not write: {why}. Nothing was kept of it. Make room on the server, and do it again"
    )]
    ServerFull {
        /// The server.
        server: String,
        /// The server's words.
        why: String,
    },
    /// The server cannot hold a store.
    #[error("the store {server} cannot be used: {why}")]
    Unfit {
        /// The server.
        server: String,
        /// What is wrong with it.
        why: String,
    },
    /// There is no store there, or it was made by an older program.
    #[error("{server} holds {what}. Its owner makes or renews it with `countersign store init`")]
    Unprepared {
        /// The server.
        server: String,
        /// What is there instead.
        what: &'static str,
    },
    /// A thing that has to be there is not.
    #[error("no {what} `{id}` in the store")]
    Missing {
        /// Kind of thing.
        what: &'static str,
        /// Its id.
        id: String,
    },
    /// It is of a kind that cannot.
    #[error("this store cannot {0}")]
    Unable(&'static str),
    /// Anything else of the database.
    #[error("the store failed: {0}")]
    Database(String),
}

/// Why an intent was not taken.
#[derive(Debug, thiserror::Error)]
pub enum IntentError {
    /// Somebody was faster, or it ended.
    #[error("this action is {state} and no longer waits for a decision")]
    NotPending {
        /// Where it stands.
        state: ActionState,
    },
    /// What was decided is not what is there now.
    #[error("what you saw has changed since: read it again before you decide")]
    Changed {
        /// The action as it is now.
        now: Box<Action>,
    },
    /// The same person decided on the same before.
    #[error("you have decided on this already; it waits for others")]
    Again,
    /// Policy does not let it be approved, or not by so few.
    #[error("this cannot be approved: {because}")]
    Forbidden {
        /// What policy asks for.
        because: String,
    },
    /// An earlier order is still without an answer.
    #[error("order {order} for it is still without an answer; see `countersign activity`")]
    Busy {
        /// That order.
        order: String,
    },
    /// The store failed; nothing was written.
    #[error(transparent)]
    Store(#[from] StoreError),
}
