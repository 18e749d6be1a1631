//! Autonomous actions that were let through.

use super::{
    db::{Db, query},
    ledger,
    trouble::Trouble,
    values::{from_json, json, millis},
};
use crate::{domain::LetThrough, ledger::Entry, store::AutonomousRow};
use std::collections::BTreeMap;

/// Takes records in; what is there already is left alone. Those of one source are one entry.
pub(super) async fn take_in(db: &mut Db, records: &[LetThrough]) -> Result<u64, Trouble> {
    let mut new = 0;
    let mut batches: BTreeMap<&str, Vec<LetThrough>> = BTreeMap::new();
    // In one order, or two who take in the same would wait for each other.
    let mut sorted: Vec<&LetThrough> = records.iter().collect();
    sorted.sort_unstable_by_key(|record| (record.at, &record.id));
    for record in sorted {
        let done = query(
            "INSERT INTO autonomous (id, at, tool, body) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (id) DO NOTHING",
        )
        .bind(&record.id)
        .bind(millis(record.at))
        .bind(record.tool.as_str())
        .bind(json(record)?)
        .execute(&mut *db)
        .await?;
        if done > 0 {
            new += done;
            batches.entry(record.source.as_str()).or_default().push(record.clone());
        }
    }
    ledger::append(db, &entries(batches.into_values())).await?;
    Ok(new)
}

/// Batches as entries, each as old as its newest record.
pub(super) fn entries(batches: impl Iterator<Item = Vec<LetThrough>>) -> Vec<Entry> {
    batches
        .filter_map(|batch| {
            let newest = batch.iter().map(|record| record.at).max()?;
            let source = batch.first()?.source.clone();
            Some(Entry::autonomous(&source, batch, newest))
        })
        .collect()
}

/// The newest ones, newest first.
pub(super) async fn newest(
    db: &mut Db,
    limit: u32,
    before: Option<i64>,
) -> Result<Vec<AutonomousRow>, Trouble> {
    let rows = query("SELECT seq, body FROM autonomous WHERE seq < $1 ORDER BY seq DESC LIMIT $2")
        .bind(before.unwrap_or(i64::MAX))
        .bind(limit)
        .fetch_all(db)
        .await?;
    rows.iter()
        .map(|row| Ok(AutonomousRow { seq: row.try_get(0)?, record: from_json(row.try_get(1)?)? }))
        .collect()
}
