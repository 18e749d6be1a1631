//! Ask, wait, and run or refuse.
//!
//! ```text
//!   Request ─look─▶ effects, pins ─▶ policy ─┬▶ let through: logged, run
//!      │ terraform: its plan is made first   ├▶ boundary, refused: said
//!      │                                     └▶ held ─▶ wait ─┬▶ approved ─▶ obey: compare, run
//!      └─▶ a first step failed: its status                    └▶ rejected, expired, withdrawn
//! ```

mod obey;
mod told;
mod wait;

pub use told::{Changes, Ended, GateError, Notice};

use super::{
    Guard, Request, RequestFault, child, guard::let_through, locks, locks::LockedOut, mark, plan,
    plan::Planned, spool, staging,
};
use crate::{
    domain::{
        Action, ActionState, Check, CheckState, Class, Diff, Digest, Environment, Leave,
        LetThrough, Order, Outcome, Receipt, Requirement, Untrusted,
    },
    policy::Staging,
    store::{Store, StoreError, Success, halt},
    trust::{Account, LiveRoster, Matter, Roster, Standing, stand},
};
use futures::future::BoxFuture;
use jiff::Timestamp;
use std::{path::Path, sync::Arc, time::Duration};
use tokio::{sync::mpsc, time::Instant};
use wait::{Heard, Waiting};

/// How often a request that vanished from the queue is put there again.
const ASK_AGAIN: u32 = 3;

/// How long and how patiently to wait.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// How long a reviewer has, where that is less than policy gives.
    pub timeout: Option<Duration>,
    /// How often to look for an answer.
    pub every: Duration,
    /// How long the store may fail while waiting.
    pub grace: Duration,
}

impl Default for Terms {
    fn default() -> Self {
        Self { timeout: None, every: Duration::from_millis(100), grace: Duration::from_secs(15) }
    }
}

/// What decides about a request, beside the request itself.
pub struct Desk<'a> {
    /// Puts it to policy.
    pub guard: &'a Guard,
    /// Who may decide.
    pub reviewers: &'a LiveRoster,
    /// Where what is let through is logged, beside the store.
    pub spool: &'a Path,
    /// How long and how patiently to wait.
    pub terms: Terms,
}

/// Opens the store when it is needed: what is let through does not wait for it.
pub type Open<'a> =
    dyn Fn() -> BoxFuture<'a, Result<Arc<dyn Store>, StoreError>> + Send + Sync + 'a;

/// Puts the request to policy. What is let through is logged and runs; what is held goes into the
/// queue and runs with an approval of exactly this request; in every other case nothing runs.
/// `signals` carries the numbers of signals that reach this process: while it waits they withdraw
/// the request, while the command runs they are passed on.
pub async fn exec(
    desk: &Desk<'_>,
    open: &Open<'_>,
    mut request: Request,
    signals: &mut mpsc::Receiver<i32>,
    say: &mut (dyn FnMut(&Notice) + Send),
) -> Result<Ended, GateError> {
    adopt(desk, open).await?;
    request.look(desk.guard)?;
    let first = request.action(desk.guard, Staging::Unknown, Timestamp::now())?;
    if let Some(out) = locks::against(desk.spool, &first) {
        return Err(out.into());
    }
    match plan::find(&request, desk, open, signals).await? {
        Planned::Not => {}
        Planned::NoChanges => return Ok(Ended::NothingToDo),
        Planned::Failed(status) => return Ok(Ended::NotPlanned { status }),
        Planned::Plan(plan, found) => {
            if let Diff::Text(text) = &plan.shown {
                say(&Notice::Planned(text.clone()));
            }
            request.found = found;
            request.plan = Some(Arc::new(*plan));
        }
    }
    let (staging, earlier) = before(desk, open, &request).await?;
    let action = request.action(desk.guard, staging, Timestamp::now())?;
    match leave(&action).inspect_err(|_| spool::stopped(desk.spool, &action))? {
        Some(requirement) => {
            let store = open().await?;
            let asked = Asked { desk, request: &request, staging, earlier, requirement };
            held(&*store, &asked, action, signals, say).await
        }
        None => run_let_through(desk, open, &request, &action, signals, say).await,
    }
}

/// Makes sure that the policy is the newest this store has seen: what was looked at before is
/// known by its mark.
async fn adopt(desk: &Desk<'_>, open: &Open<'_>) -> Result<(), GateError> {
    let policy = &desk.guard.policy;
    if mark::of(desk.spool, policy.id().digest).is_none() {
        let store = open().await?;
        mark::adopt(desk.spool, &*store, policy, store.now()).await?;
    }
    Ok(())
}

