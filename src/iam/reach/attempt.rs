//! Carrying one technique out, as far as it is allowed.

use super::{
    bits::{Bits, Pair},
    climb::Climber,
    facts::{Brought, Facts},
    ground::Site,
    plan::{On, Plan, PlanStep, is_of_kind},
    power::{Field, Stack},
    somewhere::{Candidate, merge, surest},
    trusting,
};
use crate::iam::{
    Truth,
    escalation::{Gives, Lever},
    world::PrincipalId,
};
use std::{rc::Rc, sync::Arc};

/// What a technique's steps come to.
pub(super) struct Attempt {
    /// Whom it works on.
    pub(super) targets: Arc<Pair>,
    /// The groups or policies it is done through.
    pub(super) things: Option<Pair>,
    /// How surely it works where it is about nobody in particular.
    pub(super) truth: Truth,
}

/// A call, what is known of it, and for which targets it is meant.
type Asked<'a> = (u16, Facts<'a>, Option<&'a Pair>);

/// Condition keys and what they are fixed to.
type Brings = Box<[(Box<str>, Brought)]>;

/// What an action was found to be allowed on.
#[derive(Debug)]
pub(super) struct Allowed {
    action: u16,
    /// The roster's number.
    field: u32,
    /// What was brought, if any rule heeds it.
    heeded: Option<Brings>,
    targets: Rc<Pair>,
}

