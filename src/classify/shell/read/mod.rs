//! Reads a script: lists and pipelines here, and what they hold next door.
//!
//! ```text
//!   list ─▶ item ─▶ pipeline ─▶ command ─┬─▶ compound ─▶ list …
//!                                        └─▶ simple ─▶ words (`words.rs`)
//! ```
//!
//! One pass from left to right, with no way back but one (`((` may turn out to be two
//! subshells). Nesting and the number of parts are bounded, so that the time and the stack are.

mod compound;
mod simple;

use super::{
    syntax::{Command, Item, Join, List, Pipeline, Text},
    words::Within,
};
use crate::{classify::Word, domain::Span};
use simple::Awaited;

/// How deep lists, quotes and expansions may lie in each other.
const DEEPEST: u32 = 40;
/// The most words, pieces and operators of one script.
const MOST: u32 = 6_000;
/// How often reading starts again behind a line that cannot be read.
const RESTARTS: u32 = 8;

/// Why a script cannot be read.
pub(super) type Read<T> = Result<T, &'static str>;

/// Reads one script.
pub(super) struct Reader<'a> {
    pub(super) script: &'a Word,
    pub(super) text: &'a str,
    pub(super) at: usize,
    depth: u32,
    left: u32,
    awaited: Vec<Awaited>,
}

/// What could be read of a script.
pub(super) struct Script {
    pub list: List,
    /// What could not, and why.
    pub unread: Vec<(Span, &'static str)>,
    /// How many parts it has.
    pub parts: u32,
}

/// Reads a script as far as it can be read.
pub(super) fn script(script: &Word) -> Script {
    let mut reader = Reader::new(script, 0);
    let mut read = Script { list: List::default(), unread: Vec::new(), parts: 0 };
    for _ in 0..RESTARTS {
        let (start, because) = loop {
            reader.lines();
            let start = reader.at;
            if start >= reader.text.len() {
                break (start, None);
            }
            match reader.item() {
                Ok(Some(item)) => read.list.0.push(item),
                Ok(None) => break (start, Some("it is not shell that can be read")),
                Err(because) => break (start, Some(because)),
            }
        };
        read.parts = MOST - reader.left;
        let Some(because) = because else { break };
        let end = start + reader.text[start..].find('\n').unwrap_or(reader.text.len() - start);
        read.unread.push((script.at(start..end), because));
        if reader.left == 0 || end >= reader.text.len() {
            break;
        }
        reader.at = end;
        reader.depth = 0;
        reader.awaited.clear();
    }
    read
}

/// Reads a text in which parameters and the output of commands are put.
pub(super) fn text(body: &Word) -> Read<Text> {
    here(body, 0, &mut MOST.clone())
}

/// Reads the text of a here-document, in which parameters and the output of commands are put.
fn here(body: &Word, depth: u32, left: &mut u32) -> Read<Text> {
    let mut reader = Reader::new(body, depth);
    reader.left = *left;
    let pieces = reader.pieces(Within::Here);
    *left = reader.left;
    Ok(Text { pieces: pieces?, span: body.span() })
}

impl<'a> Reader<'a> {
    fn new(script: &'a Word, depth: u32) -> Self {
        Self { script, text: script.text(), at: 0, depth, left: MOST, awaited: Vec::new() }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.byte(0)
    }

    pub(super) fn byte(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    pub(super) fn begins(&self, with: &str) -> bool {
        self.text.as_bytes()[self.at.min(self.text.len())..].starts_with(with.as_bytes())
    }

    pub(super) fn takes(&mut self, text: &str) -> bool {
        let begins = self.begins(text);
        if begins {
            self.at += text.len();
        }
        begins
    }

    pub(super) fn expect(&mut self, text: &str) -> Read<()> {
        if self.takes(text) { Ok(()) } else { Err("something is not closed in it") }
    }

    /// Counts one part.
    pub(super) fn count(&mut self) -> Read<()> {
        self.left = self.left.checked_sub(1).ok_or("it is longer than is read")?;
        Ok(())
    }

    pub(super) fn span(&self, start: usize) -> Span {
        self.script.at(start..self.at)
    }

    /// Reads something that lies in something else.
    pub(super) fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth == DEEPEST {
            return Err("it is nested deeper than is read");
        }
        self.depth += 1;
        let read = stacker::maybe_grow(96 * 1024, 1024 * 1024, || read(self));
        self.depth -= 1;
        read
    }

