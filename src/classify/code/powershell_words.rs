//! Takes a script of `PowerShell` apart: commands with their words, and calls of methods.

use crate::{
    classify::{HOLE, Judge, Word},
    domain::Verb,
};

/// A command, or a call of a method.
#[derive(Debug)]
pub(super) enum Command {
    /// Words.
    Words(Vec<Word>),
    /// `[Type]::Method(`, `).Method(`, `$x.Method(`: type and method.
    Method(String, Word, Option<Word>),
}

pub(super) struct Lexer<'t> {
    pub(super) text: &'t Word,
    pub(super) at: usize,
    pub(super) words: Vec<Word>,
    pub(super) commands: Vec<Command>,
    /// Whether a text is opened that is never closed.
    pub(super) broken: bool,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        self.text.text().get(self.at..).unwrap_or_default()
    }

    fn finish(&mut self) {
        let words = std::mem::take(&mut self.words);
        if !words.is_empty() {
            self.commands.push(Command::Words(words));
        }
    }

    pub(super) fn run(&mut self, judge: &mut Judge<'_>) -> bool {
        while let Some(letter) = self.rest().chars().next() {
            if !judge.step(1, self.text.span()) {
                return false;
            }
            match letter {
                '\n' | ';' | '|' | '{' | '}' | ')' => {
                    self.at += 1;
                    self.finish();
                    if letter == ')' {
                        self.method(String::new());
                    }
                }
                '(' => {
                    self.at += 1;
                    self.finish();
                }
                '&' => {
                    self.at += 1;
                    self.finish();
                    if !self.rest().starts_with('&')
                        && self.rest().trim_start().starts_with(['{', '&'])
                    {
                        continue;
                    }
                    if !self.rest().starts_with('&') {
                        self.words.push(self.text.part(self.at - 1..self.at));
                    }
                }
                '#' => {
                    let end = self.rest().find('\n').unwrap_or(self.rest().len());
                    self.at += end;
                }
                '<' if self.rest().starts_with("<#") => {
                    let end = self.rest().find("#>").map_or(self.rest().len(), |end| end + 2);
                    self.at += end;
                }
                '`' => {
                    self.at += 1;
                    self.at += self.rest().chars().next().map_or(0, char::len_utf8);
                }
                '=' if self.words.len() == 1
                    && self.words[0].text().starts_with([HOLE, '$', '[']) =>
                {
                    self.at += 1;
                    self.words.clear();
                }
                ',' => self.at += 1,
                '>' => self.redirection(judge),
                '[' if self.words.is_empty() => self.type_call(),
                '@' if self.rest()[1..].starts_with(['(', '{']) => {
                    self.at += 1;
                }
                c if c.is_whitespace() => self.at += c.len_utf8(),
                _ => self.word(),
            }
        }
        self.finish();
        true
    }

    fn redirection(&mut self, judge: &mut Judge<'_>) {
        let from = self.at;
        while self.rest().starts_with(['>', '&', '1', '2', ' ']) {
            self.at += 1;
        }
        let operator = self.text.text().get(from..self.at).unwrap_or_default();
        if operator.contains('&') {
            return;
        }
        let before = self.words.len();
        self.word();
        if self.words.len() > before
            && let Some(file) = self.words.pop()
            && !file.text().eq_ignore_ascii_case("$null")
            && !self.text.text()[from..self.at].contains("$null")
        {
            let name = judge.name(&file);
            judge.changes(Verb::Update, "files", name, file.span(), "write the file again");
        }
    }

    /// A word with its quotes.
    fn word(&mut self) {
        let from = self.at;
        let mut value = String::new();
        let mut exact = true;
        let mut quote = None;
        while let Some(letter) = self.rest().chars().next() {
            let width = letter.len_utf8();
            match (quote, letter) {
                (None, '"' | '\'') => {
                    // `@"`, `@'`: up to the mark at the beginning of a line.
                    if value == "@" {
                        let end = if letter == '"' { "\n\"@" } else { "\n'@" };
                        let rest = self.rest();
                        let stop = rest.find(end).unwrap_or(rest.len());
                        let body = rest.get(1..stop).unwrap_or_default().trim_start().to_owned();
                        value = body.replace('$', &HOLE.to_string());
                        self.at += (stop + end.len()).min(self.rest().len());
                        exact = false;
                        break;
                    }
                    quote = Some(letter);
                    exact = false;
                    self.at += 1;
                }
                (Some(open), c) if open == c => {
                    self.at += 1;
                    if self.rest().starts_with(open) {
                        value.push(open);
                        self.at += 1;
                    } else {
                        quote = None;
                    }
                }
                (Some('\''), c) => {
                    value.push(c);
                    self.at += width;
                }
                (_, '`') => {
                    self.at += 1;
                    exact = false;
                    if let Some(next) = self.rest().chars().next() {
                        value.push(if next == 'n' && quote.is_some() { '\n' } else { next });
                        self.at += next.len_utf8();
                    }
                }
                (_, '$') => {
                    exact = false;
                    if !self.variable(&mut value, quote.is_some()) {
                        break;
                    }
                }
                (None, c)
                    if c.is_whitespace()
                        || (";|{}()&,=\n".contains(c) && (c != '=' || value.starts_with(HOLE))) =>
                {
                    break;
                }
                (_, c) => {
                    value.push(c);
                    self.at += width;
                }
            }
        }
        self.broken |= quote.is_some();
        if self.at == from {
            self.at += self.rest().chars().next().map_or(1, char::len_utf8);
            return;
        }
        // `$x.Delete(`, `"text".Trim(`
        if self.rest().starts_with('(')
            && let Some(dot) = value.rfind('.')
            && (self.words.is_empty() || value.starts_with([HOLE, '.']))
        {
            let name = value[dot + 1..].to_owned();
            let word = Word::made(name.clone(), self.text.at(from..self.at));
            let argument = self.argument();
            self.commands.push(Command::Method(String::new(), word, argument));
            return;
        }
        let part = self.text.part(from..self.at);
        self.words.push(if exact { part } else { Word::made(value, part.span()) });
    }

    /// `$name`, `${name}`, `$(…)`; says whether the word may go on behind it.
    fn variable(&mut self, value: &mut String, quoted: bool) -> bool {
        let known = ["$true", "$false", "$null"].iter().find(|name| {
            self.rest().get(..name.len()).is_some_and(|text| text.eq_ignore_ascii_case(name))
        });
        if let Some(known) = known {
            value.push_str(known);
            self.at += known.len();
            return true;
        }
        self.at += 1;
        value.push(HOLE);
        if self.rest().starts_with('(') {
            if quoted {
                // What stands inside is judged as a command of its own.
                let end = closing(self.rest());
                let inner = self.text.part(self.at + 1..self.at + end);
                self.at = (self.at + end + 1).min(self.text.text().len());
                let mut lexer = Lexer {
                    text: &inner,
                    at: 0,
                    words: Vec::new(),
                    commands: Vec::new(),
                    broken: false,
                };
                // Its length is bounded by the text's, and it nests no further.
                lexer.plain();
                self.commands.append(&mut lexer.commands);
                return true;
            }
            return false;
        }
        let name = self.rest();
        let braced = name.starts_with('{');
        let length: usize = if braced {
            name.find('}').map_or(name.len(), |end| end + 1)
        } else {
            name.chars()
                .take_while(|c| c.is_alphanumeric() || matches!(c, '_' | ':' | '?'))
                .map(char::len_utf8)
                .sum()
        };
        self.at += length;
        true
    }

    /// Commands inside of a text, without what may stand in texts of their own.
    fn plain(&mut self) {
        while let Some(letter) = self.rest().chars().next() {
            if "\n;|{}()&".contains(letter) {
                self.at += 1;
                self.finish();
            } else if letter.is_whitespace() {
                self.at += letter.len_utf8();
            } else {
                let rest = self.rest();
                let end = rest
                    .find(|c: char| c.is_whitespace() || ";|{}()&".contains(c))
                    .unwrap_or(rest.len());
                let part = self.text.part(self.at..self.at + end);
                let text = part.text().replace('$', &HOLE.to_string()).replace(['"', '\''], "");
                self.words.push(Word::made(text, part.span()));
                self.at += end;
            }
        }
        self.finish();
    }

    /// `[Type]::Method(`
    fn type_call(&mut self) {
        let from = self.at;
        // No type has a longer name.
        let close = self.rest().char_indices().take(200).find(|(_, letter)| *letter == ']');
        let Some((end, _)) = close else {
            self.at += 1;
            return;
        };
        let name = self.rest()[1..end].to_ascii_lowercase();
        self.at += end + 1;
        if !self.rest().starts_with("::") {
            return;
        }
        self.at += 2;
        let length: usize = self
            .rest()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .map(char::len_utf8)
            .sum();
        let word = self.text.part(from..self.at + length);
        let method = Word::made(
            self.text.text().get(self.at..self.at + length).unwrap_or_default(),
            word.span(),
        );
        self.at += length;
        if self.rest().starts_with('(') {
            let argument = self.argument();
            self.commands.push(Command::Method(name, method, argument));
        }
        self.method(String::new());
    }

    /// The first argument of the call that begins here, if it is a text.
    fn argument(&self) -> Option<Word> {
        let rest = self.rest().get(1..)?.trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let from = self.at + self.rest().len() - rest.len() + 1;
        let end = rest[1..].find(quote)?;
        let word = self.text.part(from..from + end);
        (quote == '\'' || !word.text().contains('$')).then_some(word)
    }

    /// `.Method(` behind what has been read.
    fn method(&mut self, owner: String) {
        let rest = self.rest();
        let Some(after) = rest.strip_prefix('.') else { return };
        let length: usize = after
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .map(char::len_utf8)
            .sum();
        let called = after[length..].starts_with('(');
        let word = self.text.part(self.at + 1..self.at + 1 + length);
        self.at += 1 + length;
        if called {
            let argument = self.argument();
            self.commands.push(Command::Method(owner, word, argument));
        } else {
            self.method(owner);
        }
    }
}

/// Where the bracket closes that a text begins with.
fn closing(text: &str) -> usize {
    let mut depth = 0_u32;
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at;
                }
            }
            _ => {}
        }
    }
    text.len()
}
