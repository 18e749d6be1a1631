//! Ask, wait, and run or refuse.

use super::{ProgramError, Request, RequestError, child};
use crate::{
    domain::{
        Action, ActionId, ActionState, Activity, ActivityKind, DigestError, Order, OrderKind,
        Outcome, Receipt, Untrusted, Verdict,
    },
    store::{Store, StoreError},
};
use jiff::Timestamp;
use std::{io, time::Duration};
use tokio::{sync::mpsc, time::Instant};

/// How often a request that vanished from the queue is put there again.
const ASK_AGAIN: u32 = 3;
/// The queue is looked at this often even when nobody seems to have written.
const LOOK_ANYWAY: Duration = Duration::from_secs(5);

/// How long and how patiently to wait.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// How long a reviewer has.
    pub timeout: Duration,
    /// How often to look for an answer.
    pub every: Duration,
    /// How long the store may fail while waiting.
    pub grace: Duration,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            timeout: Duration::from_mins(30),
            every: Duration::from_millis(200),
            grace: Duration::from_secs(15),
        }
    }
}

/// What the gate tells whoever watches it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// It waits; said once for every look.
    Waiting {
        /// The ticket.
        action: ActionId,
        /// How long until it gives up.
        left: Duration,
    },
    /// The request was no longer in the queue and is asked anew.
    AskedAgain {
        /// The new ticket.
        action: ActionId,
    },
    /// It is approved and about to run.
    Approved,
    /// Something could not be written down although the command was let through.
    NotRecorded(String),
}

/// How a request ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// It was approved and has run.
    Ran {
        /// Its exit status, as a shell reports it.
        status: u8,
    },
    /// It was rejected; nothing ran.
    Refused {
        /// What the reviewer said.
        reason: Untrusted,
    },
    /// Nobody decided in time; nothing ran.
    Expired {
        /// The ticket.
        action: ActionId,
    },
    /// The one who asked went away; nothing ran.
    Withdrawn {
        /// The signal that ended the wait.
        signal: i32,
    },
}

