//! The filter line: every word must occur somewhere in the row, `!word` must not.

use super::table::Row;

/// A parsed filter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    text: String,
    /// Lower-case words, each with whether it must be absent.
    words: Vec<(String, bool)>,
}

impl Filter {
    /// Reads what was typed.
    pub fn parse(text: &str) -> Self {
        let words = text
            .split_whitespace()
            .map(|word| match word.strip_prefix('!') {
                Some(rest) => (rest.to_lowercase(), true),
                None => (word.to_lowercase(), false),
            })
            .filter(|(word, _)| !word.is_empty())
            .collect();
        Self { text: text.to_owned(), words }
    }

    /// What was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether a row passes. `buffer` is only there to be used again from row to row.
    pub fn lets_through(&self, row: &impl Row, buffer: &mut String) -> bool {
        if self.words.is_empty() {
            return true;
        }
        buffer.clear();
        row.write_haystack(buffer);
        if buffer.is_ascii() {
            buffer.make_ascii_lowercase();
        } else {
            *buffer = buffer.to_lowercase();
        }
        self.words.iter().all(|(word, absent)| buffer.contains(word.as_str()) != *absent)
    }
}
