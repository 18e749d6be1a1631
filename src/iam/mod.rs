//! AWS IAM: what policies say, what a principal can really do, and how far it can climb.
//!
//! ```text
//!   JSON file ──load_file──▶ ┌──────────────────────┐ ──Grants──▶ what a principal is given
//!                            │ AuthorizationDetails │
//!   SDK pages ──(sources)──▶ └──────────────────────┘ ──clues───▶ identifiers for the catalogue
//!        each policy ──▶ Document: Read(Policy) or Unreadable(where, why)
//!
//!   Policy ──rules──▶ Rules ──evaluate──▶ one decision, with the layer and statement behind it
//!     └──world──▶ World ──reach──▶ who is an administrator, who becomes one, what each destroys
//!                    ▲
//!       actions, escalation: the tables of AWS's actions and of ways to climb
//! ```
//!
//! A document that cannot be read stays in the model as [`Document::Unreadable`], so that it is
//! shown as opaque instead of counting as "grants nothing". Truth has three values throughout
//! ([`Truth`]): what depends on the caller is told with its condition, never decided silently.

pub mod actions;
mod clues;
mod context;
mod details;
mod document;
pub mod escalation;
pub mod evaluate;
mod facts;
pub mod federation;
mod grammar;
mod grants;
mod headline;
mod json;
mod lint;
mod load;
pub mod permissions;
mod policy;
mod print;
pub mod reach;
mod rules;
mod told;
mod trust;
mod truth;
mod why;
pub mod world;

pub use clues::{role_clues, user_clues};
pub use context::{Context, Known, NothingKnown, Values};
pub use details::{
    Attached, AuthorizationDetails, Group, Inline, ManagedPolicy, PolicyVersion, Role, RoleUse,
    Tag, User, account_of,
};
pub use document::{Document, DocumentError};
pub use facts::{Facts, Layered};
pub use grants::{Administrator, Grants, PolicyIndex};
pub use lint::{PolicyKind, PolicyProblem};
pub use load::{
    DetailsReader, LoadError, Loaded, MAX_DOCUMENT_BYTES, MAX_FILE_BYTES, Parts, load_file,
    load_reader,
};
pub use policy::{Actions, Condition, Effect, Party, Policy, Principals, Resources, Statement};
pub use rules::{ArnPattern, Glob, ResourcePattern, Rule, Rules};
pub use trust::{Trust, trusts};
pub use truth::Truth;

pub use told::{Bounds, action_name, step, told};
