//! Why a catalogue file was not taken.

use std::{fmt, ops::Range, path::PathBuf};

/// Why a catalogue file was not taken. Nothing of such a file is used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CatalogueError {
    /// The file cannot be read.
    #[error(
        "cannot read the catalogue {path}: {why}. Check `[catalogue] file` in config.toml",
        path = path.display()
    )]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's words.
        why: String,
    },
    /// Something in it is wrong.
    #[error("{at}: {problem}{hint}", hint = Hint(suggestion.as_deref()))]
    Invalid {
        /// Where.
        at: Place,
        /// What is wrong.
        problem: String,
        /// What was probably meant, or what to write instead.
        suggestion: Option<String>,
    },
}

/// A place in a catalogue file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file, as the user named it.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl Place {
    /// The place of a byte range in a file's text.
    pub(super) fn of(file: &str, text: &str, span: &Range<usize>) -> Self {
        let before = text.get(..span.start).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |l| l.chars().count()) + 1;
        Self { file: file.to_owned(), line, column }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

struct Hint<'a>(Option<&'a str>);

impl fmt::Display for Hint<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |hint| write!(f, "; {hint}"))
    }
}
