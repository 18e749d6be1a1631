//! What a source is told to carry out, and what it answered.

use super::{
    ActionId, CredentialId, LastUsed, OrderId, RepoName, SecretScope, SourceName, Untrusted,
    Verdict,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One thing to carry out, complete: nothing is looked up again when it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "order")]
pub enum OrderKind {
    /// Review a pull request at exactly one commit.
    ReviewPullRequest {
        /// Where.
        repo: RepoName,
        /// Its number.
        number: u64,
        /// The commit that was shown.
        commit_id: String,
        /// Approve, or request changes.
        verdict: Verdict,
        /// What the review says.
        body: Untrusted,
    },
    /// Review exactly these environments of one waiting run.
    ReviewDeployment {
        /// Where.
        repo: RepoName,
        /// The run.
        run_id: u64,
        /// The environments that were shown.
        environment_ids: Vec<u64>,
        /// Approved or rejected.
        verdict: Verdict,
        /// What the review says.
        comment: Untrusted,
    },
    /// Let a waiting process run its command, or refuse it.
    AnswerCommand {
        /// The request's nonce.
        nonce: String,
        /// Run or refuse.
        verdict: Verdict,
        /// What to tell the process.
        reason: Untrusted,
    },
    /// Switch an access key off or on.
    SetAccessKey {
        /// User name.
        user: String,
        /// `AKIA…`.
        key_id: String,
        /// On or off.
        active: bool,
    },
    /// Put the deny-all policy on a role.
    SealRole {
        /// Role name.
        role: String,
    },
    /// Take the deny-all policy off a role.
    UnsealRole {
        /// Role name.
        role: String,
    },
    /// Delete a deploy key. What was public of it is kept in the preview and the receipt.
    DeleteDeployKey {
        /// Where.
        repo: RepoName,
        /// Key id.
        key: u64,
        /// Its title, to put it back by hand.
        title: Untrusted,
        /// Its public half, to put it back by hand.
        public_key: Untrusted,
        /// Whether it could only read.
        read_only: bool,
    },
    /// Delete an Actions secret.
    DeleteActionsSecret {
        /// Where it is defined.
        #[serde(flatten)]
        scope: SecretScope,
        /// Its name.
        name: String,
    },
}

impl OrderKind {
    /// Whether it gives back what a revocation took.
    pub fn gives_back(&self) -> bool {
        matches!(self, Self::SetAccessKey { active: true, .. } | Self::UnsealRole { .. })
    }

    /// Which decision it carries out; none where it is about a credential.
    pub const fn verdict(&self) -> Option<Verdict> {
        match self {
            Self::ReviewPullRequest { verdict, .. }
            | Self::ReviewDeployment { verdict, .. }
            | Self::AnswerCommand { verdict, .. } => Some(*verdict),
            Self::SetAccessKey { .. }
            | Self::SealRole { .. }
            | Self::UnsealRole { .. }
            | Self::DeleteDeployKey { .. }
            | Self::DeleteActionsSecret { .. } => None,
        }
    }
}

/// An order: what to do, for which action or credential, by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Its id. Reviews carry it in their text, so a crash in mid-flight can be cleared up.
    pub id: OrderId,
    /// Who carries it out.
    pub source: SourceName,
    /// What to do.
    pub kind: OrderKind,
    /// The action it answers, if it answers one.
    pub action: Option<ActionId>,
    /// The credential it is about, if it is about one.
    pub credential: Option<CredentialId>,
    /// The reviewer who gave it.
    pub by: Untrusted,
    /// Why.
    pub reason: Untrusted,
    /// When it was written down, which is before it is sent.
    pub at: Timestamp,
}

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OrderState {
    /// Written down; whether it was sent is not known until there is a receipt.
    Intended,
    /// Carried out.
    Done,
    /// Refused by the source: it had no effect.
    Refused,
    /// Sent, and nobody can tell what happened. A person has to look.
    Unknown,
}

impl fmt::Display for OrderState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Intended => "intended",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
        })
    }
}

/// How carrying out an order ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The source confirmed it.
    Done,
    /// The source refused it; nothing changed.
    Refused,
    /// No answer that can be relied on.
    Unknown,
}

/// What a source answered. Never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// For which order.
    pub order: OrderId,
    /// How it ended.
    pub outcome: Outcome,
    /// The answer in one line: a status, a review id, a request id, an error.
    pub answer: Untrusted,
    /// When the answer came.
    pub at: Timestamp,
}

/// What became of an order, asked of the source after a crash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fate {
    /// It took effect.
    Done,
    /// It did not.
    NotDone,
    /// The source cannot tell.
    Unknown,
}

/// One call an order makes, as a preview shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Operation: `iam:UpdateAccessKey`, `DELETE /repos/acme/shop/keys/7`.
    pub operation: Untrusted,
    /// Its parameters, one `name = value` a line.
    pub parameters: Vec<(String, Untrusted)>,
}

/// Whether an order can be turned back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "undo")]
pub enum Undo {
    /// By this call.
    By {
        /// The call `restore` makes.
        call: Call,
    },
    /// It cannot, and why.
    No {
        /// Why, and what can be done instead.
        because: String,
    },
}

/// Everything a person should see before giving an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// What is ordered.
    pub order: OrderKind,
    /// The calls it makes, in order.
    pub calls: Vec<Call>,
    /// When the credential was last used.
    pub last_used: LastUsed,
    /// The way back.
    pub undo: Undo,
    /// What else to know (other keys of the same user, sessions that stay alive).
    pub warnings: Vec<String>,
}
