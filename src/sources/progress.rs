//! How far a poll has come, for whoever watches.

use std::sync::{Arc, Mutex};

/// What a poll is reading right now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Step {
    /// Of what, plural: `access keys`.
    pub what: String,
    /// How many are read.
    pub done: u64,
    /// How many there are, where that is known.
    pub total: Option<u64>,
}

/// A place where a poll writes its progress and the console reads it. Writing never waits for a
/// reader: only the newest step is kept.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<Mutex<Option<Step>>>);

impl Progress {
    /// Nothing read yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Says how far it has come.
    pub fn step(&self, what: &str, done: usize, total: Option<usize>) {
        let step =
            Step { what: what.to_owned(), done: done as u64, total: total.map(|n| n as u64) };
        if let Ok(mut slot) = self.0.lock() {
            *slot = Some(step);
        }
    }

    /// The poll is over.
    pub fn clear(&self) {
        if let Ok(mut slot) = self.0.lock() {
            *slot = None;
        }
    }

    /// The newest step, if a poll is under way.
    pub fn now(&self) -> Option<Step> {
        self.0.lock().ok().and_then(|slot| slot.clone())
    }
}
