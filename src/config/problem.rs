//! What is wrong with a configuration, said so that it can be put right.

use serde::Serialize;
use std::{fmt, path::PathBuf};

/// Where something stands in a file. Line and column count from 1, columns in characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// The file, as it was named.
    pub file: PathBuf,
    /// Line.
    pub line: usize,
    /// Column.
    pub column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file.display(), self.line, self.column)
    }
}

/// The offending line, fit to be shown: no secret, no control character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Excerpt {
    pub line: String,
    /// Columns before the carets.
    pub indent: usize,
    /// How many carets.
    pub carets: usize,
}

/// One fault of a configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// What is wrong, in one line.
    pub message: String,
    /// Where; none when the whole file is the matter.
    pub place: Option<Place>,
    /// What to do about it.
    pub help: Option<String>,
    #[serde(skip)]
    pub(crate) excerpt: Option<Excerpt>,
}

impl Problem {
    /// A fault with no place in a file.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), place: None, help: None, excerpt: None }
    }

    /// Adds what to do about it.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.message)?;
        let number = self.place.as_ref().map_or(String::new(), |place| place.line.to_string());
        let gutter = number.len().max(1);
        if let Some(place) = &self.place {
            write!(f, "\n{:gutter$}--> {place}", "")?;
        }
        if let Some(Excerpt { line, indent, carets }) = &self.excerpt {
            write!(f, "\n{:gutter$} |\n{number} | {line}", "")?;
            write!(f, "\n{:gutter$} | {:indent$}{}", "", "", "^".repeat(*carets))?;
        }
        if let Some(help) = &self.help {
            write!(f, "\n{:gutter$} = help: {help}", "")?;
        }
        Ok(())
    }
}

/// Everything that is wrong with the configuration, in the order of files and lines.
///
/// The text quotes the configuration files; like anything from outside it goes to a terminal
/// through `text::SafeText`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
pub struct ConfigError {
    /// The faults; at least one.
    pub problems: Vec<Problem>,
}

impl ConfigError {
    /// Puts the faults in the order a person reads them; those without a place come last.
    pub(crate) fn new(mut problems: Vec<Problem>) -> Self {
        problems.sort_by(|a, b| (a.place.is_none(), &a.place).cmp(&(b.place.is_none(), &b.place)));
        Self { problems }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.problems {
            write!(f, "{problem}\n\n")?;
        }
        match self.problems.len() {
            1 => f.write_str("The configuration has 1 problem."),
            many => write!(f, "The configuration has {many} problems."),
        }
    }
}

/// A value as a message may quote it: escaped, short, without anything that looks like a secret.
pub(crate) fn quoted(value: &str) -> String {
    const LONGEST: usize = 60;
    if super::secret::looks_secret(value) {
        return "a value that looks like a secret".to_owned();
    }
    let mut text: String = value.chars().take(LONGEST).collect();
    if value.chars().count() > LONGEST {
        text.push('…');
    }
    format!("`{}`", text.escape_debug())
}
