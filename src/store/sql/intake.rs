//! Actions, as they come in from polls and from the gate and go away again.
//!
//! ```text
//!            new ─▶ Pending ──intend──▶ Deciding ──receipt──▶ Approved │ Rejected
//!                    ▲  │                                        │
//!   another digest ──┘  └─ not listed any more ─▶ Gone           └─ listed again, same
//!   (a new head)                                                    digest: stays decided,
//!                                                                   but a run may wait twice
//! ```

use super::{
    bulk,
    db::{Db, Row, query, query_scalar},
    expiry,
    history::Line,
    ledger,
    trouble::Trouble,
    values::{fingerprint, from_word, json, millis, word},
};
use crate::{
    domain::{
        Action, ActionId, ActionState, ActivityKind, CheckState, OrderState, Outcome, Receipt,
        Requirement, Ruling, SourceName, Subject, Target, ToolMatch, Untrusted,
    },
    ledger::Entry,
    store::halt,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{collections::HashMap, time::Duration};

/// The part of a row that lists show and that only changes with the action.
#[derive(Serialize, Deserialize)]
pub(super) struct Summary {
    pub subject: Subject,
    pub tool: ToolMatch,
    pub requester: Untrusted,
    pub title: Untrusted,
    pub target: Target,
    pub opened: Timestamp,
    pub additions: u64,
    pub deletions: u64,
    pub files: u64,
    pub checks: (u64, u64, u64),
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ruling: Option<Ruling>,
}

impl Summary {
    fn of(action: &Action) -> Self {
        let count =
            |state| action.checks.iter().filter(|check| check.state == state).count() as u64;
        Self {
            subject: action.subject.clone(),
            tool: action.tool.clone(),
            requester: action.requester.clone(),
            title: action.title.clone(),
            target: action.target.clone(),
            opened: action.opened,
            additions: action.change.additions,
            deletions: action.change.deletions,
            files: action.change.files.len() as u64,
            checks: (
                count(CheckState::Running),
                count(CheckState::Passed),
                count(CheckState::Failed),
            ),
            ruling: action.ruling.clone(),
        }
    }
}

/// An action with everything a row needs, worked out before the write lock is taken.
pub(super) struct Prepared {
    pub id: ActionId,
    pub source: SourceName,
    pub part: String,
    pub kind: &'static str,
    /// What the very same call shares with it.
    pub same_call: Option<String>,
    /// After how long a request at the gate is over that nobody decided, from when it
    /// was taken in: the clock of whoever asks may be wrong. What waits elsewhere waits on.
    pub lifetime: Option<Duration>,
    pub digest: String,
    pub opened: Timestamp,
    pub title: String,
    tool: String,
    requester: Untrusted,
    pub summary: String,
    pub body: String,
    pub fingerprint: String,
}

impl Prepared {
    pub(super) fn of(action: &Action) -> Result<Self, Trouble> {
        let body = json(action)?;
        let at_gate = matches!(action.subject, Subject::Command { .. } | Subject::Call { .. });
        let requirement = action.ruling.as_ref().and_then(Ruling::requirement);
        Ok(Self {
            lifetime: requirement.filter(|_| at_gate).map(Requirement::lifetime),
            id: action.id.clone(),
            source: action.source.clone(),
            part: action.part.0.clone(),
            kind: match action.subject {
                Subject::PullRequest { .. } => "pull-request",
                Subject::Deployment { .. } => "deployment",
                Subject::Command { .. } => "command",
                Subject::Call { .. } => "call",
                Subject::FollowUp { .. } => "follow-up",
            },
            same_call: action.same_call()?.map(|call| call.to_string()),
            digest: action.digest()?.to_string(),
            opened: action.opened,
            title: action.title.raw().to_owned(),
            tool: action.tool.name.clone(),
            requester: action.requester.clone(),
            summary: json(&Summary::of(action))?,
            fingerprint: fingerprint(&body),
            body,
        })
    }
}

/// What is stored of an action already, as far as taking in a newer one needs it.
pub(super) struct Old {
    pub source: String,
    pub state: ActionState,
    pub present: bool,
    pub digest: String,
    pub fingerprint: String,
    pub touched: i64,
}

/// What taking an action in did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    New,
    Changed,
    Refreshed,
    Same,
    /// Not at all: its id belongs to an action of another source.
    Not,
}

/// What is stored of one action.
pub(super) async fn old(db: &mut Db, id: &ActionId) -> Result<Option<Old>, Trouble> {
    let row = query(
        "SELECT source, state, present, digest, fingerprint, touched FROM actions WHERE id = $1",
    )
    .bind(id.as_str())
    .fetch_optional(db)
    .await?;
    row.map(|row| old_from(&row, 0)).transpose()
}

