//! `(State, Msg) → State, Effects`: the only place where the state changes.

mod answers;
mod confirm;
mod copy;
mod navigate;
mod typing;

use super::{
    clock::Now,
    msg::{Discarded, Effect, Loaded, Msg},
    state::{Overlay, State, Tab, Tone, dialog::Phase},
};
use std::{sync::Arc, time::Duration};

/// How long the cursor rests on a row before the row is read whole. Holding `j` over a slow link
/// then moves a cursor instead of repainting a diff for every row it passes.
const REST: Duration = Duration::from_millis(60);

/// How often the store is asked whether anybody has written.
const REFRESH: Duration = Duration::from_millis(450);

/// Takes in one message.
pub fn update(state: &mut State, msg: Msg) -> Vec<Effect> {
    let mut effects = Vec::new();
    match msg {
        Msg::Command(command) => navigate::command(state, command, &mut effects),
        Msg::Elsewhere(page) => {
            state.say(Tone::Info, &format!("That key works on {page}."));
        }
        Msg::Key(key) => typing::key(state, key, &mut effects),
        Msg::Paste(text) => typing::paste(state, &text),
        Msg::Resize(width, height) => {
            state.size = (width, height);
            state.dirty = true;
        }
        Msg::Tick(now) => tick(state, now, &mut effects),
        Msg::Resumed => {
            confirm::rearm(state);
            state.dirty = true;
        }
        Msg::Loaded(loaded) => take_rows(state, *loaded, &mut effects),
        Msg::NothingNew => state.refreshing = false,
        Msg::StoreFailed(why) => {
            state.refreshing = false;
            answers::failed(state, &why);
        }
        Msg::ActionLoaded(id, loaded) => answers::action_loaded(state, &id, loaded),
        Msg::Foreseen(id, reason, calls) => confirm::foreseen(state, &id, reason, calls),
        Msg::Changed(id, loaded) => answers::changed(state, &id, loaded, &mut effects),
        Msg::OlderActivity(lines) => answers::older_activity(state, lines),
        Msg::Progress(progress) => {
            if state.progress != progress {
                state.progress = progress;
                state.dirty = true;
            }
        }
        Msg::Decided(id, verdict, result) => {
            answers::decided(state, &id, verdict, result, &mut effects);
        }
        Msg::Previewed(id, result) => answers::previewed(state, &id, result),
        Msg::Carried(id, result) => answers::carried(state, &id, result, &mut effects),
    }
    follow_cursor(state);
    effects
}

/// When the state wants a tick, beyond the regular ones.
pub fn deadline(state: &State) -> Option<Duration> {
    let arm = match &state.overlay {
        Some(Overlay::Dialog(dialog)) => match dialog.phase {
            Phase::Arming(until) => Some(until),
            _ => None,
        },
        _ => None,
    };
    let rest = state.rest.as_ref().map(|(_, _, at)| *at);
    let flash = state.flash.as_ref().map(|flash| flash.until);
    [arm, rest, flash].into_iter().flatten().min()
}

/// Asks for the lists again at once, because we know that they changed.
pub(super) fn refresh(state: &mut State, effects: &mut Vec<Effect>) {
    state.refreshing = true;
    state.refreshed = state.now.mono;
    effects.push(Effect::Refresh { known: state.version });
}

fn tick(state: &mut State, now: Now, effects: &mut Vec<Effect>) {
    let minute = |now: Now| now.wall.as_second().div_euclid(60);
    state.dirty |= minute(state.now) != minute(now);
    state.now = now;
    if state.flash.as_ref().is_some_and(|flash| flash.until <= now.mono) {
        state.flash = None;
        state.dirty = true;
    }
    confirm::arm(state);
    if let Some((id, digest, at)) = &state.rest
        && *at <= now.mono
    {
        effects.push(Effect::LoadAction(id.clone()));
        state.requested = Some((id.clone(), *digest));
        state.rest = None;
    }
    let due = state.version.is_none() || now.mono.saturating_sub(state.refreshed) >= REFRESH;
    if due && !state.refreshing {
        refresh(state, effects);
    }
}

fn take_rows(state: &mut State, loaded: Loaded, effects: &mut Vec<Effect>) {
    state.refreshing = false;
    state.version = Some(loaded.version);
    state.dirty = true;
    if let Some(old) = state.queue.replace(loaded.actions) {
        effects.push(Effect::Discard(Discarded::Actions(old)));
    }
    if let Some(old) = state.credentials.replace(loaded.credentials) {
        effects.push(Effect::Discard(Discarded::Credentials(old)));
    }
    state.sources.replace(Arc::new(loaded.sources));
    // Older lines that were fetched by scrolling stay.
    let oldest = loaded.activity.last().map(|line| line.seq);
    let mut lines = loaded.activity;
    state.more_activity =
        state.more_activity || !lines.is_empty() && state.activity.rows().is_empty();
    lines.extend(
        state.activity.rows().iter().filter(|line| oldest.is_some_and(|o| line.seq < o)).cloned(),
    );
    state.activity.replace(Arc::new(lines));
}

/// Sees to it that the row under the cursor of the queue is read whole once the cursor rests.
fn follow_cursor(state: &mut State) {
    let Some(row) = state.queue.selected() else {
        state.rest = None;
        if state.version.is_some() && state.queue.rows().is_empty() {
            state.open = None;
            if state.tab == Tab::Queue {
                state.reading = false;
            }
        }
        return;
    };
    let wanted = (&row.id, row.digest);
    let is_open = state.open.as_ref().is_some_and(|o| (&o.id, o.loaded.row_digest) == wanted);
    let is_requested = state.requested.as_ref().is_some_and(|(id, d)| (id, *d) == wanted);
    if is_open || is_requested {
        state.rest = None;
    } else if state.rest.as_ref().is_none_or(|(id, d, _)| (id, *d) != wanted) {
        state.rest = Some((row.id.clone(), row.digest, state.now.mono + REST));
    }
}
