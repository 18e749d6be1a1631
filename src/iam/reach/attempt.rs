//! Carrying one technique out, as far as it is allowed.

use super::{
    bits::Pair,
    climb::Climber,
    facts::{Brought, Facts},
    ground::{On, Plan, Site, is_of_kind},
    power::{Field, Stack},
    somewhere::{Candidate, surest},
    trusting,
};
use crate::iam::{
    Glob, Truth,
    escalation::{Gives, Lever, Place},
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

/// What an action was found to be allowed on.
#[derive(Debug)]
pub(super) struct Allowed {
    action: u16,
    /// The roster's number.
    field: u32,
    /// What was brought, if any rule heeds it.
    heeded: Option<Box<[(Box<str>, Brought)]>>,
    targets: Rc<Pair>,
}

impl Climber<'_> {
    /// Carries a technique out as far as it is allowed. None: it is not.
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
        let mut named: Vec<(&str, Vec<Candidate>)> = Vec::new();
        for step in &plan.steps {
            let actions = step.actions.iter().copied().filter(|action| stack.may_allow(*action));
            let asked: Vec<(u16, Facts<'_>, Option<&Pair>)> = actions
                .flat_map(|action| {
                    // Which value is brought only matters where a rule asks.
                    let is_asked = stack.heeds(action, &step.keys);
                    let tried = if is_asked { step.with.len() } else { 1 };
                    step.with.iter().take(tried).map(move |way| {
                        let within = way.within.as_ref().filter(|_| is_asked);
                        (action, facts.with(&way.brought), within)
                    })
                })
                .collect();
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
                    let Some(pair) = union else { return None };
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
                On::Named(patterns) => {
                    for pattern in patterns {
                        let before = match named.iter().find(|(known, _)| known == pattern) {
                            Some((_, left)) => left.clone(),
                            None => self.begin(&step.step.on, pattern),
                        };
                        let mut left: Vec<Candidate> = Vec::new();
                        for (action, facts, _) in &asked {
                            left.extend(stack.narrow(*action, &before, facts));
                        }
                        truth = truth.and(surest(&left));
                        named.retain(|(known, _)| known != pattern);
                        named.push((pattern, left));
                    }
                }
            }
            if truth == Truth::No {
                return None;
            }
        }
        if let Some(existing) = &plan.technique.resource {
            match &ground.world.resources {
                None => truth = truth.and(Truth::Depends),
                Some(known) => {
                    let (partition, account) = (&*site.account.partition, &*site.account.id);
                    let pattern = Glob::new(&existing.arn.fill(partition, account));
                    let mut running = Pair::none(site.principals.len());
                    let mut there = Truth::No;
                    for resource in known.iter().filter(|known| pattern.matches(&known.arn)) {
                        let left = named.iter().flat_map(|(_, left)| left);
                        let mut left = left.filter(|candidate| candidate.text == resource.arn);
                        // Steps that name no such resource do not have to be allowed on it.
                        let allowed = match left.next() {
                            Some(candidate) => candidate.truth,
                            None if names_existing(plan) => Truth::No,
                            None => Truth::Yes,
                        };
                        there = there.or(allowed);
                        if let Some(at) =
                            resource.role.as_ref().and_then(|r| site.principals.find(r))
                        {
                            running.insert(at, allowed);
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

    /// What a step that names something begins with.
    fn begin(&self, place: &Place, pattern: &str) -> Vec<Candidate> {
        match (&self.ground.world.resources, place) {
            (Some(known), Place::Existing(_)) => {
                let glob = Glob::new(pattern);
                let known = known.iter().filter(|resource| glob.matches(&resource.arn));
                known.map(|resource| Candidate::new(&resource.arn)).collect()
            }
            _ => vec![Candidate::new(pattern)],
        }
    }
}

/// Whether one of the calls is allowed on everything.
fn is_free(asked: &[(u16, Facts<'_>, Option<&Pair>)], stack: &Stack<'_>) -> bool {
    asked.iter().any(|(action, ..)| stack.is_free(*action))
}

/// Whether a technique names something that is there already.
fn names_existing(plan: &Plan<'_>) -> bool {
    plan.steps.iter().any(|step| matches!(step.step.on, Place::Existing(_)))
}