/// Why nothing ran although nobody rejected it.
#[derive(Debug, thiserror::Error)]
pub enum GateError {
    /// The command cannot be asked for.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The program or the directory is not what was shown.
    #[error("approved, and not run: {0}. Ask again to have the new state looked at")]
    Changed(ProgramError),
    /// The store cannot be reached.
    #[error("not run, because the queue cannot be reached: {0}")]
    Store(#[from] StoreError),
    /// The answer does not fit the request.
    #[error("not run, because the answer does not fit the request: {0}")]
    NotOurs(&'static str),
    /// The request ended in the queue without an answer for us.
    #[error("not run, because the request ended in the queue: it is {0}")]
    EndedElsewhere(ActionState),
    /// The system would not start it.
    #[error("approved, but it could not be started: {0}")]
    CannotStart(io::Error),
    /// The action has no digest.
    #[error(transparent)]
    Digest(#[from] DigestError),
}

/// Puts the request into the queue and waits. With an approval of exactly this request, runs it;
/// in every other case nothing runs. `signals` carries the numbers of signals that reach this
/// process: while it waits they withdraw the request, while the command runs they are passed on.
pub async fn exec(
    store: &dyn Store,
    request: &Request,
    terms: Terms,
    signals: &mut mpsc::Receiver<i32>,
    say: &mut (dyn FnMut(&Notice) + Send),
) -> Result<Ended, GateError> {
    let now = Timestamp::now();
    let until = now.checked_add(terms.timeout).unwrap_or(Timestamp::MAX);
    let mut waiting = Waiting {
        store,
        terms,
        until,
        deadline: Instant::now() + terms.timeout,
        action: request.action(now, until)?,
    };
    let mut asked = 0;
    let order = loop {
        store.put_action(&waiting.action, Timestamp::now()).await?;
        match waiting.answer(signals, say).await? {
            Heard::Order(order) => break order,
            Heard::Nothing(ended) => return Ok(ended),
            Heard::Vanished if asked < ASK_AGAIN => {
                asked += 1;
                waiting.action = request.action(Timestamp::now(), until)?;
                say(&Notice::AskedAgain { action: waiting.action.id.clone() });
            }
            Heard::Vanished => return Err(GateError::EndedElsewhere(ActionState::Gone)),
        }
    };
    obey(store, request, &waiting.action, &order, signals, say).await
}

/// What waiting came to.
enum Heard {
    Order(Box<Order>),
    Nothing(Ended),
    Vanished,
}

struct Waiting<'a> {
    store: &'a dyn Store,
    terms: Terms,
    /// Both clocks are watched: the wall clock may be set, the other stops while asleep.
    until: Timestamp,
    deadline: Instant,
    action: Action,
}

impl Waiting<'_> {
    async fn answer(
        &self,
        signals: &mut mpsc::Receiver<i32>,
        say: &mut (dyn FnMut(&Notice) + Send),
    ) -> Result<Heard, GateError> {
        let id = &self.action.id;
        let mut seen = None;
        let mut looked = Instant::now();
        let mut failing_since: Option<Instant> = None;
        loop {
            // Before looking: a process that was stopped for hours must not run on an approval of
            // long ago.
            if Instant::now() >= self.deadline || Timestamp::now() >= self.until {
                self.end("nobody decided in time").await?;
                return Ok(Heard::Nothing(Ended::Expired { action: id.clone() }));
            }
            match self.look(&mut seen, &mut looked).await {
                Ok(Some(heard)) => return Ok(heard),
                Ok(None) => failing_since = None,
                Err(error @ GateError::Store(_)) => {
                    seen = None;
                    if failing_since.get_or_insert_with(Instant::now).elapsed() >= self.terms.grace
                    {
                        return Err(error);
                    }
                }
                Err(error) => return Err(error),
            }
            let left = self.deadline.saturating_duration_since(Instant::now());
            say(&Notice::Waiting { action: id.clone(), left });
            tokio::select! {
                () = tokio::time::sleep(self.terms.every.min(left)) => {}
                Some(signal) = signals.recv() => {
                    self.end("withdrawn by the process that asked").await?;
                    return Ok(Heard::Nothing(Ended::Withdrawn { signal }));
                }
            }
        }
    }

    /// Asks the store for an answer if anything was written since the last look.
    async fn look(
        &self,
        seen: &mut Option<i64>,
        looked: &mut Instant,
    ) -> Result<Option<Heard>, GateError> {
        let version = self.store.version().await?;
        if *seen == Some(version) && looked.elapsed() < LOOK_ANYWAY {
            return Ok(None);
        }
        if let Some(order) = self.store.take_answer(&self.action.id).await? {
            return Ok(Some(Heard::Order(Box::new(order))));
        }
        let state = self.store.action(&self.action.id).await?.map(|(row, _)| row.state);
        *seen = Some(version);
        *looked = Instant::now();
        match state {
            Some(ActionState::Pending | ActionState::Deciding) => Ok(None),
            Some(ActionState::Gone) | None => Ok(Some(Heard::Vanished)),
            Some(state) => Err(GateError::EndedElsewhere(state)),
        }
    }

    /// Takes the request out of the queue. An answer that came in the last moment is turned down,
    /// so that it does not stay open for ever.
    async fn end(&self, why: &str) -> Result<(), GateError> {
        self.store.end_action(&self.action.id, why, Timestamp::now()).await?;
        if let Some(order) = self.store.take_answer(&self.action.id).await? {
            let answer = format!("came too late: {why}; nothing ran");
            self.store.settle(&order.id, &receipt(&order, Outcome::Refused, answer)).await?;
        }
        Ok(())
    }
}

/// Does what the reviewer said, if the answer really is one to this request.
async fn obey(
    store: &dyn Store,
    request: &Request,
    action: &Action,
    order: &Order,
    signals: &mut mpsc::Receiver<i32>,
    say: &mut (dyn FnMut(&Notice) + Send),
) -> Result<Ended, GateError> {
    let verdict = match check(store, action, order).await {
        Ok(verdict) => verdict,
        Err(error) => return refuse(store, order, error).await,
    };
    if let (Verdict::Reject, reason) = verdict {
        let told = receipt(order, Outcome::Done, "the process was told no; nothing ran".to_owned());
        store.settle(&order.id, &told).await?;
        return Ok(Ended::Refused { reason });
    }
    if let Err(changed) = request.program.check() {
        return refuse(store, order, GateError::Changed(changed)).await;
    }
    say(&Notice::Approved);
    let started = Instant::now();
    let mut child = match child::start(request) {
        Ok(child) => child,
        Err(error) => return refuse(store, order, GateError::CannotStart(error)).await,
    };
    let pid = child.id().unwrap_or_default();
    let done = receipt(order, Outcome::Done, format!("started, pid {pid} on {}", request.host));
    if let Err(error) = store.settle(&order.id, &done).await {
        say(&Notice::NotRecorded(error.to_string()));
    }
    let status = child::finish(&mut child, signals).await.map_err(GateError::CannotStart)?;
    let status = child::code(status);
    let line = Activity {
        seq: 0,
        at: Timestamp::now(),
        kind: ActivityKind::Answered,
        source: action.source.clone(),
        about: action.id.to_string(),
        who: Untrusted::new(&action.tool.name),
        what: Untrusted::new(format!(
            "the command ended with status {status} after {} s",
            started.elapsed().as_secs()
        )),
    };
    if let Err(error) = store.note(&line).await {
        say(&Notice::NotRecorded(error.to_string()));
    }
    Ok(Ended::Ran { status })
}

/// Whether the order answers this request, and what it says. An approval counts only with a
/// decision on the digest that this process computed itself.
async fn check(
    store: &dyn Store,
    action: &Action,
    order: &Order,
) -> Result<(Verdict, Untrusted), GateError> {
    let OrderKind::AnswerCommand { nonce, verdict, reason } = &order.kind else {
        return Err(GateError::NotOurs("it is not an answer to a command"));
    };
    let crate::domain::Subject::Command { nonce: ours, .. } = &action.subject else {
        return Err(GateError::NotOurs("the request is not a command"));
    };
    if nonce != ours || order.action.as_ref() != Some(&action.id) {
        return Err(GateError::NotOurs("it names another request"));
    }
    if *verdict == Verdict::Approve {
        let digest = action.digest()?;
        let row = store.action(&action.id).await?.map(|(row, _)| row);
        let approved = row.is_some_and(|row| {
            row.decisions
                .iter()
                .any(|decision| decision.verdict == Verdict::Approve && decision.digest == digest)
        });
        if !approved {
            return Err(GateError::NotOurs("no decision approves what this process asked for"));
        }
    }
    Ok((*verdict, reason.clone()))
}

/// Writes down that an order was not carried out, and why.
async fn refuse(store: &dyn Store, order: &Order, error: GateError) -> Result<Ended, GateError> {
    let written = receipt(order, Outcome::Refused, error.to_string());
    store.settle(&order.id, &written).await?;
    Err(error)
}

fn receipt(order: &Order, outcome: Outcome, answer: String) -> Receipt {
    Receipt {
        order: order.id.clone(),
        outcome,
        answer: Untrusted::new(answer),
        at: Timestamp::now(),
    }
}
