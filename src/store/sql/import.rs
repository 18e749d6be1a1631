//! What stood in a store before it had a ledger becomes the ledger's first entries.
//!
//! ```text
//!   policies ─▶ each action: request ─▶ decisions ─▶ their order ─▶ taken ─▶ receipt ─▶ …
//!            ─▶ orders about credentials ─▶ what was let through ─▶ "imported: N entries"
//! ```
//!
//! They prove that this stood there on that day, and nothing more; the last of them says so.

use super::{
    actions,
    autonomous::entries,
    db::{Db, query, query_scalar},
    ledger, orders,
    trouble::Trouble,
    values::{from_json, time},
};
use crate::{
    domain::{Action, Decision, LetThrough, PolicyId},
    ledger::{Entry, Upkeep},
    store::OrderRow,
};
use std::collections::BTreeMap;

/// Entries that are written together.
const ENTRIES: usize = 200;
/// Autonomous actions in one entry.
const BATCH: usize = 200;

/// Whether the store was never looked at for what has to be imported.
pub(in crate::store) async fn is_due(db: &mut Db) -> Result<bool, Trouble> {
    query_scalar::<'_>("SELECT imported = 0 FROM meta").fetch_one(db).await
}

/// Writes the first entries, once.
pub(in crate::store) async fn import(db: &mut Db) -> Result<(), Trouble> {
    if !is_due(db).await? {
        return Ok(());
    }
    query("UPDATE meta SET imported = 1").execute(db).await?;
    let before = ledger::size(db).await?;
    policies(db).await?;
    actions_and_orders(db).await?;
    revocations(db).await?;
    let_through(db).await?;
    let entries = ledger::size(db).await? - before;
    if entries > 0 {
        let told = Upkeep::Imported { entries };
        ledger::append(db, &[Entry::upkeep(told, db.now())]).await?;
    }
    Ok(())
}

async fn policies(db: &mut Db) -> Result<(), Trouble> {
    let rows =
        query("SELECT version, digest, since FROM policies ORDER BY version").fetch_all(db).await?;
    let mut entries = Vec::with_capacity(rows.len());
    for row in &rows {
        let version = row.try_get::<i64>(0)?.unsigned_abs();
        let policy = PolicyId { version, digest: row.try_get::<&str>(1)?.parse()? };
        entries.push(Entry::policy(policy, None, time(row.try_get(2)?)?));
    }
    ledger::append(db, &entries).await
}

async fn actions_and_orders(db: &mut Db) -> Result<(), Trouble> {
    let ids: Vec<String> =
        query_scalar("SELECT id FROM actions ORDER BY first_seen, id").fetch_all(db).await?;
    let mut entries = Vec::new();
    for id in &ids {
        let row = query(
            "SELECT b.body, a.first_seen FROM actions a \
             JOIN action_bodies b ON b.action = a.id WHERE a.id = $1",
        )
        .bind(id)
        .fetch_optional(db)
        .await?;
        let Some(row) = row else { continue };
        let action: Action = from_json(row.try_get(0)?)?;
        entries.push(Entry::request(&action, time(row.try_get(1)?)?)?);
        decided(db, &action, &mut entries).await?;
        if entries.len() >= ENTRIES {
            ledger::append(db, &std::mem::take(&mut entries)).await?;
        }
    }
    ledger::append(db, &entries).await
}

/// The decisions on one action, each before the order that used it up.
async fn decided(db: &mut Db, action: &Action, told: &mut Vec<Entry>) -> Result<(), Trouble> {
    let decided = actions::of_one(db, &action.id).await?;
    let found =
        query("SELECT id, body, state, receipt, taken FROM orders WHERE action = $1 ORDER BY seq")
            .bind(action.id.as_str())
            .fetch_all(db)
            .await?;
    let mut left: Vec<(&Decision, Option<&crate::domain::OrderId>)> = Vec::new();
    for (at, decision) in decided.decisions.iter().enumerate() {
        left.push((decision, decided.spent.get(at)));
    }
    for row in &found {
        let order = orders::row(row)?;
        left.retain(|(decision, spent)| {
            let used = *spent == Some(&order.order.id);
            if used {
                told.push(Entry::decision(decision));
            }
            !used
        });
        tell_order(order, told);
    }
    told.extend(left.into_iter().map(|(decision, _)| Entry::decision(decision)));
    Ok(())
}

fn tell_order(row: OrderRow, told: &mut Vec<Entry>) {
    let OrderRow { order, receipt, taken, .. } = row;
    told.push(Entry::order(&order));
    if let (Some(at), Some(action)) = (taken, &order.action) {
        told.push(Entry::taken(&order, action, at));
    }
    if let Some(receipt) = receipt {
        told.push(Entry::receipt(&receipt, orders::about(&order)));
    }
}

async fn revocations(db: &mut Db) -> Result<(), Trouble> {
    let found = query(
        "SELECT id, body, state, receipt, taken FROM orders WHERE action IS NULL ORDER BY seq",
    )
    .fetch_all(db)
    .await?;
    let mut entries = Vec::new();
    for row in &found {
        tell_order(orders::row(row)?, &mut entries);
    }
    ledger::append(db, &entries).await
}

async fn let_through(db: &mut Db) -> Result<(), Trouble> {
    let mut after = 0_i64;
    loop {
        let rows = query("SELECT seq, body FROM autonomous WHERE seq > $1 ORDER BY seq LIMIT $2")
            .bind(after)
            .bind(u32::try_from(BATCH).unwrap_or(u32::MAX))
            .fetch_all(db)
            .await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.try_get(0)?;
        let mut batches: BTreeMap<String, Vec<LetThrough>> = BTreeMap::new();
        for row in &rows {
            let record: LetThrough = from_json(row.try_get(1)?)?;
            batches.entry(record.source.to_string()).or_default().push(record);
        }
        ledger::append(db, &entries(batches.into_values())).await?;
    }
}
