//! Who may decide, and when enough of them have.
//!
//! ```text
//!   Requirement + decisions + Roster ──▶ quorum::stand ──▶ Standing: met, or who is missing
//! ```
//!
//! Decisions are not signed yet; every place that shows one says so ("unsigned").

mod quorum;

pub use quorum::{Missing, Roster, Standing, stand};
