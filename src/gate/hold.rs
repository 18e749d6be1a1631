//! A call that is held: into the queue, a wait as long as the agent's host allows, then a ticket.
//!
//! ```text
//!   Action (held) ─ask─▶ store ◀─ decide ─ reviewers
//!        │ the very same call is there already: its answer, if there is one
//!        ├─ approved ─ take_answer, once ─▶ Passed
//!        ├─ rejected ─ take_answer, once ─▶ Refused
//!        ├─ closed by somebody else's taking the answer, or by time ─▶ asked anew
//!        └─ the time is over             ─▶ Ticket: the same call may come again
//! ```

use super::{
    agreed::{Claim, NotAgreed},
    locks::{self, LockedOut},
    pace::pause,
};
use crate::{
    domain::{
        Action, ActionId, ActionState, DigestError, Order, OrderKind, Outcome, Receipt, Subject,
        Untrusted, Verdict, nonce,
    },
    store::{Store, StoreError, halt},
    trust::{Account, LiveRoster, Matter, Roster, Standing, stand},
};
use jiff::{SignedDuration, Timestamp};
use std::{path::Path, time::Duration};
use tokio::time::{Instant, sleep};

/// How often to look whether anybody wrote anything.
const EVERY: Duration = Duration::from_millis(100);
/// The queue is looked at this often even when nobody seems to have written.
const LOOK_ANYWAY: Duration = Duration::from_secs(5);
/// How often a call whose request was closed under it is asked anew.
const ASK_AGAIN: u32 = 3;

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
    /// Somebody stopped whoever asks.
    #[error(transparent)]
    Locked(#[from] LockedOut),
    /// The answer does not fit the call.
    #[error("the answer does not fit the call: {0}")]
    NotOurs(&'static str),
    /// It was answered, but not by enough of the right people.
    #[error(
        "the answer is no approval: {0}. Make the very same call again to have it decided anew"
    )]
    NotAgreed(#[from] NotAgreed),
    /// It has no digest.
    #[error(transparent)]
    Digest(#[from] DigestError),
    /// It cannot be asked anew.
    #[error("the system gives no random numbers: {0}")]
    NoRandomness(getrandom::Error),
}

/// Where calls are held.
#[derive(Clone, Copy)]
pub struct Queue<'a> {
    /// What waits, and the answers.
    pub store: &'a dyn Store,
    /// The store's place, beside which used approvals are noted.
    pub beside: &'a Path,
    /// Who may decide.
    pub reviewers: &'a LiveRoster,
}

/// Holds a call until `until`.
pub async fn hold(queue: Queue<'_>, action: &Action, until: Instant) -> Result<Held, HoldError> {
    let store = queue.store;
    // Hosts may differ about the time; whoever waits and whoever decides go by the store's.
    let action = &Action { opened: store.now(), ..action.clone() };
    if let Some(out) = locks::in_force(queue.beside, store, action).await? {
        return Err(out.into());
    }
    let mut id = store.ask(action, store.now()).await?;
    halt("asked");
    let mut asked_again = 0;
    let mut seen = None;
    let (mut looked, mut asked) = (Instant::now(), Instant::now());
    loop {
        let begun = Instant::now();
        let looking = look(queue, &id, action, &mut seen, &mut looked);
        match looking.await {
            Ok(Seen::Answered(held)) => return Ok(held),
            // Somebody with the very same call may have died with the answer in hand; asking finds
            // that out, and joins what is still open.
            Ok(Seen::Deciding) if asked.elapsed() >= LOOK_ANYWAY => {
                asked = Instant::now();
                let now = store
                    .ask(&Action { opened: store.now(), ..anew(action)? }, store.now())
                    .await?;
                if now != id {
                    (id, seen) = (now, None);
                }
            }
            Ok(Seen::Open | Seen::Deciding) => halt("waiting"),
            Ok(Seen::Closed) if asked_again < ASK_AGAIN && Instant::now() < until => {
                asked_again += 1;
                id = store
                    .ask(&Action { opened: store.now(), ..anew(action)? }, store.now())
                    .await?;
                seen = None;
                continue;
            }
            Ok(Seen::Closed) => return Ok(Held::Ticket { action: id }),
            // Others may hold the store for a while; whoever waits can wait for that too.
            Err(HoldError::Store(StoreError::Locked { .. })) if Instant::now() < until => {}
            Err(error) => return Err(error),
        }
        if Instant::now() >= until {
            return Ok(Held::Ticket { action: id });
        }
        let left = until.saturating_duration_since(Instant::now());
        sleep(pause(EVERY, begun.elapsed()).min(left)).await;
    }
}

