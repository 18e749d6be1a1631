//! Where a thing lives, as far as blast radius is concerned.

use serde::{Deserialize, Serialize};
use std::{borrow::Cow, fmt};

/// Whether something belongs to production, by the rules of the `[production]` section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Environment {
    /// A configured rule says so.
    Production,
    /// No rule speaks of it. Treated with the care of production until somebody says otherwise.
    Unknown,
    /// A configured rule says it is not.
    NonProduction,
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Production => "production",
            Self::Unknown => "unknown",
            Self::NonProduction => "non-production",
        })
    }
}

/// Something in an input that says where it acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlaceKind {
    /// An AWS profile.
    Profile,
    /// An account, project, subscription or organisation of a cloud.
    Account,
    /// A kube-context, or the name of a cluster.
    Context,
    /// A host name or address, also out of a URL or a connection string.
    Host,
    /// A repository, `owner/name`.
    Repository,
    /// A branch or tag.
    Branch,
    /// The name of a workspace, stack, stage, namespace, application or deployment environment.
    Name,
}

/// Where an input says it acts: `--profile prod`, `-h db1.prod.example.com`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place<'a> {
    /// What kind of name it is.
    pub kind: PlaceKind,
    /// The name, as the input has it.
    pub name: Cow<'a, str>,
}

/// Tells which places are production.
pub trait Places {
    /// Whether that place is production. [`Environment::Unknown`] counts as production.
    fn environment(&self, place: &Place<'_>) -> Environment;
}
