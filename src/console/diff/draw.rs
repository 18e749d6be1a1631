//! Drawing the visible rows.
//!
//! ```text
//!   modified  src/app.rs  +2 −1
//!    @@ -10,3 +10,4 @@ fn main
//!    10  10   fn main() {
//!    11     -     old();
//!        11 +     new();
//! ```

use super::{
    DiffView, Mode,
    layout::{Columns, Item, wrap},
    model::{DiffFile, Kind, Line, NONE},
    syntax::{Role, Roles},
    words::Ranges,
};
use crate::{domain::FileStatus, text::SafeText};
use ratatui::{buffer::Buffer, layout::Rect, style::Style};
use std::ops::Range;
use unicode_width::UnicodeWidthStr;

/// Styles of everything a diff shows. Each is laid over the one it stands in: a keyword over its
/// line, a changed word over the keyword, a hidden character's token over all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DiffColours {
    /// Lines on both sides.
    pub context: Style,
    /// Added lines, over their whole width.
    pub added: Style,
    /// Removed lines, over their whole width.
    pub removed: Style,
    /// Words that are new in an added line.
    pub added_word: Style,
    /// Words that are gone from a removed line.
    pub removed_word: Style,
    /// Line numbers and the line between two sides.
    pub gutter: Style,
    /// A file's title.
    pub header: Style,
    /// `@@` lines, modes, renames.
    pub hunk: Style,
    /// Our own remarks (not in git's form, left out).
    pub note: Style,
    /// Tokens that stand for hidden characters.
    pub hidden_token: Style,
    /// [`Role::Keyword`].
    pub keyword: Style,
    /// [`Role::String`].
    pub string: Style,
    /// [`Role::Comment`].
    pub comment: Style,
    /// [`Role::Number`].
    pub number: Style,
    /// [`Role::Type`].
    pub type_name: Style,
    /// [`Role::Function`].
    pub function: Style,
}

impl DiffColours {
    fn role(&self, role: Role) -> Style {
        match role {
            Role::Keyword => self.keyword,
            Role::String => self.string,
            Role::Comment => self.comment,
            Role::Number => self.number,
            Role::Type => self.type_name,
            Role::Function => self.function,
        }
    }

    /// Style, style of changed words, and mark of a kind of line.
    fn line(&self, kind: Kind) -> (Style, Style, &'static str) {
        match kind {
            Kind::Added => (self.added, self.added_word, "+"),
            Kind::Removed => (self.removed, self.removed_word, "-"),
            Kind::Hunk | Kind::Meta | Kind::Canonical | Kind::NoNewline => {
                (self.hunk, Style::new(), " ")
            }
            Kind::Context | Kind::Plain => (self.context, Style::new(), " "),
        }
    }
}

/// Draws the rows of a diff from `scroll` on into an area. Only what is visible is worked out;
/// the rest of the area is left as it is.
pub fn render(
    buffer: &mut Buffer,
    area: Rect,
    view: &DiffView,
    scroll: usize,
    mode: Mode,
    colours: &DiffColours,
) {
    let area = area.intersection(buffer.area);
    if area.is_empty() {
        return;
    }
    let rows = scroll..scroll.saturating_add(usize::from(area.height));
    let layout = view.layout(area.width, mode);
    let (left, right) = (layout.left, layout.right);
    let mut canvas = Canvas { buffer, area, rows: rows.clone(), colours };
    for &(row, item) in layout.visible(rows) {
        let row = row as usize;
        match item {
            Item::Title(file) => {
                // The blank row above a title belongs to it.
                let row = layout.file_row(file as usize).unwrap_or(row);
                canvas.title(view, row, file as usize);
            }
            Item::Note => canvas.note(row, MALFORMED),
            Item::LeftOut => {
                let left = view.parsed.left_out;
                canvas.note(row, &format!("… ({left} more bytes, too many to be shown)"));
            }
            Item::Full(line) => canvas.full(view, row, line as usize, left),
            Item::Pair(old, new) => {
                let divider = left.gutter + left.content;
                let height = canvas.side(view, row, old, (0, left), Side::Old);
                let other = canvas.side(view, row, new, (divider + 1, right), Side::New);
                canvas.divider(row, height.max(other), divider);
            }
        }
    }
}

