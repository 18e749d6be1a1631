//! Reads a word: its letters, quotes, parameters and substitutions.

use super::{
    read::{Read, Reader},
    syntax::{Change, Parameter, Piece, Text},
};
use crate::{
    classify::{HOLE, Word},
    domain::Span,
};
use std::rc::Rc;

/// In what a text lies, which says where it ends and what its letters mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Within {
    /// A word of a command.
    Word,
    /// A word behind `=~`, in which parentheses and `|` are letters.
    Regex,
    /// `"…"`
    Double,
    /// A here-document.
    Here,
    /// `((…))`
    Sum,
    /// `[…]`
    Index,
    /// What stands in `${NAME:-…}`, up to `}`; with whether it lies in `"…"`.
    Braces(bool),
    /// The same, up to `/`.
    Slash(bool),
    /// The same, up to `:`.
    Colon(bool),
}

impl Within {
    /// Whether `'` and most backslashes are letters.
    const fn is_quoted(self) -> bool {
        matches!(
            self,
            Self::Double
                | Self::Here
                | Self::Sum
                | Self::Braces(true)
                | Self::Slash(true)
                | Self::Colon(true)
        )
    }
}

pub(super) const fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

impl Reader<'_> {
    /// The pieces up to the end of what they lie in, which is not taken.
    pub(super) fn pieces(&mut self, within: Within) -> Read<Vec<Piece>> {
        let mut pieces = Vec::new();
        let mut start = self.at;
        let mut open = 0_u32;
        while let Some(byte) = self.peek() {
            let ends = match within {
                Within::Word | Within::Regex => match byte {
                    b'<' | b'>' if self.byte(1) == Some(b'(') => false,
                    b' ' | b'\t' | b'\n' | b'\r' => open == 0 || byte == b'\n',
                    b'(' | b')' | b'|' if within == Within::Regex => {
                        open = match byte {
                            b'(' => open + 1,
                            b')' if open > 0 => open - 1,
                            _ => open,
                        };
                        false
                    }
                    b';' | b'&' | b'|' | b'(' | b')' | b'<' | b'>' => open == 0,
                    _ => false,
                },
                Within::Double => byte == b'"',
                Within::Here => false,
                Within::Index => byte == b']',
                Within::Sum => {
                    let closes = byte == b')' && open == 0;
                    match byte {
                        b'(' => open += 1,
                        b')' => open = open.saturating_sub(1),
                        _ => {}
                    }
                    closes
                }
                Within::Braces(_) => byte == b'}',
                Within::Slash(_) => matches!(byte, b'}' | b'/'),
                Within::Colon(_) => matches!(byte, b'}' | b':'),
            };
            let special = match byte {
                b'\\' | b'$' | b'`' => true,
                b'"' => !matches!(within, Within::Here | Within::Double),
                b'\'' => !within.is_quoted(),
                b'<' | b'>' => within == Within::Word && self.byte(1) == Some(b'('),
                b'(' => within == Within::Word && ends && self.is_pattern(start),
                _ => false,
            };
            if !special {
                if ends {
                    break;
                }
                self.at += 1;
                continue;
            }
            let before = self.at;
            if byte != b'(' {
                self.letters(start, within, &mut pieces)?;
            }
            match byte {
                b'\\' => self.escape(within, &mut pieces)?,
                b'\'' => self.single(&mut pieces)?,
                b'"' => {
                    self.at += 1;
                    pieces.push(Piece::Double(self.double()?));
                }
                b'$' => self.dollar(within, &mut pieces)?,
                b'`' => self.backquoted(within, &mut pieces)?,
                b'(' => {
                    self.pattern()?;
                    continue;
                }
                _ => {
                    self.at += 2;
                    let list = self.nested_list()?;
                    let span = self.span(before);
                    pieces.push(Piece::Process { list, written: byte == b'>', span });
                }
            }
            start = self.at;
            if self.at == before {
                // The backslash or dollar is a letter here.
                self.at += 1;
            }
        }
        self.letters(start, within, &mut pieces)?;
        Ok(pieces)
    }

    /// Whether a `(` here belongs to a pattern such as `@(a|b)`.
    fn is_pattern(&self, start: usize) -> bool {
        let before = self.text.as_bytes()[start..self.at].last();
        matches!(before, Some(b'@' | b'!' | b'?' | b'+' | b'*'))
    }

    /// Goes over the parentheses of a pattern.
    fn pattern(&mut self) -> Read<()> {
        let mut open = 0_u32;
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'\\' => self.at = (self.at + 1).min(self.text.len()),
                b'(' => open += 1,
                b')' => open -= 1,
                b'$' | b'`' | b'\n' => return Err("a pattern in it is not read"),
                _ => {}
            }
            if open == 0 {
                return Ok(());
            }
        }
        Err("something is not closed in it")
    }

    fn letters(&mut self, start: usize, within: Within, pieces: &mut Vec<Piece>) -> Read<()> {
        if start < self.at {
            self.count()?;
            let word = self.script.part(start..self.at);
            pieces.push(if within.is_quoted() { Piece::Quoted(word) } else { Piece::Plain(word) });
        }
        Ok(())
    }

    fn escape(&mut self, within: Within, pieces: &mut Vec<Piece>) -> Read<()> {
        if self.begins("\\\n") {
            self.at += 2;
            return Ok(());
        }
        let Some(next) = self.byte(1) else {
            if !within.is_quoted() {
                // A backslash at the very end is a letter.
                pieces.push(Piece::Quoted(self.script.part(self.at..self.at + 1)));
                self.at += 1;
            }
            return Ok(());
        };
        let escapes = !within.is_quoted()
            || matches!(next, b'$' | b'`' | b'\\')
            || next == b'"' && within != Within::Here
            || next == b'}' && matches!(within, Within::Braces(true));
        if escapes {
            self.count()?;
            let start = self.at + 1;
            let letter = self.text.get(start..).and_then(|rest| rest.chars().next());
            self.at = start + letter.map_or(1, char::len_utf8);
            pieces.push(Piece::Quoted(self.script.part(start..self.at)));
        }
        Ok(())
    }

    fn single(&mut self, pieces: &mut Vec<Piece>) -> Read<()> {
        self.count()?;
        let start = self.at + 1;
        let rest = self.text.get(start..).unwrap_or_default();
        let end = start + rest.find('\'').ok_or("a quote is not closed in it")?;
        self.at = end + 1;
        pieces.push(Piece::Quoted(self.script.part(start..end)));
        Ok(())
    }

    fn double(&mut self) -> Read<Vec<Piece>> {
        self.count()?;
        let pieces = self.deeper(|reader| reader.pieces(Within::Double))?;
        self.takes("\"").then_some(pieces).ok_or("a quote is not closed in it")
    }

    pub(super) fn nested_list(&mut self) -> Read<Rc<crate::classify::shell::syntax::List>> {
        self.count()?;
        let list = self.deeper(Self::list)?;
        self.expect(")")?;
        Ok(Rc::new(list))
    }

    fn dollar(&mut self, within: Within, pieces: &mut Vec<Piece>) -> Read<()> {
        let start = self.at;
        let Some(next) = self.byte(1) else { return Ok(()) };
        match next {
            b'(' => {
                self.count()?;
                self.at += 2;
                if self.takes("(") {
                    if let Some(sum) = self.deeper(Self::sum)? {
                        pieces.push(Piece::Sum(sum.pieces));
                        return Ok(());
                    }
                    self.at -= 1;
                }
                let list = self.nested_list()?;
                pieces.push(Piece::Output(list, self.span(start)));
            }
            b'[' => {
                self.at += 2;
                let sum = self.deeper(|reader| reader.pieces(Within::Index))?;
                self.expect("]")?;
                pieces.push(Piece::Sum(sum));
            }
            b'{' => {
                self.count()?;
                self.at += 2;
                let quoted = within.is_quoted();
                let mut parameter = self.deeper(|reader| reader.parameter(quoted))?;
                parameter.span = self.span(start);
                pieces.push(Piece::Parameter(Box::new(parameter)));
            }
            b'\'' if !within.is_quoted() => {
                self.count()?;
                self.at += 2;
                let text = self.ansi()?;
                pieces.push(Piece::Quoted(Word::made(text, self.span(start))));
            }
            b'"' if !within.is_quoted() => {
                self.at += 2;
                pieces.push(Piece::Double(self.double()?));
            }
            _ => {
                let rest = &self.text.as_bytes()[self.at + 1..];
                let length = match next {
                    b'0'..=b'9' | b'@' | b'*' | b'#' | b'?' | b'-' | b'$' | b'!' => 1,
                    _ => rest.iter().take_while(|byte| is_name(**byte)).count(),
                };
                if self.begins("$\\\n") {
                    return Err("a line is broken inside of a word of the shell");
                }
                if length == 0 {
                    return Ok(());
                }
                self.count()?;
                let mut name = self.text[start + 1..start + 1 + length].to_owned();
                self.at += 1 + length;
                while self.begins("\\\n") && is_name(next) {
                    let rest = &self.text.as_bytes()[self.at + 2..];
                    let more = rest.iter().take_while(|byte| is_name(**byte)).count();
                    name.push_str(&self.text[self.at + 2..self.at + 2 + more]);
                    self.at += 2 + more;
                }
                pieces.push(Piece::Parameter(Box::new(Parameter {
                    name,
                    index: None,
                    indirect: false,
                    bare: true,
                    change: Change::None,
                    span: self.span(start),
                })));
            }
        }
        Ok(())
    }

    /// What stands between `${` and `}`.
    fn parameter(&mut self, quoted: bool) -> Read<Parameter> {
        let mut parameter = Parameter {
            name: String::new(),
            index: None,
            indirect: false,
            bare: false,
            change: Change::None,
            span: Span::default(),
        };
        let next = self.byte(1);
        let named = next.is_some_and(|byte| is_name(byte) || matches!(byte, b'@' | b'*'));
        let length = self.peek() == Some(b'#') && named;
        if length {
            self.at += 1;
        } else if self.peek() == Some(b'!') && named {
            self.at += 1;
            parameter.indirect = true;
        }
        let rest = &self.text.as_bytes()[self.at..];
        let letters = match rest.first() {
            Some(b'@' | b'*' | b'#' | b'?' | b'-' | b'$' | b'!') => 1,
            Some(byte) if byte.is_ascii_digit() => {
                rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
            }
            _ => rest.iter().take_while(|byte| is_name(**byte)).count(),
        };
        if letters == 0 {
            return Err("a parameter in it has no name");
        }
        self.text[self.at..self.at + letters].clone_into(&mut parameter.name);
        self.at += letters;
        if self.takes("[") {
            parameter.index = Some(self.pieces(Within::Index)?);
            self.expect("]")?;
        }
        parameter.change = if length { Change::Length } else { self.change(quoted)? };
        if parameter.indirect
            && (matches!(parameter.change, Change::Unknown) || parameter.index.is_some())
        {
            parameter.change = Change::Unknown;
        }
        self.expect("}")?;
        Ok(parameter)
    }

    fn change(&mut self, quoted: bool) -> Read<Change> {
        let Some(byte) = self.peek() else { return Err("something is not closed in it") };
        let colon = byte == b':' && matches!(self.byte(1), Some(b'-' | b'=' | b'?' | b'+'));
        self.at += usize::from(colon);
        let byte = self.peek().unwrap_or(byte);
        Ok(match byte {
            b'}' => Change::None,
            b'-' | b'=' | b'?' | b'+' => {
                self.at += 1;
                Change::Otherwise(byte, colon, self.pieces(Within::Braces(quoted))?)
            }
            b'#' | b'%' => {
                let twice = self.byte(1) == Some(byte);
                self.at += 1 + usize::from(twice);
                Change::Trim(byte, twice, self.pieces(Within::Braces(false))?)
            }
            b'^' | b',' => {
                let twice = self.byte(1) == Some(byte);
                self.at += 1 + usize::from(twice);
                Change::Case(byte, twice, self.pieces(Within::Braces(false))?)
            }
            b':' => {
                self.at += 1;
                let from = self.pieces(Within::Colon(true))?;
                let count =
                    if self.takes(":") { Some(self.pieces(Within::Braces(true))?) } else { None };
                Change::Slice(from, count)
            }
            b'/' => {
                self.at += 1;
                let all = self.takes("/");
                let anchor = match self.peek() {
                    Some(byte @ (b'#' | b'%')) if !all => {
                        self.at += 1;
                        Some(byte)
                    }
                    _ => None,
                };
                let pattern = self.pieces(Within::Slash(false))?;
                let with =
                    if self.takes("/") { self.pieces(Within::Braces(quoted))? } else { Vec::new() };
                Change::Replace(all, anchor, pattern, with)
            }
            b'@' | b'*' => {
                let prompt = self.begins("@P}");
                self.pieces(Within::Braces(true))?;
                if prompt { Change::Prompt } else { Change::Unknown }
            }
            _ => return Err("a parameter in it is not read"),
        })
    }

    fn backquoted(&mut self, within: Within, pieces: &mut Vec<Piece>) -> Read<()> {
        self.count()?;
        let start = self.at + 1;
        let bytes = self.text.as_bytes();
        let mut end = start;
        let mut escaped = false;
        loop {
            match bytes.get(end) {
                None => return Err("a quote is not closed in it"),
                Some(b'\\') => {
                    escaped = true;
                    end += 1;
                }
                Some(b'`') => break,
                Some(_) => {}
            }
            end += 1;
        }
        self.at = end + 1;
        let inner = self.script.part(start..end);
        if !escaped {
            pieces.push(Piece::Backquoted(inner));
            return Ok(());
        }
        let mut text = String::new();
        let mut letters = inner.text().chars().peekable();
        while let Some(letter) = letters.next() {
            let drops = letter == '\\'
                && letters.peek().is_some_and(|next| {
                    matches!(next, '$' | '`' | '\\') || *next == '"' && within == Within::Double
                });
            text.extend(if drops { letters.next() } else { Some(letter) });
        }
        pieces.push(Piece::Backquoted(Word::made(text, inner.span())));
        Ok(())
    }

    /// The text of `$'…'`, behind its first quote.
    fn ansi(&mut self) -> Read<String> {
        let mut text = Vec::new();
        loop {
            let Some(byte) = self.peek() else { return Err("a quote is not closed in it") };
            self.at += 1;
            match byte {
                b'\'' => return Ok(String::from_utf8_lossy(&text).into_owned()),
                b'\\' => {
                    let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
                    self.at += escape(rest, &mut text, true);
                }
                _ => text.push(byte),
            }
        }
    }
}

