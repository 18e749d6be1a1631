//! The sources themselves: whether they answer, since when not, and when they are asked next.

use super::{
    db::{Db, query},
    history::Line,
    trouble::Trouble,
    values::{from_json, from_word, json, maybe_time, millis, word},
    wording,
};
use crate::domain::{
    ActivityKind, Health, SourceFault, SourceKind, SourceName, SourceState, Untrusted,
};
use jiff::Timestamp;

/// The state a source is in before a poll or a fault is taken in.
pub(super) struct Before {
    pub health: Health,
    pub last_attempt: Option<i64>,
    pub answered: bool,
}

pub(super) async fn register(
    db: &mut Db,
    name: &SourceName,
    kind: SourceKind,
) -> Result<(), Trouble> {
    query(
        "INSERT INTO sources (name, kind, health) VALUES ($1, $2, 'waiting') \
         ON CONFLICT (name) DO UPDATE SET kind = excluded.kind",
    )
    .bind(name.as_str())
    .bind(word(&kind)?)
    .execute(db)
    .await?;
    Ok(())
}

/// Reads a source's state; one that was never registered is, by the kind its name begins with.
pub(super) async fn before(db: &mut Db, source: &SourceName) -> Result<Before, Trouble> {
    let kind = source.as_str().split('/').next().unwrap_or_default();
    if let Ok(kind) = from_word::<SourceKind>(kind) {
        query(
            "INSERT INTO sources (name, kind, health) VALUES ($1, $2, 'waiting') \
             ON CONFLICT (name) DO NOTHING",
        )
        .bind(source.as_str())
        .bind(word(&kind)?)
        .execute(&mut *db)
        .await?;
    }
    let row = query("SELECT health, last_attempt, last_good FROM sources WHERE name = $1")
        .bind(source.as_str())
        .fetch_optional(db)
        .await?;
    let Some(row) = row else { return Err(Trouble::Missing("source", source.to_string())) };
    Ok(Before {
        health: from_word(row.try_get(0)?)?,
        last_attempt: row.try_get(1)?,
        answered: row.try_get::<Option<i64>>(2)?.is_some(),
    })
}

/// Adds a source's own news, if there is any.
pub(super) async fn tell(
    db: &mut Db,
    source: &SourceName,
    at: Timestamp,
    news: Option<String>,
) -> Result<(), Trouble> {
    let Some(what) = news else { return Ok(()) };
    let who = Untrusted::new(source.as_str());
    Line { at, kind: ActivityKind::Source, source, about: "", who, what }.write(db).await
}

pub(super) async fn record_fault(
    db: &mut Db,
    source: &SourceName,
    fault: &SourceFault,
    at: Timestamp,
    next: Timestamp,
) -> Result<(), Trouble> {
    let before = before(db, source).await?;
    query(
        "UPDATE sources SET health = 'failing', last_attempt = $1, next_attempt = $2, \
         failures = failures + 1, fault = $3 WHERE name = $4",
    )
    .bind(millis(at))
    .bind(millis(next))
    .bind(json(fault)?)
    .bind(source.as_str())
    .execute(&mut *db)
    .await?;
    let news = (before.health != Health::Failing)
        .then(|| format!("cannot be read: {}", wording::fault(fault)));
    tell(db, source, at, news).await
}

pub(super) async fn sources(db: &mut Db) -> Result<Vec<SourceState>, Trouble> {
    let rows = query(
        "SELECT name, kind, health, identity, last_attempt, last_good, next_attempt, failures, \
         fault, gaps, counts FROM sources ORDER BY name",
    )
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let fault: Option<&str> = row.try_get(8)?;
            Ok(SourceState {
                name: from_word(row.try_get(0)?)?,
                kind: from_word(row.try_get(1)?)?,
                health: from_word(row.try_get(2)?)?,
                identity: Untrusted::new(row.try_get::<String>(3)?),
                last_attempt: maybe_time(row.try_get(4)?)?,
                last_good: maybe_time(row.try_get(5)?)?,
                next_attempt: maybe_time(row.try_get(6)?)?,
                failures: u32::try_from(row.try_get::<i64>(7)?).unwrap_or(u32::MAX),
                fault: fault.map(from_json).transpose()?,
                gaps: from_json(row.try_get(9)?)?,
                counts: from_json(row.try_get(10)?)?,
            })
        })
        .collect()
}
