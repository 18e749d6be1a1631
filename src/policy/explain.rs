//! Why a ruling is what it is: what each effect was taken for, and which rules matched it.

use super::{
    Boundary, Kind,
    facts::{Done, Facts},
};
use crate::domain::{Environment, Ruling, Untrusted};
use serde::Serialize;

/// One question that was put to the rules, and which of them matched.
#[allow(clippy::struct_excessive_bools, reason = "each is an attribute that rules ask for")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Matched {
    /// What is done: a verb, or `opaque`.
    pub action: &'static str,
    /// Where.
    pub service: String,
    /// To what.
    pub name: Untrusted,
    /// What kind of thing that is.
    pub kind: Kind,
    /// Where it lives, as the rules see it.
    pub environment: Environment,
    /// Whether there is a way back.
    pub reversible: bool,
    /// Whether it stays on the working machine.
    pub local: bool,
    /// Whether customers depend on it.
    pub customer_facing: bool,
    /// Whether it touches the gate itself.
    pub protected: bool,
    /// Whether it gives power to whoever asks.
    pub to_itself: bool,
    /// The rules that match, by their `@id`, sorted; none: it is held at the strictest tier.
    pub rules: Vec<String>,
    /// So many more effects that were not put, because there are too many; they count as what no
    /// rule speaks of.
    pub beyond: usize,
}

impl Matched {
    pub(super) fn new(facts: &Facts, rules: Vec<String>) -> Self {
        Self {
            action: facts.done.as_str(),
            service: facts.service.clone(),
            name: facts.name.as_str().into(),
            kind: facts.kind,
            environment: facts.environment,
            reversible: facts.reversible,
            local: facts.local,
            customer_facing: facts.customer_facing,
            protected: facts.protected,
            to_itself: facts.to_itself,
            rules,
            beyond: 0,
        }
    }

    pub(super) fn beyond(count: usize) -> Self {
        Self {
            action: Done::Opaque.as_str(),
            service: String::new(),
            name: Untrusted::default(),
            kind: Kind::Other,
            environment: Environment::Unknown,
            reversible: false,
            local: false,
            customer_facing: false,
            protected: false,
            to_itself: false,
            rules: Vec::new(),
            beyond: count,
        }
    }
}

/// A ruling with its reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// The ruling.
    pub ruling: Ruling,
    /// What was asked and what matched, what weighs most first; empty where the rules could not be
    /// asked.
    pub matched: Vec<Matched>,
    /// The boundary of this program that decided although no forbid of the policy did.
    pub crossed: Option<Boundary>,
}
