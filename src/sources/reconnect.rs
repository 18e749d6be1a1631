//! A source that is connected to when it is first needed, and again until that works.
//!
//! ```text
//!   poll, reread, … ──▶ connected? ──no──▶ connect ──fault──▶ the fault, as of this call
//!                           │yes               │
//!                           ▼                  ▼
//!                        the source ◀──────  kept for good
//! ```
//!
//! A source that cannot be reached at start is a failing source among others, never the reason
//! why the program does not start; the next poll tries again.

use super::{Diagnosis, Progress, Reread, Source, Verdict};
use crate::domain::{
    Action, Call, Credential, Fate, Observation, Order, OrderKind, Preview, Receipt, SourceFault,
    SourceKind, SourceName,
};
use async_trait::async_trait;
use futures::future::BoxFuture;
use std::sync::Arc;
use tokio::sync::OnceCell;

/// Makes a connection, as often as it takes.
type Connect = dyn Fn() -> BoxFuture<'static, Result<Arc<dyn Source>, SourceFault>> + Send + Sync;

/// A source behind a connection that may not be there yet.
pub struct Reconnecting {
    name: SourceName,
    kind: SourceKind,
    connect: Box<Connect>,
    inner: OnceCell<Arc<dyn Source>>,
}

impl Reconnecting {
    /// A source of this name that `connect` reaches. Nothing is connected yet.
    pub fn new<F, S>(
        name: SourceName,
        kind: SourceKind,
        connect: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<S, SourceFault>> + Send + 'static,
        S: Source + 'static,
    {
        let connect = move || -> BoxFuture<'static, Result<Arc<dyn Source>, SourceFault>> {
            let connecting = connect();
            Box::pin(async move { connecting.await.map(|source| Arc::new(source) as _) })
        };
        Self { name, kind, connect: Box::new(connect), inner: OnceCell::new() }
    }

    async fn inner(&self) -> Result<&Arc<dyn Source>, SourceFault> {
        // Callers that come meanwhile wait for the same attempt.
        self.inner.get_or_try_init(|| (self.connect)()).await
    }
}

#[async_trait]
impl Source for Reconnecting {
    fn name(&self) -> &SourceName {
        &self.name
    }

    fn kind(&self) -> SourceKind {
        self.kind
    }

    async fn poll(&self, progress: &Progress) -> Result<Observation, SourceFault> {
        self.inner().await?.poll(progress).await
    }

    async fn reread(&self, action: &Action) -> Result<Reread, SourceFault> {
        self.inner().await?.reread(action).await
    }

    async fn preview_revoke(&self, credential: &Credential) -> Result<Preview, SourceFault> {
        self.inner().await?.preview_revoke(credential).await
    }

    async fn preview_restore(&self, revoked: &Order) -> Result<Preview, SourceFault> {
        self.inner().await?.preview_restore(revoked).await
    }

    /// Empty until the source was reached once: who shows calls has read the source before.
    fn calls(&self, order: &OrderKind) -> Vec<Call> {
        self.inner.get().map(|source| source.calls(order)).unwrap_or_default()
    }

    async fn carry_out(&self, order: &Order) -> Result<Receipt, SourceFault> {
        self.inner().await?.carry_out(order).await
    }

    async fn fate(&self, order: &Order) -> Result<Fate, SourceFault> {
        self.inner().await?.fate(order).await
    }

