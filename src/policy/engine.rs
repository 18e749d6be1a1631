//! The policy that is asked.

use super::Case;
use crate::domain::{Class, Confirm, Digest, Environment, Leave, PolicyId, Requirement, Ruling};
use std::path::Path;

/// The policy a new installation has.
pub(super) const SHIPPED: &str = "";

/// Why a policy cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// The file cannot be read.
    #[error("the policy {path} cannot be read: {why}")]
    Unreadable {
        /// The file.
        path: String,
        /// The system's words.
        why: std::io::Error,
    },
}

/// Rules that say what is let through, who must agree, and what nobody may approve.
#[derive(Debug, Clone)]
pub struct Policy {
    id: PolicyId,
}

impl Policy {
    /// The policy a new installation has.
    pub fn shipped() -> Result<Self, PolicyError> {
        Self::parse(SHIPPED, "the shipped policy")
    }

    /// Reads and checks a policy file.
    pub fn load(path: &Path) -> Result<Self, PolicyError> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|why| PolicyError::Unreadable { path: name.clone(), why })?;
        Self::parse(&text, &name)
    }

    /// Reads and checks a policy; `name` is what errors call it.
    pub fn parse(text: &str, _name: &str) -> Result<Self, PolicyError> {
        Ok(Self { id: PolicyId { version: 1, digest: Digest::of_bytes(text.as_bytes()) } })
    }

    /// Which policy this is.
    pub const fn id(&self) -> PolicyId {
        self.id
    }

    /// What is to happen to an action. Whatever goes wrong is a refusal.
    pub fn rule(&self, case: Case<'_>) -> Ruling {
        let production = case.action.target.environment != Environment::NonProduction
            || case.found.effects.iter().any(|e| e.environment != Environment::NonProduction);
        let held = |approvals, from: &[&str], confirm| {
            Leave::Held(Requirement {
                approvals,
                from: from.iter().map(|&group| group.to_owned()).collect(),
                expires: 1800,
                confirm,
            })
        };
        let (tier, leave) = match case.found.class() {
            Class::ReadOnly if !case.circumstances.hidden => ("read-only", Leave::LetThrough),
            Class::Mutating if !production && !case.circumstances.hidden => {
                ("reversible", Leave::LetThrough)
            }
            Class::Mutating | Class::ReadOnly => ("production", held(1, &[], Confirm::TypeTarget)),
            Class::Opaque | Class::Destructive => {
                ("destructive", held(2, &["senior"], Confirm::TypeTarget))
            }
        };
        Ruling { policy: self.id, tier: tier.to_owned(), leave, rules: Vec::new() }
    }
}
