//! Goes through the tokens of a program, keeps what names stand for, and has every call judged.

use super::meaning::{self, Meaning};
use super::token::{self, Kind, Token};
use super::value::{Arg, Chain, Path, Step, Value};
use crate::{
    classify::{Call, Judge, Language, Word},
    domain::Span,
};
use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

/// Steps of a chain, and words of a list, that a name is known to stand for.
const LONGEST_PATH: usize = 24;
const LONGEST_LIST: usize = 64;

/// What the names of a program stand for.
#[derive(Debug, Default)]
pub(super) struct Scope {
    values: HashMap<String, Value>,
    /// Functions and classes that the program defines itself.
    own: HashSet<String>,
    /// Tokens of patterns that give names.
    declared: HashSet<usize>,
    /// Names that are set more than once: which value counts is not known.
    changing: HashSet<String>,
}

impl Scope {
    /// What a name stands for.
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.values.get(name)
    }

    /// Whether the program defines this function or class.
    pub fn defines(&self, name: &str) -> bool {
        self.own.contains(name)
    }

    /// Sets a name.
    pub fn set(&mut self, name: &str, value: Value) {
        if name.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '$' | '@' | '%')) {
            let long = match &value {
                Value::Path(path) => path.steps.len() > LONGEST_PATH,
                Value::List(words) => words.len() > LONGEST_LIST,
                _ => false,
            };
            let value = if long || self.changing.contains(name) { Value::Unknown } else { value };
            self.values.insert(name.to_owned(), value);
        }
    }
}

/// A program being read.
pub(super) struct Reader<'t> {
    /// Its language.
    pub language: Language,
    /// The text it stands in.
    pub text: &'t Word,
    /// Its tokens.
    pub tokens: Vec<Token>,
    /// For an opening bracket where it is closed; the number of tokens if it is not.
    pub close: Vec<usize>,
    /// Its names.
    pub scope: Scope,
}

/// Judges a program.
pub(super) fn read(language: Language, text: &Word, call: &Call<'_>, judge: &mut Judge<'_>) {
    let whole = 0..text.text().len();
    let mut waiting = vec![whole];
    let mut scope = Scope::default();
    while let Some(range) = waiting.pop() {
        let Some(tokens) = token::cut(language, text, range, judge) else { return };
        waiting.extend(tokens.inner);
        let close = brackets(text, &tokens.list);
        scope.declared.clear();
        let mut reader = Reader { language, text, tokens: tokens.list, close, scope };
        reader.definitions();
        reader.walk(call, judge);
        scope = reader.scope;
    }
}

fn brackets(text: &Word, tokens: &[Token]) -> Vec<usize> {
    let mut close = vec![tokens.len(); tokens.len()];
    let mut open: Vec<usize> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if token.kind != Kind::Mark {
            continue;
        }
        match text.text().get(token.at.clone()) {
            Some("(" | "[" | "{") => open.push(at),
            Some(")" | "]" | "}") => {
                if let Some(from) = open.pop() {
                    close[from] = at;
                }
            }
            _ => {}
        }
    }
    close
}

