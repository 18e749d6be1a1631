//! Rows and errors of the store.

use crate::domain::{
    Action, ActionId, ActionState, Credential, Decision, Digest, Order, OrderState, Receipt,
    SourceName, Subject, Target, ToolMatch, Untrusted,
};
use jiff::Timestamp;
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
    /// Decisions on it, oldest first.
    pub decisions: Vec<Decision>,
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
}

/// What is written down before an order is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// The decision it carries out; none for revoke and restore.
    pub decision: Option<Decision>,
    /// The order.
    pub order: Order,
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
    /// A thing that has to be there is not.
    #[error("no {what} `{id}` in the store")]
    Missing {
        /// Kind of thing.
        what: &'static str,
        /// Its id.
        id: String,
    },
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
