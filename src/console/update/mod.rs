//! `(State, Msg) → State, Effects`: the only place where the state changes.

mod answers;
mod confirm;
mod copy;
mod navigate;
mod typing;

use super::{
    clock::Now,
    msg::{Discarded, Effect, Known, Loaded, Msg, Reading},
    state::{
        Overlay, State, Tab, Tone,
        arrange::{Answer, Question},
        dialog::Phase,
    },
};
use crate::{store::Waits, trust::Roster};
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
        Msg::Moved if !state.refreshing => refresh(state, &mut effects),
        // What is being read just now may be from before; the next tick reads again.
        Msg::Moved => {}
        Msg::Resumed => {
            confirm::rearm(state);
            state.dirty = true;
        }
        Msg::Loaded(loaded) => take_rows(state, *loaded, &mut effects),
        Msg::Arranged(answer) => take_arranged(state, answer, &mut effects),
        Msg::NothingNew(roster) => {
            state.refreshing = false;
            take_roster(state, roster);
        }
        Msg::StoreFailed(why) => {
            state.refreshing = false;
            answers::failed(state, &why);
        }
        Msg::ActionLoaded(id, loaded) => answers::action_loaded(state, &id, loaded),
        Msg::Foreseen(id, reason, calls) => confirm::foreseen(state, &id, reason, calls),
        Msg::Changed(id, loaded) => answers::changed(state, &id, loaded, &mut effects),
        Msg::Autonomous(before, rows) => answers::autonomous(state, before, rows),
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
        Msg::Turned(result) => answers::turned(state, result, &mut effects),
    }
    let questions = [
        state.queue.job().map(Question::Queue),
        state.credentials.job().map(Question::Credentials),
        state.activity.job().map(Question::Activity),
        state.autonomous.job().map(Question::Autonomous),
        state.sources.job().map(Question::Sources),
    ];
    effects.extend(questions.into_iter().flatten().map(Effect::Arrange));
    follow_cursor(state);
    confirm::follow(state);
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
    let reading = match state.version {
        None => Reading::First,
        Some(_) if state.waiting.is_some() => Reading::Whole,
        Some(version) => Reading::Since(Known {
            version,
            queue: Arc::clone(state.queue.newest()),
            credentials: Arc::clone(state.credentials.newest()),
        }),
    };
    effects.push(Effect::Refresh(reading));
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

/// Takes in who may decide, where that is another roster than before.
fn take_roster(state: &mut State, roster: Arc<Roster>) {
    if !Arc::ptr_eq(&state.roster, &roster) {
        state.roster = roster;
        state.dirty = true;
    }
}

fn take_rows(state: &mut State, loaded: Loaded, effects: &mut Vec<Effect>) {
    state.refreshing = false;
    state.version = Some(loaded.version);
    state.dirty = true;
    state.waiting = loaded.waiting;
    take_roster(state, loaded.roster);
    state.locks = loaded.locks;
    if let Some(rows) = &loaded.queue {
        state.is_ruled = rows.iter().any(|row| row.ruling.is_some());
        state.unreviewed = rows.iter().filter(|row| row.waits == Waits::FollowUp).count();
    }
    if state.shows_autonomous {
        effects.push(Effect::Autonomous { before: None });
    }
    if let Some(old) = loaded.queue.and_then(|rows| state.queue.replace(rows)) {
        effects.push(Effect::Discard(Discarded::Actions(old)));
    }
    if let Some(old) = loaded.credentials.and_then(|rows| state.credentials.replace(rows)) {
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
    if state.waiting.is_some() {
        refresh(state, effects);
    }
}

/// Takes a list that was filtered and sorted.
fn take_arranged(state: &mut State, answer: Answer, effects: &mut Vec<Effect>) {
    state.dirty = true;
    let old = match answer {
        Answer::Queue(queue) => state.queue.take(queue).map(Discarded::Actions),
        Answer::Credentials(rows) => state.credentials.take(rows).map(Discarded::Credentials),
        Answer::Activity(lines) => state.activity.take(lines).map(Discarded::Activity),
        Answer::Autonomous(rows) => state.autonomous.take(rows).map(Discarded::Autonomous),
        Answer::Sources(sources) => {
            state.sources.take(sources);
            None
        }
    };
    effects.extend(old.map(Effect::Discard));
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
