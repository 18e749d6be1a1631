//! Taking one's approval back, before anybody used it.
//!
//! ```text
//!   pending, approved ─▶ sign "withdraw" ─▶ Store::withdraw ─▶ counted anew ─▶ Standing
//!   answered, not taken ─▶ the order is called off with it
//! ```

use super::{DecideError, Review, sign::standing};
use crate::{
    domain::{ActionId, ActionState, Untrusted, Verdict},
    trust::Standing,
};

impl Review {
    /// Takes back the approval of whoever decides here; answers how far the action is without it.
    pub async fn withdraw(
        &self,
        id: &ActionId,
        reason: Untrusted,
    ) -> Result<Standing, DecideError> {
        let stop = self.signing.begin(id);
        let Some((row, stored)) = self.store.action(id).await? else {
            self.signing.end(id);
            return Err(DecideError::NoSuchAction(id.clone()));
        };
        let open = matches!(row.state, ActionState::Pending | ActionState::Deciding);
        let decision = async {
            if !open {
                return Err(DecideError::Ended(format!("it is {}", row.state)));
            }
            let hand = self.hand(&stored, row.digest, Verdict::Withdraw).await?;
            let said =
                super::sign::Said { verdict: Verdict::Withdraw, reason, at: self.store.now() };
            self.decision(&stored, row.digest, said, hand, stop).await
        };
        let decision = decision.await;
        self.signing.end(id);
        let decision = decision?;
        self.tell(&self.rules.reviewers.now()).await?;
        if let Err(refusal) = self.store.withdraw(&decision).await {
            return Err(self.refused(id, refusal).await?);
        }
        let Some((row, _)) = self.store.action(id).await? else {
            return Err(DecideError::NoSuchAction(id.clone()));
        };
        Ok(standing(&row, self.store.now(), &self.rules.reviewers.now()))
    }
}