impl Reader<'_> {
    /// The letters of a token.
    pub(super) fn slice(&self, token: usize) -> &str {
        let at = self.tokens.get(token).map(|token| token.at.clone());
        at.and_then(|at| self.text.text().get(at)).unwrap_or_default()
    }

    /// Whether a token is this mark or name.
    pub(super) fn is(&self, token: usize, letters: &str) -> bool {
        matches!(self.kind(token), Some(Kind::Mark | Kind::Name)) && self.slice(token) == letters
    }

    /// What a token is.
    pub(super) fn kind(&self, token: usize) -> Option<&Kind> {
        self.tokens.get(token).map(|token| &token.kind)
    }

    /// The token behind this one, past what it opens.
    pub(super) fn after(&self, token: usize) -> usize {
        if ["(", "[", "{"].iter().any(|open| self.is(token, open)) {
            (self.close[token] + 1).min(self.tokens.len().max(token + 1))
        } else {
            token + 1
        }
    }

    fn span(&self, bytes: Range<usize>) -> Span {
        self.text.at(bytes)
    }

    /// Where the statement ends that a token belongs to.
    fn statement_end(&self, from: usize) -> usize {
        let mut at = from;
        while at < self.tokens.len() {
            if self.kind(at) == Some(&Kind::End)
                || [")", "]", "}"].iter().any(|close| self.is(at, close))
            {
                break;
            }
            at = self.after(at);
        }
        at
    }

    /// Finds what the program defines, and which names it sets more than once.
    fn definitions(&mut self) {
        let mut set = HashSet::new();
        for at in 0..self.tokens.len() {
            let defines = ["def", "function", "class", "sub", "func", "fn"];
            if defines.iter().any(|word| self.is(at, word)) {
                let name = if self.is(at + 1, "*") { at + 2 } else { at + 1 };
                if self.kind(name) == Some(&Kind::Name) {
                    let name = self.slice(name).to_owned();
                    self.scope.own.insert(name);
                }
            }
            let assigns = self.is(at + 1, "=") || self.is(at + 1, ":=");
            if assigns && self.kind(at) == Some(&Kind::Name) {
                let name = self.slice(at).to_owned();
                let arrow =
                    self.is(at + 2, "lambda") || self.is(at + 2, "function") || self.arrow(at + 2);
                if arrow {
                    self.scope.own.insert(name.clone());
                }
                if !set.insert(name.clone()) {
                    self.scope.changing.insert(name);
                }
            } else if self.kind(at) == Some(&Kind::Name)
                && ["+=", "-=", ".=", "|=", "||="].iter().any(|mark| self.is(at + 1, mark))
            {
                let name = self.slice(at).to_owned();
                self.scope.changing.insert(name);
            }
        }
    }

    /// Whether a function in the arrow form begins here.
    fn arrow(&self, at: usize) -> bool {
        let at = if self.is(at, "async") { at + 1 } else { at };
        if self.is(at, "(") { self.is(self.close[at] + 1, "=>") } else { self.is(at + 1, "=>") }
    }

    fn walk(&mut self, call: &Call<'_>, judge: &mut Judge<'_>) {
        let mut taken = vec![false; self.tokens.len()];
        let mut at = 0;
        while at < self.tokens.len() {
            if !judge.step(1, self.text.span()) {
                return;
            }
            let here = at;
            at += 1;
            match self.tokens[here].kind.clone() {
                Kind::Shell(word) => {
                    judge.script(&word, call.variables, call.stdin);
                }
                Kind::Name => {
                    let dotted = here > 0
                        && [".", "->", "::", "?.", "?->", "&."]
                            .iter()
                            .any(|dot| self.is(here - 1, dot));
                    if dotted && taken[here - 1] {
                        continue;
                    }
                    if let Some(next) = self.statement(here, judge) {
                        at = next;
                        continue;
                    }
                    if self.is_keyword(here) {
                        continue;
                    }
                    self.name(here, &mut taken, call, judge);
                }
                Kind::Text(_) | Kind::Regex | Kind::Words(_) | Kind::Number => {
                    if self.is(at, ".") && !matches!(self.language, Language::Php | Language::Perl)
                    {
                        self.chained(here, &mut taken, call, judge);
                    }
                }
                Kind::Mark if [")", "]", "}"].iter().any(|close| self.is(here, close)) => {
                    let dot = [".", "?.", "->", "?->"].iter().any(|dot| self.is(at, dot))
                        && !(self.is(at, ".")
                            && matches!(self.language, Language::Php | Language::Perl));
                    if dot && !taken.get(at).copied().unwrap_or(true) {
                        self.chained(here, &mut taken, call, judge);
                    } else if self.is(at, "(") && !self.is(here, "}") && self.calls_a_result(here) {
                        judge.opaque(
                            self.span(self.tokens[here].at.clone()),
                            "it calls what it has computed",
                        );
                    }
                }
                _ => {}
            }
        }
    }

    /// `(…)(…)`, unless what is called is written right there, as functions called at once are.
    fn calls_a_result(&self, close: usize) -> bool {
        let Some(open) = (0..close).rev().take(4000).find(|open| self.close[*open] == close) else {
            return true;
        };
        let adjacent = self.tokens[close].at.end == self.tokens[close + 1].at.start;
        if !adjacent || matches!(self.kind(open.wrapping_sub(1)), Some(Kind::Name)) {
            // A call of a call is a step of its chain; `if (x) (y)` is no call.
            return false;
        }
        let inside = open + 1;
        !(self.is(inside, "function") || self.is(inside, "async") || self.arrow(inside))
    }

    fn is_keyword(&self, at: usize) -> bool {
        let name = self.slice(at);
        let field =
            self.is(at + 1, ":") && self.language != Language::Python || self.is(at + 1, "=>");
        let definition =
            at > 0 && ["def", "function", "class", "sub"].iter().any(|word| self.is(at - 1, word));
        meaning::keyword(self.language, name)
            || definition
            || (field && !self.is(at + 1, "(") && self.language != Language::JavaScript)
    }

    /// Reads a statement that sets names. Where to go on, if it is one.
    fn statement(&mut self, at: usize, judge: &mut Judge<'_>) -> Option<usize> {
        match self.language {
            Language::Python => {
                if self.is(at, "import") || (self.is(at, "from") && self.starts(at)) {
                    return Some(self.python_import(at, judge));
                }
            }
            Language::JavaScript | Language::Mongo => {
                if self.is(at, "import") && !self.is(at + 1, "(") && !self.is(at + 1, ".") {
                    return Some(self.javascript_import(at, judge));
                }
                if self.is(at, "const") || self.is(at, "let") || self.is(at, "var") {
                    self.declaration(at + 1, judge);
                    return None;
                }
            }
            Language::Perl if self.is(at, "use") || self.is(at, "no") => {
                return Some(self.statement_end(at));
            }
            _ => {}
        }
        if (self.is(at + 1, "=") || self.is(at + 1, ":=")) && self.kind(at) == Some(&Kind::Name) {
            self.assign(at, at + 2, judge);
        }
        if self.is(at + 1, "=") && at > 0 && self.is(at - 1, ".") {
            self.replaced(at, judge);
        }
        if self.is(at, "for") {
            self.each(at, judge);
        }
        if self.is(at, "with") && self.language == Language::Python {
            self.with(at, judge);
        }
        None
    }

    /// `console.log = …`: a function that is known may be replaced by another.
    fn replaced(&self, at: usize, judge: &mut Judge<'_>) {
        let end = self.expression_end(at + 2);
        if let Value::Path(path) = self.value(at + 2..end, 0, judge) {
            let path = canonical(path);
            let meant =
                path.steps.len().checked_sub(1).and_then(|last| meaning::of(self, &path, last));
            if !matches!(meant, None | Some(Meaning::Harmless | Meaning::Opens)) {
                judge.opaque(
                    self.span(self.tokens[at].at.clone()),
                    "a function is put in another's place",
                );
            }
        }
    }

    fn starts(&self, at: usize) -> bool {
        at == 0 || self.kind(at - 1) == Some(&Kind::End) || self.is(at - 1, ":")
    }

    fn assign(&mut self, name: usize, from: usize, judge: &mut Judge<'_>) {
        // In a call `name=value` is an argument.
        let end = self.expression_end(from);
        let value = self.value(from..end, 0, judge);
        let name = self.slice(name).to_owned();
        self.scope.set(&name, value);
    }

    /// Where an expression ends: at a comma, a bracket that closes, or the statement's end.
    fn expression_end(&self, from: usize) -> usize {
        let mut at = from;
        while at < self.tokens.len() {
            let closes = [")", "]", "}", ",", ":"].iter().any(|close| self.is(at, close));
            if self.kind(at) == Some(&Kind::End) || closes {
                break;
            }
            at = self.after(at);
        }
        at
    }

    /// `for NAME in VALUE:`, `for (const NAME of VALUE)`: the name is one of what the value holds.
    fn each(&mut self, at: usize, judge: &mut Judge<'_>) {
        let limit = (at + 8).min(self.tokens.len());
        let Some(mark) = (at..limit).find(|at| self.is(*at, "in") || self.is(*at, "of")) else {
            return;
        };
        let end = self.expression_end(mark + 1);
        let value = match self.value(mark + 1..end, 0, judge) {
            Value::Path(mut path) => {
                let at = self.tokens[mark].at.clone();
                path.steps.push(Step { name: "[]".into(), args: None, at });
                Value::Path(path)
            }
            Value::List(words) => match words.as_slice() {
                [word] => Value::Text(word.clone()),
                _ => Value::Unknown,
            },
            _ => Value::Unknown,
        };
        let name = self.slice(mark - 1).to_owned();
        self.scope.set(&name, value);
    }

    /// `with VALUE as NAME:`
    fn with(&mut self, at: usize, judge: &mut Judge<'_>) {
        let end = self.expression_end(at + 1);
        let Some(mark) = (at + 1..end).find(|at| self.is(*at, "as")) else { return };
        let value = self.value(at + 1..mark, 0, judge);
        let name = self.slice(mark + 1).to_owned();
        self.scope.set(&name, value);
    }

    /// `import os as o, sys`, `from os import system as s`.
    fn python_import(&mut self, at: usize, judge: &mut Judge<'_>) -> usize {
        let end = self.statement_end(at);
        let (module, mut next) = if self.is(at, "from") {
            let Some(mark) = (at + 1..end).find(|at| self.is(*at, "import")) else { return end };
            (Some(self.dotted(at + 1..mark)), mark + 1)
        } else {
            (None, at + 1)
        };
        if let Some(module) = &module {
            self.imported(module, at, judge);
        }
        let end = if self.is(next, "(") {
            let close = self.close[next];
            next += 1;
            close
        } else {
            end
        };
        for piece in self.pieces(next..end) {
            let mark = piece.clone().find(|at| self.is(*at, "as"));
            let full = self.dotted(piece.start..mark.unwrap_or(piece.end));
            if self.is(piece.start, "*") {
                // Every name of the module may be meant: its own names are looked up as they are.
                if !matches!(module.as_deref(), Some("math" | "tkinter" | "typing" | "datetime")) {
                    let span = self.span(self.tokens[piece.start].at.clone());
                    judge.opaque(span, "which names this brings is not known");
                }
                continue;
            }
            let (name, path) = match (&module, mark) {
                (Some(module), Some(mark)) => {
                    (self.slice(mark + 1).to_owned(), format!("{module}.{full}"))
                }
                (Some(module), None) => (full.clone(), format!("{module}.{full}")),
                (None, Some(mark)) => (self.slice(mark + 1).to_owned(), full.clone()),
                (None, None) => (
                    full.split('.').next().unwrap_or_default().to_owned(),
                    full.split('.').next().unwrap_or_default().to_owned(),
                ),
            };
            if module.is_none() {
                self.imported(&full, piece.start, judge);
            }
            self.alias(&name, &path, self.tokens[piece.start].at.clone());
        }
        end
    }

    fn imported(&self, module: &str, at: usize, judge: &mut Judge<'_>) {
        if !meaning::known_module(self.language, module) {
            let span = self.span(self.tokens[at].at.clone());
            let used = self.text.text().matches(module).count();
            let version =
                self.text.text().contains("__version__") || self.text.text().contains("__file__");
            if !version && used < 2 {
                judge.opaque(span, "what this module does when it is loaded is not known");
            }
        }
    }

    fn dotted(&self, range: Range<usize>) -> String {
        range.map(|at| self.slice(at)).collect()
    }

    /// A name for a dotted path.
    fn alias(&mut self, name: &str, path: &str, at: Range<usize>) {
        let steps =
            path.split('.').map(|name| Step { name: name.to_owned(), args: None, at: at.clone() });
        self.scope
            .values
            .insert(name.to_owned(), Value::Path(Path { base: None, steps: steps.collect() }));
    }

    /// `import fs, { rm as r } from 'fs'`, `import * as cp from "child_process"`.
    fn javascript_import(&mut self, at: usize, judge: &mut Judge<'_>) -> usize {
        let end = self.statement_end(at + 1);
        let mut module = None;
        for token in (at + 1..end.min(self.tokens.len())).rev() {
            if let Some(Kind::Text(word)) = self.kind(token) {
                module = Some(module_name(word.text()));
                break;
            }
        }
        let Some(module) = module else { return end };
        if !meaning::known_module(self.language, &module) {
            let span = self.span(self.tokens[at].at.clone());
            judge.opaque(span, "what this module does when it is loaded is not known");
        }
        let mut token = at + 1;
        while token < end {
            if self.is(token, "{") {
                self.destructure(token, &module);
                token = self.close[token] + 1;
            } else if self.is(token, "*") {
                let name = self.slice(token + 2).to_owned();
                self.alias_of(&name, &module, "", token);
                token += 3;
            } else if self.kind(token) == Some(&Kind::Name) && !self.is(token, "from") {
                let name = self.slice(token).to_owned();
                self.alias_of(&name, &module, "", token);
                token += 1;
            } else {
                token += 1;
            }
        }
        end
    }

    fn alias_of(&mut self, name: &str, module: &str, member: &str, at: usize) {
        let at = self.tokens[at].at.clone();
        let mut steps = vec![Step { name: module.to_owned(), args: None, at: at.clone() }];
        if !member.is_empty() && member != "default" {
            steps.push(Step { name: member.to_owned(), args: None, at });
        }
        self.scope.values.insert(name.to_owned(), Value::Path(Path { base: None, steps }));
    }

    /// `{ a, b: c, d as e }` of a module.
    fn destructure(&mut self, open: usize, module: &str) {
        for piece in self.pieces(open + 1..self.close[open]) {
            let member = self.slice(piece.start).to_owned();
            let renamed = piece.len() > 2
                && (self.is(piece.start + 1, ":") || self.is(piece.start + 1, "as"));
            let name =
                if renamed { self.slice(piece.start + 2).to_owned() } else { member.clone() };
            self.alias_of(&name, module, &member, piece.start);
        }
    }

    /// `const { a } = require("m")`, `const { a } = object`.
    fn declaration(&mut self, at: usize, judge: &mut Judge<'_>) {
        if !self.is(at, "{") || !self.is(self.close[at] + 1, "=") {
            return;
        }
        let from = self.close[at] + 2;
        self.scope.declared.extend(at..from);
        let end = self.expression_end(from);
        match self.value(from..end, 0, judge) {
            Value::Path(path) => {
                let pieces = self.pieces(at + 1..self.close[at]);
                for piece in pieces {
                    let member = self.slice(piece.start).to_owned();
                    let renamed = piece.len() > 2 && self.is(piece.start + 1, ":");
                    let name = if renamed {
                        self.slice(piece.start + 2).to_owned()
                    } else {
                        member.clone()
                    };
                    let mut path = canonical(path.clone());
                    path.steps.push(Step {
                        name: member,
                        args: None,
                        at: self.tokens[piece.start].at.clone(),
                    });
                    self.scope.values.insert(name, Value::Path(path));
                }
            }
            _ => {
                for piece in self.pieces(at + 1..self.close[at]) {
                    let name = self.slice(piece.end - 1).to_owned();
                    self.scope.set(&name, Value::Unknown);
                }
            }
        }
    }

    /// A chain that begins with a name.
    fn name(&mut self, at: usize, taken: &mut [bool], call: &Call<'_>, judge: &mut Judge<'_>) {
        let mut chain = self.chain(at, 0, judge);
        for dot in &chain.dots {
            taken[*dot] = true;
        }
        self.command(&mut chain, judge);
        self.judged(at, chain, call, judge);
    }

    /// A chain that begins with something else.
    fn chained(&mut self, at: usize, taken: &mut [bool], call: &Call<'_>, judge: &mut Judge<'_>) {
        let open = if self.is(at, ")") {
            (0..at).rev().take(400).find(|open| self.close[*open] == at && self.is(*open, "("))
        } else {
            None
        };
        let chain = self.chain(open.unwrap_or(at), 0, judge);
        for dot in &chain.dots {
            taken[*dot] = true;
        }
        self.judged(at, chain, call, judge);
    }

    /// `system "rm -rf /"`: a call whose arguments stand without brackets.
    fn command(&self, chain: &mut Chain, judge: &mut Judge<'_>) {
        let bare = matches!(self.language, Language::Ruby | Language::Perl | Language::Php);
        let Some(step) = chain.path.steps.last_mut() else { return };
        if !bare || step.args.is_some() || step.name.starts_with(['$', '@', '%', '[']) {
            return;
        }
        let next = chain.end;
        let starts = match self.kind(next) {
            Some(Kind::Text(_) | Kind::Words(_) | Kind::Shell(_) | Kind::Number | Kind::Regex) => {
                true
            }
            Some(Kind::Name) => !meaning::keyword(self.language, self.slice(next)),
            Some(Kind::Mark) => {
                self.is(next, "[")
                    || self.is(next, "\\")
                    || self.is(next, "*")
                    || self.is(next, "-") && self.language == Language::Perl
                    || self.is(next, "<")
            }
            _ => false,
        };
        if !starts {
            return;
        }
        let mut end = next;
        while end < self.tokens.len() {
            let closes =
                [")", "]", "}", "{", "?", "&&", "||"].iter().any(|close| self.is(end, close));
            let word = [
                "do", "if", "unless", "while", "until", "and", "or", "then", "for", "foreach",
                "rescue",
            ];
            if self.kind(end) == Some(&Kind::End)
                || closes
                || word.iter().any(|word| self.is(end, word))
            {
                break;
            }
            end = self.after(end);
        }
        let args: Vec<Arg> = self.args(next..end, 0, judge);
        step.args = Some(args.into());
    }

    /// Has the calls of a chain judged.
    fn judged(&mut self, at: usize, chain: Chain, call: &Call<'_>, judge: &mut Judge<'_>) {
        let Chain { path, from, end, .. } = chain;
        let path = canonical(path);
        let ruby = self.language == Language::Ruby;
        let begin = self.tokens[at].at.start;
        let mut called = false;
        // What comes out of a variable has been judged where it was set.
        for step in from.saturating_sub(1)..path.steps.len() {
            let Some(this) = path.steps.get(step) else { continue };
            let fresh = step >= from || (this.args.is_some() && !self.was_called(at, from, step));
            let bare = ruby
                && (step > 0 || path.base.is_some())
                && this.args.is_none()
                && !this.name.starts_with(|c: char| c.is_uppercase());
            if !fresh || !(this.args.is_some() || bare) {
                continue;
            }
            called = true;
            let bytes = begin.min(this.at.start)..this.at.end.max(begin);
            let bytes = if this.at.start < begin { self.tokens[at].at.clone() } else { bytes };
            let span = self.span(bytes);
            meaning::judge(self, &path, step, span, call, judge);
        }
        let whole_value = at > 0
            && (self.is(at - 1, "=") || self.is(at - 1, ":="))
            && (end >= self.tokens.len() || self.expression_end(at) == end);
        let simple = at > 1
            && self.kind(at - 2) == Some(&Kind::Name)
            && !(at > 2 && self.is(at - 3, "."))
            && !self.scope.changing.contains(self.slice(at - 2));
        let whole_value = whole_value && simple;
        if !(called && ruby) && !path.steps.is_empty() && !whole_value {
            let last = path.steps.len() - 1;
            let meant = meaning::of(self, &path, last);
            let inert = matches!(meant, None | Some(Meaning::Harmless | Meaning::Opens));
            let assigned = self.is(end, "=");
            // `{ execSync: e } = require(…)` only gives it another name.
            let pattern = self.scope.declared.contains(&at);
            if !inert
                && !pattern
                && !assigned
                && path.steps[last].args.is_none()
                && !path.steps[last].name.starts_with('$')
            {
                let span = self.span(self.tokens[at].at.clone());
                meaning::reference(self, &path, last, span, call, judge);
            }
        }
    }

    /// Whether the last step that a variable stands for was called where it was set.
    fn was_called(&self, at: usize, from: usize, step: usize) -> bool {
        match self.scope.value(self.slice(at)) {
            Some(Value::Path(path)) => {
                from > 0 && path.steps.get(step).is_some_and(|step| step.args.is_some())
            }
            _ => false,
        }
    }
}

