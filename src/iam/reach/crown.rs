//! Who counts as an administrator: full control of IAM, which gives it the rest.
//!
//! ```text
//!   allowed by every layer:  every IAM action that writes, on every user, role, group and policy
//!   and not denied there:    some action that gives permissions, to users or to roles
//! ```
//!
//! What is allowed and what is denied are not weighed alike. A boundary or an SCP that lists what is
//! allowed has to list all of IAM. A deny that leaves IAM standing (no new users, one role
//! protected) still leaves an administrator, because what it attaches to another role is not bound
//! by its own denies; one that takes IAM away, or the giving in it, leaves none.

use super::{ground::Ground, ground::Site, power::Stack, readings::Interest};
use crate::iam::{
    Context, Truth,
    actions::{Access, ActionTable},
};

/// Any one of these, on everything of its kind, hands out whatever the giver likes.
const GIVING: [&str; 4] =
    ["iam:AttachRolePolicy", "iam:AttachUserPolicy", "iam:PutRolePolicy", "iam:PutUserPolicy"];

/// Kinds of IAM resource that permissions hang on.
const KINDS: [&str; 4] = ["role", "user", "group", "policy"];

/// What an administrator must be able to do.
#[derive(Debug, Default)]
pub(super) struct Crown {
    /// Every writing action, with the position of its kind.
    whole: Vec<(u16, usize)>,
    /// Those of [`GIVING`].
    giving: Vec<u16>,
}

/// The actions an administrator must be able to use.
pub(super) fn actions() -> impl Iterator<Item = (&'static str, usize)> {
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
        Some((table.name(id), kind))
    })
}

impl Crown {
    pub(super) fn new(interest: &Interest) -> Self {
        let whole = actions().filter_map(|(name, kind)| Some((interest.find(name)?, kind)));
        Self {
            whole: whole.collect(),
            giving: GIVING.iter().filter_map(|name| interest.find(name)).collect(),
        }
    }

    /// The actions a deny of which may matter.
    pub(super) fn giving(&self) -> &[u16] {
        &self.giving
    }
}

/// Whether somebody with these rules over it is an administrator of this account.
pub(super) fn wears_crown(
    ground: &Ground<'_>,
    site: &Site<'_>,
    stack: &Stack<'_>,
    facts: &dyn Context,
) -> Truth {
    let crown = &ground.crown;
    let (partition, account) = (&site.account.partition, &site.account.id);
    let everything = KINDS.map(|kind| format!("arn:{partition}:iam::{account}:{kind}/*"));
    let mut allowed = Truth::Yes;
    let mut gives = Truth::No;
    for (action, kind) in &crown.whole {
        if stack.is_free(*action) {
            if crown.giving.contains(action) {
                gives = Truth::Yes;
            }
            continue;
        }
        let Some(all) = everything.get(*kind) else { continue };
        let covers = stack.covers(*action, all, facts);
        allowed = allowed.and(covers);
        if allowed == Truth::No {
            return Truth::No;
        }
        if crown.giving.contains(action) {
            gives = gives.or(covers.and(stack.forbids(*action, all, facts).negate()));
        }
    }
    allowed.and(gives)
}
