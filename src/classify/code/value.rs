//! What an expression amounts to, as far as it is plain: a text, a list of words, or a chain of
//! names and calls such as `boto3.client("ec2").terminate_instances`.

use super::reader::Reader;
use super::token::Kind;
use crate::classify::{HOLE, Judge, Language, Word};
use base64::Engine;
use std::{ops::Range, rc::Rc};

/// How deep the arguments of arguments are looked at.
const DEEPEST: u32 = 5;
/// Texts put together are followed to this length.
const LONGEST_TEXT: usize = 16 * 1024;

/// A value.
#[derive(Debug, Clone)]
pub(super) enum Value {
    /// Not known.
    Unknown,
    /// A text, with holes where it is not known.
    Text(Word),
    /// Several words.
    List(Vec<Word>),
    /// A chain of names and calls.
    Path(Path),
    /// Names with values: `{ method: "DELETE" }`.
    Object(Rc<[Arg]>),
}

/// A chain of names and calls.
#[derive(Debug, Clone, Default)]
pub(super) struct Path {
    /// The text it begins with, if it begins with one.
    pub base: Option<Word>,
    /// Its names.
    pub steps: Vec<Step>,
}

/// A name in a chain.
#[derive(Debug, Clone)]
pub(super) struct Step {
    /// The name; `[]` for a part that is not named by a constant, `()` for a result called again.
    pub name: String,
    /// What it is called with, if it is called.
    pub args: Option<Rc<[Arg]>>,
    /// Its bytes.
    pub at: Range<usize>,
}

/// An argument.
#[derive(Debug, Clone)]
pub(super) struct Arg {
    /// Its name, if it has one.
    pub key: Option<String>,
    /// What it is.
    pub value: Value,
    /// Its bytes.
    pub at: Range<usize>,
}

impl Path {
    /// The names up to and with the step `last`, joined by dots.
    pub fn name(&self, last: usize) -> String {
        let names: Vec<&str> =
            self.steps.iter().take(last + 1).map(|step| step.name.as_str()).collect();
        names.join(".")
    }

    /// The arguments of the first step that has this name and is called.
    pub fn args_of(&self, name: &str) -> Option<&[Arg]> {
        self.steps.iter().find(|step| step.name == name)?.args.as_deref()
    }
}

impl Value {
    /// The text it is.
    pub fn text(&self) -> Option<&Word> {
        match self {
            Self::Text(word) => Some(word),
            _ => None,
        }
    }

    /// It as one word of a command.
    pub fn word(&self, at: crate::domain::Span) -> Word {
        match self {
            Self::Text(word) => word.clone(),
            _ => Word::unknown(at),
        }
    }
}

/// A chain that was read, and where it ends.
#[derive(Debug)]
pub(super) struct Chain {
    /// What it is.
    pub path: Path,
    /// How many of its steps come out of a variable.
    pub from: usize,
    /// The token behind it.
    pub end: usize,
    /// The marks between its names.
    pub dots: Vec<usize>,
}

