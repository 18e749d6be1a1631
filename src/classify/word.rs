//! A word of a command as far as its value is known, and where it stands in the input.
//!
//! ```text
//!   "s3://$BUCKET/"'*'  ──▶  text  s3://⟨hole⟩/*     span 12..28     exact: no (quotes left out)
//! ```
//!
//! What is not known is kept in the text as one of three characters that mean nothing in Unicode.
//! An input that holds such a character itself is thereby read as unknown, which errs on the safe
//! side.

use crate::domain::Span;
use std::ops::Range;

/// Stands for unknown text that stays within its word (`"$NAME"`). It may be empty, begin with a
/// dash, or hold quotes and operators.
pub const HOLE: char = '\u{fdd0}';
/// Stands for unknown text that may be none, one or several words (`$ARGS`, `$(list)`).
pub const HOLES: char = '\u{fdd1}';
/// Stands for unknown text without any special character: a number, a user, a home directory.
pub const PLAIN: char = '\u{fdd2}';

/// Whether a character stands for something unknown.
pub const fn is_hole(c: char) -> bool {
    matches!(c, HOLE | HOLES | PLAIN)
}

/// A word (or a whole script, a query, a text on standard input) and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    text: String,
    span: Span,
    /// Where in the input the text begins, if it stands there letter for letter.
    exact: Option<usize>,
    /// Whether unquoted `*`, `?` or `[` may turn it into file names.
    glob: bool,
    holes: bool,
}

impl Word {
    /// A text that stands in the input letter for letter, beginning at `offset`.
    pub fn exact(text: impl Into<String>, offset: usize) -> Self {
        let text = text.into();
        let span = Span::new(offset, offset + text.len());
        Self { exact: Some(offset), ..Self::made(text, span) }
    }

    /// A text that comes out of a part of the input: unquoted, decoded, put together.
    pub fn made(text: impl Into<String>, span: Span) -> Self {
        let text = text.into();
        // The first byte of a hole is rare, so that most texts are not looked at letter by letter.
        let holes = text.as_bytes().contains(&0xef) && text.contains(is_hole);
        Self { text, span, exact: None, glob: false, holes }
    }

    /// Nothing is known of it; it stays one word.
    pub fn unknown(span: Span) -> Self {
        Self::made(HOLE, span)
    }

    /// Nothing is known of it, not even how many words it is.
    pub fn unknowns(span: Span) -> Self {
        Self::made(HOLES, span)
    }

    /// The same word, whose unquoted stars may become file names.
    #[must_use]
    pub fn globbing(mut self, glob: bool) -> Self {
        self.glob = glob;
        self
    }

    /// The value, if all of it is known.
    pub fn known(&self) -> Option<&str> {
        (!self.holes).then_some(self.text.as_str())
    }

    /// The text, with hole characters where something is unknown.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The known text before the first hole.
    pub fn prefix(&self) -> &str {
        self.text.split(is_hole).next().unwrap_or_default()
    }

    /// Whether it is certainly this text.
    pub fn is(&self, text: &str) -> bool {
        !self.holes && self.text == text
    }

    /// Whether part of it is unknown.
    pub const fn has_holes(&self) -> bool {
        self.holes
    }

    /// Whether it may become any number of words, so that nobody knows what comes after it.
    pub fn may_split(&self) -> bool {
        self.holes && self.text.contains(HOLES)
    }

    /// Whether it may turn out to be an option: it begins with a dash, or with something unknown.
    pub fn may_be_option(&self) -> bool {
        self.text.starts_with(['-', HOLE, HOLES])
    }

    /// Whether unknown text in it could hold quotes and operators, so that it must not be read as
    /// a script or a query.
    pub fn may_inject(&self) -> bool {
        self.holes && self.text.contains([HOLE, HOLES])
    }

    /// Whether unquoted stars may turn it into names of files.
    pub const fn is_glob(&self) -> bool {
        self.glob
    }

    /// Where it stands in the input.
    pub const fn span(&self) -> Span {
        self.span
    }

    /// Where a part of the text, in bytes of [`Self::text`], stands in the input; the whole word
    /// if its letters do not stand there one for one.
    pub fn at(&self, part: Range<usize>) -> Span {
        let Some(offset) = self.exact else { return self.span };
        // A line that is printed ends with a newline that does not stand in the input.
        let within = |at: usize| (offset + at).clamp(self.span.start, self.span.end);
        Span::new(within(part.start), within(part.end))
    }

    /// A part of it as a word of its own, in bytes of [`Self::text`]; empty when the range does
    /// not lie on characters.
    #[must_use]
    pub fn part(&self, part: Range<usize>) -> Self {
        let text = self.text.get(part.clone()).unwrap_or_default();
        Self {
            exact: self.exact.map(|offset| offset + part.start),
            glob: self.glob,
            ..Self::made(text, self.at(part))
        }
    }

    /// Where in the input it begins, if it stands there letter for letter.
    pub(super) const fn offset(&self) -> Option<usize> {
        self.exact
    }

    /// The same text with one behind it. It stands in the input letter for letter if both do, side
    /// by side.
    #[must_use]
    pub(super) fn joined(mut self, next: &Self) -> Self {
        let end = self.exact.map(|offset| offset + self.text.len());
        self.text.push_str(&next.text);
        self.exact = self.exact.filter(|_| next.exact.is_some() && next.exact == end);
        self.span = self.span.with(next.span);
        self.holes |= next.holes;
        self.glob |= next.glob;
        self
    }

    /// The same text as a line: the newline behind it does not stand in the input.
    #[must_use]
    pub(super) fn line(mut self) -> Self {
        self.text.push('\n');
        self
    }

    /// What follows the first `bytes` of it: the value of `--name=value`.
    #[must_use]
    pub fn after(&self, bytes: usize) -> Self {
        self.part(bytes..self.text.len())
    }
}
