//! Reads a script: commands, lists, redirections. The words are read in `words.rs`.
//!
//! One pass from left to right, with no way back but one (`((` may turn out to be two
//! subshells). Nesting and the number of parts are bounded, so that the time and the stack are.

use super::syntax::{
    Assignment, Command, Item, Join, Kind, List, Pipeline, Redirect, Simple, Target, Text, Value,
};
use super::words::Within;
use crate::{classify::Word, domain::Span};
use std::{cell::OnceCell, rc::Rc};

/// How deep lists, quotes and expansions may lie in each other.
const DEEPEST: u32 = 40;
/// The most words, pieces and operators of one script.
const MOST: u32 = 6_000;
/// How often reading starts again behind a line that cannot be read.
const RESTARTS: u32 = 8;

/// Why a script cannot be read.
pub(super) type Read<T> = Result<T, &'static str>;

/// A here-document whose text has not come yet.
struct Awaited {
    end: String,
    tabs: bool,
    quoted: bool,
    text: Rc<OnceCell<Text>>,
}

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

    fn heres(&mut self) {
        for awaited in std::mem::take(&mut self.awaited) {
            let start = self.at;
            let mut end = self.text.len();
            let mut next = end;
            let mut line = start;
            while line < self.text.len() {
                let stop = line + self.text[line..].find('\n').unwrap_or(self.text.len() - line);
                let letters = self.text[line..stop].trim_end_matches('\r');
                let letters = if awaited.tabs { letters.trim_start_matches('\t') } else { letters };
                if letters == awaited.end {
                    (end, next) = (line, (stop + 1).min(self.text.len()));
                    break;
                }
                line = stop + 1;
            }
            let mut body = self.script.part(start..end);
            if awaited.tabs && self.text[start..end].contains('\t') {
                let lines = self.text[start..end].split_inclusive('\n');
                let text: String = lines.map(|line| line.trim_start_matches('\t')).collect();
                body = Word::made(text, body.span());
            }
            self.at = next;
            let text = if awaited.quoted {
                let span = body.span();
                Text { pieces: vec![super::syntax::Piece::Quoted(body)], span }
            } else {
                let unknown = super::syntax::Piece::Quoted(Word::unknown(body.span()));
                let depth = self.depth;
                let read = here(&body, depth, &mut self.left);
                read.unwrap_or(Text { pieces: vec![unknown], span: body.span() })
            };
            let _ = awaited.text.set(text);
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

    /// How a command that begins with a word of the shell is read.
    fn compound(&self) -> Option<fn(&mut Self) -> Read<Kind>> {
        if self.peek() == Some(b'(') {
            return Some(Self::parenthesis);
        }
        Some(match self.reserved() {
            "{" => |reader| {
                reader.at += 1;
                let list = reader.list()?;
                reader.expect_reserved("}")?;
                Ok(Kind::Group(list))
            },
            "if" => Self::branches,
            "while" | "until" => |reader| {
                reader.at += 5;
                let condition = reader.list()?;
                Ok(Kind::While(condition, reader.body()?))
            },
            "for" | "select" => Self::loops,
            "case" => Self::cases,
            "function" => |reader| {
                reader.at += "function".len();
                reader.blanks();
                let name = reader.reserved().to_owned();
                reader.at += name.len();
                reader.blanks();
                if reader.takes("(") {
                    reader.blanks();
                    reader.expect(")")?;
                }
                reader.lines();
                Ok(Kind::Function(name, Rc::new(reader.command()?)))
            },
            "coproc" => |reader| {
                reader.at += "coproc".len();
                reader.blanks();
                // `coproc NAME { …; }`: a name comes before a compound command only.
                let (start, name) = (reader.at, reader.reserved());
                if !name.is_empty() && reader.compound().is_none() {
                    reader.at += name.len();
                    reader.blanks();
                    if reader.compound().is_none() {
                        reader.at = start;
                    }
                }
                Ok(Kind::Coprocess(Box::new(reader.command()?)))
            },
            "[[" => Self::test,
            _ => return None,
        })
    }

    fn body(&mut self) -> Read<List> {
        self.lines();
        if self.take_reserved("{") {
            let list = self.list()?;
            self.expect_reserved("}")?;
            return Ok(list);
        }
        self.expect_reserved("do")?;
        let list = self.list()?;
        self.expect_reserved("done")?;
        Ok(list)
    }

    fn parenthesis(&mut self) -> Read<Kind> {
        if self.begins("((") {
            let start = self.at;
            self.at += 2;
            if let Some(sum) = self.sum()? {
                return Ok(Kind::Sum(sum));
            }
            self.at = start;
        }
        self.at += 1;
        let list = self.list()?;
        self.expect(")")?;
        Ok(Kind::Subshell(list))
    }

    /// What stands between `((` and `))`, if it is that.
    pub(super) fn sum(&mut self) -> Read<Option<Text>> {
        let start = self.at;
        if !self.closes_twice() {
            return Ok(None);
        }
        let pieces = self.pieces(Within::Sum)?;
        let span = self.span(start);
        self.expect("))")?;
        Ok(Some(Text { pieces, span }))
    }

    /// Whether the parentheses from here on are closed by `))`.
    fn closes_twice(&self) -> bool {
        let mut open = 0_u32;
        let mut escaped = false;
        for (ahead, byte) in self.text.as_bytes()[self.at..].iter().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'(' => open += 1,
                b')' if open == 0 => return self.byte(ahead + 1) == Some(b')'),
                b')' => open -= 1,
                _ => {}
            }
        }
        false
    }

    fn branches(&mut self) -> Read<Kind> {
        self.at += "if".len();
        let mut arms = Vec::new();
        loop {
            let condition = self.list()?;
            self.expect_reserved("then")?;
            arms.push((condition, self.list()?));
            self.lines();
            if !self.take_reserved("elif") {
                break;
            }
        }
        let otherwise = if self.take_reserved("else") { self.list()? } else { List::default() };
        self.expect_reserved("fi")?;
        Ok(Kind::If(arms, otherwise))
    }

    fn loops(&mut self) -> Read<Kind> {
        self.at += self.reserved().len();
        self.blanks();
        if self.takes("((") {
            let sums = self.sum()?.ok_or("something is not closed in it")?;
            self.blanks();
            self.takes(";");
            return Ok(Kind::Count(sums, self.body()?));
        }
        let name = self.reserved().to_owned();
        self.at += name.len();
        self.lines();
        let mut words = None;
        if self.take_reserved("in") {
            let mut given = Vec::new();
            loop {
                self.blanks();
                if self.at_end_of_command() {
                    break;
                }
                let begin = self.at;
                given.push(self.word()?);
                if self.at == begin {
                    return Err("it is not shell that can be read");
                }
            }
            words = Some(given);
        }
        self.blanks();
        self.takes(";");
        Ok(Kind::For(name, words, self.body()?))
    }

    fn cases(&mut self) -> Read<Kind> {
        self.at += "case".len();
        self.blanks();
        let subject = self.word()?;
        self.expect_reserved("in")?;
        let mut arms = Vec::new();
        loop {
            self.lines();
            if self.take_reserved("esac") {
                return Ok(Kind::Case(subject, arms));
            }
            self.takes("(");
            let mut patterns = Vec::new();
            loop {
                self.blanks();
                patterns.push(self.word()?);
                self.blanks();
                if !self.takes("|") {
                    break;
                }
            }
            self.expect(")")?;
            arms.push((patterns, self.list()?));
            self.lines();
            let _ = self.takes(";;&") || self.takes(";;") || self.takes(";&");
        }
    }

    fn test(&mut self) -> Read<Kind> {
        self.at += "[[".len();
        let mut words = Vec::new();
        let mut regex = false;
        loop {
            self.lines();
            if self.take_reserved("]]") {
                return Ok(Kind::Test(words));
            }
            let operator = matches!(self.peek(), Some(b'(' | b')' | b'<' | b'>' | b'&' | b'|'));
            if operator && !regex {
                self.at += 1;
                continue;
            }
            let start = self.at;
            let pieces = self.pieces(if regex { Within::Regex } else { Within::Word })?;
            if self.at == start {
                return Err("something is not closed in it");
            }
            let word = Text { pieces, span: self.span(start) };
            regex = word.plain().is_some_and(|word| word.is("=~"));
            words.push(word);
        }
    }

    fn simple(&mut self) -> Read<Command> {
        let start = self.at;
        let mut simple = Simple::default();
        let mut redirects = Vec::new();
        let mut end = self.at;
        loop {
            self.blanks();
            if let Some(redirect) = self.redirect()? {
                redirects.push(redirect);
                end = self.at;
                continue;
            }
            let process = self.begins("<(") || self.begins(">(");
            if self.at_end_of_command() || self.peek() == Some(b'(') && !process {
                break;
            }
            let begin = self.at;
            let word = self.word()?;
            if self.at == begin {
                return Err("it is not shell that can be read");
            }
            end = self.at;
            let declares = simple.words.first().and_then(Text::plain).is_some_and(|word| {
                matches!(word.text(), "declare" | "typeset" | "local" | "export" | "readonly")
            });
            if simple.words.is_empty() || declares {
                match self.assignment(word)? {
                    Ok(array) if declares && matches!(array.value, Value::Many(_)) => {
                        end = self.at;
                        simple.arrays.push(array);
                        continue;
                    }
                    Ok(assignment) if simple.words.is_empty() => {
                        end = self.at;
                        simple.assignments.push(assignment);
                        continue;
                    }
                    Ok(_) => {
                        // `export NAME=value` is taken apart again by the builtin.
                        self.at = begin;
                        let word = self.word()?;
                        simple.words.push(word);
                        continue;
                    }
                    Err(word) => simple.words.push(word),
                }
            } else {
                simple.words.push(word);
            }
            if simple.words.len() == 1 && simple.assignments.is_empty() && redirects.is_empty() {
                self.blanks();
                if self.peek() == Some(b'(') {
                    self.at += 1;
                    self.blanks();
                    self.expect(")")?;
                    self.lines();
                    let name = simple.words.first().and_then(Text::plain).cloned();
                    let name = name.ok_or("the name of a function is not plain")?;
                    let body = self.deeper(Self::command)?;
                    return Ok(Command {
                        kind: Kind::Function(name.text().to_owned(), Rc::new(body)),
                        redirects,
                        span: self.span(start),
                    });
                }
            }
        }
        if simple.words.is_empty() && simple.assignments.is_empty() && redirects.is_empty() {
            return Err("it is not shell that can be read");
        }
        Ok(Command { kind: Kind::Simple(simple), redirects, span: self.script.at(start..end) })
    }

    pub(super) fn word(&mut self) -> Read<Text> {
        let start = self.at;
        let pieces = self.pieces(Within::Word)?;
        Ok(Text { pieces, span: self.span(start) })
    }

    /// Takes a word apart at its `=`, if it is an assignment; gives it back if not.
    fn assignment(&mut self, word: Text) -> Read<Result<Assignment, Text>> {
        let Some(taken) = super::words::assigned(&word) else { return Ok(Err(word)) };
        let super::words::Assigned { name, indexed, append, rest } = taken;
        if rest.pieces.is_empty() && self.peek() == Some(b'(') {
            self.at += 1;
            let mut items = Vec::new();
            loop {
                self.lines();
                if self.takes(")") {
                    break;
                }
                let start = self.at;
                items.push(self.word()?);
                if start == self.at {
                    return Err("something is not closed in it");
                }
            }
            let value = Value::Many(items);
            return Ok(Ok(Assignment { name, indexed, append, value }));
        }
        Ok(Ok(Assignment { name, indexed, append, value: Value::One(rest) }))
    }

    fn redirect(&mut self) -> Read<Option<Redirect>> {
        let start = self.at;
        let digits = self.text.as_bytes()[self.at..].iter().take_while(|b| b.is_ascii_digit());
        let digits = digits.count();
        let mut number = None;
        if digits > 0 {
            if !matches!(self.byte(digits), Some(b'<' | b'>')) {
                return Ok(None);
            }
            number = self.text[self.at..self.at + digits].parse().ok();
            self.at += digits;
        } else if self.peek() == Some(b'{') {
            // `{NAME}>file` opens a descriptor whose number goes into NAME.
            let name = self.reserved();
            let is_name = name.len() > 2
                && name.ends_with('}')
                && name[1..name.len() - 1].bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
            if !is_name || !matches!(self.byte(name.len()), Some(b'<' | b'>')) {
                return Ok(None);
            }
            self.at += name.len();
            number = Some(9);
        }
        let to: fn(Text) -> Target = if self.takes("<<<") {
            Target::Text
        } else if self.begins("<<") {
            return self.here_document(number, start).map(Some);
        } else if self.takes("<>") {
            Target::Both
        } else if self.takes("<&") {
            Target::CopyIn
        } else if self.begins("<(") || self.begins(">(") {
            self.at = start;
            return Ok(None);
        } else if self.takes("<") {
            Target::From
        } else if self.takes(">>") {
            Target::Append
        } else if self.takes(">&") {
            Target::CopyOut
        } else if self.takes(">|") || self.takes(">") {
            Target::Over
        } else if self.takes("&>>") {
            |text| Target::All(text, true)
        } else if self.takes("&>") {
            |text| Target::All(text, false)
        } else {
            return Ok(None);
        };
        self.blanks();
        let begin = self.at;
        let word = self.word()?;
        if self.at == begin {
            return Err("a redirection leads nowhere in it");
        }
        Ok(Some(Redirect { number, to: to(word), span: self.span(start) }))
    }

    fn here_document(&mut self, number: Option<u32>, start: usize) -> Read<Redirect> {
        let tabs = self.takes("<<-");
        if !tabs {
            self.takes("<<");
        }
        self.blanks();
        let begin = self.at;
        let word = self.word()?;
        if self.at == begin {
            return Err("a redirection leads nowhere in it");
        }
        if self.text[begin..self.at].contains('\n') {
            return Err("a line is broken inside of a word of the shell");
        }
        let quoted = word.plain().is_none();
        let end = if quoted {
            unquoted(&self.text[begin..self.at])
        } else {
            self.text[begin..self.at].to_owned()
        };
        let text = Rc::new(OnceCell::new());
        self.awaited.push(Awaited { end, tabs, quoted, text: Rc::clone(&text) });
        Ok(Redirect { number, to: Target::Here(text), span: self.span(start) })
    }
}

/// The word that ends a here-document, without its quotes.
fn unquoted(word: &str) -> String {
    let mut text = String::new();
    let mut letters = word.chars();
    let mut quote = None;
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if quote != Some('\'') => text.extend(letters.next()),
            '\'' | '"' if quote == Some(letter) => quote = None,
            '\'' | '"' if quote.is_none() => quote = Some(letter),
            _ => text.push(letter),
        }
    }
    text
}
