//! JSON files changed without touching the rest of them: key order, indentation, line breaks and
//! everything else that is there stay byte for byte.
//!
//! ```text
//!   text ─▶ tree: spans ─▶ edit: append (path, Value) ─▶ text
//!                    └───▶ edit: remove (path, index) ─▶ text
//! ```
//!
//! A file with comments or trailing commas is refused: it is no JSON, and whoever reads it may
//! read it otherwise than we do.

mod edit;
mod tree;
mod value;

pub use edit::{append, member, remove_element, remove_member};
pub use tree::{Kind, Member, Node, TextFault, parse};
pub use value::Json;
