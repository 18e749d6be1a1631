//! Commits that were let go ahead outside production.

use super::{
    db::{Db, query, query_scalar},
    trouble::Trouble,
    values::{from_json, json, millis},
};
use crate::domain::{ActionId, Environment, Subject};
use jiff::Timestamp;
use std::collections::HashSet;

/// Notes an approved deployment, unless it lands on production or on what may be.
pub(super) async fn note(db: &mut Db, id: &ActionId, at: Timestamp) -> Result<(), Trouble> {
    let summary: String = query_scalar("SELECT summary FROM actions WHERE id = $1")
        .bind(id.as_str())
        .fetch_one(&mut *db)
        .await?;
    let super::intake::Summary { subject, target, .. } = from_json(&summary)?;
    let Subject::Deployment { repo, head_sha, .. } = subject else { return Ok(()) };
    if target.environment != Environment::NonProduction {
        return Ok(());
    }
    query(
        "INSERT INTO staged (change, at) VALUES ($1, $2) \
         ON CONFLICT (change) DO UPDATE SET at = excluded.at",
    )
    .bind(format!("{repo}@{head_sha}"))
    .bind(millis(at))
    .execute(db)
    .await?;
    Ok(())
}

/// Those among these that were noted.
pub(super) async fn of(db: &mut Db, commits: &[String]) -> Result<HashSet<String>, Trouble> {
    let rows = query("SELECT change FROM staged WHERE change IN (SELECT value FROM json_each($1))")
        .bind(json(&commits)?)
        .fetch_all(db)
        .await?;
    rows.iter().map(|row| row.try_get(0)).collect()
}
