//! A source that answers a few times and then has lost its access: what a fault looks like.

use crate::{
    domain::{
        Action, Call, Credential, Fate, Observation, Order, OrderKind, Preview, Receipt,
        SourceFault, SourceKind, SourceName, Untrusted,
    },
    sources::{Diagnosis, Progress, Reread, Source, Verdict},
};
use async_trait::async_trait;
use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

/// Wraps a source of the embedded world and simulates that its access was withdrawn.
pub struct LosesAccess {
    inner: Arc<dyn Source>,
    fault: SourceFault,
    answers_left: AtomicU32,
}

impl LosesAccess {
    /// Answers `polls` polls as `inner` would, and every later call with `fault`.
    pub fn after(polls: u32, inner: Arc<dyn Source>, fault: SourceFault) -> Self {
        Self { inner, fault, answers_left: AtomicU32::new(polls) }
    }

    fn refused<T>(&self) -> Result<T, SourceFault> {
        Err(self.fault.clone())
    }
}

#[async_trait]
impl Source for LosesAccess {
    fn name(&self) -> &SourceName {
        self.inner.name()
    }

    fn kind(&self) -> SourceKind {
        self.inner.kind()
    }

    async fn poll(&self, progress: &Progress) -> Result<Observation, SourceFault> {
        let answered = self
            .answers_left
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        match answered {
            Ok(_) => self.inner.poll(progress).await,
            Err(_) => self.refused(),
        }
    }

    async fn reread(&self, _: &Action) -> Result<Reread, SourceFault> {
        self.refused()
    }

    async fn preview_revoke(&self, _: &Credential) -> Result<Preview, SourceFault> {
        self.refused()
    }

    async fn preview_restore(&self, _: &Order) -> Result<Preview, SourceFault> {
        self.refused()
    }

    fn calls(&self, order: &OrderKind) -> Vec<Call> {
        self.inner.calls(order)
    }

    async fn carry_out(&self, _: &Order) -> Result<Receipt, SourceFault> {
        self.refused()
    }

    async fn fate(&self, _: &Order) -> Result<Fate, SourceFault> {
        self.refused()
    }

    async fn diagnose(&self) -> Vec<Diagnosis> {
        vec![Diagnosis {
            what: self.fault.during.clone(),
            verdict: Verdict::Bad {
                problem: Untrusted::clone(&self.fault.detail),
                next_step: self.fault.next_step(),
            },
        }]
    }
}
