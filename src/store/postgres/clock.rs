//! The database's time between two questions to it.
//!
//! ```text
//!   told 12:00:00 by the server ─── 3 s by a clock nobody can set ──▶ it is 12:00:03 there
//! ```

use jiff::{SignedDuration, Timestamp};
use std::{
    sync::{Mutex, PoisonError},
    time::Instant,
};

/// What the server last said, and when that was here.
#[derive(Debug)]
pub(super) struct Clock(Mutex<(Timestamp, Instant)>);

impl Clock {
    /// A clock that the server has just set.
    pub(super) fn set_to(now: Timestamp) -> Self {
        Self(Mutex::new((now, Instant::now())))
    }

    /// The server said what time it is.
    pub(super) fn told(&self, now: Timestamp) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = (now, Instant::now());
    }

    /// What time it is there.
    pub(super) fn now(&self) -> Timestamp {
        let (told, at) = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let since = SignedDuration::try_from(at.elapsed()).unwrap_or(SignedDuration::ZERO);
        told.checked_add(since).unwrap_or(told)
    }
}