impl Reader<'_> {
    /// Reads a chain that begins at a token. `None`: the value is no chain but a text or a list.
    pub(super) fn chain(&self, start: usize, depth: u32, judge: &mut Judge<'_>) -> Chain {
        let mut chain = Chain { path: Path::default(), from: 0, end: start + 1, dots: Vec::new() };
        let Some(token) = self.tokens.get(start) else { return chain };
        match &token.kind {
            Kind::Name => {
                let name = self.slice(start);
                match self.scope.value(name) {
                    Some(Value::Path(path)) => chain.path = path.clone(),
                    Some(Value::Text(word)) => chain.path.base = Some(word.clone()),
                    // A name that has some other value is not the function of that name.
                    Some(_) => {
                        let step = self.step(start);
                        chain.path.steps.push(Step { name: format!("?{}", step.name), ..step });
                    }
                    None => chain.path.steps.push(self.step(start)),
                }
                chain.from = match self.scope.value(name) {
                    Some(Value::Path(path)) => path.steps.len(),
                    _ => 0,
                };
                if let Some(step) = chain.path.steps.last_mut()
                    && chain.from > 0
                {
                    step.at = token.at.clone();
                }
            }
            Kind::Text(word) => chain.path.base = Some(word.clone()),
            Kind::Mark if self.is(start, "(") => {
                let close = self.close[start];
                if let Value::Path(path) = self.value(start + 1..close, depth + 1, judge) {
                    chain.from = path.steps.len();
                    chain.path = path;
                } else {
                    chain.path.steps.push(Step {
                        name: "()".into(),
                        args: None,
                        at: token.at.clone(),
                    });
                }
                chain.end = close + 1;
            }
            _ => {
                chain.path.steps.push(Step { name: "()".into(), args: None, at: token.at.clone() });
            }
        }
        self.trailers(&mut chain, depth, judge);
        chain
    }

    fn step(&self, token: usize) -> Step {
        let at = self.tokens[token].at.clone();
        Step { name: self.slice(token).to_owned(), args: None, at }
    }

    fn trailers(&self, chain: &mut Chain, depth: u32, judge: &mut Judge<'_>) {
        let ruby = self.language == Language::Ruby;
        let perl_like = matches!(self.language, Language::Perl | Language::Php);
        while judge.step(1, self.text.span()) {
            let mut next = chain.end;
            // A line may begin with the dot.
            while self.kind(next) == Some(&Kind::End) && self.slice(next) != ";" {
                next += 1;
            }
            let dotted = [".", "?.", "->", "::", "?->", "&."].iter().any(|dot| self.is(next, dot))
                && !(self.is(next, ".") && perl_like);
            if dotted {
                chain.dots.push(next);
                if self.kind(next + 1) == Some(&Kind::Name) {
                    chain.path.steps.push(self.step(next + 1));
                    chain.end = next + 2;
                    continue;
                }
                // `?.[x]`, `->[0]`, `->{x}`, `?.(x)`
                chain.end = next + 1;
                if !["[", "{", "("].iter().any(|open| self.is(next + 1, open)) {
                    return;
                }
            }
            let at = chain.end;
            let adjacent = at > 0
                && self
                    .tokens
                    .get(at)
                    .is_some_and(|token| token.at.start == self.tokens[at - 1].at.end);
            if self.is(at, "(") && (adjacent || !ruby || dotted) {
                let close = self.close[at];
                let args: Rc<[Arg]> = if depth < DEEPEST {
                    self.args(at + 1..close, depth, judge).into()
                } else {
                    Rc::from([Arg {
                        key: None,
                        value: Value::Unknown,
                        at: self.tokens[at].at.clone(),
                    }])
                };
                match chain.path.steps.last_mut() {
                    Some(step) if step.args.is_none() && !dotted => step.args = Some(args),
                    _ => {
                        let at = self.tokens[at].at.clone();
                        chain.path.steps.push(Step { name: "()".into(), args: Some(args), at });
                    }
                }
                chain.end = close + 1;
            } else if self.is(at, "[") && (adjacent || dotted) {
                let close = self.close[at];
                let bytes = self.tokens[at].at.clone();
                let name = match self.value(at + 1..close, DEEPEST, judge) {
                    Value::Text(word) => word.known().map_or("[]".to_owned(), ToOwned::to_owned),
                    _ => "[]".to_owned(),
                };
                chain.path.steps.push(Step { name, args: None, at: bytes });
                chain.end = close + 1;
            } else if self.is(at, "{")
                && self.language == Language::Perl
                && (adjacent || dotted)
                && (dotted || self.slice(at - 1).starts_with(['$', '@', '%']))
            {
                let bytes = self.tokens[at].at.clone();
                chain.path.steps.push(Step { name: "[]".into(), args: None, at: bytes });
                chain.end = self.close[at] + 1;
            } else if ruby && self.is(at, "{") && !chain.path.steps.is_empty() {
                // A block; the chain may go on behind it.
                let close = self.close[at];
                if !self.is(close + 1, ".") {
                    return;
                }
                chain.end = close + 1;
            } else if let (true, Some(Kind::Text(word))) = (
                adjacent
                    && self.language == Language::JavaScript
                    && self.slice(at).starts_with('`'),
                self.kind(at),
            ) {
                let arg = Arg {
                    key: None,
                    value: Value::Text(word.clone()),
                    at: self.tokens[at].at.clone(),
                };
                if let Some(step) = chain.path.steps.last_mut() {
                    step.args = Some(Rc::from([arg]));
                }
                chain.end = at + 1;
            } else {
                return;
            }
        }
    }

    /// The arguments between two brackets.
    pub(super) fn args(&self, range: Range<usize>, depth: u32, judge: &mut Judge<'_>) -> Vec<Arg> {
        let mut args = Vec::new();
        for piece in self.pieces(range) {
            let Some(first) = self.tokens.get(piece.start) else { continue };
            let at = first.at.start..self.tokens[piece.end - 1].at.end;
            let mut key = None;
            let mut value = piece.clone();
            let marks = self.is(piece.start + 1, "=")
                || self.is(piece.start + 1, ":")
                || self.is(piece.start + 1, "=>");
            if marks && piece.len() > 2 {
                key = match &first.kind {
                    Kind::Text(word) => Some(word.text().to_owned()),
                    _ => Some(self.slice(piece.start).to_owned()),
                };
                value = piece.start + 2..piece.end;
            }
            args.push(Arg { key, value: self.value(value, depth + 1, judge), at });
        }
        args
    }

    /// Token ranges between commas.
    pub(super) fn pieces(&self, range: Range<usize>) -> Vec<Range<usize>> {
        let mut pieces = Vec::new();
        let mut from = range.start;
        let mut at = range.start;
        while at < range.end {
            if self.is(at, ",") {
                pieces.push(from..at);
                from = at + 1;
            }
            at = self.after(at);
        }
        pieces.push(from..range.end);
        let trimmed = pieces.into_iter().map(|piece| self.trim(piece));
        trimmed.filter(|piece| !piece.is_empty()).collect()
    }

    fn trim(&self, mut range: Range<usize>) -> Range<usize> {
        while range.start < range.end && self.kind(range.start) == Some(&Kind::End) {
            range.start += 1;
        }
        while range.start < range.end && self.kind(range.end - 1) == Some(&Kind::End) {
            range.end -= 1;
        }
        range
    }

    /// What the tokens of a range amount to.
    pub(super) fn value(&self, range: Range<usize>, depth: u32, judge: &mut Judge<'_>) -> Value {
        let mut range = self.trim(range);
        while range.len() > 1
            && ["await", "new", "\\", "async", "&"].iter().any(|word| self.is(range.start, word))
        {
            range.start += 1;
        }
        if range.is_empty() || range.end > self.tokens.len() || depth > DEEPEST {
            return Value::Unknown;
        }
        if let Some(value) = self.whole(range.clone(), depth, judge) {
            return value;
        }
        self.joined(range, depth, judge)
    }

    /// A value that is one operand.
    fn whole(&self, range: Range<usize>, depth: u32, judge: &mut Judge<'_>) -> Option<Value> {
        let start = range.start;
        let encloses = |open: &str| self.is(start, open) && self.close[start] + 1 == range.end;
        if range.len() == 1 {
            match self.kind(start)? {
                Kind::Text(word) => return Some(Value::Text(word.clone())),
                Kind::Words(words) => return Some(Value::List(words.clone())),
                Kind::Number => {
                    return Some(Value::Text(self.text.part(self.tokens[start].at.clone())));
                }
                Kind::Name => match self.scope.value(self.slice(start)) {
                    Some(value) => return Some(value.clone()),
                    None if matches!(
                        self.slice(start),
                        "True" | "true" | "False" | "false" | "None" | "null"
                    ) =>
                    {
                        return Some(Value::Text(self.text.part(self.tokens[start].at.clone())));
                    }
                    None => {}
                },
                _ => return Some(Value::Unknown),
            }
        }
        if encloses("[") {
            return Some(Value::List(self.list(start + 1..range.end - 1, depth, judge)));
        }
        if encloses("{") {
            return Some(Value::Object(self.args(start + 1..range.end - 1, depth, judge).into()));
        }
        if encloses("(") {
            let inner = start + 1..range.end - 1;
            return Some(if self.pieces(inner.clone()).len() > 1 {
                Value::List(self.list(inner, depth, judge))
            } else {
                self.value(inner, depth + 1, judge)
            });
        }
        if !matches!(self.kind(start), Some(Kind::Name | Kind::Text(_))) {
            return None;
        }
        let chain = self.chain(start, depth, judge);
        (chain.end == range.end && range.len() > 1 || range.len() == 1)
            .then(|| resolved(chain.path))
    }

    fn list(&self, range: Range<usize>, depth: u32, judge: &mut Judge<'_>) -> Vec<Word> {
        let pieces = self.pieces(range);
        let words = pieces.into_iter().map(|piece| {
            let at =
                self.text.at(self.tokens[piece.start].at.start..self.tokens[piece.end - 1].at.end);
            if ["*", "...", "**"].iter().any(|mark| self.is(piece.start, mark)) {
                return Word::unknowns(at);
            }
            self.value(piece, depth + 1, judge).word(at)
        });
        words.collect()
    }

    /// Texts put together: `"rm " + path`.
    fn joined(&self, range: Range<usize>, depth: u32, judge: &mut Judge<'_>) -> Value {
        let dot = matches!(self.language, Language::Php | Language::Perl);
        let bytes = self.tokens[range.start].at.start..self.tokens[range.end - 1].at.end;
        let span = self.text.at(bytes);
        let mut text = String::new();
        let mut at = range.start;
        let mut first = true;
        while at < range.end {
            if !judge.step(1, span) {
                return Value::Unknown;
            }
            let mut end = at;
            while end < range.end
                && !(self.is(end, "+") || (dot && self.is(end, ".")))
                && !(end > at
                    && matches!(self.kind(end), Some(Kind::Text(_)))
                    && matches!(self.kind(end - 1), Some(Kind::Text(_))))
            {
                end = self.after(end);
            }
            let operand = at..end.min(range.end);
            let formatted = matches!(self.kind(at), Some(Kind::Text(_))) && self.is(at + 1, "%");
            let value = match self.kind(at) {
                Some(Kind::Text(word)) if formatted => Value::Text(percent(word)),
                _ if operand.is_empty() => Value::Unknown,
                _ => self.whole(operand, depth + 1, judge).unwrap_or(Value::Unknown),
            };
            match value {
                Value::Text(word) => text.push_str(word.text()),
                Value::List(mut words) if first => {
                    words.push(Word::unknowns(span));
                    return Value::List(words);
                }
                _ => text.push(HOLE),
            }
            first = false;
            if text.len() > LONGEST_TEXT {
                return Value::Unknown;
            }
            let mark = self.is(end, "+") || (dot && self.is(end, "."));
            at = if mark { end + 1 } else { end.max(at + 1) };
        }
        Value::Text(Word::made(text, span))
    }
}

