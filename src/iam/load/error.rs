//! Why a file could not be loaded.

use super::super::document::without_position;
use serde_json::error::Category;
use std::path::{Path, PathBuf};

/// Why a file could not be loaded. Each message names the file, the place and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// It cannot be opened or read.
    #[error("{path}: cannot be read: {why}. Check the path and its permissions", path = .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's words.
        why: String,
    },
    /// It is a directory.
    #[error("{path}: is a directory. Name the files in it", path = .path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
    },
    /// It is larger than we take.
    #[error("{path}: more than {limit} bytes, which is more than this program reads. Split it by account", path = .path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// How many bytes are read at most.
        limit: u64,
    },
    /// It is text in another encoding, or compressed.
    #[error("{path}: {what}. {advice}", path = .path.display())]
    OtherEncoding {
        /// The file.
        path: PathBuf,
        /// What it is.
        what: &'static str,
        /// What to do.
        advice: &'static str,
    },
    /// It ends before the JSON does.
    #[error("{path}:{line}:{column}: the file ends in the middle of the JSON{after}. Export it again; the copy was cut short", path = .path.display())]
    Truncated {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What was read until there (`, after 3 users`); may be empty.
        after: String,
    },
    /// It holds bytes that are not UTF-8.
    #[error("{path}:{line}:{column}: not UTF-8. Write it as UTF-8 (in PowerShell: `| Out-File -Encoding utf8`)", path = .path.display())]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// It is not JSON.
    #[error("{path}:{line}:{column}: not JSON: {why}. Export it with `aws iam get-account-authorization-details --output json`", path = .path.display())]
    NotJson {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What the parser said.
        why: String,
    },
    /// It is JSON, but not what it should be.
    #[error("{path}:{line}:{column}: not authorization details: {why}. Export it with `aws iam get-account-authorization-details --output json`", path = .path.display())]
    OtherContent {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What is missing or wrong.
        why: String,
    },
    /// One entry is larger than anything IAM keeps.
    #[error("{path}: an entry of more than {limit} bytes, {after}. IAM keeps nothing that large; export it again", path = .path.display())]
    EntryTooLarge {
        /// The file.
        path: PathBuf,
        /// How many bytes one entry may have.
        limit: u64,
        /// What was read until there.
        after: String,
    },
}

impl LoadError {
    /// The system's error, told with the file.
    pub(super) fn unreadable(path: &Path, error: &std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::IsADirectory {
            return Self::Directory { path: path.into() };
        }
        Self::Unreadable { path: path.into(), why: error.to_string() }
    }

    /// The parser's error. `after` says what was read before it.
    pub(super) fn of_json(path: &Path, error: &serde_json::Error, after: String) -> Self {
        let (path, line, column) = (path.to_owned(), error.line(), error.column());
        let why = without_position(error);
        match error.classify() {
            Category::Io => Self::Unreadable { path, why },
            Category::Eof => Self::Truncated { path, line, column, after },
            Category::Syntax => Self::NotJson { path, line, column, why },
            Category::Data => Self::OtherContent { path, line, column, why },
        }
    }
}
