//! Lines of history.

use super::{
    db::{Db, query},
    trouble::Trouble,
    values::{from_word, millis, time, word},
};
use crate::domain::{Activity, ActivityKind, SourceName, Untrusted};
use jiff::Timestamp;

/// A line before the store gave it its place.
pub(super) struct Line<'a> {
    pub at: Timestamp,
    pub kind: ActivityKind,
    pub source: &'a SourceName,
    pub about: &'a str,
    pub who: Untrusted,
    pub what: String,
}

impl Line<'_> {
    pub(super) async fn write(self, db: &mut Db) -> Result<(), Trouble> {
        let line = Activity {
            seq: 0,
            at: self.at,
            kind: self.kind,
            source: self.source.clone(),
            about: self.about.to_owned(),
            who: self.who,
            what: Untrusted::new(self.what),
        };
        write(db, &line).await
    }
}

/// Adds one line.
pub(super) async fn write(db: &mut Db, line: &Activity) -> Result<(), Trouble> {
    query(
        "INSERT INTO activity (at, kind, source, about, who, what) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(millis(line.at))
    .bind(word(&line.kind)?)
    .bind(line.source.as_str())
    .bind(&line.about)
    .bind(line.who.raw())
    .bind(line.what.raw())
    .later(db)
    .await?;
    Ok(())
}

/// The newest lines, newest first.
pub(super) async fn newest(
    db: &mut Db,
    limit: u32,
    before: Option<i64>,
) -> Result<Vec<Activity>, Trouble> {
    let rows = query(
        "SELECT seq, at, kind, source, about, who, what FROM activity \
         WHERE seq < $1 ORDER BY seq DESC LIMIT $2",
    )
    .bind(before.unwrap_or(i64::MAX))
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Activity {
                seq: row.try_get(0)?,
                at: time(row.try_get(1)?)?,
                kind: from_word(row.try_get(2)?)?,
                source: from_word(row.try_get(3)?)?,
                about: row.try_get(4)?,
                who: Untrusted::new(row.try_get::<String>(5)?),
                what: Untrusted::new(row.try_get::<String>(6)?),
            })
        })
        .collect()
}
