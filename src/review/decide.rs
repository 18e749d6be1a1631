//! Approve and reject.

use super::{
    NotKept, Review, carry, glass,
    sign::{Said, matter, standing},
};
use crate::{
    domain::{
        Action, ActionId, ActionState, Activity, ActivityKind, Decision, Digest, DigestError,
        Leave, Order, OrderId, PolicyId, Receipt, Requirement, Ruling, SourceFault, SourceKind,
        SourceName, Subject, Untrusted, Verdict,
    },
    sources::{Reread, Source},
    store::{ActionRow, Counted, IntentError, StoreError, halt},
    trust::{PenError, Standing, stand},
};
use jiff::Timestamp;
use std::{
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};
use tokio::time::{Instant, sleep, timeout};

/// Why a decision was not carried out. Nothing was sent in any of these cases, except
/// [`DecideError::NotKept`].
#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    /// No such action.
    #[error("no action `{0}` in the queue; `countersign queue` lists them")]
    NoSuchAction(ActionId),
    /// A rejection says why.
    #[error("a rejection needs a reason: the agent's owner will read it")]
    ReasonRequired,
    /// Whoever acts alone says why, and not in one word.
    #[error(
        "breaking the glass needs a reason of at least {} characters that says something: whoever \
         looks at it afterwards has nothing else",
        super::SHORTEST_REASON
    )]
    ShortReason,
    /// What was shown is not what is there now.
    #[error("it changed while you were reading; here it is as it is now")]
    Changed(Box<Action>),
    /// It no longer waits.
    #[error("it no longer waits: {0}")]
    Ended(String),
    /// The same person decided on it before.
    #[error("you have decided on this already; it waits for others")]
    Again,
    /// Policy lets nobody approve it.
    #[error(
        "nobody may approve this: {because} (boundary `{rule}`). Reject it, or change the policy first"
    )]
    Boundary {
        /// The boundary's name.
        rule: String,
        /// What it would do that nobody may.
        because: String,
    },
    /// Policy could not be asked about it.
    #[error("this cannot be approved, because policy could not be asked: {0}")]
    Unruled(String),
    /// Not so, or not by so few.
    #[error("this cannot be approved: {0}")]
    Forbidden(String),
    /// It was asked under another policy than the one that holds here.
    #[error(
        "it was asked under policy {asked}; this host has {here}: it has to be asked again. \
         It can be rejected"
    )]
    OtherPolicy {
        /// The policy of the gate that asked.
        asked: PolicyId,
        /// The policy here.
        here: PolicyId,
    },
    /// The reviewers' keys are set up and cannot be used.
    #[error("nothing can be decided, because the reviewers' keys cannot be used: {0}")]
    Keys(String),
    /// It would not count.
    #[error("your approval would not count: {0}")]
    NotYou(String),
    /// There is no signature.
    #[error("it was not signed, so nothing was decided: {0}")]
    NotSigned(#[from] PenError),
    /// The key is somebody else's.
    #[error(
        "the key in the agent is that of {now}, and this was opened for {was}: nothing was \
         decided. Open it again to decide as {now}"
    )]
    OtherHand {
        /// Whose key it is.
        now: String,
        /// For whom the announcement was made.
        was: String,
    },
    /// It was made, and does not hold.
    #[error("the signature that was made does not count, so nothing was decided: {0}")]
    NoGood(String),
    /// There is nothing to make a statement unique with.
    #[error("the system gives no random numbers, so nothing was decided: {0}")]
    NoRandomness(getrandom::Error),
    /// Somebody's order is on its way.
    #[error("order {0} for it is still without an answer")]
    Busy(String),
    /// The source could not be read again.
    #[error("it could not be read again before acting, so nothing was sent: {0}")]
    Source(SourceFault),
    /// The source this action came from is not configured here.
    #[error("source {0} is not configured on this host, so nothing can be sent to it")]
    NoSource(String),
    /// What was read again has no digest to compare.
    #[error("the action cannot be named by a digest, so it cannot be decided: {0}")]
    Digest(#[from] DigestError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It was sent and answered, and the answer could not be written down.
    #[error(transparent)]
    NotKept(#[from] NotKept),
}

/// How a decision ended that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Carried {
    /// The source, or the process at the gate, answered.
    Answered(Receipt),
    /// The answer is written down and waits for the process at the gate to take it.
    Waiting(OrderId),
    /// The decision counts, and more people have to agree.
    Counted(Standing),
}

/// Who has to agree to what was ruled so, if anybody may.
pub(super) fn required(ruling: Option<&Ruling>) -> Result<Requirement, DecideError> {
    match ruling.map(|ruling| &ruling.leave) {
        None | Some(Leave::LetThrough) => Ok(Requirement::ONE_APPROVAL),
        Some(Leave::Held(requirement)) => Ok(requirement.clone()),
        Some(Leave::Boundary { rule, because }) => {
            Err(DecideError::Boundary { rule: rule.clone(), because: because.to_string() })
        }
        Some(Leave::Refused { because }) => Err(DecideError::Unruled(because.to_string())),
    }
}

