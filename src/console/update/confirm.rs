//! Opening confirmations, arming them, and what keys do in them.

use super::typing;
use crate::{
    console::{
        keymap::Command,
        msg::Effect,
        state::{
            Overlay, State, Tab, Tone,
            dialog::{
                Challenge, Dialog, Focus, Phase, Shown, Subject, UNREAD, hindrance, revocable,
            },
        },
    },
    domain::{ActionId, ActionState, Call, CredentialStatus, Untrusted, Verdict},
    store::CredentialRow,
    text::SafeText,
};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use std::sync::Arc;

/// Opens the confirmation a command asks for, or says why it cannot be had.
pub(super) fn open(state: &mut State, command: Command, effects: &mut Vec<Effect>) {
    match (command, state.tab) {
        (Command::Approve, Tab::Queue) => decide(state, Verdict::Approve, 'a', effects),
        (Command::Reject, Tab::Queue) => decide(state, Verdict::Reject, 'r', effects),
        (Command::Revoke, Tab::Credentials) => revoke(state, effects),
        (Command::Restore, Tab::Credentials) => restore(state, effects),
        _ => {}
    }
}

fn decide(state: &mut State, verdict: Verdict, key: char, effects: &mut Vec<Effect>) {
    let Some(row) = state.queue.selected() else {
        state.say(Tone::Info, "Nothing is selected, so there is nothing to decide.");
        return;
    };
    match row.state {
        ActionState::Pending => {}
        ActionState::Deciding => {
            let why = "A decision on it is on its way; Activity shows how it ends.";
            state.say(Tone::Warning, why);
            return;
        }
        ActionState::Approved | ActionState::Rejected | ActionState::Failed | ActionState::Gone => {
            let why = format!("It is {} and no longer waits.", row.state);
            state.say(Tone::Info, &why);
            return;
        }
    }
    let hindered = (verdict == Verdict::Approve).then(|| hindrance(&state.outlook(row))).flatten();
    if let Some(why) = hindered {
        let text = SafeText::own(&format!("{why}. r rejects it."));
        state.flash(Tone::Warning, text);
        return;
    }
    let (id, digest) = (row.id.clone(), row.digest);
    let subject = Subject::Decide { verdict, id: id.clone(), shown: None };
    let mut dialog = Dialog::new(subject, KeyCode::Char(key));
    let is_loaded = state.open.as_ref().is_some_and(|o| o.id == id && o.loaded.digest == digest);
    if is_loaded {
        fill(&mut dialog, state);
    } else {
        effects.push(Effect::LoadAction(id.clone()));
        state.requested = Some((id, digest));
        state.rest = None;
    }
    state.overlay = Some(Overlay::Dialog(Box::new(dialog)));
}

/// Puts the open action into a dialog that waits for it, and starts to arm it.
fn fill(dialog: &mut Dialog, state: &State) {
    if let (Subject::Decide { id, shown, .. }, Some(open)) = (&mut dialog.subject, &state.open)
        && open.id == *id
        && let Some(row) = state.queue.selected().filter(|row| row.id == *id)
    {
        *shown = Some(Box::new(Shown {
            action: Arc::clone(&open.loaded.action),
            digest: open.loaded.digest,
            would_do: Arc::clone(&open.loaded.would_do),
            hidden: open.loaded.hidden.clone(),
            script: open.loaded.script.clone(),
            foreseen: open.loaded.foreseen.clone(),
            outlook: state.outlook(row),
            reasoned: None,
        }));
        dialog.phase = Phase::Arming(state.now.mono + state.arm_delay);
    }
}

/// The action a dialog waits for was read.
pub(super) fn fill_open(state: &mut State) {
    let Some(Overlay::Dialog(mut dialog)) = state.overlay.take() else { return };
    if dialog.phase == Phase::Loading {
        fill(&mut dialog, state);
    }
    state.overlay = Some(Overlay::Dialog(dialog));
}

fn revoke(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(row) = state.credentials.selected() else {
        state.say(Tone::Info, "Nothing is selected, so there is nothing to revoke.");
        return;
    };
    let refusal = match row.credential.status {
        CredentialStatus::Active => revocable(&row.credential.locator).err(),
        CredentialStatus::Inactive => Some("it is inactive already; u would restore it"),
        CredentialStatus::Sealed => Some("it is sealed already; u would restore it"),
        CredentialStatus::Gone => Some("it is gone already"),
    };
    if let Some(why) = refusal {
        state.say(Tone::Info, &format!("Not revoked: {why}."));
        return;
    }
    let row = Box::new(CredentialRow::clone(row));
    effects.push(Effect::PreviewRevoke(row.credential.id.clone()));
    let dialog = Dialog::new(Subject::Revoke(row, None), KeyCode::Char('x'));
    state.overlay = Some(Overlay::Dialog(Box::new(dialog)));
}

