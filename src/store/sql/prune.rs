//! What is old and over: its entries keep their hashes and lose their text.
//!
//! ```text
//!   action over, nothing of it newer than the cut ─┬─▶ its entries: body gone, leaf stays
//!                                                  └─▶ its rows: gone
//!   let through before the cut                     ───▶ the same, a batch at a time
//! ```
//!
//! An action goes as a whole or not at all, so that what is left can still be checked. Policies,
//! rosters, orders about credentials (a way back may hang on them) and what is open stay.

use super::{
    db::{Db, Many, query},
    ledger,
    trouble::Trouble,
    values::millis,
};
use crate::{
    ledger::{Body, Entry, Upkeep},
    store::model::Pruned,
};
use jiff::Timestamp;

/// Ids a statement carries.
const IDS: usize = 500;

/// Actions that are over: nothing of them is open, was seen, touched or told since the cut, and
/// what was done alone has been looked at.
const OVER: &str = "SELECT a.id FROM actions a \
    WHERE a.state NOT IN ('pending', 'deciding') AND a.last_seen < $1 AND a.touched < $1 \
      AND (a.present = 0 OR a.kind IN ('command', 'call')) \
      AND NOT EXISTS (SELECT 1 FROM orders o \
        WHERE o.action = a.id AND o.state IN ('intended', 'unknown')) \
      AND NOT EXISTS (SELECT 1 FROM ledger_entries e WHERE e.about = a.id AND e.at >= $1) \
      AND NOT EXISTS (SELECT 1 FROM actions f WHERE f.kind = 'follow-up' \
        AND f.state IN ('pending', 'deciding') AND f.summary LIKE '%' || a.id || '%')";

/// Prunes everything before `cut`, or with `dry` only counts.
pub(in crate::store) async fn prune(
    db: &mut Db,
    cut: Timestamp,
    dry: bool,
) -> Result<Pruned, Trouble> {
    let mut pruned = Pruned { before: Some(cut), ..Pruned::default() };
    super::moving::upkeep(db).await?;
    let mut places = Vec::new();
    let mut over: Vec<String> = Vec::new();
    for row in query(OVER).bind(millis(cut)).fetch_all(db).await? {
        over.push(row.try_get(0)?);
    }
    pruned.actions = over.len() as u64;
    for piece in over.chunks(IDS) {
        let mut find = Many::new(
            db,
            "SELECT entry, CAST(length(body) AS BIGINT) FROM ledger_entries WHERE body IS NOT NULL AND about IN (",
        );
        find.push(&list(piece));
        find.push(")");
        for row in find.query(false).fetch_all(db).await? {
            places.push(row.try_get::<i64>(0)?);
            pruned.bytes += row.try_get::<i64>(1)?.unsigned_abs();
        }
        if !dry {
            forget(db, piece).await?;
        }
    }
    autonomous(db, cut, dry, &mut places, &mut pruned).await?;
    places.sort_unstable();
    pruned.entries = places.len() as u64;
    if dry || places.is_empty() {
        return Ok(pruned);
    }
    let ranges = ranges(&places);
    for (from, to) in &ranges {
        query("UPDATE ledger_entries SET body = NULL WHERE entry BETWEEN $1 AND $2")
            .bind(*from)
            .bind(*to)
            .execute(db)
            .await?;
    }
    let now = db.now();
    query("DELETE FROM activity WHERE at < $1 AND about NOT IN (SELECT id FROM actions)")
        .bind(millis(cut))
        .execute(db)
        .await?;
    let entries = ranges.iter().map(|(from, to)| (from.unsigned_abs(), to.unsigned_abs()));
    let told = Upkeep::Pruned { before: cut, entries: entries.collect() };
    ledger::append(db, &[Entry::upkeep(told, now)]).await?;
    Ok(pruned)
}

/// Batches of what was let through.
async fn autonomous(
    db: &mut Db,
    cut: Timestamp,
    dry: bool,
    places: &mut Vec<i64>,
    pruned: &mut Pruned,
) -> Result<(), Trouble> {
    let old = query(
        "SELECT entry, body FROM ledger_entries \
         WHERE kind = 'autonomous' AND at < $1 AND body IS NOT NULL ORDER BY entry",
    )
    .bind(millis(cut))
    .fetch_all(db)
    .await?;
    for row in &old {
        let body: &str = row.try_get(1)?;
        let Body::Autonomous(batch) = Entry::read(body.as_bytes())?.body else { continue };
        places.push(row.try_get(0)?);
        pruned.bytes += body.len() as u64;
        pruned.autonomous += batch.len() as u64;
        if dry {
            continue;
        }
        let ids: Vec<String> = batch.into_iter().map(|record| record.id).collect();
        for piece in ids.chunks(IDS) {
            let delete = format!("DELETE FROM autonomous WHERE id IN ({})", list(piece));
            Many::new(db, &delete).query(false).execute(db).await?;
        }
    }
    Ok(())
}

/// Deletes the rows of actions that are over.
async fn forget(db: &mut Db, ids: &[String]) -> Result<(), Trouble> {
    let list = list(ids);
    for delete in [
        format!("DELETE FROM decisions WHERE action IN ({list})"),
        format!("DELETE FROM orders WHERE action IN ({list})"),
        format!("DELETE FROM action_bodies WHERE action IN ({list})"),
        format!("DELETE FROM actions WHERE id IN ({list})"),
    ] {
        Many::new(db, &delete).query(false).execute(db).await?;
    }
    Ok(())
}

/// Ids as a list of SQL texts. Ids of ours have no quotes; what has one is left out.
fn list(ids: &[String]) -> String {
    let plain = ids.iter().filter(|id| id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
    plain.map(|id| format!("'{id}'")).collect::<Vec<_>>().join(", ")
}

/// Sorted places as ranges, both ends included.
fn ranges(places: &[i64]) -> Vec<(i64, i64)> {
    let mut ranges: Vec<(i64, i64)> = Vec::new();
    for place in places {
        match ranges.last_mut() {
            Some((_, to)) if *to + 1 == *place => *to = *place,
            _ => ranges.push((*place, *place)),
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::{list, ranges};

    #[test]
    fn neighbours_become_one_range() {
        assert_eq!(ranges(&[1, 2, 3, 7, 9, 10]), [(1, 3), (7, 7), (9, 10)]);
        assert_eq!(ranges(&[]), []);
    }

    #[test]
    fn what_is_no_id_does_not_reach_the_database() {
        assert_eq!(list(&["a-01".to_owned(), "x'; DROP".to_owned()]), "'a-01'");
    }
}
