//! The statements of one session, and what its transactions take back.

use super::{
    Dialect,
    statement::Reader,
    tokens::{readable, statements, tokens},
};
use crate::{
    classify::{Data, Judge, Variables, Word},
    domain::{Span, Verb, Words},
};

/// What was found of a statement.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// What it does.
    pub says: Says,
    /// To what.
    pub resource: String,
    /// Where it says so.
    pub at: Span,
    /// Whether a rollback takes it back.
    pub rolls_back: bool,
}

/// What something in a statement does.
#[derive(Debug, Clone)]
pub(super) enum Says {
    /// Looks only.
    Reads,
    /// Changes something; how to turn it back.
    Changes(Verb, Words),
    /// Loses something for good; what.
    Destroys(Verb, Words),
    /// Cannot be read; why.
    Opaque(Words),
    /// Runs a shell command.
    Script(Word),
    /// Runs SQL given as text.
    Query(Word),
}

/// What a statement means for the transaction around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Control {
    /// Nothing.
    Stays,
    /// Begins one.
    Begins,
    /// Makes what was done last.
    Commits,
    /// Takes back what was done.
    RollsBack {
        /// Whether the next transaction begins at once.
        chains: bool,
    },
    /// Remembers a point to go back to.
    Saves(String),
    /// Forgets it.
    Releases(String),
    /// Goes back to it.
    RollsBackTo(String),
}

/// The statements of one session.
#[derive(Debug)]
pub(super) struct Session {
    dialect: Dialect,
    found: Vec<Found>,
    /// What was found when the open transaction began.
    open: Option<usize>,
    saved: Vec<(String, usize)>,
    /// Prepared statements; their effects are already counted.
    prepared: Vec<String>,
}

impl Session {
    pub(super) fn new(dialect: Dialect) -> Self {
        Self { dialect, found: Vec::new(), open: None, saved: Vec::new(), prepared: Vec::new() }
    }

    /// Reads further statements; no when the steps are used up.
    pub(super) fn read(&mut self, piece: &Word, judge: &mut Judge<'_>) -> bool {
        let text = readable(piece);
        // A token is about four bytes; this keeps the work before the count small.
        let bytes = u32::try_from(text.len()).unwrap_or(u32::MAX);
        if !judge.step(bytes / 16 + 1, piece.span()) {
            return false;
        }
        let (tokens, is_whole) = tokens(&text, self.dialect);
        let count = u32::try_from(tokens.len()).unwrap_or(u32::MAX);
        if !judge.step(count, piece.span()) {
            return false;
        }
        if !is_whole {
            judge.opaque(piece.span(), "the query ends in the middle of a text or a comment");
        }
        for statement in statements(&tokens, &text, self.dialect) {
            let mut reader = Reader {
                piece,
                text: &text,
                tokens: statement,
                dialect: self.dialect,
                depth: 0,
                found: &mut self.found,
                prepared: &mut self.prepared,
            };
            let control = reader.statement();
            self.control(control);
        }
        true
    }

    fn control(&mut self, control: Control) {
        match control {
            Control::Stays => {}
            // In MySQL a second one commits the first; PostgreSQL goes on with it.
            Control::Begins if self.dialect.rolls_schema_back() => {
                self.open = self.open.or(Some(self.found.len()));
            }
            Control::Begins => {
                self.saved.clear();
                self.open = Some(self.found.len());
            }
            Control::Commits => {
                self.open = None;
                self.saved.clear();
            }
            Control::RollsBack { chains } => {
                self.saved.clear();
                if let Some(from) = self.open.take() {
                    self.take_back(from);
                }
                self.open = chains.then_some(self.found.len());
            }
            Control::Releases(name) => self.saved.retain(|(saved, _)| *saved != name),
            Control::Saves(name) => self.saved.push((name, self.found.len())),
            Control::RollsBackTo(name) => {
                let saved = self.saved.iter().rev().find(|(saved, _)| *saved == name);
                if let Some((_, from)) = saved
                    && self.open.is_some()
                {
                    self.take_back(*from);
                }
            }
        }
    }

    fn take_back(&mut self, from: usize) {
        for found in self.found.iter_mut().skip(from) {
            if found.rolls_back && matches!(found.says, Says::Changes(..) | Says::Destroys(..)) {
                found.says = Says::Reads;
            }
        }
    }

    /// Tells the judge.
    pub(super) fn report(self, service: &'static str, judge: &mut Judge<'_>) {
        for Found { says, resource, at, .. } in self.found {
            match says {
                Says::Reads => judge.reads(service, resource, at),
                Says::Changes(verb, back) => judge.changes(verb, service, resource, at, back),
                Says::Destroys(verb, lost) => judge.destroys(verb, service, resource, at, lost),
                Says::Opaque(because) => judge.opaque(at, because),
                Says::Script(script) => {
                    judge.script(&script, &Variables::default(), &Data::Unknown(at));
                }
                Says::Query(query) => judge.sql(&query, self.dialect, service),
            }
        }
    }
}
