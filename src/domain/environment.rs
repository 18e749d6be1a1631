//! Where a thing lives, as far as blast radius is concerned.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Whether something belongs to production, by the rules of the `[production]` section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Environment {
    /// A configured rule says so.
    Production,
    /// No rule speaks of it. Treated with the care of production until somebody says otherwise.
    Unknown,
    /// A configured rule says it is not.
    NonProduction,
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Production => "production",
            Self::Unknown => "unknown",
            Self::NonProduction => "non-production",
        })
    }
}
