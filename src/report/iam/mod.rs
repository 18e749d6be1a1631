//! What the IAM engine found out, for people and for machines.
//!
//! ```text
//!   World + reach::Audit ─┬─ IamAudit ──────▶ accounts, who climbs, entry points, problems
//!                         └─ PrincipalReach ▶ one principal in depth
//!   World + one question ─── CanReport, WhoCanReport, PathsReport
//! ```

mod audit;
mod decision;
mod paths;
mod principal;
mod problems;
mod summary;
mod view;

pub use audit::IamAudit;
pub use decision::{Asked, CanReport, SaysReport, WhoCanReport};
pub use paths::PathsReport;
pub use principal::PrincipalReach;
pub use problems::Resting;

use crate::{
    domain::Untrusted,
    iam::world::{Kind, Principal, World},
};

/// The account of a principal, 12 digits.
fn account_of<'a>(world: &'a World, principal: &Principal) -> &'a str {
    world.accounts.get(principal.account.0 as usize).map_or("", |account| &account.id)
}

/// `user` or `role`.
fn kind_of(principal: &Principal) -> &'static str {
    match principal.kind {
        Kind::User => "user",
        Kind::Role => "role",
    }
}

/// A principal's name, and its account where several were loaded.
fn name_of(world: &World, principal: &Principal) -> Untrusted {
    if world.accounts.len() > 1 {
        Untrusted::new(format!("{} ({})", principal.name, account_of(world, principal)))
    } else {
        Untrusted::new(&*principal.name)
    }
}

#[cfg(test)]
mod samples;
