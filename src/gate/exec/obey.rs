//! Doing what the reviewers said, if the answer really is one to this request and nothing has
//! changed since it was shown.

use super::{Changes, Ended, GateError, Notice, Request, child, receipt, wait::Waiting};
use crate::{
    domain::{Activity, ActivityKind, Order, OrderKind, Outcome, Subject, Untrusted, Verdict},
    gate::{agreed::Claim, beside, locks, program::Ready},
    store::{Store, halt},
};
use jiff::Timestamp;
use tokio::{sync::mpsc, time::Instant};

/// Compares everything with what was shown.
pub(super) fn unchanged(request: &Request) -> Result<Ready, GateError> {
    let files = beside::compare(&request.pins);
    match request.program.ready() {
        Ok(ready) if files.is_empty() => Ok(ready),
        ready => Err(GateError::Changed(Changes { program: ready.err(), files })),
    }
}

/// Obeys one order.
pub(super) async fn obey(
    asked: &Waiting<'_>,
    request: &Request,
    order: &Order,
    signals: &mut mpsc::Receiver<i32>,
    say: &mut (dyn FnMut(&Notice) + Send),
) -> Result<Ended, GateError> {
    let store = asked.store;
    let verdict = match check(asked, order).await {
        Ok(verdict) => verdict,
        Err(error) => return refuse(store, order, error).await,
    };
    if let (Verdict::Reject, reason) = verdict {
        let told = receipt(order, Outcome::Done, "the process was told no; nothing ran".to_owned());
        store.settle(&order.id, &told).await?;
        return Ok(Ended::Refused { reason });
    }
    let ready = match unchanged(request) {
        Ok(ready) => ready,
        Err(error) => return refuse(store, order, error).await,
    };
    say(&Notice::Approved);
    halt("starting");
    let started = Instant::now();
    let argv = request.plan.as_ref().map_or(&request.argv, |plan| &plan.argv);
    let mut child = match child::start(request, &ready, argv) {
        Ok(child) => child,
        Err(error) => return refuse(store, order, GateError::CannotStart(error)).await,
    };
    drop(ready);
    halt("running");
    let pid = child.id().unwrap_or_default();
    let host = match &asked.action.subject {
        Subject::Command { host, .. } => host.raw(),
        _ => "",
    };
    let done = receipt(order, Outcome::Done, format!("started, pid {pid} on {host}"));
    if let Err(error) = store.settle(&order.id, &done).await {
        say(&Notice::NotRecorded(error.to_string()));
    }
    halt("settled");
    let status = super::watched(&mut child, signals, asked.beside, &asked.action, say).await?;
    let line = Activity {
        seq: 0,
        at: Timestamp::now(),
        kind: ActivityKind::Answered,
        source: asked.action.source.clone(),
        about: asked.action.id.to_string(),
        who: Untrusted::new(&asked.action.tool.name),
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

/// Whether the order answers this request, and what it says. An approval counts only when the
/// decisions on the digest that this process computed itself are enough by its own roster and clock.
async fn check(asked: &Waiting<'_>, order: &Order) -> Result<(Verdict, Untrusted), GateError> {
    let OrderKind::AnswerCommand { nonce, verdict, reason } = &order.kind else {
        return Err(GateError::NotOurs("it is not an answer to a command"));
    };
    let Subject::Command { nonce: ours, .. } = &asked.action.subject else {
        return Err(GateError::NotOurs("the request is not a command"));
    };
    if nonce != ours || order.action.as_ref() != Some(&asked.action.id) {
        return Err(GateError::NotOurs("it names another request"));
    }
    if *verdict == Verdict::Approve {
        if let Some(out) = locks::against(asked.beside, &asked.action) {
            return Err(out.into());
        }
        let Some((row, _)) = asked.store.action(&asked.action.id).await? else {
            return Err(GateError::NotOurs("its request is gone"));
        };
        let claim = Claim {
            asked: &asked.action,
            shown: &asked.action,
            roster: &asked.reviewers.now(),
            now: asked.store.now(),
        };
        claim.take(asked.beside, &row, order)?;
    }
    Ok((*verdict, reason.clone()))
}

/// Writes down that an order was not carried out, and why.
async fn refuse(store: &dyn Store, order: &Order, error: GateError) -> Result<Ended, GateError> {
    let written = receipt(order, Outcome::Refused, error.to_string());
    store.settle(&order.id, &written).await?;
    Err(error)
}
