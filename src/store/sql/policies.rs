//! Which policies were in force, so that an older one is noticed.

use super::{
    db::{Db, query},
    history::Line,
    intake::Summary,
    ledger,
    tally::Tally,
    trouble::Trouble,
    values::{from_json, from_word, millis},
};
use crate::{
    domain::{ActionId, ActivityKind, Digest, PolicyId, SourceName, Untrusted},
    ledger::Entry,
    store::AdoptError,
};
use jiff::Timestamp;

/// The newest that was in force.
pub(super) async fn newest(db: &mut Db) -> Result<Option<PolicyId>, Trouble> {
    let row = query("SELECT version, digest FROM policies ORDER BY version DESC LIMIT 1")
        .fetch_optional(db)
        .await?;
    row.map(|row| {
        let version: i64 = row.try_get(0)?;
        let digest: Digest = row.try_get::<&str>(1)?.parse()?;
        Ok(PolicyId { version: version.unsigned_abs(), digest })
    })
    .transpose()
}

/// Says of everything that waits at a gate under an older policy that its approvals are void.
async fn void(db: &mut Db, now: &PolicyId, at: Timestamp) -> Result<(), Trouble> {
    let rows = query(
        "SELECT id, source, summary FROM actions \
         WHERE state = 'pending' AND kind IN ('command', 'call')",
    )
    .fetch_all(&mut *db)
    .await?;
    for row in &rows {
        let id: ActionId = from_word(row.try_get(0)?)?;
        let source: SourceName = from_word(row.try_get(1)?)?;
        let Summary { ruling, title, .. } = from_json(row.try_get(2)?)?;
        let Some(before) = ruling.map(|ruling| ruling.policy).filter(|before| before != now) else {
            continue;
        };
        let given = Tally::of(db, &id, at).await?.decisions().len();
        let lost = match given {
            0 => "nobody had decided".to_owned(),
            1 => "the decision on it is void".to_owned(),
            more => format!("the {more} decisions on it are void"),
        };
        let what = format!(
            "{}: asked under policy {before}; {now} holds now: {lost}. Whoever asked has to ask again, \
             and reviewers decide anew",
            title.raw()
        );
        let (about, who) = (id.as_str(), Untrusted::default());
        Line { at, kind: ActivityKind::Voided, source: &source, about, who, what }
            .write(db)
            .await?;
    }
    Ok(())
}

/// Notes a policy as in force; `Some` where it may not be.
pub(super) async fn adopt(
    db: &mut Db,
    policy: &PolicyId,
    text: Option<&str>,
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
    ledger::append(db, &[Entry::policy(*policy, text.map(Untrusted::new), at)]).await?;
    void(db, policy, at).await?;
    Ok(None)
}
