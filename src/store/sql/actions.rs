//! Actions, listed without their diffs or read whole.

use super::{
    db::{Db, Query, Row, query},
    intake::Summary,
    trouble::Trouble,
    values::{from_json, from_word, time},
};
use crate::{
    domain::{Action, ActionId, Decision, Digest, OrderId, SourceName},
    store::ActionRow,
};
use futures::TryStreamExt as _;
use std::collections::HashMap;

macro_rules! select {
    ($columns:literal, $rest:literal) => {
        concat!(
            "SELECT a.id, a.source, a.summary, a.digest, a.state, a.first_seen, \
             CASE WHEN a.present <> 0 THEN max(a.last_seen, coalesce(p.read_at, 0)) \
                  ELSE a.last_seen END, \
             a.present <> 0 AND (coalesce(p.gap, 0) <> 0 OR coalesce(s.failures, 0) > 0)",
            $columns,
            " FROM actions a \
             LEFT JOIN parts p ON p.source = a.source AND p.part = a.part \
             LEFT JOIN sources s ON s.name = a.source ",
            $rest
        )
    };
}

fn row(row: &Row) -> Result<ActionRow, Trouble> {
    let summary: Summary = from_json(row.try_get(2)?)?;
    Ok(ActionRow {
        id: from_word(row.try_get(0)?)?,
        source: from_word(row.try_get(1)?)?,
        subject: summary.subject,
        tool: summary.tool,
        requester: summary.requester,
        title: summary.title,
        target: summary.target,
        opened: summary.opened,
        digest: row.try_get::<&str>(3)?.parse::<Digest>()?,
        state: from_word(row.try_get(4)?)?,
        additions: summary.additions,
        deletions: summary.deletions,
        files: summary.files,
        checks: summary.checks,
        first_seen: time(row.try_get(5)?)?,
        last_seen: time(row.try_get(6)?)?,
        stale: row.try_get(7)?,
        ruling: summary.ruling,
        decisions: Vec::new(),
        spent: Vec::new(),
    })
}

/// Decisions on one action, oldest first, and the orders that used up the first of them.
#[derive(Default)]
pub(super) struct Decided {
    pub decisions: Vec<Decision>,
    pub spent: Vec<OrderId>,
}

impl Decided {
    /// Takes the next one in; `row` is body, spent.
    fn take_in(&mut self, decision: Decision, row: &Row) -> Result<(), Trouble> {
        if let Some(order) = row.try_get::<Option<&str>>(1)? {
            self.spent.push(from_word(order)?);
        }
        self.decisions.push(decision);
        Ok(())
    }
}

/// Rows for lists. The diffs lie in another table and are not touched.
pub(super) async fn list(db: &mut Db, closed: bool) -> Result<Vec<ActionRow>, Trouble> {
    let found = if closed {
        query(select!("", "ORDER BY a.state IN ('pending', 'deciding') DESC, a.opened DESC, a.id"))
    } else {
        query(select!("", "WHERE a.state IN ('pending', 'deciding') ORDER BY a.opened DESC, a.id"))
    };
    rows(db, found).await
}

/// Open actions of one source.
pub(super) async fn of_source(db: &mut Db, source: &SourceName) -> Result<Vec<ActionRow>, Trouble> {
    let found = query(select!(
        "",
        "WHERE a.source = $1 AND a.state IN ('pending', 'deciding') ORDER BY a.opened DESC, a.id"
    ));
    rows(db, found.bind(source.as_str())).await
}

async fn rows(db: &mut Db, found: Query<'_>) -> Result<Vec<ActionRow>, Trouble> {
    let all = query("SELECT body, spent FROM decisions ORDER BY seq");
    let mut decisions = decisions(&mut *db, all).await?;
    let mut rows = Vec::new();
    // One row at a time: a hundred thousand must not be in memory twice.
    let mut found = found.fetch(db);
    while let Some(line) = found.try_next().await? {
        let mut next = row(&line)?;
        if let Some(decided) = decisions.remove(&next.id) {
            (next.decisions, next.spent) = (decided.decisions, decided.spent);
        }
        rows.push(next);
    }
    Ok(rows)
}

/// Decisions by their actions, oldest first.
pub(super) async fn decisions(
    db: &mut Db,
    found: Query<'_>,
) -> Result<HashMap<ActionId, Decided>, Trouble> {
    let mut decisions: HashMap<ActionId, Decided> = HashMap::new();
    for row in &found.fetch_all(db).await? {
        let decision: Decision = from_json(row.try_get(0)?)?;
        decisions.entry(decision.action.clone()).or_default().take_in(decision, row)?;
    }
    Ok(decisions)
}

/// One action, whole.
pub(super) async fn one(
    db: &mut Db,
    id: &ActionId,
) -> Result<Option<(ActionRow, Action)>, Trouble> {
    let found =
        query(select!(", b.body", "JOIN action_bodies b ON b.action = a.id WHERE a.id = $1"))
            .bind(id.as_str())
            .fetch_optional(&mut *db)
            .await?;
    let Some(found) = found else { return Ok(None) };
    let mut next = row(&found)?;
    let decided = of_one(db, id).await?;
    (next.decisions, next.spent) = (decided.decisions, decided.spent);
    let action = from_json(found.try_get(8)?)?;
    Ok(Some((next, action)))
}

/// The decisions on one action.
pub(super) async fn of_one(db: &mut Db, id: &ActionId) -> Result<Decided, Trouble> {
    let rows = query("SELECT body, spent FROM decisions WHERE action = $1 ORDER BY seq")
        .bind(id.as_str())
        .fetch_all(db)
        .await?;
    let mut decided = Decided::default();
    for row in &rows {
        decided.take_in(from_json(row.try_get(0)?)?, row)?;
    }
    Ok(decided)
}
