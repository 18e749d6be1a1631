//! A message, on the last lines of the body.
//!
//! ```text
//!  ✓ Approved acme/shop#412. review 80 at 3fa9c1d
//! ```

use super::safe_span::{spans, wrap};
use crate::console::{
    state::{State, Tone},
    theme::{Role, Theme},
};
use ratatui::{
    Frame,
    layout::Rect,
    text::Span,
    widgets::{Clear, Widget},
};

/// The most lines a message takes.
const LINES: usize = 4;

pub(super) fn render(frame: &mut Frame<'_>, body: Rect, state: &State, theme: &Theme) {
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
    let mut lines = wrap(text, usize::from(body.width).saturating_sub(2));
    lines.truncate(LINES.min(usize::from(body.height)));
    let height = u16::try_from(lines.len()).unwrap_or(1);
    let area = Rect { y: body.bottom().saturating_sub(height), height, ..body };
    let buffer = frame.buffer_mut();
    Clear.render(area, buffer);
    buffer.set_style(area, theme.style(Role::Text));
    for (y, line) in (area.y..area.bottom()).zip(lines) {
        line.render(
            Rect { x: area.x + 1, y, width: area.width.saturating_sub(2), height: 1 },
            buffer,
        );
    }
}
