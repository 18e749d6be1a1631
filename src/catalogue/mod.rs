//! Recognises AI tools from evidence.
//!
//! Sources hand over [`Clue`](crate::domain::Clue)s, identifiers as they read them; the catalogue
//! answers which tools they point to and how surely. Its data is `data/ai-tools.toml`, and a
//! user's own file can add to it.
//!
//! ```text
//!   data/ai-tools.toml ─┐
//!   user's own file ────┴─▶ Catalogue ◀── clues (numeric id, trailer, tag, service principal …)
//!                              └──▶ ToolMatch: tool, confidence, evidence
//! ```

mod recognise;

pub use recognise::Catalogue;
