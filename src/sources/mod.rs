//! One folder a system: reads the world into an `Observation`, carries out an `Order`.
//!
//! ```text
//!            poll ──▶ Observation ──▶ review ──▶ store
//!   system ◀── reread (just before an order)
//!          ◀── carry_out(Order) ──▶ Receipt
//!          ◀── fate(Order)          after a crash: did it happen?
//! ```
//!
//! A source never decides anything and never retries a write. It says what it could not read
//! (`Gap`) instead of leaving it out, and its faults name the call, the cause and the next step.

mod authors;
pub mod aws;
pub mod embedded;
pub mod github;
pub mod kept;
mod lens;
mod progress;
mod reconnect;
pub mod registries;
mod skew;
pub mod snapshot;

pub use lens::Lens;
pub use progress::{Progress, Step};
pub use reconnect::Reconnecting;

use crate::domain::{
    Action, Credential, Fate, Observation, Order, OrderKind, Preview, Receipt, SourceFault,
    SourceKind, SourceName, Untrusted,
};
use async_trait::async_trait;

/// One line of `countersign doctor`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Diagnosis {
    /// What was checked: an identity, a permission by its documented name.
    pub what: String,
    /// Whether it is well, and if not, why and what to do.
    pub verdict: Verdict,
}

/// How a check of `doctor` came out.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Verdict {
    /// Well; what was seen.
    Good {
        /// What was seen (the identity's name, the number of users).
        saw: Untrusted,
    },
    /// Something that works less well than it could.
    Warning {
        /// What is not as it should be.
        problem: Untrusted,
        /// What to do.
        next_step: String,
    },
    /// Does not work.
    Bad {
        /// What is wrong.
        problem: Untrusted,
        /// What to do.
        next_step: String,
    },
}

/// What a source says when an action is read again just before an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reread {
    /// It still waits; here it is as it is now. The caller compares digests.
    Waiting(Box<Action>),
    /// It no longer waits (merged, closed, reviewed elsewhere, run ended); why.
    Ended(String),
}

/// One system that holds credentials, actions or both.
#[async_trait]
pub trait Source: Send + Sync {
    /// Its configured name.
    fn name(&self) -> &SourceName;

    /// Which system it reads.
    fn kind(&self) -> SourceKind;

    /// Reads everything. Long listings report through `progress`; the caller may drop the future
    /// to cancel. Listings that fail on their own become gaps, only a poll that saw nothing fails.
    async fn poll(&self, progress: &Progress) -> Result<Observation, SourceFault>;

    /// Reads one action again, complete with diff, past any cache.
    async fn reread(&self, action: &Action) -> Result<Reread, SourceFault>;

    /// The order that would take this credential away and everything to know before giving it.
    /// `Err` with a reason where it cannot be revoked from here.
    async fn preview_revoke(&self, credential: &Credential) -> Result<Preview, SourceFault>;

    /// The order that takes a revocation back.
    async fn preview_restore(&self, revoked: &Order) -> Result<Preview, SourceFault>;

    /// The calls an order makes, in order, exactly as they will be sent.
    fn calls(&self, order: &OrderKind) -> Vec<crate::domain::Call>;

    /// Carries out one order, sending each call at most once. A refusal by the system is a
    /// `Receipt` with `Outcome::Refused`; a lost answer is `Outcome::Unknown`. `Err` only when
    /// nothing was sent.
    async fn carry_out(&self, order: &Order) -> Result<Receipt, SourceFault>;

    /// After a crash or a lost answer: did this order take effect?
    async fn fate(&self, order: &Order) -> Result<Fate, SourceFault>;

    /// Identity, reachability and every permission it needs, for `doctor`.
    async fn diagnose(&self) -> Vec<Diagnosis>;
}
