//! Which line stands in which row.

use super::model::{Kind, Line, NONE, Parsed};
use crate::text::is_ordinary;
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How old and new lines stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Mode {
    /// One below the other.
    #[default]
    Unified,
    /// Old on the left, new on the right.
    SideBySide,
}

impl Mode {
    /// Columns from which two sides fit beside each other.
    pub const WIDE: u16 = 140;

    /// Side by side where it is wide enough.
    pub fn for_width(width: u16) -> Self {
        if width >= Self::WIDE { Self::SideBySide } else { Self::Unified }
    }
}

/// Something that takes rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Item {
    /// A file's title, with a blank row above all but the first.
    Title(u32),
    /// Part of a file, or all of the text, does not follow the form.
    Note,
    /// A line over the whole width.
    Full(u32),
    /// A line of either side, [`NONE`] where there is none.
    Pair(u32, u32),
    /// Bytes were left out.
    LeftOut,
}

/// Columns: where numbers, marks and content stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Columns {
    /// Digits of a line number; none where it is too narrow for numbers.
    pub(super) number: u16,
    /// Everything left of the content.
    pub(super) gutter: u16,
    /// The content of a line.
    pub(super) content: u16,
}

/// Rows for one width and mode.
#[derive(Debug)]
pub(super) struct Layout {
    width: u16,
    mode: Mode,
    /// The whole width, or the left side.
    pub(super) left: Columns,
    /// The right side.
    pub(super) right: Columns,
    /// Items with the row they start at.
    items: Vec<(u32, Item)>,
    rows: u32,
    /// Rows of the titles, by file.
    titles: Vec<u32>,
    hunks: Vec<u32>,
}

/// Content narrower than this is not worth the numbers beside it.
const NARROW: u16 = 24;

impl Layout {
    pub(super) fn new(parsed: &Parsed, width: u16, mode: Mode) -> Self {
        let width = width.max(1);
        let digits = u16::try_from(parsed.last_number.max(100).to_string().len()).unwrap_or(10);
        let (left, right) = match mode {
            Mode::Unified => (columns(width, digits, 2), columns(width, digits, 2)),
            Mode::SideBySide => {
                let half = width.saturating_sub(1) / 2;
                (columns(half, digits, 1), columns(width.saturating_sub(half + 1), digits, 1))
            }
        };
        let (items, titles, hunks) = (Vec::new(), Vec::new(), Vec::new());
        let mut layout = Self { width, mode, left, right, items, rows: 0, titles, hunks };
        layout.fill(parsed);
        layout
    }

    pub(super) fn is_for(&self, width: u16, mode: Mode) -> bool {
        self.width == width.max(1) && self.mode == mode
    }

    pub(super) fn rows(&self) -> usize {
        self.rows as usize
    }

    pub(super) fn file_row(&self, file: usize) -> Option<usize> {
        self.titles.get(file).map(|&row| row as usize)
    }

    pub(super) fn file_at(&self, row: usize) -> Option<usize> {
        self.titles.partition_point(|&title| title as usize <= row).checked_sub(1)
    }

    pub(super) fn hunk_below(&self, row: usize) -> Option<usize> {
        let next = self.hunks.partition_point(|&hunk| hunk as usize <= row);
        self.hunks.get(next).map(|&row| row as usize)
    }

    pub(super) fn hunk_above(&self, row: usize) -> Option<usize> {
        let above = self.hunks.partition_point(|&hunk| (hunk as usize) < row).checked_sub(1)?;
        self.hunks.get(above).map(|&row| row as usize)
    }

    /// The items that stand in some rows, each with the row it starts at.
    pub(super) fn visible(&self, rows: Range<usize>) -> &[(u32, Item)] {
        let from = self.items.partition_point(|(row, _)| *row as usize <= rows.start);
        let to = self.items.partition_point(|(row, _)| (*row as usize) < rows.end);
        self.items.get(from.saturating_sub(1)..to).unwrap_or_default()
    }

    fn fill(&mut self, parsed: &Parsed) {
        if parsed.files.is_empty() && !parsed.lines.is_empty() {
            self.push(Item::Note, 1);
        }
        let mut file = NONE;
        let mut at = 0;
        while let Some(line) = parsed.lines.get(at) {
            if line.file != file {
                file = line.file;
                self.title(parsed, file);
            }
            if line.kind == Kind::Hunk {
                self.hunks.push(self.rows);
            }
            let changes =
                matches!(line.kind, Kind::Context | Kind::Added | Kind::Removed | Kind::NoNewline);
            if self.mode == Mode::SideBySide && changes {
                at = self.sides(parsed, at);
                continue;
            }
            if line.kind != Kind::Canonical {
                let height = Self::height(parsed, at, self.full_width(line));
                self.push(Item::Full(index(at)), height);
            }
            at += 1;
        }
        if parsed.left_out > 0 {
            self.push(Item::LeftOut, 1);
        }
    }