/// A chain whose result is known: `base64.b64decode("…").decode()`.
fn resolved(path: Path) -> Value {
    let path = super::scope::canonical(path);
    let mut text = path.base.clone();
    if path.steps.is_empty() {
        return text.map_or(Value::Path(path), Value::Text);
    }
    for (at, step) in path.steps.iter().enumerate() {
        let name = path.name(at);
        let first = step.args.as_ref().and_then(|args| args.first());
        let given = first.and_then(|arg| arg.value.text());
        let last = at + 1 == path.steps.len();
        match name.as_str() {
            "base64.b64decode"
            | "base64.standard_b64decode"
            | "base64.urlsafe_b64decode"
            | "atob"
            | "Base64.decode64"
            | "Base64.strict_decode64"
            | "base64_decode"
            | "decode_base64"
            | "MIME::Base64::decode"
            | "base64.decodebytes" => {
                text = given.map(decoded);
                continue;
            }
            "Buffer.from" => {
                let encoding = step.args.as_ref().and_then(|args| args.get(1));
                let base64 =
                    encoding.and_then(|arg| arg.value.text()).is_some_and(|word| word.is("base64"));
                text = if base64 { given.map(decoded) } else { given.cloned() };
                continue;
            }
            "bytes.fromhex" | "binascii.unhexlify" => {
                text = given.map(unhexed);
                continue;
            }
            "shlex.split" | "Shellwords.split" if last => {
                return given.map_or(Value::Unknown, |word| Value::List(split(word)));
            }
            "str" | "String" | "shlex.quote" | "bytes" | "pathlib.Path" | "Path"
            | "Pathname.new"
                if step.args.is_some()
                    && text.is_none()
                    && given.is_some()
                    && last
                    && !name.contains("Path") =>
            {
                text = given.cloned();
                continue;
            }
            "os.path.expanduser" | "os.path.abspath" | "os.fspath" | "path.resolve" if last => {
                return given.map_or(Value::Unknown, |word| Value::Text(word.clone()));
            }
            _ => {}
        }
        let Some(word) = &text else { continue };
        match step.name.as_str() {
            "decode" | "encode" | "toString" | "strip" | "trim" | "to_s" | "freeze" | "rstrip"
            | "decode64" => {}
            "format" => text = Some(braces(word)),
            "split" if last && first.is_none() => return Value::List(split(word)),
            "split" if last && given.is_some_and(|given| given.is(" ")) => {
                return Value::List(split(word));
            }
            _ => text = Some(Word::unknown(word.span())),
        }
    }
    match text {
        Some(word) if path.base.is_some() || !word.is("") => Value::Text(word),
        _ => Value::Path(path),
    }
}

