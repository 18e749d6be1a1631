//! What nobody may approve, looked at a second time: from the effects alone, without Cedar.
//!
//! The shipped policy forbids the same. A policy that leaves a forbid out, or whose conditions miss,
//! still ends here.
//!
//! **Where production begins.** A deletion counts when its effect is in production: the classifier
//! found it there (`--context prod`, a rule of `[production]`), the action's target is, or nothing
//! is known and its own name reads like production (`prod-data`, `live`; not `preprod`, not
//! `prod-test`). What nobody knows and that reads like nothing is *not* taken for production here:
//! a developer's `dropdb shop` or `kind delete cluster` would be out of everybody's reach. It is
//! held by the rules instead, for two people and a senior, as everything is that cannot be undone.

use super::{
    Kind,
    facts::{Done, Facts},
};
use crate::domain::{Environment, Verb, Words};

/// What nobody may approve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Boundary {
    /// Touching the gate's own configuration, policy, hooks or store.
    Gate,
    /// Granting power to whoever asks.
    Power,
    /// Deleting what production stands on.
    Production,
}

impl Boundary {
    /// Its name in rulings. The shipped policy calls its forbids the same.
    pub const fn rule(self) -> &'static str {
        match self {
            Self::Gate => "hands-off-the-gate",
            Self::Power => "no-power-for-itself",
            Self::Production => "production-stays",
        }
    }
}

/// The kinds production stands on.
const GROUND: &[Kind] = &[
    Kind::Environment,
    Kind::Database,
    Kind::Bucket,
    Kind::Cluster,
    Kind::Namespace,
    Kind::Key,
    Kind::AuditTrail,
];

/// The boundary these facts cross, if any, and why, naming what is touched.
pub(super) fn crossed(facts: &Facts) -> Option<(Boundary, Words)> {
    let changes = facts.done != Done::Does(Verb::Read);
    if facts.protected && changes {
        let because = "it touches the gate's own configuration, policy, hooks or store";
        return Some((Boundary::Gate, because.into()));
    }
    if facts.to_itself && facts.done == Done::Does(Verb::Grant) {
        return Some((Boundary::Power, "it grants permissions to whoever asks for it".into()));
    }
    let deletes = facts.done == Done::Does(Verb::Delete);
    // A trail that is only switched off records nothing either.
    let silences = facts.kind == Kind::AuditTrail && changes;
    if facts.environment == Environment::Production
        && !facts.reversible
        && (deletes && GROUND.contains(&facts.kind) || silences)
    {
        let what = if facts.kind == Kind::AuditTrail { "audit trail" } else { facts.kind.as_str() };
        let because = format!("it takes the {what} away from production");
        return Some((Boundary::Production, because.into()));
    }
    None
}

/// The first boundary that any of these cross.
pub(super) fn first(all: &[Facts]) -> Option<(Boundary, Words)> {
    all.iter().filter_map(crossed).min_by_key(|(boundary, _)| *boundary)
}
