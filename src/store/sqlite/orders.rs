//! Orders: written down before they are sent, answered once.

use super::{
    history::Line,
    intake::in_flight,
    trouble::Trouble,
    values::{from_json, from_word, json, millis, word},
    wording,
};
use crate::{
    domain::{
        Action, ActionId, ActionState, ActivityKind, CredentialId, Decision, Order, OrderId,
        OrderState, Receipt, Verdict,
    },
    store::{Counted, Enough, Intent, IntentError, OrderRow},
};
use jiff::Timestamp;
use sqlx::{Row as _, SqliteConnection, sqlite::SqliteRow};

/// Writes down a decision and its order; `Some` where the rules refuse, and then nothing may be
/// kept of it.
pub(super) async fn intend(
    db: &mut SqliteConnection,
    intent: &Intent,
) -> Result<Option<IntentError>, Trouble> {
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
            write_decision(db, decision, order, true).await?;
        }
        (None, None) if order.credential.is_some() => {}
        _ => {
            return Err(Trouble::Wrong(
                "an order answers one decided action or is about one credential".into(),
            ));
        }
    }
    write_order(db, order, intent.decision.as_ref()).await?;
    Ok(None)
}

async fn write_order(
    db: &mut SqliteConnection,
    order: &Order,
    decision: Option<&Decision>,
) -> Result<(), Trouble> {
    sqlx::query(
        "INSERT INTO orders (id, action, credential, decided, body, state) \
         VALUES (?, ?, ?, ?, ?, 'intended')",
    )
    .bind(order.id.as_str())
    .bind(order.action.as_ref().map(ActionId::as_str))
    .bind(order.credential.as_ref().map(CredentialId::as_str))
    .bind(decision.map(|decision| decision.digest.to_string()))
    .bind(json(order)?)
    .execute(&mut *db)
    .await?;
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

/// Writes a decision down, and its order once `enough` says so.
pub(super) async fn decide(
    db: &mut SqliteConnection,
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
    let mut decisions = on_digest(db, decision).await?;
    if decisions.iter().any(|before| before.reviewer == decision.reviewer) {
        return Ok(Err(IntentError::Again));
    }
    decisions.push(decision.clone());
    let done = decision.verdict == Verdict::Reject || enough(&decisions);
    write_decision(db, decision, order, done).await?;
    if !done {
        return Ok(Ok(Counted::Waiting));
    }
    write_order(db, order, Some(decision)).await?;
    Ok(Ok(Counted::Ordered))
}

/// Earlier decisions on the same digest, oldest first.
async fn on_digest(
    db: &mut SqliteConnection,
    decision: &Decision,
) -> Result<Vec<Decision>, Trouble> {
    let bodies: Vec<String> =
        sqlx::query_scalar("SELECT body FROM decisions WHERE action = ? ORDER BY seq")
            .bind(decision.action.as_str())
            .fetch_all(db)
            .await?;
    let mut decisions: Vec<Decision> =
        bodies.iter().map(|body| from_json(body)).collect::<Result<_, _>>()?;
    decisions.retain(|before| before.digest == decision.digest);
    Ok(decisions)
}

/// What lines of history about an order hang on: its action or credential, so that the history of
/// a thing is found by the id of the thing.
pub(super) fn about(order: &Order) -> &str {
    match (&order.action, &order.credential) {
        (Some(action), _) => action.as_str(),
        (None, Some(credential)) => credential.as_str(),
        (None, None) => order.id.as_str(),
    }
}

async fn busy_credential(
    db: &mut SqliteConnection,
    id: &CredentialId,
) -> Result<Option<String>, Trouble> {
    Ok(sqlx::query_scalar("SELECT id FROM orders WHERE credential = ? AND state = 'intended'")
        .bind(id.as_str())
        .fetch_optional(db)
        .await?)
}

async fn refuse_decision(
    db: &mut SqliteConnection,
    decision: &Decision,
) -> Result<Option<IntentError>, Trouble> {
    let row = sqlx::query(
        "SELECT a.state, a.digest, b.body FROM actions a \
         JOIN action_bodies b ON b.action = a.id WHERE a.id = ?",
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
    if row.try_get::<&str, _>(1)? != decision.digest.to_string() {
        let now: Action = from_json(row.try_get(2)?)?;
        return Ok(Some(IntentError::Changed { now: Box::new(now) }));
    }
    Ok(None)
}

async fn write_decision(
    db: &mut SqliteConnection,
    decision: &Decision,
    order: &Order,
    last: bool,
) -> Result<(), Trouble> {
    sqlx::query("INSERT INTO decisions (action, body) VALUES (?, ?)")
        .bind(decision.action.as_str())
        .bind(json(decision)?)
        .execute(&mut *db)
        .await?;
    let state = if last { ActionState::Deciding } else { ActionState::Pending };
    sqlx::query("UPDATE actions SET state = ?, touched = ? WHERE id = ?")
        .bind(word(&state)?)
        .bind(millis(decision.at))
        .bind(decision.action.as_str())
        .execute(&mut *db)
        .await?;
    let verdict = decision.verdict.past();
    let reason = if decision.reason.is_empty() {
        String::new()
    } else {
        format!(": {}", decision.reason.raw())
    };
    let what = format!(
        "{verdict} {}{reason} (digest {})",
        wording::decided(&order.kind),
        decision.digest.short()
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

/// Reads an order from the columns id, body, state, receipt.
pub(super) fn row(row: &SqliteRow) -> Result<OrderRow, Trouble> {
    let receipt: Option<&str> = row.try_get(3)?;
    Ok(OrderRow {
        order: from_json(row.try_get(1)?)?,
        state: from_word::<OrderState>(row.try_get(2)?)?,
        receipt: receipt.map(from_json::<Receipt>).transpose()?,
    })
}

pub(super) async fn list(db: &mut SqliteConnection, open: bool) -> Result<Vec<OrderRow>, Trouble> {
    let found = if open {
        sqlx::query(
            "SELECT id, body, state, receipt FROM orders \
             WHERE state IN ('intended', 'unknown') ORDER BY seq DESC",
        )
    } else {
        sqlx::query("SELECT id, body, state, receipt FROM orders ORDER BY seq DESC")
    };
    found.fetch_all(db).await?.iter().map(row).collect()
}

pub(super) async fn one(
    db: &mut SqliteConnection,
    id: &OrderId,
) -> Result<Option<OrderRow>, Trouble> {
    let found = sqlx::query("SELECT id, body, state, receipt FROM orders WHERE id = ?")
        .bind(id.as_str())
        .fetch_optional(db)
        .await?;
    found.as_ref().map(row).transpose()
}

/// Whether an answer waits for the gate.
pub(super) async fn has_answer(
    db: &mut SqliteConnection,
    action: &ActionId,
) -> Result<bool, Trouble> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM orders WHERE action = ? AND state = 'intended' \
         AND taken IS NULL)",
    )
    .bind(action.as_str())
    .fetch_one(db)
    .await?)
}

/// Hands the answer out. One statement under the write lock: of several takers one gets it.
pub(super) async fn take_answer(
    db: &mut SqliteConnection,
    action: &ActionId,
) -> Result<Option<Order>, Trouble> {
    let body: Option<String> = sqlx::query_scalar(
        "UPDATE orders SET taken = ? \
         WHERE action = ? AND state = 'intended' AND taken IS NULL \
         AND EXISTS (SELECT 1 FROM actions WHERE id = orders.action AND kind IN ('command', 'call')) \
         RETURNING body",
    )
    .bind(millis(Timestamp::now()))
    .bind(action.as_str())
    .fetch_optional(db)
    .await?;
    body.as_deref().map(from_json).transpose()
}
