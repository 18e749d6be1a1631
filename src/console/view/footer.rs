//! The last row: the keys that work here, or what is being typed.
//!
//! ```text
//!  a approve  r reject  Enter open  / filter  s sort  y copy  R poll now  ? help  q quit
//!  / claude !main▏                                             Enter keeps it, Esc clears it
//! ```

use super::safe_span::{cut, width};
use crate::console::{
    keymap::{Binding, Command, Context, KEYMAP},
    state::{Overlay, State},
    theme::{Role, Theme},
};
use ratatui::{
    Frame,
    layout::{Position, Rect},
    text::{Line, Span},
    widgets::Widget,
};

pub(super) fn render(frame: &mut Frame<'_>, area: Rect, state: &State, theme: &Theme) {
    let row = Rect { x: area.x + 1, width: area.width.saturating_sub(1), ..area };
    let columns = usize::from(row.width);
    let line = match (&state.overlay, &state.filtering) {
        (Some(Overlay::Copy(items)), _) => {
            let mut line = vec![Span::styled("copy  ", theme.style(Role::Title))];
            for (key, name, _) in items {
                hint(&mut line, &key.to_string(), name, theme);
            }
            hint(&mut line, "Esc", "nothing", theme);
            line
        }
        (Some(Overlay::Dialog(_)), _) => {
            let mut line = Vec::new();
            hint(&mut line, "Esc", "leave", theme);
            hint(&mut line, "Tab", "next button", theme);
            hint(&mut line, "↑↓", "scroll", theme);
            line
        }
        (Some(Overlay::Help { .. }), _) => {
            let mut line = Vec::new();
            hint(&mut line, "j/k", "scroll", theme);
            hint(&mut line, "any other key", "close", theme);
            line
        }
        (None, Some((input, _))) => {
            let room = columns.saturating_sub(36).max(10);
            let skip = input.visual_scroll(room);
            let shown: String = input.value().chars().skip(skip).take(room).collect();
            let cursor = input.visual_cursor().max(skip) - skip;
            let cursor = u16::try_from(cursor + 2).unwrap_or(u16::MAX);
            frame.set_cursor_position(Position::new(row.x.saturating_add(cursor), row.y));
            let mut line = vec![
                Span::styled("/ ", theme.style(Role::Key)),
                Span::styled(shown, theme.style(Role::Text)),
            ];
            let gap = columns.saturating_sub(width(&line) + 31);
            line.push(Span::raw(" ".repeat(gap)));
            hint(&mut line, "Enter", "keep", theme);
            hint(&mut line, "Esc", "clear", theme);
            hint(&mut line, "!word", "not", theme);
            line
        }
        (None, None) => keys(state, columns, theme),
    };
    let mut line = line;
    if let Some(last) = line.last_mut() {
        last.content = last.content.trim_end().to_owned().into();
    }
    Line::from(cut(line, columns)).render(row, frame.buffer_mut());
}

fn hint(line: &mut Vec<Span<'static>>, key: &str, name: &str, theme: &Theme) {
    line.push(Span::styled(key.to_owned(), theme.style(Role::Key)));
    line.push(Span::styled(format!(" {name}   "), theme.style(Role::Dim)));
}

/// As many hints as fit, always with help and quit.
fn keys(state: &State, columns: usize, theme: &Theme) -> Vec<Span<'static>> {
    let context = Context::of(state.tab);
    let hinted = |binding: &&Binding| {
        binding.hint.is_some()
            && (binding.context == Context::Everywhere || Some(binding.context) == context)
    };
    let mut bindings: Vec<&Binding> = KEYMAP.iter().filter(hinted).collect();
    // In a list the way to sort it is worth more room than the reasons, which are told in full
    // on the page of one.
    if let (false, Some(at)) = (
        state.reading,
        bindings.iter().position(|binding| binding.command == Command::ToggleReasons),
    ) {
        let why = bindings.remove(at);
        let after = bindings.iter().position(|binding| binding.command == Command::Sort);
        bindings.insert(after.map_or(bindings.len(), |sort| sort + 1), why);
    }
    let length = |bindings: &[&Binding]| -> usize {
        let one = |b: &&Binding| {
            b.keys.first().map_or(0, |key| key.label().chars().count())
                + b.hint.map_or(0, |hint| hint.chars().count())
                + 4
        };
        bindings.iter().map(one).sum::<usize>().saturating_sub(3)
    };
    while length(&bindings) > columns && bindings.len() > 2 {
        // Help and quit come last and stay.
        bindings.remove(bindings.len() - 3);
    }
    let mut line = Vec::new();
    for binding in bindings {
        if let (Some(key), Some(name)) = (binding.keys.first(), binding.hint) {
            let name = if state.reading && key.label() == "Enter" { continue } else { name };
            hint(&mut line, &key.label(), name, theme);
        }
    }
    if state.reading {
        hint(&mut line, "Esc", "back", theme);
    }
    line
}