impl Review {
    /// How far an action is, by the decisions that count; none where nobody may approve it.
    pub fn standing(&self, row: &ActionRow, now: Timestamp) -> Option<Standing> {
        required(row.ruling.as_ref()).ok()?;
        Some(standing(row, now, &self.rules.reviewers.now()))
    }

    /// Decides on an action exactly as it was shown (`seen`), and carries the decision out.
    pub async fn decide(
        &self,
        id: &ActionId,
        seen: Digest,
        verdict: Verdict,
        reason: Untrusted,
    ) -> Result<Carried, DecideError> {
        let stop = self.signing.begin(id);
        let decided = self.decide_unless(id, seen, verdict, reason, stop).await;
        self.signing.end(id);
        decided
    }

    /// Ends a decision that still waits for its signature. One that has it goes on.
    pub fn stop(&self, id: &ActionId) {
        self.signing.stop(id);
    }

    async fn decide_unless(
        &self,
        id: &ActionId,
        seen: Digest,
        verdict: Verdict,
        reason: Untrusted,
        stop: Arc<AtomicBool>,
    ) -> Result<Carried, DecideError> {
        let Some((row, stored)) = self.store.action(id).await? else {
            return Err(DecideError::NoSuchAction(id.clone()));
        };
        if row.state != ActionState::Pending {
            return Err(self.not_pending(id, row.state).await?);
        }
        if row.digest != seen {
            return Err(DecideError::Changed(Box::new(stored)));
        }
        if verdict == Verdict::Reject && reason.raw().trim().is_empty() {
            return Err(DecideError::ReasonRequired);
        }
        if verdict.lets() {
            self.same_policy(&stored)?;
            required(stored.ruling.as_ref())?;
        }
        let roster = self.rules.reviewers.now();
        glass::may_follow_up(&stored, &self.reviewer, &reason, &roster)?;
        if verdict == Verdict::BreakGlass {
            glass::may_break(&stored, &reason, &roster)?;
        }
        let hand = self.hand(&stored, seen, verdict).await?;
        let source = self.still_there(&stored, seen, verdict).await?;
        let order = self.order_for(&stored, verdict, &reason);
        let said = Said { verdict, reason, at: order.at };
        let decision = self.decision(&stored, seen, said, hand, stop).await?;
        if let Some(source) = &source
            && decision.signed.is_some()
        {
            // Whoever has to touch a key takes their time.
            self.unchanged(source.as_ref(), &stored, seen, verdict).await?;
        }
        self.take(&stored, &decision, order, source).await
    }

    /// The source of an action, which still says that it waits as it was shown; none where the store
    /// is all there is to it.
    pub(super) async fn still_there(
        &self,
        stored: &Action,
        seen: Digest,
        verdict: Verdict,
    ) -> Result<Option<Arc<dyn Source>>, DecideError> {
        match stored.subject {
            // The request itself is all there is to a waiting process; its gate checks the program
            // again before it runs.
            Subject::Command { .. } | Subject::Call { .. } | Subject::FollowUp { .. } => Ok(None),
            Subject::PullRequest { .. } | Subject::Deployment { .. } => {
                let source = self
                    .source(&stored.source)
                    .ok_or_else(|| DecideError::NoSource(stored.source.to_string()))?;
                self.unchanged(source.as_ref(), stored, seen, verdict).await?;
                Ok(Some(Arc::clone(source)))
            }
        }
    }

    /// Writes a decision down, and carries out what it comes to.
    pub(super) async fn take(
        &self,
        stored: &Action,
        decision: &Decision,
        order: Order,
        source: Option<Arc<dyn Source>>,
    ) -> Result<Carried, DecideError> {
        let id = &stored.id;
        let roster = self.rules.reviewers.now();
        self.tell(&roster).await?;
        let counted = if decision.verdict == Verdict::BreakGlass {
            let follow_up = glass::follow_up(stored, decision, &order);
            self.store.register(&follow_up.source, SourceKind::Gate).await?;
            let broken = self.store.break_glass(decision, &order, &follow_up).await;
            broken.map(|()| Counted::Ordered)
        } else {
            let (at, seen, about) = (order.at, decision.digest, stored.clone());
            let under = Arc::clone(&roster);
            let enough = move |decisions: &[Decision]| {
                stand(&matter(&about, seen, at), decisions, &under).is_met()
            };
            self.store.decide(decision, &order, &enough).await
        };
        let counted = match counted {
            Ok(counted) => counted,
            Err(refusal) => return Err(self.refused(id, refusal).await?),
        };
        halt(if counted == Counted::Waiting { "decided" } else { "ordered" });
        if counted == Counted::Waiting {
            let row = self.store.action(id).await?.map(|(row, _)| row);
            let row = row.ok_or_else(|| DecideError::NoSuchAction(id.clone()))?;
            return Ok(Carried::Counted(standing(&row, self.store.now(), &roster)));
        }
        if matches!(stored.subject, Subject::FollowUp { .. }) {
            let receipt = glass::seen(&order, decision.verdict, self.store.now());
            self.store.settle(&order.id, &receipt).await?;
            return Ok(Carried::Answered(receipt));
        }
        // Before anything goes ahead, the head that covers it may be seen by others.
        self.seal_at_once().await;
        match source {
            Some(source) => Ok(Carried::Answered(self.carry(source, order).await?)),
            None => self.await_gate(order.id).await,
        }
    }

