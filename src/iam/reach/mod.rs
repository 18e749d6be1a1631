//! How far a principal gets: assume, pass, escalate.
//!
//! ```text
//!   World ─┬─ readings    every rule: which actions of interest, on what      once a document
//!          ├─ roster      principals, groups, policies of an account, by ARN  once an account
//!          ├─ trusting    who may assume which role                           once a role
//!          └─ ground      techniques of the catalogue, with whom they fit     once an account
//!                │
//!   each principal (two threads)
//!     power, somewhere    what an action is allowed on: a set, or some name the caller chooses
//!     attempt             a technique as far as it is allowed ──▶ its targets
//!     climb               hops: "may act as any of this set" ── raise: "makes these stronger"
//!                │
//!   search   backward from the administrators, level by level ──▶ shortest ways
//!            once along sure hops (yes), once along all (depends)
//!   tell     the few steps that are shown, asked again of `evaluate::decide`, in words
//!   doors    ways in from outside · route  all paths between two · ask  single questions
//! ```
//!
//! # Sets instead of edges
//!
//! A pair of principals is never looked at by itself. What a rule covers is a set over the roster
//! (bits; one "surely", one "maybe"), worked out once and shared by everybody who has the rule;
//! `allow ∧ ¬deny ∧ boundary ∧ each SCP level` are operations on sets. A hop into a set is one
//! edge, equal sets are one, and the search meets each set once. With `p` principals, `h` hops
//! into `s` sets and a roster of `r`: `O(p · rules · r / 64)` for the sets and `O(h + s · r / 64)`
//! for the search, where a graph of single edges has `p · r`. Principals are found in a set's
//! prefix of the sorted roster, so a pattern with a plain beginning looks only at what it may match.
//!
//! # What counts
//!
//! - `yes`: nothing is left open. `depends`: a condition on the caller, a fact the catalogue names
//!   (somebody invokes the function), or a resource nobody listed. `no`: neither.
//! - Whoever is made stronger gains within its boundary, the SCPs and what is denied to it; a
//!   boundary that can be taken away first holds nobody.
//! - Raising somebody counts as the caller's own where it acts as that one too, by whatever path:
//!   `C` reaches `M`, who gives `T` everything, and `C` reaches `T`. Several changes to one target
//!   (a boundary taken away, then a policy) are joined where it is one hop away.
//! - The power to raise *somebody else* whom the caller cannot act as is `depends`, with that one's
//!   name ([`Options::counts_raising_others`]).
//! - Roles of another account are reached when both sides agree; parties of accounts that were not
//!   loaded are [`EntryPoint`]s, and those of accounts that were are steps, whatever the trust asks
//!   of them: no door, so no warning of one.
//! - A service-linked role climbs nowhere: only its service acts as it, with AWS's code, and nobody
//!   may edit it. What it could destroy or expose by itself is told all the same.
//! - A policy that nobody can read (an identity's, an SCP, a boundary, a trust policy) allows
//!   everything perhaps, and denies everything perhaps.
//! - Of an account that was read in part nothing is `no`: its principals, and whoever may assume its
//!   roles, are `depends` by a step `not-known`.
//!
//! # Bounds
//!
//! Each errs to `depends`, and says so:
//!
//! | what | at most | beyond |
//! |---|---|---|
//! | trust policies asked for each caller by itself | 4,000,000 an audit | conditional; a problem |
//! | principals looked at singly to be raised | 512 a caller | a step `not-known` says so |
//! | sets of principals somebody gives everything | 16 | a problem; `not-known` |
//! | patterns of names an action is allowed on | 64 a layer | a condition of the step |
//! | policies that give everything, to be attached | 16 an account | a condition of the step |
//! | actions of the catalogue | 512 | a problem |
//! | steps of a path that are told | 32 | the rest is counted |
//! | visits of the search for all paths | 2,000,000 | a note |

mod ask;
mod attempt;
mod bits;
mod climb;
mod crown;
mod doors;
mod explain;
mod facts;
mod ground;
mod layers;
mod plan;
mod power;
mod raise;
mod reached;
mod readings;
mod roster;
mod route;
mod search;
mod somewhere;
mod survey;
mod tell;
mod trusting;

pub use ask::{can, who_can};
pub use explain::{Say, says};

use super::{
    Truth,
    actions::ActionId,
    escalation::Catalogue,
    world::{PrincipalId, Problem, World},
};
use std::sync::Arc;

/// What the questions assume of the moment they are asked in, and what they may cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The time of the requests, in seconds since 1970: conditions on the time are decided by it.
    pub now: i64,
    /// Whether the power to raise *somebody else* counts as a conditional way to an
    /// administrator: whoever has it needs that other principal's credentials as well.
    pub counts_raising_others: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { now: jiff::Timestamp::now().as_second(), counts_raising_others: true }
    }
}

/// How far [`paths`] looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound {
    /// Steps of one path.
    pub steps: usize,
    /// Paths in all.
    pub paths: usize,
}

impl Default for Bound {
    fn default() -> Self {
        Self { steps: 6, paths: 100 }
    }
}

/// Paths from one party to another, shortest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Paths {
    /// The paths; no principal comes twice in one.
    pub paths: Vec<Vec<Step>>,
    /// Why there may be more than these, or why there is none ("no principal is named so"), in
    /// words; none when these are all.
    pub note: Option<String>,
}

/// Everything that is to be said of every principal of a world.
pub fn audit(world: &World, options: &Options) -> Audit {
    match Catalogue::shipped() {
        Ok(catalogue) => survey::audit(world, &catalogue, options),
        Err(error) => Audit {
            answers: world.principals.iter().map(|_| Answer::default()).collect(),
            problems: vec![Problem {
                r#where: "escalation catalogue".to_owned(),
                what: format!("{error}; nothing can be said of reach"),
            }],
            ..Audit::default()
        },
    }
}

/// The simple paths from one party to another, up to a bound. `from` is a principal (ARN or
/// unique name), a service (`lambda.amazonaws.com`) or an outside party (an account id, a
/// provider's ARN); `to` is a principal, or `admin` for any administrator.
pub fn paths(world: &World, from: &str, to: &str, bound: Bound, options: &Options) -> Paths {
    match Catalogue::shipped() {
        Ok(catalogue) => route::paths(world, &catalogue, from, to, bound, options),
        Err(error) => Paths { paths: Vec::new(), note: Some(error.to_string()) },
    }
}

/// One step of a path, in words.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Step {
    /// ARN of a principal, name of a service, or an outside party (`repo:acme/shop:*` of a
    /// provider).
    pub from: String,
    /// ARN of a principal; `administrator` where the step itself gives everything. Where a step
    /// makes somebody stronger whom later steps lead to ([`Step::on`]), the one who takes these.
    pub to: String,
    /// Id of the escalation catalogue (several joined by ` + ` where they make one step together),
    /// or `assume-role`, `oidc`, `saml`, `service`; `own-permissions` where a conditional
    /// administrator's conditions are told; `not-known` where something was not read or looked at.
    pub technique: String,
    /// What the step uses, in order.
    pub actions: Vec<String>,
    /// What it is done to besides `to`: the group joined, the policy rewritten, the role edited.
    pub on: Vec<String>,
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
    pub destructive: Arc<[Capability]>,
    /// What data or secrets it could read or expose itself, by service.
    pub exposure: Arc<[Capability]>,
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

#[cfg(test)]
mod tests;
