//! The AWS policy language and the inventory of one account.
//!
//! This room knows what IAM *says*: it reads policy documents and the answer of
//! `GetAccountAuthorizationDetails`, whoever fetched it. What a principal can do in the end
//! (evaluation, reach, escalation) builds on these types and is not here yet.
//!
//! ```text
//!   JSON file ──load_file──▶ ┌──────────────────────┐ ──Grants──▶ what a principal is given
//!                            │ AuthorizationDetails │
//!   SDK pages ──(sources)──▶ └──────────────────────┘ ──clues───▶ identifiers for the catalogue
//!        each policy ──▶ Document: Read(Policy) or Unreadable(where, why)
//! ```
//!
//! A document that cannot be read stays in the model as [`Document::Unreadable`], so that it is
//! shown as opaque instead of counting as "grants nothing".

mod clues;
mod details;
mod document;
mod grants;
mod json;
mod load;
mod policy;
mod trust;

pub use clues::{role_clues, user_clues};
pub use details::{
    Attached, AuthorizationDetails, Group, Inline, ManagedPolicy, PolicyVersion, Role, RoleUse,
    Tag, User, account_of,
};
pub use document::{Document, DocumentError};
pub use grants::{Administrator, Grants, PolicyIndex};
pub use load::{LoadError, Loaded, MAX_FILE_BYTES, load_file, load_reader};
pub use policy::{Actions, Condition, Effect, Party, Policy, Principals, Resources, Statement};
pub use trust::{Trust, trusts};
