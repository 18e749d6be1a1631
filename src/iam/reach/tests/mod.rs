//! Who reaches an administrator, and who does not.

mod adversarial;
mod agreement;
mod bounds;
mod climbing;
mod gaps;
mod honesty;
mod limits;
mod passing;
mod paths;
mod raising;
mod traps;

use super::{Answer, Options, Step, audit};
use crate::iam::{
    Truth,
    world::{World, builder::AccountBuilder, builder::allow},
};

/// 2026-11-20.
pub(super) const NOW: i64 = 1_795_132_800;

pub(super) fn options() -> Options {
    Options { now: NOW, counts_raising_others: true }
}

/// The answer for the only principal of this name.
pub(super) fn answer(world: &World, name: &str) -> Answer {
    let audit = audit(world, &options());
    let at = world.principals.iter().position(|principal| &*principal.name == name);
    audit.answers[at.unwrap_or_else(|| panic!("no {name}"))].clone()
}

/// Whether `start` reaches an administrator.
pub(super) fn reaches(account: &AccountBuilder) -> Truth {
    answer(&account.world(), "start").reaches_admin
}

/// The path from `start`, as `technique>to`.
pub(super) fn path(account: &AccountBuilder) -> Vec<String> {
    answer(&account.world(), "start").path.iter().map(short).collect()
}

pub(super) fn short(step: &Step) -> String {
    format!("{}>{}", step.technique, step.to.rsplit('/').next().unwrap_or_default())
}

/// An account with an administrator role that nobody may assume, to be trusted by more.
pub(super) fn with_admin() -> AccountBuilder {
    AccountBuilder::new().role("boss").admin()
}

/// A user with these permissions on everything.
pub(super) fn start(account: AccountBuilder, actions: &str) -> AccountBuilder {
    account.user("start").inline(allow(actions, "*"))
}
