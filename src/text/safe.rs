//! The one filter between outside text and anything a person reads.

use super::filter::{Filtered, Shape, filter};
use crate::domain::Untrusted;
use std::fmt;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

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

impl<'a> Segment<'a> {
    /// The text of either kind.
    pub fn as_str(self) -> &'a str {
        match self {
            Self::Plain(text) | Self::Token(text) => text,
        }
    }
}

impl SafeText {
    /// For one line: line breaks become tokens too, tabs become single spaces. At most
    /// [`LINE_LIMIT`](super::LINE_LIMIT) characters, then a token says how many more there are.
    pub fn line(text: &Untrusted) -> Self {
        Self::from(filter(text.raw(), Shape::Line))
    }

    /// For several lines: `\n` stays, `\r\n` becomes `\n`, tabs become spaces to the next stop of
    /// four. At most [`BLOCK_LIMIT`](super::BLOCK_LIMIT) characters, then a token says how many
    /// more there are.
    pub fn block(text: &Untrusted) -> Self {
        Self::from(filter(text.raw(), Shape::Block))
    }

    /// Text of our own (a label, a number), checked all the same.
    pub fn own(text: &str) -> Self {
        Self::from(filter(text, Shape::Line))
    }

    /// The text, tokens included.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether anything was hidden in it.
    pub fn has_hidden(&self) -> bool {
        !self.tokens.is_empty()
    }

    /// Plain stretches and tokens, in order.
    pub fn segments(&self) -> impl Iterator<Item = Segment<'_>> {
        let plain_from = std::iter::once(0).chain(self.tokens.iter().map(|&(_, end)| end));
        let tokens = self.tokens.iter().copied().map(Some).chain(std::iter::once(None));
        plain_from.zip(tokens).flat_map(|(from, token)| {
            let plain_to = token.map_or(self.text.len(), |(start, _)| start);
            let plain = self.text.get(from..plain_to).filter(|text| !text.is_empty());
            let token = token.and_then(|(start, end)| self.text.get(start..end));
            plain.map(Segment::Plain).into_iter().chain(token.map(Segment::Token))
        })
    }

    /// Byte ranges of [`Self::as_str`] that are tokens, in order.
    pub fn token_ranges(&self) -> &[(usize, usize)] {
        &self.tokens
    }

    /// The lines of a block, each without its line break.
    pub fn lines(&self) -> impl Iterator<Item = Self> + '_ {
        let mut next = 0;
        let mut start = 0;
        self.text.split('\n').map(move |line| {
            let end = start + line.len();
            let mut tokens = Vec::new();
            while let Some(&(from, to)) = self.tokens.get(next).filter(|&&(_, to)| to <= end) {
                tokens.push((from - start, to - start));
                next += 1;
            }
            start = end + 1;
            Self { text: line.to_owned(), tokens }
        })
    }

    /// Columns it takes on a terminal (one line's worth; the widest line of a block).
    pub fn width(&self) -> usize {
        self.text.split('\n').map(UnicodeWidthStr::width).max().unwrap_or(0)
    }

    /// As much of it as fits in so many columns; what is cut off is marked by `…`. A token is
    /// kept whole or left out, never cut in half.
    #[must_use]
    pub fn clipped(&self, columns: usize) -> Self {
        if self.width() <= columns {
            return self.clone();
        }
        let mut clipped = Self::default();
        let mut left = columns.saturating_sub(1);
        for segment in self.segments() {
            let all = segment.as_str();
            let taken = match segment {
                Segment::Plain(text) => fitting(text, left),
                Segment::Token(token) if token.width() <= left => token,
                Segment::Token(_) => "",
            };
            let start = clipped.text.len();
            clipped.text.push_str(taken);
            if matches!(segment, Segment::Token(_)) && !taken.is_empty() {
                clipped.tokens.push((start, clipped.text.len()));
            }
            left -= taken.width().min(left);
            if taken.len() < all.len() {
                break;
            }
        }
        if columns > 0 {
            clipped.text.push('…');
        }
        clipped
    }
}

/// The longest start of `text` that takes no more than so many columns.
fn fitting(text: &str, columns: usize) -> &str {
    let mut used = 0;
    let mut end = 0;
    for (at, cluster) in text.grapheme_indices(true) {
        used += cluster.width();
        if used > columns {
            break;
        }
        end = at + cluster.len();
    }
    text.get(..end).unwrap_or_default()
}

impl From<Filtered> for SafeText {
    fn from((text, tokens): Filtered) -> Self {
        Self { text, tokens }
    }
}

impl fmt::Display for SafeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
