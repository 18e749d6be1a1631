//! Answers of the worker: rows, previews, receipts and refusals.

use super::{confirm, refresh};
use crate::{
    console::{
        msg::{Effect, LoadedAction},
        state::{
            OpenAction, Overlay, State, Tab, Tone,
            dialog::{Phase, Subject},
        },
    },
    domain::{
        ActionId, Activity, CredentialId, Lock, Outcome, Preview, Receipt, SourceFault,
        Subject as What, Turn, Untrusted, Verdict,
    },
    review::{Carried, DecideError, RevokeError, TurnError},
    store::AutonomousRow,
    text::SafeText,
};
use std::sync::Arc;

/// Text of ours with text of others in it, made safe as a whole.
fn mixed(text: String) -> SafeText {
    SafeText::line(&Untrusted::new(text))
}

pub(super) fn failed(state: &mut State, why: &str) {
    let text = mixed(format!("What is shown may be old: {why}"));
    if state.flash.as_ref().is_none_or(|flash| flash.text != text) {
        state.flash(Tone::Bad, text);
    }
}

pub(super) fn action_loaded(state: &mut State, id: &ActionId, loaded: Option<Box<LoadedAction>>) {
    if state.queue.selected().is_none_or(|row| row.id != *id) {
        return;
    }
    state.dirty = true;
    let Some(loaded) = loaded else {
        close_decision(state, id);
        state.say(Tone::Info, "It is no longer in the store.");
        return;
    };
    let before =
        state.open_selected().map(|open| (open.loaded.digest, moved(&open.loaded, &loaded)));
    let digest = loaded.digest;
    let is_same = before.as_ref().is_some_and(|(old, _)| *old == digest);
    state.open = Some(OpenAction { id: id.clone(), loaded });
    if is_same {
        confirm::fill_open(state);
        return;
    }
    state.scroll = 0;
    if let Some((_, how)) = before {
        // It changed under the eyes of whoever reads it, perhaps with a dialog open.
        let closed = close_decision(state, id);
        let tail = if closed { " The dialog was closed; nothing was sent." } else { "" };
        state.flash(Tone::Warning, mixed(format!("It changed: {how}.{tail}")));
    } else {
        confirm::fill_open(state);
    }
}

/// The commit a decision would be about.
fn head(loaded: &LoadedAction) -> String {
    match &loaded.action.subject {
        What::PullRequest { head_sha, .. } | What::Deployment { head_sha, .. } => {
            head_sha.chars().take(7).collect()
        }
        What::Command { .. } | What::Call { .. } | What::FollowUp { .. } => String::new(),
    }
}

/// What is another than it was, in a few words.
fn moved(old: &LoadedAction, new: &LoadedAction) -> String {
    let (from, to) = (head(old), head(new));
    let policy = |loaded: &LoadedAction| loaded.action.ruling.as_ref().map(|ruling| ruling.policy);
    match (policy(old), policy(new)) {
        _ if from != to => format!("the head moved from {from} to {to}"),
        (Some(before), Some(now)) if before != now => {
            format!("policy is another one now, version {} after {}", now.version, before.version)
        }
        _ if old.action.ruling != new.action.ruling => {
            "policy says something else of it".to_owned()
        }
        _ => "its content is another one".to_owned(),
    }
}

/// Closes the dialog about this action unless its order is on its way; whether it did.
fn close_decision(state: &mut State, about: &ActionId) -> bool {
    let is_it = matches!(&state.overlay, Some(Overlay::Dialog(dialog))
        if dialog.phase != Phase::Sending
            && matches!(&dialog.subject, Subject::Decide { id, .. } if id == about));
    if is_it {
        state.overlay = None;
    }
    is_it
}

/// Closes the dialog whose order was answered.
fn close_sent(state: &mut State, is_it: impl Fn(&Subject) -> bool) {
    if matches!(&state.overlay, Some(Overlay::Dialog(dialog)) if is_it(&dialog.subject)) {
        state.overlay = None;
    }
    state.dirty = true;
}

