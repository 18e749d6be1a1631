//! What is locked: an agent's session, a tool, a host. Nothing of it gets through any gate until
//! somebody else unlocks it.
//!
//! ```text
//!   Lock { what, way: lock } ──▶ every gate refuses what it covers ──▶ Lock { way: unlock }, another person
//! ```

use super::{Action, Reviewer, Signed, Subject, ToolId, Untrusted};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The format of what is signed to lock or unlock. The namespace of the signature is that of
/// decisions, so that a line of the allowed signers serves for both.
pub const LOCK: &str = "countersign-lock@v1";

/// What is stopped.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind", content = "name")]
pub enum Locked {
    /// A session, by the agent's own name for it.
    Session(Untrusted),
    /// An AI tool, wherever it runs.
    Tool(ToolId),
    /// Everything that asks at the gates of a host.
    Host(Untrusted),
}

impl Locked {
    /// Whether an action falls under it.
    pub fn covers(&self, action: &Action) -> bool {
        match self {
            Self::Session(name) => Self::session(action) == Some(name),
            Self::Tool(tool) => action.tool.tool == *tool,
            Self::Host(name) => match &action.subject {
                Subject::Command { host, .. } | Subject::Call { host, .. } => host == name,
                Subject::PullRequest { .. }
                | Subject::Deployment { .. }
                | Subject::FollowUp { .. } => false,
            },
        }
    }

    /// The session an action came from, where its agent named one.
    pub fn session(action: &Action) -> Option<&Untrusted> {
        let named = match &action.subject {
            Subject::Call { session, .. } => Some(session),
            _ => action.asker.as_ref().map(|asker| &asker.session),
        };
        named.filter(|name| !name.is_empty())
    }

    /// The narrowest that stops whoever asked for this: their session, or else their tool.
    pub fn behind(action: &Action) -> Self {
        Self::session(action).map_or_else(
            || Self::Tool(action.tool.tool.clone()),
            |name| Self::Session(name.clone()),
        )
    }

    /// `session`, `tool` or `host`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Session(_) => "session",
            Self::Tool(_) => "tool",
            Self::Host(_) => "host",
        }
    }

    /// Its name. A session's and a host's come from outside.
    pub fn name(&self) -> Untrusted {
        match self {
            Self::Session(name) | Self::Host(name) => name.clone(),
            Self::Tool(tool) => Untrusted::new(tool.as_str()),
        }
    }
}

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Turn {
    /// Stop it.
    Lock,
    /// Let it go on.
    Unlock,
}

impl Turn {
    /// `lock`, `unlock`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Lock => "lock",
            Self::Unlock => "unlock",
        }
    }
}

/// Somebody's word to lock or unlock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lock {
    /// What.
    pub what: Locked,
    /// Which way.
    pub turn: Turn,
    /// Why.
    pub reason: Untrusted,
    /// By whom.
    pub reviewer: Reviewer,
    /// When.
    pub at: Timestamp,
    /// Their signature over a [`LockStatement`]; none: unsigned. A lock holds without one, because
    /// stopping is safe; unlocking needs one wherever reviewers have keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<Signed>,
}

/// What is signed to lock or unlock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockStatement {
    /// [`LOCK`].
    pub format: String,
    /// What.
    pub what: Locked,
    /// Which way.
    pub turn: Turn,
    /// Why.
    pub reason: Untrusted,
    /// By whom: a principal of the allowed signers.
    pub reviewer: Reviewer,
    /// When, by the clock of the machine that made it.
    pub at: Timestamp,
    /// 32 hex digits nobody has seen before.
    pub nonce: String,
}

impl LockStatement {
    /// The text that is signed.
    pub fn canonical(&self) -> Result<String, serde_json::Error> {
        serde_json_canonicalizer::to_string(self)
    }

    /// What somebody signs for this.
    pub fn of(lock: &Lock, nonce: String) -> Self {
        Self {
            format: LOCK.to_owned(),
            what: lock.what.clone(),
            turn: lock.turn,
            reason: lock.reason.clone(),
            reviewer: lock.reviewer.clone(),
            at: lock.at,
            nonce,
        }
    }

    /// Whether it says of a lock what the store says.
    pub fn says(&self, lock: &Lock) -> bool {
        *self == Self::of(lock, self.nonce.clone())
    }
}
