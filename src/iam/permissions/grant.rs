//! Grants, and what the layers leave of them.
//!
//! ```text
//!   grant ──limited by a layer's allows──▶ grants (actions and resources in common)
//!   grant ──minus a deny──▶ the actions it does not name, as before
//!                           its other resources, as exceptions
//!                           and, if the deny may not apply, the rest, depending on it
//! ```

use super::{
    clause::{Clause, Proviso, Region, narrowed},
    scope::{BOUNDLESS, Meet, Pattern, Scope, is_within, overlaps},
};
use crate::iam::{Context, Truth, actions::ActionSet, reach::Capability};
use std::sync::{Arc, OnceLock};

/// Some actions, on some resources, under some conditions.
#[derive(Debug)]
pub struct Grant {
    /// The actions.
    pub actions: Arc<ActionSet>,
    /// `Yes`, or `Depends` on what [`Grant::conditions`] tells.
    pub truth: Truth,
    /// The same without regard to denies.
    pub(super) granted: Truth,
    /// The statement that grants: `policy: Sid`.
    pub because: Arc<str>,
    pub(super) scope: Arc<Scope>,
    pub(super) provisos: Arc<[Arc<Proviso>]>,
    /// Nobody could read the policy that grants this.
    pub(super) is_unread: bool,
    /// What it can destroy, and what it can expose, once somebody asked.
    pub(super) harms: [OnceLock<Arc<[Capability]>>; 2],
}

impl Grant {
    /// What it depends on, each in words; empty if on nothing.
    pub fn conditions(&self) -> Vec<&str> {
        let mut all: Vec<&str> = Vec::new();
        for words in self.provisos.iter().flat_map(|proviso| &proviso.words) {
            if !all.contains(&&**words) {
                all.push(words);
            }
        }
        all
    }

    /// Patterns of the resources it is for, as policies write them, with variables filled in;
    /// exceptions as `not …`.
    pub fn resources(&self) -> Arc<[String]> {
        self.scope.words_for(&self.actions)
    }

    /// Whether it is for this resource.
    pub fn covers(&self, resource: &str) -> bool {
        self.scope.covers(resource)
    }

    /// Whether it is for every resource there is, but for exceptions.
    pub fn is_boundless(&self) -> bool {
        self.scope.is_boundless()
    }

    /// Whether it holds where more is known of the request: the service a role is passed to, a
    /// tag of the resource.
    pub fn holds(&self, context: &dyn Context) -> Truth {
        if self.truth == Truth::Yes {
            return Truth::Yes;
        }
        let provisos = self.provisos.iter().map(|proviso| proviso.holds(context));
        provisos.min().unwrap_or(self.truth)
    }

    pub(super) fn with(&self, actions: Arc<ActionSet>, scope: Arc<Scope>) -> Self {
        Self {
            actions,
            scope,
            truth: self.truth,
            granted: self.granted,
            because: Arc::clone(&self.because),
            provisos: Arc::clone(&self.provisos),
            is_unread: self.is_unread,
            harms: Default::default(),
        }
    }

    pub(super) fn depending(&self, on: &[Arc<Proviso>]) -> Self {
        let mut grant = self.with(Arc::clone(&self.actions), Arc::clone(&self.scope));
        grant.truth = grant.truth.and(Truth::Depends);
        grant.provisos = joined(&grant.provisos, on);
        grant
    }
}

pub(super) fn joined(one: &Arc<[Arc<Proviso>]>, other: &[Arc<Proviso>]) -> Arc<[Arc<Proviso>]> {
    if other.is_empty() {
        return Arc::clone(one);
    }
    let new = other.iter().filter(|new| !one.iter().any(|known| Arc::ptr_eq(known, new)));
    one.iter().chain(new).map(Arc::clone).collect()
}

/// The same actions where they are possible: one grant for each set of resources.
pub(super) fn possible(
    grant: &Grant,
    actions: &Arc<ActionSet>,
    meets: Vec<Meet>,
    except: &[Arc<Pattern>],
    into: &mut Vec<Arc<Grant>>,
) {
    if meets.iter().all(|meet| meet.iter().all(|one| one.is_everything())) {
        if !meets.is_empty() {
            let scope = match except {
                [] => Arc::clone(&BOUNDLESS),
                _ => Arc::new(Scope::new(meets, except.to_vec())),
            };
            into.push(Arc::new(grant.with(Arc::clone(actions), scope)));
        }
        return;
    }
    for (actions, meets) in atoms(actions, meets) {
        let scope = Scope::new(meets, except.to_vec());
        into.push(Arc::new(grant.with(Arc::new(actions), Arc::new(scope))));
    }
}

/// More groups than this are not told apart any further; the actions then come several times.
const MAX_ATOMS: usize = 64;

/// Groups actions by the meets that can grant them.
fn atoms(actions: &ActionSet, meets: Vec<Meet>) -> Vec<(ActionSet, Vec<Meet>)> {
    let mut atoms: Vec<(ActionSet, Vec<Meet>)> = Vec::new();
    for meet in meets {
        let Some((first, others)) = meet.split_first() else { continue };
        let mut left = actions.intersect(&first.possible);
        for pattern in others {
            left = left.intersect(&pattern.possible);
        }
        if left.is_empty() {
            continue;
        }
        if atoms.len() >= MAX_ATOMS {
            atoms.push((left, vec![meet]));
            continue;
        }
        for at in 0..atoms.len() {
            let Some((known, known_meets)) = atoms.get_mut(at) else { break };
            if !known.meets(&left) {
                continue;
            }
            let both = known.intersect(&left);
            left = left.subtract(&both);
            if both.len() == known.len() {
                known_meets.push(meet.clone());
            } else {
                *known = known.subtract(&both);
                let mut meets = known_meets.clone();
                meets.push(meet.clone());
                atoms.push((both, meets));
            }
            if left.is_empty() {
                break;
            }
        }
        if !left.is_empty() {
            atoms.push((left, vec![meet]));
        }
    }
    atoms
}

