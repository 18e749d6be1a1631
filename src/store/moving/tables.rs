//! The tables of a store and their columns, by the names both databases use.

use super::{Row, Value};

/// What a column holds, where it holds anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Numbers, times, yes and no.
    Numbers,
    /// Texts.
    Texts,
    /// Hashes.
    Bytes,
}

/// A column by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub holds: Holds,
}

/// A table: the columns that make up its key come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// How many of the columns are its key.
    pub key: usize,
    /// Its columns. What a store only keeps for itself (which version changed a row) is not here.
    pub columns: &'static [Column],
}

impl Table {
    /// The columns that make up the key.
    pub fn keys(&self) -> &'static [Column] {
        self.columns.get(..self.key).unwrap_or(self.columns)
    }

    /// A column of a row of this table; nothing where there is no such column.
    pub fn of<'a>(&self, row: &'a Row, column: &str) -> &'a Value {
        let at = self.columns.iter().position(|known| known.name == column);
        at.and_then(|at| row.get(at)).unwrap_or(&Value::Null)
    }

    /// The table of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        TABLES.iter().find(|table| table.name == name)
    }
}

macro_rules! tables {
    ($($name:ident ($($key:ident $key_holds:ident),+) $($column:ident $holds:ident),*;)*) => {
        /// Every table, in an order in which whatever a row refers to comes before it.
        pub const TABLES: &[Table] = &[$(Table {
            name: stringify!($name),
            key: [$(stringify!($key)),+].len(),
            columns: &[
                $(Column { name: stringify!($key), holds: Holds::$key_holds },)+
                $(Column { name: stringify!($column), holds: Holds::$holds },)*
            ],
        }),*];
    };
}

tables! {
    sources (name Texts) kind Texts, health Texts, identity Texts, last_attempt Numbers,
        last_good Numbers, next_attempt Numbers, failures Numbers, fault Texts, gaps Texts,
        counts Texts;
    parts (source Texts, part Texts) read_at Numbers, gap Numbers;
    credentials (id Texts) source Texts, part Texts, label Texts, ai_held Numbers,
        present Numbers, body Texts, fingerprint Texts, first_seen Numbers, last_seen Numbers,
        touched Numbers;
    actions (id Texts) source Texts, part Texts, kind Texts, state Texts, present Numbers,
        digest Texts, opened Numbers, summary Texts, fingerprint Texts, first_seen Numbers,
        last_seen Numbers, touched Numbers, same_call Texts, expires Numbers;
    action_bodies (action Texts) body Texts;
    decisions (seq Numbers) action Texts, body Texts, spent Texts;
    orders (seq Numbers) id Texts, action Texts, credential Texts, decided Texts, body Texts,
        state Texts, receipt Texts, taken Numbers, expires Numbers;
    activity (seq Numbers) at Numbers, kind Texts, source Texts, about Texts, who Texts,
        what Texts;
    autonomous (seq Numbers) id Texts, at Numbers, tool Texts, body Texts;
    policies (version Numbers) digest Texts, since Numbers;
    staged (change Texts) at Numbers;
    mcp_tools (server Texts, tool Texts) definition Texts, agreed Texts, since Numbers;
    successes (change Texts) at Numbers, body Texts;
    locks (seq Numbers) what Texts, body Texts, lifted Texts;
    ledger_entries (entry Numbers) at Numbers, kind Texts, about Texts, body Texts;
    ledger_nodes (node Numbers) hash Bytes;
    ledger_heads (seq Numbers) size Numbers, at Numbers, note Texts;
}
