//! A parsed diff: the text as it came, and a record for every line of it.

use crate::{
    domain::{FileStatus, Untrusted},
    text::SafeText,
};

/// No line, no number.
pub(super) const NONE: u32 = u32::MAX;

/// One file of a diff.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is one thing the title says by itself")]
pub struct DiffFile {
    /// Path after the change (before it, where the file is removed).
    pub path: SafeText,
    /// What happens to it.
    pub status: FileStatus,
    /// Lines added.
    pub additions: u64,
    /// Lines removed.
    pub deletions: u64,
    /// Whether its path or any of its lines holds hidden characters.
    pub has_hidden: bool,
    /// Whether git took it for binary, so that its lines are not shown.
    pub binary: bool,
    /// The path as it came, for choosing colours.
    pub(super) raw_path: String,
    /// The path it was moved from, as it came.
    pub(super) moved_from: Option<String>,
    /// Some of it does not follow the form and is shown as plain text.
    pub(super) malformed: bool,
    /// All of its lines end in CR LF.
    pub(super) crlf: bool,
}

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Says nothing beyond the file's title; takes no row.
    Canonical,
    /// Says something about the file: modes, renames, binary content.
    Meta,
    /// `@@ … @@`
    Hunk,
    /// On both sides.
    Context,
    /// Only on the new side.
    Added,
    /// Only on the old side.
    Removed,
    /// `\ No newline at end of file`
    NoNewline,
    /// Not of the form.
    Plain,
}

/// One line, or a piece of a very long one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub(super) kind: Kind,
    /// Where its bytes are in the text, without the line feed.
    pub(super) start: u32,
    pub(super) end: u32,
    /// Bytes before its content: the `+`, `-` or space.
    pub(super) skip: u8,
    /// It goes on where the line before it stopped.
    pub(super) continued: bool,
    /// Its carriage return is part of the line end.
    pub(super) trim_cr: bool,
    /// Shown, it is ASCII: every byte takes one column.
    pub(super) ascii: bool,
    /// Columns it takes when it is shown.
    pub(super) columns: u32,
    /// Line number on the old side, or [`NONE`].
    pub(super) old: u32,
    /// Line number on the new side, or [`NONE`].
    pub(super) new: u32,
    /// Its file, or [`NONE`] before the first one.
    pub(super) file: u32,
    /// Its hunk, or [`NONE`] outside of one.
    pub(super) hunk: u32,
    /// The removed line this added one takes the place of, or the other way round.
    pub(super) pair: u32,
}

/// A hunk's lines, its header not included.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hunk {
    pub(super) first: u32,
    pub(super) end: u32,
}

/// A whole diff.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    pub(super) text: String,
    pub(super) lines: Vec<Line>,
    pub(super) files: Vec<DiffFile>,
    pub(super) hunks: Vec<Hunk>,
    pub(super) has_hidden: bool,
    /// Bytes that were too many to be taken in.
    pub(super) left_out: usize,
    /// The highest line number, which decides how wide the numbers are.
    pub(super) last_number: u32,
}

impl Parsed {
    /// A line's content as it came: without `+`, `-` or space, without its line end.
    pub(super) fn content(&self, line: &Line) -> &str {
        let start = line.start as usize + usize::from(line.skip);
        let content = self.text.get(start..line.end as usize).unwrap_or_default();
        if line.trim_cr { content.strip_suffix('\r').unwrap_or(content) } else { content }
    }

    /// A line's content as it is shown.
    pub(super) fn shown(&self, line: usize) -> SafeText {
        self.lines
            .get(line)
            .map(|line| SafeText::block(&Untrusted::new(self.content(line))))
            .unwrap_or_default()
    }
}
