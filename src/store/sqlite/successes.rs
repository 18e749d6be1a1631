//! Changes that succeeded outside production.

use super::{
    trouble::Trouble,
    values::{from_json, json, millis},
};
use crate::{domain::Digest, store::Success};
use sqlx::{Row as _, SqliteConnection};

/// Notes one; an earlier one of the same change is replaced.
pub(super) async fn note(db: &mut SqliteConnection, success: &Success) -> Result<(), Trouble> {
    sqlx::query(
        "INSERT INTO successes (change, at, body) VALUES (?, ?, ?) \
         ON CONFLICT (change) DO UPDATE SET at = excluded.at, body = excluded.body",
    )
    .bind(success.change.to_string())
    .bind(millis(success.at))
    .bind(json(success)?)
    .execute(db)
    .await?;
    Ok(())
}

/// The newest of a change.
pub(super) async fn of(
    db: &mut SqliteConnection,
    change: &Digest,
) -> Result<Option<Success>, Trouble> {
    let row = sqlx::query("SELECT body FROM successes WHERE change = ?")
        .bind(change.to_string())
        .fetch_optional(db)
        .await?;
    row.map(|row| from_json(row.try_get(0)?)).transpose()
}
