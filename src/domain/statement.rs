//! What a reviewer signs.
//!
//! ```text
//!   Statement ──RFC 8785──▶ text ──(SSHSIG, countersign-decision@v1)──▶ Signed
//! ```
//!
//! The text is all there is to a signature: whatever a decision is to prove has to be in it, and a
//! person with nothing but `ssh-keygen` can check it.

use super::{ActionId, Digest, PolicyId, Reviewer, Untrusted, Verdict};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The namespace of a decision's signature, and the format of what is signed.
pub const DECISION: &str = "countersign-decision@v1";

/// Where a decision was made, as whoever signed it says. No signature proves it; keys that are kept
/// away from forwarded agents do (`countersign-out-of-band@v1` among their namespaces).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Made {
    /// On the host that holds the queue.
    #[default]
    Desk,
    /// On the reviewer's own machine, from an exported request.
    OwnMachine,
}

impl Made {
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over like that")]
    const fn is_desk(&self) -> bool {
        matches!(self, Self::Desk)
    }
}

/// One reviewer's decision, complete: on what, which way, under which rules, until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// [`DECISION`].
    pub format: String,
    /// On what.
    pub action: ActionId,
    /// Of exactly what was shown.
    pub digest: Digest,
    /// Which way.
    pub verdict: Verdict,
    /// Why.
    pub reason: Untrusted,
    /// By whom: a principal of the allowed signers.
    pub reviewer: Reviewer,
    /// When, by the clock of the machine that made it.
    pub at: Timestamp,
    /// 32 hex digits nobody has seen before, so that one statement is one decision.
    pub nonce: String,
    /// The policy it was given under; none where policy was not asked.
    pub policy: Option<PolicyId>,
    /// The reviewers, their keys and groups it was given under.
    pub roster: Digest,
    /// After that it counts no more.
    pub expires: Timestamp,
    /// Where it was made; left out for [`Made::Desk`].
    #[serde(default, skip_serializing_if = "Made::is_desk")]
    pub made: Made,
}

impl Statement {
    /// The text that is signed.
    pub fn canonical(&self) -> Result<String, serde_json::Error> {
        serde_json_canonicalizer::to_string(self)
    }
}