/// What was decided is not what is there any more.
pub(super) fn changed(
    state: &mut State,
    id: &ActionId,
    loaded: Box<LoadedAction>,
    effects: &mut Vec<Effect>,
) {
    close_sent(state, |subject| matches!(subject, Subject::Decide { id: of, .. } if of == id));
    let how = state
        .open_selected()
        .map_or_else(|| "it changed".to_owned(), |open| moved(&open.loaded, &loaded));
    let text = format!("Nothing was sent: {how}, since you began to read. This is how it is now.");
    if state.queue.selected().is_some_and(|row| row.id == *id) {
        state.open = Some(OpenAction { id: id.clone(), loaded });
        state.tab = Tab::Queue;
        state.reading = true;
        state.scroll = 0;
    }
    state.flash(Tone::Warning, mixed(text));
    refresh(state, effects);
}

pub(super) fn decided(
    state: &mut State,
    id: &ActionId,
    verdict: Verdict,
    result: Result<Carried, DecideError>,
    effects: &mut Vec<Effect>,
) {
    close_sent(state, |subject| matches!(subject, Subject::Decide { id: of, .. } if of == id));
    let name = state
        .queue
        .rows()
        .iter()
        .find(|row| row.id == *id)
        .map_or_else(|| id.to_string(), |row| row.name.raw().to_owned());
    let done = match verdict {
        Verdict::Approve => "Approved",
        Verdict::Reject => "Rejected",
        Verdict::Withdraw => "Withdrawn:",
        Verdict::BreakGlass => "Let go ahead by you alone:",
    };
    match result {
        Ok(Carried::Answered(receipt)) => receipt_said(state, done, &name, &receipt),
        Ok(Carried::Waiting(_)) => {
            let text = format!("{done} {name}. The waiting process takes the answer now.");
            state.flash(Tone::Good, mixed(text));
        }
        Ok(Carried::Counted(standing)) => {
            let what = if verdict == Verdict::Withdraw { "Taken back for" } else { "Counted for" };
            let text = format!("{what} {name}: {}.", standing.with_names());
            state.flash(Tone::Good, mixed(text));
        }
        Err(DecideError::Source(fault)) => refused_before(state, &fault),
        Err(error @ DecideError::NotKept(_)) => state.flash(Tone::Bad, mixed(format!("{error}."))),
        Err(error) => state.flash(Tone::Bad, mixed(format!("Nothing was sent: {error}."))),
    }
    refresh(state, effects);
}

fn receipt_said(state: &mut State, done: &str, name: &str, receipt: &Receipt) {
    let answer = receipt.answer.raw();
    let (tone, text) = match receipt.outcome {
        Outcome::Done => (Tone::Good, format!("{done} {name}. {answer}")),
        Outcome::Refused => {
            (Tone::Bad, format!("Refused by the source, nothing changed: {name}. {answer}"))
        }
        Outcome::Unknown => (
            Tone::Bad,
            format!(
                "Sent, but no answer that can be relied on: {name}. {answer} Look there before you try again."
            ),
        ),
    };
    state.flash(tone, mixed(text));
}

fn refused_before(state: &mut State, fault: &SourceFault) {
    let text = format!(
        "Nothing was sent: {fault} ({}). Next: {}.",
        fault.detail.raw().chars().take(160).collect::<String>(),
        fault.next_step()
    );
    state.flash(Tone::Bad, mixed(text));
}

fn is_about(subject: &Subject, id: &CredentialId) -> bool {
    match subject {
        Subject::Revoke(row, _) | Subject::Restore(row, _) => row.credential.id == *id,
        Subject::Decide { .. } | Subject::Lock(..) => false,
    }
}

