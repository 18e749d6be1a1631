//! What a source answered, and what that makes of the action or the credential.
//!
//! ```text
//!   Done     order done,    action approved/rejected,  credential as ordered
//!   Refused  order refused, action pending again (a person may decide anew; a command has failed)
//!   Unknown  order unknown, action stays "deciding": recover asks the source (a command has failed)
//! ```

use super::{
    db::{Db, query, query_scalar},
    history::Line,
    ledger, orders, staged,
    trouble::Trouble,
    values::{fingerprint, from_json, from_word, json, millis, word},
    wording,
};
use crate::{
    domain::{
        ActionId, ActionState, ActivityKind, Credential, CredentialId, CredentialStatus, Order,
        OrderId, OrderKind, OrderState, Outcome, Receipt, Untrusted, Verdict,
    },
    ledger::Entry,
    store::{OrderRow, halt},
};

/// Writes the receipt down and moves on what the order was about.
///
/// What is settled as done stays done. A refusal can still turn into done: the answer of a
/// process that was suspended in mid-flight is better evidence than an earlier look.
pub(super) async fn settle(db: &mut Db, id: &OrderId, receipt: &Receipt) -> Result<(), Trouble> {
    let row = query("SELECT id, body, state, receipt, taken, decided FROM orders WHERE id = $1")
        .bind(id.as_str())
        .fetch_optional(&mut *db)
        .await?;
    let Some(row) = row else { return Err(Trouble::Missing("order", id.to_string())) };
    let decided: Option<String> = row.try_get(5)?;
    let OrderRow { order, state: before, .. } = orders::row(&row)?;
    let accepted = match (before, receipt.outcome) {
        (OrderState::Intended | OrderState::Unknown, _) => true,
        (OrderState::Refused, outcome) => outcome == Outcome::Done,
        (OrderState::Done, _) => false,
    };
    if !accepted {
        return answered(db, &order, receipt, "a late answer changes nothing").await;
    }
    let state = match receipt.outcome {
        Outcome::Done => OrderState::Done,
        Outcome::Refused => OrderState::Refused,
        Outcome::Unknown => OrderState::Unknown,
    };
    query("UPDATE orders SET state = $1, receipt = $2 WHERE id = $3")
        .bind(word(&state)?)
        .bind(json(receipt)?)
        .bind(id.as_str())
        .later(&mut *db)
        .await?;
    halt("settling");
    ledger::append(db, &[Entry::receipt(receipt, orders::about(&order))]).await?;
    if let (Some(action), Some(decided)) = (&order.action, &decided) {
        move_action(db, action, decided, &order, receipt).await?;
    }
    if let (Some(credential), Outcome::Done) = (&order.credential, receipt.outcome) {
        move_credential(db, credential, &order, receipt).await?;
    }
    let how = match receipt.outcome {
        Outcome::Done => "done",
        Outcome::Refused => "refused, nothing changed",
        Outcome::Unknown => "nobody can tell yet whether it happened",
    };
    answered(db, &order, receipt, how).await
}

async fn answered(db: &mut Db, order: &Order, receipt: &Receipt, how: &str) -> Result<(), Trouble> {
    let what = wording::order(&order.kind);
    Line {
        at: receipt.at,
        kind: ActivityKind::Answered,
        source: &order.source,
        about: orders::about(order),
        who: Untrusted::new(order.source.as_str()),
        what: format!("{what}: {how}: {} (order {})", receipt.answer.raw(), order.id),
    }
    .write(db)
    .await
}

async fn move_action(
    db: &mut Db,
    id: &ActionId,
    decided: &str,
    order: &Order,
    receipt: &Receipt,
) -> Result<(), Trouble> {
    let row = query("SELECT state, digest, present FROM actions WHERE id = $1")
        .bind(id.as_str())
        .fetch_one(&mut *db)
        .await?;
    let state: ActionState = from_word(row.try_get(0)?)?;
    let same = row.try_get::<&str>(1)? == decided;
    let present: bool = row.try_get(2)?;
    let open = if present { ActionState::Pending } else { ActionState::Gone };
    let next = match receipt.outcome {
        Outcome::Done if same => match order.kind.verdict().map(Verdict::ordered) {
            Some(Verdict::Approve) => ActionState::Approved,
            Some(_) => ActionState::Rejected,
            None => state,
        },
        // Nobody at the gate can be asked what happened, and the answer is never handed out again:
        // the action is over, and whoever still wants it asks anew.
        Outcome::Refused | Outcome::Unknown
            if matches!(order.kind, OrderKind::AnswerCommand { .. }) =>
        {
            ActionState::Failed
        }
        // Refused; or done, but the head has moved since and what is there now nobody has decided.
        Outcome::Done | Outcome::Refused if state == ActionState::Deciding => open,
        Outcome::Done | Outcome::Refused | Outcome::Unknown => state,
    };
    if next == ActionState::Approved {
        staged::note(db, id, receipt.at).await?;
    }
    // A second order for a newer head may be on its way; its own receipt decides.
    if next == state || super::intake::in_flight(db, id).await?.is_some() {
        return Ok(());
    }
    query("UPDATE actions SET state = $1, touched = $2 WHERE id = $3")
        .bind(word(&next)?)
        .bind(millis(receipt.at))
        .bind(id.as_str())
        .later(db)
        .await?;
    Ok(())
}

/// Shows the effect at once instead of after the next poll.
async fn move_credential(
    db: &mut Db,
    id: &CredentialId,
    order: &Order,
    receipt: &Receipt,
) -> Result<(), Trouble> {
    let status = match order.kind {
        OrderKind::SetAccessKey { active: true, .. } | OrderKind::UnsealRole { .. } => {
            CredentialStatus::Active
        }
        OrderKind::SetAccessKey { active: false, .. } => CredentialStatus::Inactive,
        OrderKind::SealRole { .. } => CredentialStatus::Sealed,
        OrderKind::DeleteDeployKey { .. } | OrderKind::DeleteActionsSecret { .. } => {
            CredentialStatus::Gone
        }
        OrderKind::ReviewPullRequest { .. }
        | OrderKind::ReviewDeployment { .. }
        | OrderKind::AnswerCommand { .. } => return Ok(()),
    };
    let body: String = query_scalar("SELECT body FROM credentials WHERE id = $1")
        .bind(id.as_str())
        .fetch_one(&mut *db)
        .await?;
    let mut credential: Credential = from_json(&body)?;
    credential.status = status;
    let body = json(&credential)?;
    let gone = status == CredentialStatus::Gone;
    query(
        "UPDATE credentials SET body = $1, fingerprint = $2, present = $3, touched = $4, \
         last_seen = CASE WHEN present <> 0 THEN max(last_seen, coalesce((SELECT read_at FROM parts \
           WHERE source = credentials.source AND part = credentials.part), 0)) ELSE last_seen END \
         WHERE id = $5",
    )
    .bind(&body)
    .bind(fingerprint(&body))
    .bind(!gone)
    .bind(millis(receipt.at))
    .bind(id.as_str())
    .later(db)
    .await?;
    Ok(())
}
