//! The two rows at the top.
//!
//! ```text
//!  countersign   1 Queue 7   2 Credentials 14   3 Activity   4 Sources 3      demo world  mira, unsigned  14:32
//!  ● 3 sources well                                     ◌ aws/prod: access keys 1,200 of 5,000
//! ```

use super::{
    rules::grouped,
    safe_span::{cut, spans, width},
};
use crate::{
    console::{
        clock::{ago, hour},
        state::{State, Tab},
        theme::{Role, Theme},
    },
    domain::{Health, SourceState, Untrusted},
    text::SafeText,
};
use ratatui::{
    Frame,
    layout::Rect,
    style::Modifier,
    text::{Line, Span},
    widgets::Widget,
};

pub(super) fn render(frame: &mut Frame<'_>, area: Rect, state: &State, theme: &Theme) {
    let buffer = frame.buffer_mut();
    let columns = usize::from(area.width).saturating_sub(2);
    let first = Rect { x: area.x + 1, width: area.width.saturating_sub(2), height: 1, ..area };
    let second = Rect { y: area.y + 1, ..first };
    let left = tabs(state, columns, theme);
    let room = columns.saturating_sub(width(&left) + 2);
    let right = standing(state, room, theme);
    let used = u16::try_from(width(&right)).unwrap_or(0);
    Line::from(left).render(first, buffer);
    Line::from(right).render(
        Rect { x: first.right().saturating_sub(used), width: used.min(first.width), ..first },
        buffer,
    );
    let health = health(state, theme);
    let failing = state.sources.rows().iter().any(|source| source.fault.is_some());
    let room = columns.saturating_sub(width(&health) + 2);
    let room = if failing { room.max(columns / 3) } else { room };
    let mut chip = banner(state, room, theme);
    let left = columns.saturating_sub(width(&health) + width(&chip) + 4);
    let mut progress = cut(progress(state, theme), left);
    if !chip.is_empty() && !progress.is_empty() {
        progress.push(Span::raw("  "));
    }
    progress.append(&mut chip);
    let used = width(&progress);
    let gap = if used > 0 { used + 2 } else { 0 };
    Line::from(cut(health, columns.saturating_sub(gap))).render(second, buffer);
    let used = u16::try_from(used).unwrap_or(0).min(second.width);
    Line::from(progress).render(Rect { x: second.right() - used, width: used, ..second }, buffer);
}

/// What kind of world this is, on a ground of its own.
fn banner(state: &State, room: usize, theme: &Theme) -> Vec<Span<'static>> {
    let Some(text) = &state.banner else { return Vec::new() };
    let style = theme.style(Role::Banner);
    let mut chip = vec![Span::styled(" ", style)];
    chip.extend(cut(spans(text, style, theme), room.saturating_sub(2)));
    chip.push(Span::styled(" ", style));
    chip
}

fn tabs(state: &State, columns: usize, theme: &Theme) -> Vec<Span<'static>> {
    let mut line = Vec::new();
    if columns >= 92 {
        line.push(Span::styled("countersign", theme.style(Role::Title)));
        line.push(Span::raw("   "));
    }
    let waiting = state.waiting();
    let held = state.credentials.essential();
    for (number, tab) in (1..).zip(Tab::ALL) {
        let active = tab == state.tab;
        let style = if active {
            theme.style(Role::Accent).add_modifier(Modifier::BOLD | Modifier::UNDERLINED)
        } else {
            theme.style(Role::Dim)
        };
        line.push(Span::styled(format!("{number} "), theme.style(Role::Dim)));
        line.push(Span::styled(tab.title(), style));
        let count = match tab {
            Tab::Queue => Some(waiting),
            Tab::Credentials => Some(held).filter(|_| state.waiting.is_none()),
            Tab::Activity | Tab::Sources => None,
        };
        if let Some(count) = count.filter(|_| state.version.is_some()) {
            let role = if tab == Tab::Queue && count > 0 { Role::Warning } else { Role::Dim };
            line.push(Span::styled(format!(" {}", grouped(count)), theme.style(role)));
        }
        if tab == Tab::Sources && state.sources.rows().iter().any(|s| s.fault.is_some()) {
            line.push(Span::styled(" !", theme.style(Role::Danger)));
        }
        line.push(Span::raw("   "));
    }
    line.pop();
    line
}

