//! What an installation says beside the rules: its time zone, freezes, protected files and the
//! names its customers see.

use jiff::{Timestamp, tz::TimeZone};
use std::path::PathBuf;

/// A stretch of time in which changes are frozen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freeze {
    /// Its first moment.
    pub from: Timestamp,
    /// The moment it is over.
    pub to: Timestamp,
    /// Why.
    pub reason: String,
}

/// What is so here, whatever the rules are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installation {
    /// Zone of `context.here`.
    pub zone: TimeZone,
    /// When changes are frozen.
    pub freezes: Vec<Freeze>,
    /// Patterns (`*` stands for anything) of names that customers depend on.
    pub customer_facing: Vec<String>,
    /// What belongs to the gate itself: configuration, policy, store, hooks. An absolute path
    /// covers what is below it; a relative one (`.claude/settings.json`) is meant in any directory.
    pub protected: Vec<PathBuf>,
    /// What `~` and `$HOME` stand for.
    pub home: Option<PathBuf>,
}

impl Default for Installation {
    fn default() -> Self {
        Self {
            zone: TimeZone::UTC,
            freezes: Vec::new(),
            customer_facing: Vec::new(),
            protected: super::protected::OWN.iter().map(PathBuf::from).collect(),
            home: None,
        }
    }
}

impl Installation {
    /// Why changes are frozen at that time, if they are.
    pub fn freeze(&self, now: Timestamp) -> Option<&str> {
        let freeze = self.freezes.iter().find(|freeze| freeze.from <= now && now < freeze.to)?;
        Some(&freeze.reason)
    }
}