/// Logs what is let through: beside the store, or in it where that has to be.
pub(super) async fn logged(
    spool: &Path,
    record: &LetThrough,
    open: &Open<'_>,
) -> Result<(), GateError> {
    let not_logged = |why: String| GateError::NotLogged(why);
    match spool::append(spool, record) {
        Ok(()) => return Ok(()),
        Err(error) if error.is_for_the_store() => {}
        Err(error) => return Err(not_logged(error.to_string())),
    }
    let store = open().await.map_err(|error| not_logged(error.to_string()))?;
    let kept = store.let_through(std::slice::from_ref(record)).await;
    kept.map_err(|error| not_logged(error.to_string()))?;
    // A log that stays full makes every call slow; that is no reason to stop this one.
    let _ = spool::take_in(spool, &*store).await;
    Ok(())
}

/// A request that is held, with all that makes its action again.
struct Asked<'a> {
    desk: &'a Desk<'a>,
    request: &'a Request,
    staging: Staging,
    earlier: Option<Success>,
    requirement: Requirement,
}

/// The requirement of what is held, nothing for what is let through.
fn leave(action: &Action) -> Result<Option<Requirement>, GateError> {
    match action.ruling.as_ref().map(|ruling| &ruling.leave) {
        Some(Leave::LetThrough) => Ok(None),
        Some(Leave::Held(requirement)) => Ok(Some(requirement.clone())),
        Some(Leave::Boundary { rule, because }) => {
            Err(GateError::Boundary { rule: rule.clone(), because: because.clone() })
        }
        Some(Leave::Refused { because }) => Err(GateError::Unruled(because.clone())),
        None => Err(GateError::Unruled("policy was not asked".into())),
    }
}

/// How the same change fared elsewhere, where that may matter.
async fn before(
    desk: &Desk<'_>,
    open: &Open<'_>,
    request: &Request,
) -> Result<(Staging, Option<Success>), GateError> {
    if request.found.class() == Class::ReadOnly || outside_production(desk.guard, request) {
        return Ok((Staging::Unknown, None));
    }
    let key = staging::key(request)?;
    let Ok(store) = open().await else { return Ok((Staging::Unknown, None)) };
    Ok(match store.success(&key).await? {
        Some(success) => (Staging::Succeeded, Some(success)),
        None => (Staging::NotSeen, None),
    })
}

/// Whether everything it does is known to be outside production.
fn outside_production(guard: &Guard, request: &Request) -> bool {
    let effects = &request.found.effects;
    request.landing(guard).environment != Environment::Production
        && !effects.is_empty()
        && request.found.opaque.is_empty()
        && effects.iter().all(|effect| effect.environment == Environment::NonProduction)
}

async fn run_let_through(
    desk: &Desk<'_>,
    open: &Open<'_>,
    request: &Request,
    action: &Action,
    signals: &mut mpsc::Receiver<i32>,
    say: &mut (dyn FnMut(&Notice) + Send),
) -> Result<Ended, GateError> {
    let ready = obey::unchanged(request)?;
    if let Some(record) = let_through(action).map_err(RequestFault::NoRandomness)? {
        spool::append(desk.spool, &record)
            .map_err(|error| GateError::NotLogged(error.to_string()))?;
        say(&Notice::LetThrough { tier: record.ruling.tier });
    }
    let argv = request.plan.as_ref().map_or(&request.argv, |plan| &plan.argv);
    let mut child = child::start(request, &ready, argv).map_err(GateError::CannotStart)?;
    drop(ready);
    let status = watched(&mut child, signals, desk.spool, action, say).await?;
    if status == 0 && changes_outside_production(desk.guard, request) {
        let noted = match open().await {
            Ok(store) => succeeded(&*store, request, action).await,
            Err(error) => Err(error.into()),
        };
        if let Err(error) = noted {
            say(&Notice::NotRecorded(error.to_string()));
        }
    }
    Ok(Ended::Ran { status })
}

fn changes_outside_production(guard: &Guard, request: &Request) -> bool {
    request.found.class() != Class::ReadOnly && outside_production(guard, request)
}

/// Waits for the end of a command that runs, and ends it where somebody locks what asked for it.
pub(super) async fn watched(
    child: &mut tokio::process::Child,
    signals: &mut mpsc::Receiver<i32>,
    beside: &Path,
    action: &Action,
    say: &mut (dyn FnMut(&Notice) + Send),
) -> Result<u8, GateError> {
    let locked = || locks::against(beside, action);
    let mut told = |out: &LockedOut| say(&Notice::Stopped(out.told()));
    let status = child::finish_unless(child, signals, &locked, &mut told).await;
    status.map(child::code).map_err(GateError::CannotStart)
}

