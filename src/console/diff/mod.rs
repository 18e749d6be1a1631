//! A unified diff on a screen: parsed once, laid out once per width, drawn row by row.
//!
//! ```text
//!   Untrusted ──parse──▶ lines, files ──layout(width, mode)──▶ rows ──draw──▶ the visible ones
//!                                                                    ▲
//!                                       syntax (32 lines at a time) ─┤
//!                                       words  (a pair at a time)   ─┘
//! ```
//!
//! Parsing and layout take time in proportion to the text; drawing takes time in proportion to
//! the area. Nothing of the text is left out: a line that does not fit wraps, one that does not
//! follow the form is shown as plain text with a note, and only lines that say nothing beyond
//! the file's title (`index …`, `--- a/x`) take no row.

mod draw;
mod layout;
mod model;
mod parse;
mod path;
mod syntax;
#[cfg(test)]
mod tests;
mod words;

pub use draw::{DiffColours, render};
pub use layout::Mode;
pub use model::DiffFile;
pub use syntax::{Role, preload};

use crate::{domain::Untrusted, text::SafeText};
use layout::Layout;
use model::Parsed;
use syntax::Syntaxes;
use words::Words;

/// A diff, ready to be drawn at any width.
#[derive(Debug)]
pub struct DiffView {
    parsed: Parsed,
    layout: Option<Layout>,
    syntax: Syntaxes,
    words: Words,
}

impl DiffView {
    /// Reads a diff in git's form. Anything else is kept and shown as plain text. Takes time in
    /// proportion to its length (about a tenth of a second for 100,000 lines, unoptimised less
    /// than a second): call it off the drawing task.
    pub fn parse(text: &Untrusted) -> Self {
        Self {
            parsed: parse::parse(text.raw()),
            layout: None,
            syntax: Syntaxes::default(),
            words: Words::default(),
        }
    }

    /// The files, in the diff's order.
    pub fn files(&self) -> &[DiffFile] {
        &self.parsed.files
    }

    /// Whether any line or path holds characters that act on a terminal or hide from the reader,
    /// or whether something was too long to be shown at all.
    pub fn has_hidden(&self) -> bool {
        self.parsed.has_hidden
    }

    /// Lines added and removed in all.
    pub fn totals(&self) -> (u64, u64) {
        let sum = |of: fn(&DiffFile) -> u64| self.parsed.files.iter().map(of).sum();
        (sum(|file| file.additions), sum(|file| file.deletions))
    }

    /// How many rows it takes. Laid out once per width and mode, then remembered.
    pub fn rows(&mut self, width: u16, mode: Mode) -> usize {
        self.lay_out(width, mode).rows()
    }

    /// The row where a file's title stands, in the layout that was asked for or drawn last.
    pub fn file_row(&self, file: usize) -> Option<usize> {
        self.layout.as_ref()?.file_row(file)
    }

    /// The file a row belongs to, in the layout that was asked for or drawn last.
    pub fn file_at(&self, row: usize) -> Option<usize> {
        self.layout.as_ref()?.file_at(row)
    }

    /// The row of the next hunk below a row, for jumping.
    pub fn hunk_below(&self, row: usize) -> Option<usize> {
        self.layout.as_ref()?.hunk_below(row)
    }

    /// The row of the nearest hunk above a row, for jumping.
    pub fn hunk_above(&self, row: usize) -> Option<usize> {
        self.layout.as_ref()?.hunk_above(row)
    }

    /// Works out layout and colours of the first screen, so that the first drawing does not have
    /// to. Worth calling where the diff was parsed.
    pub fn warm(&mut self, width: u16, mode: Mode) {
        let area = ratatui::layout::Rect::new(0, 0, width, 50);
        let mut unseen = ratatui::buffer::Buffer::empty(area);
        render(&mut unseen, area, self, 0, mode, &DiffColours::default());
    }

    fn lay_out(&mut self, width: u16, mode: Mode) -> &Layout {
        let fits = self.layout.as_ref().is_some_and(|layout| layout.is_for(width, mode));
        if !fits {
            self.layout = None;
        }
        let parsed = &self.parsed;
        self.layout.get_or_insert_with(|| Layout::new(parsed, width, mode))
    }

    /// The text of a line as it is shown.
    fn shown(&self, line: usize) -> SafeText {
        self.parsed.shown(line)
    }
}
