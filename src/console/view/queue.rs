//! The list of actions that wait.
//!
//! ```text
//!  ▌◆ shop#412        Drop legacy orders table      Claude Code   +12 −340  4h
//!   ◇ infra ▸ staging Deploy of 81c2f0d             Kiro           +3 −1    6h
//! ```
//!
//! Where policy was asked about anything, a column says how far each is: `1/2`, `⊘` a boundary.
//!
//! `◆` production, `◇` nobody has said, `·` not production; `⋯` a decision is on its way.

use super::safe_span::{column, own_column, width};
use crate::{
    console::{
        clock::age,
        state::State,
        theme::{Role, Theme},
    },
    domain::{ActionState, Environment, Untrusted},
    store::{QueueRow, Waits},
    text::SafeText,
    trust::{Barrier, Yours},
};
use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span},
    widgets::Widget,
};
use std::borrow::Cow;

pub(super) fn render(frame: &mut Frame<'_>, area: Rect, state: &State, theme: &Theme) {
    if state.queue.shown() == 0 {
        super::empty::render(frame, area, state, theme);
        return;
    }
    for (y, (selected, row)) in (area.y..area.bottom()).zip(state.queue.window()) {
        let spans = line(row, usize::from(area.width), selected, state, theme);
        draw_row(frame, Rect { y, height: 1, ..area }, spans, selected, state.reading, theme);
    }
}

/// Draws one row of any list; the selected one with its mark and one style from end to end.
pub(super) fn draw_row(
    frame: &mut Frame<'_>,
    area: Rect,
    spans: Vec<Span<'static>>,
    selected: bool,
    reading: bool,
    theme: &Theme,
) {
    let buffer = frame.buffer_mut();
    let mark = if selected { "▌" } else { " " };
    buffer.set_string(area.x, area.y, mark, theme.style(Role::Accent));
    let rest = Rect { x: area.x + 1, width: area.width.saturating_sub(1), ..area };
    Line::from(spans).render(rest, buffer);
    if selected {
        let role = if reading { Role::SelectionIdle } else { Role::Selection };
        buffer.set_style(area, theme.style(role));
    }
}

/// The mark of an environment and its weight.
pub(super) fn environment_mark(environment: Environment) -> (&'static str, Role) {
    match environment {
        Environment::Production => ("◆", Role::Production),
        Environment::Unknown => ("◇", Role::Warning),
        Environment::NonProduction => ("·", Role::Dim),
    }
}

fn line(
    row: &QueueRow,
    columns: usize,
    selected: bool,
    state: &State,
    theme: &Theme,
) -> Vec<Span<'static>> {
    // One style for the whole selected row reads better and costs fewer bytes than many.
    let style = |role: Role| if selected { Style::new() } else { theme.style(role) };
    let wide = columns >= 84;
    let columns = columns.saturating_sub(2);
    let (mark, role) = match row.state {
        ActionState::Deciding => ("⋯", Role::Accent),
        ActionState::Failed => ("✗", Role::Danger),
        _ => environment_mark(row.target.environment),
    };
    let name_columns = (columns * 28 / 100).clamp(15, 32);
    let tool_columns = if columns >= 90 { 16 } else { 11 };
    let mut left = vec![Span::styled(format!("{mark} "), style(role))];
    let name = SafeText::line(short_name(row, columns >= 108).as_ref());
    left.extend(column(&name, name_columns, style(Role::Dim), theme));
    left.push(Span::styled(" ", style(Role::Dim)));
    let mut right = vec![Span::styled("  ", style(Role::Accent))];
    if state.is_ruled {
        let (text, role) = standing(row, state);
        right.extend(own_column(&text, 5, style(role), false));
    }
    let tool = SafeText::own(&row.tool);
    right.extend(column(&tool, tool_columns, style(Role::Accent), theme));
    if wide {
        right.push(Span::raw(" "));
        right.extend(checks(row, &style));
        let size = match row.waits {
            Waits::Command => String::new(),
            Waits::PullRequest | Waits::Deployment => {
                format!("+{} −{}", row.additions, row.deletions)
            }
        };
        right.extend(own_column(&size, 12, style(Role::Dim), true));
    }
    let mut old = age(state.now.wall, row.opened);
    if row.stale {
        old.insert(0, '~');
    }
    right.extend(own_column(&old, 5, style(Role::Dim), true));
    let room = columns.saturating_sub(width(&left) + width(&right));
    left.extend(column(&SafeText::line(&row.title), room, style(Role::Text), theme));
    left.extend(right);
    left
}

/// How far it is, where that says more than that it waits: `1/2`, `0/2!` when it expires soon, a
/// boundary, too late.
fn standing(row: &QueueRow, state: &State) -> (String, Role) {
    if row.ruling.is_none() || row.state != ActionState::Pending {
        return (String::new(), Role::Dim);
    }
    let outlook = state.outlook(row);
    match &outlook.yours {
        Yours::Barred(Barrier::Boundary { .. }) => return ("⊘".to_owned(), Role::Danger),
        Yours::Barred(Barrier::Unruled { .. } | Barrier::OtherPolicy { .. }) => {
            return ("✗".to_owned(), Role::Danger);
        }
        Yours::Barred(Barrier::Late | Barrier::Rejected) => return ("late".to_owned(), Role::Dim),
        Yours::Barred(Barrier::NotYou { .. })
        | Yours::Decides
        | Yours::Counts { .. }
        | Yours::ChangesNothing
        | Yours::Given => {}
    }
    let soon = outlook
        .until
        .is_some_and(|until| until.duration_since(state.now.wall).as_mins() < super::ruling::SOON);
    let mark = if soon { "!" } else { "" };
    let role = match (soon, outlook.standing.agreed.is_empty()) {
        (true, _) => Role::Warning,
        (false, false) => Role::Ok,
        (false, true) => Role::Dim,
    };
    (format!("{}/{}{mark}", outlook.standing.agreed.len(), outlook.standing.needed), role)
}

fn checks(row: &QueueRow, style: &impl Fn(Role) -> Style) -> Vec<Span<'static>> {
    let (running, passed, failed) = row.checks;
    let (text, role) = if failed > 0 {
        (format!("✗{failed}"), Role::Danger)
    } else if running > 0 {
        (format!("◌{running}"), Role::Warning)
    } else if passed > 0 {
        (format!("✓{passed}"), Role::Ok)
    } else {
        (String::new(), Role::Dim)
    };
    own_column(&text, 4, style(role), false)
}

/// The name of what waits, short enough for a column.
fn short_name(row: &QueueRow, wide: bool) -> Cow<'_, Untrusted> {
    match &row.aliases {
        Some(aliases) => Cow::Borrowed(&aliases.column),
        None if wide => Cow::Borrowed(&row.name),
        None => {
            let name = row.name.raw();
            Cow::Owned(name.split_once('/').map_or(name, |(_, repo)| repo).into())
        }
    }
}