/// Reviewer and clock, as far as there is room.
fn standing(state: &State, room: usize, theme: &Theme) -> Vec<Span<'static>> {
    let dim = theme.style(Role::Dim);
    let clock = vec![Span::styled(hour(state.now.wall, &state.zone), dim)];
    let mut reviewer = cut(spans(&state.reviewer, theme.style(Role::Text), theme), 20);
    // Without keys a name proves nothing; saying so keeps anyone from taking it for a proof.
    if state.roster.keys().is_none() {
        reviewer.push(Span::styled(", ", dim));
        reviewer.push(Span::styled("unsigned", theme.style(Role::Danger)));
    }
    let mut line = Vec::new();
    for part in [reviewer, clock] {
        if part.is_empty() {
            continue;
        }
        let gap = if line.is_empty() { 0 } else { 2 };
        if width(&line) + gap + width(&part) > room {
            continue;
        }
        if gap > 0 {
            line.push(Span::raw("  "));
        }
        line.extend(part);
    }
    line
}

fn health(state: &State, theme: &Theme) -> Vec<Span<'static>> {
    let sources = state.sources.rows();
    let dim = theme.style(Role::Dim);
    if sources.is_empty() || !state.is_set_up() {
        let text = if state.version.is_none() {
            "reading the store"
        } else if state.configured {
            "no source has been asked yet"
        } else {
            "no sources configured: run `countersign init`"
        };
        return vec![Span::styled(text, dim)];
    }
    let worst: Option<&SourceState> = sources
        .iter()
        .filter(|source| source.health == Health::Failing)
        .max_by_key(|source| source.failures);
    let failing = sources.iter().filter(|s| s.health == Health::Failing).count();
    let gaps = sources.iter().filter(|s| s.health == Health::Partial).count();
    let waiting = sources.iter().filter(|s| s.health == Health::Waiting).count();
    if let Some(source) = worst {
        let danger = theme.style(Role::Danger);
        let mut line = vec![Span::styled(format!("▲ {} failing", source.name), danger)];
        if let Some(fault) = &source.fault {
            let what = SafeText::line(&Untrusted::new(format!(": {fault}")));
            line.extend(spans(&what, theme.style(Role::Text), theme));
        }
        let last = source.last_good.map_or_else(
            || ", never answered".to_owned(),
            |at| format!(", last answer {}", ago(state.now.wall, at)),
        );
        line.push(Span::styled(last, dim));
        if failing > 1 {
            line.push(Span::styled(format!("; and {} more", failing - 1), danger));
        }
        return line;
    }
    if gaps > 0 {
        let warning = theme.style(Role::Warning);
        return vec![
            Span::styled(format!("▲ {gaps} of {} sources with gaps", sources.len()), warning),
            Span::styled("; Sources says what could not be read", dim),
        ];
    }
    if waiting == sources.len() {
        return vec![Span::styled("◌ asking the sources for the first time", dim)];
    }
    let well = sources.len() - waiting;
    let noun = if well == 1 { "source" } else { "sources" };
    vec![
        Span::styled("● ", theme.style(Role::Ok)),
        Span::styled(format!("{well} {noun} well"), dim),
    ]
}

fn counted_more(count: usize) -> String {
    format!("; and {count} more")
}

fn progress(state: &State, theme: &Theme) -> Vec<Span<'static>> {
    let Some((name, step)) = state.progress.first() else { return Vec::new() };
    let done = usize::try_from(step.done).unwrap_or(usize::MAX);
    let mut text = format!("◌ {name}: {} {}", step.what, grouped(done));
    if let Some(total) = step.total {
        text.push_str(" of ");
        text.push_str(&grouped(usize::try_from(total).unwrap_or(usize::MAX)));
    }
    if state.progress.len() > 1 {
        text.push_str(&counted_more(state.progress.len() - 1));
    }
    let safe = SafeText::line(&Untrusted::new(text));
    spans(&safe, theme.style(Role::Accent), theme)
}
