//! What the tables say, held against the ledger.
//!
//! ```text
//!   ledger_entries ─▶ leaf fits? ─▶ tree fits? ─▶ Told (what was decided, ordered, taken, …)
//!   decisions, orders, actions, policies, autonomous ────────▶ compared with it, row by row
//! ```
//!
//! The tables are what the program works with, because they are quick; the ledger is what can be
//! proved. Where they differ somebody had a hand in it, and the row is named.

mod rows;
mod told;
mod tree;

use super::{Row, Table, View};
use crate::{
    ledger::Hash,
    store::{Store, StoreError},
};
use serde::Serialize;
use std::fmt;

/// What is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wrong {
    /// It says something else than its entry.
    Altered,
    /// There is an entry of it, and no row.
    Deleted,
    /// There is a row, and no entry of it.
    Inserted,
    /// It stands before one it was written after.
    Reordered,
    /// It is not what this program would have written.
    Unreadable,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Altered => "altered",
            Self::Deleted => "deleted",
            Self::Inserted => "inserted",
            Self::Reordered => "reordered",
            Self::Unreadable => "unreadable",
        })
    }
}

/// A row that does not fit the ledger, or a piece of the ledger that does not fit itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mismatch {
    /// Its table.
    pub table: &'static str,
    /// Its key in that table, or what it was about where it is gone.
    pub id: String,
    /// What is wrong.
    pub wrong: Wrong,
    /// The entry that tells otherwise, where there is one.
    pub entry: Option<u64>,
    /// More, in words.
    pub told: String,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.table, self.id, self.wrong)?;
        if let Some(entry) = self.entry {
            write!(f, " (entry {entry})")?;
        }
        write!(f, ": {}", self.told)
    }
}

/// What comparing found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Compared {
    /// Entries of the ledger.
    pub entries: u64,
    /// Entries whose text was pruned.
    pub pruned: u64,
    /// Rows that were held against them.
    pub rows: u64,
    /// The root of the tree as its leaves give it.
    #[serde(serialize_with = "as_text")]
    pub root: Hash,
    /// What does not fit, in the order of the tables; bounded, see `more`.
    pub mismatches: Vec<Mismatch>,
    /// How many more there are.
    pub more: u64,
}

impl Compared {
    /// Whether everything fits.
    pub fn is_good(&self) -> bool {
        self.wrong() == 0
    }

    /// How many do not fit.
    pub fn wrong(&self) -> u64 {
        self.mismatches.len() as u64 + self.more
    }
}

fn as_text<S: serde::Serializer>(hash: &Hash, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(hash)
}

/// Mismatches that are listed; the rest is counted.
const LISTED: usize = 1000;

/// Collects what does not fit.
#[derive(Default)]
struct Findings {
    found: Vec<Mismatch>,
    more: u64,
}

impl Findings {
    fn add(&mut self, mismatch: Mismatch) {
        if self.found.len() < LISTED {
            self.found.push(mismatch);
        } else {
            self.more += 1;
        }
    }
}

/// Holds every table of a store against its ledger, at one moment. Signatures and quorums are
/// another question: this one is whether the rows say what was written down.
pub async fn compare(store: &dyn Store) -> Result<Compared, StoreError> {
    let mut view = store.view().await?;
    let mut findings = Findings::default();
    let (told, tree) = tree::read(&mut *view, &mut findings).await?;
    let rows = rows::compare(&mut *view, told, &mut findings).await?;
    let Findings { found: mismatches, more } = findings;
    let (entries, pruned, root) = (tree.entries, tree.pruned, tree.root);
    Ok(Compared { entries, pruned, rows, root, mismatches, more })
}

/// Calls `each` with every row of a table, in the order of its key.
async fn each(
    view: &mut dyn View,
    table: &'static Table,
    mut each: impl FnMut(&Row) + Send,
) -> Result<(), StoreError> {
    let mut last: Option<Row> = None;
    while let Some(rows) = super::copy::next(view, table, last.as_ref()).await? {
        rows.iter().for_each(&mut each);
        last = rows.into_iter().next_back();
    }
    Ok(())
}

/// A table that is known to be there.
fn table(name: &'static str) -> Result<&'static Table, StoreError> {
    Table::named(name).ok_or_else(|| StoreError::Database(format!("there is no table {name}")))
}
