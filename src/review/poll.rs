//! Asking every source, each at its own pace.
//!
//! ```text
//!   run ─┬─ task a: ours? ─▶ poll ─▶ record ─▶ sleep (or poll_now) ─┐
//!        │            ▲──────────────────────────────────────────────┘
//!        ├─ task b: …       nothing of a slow or failing source reaches the others
//!        └─ recover, now and every interval
//! ```
//!
//! Where several processes share a store, one of them polls a source at a time, by a lease; and
//! what one has just read well, the others do not read again before its time.

use super::{Review, pace, rule::Rulings};
use crate::{
    domain::{self, FaultKind, Observation, SourceFault, SourceName},
    sources::{Progress, Source, Step},
    store::{PollSummary, StoreError},
};
use futures::{FutureExt as _, future::join_all};
use jiff::Timestamp;
use std::{convert::Infallible, panic::AssertUnwindSafe, sync::Arc, time::Duration};
use tokio::{
    sync::Notify,
    task::JoinSet,
    time::{Instant, sleep, sleep_until, timeout},
};

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
    desks: Vec<Arc<Desk>>,
}

/// How long a lease on polling one source lasts if nobody renews it,
const LEASE: Duration = Duration::from_secs(30);
/// how often it is renewed, and how soon another looks again whether it is free.
const RENEW: Duration = Duration::from_secs(10);

/// Whether a source is polled now.
enum Turn {
    /// By this process.
    Ours,
    /// Not before so long.
    Later(Duration),
}

/// One source with its pace.
struct Desk {
    review: Review,
    source: Arc<dyn Source>,
    interval: Duration,
    timeout: Duration,
    progress: Progress,
    rulings: Arc<Rulings>,
    wake: Notify,
    /// Who polls, as leases know it.
    holder: Arc<str>,
}

impl Poller {
    /// Polls every `interval`; one poll may take `timeout`.
    pub fn new(review: Review, interval: Duration, timeout: Duration) -> Self {
        let holder: Arc<str> = super::carry::order_id("poller").as_str().into();
        let desks = review.sources().iter().map(|source| {
            Arc::new(Desk {
                holder: Arc::clone(&holder),
                review: review.clone(),
                source: Arc::clone(source),
                interval,
                timeout,
                progress: Progress::new(),
                rulings: Arc::default(),
                wake: Notify::new(),
            })
        });
        let desks = desks.collect();
        Self { review, interval, desks }
    }

    /// Asks every source once, now and side by side; returns when all have answered.
    pub async fn once(&self) -> Vec<(SourceName, Polled)> {
        let polled = join_all(self.desks.iter().map(|desk| async {
            let (polled, _) = desk.poll(0).await;
            (desk.source.name().clone(), polled)
        }))
        .await;
        self.clear_up().await;
        polled
    }

    /// Polls for ever; dropping the future stops it.
    pub async fn run(&self) {
        // Aborts its tasks when dropped.
        let mut tasks = JoinSet::new();
        for desk in &self.desks {
            let desk = Arc::clone(desk);
            tasks.spawn(async move { desk.run().await });
        }
        loop {
            self.clear_up().await;
            sleep(self.interval).await;
        }
    }

    /// What a crash left is looked up at start-up, and what a lost answer left soon after.
    async fn clear_up(&self) {
        if let Err(error) = self.review.store().expire(self.review.store().now()).await {
            tracing::warn!(%error, "requests that are overdue could not be ended");
        }
        if let Err(error) = self.review.recover().await {
            tracing::warn!(%error, "open orders could not be looked up");
        }
    }

    /// Asks all sources again without waiting for their turn, except those that told us how long
    /// to stay away. Returns at once.
    pub fn poll_now(&self) {
        for desk in &self.desks {
            desk.wake.notify_one();
        }
    }

    /// How far each poll that is under way has come.
    pub fn progress(&self) -> Vec<(SourceName, Step)> {
        let steps = self
            .desks
            .iter()
            .filter_map(|desk| Some((desk.source.name().clone(), desk.progress.now()?)));
        steps.collect()
    }
}

/// Clears the progress also when the poll is cancelled.
struct UnderWay<'a>(&'a Progress);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.clear();
    }
}

