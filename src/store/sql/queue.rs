//! The open actions as a console holds them: the first screenful, all, or what changed.

use super::{
    actions::{Decided, decisions},
    credentials,
    db::{Db, Query, query, query_scalar},
    trouble::Trouble,
    values::from_word,
};
use crate::{
    domain::{ActionId, ActionState, Digest, Ruling, Subject, Target, Untrusted},
    store::{
        Changes, QueueRow,
        model::Fresh,
        queue::{Facts, Shared},
    },
};
use futures::TryStreamExt as _;
use jiff::Timestamp;
use serde::Deserialize;
use std::{borrow::Cow, collections::HashMap, sync::Arc};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT a.id, a.source, a.summary, a.digest, a.state, \
             a.present <> 0 AND (coalesce(p.gap, 0) <> 0 OR coalesce(s.failures, 0) > 0) \
             FROM actions a \
             LEFT JOIN parts p ON p.source = a.source AND p.part = a.part \
             LEFT JOIN sources s ON s.name = a.source ",
            $rest
        )
    };
}

/// The part of a summary that lists show; the evidence, the longest part, is passed over.
#[derive(Deserialize)]
struct Brief<'a> {
    subject: Subject,
    #[serde(borrow)]
    tool: Name<'a>,
    requester: Untrusted,
    title: Untrusted,
    target: Target,
    opened: Timestamp,
    additions: u64,
    deletions: u64,
    checks: (u64, u64, u64),
    #[serde(default)]
    ruling: Option<Ruling>,
}

#[derive(Deserialize)]
struct Name<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
}

/// Open actions, newest first, and how many there are in all.
pub(super) async fn list(
    db: &mut Db,
    limit: Option<u32>,
) -> Result<(Vec<Arc<QueueRow>>, u64), Trouble> {
    let total: i64 =
        query_scalar("SELECT count(*) FROM actions WHERE state IN ('pending', 'deciding')")
            .fetch_one(&mut *db)
            .await?;
    let total = u64::try_from(total).unwrap_or(0);
    let found = query(select!(
        "WHERE a.state IN ('pending', 'deciding') ORDER BY a.opened DESC, a.id LIMIT $1"
    ));
    let decided = query(
        "SELECT d.body, d.spent FROM decisions d JOIN actions a ON a.id = d.action \
         WHERE a.state IN ('pending', 'deciding') ORDER BY d.seq",
    );
    let decisions = decisions(&mut *db, decided).await?;
    let mut changes = Changes::default();
    read(db, found.bind(limit.map_or(i64::MAX, i64::from)), decisions, &mut changes).await?;
    Ok((changes.open, total))
}

/// What changed after a version; none where everything was written anew since.
pub(super) async fn changes(db: &mut Db, version: i64) -> Result<Option<Changes>, Trouble> {
    let anew: i64 = query_scalar("SELECT anew FROM meta").fetch_one(db).await?;
    if version < anew {
        return Ok(None);
    }
    let mut changes = Changes::default();
    let found = query(select!("WHERE a.changed > $1"));
    let decided = query(
        "SELECT d.body, d.spent FROM decisions d JOIN actions a ON a.id = d.action \
         WHERE a.changed > $1 ORDER BY d.seq",
    );
    let decisions = decisions(&mut *db, decided.bind(version)).await?;
    read(db, found.bind(version), decisions, &mut changes).await?;
    let credentials = credentials::changed(db, version).await?;
    changes.credentials = credentials.into_iter().map(Arc::new).collect();
    Ok(Some(changes))
}

async fn read(
    db: &mut Db,
    found: Query<'_>,
    mut decisions: HashMap<ActionId, Decided>,
    into: &mut Changes,
) -> Result<(), Trouble> {
    let mut shared = Shared::default();
    let now = db.now();
    // One row at a time: a hundred thousand must not be in memory twice.
    let mut found = found.fetch(db);
    while let Some(line) = found.try_next().await? {
        let id: ActionId = from_word(line.try_get(0)?)?;
        let state: ActionState = from_word(line.try_get(4)?)?;
        if !matches!(state, ActionState::Pending | ActionState::Deciding) {
            into.closed.insert(id);
            continue;
        }
        let brief: Brief<'_> = serde_json::from_str(line.try_get(2)?)?;
        let digest = line.try_get::<&str>(3)?.parse::<Digest>()?;
        let decided = decisions.remove(&id).unwrap_or_default();
        let fresh = Fresh { digest, ruling: brief.ruling.as_ref(), now };
        let carried = decided.spent.last().filter(|_| state == ActionState::Deciding);
        let begins = match carried {
            Some(order) => decided.spent.iter().take_while(|spent| *spent != order).count(),
            None => decided.spent.len(),
        };
        let counting = decided.decisions.iter().skip(begins);
        let counting = counting.filter(|one| match carried {
            Some(_) => one.digest == digest,
            None => fresh.counts(one),
        });
        let counting = counting.cloned().collect();
        into.open.push(shared.row(Facts {
            source: from_word(line.try_get(1)?)?,
            subject: &brief.subject,
            tool: &brief.tool.name,
            requester: brief.requester,
            title: brief.title,
            target: brief.target,
            opened: brief.opened,
            digest,
            state,
            additions: brief.additions,
            deletions: brief.deletions,
            checks: brief.checks,
            stale: line.try_get(5)?,
            ruling: brief.ruling,
            decisions: counting,
            id,
        }));
    }
    Ok(())
}