pub(super) fn previewed(
    state: &mut State,
    id: &CredentialId,
    result: Result<Preview, RevokeError>,
) {
    let armed_at = state.now.mono + state.arm_delay;
    let Some(Overlay::Dialog(dialog)) = &mut state.overlay else { return };
    if dialog.phase != Phase::Loading || !is_about(&dialog.subject, id) {
        return;
    }
    // The late preview of a revocation that was left is not that of a restoration.
    let restores = matches!(dialog.subject, Subject::Restore(..));
    if result.as_ref().is_ok_and(|preview| preview.order.gives_back() != restores) {
        return;
    }
    state.dirty = true;
    match result {
        Ok(preview) => {
            if let Subject::Revoke(_, slot) | Subject::Restore(_, slot) = &mut dialog.subject {
                *slot = Some(Box::new(preview));
            }
            dialog.phase = Phase::Arming(armed_at);
        }
        Err(error) => {
            state.overlay = None;
            revoke_failed(state, error);
        }
    }
}

fn revoke_failed(state: &mut State, error: RevokeError) {
    match error {
        RevokeError::Source(fault) => refused_before(state, &fault),
        error @ RevokeError::NotKept(_) => state.flash(Tone::Bad, mixed(format!("{error}."))),
        error => state.flash(Tone::Bad, mixed(format!("Nothing was sent: {error}."))),
    }
}

pub(super) fn turned(
    state: &mut State,
    result: Result<Lock, TurnError>,
    effects: &mut Vec<Effect>,
) {
    close_sent(state, |subject| matches!(subject, Subject::Lock(..)));
    match result {
        Ok(lock) => {
            let (kind, name) = (lock.what.kind(), lock.what.name());
            let (tone, text) = match lock.turn {
                Turn::Lock => (
                    Tone::Warning,
                    format!("Locked: {kind} {}. Every gate refuses it from now on.", name.raw()),
                ),
                Turn::Unlock => (Tone::Good, format!("Unlocked: {kind} {}.", name.raw())),
            };
            state.flash(tone, mixed(text));
        }
        Err(error) => state.flash(Tone::Bad, mixed(format!("Nothing was turned: {error}."))),
    }
    refresh(state, effects);
}

pub(super) fn carried(
    state: &mut State,
    id: &CredentialId,
    result: Result<Receipt, RevokeError>,
    effects: &mut Vec<Effect>,
) {
    let mut done = "Done:";
    if let Some(Overlay::Dialog(dialog)) = &state.overlay {
        match &dialog.subject {
            Subject::Revoke(..) => done = "Revoked",
            Subject::Restore(..) => done = "Restored",
            Subject::Decide { .. } | Subject::Lock(..) => {}
        }
    }
    close_sent(state, |subject| is_about(subject, id));
    let name = state
        .credentials
        .rows()
        .iter()
        .find(|row| row.credential.id == *id)
        .map_or_else(|| id.to_string(), |row| row.credential.label.raw().to_owned());
    match result {
        Ok(receipt) => receipt_said(state, done, &name, &receipt),
        Err(error) => revoke_failed(state, error),
    }
    refresh(state, effects);
}

pub(super) fn older_activity(state: &mut State, lines: Vec<Arc<Activity>>) {
    state.more_activity = !lines.is_empty();
    let mut all = state.activity.rows().to_vec();
    let oldest = all.last().map_or(i64::MAX, |line| line.seq);
    all.extend(lines.into_iter().filter(|line| line.seq < oldest));
    state.activity.replace(Arc::new(all));
    state.dirty = true;
}

/// What was let through: the newest ones, with the older ones that are here already, or older ones.
pub(super) fn autonomous(state: &mut State, before: Option<i64>, rows: Vec<Arc<AutonomousRow>>) {
    state.dirty = true;
    let here = state.autonomous.rows();
    let mut all;
    if before.is_some() {
        state.more_autonomous = !rows.is_empty();
        let oldest = here.last().map_or(i64::MAX, |row| row.seq);
        all = here.to_vec();
        all.extend(rows.into_iter().filter(|row| row.seq < oldest));
    } else {
        state.more_autonomous = state.more_autonomous || !rows.is_empty() && here.is_empty();
        let oldest = rows.last().map_or(i64::MAX, |row| row.seq);
        all = rows;
        all.extend(here.iter().filter(|row| row.seq < oldest).cloned());
    }
    state.autonomous.replace(Arc::new(all));
}
