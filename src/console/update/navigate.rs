//! Moving about: pages, rows, details, filter and order.

use super::{confirm, copy};
use crate::console::{
    keymap::Command,
    msg::Effect,
    state::{Overlay, State, Tab, Tone, table::Row},
    view::diff_pane::Split,
};
use tui_input::Input;

pub(super) fn command(state: &mut State, command: Command, effects: &mut Vec<Effect>) {
    state.dirty = true;
    match command {
        Command::Up => step(state, -1, effects),
        Command::Down => step(state, 1, effects),
        Command::PageUp => {
            let by = page(state);
            step(state, -by, effects);
        }
        Command::PageDown => {
            let by = page(state);
            step(state, by, effects);
        }
        Command::HalfUp => scroll(state, -(detail_page(state) / 2).max(1)),
        Command::HalfDown => scroll(state, (detail_page(state) / 2).max(1)),
        Command::Top => edge(state, false, effects),
        Command::Bottom => edge(state, true, effects),
        Command::NextTab => turn(state, 1),
        Command::PreviousTab => turn(state, 3),
        Command::Tab(index) => {
            if let Some(tab) = Tab::ALL.get(usize::from(index)) {
                go(state, *tab);
            }
        }
        Command::Open => open(state, effects),
        Command::Back => back(state),
        Command::Filter => {
            let text = filter_text(state);
            state.reading = false;
            state.filtering = Some((Input::new(text.clone()), text));
        }
        Command::Help => state.overlay = Some(Overlay::Help { scroll: 0 }),
        Command::Approve
        | Command::Reject
        | Command::Withdraw
        | Command::BreakGlass
        | Command::Lock
        | Command::Revoke
        | Command::Restore => {
            confirm::open(state, command, effects);
        }
        Command::Copy => copy::open(state),
        Command::PollNow => {
            effects.push(Effect::PollNow);
            let count = state.sources.rows().len();
            state.say(Tone::Info, &format!("Asking {}.", counted(count, "source")));
        }
        Command::Sort => sort(state),
        Command::ToggleHeld => {
            let everything = state.credentials.toggle_everything();
            let said = if everything {
                "Showing every credential."
            } else {
                "Showing what an AI tool holds."
            };
            state.say(Tone::Info, said);
        }
        Command::ToggleReasons => {
            state.reasons = !state.reasons;
            if state.credentials.selected().is_none_or(|row| row.credential.reach.is_none()) {
                state.say(Tone::Info, "How far this one gets is not known.");
            }
        }
        Command::ToggleAutonomous => toggle_autonomous(state, effects),
        Command::NextFile => file(state, true),
        Command::PreviousFile => file(state, false),
        Command::ToggleSplit => {
            let next = match state.split.unwrap_or_default() {
                Split::Unified => Split::SideBySide,
                Split::SideBySide => Split::Unified,
            };
            state.split = Some(next);
        }
        Command::Suspend => effects.push(Effect::Suspend),
        Command::Quit => effects.push(Effect::Quit),
    }
}

/// What happened, or what was let through; that is read when somebody wants to see it.
fn toggle_autonomous(state: &mut State, effects: &mut Vec<Effect>) {
    state.shows_autonomous = !state.shows_autonomous;
    state.reading = false;
    state.scroll = 0;
    if state.shows_autonomous {
        effects.push(Effect::Autonomous { before: None });
    }
}

/// `1 source`, `3 sources`.
pub(crate) fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// What every page's list can do, whatever its rows are.
trait List {
    fn step(&mut self, by: isize);
    fn first(&mut self);
    fn last(&mut self);
    fn height(&self) -> usize;
    fn shown(&self) -> usize;
    fn filter_text(&self) -> &str;
    fn set_filter(&mut self, text: &str);
    fn next_sort(&mut self) -> &'static str;
}

impl<R: Row> List for crate::console::state::table::Table<R> {
    fn step(&mut self, by: isize) {
        Self::step(self, by);
    }
    fn first(&mut self) {
        Self::first(self);
    }
    fn last(&mut self) {
        Self::last(self);
    }
    fn height(&self) -> usize {
        Self::height(self)
    }
    fn shown(&self) -> usize {
        Self::shown(self)
    }
    fn filter_text(&self) -> &str {
        self.filter().text()
    }
    fn set_filter(&mut self, text: &str) {
        Self::set_filter(self, text);
    }
    fn next_sort(&mut self) -> &'static str {
        Self::next_sort(self)
    }
}

