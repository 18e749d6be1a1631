//! One configuration file: its text, and places in it.

use super::problem::{Excerpt, Place, Problem};
use super::secret;
use std::{
    fs, io,
    io::Read as _,
    ops::Range,
    path::{Path, PathBuf},
};
use unicode_width::UnicodeWidthStr as _;

/// A configuration is written by hand; more than this is another kind of file.
const LARGEST: u64 = 256 * 1024;
/// Columns of an excerpt; what stands further right is cut off.
const WIDEST_EXCERPT: usize = 120;

/// A file that was read.
#[derive(Debug)]
pub(crate) struct Document {
    pub file: PathBuf,
    pub text: String,
    /// Byte positions of the line breaks.
    breaks: Vec<usize>,
}

/// How much of a line an excerpt may show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Showing {
    /// All of it, except what looks like a secret.
    Line,
    /// Only the key: the value is not the point, or must not be seen.
    Key,
}

impl Document {
    /// A file whose text is known already.
    pub fn new(file: &Path, text: String) -> Self {
        let breaks =
            text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at).collect();
        Self { file: file.to_owned(), text, breaks }
    }

    /// Reads a file. `Ok(None)` when there is none.
    pub fn read(file: &Path) -> Result<Option<Self>, Box<Problem>> {
        let at_file = |text: String| Box::new(Problem::new(format!("{}: {text}", file.display())));
        let unreadable = |error: io::Error| at_file(format!("cannot be read: {error}"));
        let mut handle = match fs::File::open(file) {
            Ok(handle) => handle,
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                return Ok(None);
            }
            Err(error) => return Err(unreadable(error)),
        };
        let about = handle.metadata().map_err(unreadable)?;
        if about.is_dir() {
            return Err(at_file("is a directory, not a configuration file".to_owned()));
        }
        refuse_if_anyone_can_write(file, &about)?;
        let mut bytes = Vec::new();
        handle.by_ref().take(LARGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        if bytes.len() as u64 > LARGEST {
            return Err(at_file("is larger than 256 KiB and no configuration file".to_owned()));
        }
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Some(Self::new(file, text))),
            Err(error) => {
                let good = error.utf8_error().valid_up_to();
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                let problem = Self::new(file, text).problem(
                    good..good + 1,
                    Showing::Line,
                    "the file is not UTF-8 text here",
                );
                Err(Box::new(problem.help("save it as UTF-8")))
            }
        }
    }

    /// A fault at this stretch of the text.
    pub fn problem(
        &self,
        span: Range<usize>,
        showing: Showing,
        message: impl Into<String>,
    ) -> Problem {
        Problem {
            place: Some(self.place(span.start)),
            excerpt: Some(self.excerpt(span, showing)),
            ..Problem::new(message)
        }
    }

    /// Line and column of a byte position.
    pub fn place(&self, offset: usize) -> Place {
        let before = &self.text[..self.text.floor_char_boundary(offset)];
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        Place { file: self.file.clone(), line: self.line(offset), column }
    }

    /// Line of a byte position.
    pub fn line(&self, offset: usize) -> usize {
        self.breaks.partition_point(|at| *at < offset) + 1
    }

    fn excerpt(&self, span: Range<usize>, showing: Showing) -> Excerpt {
        let start = self.text.floor_char_boundary(span.start);
        let begin = self.text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let end = self.text[start..].find('\n').map_or(self.text.len(), |length| start + length);
        let line = self.text[begin..end].trim_end_matches('\r');
        let from = (start - begin).min(line.len());
        let to = self.text.floor_char_boundary(span.end.clamp(start, end)) - begin;
        let to = to.clamp(from, line.len());

        let (shown, from, to) = match line.find('=') {
            Some(equals) if showing == Showing::Key || hides_secret(line, equals) => {
                // `key = …`, with the carets under the key or under the dots.
                let key = line[..equals].trim_end();
                let shown = format!("{} = …", secret::dotted(key));
                if from < key.len() {
                    (shown, from, to.min(key.len()))
                } else {
                    let dots = key.len() + 3;
                    (shown, dots, dots + '…'.len_utf8())
                }
            }
            _ => (secret::dotted(line), from, to),
        };
        // Dots are wider in bytes than what they stand for, never in characters.
        let (first, last) =
            if shown.is_char_boundary(from) && shown.is_char_boundary(to) && shown.len() >= to {
                (shown[..from].width(), shown[from..to].width())
            } else {
                (line[..from].width(), line[from..to].width())
            };
        let mut visible: String = shown.chars().take(WIDEST_EXCERPT).map(plain).collect();
        if shown.chars().count() > WIDEST_EXCERPT {
            visible.push('…');
        }
        let indent = first.min(WIDEST_EXCERPT);
        let carets = last.clamp(1, (WIDEST_EXCERPT + 1 - indent).max(1));
        Excerpt { line: visible, indent, carets }
    }
}

/// A line whose key says that its value is secret. `token = { … }` names only where it is, but
/// what stands there may as well be the token itself.
fn hides_secret(line: &str, equals: usize) -> bool {
    let (key, value) = line.split_at(equals);
    secret::is_sensitive_name(key) && !value[1..].trim_start().starts_with('{')
}

/// A character as an excerpt shows it: one column, nothing that acts on a terminal.
fn plain(c: char) -> char {
    match c {
        '\t' => ' ',
        '"' | '\'' | '\\' => c,
        _ if c.escape_debug().count() > 1 => '\u{fffd}',
        _ => c,
    }
}

/// Whoever can write this file can have any command run in our name (`token.command`).
#[cfg(unix)]
fn refuse_if_anyone_can_write(file: &Path, about: &fs::Metadata) -> Result<(), Box<Problem>> {
    use std::os::unix::fs::PermissionsExt as _;
    const WRITABLE_BY_OTHERS: u32 = 0o002;
    // A device or pipe (`--config /dev/stdin`) has no owner worth asking.
    if about.is_file() && about.permissions().mode() & WRITABLE_BY_OTHERS != 0 {
        let problem = Problem::new(format!(
            "{}: every user of this machine can write it, and so run commands in your name",
            file.display()
        ));
        return Err(Box::new(problem.help(format!("chmod o-w {}", file.display()))));
    }
    Ok(())
}

#[cfg(not(unix))]
fn refuse_if_anyone_can_write(_file: &Path, _about: &fs::Metadata) -> Result<(), Box<Problem>> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Document, Showing};

    fn document(text: &str) -> Document {
        Document::new("config.toml".as_ref(), text.to_owned())
    }

    #[test]
    fn a_place_counts_characters_not_bytes() {
        let text = "a = 1\nß = \"é\" x\r\n";
        let at = text.find('x').unwrap();
        let place = document(text).place(at);
        assert_eq!((place.line, place.column), (2, 9));
    }

    #[test]
    fn an_excerpt_survives_any_span_of_any_text() {
        for text in ["", "\n", "é", "a=ghp_0123456789abcdef", "\u{202e}\t\u{1b}[2J = 3", "x\r\ny"]
        {
            let document = document(text);
            for start in 0..=text.len() {
                for end in start..=text.len() + 1 {
                    for showing in [Showing::Line, Showing::Key] {
                        let shown = document.problem(start..end, showing, "m").to_string();
                        assert!(!shown.contains(['\u{1b}', '\u{202e}', '\t', '\r']), "{shown:?}");
                        assert!(!shown.contains("0123456789abcdef"), "{shown:?}");
                    }
                }
            }
        }
    }
}
