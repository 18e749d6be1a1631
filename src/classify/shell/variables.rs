//! What is known while a script is gone through: variables, arrays, functions, aliases.

use super::{
    syntax::{Command, Item, Kind, List, Piece, Pipeline, Text, Value},
    words::assigned,
};
use crate::{
    classify::{HOLE, Variables, Word},
    domain::Span,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

/// What the script has set so far.
#[derive(Debug, Clone)]
pub(super) struct State {
    pub variables: Variables,
    pub arrays: Rc<BTreeMap<String, Vec<Word>>>,
    pub functions: Rc<BTreeMap<String, Rc<Command>>>,
    pub aliases: Rc<BTreeMap<String, Word>>,
    /// The variables that programs see, too.
    pub exported: Rc<BTreeSet<String>>,
    /// Whether whatever is set is exported (`set -a`).
    pub exports_all: bool,
    /// The folder it is in, from where it began; nothing if that is not known.
    pub folder: Option<Rc<str>>,
    /// The command being gone through: where a value is lost.
    pub at: Span,
}

impl State {
    /// What is known where a script begins.
    pub(super) fn new(variables: Variables, folder: Option<Rc<str>>, at: Span) -> Self {
        let is_named =
            |name: &&str| name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        let names = variables.iter().map(|(name, _)| name).filter(is_named);
        let exported = names.map(str::to_owned).collect();
        Self {
            variables,
            arrays: Rc::default(),
            functions: Rc::default(),
            aliases: Rc::default(),
            exported: Rc::new(exported),
            exports_all: false,
            folder,
            at,
        }
    }

    /// How much there is to be copied or compared.
    pub(super) fn size(&self) -> usize {
        self.variables.count() + self.arrays.len() + self.functions.len() + self.aliases.len()
    }

    pub(super) fn set(&mut self, name: &str, value: Word) {
        if self.arrays.contains_key(name) {
            Rc::make_mut(&mut self.arrays).remove(name);
        }
        self.variables.set(name, value);
    }

    pub(super) fn set_array(&mut self, name: &str, values: Vec<Word>) {
        self.variables.forget(name);
        Rc::make_mut(&mut self.arrays).insert(name.to_owned(), values);
    }

    /// From here on its value is not known.
    pub(super) fn lose(&mut self, name: &str) {
        self.set(name, Word::unknown(self.at));
    }

    /// From here on nothing that was set is known.
    pub(super) fn lose_all(&mut self) {
        let names: Vec<_> = self.variables.iter().map(|(name, _)| name.to_owned()).collect();
        let arrays: Vec<_> = self.arrays.keys().cloned().collect();
        for name in names.iter().chain(&arrays) {
            self.lose(name);
        }
    }

    /// The variables that a program sees: those that are exported, and those that always are.
    pub(super) fn seen_by_programs(&self) -> Variables {
        let always = ["HOME", "PATH", "USER", "PWD", "SHELL", "TERM", "LANG", "LOGNAME", "TMPDIR"];
        let seen = |name: &str| {
            always.contains(&name)
                || self.exported.contains(name)
                || self.exports_all && name.starts_with(|c: char| !c.is_ascii_digit() && c != '#')
        };
        if self.variables.iter().all(|(name, _)| seen(name)) {
            return self.variables.clone();
        }
        let mut variables = Variables::default();
        for (name, value) in self.variables.iter().filter(|(name, _)| seen(name)) {
            variables.set(name, value.clone());
        }
        variables
    }

    pub(super) fn export(&mut self, name: &str) {
        if !self.exported.contains(name) {
            Rc::make_mut(&mut self.exported).insert(name.to_owned());
        }
    }

    /// What is known when it is not known which of the two it is.
    pub(super) fn merge(mut self, other: &Self) -> Self {
        if !self.variables.is_same(&other.variables) {
            let mut differs = Vec::new();
            for (name, value) in self.variables.iter() {
                if other.variables.get(name).is_none_or(|word| word.text() != value.text()) {
                    differs.push(name.to_owned());
                }
            }
            for (name, _) in other.variables.iter() {
                if self.variables.get(name).is_none() {
                    differs.push(name.to_owned());
                }
            }
            for name in differs {
                self.variables.set(name, Word::unknown(self.at));
            }
        }
        if !Rc::ptr_eq(&self.arrays, &other.arrays) {
            let names: BTreeSet<_> = self.arrays.keys().chain(other.arrays.keys()).collect();
            let differs = names.into_iter().filter(|name| {
                let texts = |arrays: &BTreeMap<String, Vec<Word>>| {
                    let array = arrays.get(*name)?;
                    Some(array.iter().map(|word| word.text().to_owned()).collect::<Vec<_>>())
                };
                texts(&self.arrays) != texts(&other.arrays)
            });
            for name in differs.cloned().collect::<Vec<_>>() {
                self.lose(&name);
            }
        }
        if !Rc::ptr_eq(&self.functions, &other.functions) {
            let functions = Rc::make_mut(&mut self.functions);
            for (name, body) in other.functions.iter() {
                let known = functions.entry(name.clone()).or_insert_with(|| Rc::clone(body));
                if !Rc::ptr_eq(known, body) {
                    *known = Rc::new(either(known, body));
                }
            }
        }
        if !Rc::ptr_eq(&self.aliases, &other.aliases) {
            let aliases = Rc::make_mut(&mut self.aliases);
            for (name, value) in other.aliases.iter() {
                let known = aliases.entry(name.clone()).or_insert_with(|| value.clone());
                if known.text() != value.text() {
                    *known = Word::unknown(value.span());
                }
            }
        }
        if !Rc::ptr_eq(&self.exported, &other.exported) {
            let exported = self.exported.intersection(&other.exported).cloned().collect();
            self.exported = Rc::new(exported);
        }
        self.exports_all &= other.exports_all;
        if self.folder != other.folder {
            self.folder = None;
        }
        self
    }

    /// Loses what the list may set: it runs any number of times.
    pub(super) fn lose_assigned(&mut self, lists: &[&List]) {
        let mut found = Found::default();
        for list in lists {
            found.list(list, self, 0);
        }
        if found.anything {
            self.lose_all();
            self.folder = None;
        }
        if found.moves {
            self.folder = None;
        }
        for name in found.names {
            self.lose(&name);
        }
    }
}

/// A function that is one of two: both are judged.
fn either(first: &Command, second: &Command) -> Command {
    let item = |command: &Command| Item {
        first: Pipeline { negated: false, commands: vec![command.clone()] },
        more: Vec::new(),
        background: false,
    };
    let list = List(vec![item(first), item(second)]);
    Command { kind: Kind::Group(list), redirects: Vec::new(), span: first.span }
}

/// Whether a script may set variables or change folders.
pub(super) fn sets_something(list: &List, state: &State) -> bool {
    let mut found = Found::default();
    found.list(list, state, 0);
    found.anything || found.moves || !found.names.is_empty()
}

/// The names that a list may set.
#[derive(Default)]
struct Found {
    names: BTreeSet<String>,
    /// It runs something that may set anything.
    anything: bool,
    /// It may go to another folder.
    moves: bool,
}

impl Found {
    fn list(&mut self, list: &List, state: &State, depth: u32) {
        for item in &list.0 {
            let pipelines =
                std::iter::once(&item.first).chain(item.more.iter().map(|more| &more.1));
            for command in pipelines.flat_map(|pipeline| &pipeline.commands) {
                self.command(command, state, depth);
            }
        }
    }

    fn command(&mut self, command: &Command, state: &State, depth: u32) {
        if depth > 60 {
            self.anything = true;
            return;
        }
        let depth = depth + 1;
        match &command.kind {
            Kind::Simple(simple) => {
                for assignment in simple.assignments.iter().chain(&simple.arrays) {
                    self.names.insert(assignment.name.clone());
                    match &assignment.value {
                        Value::One(text) => self.pieces(&text.pieces),
                        Value::Many(texts) => texts.iter().for_each(|t| self.pieces(&t.pieces)),
                    }
                }
                let Some(first) = simple.words.first() else { return };
                match first.plain().and_then(Word::known) {
                    Some(
                        "eval" | "source" | "." | "set" | "shift" | "command" | "builtin" | "exec",
                    )
                    | None => self.anything = true,
                    Some(name) => {
                        self.moves |= matches!(name, "cd" | "pushd" | "popd" | "chdir");
                        self.anything |= state.aliases.contains_key(name);
                        if let Some(body) = state.functions.get(name) {
                            self.command(body, state, depth + 20);
                        }
                    }
                }
                for text in &simple.words {
                    self.pieces(&text.pieces);
                    if let Some(assigned) = assigned(text) {
                        self.names.insert(assigned.name);
                    } else if let Some(word) = text.plain() {
                        self.identifiers(word.text());
                    }
                }
            }
            Kind::Group(list) | Kind::Subshell(list) => self.list(list, state, depth),
            Kind::If(arms, otherwise) => {
                for (condition, body) in arms {
                    self.list(condition, state, depth);
                    self.list(body, state, depth);
                }
                self.list(otherwise, state, depth);
            }
            Kind::While(condition, body) => {
                self.list(condition, state, depth);
                self.list(body, state, depth);
            }
            Kind::For(name, _, body) => {
                self.names.insert(name.clone());
                self.list(body, state, depth);
            }
            Kind::Count(sum, body) => {
                self.sum(&sum.pieces);
                self.list(body, state, depth);
            }
            Kind::Case(_, arms) => arms.iter().for_each(|arm| self.list(&arm.1, state, depth)),
            Kind::Function(_, body) => self.command(body, state, depth),
            Kind::Test(words) => words.iter().for_each(|text| self.pieces(&text.pieces)),
            Kind::Sum(sum) => self.sum(&sum.pieces),
            Kind::Coprocess(command) => self.command(command, state, depth),
        }
    }

    /// A sum may set what it names, and so may `read NAME`, `printf -v NAME`, …
    fn identifiers(&mut self, text: &str) {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        for name in text.split(|c| !is_name(c)) {
            if name.starts_with(|c: char| !c.is_ascii_digit()) {
                self.names.insert(name.to_owned());
            }
        }
    }

    fn sum(&mut self, pieces: &[Piece]) {
        for piece in pieces {
            match piece {
                Piece::Plain(word) | Piece::Quoted(word) => self.identifiers(word.text()),
                Piece::Double(inner) | Piece::Sum(inner) => self.sum(inner),
                Piece::Parameter(parameter) => {
                    self.names.insert(parameter.name.clone());
                }
                _ => {}
            }
        }
    }

    fn pieces(&mut self, pieces: &[Piece]) {
        for piece in pieces {
            match piece {
                Piece::Double(inner) => self.pieces(inner),
                Piece::Sum(inner) => self.sum(inner),
                Piece::Parameter(parameter) => {
                    if let super::syntax::Change::Otherwise(b'=', ..) = parameter.change {
                        self.names.insert(parameter.name.clone());
                    }
                }
                _ => {}
            }
        }
    }
}

/// The names that a sum names, and whether it may set any of them.
pub(super) fn named_by_sum(pieces: &[Piece]) -> (BTreeSet<String>, bool) {
    let mut letters = String::new();
    flat(pieces, &mut letters);
    let sets = letters.contains("++")
        || letters.contains("--")
        || letters
            .replace("==", "")
            .replace("<=", "")
            .replace(">=", "")
            .replace("!=", "")
            .contains('=');
    let mut found = Found::default();
    found.sum(pieces);
    (found.names, sets)
}

fn flat(pieces: &[Piece], letters: &mut String) {
    for piece in pieces {
        match piece {
            Piece::Plain(word) | Piece::Quoted(word) => letters.push_str(word.text()),
            Piece::Double(inner) | Piece::Sum(inner) => flat(inner, letters),
            _ => letters.push(HOLE),
        }
    }
}

/// Whether all of a text is letters: nothing runs while it is put together.
pub(super) fn is_still(text: &Text) -> bool {
    fn still(pieces: &[Piece]) -> bool {
        pieces.iter().all(|piece| match piece {
            Piece::Plain(_) | Piece::Quoted(_) => true,
            Piece::Double(inner) => still(inner),
            Piece::Parameter(parameter) => {
                matches!(parameter.change, super::syntax::Change::None) && parameter.index.is_none()
            }
            _ => false,
        })
    }
    still(&text.pieces)
}
