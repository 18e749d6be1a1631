//! How a decision is told: the answer, and the statement it rests on.

use super::Truth;
use crate::iam::Rule;
use serde::{Serialize, Serializer};
use std::fmt;

/// How AWS answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Decision {
    /// Something grants, nothing forbids.
    Allowed,
    /// A statement forbids.
    ExplicitlyDenied,
    /// Nothing grants.
    ImplicitlyDenied,
}

/// A layer, as it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    /// The caller's own policies.
    Identity,
    /// The permissions boundary.
    Boundary,
    /// Service control policies.
    Scp,
    /// Resource control policies.
    Rcp,
    /// The resource's policy.
    Resource,
    /// A role's trust policy.
    Trust,
    /// The session policy.
    Session,
    /// No policy: AWS's own rule (`sts:GetCallerIdentity`, an account's root user).
    Aws,
}

/// A statement of a named policy. Shown as `policy: Sid` or `policy: Statement[2]`.
#[derive(Debug, Clone, Copy)]
pub struct Cited<'a> {
    /// The policy's name.
    pub policy: &'a str,
    /// The statement.
    pub rule: &'a Rule,
}

impl fmt::Display for Cited<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.policy, self.rule.name())
    }
}

impl Serialize for Cited<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Which layer decided, and which of its statements.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Because<'a> {
    /// The layer.
    pub layer: Layer,
    /// The statement; none where the absence of a grant, or AWS itself, decided.
    pub statement: Option<Cited<'a>>,
}

/// A decision and what it rests on.
#[derive(Debug, Clone)]
pub struct Ruling<'a> {
    /// Whether the request is allowed.
    pub allowed: Truth,
    /// The decision if every open condition were to turn out in favour of the caller.
    pub decision: Decision,
    /// What decided.
    pub because: Because<'a>,
    /// What `Depends` hangs on, each in words; empty otherwise. All of them have to hold.
    pub conditions: Vec<String>,
}

impl<'a> Ruling<'a> {
    pub(super) fn allowed(because: Because<'a>) -> Self {
        Self { allowed: Truth::Yes, decision: Decision::Allowed, because, conditions: Vec::new() }
    }

    pub(super) fn denied(decision: Decision, because: Because<'a>) -> Self {
        Self { allowed: Truth::No, decision, because, conditions: Vec::new() }
    }
}
