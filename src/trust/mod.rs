//! Who may decide, and when enough of them have.
//!
//! ```text
//!   Requirement + decisions + Roster ──▶ quorum::stand ──▶ Standing: met, or who is missing
//!                       with one person's eyes ──▶ Outlook: may they, and would it decide
//! ```
//!
//! Decisions are not signed yet; every place that shows one says so ("unsigned").

mod duty;
mod outlook;
mod quorum;

pub use duty::{Duty, DutyFault, OnDuty};
pub use outlook::{Asked, Barrier, Outlook, Yours};
pub use quorum::{Missing, Roster, Standing, stand};
