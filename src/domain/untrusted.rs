//! Text from outside, kept apart from text we wrote.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A string some other system chose: a pull-request title, a role name, an error body.
///
/// It has no `Display` on purpose: the only way to a screen, a log or a terminal title is
/// through `text::SafeText`. [`Untrusted::raw`] is for comparing, hashing and sending the value
/// back to where it came from.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Untrusted(String);

impl Untrusted {
    /// Takes the text as it came.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The bytes as they came, for comparing, hashing and sending back; never for showing.
    pub fn raw(&self) -> &str {
        &self.0
    }

    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T: Into<String>> From<T> for Untrusted {
    fn from(text: T) -> Self {
        Self::new(text)
    }
}

/// Escapes every character that is not plainly printable, so a log line cannot be forged.
impl fmt::Debug for Untrusted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.escape_debug())
    }
}

#[cfg(test)]
mod tests {
    use super::Untrusted;

    #[test]
    fn debug_output_carries_no_escape_or_bidi_character() {
        let hostile = Untrusted::new("a\u{1b}[2Jb\u{202e}c\u{200b}");
        let shown = format!("{hostile:?}");
        assert!(shown.is_ascii(), "{shown}");
    }
}