    /// Goes over blanks, comments and joined lines, but not over the end of the line.
    pub(super) fn blanks(&mut self) {
        loop {
            match self.peek() {
                Some(b' ' | b'\t') => self.at += 1,
                Some(b'\\') if self.byte(1) == Some(b'\n') => self.at += 2,
                Some(b'\\') if self.begins("\\\r\n") => self.at += 3,
                Some(b'#') => {
                    let rest = &self.text[self.at..];
                    self.at += rest.find(['\n', '\r']).unwrap_or(rest.len());
                }
                _ => return,
            }
        }
    }

    /// Goes over the ends of lines as well, and takes the here-documents that begin there.
    fn lines(&mut self) {
        loop {
            self.blanks();
            match self.peek() {
                Some(b'\n') => {
                    self.at += 1;
                    self.heres();
                }
                Some(b'\r') => self.at += 1,
                _ => return,
            }
        }
    }

    /// The word at this place if it is made of plain letters only, which a reserved word is.
    fn reserved(&self) -> &'a str {
        let rest = &self.text[self.at.min(self.text.len())..];
        let end = rest.find([' ', '\t', '\n', '\r', ';', '&', '|', '(', ')', '<', '>']);
        &rest[..end.unwrap_or(rest.len())]
    }

    fn take_reserved(&mut self, word: &str) -> bool {
        let is = self.reserved() == word;
        if is {
            self.at += word.len();
        }
        is
    }

    fn expect_reserved(&mut self, word: &str) -> Read<()> {
        self.lines();
        if self.take_reserved(word) { Ok(()) } else { Err("a word of the shell is missing in it") }
    }

    /// Whether a list ends here.
    fn ends(&self) -> bool {
        match self.peek() {
            None | Some(b')') => true,
            Some(b';') => matches!(self.byte(1), Some(b';' | b'&')),
            Some(_) => matches!(
                self.reserved(),
                "}" | "then" | "do" | "done" | "fi" | "else" | "elif" | "esac"
            ),
        }
    }

    /// Commands up to what ends them, which is not taken.
    pub(super) fn list(&mut self) -> Read<List> {
        let mut list = List::default();
        self.lines();
        while let Some(item) = self.item()? {
            list.0.push(item);
            self.lines();
        }
        Ok(list)
    }

    fn item(&mut self) -> Read<Option<Item>> {
        if self.ends() {
            return Ok(None);
        }
        let first = self.pipeline()?;
        let mut more = Vec::new();
        loop {
            self.blanks();
            let join = if self.takes("&&") {
                Join::And
            } else if self.takes("||") {
                Join::Or
            } else {
                break;
            };
            self.lines();
            more.push((join, self.pipeline()?));
        }
        let mut item = Item { first, more, background: false };
        match self.peek() {
            Some(b'&') => {
                self.at += 1;
                item.background = true;
            }
            Some(b';') if !self.ends() => self.at += 1,
            None | Some(b'\n' | b'\r' | b')' | b';') => {}
            Some(_) if self.ends() => {}
            Some(_) => return Err("it is not shell that can be read"),
        }
        Ok(Some(item))
    }

    fn pipeline(&mut self) -> Read<Pipeline> {
        let mut pipeline = Pipeline { negated: false, commands: Vec::new() };
        loop {
            self.blanks();
            if self.take_reserved("!") || (self.begins("!(") && self.takes("!")) {
                pipeline.negated = !pipeline.negated;
            } else if self.take_reserved("time") {
                self.blanks();
                if self.take_reserved("-p") {
                    self.blanks();
                }
                self.take_reserved("--");
                if self.at_end_of_command() {
                    return Ok(pipeline);
                }
            } else {
                break;
            }
        }
        loop {
            pipeline.commands.push(self.command()?);
            self.blanks();
            if self.begins("||") || !self.takes("|") {
                return Ok(pipeline);
            }
            self.takes("&");
            self.lines();
        }
    }

    fn at_end_of_command(&self) -> bool {
        matches!(self.peek(), None | Some(b'\n' | b'\r' | b';' | b'&' | b'|' | b')'))
    }

    fn command(&mut self) -> Read<Command> {
        self.count()?;
        self.blanks();
        let start = self.at;
        let kind = match self.compound() {
            Some(compound) => self.deeper(compound)?,
            None => return self.simple(),
        };
        let mut redirects = Vec::new();
        loop {
            self.blanks();
            match self.redirect()? {
                Some(redirect) => redirects.push(redirect),
                None => return Ok(Command { kind, redirects, span: self.span(start) }),
            }
        }
    }

    pub(super) fn word(&mut self) -> Read<Text> {
        let start = self.at;
        let pieces = self.pieces(Within::Word)?;
        Ok(Text { pieces, span: self.span(start) })
    }
}
