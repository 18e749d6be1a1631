//! One program being called: its words, what it reads and the variables it sees.

use super::Word;
use crate::domain::Span;
use std::{collections::BTreeMap, rc::Rc};

/// What comes in, or goes out, on a pipe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Data {
    /// Nothing: the terminal, `/dev/null`, or a program that prints nothing.
    Nothing,
    /// This text; it may have holes.
    Text(Word),
    /// Something that is not known, made by this part of the input.
    Unknown(Span),
}

/// The variables set in the input itself. Any other is unknown.
#[derive(Debug, Clone, Default)]
pub struct Variables(Rc<BTreeMap<String, Word>>);

impl Variables {
    /// The value, if the input sets it.
    pub fn get(&self, name: &str) -> Option<&Word> {
        self.0.get(name)
    }

    /// Sets one.
    pub fn set(&mut self, name: impl Into<String>, value: Word) {
        Rc::make_mut(&mut self.0).insert(name.into(), value);
    }

    /// All of them, by their names.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Word)> {
        self.0.iter().map(|(name, word)| (name.as_str(), word))
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// Whether they are certainly the same.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// Takes one away: from here on it is unknown.
    pub fn forget(&mut self, name: &str) {
        if self.0.contains_key(name) {
            Rc::make_mut(&mut self.0).remove(name);
        }
    }
}

/// A call of one program.
#[derive(Debug, Clone)]
pub struct Call<'a> {
    /// The program and its arguments, as it would get them. Never empty.
    pub words: &'a [Word],
    /// The variables it sees, with those written before it.
    pub variables: &'a Variables,
    /// What it reads.
    pub stdin: &'a Data,
}

impl<'a> Call<'a> {
    /// The words behind the program.
    pub fn arguments(&self) -> &'a [Word] {
        self.words.get(1..).unwrap_or_default()
    }

    /// All of it, from the program to the last word.
    pub fn span(&self) -> Span {
        let mut spans = self.words.iter().map(Word::span);
        let first = spans.next().unwrap_or_default();
        spans.fold(first, Span::with)
    }

    /// The same surroundings with other words: what a wrapper such as `sudo` runs.
    #[must_use]
    pub fn running<'b>(&'b self, words: &'b [Word]) -> Call<'b> {
        Call { words, variables: self.variables, stdin: self.stdin }
    }
}
