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
pub use syntax::{Piece, Role, preload, script};

use crate::{domain::Untrusted, text::SafeText};
use layout::Layout;
use model::Parsed;
use std::sync::{Arc, Mutex, PoisonError};
use syntax::{Roles, Syntaxes};
use words::{Ranges, Words};

/// Layouts that are remembered: a list and its detail may ask for two widths by turns.
const LAYOUTS: usize = 4;

/// A diff, ready to be drawn at any width. What has been worked out for drawing is remembered
/// inside, so a shared reference is enough.
#[derive(Debug, Default)]
pub struct DiffView {
    parsed: Parsed,
    known: Mutex<Known>,
}

/// What has been worked out so far.
#[derive(Debug, Default)]
struct Known {
    /// Layouts, the one asked for last in front.
    layouts: Vec<Arc<Layout>>,
    syntax: Syntaxes,
    words: Words,
}

impl DiffView {
    /// Reads a diff in git's form. Anything else is kept and shown as plain text. Takes time in
    /// proportion to its length (a tenth of a second for 100,000 lines, unoptimised): call it off
    /// the drawing task.
    pub fn parse(text: &Untrusted) -> Self {
        Self { parsed: parse::parse(text.raw()), known: Mutex::default() }
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
    pub fn rows(&self, width: u16, mode: Mode) -> usize {
        self.layout(width, mode).rows()
    }

    /// The rows where the files' titles stand.
    pub fn file_rows(&self, width: u16, mode: Mode) -> Vec<usize> {
        let layout = self.layout(width, mode);
        (0..self.parsed.files.len()).filter_map(|file| layout.file_row(file)).collect()
    }

    /// The row where a file's title stands, in the layout that was asked for or drawn last.
    pub fn file_row(&self, file: usize) -> Option<usize> {
        self.last()?.file_row(file)
    }

    /// The file a row belongs to, in the layout that was asked for or drawn last.
    pub fn file_at(&self, row: usize) -> Option<usize> {
        self.last()?.file_at(row)
    }

    /// The row of the next hunk below a row, in the layout that was asked for or drawn last.
    pub fn hunk_below(&self, row: usize) -> Option<usize> {
        self.last()?.hunk_below(row)
    }

    /// The row of the nearest hunk above a row, in the layout that was asked for or drawn last.
    pub fn hunk_above(&self, row: usize) -> Option<usize> {
        self.last()?.hunk_above(row)
    }

    /// Works out layout and colours of the first screen, so that the first drawing does not have
    /// to. Worth calling where the diff was parsed.
    pub fn warm(&self, width: u16, mode: Mode) {
        let area = ratatui::layout::Rect::new(0, 0, width, 50);
        let mut unseen = ratatui::buffer::Buffer::empty(area);
        render(&mut unseen, area, self, 0, mode, &DiffColours::default());
    }

    fn layout(&self, width: u16, mode: Mode) -> Arc<Layout> {
        self.know(|known, parsed| {
            let layouts = &mut known.layouts;
            if let Some(at) = layouts.iter().position(|layout| layout.is_for(width, mode)) {
                layouts.swap(0, at);
            } else {
                layouts.truncate(LAYOUTS - 1);
                layouts.insert(0, Arc::new(Layout::new(parsed, width, mode)));
            }
            layouts.first().cloned()
        })
        .unwrap_or_else(|| Arc::new(Layout::new(&self.parsed, width, mode)))
    }

    fn last(&self) -> Option<Arc<Layout>> {
        self.know(|known, _| known.layouts.first().cloned())
    }

    /// The text of a line as it is shown.
    fn shown(&self, line: usize) -> SafeText {
        self.parsed.shown(line)
    }

    /// The syntax of a line.
    fn roles(&self, line: usize) -> Option<Roles> {
        self.know(|known, parsed| known.syntax.of(parsed, line))
    }

    /// The changed words of a removed line and of the added one in its place.
    fn words(&self, pair: (usize, usize)) -> (Ranges, Ranges) {
        self.know(|known, parsed| {
            let text = |line| parsed.shown(line).as_str().to_owned();
            known.words.of(pair, || (text(pair.0), text(pair.1)))
        })
    }

    fn know<T>(&self, with: impl FnOnce(&mut Known, &Parsed) -> T) -> T {
        // What a panicking thread left behind is a cache, and any state of it is a good one.
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        with(&mut known, &self.parsed)
    }
}
