//! Waiting in the queue for an answer.

use super::{Ended, GateError, Notice, Terms, child, receipt, standing};
use crate::{
    domain::{Action, ActionState, Digest, Order, Outcome},
    gate::{locks, pace::pause},
    store::{Store, halt},
    trust::{LiveRoster, Standing},
};
use jiff::Timestamp;
use rustix::process::Signal;
use std::{path::Path, time::Duration};
use tokio::{sync::mpsc, time::Instant};

/// The queue is looked at this often even when nobody seems to have written.
const LOOK_ANYWAY: Duration = Duration::from_secs(5);

/// What waiting came to.
pub(super) enum Heard {
    /// Somebody answered.
    Order(Box<Order>),
    /// It ended without an answer.
    Nothing(Ended),
    /// The request is no longer in the queue.
    Vanished,
}

/// A request in the queue.
pub(super) struct Waiting<'a> {
    pub store: &'a dyn Store,
    pub reviewers: &'a LiveRoster,
    /// The store's place, beside which used approvals are noted.
    pub beside: &'a Path,
    pub terms: Terms,
    /// Both clocks are watched: the wall clock may be set, the other stops while asleep.
    pub until: Timestamp,
    pub deadline: Instant,
    pub action: Action,
    /// The action's digest, computed here and nowhere else.
    pub digest: Digest,
}

impl Waiting<'_> {
    /// Waits for an answer, the end of the time, or a signal.
    pub async fn answer(
        &self,
        signals: &mut mpsc::Receiver<i32>,
        say: &mut (dyn FnMut(&Notice) + Send),
    ) -> Result<Heard, GateError> {
        let id = &self.action.id;
        let mut seen = None;
        let mut looked = Instant::now();
        let mut failing_since: Option<Instant> = None;
        let mut standing = standing(&self.action, self.digest, &[], &self.reviewers.now());
        loop {
            // Before looking: a process that was stopped for hours must not run on an approval of
            // long ago.
            if Instant::now() >= self.deadline || self.store.now() >= self.until {
                self.end("nobody decided in time").await?;
                return Ok(Heard::Nothing(Ended::Expired { action: id.clone(), standing }));
            }
            if let Some(out) = locks::against(self.beside, &self.action) {
                self.end("whoever asked was locked").await?;
                return Err(out.into());
            }
            let begun = Instant::now();
            match self.look(&mut seen, &mut looked, &mut standing).await {
                Ok(Some(heard)) => return Ok(heard),
                Ok(None) => {
                    failing_since = None;
                    halt("waiting");
                }
                Err(error @ GateError::Store(_)) => {
                    seen = None;
                    if failing_since.get_or_insert_with(Instant::now).elapsed() >= self.terms.grace
                    {
                        return Err(error);
                    }
                }
                Err(error) => return Err(error),
            }
            let took = begun.elapsed();
            let left = self.deadline.saturating_duration_since(Instant::now());
            say(&Notice::Waiting { action: id.clone(), standing: standing.clone(), left });
            tokio::select! {
                () = tokio::time::sleep(pause(self.terms.every, took).min(left)) => {}
                Some(signal) = signals.recv() => {
                    if withdraws(signal) {
                        self.end("withdrawn by the process that asked").await?;
                        return Ok(Heard::Nothing(Ended::Withdrawn { signal }));
                    }
                }
            }
        }
    }

    /// Asks the store for an answer if anything was written since the last look.
    async fn look(
        &self,
        seen: &mut Option<i64>,
        looked: &mut Instant,
        standing: &mut Standing,
    ) -> Result<Option<Heard>, GateError> {
        let version = self.store.version().await?;
        if *seen == Some(version) && looked.elapsed() < LOOK_ANYWAY {
            return Ok(None);
        }
        self.same_policy().await?;
        if let Some(out) = locks::in_force(self.beside, self.store, &self.action).await? {
            self.end("whoever asked was locked").await?;
            return Err(out.into());
        }
        if let Some(order) = self.store.take_answer(&self.action.id).await? {
            halt("taken");
            return Ok(Some(Heard::Order(Box::new(order))));
        }
        let row = self.store.action(&self.action.id).await?.map(|(row, _)| row);
        *seen = Some(version);
        *looked = Instant::now();
        let Some(row) = row else { return Ok(Some(Heard::Vanished)) };
        *standing = super::standing(
            &self.action,
            self.digest,
            &row.counting(self.store.now()),
            &self.reviewers.now(),
        );
        match row.state {
            ActionState::Pending | ActionState::Deciding => Ok(None),
            ActionState::Gone => Ok(Some(Heard::Vanished)),
            state => Err(GateError::EndedElsewhere(state)),
        }
    }

    /// Whether the policy that asked is still the newest this store has seen. What was approved
    /// under another one is void.
    async fn same_policy(&self) -> Result<(), GateError> {
        let Some(asked) = self.action.ruling.as_ref().map(|ruling| ruling.policy) else {
            return Ok(());
        };
        match self.store.adopted().await? {
            Some(newest) if newest.version > asked.version => {
                self.end("the policy changed while it waited").await?;
                let (asked, newest) = (asked.version, newest.version);
                Err(GateError::PolicyChanged { asked, newest })
            }
            _ => Ok(()),
        }
    }

    /// Takes the request out of the queue. An answer that came in the last moment is turned down,
    /// so that it does not stay open for ever.
    async fn end(&self, why: &str) -> Result<(), GateError> {
        self.store.end_action(&self.action.id, why, self.store.now()).await?;
        if let Some(order) = self.store.take_answer(&self.action.id).await? {
            let answer = format!("came too late: {why}; nothing ran");
            self.store.settle(&order.id, &receipt(&order, Outcome::Refused, answer)).await?;
        }
        Ok(())
    }
}

/// Whether a signal ends the wait. A stop is obeyed, and what says that the window changed or
/// that we go on again means nothing here.
fn withdraws(signal: i32) -> bool {
    match Signal::from_named_raw(signal) {
        Some(Signal::TSTP) => {
            child::stop();
            false
        }
        Some(Signal::CONT | Signal::WINCH) => false,
        _ => true,
    }
}