/// The name of a module without `node:`.
pub(super) fn module_name(name: &str) -> String {
    name.strip_prefix("node:").unwrap_or(name).to_owned()
}

/// `require("m").x` as `m.x`, `__import__("m").x` as `m.x`.
pub(super) fn canonical(mut path: Path) -> Path {
    for whole in [&["process", "mainModule"][..], &["globalThis"], &["global"], &["window"]] {
        let starts = path.steps.len() > whole.len()
            && path
                .steps
                .iter()
                .zip(whole)
                .all(|(step, name)| step.name == *name && step.args.is_none());
        if starts {
            path.steps.drain(..whole.len());
        }
    }
    let Some(first) = path.steps.first() else { return path };
    let loads = match first.name.as_str() {
        "require" | "__import__" | "import" => 1,
        "importlib" if path.steps.get(1).is_some_and(|step| step.name == "import_module") => 2,
        _ => return path,
    };
    let module = path.steps[loads - 1]
        .args
        .as_ref()
        .and_then(|args| args.first()?.value.text()?.known().map(module_name));
    let Some(module) = module else { return path };
    if path.steps.len() == loads {
        // It stays a call, so that the module itself is judged.
        return path;
    }
    let at = path.steps[loads - 1].at.clone();
    let mut steps: Vec<Step> = module
        .split('.')
        .map(|name| Step { name: name.to_owned(), args: None, at: at.clone() })
        .collect();
    steps.extend(path.steps.drain(loads..));
    path.steps = steps;
    path
}