    fn title(&mut self, parsed: &Parsed, file: u32) {
        let blank = u32::from(self.rows > 0);
        self.titles.push(self.rows + blank);
        self.push(Item::Title(file), 1 + blank);
        if parsed.files.get(file as usize).is_some_and(|file| file.malformed) {
            self.push(Item::Note, 1);
        }
    }

    /// One context line on both sides, or a changed stretch: its removed lines beside its added
    /// ones. Gives back the line after it.
    fn sides(&mut self, parsed: &Parsed, start: usize) -> usize {
        let (mut old, mut new) = (Vec::new(), Vec::new());
        let mut at = start;
        let mut last = Kind::Context;
        while let Some(line) = parsed.lines.get(at) {
            match line.kind {
                Kind::Context if at == start || line.continued && last == Kind::Context => {
                    self.pair(parsed, index(at), index(at));
                }
                Kind::Removed => old.push(index(at)),
                Kind::Added => new.push(index(at)),
                Kind::NoNewline if last == Kind::Removed => old.push(index(at)),
                Kind::NoNewline if last == Kind::Added => new.push(index(at)),
                Kind::NoNewline => self.pair(parsed, index(at), index(at)),
                _ => break,
            }
            if line.kind != Kind::NoNewline {
                last = line.kind;
            }
            at += 1;
        }
        for row in 0..old.len().max(new.len()) {
            let side = |lines: &[u32]| lines.get(row).copied().unwrap_or(NONE);
            self.pair(parsed, side(&old), side(&new));
        }
        at.max(start + 1)
    }

    fn pair(&mut self, parsed: &Parsed, old: u32, new: u32) {
        let left = Self::height(parsed, old as usize, self.left.content);
        let right = Self::height(parsed, new as usize, self.right.content);
        self.push(Item::Pair(old, new), left.max(right));
    }

    fn push(&mut self, item: Item, height: u32) {
        self.items.push((self.rows, item));
        self.rows = self.rows.saturating_add(height);
    }

    /// Columns for a line that stands alone.
    pub(super) fn full_width(&self, line: &Line) -> u16 {
        match line.kind {
            Kind::Context | Kind::Added | Kind::Removed | Kind::NoNewline => self.left.content,
            _ => self.width.saturating_sub(1).max(1),
        }
    }

    fn height(parsed: &Parsed, at: usize, width: u16) -> u32 {
        let Some(line) = parsed.lines.get(at) else { return 0 };
        let width = u32::from(width.max(1));
        if line.columns <= width {
            1
        } else if line.ascii {
            line.columns.div_ceil(width)
        } else {
            let shown = parsed.shown(at);
            index(wrap(shown.as_str(), width as usize).len())
        }
    }
}

fn columns(width: u16, digits: u16, numbers: u16) -> Columns {
    let gutter = numbers * (digits + 1) + 2;
    if width < gutter + NARROW {
        Columns { number: 0, gutter: 2, content: width.saturating_sub(2).max(1) }
    } else {
        Columns { number: digits, gutter, content: width - gutter }
    }
}

/// Positions stay below the number of bytes that are taken in, which fits.
fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(NONE)
}

/// Cuts a line into rows; at least one, and never inside a character that is drawn as one.
pub(super) fn wrap(text: &str, width: usize) -> Vec<Range<usize>> {
    let width = width.max(1);
    if text.is_empty() {
        return std::iter::once(0..0).collect();
    }
    if text.is_ascii() {
        let starts = (0..text.len()).step_by(width);
        return starts.map(|start| start..(start + width).min(text.len())).collect();
    }
    if text.chars().all(is_ordinary) {
        let cells = text.char_indices().map(|(at, c)| (at, c.width().unwrap_or(0)));
        cut(text.len(), width, cells)
    } else {
        let cells = text.grapheme_indices(true).map(|(at, cluster)| (at, cluster.width()));
        cut(text.len(), width, cells)
    }
}

/// Cuts where the next piece would not fit; pieces are given by where they start and how many
/// columns they take.
fn cut(
    length: usize,
    width: usize,
    pieces: impl Iterator<Item = (usize, usize)>,
) -> Vec<Range<usize>> {
    let mut rows = Vec::new();
    let (mut start, mut used) = (0, 0);
    for (at, columns) in pieces {
        if used + columns > width && at > start {
            rows.push(start..at);
            (start, used) = (at, 0);
        }
        used += columns;
    }
    rows.push(start..length);
    rows
}
