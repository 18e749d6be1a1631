//! The ledger's rows: appended in the transaction of what they tell, never changed.
//!
//! ```text
//!   a write ─▶ Draft, Draft ─▶ append ─┬─ SQLite ────────────────▶ sequence ─┬─▶ ledger_entries  entry, body
//!                (same transaction)    └─ PostgreSQL ─▶ ledger_pending ··▶───┴─▶ ledger_nodes    leaf, and every
//!                                                        (in batches)                            subtree it completes
//! ```
//!
//! SQLite has one writer at a time, so an entry gets its place in the transaction that writes it.
//! On a server writers would queue behind each other for that; there entries wait in
//! `ledger_pending` and get their places in batches.

use super::{
    db::{Db, Many, query, query_scalar},
    trouble::Trouble,
    values::millis,
};
use crate::{
    ledger::{Body, Edge, Entry, Hash, RosterInForce, leaf_hash},
    store::moving::{Row, Table, Value},
};
use jiff::Timestamp;
use std::collections::HashMap;

/// Rows a statement carries, five values each.
const ROWS: usize = 400;

/// How many entries have their place.
pub(in crate::store) async fn size(db: &mut Db) -> Result<u64, Trouble> {
    let size: i64 = query_scalar("SELECT coalesce(max(entry) + 1, 0) FROM ledger_entries")
        .fetch_one(db)
        .await?;
    place(size)
}

/// An entry before it has its place.
pub(in crate::store) struct Draft {
    /// When, in milliseconds.
    pub at: i64,
    /// Its kind, to find it by.
    pub kind: String,
    /// What it is about, to find it by.
    pub about: String,
    /// Its bytes.
    pub body: String,
}

impl Draft {
    fn of(entry: &Entry) -> Result<Self, Trouble> {
        let body = String::from_utf8(entry.bytes()?)
            .map_err(|_| Trouble::Wrong("an entry of the ledger is no text".to_owned()))?;
        let (kind, about) = (entry.kind().word().to_owned(), entry.about.clone());
        Ok(Self { at: millis(entry.at), kind, about, body })
    }
}

/// Writes entries down in the order they are given, to be kept or lost with this transaction.
pub(in crate::store) async fn append(db: &mut Db, entries: &[Entry]) -> Result<(), Trouble> {
    let drafts = entries.iter().map(Draft::of).collect::<Result<Vec<_>, _>>()?;
    match db {
        Db::Sqlite(..) => sequence(db, &drafts).await,
        Db::Postgres(_) => wait(db, &drafts).await,
    }
}

async fn wait(db: &mut Db, drafts: &[Draft]) -> Result<(), Trouble> {
    if let (Db::Postgres(session), false) = (&mut *db, drafts.is_empty()) {
        session.tells();
    }
    for piece in drafts.chunks(ROWS) {
        let mut insert = Many::new(db, "INSERT INTO ledger_pending (at, kind, about, body) ");
        insert.push_values(piece, |row, draft| {
            row.push_bind(draft.at)
                .push_bind(draft.kind.as_str())
                .push_bind(draft.about.as_str())
                .push_bind(draft.body.as_str());
        });
        insert.query(piece.len() == 1).execute(db).await?;
    }
    Ok(())
}

/// Gives entries their places at the end. Nobody else may be doing the same.
pub(in crate::store) async fn sequence(db: &mut Db, drafts: &[Draft]) -> Result<(), Trouble> {
    if drafts.is_empty() {
        return Ok(());
    }
    let size = size(db).await?;
    let mut edge = Edge::of(size, nodes(db, &Edge::needs(size)).await?)?;
    let mut fresh = Vec::with_capacity(drafts.len() * 2);
    for draft in drafts {
        let (first, hashes) = edge.push(leaf_hash(draft.body.as_bytes()));
        fresh.extend((first..).zip(hashes));
    }
    for (piece, from) in drafts.chunks(ROWS).zip((size..).step_by(ROWS)) {
        let mut insert =
            Many::new(db, "INSERT INTO ledger_entries (entry, at, kind, about, body) ");
        insert.push_values(piece.iter().zip(from..), |row, (draft, at)| {
            row.push_bind(number(at))
                .push_bind(draft.at)
                .push_bind(draft.kind.as_str())
                .push_bind(draft.about.as_str())
                .push_bind(draft.body.as_str());
        });
        insert.query(piece.len() == 1).later(db).await?;
    }
    for piece in fresh.chunks(ROWS) {
        let mut insert = Many::new(db, "INSERT INTO ledger_nodes (node, hash) ");
        insert.push_values(piece, |row, (node, hash)| {
            row.push_bind(number(*node)).push_bind(hash.0.as_slice());
        });
        insert.query(piece.len() < 4).later(db).await?;
    }
    Ok(())
}

/// The hashes at these places, in that order.
pub(in crate::store) async fn nodes(db: &mut Db, places: &[u64]) -> Result<Vec<Hash>, Trouble> {
    let mut found = HashMap::with_capacity(places.len());
    for piece in places.chunks(ROWS) {
        let list = piece.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
        let text = format!("SELECT node, hash FROM ledger_nodes WHERE node IN ({list})");
        for row in Many::new(db, &text).query(false).fetch_all(db).await? {
            let hash: Vec<u8> = row.try_get(1)?;
            let hash: [u8; 32] = hash
                .try_into()
                .map_err(|_| Trouble::Unreadable("a hash of the ledger has another size".into()))?;
            found.insert(place(row.try_get(0)?)?, Hash(hash));
        }
    }
    places
        .iter()
        .map(|place| {
            found.get(place).copied().ok_or_else(|| {
                Trouble::Unreadable(format!("the tree of the ledger lacks hash {place}"))
            })
        })
        .collect()
}

