//! Orders: written down before they are sent, answered once.

use super::{
    db::{Db, Row, query, query_scalar},
    history::Line,
    intake::in_flight,
    ledger,
    tally::Tally,
    trouble::Trouble,
    values::{from_json, from_word, json, maybe_time, millis, time, word},
    wording,
};
use crate::{
    domain::{
        Action, ActionId, ActionState, ActivityKind, CredentialId, Decision, Order, OrderId,
        OrderKind, OrderState, Receipt, Requirement, Verdict,
    },
    ledger::Entry,
    store::{Counted, Enough, Intent, IntentError, OrderRow, halt},
};
use jiff::Timestamp;
use std::time::Duration;

/// Writes down a decision and its order; `Some` where the rules refuse, and then nothing may be
/// kept of it.
pub(super) async fn intend(db: &mut Db, intent: &Intent) -> Result<Option<IntentError>, Trouble> {
    let order = &intent.order;
    if let Some(id) = &order.credential
        && let Some(order) = busy_credential(db, id).await?
    {
        return Ok(Some(IntentError::Busy { order }));
    }
    match (&intent.decision, &order.action) {
        (Some(decision), Some(action)) if decision.action == *action => {
            if let Some(refusal) = refuse_decision(db, decision).await? {
                return Ok(Some(refusal));
            }
            let tally = Tally::with(db, decision).await?;
            if let Some(because) = tally.forbids(decision.verdict).or_else(|| tally.too_few()) {
                return Ok(Some(IntentError::Forbidden { because }));
            }
            write_decision(db, decision, order, &tally, true).await?;
            write_order(db, order, Some((decision, tally.requirement()))).await?;
        }
        (None, None) if order.credential.is_some() => write_order(db, order, None).await?,
        _ => {
            return Err(Trouble::Wrong(
                "an order answers one decided action or is about one credential".into(),
            ));
        }
    }
    Ok(None)
}

/// Writes an order down. One that carries out a decision uses up every decision on the action so
/// far, so that an order that comes to nothing has to be agreed to anew.
pub(super) async fn write_order(
    db: &mut Db,
    order: &Order,
    decided: Option<(&Decision, Option<&Requirement>)>,
) -> Result<(), Trouble> {
    // Only an answer at the gate waits to be fetched.
    let fetched = matches!(order.kind, OrderKind::AnswerCommand { .. });
    let expires = decided.and_then(|(_, requirement)| requirement).filter(|_| fetched);
    query(
        "INSERT INTO orders (id, action, credential, decided, body, state, expires) \
         VALUES ($1, $2, $3, $4, $5, 'intended', $6)",
    )
    .bind(order.id.as_str())
    .bind(order.action.as_ref().map(ActionId::as_str))
    .bind(order.credential.as_ref().map(CredentialId::as_str))
    .bind(decided.map(|(decision, _)| decision.digest.to_string()))
    .bind(json(order)?)
    .bind(expires.map(|requirement| after(order.at, requirement.usable())))
    .later(&mut *db)
    .await?;
    if let Some((decision, _)) = decided {
        query("UPDATE decisions SET spent = $1 WHERE action = $2 AND spent IS NULL")
            .bind(order.id.as_str())
            .bind(decision.action.as_str())
            .later(&mut *db)
            .await?;
    }
    ledger::append(db, &[Entry::order(order)]).await?;
    Line {
        at: order.at,
        kind: ActivityKind::Ordered,
        source: &order.source,
        about: about(order),
        who: order.by.clone(),
        what: format!("{} (order {})", wording::order(&order.kind), order.id),
    }
    .write(db)
    .await
}

/// When the time a requirement gives is over, in milliseconds.
pub(super) fn after(at: Timestamp, time: Duration) -> i64 {
    millis(at).saturating_add(i64::try_from(time.as_millis()).unwrap_or(i64::MAX))
}

/// Writes a decision down, and its order once `enough` says so.
pub(super) async fn decide(
    db: &mut Db,
    decision: &Decision,
    order: &Order,
    enough: &Enough,
) -> Result<Result<Counted, IntentError>, Trouble> {
    if order.action.as_ref() != Some(&decision.action) {
        return Err(Trouble::Wrong("an order answers the action that was decided".into()));
    }
    if let Some(refusal) = refuse_decision(db, decision).await? {
        return Ok(Err(refusal));
    }
    let tally = Tally::with(db, decision).await?;
    if let Some(because) = tally.forbids(decision.verdict) {
        return Ok(Err(IntentError::Forbidden { because }));
    }
    if tally.is_repeated() {
        return Ok(Err(IntentError::Again));
    }
    let approved = tally.too_few().is_none() && enough(tally.decisions());
    let done = decision.verdict == Verdict::Reject || approved;
    write_decision(db, decision, order, &tally, done).await?;
    halt("deciding");
    if !done {
        return Ok(Ok(Counted::Waiting));
    }
    write_order(db, order, Some((decision, tally.requirement()))).await?;
    Ok(Ok(Counted::Ordered))
}

/// What lines of history about an order hang on: its action or credential, so that the history of
/// a thing is found by the id of the thing.
pub(in crate::store) fn about(order: &Order) -> &str {
    match (&order.action, &order.credential) {
        (Some(action), _) => action.as_str(),
        (None, Some(credential)) => credential.as_str(),
        (None, None) => order.id.as_str(),
    }
}

