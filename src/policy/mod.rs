//! Which tier an action has, who must agree, and what nobody may approve.
//!
//! ```text
//!   policy.cedar ─▶ Policy ◀─ rule(Case { action, found, circumstances })
//!                     │  every permit that matches adds to the requirement; the strictest counts
//!                     │  no permit matches: held at the strictest tier
//!                     │  a forbid matches: a boundary; anything errs: refused
//!                     ▼
//!                  Ruling ◀─ boundary: looked at a second time, from the effects alone
//! ```

mod engine;
mod free;

pub use engine::{Policy, PolicyError};
pub use free::{Free, shipped_digest};

use crate::domain::{Action, Assessment};
use jiff::Timestamp;

/// How the same change fared outside production.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Staging {
    /// It was carried out there and succeeded.
    Succeeded,
    /// It was never seen there.
    NotSeen,
    /// Nobody can tell.
    #[default]
    Unknown,
}

/// What is known beside an action when it is put to policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Circumstances {
    /// The time.
    pub now: Timestamp,
    /// Why changes are frozen now, if they are.
    pub freeze: Option<String>,
    /// How the same change fared outside production.
    pub staging: Staging,
    /// Whether what is shown holds hidden or misleading characters.
    pub hidden: bool,
}

impl Circumstances {
    /// Nothing special, now.
    pub fn at(now: Timestamp) -> Self {
        Self { now, freeze: None, staging: Staging::Unknown, hidden: false }
    }
}

/// An action as it is put to policy.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The action. Its own `ruling` is not looked at.
    pub action: &'a Action,
    /// What it would do.
    pub found: &'a Assessment,
    /// What is known beside it.
    pub circumstances: &'a Circumstances,
}
