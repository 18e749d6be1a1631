//! Credentials with their history.

use super::{
    db::{Db, Query, Row, query},
    orders,
    trouble::Trouble,
    values::{from_json, time},
};
use crate::{
    domain::{Credential, CredentialId},
    store::CredentialRow,
};
use std::collections::HashMap;

/// Columns of a credential: a present one was last seen when its listing was last read.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT c.body, c.first_seen, \
             CASE WHEN c.present <> 0 THEN max(c.last_seen, coalesce(p.read_at, 0)) \
                  ELSE c.last_seen END, \
             c.present <> 0 AND (coalesce(p.gap, 0) <> 0 OR coalesce(s.failures, 0) > 0), c.id \
             FROM credentials c \
             LEFT JOIN parts p ON p.source = c.source AND p.part = c.part \
             LEFT JOIN sources s ON s.name = c.source ",
            $rest
        )
    };
}

fn row(row: &Row) -> Result<CredentialRow, Trouble> {
    Ok(CredentialRow {
        credential: from_json::<Credential>(row.try_get(0)?)?,
        first_seen: time(row.try_get(1)?)?,
        last_seen: time(row.try_get(2)?)?,
        stale: row.try_get(3)?,
        last_order: None,
    })
}

pub(super) async fn list(db: &mut Db, gone: bool) -> Result<Vec<CredentialRow>, Trouble> {
    let found = query(select!(
        "WHERE c.present <> 0 OR $1 <> 0 ORDER BY c.ai_held DESC, c.source, c.label, c.id"
    ));
    rows(db, found.bind(gone)).await
}

/// Those that changed after a version, gone ones too.
pub(super) async fn changed(db: &mut Db, version: i64) -> Result<Vec<CredentialRow>, Trouble> {
    rows(db, query(select!("WHERE c.changed > $1")).bind(version)).await
}

async fn rows(db: &mut Db, found: Query<'_>) -> Result<Vec<CredentialRow>, Trouble> {
    let found = found.fetch_all(&mut *db).await?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let newest = query(
        "SELECT id, body, state, receipt, taken, credential FROM orders \
         WHERE seq IN (SELECT max(seq) FROM orders WHERE credential IS NOT NULL GROUP BY credential)",
    )
    .fetch_all(&mut *db)
    .await?;
    let mut orders = HashMap::with_capacity(newest.len());
    for line in &newest {
        orders.insert(line.try_get::<String>(5)?, orders::row(line)?);
    }
    let mut rows = Vec::with_capacity(found.len());
    for line in &found {
        let mut next = row(line)?;
        next.last_order = orders.remove(next.credential.id.as_str());
        rows.push(next);
    }
    Ok(rows)
}

pub(super) async fn one(db: &mut Db, id: &CredentialId) -> Result<Option<CredentialRow>, Trouble> {
    let found =
        query(select!("WHERE c.id = $1")).bind(id.as_str()).fetch_optional(&mut *db).await?;
    let Some(found) = found else { return Ok(None) };
    let mut next = row(&found)?;
    let newest = query(
        "SELECT id, body, state, receipt, taken FROM orders WHERE credential = $1 ORDER BY seq DESC LIMIT 1",
    )
    .bind(id.as_str())
    .fetch_optional(db)
    .await?;
    next.last_order = newest.as_ref().map(orders::row).transpose()?;
    Ok(Some(next))
}