const MALFORMED: &str = "not in git's form: shown as plain text";

/// The visible rows of a diff, and where they are drawn.
struct Canvas<'a> {
    buffer: &'a mut Buffer,
    area: Rect,
    rows: Range<usize>,
    colours: &'a DiffColours,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Old,
    New,
}

/// A line's text with everything that colours it.
struct Painted {
    shown: SafeText,
    rows: Vec<Range<usize>>,
    roles: Option<Roles>,
    words: Option<Ranges>,
    base: Style,
    word: Style,
}

impl Canvas<'_> {
    /// The screen row of a row of the diff, if it is visible.
    fn y(&self, row: usize) -> Option<u16> {
        let below = row.checked_sub(self.rows.start).filter(|_| row < self.rows.end)?;
        u16::try_from(below).ok().map(|below| self.area.y + below)
    }

    fn put(&mut self, x: u16, y: u16, text: &str, style: Style) -> u16 {
        let room = self.area.right().saturating_sub(x);
        if room == 0 {
            return x;
        }
        self.buffer.set_stringn(x, y, text, usize::from(room), style).0
    }

    fn title(&mut self, view: &DiffView, row: usize, file: usize) {
        let (Some(y), Some(file)) = (self.y(row), view.files().get(file)) else { return };
        let header = self.colours.header;
        self.buffer.set_style(Rect { y, height: 1, ..self.area }, header);
        let before = format!("{}  ", status(file.status));
        let after = remarks(file);
        let room = usize::from(self.area.width).saturating_sub(before.width() + after.width());
        let mut x = self.put(self.area.x, y, &before, header);
        let hidden = header.patch(self.colours.hidden_token);
        for segment in file.path.clipped(room).segments() {
            let token = matches!(segment, crate::text::Segment::Token(_));
            x = self.put(x, y, segment.as_str(), if token { hidden } else { header });
        }
        self.put(x, y, &after, header);
    }

    fn note(&mut self, row: usize, text: &str) {
        let Some(y) = self.y(row) else { return };
        self.put(self.area.x, y, text, self.colours.note);
    }

    /// A line over the whole width.
    fn full(&mut self, view: &DiffView, row: usize, at: usize, columns: Columns) {
        let Some(line) = view.parsed.lines.get(at).copied() else { return };
        let in_hunk =
            matches!(line.kind, Kind::Context | Kind::Added | Kind::Removed | Kind::NoNewline);
        let (gutter, width) =
            if in_hunk { (columns.gutter, columns.content) } else { (1, self.area.width - 1) };
        let painted = paint(view, at, &line, width.max(1), self.colours);
        for (wrapped, range) in painted.rows.iter().enumerate() {
            let Some(y) = self.y(row + wrapped) else { continue };
            self.buffer.set_style(Rect { y, height: 1, ..self.area }, painted.base);
            if in_hunk {
                let numbers = if wrapped == 0 { (line.old, line.new) } else { (NONE, NONE) };
                self.numbers(self.area.x, y, columns, &[numbers.0, numbers.1]);
                self.mark(self.area.x, y, columns, &line, wrapped, painted.base);
            }
            self.content(self.area.x + gutter, y, &painted, range);
        }
    }

    /// A line on one side, in columns from `from` on; gives back how many rows it takes.
    fn side(
        &mut self,
        view: &DiffView,
        row: usize,
        at: u32,
        (from, columns): (u16, Columns),
        side: Side,
    ) -> usize {
        let Some(line) = view.parsed.lines.get(at as usize).copied() else { return 0 };
        let painted = paint(view, at as usize, &line, columns.content, self.colours);
        let number = match side {
            Side::Old => line.old,
            Side::New => line.new,
        };
        let x = self.area.x + from;
        for (wrapped, range) in painted.rows.iter().enumerate() {
            let Some(y) = self.y(row + wrapped) else { continue };
            let width = columns.gutter + columns.content;
            let cells = Rect { x, y, width, height: 1 }.intersection(self.area);
            self.buffer.set_style(cells, painted.base);
            let number = if wrapped == 0 { number } else { NONE };
            self.numbers(x, y, columns, &[number]);
            self.mark(x, y, columns, &line, wrapped, painted.base);
            self.content(x + columns.gutter, y, &painted, range);
        }
        painted.rows.len()
    }

    fn divider(&mut self, row: usize, height: usize, from: u16) {
        for wrapped in 0..height {
            let Some(y) = self.y(row + wrapped) else { continue };
            self.put(self.area.x + from, y, "│", self.colours.gutter);
        }
    }

    fn numbers(&mut self, x: u16, y: u16, columns: Columns, numbers: &[u32]) {
        if columns.number == 0 {
            return;
        }
        let width = usize::from(columns.number);
        let mut x = x;
        for &number in numbers {
            let text = if number == NONE { String::new() } else { number.to_string() };
            x = self.put(x, y, &format!("{text:>width$} "), self.colours.gutter);
        }
    }

    /// `+` or `-`, or `…` where a line goes on from the row above.
    fn mark(&mut self, x: u16, y: u16, columns: Columns, line: &Line, wrapped: usize, base: Style) {
        let goes_on = wrapped > 0 || line.continued;
        let mark = if goes_on { "…" } else { self.colours.line(line.kind).2 };
        let style = if goes_on { base.patch(self.colours.gutter) } else { base };
        self.put(x + columns.gutter.saturating_sub(2), y, mark, style);
    }

    fn content(&mut self, x: u16, y: u16, painted: &Painted, range: &Range<usize>) {
        let mut x = x;
        let mut at = range.start;
        while at < range.end {
            let (end, style) = painted.style(at, self.colours);
            let end = end.clamp(at + 1, range.end);
            let text = painted.shown.as_str().get(at..end).unwrap_or_default();
            x = self.put(x, y, text, style);
            at = end;
        }
    }
}

