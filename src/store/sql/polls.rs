//! What polls saw.
//!
//! ```text
//!   Observation ─ bodies and fingerprints worked out before the lock is taken
//!        └─▶ new: insert │ other fingerprint: update │ missing: gone │ in a gap: kept, stale
//!            each with a line of history, bounded; a source's first poll gets one line in all
//! ```

use super::{
    bulk,
    db::{Db, query, query_scalar},
    history::Line,
    intake::{self, Old, Taken},
    ledger, namesakes,
    seen::Seen,
    sources,
    trouble::Trouble,
    values::{from_json, from_word, json, millis, word},
    wording,
};
use crate::{
    domain::{
        ActionState, ActivityKind, Credential, CredentialStatus, Gap, Health, SourceName, Untrusted,
    },
    ledger::Entry,
    store::PollSummary,
};
use jiff::Timestamp;
use std::collections::{BTreeMap, HashMap};

/// Lines of history one poll may write before the rest is only counted.
const LINES: u64 = 200;

/// Two consoles may poll one source; the answer to the older question is dropped. Beyond this many
/// milliseconds it is not the older question but a clock that was set back.
const OVERTAKEN: i64 = 10 * 60 * 1000;

/// Writes lines of history until there are too many, then counts.
struct Lines<'a> {
    source: &'a SourceName,
    at: Timestamp,
    /// A first poll would only say "appeared" thousands of times.
    quiet: bool,
    written: u64,
    left_out: u64,
}

impl Lines<'_> {
    async fn add(&mut self, db: &mut Db, line: Line<'_>) -> Result<(), Trouble> {
        if self.quiet {
            return Ok(());
        }
        if self.written == LINES {
            self.left_out += 1;
            return Ok(());
        }
        self.written += 1;
        line.write(db).await
    }

    async fn about(
        &mut self,
        db: &mut Db,
        kind: ActivityKind,
        about: &str,
        what: String,
    ) -> Result<(), Trouble> {
        let who = Untrusted::new(self.source.as_str());
        let line = Line { at: self.at, kind, source: self.source, about, who, what };
        self.add(db, line).await
    }

    async fn close(self, db: &mut Db) -> Result<(), Trouble> {
        if self.left_out == 0 {
            return Ok(());
        }
        let what = format!("and {} more changes in this poll, not listed here", self.left_out);
        let (at, source, who) = (self.at, self.source, Untrusted::new(self.source.as_str()));
        Line { at, kind: ActivityKind::Source, source, about: "", who, what }.write(db).await
    }
}

/// Entries that are written together.
const ENTRIES: usize = 200;

/// What taking in a poll adds to.
struct Taking<'a, 'source> {
    lines: &'a mut Lines<'source>,
    summary: &'a mut PollSummary,
    gaps: &'a mut Vec<Gap>,
}

fn overtaken(by: i64, at: Timestamp) -> bool {
    let behind = by - millis(at);
    behind > 0 && behind <= OVERTAKEN
}

pub(super) async fn record_poll(
    db: &mut Db,
    source: &SourceName,
    seen: &Seen,
    at: Timestamp,
    next: Timestamp,
) -> Result<PollSummary, Trouble> {
    let before = sources::before(db, source).await?;
    if before.last_attempt.is_some_and(|last| overtaken(last, at)) {
        return Ok(PollSummary::default());
    }
    let quiet = !before.answered;
    let mut lines = Lines { source, at, quiet, written: 0, left_out: 0 };
    let mut summary = PollSummary::default();
    let mut gaps = seen.gaps.clone();
    let taken = &mut Taking { lines: &mut lines, summary: &mut summary, gaps: &mut gaps };
    take_in_credentials(db, source, seen, at, taken).await?;
    take_in_actions(db, source, seen, at, taken).await?;
    lines.close(db).await?;
    mark_parts(db, source, seen, at).await?;
    let health = if gaps.is_empty() { Health::Good } else { Health::Partial };
    query(
        "UPDATE sources SET health = $1, identity = $2, last_attempt = $3, last_good = $4, \
         next_attempt = $5, failures = 0, fault = NULL, gaps = $6, counts = $7 WHERE name = $8",
    )
    .bind(word(&health)?)
    .bind(&seen.identity)
    .bind(millis(at))
    .bind(millis(at))
    .bind(millis(next))
    .bind(json(&gaps)?)
    .bind(&seen.counts)
    .bind(source.as_str())
    .execute(&mut *db)
    .await?;
    let news = if quiet {
        Some(format!(
            "first poll: {} credentials, {} of them held by AI tools; {} actions waiting",
            seen.credentials.len(),
            seen.held,
            seen.actions.len()
        ))
    } else {
        match (before.health, health) {
            (Health::Failing, Health::Good) => Some("answers again".to_owned()),
            (Health::Partial, Health::Good) => Some("reads everything again".to_owned()),
            (Health::Failing | Health::Good | Health::Waiting, Health::Partial) => Some(format!(
                "answers, but {} listing(s) could not be read; what was there before is kept",
                gaps.len()
            )),
            _ => None,
        }
    };
    sources::tell(db, source, at, news).await?;
    Ok(summary)
}