/// What is stored of several actions, by id.
pub(super) async fn old_ones(db: &mut Db, ids: &[&str]) -> Result<HashMap<String, Old>, Trouble> {
    let rows = query(
        "SELECT id, source, state, present, digest, fingerprint, touched FROM actions \
         WHERE id IN (SELECT value FROM json_each($1))",
    )
    .bind(json(&ids)?)
    .fetch_all(db)
    .await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, old_from(row, 1)?))).collect()
}

/// Reads [`Old`] from six columns that begin at `first`.
pub(super) fn old_from(row: &Row, first: usize) -> Result<Old, Trouble> {
    Ok(Old {
        source: row.try_get(first)?,
        state: from_word(row.try_get(first + 1)?)?,
        present: row.try_get(first + 2)?,
        digest: row.try_get(first + 3)?,
        fingerprint: row.try_get(first + 4)?,
        touched: row.try_get(first + 5)?,
    })
}

/// Whether an order for the action is written down and not yet answered.
pub(super) async fn in_flight(db: &mut Db, id: &ActionId) -> Result<Option<String>, Trouble> {
    query_scalar("SELECT id FROM orders WHERE action = $1 AND state = 'intended'")
        .bind(id.as_str())
        .fetch_optional(db)
        .await
}

/// Milliseconds after which a listing has caught up with a review of ours.
const CAUGHT_UP: i64 = 2 * 60 * 1000;

/// Whether a run waits once more for what was decided before: two jobs of one run may name one
/// environment, and each waits for a review of its own.
fn waits_again(new: &Prepared, old: &Old, at: Timestamp) -> bool {
    new.kind == "deployment" && (!old.present || millis(at) - old.touched > CAUGHT_UP)
}

/// What is to be written of an action.
pub(super) struct Write<'a> {
    pub new: &'a Prepared,
    pub state: ActionState,
    /// Whether the body is another one than the stored one.
    pub body: bool,
}

/// What becomes of an action as it is now, and what is to be written. `old` is what is stored.
pub(super) async fn weigh<'a>(
    db: &mut Db,
    new: &'a Prepared,
    old: Option<&Old>,
    at: Timestamp,
) -> Result<(Taken, Option<Write<'a>>), Trouble> {
    let Some(old) = old else {
        return Ok((Taken::New, Some(Write { new, state: ActionState::Pending, body: true })));
    };
    if old.source != new.source.as_str() {
        return Ok((Taken::Not, None));
    }
    let other = old.digest != new.digest;
    let state = match old.state {
        // The order in flight is for what was decided; its receipt finds the new digest.
        ActionState::Deciding if !other || in_flight(db, &new.id).await?.is_some() => old.state,
        ActionState::Approved | ActionState::Rejected if waits_again(new, old, at) => {
            ActionState::Pending
        }
        ActionState::Approved | ActionState::Rejected | ActionState::Failed if !other => old.state,
        // Ended here, and the listing never dropped it since: the listing has not caught up.
        ActionState::Gone if old.present && !other => ActionState::Gone,
        ActionState::Pending
        | ActionState::Deciding
        | ActionState::Approved
        | ActionState::Rejected
        | ActionState::Failed
        | ActionState::Gone => ActionState::Pending,
    };
    let body = old.fingerprint != new.fingerprint;
    if !body && old.present && old.state == state {
        return Ok((Taken::Same, None));
    }
    let waits_anew = match old.state {
        ActionState::Gone => true,
        ActionState::Pending => false,
        _ => !other,
    };
    let taken = if waits_anew && state == ActionState::Pending {
        Taken::New
    } else if other {
        Taken::Changed
    } else {
        Taken::Refreshed
    };
    Ok((taken, Some(Write { new, state, body })))
}

/// Whether taking an action in is told in the ledger: it is asked, or asked anew.
pub(super) fn is_told(taken: Taken) -> bool {
    matches!(taken, Taken::New | Taken::Changed)
}

/// The line of history for what taking an action in did; none where nothing worth telling did.
pub(super) fn line(new: &Prepared, taken: Taken, at: Timestamp) -> Option<Line<'_>> {
    let (kind, what) = match taken {
        Taken::New => (ActivityKind::Requested, format!("{} asks: {}", new.tool, new.title)),
        Taken::Changed => (
            ActivityKind::Changed,
            format!("{} is not what it was; earlier decisions do not count for it", new.title),
        ),
        Taken::Refreshed | Taken::Same | Taken::Not => return None,
    };
    let who = new.requester.clone();
    Some(Line { at, kind, source: &new.source, about: new.id.as_str(), who, what })
}

