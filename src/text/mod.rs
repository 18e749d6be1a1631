//! `SafeText`: the only way untrusted text reaches a screen, a log or a terminal title.
//!
//! Characters that would act on the terminal or hide from the reader are *shown*, as tokens such
//! as `<U+202E>`, never dropped and never obeyed (Unicode TR 36, CVE-2021-42574 "Trojan Source").
//!
//! ```text
//!   Untrusted ──SafeText::line──▶  one line, tokens marked  ──▶ widgets, tables, logs
//!             └─SafeText::block─▶  several lines             ──▶ diffs, descriptions
//!
//!   identifier ──identifier_warnings─▶ "reads like `admin` but …"   (homoglyphs)
//!   action ──hidden_in─▶ the fields in which any of this was found
//! ```

mod filter;
mod hidden;
mod identifier;
mod safe;
mod within;

pub(crate) use hidden::is_ordinary;

pub use filter::{BLOCK_LIMIT, LINE_LIMIT};
pub use identifier::identifier_warnings;
pub use safe::{SafeText, Segment};
pub use within::hidden_in;
