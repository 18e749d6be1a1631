//! What nobody decided, or nobody used, in time.
//!
//! ```text
//!   pending,  older than policy lets it wait         ─▶ gone: "nobody decided in time"
//!   answered, older than policy lets it be used      ─▶ gone, the answer withdrawn
//!   answered, taken, and nothing said since          ─▶ failed: nobody can tell (only for who asks anew)
//! ```

use super::{
    db::{Db, Row, query, query_scalar},
    intake, settle,
    tally::Tally,
    trouble::Trouble,
    values::{from_json, from_word, millis},
};
use crate::domain::{ActionId, Order, OrderId, Outcome, Receipt, Untrusted, Verdict};
use jiff::Timestamp;

/// Milliseconds after which a gate that took an answer and said nothing is taken for dead by
/// whoever asks the same again. A gate that lives answers within milliseconds; one that was only
/// held up is still believed when it does, and its approval serves nobody else.
const SILENT: i64 = 10 * 1000;

/// Whether anything is overdue.
pub(super) async fn is_anything_overdue(db: &mut Db, at: Timestamp) -> Result<bool, Trouble> {
    query_scalar(
        "SELECT EXISTS (SELECT 1 FROM actions WHERE state = 'pending' AND expires <= $1) \
         OR EXISTS (SELECT 1 FROM orders WHERE state = 'intended' AND expires <= $1 \
                    AND taken IS NULL)",
    )
    .bind(millis(at))
    .fetch_one(db)
    .await
}

/// Ends everything that is overdue.
pub(super) async fn expire(db: &mut Db, at: Timestamp) -> Result<u64, Trouble> {
    let pending = query("SELECT id FROM actions WHERE state = 'pending' AND expires <= $1")
        .bind(millis(at))
        .fetch_all(&mut *db)
        .await?;
    let mut ended = 0;
    for row in &pending {
        undecided(db, row, at).await?;
        ended += 1;
    }
    let unused = query(
        "SELECT action, body, expires FROM orders \
         WHERE state = 'intended' AND expires <= $1 AND taken IS NULL AND action IS NOT NULL",
    )
    .bind(millis(at))
    .fetch_all(&mut *db)
    .await?;
    for row in &unused {
        untaken(db, row, at).await?;
        ended += 1;
    }
    Ok(ended)
}

/// Ends one request and what answers it, where either is overdue or its gate fell silent; says
/// whether it did.
pub(super) async fn expire_one(db: &mut Db, id: &ActionId, at: Timestamp) -> Result<bool, Trouble> {
    let pending =
        query("SELECT id FROM actions WHERE id = $1 AND state = 'pending' AND expires <= $2")
            .bind(id.as_str())
            .bind(millis(at))
            .fetch_optional(&mut *db)
            .await?;
    if let Some(row) = pending {
        undecided(db, &row, at).await?;
        return Ok(true);
    }
    let unused = query(
        "SELECT action, body, expires FROM orders \
         WHERE action = $1 AND state = 'intended' AND expires <= $2 AND taken IS NULL",
    )
    .bind(id.as_str())
    .bind(millis(at))
    .fetch_optional(&mut *db)
    .await?;
    if let Some(row) = unused {
        untaken(db, &row, at).await?;
        return Ok(true);
    }
    let silent: Option<String> = query_scalar(
        "SELECT id FROM orders WHERE action = $1 AND state = 'intended' AND taken <= $2",
    )
    .bind(id.as_str())
    .bind(millis(at) - SILENT)
    .fetch_optional(&mut *db)
    .await?;
    let Some(order) = silent else { return Ok(false) };
    let order: OrderId = from_word(&order)?;
    let receipt = Receipt {
        order: order.clone(),
        outcome: Outcome::Unknown,
        answer: Untrusted::new("the agent took the answer and never said what became of it"),
        at,
    };
    settle::settle(db, &order, &receipt).await?;
    Ok(true)
}

async fn undecided(db: &mut Db, row: &Row, at: Timestamp) -> Result<(), Trouble> {
    let id: ActionId = from_word(row.try_get(0)?)?;
    let tally = Tally::of(db, &id, at).await?;
    let why = format!("nobody decided in time{}", tally.so_far());
    intake::end(db, &id, &why, at).await
}

async fn untaken(db: &mut Db, row: &Row, at: Timestamp) -> Result<(), Trouble> {
    let id: ActionId = from_word(row.try_get(0)?)?;
    let order: Order = from_json(row.try_get(1)?)?;
    let expires: i64 = row.try_get(2)?;
    let minutes = (expires - millis(order.at)).max(0) / 60_000;
    let why = match order.kind.verdict() {
        Some(Verdict::Reject | Verdict::Withdraw) => {
            "rejected; the agent never came back for the answer".to_owned()
        }
        Some(Verdict::Approve | Verdict::BreakGlass) | None => {
            format!("approved, and not used within {minutes} min, so the approval is over")
        }
    };
    intake::end(db, &id, &why, at).await
}
