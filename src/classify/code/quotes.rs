//! The many ways in which Perl and Ruby quote, regular expressions, and texts that begin on the
//! next line.

use super::token::{Cutter, Kind, LONGEST_REGEX};
use crate::classify::{HOLE, Language, Word};
use std::ops::Range;

impl Cutter<'_> {
    pub(super) fn perl_quote(&mut self, name: &str, from: usize) {
        let Some(open) = self.rest().chars().next() else { return };
        let Some(first) = self.delimited(open) else {
            self.tokens.broken = true;
            self.at = self.source.len();
            return self.push(Kind::Regex, from);
        };
        match name {
            "q" => {
                let word = self.text.part(first);
                self.push(Kind::Text(word), from);
            }
            "qq" => {
                let word = self.interpolated(first);
                self.push(Kind::Text(word), from);
            }
            "qx" => {
                let word = self.interpolated(first);
                self.push(Kind::Shell(word), from);
            }
            "qw" => self.words(first, from),
            "s" | "tr" | "y" => {
                let mut second = self.at..self.at;
                if "([{<".contains(open) {
                    let space = self.rest().len() - self.rest().trim_start().len();
                    self.at += space;
                    if let Some(next) = self.rest().chars().next() {
                        second = self.delimited(next).unwrap_or(second);
                    }
                } else {
                    let end = self.until(open);
                    second = self.at..end;
                    self.at = (end + open.len_utf8()).min(self.source.len());
                }
                let flags = self.flags();
                if name == "s" && self.source[flags].contains('e') {
                    self.tokens.inner.push(second);
                }
                self.push(Kind::Regex, from);
            }
            _ => {
                self.flags();
                self.push(Kind::Regex, from);
            }
        }
    }

    pub(super) fn flags(&mut self) -> Range<usize> {
        let from = self.at;
        let length = self.rest().chars().take_while(char::is_ascii_alphabetic).count();
        self.at += length;
        from..self.at
    }

    /// The text between a mark and its partner, which is taken as well.
    pub(super) fn delimited(&mut self, open: char) -> Option<Range<usize>> {
        let close = match open {
            '(' => ')',
            '[' => ']',
            '{' => '}',
            '<' => '>',
            other => other,
        };
        self.at += open.len_utf8();
        let from = self.at;
        let mut depth = 1;
        let mut letters = self.rest().char_indices();
        while let Some((at, letter)) = letters.next() {
            if letter == '\\' {
                letters.next();
            } else if letter == close {
                depth -= 1;
                if depth == 0 {
                    self.at = from + at + close.len_utf8();
                    return Some(from..from + at);
                }
            } else if letter == open {
                depth += 1;
            }
        }
        None
    }

    /// Where an unescaped mark stands next, or the end.
    pub(super) fn until(&self, mark: char) -> usize {
        let mut letters = self.rest().char_indices();
        while let Some((at, letter)) = letters.next() {
            if letter == '\\' {
                letters.next();
            } else if letter == mark {
                return self.at + at;
            }
        }
        self.source.len()
    }

    pub(super) fn regex(&mut self, mark: char) {
        let from = self.at;
        let mut class = false;
        let mut end = None;
        let mut letters = self.rest()[1..].char_indices();
        while let Some((at, letter)) = letters.next() {
            if at > LONGEST_REGEX {
                break;
            }
            match letter {
                '\\' => {
                    letters.next();
                }
                '[' => class = true,
                ']' => class = false,
                '\n' => break,
                c if c == mark && !class => {
                    end = Some(from + 1 + at + 1);
                    break;
                }
                _ => {}
            }
        }
        if let Some(end) = end {
            self.at = end;
            self.flags();
            self.push(Kind::Regex, from);
        } else {
            self.at += 1;
            self.push(Kind::Mark, from);
        }
    }

    pub(super) fn percent(&mut self, from: usize) {
        let rest = &self.rest()[1..];
        let mut letters = rest.chars();
        let first = letters.next();
        let (kind, open) = match first {
            Some(c @ ('w' | 'W' | 'i' | 'I' | 'q' | 'Q' | 'x' | 'r' | 's')) => (c, letters.next()),
            Some(c) if "([{<|!/".contains(c) => ('Q', Some(c)),
            _ => return self.mark(from),
        };
        let Some(open) = open.filter(char::is_ascii_punctuation) else { return self.mark(from) };
        self.at += rest.find(open).map_or(1, |at| at + 1);
        let Some(range) = self.delimited(open) else {
            self.tokens.broken = true;
            self.at = self.source.len();
            return self.push(Kind::Regex, from);
        };
        match kind {
            'w' | 'W' | 'i' | 'I' => self.words(range, from),
            'q' | 's' => {
                let word = self.text.part(range);
                self.push(Kind::Text(word), from);
            }
            'Q' => {
                let word = self.interpolated(range);
                self.push(Kind::Text(word), from);
            }
            'x' => {
                let word = self.interpolated(range);
                self.push(Kind::Shell(word), from);
            }
            _ => {
                self.flags();
                self.push(Kind::Regex, from);
            }
        }
    }

    pub(super) fn words(&mut self, range: Range<usize>, from: usize) {
        let mut at = range.start;
        let mut words = Vec::new();
        for piece in self.source[range].split(char::is_whitespace) {
            if !piece.is_empty() {
                words.push(self.text.part(at..at + piece.len()));
            }
            at += piece.len() + 1;
        }
        self.push(Kind::Words(words), from);
    }

    /// `<<~EOT`, `<<"EOT"`, `<<<EOT`: its text begins on the next line.
    pub(super) fn here_document(&mut self, from: usize) -> bool {
        let rest = self.rest();
        let mark = if self.language == Language::Php { "<<<" } else { "<<" };
        let Some(after) = rest.strip_prefix(mark) else { return false };
        let indented = after.starts_with(['~', '-']) || self.language == Language::Php;
        let after = after.trim_start_matches(['~', '-']);
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
        let name = after.trim_start_matches(['"', '\'']);
        let length: usize =
            name.chars().take_while(|c| c.is_alphanumeric() || *c == '_').map(char::len_utf8).sum();
        let starts = name.starts_with(|c: char| c.is_ascii_uppercase());
        if length == 0 || (quote.is_none() && !starts) {
            return false;
        }
        let skipped = rest.len() - name.len() + length + usize::from(quote.is_some());
        self.waiting.push((
            name[..length].to_owned(),
            indented,
            self.tokens.list.len(),
            quote == Some('\''),
        ));
        self.at = (self.at + skipped).min(self.source.len());
        while !self.source.is_char_boundary(self.at) {
            self.at += 1;
        }
        self.push(Kind::Text(Word::unknown(self.text.span())), from);
        true
    }

    pub(super) fn here_documents(&mut self) {
        for (name, indented, token, raw) in std::mem::take(&mut self.waiting) {
            let from = self.at;
            let mut end = self.source.len();
            let mut next = self.source.len();
            let mut at = from;
            for line in self.source[from..].split_inclusive('\n') {
                let bare = if indented { line.trim() } else { line.trim_end_matches('\n') };
                if bare.trim_end_matches([';', ')', ',']) == name {
                    (end, next) = (at, at + line.len());
                    break;
                }
                at += line.len();
            }
            self.at = next;
            let range = from..end;
            let word = if raw { self.text.part(range) } else { self.interpolated(range) };
            if let Some(token) = self.tokens.list.get_mut(token) {
                token.kind = Kind::Text(word);
            }
        }
    }
}

