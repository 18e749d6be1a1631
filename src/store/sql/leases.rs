//! Who does, for a while, what only one has to do: polling a source, on behalf of all consoles.
//!
//! ```text
//!   free, or its time over ─▶ taken ─▶ renewed by its holder before its time is over
//!                               └─▶ released, or forgotten: its time ends, another takes it
//! ```
//!
//! A lease saves work; nothing is kept right by it. Two holders for a moment do no harm.

use super::{
    db::{Db, query, query_scalar},
    trouble::Trouble,
    values::millis,
};
use std::time::Duration;

/// A lease that ends later than this from now was written under another clock and does not count.
const LONGEST: i64 = 60 * 60 * 1000;

/// Whether somebody else has it now.
pub(super) async fn is_held_by_another(
    db: &mut Db,
    name: &str,
    holder: &str,
) -> Result<bool, Trouble> {
    let now = millis(db.now());
    query_scalar(
        "SELECT EXISTS (SELECT 1 FROM leases \
         WHERE name = $1 AND holder <> $2 AND until > $3 AND until <= $4)",
    )
    .bind(name)
    .bind(holder)
    .bind(now)
    .bind(now + LONGEST)
    .fetch_one(db)
    .await
}

/// Takes or renews it; says whether it is the holder's now.
pub(super) async fn take(
    db: &mut Db,
    name: &str,
    holder: &str,
    time: Duration,
) -> Result<bool, Trouble> {
    let now = millis(db.now());
    let time = i64::try_from(time.as_millis()).unwrap_or(LONGEST).min(LONGEST);
    let written = query(
        "INSERT INTO leases (name, holder, until) VALUES ($1, $2, $3) \
         ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until \
         WHERE leases.holder = excluded.holder OR leases.until <= $4 OR leases.until > $5",
    )
    .bind(name)
    .bind(holder)
    .bind(now + time)
    .bind(now)
    .bind(now + LONGEST)
    .execute(db)
    .await?;
    Ok(written == 1)
}

/// Gives it up, if the holder has it.
pub(super) async fn release(db: &mut Db, name: &str, holder: &str) -> Result<(), Trouble> {
    query("DELETE FROM leases WHERE name = $1 AND holder = $2")
        .bind(name)
        .bind(holder)
        .execute(db)
        .await?;
    Ok(())
}