/// What is stored of a credential already.
struct Stored {
    part: String,
    fingerprint: String,
    present: bool,
    touched: i64,
}

async fn stored_credentials(
    db: &mut Db,
    source: &SourceName,
) -> Result<HashMap<String, Stored>, Trouble> {
    let rows =
        query("SELECT id, part, fingerprint, present, touched FROM credentials WHERE source = $1")
            .bind(source.as_str())
            .fetch_all(db)
            .await?;
    rows.iter()
        .map(|row| {
            let stored = Stored {
                part: row.try_get(1)?,
                fingerprint: row.try_get(2)?,
                present: row.try_get(3)?,
                touched: row.try_get(4)?,
            };
            Ok((row.try_get(0)?, stored))
        })
        .collect()
}

async fn take_in_credentials(
    db: &mut Db,
    source: &SourceName,
    seen: &Seen,
    at: Timestamp,
    Taking { lines, summary, gaps }: &mut Taking<'_, '_>,
) -> Result<(), Trouble> {
    let mut stored = stored_credentials(db, source).await?;
    let found = namesakes::one_each(db, &seen.credentials, gaps).await?;
    let unknown = found.iter().map(|found| found.credential.id.as_str());
    let unknown: Vec<&str> = unknown.filter(|id| !stored.contains_key(*id)).collect();
    let foreign = namesakes::foreign(db, source, &unknown).await?;
    let mut writes = Vec::new();
    for found in found {
        let id = found.credential.id.as_str();
        let old = stored.remove(id);
        match old {
            Some(old) if overtaken(old.touched, at) => {}
            Some(old) if old.present && old.fingerprint == found.fingerprint => {}
            Some(old) if old.present => {
                let before: String = query_scalar("SELECT body FROM credentials WHERE id = $1")
                    .bind(id)
                    .fetch_one(&mut *db)
                    .await?;
                writes.push(found);
                let difference = wording::difference(&from_json(&before)?, &found.credential);
                if let Some(what) = difference {
                    summary.changed += 1;
                    lines.about(db, ActivityKind::Altered, id, what).await?;
                }
            }
            _ => {
                if foreign.contains(id) {
                    gaps.push(namesakes::credential(&found.credential));
                    continue;
                }
                writes.push(found);
                summary.appeared += 1;
                let what = format!(
                    "{}, {}",
                    wording::credential(&found.credential),
                    wording::holders(&found.credential.holders)
                );
                lines.about(db, ActivityKind::Appeared, id, what).await?;
            }
        }
    }
    bulk::credentials(db, source, &writes, at).await?;
    let gone = stored.iter().filter(|(_, old)| {
        old.present && !seen.gap_parts.contains(&old.part) && !overtaken(old.touched, at)
    });
    for (id, _) in gone {
        let body: String = query_scalar("SELECT body FROM credentials WHERE id = $1")
            .bind(id)
            .fetch_one(db)
            .await?;
        let mut credential: Credential = from_json(&body)?;
        credential.status = CredentialStatus::Gone;
        query(
            "UPDATE credentials SET present = 0, fingerprint = '', body = $1, \
             last_seen = max(last_seen, coalesce((SELECT read_at FROM parts \
               WHERE source = credentials.source AND part = credentials.part), 0)) \
             WHERE id = $2",
        )
        .bind(json(&credential)?)
        .bind(id)
        .execute(db)
        .await?;
        summary.gone += 1;
        let what = wording::credential(&credential);
        lines.about(db, ActivityKind::Disappeared, id, what).await?;
    }
    Ok(())
}