/// How far an action is, and until when it waits; none where nobody can tell.
pub async fn standing(
    store: &dyn Store,
    id: &ActionId,
    roster: &Roster,
    now: Timestamp,
) -> Option<(Standing, Timestamp)> {
    let (row, action) = store.action(id).await.ok()??;
    let requirement = action.ruling.as_ref()?.requirement()?;
    let lifetime = SignedDuration::try_from(requirement.lifetime()).ok()?;
    let until = action.opened.checked_add(lifetime).ok()?;
    let account = Account::behind(&action.source, &action.requester);
    let ruling = action.ruling.as_ref();
    let matter = Matter::of(&action.id, row.digest, ruling, account, now).since(action.opened);
    Some((stand(&matter, &row.counting(now), roster), until))
}

/// What a look at the queue found.
enum Seen {
    Open,
    Deciding,
    Closed,
    Answered(Held),
}

/// Asks for the answer, if anything was written since the last look.
async fn look(
    queue: Queue<'_>,
    id: &ActionId,
    action: &Action,
    seen: &mut Option<i64>,
    looked: &mut Instant,
) -> Result<Seen, HoldError> {
    let store = queue.store;
    let version = store.version().await?;
    if *seen == Some(version) && looked.elapsed() < LOOK_ANYWAY {
        return Ok(Seen::Open);
    }
    if let Some(out) = locks::in_force(queue.beside, store, action).await? {
        return Err(out.into());
    }
    if let Some(order) = store.take_answer(id).await? {
        halt("taken");
        return Ok(Seen::Answered(obey(queue, id, action, &order).await?));
    }
    let row = store.action(id).await?.map(|(row, _)| row);
    (*seen, *looked) = (Some(version), Instant::now());
    Ok(match row {
        Some(row) if row.state == ActionState::Pending => Seen::Open,
        Some(row) if row.state == ActionState::Deciding => Seen::Deciding,
        // Two of the very same call were waiting, and the other one took the no.
        Some(row) if row.state == ActionState::Rejected => {
            let no = row.decisions.iter().rev().find(|one| one.verdict == Verdict::Reject);
            let reason = no.map(|no| no.reason.clone()).unwrap_or_default();
            Seen::Answered(Held::Refused { action: id.clone(), reason })
        }
        _ => Seen::Closed,
    })
}

/// The very same call, as a request of its own.
fn anew(action: &Action) -> Result<Action, HoldError> {
    let mut anew = action.clone();
    if let Subject::Call { nonce: fresh, .. } = &mut anew.subject {
        *fresh = nonce().map_err(HoldError::NoRandomness)?;
    }
    anew.id = anew.subject.id(&anew.source);
    Ok(anew)
}

/// What the reviewers said, if it is an answer to the very same call.
async fn obey(
    queue: Queue<'_>,
    id: &ActionId,
    asked: &Action,
    order: &Order,
) -> Result<Held, HoldError> {
    let store = queue.store;
    let OrderKind::AnswerCommand { verdict, reason, .. } = &order.kind else {
        return Err(HoldError::NotOurs("it is an order of another kind"));
    };
    let Some((row, stored)) = store.action(id).await? else {
        return Err(HoldError::NotOurs("its action is gone"));
    };
    let same = stored.same_call()? == asked.same_call()? && stored.digest()? == row.digest;
    let refusal = if !same {
        Some(HoldError::NotOurs("it was given to another call"))
    } else if *verdict == Verdict::Approve {
        let roster = queue.reviewers.now();
        let claim = Claim { asked, shown: &stored, roster: &roster, now: store.now() };
        claim.take(queue.beside, &row, order).err().map(HoldError::NotAgreed)
    } else {
        None
    };
    let receipt = |outcome, answer: &str| Receipt {
        order: order.id.clone(),
        outcome,
        answer: Untrusted::new(answer),
        at: store.now(),
    };
    if let Some(why) = refusal {
        store.settle(&order.id, &receipt(Outcome::Refused, &why.to_string())).await?;
        return Err(why);
    }
    let told = match verdict.ordered() {
        Verdict::Approve => "the call was let through",
        _ => "the agent was told no",
    };
    store.settle(&order.id, &receipt(Outcome::Done, told)).await?;
    halt("settled");
    let action = id.clone();
    Ok(match verdict.ordered() {
        Verdict::Approve => Held::Passed { action },
        _ => Held::Refused { action, reason: reason.clone() },
    })
}
