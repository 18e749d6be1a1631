//! Asking every source, each at its own pace.

use super::Review;
use crate::{
    domain::{SourceFault, SourceName},
    sources::Step,
    store::{PollSummary, StoreError},
};
use std::time::Duration;

/// How one source's poll ended.
#[derive(Debug)]
pub enum Polled {
    /// It answered.
    Seen(PollSummary),
    /// It failed; what was there before stays.
    Failed(SourceFault),
    /// It answered, and the answer could not be kept.
    NotKept(StoreError),
}

/// Polls all sources concurrently, each with its own timeout, back-off and health.
pub struct Poller {
    review: Review,
    interval: Duration,
    timeout: Duration,
}

impl Poller {
    /// Polls every `interval`; one poll may take `timeout`.
    pub fn new(review: Review, interval: Duration, timeout: Duration) -> Self {
        Self { review, interval, timeout }
    }

    /// Asks every source once, now and side by side; returns when all have answered.
    pub async fn once(&self) -> Vec<(SourceName, Polled)> {
        let _ = (&self.review, self.interval, self.timeout);
        Vec::new()
    }

    /// Polls for ever; dropping the future stops it.
    pub async fn run(&self) {
        std::future::pending::<()>().await;
    }

    /// Asks all sources again without waiting for their turn. Returns at once.
    pub fn poll_now(&self) {}

    /// How far each poll that is under way has come.
    pub fn progress(&self) -> Vec<(SourceName, Step)> {
        Vec::new()
    }
}
