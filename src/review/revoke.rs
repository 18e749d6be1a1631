//! Take a credential away, and give it back.

use super::{NotKept, Review, carry};
use crate::{
    domain::{
        Credential, CredentialId, FaultKind, Order, OrderId, OrderKind, OrderState, Preview,
        Receipt, SourceFault, Untrusted,
    },
    sources::Source,
    store::{Intent, IntentError, StoreError},
    text::SafeText,
};
use std::{future::Future, sync::Arc};
use tokio::time::timeout;

/// Why a credential was not revoked or restored. Nothing was sent in any of these cases, except
/// [`RevokeError::NotKept`].
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
    /// It was sent and answered, and the answer could not be written down.
    #[error(transparent)]
    NotKept(#[from] NotKept),
}

impl Review {
    /// What revoking would do: the calls, the last use, the way back. Sends nothing.
    pub async fn preview_revoke(&self, id: &CredentialId) -> Result<Preview, RevokeError> {
        let (credential, source) = self.find(id).await?;
        self.read_in_time("the preview", source.preview_revoke(&credential)).await
    }

    /// Revokes exactly as previewed.
    pub async fn revoke(
        &self,
        id: &CredentialId,
        preview: &Preview,
        reason: Untrusted,
    ) -> Result<Receipt, RevokeError> {
        let (credential, source) = self.find(id).await?;
        let now = self.read_in_time("the preview", source.preview_revoke(&credential)).await?;
        self.give(credential, source, preview, now, reason).await
    }

    /// What restoring would do. Sends nothing.
    pub async fn preview_restore(&self, id: &CredentialId) -> Result<Preview, RevokeError> {
        let (_, source) = self.find(id).await?;
        self.way_back(id, source.as_ref()).await
    }

    /// Restores exactly as previewed.
    pub async fn restore(
        &self,
        id: &CredentialId,
        preview: &Preview,
        reason: Untrusted,
    ) -> Result<Receipt, RevokeError> {
        let (credential, source) = self.find(id).await?;
        let now = self.way_back(id, source.as_ref()).await?;
        self.give(credential, source, preview, now, reason).await
    }

    async fn find(&self, id: &CredentialId) -> Result<(Credential, Arc<dyn Source>), RevokeError> {
        let row = self.store.credential(id).await?;
        let credential = row.ok_or_else(|| RevokeError::NoSuchCredential(id.clone()))?.credential;
        let source = self
            .source(&credential.source)
            .ok_or_else(|| RevokeError::NoSource(credential.source.to_string()))?;
        Ok((credential, Arc::clone(source)))
    }

    async fn read_in_time(
        &self,
        what: &str,
        reading: impl Future<Output = Result<Preview, SourceFault>> + Send,
    ) -> Result<Preview, RevokeError> {
        timeout(self.timing.read, reading)
            .await
            .map_err(|_| carry::too_slow(what, self.timing.read))
            .and_then(|answer| answer)
            .map_err(RevokeError::Source)
    }

    /// The order that takes back the newest revocation that took effect, or may have.
    async fn way_back(
        &self,
        id: &CredentialId,
        source: &dyn Source,
    ) -> Result<Preview, RevokeError> {
        let newest = self.store.orders(false).await?.into_iter().find(|row| {
            row.order.credential.as_ref() == Some(id)
                && matches!(row.state, OrderState::Done | OrderState::Unknown)
        });
        let nothing = || RevokeError::NothingToRestore(id.clone());
        let revoked = newest.ok_or_else(nothing)?.order;
        match &revoked.kind {
            OrderKind::SetAccessKey { active: false, .. } | OrderKind::SealRole { .. } => {}
            OrderKind::DeleteDeployKey { .. } => {
                return Err(RevokeError::NotUndoable(format!(
                    "a deleted deploy key gets a new id when it is added again; its public half is kept in order {} (`countersign show {id}`)",
                    revoked.id
                )));
            }
            OrderKind::DeleteActionsSecret { name, .. } => {
                return Err(RevokeError::NotUndoable(format!(
                    "the value of the deleted secret {name} was never readable; set it again where it is kept"
                )));
            }
            OrderKind::SetAccessKey { active: true, .. }
            | OrderKind::UnsealRole { .. }
            | OrderKind::ReviewPullRequest { .. }
            | OrderKind::ReviewDeployment { .. }
            | OrderKind::AnswerCommand { .. } => return Err(nothing()),
        }
        let read = self.read_in_time("the preview", source.preview_restore(&revoked)).await;
        read.map_err(|error| match error {
            RevokeError::Source(fault) if fault.kind == FaultKind::Refused => {
                RevokeError::NotUndoable(SafeText::line(&fault.detail).to_string())
            }
            other => other,
        })
    }

    async fn give(
        &self,
        credential: Credential,
        source: Arc<dyn Source>,
        shown: &Preview,
        now: Preview,
        reason: Untrusted,
    ) -> Result<Receipt, RevokeError> {
        if now.order != shown.order || now.calls != shown.calls {
            return Err(RevokeError::Changed);
        }
        let order = Order {
            id: carry::order_id(credential.id.as_str()),
            source: credential.source,
            kind: now.order,
            action: None,
            credential: Some(credential.id),
            by: self.reviewer.0.clone(),
            reason,
            at: self.store.now(),
        };
        let intent = Intent { decision: None, order };
        if let Err(refusal) = self.store.intend(&intent).await {
            return Err(match refusal {
                IntentError::Busy { order } => match order.parse() {
                    Ok(order) => RevokeError::Busy(order),
                    Err(_) => RevokeError::Changed,
                },
                IntentError::Store(error) => RevokeError::Store(error),
                IntentError::NotPending { .. }
                | IntentError::Changed { .. }
                | IntentError::Forbidden { .. }
                | IntentError::Again => RevokeError::Changed,
            });
        }
        let receipt = self.carry(source, intent.order).await?;
        self.seal_at_once().await;
        Ok(receipt)
    }
}
