//! A message, below the body; it takes rows from the end of lists and never covers one.
//!
//! ```text
//!  ✓ Approved acme/shop#412. review 80 at 3fa9c1d
//! ```

use super::safe_span::{spans, wrap};
use crate::console::{
    state::{State, Tone},
    theme::{Role, Theme},
};
use ratatui::{Frame, layout::Rect, text::Span, widgets::Widget};

/// The most lines a message takes.
const LINES: usize = 4;

/// How many rows the message of the moment takes.
pub(super) fn height(state: &State, columns: u16) -> u16 {
    let Some(flash) = &state.flash else { return 0 };
    let text = vec![Span::raw("· "), Span::raw(flash.text.as_str().to_owned())];
    let lines = wrap(text, usize::from(columns).saturating_sub(2)).len();
    u16::try_from(lines.min(LINES)).unwrap_or(1)
}

pub(super) fn render(frame: &mut Frame<'_>, area: Rect, state: &State, theme: &Theme) {
    let Some(flash) = &state.flash else { return };
    let (glyph, role) = match flash.tone {
        Tone::Good => ("✓ ", Role::Ok),
        Tone::Info => ("· ", Role::Accent),
        Tone::Warning => ("▲ ", Role::Warning),
        Tone::Bad => ("✗ ", Role::Danger),
    };
    let mut text = vec![Span::styled(glyph, theme.style(role))];
    let style = theme.style(if flash.tone == Tone::Info { Role::Dim } else { role });
    text.extend(spans(&flash.text, style, theme));
    let lines = wrap(text, usize::from(area.width).saturating_sub(2));
    for (y, line) in (area.y..area.bottom()).zip(lines) {
        let row = Rect { x: area.x + 1, y, width: area.width.saturating_sub(2), height: 1 };
        line.render(row, frame.buffer_mut());
    }
}
