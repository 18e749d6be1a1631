//! A decision as its reviewer signs it.
//!
//! ```text
//!   whose key is in the agent? ─▶ may they? ─▶ Statement ─▶ agent (touch) ─▶ does it count? ─▶ Decision
//! ```
//!
//! Where no keys are set up, a decision goes unsigned as far as policy allows that.

use super::{DecideError, Review};
use crate::{
    domain::{
        Action, ActionId, Decision, Digest, Requirement, Ruling, Statement, Subject, Untrusted,
        Verdict,
    },
    store::ActionRow,
    trust::{Account, Hand, Matter, PenError, Roster, Standing, on_your_own_machine, stand, state},
};
use jiff::{SignedDuration, Timestamp};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

/// What is decided upon, as policy ruled on it.
pub(super) fn matter(action: &Action, digest: Digest, now: Timestamp) -> Matter<'_> {
    let account = Account::behind(&action.source, &action.requester);
    let matter = Matter::of(&action.id, digest, action.ruling.as_ref(), account, now);
    match action.subject {
        Subject::Command { .. } | Subject::Call { .. } => matter.since(action.opened),
        Subject::PullRequest { .. } | Subject::Deployment { .. } | Subject::FollowUp { .. } => {
            matter
        }
    }
}

/// How far an action is.
pub(super) fn standing(row: &ActionRow, now: Timestamp, roster: &Roster) -> Standing {
    let account = Account::behind(&row.source, &row.requester);
    let matter = Matter::of(&row.id, row.digest, row.ruling.as_ref(), account, now);
    stand(&matter, &row.counting(now), roster)
}

/// The decisions under way here, so that whoever waits for their key can stop one.
#[derive(Default)]
pub(super) struct Signing(Mutex<HashMap<ActionId, Arc<AtomicBool>>>);

impl Signing {
    fn with<T>(&self, work: impl FnOnce(&mut HashMap<ActionId, Arc<AtomicBool>>) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn begin(&self, id: &ActionId) -> Arc<AtomicBool> {
        let stop = Arc::<AtomicBool>::default();
        self.with(|all| all.insert(id.clone(), Arc::clone(&stop)));
        stop
    }

    pub(super) fn end(&self, id: &ActionId) {
        self.with(|all| all.remove(id));
    }

    pub(super) fn stop(&self, id: &ActionId) {
        self.with(|all| all.get(id).map(|stop| stop.store(true, Ordering::Relaxed)));
    }
}

impl Review {
    /// Whose decision it will be and with which key; none where no keys are set up. Refuses what
    /// would not count, before anybody touches anything.
    pub(super) async fn hand(
        &self,
        action: &Action,
        seen: Digest,
        verdict: Verdict,
    ) -> Result<Option<Hand>, DecideError> {
        let roster = self.rules.reviewers.now();
        if let Some(why) = roster.keys().broken() {
            return Err(DecideError::Keys(why.to_owned()));
        }
        let hand = if roster.keys().is_none() {
            None
        } else {
            let (pen, roster) = (self.pen.clone(), Arc::clone(&roster));
            Some(apart(move || pen.whose(&roster)).await?)
        };
        if let Some(hand) = &hand
            && hand.reviewer != self.reviewer
        {
            let name = |who: &crate::domain::Reviewer| who.0.raw().to_owned();
            return Err(DecideError::OtherHand {
                now: name(&hand.reviewer),
                was: name(&self.reviewer),
            });
        }
        let asked = action.ruling.as_ref().and_then(Ruling::requirement);
        if hand.is_some()
            && asked.and_then(|asked| asked.signing_of(verdict))
                == Some(crate::domain::Signing::OutOfBand)
        {
            return Err(DecideError::NotYou(on_your_own_machine(&action.id)));
        }
        if verdict.lets()
            && let Some(objection) =
                roster.objects_to(&self.reviewer, &matter(action, seen, self.store.now()))
        {
            return Err(DecideError::NotYou(objection.to_string()));
        }
        Ok(hand)
    }

    /// The decision, signed where there is a hand to sign it, and looked at as a gate will.
    pub(super) async fn decision(
        &self,
        action: &Action,
        seen: Digest,
        said: Said,
        hand: Option<Hand>,
        stop: Arc<AtomicBool>,
    ) -> Result<Decision, DecideError> {
        let Said { verdict, reason, at } = said;
        let mut decision = Decision {
            action: action.id.clone(),
            digest: seen,
            verdict,
            reviewer: self.reviewer.clone(),
            reason,
            at,
            signed: None,
        };
        let roster = self.rules.reviewers.now();
        if hand.is_some() {
            let asked = action.ruling.as_ref().and_then(Ruling::requirement);
            let asked = asked.cloned().unwrap_or(Requirement::ONE_APPROVAL);
            let signing = asked.signing_of(verdict).ok_or_else(|| {
                DecideError::Forbidden("policy lets nobody break the glass for it".to_owned())
            })?;
            let statement = statement(&decision, action.ruling.as_ref(), &asked, &roster)?;
            let (pen, roster) = (self.pen.clone(), Arc::clone(&roster));
            let signing = move || pen.sign(&roster, &statement, signing, stop);
            decision.signed = Some(apart(signing).await?);
        }
        let counts = roster.counts(&decision, &matter(action, seen, decision.at));
        counts.map_err(|objection| DecideError::NoGood(objection.to_string()))?;
        Ok(decision)
    }
}

/// What a reviewer says.
pub(super) struct Said {
    pub verdict: Verdict,
    pub reason: Untrusted,
    pub at: Timestamp,
}

fn statement(
    decision: &Decision,
    ruling: Option<&Ruling>,
    asked: &Requirement,
    roster: &Roster,
) -> Result<Statement, DecideError> {
    let waits = SignedDuration::try_from(asked.lifetime()).unwrap_or(SignedDuration::MAX);
    let expires = decision.at.checked_add(waits).unwrap_or(Timestamp::MAX);
    let policy = ruling.map(|ruling| ruling.policy);
    state(decision, policy, roster.digest(), expires).map_err(DecideError::NoRandomness)
}

/// Asks an agent on a thread that may wait for a person.
pub(super) async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, PenError> + Send + 'static,
) -> Result<T, PenError> {
    // It fails only when the program is ending.
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(PenError::Ended))
}
