//! What happened, line by line, for the Activity page.

use super::{SourceName, Untrusted};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What kind of thing happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActivityKind {
    /// An action came into the queue.
    Requested,
    /// An action's content changed after it was first seen.
    Changed,
    /// An action ended elsewhere.
    Ended,
    /// A reviewer decided.
    Decided,
    /// A decision was refused because what was shown had changed.
    Voided,
    /// An order was written down.
    Ordered,
    /// A source answered an order.
    Answered,
    /// A credential was seen for the first time.
    Appeared,
    /// A credential's status, grants or holders changed.
    Altered,
    /// A credential is no longer there.
    Disappeared,
    /// A source failed, or recovered.
    Source,
    /// A gate stopped what nobody may approve.
    Stopped,
}

impl fmt::Display for ActivityKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Requested => "requested",
            Self::Changed => "changed",
            Self::Ended => "ended",
            Self::Decided => "decided",
            Self::Voided => "voided",
            Self::Ordered => "ordered",
            Self::Answered => "answered",
            Self::Appeared => "appeared",
            Self::Altered => "altered",
            Self::Disappeared => "disappeared",
            Self::Source => "source",
            Self::Stopped => "stopped",
        })
    }
}

/// One line of history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// Position in history; grows by at least one with every line.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// What kind of thing.
    pub kind: ActivityKind,
    /// In which source.
    pub source: SourceName,
    /// The id of the action, credential or order it is about; empty for a source's own news.
    pub about: String,
    /// Who did it: a reviewer, a tool, a source.
    pub who: Untrusted,
    /// What happened, one line.
    pub what: Untrusted,
}

impl Activity {
    /// Whether it tells of a decision that nobody signed.
    pub fn is_unsigned(&self) -> bool {
        self.kind == ActivityKind::Decided && self.what.raw().ends_with("; unsigned)")
    }
}