async fn take_in_actions(
    db: &mut Db,
    source: &SourceName,
    seen: &Seen,
    at: Timestamp,
    Taking { lines, summary, gaps }: &mut Taking<'_, '_>,
) -> Result<(), Trouble> {
    let rows = query(
        "SELECT id, part, kind, source, state, present, digest, fingerprint, touched FROM actions \
         WHERE source = $1 AND (present <> 0 OR state <> 'gone') \
         AND (kind NOT IN ('command', 'call') OR state IN ('pending', 'deciding'))",
    )
    .bind(source.as_str())
    .fetch_all(&mut *db)
    .await?;
    let mut stored: HashMap<String, (String, bool, Old)> = HashMap::with_capacity(rows.len());
    for row in &rows {
        let at_gate = matches!(row.try_get::<&str>(2)?, "command" | "call");
        stored.insert(row.try_get(0)?, (row.try_get(1)?, at_gate, intake::old_from(row, 3)?));
    }
    let unlisted: Vec<&str> = seen
        .actions
        .iter()
        .map(|new| new.id.as_str())
        .filter(|id| !stored.contains_key(*id))
        .collect();
    let mut ended = intake::old_ones(db, &unlisted).await?;
    let mut writes = Vec::new();
    let mut entries = Vec::new();
    for new in &seen.actions {
        let old = match stored.remove(new.id.as_str()) {
            Some((_, _, old)) => Some(old),
            None => ended.remove(new.id.as_str()),
        };
        if old.as_ref().is_some_and(|old| overtaken(old.touched, at)) {
            continue;
        }
        let (taken, write) = intake::weigh(db, new, old.as_ref(), at).await?;
        writes.extend(write);
        match taken {
            Taken::New => summary.appeared += 1,
            Taken::Changed => summary.changed += 1,
            Taken::Refreshed | Taken::Same => {}
            Taken::Not => gaps.push(namesakes::action(&new.id, &new.title)),
        }
        if intake::is_told(taken) {
            entries.push(Entry::request(&from_json(&new.body)?, at)?);
            if entries.len() == ENTRIES {
                ledger::append(db, &std::mem::take(&mut entries)).await?;
            }
        }
        if let Some(line) = intake::line(new, taken, at) {
            lines.add(db, line).await?;
        }
    }
    ledger::append(db, &entries).await?;
    bulk::actions(db, &writes, at).await?;
    // What waits at a gate is in no listing: only its gate, or its time, ends it.
    stored.retain(|_, (part, at_gate, old)| {
        let missing = old.present && !*at_gate && !seen.gap_parts.contains(part);
        missing && !overtaken(old.touched, at)
    });
    drop_actions(db, &stored, at, lines, summary).await
}

/// Marks what is listed no more. What was waiting is gone; what was decided stays decided.
async fn drop_actions(
    db: &mut Db,
    missing: &HashMap<String, (String, bool, Old)>,
    at: Timestamp,
    lines: &mut Lines<'_>,
    summary: &mut PollSummary,
) -> Result<(), Trouble> {
    let mut becoming: BTreeMap<ActionState, Vec<&str>> = BTreeMap::new();
    let mut entries = Vec::new();
    for (id, (_, _, old)) in missing {
        let waiting = match old.state {
            ActionState::Pending => true,
            ActionState::Deciding => intake::in_flight(db, &from_word(id)?).await?.is_none(),
            _ => false,
        };
        let state = if waiting { ActionState::Gone } else { old.state };
        becoming.entry(state).or_default().push(id);
        if waiting {
            summary.gone += 1;
            let what = "it no longer waits at its source".to_owned();
            let because = Untrusted::new(what.as_str());
            entries.push(Entry::ended(&from_word(id)?, because, at));
            lines.about(db, ActivityKind::Ended, id, what).await?;
        }
    }
    ledger::append(db, &entries).await?;
    for (state, ids) in becoming {
        query(
            "UPDATE actions SET present = 0, state = $1, \
             last_seen = max(last_seen, coalesce((SELECT read_at FROM parts \
               WHERE source = actions.source AND part = actions.part), 0)) \
             WHERE id IN (SELECT value FROM json_each($2))",
        )
        .bind(word(&state)?)
        .bind(json(&ids)?)
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// Every listing that is not among the gaps was read now.
async fn mark_parts(
    db: &mut Db,
    source: &SourceName,
    seen: &Seen,
    at: Timestamp,
) -> Result<(), Trouble> {
    query(
        "INSERT INTO parts (source, part) SELECT $1, value FROM json_each($2) WHERE true \
         ON CONFLICT (source, part) DO NOTHING",
    )
    .bind(source.as_str())
    .bind(&seen.parts)
    .execute(&mut *db)
    .await?;
    query(
        "UPDATE parts SET read_at = $1, gap = 0 \
         WHERE source = $2 AND part NOT IN (SELECT value FROM json_each($3))",
    )
    .bind(millis(at))
    .bind(source.as_str())
    .bind(&seen.gap_list)
    .execute(&mut *db)
    .await?;
    query(
        "UPDATE parts SET gap = 1 \
         WHERE source = $1 AND part IN (SELECT value FROM json_each($2))",
    )
    .bind(source.as_str())
    .bind(&seen.gap_list)
    .execute(db)
    .await?;
    Ok(())
}
