//! What reviewers do beyond approve and reject: take back, let through alone, lock.
//!
//! ```text
//!   withdraw    pending ─▶ one decision more, the approval before it counts no more
//!               approved, not taken ─▶ the order is off, the others' approvals count again
//!   break_glass decision + order + follow-up review, or nothing of it
//!   turn        locks: a row each; an unlock lifts all on the same thing
//! ```

use super::{
    actions,
    db::{Db, query, query_scalar},
    history::Line,
    intake::{self, Summary},
    ledger,
    orders::{refuse_decision, write_decision, write_order},
    tally::Tally,
    trouble::Trouble,
    values::{from_json, from_word, json, millis, word},
};
use crate::{
    domain::{
        Action, ActionState, ActivityKind, Decision, Lock, Order, OrderState, Outcome, Receipt,
        SourceKind, SourceName, Turn, Untrusted, Verdict,
    },
    ledger::Entry,
    store::IntentError,
};

fn forbidden(because: impl Into<String>) -> IntentError {
    IntentError::Forbidden { because: because.into() }
}

/// Takes an approval back; `Some` where it cannot be.
pub(super) async fn withdraw(
    db: &mut Db,
    decision: &Decision,
) -> Result<Option<IntentError>, Trouble> {
    let id = &decision.action;
    let row = query("SELECT state, source, summary FROM actions WHERE id = $1")
        .bind(id.as_str())
        .fetch_optional(&mut *db)
        .await?;
    let Some(row) = row else { return Err(Trouble::Missing("action", id.to_string())) };
    let state: ActionState = from_word(row.try_get(0)?)?;
    let source: SourceName = from_word(row.try_get(1)?)?;
    match state {
        ActionState::Pending => {}
        ActionState::Deciding => {
            if !call_off(db, decision).await? {
                return Ok(Some(forbidden(
                    "it was handed out or sent already, so there is nothing left to take back",
                )));
            }
        }
        state => return Ok(Some(IntentError::NotPending { state })),
    }
    let mut decided = actions::of_one(db, id).await?;
    let open = decided.decisions.split_off(decided.spent.len());
    let theirs = |one: &Decision| one.reviewer == decision.reviewer && one.verdict.lets();
    if !Decision::kept(open).iter().any(theirs) {
        return Ok(Some(forbidden("you have approved nothing of it that still counts")));
    }
    query("INSERT INTO decisions (action, body) VALUES ($1, $2)")
        .bind(id.as_str())
        .bind(json(decision)?)
        .execute(&mut *db)
        .await?;
    ledger::append(db, &[Entry::decision(decision)]).await?;
    query("UPDATE actions SET state = 'pending', touched = $1 WHERE id = $2")
        .bind(millis(decision.at))
        .bind(id.as_str())
        .execute(&mut *db)
        .await?;
    let Summary { title, .. } = from_json(row.try_get(2)?)?;
    Line {
        at: decision.at,
        kind: ActivityKind::Decided,
        source: &source,
        about: id.as_str(),
        who: decision.reviewer.0.clone(),
        what: format!("withdrew their approval of {}{}", title.raw(), because(&decision.reason)),
    }
    .write(db)
    .await?;
    Ok(None)
}

fn because(reason: &Untrusted) -> String {
    if reason.is_empty() { String::new() } else { format!(": {}", reason.raw()) }
}

/// Calls off an order that nobody has fetched yet; false where somebody has, or where it was sent.
/// The decisions it had used up are there again.
async fn call_off(db: &mut Db, decision: &Decision) -> Result<bool, Trouble> {
    let order: Option<String> = query_scalar(
        "SELECT o.id FROM orders o JOIN actions a ON a.id = o.action \
         WHERE o.action = $1 AND o.state = 'intended' AND o.taken IS NULL \
         AND a.kind IN ('command', 'call')",
    )
    .bind(decision.action.as_str())
    .fetch_optional(&mut *db)
    .await?;
    let Some(order) = order else { return Ok(false) };
    let who = decision.reviewer.0.raw();
    let receipt = Receipt {
        order: from_word(&order)?,
        outcome: Outcome::Refused,
        answer: Untrusted::new(format!("{who} withdrew their approval before anybody used it")),
        at: decision.at,
    };
    query("UPDATE orders SET state = $1, receipt = $2 WHERE id = $3")
        .bind(word(&OrderState::Refused)?)
        .bind(json(&receipt)?)
        .bind(&order)
        .execute(&mut *db)
        .await?;
    ledger::append(db, &[Entry::receipt(&receipt, decision.action.as_str())]).await?;
    // What is written stays; what the order had used up is written down again, unused.
    query(
        "INSERT INTO decisions (action, body) \
         SELECT action, body FROM decisions WHERE spent = $1 ORDER BY seq",
    )
    .bind(&order)
    .execute(db)
    .await?;
    Ok(true)
}

/// Lets an action go ahead by one person's word; `Some` where it cannot be.
pub(super) async fn break_glass(
    db: &mut Db,
    decision: &Decision,
    order: &Order,
    follow_up: &Action,
) -> Result<Option<IntentError>, Trouble> {
    if order.action.as_ref() != Some(&decision.action)
        || decision.verdict != Verdict::BreakGlass
        || decision.signed.is_none()
    {
        return Err(Trouble::Wrong("a broken glass is a signed decision with its order".into()));
    }
    if let Some(refusal) = refuse_decision(db, decision).await? {
        return Ok(Some(refusal));
    }
    let tally = Tally::with(db, decision).await?;
    if let Some(because) = tally.forbids(decision.verdict) {
        return Ok(Some(forbidden(because)));
    }
    if tally.requirement().is_none() {
        return Ok(Some(forbidden("policy holds it for nobody, so there is no glass to break")));
    }
    write_decision(db, decision, order, &tally, true).await?;
    write_order(db, order, Some((decision, tally.requirement()))).await?;
    intake::put(db, follow_up, decision.at).await?;
    Ok(None)
}

/// What is locked.
pub(super) async fn locks(db: &mut Db) -> Result<Vec<Lock>, Trouble> {
    let rows =
        query("SELECT body FROM locks WHERE lifted IS NULL ORDER BY seq").fetch_all(db).await?;
    rows.iter().map(|row| from_json(row.try_get(0)?)).collect()
}

/// Locks or unlocks.
pub(super) async fn turn(db: &mut Db, lock: &Lock) -> Result<u64, Trouble> {
    let (what, body) = (json(&lock.what)?, json(lock)?);
    let lifted = match lock.turn {
        Turn::Lock => {
            query("INSERT INTO locks (what, body) VALUES ($1, $2)")
                .bind(&what)
                .bind(&body)
                .execute(&mut *db)
                .await?;
            0
        }
        Turn::Unlock => {
            query("UPDATE locks SET lifted = $1 WHERE what = $2 AND lifted IS NULL")
                .bind(&body)
                .bind(&what)
                .execute(&mut *db)
                .await?
        }
    };
    ledger::append(db, &[Entry::lock(lock)]).await?;
    let (kind, name) = (lock.what.kind(), lock.what.name());
    Line {
        at: lock.at,
        kind: ActivityKind::Locked,
        source: &SourceName::new(SourceKind::Gate, "all"),
        about: name.raw(),
        who: lock.reviewer.0.clone(),
        what: format!("{}ed {kind} {}{}", lock.turn.word(), name.raw(), because(&lock.reason)),
    }
    .write(db)
    .await?;
    Ok(lifted)
}
