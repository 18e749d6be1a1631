//! Which tier an action has, who must agree, and what nobody may approve.
//!
//! ```text
//!   policy.cedar ─▶ check ─▶ Policy ◀─ rule(Case { action, found, circumstances })
//!   (schema, annotations)      │         │ facts: what is done to what kind of thing, where
//!                              │         ├─▶ boundary: looked at in Rust, from the effects alone
//!                              │         ▼
//!                              └───▶ asked: one question to Cedar for each different effect
//!                                        │  a forbid matches: a boundary; anything errs: refused
//!                                        │  every permit that matches adds, the strictest counts
//!                                        │  no permit matches: held at the strictest tier
//!                                        ▼
//!                                     Ruling
//! ```
//!
//! Cedar skips a rule whose condition errs, a forbid too, so any error means refused.

mod asked;
mod boundary;
mod check;
mod engine;
mod explain;
mod facts;
mod free;
mod installation;
mod kind;
mod outline;
mod protected;
mod requirement;
mod rules;
mod shipped;

pub use boundary::Boundary;
pub use check::PolicyError;
pub use engine::Policy;
pub use explain::{Explained, Matched};
pub use free::{Free, shipped_digest, shipped_reading_is_free};
pub use installation::{Freeze, Installation};
pub use kind::Kind;
pub use shipped::{shipped_schema, shipped_text, unsigned_text};

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
    /// Why changes are frozen now, if they are. Freezes of the policy's own installation
    /// ([`Policy::at`]) count beside it.
    pub freeze: Option<String>,
    /// How the same change fared outside production.
    pub staging: Staging,
    /// Whether what is shown holds hidden or misleading characters.
    pub hidden: bool,
    /// Whether who asks has made the change that is asked for; none where nobody can tell, which
    /// counts as yes.
    pub author: Option<bool>,
}

impl Circumstances {
    /// Nothing special, now.
    pub fn at(now: Timestamp) -> Self {
        Self { now, freeze: None, staging: Staging::Unknown, hidden: false, author: None }
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
