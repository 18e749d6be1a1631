//! From grants to what can be destroyed or exposed, by service.

use super::{Grant, Permissions};
use crate::iam::{
    Truth,
    actions::{ActionId, ActionSet, Capabilities},
    reach::Capability,
};
use std::{
    collections::{BTreeMap, HashSet},
    sync::{Arc, LazyLock},
};

/// What belongs together: one service, the same resources, the same conditions.
type Shelf = BTreeMap<(&'static str, Arc<[String]>, Vec<String>), (Vec<ActionId>, Vec<Arc<str>>)>;

/// What the principal can do of these actions.
pub(super) fn of(permissions: &Permissions, harm: &ActionSet) -> Arc<[Capability]> {
    let free = free(permissions, harm);
    let mut shelf = Shelf::new();
    for grant in permissions.grants().iter().filter(|grant| !grant.is_unread) {
        if !grant.actions.meets(harm) {
            continue;
        }
        let mut actions = grant.actions.intersect(harm);
        if !is_free(grant) {
            actions = actions.subtract(&free);
        }
        let conditions: Vec<String> = grant.conditions().into_iter().map(Into::into).collect();
        for (service, ids) in actions.by_service() {
            let set: ActionSet = ids.iter().copied().collect();
            let resources = grant.scope.words_for(&set);
            let place = shelf.entry((service, resources, conditions.clone())).or_default();
            place.0.extend(ids);
            if !place.1.contains(&grant.because) {
                place.1.push(Arc::clone(&grant.because));
            }
        }
    }
    let list =
        shelf.into_iter().map(|((service, resources, conditions), (mut actions, because))| {
            actions.sort_unstable();
            actions.dedup();
            Capability {
                service,
                actions: shared(actions),
                resources,
                conditions: conditions.into(),
                because: because.iter().map(|name| name.to_string()).collect(),
            }
        });
    list.collect()
}

/// What it may do on everything, unconditionally: there is no point in telling that again with
/// less.
fn free(permissions: &Permissions, harm: &ActionSet) -> ActionSet {
    let free = permissions.grants().iter().filter(|grant| is_free(grant));
    free.fold(ActionSet::default(), |all, one| all.union(&one.actions.intersect(harm)))
}

fn is_free(grant: &Grant) -> bool {
    grant.truth == Truth::Yes && grant.is_boundless() && grant.scope.except.is_empty()
}

/// All of a service's harmful actions, kept once: most lists are that of an administrator.
static WHOLE: LazyLock<HashSet<Arc<[ActionId]>>> = LazyLock::new(|| {
    let capabilities = Capabilities::get();
    let both = [capabilities.destructive(), capabilities.exposing()];
    both.into_iter().flat_map(|set| set.by_service().into_values()).map(Into::into).collect()
});

fn shared(actions: Vec<ActionId>) -> Arc<[ActionId]> {
    match WHOLE.get(&*actions) {
        Some(known) => Arc::clone(known),
        None => actions.into(),
    }
}
