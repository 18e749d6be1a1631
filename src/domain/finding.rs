//! Something a person should look at.

use super::Untrusted;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How urgent a finding is; ordered, so a threshold can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Worth a change when there is time.
    Low,
    /// Worth a change this week.
    Medium,
    /// Worth a change today.
    High,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        })
    }
}

/// One observation about a credential or an action that someone should act on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// How urgent.
    pub severity: Severity,
    /// Stable name of the rule, `kebab-case`.
    pub rule: String,
    /// The id of the credential or action it is about.
    pub about: String,
    /// What was seen.
    pub message: Untrusted,
    /// What to do next.
    pub next_step: String,
}