/// Where the code that begins at `open` ends: at the brace that closes it.
pub(super) fn closing(source: &str, open: usize) -> usize {
    let mut depth = 0_u32;
    let mut quote = None;
    for (at, letter) in source[open..].char_indices() {
        match (quote, letter) {
            (Some(mark), c) if mark == c => quote = None,
            (None, '"' | '\'') => quote = Some(letter),
            (None, '{') => depth += 1,
            (None, '}') if depth == 0 => return open + at,
            (None, '}') => depth -= 1,
            _ => {}
        }
    }
    source.len()
}

/// The text behind escapes. `single`: only quotes and backslashes are escaped.
pub(super) fn unescape(text: &str, single: bool) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            plain.push(letter);
            continue;
        }
        let Some(next) = letters.next() else { break };
        let braced = letters.peek() == Some(&'{');
        let mut code = |count: usize, radix: u32, first: Option<char>| {
            let mut digits: String = first.into_iter().collect();
            while digits.len() < count && letters.peek().is_some_and(|c| c.is_digit(radix)) {
                digits.extend(letters.next());
            }
            u32::from_str_radix(&digits, radix).ok().and_then(char::from_u32).unwrap_or(HOLE)
        };
        match next {
            _ if single && !matches!(next, '\'' | '\\') => plain.extend(['\\', next]),
            'n' => plain.push('\n'),
            't' => plain.push('\t'),
            'r' => plain.push('\r'),
            'x' => plain.push(code(2, 16, None)),
            'u' if braced => plain.push(HOLE),
            'u' => plain.push(code(4, 16, None)),
            'U' => plain.push(code(8, 16, None)),
            'N' | 'c' => plain.push(HOLE),
            '0'..='7' => plain.push(code(3, 8, Some(next))),
            '\n' => {}
            other => plain.push(other),
        }
    }
    plain
}