fn restore(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(row) = state.credentials.selected() else {
        state.say(Tone::Info, "Nothing is selected, so there is nothing to restore.");
        return;
    };
    if row.last_order.is_none() {
        let why = "Nothing was revoked here for this credential, so there is nothing to restore.";
        state.say(Tone::Info, why);
        return;
    }
    let row = Box::new(CredentialRow::clone(row));
    effects.push(Effect::PreviewRestore(row.credential.id.clone()));
    let dialog = Dialog::new(Subject::Restore(row, None), KeyCode::Char('u'));
    state.overlay = Some(Overlay::Dialog(Box::new(dialog)));
}

/// Arms a dialog whose delay is over. The event loop drops all waiting input just before the
/// tick that leads here, so only keys pressed afterwards count.
pub(super) fn arm(state: &mut State) {
    if let Some(Overlay::Dialog(dialog)) = &mut state.overlay
        && let Phase::Arming(until) = dialog.phase
        && until <= state.now.mono
    {
        dialog.phase = Phase::Armed;
        state.dirty = true;
    }
}

/// Keeps what an open dialog says of others' approvals and of the time true, and closes one whose
/// action no longer waits.
pub(super) fn follow(state: &mut State) {
    let Some(Overlay::Dialog(dialog)) = &state.overlay else { return };
    let Subject::Decide { id, shown: Some(shown), .. } = &dialog.subject else { return };
    if dialog.phase == Phase::Sending {
        return;
    }
    let row = state.queue.selected().filter(|row| row.id == *id);
    let Some(outlook) = row.map(|row| state.outlook(row)) else {
        state.overlay = None;
        let why = "It no longer waits here; the dialog was closed, and nothing was sent.";
        state.say(Tone::Warning, why);
        return;
    };
    if outlook == shown.outlook {
        return;
    }
    let said = (outlook.standing != shown.outlook.standing)
        .then(|| format!("Meanwhile: {}.", outlook.standing.with_names()));
    if let Some(Overlay::Dialog(dialog)) = &mut state.overlay
        && let Subject::Decide { shown: Some(shown), .. } = &mut dialog.subject
    {
        shown.outlook = outlook;
    }
    state.dirty = true;
    if let Some(text) = said {
        state.flash(Tone::Warning, SafeText::own(&text));
    }
}

/// The person looked away: a dialog that was armed has to be read again.
pub(super) fn rearm(state: &mut State) {
    if let Some(Overlay::Dialog(dialog)) = &mut state.overlay
        && matches!(dialog.phase, Phase::Armed | Phase::Arming(_))
    {
        dialog.phase = Phase::Arming(state.now.mono + state.arm_delay);
        dialog.focus = Focus::Cancel;
    }
}

/// A key in the open dialog.
pub(super) fn key(state: &mut State, key: KeyEvent, effects: &mut Vec<Effect>) {
    let Some(Overlay::Dialog(mut dialog)) = state.overlay.take() else { return };
    if stays(&mut dialog, key, effects) {
        state.overlay = Some(Overlay::Dialog(dialog));
    }
}

/// Handles a key; whether the dialog stays open.
fn stays(dialog: &mut Dialog, key: KeyEvent, effects: &mut Vec<Effect>) -> bool {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    match key.code {
        // A terminal writes Alt and a key like Esc and that key pressed at once.
        _ if key.modifiers.contains(KeyModifiers::ALT) => {}
        // Leaving is always allowed, armed or not. It does not take back what was sent.
        KeyCode::Esc => return stop(dialog, effects),
        KeyCode::Char('c') if control => return stop(dialog, effects),
        KeyCode::Char('q' | 'n') if !dialog.has_field() && !control => return false,
        KeyCode::Down => scroll(dialog, dialog.scroll.saturating_add(1)),
        KeyCode::Up => scroll(dialog, dialog.scroll.saturating_sub(1)),
        KeyCode::PageDown => scroll(dialog, dialog.scroll.saturating_add(dialog.page())),
        KeyCode::PageUp => scroll(dialog, dialog.scroll.saturating_sub(dialog.page())),
        _ if dialog.phase != Phase::Armed => {}
        KeyCode::Tab => move_focus(dialog, true),
        KeyCode::BackTab => move_focus(dialog, false),
        KeyCode::Right if dialog.focus != Focus::Field => move_focus(dialog, true),
        KeyCode::Left if dialog.focus != Focus::Field => move_focus(dialog, false),
        KeyCode::Enter => return enter(dialog, effects),
        _ if dialog.has_field() => {
            dialog.note = None;
            if typing::edit(&mut dialog.input, key) {
                foresee(dialog, effects);
            }
            dialog.focus = Focus::Field;
        }
        KeyCode::Char(pressed) if !control => {
            if dialog.challenge() == Some(Challenge::Press(pressed)) && key.code != dialog.opened_by
            {
                confirm(dialog, effects);
            } else {
                dialog.note = Some("Press y to go ahead, Esc to leave.".to_owned());
            }
        }
        _ => {}
    }
    true
}

