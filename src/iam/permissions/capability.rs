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
    actions::{ActionId, ActionSet, ActionTable, Capabilities},
    reach::Capability,
};
use std::{
    cmp::Ordering,
    collections::HashMap,
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
    let free = if grants.iter().any(|grant| is_free(grant)) {
        ActionSet::union_of(free.map(|grant| &*grant.actions))
    } else {
        ActionSet::default()
    };
    let mut lists: Vec<Arc<[Capability]>> = Vec::new();
    for grant in read() {
        let list = if is_free(grant) || !grant.actions.meets(&free) {
            alone(grant, side)
        } else if grant.actions.is_within(&free) {
            continue;
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
    let table = ActionTable::get();
    let actions: Vec<ActionId> = harmful.iter().collect();
    let mut rest = &*actions;
    let mut all = Vec::new();
    while let Some(service) = rest.first().and_then(|&first| table.service_of(first)) {
        let count = rest.partition_point(|id| id.0 < service.rows.end);
        let (own, others) = rest.split_at(count);
        rest = others;
        all.push(Capability {
            service: service.prefix,
            resources: if grant.scope.except.is_empty() {
                grant.scope.words()
            } else {
                grant.scope.words_for(&own.iter().copied().collect())
            },
            actions: shared(own),
            conditions: Arc::clone(&conditions),
            because: Arc::clone(&because),
        });
    }
    all.into()
}

/// Puts together what has the same service, resources and conditions.
fn merged(lists: &[Arc<[Capability]>]) -> Arc<[Capability]> {
    let mut all: Vec<&Capability> = lists.iter().flat_map(|list| list.iter()).collect();
    let by_place = |a: &Capability, b: &Capability| {
        // A service's actions lie together, so any of them tells its place; and its name is the
        // table's own.
        if !std::ptr::eq(a.service, b.service) {
            return a.actions.first().cmp(&b.actions.first());
        }
        compare(&a.resources, &b.resources).then_with(|| compare(&a.conditions, &b.conditions))
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
                last.actions = shared(&actions);
                let new = one.because.iter().filter(|name| !last.because.contains(name));
                last.because = last.because.iter().chain(new).cloned().collect();
            }
            _ => whole.push(one.clone()),
        }
    }
    whole.into()
}

/// Most are one and the same.
fn compare(one: &Arc<[String]>, other: &Arc<[String]>) -> Ordering {
    if Arc::ptr_eq(one, other) { Ordering::Equal } else { one.cmp(other) }
}

/// Whether it holds on everything, unconditionally.
fn is_free(grant: &Grant) -> bool {
    grant.truth == Truth::Yes && grant.is_boundless() && grant.scope.except.is_empty()
}

/// All of a service's harmful actions, kept once: most lists are that of an administrator. By the
/// first of them.
static WHOLE: LazyLock<HashMap<ActionId, Vec<Arc<[ActionId]>>>> = LazyLock::new(|| {
    let mut whole: HashMap<_, Vec<Arc<[ActionId]>>> = HashMap::new();
    for set in [Side::Destroys, Side::Exposes].map(Side::actions) {
        for (_, actions) in set.by_service() {
            if let Some(&first) = actions.first() {
                whole.entry(first).or_default().push(actions.into());
            }
        }
    }
    whole
});

fn shared(actions: &[ActionId]) -> Arc<[ActionId]> {
    let whole = actions.first().and_then(|first| WHOLE.get(first));
    let known = whole.into_iter().flatten().find(|known| ***known == *actions);
    known.map_or_else(|| actions.into(), Arc::clone)
}
