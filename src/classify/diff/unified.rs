//! A unified diff taken apart: files, and their lines with their places.
//!
//! ```text
//!   diff --git a/x b/x ─┐
//!   --- a/x             ├─▶ FileDiff { old, new, status, lines: [ Line { kind, text, at } ] }
//!   @@ -1,2 +1,3 @@     │      what does not follow the form ─▶ Fault { at, what }
//!    …                  ┘
//! ```
//!
//! Form: <https://git-scm.com/docs/diff-format> and POSIX `diff -u`. A hunk is read by the counts of
//! its head, so that a removed SQL comment (`--- x`) is no file.

use std::{borrow::Cow, ops::Range};

/// What happens to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Added,
    Deleted,
    Renamed,
    Changed,
}

/// What happens to a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Added,
    Removed,
    Context,
}

/// A line of a hunk, without its mark.
#[derive(Debug, Clone)]
pub(super) struct Line<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    /// Bytes of the text in the diff.
    pub(super) at: Range<usize>,
}

/// A file of the diff.
#[derive(Debug, Clone)]
pub(super) struct FileDiff<'a> {
    pub(super) old: Cow<'a, str>,
    pub(super) new: Cow<'a, str>,
    pub(super) status: Status,
    /// Its content is not in the diff.
    pub(super) binary: bool,
    /// The first line that speaks of it, in bytes of the diff.
    pub(super) head: Range<usize>,
    pub(super) lines: Vec<Line<'a>>,
}

impl<'a> FileDiff<'a> {
    fn new(head: Range<usize>) -> Self {
        Self {
            old: Cow::Borrowed(""),
            new: Cow::Borrowed(""),
            status: Status::Changed,
            binary: false,
            head,
            lines: Vec::new(),
        }
    }

    /// The path it has afterwards, or had when it goes away.
    pub(super) fn path(&self) -> &str {
        if self.status == Status::Deleted || self.new.is_empty() { &self.old } else { &self.new }
    }

    /// Lines of one kind.
    pub(super) fn of(&self, kind: Kind) -> impl Iterator<Item = &Line<'a>> {
        self.lines.iter().filter(move |line| line.kind == kind)
    }

    /// Added lines.
    pub(super) fn added(&self) -> impl Iterator<Item = &Line<'a>> {
        self.of(Kind::Added)
    }

    /// Removed lines.
    pub(super) fn removed(&self) -> impl Iterator<Item = &Line<'a>> {
        self.of(Kind::Removed)
    }

    /// The lines as they are afterwards, as far as the diff shows them.
    pub(super) fn after(&self) -> impl Iterator<Item = &Line<'a>> {
        self.lines.iter().filter(|line| line.kind != Kind::Removed)
    }
}

/// What stands behind the last dot of a path's name; empty where there is none.
pub(super) fn extension(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// Something in the diff that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) at: Range<usize>,
    pub(super) what: &'static str,
}

/// The files of a diff, and what of it cannot be read.
pub(super) fn files(diff: &str) -> (Vec<FileDiff<'_>>, Vec<Fault>) {
    let mut reader = Reader { files: Vec::new(), faults: Vec::new(), hunk: None };
    let mut offset = 0;
    for whole in diff.split_inclusive('\n') {
        let text = whole.strip_suffix('\n').unwrap_or(whole);
        let text = text.strip_suffix('\r').unwrap_or(text);
        reader.line(text, offset..offset + text.len());
        offset += whole.len();
    }
    reader.end_of_hunk(diff.len());
    (reader.files, reader.faults)
}

struct Reader<'a> {
    files: Vec<FileDiff<'a>>,
    faults: Vec<Fault>,
    /// Lines of the old and of the new file that the hunk still has.
    hunk: Option<(usize, usize)>,
}

impl<'a> Reader<'a> {
    fn line(&mut self, text: &'a str, at: Range<usize>) {
        if let Some((old, new)) = self.hunk {
            if old == 0 && new == 0 {
                self.hunk = None;
            } else if self.in_hunk(text, &at, old, new) {
                return;
            } else {
                self.end_of_hunk(at.start);
            }
        }
        self.between_hunks(text, at);
    }

    /// Takes a line of a hunk; whether it is one.
    fn in_hunk(&mut self, text: &'a str, at: &Range<usize>, old: usize, new: usize) -> bool {
        let (kind, old, new) = match text.as_bytes().first() {
            Some(b'+') if new > 0 => (Kind::Added, old, new - 1),
            Some(b'-') if old > 0 => (Kind::Removed, old - 1, new),
            // Mail programs and editors take the lonely space of an empty line away.
            Some(b' ') | None if old > 0 && new > 0 => (Kind::Context, old - 1, new - 1),
            Some(b'\\') => return true,
            _ => return false,
        };
        self.hunk = Some((old, new));
        let Some(file) = self.files.last_mut() else { return false };
        let text = text.get(1..).unwrap_or_default();
        file.lines.push(Line { kind, text, at: at.end - text.len()..at.end });
        true
    }

