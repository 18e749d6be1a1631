//! How far a principal gets: assume, pass, escalate.
//!
//! ```text
//!   World ──▶ permissions of each principal (sets over the action table)
//!     │            │
//!     └────────────┴──▶ edges: assume, federate, pass a role, edit, run code as ──▶ who is, who
//!                       reaches an administrator, by which shortest path
//! ```

use super::{
    Truth,
    actions::ActionId,
    world::{PrincipalId, Problem},
};
use std::sync::Arc;

/// One step of a path, in words.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Step {
    /// ARN of a principal, name of a service, or an outside party (`repo:acme/shop:*` of a
    /// provider).
    pub from: String,
    /// ARN of a principal; `administrator` where the step itself gives everything.
    pub to: String,
    /// Id of the escalation catalogue, or `assume-role`, `oidc`, `saml`, `service`.
    pub technique: String,
    /// What the step uses, in order.
    pub actions: Vec<String>,
    /// What it depends on, each in words; empty if on nothing.
    pub conditions: Vec<String>,
}

/// What a principal can do of one kind in one service, for the same resources under the same
/// conditions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capability {
    /// The service's prefix (`s3`).
    pub service: &'static str,
    /// The actions.
    pub actions: Arc<[ActionId]>,
    /// Resource patterns it holds for, as policies write them (with variables filled in);
    /// exceptions as `not …`.
    pub resources: Arc<[String]>,
    /// What it depends on, each in words.
    pub conditions: Arc<[String]>,
    /// The statements that grant it: `policy: Sid`.
    pub because: Arc<[String]>,
}

/// What is to be said of one principal.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// Whether it can do everything itself.
    pub admin: Truth,
    /// Whether it can become somebody who can. An administrator does.
    pub reaches_admin: Truth,
    /// The shortest way there; empty for an administrator.
    pub path: Vec<Step>,
    /// What it could destroy itself, by service.
    pub destructive: Vec<Capability>,
    /// What data or secrets it could read or expose itself, by service.
    pub exposure: Vec<Capability>,
    /// How many of the table's actions it may use on at least one resource: breadth.
    pub allowed_actions: u32,
}

/// A way in from outside the loaded accounts.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct EntryPoint {
    /// Who may come in (`*`, an account, a provider with the subjects it admits, a service).
    pub who: String,
    /// ARN of the role.
    pub role: String,
    /// `assume-role`, `oidc`, `saml`, `service`.
    pub how: String,
    /// What it depends on.
    pub conditions: Vec<String>,
    /// What is wrong with it ("any repository on GitHub", "never matches"), if anything.
    pub warning: Option<String>,
    /// Whether that role reaches an administrator.
    pub reaches_admin: Truth,
}

/// The audit of a world.
#[derive(Debug, Default)]
pub struct Audit {
    /// In the order of [`super::world::World::principals`].
    pub answers: Vec<Answer>,
    /// Ways in from outside.
    pub entry_points: Vec<EntryPoint>,
    /// Problems met on the way, in addition to the world's own.
    pub problems: Vec<Problem>,
}

impl Audit {
    /// The answer for a principal.
    pub fn of(&self, id: PrincipalId) -> Option<&Answer> {
        self.answers.get(id.0 as usize)
    }
}