/// Leaves; what still waits for a signature is stopped. The dialog is closed in any case.
fn stop(dialog: &Dialog, effects: &mut Vec<Effect>) -> bool {
    if let Subject::Decide { id, .. } = &dialog.subject
        && dialog.phase == Phase::Sending
        && dialog.is_signed()
    {
        effects.push(Effect::StopSigning(id.clone()));
    }
    false
}

/// Moves the view; the next frame keeps it within the text.
fn scroll(dialog: &mut Dialog, to: usize) {
    dialog.scroll = to;
    dialog.note = None;
}

/// Asks what a rejection for the reason typed so far would send, so that it is shown.
fn foresee(dialog: &mut Dialog, effects: &mut Vec<Effect>) {
    let reason = Untrusted::new(dialog.input.value().trim());
    if let Subject::Decide { verdict: Verdict::Reject, shown: Some(shown), .. } =
        &mut dialog.subject
    {
        if reason.is_empty() {
            shown.reasoned = None;
        } else {
            effects.push(Effect::Foresee { action: Arc::clone(&shown.action), reason });
        }
    }
}

/// What a rejection would send was worked out; it counts if the reason is still the same.
pub(super) fn foreseen(state: &mut State, id: &ActionId, reason: Untrusted, calls: Vec<Call>) {
    if let Some(Overlay::Dialog(dialog)) = &mut state.overlay
        && let Subject::Decide { id: of, shown: Some(shown), .. } = &mut dialog.subject
        && of == id
        && dialog.input.value().trim() == reason.raw()
    {
        shown.reasoned = Some((reason, calls));
        state.dirty = true;
    }
}

fn move_focus(dialog: &mut Dialog, forward: bool) {
    let places: &[Focus] = if dialog.has_field() {
        &[Focus::Field, Focus::Cancel, Focus::Confirm]
    } else {
        &[Focus::Cancel, Focus::Confirm]
    };
    let here = places.iter().position(|place| *place == dialog.focus).unwrap_or(0);
    let step = if forward { 1 } else { places.len() - 1 };
    dialog.focus = places[(here + step) % places.len()];
    dialog.note = None;
}

/// Enter; whether the dialog stays open.
fn enter(dialog: &mut Dialog, effects: &mut Vec<Effect>) -> bool {
    match (dialog.focus, dialog.challenge()) {
        (Focus::Cancel, _) | (_, None) => return false,
        (Focus::Field, Some(Challenge::Reason)) if dialog.is_met() => {
            dialog.focus = Focus::Confirm;
        }
        (_, Some(Challenge::Reason)) if !dialog.is_met() => {
            dialog.focus = Focus::Field;
            dialog.note = Some("A rejection needs a reason.".into());
        }
        _ if dialog.is_met() => confirm(dialog, effects),
        _ => {
            dialog.focus = Focus::Field;
            dialog.note = Some("That is not it, letter by letter.".to_owned());
        }
    }
    true
}

fn confirm(dialog: &mut Dialog, effects: &mut Vec<Effect>) {
    if let Some(why) = dialog.hindrance() {
        dialog.note = Some(format!("{why}."));
        return;
    }
    if !dialog.is_read() {
        dialog.note = Some(UNREAD.to_owned());
        return;
    }
    let effect = match &dialog.subject {
        Subject::Decide { verdict, id, shown: Some(shown) } => Effect::Decide {
            action: id.clone(),
            seen: shown.digest,
            verdict: *verdict,
            reason: match verdict {
                Verdict::Approve => Untrusted::default(),
                Verdict::Reject => Untrusted::new(dialog.input.value().trim()),
            },
        },
        Subject::Revoke(row, Some(preview)) => {
            Effect::Revoke(row.credential.id.clone(), preview.clone())
        }
        Subject::Restore(row, Some(preview)) => {
            Effect::Restore(row.credential.id.clone(), preview.clone())
        }
        Subject::Decide { .. } | Subject::Revoke(..) | Subject::Restore(..) => return,
    };
    effects.push(effect);
    dialog.phase = Phase::Sending;
    dialog.note = None;
}
