//! The processes that wait at this host's gates, as a source. With a poll it takes in what the
//! gates have let through.

use super::{locks, source_name, spool};
use crate::{
    domain::{
        Action, ActionState, Call, Count, Credential, Fate, FaultKind, Gap, Observation, Order,
        OrderKind, Part, Preview, Receipt, SourceFault, SourceKind, SourceName, Subject, Untrusted,
    },
    sources::{Diagnosis, Progress, Reread, Source, Verdict},
    store::{Store, StoreError},
};
use async_trait::async_trait;
use rustix::{io::Errno, process::Pid};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// Lists what the gates of one host have put into the store: commands as long as the process that
/// asked is alive, calls as long as policy lets them wait. A poll ends the others.
pub struct GateSource {
    store: Arc<dyn Store>,
    host: String,
    name: SourceName,
    file: Option<PathBuf>,
}

impl GateSource {
    /// The gates of `host`, which must be the host this runs on.
    pub fn new(store: Arc<dyn Store>, host: &str) -> Self {
        Self { store, host: host.to_owned(), name: source_name(host), file: None }
    }

    /// With the file the store is, beside which gates log what they let through.
    #[must_use]
    pub fn beside(mut self, store: &Path) -> Self {
        self.file = Some(store.to_owned());
        self
    }

    /// Takes in what was let through; what of it could not be, as gaps.
    async fn take_in(&self) -> Result<(u64, Vec<Gap>), StoreError> {
        let Some(file) = &self.file else { return Ok((0, Vec::new())) };
        let spool::TakenIn { new, left } = spool::take_in(file, &*self.store).await?;
        let kept = spool::unreadable(file).into_iter().map(|path| {
            (path, "it holds a line that is no record. Look at it, and remove it".to_owned())
        });
        let left = left.into_iter().filter(|(path, _)| path.exists());
        let gaps = left.chain(kept).map(|(path, why)| Gap {
            part: Part::new("let-through"),
            fault: SourceFault::new(FaultKind::Local, format!("read {}", path.display()), why),
        });
        let mut gaps: Vec<Gap> = gaps.collect();
        gaps.dedup_by(|a, b| a.fault.during == b.fault.during);
        Ok((new, gaps))
    }

    fn fault(during: &str, error: &StoreError) -> SourceFault {
        SourceFault::new(FaultKind::Local, format!("gate: {during}"), error.to_string())
    }

    fn cannot(&self, during: &str, why: &str) -> SourceFault {
        SourceFault::new(FaultKind::Refused, format!("{}: {during}", self.name), why)
    }
}

/// Whether it can still take an answer: the process that asked exists (one that we may not signal
/// does), or it is a call, which nothing waits for and which comes again.
fn waits(subject: &Subject) -> bool {
    match subject {
        Subject::Command { pid, .. } => {
            i32::try_from(*pid).ok().and_then(Pid::from_raw).is_some_and(|pid| {
                matches!(rustix::process::test_kill_process(pid), Ok(()) | Err(Errno::PERM))
            })
        }
        Subject::Call { .. } => true,
        Subject::PullRequest { .. } | Subject::Deployment { .. } | Subject::FollowUp { .. } => {
            false
        }
    }
}

fn is_open(state: ActionState) -> bool {
    matches!(state, ActionState::Pending | ActionState::Deciding)
}

#[async_trait]
impl Source for GateSource {
    fn name(&self) -> &SourceName {
        &self.name
    }

    fn kind(&self) -> SourceKind {
        SourceKind::Gate
    }

    async fn poll(&self, progress: &Progress) -> Result<Observation, SourceFault> {
        let fault = |error| Self::fault("list", &error);
        self.store.expire(self.store.now()).await.map_err(fault)?;
        if let Some(file) = &self.file {
            locks::note(file, &*self.store).await.map_err(fault)?;
        }
        let ours = self.store.actions_of(&self.name).await.map_err(fault)?;
        let mut actions = Vec::new();
        for (done, row) in ours.iter().enumerate() {
            progress.step("requests", done, Some(ours.len()));
            if !waits(&row.subject) {
                let why = "the process that asked has ended";
                self.store.end_action(&row.id, why, self.store.now()).await.map_err(fault)?;
            } else if let Some((_, action)) = self.store.action(&row.id).await.map_err(fault)? {
                actions.push(action);
            }
        }
        let (new, gaps) = self.take_in().await.map_err(fault)?;
        let mut counts = vec![Count::new(
            if actions.len() == 1 { "held request" } else { "held requests" },
            actions.len(),
        )];
        if new > 0 {
            counts.push(Count { what: "newly let through".to_owned(), number: new });
        }
        Ok(Observation {
            identity: Untrusted::new(&self.host),
            credentials: Vec::new(),
            counts,
            actions,
            gaps,
        })
    }

    async fn reread(&self, action: &Action) -> Result<Reread, SourceFault> {
        let stored = self.store.action(&action.id).await;
        let stored = stored.map_err(|error| Self::fault("read", &error))?;
        Ok(match stored {
            Some((row, now)) if is_open(row.state) && waits(&now.subject) => {
                Reread::Waiting(Box::new(now))
            }
            Some((row, _)) if !is_open(row.state) => Reread::Ended(format!("it is {}", row.state)),
            _ => Reread::Ended("the process that asked has ended".to_owned()),
        })
    }

    async fn preview_revoke(&self, _: &Credential) -> Result<Preview, SourceFault> {
        Err(self.cannot("revoke", "the gate holds no credentials"))
    }

    async fn preview_restore(&self, _: &Order) -> Result<Preview, SourceFault> {
        Err(self.cannot("restore", "an answer to a process cannot be taken back"))
    }

    fn calls(&self, order: &OrderKind) -> Vec<Call> {
        match order {
            OrderKind::AnswerCommand { verdict, reason, .. } => vec![Call {
                operation: Untrusted::new("answer the waiting process"),
                parameters: vec![
                    ("verdict".to_owned(), Untrusted::new(verdict.to_string())),
                    ("reason".to_owned(), reason.clone()),
                ],
            }],
            _ => Vec::new(),
        }
    }

    /// Nothing is sent from here: the waiting process fetches its answer from the store.
    async fn carry_out(&self, _: &Order) -> Result<Receipt, SourceFault> {
        Err(self.cannot("carry out", "the waiting process fetches its answer itself"))
    }

    /// While the process lives, it is on its way, and so is the answer to a call until its time is
    /// over. Once it is dead, taking the answer ourselves
    /// settles the question: if it is still there, nobody ran it and nobody can any more.
    async fn fate(&self, order: &Order) -> Result<Fate, SourceFault> {
        let fault = |error| Self::fault("fate", &error);
        let Some(id) = &order.action else { return Ok(Fate::Unknown) };
        let Some((_, action)) = self.store.action(id).await.map_err(fault)? else {
            return Ok(Fate::Unknown);
        };
        if waits(&action.subject) {
            return Ok(Fate::Unknown);
        }
        let untaken = self.store.take_answer(id).await.map_err(fault)?;
        Ok(if untaken.is_some() { Fate::NotDone } else { Fate::Unknown })
    }

    async fn diagnose(&self) -> Vec<Diagnosis> {
        let verdict = match self.store.version().await {
            Ok(_) => Verdict::Good { saw: Untrusted::new(&self.host) },
            Err(error) => Verdict::Bad {
                problem: Untrusted::new(error.to_string()),
                next_step: "let the agents' gates and this console use one store".to_owned(),
            },
        };
        vec![Diagnosis { what: "processes waiting at the gate".to_owned(), verdict }]
    }
}
