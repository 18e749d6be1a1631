//! Who counts as an administrator: full control of IAM, which gives it the rest.
//!
//! A principal that is granted, on everything, every IAM action that writes users, roles, groups or
//! policies ([`writes_of_iam`]), and that may give permissions to users or to roles: attach or
//! write a policy of one. So:
//!
//! - `*` on `*` is an administrator, and so is `iam:*`; it stays one if a deny takes away a few
//!   actions (`cloudtrail:StopLogging`) or protects some resources, because what it hands out to
//!   others is not bound by its own denies. A deny that may not apply, as a lock to some regions,
//!   makes it *depends* if it could hit IAM as well.
//! - Every action but IAM's (`PowerUserAccess`), or a deny of `iam:*`, is none: it cannot hand out
//!   permissions. Neither is the first with `iam:AttachUserPolicy` added: it reaches an
//!   administrator in one step.
//! - A boundary or an SCP that leaves less than that makes it none.
//!
//! [`crate::iam::reach`] asks the same of sets of rules, for principals that are only supposed.

use super::{Grant, Permissions};
use crate::iam::{
    Truth,
    actions::{Access, ActionId, ActionTable},
};
use std::sync::LazyLock;

/// Any one of these, on everything of its kind, hands out whatever the giver likes.
pub(in crate::iam) const GIVING: [&str; 4] =
    ["iam:AttachRolePolicy", "iam:AttachUserPolicy", "iam:PutRolePolicy", "iam:PutUserPolicy"];

/// Kinds of IAM resource that permissions hang on.
pub(in crate::iam) const KINDS: [&str; 4] = ["role", "user", "group", "policy"];

/// Every IAM action that writes, and the position of the kind it writes among [`KINDS`].
pub(in crate::iam) fn writes_of_iam() -> impl Iterator<Item = (ActionId, usize)> {
    let table = ActionTable::get();
    let iam = table.ids().filter(|id| table.service(*id) == "iam");
    let writing = iam.filter(|id| {
        matches!(table.access(*id), Access::Write | Access::Permissions)
            && !table.name(*id).is_empty()
    });
    writing.filter_map(|id| {
        let template = table.resource_patterns(id).next()?;
        let text = template.arn.text();
        let kind = KINDS.iter().position(|kind| text.ends_with(&format!(":{kind}/*")))?;
        Some((id, kind))
    })
}

static WHOLE: LazyLock<Vec<(ActionId, usize)>> = LazyLock::new(|| writes_of_iam().collect());

pub(super) fn admin(permissions: &Permissions) -> Truth {
    let grants = |action: ActionId, kind: usize| {
        permissions.resources(action).filter(move |grant| is_of_all(grant, kind))
    };
    let mut granted = Truth::Yes;
    for (action, kind) in WHOLE.iter() {
        let best = grants(*action, *kind).map(|grant| grant.granted).max();
        granted = granted.and(best.unwrap_or_default());
        // Most principals hold next to nothing of it.
        if granted == Truth::No {
            return Truth::No;
        }
    }
    let table = ActionTable::get();
    let giving = WHOLE.iter().filter(|(action, _)| GIVING.contains(&table.name(*action)));
    let gives = giving.flat_map(|(action, kind)| grants(*action, *kind)).map(|grant| grant.truth);
    granted.and(gives.max().unwrap_or_default())
}

/// Whether a grant is for everything of a kind.
fn is_of_all(grant: &Grant, kind: usize) -> bool {
    grant.is_boundless()
        || ["aws", "aws-cn", "aws-us-gov"].iter().any(|partition| {
            let kind = KINDS.get(kind).copied().unwrap_or_default();
            grant.covers(&format!("arn:{partition}:iam::*:{kind}/*"))
        })
}