async fn busy_credential(db: &mut Db, id: &CredentialId) -> Result<Option<String>, Trouble> {
    query_scalar("SELECT id FROM orders WHERE credential = $1 AND state = 'intended'")
        .bind(id.as_str())
        .fetch_optional(db)
        .await
}

pub(super) async fn refuse_decision(
    db: &mut Db,
    decision: &Decision,
) -> Result<Option<IntentError>, Trouble> {
    let row = query(
        "SELECT a.state, a.digest, b.body FROM actions a \
         JOIN action_bodies b ON b.action = a.id WHERE a.id = $1",
    )
    .bind(decision.action.as_str())
    .fetch_optional(&mut *db)
    .await?;
    let Some(row) = row else {
        return Err(Trouble::Missing("action", decision.action.to_string()));
    };
    if let Some(order) = in_flight(db, &decision.action).await? {
        return Ok(Some(IntentError::Busy { order }));
    }
    let state: ActionState = from_word(row.try_get(0)?)?;
    if state != ActionState::Pending {
        return Ok(Some(IntentError::NotPending { state }));
    }
    if row.try_get::<&str>(1)? != decision.digest.to_string() {
        let now: Action = from_json(row.try_get(2)?)?;
        return Ok(Some(IntentError::Changed { now: Box::new(now) }));
    }
    Ok(None)
}

pub(super) async fn write_decision(
    db: &mut Db,
    decision: &Decision,
    order: &Order,
    tally: &Tally,
    last: bool,
) -> Result<(), Trouble> {
    query("INSERT INTO decisions (action, body) VALUES ($1, $2)")
        .bind(decision.action.as_str())
        .bind(json(decision)?)
        .later(&mut *db)
        .await?;
    ledger::append(db, &[Entry::decision(decision)]).await?;
    let state = if last { ActionState::Deciding } else { ActionState::Pending };
    query("UPDATE actions SET state = $1, touched = $2 WHERE id = $3")
        .bind(word(&state)?)
        .bind(millis(decision.at))
        .bind(decision.action.as_str())
        .later(&mut *db)
        .await?;
    let verdict = decision.verdict.past();
    let reason = if decision.reason.is_empty() {
        String::new()
    } else {
        format!(": {}", decision.reason.raw())
    };
    let what = format!(
        "{verdict} {}{reason} ({}digest {}{})",
        wording::decided(&order.kind),
        tally.of_how_many(decision.verdict),
        decision.digest.short(),
        if decision.signed.is_none() { "; unsigned" } else { "" }
    );
    Line {
        at: decision.at,
        kind: ActivityKind::Decided,
        source: &order.source,
        about: decision.action.as_str(),
        who: decision.reviewer.0.clone(),
        what,
    }
    .write(db)
    .await
}

/// Reads an order from the columns id, body, state, receipt, taken.
pub(super) fn row(row: &Row) -> Result<OrderRow, Trouble> {
    let receipt: Option<&str> = row.try_get(3)?;
    Ok(OrderRow {
        order: from_json(row.try_get(1)?)?,
        state: from_word::<OrderState>(row.try_get(2)?)?,
        receipt: receipt.map(from_json::<Receipt>).transpose()?,
        taken: maybe_time(row.try_get(4)?)?,
    })
}

pub(super) async fn list(db: &mut Db, open: bool) -> Result<Vec<OrderRow>, Trouble> {
    let found = if open {
        query(
            "SELECT id, body, state, receipt, taken FROM orders \
             WHERE state IN ('intended', 'unknown') ORDER BY seq DESC",
        )
    } else {
        query("SELECT id, body, state, receipt, taken FROM orders ORDER BY seq DESC")
    };
    found.fetch_all(db).await?.iter().map(row).collect()
}

pub(super) async fn one(db: &mut Db, id: &OrderId) -> Result<Option<OrderRow>, Trouble> {
    let found = query("SELECT id, body, state, receipt, taken FROM orders WHERE id = $1")
        .bind(id.as_str())
        .fetch_optional(db)
        .await?;
    found.as_ref().map(row).transpose()
}

/// Whether an answer waits for the gate.
pub(super) async fn has_answer(db: &mut Db, action: &ActionId) -> Result<bool, Trouble> {
    let now = millis(db.now());
    query_scalar(
        "SELECT EXISTS (SELECT 1 FROM orders WHERE action = $1 AND state = 'intended' \
         AND taken IS NULL AND (expires IS NULL OR expires > $2))",
    )
    .bind(action.as_str())
    .bind(now)
    .fetch_one(db)
    .await
}

/// Hands the answer out. One statement under the write lock: of several takers one gets it.
pub(super) async fn take_answer(db: &mut Db, action: &ActionId) -> Result<Option<Order>, Trouble> {
    let now = millis(db.now());
    let body: Option<String> = query_scalar(
        "UPDATE orders SET taken = $1 \
         WHERE action = $2 AND state = 'intended' AND taken IS NULL \
         AND (expires IS NULL OR expires > $1) \
         AND EXISTS (SELECT 1 FROM actions WHERE id = orders.action AND kind IN ('command', 'call')) \
         RETURNING body",
    )
    .bind(now)
    .bind(action.as_str())
    .fetch_optional(&mut *db)
    .await?;
    let Some(body) = body else { return Ok(None) };
    halt("taking");
    let order: Order = from_json(&body)?;
    ledger::append(db, &[Entry::taken(&order, action, time(now)?)]).await?;
    Ok(Some(order))
}