impl Climber<'_> {
    /// Carries a technique out as far as it is allowed. None: it is not.
    #[allow(clippy::too_many_lines, reason = "one arm for each kind of place")]
    pub(super) fn attempt(
        &mut self,
        stack: &Stack<'_>,
        site: &Site<'_>,
        plan: &Plan<'_>,
        facts: &Facts<'_>,
    ) -> Option<Attempt> {
        let ground = self.ground;
        // None: everybody who fits.
        let mut targets: Option<Pair> = None;
        let mut things: Option<Pair> = None;
        let mut truth = plan.cap;
        let mut chosen: Vec<(&str, Vec<Candidate>)> = Vec::new();
        let mut on_resource = Pair::all(site.resources.len(), Truth::Yes);
        let mut named = Bits::none(site.resources.len());
        for step in &plan.steps {
            let asked = asked(stack, step, facts);
            match &step.on {
                On::Target if is_free(&asked, stack) => {}
                On::Target | On::Group | On::Policy => {
                    let field = match step.on {
                        On::Target => site.principal_field(ground.world),
                        On::Group => site.group_field(),
                        _ => site.policy_field(),
                    };
                    let is_principals = step.on == On::Target;
                    let mut union: Option<Rc<Pair>> = None;
                    for (action, facts, within) in &asked {
                        let mut allowed = self.allowed(stack, *action, field, facts);
                        if let Some(within) = within.filter(|_| is_principals) {
                            Rc::make_mut(&mut allowed).keep(within);
                        }
                        match &mut union {
                            Some(union) => Rc::make_mut(union).add(&allowed),
                            None => union = Some(allowed),
                        }
                    }
                    let pair = union?;
                    let kept = if is_principals {
                        if !plan.fits.may.meets(&pair.may) {
                            return None;
                        }
                        targets.get_or_insert_with(|| (*plan.fits).clone())
                    } else {
                        things.get_or_insert_with(|| Pair::all(field.roster.len(), Truth::Yes))
                    };
                    kept.keep(&pair);
                    if kept.is_empty() {
                        return None;
                    }
                }
                On::Provider(kind) => {
                    let mut pair = Pair::none(site.principals.len());
                    let targets = targets.get_or_insert_with(|| (*plan.fits).clone());
                    for at in targets.may.iter() {
                        let target = site.principals.id(at).map(PrincipalId);
                        let target = target.and_then(|id| ground.principal(id));
                        let rules = target.and_then(|role| role.trust.as_ref()).map(|t| t.rules());
                        let providers = rules.into_iter().flatten().flat_map(trusting::federated);
                        for provider in providers.filter(|p| kind.is_some_and(|k| is_of_kind(p, k)))
                        {
                            for (action, facts, _) in &asked {
                                let named = [Candidate::new(provider)];
                                pair.insert(at, surest(&stack.narrow(*action, &named, facts)));
                            }
                        }
                    }
                    targets.keep(&pair);
                    if targets.is_empty() {
                        return None;
                    }
                }
                On::Any => {
                    let all = [Candidate::new("*")];
                    let left =
                        asked.iter().map(|(action, f, _)| surest(&stack.narrow(*action, &all, f)));
                    truth = truth.and(left.max().unwrap_or_default());
                }
                On::Known(masks) => {
                    let field = site.resource_field();
                    for mask in masks {
                        let mut pair = Pair::none(field.roster.len());
                        for (action, facts, _) in &asked {
                            pair.add(&self.allowed(stack, *action, field, facts));
                        }
                        truth = truth.and(pair.best_within(mask));
                        on_resource.restrict(mask, &pair);
                        named.add(mask);
                    }
                }
                On::Named(patterns) => {
                    for pattern in patterns {
                        let before = match chosen.iter().find(|(known, _)| known == pattern) {
                            Some((_, left)) => left.clone(),
                            None => vec![Candidate::new(pattern)],
                        };
                        let left = left_of(stack, &asked, &before);
                        truth = truth.and(surest(&left));
                        chosen.retain(|(known, _)| known != pattern);
                        chosen.push((pattern, left));
                    }
                }
            }
            if truth == Truth::No {
                return None;
            }
        }
        // A name that a later step asks for may be one that an earlier step does not allow.
        for step in plan.steps.iter().filter(|_| plan.steps.len() > 1) {
            let On::Named(patterns) = &step.on else { continue };
            let asked = asked(stack, step, facts);
            for pattern in patterns {
                let known = chosen.iter_mut().find(|(known, _)| known == pattern);
                let Some((_, left)) = known else { continue };
                *left = left_of(stack, &asked, left);
                truth = truth.and(surest(left));
            }
        }
        if let Some(existing) = &plan.technique.resource {
            match &plan.running {
                None => truth = truth.and(Truth::Depends),
                Some(known) => {
                    let mut running = Pair::none(site.principals.len());
                    let mut there = Truth::No;
                    let names_it = plan.steps.iter().any(|step| matches!(step.on, On::Known(_)));
                    // Steps that name no such resource do not have to be allowed on it.
                    for (at, role) in known.iter().filter(|(at, _)| !names_it || named.has(*at)) {
                        there = there.or(on_resource.of(*at));
                        if let Some(place) = role {
                            running.insert(*place, on_resource.of(*at));
                        }
                    }
                    if existing.runs_as_target {
                        targets.get_or_insert_with(|| (*plan.fits).clone()).keep(&running);
                    }
                    truth = truth.and(there);
                }
            }
        }
        if let (Some(lever), Some(things)) = (plan.technique.target.through, &mut things) {
            if plan.technique.gives == Gives::OtherVersion {
                things.keep(&ground.reversible(site));
            }
            if plan.technique.gives != Gives::GroupPolicies {
                let behind = self.behind(site, lever, things);
                targets.get_or_insert_with(|| (*plan.fits).clone()).keep(&behind);
            }
        }
        for action in &plan.undenied {
            let field = site.principal_field(ground.world);
            let layered = self.scale.weigh(stack, *action, field, facts);
            let free = layered.allowed_if_granted(field.roster.len(), false);
            targets.get_or_insert_with(|| (*plan.fits).clone()).yes.keep(&free.yes);
        }
        if truth == Truth::No {
            return None;
        }
        let targets = match targets {
            None if truth == Truth::Yes => plan.fits.clone(),
            None => plan.fits_maybe.clone(),
            Some(mut own) => {
                own.cap(truth);
                if own.is_empty() {
                    return None;
                }
                self.intern(own)
            }
        };
        Some(Attempt { targets, things, truth })
    }

    /// Who is behind groups or policies.
    fn behind(&mut self, site: &Site<'_>, lever: Lever, things: &Pair) -> Arc<Pair> {
        let key = (site.principal_field(self.ground.world).number, lever, things.clone());
        if let Some(known) = self.behind.get(&key) {
            return known.clone();
        }
        let behind = Arc::new(self.ground.behind(site, lever, things));
        self.behind.insert(key, behind.clone());
        behind
    }

    /// What an action is allowed on. Within one climb the same is asked again and again.
    fn allowed(
        &mut self,
        stack: &Stack<'_>,
        action: u16,
        field: Field<'_>,
        facts: &Facts<'_>,
    ) -> Rc<Pair> {
        let is_it = |known: &&Allowed| {
            known.action == action
                && known.field == field.number
                && known.heeded.as_deref().is_none_or(|heeded| heeded == facts.brought)
        };
        if let Some(known) = self.allowed.iter().find(is_it) {
            return known.targets.clone();
        }
        let targets = Rc::new(self.scale.weigh(stack, action, field, facts).allowed());
        let keys: Vec<Box<str>> =
            facts.brought.iter().map(|(key, _)| key.to_ascii_lowercase().into()).collect();
        let heeded = stack.heeds(action, &keys).then(|| facts.brought.into());
        self.allowed.push(Allowed {
            action,
            field: field.number,
            heeded,
            targets: targets.clone(),
        });
        targets
    }
}

/// The calls by which a step can be made.
fn asked<'a>(stack: &Stack<'_>, step: &'a PlanStep<'_>, facts: &Facts<'a>) -> Vec<Asked<'a>> {
    let actions = step.actions.iter().copied().filter(|action| stack.may_allow(*action));
    actions
        .flat_map(|action| {
            // Which value is brought only matters where a rule asks.
            let is_asked = stack.heeds(action, &step.keys);
            let tried = if is_asked { step.with.len() } else { 1 };
            step.with.iter().take(tried).map(move |way| {
                let within = way.within.as_ref().filter(|_| is_asked);
                (action, facts.with(&way.brought), within)
            })
        })
        .collect()
}

/// What any of these calls leaves of the names.
fn left_of(stack: &Stack<'_>, asked: &[Asked<'_>], names: &[Candidate]) -> Vec<Candidate> {
    let mut left = Vec::new();
    for (action, facts, _) in asked {
        for candidate in stack.narrow(*action, names, facts) {
            merge(&mut left, candidate, usize::MAX);
        }
    }
    left
}

/// Whether one of the calls is allowed on everything.
fn is_free(asked: &[Asked<'_>], stack: &Stack<'_>) -> bool {
    asked.iter().any(|(action, ..)| stack.is_free(*action))
}
