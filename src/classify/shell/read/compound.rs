//! Reads what begins with a word of the shell, or with a parenthesis.

use super::{Read, Reader};
use crate::classify::shell::{
    syntax::{Kind, List, Text},
    words::Within,
};
use std::rc::Rc;

impl Reader<'_> {
    /// How a command that begins with a word of the shell is read.
    pub(super) fn compound(&self) -> Option<fn(&mut Self) -> Read<Kind>> {
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
    pub(in crate::classify::shell) fn sum(&mut self) -> Read<Option<Text>> {
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
}
