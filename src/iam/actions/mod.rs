//! The table of AWS actions, and sets over it.
//!
//! ```text
//!   data/aws-actions.tsv.gz ──▶ ActionTable ──select(patterns)──▶ ActionSet
//!   data/capabilities.toml  ──▶ what each action can destroy or expose
//! ```

/// An action of the table: its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActionId(pub u16);

/// Access levels, as AWS's Service Authorization Reference has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Access {
    /// Lists resources.
    List,
    /// Reads content.
    Read,
    /// Creates, changes, deletes.
    Write,
    /// Grants or takes permissions.
    Permissions,
    /// Changes tags only.
    Tagging,
}