fn list(state: &mut State) -> &mut dyn List {
    match state.tab {
        Tab::Queue => &mut state.queue,
        Tab::Credentials => &mut state.credentials,
        Tab::Activity if state.shows_autonomous => &mut state.autonomous,
        Tab::Activity => &mut state.activity,
        Tab::Sources => &mut state.sources,
    }
}

pub(super) fn set_filter(state: &mut State, text: &str) {
    list(state).set_filter(text);
    state.scroll = 0;
}

fn filter_text(state: &mut State) -> String {
    list(state).filter_text().to_owned()
}

fn page(state: &mut State) -> isize {
    if state.reading {
        detail_page(state)
    } else {
        isize::try_from(list(state).height().saturating_sub(1).max(1)).unwrap_or(1)
    }
}

fn detail_page(state: &State) -> isize {
    isize::try_from(state.extent.1.saturating_sub(1).max(1)).unwrap_or(1)
}

fn step(state: &mut State, by: isize, effects: &mut Vec<Effect>) {
    if state.reading {
        scroll(state, by);
        return;
    }
    list(state).step(by);
    state.scroll = 0;
    older(state, effects);
}

fn edge(state: &mut State, last: bool, effects: &mut Vec<Effect>) {
    if state.reading {
        state.scroll = if last { usize::MAX } else { 0 };
        clamp(state);
    } else {
        if last {
            list(state).last();
        } else {
            list(state).first();
        }
        state.scroll = 0;
        older(state, effects);
    }
}

/// Fetches more history when the cursor nears its end.
fn older(state: &mut State, effects: &mut Vec<Effect>) {
    if state.tab == Tab::Activity && state.shows_autonomous {
        let (selected, _) = state.autonomous.place();
        let near_end = selected + state.autonomous.height() >= state.autonomous.shown();
        if state.more_autonomous
            && near_end
            && let Some(last) = state.autonomous.rows().last()
        {
            state.more_autonomous = false;
            effects.push(Effect::Autonomous { before: Some(last.seq) });
        }
        return;
    }
    let (selected, _) = state.activity.place();
    let near_end = selected + state.activity.height() >= state.activity.shown();
    if state.tab == Tab::Activity
        && state.more_activity
        && near_end
        && let Some(last) = state.activity.rows().last()
    {
        state.more_activity = false;
        effects.push(Effect::OlderActivity { before: last.seq });
    }
}

fn scroll(state: &mut State, by: isize) {
    state.scroll = state.scroll.saturating_add_signed(by);
    clamp(state);
}

fn clamp(state: &mut State) {
    state.scroll = state.scroll.min(state.extent.0.saturating_sub(state.extent.1));
}

fn turn(state: &mut State, by: usize) {
    let index = Tab::ALL.iter().position(|tab| *tab == state.tab).unwrap_or(0);
    go(state, Tab::ALL[(index + by) % Tab::ALL.len()]);
}

fn go(state: &mut State, tab: Tab) {
    if state.tab != tab {
        state.tab = tab;
        state.reading = false;
        state.scroll = 0;
    }
}

fn open(state: &mut State, effects: &mut Vec<Effect>) {
    if list(state).shown() == 0 {
        return;
    }
    state.reading = true;
    if state.tab == Tab::Queue
        && let Some((id, digest, _)) = state.rest.take()
    {
        effects.push(Effect::LoadAction(id.clone()));
        state.requested = Some((id, digest));
    }
}

fn back(state: &mut State) {
    if state.reading {
        state.reading = false;
    } else if !list(state).filter_text().is_empty() {
        set_filter(state, "");
    } else {
        state.flash = None;
    }
}

fn sort(state: &mut State) {
    let order = list(state).next_sort();
    state.say(Tone::Info, &format!("Sorted by {order}."));
}

fn file(state: &mut State, next: bool) {
    if state.open_selected().is_none() || state.file_rows.is_empty() {
        state.say(Tone::Info, "There is no diff with files here.");
        return;
    }
    state.reading = true;
    let here = state.scroll;
    let place = if next {
        state.file_rows.iter().find(|row| **row > here)
    } else {
        state.file_rows.iter().rev().find(|row| **row < here)
    };
    match place {
        Some(row) => {
            state.scroll = *row;
            clamp(state);
        }
        None if next => state.say(Tone::Info, "That is the last file."),
        None => state.scroll = 0,
    }
}
