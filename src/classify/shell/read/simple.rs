//! Reads simple commands: assignments, words, redirections, here-documents.

use super::{Read, Reader, here};
use crate::classify::{
    Word,
    shell::{
        syntax::{Assignment, Command, Kind, Piece, Redirect, Simple, Target, Text, Value},
        words::{Assigned, assigned},
    },
};
use std::{cell::OnceCell, rc::Rc};

/// A here-document whose text has not come yet.
pub(super) struct Awaited {
    end: String,
    tabs: bool,
    quoted: bool,
    text: Rc<OnceCell<Text>>,
}

impl Reader<'_> {
    pub(super) fn simple(&mut self) -> Read<Command> {
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

    /// Takes a word apart at its `=`, if it is an assignment; gives it back if not.
    fn assignment(&mut self, word: Text) -> Read<Result<Assignment, Text>> {
        let Some(taken) = assigned(&word) else { return Ok(Err(word)) };
        let Assigned { name, indexed, append, rest } = taken;
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

    pub(super) fn redirect(&mut self) -> Read<Option<Redirect>> {
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

    pub(super) fn heres(&mut self) {
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
                Text { pieces: vec![Piece::Quoted(body)], span }
            } else {
                let unknown = Piece::Quoted(Word::unknown(body.span()));
                let depth = self.depth;
                let read = here(&body, depth, &mut self.left);
                read.unwrap_or(Text { pieces: vec![unknown], span: body.span() })
            };
            let _ = awaited.text.set(text);
        }
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
