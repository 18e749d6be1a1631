//! One cell of a table, and the ink it is written with.

use crate::{
    domain::Untrusted,
    text::{SafeText, Segment},
};
use std::fmt::Write as _;

/// What a cell wants to say beside its words.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing.
    #[default]
    Plain,
    /// Less important than its neighbours.
    Quiet,
    /// Well.
    Good,
    /// Look here.
    Warning,
    /// Look here first.
    Bad,
}

/// Where a report is written to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ink {
    /// Columns of the terminal. None: not a terminal, nothing is cut.
    pub width: Option<usize>,
    /// Whether colours may be used.
    pub colour: bool,
}

impl Ink {
    /// Text in a tone, closed again.
    pub fn paint(self, tone: Tone, text: &str) -> String {
        let code = match tone {
            Tone::Plain => return text.to_owned(),
            Tone::Quiet => "2",
            Tone::Good => "32",
            Tone::Warning => "33",
            Tone::Bad => "1;31",
        };
        self.wrap(code, text)
    }

    /// A heading.
    pub fn bold(self, text: &str) -> String {
        self.wrap("1", text)
    }

    fn wrap(self, code: &str, text: &str) -> String {
        if self.colour && !text.is_empty() {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    /// Safe text in a tone, its tokens standing out.
    pub fn safe(self, tone: Tone, text: &SafeText) -> String {
        text.segments().fold(String::new(), |mut out, segment| {
            let piece = match segment {
                Segment::Plain(plain) => self.paint(tone, plain),
                Segment::Token(token) => self.wrap("7;33", token),
            };
            out.push_str(&piece);
            out
        })
    }
}

/// One cell: what is shown, in which tone, and how a machine reads it where that differs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    shown: SafeText,
    exact: Option<String>,
    tone: Tone,
}

impl Cell {
    /// Words of our own.
    pub fn own(text: impl AsRef<str>) -> Self {
        Self { shown: SafeText::own(text.as_ref()), exact: None, tone: Tone::Plain }
    }

    /// Words from outside.
    pub fn outside(text: &Untrusted) -> Self {
        Self { shown: SafeText::line(text), exact: None, tone: Tone::Plain }
    }

    /// In this tone.
    #[must_use]
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }

    /// What CSV and Markdown say instead (a time, where people read an age).
    #[must_use]
    pub fn exact(mut self, text: impl Into<String>) -> Self {
        self.exact = Some(text.into());
        self
    }

    /// Columns it takes when nothing is cut.
    pub fn width(&self) -> usize {
        self.shown.width()
    }

    /// The words without tone, uncut.
    pub fn text(&self) -> &str {
        self.shown.as_str()
    }

    /// The words for machines.
    pub fn machine(&self) -> &str {
        self.exact.as_deref().unwrap_or_else(|| self.text())
    }

    /// Written in `width` columns, cut with `…` where it is longer, padded where `pad` is set.
    pub fn write(&self, ink: Ink, width: usize, pad: bool) -> String {
        let shown = self.shown.clipped(width);
        let mut out = ink.safe(self.tone, &shown);
        if pad {
            let _ = write!(out, "{:gap$}", "", gap = width.saturating_sub(shown.width()));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, Ink, Tone};
    use unicode_width::UnicodeWidthStr as _;

    #[test]
    fn a_cell_that_is_too_long_ends_in_an_ellipsis_and_keeps_to_its_width() {
        let cell = Cell::own("administrators of the shop");
        assert_eq!(cell.write(Ink::default(), 10, true), "administr…");
    }

    #[test]
    fn a_wide_character_is_never_cut_in_half() {
        let cell = Cell::own("東京都庁舎");
        let written = cell.write(Ink::default(), 6, true);
        assert_eq!(written, "東京… ");
        assert_eq!(written.width(), 6);
    }

    #[test]
    fn a_token_is_shown_whole_or_not_at_all() {
        let cell = Cell::outside(&"ab\u{202e}cd".into());
        let written = cell.write(Ink::default(), 6, true);
        assert_eq!(written, "ab…   ");
    }

    #[test]
    fn without_colour_no_escape_is_written() {
        let cell = Cell::outside(&"ab\u{1b}[31mcd".into()).tone(Tone::Bad);
        assert!(!cell.write(Ink::default(), 80, true).contains('\u{1b}'));
    }
}
