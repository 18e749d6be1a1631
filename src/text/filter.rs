//! The filter itself: one pass, bounded, from raw characters to text and tokens.

use super::hidden::{is_hidden, is_mark, is_ordinary, is_presentation, takes_presentation, token};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthChar;

/// Characters one line shows at most; the rest is counted, not shown.
pub const LINE_LIMIT: usize = 16 * 1024;

/// Characters a block shows at most; the rest is counted, not shown.
pub const BLOCK_LIMIT: usize = 1024 * 1024;

/// Room for the note that says how much was left out, so that filtered text passes the filter
/// again unchanged.
const NOTE_ROOM: usize = 64;

/// Marks drawn onto one base character; writing systems need no more, and "zalgo" text climbs
/// over its neighbours with them.
const MARKS_PER_BASE: usize = 4;

/// Code points in one grapheme cluster. Conjoining letters can be chained without end into one
/// cluster, which no terminal cell holds and which widgets drop when it does not fit.
const CLUSTER_LIMIT: usize = 16;

/// Columns between two tab stops of a block.
const TAB_STOP: usize = 4;

/// Whether line breaks are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// One line.
    Line,
    /// Lines separated by `\n`.
    Block,
}

impl Shape {
    fn limit(self) -> usize {
        match self {
            Self::Line => LINE_LIMIT,
            Self::Block => BLOCK_LIMIT,
        }
    }
}

/// Text and the byte ranges of its tokens.
pub(super) type Filtered = (String, Vec<(usize, usize)>);

/// Filters `raw`.
pub(super) fn filter(raw: &str, shape: Shape) -> Filtered {
    // Bytes are no fewer than characters, so what is short enough in bytes is so in characters.
    if raw.len() <= shape.limit() && raw.chars().all(|c| is_plain(c, shape)) {
        return (raw.to_owned(), Vec::new());
    }
    let mut pass = Pass::new(raw.len(), shape);
    for cluster in raw.graphemes(true) {
        if !pass.cluster(cluster) {
            break;
        }
    }
    pass.finish(raw)
}

fn is_plain(c: char, shape: Shape) -> bool {
    is_ordinary(c) || (c == '\n' && shape == Shape::Block)
}

/// A place up to which everything fits.
#[derive(Debug, Clone, Copy, Default)]
struct Mark {
    /// Characters read so far.
    read: usize,
    /// Bytes written so far.
    written: usize,
    /// Tokens so far.
    tokens: usize,
}

struct Pass {
    shape: Shape,
    text: String,
    tokens: Vec<(usize, usize)>,
    /// A run of one hidden character that has not been written yet.
    run: Option<(char, usize)>,
    /// Characters written.
    shown: usize,
    /// Characters read.
    read: usize,
    /// Columns since the last line break.
    column: usize,
    /// The last character written as it came, if a mark may sit on it.
    base: Option<char>,
    /// Marks on that base so far.
    marks: usize,
    /// The last place where the text still fitted.
    fits: Mark,
}

impl Pass {
    fn new(room: usize, shape: Shape) -> Self {
        Self {
            shape,
            text: String::with_capacity(room.min(shape.limit() * 4)),
            tokens: Vec::new(),
            run: None,
            shown: 0,
            read: 0,
            column: 0,
            base: None,
            marks: 0,
            fits: Mark::default(),
        }
    }

    /// Takes one grapheme cluster; `false` when there is no room left.
    fn cluster(&mut self, cluster: &str) -> bool {
        if self.shape == Shape::Block && cluster == "\r\n" {
            self.plain('\n');
            self.read += 2;
            return self.boundary();
        }
        for (at, c) in cluster.chars().enumerate() {
            self.character(c, at);
            self.read += 1;
            if !self.boundary() {
                return false;
            }
        }
        true
    }

    fn character(&mut self, c: char, at: usize) {
        match c {
            '\n' if self.shape == Shape::Block => self.plain(c),
            '\t' => self.tab(),
            _ if is_ordinary(c) && at < CLUSTER_LIMIT => self.plain(c),
            _ if is_presentation(c) && self.base.is_some_and(takes_presentation) => {
                self.plain(c);
                self.base = None;
            }
            _ if is_hidden(c) || at >= CLUSTER_LIMIT => self.hide(c),
            _ if is_mark(c) => {
                if self.base.is_some() && self.marks < MARKS_PER_BASE {
                    let (base, marks) = (self.base, self.marks);
                    self.plain(c);
                    (self.base, self.marks) = (base, marks + 1);
                } else {
                    self.hide(c);
                }
            }
            _ => self.plain(c),
        }
    }

    fn tab(&mut self) {
        self.flush();
        let spaces = match self.shape {
            Shape::Line => 1,
            Shape::Block => TAB_STOP - self.column % TAB_STOP,
        };
        for _ in 0..spaces {
            self.plain(' ');
        }
    }

    fn plain(&mut self, c: char) {
        self.flush();
        self.text.push(c);
        self.shown += 1;
        self.marks = 0;
        if c == '\n' {
            self.column = 0;
            self.base = None;
        } else {
            self.column += c.width().unwrap_or(0);
            self.base = Some(c);
        }
    }

    fn hide(&mut self, c: char) {
        // Nothing may be drawn onto a token.
        self.base = None;
        match &mut self.run {
            Some((same, times)) if *same == c => *times += 1,
            _ => {
                self.flush();
                self.run = Some((c, 1));
            }
        }
    }

    fn flush(&mut self) {
        let Some((c, times)) = self.run.take() else { return };
        self.token(&token(c, times));
        self.note_fit();
    }

    fn token(&mut self, token: &str) {
        let start = self.text.len();
        self.text.push_str(token);
        self.tokens.push((start, self.text.len()));
        let columns = token.chars().count();
        self.shown += columns;
        self.column += columns;
    }

    /// Notes that everything so far fits, or says that there is no room left.
    fn boundary(&mut self) -> bool {
        // A pending run is not in the text yet.
        if self.run.is_none() {
            self.note_fit();
        }
        self.shown <= self.shape.limit() + NOTE_ROOM
    }

    fn note_fit(&mut self) {
        if self.shown <= self.shape.limit() {
            self.fits =
                Mark { read: self.read, written: self.text.len(), tokens: self.tokens.len() };
        }
    }

    fn finish(mut self, raw: &str) -> Filtered {
        self.flush();
        if self.shown > self.shape.limit() + NOTE_ROOM {
            self.text.truncate(self.fits.written);
            self.tokens.truncate(self.fits.tokens);
            let left = raw.chars().count() - self.fits.read;
            self.token(&format!("… ({left} more characters)"));
        }
        (self.text, self.tokens)
    }
}
