//! What boundary, service control policies and denies leave of an identity's grants.

use super::{
    clause::{Clause, Proviso},
    grant::{Grant, deny, joined, limit},
    weigher::Layer,
};
use crate::iam::{Effect, Truth, actions::ActionSet};
use std::sync::Arc;

/// Comparisons of a grant's resources with a statement's, for one principal. Beyond, what is left
/// counts as depending on the statements that were not weighed. A comparison takes some tens of
/// nanoseconds.
const MAX_STEPS: usize = 4_000_000;
/// Weighs the layers of one principal.
#[derive(Debug, Default)]
pub(super) struct Weighing {
    steps: usize,
}

impl Weighing {
    pub(super) fn weigh(
        &mut self,
        mut grants: Vec<Arc<Grant>>,
        identity: &Layer<'_>,
        limits: &[Layer<'_>],
    ) -> Vec<Arc<Grant>> {
        for layer in limits {
            grants = self.limited(grants, layer);
        }
        for layer in std::iter::once(identity).chain(limits) {
            grants = self.denied(grants, layer);
        }
        grants
    }

    /// What a layer that has to allow as well leaves.
    fn limited(&mut self, grants: Vec<Arc<Grant>>, layer: &Layer<'_>) -> Vec<Arc<Grant>> {
        let allows = || {
            let clauses = layer.iter().filter_map(|(_, clauses)| clauses.as_deref()).flatten();
            clauses.filter(|clause| clause.effect == Effect::Allow)
        };
        let free = allows().filter(|clause| clause.is_boundless());
        let free = ActionSet::union_of(free.map(|clause| &*clause.actions));
        let mut left = Vec::with_capacity(grants.len());
        for grant in grants {
            if grant.actions.is_within(&free) {
                left.push(grant);
                continue;
            }
            let within = grant.actions.intersect(&free);
            let rest = grant.actions.subtract(&free);
            if !within.is_empty() {
                left.push(Arc::new(grant.with(Arc::new(within), Arc::clone(&grant.scope))));
            }
            let rest = grant.with(Arc::new(rest), Arc::clone(&grant.scope));
            for clause in allows().filter(|clause| !clause.is_boundless()) {
                self.steps = self.steps.saturating_add(steps(&rest, clause));
                if self.steps > MAX_STEPS {
                    left.push(Arc::new(undecided(&rest)));
                    break;
                }
                limit(&rest, clause, &mut left);
            }
            for (name, _) in layer.iter().filter(|(_, clauses)| clauses.is_none()) {
                let words = format!("policy `{name}`, which is not known, allows it");
                left.push(Arc::new(perhaps(&rest, words)));
            }
        }
        left
    }

    /// What the denies of a layer leave.
    fn denied(&mut self, mut grants: Vec<Arc<Grant>>, layer: &Layer<'_>) -> Vec<Arc<Grant>> {
        for (name, clauses) in layer {
            let Some(clauses) = clauses else {
                for grant in grants.iter_mut().filter(|grant| grant.truth == Truth::Yes) {
                    let words = format!("policy `{name}`, which is not known, does not deny it");
                    *grant = Arc::new(perhaps(grant, words));
                }
                continue;
            };
            for clause in clauses.iter().filter(|clause| clause.effect == Effect::Deny) {
                let needed = grants.iter().map(|grant| steps(grant, clause));
                self.steps = needed.fold(self.steps, usize::saturating_add);
                if self.steps > MAX_STEPS {
                    return grants.iter().map(|grant| Arc::new(undecided(grant))).collect();
                }
                if !grants.iter().any(|grant| grant.actions.meets(&clause.actions)) {
                    continue;
                }
                let mut left = Vec::with_capacity(grants.len() + 2);
                for grant in grants {
                    match deny(&grant, clause) {
                        Some(rest) => left.extend(rest),
                        None => left.push(grant),
                    }
                }
                grants = left;
            }
        }
        grants
    }
}

/// How many comparisons it takes to set a grant against a clause.
fn steps(grant: &Grant, clause: &Clause) -> usize {
    if !grant.actions.meets(&clause.actions) {
        return 1;
    }
    let ours = grant.scope.meets.len() + grant.scope.except.len();
    ours.saturating_mul(clause.region.len().max(1)).max(1)
}

fn perhaps(grant: &Grant, words: String) -> Grant {
    let mut grant = grant.depending(&[]);
    grant.granted = grant.granted.and(Truth::Depends);
    grant.provisos = joined(&grant.provisos, &[Proviso::told(words)]);
    grant
}

fn undecided(grant: &Grant) -> Grant {
    perhaps(grant, "too many statements have a say here to weigh them all".to_owned())
}