    async fn diagnose(&self) -> Vec<Diagnosis> {
        match self.inner().await {
            Ok(source) => source.diagnose().await,
            Err(fault) => vec![Diagnosis {
                what: "connection".to_owned(),
                verdict: Verdict::Bad {
                    next_step: fault.next_step(),
                    problem: crate::domain::Untrusted::new(format!(
                        "{fault}: {}",
                        fault.detail.raw()
                    )),
                },
            }],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Reconnecting, Source, Verdict};
    use crate::{
        domain::{
            Action, Call, Credential, Fate, FaultKind, Observation, Order, OrderKind, Preview,
            Receipt, SourceFault, SourceKind, SourceName,
        },
        sources::{Diagnosis, Progress, Reread},
    };
    use async_trait::async_trait;
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    /// Answers every poll with nothing.
    struct Quiet(SourceName);

    #[async_trait]
    impl Source for Quiet {
        fn name(&self) -> &SourceName {
            &self.0
        }
        fn kind(&self) -> SourceKind {
            SourceKind::Aws
        }
        async fn poll(&self, _: &Progress) -> Result<Observation, SourceFault> {
            Ok(Observation { identity: "somebody".into(), ..Observation::default() })
        }
        async fn reread(&self, _: &Action) -> Result<Reread, SourceFault> {
            Ok(Reread::Ended("gone".to_owned()))
        }
        async fn preview_revoke(&self, _: &Credential) -> Result<Preview, SourceFault> {
            Err(refused())
        }
        async fn preview_restore(&self, _: &Order) -> Result<Preview, SourceFault> {
            Err(refused())
        }
        fn calls(&self, _: &OrderKind) -> Vec<Call> {
            vec![Call { operation: "iam:UpdateAccessKey".into(), parameters: Vec::new() }]
        }
        async fn carry_out(&self, _: &Order) -> Result<Receipt, SourceFault> {
            Err(refused())
        }
        async fn fate(&self, _: &Order) -> Result<Fate, SourceFault> {
            Ok(Fate::Unknown)
        }
        async fn diagnose(&self) -> Vec<Diagnosis> {
            Vec::new()
        }
    }

    fn refused() -> SourceFault {
        SourceFault::new(FaultKind::Refused, "test", "")
    }

    /// Fails to connect `failures` times, then works for good.
    fn reached_after(failures: usize, attempts: &Arc<AtomicUsize>) -> Reconnecting {
        let name = SourceName::new(SourceKind::Aws, "prod");
        let attempts = Arc::clone(attempts);
        Reconnecting::new(name.clone(), SourceKind::Aws, move || {
            let attempt = attempts.fetch_add(1, Ordering::SeqCst);
            let name = name.clone();
            async move {
                if attempt < failures {
                    Err(SourceFault::new(FaultKind::Dns, "sts:GetCallerIdentity", "no such host"))
                } else {
                    Ok(Quiet(name))
                }
            }
        })
    }

    #[tokio::test]
    async fn a_source_that_cannot_be_reached_fails_its_poll_and_is_tried_again() {
        let attempts = Arc::new(AtomicUsize::new(0));
        let source = reached_after(2, &attempts);
        for _ in 0..2 {
            let fault = source.poll(&Progress::new()).await.unwrap_err();
            assert_eq!(fault.kind, FaultKind::Dns);
        }
        assert!(source.poll(&Progress::new()).await.is_ok());
        assert!(source.poll(&Progress::new()).await.is_ok());
        assert_eq!(attempts.load(Ordering::SeqCst), 3, "a connection that works is kept");
    }

    #[tokio::test]
    async fn the_doctor_names_why_it_cannot_be_reached() {
        let source = reached_after(1, &Arc::default());
        let lines = source.diagnose().await;
        let Verdict::Bad { problem, next_step } = &lines[0].verdict else {
            panic!("{lines:?}");
        };
        assert!(problem.raw().contains("no such host"));
        assert!(next_step.contains("resolver"));
    }

    #[tokio::test]
    async fn nothing_is_connected_before_it_is_needed() {
        let attempts = Arc::new(AtomicUsize::new(0));
        let source = reached_after(0, &attempts);
        let order = OrderKind::SealRole { role: "kiro".to_owned() };
        assert!(source.calls(&order).is_empty());
        assert_eq!(attempts.load(Ordering::SeqCst), 0);
        source.poll(&Progress::new()).await.unwrap();
        assert_eq!(source.calls(&order).len(), 1);
    }
}
