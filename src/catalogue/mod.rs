//! Recognises AI tools from evidence.
//!
//! Sources hand over [`Clue`](crate::domain::Clue)s, identifiers as they read them; the catalogue
//! answers which tools they point to and how surely. Its data is `data/ai-tools.toml`, and a
//! user's own file can add to it.
//!
//! ```text
//!   data/ai-tools.toml ─┐ read      checked        indexed
//!   user's own file ────┴─▶ file ──▶ rule ──▶ Catalogue ◀── clues (id, trailer, tag, service …)
//!                                               └──▶ ToolMatch: tool, confidence, evidence
//! ```
//!
//! A bare word is never evidence: people are called Claude and Devin too.

mod error;
mod file;
mod index;
mod pattern;
mod recognise;
mod rule;
#[cfg(test)]
mod tests;

pub use error::{CatalogueError, Place};
pub use recognise::Catalogue;