/// Remembers that this change went well where it ran.
async fn succeeded(store: &dyn Store, request: &Request, action: &Action) -> Result<(), GateError> {
    let success = Success {
        change: staging::key(request)?,
        at: Timestamp::now(),
        title: action.title.clone(),
        target: action.target.name.clone(),
    };
    Ok(store.note_success(&success).await?)
}

/// Waits in the queue, and does what the reviewers said.
async fn held(
    store: &dyn Store,
    asked: &Asked<'_>,
    action: Action,
    signals: &mut mpsc::Receiver<i32>,
    say: &mut (dyn FnMut(&Notice) + Send),
) -> Result<Ended, GateError> {
    let lifetime = asked.requirement.lifetime();
    let timeout = asked.desk.terms.timeout.map_or(lifetime, |given| given.min(lifetime));
    // Hosts may differ about the time; whoever waits and whoever decides go by the store's.
    let action = Action { opened: store.now(), ..action };
    let until = action.opened.checked_add(timeout).unwrap_or(Timestamp::MAX);
    let mut waiting = Waiting {
        store,
        reviewers: asked.desk.reviewers,
        beside: asked.desk.spool,
        terms: asked.desk.terms,
        until,
        deadline: Instant::now() + timeout,
        digest: action.digest()?,
        action: shown(asked, action, until),
    };
    let mut again = 0;
    let order = loop {
        store.put_action(&waiting.action, store.now()).await?;
        halt("asked");
        match waiting.answer(signals, say).await? {
            Heard::Order(order) => break order,
            Heard::Nothing(ended) => return Ok(ended),
            Heard::Vanished if again < ASK_AGAIN => {
                again += 1;
                let anew = asked.request.action(asked.desk.guard, asked.staging, store.now())?;
                if leave(&anew)?.as_ref() != Some(&asked.requirement) {
                    let why = "policy asks for something else than it did a moment ago";
                    return Err(GateError::Unruled(why.into()));
                }
                waiting.digest = anew.digest()?;
                waiting.action = shown(asked, anew, until);
                say(&Notice::AskedAgain { action: waiting.action.id.clone() });
            }
            Heard::Vanished => return Err(GateError::EndedElsewhere(ActionState::Gone)),
        }
    };
    let status = match obey::obey(&waiting, asked.request, &order, signals, say).await? {
        Ended::Ran { status } => status,
        ended => return Ok(ended),
    };
    if status == 0 && changes_outside_production(asked.desk.guard, asked.request) {
        let noted = succeeded(store, asked.request, &waiting.action).await;
        if let Err(error) = noted {
            say(&Notice::NotRecorded(error.to_string()));
        }
    }
    Ok(Ended::Ran { status })
}

/// The action with what a reviewer reads beside it. None of this is part of its digest.
fn shown(asked: &Asked<'_>, mut action: Action, until: Timestamp) -> Action {
    let reason = &asked.request.reason;
    let reason = if reason.is_empty() { "No reason was given." } else { reason.raw() };
    let until = until.strftime("%Y-%m-%d %H:%M:%S UTC");
    let end = format!("A process waits for the answer until {until}; then it is told no.");
    action.description = Untrusted::new(format!("{reason}\n\n{end}"));
    let (name, state) = match (asked.staging, &asked.earlier) {
        (Staging::Unknown, _) => return action,
        (Staging::Succeeded, Some(success)) => {
            let at = success.at.strftime("%Y-%m-%d %H:%M UTC");
            let on = success.target.raw();
            let name = format!("the same change succeeded outside production on {at} ({on})");
            (name, CheckState::Passed)
        }
        (Staging::Succeeded | Staging::NotSeen, _) => {
            ("the same change was not seen outside production".to_owned(), CheckState::Neutral)
        }
    };
    action.checks.push(Check { name: Untrusted::new(name), state });
    action
}

fn receipt(order: &Order, outcome: Outcome, answer: String) -> Receipt {
    Receipt {
        order: order.id.clone(),
        outcome,
        answer: Untrusted::new(answer),
        at: Timestamp::now(),
    }
}

/// How far a request is, by the decisions on exactly what was asked.
fn standing(
    action: &Action,
    digest: Digest,
    decisions: &[crate::domain::Decision],
    roster: &Roster,
) -> Standing {
    let ours: Vec<_> =
        decisions.iter().filter(|decision| decision.digest == digest).cloned().collect();
    let account = Account::behind(&action.source, &action.requester);
    let ruling = action.ruling.as_ref();
    let matter = Matter::of(&action.id, digest, ruling, account, Timestamp::now());
    stand(&matter, &ours, roster)
}