impl Desk {
    async fn run(&self) {
        // At the start everything is read anew: what is configured may be new.
        let (mut failures, mut asked) = (0, true);
        loop {
            match self.turn(asked, failures).await {
                Ok(Turn::Ours) => {}
                Ok(Turn::Later(pause)) => {
                    asked = timeout(pause, self.wake.notified()).await.is_ok();
                    continue;
                }
                Err(error) => {
                    // The store is away, and so is the place for what would be read.
                    failures += 1;
                    tracing::warn!(source = %self.source.name(), %error, "it is not polled now");
                    asked = timeout(RENEW, self.wake.notified()).await.is_ok();
                    continue;
                }
            }
            let (polled, pause) = self.poll_alone(failures).await;
            let until = Instant::now() + pause;
            let mut told_to_wait = false;
            match polled {
                Polled::Seen(_) => failures = 0,
                Polled::Failed(fault) => {
                    failures += 1;
                    told_to_wait = fault.retry_after.is_some();
                }
                Polled::NotKept(error) => {
                    failures += 1;
                    tracing::warn!(source = %self.source.name(), %error, "a poll could not be kept");
                }
            }
            if told_to_wait {
                // Asking earlier makes a rate limit last longer, so R does not.
                sleep_until(until).await;
                let _ = self.wake.notified().now_or_never();
                asked = false;
            } else {
                tokio::select! {
                    () = sleep_until(until) => asked = false,
                    () = self.wake.notified() => asked = true,
                }
            }
        }
    }

    /// Whether this process polls now. What another has read lately is not read again before its
    /// time, unless a person asked; what another could not read may be readable from here, once.
    async fn turn(&self, asked: bool, failures: u32) -> Result<Turn, StoreError> {
        let (store, name) = (self.review.store(), self.source.name());
        if !asked {
            let state = store.sources().await?.into_iter().find(|state| state.name == *name);
            let known = state.filter(|state| {
                let told = state.fault.as_ref().is_some_and(|fault| fault.retry_after.is_some());
                state.failures == 0 || failures > 0 || told
            });
            let next = known.and_then(|state| state.next_attempt);
            let left = next.map(|next| Duration::try_from(next.duration_since(store.now())));
            if let Some(Ok(left)) = left
                && !left.is_zero()
            {
                return Ok(Turn::Later(left.min(self.interval)));
            }
        }
        let ours = store.lease(&self.lease(), &self.holder, LEASE).await?;
        Ok(if ours { Turn::Ours } else { Turn::Later(RENEW.min(self.interval)) })
    }

    fn lease(&self) -> String {
        format!("poll {}", self.source.name())
    }

    async fn renew(&self, lease: &str) -> Infallible {
        loop {
            sleep(RENEW).await;
            // Who loses it polls on: two at once do no harm.
            let _ = self.review.store().lease(lease, &self.holder, LEASE).await;
        }
    }

    /// Polls, and renews the lease meanwhile.
    async fn poll_alone(&self, failures: u32) -> (Polled, Duration) {
        let (store, lease) = (self.review.store(), self.lease());
        let polled = tokio::select! {
            polled = self.poll(failures) => polled,
            never = self.renew(&lease) => match never {},
        };
        let _ = store.release(&lease, &self.holder).await;
        polled
    }

    /// One poll, taken in, and how long to wait after it. `failures` are those just before it.
    async fn poll(&self, failures: u32) -> (Polled, Duration) {
        let name = self.source.name();
        let store = self.review.store();
        // What is seen is at least as new as the moment the question was asked.
        let asked = store.now();
        let answer = match store.register(name, self.source.kind()).await {
            Ok(()) => self.ask().await,
            Err(error) => return (Polled::NotKept(error), self.interval),
        };
        let chance = domain::chance();
        let pause = match &answer {
            Ok(_) => pace::after_answer(self.interval, chance),
            Err(fault) => pace::after_failure(self.interval, failures + 1, fault, chance),
        };
        let next = store.now().checked_add(pause).unwrap_or(Timestamp::MAX);
        let kept = match answer {
            Ok(seen) => match self.review.all_ruled(&self.rulings, seen, asked).await {
                Ok(seen) => store.record_poll(name, &seen, asked, next).await.map(Polled::Seen),
                Err(error) => Err(error),
            },
            Err(fault) => {
                let kept = store.record_fault(name, &fault, asked, next).await;
                kept.map(|()| Polled::Failed(fault))
            }
        };
        let polled = match kept {
            Ok(polled) => polled,
            Err(error) => return (Polled::NotKept(error), pause),
        };
        self.review.seal_in_time().await;
        (polled, pause)
    }

    async fn ask(&self) -> Result<Observation, SourceFault> {
        let _under_way = UnderWay(&self.progress);
        let name = self.source.name();
        let poll = AssertUnwindSafe(self.source.poll(&self.progress)).catch_unwind();
        match timeout(self.timeout, poll).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err(SourceFault::new(
                FaultKind::Malformed,
                format!("the poll of {name}"),
                "reading the answer failed inside countersign; please report it",
            )),
            Err(_) => Err(super::carry::too_slow(&format!("the poll of {name}"), self.timeout)),
        }
    }
}
