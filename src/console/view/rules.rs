//! The lines between regions, with the titles on them.
//!
//! ```text
//!  ── Waiting for a second key  7 ─ newest first ────┬── acme/shop#412 ──────── 12–40 of 96 ──
//!                                                    │
//!  ──────────────────────────────────────────────────┴────────────────────────────────────────
//! ```

use super::{
    plan::Plan,
    safe_span::{cut, spans, width},
};
use crate::{
    console::{
        state::{
            State, Tab,
            table::{Row, Table},
        },
        theme::{Role, Theme},
    },
    domain::Untrusted,
    store::native_name,
    text::SafeText,
};
use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
    widgets::Widget,
};

pub(super) fn render(frame: &mut Frame<'_>, plan: &Plan, state: &State, theme: &Theme) {
    let border = theme.style(Role::Border);
    let body = plan.body;
    let buffer = frame.buffer_mut();
    for y in [Some(plan.upper), plan.middle, Some(plan.lower)].into_iter().flatten() {
        buffer.set_string(body.x, y, "─".repeat(usize::from(body.width)), border);
    }
    if let Some(x) = plan.divider {
        for y in body.y..body.bottom() {
            buffer.set_string(x, y, "│", border);
        }
        buffer.set_string(x, plan.upper, "┬", border);
        if plan.flash.height == 0 {
            buffer.set_string(x, plan.lower, "┴", border);
        }
    }
    let list_end = plan.divider.unwrap_or(body.right());
    let list_row = Rect { x: body.x, y: plan.upper, width: list_end - body.x, height: 1 };
    let detail_row = match (plan.divider, plan.middle) {
        (Some(x), _) => Rect { x: x + 1, width: body.right().saturating_sub(x + 1), ..list_row },
        (None, Some(y)) => Rect { y, ..list_row },
        (None, None) => list_row,
    };
    if plan.list.is_some() {
        title(frame, list_row, list_title(state, theme), None, theme);
    }
    if plan.detail.is_some() {
        let focused = state.reading;
        let place = place(state);
        title(frame, detail_row, detail_title(state, focused, theme), place, theme);
    }
}

fn title(
    frame: &mut Frame<'_>,
    row: Rect,
    title: Vec<Span<'static>>,
    right: Option<String>,
    theme: &Theme,
) {
    if row.width < 12 || title.is_empty() {
        return;
    }
    let mut spans = vec![Span::raw(" ")];
    spans.extend(cut(title, usize::from(row.width) - 6));
    spans.push(Span::raw(" "));
    let used = width(&spans);
    let at = Rect { x: row.x + 2, width: row.width - 2, ..row };
    Line::from(spans).render(at, frame.buffer_mut());
    if let Some(text) = right {
        let text = format!(" {text} ");
        let columns = text.chars().count();
        if used + columns + 6 < usize::from(row.width) {
            let columns = u16::try_from(columns).unwrap_or(0);
            let at = Rect { x: row.right() - columns - 2, width: columns, ..row };
            Line::styled(text, theme.style(Role::Dim)).render(at, frame.buffer_mut());
        }
    }
}

fn list_title(state: &State, theme: &Theme) -> Vec<Span<'static>> {
    match state.tab {
        Tab::Queue => describe(&state.queue, "Waiting for a second key", !state.reading, theme),
        Tab::Credentials => {
            let name = if state.credentials.everything() {
                "Every credential"
            } else {
                "Held by AI tools"
            };
            describe(&state.credentials, name, !state.reading, theme)
        }
        Tab::Activity if state.shows_autonomous => {
            describe(&state.autonomous, "Let through by policy", !state.reading, theme)
        }
        Tab::Activity => describe(&state.activity, "What happened", !state.reading, theme),
        Tab::Sources => describe(&state.sources, "Where we look", !state.reading, theme),
    }
}

fn heading(name: &str, focused: bool, theme: &Theme) -> Span<'static> {
    let role = if focused { Role::Title } else { Role::Dim };
    Span::styled(name.to_owned(), theme.style(role))
}

/// The name, the number of rows, the filter and the order.
fn describe<R: Row>(
    table: &Table<R>,
    name: &str,
    focused: bool,
    theme: &Theme,
) -> Vec<Span<'static>> {
    let dim = theme.style(Role::Dim);
    let mut title = vec![heading(name, focused, theme)];
    if !table.filter().is_empty() {
        title.push(Span::styled("  /", theme.style(Role::Key)));
        let filter = SafeText::line(&Untrusted::from(table.filter().text()));
        title.extend(spans(&filter, theme.style(Role::Accent), theme));
        title.push(Span::styled(
            format!("  {} of {}", grouped(table.shown()), grouped(table.rows().len())),
            dim,
        ));
    } else if table.shown() > 0 {
        title.push(Span::styled(format!("  {}", grouped(table.shown())), dim));
    }
    if table.sort() > 0 {
        title.push(Span::styled(format!("  {}", R::SORTS[table.sort()]), dim));
    }
    title
}

/// `100,000`.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn detail_title(state: &State, focused: bool, theme: &Theme) -> Vec<Span<'static>> {
    let role = if focused { Role::Accent } else { Role::Dim };
    let style = theme.style(role);
    let name = match state.tab {
        Tab::Queue => match &state.open {
            Some(open) => native_name(&open.loaded.action.subject),
            None => return Vec::new(),
        },
        Tab::Credentials => match state.credentials.selected() {
            Some(row) => row.credential.label.clone(),
            None => return Vec::new(),
        },
        Tab::Activity if state.shows_autonomous => match state.autonomous.selected() {
            Some(row) => row.record.tool.to_string().into(),
            None => return Vec::new(),
        },
        Tab::Activity => match state.activity.selected() {
            Some(line) => line.kind.to_string().into(),
            None => return Vec::new(),
        },
        Tab::Sources => match state.sources.selected() {
            Some(source) => source.name.as_str().into(),
            None => return Vec::new(),
        },
    };
    let mut title = spans(&SafeText::line(&name), style, theme);
    if focused {
        title.insert(0, Span::styled("▸ ", style));
    }
    title
}

/// Which lines of the detail are in view, when not all are.
fn place(state: &State) -> Option<String> {
    let (total, fit) = state.extent;
    (total > fit && fit > 0).then(|| {
        let last = (state.scroll + fit).min(total);
        format!("{}–{last} of {total}", state.scroll + 1)
    })
}
