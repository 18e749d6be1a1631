//! What a page says when it has no rows: why, and what to do.

use super::safe_span::wrap;
use crate::console::{
    clock::ago,
    state::{State, Tab},
    theme::{Role, Theme},
};
use ratatui::{Frame, layout::Rect, text::Span, widgets::Widget};

pub(super) fn render(frame: &mut Frame<'_>, area: Rect, state: &State, theme: &Theme) {
    let (title, advice) = words(state);
    let width = usize::from(area.width).saturating_sub(4).min(60);
    let mut lines = wrap(vec![Span::styled(title, theme.style(Role::Title))], width);
    lines.extend(wrap(vec![Span::styled(advice, theme.style(Role::Dim))], width));
    let height = u16::try_from(lines.len()).unwrap_or(1);
    let top = area.y + area.height.saturating_sub(height) / 3;
    for (y, line) in (top..area.bottom()).zip(lines) {
        line.render(
            Rect { x: area.x + 2, y, width: area.width.saturating_sub(4), height: 1 },
            frame.buffer_mut(),
        );
    }
}

fn words(state: &State) -> (String, String) {
    let filtered = |rows: usize| rows > 0;
    let pair = |title: &str, advice: &str| (title.to_owned(), advice.to_owned());
    if state.is_reading_rows() {
        return pair("Reading the store…", "");
    }
    let (rows, has_filter) = match state.tab {
        Tab::Queue => (state.queue.rows().len(), !state.queue.filter().is_empty()),
        Tab::Credentials => {
            (state.credentials.rows().len(), !state.credentials.filter().is_empty())
        }
        Tab::Activity if state.shows_autonomous => {
            (state.autonomous.rows().len(), !state.autonomous.filter().is_empty())
        }
        Tab::Activity => (state.activity.rows().len(), !state.activity.filter().is_empty()),
        Tab::Sources => (state.sources.rows().len(), !state.sources.filter().is_empty()),
    };
    if filtered(rows) && has_filter {
        return pair("Nothing matches the filter.", "Esc clears it, / changes it.");
    }
    if state.tab == Tab::Activity && state.shows_autonomous {
        return pair(
            "Nothing was let through yet.",
            "What policy lets an agent do by itself is listed here, with what it did. `countersign gate install HOST` puts the gate in front of an agent. t goes back to what happened.",
        );
    }
    if !state.is_set_up() {
        return pair(
            "No sources are configured.",
            "Leave with q and run `countersign init`: it writes a starter config.toml and says what to fill in. `countersign demo` shows a made-up company instead.",
        );
    }
    let last = state.sources.rows().iter().filter_map(|source| source.last_good).max();
    let polled = match last {
        Some(at) => {
            format!("Last answer of a source {}. R asks again now.", ago(state.now.wall, at))
        }
        None => "No source has answered yet; Sources (4) says how they are doing.".to_owned(),
    };
    match state.tab {
        Tab::Queue => ("Nothing waits for a second key.".to_owned(), polled),
        Tab::Credentials if rows > 0 => (
            "No credential is known to be held by an AI tool.".to_owned(),
            format!("t shows all {rows} credentials. {polled}"),
        ),
        Tab::Credentials => ("No credentials have been seen.".to_owned(), polled),
        Tab::Activity => ("Nothing has happened yet.".to_owned(), polled),
        Tab::Sources => ("No source has been registered yet.".to_owned(), polled),
    }
}
