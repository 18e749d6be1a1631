//! What agents did by themselves because policy let it through: list and detail.
//!
//! ```text
//!  ▌14:31  read-only    Claude Code    kubectl get pods
//!   14:30  mutating     Codex          npm install
//! ```

use super::{
    asker, effects,
    queue::draw_row,
    safe_span::{column, own_column, width},
    sheet::Sheet,
};
use crate::{
    console::{
        clock::{ago, day, hour_or_day, second},
        msg::WouldDo,
        state::State,
        theme::{Role, Theme},
    },
    domain::Class,
    store::AutonomousRow,
    text::SafeText,
};
use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

pub(super) fn render(frame: &mut Frame<'_>, area: Rect, state: &State, theme: &Theme) {
    if state.autonomous.shown() == 0 {
        super::empty::render(frame, area, state, theme);
        return;
    }
    for (y, (selected, row)) in (area.y..area.bottom()).zip(state.autonomous.window()) {
        let spans = line(row, usize::from(area.width), selected, state, theme);
        draw_row(frame, Rect { y, height: 1, ..area }, spans, selected, state.reading, theme);
    }
}

fn line(
    row: &AutonomousRow,
    columns: usize,
    selected: bool,
    state: &State,
    theme: &Theme,
) -> Vec<Span<'static>> {
    let style = |role: Role| if selected { Style::new() } else { theme.style(role) };
    let columns = columns.saturating_sub(2);
    let record = &row.record;
    let when = hour_or_day(record.at, state.now.wall, &state.zone);
    let class = record.found.class();
    let role = if class == Class::ReadOnly { Role::Dim } else { Role::Text };
    let mut line = own_column(&when, 6, style(Role::Dim), false);
    line.extend(own_column(&class.to_string(), 12, style(role), false));
    if columns >= 60 {
        let tool = SafeText::own(record.tool.as_str());
        line.extend(column(&tool, 13, style(Role::Accent), theme));
        line.push(Span::raw(" "));
    }
    let room = columns.saturating_sub(width(&line));
    line.extend(column(&SafeText::line(&record.title), room, style(Role::Text), theme));
    line
}

pub(super) fn page(state: &State, width: u16, theme: &Theme) -> Vec<Line<'static>> {
    let mut sheet = Sheet::new(width, theme);
    let Some(row) = state.autonomous.selected() else { return sheet.into_lines() };
    let record = &row.record;
    sheet.untrusted(&record.title, Role::Title);
    effects::did(&mut sheet, &WouldDo::whole(&record.found));
    let when = format!(
        "{} {}, {}",
        day(record.at, &state.zone),
        second(record.at, &state.zone),
        ago(state.now.wall, record.at)
    );
    sheet.pair_own("when", &when, Role::Text);
    sheet.pair_own("tool", record.tool.as_str(), Role::Accent);
    sheet.pair("asked by", &record.requester);
    sheet.pair_own("at", record.source.as_str(), Role::Text);
    asker::told(&mut sheet, &record.asker, None, false);
    let ruling = &record.ruling;
    let tier = format!("{}, by policy {}", ruling.tier, ruling.policy);
    sheet.pair("let through", &tier.into());
    if !ruling.rules.is_empty() {
        sheet.pair("by", &ruling.rules.join(", ").into());
    }
    sheet.pair_own("id", &record.id, Role::Dim);
    sheet.into_lines()
}
