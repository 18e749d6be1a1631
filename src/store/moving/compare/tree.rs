//! The ledger held against itself: entries, leaves, inner nodes, and the heads that were kept.

use super::{Findings, Mismatch, Wrong, table, told::Told};
use crate::{
    ledger::{Edge, Entry, Hash, leaf_hash},
    store::{
        StoreError,
        moving::{Row, Table, View, copy},
    },
};
use std::collections::{BTreeMap, VecDeque};

/// What the ledger comes to.
pub(super) struct Tree {
    pub entries: u64,
    pub pruned: u64,
    pub root: Hash,
}

/// Rows of a table, one after the other.
struct Rows {
    table: &'static Table,
    page: VecDeque<Row>,
    last: Option<Row>,
    ended: bool,
}

impl Rows {
    fn of(name: &'static str) -> Result<Self, StoreError> {
        let table = table(name)?;
        Ok(Self { table, page: VecDeque::new(), last: None, ended: false })
    }

    /// The number in the key of the next row, which stays the next one.
    async fn peek(&mut self, view: &mut dyn View) -> Result<Option<u64>, StoreError> {
        if self.page.is_empty() && !self.ended {
            match copy::next(view, self.table, self.last.as_ref()).await? {
                Some(rows) => {
                    self.last = rows.last().cloned();
                    self.page = rows.into();
                }
                None => self.ended = true,
            }
        }
        let number = |row: &Row| row.first().and_then(super::super::Value::number);
        Ok(self.page.front().and_then(number).and_then(|number| u64::try_from(number).ok()))
    }

    fn take(&mut self) -> Option<Row> {
        self.page.pop_front()
    }
}

/// Reads the whole ledger: what it tells, and whether its tree fits.
pub(super) async fn read(
    view: &mut dyn View,
    findings: &mut Findings,
) -> Result<(Told, Tree), StoreError> {
    let heads = heads(view).await?;
    let (mut entries, mut nodes) = (Rows::of("ledger_entries")?, Rows::of("ledger_nodes")?);
    let mut edge = Edge::default();
    let mut told = Told::default();
    let mut pruned = 0;
    loop {
        let at = edge.size();
        let body = match entries.peek(view).await? {
            Some(number) if number == at => {
                let row = entries.take().unwrap_or_default();
                Some(entries.table.of(&row, "body").text().map(ToOwned::to_owned))
            }
            // A row before the place that is looked for: nothing fits there any more.
            Some(number) if number < at => {
                entries.take();
                continue;
            }
            _ => None,
        };
        // The nodes a leaf brings begin with the leaf itself.
        let first = edge.clone().push(Hash::default()).0;
        let leaf = node(view, &mut nodes, first).await?;
        let leaf = match (&body, leaf) {
            (None, None) => break,
            (None, Some(leaf)) => {
                findings.add(deleted("ledger_entries", at, "the entry is gone, its hash is there"));
                leaf
            }
            (Some(None), leaf) => {
                pruned += 1;
                leaf.unwrap_or_default()
            }
            (Some(Some(body)), leaf) => {
                let now = leaf_hash(body.as_bytes());
                match leaf {
                    Some(leaf) if leaf == now => {}
                    Some(_) => findings.add(altered(
                        "ledger_entries",
                        at,
                        "its text is not what was hashed when it was written",
                    )),
                    None => {
                        findings.add(deleted("ledger_nodes", first, "the entry's hash is gone"));
                    }
                }
                match Entry::read(body.as_bytes()) {
                    Ok(entry) => told.add(at, entry),
                    Err(error) => findings.add(Mismatch {
                        table: "ledger_entries",
                        id: at.to_string(),
                        wrong: Wrong::Unreadable,
                        entry: Some(at),
                        told: error.to_string(),
                    }),
                }
                leaf.unwrap_or(now)
            }
        };
        let (first, fresh) = edge.push(leaf);
        for (place, hash) in (first..).zip(&fresh).skip(1) {
            match node(view, &mut nodes, place).await? {
                Some(kept) if kept == *hash => {}
                Some(_) => findings.add(altered(
                    "ledger_nodes",
                    place,
                    "it is not the hash of the two below it",
                )),
                None => findings.add(deleted("ledger_nodes", place, "a hash of the tree is gone")),
            }
        }
        check_head(&heads, &edge, findings);
    }
    let size = edge.size();
    for (head, (seq, _)) in heads.range(size + 1..) {
        findings.add(Mismatch {
            table: "ledger_heads",
            id: seq.to_string(),
            wrong: Wrong::Deleted,
            entry: Some(size),
            told: format!(
                "a head of {head} entries was signed, and there are {size}: the end was cut off"
            ),
        });
    }
    Ok((told, Tree { entries: size, pruned, root: edge.root() }))
}

async fn node(
    view: &mut dyn View,
    nodes: &mut Rows,
    place: u64,
) -> Result<Option<Hash>, StoreError> {
    while nodes.peek(view).await?.is_some_and(|number| number < place) {
        nodes.take();
    }
    if nodes.peek(view).await? != Some(place) {
        return Ok(None);
    }
    let row = nodes.take().unwrap_or_default();
    let super::super::Value::Bytes(bytes) = nodes.table.of(&row, "hash") else { return Ok(None) };
    Ok(<[u8; 32]>::try_from(bytes.as_slice()).ok().map(Hash))
}

/// The root each head names, by its size. Who signed it is asked elsewhere.
async fn heads(view: &mut dyn View) -> Result<BTreeMap<u64, (i64, Option<Hash>)>, StoreError> {
    let heads = table("ledger_heads")?;
    let mut found = BTreeMap::new();
    super::each(view, heads, |row| {
        let seq = heads.of(row, "seq").number().unwrap_or_default();
        let size = heads.of(row, "size").number().and_then(|size| u64::try_from(size).ok());
        // Origin, size, root (C2SP tlog-checkpoint).
        let note = heads.of(row, "note").text().unwrap_or_default();
        let mut lines = note.lines().skip(1);
        let told: Option<u64> = lines.next().and_then(|line| line.parse().ok());
        let root = lines.next().and_then(|line| Hash::parse_hash(line).ok());
        let root = root.filter(|_| told == size);
        found.insert(size.unwrap_or_default(), (seq, root));
    })
    .await?;
    Ok(found)
}

fn check_head(heads: &BTreeMap<u64, (i64, Option<Hash>)>, edge: &Edge, findings: &mut Findings) {
    let Some((seq, root)) = heads.get(&edge.size()) else { return };
    if *root != Some(edge.root()) {
        findings.add(Mismatch {
            table: "ledger_heads",
            id: seq.to_string(),
            wrong: Wrong::Altered,
            entry: edge.size().checked_sub(1),
            told: format!("its root is not that of the first {} entries", edge.size()),
        });
    }
}

fn altered(table: &'static str, at: u64, told: &str) -> Mismatch {
    let entry = (table == "ledger_entries").then_some(at);
    Mismatch { table, id: at.to_string(), wrong: Wrong::Altered, entry, told: told.to_owned() }
}

fn deleted(table: &'static str, at: u64, told: &str) -> Mismatch {
    Mismatch { wrong: Wrong::Deleted, ..altered(table, at, told) }
}