/// Decodes what follows a backslash in `$'…'`, `echo -e` and `printf`, and says how long it is.
pub(super) fn escape(rest: &[u8], text: &mut Vec<u8>, ansi: bool) -> usize {
    let Some(first) = rest.first() else {
        text.push(b'\\');
        return 0;
    };
    let number = |from: usize, most: usize, radix: u32| {
        let digits = rest.get(from..).unwrap_or_default().iter().take(most);
        digits
            .map_while(|byte| char::from(*byte).to_digit(radix))
            .fold((0_u32, 0), |(n, d), x| (n.wrapping_mul(radix).wrapping_add(x), d + 1))
    };
    let low = |n: u32| n.to_le_bytes()[0];
    let plain = match first {
        b'a' => 7,
        b'b' => 8,
        b'e' | b'E' => 27,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 11,
        b'\\' => b'\\',
        b'\'' | b'"' | b'?' if ansi => *first,
        b'0'..=b'7' => {
            let (from, most) = if *first == b'0' && !ansi { (1, 3) } else { (0, 3) };
            let (n, digits) = number(from, most, 8);
            text.push(low(n));
            return from + digits;
        }
        b'x' => {
            let (n, digits) = number(1, 2, 16);
            if digits == 0 {
                text.extend_from_slice(b"\\x");
            } else {
                text.push(low(n));
            }
            return 1 + digits;
        }
        b'u' | b'U' => {
            let (n, digits) = number(1, if *first == b'u' { 4 } else { 8 }, 16);
            let letter = char::from_u32(n).unwrap_or(HOLE);
            let mut buffer = [0; 4];
            text.extend_from_slice(letter.encode_utf8(&mut buffer).as_bytes());
            return 1 + digits;
        }
        b'c' if ansi && rest.len() > 1 => {
            text.push(rest[1].to_ascii_uppercase() ^ 0x40);
            return 2;
        }
        _ => {
            text.push(b'\\');
            return 0;
        }
    };
    text.push(plain);
    1
}