impl Painted {
    /// The style at a byte, and where it ends.
    fn style(&self, at: usize, colours: &DiffColours) -> (usize, Style) {
        let tokens = self.shown.token_ranges();
        let mut end = self.shown.as_str().len();
        let mut style = self.base;
        if let Some(roles) = &self.roles {
            let next = roles.partition_point(|(range, _)| range.end <= at);
            if let Some((range, role)) = roles.get(next) {
                let inside = range.start <= at;
                end = end.min(if inside { range.end } else { range.start });
                style = if inside { style.patch(colours.role(*role)) } else { style };
            }
        }
        if let Some(words) = &self.words {
            let next = words.partition_point(|range| range.end <= at);
            if let Some(range) = words.get(next) {
                let inside = range.start <= at;
                end = end.min(if inside { range.end } else { range.start });
                style = if inside { style.patch(self.word) } else { style };
            }
        }
        let next = tokens.partition_point(|&(_, token_end)| token_end <= at);
        if let Some(&(start, token_end)) = tokens.get(next) {
            let inside = start <= at;
            end = end.min(if inside { token_end } else { start });
            style = if inside { style.patch(colours.hidden_token) } else { style };
        }
        (end, style)
    }
}

fn paint(view: &DiffView, at: usize, line: &Line, width: u16, colours: &DiffColours) -> Painted {
    let shown = view.shown(at);
    let rows = wrap(shown.as_str(), usize::from(width));
    let roles = view.roles(at);
    let words = words(view, at, line);
    let (base, word, _) = colours.line(line.kind);
    Painted { shown, rows, roles, words, base, word }
}

/// The changed words of a line that has a counterpart.
fn words(view: &DiffView, at: usize, line: &Line) -> Option<Ranges> {
    let other = usize::try_from(line.pair).ok().filter(|_| line.pair != NONE)?;
    let removed = line.kind == Kind::Removed;
    let pair = if removed { (at, other) } else { (other, at) };
    let (old, new) = view.words(pair);
    Some(if removed { old } else { new })
}

fn status(status: FileStatus) -> &'static str {
    match status {
        FileStatus::Added => "added",
        FileStatus::Modified => "modified",
        FileStatus::Removed => "removed",
        FileStatus::Renamed => "renamed",
        FileStatus::Other => "changed",
    }
}

/// What stands after a path in its title.
fn remarks(file: &DiffFile) -> String {
    let mut text = format!("  +{} −{}", file.additions, file.deletions);
    if file.binary {
        text.push_str("  binary");
    }
    if file.crlf {
        text.push_str("  CR LF");
    }
    if file.has_hidden {
        text.push_str("  hidden characters");
    }
    text
}