    fn end_of_hunk(&mut self, at: usize) {
        if self.hunk.take().is_some_and(|(old, new)| old > 0 || new > 0) {
            let at = at.saturating_sub(1)..at;
            self.faults.push(Fault { at, what: "a hunk has fewer lines than its head says" });
        }
    }

    fn between_hunks(&mut self, text: &'a str, at: Range<usize>) {
        if let Some(paths) = text.strip_prefix("diff --git ") {
            let mut file = FileDiff::new(at);
            (file.old, file.new) = both(paths);
            self.files.push(file);
        } else if text.starts_with("diff --cc ") || text.starts_with("diff --combined ") {
            self.fault(
                at,
                "a combined diff of a merge is not read; give a diff against one parent",
            );
        } else if let Some(path) = text.strip_prefix("--- ") {
            // Without git, this line begins the file.
            if self.files.last().is_none_or(|file| !file.lines.is_empty()) {
                self.files.push(FileDiff::new(at));
            }
            let file = self.last();
            match name(path, "a/") {
                Some(path) => file.old = path,
                None => file.status = Status::Added,
            }
        } else if let Some(path) = text.strip_prefix("+++ ") {
            if self.files.last().is_some_and(|file| !file.lines.is_empty()) {
                return self.fault(at, "a path that belongs to no file");
            }
            let file = self.last();
            match name(path, "b/") {
                Some(path) => file.new = path,
                None => file.status = Status::Deleted,
            }
        } else if text.starts_with("@@ ") {
            match counts(text) {
                Some(counts) if !self.files.is_empty() => self.hunk = Some(counts),
                _ => self.fault(at, "the head of a hunk does not follow the form"),
            }
        } else if text.starts_with("@@@") {
            self.fault(
                at,
                "a combined diff of a merge is not read; give a diff against one parent",
            );
        } else if self.files.last().is_some_and(|file| file.lines.is_empty()) {
            self.header(text);
        }
    }

    fn header(&mut self, text: &'a str) {
        let file = self.last();
        if text.starts_with("new file mode") {
            file.status = Status::Added;
        } else if text.starts_with("deleted file mode") {
            file.status = Status::Deleted;
        } else if let Some(path) = text.strip_prefix("rename from ") {
            (file.status, file.old) = (Status::Renamed, unquoted(path));
        } else if let Some(path) = text.strip_prefix("rename to ") {
            (file.status, file.new) = (Status::Renamed, unquoted(path));
        } else if text == "GIT binary patch"
            || (text.starts_with("Binary files ") && text.ends_with(" differ"))
        {
            file.binary = true;
        }
    }

    fn last(&mut self) -> &mut FileDiff<'a> {
        if self.files.is_empty() {
            self.files.push(FileDiff::new(0..0));
        }
        let last = self.files.len() - 1;
        &mut self.files[last]
    }

    fn fault(&mut self, at: Range<usize>, what: &'static str) {
        self.faults.push(Fault { at, what });
    }
}

/// Lines of the old and the new file by the head of a hunk: `@@ -1,2 +3 @@`.
fn counts(head: &str) -> Option<(usize, usize)> {
    let mut parts = head.strip_prefix("@@ ")?.split(' ');
    let count = |part: &str, sign: char| -> Option<usize> {
        let (_, count) = part.strip_prefix(sign)?.split_once(',').unwrap_or(("", "1"));
        count.parse().ok()
    };
    let counts = (count(parts.next()?, '-')?, count(parts.next()?, '+')?);
    (parts.next() == Some("@@")).then_some(counts)
}

/// The path of a `---` or `+++` line; none for `/dev/null`.
fn name<'a>(text: &'a str, prefix: &str) -> Option<Cow<'a, str>> {
    // `diff -u` puts a time behind a tab.
    let path = unquoted(text.split('\t').next().unwrap_or(text));
    if path == "/dev/null" {
        return None;
    }
    Some(match path {
        Cow::Borrowed(path) => Cow::Borrowed(path.strip_prefix(prefix).unwrap_or(path)),
        Cow::Owned(path) => Cow::Owned(path.strip_prefix(prefix).unwrap_or(&path).to_owned()),
    })
}