/// What a clause of a layer that has to allow leaves of a grant.
pub(super) fn limit(grant: &Grant, clause: &Clause, into: &mut Vec<Arc<Grant>>) {
    if !grant.actions.meets(&clause.actions) {
        return;
    }
    let actions = Arc::new(grant.actions.intersect(&clause.actions));
    let depending;
    let grant = if clause.truth == Truth::Depends {
        let mut limited = grant.depending(&clause.provisos);
        limited.granted = limited.granted.and(Truth::Depends);
        depending = limited;
        &depending
    } else {
        grant
    };
    match &clause.region {
        Region::Only(patterns, except) => {
            if except.is_empty() && patterns.iter().any(|pattern| pattern.is_everything()) {
                into.push(Arc::new(grant.with(actions, Arc::clone(&grant.scope))));
                return;
            }
            let meets = narrowed(&grant.scope.meets, patterns);
            let except = both(&grant.scope.except, except);
            possible(grant, &actions, meets, &except, into);
        }
        Region::AllBut(patterns) => {
            let (meets, except) = without(&grant.scope, patterns);
            possible(grant, &actions, meets, &except, into);
        }
    }
}

/// The meets that are not wholly within the patterns, and the exceptions the rest gets.
fn without(scope: &Scope, patterns: &[Arc<Pattern>]) -> (Vec<Meet>, Vec<Arc<Pattern>>) {
    let is_left = |meet: &&Meet| !patterns.iter().any(|pattern| is_within(meet, pattern));
    let meets: Vec<Meet> = scope.meets.iter().filter(is_left).cloned().collect();
    let cuts = patterns.iter().filter(|one| meets.iter().any(|meet| overlaps(meet, one)));
    let cuts: Vec<_> = cuts.map(Arc::clone).collect();
    let except = both(&scope.except, &cuts);
    (meets, except)
}

/// Patterns of either list, without those that another one contains.
fn both(known: &[Arc<Pattern>], more: &[Arc<Pattern>]) -> Vec<Arc<Pattern>> {
    let mut all = known.to_vec();
    for pattern in more {
        if !all.iter().any(|one| one.arn.contains(&pattern.arn)) {
            all.push(Arc::clone(pattern));
        }
    }
    all
}

/// What a deny leaves of a grant. None: the grant as it is.
pub(super) fn deny(grant: &Grant, clause: &Clause) -> Option<Vec<Arc<Grant>>> {
    // Most denies are about something else, and that is cheap to see.
    if let Region::Only(patterns, _) = &clause.region
        && !patterns.iter().any(|one| grant.scope.meets.iter().any(|meet| overlaps(meet, one)))
    {
        return None;
    }
    let mut affected = grant.actions.intersect(&clause.actions);
    if affected.is_empty() {
        return None;
    }
    let mut left = Vec::new();
    let scope = &grant.scope;
    let perhaps = || grant.depending(&clause.provisos);
    let hit;
    match &clause.region {
        Region::Only(patterns, spared) => {
            let cuts_in = |one: &&Arc<Pattern>| {
                scope.meets.iter().any(|meet| overlaps(meet, one))
                    && !scope.except.iter().any(|except| except.arn.contains(&one.arn))
            };
            let cuts: Vec<_> = patterns.iter().filter(cuts_in).map(Arc::clone).collect();
            if !cuts.iter().any(|cut| cut.is_everything()) {
                let cuttable = ActionSet::union_of(cuts.iter().map(|one| &*one.possible));
                affected = affected.intersect(&cuttable);
                if affected.is_empty() {
                    return None;
                }
            }
            let (meets, except) = without(scope, &cuts);
            hit = Arc::new(affected);
            let affected = &hit;
            possible(grant, affected, meets, &except, &mut left);
            if clause.truth == Truth::Depends {
                let cut = narrowed(&scope.meets, &cuts);
                if !spared.is_empty() {
                    possible(grant, affected, narrowed(&cut, spared), &scope.except, &mut left);
                }
                possible(&perhaps(), affected, cut, &both(&scope.except, spared), &mut left);
            }
        }
        Region::AllBut(patterns) => {
            let is_spared = |meet: &Meet| patterns.iter().any(|one| is_within(meet, one));
            if !patterns.is_empty() && scope.meets.iter().all(is_spared) {
                return None;
            }
            let spared = narrowed(&scope.meets, patterns);
            hit = Arc::new(affected);
            possible(grant, &hit, spared, &scope.except, &mut left);
            if clause.truth == Truth::Depends {
                let actions = Arc::clone(&hit);
                left.push(Arc::new(perhaps().with(actions, Arc::clone(scope))));
            }
        }
    }
    let rest = grant.actions.subtract(&hit);
    if !rest.is_empty() {
        left.push(Arc::new(grant.with(Arc::new(rest), Arc::clone(scope))));
    }
    Some(left)
}
