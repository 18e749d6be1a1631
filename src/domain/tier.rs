//! Blast radius, in the order of how much friction it deserves.

use serde::{Deserialize, Serialize};
use std::fmt;

/// How far a mistake would reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tier {
    /// Changes nothing.
    ReadOnly,
    /// Can be turned back, outside production.
    Low,
    /// Touches production, or nobody can say that it does not.
    High,
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::ReadOnly => "read-only",
            Self::Low => "low",
            Self::High => "high",
        })
    }
}
