//! Decisions made on a reviewer's own machine: the request goes out, the answer comes in.
//!
//! ```text
//!   action ─▶ export ─▶ Exported ─ … own machine … ─ Answer ─▶ import
//!                                           one of ours? still the same? vouched? ─▶ counted, carried out
//! ```

use super::{Carried, DecideError, Review, decide::required, glass, sign::matter};
use crate::{
    domain::{ActionId, ActionState, Decision, Requirement, Ruling, Subject, Verdict},
    store::StoreError,
    trust::{Answer, ApartFault, Exported},
};
use jiff::{SignedDuration, Timestamp};

/// Why an answer was not taken in. Nothing was decided.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// It cannot be read.
    #[error(transparent)]
    File(#[from] ApartFault),
    /// It is about something this store has never seen.
    #[error("`statement.action`: there is no action {0} here; was it exported from another store?")]
    OtherStore(ActionId),
    /// What it was about is another thing now.
    #[error(
        "`statement.digest`: {0} is not what was signed any more; export it again and have it signed \
         again"
    )]
    OtherContent(ActionId),
    /// Nobody decides like that from elsewhere.
    #[error("`statement.verdict`: {0} is given at the queue, not from elsewhere")]
    NotFromElsewhere(Verdict),
    /// It does not prove what it claims.
    #[error("`signature`: {0}")]
    NoGood(String),
    /// It was refused as one given at the console would be.
    #[error(transparent)]
    Refused(#[from] DecideError),
}

impl From<StoreError> for ImportError {
    fn from(error: StoreError) -> Self {
        Self::Refused(error.into())
    }
}

impl Review {
    /// A waiting action as it is carried to a reviewer's own machine.
    pub async fn export(&self, id: &ActionId) -> Result<Exported, DecideError> {
        let Some((row, stored)) = self.store.action(id).await? else {
            return Err(DecideError::NoSuchAction(id.clone()));
        };
        if row.state != ActionState::Pending {
            return Err(DecideError::Ended(format!("it is {}", row.state)));
        }
        self.same_policy(&stored)?;
        required(stored.ruling.as_ref())?;
        let now = self.store.now();
        let since = match stored.subject {
            Subject::Command { .. } | Subject::Call { .. } => stored.opened,
            _ => now,
        };
        let asked = stored.ruling.as_ref().and_then(Ruling::requirement);
        let waits = asked.map_or(Requirement::ONE_APPROVAL.lifetime(), Requirement::lifetime);
        let waits = SignedDuration::try_from(waits).unwrap_or(SignedDuration::MAX);
        let expires = since.saturating_add(waits).unwrap_or(Timestamp::MAX);
        if expires <= now {
            return Err(DecideError::Ended("it waited as long as it may".to_owned()));
        }
        let roster = self.rules.reviewers.now();
        if let Some(why) = roster.keys().broken() {
            return Err(DecideError::Keys(why.to_owned()));
        }
        Ok(Exported::of(stored, roster.digest(), self.reviewer.clone(), expires)?)
    }

    /// Takes in an answer, which counts like a decision that was given at the console.
    pub async fn import(&self, answer: Answer) -> Result<(Decision, Carried), ImportError> {
        let decision = answer.decision()?;
        let id = decision.action.clone();
        let stop = self.signing.begin(&id);
        let carried = self.take_in(&decision).await;
        self.signing.end(&id);
        drop(stop);
        Ok((decision, carried?))
    }

    async fn take_in(&self, decision: &Decision) -> Result<Carried, ImportError> {
        let id = &decision.action;
        let Some((row, stored)) = self.store.action(id).await? else {
            return Err(ImportError::OtherStore(id.clone()));
        };
        if row.state != ActionState::Pending {
            return Err(DecideError::Ended(format!("it is {}", row.state)).into());
        }
        if row.digest != decision.digest {
            return Err(ImportError::OtherContent(id.clone()));
        }
        let roster = self.rules.reviewers.now();
        match decision.verdict {
            Verdict::Reject if decision.reason.raw().trim().is_empty() => {
                return Err(DecideError::ReasonRequired.into());
            }
            Verdict::Approve | Verdict::Reject => {}
            Verdict::BreakGlass => glass::may_break(&stored, &decision.reason, &roster)?,
            Verdict::Withdraw => return Err(ImportError::NotFromElsewhere(decision.verdict)),
        }
        if decision.verdict.lets() {
            self.same_policy(&stored)?;
            required(stored.ruling.as_ref())?;
        }
        glass::may_follow_up(&stored, &decision.reviewer, &decision.reason, &roster)?;
        let counts = roster.counts(decision, &matter(&stored, row.digest, self.store.now()));
        counts.map_err(|objection| ImportError::NoGood(objection.to_string()))?;
        let theirs = Self { reviewer: decision.reviewer.clone(), ..self.clone() };
        let source = theirs.still_there(&stored, row.digest, decision.verdict).await?;
        let order = theirs.order_for(&stored, decision.verdict, &decision.reason);
        Ok(theirs.take(&stored, decision, order, source).await?)
    }
}