fn split(word: &Word) -> Vec<Word> {
    let pieces = word.text().split_whitespace();
    pieces.map(|piece| Word::made(piece.replace(['"', '\''], ""), word.span())).collect()
}

fn decoded(word: &Word) -> Word {
    let text = word.known().and_then(|text| {
        let engine = base64::engine::general_purpose::STANDARD;
        String::from_utf8(engine.decode(text.trim()).ok()?).ok()
    });
    text.map_or_else(|| Word::unknown(word.span()), |text| Word::made(text, word.span()))
}

fn unhexed(word: &Word) -> Word {
    let bytes: Option<Vec<u8>> = word.known().and_then(|text| {
        let digits: Option<Vec<u8>> = text
            .chars()
            .filter(|c| !c.is_whitespace())
            .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
            .collect();
        Some(digits?.chunks_exact(2).map(|pair| pair[0] * 16 + pair[1]).collect())
    });
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    text.map_or_else(|| Word::unknown(word.span()), |text| Word::made(text, word.span()))
}

/// `"… {} …".format(…)`
fn braces(word: &Word) -> Word {
    let mut text = String::new();
    let mut inside = false;
    for letter in word.text().chars() {
        match letter {
            '{' => {
                inside = true;
                text.push(HOLE);
            }
            '}' => inside = false,
            other if !inside => text.push(other),
            _ => {}
        }
    }
    Word::made(text, word.span())
}

/// `"… %s …" % …`
fn percent(word: &Word) -> Word {
    let mut text = String::new();
    let mut letters = word.text().chars();
    while let Some(letter) = letters.next() {
        if letter == '%' {
            match letters.next() {
                Some('%') => text.push('%'),
                _ => text.push(HOLE),
            }
        } else {
            text.push(letter);
        }
    }
    Word::made(text, word.span())
}
