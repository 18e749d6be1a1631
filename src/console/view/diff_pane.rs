//! The diff at the end of an action's detail.

use crate::{
    console::theme::{Role, Theme},
    domain::Untrusted,
    text::SafeText,
};
use ratatui::{buffer::Buffer, layout::Rect, text::Line, widgets::Widget};

/// How a diff is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Split {
    /// Old and new lines under each other.
    #[default]
    Unified,
    /// Old to the left, new to the right.
    SideBySide,
}

/// A diff, parsed once, off the UI task.
#[derive(Debug, Default)]
pub struct DiffPane {
    lines: Vec<(Role, SafeText)>,
    files: Vec<usize>,
}

impl DiffPane {
    /// Parses a unified diff.
    pub fn parse(diff: &Untrusted) -> Self {
        let mut pane = Self::default();
        for raw in diff.raw().lines() {
            let role = if raw.starts_with("diff ") {
                pane.files.push(pane.lines.len());
                Role::File
            } else if raw.starts_with("@@") {
                Role::Hunk
            } else if raw.starts_with("+++") || raw.starts_with("---") || raw.starts_with("index ")
            {
                Role::Dim
            } else if raw.starts_with('+') {
                Role::Added
            } else if raw.starts_with('-') {
                Role::Removed
            } else {
                Role::Text
            };
            pane.lines.push((role, SafeText::line(&Untrusted::from(raw))));
        }
        pane
    }

    /// Rows it takes.
    pub fn height(&self, _width: u16, _split: Split) -> usize {
        self.lines.len()
    }

    /// Rows at which a file starts.
    pub fn file_rows(&self, _width: u16, _split: Split) -> Vec<usize> {
        self.files.clone()
    }

    /// Draws it without its first `skip` rows.
    pub fn render(
        &self,
        buffer: &mut Buffer,
        area: Rect,
        skip: usize,
        _split: Split,
        theme: &Theme,
    ) {
        for (y, (role, text)) in (area.y..area.bottom()).zip(self.lines.iter().skip(skip)) {
            let row = Rect { y, height: 1, ..area };
            let style = theme.style(*role);
            if *role != Role::Text {
                buffer.set_style(row, style);
            }
            let spans = super::safe_span::spans(text, style, theme);
            Line::from(super::safe_span::cut(spans, usize::from(area.width))).render(row, buffer);
        }
    }
}
