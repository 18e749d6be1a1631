//! Who counts as an administrator.
//!
//! A principal that holds, on every resource (exceptions allowed), at least three quarters of all
//! actions and of IAM's, and that may give permissions to users or to roles: attach or write a
//! policy of one, on every resource as well. So:
//!
//! - `*` on `*` is an administrator, and stays one if a deny takes away a few actions
//!   (`cloudtrail:StopLogging`) or protects some resources, because what it hands out to others is
//!   not bound by its own denies. A deny that may not apply, as a lock to some regions, leaves the
//!   breadth standing; if it could hit IAM as well, the answer is *depends*.
//! - Every action but IAM's (`PowerUserAccess`), or a deny of `iam:*`, is none: it cannot hand out
//!   permissions. Neither is `iam:*` by itself, nor the first with `iam:AttachUserPolicy` added:
//!   they reach an administrator in one step.
//! - A boundary or an SCP that leaves less than that makes it none.

use super::{Grant, Permissions};
use crate::iam::{
    Truth,
    actions::{ActionSet, ActionTable},
};
use std::sync::LazyLock;

/// For the permissions of users and of roles: any one action of a pair is enough.
const GIVING: [&str; 4] =
    ["iam:AttachUserPolicy", "iam:PutUserPolicy", "iam:AttachRolePolicy", "iam:PutRolePolicy"];

static GIVING_SET: LazyLock<ActionSet> =
    LazyLock::new(|| GIVING.iter().filter_map(|name| ActionTable::get().find(name)).collect());

static IAM: LazyLock<ActionSet> = LazyLock::new(|| ActionTable::get().select("iam:*"));

pub(super) fn admin(permissions: &Permissions) -> Truth {
    let boundless = || permissions.grants().filter(|grant| grant.is_boundless());
    let is_broad = |truth: Truth| {
        let granted = boundless().filter(|grant| grant.granted >= truth);
        // Most principals hold next to nothing: adding up tells that before sets are united.
        let at_most: usize = granted.clone().map(|grant| grant.actions.len()).sum();
        if at_most < enough(ActionTable::get().len()) {
            return false;
        }
        let all = ActionSet::union_of(granted.map(|grant| &*grant.actions));
        all.len() >= enough(ActionTable::get().len())
            && all.intersect(&IAM).len() >= enough(IAM.len())
    };
    let gives = |truth: Truth| {
        let mut giving = boundless().filter(|grant: &&Grant| grant.truth >= truth);
        giving.any(|grant| grant.actions.meets(&GIVING_SET))
    };
    let holds = |truth| gives(truth) && is_broad(truth);
    if holds(Truth::Yes) {
        Truth::Yes
    } else if holds(Truth::Depends) {
        Truth::Depends
    } else {
        Truth::No
    }
}

fn enough(of: usize) -> usize {
    of / 4 * 3
}