    /// Why the store would not have a decision.
    pub(super) async fn refused(
        &self,
        id: &ActionId,
        refusal: IntentError,
    ) -> Result<DecideError, StoreError> {
        Ok(match refusal {
            IntentError::NotPending { state } => self.not_pending(id, state).await?,
            IntentError::Changed { now } => DecideError::Changed(now),
            IntentError::Again => DecideError::Again,
            IntentError::Forbidden { because } => DecideError::Forbidden(because),
            IntentError::Busy { order } => DecideError::Busy(order),
            IntentError::Store(error) => DecideError::Store(error),
        })
    }

    /// What was asked at a gate was put to policy there. An approval under rules that hold no more,
    /// or not yet, is none.
    pub(super) fn same_policy(&self, stored: &Action) -> Result<(), DecideError> {
        if !matches!(stored.subject, Subject::Command { .. } | Subject::Call { .. }) {
            return Ok(());
        }
        match (&stored.ruling, &self.rules.policy) {
            (Some(ruling), Some(policy)) if ruling.policy != policy.id() => {
                Err(DecideError::OtherPolicy { asked: ruling.policy, here: policy.id() })
            }
            _ => Ok(()),
        }
    }

    /// Reads the action again at its source and puts it to policy again; anything but the same
    /// digest voids the decision. A rejection does not hang on what policy says by now.
    async fn unchanged(
        &self,
        source: &dyn Source,
        stored: &Action,
        seen: Digest,
        verdict: Verdict,
    ) -> Result<(), DecideError> {
        let reread = timeout(self.timing.read, source.reread(stored))
            .await
            .map_err(|_| carry::too_slow("reading it again", self.timing.read))
            .and_then(|answer| answer)
            .map_err(DecideError::Source)?;
        let now = self.store.now();
        let reread = match reread {
            Reread::Waiting(mut action) if verdict == Verdict::Reject => {
                action.ruling.clone_from(&stored.ruling);
                Reread::Waiting(action)
            }
            Reread::Waiting(action) => {
                let ruled = self.ruled(*action, stored.ruling.as_ref(), now).await?;
                Reread::Waiting(Box::new(ruled))
            }
            ended @ Reread::Ended(_) => ended,
        };
        match reread {
            Reread::Waiting(action) if action.id == stored.id && action.digest()? == seen => Ok(()),
            Reread::Waiting(action) => {
                self.store.put_action(&action, now).await?;
                let what = "decision refused: what was shown had changed; nothing was sent";
                self.note_void(&stored.source, &stored.id, what, now).await?;
                Err(DecideError::Changed(action))
            }
            Reread::Ended(why) => {
                self.store.end_action(&stored.id, &why, now).await?;
                Err(DecideError::Ended(why))
            }
        }
    }

    async fn note_void(
        &self,
        source: &SourceName,
        id: &ActionId,
        what: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.store
            .note(&Activity {
                seq: 0,
                at,
                kind: ActivityKind::Voided,
                source: source.clone(),
                about: id.to_string(),
                who: self.reviewer.0.clone(),
                what: Untrusted::new(what),
            })
            .await
    }

    async fn not_pending(
        &self,
        id: &ActionId,
        state: ActionState,
    ) -> Result<DecideError, StoreError> {
        if state != ActionState::Deciding {
            return Ok(DecideError::Ended(format!("it is {state}")));
        }
        let open = self.store.orders(true).await?;
        let order = open.iter().find(|row| row.order.action.as_ref() == Some(id));
        Ok(DecideError::Busy(
            order.map_or_else(|| "of another reviewer".to_owned(), |row| row.order.id.to_string()),
        ))
    }

    pub(super) fn order_for(&self, action: &Action, verdict: Verdict, reason: &Untrusted) -> Order {
        let id = carry::order_id(action.id.as_str());
        let kind = self.order_kind(action, verdict.ordered(), reason, Some(&id));
        Order {
            id,
            source: action.source.clone(),
            kind,
            action: Some(action.id.clone()),
            credential: None,
            by: self.reviewer.0.clone(),
            reason: reason.clone(),
            at: self.store.now(),
        }
    }

    /// Waits a moment for the process at the gate, so that a reviewer usually sees it run.
    async fn await_gate(&self, order: OrderId) -> Result<Carried, DecideError> {
        let until = Instant::now() + self.timing.gate;
        loop {
            let row = self.store.order(&order).await?;
            if let Some(receipt) = row.and_then(|row| row.receipt) {
                return Ok(Carried::Answered(receipt));
            }
            if Instant::now() >= until {
                return Ok(Carried::Waiting(order));
            }
            sleep(Duration::from_millis(50)).await;
        }
    }
}
