//! One entry of the ledger: what happened, as one line of canonical JSON.
//!
//! ```text
//!   {"about":"a-0123456789","at":"2026-11-20T17:00:00Z","body":{…},
//!    "entry":"countersign-entry@v1","kind":"decision"}              (one line, RFC 8785)
//! ```
//!
//! The bytes are what the tree hashes and what an auditor reads, so they are written once and
//! never again: reading checks that they are canonical and does not write them anew, because a
//! later version of this program may know more fields than the one that wrote them.

mod body;

pub use body::{
    Body, Ended, Kind, PolicyInForce, Requested, RosterInForce, RosterText, Shown, Taken, Upkeep,
};

use super::canonical;
use crate::domain::{
    Action, ActionId, Decision, DigestError, LetThrough, Lock, Order, PolicyId, Receipt,
    SourceName, Untrusted, Verdict,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use std::fmt;

/// The format of an entry; later formats get another name.
pub const ENTRY: &str = "countersign-entry@v1";

/// What an entry tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntryKind {
    /// An action came into the queue, or its content changed.
    Request,
    /// A reviewer approved or rejected.
    Decision,
    /// An order was written down that answers an action.
    Order,
    /// An order was written down that takes a credential away, or gives it back.
    Revocation,
    /// A gate took the answer to its request.
    Taken,
    /// A source answered an order.
    Receipt,
    /// A policy came into force.
    Policy,
    /// Reviewers, their keys or groups changed.
    Roster,
    /// A reviewer let an action go ahead alone, for a reason.
    BreakGlass,
    /// A reviewer took their approval back before it was used.
    Withdrawal,
    /// A reviewer stopped a session, a tool or a host, or let it go on.
    Lock,
    /// Autonomous actions that were let through.
    Autonomous,
    /// An action ended without being carried out: voided, expired, gone.
    Ended,
    /// The ledger itself was taken care of: entries imported, pruned, put back from a backup.
    Upkeep,
}

impl EntryKind {
    /// Every kind.
    pub const ALL: [Self; 14] = [
        Self::Request,
        Self::Decision,
        Self::Order,
        Self::Revocation,
        Self::Taken,
        Self::Receipt,
        Self::Policy,
        Self::Roster,
        Self::BreakGlass,
        Self::Withdrawal,
        Self::Lock,
        Self::Autonomous,
        Self::Ended,
        Self::Upkeep,
    ];

    /// What a decision of this verdict is told as.
    const fn of(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Approve | Verdict::Reject => Self::Decision,
            Verdict::BreakGlass => Self::BreakGlass,
            Verdict::Withdraw => Self::Withdrawal,
        }
    }

    /// Its name in an entry.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Decision => "decision",
            Self::Order => "order",
            Self::Revocation => "revocation",
            Self::Taken => "taken",
            Self::Receipt => "receipt",
            Self::Policy => "policy",
            Self::Roster => "roster",
            Self::BreakGlass => "break-glass",
            Self::Withdrawal => "withdrawal",
            Self::Lock => "lock",
            Self::Autonomous => "autonomous",
            Self::Ended => "ended",
            Self::Upkeep => "upkeep",
        }
    }
}

impl fmt::Display for EntryKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// One entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// When it was written down.
    pub at: Timestamp,
    /// Id of what it is about: an action, an order, a credential; `policy`, `roster`, `lock`,
    /// `ledger`, or a source.
    pub about: String,
    /// What it tells.
    pub body: Body,
}

/// What is wrong with an entry's bytes, without its number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// The bytes are no canonical JSON.
    #[error("it is not canonical JSON (RFC 8785): {0}")]
    NotCanonical(#[from] canonical::NotCanonical),
    /// A field is missing, or is not what it has to be.
    #[error("field `{field}`: {why}")]
    Field {
        /// Its path: `kind`, `body.digest`.
        field: String,
        /// What is wrong with it.
        why: String,
    },
}

