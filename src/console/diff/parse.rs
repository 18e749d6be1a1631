//! From text to lines, files and hunks. The hunk's own counts decide what belongs to it, so a
//! removed line that reads `--- a/x` is never taken for a header.

use super::{
    model::{DiffFile, Hunk, Kind, Line, NONE, Parsed},
    path,
};
use crate::{
    domain::{FileStatus, Untrusted},
    text::{SafeText, is_ordinary},
};
use unicode_width::UnicodeWidthChar;

/// Bytes of a diff that are taken in; of what lies beyond, only the size is told.
const TEXT_LIMIT: usize = 64 * 1024 * 1024;

/// Bytes after which a line is cut into pieces, so that no step ever meets a huge one.
const PIECE: usize = 4_096;

/// Lines of a hunk beyond which added and removed lines are not paired for word colours.
const PAIRED_HUNK: usize = 400;

/// Lines of a header that say nothing beyond the title with its path and status.
const CANONICAL: [&str; 5] = [
    "index ",
    "--- /dev/null",
    "+++ /dev/null",
    "new file mode 100644",
    "deleted file mode 100644",
];

const METADATA: [&str; 11] = [
    "index ",
    "old mode ",
    "new mode ",
    "new file mode ",
    "deleted file mode ",
    "similarity index ",
    "dissimilarity index ",
    "rename from ",
    "rename to ",
    "copy from ",
    "copy to ",
];

