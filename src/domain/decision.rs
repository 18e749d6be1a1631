//! Approve or reject, by one reviewer, of exactly one digest.

use super::{ActionId, Digest, Untrusted};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{borrow::Borrow, fmt};

/// What a reviewer decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Let it go ahead.
    Approve,
    /// Stop it.
    Reject,
    /// Take back an approval of one's own, before it was used.
    Withdraw,
    /// Let it go ahead alone, in an emergency. Looked at afterwards by somebody else.
    BreakGlass,
}

impl Verdict {
    /// What is to be done: `approve`, `reject`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Reject => "reject",
            Self::Withdraw => "withdraw",
            Self::BreakGlass => "break-glass",
        }
    }

    /// What was done: `approved`, `rejected`.
    pub fn past(self) -> &'static str {
        match self {
            Self::Approve => "approved",
            Self::Reject => "rejected",
            Self::Withdraw => "approval withdrawn",
            Self::BreakGlass => "BREAK-GLASS: let through alone",
        }
    }

    /// Whether it lets something go ahead.
    pub const fn lets(self) -> bool {
        matches!(self, Self::Approve | Self::BreakGlass)
    }

    /// What a source is told: go ahead, or not.
    #[must_use]
    pub const fn ordered(self) -> Self {
        match self {
            Self::Approve | Self::BreakGlass => Self::Approve,
            Self::Reject | Self::Withdraw => Self::Reject,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// Who decides: the name this host knows the person by.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Reviewer(pub Untrusted);

/// One reviewer's decision on one action, as it was shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// On what.
    pub action: ActionId,
    /// Of exactly what was shown.
    pub digest: Digest,
    /// Which way.
    pub verdict: Verdict,
    /// By whom.
    pub reviewer: Reviewer,
    /// Why. Required to reject.
    pub reason: Untrusted,
    /// When.
    pub at: Timestamp,
    /// Their signature; none: *unsigned*, and anybody who can write to the store can have made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<Signed>,
}

impl Decision {
    /// Those that their reviewers did not take back: a withdrawal goes, and with it what the same
    /// reviewer approved before it. Whether a withdrawal is signed does not matter: it only takes
    /// away.
    pub fn kept<D: Borrow<Self>>(all: impl IntoIterator<Item = D>) -> Vec<D> {
        let mut kept: Vec<D> = Vec::new();
        for one in all {
            let is = one.borrow();
            if is.verdict == Verdict::Withdraw {
                kept.retain(|before| {
                    let before = before.borrow();
                    before.reviewer != is.reviewer || !before.verdict.lets()
                });
            } else {
                kept.push(one);
            }
        }
        kept
    }
}

/// What a reviewer signed, and the signature. Nothing here is believed before it is verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// The very bytes that were signed: a [`Statement`](super::Statement) in RFC 8785 form.
    pub statement: String,
    /// The armoured SSHSIG over them (OpenSSH, PROTOCOL.sshsig).
    pub signature: String,
}