/// Why an entry could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// It has no canonical form.
    #[error("the entry cannot be written: {0}")]
    NotCanonical(#[from] serde_json::Error),
    /// Its action has no digest.
    #[error("the entry cannot be written: {0}")]
    NoDigest(#[from] DigestError),
}

impl Entry {
    /// An action came in, or its content changed.
    pub fn request(action: &Action, at: Timestamp) -> Result<Self, WriteError> {
        let body = Body::Request(Box::new(Requested::of(action)?));
        Ok(Self { at, about: action.id.to_string(), body })
    }

    /// A decision: what it is told as hangs on its verdict.
    pub fn decision(decision: &Decision) -> Self {
        let body = Body::Decision(Box::new(decision.clone()));
        Self { at: decision.at, about: decision.action.to_string(), body }
    }

    /// An order: on an action, or on a credential.
    pub fn order(order: &Order) -> Self {
        let boxed = Box::new(order.clone());
        let (about, body) = match (&order.action, &order.credential) {
            (Some(action), _) => (action.to_string(), Body::Order(boxed)),
            (None, Some(credential)) => (credential.to_string(), Body::Revocation(boxed)),
            (None, None) => (order.id.to_string(), Body::Order(boxed)),
        };
        Self { at: order.at, about, body }
    }

    /// A gate took the answer to its request.
    pub fn taken(order: &Order, action: &ActionId, at: Timestamp) -> Self {
        let body = Body::Taken(Taken { order: order.id.clone(), action: action.clone() });
        Self { at, about: action.to_string(), body }
    }

    /// What a source answered. `about` is the action or credential of the order.
    pub fn receipt(receipt: &Receipt, about: &str) -> Self {
        let body = Body::Receipt(Box::new(receipt.clone()));
        Self { at: receipt.at, about: about.to_owned(), body }
    }

    /// A policy came into force.
    pub fn policy(policy: PolicyId, text: Option<Untrusted>, at: Timestamp) -> Self {
        let body = Body::Policy(PolicyInForce { policy, text });
        Self { at, about: "policy".to_owned(), body }
    }

    /// A roster came into force.
    pub fn roster(roster: RosterInForce, at: Timestamp) -> Self {
        Self { at, about: "roster".to_owned(), body: Body::Roster(Box::new(roster)) }
    }

    /// Something was stopped, or let go on.
    pub fn lock(lock: &Lock) -> Self {
        let body = Body::Lock(Box::new(lock.clone()));
        Self { at: lock.at, about: "lock".to_owned(), body }
    }

    /// Autonomous actions of one source that were let through.
    pub fn autonomous(source: &SourceName, batch: Vec<LetThrough>, at: Timestamp) -> Self {
        Self { at, about: source.to_string(), body: Body::Autonomous(batch) }
    }

    /// An action ended without being carried out.
    pub fn ended(action: &ActionId, because: Untrusted, at: Timestamp) -> Self {
        let body = Body::Ended(Ended { action: action.clone(), because });
        Self { at, about: action.to_string(), body }
    }

    /// The ledger itself was taken care of.
    pub fn upkeep(did: Upkeep, at: Timestamp) -> Self {
        Self { at, about: "ledger".to_owned(), body: Body::Upkeep(did) }
    }

    /// Which kind it is.
    pub fn kind(&self) -> EntryKind {
        match &self.body {
            Body::Request(_) => EntryKind::Request,
            Body::Decision(it) => EntryKind::of(it.verdict),
            Body::Order(_) => EntryKind::Order,
            Body::Revocation(_) => EntryKind::Revocation,
            Body::Taken(_) => EntryKind::Taken,
            Body::Receipt(_) => EntryKind::Receipt,
            Body::Policy(_) => EntryKind::Policy,
            Body::Roster(_) => EntryKind::Roster,
            Body::Lock(_) => EntryKind::Lock,
            Body::Autonomous(_) => EntryKind::Autonomous,
            Body::Ended(_) => EntryKind::Ended,
            Body::Upkeep(_) => EntryKind::Upkeep,
        }
    }

    /// Its bytes: one line of canonical JSON, without a line break. This is what the tree hashes.
    pub fn bytes(&self) -> Result<Vec<u8>, WriteError> {
        let body = self.body.canonical()?;
        let about = serde_json_canonicalizer::to_string(&self.about)?;
        let (at, kind) = (self.at, self.kind());
        Ok(format!(
            r#"{{"about":{about},"at":"{at}","body":{body},"entry":"{ENTRY}","kind":"{kind}"}}"#
        )
        .into_bytes())
    }

    /// Reads an entry back, strictly: its bytes have to be canonical and all it needs there.
    pub fn read(bytes: &[u8]) -> Result<Self, EntryError> {
        canonical::check(bytes)?;
        Self::read_canonical(bytes)
    }

    /// Reads an entry whose bytes are known to be canonical.
    pub fn read_canonical(bytes: &[u8]) -> Result<Self, EntryError> {
        let line: Line<'_> = field("", std::str::from_utf8(bytes).unwrap_or_default())?;
        if line.entry != ENTRY {
            return Err(wrong("entry", format!("`{ENTRY}` is expected")));
        }
        let kind = EntryKind::ALL.into_iter().find(|kind| kind.word() == line.kind);
        let kind = kind.ok_or_else(|| {
            wrong("kind", "this program knows no such kind of entry; a newer one may".to_owned())
        })?;
        Ok(Self { at: line.at, about: line.about, body: Body::read(kind, line.body.get())? })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'a> {
    about: String,
    at: Timestamp,
    #[serde(borrow)]
    body: &'a RawValue,
    entry: String,
    kind: String,
}

fn owned<T: DeserializeOwned>(text: &str) -> Result<T, EntryError> {
    field("body", text)
}

fn field<'a, T: Deserialize<'a>>(name: &str, text: &'a str) -> Result<T, EntryError> {
    serde_json::from_str(text).map_err(|error| {
        // Canonical JSON is one line, so the column is the byte; the words of the parser end with it.
        let mut path = canonical::path_at(text.as_bytes(), error.column().saturating_sub(1));
        let words = error.to_string();
        let why = words.split(" at line ").next().unwrap_or_default().to_owned();
        let told = ["missing field `", "unknown field `"]
            .iter()
            .find_map(|start| why.strip_prefix(start)?.split('`').next());
        if let Some(told) = told {
            // That shows where the name before is still the last one that was read.
            path.truncate(path.rfind('.').map_or(0, |dot| dot + 1));
            path.push_str(told);
        }
        let dot = if name.is_empty() || path.is_empty() { "" } else { "." };
        wrong(&format!("{name}{dot}{path}"), why)
    })
}

fn wrong(field: &str, why: String) -> EntryError {
    EntryError::Field { field: field.to_owned(), why }
}

#[cfg(test)]
mod tests;
