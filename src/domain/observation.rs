//! What a source saw in one poll, and how the source itself is doing.

use super::{Action, Credential, Part, SourceFault, SourceKind, SourceName, Untrusted};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How many of something a poll saw, for the Sources page (`roles 78`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Of what, plural.
    pub what: String,
    /// How many.
    pub number: u64,
}

impl Count {
    /// A count, for the Sources page.
    pub fn new(what: impl Into<String>, number: usize) -> Self {
        Self { what: what.into(), number: number as u64 }
    }
}

/// A listing that could not be read although the rest of the poll went well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// Which listing.
    pub part: Part,
    /// Why.
    pub fault: SourceFault,
}

/// The world as one source saw it in one poll.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// As whom we asked: an ARN, a login.
    pub identity: Untrusted,
    /// Every credential seen, AI-held or not.
    pub credentials: Vec<Credential>,
    /// Every pending AI-initiated action seen.
    pub actions: Vec<Action>,
    /// How many of what was read.
    pub counts: Vec<Count>,
    /// What could not be read. Things of these parts are kept and marked stale.
    pub gaps: Vec<Gap>,
}

/// How a source is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Health {
    /// Not asked yet.
    Waiting,
    /// The last poll read everything.
    Good,
    /// The last poll left gaps.
    Partial,
    /// The last poll failed; what is shown is from before.
    Failing,
}

/// A source's state, as stored and shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceState {
    /// Which source.
    pub name: SourceName,
    /// Of what kind.
    pub kind: SourceKind,
    /// How it is doing.
    pub health: Health,
    /// As whom it asks.
    pub identity: Untrusted,
    /// When it was last asked.
    pub last_attempt: Option<Timestamp>,
    /// When it last answered.
    pub last_good: Option<Timestamp>,
    /// When it will be asked next.
    pub next_attempt: Option<Timestamp>,
    /// Failures in a row.
    pub failures: u32,
    /// The last failure, while it lasts.
    pub fault: Option<SourceFault>,
    /// Listings that could not be read in the last poll.
    pub gaps: Vec<Gap>,
    /// What the last good poll counted.
    pub counts: Vec<Count>,
}

impl SourceState {
    /// A source that has not been asked yet.
    pub fn unasked(name: SourceName, kind: SourceKind) -> Self {
        Self {
            name,
            kind,
            health: Health::Waiting,
            identity: Untrusted::default(),
            last_attempt: None,
            last_good: None,
            next_attempt: None,
            failures: 0,
            fault: None,
            gaps: Vec::new(),
            counts: Vec::new(),
        }
    }
}
