//! Approve and reject.

use super::Review;
use crate::{
    domain::{Action, ActionId, Digest, Receipt, SourceFault, Untrusted, Verdict},
    store::StoreError,
};

/// Why a decision was not carried out. Nothing was sent in any of these cases.
#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    /// No such action.
    #[error("no action `{0}` in the queue; `countersign queue` lists them")]
    NoSuchAction(ActionId),
    /// A rejection says why.
    #[error("a rejection needs a reason: the agent's owner will read it")]
    ReasonRequired,
    /// What was shown is not what is there now.
    #[error("it changed while you were reading; here it is as it is now")]
    Changed(Box<Action>),
    /// It no longer waits.
    #[error("it no longer waits: {0}")]
    Ended(String),
    /// Somebody's order is on its way.
    #[error("order {0} for it is still without an answer")]
    Busy(String),
    /// The source could not be read again.
    #[error("it could not be read again before acting, so nothing was sent: {0}")]
    Source(SourceFault),
    /// The source this action came from is not configured here.
    #[error("source {0} is not configured on this host, so nothing can be sent to it")]
    NoSource(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Review {
    /// Decides on an action exactly as it was shown (`seen`), and carries the decision out.
    pub async fn decide(
        &self,
        id: &ActionId,
        _seen: Digest,
        _verdict: Verdict,
        _reason: Untrusted,
    ) -> Result<Receipt, DecideError> {
        Err(DecideError::NoSuchAction(id.clone()))
    }
}
