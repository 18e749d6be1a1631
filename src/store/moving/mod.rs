//! Everything of a store, table by table, whichever database it is in: to copy it, to keep it
//! elsewhere, to compare what its tables say with its ledger.
//!
//! ```text
//!   SQLite │ PostgreSQL ──View (one moment)──▶ rows ──▶ copy ──▶ Fill (one transaction) ──▶ SQLite │ PostgreSQL
//!                              └──▶ compare: tables against the ledger
//! ```
//!
//! A row is told in three kinds of values, which both databases have, so that what is moved is the
//! same to the byte.

mod backup;
mod compare;
mod copy;
mod tables;

pub use backup::{Back, BackupError, Checked, Kept, backup};
pub use compare::{Compared, Mismatch, Wrong, compare};
pub use copy::{Copied, CopyError, Step, copy};
pub use tables::{Column, Holds, TABLES, Table};

use super::StoreError;
use async_trait::async_trait;

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Value {
    /// Nothing.
    Null,
    /// A number, a time (milliseconds since 1970), or 0 and 1 for no and yes.
    Number(i64),
    /// A word, a text, JSON.
    Text(String),
    /// A hash.
    Bytes(Vec<u8>),
}

impl Value {
    /// The number, if it is one.
    pub const fn number(&self) -> Option<i64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }
}

/// The columns of one row, in the order its [`Table`] lists them.
pub type Row = Vec<Value>;

/// A whole store as it is at one moment, whoever writes meanwhile.
#[async_trait]
pub trait View: Send {
    /// Rows in the order of the table's key, those after `after` if given, at most `limit`.
    async fn rows(
        &mut self,
        table: &Table,
        after: Option<&Row>,
        limit: u32,
    ) -> Result<Vec<Row>, StoreError>;

    /// How many rows a table has.
    async fn count(&mut self, table: &Table) -> Result<u64, StoreError>;
}

/// A store that is being filled, in one transaction: nothing is kept of it unless it is finished.
#[async_trait]
pub trait Fill: Send {
    /// Adds rows.
    async fn put(&mut self, table: &Table, rows: &[Row]) -> Result<(), StoreError>;

    /// Keeps what was put.
    async fn finish(self: Box<Self>) -> Result<(), StoreError>;
}
