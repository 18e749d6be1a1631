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

/// The service of effects that are nothing but a file of a diff.
pub const FILES_OF_A_CHANGE: &str = "repository";

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
    /// It in a few words: what is done, where, to what.
    pub fn told(&self) -> Untrusted {
        let Self { verb, service, resource, .. } = self;
        if resource.is_empty() {
            return format!("{verb} {service}").into();
        }
        format!("{verb} `{}` ({service})", resource.raw()).into()
    }

    /// The way back, or what is lost.
    pub fn because(&self) -> &str {
        match &self.reversible {
            Reversibility::Unchanged => "nothing changes",
            Reversibility::Reversible(because) | Reversibility::Irreversible(because) => because,
        }
    }

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

    /// Everything that was found, what weighs most first; what weighs the same in the order of the
    /// input.
    pub fn by_weight(&self) -> Vec<Found<'_>> {
        let effects = self.effects.iter().map(Found::Effect);
        let mut found: Vec<_> = effects.chain(self.opaque.iter().map(Found::Opaque)).collect();
        found.sort_by_key(|found| (std::cmp::Reverse(found.class()), found.evidence()));
        found
    }
}

/// One of the things that were found in an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found<'a> {
    /// Something it does.
    Effect(&'a Effect),
    /// Something of it that cannot be read.
    Opaque(&'a Opaque),
}

impl Found<'_> {
    /// How severe it is alone.
    pub const fn class(&self) -> Class {
        match self {
            Self::Effect(effect) => effect.class(),
            Self::Opaque(_) => Class::Opaque,
        }
    }

    /// It in one line: what is done and the way back, what is lost, or why it cannot be read.
    pub fn told(&self) -> Untrusted {
        match self {
            Self::Effect(effect) if effect.class() == Class::ReadOnly => effect.told(),
            Self::Effect(effect) => format!("{}: {}", effect.told().raw(), effect.because()).into(),
            Self::Opaque(opaque) => format!("cannot be read: {}", opaque.because).into(),
        }
    }

    /// Whether it only is a file of a change that lists its files anyway.
    pub fn is_listed(&self) -> bool {
        matches!(self, Self::Effect(effect) if effect.service == FILES_OF_A_CHANGE)
    }

    /// The part of the input that says so.
    pub const fn evidence(&self) -> Span {
        match self {
            Self::Effect(effect) => effect.evidence,
            Self::Opaque(opaque) => opaque.evidence,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Assessment, Class, Effect, Opaque, Reversibility, Span, Verb};
    use crate::domain::Environment;

    fn effect(reversible: Reversibility, start: usize) -> Effect {
        Effect {
            verb: Verb::Delete,
            service: "files".into(),
            resource: "/srv".into(),
            environment: Environment::Unknown,
            reversible,
            evidence: Span::new(start, start + 1),
        }
    }

    #[test]
    fn the_most_severe_part_wins_and_comes_first() {
        let mut found = Assessment::default();
        assert_eq!(found.class(), Class::ReadOnly);
        found.effects.push(effect(Reversibility::Unchanged, 0));
        found.effects.push(effect(Reversibility::Reversible("undo".into()), 2));
        assert_eq!(found.class(), Class::Mutating);
        found.opaque.push(Opaque { evidence: Span::new(4, 5), because: "no".into() });
        assert_eq!(found.class(), Class::Opaque);
        found.effects.push(effect(Reversibility::Irreversible("gone".into()), 6));
        assert_eq!(found.class(), Class::Destructive);
        let order: Vec<Class> = found.by_weight().iter().map(super::Found::class).collect();
        assert_eq!(order, [Class::Destructive, Class::Opaque, Class::Mutating, Class::ReadOnly]);
    }

    #[test]
    fn an_effect_is_told_in_a_few_words() {
        let effect = effect(Reversibility::Irreversible("gone".into()), 0);
        assert_eq!(effect.told().raw(), "delete `/srv` (files)");
        assert_eq!(effect.because(), "gone");
    }
}
