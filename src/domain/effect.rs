//! One thing an action does.

use super::{Environment, Untrusted};
use serde::{Deserialize, Serialize};

/// What is done to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verb {
    /// Looks only.
    Read,
    /// Makes something new.
    Create,
    /// Changes something that exists.
    Update,
    /// Removes something that exists.
    Delete,
    /// Runs code whose effects cannot be read from outside.
    Run,
}

/// Whether an effect can be turned back.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is", content = "because")]
pub enum Reversibility {
    /// It can, by the means named.
    Reversible(String),
    /// It cannot.
    Irreversible,
    /// Nobody can tell from here, for the reason named.
    Opaque(String),
}

/// One thing an action does: verb, resource, environment, reversible or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// What is done.
    pub verb: Verb,
    /// To what, as the source names it.
    pub resource: Untrusted,
    /// Where that lives.
    pub environment: Environment,
    /// Whether there is a way back.
    pub reversibility: Reversibility,
}
