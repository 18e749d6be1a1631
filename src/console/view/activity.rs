//! The history: list and detail.
//!
//! ```text
//!  ▌14:31  decided      mira          rejected acme/shop#412: drops a table that is in use
//! ```

use super::{
    queue::draw_row,
    safe_span::{column, own_column, width},
    sheet::Sheet,
};
use crate::{
    console::{
        clock::{ago, day, hour_or_day, second},
        state::State,
        theme::{Role, Theme},
    },
    domain::{Activity, ActivityKind},
    text::SafeText,
};
use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

pub(super) fn render(frame: &mut Frame<'_>, area: Rect, state: &State, theme: &Theme) {
    if state.activity.shown() == 0 {
        super::empty::render(frame, area, state, theme);
        return;
    }
    for (y, (selected, row)) in (area.y..area.bottom()).zip(state.activity.window()) {
        let spans = line(row, usize::from(area.width), selected, state, theme);
        draw_row(frame, Rect { y, height: 1, ..area }, spans, selected, state.reading, theme);
    }
}

fn kind_role(kind: ActivityKind) -> Role {
    match kind {
        ActivityKind::Decided | ActivityKind::Answered => Role::Ok,
        ActivityKind::Voided | ActivityKind::Changed | ActivityKind::Stopped => Role::Warning,
        ActivityKind::Requested | ActivityKind::Ordered => Role::Accent,
        _ => Role::Dim,
    }
}

fn line(
    row: &Activity,
    columns: usize,
    selected: bool,
    state: &State,
    theme: &Theme,
) -> Vec<Span<'static>> {
    let style = |role: Role| if selected { Style::new() } else { theme.style(role) };
    let columns = columns.saturating_sub(2);
    let when = hour_or_day(row.at, state.now.wall, &state.zone);
    let mut line = own_column(&when, 6, style(Role::Dim), false);
    line.extend(own_column(&row.kind.to_string(), 12, style(kind_role(row.kind)), false));
    if columns >= 60 {
        line.extend(column(&SafeText::line(&row.who), 15, style(Role::Dim), theme));
        line.push(Span::raw(" "));
    }
    let room = columns.saturating_sub(width(&line));
    line.extend(column(&SafeText::line(&row.what), room, style(what_role(row)), theme));
    line
}

/// A decision that nobody signed stands out.
fn what_role(row: &Activity) -> Role {
    if row.is_unsigned() { Role::Danger } else { Role::Text }
}

pub(super) fn page(state: &State, width: u16, theme: &Theme) -> Vec<Line<'static>> {
    let mut sheet = Sheet::new(width, theme);
    let Some(row) = state.activity.selected() else { return sheet.into_lines() };
    sheet.untrusted(&row.what, Role::Title);
    let when = format!(
        "{} {}, {}",
        day(row.at, &state.zone),
        second(row.at, &state.zone),
        ago(state.now.wall, row.at)
    );
    sheet.pair_own("when", &when, Role::Text);
    sheet.pair_own("what", &row.kind.to_string(), kind_role(row.kind));
    sheet.pair("who", &row.who);
    sheet.pair_own("source", row.source.as_str(), Role::Text);
    if !row.about.is_empty() {
        sheet.pair("about", &row.about.as_str().into());
    }
    sheet.into_lines()
}