/// Both paths of `diff --git a/x b/x`. Where names hold spaces and nothing is quoted, the line
/// alone cannot tell, and the lines after it do.
fn both(paths: &str) -> (Cow<'_, str>, Cow<'_, str>) {
    let middle = paths.len() / 2;
    let halves = paths.get(..middle).zip(paths.get(middle + 1..));
    let same = halves.and_then(|(old, new)| {
        let (old, new) = (unquoted(old), unquoted(new));
        let plain = old.strip_prefix("a/")?;
        (Some(plain) == new.strip_prefix("b/")).then(|| plain.to_owned())
    });
    match same {
        Some(path) => (Cow::Owned(path.clone()), Cow::Owned(path)),
        None => match paths.split_once(" b/") {
            Some((old, new)) => {
                (Cow::Borrowed(old.strip_prefix("a/").unwrap_or(old)), Cow::Borrowed(new))
            }
            None => (Cow::Borrowed(""), Cow::Borrowed("")),
        },
    }
}

/// A path without the quotes and escapes that git writes around unusual ones.
fn unquoted(path: &str) -> Cow<'_, str> {
    let Some(inner) = path.strip_prefix('"').and_then(|path| path.strip_suffix('"')) else {
        return Cow::Borrowed(path);
    };
    let mut bytes = Vec::with_capacity(inner.len());
    let mut rest = inner.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        match rest.next() {
            Some(first @ b'0'..=b'3') => {
                let digits = [Some(first), rest.next(), rest.next()];
                let octal = digits.into_iter().flatten().fold(0_u32, |value, digit| {
                    value * 8 + u32::from(digit.saturating_sub(b'0') & 7)
                });
                bytes.push(u8::try_from(octal & 0xff).unwrap_or(b'?'));
            }
            Some(b'n') => bytes.push(b'\n'),
            Some(b't') => bytes.push(b'\t'),
            Some(other) => bytes.push(other),
            None => bytes.push(b'\\'),
        }
    }
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::{Kind, Status, files};

    #[test]
    fn files_their_status_and_their_lines_are_found() {
        let diff = "diff --git a/x.sql b/x.sql\nindex 1..2 100644\n--- a/x.sql\n+++ b/x.sql\n\
                    @@ -1,3 +1,2 @@\n one\n--- a comment\n-two\n+2\n\
                    diff --git a/old b/new\nsimilarity index 100%\nrename from old\nrename to new\n\
                    diff --git a/gone b/gone\ndeleted file mode 100644\n--- a/gone\n+++ /dev/null\n\
                    @@ -1 +0,0 @@\n-x\n\\ No newline at end of file\n";
        let (files, faults) = files(diff);
        assert_eq!(faults, []);
        let told: Vec<_> = files.iter().map(|file| (file.path(), file.status)).collect();
        assert_eq!(
            told,
            [("x.sql", Status::Changed), ("new", Status::Renamed), ("gone", Status::Deleted)]
        );
        let lines: Vec<_> = files[0].lines.iter().map(|line| (line.kind, line.text)).collect();
        assert_eq!(
            lines,
            [
                (Kind::Context, "one"),
                (Kind::Removed, "-- a comment"),
                (Kind::Removed, "two"),
                (Kind::Added, "2"),
            ]
        );
        assert_eq!(&diff[files[0].lines[3].at.clone()], "2");
    }

    #[test]
    fn a_diff_without_git_and_with_crlf_is_read_too() {
        let diff = "--- x.txt\t2026-01-01\r\n+++ x.txt\t2026-01-02\r\n@@ -1 +1 @@\r\n-a\r\n+b\r\n";
        let (files, faults) = files(diff);
        assert_eq!(faults, []);
        assert_eq!(files[0].path(), "x.txt");
        assert_eq!(files[0].added().map(|line| line.text).collect::<Vec<_>>(), ["b"]);
    }

    #[test]
    fn what_does_not_follow_the_form_is_told() {
        for diff in [
            "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,9 +1,9 @@\n+only\n",
            "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ nonsense\n+a\n",
            "diff --cc x\n@@@ -1 -1 +1 @@@\n",
        ] {
            assert!(!files(diff).1.is_empty(), "{diff}");
        }
    }

    #[test]
    fn quoted_and_spaced_paths_are_understood() {
        let diff = "diff --git \"a/\\303\\244.txt\" \"b/\\303\\244.txt\"\nnew file mode 100644\n\
                    diff --git a/a b.txt b/a b.txt\nnew file mode 100644\n";
        let (files, _) = files(diff);
        let paths: Vec<_> = files.iter().map(super::FileDiff::path).collect();
        assert_eq!(paths, ["ä.txt", "a b.txt"]);
    }
}
