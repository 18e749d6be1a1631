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
//! by its own denies; one that takes IAM away, or the giving in it, leaves none. The definition is
//! that of [`crate::iam::permissions`], asked of sets of rules so that it can be asked of principals
//! that are only supposed: raised, put into a group, freed of a boundary.

use super::{ground::Ground, ground::Site, power::Stack, readings::Interest};
use crate::iam::{
    Context, Truth,
    actions::ActionTable,
    permissions::{GIVING, KINDS, writes_of_iam},
};

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
    writes_of_iam().map(|(id, kind)| (ActionTable::get().name(id), kind))
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
    let everything = everything(site);
    let mut allowed = Truth::Yes;
    for (action, kind) in ground.crown.whole.iter().filter(|(action, _)| !stack.is_free(*action)) {
        let Some(all) = everything.get(*kind) else { continue };
        allowed = allowed.and(stack.covers(*action, all, facts));
        if allowed == Truth::No {
            return Truth::No;
        }
    }
    allowed.and(gives(ground, site, stack, facts))
}

/// Whether permissions may be handed out, to every user or to every role.
pub(super) fn gives(
    ground: &Ground<'_>,
    site: &Site<'_>,
    stack: &Stack<'_>,
    facts: &dyn Context,
) -> Truth {
    let everything = everything(site);
    let whole = ground.crown.whole.iter();
    let giving = whole.filter(|(action, _)| ground.crown.giving.contains(action));
    giving.fold(Truth::No, |any, (action, kind)| {
        if any == Truth::Yes || stack.is_free(*action) {
            return Truth::Yes;
        }
        let all = everything.get(*kind).map_or("", |all| all);
        let allowed = stack.covers(*action, all, facts);
        any.or(allowed.and(stack.forbids(*action, all, facts).negate()))
    })
}

/// What stands for everything of each kind in an account.
fn everything(site: &Site<'_>) -> [String; KINDS.len()] {
    let (partition, account) = (&site.account.partition, &site.account.id);
    KINDS.map(|kind| format!("arn:{partition}:iam::{account}:{kind}/*"))
}
