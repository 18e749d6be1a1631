//! A store into another one, to the byte, or not at all.
//!
//! ```text
//!   from.view() ─▶ table by table, a page at a time ─▶ to.fill() ─▶ finish
//!                                                        └─▶ read again: same counts, same digest
//! ```

use super::{Holds, Row, TABLES, Table, Value, View};
use crate::{
    domain::Digest,
    store::{Store, StoreError},
};
use sha2::{Digest as _, Sha256};

/// Rows read and written at a time.
const PAGE: u32 = 500;
/// Of tables whose rows can be large.
const SMALL_PAGE: u32 = 50;

/// How far a copy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The table it is at.
    pub table: &'static str,
    /// Rows of it that are there.
    pub done: u64,
    /// Rows it has.
    pub of: u64,
    /// Whether this is the second reading, which compares.
    pub checking: bool,
}

/// What was copied.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Copied {
    /// Rows, by table; those without any are left out.
    pub tables: Vec<(&'static str, u64)>,
    /// Entries of the ledger.
    pub entries: u64,
    /// SHA-256 over every row of every table.
    pub digest: Digest,
}

/// Why a store was not copied. The target is as it was before.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The target holds something.
    #[error("the target is not empty: its table `{table}` has {rows} rows. Give an empty place")]
    NotEmpty {
        /// A table with rows.
        table: &'static str,
        /// How many.
        rows: u64,
    },
    /// What was written is not what was read.
    #[error(
        "the copy is not what was read: its table `{table}` differs. Do not use it; look at the disk or the server it is on"
    )]
    Differs {
        /// The first table that differs.
        table: &'static str,
    },
    /// One of the stores failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Copies everything. With `replace`, what the target held is gone afterwards; without, it has to
/// be empty. One transaction on either side: the target has all of it, or is as it was.
pub async fn copy(
    from: &dyn Store,
    to: &dyn Store,
    replace: bool,
    tell: &mut (dyn FnMut(Step) + Send),
) -> Result<Copied, CopyError> {
    if !replace {
        refuse_unless_empty(to).await?;
    }
    let mut view = from.view().await?;
    let mut fill = to.fill(replace).await?;
    let mut read = Vec::with_capacity(TABLES.len());
    for table in TABLES {
        let mut sum = Sum::default();
        let of = view.count(table).await?;
        let mut last: Option<Row> = None;
        loop {
            let rows = view.rows(table, last.as_ref(), page(table)).await?;
            if rows.is_empty() {
                break;
            }
            fill.put(table, &rows).await?;
            for row in &rows {
                sum.add(row);
            }
            tell(Step { table: table.name, done: sum.rows, of, checking: false });
            last = rows.into_iter().next_back();
        }
        read.push((table.name, sum.done()));
    }
    fill.finish().await?;
    drop(view);
    let written = digests(to, tell).await?;
    for ((table, one), (_, other)) in read.iter().zip(&written) {
        if one != other {
            return Err(CopyError::Differs { table });
        }
    }
    let mut whole = Sha256::new();
    let mut tables = Vec::new();
    let mut entries = 0;
    for (table, (rows, digest)) in read {
        whole.update(digest.to_string());
        if rows > 0 {
            tables.push((table, rows));
        }
        if table == "ledger_entries" {
            entries = rows;
        }
    }
    Ok(Copied { tables, entries, digest: Digest::of_sha256(whole.finalize().into()) })
}

async fn refuse_unless_empty(to: &dyn Store) -> Result<(), CopyError> {
    let mut view = to.view().await?;
    for table in TABLES {
        let rows = view.count(table).await?;
        if rows > 0 {
            return Err(CopyError::NotEmpty { table: table.name, rows });
        }
    }
    Ok(())
}

async fn digests(
    store: &dyn Store,
    tell: &mut (dyn FnMut(Step) + Send),
) -> Result<Vec<(&'static str, (u64, Digest))>, StoreError> {
    let mut view = store.view().await?;
    let mut found = Vec::with_capacity(TABLES.len());
    for table in TABLES {
        let of = view.count(table).await?;
        let mut sum = Sum::default();
        let mut last: Option<Row> = None;
        while let Some(rows) = next(&mut *view, table, last.as_ref()).await? {
            for row in &rows {
                sum.add(row);
            }
            tell(Step { table: table.name, done: sum.rows, of, checking: true });
            last = rows.into_iter().next_back();
        }
        found.push((table.name, sum.done()));
    }
    Ok(found)
}

/// The next page of a table; none at its end.
pub(super) async fn next(
    view: &mut dyn View,
    table: &Table,
    after: Option<&Row>,
) -> Result<Option<Vec<Row>>, StoreError> {
    let rows = view.rows(table, after, page(table)).await?;
    Ok((!rows.is_empty()).then_some(rows))
}

fn page(table: &Table) -> u32 {
    let large = table.columns.iter().any(|column| column.name == "body");
    if large && table.columns.iter().any(|column| column.holds == Holds::Texts) {
        SMALL_PAGE
    } else {
        PAGE
    }
}

/// Counts rows, and what is in them.
#[derive(Default)]
struct Sum {
    rows: u64,
    hash: Sha256,
}

impl Sum {
    fn add(&mut self, row: &Row) {
        self.rows += 1;
        for value in row {
            // A mark and a length in front keep neighbours apart.
            match value {
                Value::Null => self.hash.update([0]),
                Value::Number(number) => {
                    self.hash.update([1]);
                    self.hash.update(number.to_be_bytes());
                }
                Value::Text(text) => self.piece(2, text.as_bytes()),
                Value::Bytes(bytes) => self.piece(3, bytes),
            }
        }
    }

    fn piece(&mut self, mark: u8, bytes: &[u8]) {
        self.hash.update([mark]);
        self.hash.update((bytes.len() as u64).to_be_bytes());
        self.hash.update(bytes);
    }

    fn done(self) -> (u64, Digest) {
        (self.rows, Digest::of_sha256(self.hash.finalize().into()))
    }
}
