//! The help page, made from the keymap.

use super::{dialog::frame_box, safe_span::own_column};
use crate::console::{
    keymap::{Chord, Context, KEYMAP},
    theme::{Role, Theme},
};
use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
    widgets::Widget,
};

pub(super) fn render(frame: &mut Frame<'_>, body: Rect, scroll: usize, theme: &Theme) {
    let lines = lines(theme);
    let inner = frame_box(frame, body, 76, lines.len(), "Keys", theme);
    let below = lines.len().saturating_sub(usize::from(inner.height));
    let scroll = scroll.min(below);
    for (y, line) in (inner.y..inner.bottom()).zip(lines.into_iter().skip(scroll)) {
        line.render(Rect { y, height: 1, ..inner }, frame.buffer_mut());
    }
    if below > scroll {
        let last = Rect { y: inner.bottom().saturating_sub(1), height: 1, ..inner };
        super::dialog::more_below(frame, last, below - scroll + 1, theme);
    }
}

fn lines(theme: &Theme) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for context in [Context::Queue, Context::Credentials, Context::Activity, Context::Everywhere] {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.push(Line::styled(context.heading(), theme.style(Role::Title)));
        for binding in KEYMAP.iter().filter(|binding| binding.context == context) {
            let keys: Vec<_> = binding.keys.iter().copied().map(Chord::label).collect();
            let mut line = vec![Span::raw("  ")];
            line.extend(own_column(&keys.join("  "), 16, theme.style(Role::Key), false));
            line.push(Span::styled(binding.help, theme.style(Role::Text)));
            lines.push(Line::from(line));
        }
    }
    lines.push(Line::default());
    lines.push(Line::styled("Marks", theme.style(Role::Title)));
    for (mark, role, meaning) in [
        ("◆", Role::Production, "production"),
        ("◇", Role::Warning, "nobody has said; treated as production"),
        ("·", Role::Dim, "not production"),
        ("▲", Role::Danger, "is or becomes an administrator"),
        ("△", Role::Warning, "perhaps: it depends on something policies do not say"),
        ("⋯", Role::Accent, "a decision is on its way"),
        ("1/2", Role::Text, "one of two approvals is there; with ! it expires within 5 minutes"),
        ("⊘", Role::Danger, "a boundary: nobody may approve it"),
        ("late", Role::Dim, "it waited as long as it may"),
        ("~", Role::Dim, "from before: its source cannot be read now"),
        ("<U+202E>", Role::HiddenToken, "a character that hides or acts, shown instead of obeyed"),
    ] {
        let mut line = vec![Span::raw("  ")];
        line.push(Span::styled(mark, theme.style(role)));
        line.push(Span::raw(" ".repeat(16_usize.saturating_sub(mark.chars().count()))));
        line.push(Span::styled(meaning, theme.style(Role::Text)));
        lines.push(Line::from(line));
    }
    lines
}
