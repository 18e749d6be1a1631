//! One thing an action does, and what all of them together amount to.
//!
//! ```text
//!   command, plan, manifest, query, diff ──(classify)──▶ Assessment { effects, opaque } ──▶ Class
//! ```

use super::{Environment, Untrusted};
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, fmt};

/// What is done to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verb {
    /// Looks only.
    Read,
    /// Makes something new.
    Create,
    /// Changes something that exists: starts, stops, scales, configures.
    Update,
    /// Removes something that exists, or what it holds.
    Delete,
    /// Starts code that is fixed by what it is: a test run, a build, a job.
    Run,
    /// Gives somebody power, or takes a guard away.
    Grant,
    /// Shows a secret, or lets something out to where it cannot be called back from.
    Reveal,
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Read => "read",
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Run => "run",
            Self::Grant => "grant",
            Self::Reveal => "reveal",
        })
    }
}

/// Words of ours that mostly stand in the program already.
pub type Words = Cow<'static, str>;

/// Whether an effect can be turned back.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is", content = "because")]
pub enum Reversibility {
    /// Nothing changes, so there is nothing to turn back.
    Unchanged,
    /// It can, by the means named ("scale it back").
    Reversible(Words),
    /// It cannot; what is lost or let out is named ("the table and its rows are gone").
    Irreversible(Words),
}

/// A range of bytes of an input: `start` is the first, `end` the one behind the last.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// Byte behind the last.
    pub end: usize,
}

impl Span {
    /// From the first byte to the one behind the last.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// One thing an action does: verb, service, resource, environment, reversible or not, and the
/// place in the input that says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// What is done.
    pub verb: Verb,
    /// Where: `aws:rds`, `kubernetes`, `postgresql`, `files`, `git`, …
    pub service: Words,
    /// To what, as the input names it; empty when it names nothing.
    pub resource: Untrusted,
    /// Where that lives.
    pub environment: Environment,
    /// Whether there is a way back.
    pub reversible: Reversibility,
    /// The part of the input that says so.
    pub evidence: Span,
}

impl Effect {
    /// How severe this effect is alone.
    pub const fn class(&self) -> Class {
        match self.reversible {
            Reversibility::Unchanged => Class::ReadOnly,
            Reversibility::Reversible(_) => Class::Mutating,
            Reversibility::Irreversible(_) => Class::Destructive,
        }
    }
}

/// A part of an input that cannot be read, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opaque {
    /// The part.
    pub evidence: Span,
    /// Why nobody can tell from here what it would do, in words of ours.
    pub because: Words,
}

/// What a whole input amounts to, mildest first: the most severe part wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Changes nothing.
    ReadOnly,
    /// Changes something, and there is a way back.
    Mutating,
    /// Contains a part that cannot be read. Never harmless.
    Opaque,
    /// Data, infrastructure, audit trail or access lost for good, or a leak that cannot be taken
    /// back.
    Destructive,
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::ReadOnly => "read-only",
            Self::Mutating => "mutating",
            Self::Opaque => "opaque",
            Self::Destructive => "destructive",
        })
    }
}

/// All that is known about what an input would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    /// What it does, in the order of the input.
    pub effects: Vec<Effect>,
    /// What of it cannot be read.
    pub opaque: Vec<Opaque>,
}

impl Assessment {
    /// The class of the whole. An input that does nothing is read-only.
    pub fn class(&self) -> Class {
        let effects = self.effects.iter().map(Effect::class).max().unwrap_or(Class::ReadOnly);
        if self.opaque.is_empty() { effects } else { effects.max(Class::Opaque) }
    }
}
