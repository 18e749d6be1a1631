//! Changes that succeeded outside production.

use super::{
    db::{Db, query},
    trouble::Trouble,
    values::{from_json, json, millis},
};
use crate::{domain::Digest, store::Success};

/// Notes one; an earlier one of the same change is replaced.
pub(super) async fn note(db: &mut Db, success: &Success) -> Result<(), Trouble> {
    query(
        "INSERT INTO successes (change, at, body) VALUES ($1, $2, $3) \
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
pub(super) async fn of(db: &mut Db, change: &Digest) -> Result<Option<Success>, Trouble> {
    let row = query("SELECT body FROM successes WHERE change = $1")
        .bind(change.to_string())
        .fetch_optional(db)
        .await?;
    row.map(|row| from_json(row.try_get(0)?)).transpose()
}
