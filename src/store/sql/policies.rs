//! Which policies were in force, so that an older one is noticed.

use super::{
    db::{Db, query},
    ledger,
    trouble::Trouble,
    values::millis,
};
use crate::{
    domain::{Digest, PolicyId},
    ledger::Entry,
    store::AdoptError,
};
use jiff::Timestamp;

/// Notes a policy as in force; `Some` where it may not be.
pub(super) async fn adopt(
    db: &mut Db,
    policy: &PolicyId,
    at: Timestamp,
) -> Result<Option<AdoptError>, Trouble> {
    let newest = query("SELECT version, digest FROM policies ORDER BY version DESC LIMIT 1")
        .fetch_optional(&mut *db)
        .await?;
    let given = i64::try_from(policy.version)
        .map_err(|_| Trouble::Wrong("a policy's version is too large".into()))?;
    if let Some(row) = newest {
        let (newest, digest): (i64, Digest) = (row.try_get(0)?, row.try_get::<&str>(1)?.parse()?);
        if given < newest {
            let newest = newest.unsigned_abs();
            return Ok(Some(AdoptError::Older { given: policy.version, newest }));
        }
        if given == newest {
            let same = digest == policy.digest;
            return Ok(
                (!same).then_some(AdoptError::Other { version: policy.version, before: digest })
            );
        }
    }
    query("INSERT INTO policies (version, digest, since) VALUES ($1, $2, $3)")
        .bind(given)
        .bind(policy.digest.to_string())
        .bind(millis(at))
        .execute(&mut *db)
        .await?;
    ledger::append(db, &[Entry::policy(*policy, None, at)]).await?;
    Ok(None)
}