/// Reads a diff.
pub(super) fn parse(text: &str) -> Parsed {
    let mut end = text.len().min(TEXT_LIMIT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let left_out = text.len() - end;
    let text = text.get(..end).unwrap_or_default();
    let mut parser = Parser::default();
    let mut start = 0;
    let mut lines = text.split_terminator('\n').peekable();
    while let Some(line) = lines.next() {
        parser.line(line, start, lines.peek().copied());
        start += line.len() + 1;
    }
    parser.end_of_file();
    let mut parsed = parser.parsed;
    text.clone_into(&mut parsed.text);
    parsed.left_out = left_out;
    measure(&mut parsed);
    parsed
}

/// How the current file's lines end.
#[derive(Default)]
struct Ends {
    with_cr: u64,
    without: u64,
    /// Whether the last content line had none: it does not count if it turns out to be the last
    /// of its file.
    last_without: bool,
}

#[derive(Default)]
struct Parser {
    parsed: Parsed,
    /// Lines the current hunk still has on either side.
    left: (u32, u32),
    /// The next line numbers.
    next: (u32, u32),
    /// Between a file's first line and its first hunk.
    in_header: bool,
    /// First line of the current file.
    file_start: usize,
    /// Header lines and their text, until the path is known.
    header: Vec<(usize, String)>,
    ends: Ends,
}

impl Parser {
    fn line(&mut self, raw: &str, start: usize, next: Option<&str>) {
        if self.left != (0, 0) && self.in_hunk(raw, start) {
            return;
        }
        let line = raw.strip_suffix('\r').unwrap_or(raw);
        if let Some(paths) = line.strip_prefix("diff --git ") {
            self.begin_file(path::of_command(paths));
            self.header_line(raw, start, line);
        } else if line.starts_with("--- ")
            && !self.in_header
            && next.is_some_and(|next| next.starts_with("+++ "))
        {
            self.begin_file(None);
            self.side(line);
            self.header_line(raw, start, line);
        } else if line.starts_with("@@ ") && !self.parsed.files.is_empty() {
            self.hunk(raw, start, line);
        } else if line.starts_with('\\') && self.after_content() {
            self.no_newline(raw, start);
        } else if self.in_header && self.metadata(line) {
            self.header_line(raw, start, line);
        } else {
            self.plain(raw, start, line);
        }
    }

    /// A line inside a hunk, as long as it is one; otherwise the hunk ends here.
    fn in_hunk(&mut self, raw: &str, start: usize) -> bool {
        let (kind, skip) = match (raw.bytes().next(), self.left) {
            (Some(b' '), (1.., 1..)) => (Kind::Context, 1),
            (Some(b'\r') | None, (1.., 1..)) => (Kind::Context, 0),
            (Some(b'-'), (1.., _)) => (Kind::Removed, 1),
            (Some(b'+'), (_, 1..)) => (Kind::Added, 1),
            (Some(b'\\'), _) => {
                self.no_newline(raw, start);
                return true;
            }
            _ => {
                self.malformed();
                self.end_of_hunk();
                self.left = (0, 0);
                return false;
            }
        };
        let (mut old, mut new) = (NONE, NONE);
        if kind != Kind::Added {
            (old, self.next.0) = (self.next.0, self.next.0.saturating_add(1));
            self.left.0 -= 1;
        }
        if kind != Kind::Removed {
            (new, self.next.1) = (self.next.1, self.next.1.saturating_add(1));
            self.left.1 -= 1;
        }
        if let Some(file) = self.parsed.files.last_mut() {
            file.additions += u64::from(kind == Kind::Added);
            file.deletions += u64::from(kind == Kind::Removed);
        }
        let with_cr = raw.ends_with('\r');
        self.ends.with_cr += u64::from(with_cr);
        self.ends.without += u64::from(!with_cr);
        self.ends.last_without = !with_cr;
        self.parsed.last_number = self.parsed.last_number.max(self.next.0).max(self.next.1);
        self.push(kind, raw, start, skip, (old, new));
        if self.left == (0, 0) {
            self.end_of_hunk();
        }
        true
    }

    fn no_newline(&mut self, raw: &str, start: usize) {
        // The last line of a file has no line end at all, so it says nothing about CR LF.
        if std::mem::take(&mut self.ends.last_without) {
            self.ends.without -= 1;
        }
        self.push(Kind::NoNewline, raw, start, 0, (NONE, NONE));
        self.end_of_hunk();
    }

    fn hunk(&mut self, raw: &str, start: usize, line: &str) {
        self.end_of_header();
        let Some((old, new)) = hunk_header(line) else {
            self.malformed();
            self.push(Kind::Plain, raw, start, 0, (NONE, NONE));
            return;
        };
        self.push(Kind::Hunk, raw, start, 0, (NONE, NONE));
        self.next = (old.0, new.0);
        self.left = (old.1, new.1);
        let first = at(self.parsed.lines.len());
        self.parsed.hunks.push(Hunk { first, end: first });
    }

    /// Sets where the current hunk ends, after each of its lines that may be the last.
    fn end_of_hunk(&mut self) {
        let end = at(self.parsed.lines.len());
        if let Some(hunk) = self.parsed.hunks.last_mut() {
            hunk.end = end;
        }
    }

    fn after_content(&self) -> bool {
        self.parsed
            .lines
            .last()
            .is_some_and(|line| matches!(line.kind, Kind::Context | Kind::Added | Kind::Removed))
    }

    fn plain(&mut self, raw: &str, start: usize, line: &str) {
        let binary = self.parsed.files.last().is_some_and(|file| file.binary);
        if !binary && !line.is_empty() {
            self.malformed();
        }
        self.end_of_header();
        self.push(Kind::Plain, raw, start, 0, (NONE, NONE));
    }

    fn malformed(&mut self) {
        if let Some(file) = self.parsed.files.last_mut() {
            file.malformed = true;
        }
    }

    fn begin_file(&mut self, path: Option<String>) {
        self.end_of_file();
        self.in_header = true;
        self.file_start = self.parsed.lines.len();
        self.parsed.files.push(DiffFile {
            path: SafeText::default(),
            status: FileStatus::Modified,
            additions: 0,
            deletions: 0,
            has_hidden: false,
            binary: false,
            raw_path: path.unwrap_or_default(),
            moved_from: None,
            malformed: false,
            crlf: false,
        });
    }

    /// A line of the header, whose meaning has been taken in.
    fn header_line(&mut self, raw: &str, start: usize, line: &str) {
        self.header.push((self.parsed.lines.len(), line.to_owned()));
        self.push(Kind::Meta, raw, start, 0, (NONE, NONE));
    }

    /// `--- ` and `+++ `: the new side names the file, unless it is gone.
    fn side(&mut self, line: &str) {
        let Some(file) = self.parsed.files.last_mut() else { return };
        let path = path::of_side(line.get(4..).unwrap_or_default());
        match (line.starts_with('-'), path) {
            (true, None) => file.status = FileStatus::Added,
            (false, None) => file.status = FileStatus::Removed,
            (true, Some(path)) if !file.raw_path.is_empty() || path.is_empty() => {}
            (_, Some(path)) => file.raw_path = path,
        }
    }

    /// Takes in a line of a file's header; `false` if it is none.
    fn metadata(&mut self, line: &str) -> bool {
        if line.starts_with("--- ") || line.starts_with("+++ ") {
            self.side(line);
            return true;
        }
        let Some(file) = self.parsed.files.last_mut() else { return false };
        if line == "GIT binary patch" || line.starts_with("Binary files ") {
            file.binary = true;
            return true;
        }
        let from = line.strip_prefix("rename from ").or_else(|| line.strip_prefix("copy from "));
        if let Some(path) = from {
            file.moved_from = Some(path::of_move(path));
        }
        let moved = line.strip_prefix("rename to ").or_else(|| line.strip_prefix("copy to "));
        if let Some(path) = moved {
            file.raw_path = path::of_move(path);
        }
        let status = [
            ("new file mode ", FileStatus::Added),
            ("deleted file mode ", FileStatus::Removed),
            ("rename ", FileStatus::Renamed),
            ("copy ", FileStatus::Other),
            ("old mode ", FileStatus::Other),
        ];
        if let Some((_, status)) = status.iter().find(|(start, _)| line.starts_with(start)) {
            // A mode that changes beside a rename does not make it less of one.
            if file.status == FileStatus::Modified || *status != FileStatus::Other {
                file.status = *status;
            }
        }
        METADATA.iter().any(|start| line.starts_with(start))
    }

    /// Now the path is known, and with it which header lines say no more than the title.
    fn end_of_header(&mut self) {
        if !std::mem::take(&mut self.in_header) {
            return;
        }
        let Some(file) = self.parsed.files.last() else { return };
        let path = &file.raw_path;
        let old = file.moved_from.as_ref().unwrap_or(path);
        let sides = [
            format!("diff --git a/{old} b/{path}"),
            format!("--- a/{old}"),
            format!("+++ b/{path}"),
        ];
        for (line, text) in self.header.drain(..) {
            let known = CANONICAL.iter().any(|start| text.starts_with(start))
                || sides.iter().any(|side| text.trim_end_matches('\t') == side);
            // A header that hides something is shown, whatever it says.
            let open = text.bytes().all(|b| matches!(b, 0x20..=0x7e | b'\t'));
            if let Some(line) = self.parsed.lines.get_mut(line).filter(|_| known && open) {
                line.kind = Kind::Canonical;
            }
        }
    }

    fn end_of_file(&mut self) {
        if self.left != (0, 0) {
            self.malformed();
            self.end_of_hunk();
            self.left = (0, 0);
        }
        self.end_of_header();
        let ends = std::mem::take(&mut self.ends);
        let crlf = ends.with_cr > 0 && ends.without == 0;
        if let Some(file) = self.parsed.files.last_mut() {
            file.crlf = crlf;
            file.path = SafeText::line(&Untrusted::new(file.raw_path.as_str()));
            file.has_hidden = file.path.has_hidden();
        }
        for line in self.parsed.lines.get_mut(self.file_start..).unwrap_or_default() {
            let content = matches!(line.kind, Kind::Context | Kind::Added | Kind::Removed);
            line.trim_cr = if content { crlf } else { line.kind != Kind::Plain };
        }
        self.file_start = self.parsed.lines.len();
    }

    fn push(&mut self, kind: Kind, raw: &str, start: usize, skip: u8, (old, new): (u32, u32)) {
        let content = matches!(kind, Kind::Context | Kind::Added | Kind::Removed | Kind::NoNewline);
        let hunk = if content { self.parsed.hunks.len().checked_sub(1) } else { None };
        let whole = Line {
            kind,
            start: at(start),
            end: at(start + raw.len()),
            skip,
            continued: false,
            trim_cr: false,
            ascii: false,
            columns: 0,
            old,
            new,
            file: self.parsed.files.len().checked_sub(1).map_or(NONE, at),
            hunk: hunk.map_or(NONE, at),
            pair: NONE,
        };
        let mut from = 0;
        while raw.len() - from > PIECE {
            let cut = cut(raw, from);
            let (start, end) = (at(start + from), at(start + cut));
            self.parsed.lines.push(piece(whole, start, end, from > 0));
            from = cut;
        }
        self.parsed.lines.push(piece(whole, at(start + from), whole.end, from > 0));
    }
}

fn piece(whole: Line, start: u32, end: u32, continued: bool) -> Line {
    let skip = if continued { 0 } else { whole.skip };
    let (old, new) = if continued { (NONE, NONE) } else { (whole.old, whole.new) };
    Line { start, end, skip, continued, old, new, ..whole }
}

/// Where to cut a long line: before an ASCII letter if one is near, so that no mark is torn from
/// its base.
fn cut(raw: &str, from: usize) -> usize {
    let end = from + PIECE;
    let bytes = raw.as_bytes();
    let tidy = (end - 64..=end).rev().find(|&at| bytes.get(at).is_some_and(u8::is_ascii_graphic));
    let mut cut = tidy.unwrap_or(end);
    while !raw.is_char_boundary(cut) {
        cut -= 1;
    }
    cut
}

/// Positions and counts stay below [`TEXT_LIMIT`], which fits.
fn at(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(NONE)
}

/// `@@ -start,count +start,count @@…`; a count of one may be left out.
fn hunk_header(line: &str) -> Option<((u32, u32), (u32, u32))> {
    let (ranges, _) = line.strip_prefix("@@ -")?.split_once(" @@")?;
    let (old, new) = ranges.split_once(" +")?;
    let range = |text: &str| -> Option<(u32, u32)> {
        let (start, count) = text.split_once(',').unwrap_or((text, "1"));
        Some((start.parse().ok()?, count.parse().ok()?))
    };
    Some((range(old)?, range(new)?))
}

/// Columns and hidden characters of every line, and the pairs for word colours.
fn measure(parsed: &mut Parsed) {
    for at in 0..parsed.lines.len() {
        let Some(line) = parsed.lines.get(at).copied() else { continue };
        let content = parsed.content(&line);
        let plain = plain_columns(content).map(|columns| (columns, content.is_ascii(), false));
        let (columns, ascii, hidden) = plain.unwrap_or_else(|| {
            let shown = parsed.shown(at);
            (shown.width(), shown.as_str().is_ascii(), shown.has_hidden())
        });
        if let Some(line) = parsed.lines.get_mut(at) {
            line.columns = u32::try_from(columns).unwrap_or(NONE);
            line.ascii = ascii;
        }
        if hidden {
            parsed.has_hidden = true;
            if let Some(file) = parsed.files.get_mut(line.file as usize) {
                file.has_hidden = true;
            }
        }
    }
    parsed.has_hidden |= parsed.left_out > 0 || parsed.files.iter().any(|file| file.has_hidden);
    for hunk in std::mem::take(&mut parsed.hunks) {
        if (hunk.end - hunk.first) as usize <= PAIRED_HUNK {
            pair(&mut parsed.lines, hunk);
        }
        parsed.hunks.push(hunk);
    }
}

/// Columns of ordinary text with tabs; `None` for anything that needs a closer look.
fn plain_columns(content: &str) -> Option<usize> {
    let mut columns = 0;
    for c in content.chars() {
        columns += match c {
            '\t' => 4 - columns % 4,
            ' '..='~' => 1,
            _ if is_ordinary(c) => c.width().unwrap_or(0),
            _ => return None,
        };
    }
    Some(columns)
}

/// Pairs the removed lines of each changed stretch with its added ones, in order.
fn pair(lines: &mut [Line], hunk: Hunk) {
    let (mut removed, mut added) = (Vec::new(), Vec::new());
    for at in hunk.first..=hunk.end {
        let line = (at < hunk.end).then(|| lines.get(at as usize)).flatten();
        if line.is_some_and(|line| line.continued) {
            continue;
        }
        match line.map(|line| line.kind) {
            Some(Kind::Removed) => removed.push(at),
            Some(Kind::Added) => added.push(at),
            Some(Kind::NoNewline) => {}
            _ => {
                for (old, new) in removed.drain(..).zip(added.drain(..)) {
                    if let Some(line) = lines.get_mut(old as usize) {
                        line.pair = new;
                    }
                    if let Some(line) = lines.get_mut(new as usize) {
                        line.pair = old;
                    }
                }
                removed.clear();
                added.clear();
            }
        }
    }
}
