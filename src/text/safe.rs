//! The one filter between outside text and anything a person reads.

use crate::domain::Untrusted;
use std::fmt;

/// Text that may be shown: every character that acts on a terminal or hides from the reader has
/// been replaced by a visible token.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SafeText {
    text: String,
    /// Byte ranges of `text` that are tokens, in order.
    tokens: Vec<(usize, usize)>,
}

/// A stretch of [`SafeText`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Segment<'a> {
    /// As it came.
    Plain(&'a str),
    /// A token that stands for a hidden or acting character; drawn in the warning style.
    Token(&'a str),
}

impl SafeText {
    /// For one line: line breaks become tokens too, tabs become single spaces.
    pub fn line(_text: &Untrusted) -> Self {
        Self::default()
    }

    /// For several lines: `\n` stays, `\r\n` becomes `\n`, tabs become spaces to the next stop of
    /// four.
    pub fn block(_text: &Untrusted) -> Self {
        Self::default()
    }

    /// Text of our own (a label, a number), checked all the same.
    pub fn own(_text: &str) -> Self {
        Self::default()
    }

    /// The text, tokens included.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether anything was hidden in it.
    pub fn has_hidden(&self) -> bool {
        !self.tokens.is_empty()
    }

    /// Plain stretches and tokens, in order.
    pub fn segments(&self) -> impl Iterator<Item = Segment<'_>> {
        let _ = self;
        std::iter::empty()
    }

    /// Columns it takes on a terminal (one line's worth; the widest line of a block).
    pub fn width(&self) -> usize {
        0
    }
}

impl fmt::Display for SafeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}
