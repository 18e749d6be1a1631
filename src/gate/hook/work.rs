//! What a hook does with a call that policy has to be asked about.
//!
//! ```text
//!   glance ─┬─▶ Said
//!           └ Unruled ─▶ Policy (Cedar) ─▶ Ruling ─┬ let through ─▶ spool ─▶ Allow
//!                          │ not marked: the store ├ held ─▶ store, hold ─▶ Allow, or Deny with
//!                          │ adopts it first       │         a ticket
//!                          └ older than one: Deny  └ boundary, refused ─▶ Deny
//! ```

use super::{
    Asked, Clock, Host, Reason, Said, Setup,
    glance::{InForce, Seen, look, not_logged},
    rehearsal::{is_rehearsal, rehearsed},
};
use crate::{
    domain::{Leave, LetThrough},
    gate::{Guard, Held, PATIENCE, Queue, Unruled, guard, hold, mark, spool, standing, ticket},
    policy::{Installation, Policy},
    store::{self, Store},
    trust::LiveRoster,
};
use std::{path::Path, sync::Arc};

/// Answers it. `installation` reads what the installation says beside the rules, and is only asked
/// where policy is; `roster` says who may agree to what is held.
pub fn answer(
    host: &dyn Host,
    asked: &Asked,
    setup: &Setup,
    installation: impl Fn() -> Installation,
    reviewers: &LiveRoster,
    clock: &Clock,
) -> Result<Said, Reason> {
    let (unruled, policy) = match look(host, asked, setup)? {
        Seen::Said(said) => return Ok(said),
        Seen::Further(unruled, policy) => (unruled, policy),
    };
    let rules = load(&policy)?.at(installation());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime =
        runtime.map_err(|error| Reason::new(format!("the runtime cannot be started: {error}")))?;
    let said = runtime.block_on(ruled(*unruled, rules, &policy, setup, reviewers, clock));
    // Whatever is still busy must not keep the answer.
    runtime.shutdown_background();
    said
}

fn load(policy: &InForce<'_>) -> Result<Policy, Reason> {
    let loaded = match policy {
        InForce::Shipped => Policy::shipped(),
        // The very text that was looked at, whatever the file holds by now.
        InForce::File { path, text } => Policy::parse(text, &path.display().to_string()),
    };
    loaded.map_err(|error| Reason::new(format!("the policy cannot be used: {error}")))
}

/// Puts it to policy, and does what that says.
async fn ruled(
    unruled: Unruled,
    rules: Policy,
    policy: &InForce<'_>,
    setup: &Setup,
    reviewers: &LiveRoster,
    clock: &Clock,
) -> Result<Said, Reason> {
    let mut store = None;
    if policy.mark(setup).is_none() {
        let opened = open(&setup.store).await?;
        let adopted = mark::adopt(&setup.store, &*opened, &rules, opened.now()).await;
        adopted.map_err(|error| Reason::new(error.to_string()))?;
        store = Some(opened);
    }
    let action = gate(rules, setup, &unruled).rule(unruled);
    let Some(ruling) = action.ruling.clone() else { return Err(Reason::new("nobody ruled")) };
    if is_rehearsal() {
        return Err(Reason::new(rehearsed(&ruling.leave)));
    }
    match &ruling.leave {
        Leave::LetThrough => {
            let record = guard::let_through(&action).map_err(|error| not_logged(&error))?;
            let record = record.ok_or_else(|| Reason::new("nobody ruled"))?;
            let_through(&record, setup, store).await?;
            Ok(Said::Allow)
        }
        Leave::Boundary { rule, because } => {
            spool::stopped(&setup.store, &action);
            Err(Reason::new(format!("nobody may approve this: {because} (boundary `{rule}`)")))
        }
        Leave::Refused { because } => Err(Reason::new(format!("refused: {because}"))),
        Leave::Held(_) => {
            let store = match store {
                Some(store) => store,
                None => open(&setup.store).await?,
            };
            let _ = spool::take_in(&setup.store, &*store).await;
            let queue = Queue { store: &*store, beside: &setup.store, reviewers };
            let held = hold(queue, &action, clock.until().into()).await;
            Ok(match held.map_err(|error| Reason::new(error.to_string()))? {
                Held::Passed { .. } => Said::Allow,
                Held::Refused { reason, .. } => Said::Deny(Reason::new(reason)),
                Held::Ticket { action } => {
                    let now = store.now();
                    let (far, until) =
                        standing(&*store, &action, &reviewers.now(), now).await.unzip();
                    Said::Deny(Reason::new(ticket(&action, far.as_ref(), until, now)))
                }
            })
        }
    }
}

fn gate(rules: Policy, setup: &Setup, unruled: &Unruled) -> Guard {
    Guard {
        policy: Arc::new(rules),
        places: Arc::clone(&setup.places),
        environment: setup.environment,
        host: setup.name.clone(),
        requester: unruled.action.requester.clone(),
    }
}

async fn open(path: &Path) -> Result<Arc<dyn Store>, Reason> {
    if path.to_str().is_none() {
        return Err(Reason::new("the path of the store is not UTF-8"));
    }
    store::open_patiently(path, PATIENCE).await.map_err(|error| Reason::new(error.to_string()))
}

/// Logs it: beside the store, or in it where that is open or the log full.
async fn let_through(
    record: &LetThrough,
    setup: &Setup,
    store: Option<Arc<dyn Store>>,
) -> Result<(), Reason> {
    let store = match store {
        Some(store) => store,
        None => match spool::append(&setup.store, record) {
            Ok(()) => return Ok(()),
            Err(error) if error.is_for_the_store() => open(&setup.store).await?,
            Err(error) => return Err(not_logged(&error)),
        },
    };
    let logged = store.let_through(std::slice::from_ref(record)).await;
    logged.map_err(|error| not_logged(&error))?;
    // A log that stays full makes every call slow; that is no reason to stop this one.
    let _ = spool::take_in(&setup.store, &*store).await;
    Ok(())
}
