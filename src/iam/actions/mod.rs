//! The table of AWS actions, and sets over it.
//!
//! ```text
//!   data/aws-actions.tsv.gz ──▶ ActionTable ──Selector (Action, NotAction)──▶ ActionSet
//!   data/capabilities.toml  ──▶ Capabilities: what each action can destroy or expose
//! ```
//!
//! The table is unpacked once, when it is first asked for. Its rows are sorted by name without
//! regard to case, so the actions of a service lie together, and those that begin alike do too.

mod capabilities;
mod read;
mod select;
mod set;
mod table;

pub use capabilities::{Capabilities, Harm};
pub use select::Selector;
pub use set::ActionSet;
pub use table::{ActionTable, ServiceActions, Template};

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
