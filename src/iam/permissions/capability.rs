//! From grants to what can be destroyed or exposed, by service.
//!
//! ```text
//!   grant ──once──▶ its list ─┐
//!   grant ──once──▶ its list ─┴─▶ the principal's list; what an unconditional grant on everything
//!                                 says already is not told again with less
//! ```

use super::Grant;
use crate::iam::{
    Truth,
    actions::{ActionId, ActionSet, Capabilities},
    reach::Capability,
};
use std::{
    collections::HashSet,
    sync::{Arc, LazyLock},
};

/// Which of the two lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Destroys,
    Exposes,
}

impl Side {
    fn actions(self) -> &'static Arc<ActionSet> {
        match self {
            Self::Destroys => Capabilities::get().destructive(),
            Self::Exposes => Capabilities::get().exposing(),
        }
    }
}

/// What the grants together can do of one side.
pub(super) fn of(grants: &[Arc<Grant>], side: Side) -> Arc<[Capability]> {
    let read = || grants.iter().filter(|grant| !grant.is_unread);
    let free = read().filter(|grant| is_free(grant));
    let free = free.fold(ActionSet::default(), |all, grant| {
        all.union(&grant.actions.intersect(side.actions()))
    });
    let mut lists: Vec<Arc<[Capability]>> = Vec::new();
    for grant in read() {
        let list = if is_free(grant) || !grant.actions.meets(&free) {
            alone(grant, side)
        } else {
            list(grant, &grant.actions.intersect(side.actions()).subtract(&free))
        };
        if !list.is_empty() {
            lists.push(list);
        }
    }
    if lists.len() <= 1 {
        return lists.pop().unwrap_or_default();
    }
    merged(&lists)
}

/// What a grant can do by itself.
fn alone(grant: &Grant, side: Side) -> Arc<[Capability]> {
    let [destroys, exposes] = &grant.harms;
    let known = if side == Side::Destroys { destroys } else { exposes };
    let compute = || list(grant, &grant.actions.intersect(side.actions()));
    Arc::clone(known.get_or_init(compute))
}

fn list(grant: &Grant, harmful: &ActionSet) -> Arc<[Capability]> {
    if harmful.is_empty() {
        return Arc::default();
    }
    let conditions: Arc<[String]> = grant.conditions().into_iter().map(Into::into).collect();
    let because: Arc<[String]> = [String::from(&*grant.because)].into();
    let services = harmful.by_service().into_iter();
    let capability = |(service, actions): (&'static str, Vec<ActionId>)| Capability {
        service,
        resources: match grant.scope.except.is_empty() {
            true => grant.scope.words(),
            false => grant.scope.words_for(&actions.iter().copied().collect()),
        },
        actions: shared(actions),
        conditions: Arc::clone(&conditions),
        because: Arc::clone(&because),
    };
    services.map(capability).collect()
}

/// Puts together what has the same service, resources and conditions.
fn merged(lists: &[Arc<[Capability]>]) -> Arc<[Capability]> {
    let mut all: Vec<&Capability> = lists.iter().flat_map(|list| list.iter()).collect();
    let by_place = |a: &Capability, b: &Capability| {
        let services = a.service.cmp(b.service);
        let resources = || a.resources.cmp(&b.resources);
        services.then_with(resources).then_with(|| a.conditions.cmp(&b.conditions))
    };
    all.sort_by(|a, b| by_place(a, b));
    let mut whole: Vec<Capability> = Vec::with_capacity(all.len());
    for one in all {
        match whole.last_mut() {
            Some(last) if by_place(last, one).is_eq() => {
                let mut actions: Vec<_> =
                    last.actions.iter().chain(&*one.actions).copied().collect();
                actions.sort_unstable();
                actions.dedup();
                last.actions = shared(actions);
                let new = one.because.iter().filter(|name| !last.because.contains(name));
                last.because = last.because.iter().chain(new).cloned().collect();
            }
            _ => whole.push(one.clone()),
        }
    }
    whole.into()
}

/// Whether it holds on everything, unconditionally.
fn is_free(grant: &Grant) -> bool {
    grant.truth == Truth::Yes && grant.is_boundless() && grant.scope.except.is_empty()
}

/// All of a service's harmful actions, kept once: most lists are that of an administrator.
static WHOLE: LazyLock<HashSet<Arc<[ActionId]>>> = LazyLock::new(|| {
    let sides = [Side::Destroys, Side::Exposes].map(Side::actions);
    let services = sides.into_iter().flat_map(|set| set.by_service());
    services.map(|(_, actions)| actions.into()).collect()
});

fn shared(actions: Vec<ActionId>) -> Arc<[ActionId]> {
    match WHOLE.get(&*actions) {
        Some(known) => Arc::clone(known),
        None => actions.into(),
    }
}
