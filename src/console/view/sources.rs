//! The list of sources.
//!
//! ```text
//!  ▌● aws/prod        good      last answer 14:31   78 roles, 44 users
//!   ▲ github/acme     failing   last answer 14:02   rate limited
//! ```

use super::{
    queue::draw_row,
    rules::grouped,
    safe_span::{column, own_column, width},
};
use crate::{
    console::{
        clock::hour,
        state::State,
        theme::{Role, Theme},
    },
    domain::{Health, SourceState, Untrusted},
    text::SafeText,
};
use ratatui::{Frame, layout::Rect, style::Style, text::Span};

pub(super) fn render(frame: &mut Frame<'_>, area: Rect, state: &State, theme: &Theme) {
    if state.sources.shown() == 0 {
        super::empty::render(frame, area, state, theme);
        return;
    }
    for (y, (selected, row)) in (area.y..area.bottom()).zip(state.sources.window()) {
        let spans = line(row, usize::from(area.width), selected, state, theme);
        draw_row(frame, Rect { y, height: 1, ..area }, spans, selected, state.reading, theme);
    }
}

/// Mark, word and weight of a source's health.
pub(super) fn health(health: Health) -> (&'static str, &'static str, Role) {
    match health {
        Health::Waiting => ("◌", "not asked yet", Role::Dim),
        Health::Good => ("●", "well", Role::Ok),
        Health::Partial => ("▲", "gaps", Role::Warning),
        Health::Failing => ("✗", "failing", Role::Danger),
    }
}

fn line(
    source: &SourceState,
    columns: usize,
    selected: bool,
    state: &State,
    theme: &Theme,
) -> Vec<Span<'static>> {
    let style = |role: Role| if selected { Style::new() } else { theme.style(role) };
    let columns = columns.saturating_sub(2);
    let (mark, word, role) = health(source.health);
    let mut line = vec![Span::styled(format!("{mark} "), style(role))];
    let name = SafeText::line(&Untrusted::from(source.name.as_str()));
    line.extend(column(&name, 19, style(Role::Text), theme));
    line.push(Span::raw(" "));
    line.extend(own_column(word, 9, style(role), false));
    let last = source.last_good.map_or_else(|| "–".to_owned(), |at| hour(at, &state.zone));
    line.extend(own_column(&last, 7, style(Role::Dim), false));
    let room = columns.saturating_sub(width(&line));
    let told = match &source.fault {
        Some(fault) => fault.to_string(),
        None => source
            .counts
            .iter()
            .map(|count| {
                let number = usize::try_from(count.number).unwrap_or(usize::MAX);
                format!("{} {}", grouped(number), count.what)
            })
            .collect::<Vec<_>>()
            .join(", "),
    };
    line.extend(column(&SafeText::line(&told.into()), room, style(Role::Dim), theme));
    line
}