/// A word taken apart at its `=`.
pub(super) struct Assigned {
    pub name: String,
    pub indexed: bool,
    pub append: bool,
    /// What follows the `=`.
    pub rest: Text,
}

/// Takes a word apart at its `=`, if it is an assignment.
pub(super) fn assigned(word: &Text) -> Option<Assigned> {
    let Some(Piece::Plain(first)) = word.pieces.first() else { return None };
    let text = first.text();
    let length = text.bytes().take_while(|byte| is_name(*byte)).count();
    if length == 0 || text.as_bytes()[0].is_ascii_digit() {
        return None;
    }
    let name = text[..length].to_owned();
    let mut indexed = false;
    let mut at = (0, length);
    if text[length..].starts_with('[') {
        indexed = true;
        // The index may hold anything; what follows its bracket tells.
        at = word.pieces.iter().enumerate().find_map(|(index, piece)| {
            let Piece::Plain(part) = piece else { return None };
            let from = part.text().find("]=").or_else(|| part.text().find("]+="))?;
            Some((index, from + 1))
        })?;
    }
    let Some(Piece::Plain(part)) = word.pieces.get(at.0) else { return None };
    let behind = part.text().get(at.1..)?;
    let append = behind.starts_with("+=");
    if !append && !behind.starts_with('=') {
        return None;
    }
    if indexed {
        // What runs in the index is found in the whole word.
        return Some(Assigned { name, indexed, append, rest: word.clone() });
    }
    let from = at.1 + if append { 2 } else { 1 };
    let mut pieces = Vec::with_capacity(word.pieces.len() - at.0);
    if from < part.text().len() {
        pieces.push(Piece::Plain(part.after(from)));
    }
    pieces.extend(word.pieces[at.0 + 1..].iter().cloned());
    let span =
        pieces.first().map_or(Span::new(word.span.end, word.span.end), |piece| match piece {
            Piece::Plain(part) => part.span().with(Span::new(word.span.end, word.span.end)),
            _ => word.span,
        });
    Some(Assigned { name, indexed, append, rest: Text { pieces, span } })
}