/// Whether this is the roster that was noted last; where none was, whether it says nothing either.
pub(in crate::store) async fn is_last_roster(
    db: &mut Db,
    roster: &RosterInForce,
) -> Result<bool, Trouble> {
    let mut last: Option<String> = None;
    if matches!(db, Db::Postgres(_)) {
        let waiting =
            "SELECT body FROM ledger_pending WHERE about = 'roster' ORDER BY seq DESC LIMIT 1";
        last = query_scalar(waiting).fetch_optional(db).await?;
    }
    if last.is_none() {
        let kept = "SELECT body FROM ledger_entries \
             WHERE about = 'roster' AND body IS NOT NULL ORDER BY entry DESC LIMIT 1";
        last = query_scalar(kept).fetch_optional(db).await?;
    }
    let Some(last) = last else { return Ok(roster.says_nothing()) };
    Ok(matches!(Entry::read(last.as_bytes())?.body, Body::Roster(last) if *last == *roster))
}

/// Notes a roster, where it is another than the last one; says whether it was.
pub(in crate::store) async fn adopt_roster(
    db: &mut Db,
    roster: &RosterInForce,
    at: Timestamp,
) -> Result<bool, Trouble> {
    if is_last_roster(db, roster).await? {
        return Ok(false);
    }
    append(db, &[Entry::roster(roster.clone(), at)]).await?;
    Ok(true)
}

/// Entries that wait for their places, with the places they would get now.
#[derive(Default)]
pub(in crate::store) struct Waiting {
    entries: Vec<Row>,
    nodes: Vec<Row>,
}

impl Waiting {
    /// The rows that would be in this table.
    pub(in crate::store) fn of(&self, table: &Table) -> &[Row] {
        match table.name {
            "ledger_entries" => &self.entries,
            "ledger_nodes" => &self.nodes,
            _ => &[],
        }
    }
}

/// What waits for its place; nothing ever does on SQLite.
pub(in crate::store) async fn waiting(db: &mut Db) -> Result<Waiting, Trouble> {
    let size = size(db).await?;
    let mut waiting = Waiting::default();
    if matches!(db, Db::Sqlite(..)) {
        return Ok(waiting);
    }
    let found = query("SELECT at, kind, about, body FROM ledger_pending ORDER BY seq")
        .fetch_all(db)
        .await?;
    let mut edge = Edge::of(size, nodes(db, &Edge::needs(size)).await?)?;
    for (row, entry) in found.iter().zip(size..) {
        let body: String = row.try_get(3)?;
        let (first, hashes) = edge.push(leaf_hash(body.as_bytes()));
        let node = |(place, hash): (u64, Hash)| {
            vec![Value::Number(number(place)), Value::Bytes(hash.0.to_vec())]
        };
        waiting.nodes.extend((first..).zip(hashes).map(node));
        waiting.entries.push(vec![
            Value::Number(number(entry)),
            Value::Number(row.try_get(0)?),
            Value::Text(row.try_get(1)?),
            Value::Text(row.try_get(2)?),
            Value::Text(body),
        ]);
    }
    Ok(waiting)
}

/// The bodies of entries from one on, at most so many; none where one was pruned.
pub(in crate::store) async fn bodies(
    db: &mut Db,
    from: u64,
    limit: u32,
) -> Result<Vec<Option<Vec<u8>>>, Trouble> {
    let text = "SELECT entry, body FROM ledger_entries WHERE entry >= $1 ORDER BY entry LIMIT $2";
    let rows = query(text).bind(number(from)).bind(limit).fetch_all(db).await?;
    let mut found = Vec::with_capacity(rows.len());
    for (row, at) in rows.iter().zip(from..) {
        if place(row.try_get(0)?)? != at {
            return Err(Trouble::Unreadable(format!("entry {at} of the ledger is missing")));
        }
        found.push(row.try_get::<Option<String>>(1)?.map(String::into_bytes));
    }
    Ok(found)
}

/// The places of the entries about something.
pub(in crate::store) async fn about(db: &mut Db, about: &str) -> Result<Vec<u64>, Trouble> {
    let text = "SELECT entry FROM ledger_entries WHERE about = $1 AND about <> '' ORDER BY entry";
    let found: Vec<i64> = query_scalar(text).bind(about).fetch_all(db).await?;
    found.into_iter().map(place).collect()
}

/// The notes of heads of at least this size, smallest first; of one size the last that was kept.
pub(in crate::store) async fn heads(db: &mut Db, from: u64) -> Result<Vec<String>, Trouble> {
    let text = "SELECT note FROM ledger_heads h WHERE size >= $1 \
        AND seq = (SELECT max(seq) FROM ledger_heads WHERE size = h.size) ORDER BY size";
    query_scalar(text).bind(number(from)).fetch_all(db).await
}

/// Keeps a head.
pub(in crate::store) async fn keep_head(db: &mut Db, size: u64, note: &str) -> Result<(), Trouble> {
    let now = millis(db.now());
    query("INSERT INTO ledger_heads (size, at, note) VALUES ($1, $2, $3)")
        .bind(number(size))
        .bind(now)
        .bind(note)
        .later(db)
        .await?;
    Ok(())
}

/// A stored place or size.
pub(in crate::store) fn place(stored: i64) -> Result<u64, Trouble> {
    u64::try_from(stored)
        .map_err(|_| Trouble::Unreadable("a place in the ledger is below zero".to_owned()))
}

/// A place or size as it is stored.
pub(in crate::store) fn number(place: u64) -> i64 {
    i64::try_from(place).unwrap_or(i64::MAX)
}
