//! A call that is held: into the queue, a wait as long as the agent's host allows, then a ticket.
//!
//! ```text
//!   Action (held) ─ask─▶ store ◀─ decide ─ reviewers
//!        │ the very same call is there already: its answer, if there is one
//!        ├─ approved ─ take_answer, once ─▶ Passed
//!        ├─ rejected ─ take_answer, once ─▶ Refused
//!        └─ the time is over             ─▶ Ticket: the same call may come again
//! ```

use crate::{
    domain::{
        Action, ActionId, ActionState, DigestError, Order, OrderKind, Outcome, Receipt, Untrusted,
        Verdict,
    },
    store::{Store, StoreError},
};
use jiff::Timestamp;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How often to look for an answer.
const EVERY: Duration = Duration::from_millis(100);

/// How holding a call ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held {
    /// Approved; the approval is used up.
    Passed {
        /// The action.
        action: ActionId,
    },
    /// Rejected, and why.
    Refused {
        /// The action.
        action: ActionId,
        /// What the reviewer said.
        reason: Untrusted,
    },
    /// Nobody decided in time. The same call may come again, and passes once it is approved.
    Ticket {
        /// The action.
        action: ActionId,
    },
}

/// Why a call could not be held, and so does not pass.
#[derive(Debug, thiserror::Error)]
pub enum HoldError {
    /// The store cannot be reached.
    #[error("the queue cannot be reached: {0}")]
    Store(#[from] StoreError),
    /// The answer does not fit the call.
    #[error("the answer does not fit the call: {0}")]
    NotOurs(&'static str),
    /// It has no digest.
    #[error(transparent)]
    Digest(#[from] DigestError),
}

/// Holds a call until `until`.
pub async fn hold(store: &dyn Store, action: &Action, until: Instant) -> Result<Held, HoldError> {
    let id = store.ask(action, Timestamp::now()).await?;
    loop {
        if let Some(order) = store.take_answer(&id).await? {
            return obey(store, &id, action, &order).await;
        }
        let state = store.action(&id).await?.map(|(row, _)| row.state);
        let open = matches!(state, Some(ActionState::Pending | ActionState::Deciding));
        if !open || Instant::now() >= until {
            return Ok(Held::Ticket { action: id });
        }
        sleep(EVERY.min(until.saturating_duration_since(Instant::now()))).await;
    }
}

/// What the reviewers said, if it is an answer to the very same call.
async fn obey(
    store: &dyn Store,
    id: &ActionId,
    asked: &Action,
    order: &Order,
) -> Result<Held, HoldError> {
    let OrderKind::AnswerCommand { verdict, reason, .. } = &order.kind else {
        return Err(HoldError::NotOurs("it is an order of another kind"));
    };
    let Some((row, stored)) = store.action(id).await? else {
        return Err(HoldError::NotOurs("its action is gone"));
    };
    let same = stored.same_call()? == asked.same_call()? && stored.digest()? == row.digest;
    let refusal = if same { None } else { Some("it was given to another call") };
    let receipt = |outcome, answer: &str| Receipt {
        order: order.id.clone(),
        outcome,
        answer: Untrusted::new(answer),
        at: Timestamp::now(),
    };
    if let Some(why) = refusal {
        store.settle(&order.id, &receipt(Outcome::Refused, why)).await?;
        return Err(HoldError::NotOurs(why));
    }
    let told = match verdict {
        Verdict::Approve => "the call was let through",
        Verdict::Reject => "the agent was told no",
    };
    store.settle(&order.id, &receipt(Outcome::Done, told)).await?;
    let action = id.clone();
    Ok(match verdict {
        Verdict::Approve => Held::Passed { action },
        Verdict::Reject => Held::Refused { action, reason: reason.clone() },
    })
}