/// Takes in one action outside a poll.
pub(super) async fn put(db: &mut Db, action: &Action, at: Timestamp) -> Result<(), Trouble> {
    let new = Prepared::of(action)?;
    let known = old(db, &new.id).await?;
    let (taken, write) = weigh(db, &new, known.as_ref(), at).await?;
    if taken == Taken::Not {
        let why = format!("the id {} belongs to an action of another source", new.id);
        return Err(Trouble::Wrong(why));
    }
    bulk::actions(db, write.as_slice(), at).await?;
    halt("asking");
    query("UPDATE actions SET touched = $1 WHERE id = $2")
        .bind(millis(at))
        .bind(new.id.as_str())
        .later(&mut *db)
        .await?;
    if is_told(taken) {
        ledger::append(db, &[Entry::request(action, at)?]).await?;
    }
    match line(&new, taken, at) {
        Some(line) => line.write(db).await,
        None => Ok(()),
    }
}

/// Puts a call into the queue, unless the very same one is there and open.
pub(super) async fn ask(db: &mut Db, action: &Action, at: Timestamp) -> Result<ActionId, Trouble> {
    let Some(call) = action.same_call()? else {
        put(db, action, at).await?;
        return Ok(action.id.clone());
    };
    let open: Option<String> = query_scalar(
        "SELECT id FROM actions WHERE same_call = $1 AND state IN ('pending', 'deciding')",
    )
    .bind(call.to_string())
    .fetch_optional(&mut *db)
    .await?;
    if let Some(open) = open {
        let open = from_word(&open)?;
        if !expiry::expire_one(db, &open, at).await? {
            return Ok(open);
        }
    }
    put(db, action, at).await?;
    Ok(action.id.clone())
}

/// Marks an action as ended elsewhere. A decided one stays decided; one whose order is on its way
/// waits for the receipt, except that a command's answer nobody has taken yet is withdrawn.
pub(super) async fn end(
    db: &mut Db,
    id: &ActionId,
    why: &str,
    at: Timestamp,
) -> Result<(), Trouble> {
    let row = query("SELECT state, source, kind FROM actions WHERE id = $1")
        .bind(id.as_str())
        .fetch_optional(&mut *db)
        .await?;
    let Some(row) = row else { return Err(Trouble::Missing("action", id.to_string())) };
    let state: ActionState = from_word(row.try_get(0)?)?;
    let source: SourceName = from_word(row.try_get(1)?)?;
    match state {
        ActionState::Pending => {}
        ActionState::Deciding => {
            if matches!(row.try_get::<&str>(2)?, "command" | "call") {
                withdraw_answer(db, id, why, at).await?;
            }
            if in_flight(db, id).await?.is_some() {
                return Ok(());
            }
        }
        ActionState::Approved | ActionState::Rejected | ActionState::Failed | ActionState::Gone => {
            return Ok(());
        }
    }
    query("UPDATE actions SET state = 'gone', touched = $1 WHERE id = $2")
        .bind(millis(at))
        .bind(id.as_str())
        .later(&mut *db)
        .await?;
    ledger::append(db, &[Entry::ended(id, Untrusted::new(why), at)]).await?;
    let (about, who) = (id.as_str(), Untrusted::default());
    Line { at, kind: ActivityKind::Ended, source: &source, about, who, what: why.to_owned() }
        .write(db)
        .await
}

async fn withdraw_answer(
    db: &mut Db,
    id: &ActionId,
    why: &str,
    at: Timestamp,
) -> Result<(), Trouble> {
    let order: Option<String> = query_scalar(
        "SELECT id FROM orders WHERE action = $1 AND state = 'intended' AND taken IS NULL",
    )
    .bind(id.as_str())
    .fetch_optional(&mut *db)
    .await?;
    let Some(order) = order else { return Ok(()) };
    let receipt = Receipt {
        order: from_word(&order)?,
        outcome: Outcome::Refused,
        answer: Untrusted::new(format!("withdrawn before anybody took it: {why}")),
        at,
    };
    query("UPDATE orders SET state = $1, receipt = $2 WHERE id = $3")
        .bind(word(&OrderState::Refused)?)
        .bind(json(&receipt)?)
        .bind(order)
        .later(&mut *db)
        .await?;
    ledger::append(db, &[Entry::receipt(&receipt, id.as_str())]).await
}
