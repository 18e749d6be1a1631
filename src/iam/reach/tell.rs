//! Steps in words, with what they depend on.
//!
//! The sets of [`super::climb`] say that a step is possible; what it hangs on is asked again here,
//! of [`decide`], for the few steps that are shown.

use super::{
    Step,
    climb::{By, Means},
    facts::{Brought, Facts},
    ground::{Ground, Site},
    layers::caller,
    plan::{On, Plan, PlanStep},
    power::Stack,
    raise::{LeftOut, MAX_RAISED, Raise, Summit},
    search::{Next, Node, Ways},
    somewhere::{Candidate, what_was_cut},
};
use crate::iam::{
    Truth,
    escalation::{Gives, Lever},
    evaluate::{Layer, Layers, Request, decide},
    world::{AccountId, Principal, PrincipalId},
};

use std::collections::{HashMap, HashSet};

/// What a path ends with where a step gives everything.
pub(super) const ADMINISTRATOR: &str = "administrator";

/// The name of the plain call.
pub(super) const ASSUME_ROLE: &str = "assume-role";

/// The name of what is not known, as not everything was looked at.
const NOT_KNOWN: &str = "not-known";

/// Between techniques that make one step together.
const AND: &str = " + ";

/// Steps of one path that are told; of a longer one the rest is counted.
const MAX_STEPS: usize = 32;

/// The path from somebody along the ways that were found, and the administrator it ends at, if it
/// ends at one who is there.
pub(super) fn path(
    ground: &Ground<'_>,
    nodes: &[Node],
    ways: &Ways,
    from: PrincipalId,
) -> (Vec<Step>, Option<PrincipalId>) {
    let mut steps: Vec<Step> = Vec::new();
    let mut here = from;
    // A way gets shorter with every step, so it ends.
    while let Some(Some((far, next))) = ways.get(here.0 as usize) {
        if steps.len() >= MAX_STEPS && *far > 0 {
            if let Some(last) = steps.last_mut() {
                last.on.push(format!("and {far} more steps, which are not told"));
            }
            break;
        }
        match next {
            Next::Goal => return (steps, Some(here)),
            Next::Summit => {
                let summit = nodes.get(here.0 as usize).and_then(|node| node.summit.as_ref());
                steps.extend(summit.and_then(|summit| self::summit(ground, here, summit)));
                break;
            }
            Next::Hop(means, to) => {
                let Some(step) = hop(ground, here, *means, *to) else { break };
                steps.push(step);
                here = *to;
            }
        }
    }
    (steps, None)
}

/// One hop.
pub(super) fn hop(
    ground: &Ground<'_>,
    from: PrincipalId,
    means: Means,
    to: PrincipalId,
) -> Option<Step> {
    let (caller, target) = (ground.principal(from)?, ground.principal(to)?);
    let by = match means.by {
        By::Assume => None,
        By::Plan(number) => Some(plan(ground, caller.account, number)?),
    };
    let tell = |told: &mut Told| match by {
        None => told.call(ground, from, super::readings::ASSUME, &target.arn, Some(target)),
        Some(plan) => told.plan(ground, from, plan, Some((to, target)), None),
    };
    let mut names = vec![by.map_or(ASSUME_ROLE, |plan| &plan.technique.id).to_owned()];
    let mut told = Told::default();
    match means.joined {
        None => tell(&mut told),
        Some(number) => {
            let join = plan(ground, caller.account, number)?;
            names.insert(0, join.technique.id.to_string());
            told = joined(ground, from, join, tell)?;
        }
    }
    Some(told.step(caller, &target.arn, names.join(AND)))
}

/// Tells something that needs a group first: with the group for which it is surest.
fn joined(
    ground: &Ground<'_>,
    from: PrincipalId,
    join: &Plan<'_>,
    tell: impl Fn(&mut Told),
) -> Option<Told> {
    let caller = ground.principal(from)?;
    let mut best: Option<Told> = None;
    for (number, group) in (0u32..).zip(&ground.world.groups) {
        if group.account != caller.account || group.members.contains(&from) {
            continue;
        }
        let mut told = Told::default();
        told.plan(ground, from, join, Some((from, caller)), Some(number));
        if !told.truth.is_possible() {
            continue;
        }
        told.group = Some(number);
        tell(&mut told);
        let is_better = best.as_ref().is_none_or(|best| best.truth < told.truth);
        if told.truth.is_possible() && is_better {
            let is_sure = told.truth == Truth::Yes;
            best = Some(told);
            if is_sure {
                break;
            }
        }
    }
    best
}

/// The step by which somebody becomes an administrator.
pub(super) fn summit(ground: &Ground<'_>, from: PrincipalId, summit: &Summit) -> Option<Step> {
    let caller = ground.principal(from)?;
    if let Some(what) = summit.left_out {
        let mut told = Told::default();
        told.conditions.push(left_out(ground, what));
        return Some(told.step(caller, ADMINISTRATOR, NOT_KNOWN.to_owned()));
    }
    let target = summit.who.and_then(|who| Some((who, ground.principal(who)?)));
    let plans: Vec<&Plan<'_>> = summit
        .plans
        .iter()
        .map(|number| plan(ground, caller.account, *number))
        .collect::<Option<_>>()?;
    let mut names: Vec<String> = plans.iter().map(|plan| plan.technique.id.to_string()).collect();
    let mut told = Told::default();
    match plans.split_first() {
        // It joins a group that lets it do the rest.
        Some((join, rest)) if !rest.is_empty() && join.technique.gives == Gives::GroupPolicies => {
            told = joined(ground, from, join, |told| {
                for plan in rest {
                    told.plan(ground, from, plan, target, None);
                }
            })?;
        }
        _ => {
            for plan in plans {
                told.plan(ground, from, plan, target, summit.through);
            }
        }
    }
    if let Some((who, target)) = target.filter(|(who, _)| *who != from) {
        match summit.hop.and_then(|means| hop(ground, from, means, who)) {
            Some(step) => {
                names.push(step.technique);
                told.actions.extend(step.actions);
                told.conditions.extend(step.conditions);
            }
            None => told.conditions.push(format!("whoever does it can act as {} too", target.arn)),
        }
        told.on.push(target.arn.to_string());
    }
    if summit.truth != Truth::Yes && told.conditions.is_empty() {
        told.conditions.push("the administrator's power is limited by conditions".to_owned());
    }
    Some(told.step(caller, ADMINISTRATOR, names.join(AND)))
}

fn left_out(ground: &Ground<'_>, what: LeftOut) -> String {
    match what {
        LeftOut::Of(account) => {
            let id = ground.site(account).map_or("", |site| &site.account.id);
            format!(
                "what is missing of account {id} leads there: only part of it was read; export it \
                 again"
            )
        }
        LeftOut::Raised => format!(
            "one of those whom it can make stronger beyond the first {MAX_RAISED}, which are \
             looked at singly, becomes an administrator"
        ),
    }
}

/// The step by which somebody gives everything to another, to go on as `to`.
pub(super) fn raise(
    ground: &Ground<'_>,
    from: PrincipalId,
    raise: &Raise,
    target: PrincipalId,
    to: &str,
) -> Option<Step> {
    let (caller, raised) = (ground.principal(from)?, ground.principal(target)?);
    let by = plan(ground, caller.account, raise.plan)?;
    let tell = |told: &mut Told| told.plan(ground, from, by, Some((target, raised)), None);
    let mut names = vec![by.technique.id.to_string()];
    let mut told = Told::default();
    match raise.joined {
        None => tell(&mut told),
        Some(number) => {
            let join = plan(ground, caller.account, number)?;
            names.insert(0, join.technique.id.to_string());
            told = joined(ground, from, join, tell)?;
        }
    }
    told.on.push(raised.arn.to_string());
    Some(told.step(caller, to, names.join(AND)))
}

fn plan<'g>(ground: &'g Ground<'_>, account: AccountId, number: u16) -> Option<&'g Plan<'g>> {
    ground.site(account)?.plans.get(usize::from(number))
}

/// What is gathered for one step.
struct Told {
    actions: Vec<String>,
    on: Vec<String>,
    conditions: Vec<String>,
    truth: Truth,
    /// A group the caller has put itself into.
    group: Option<u32>,
}

impl Default for Told {
    fn default() -> Self {
        let (actions, on, conditions) = Default::default();
        Self { actions, on, conditions, truth: Truth::Yes, group: None }
    }
}

impl Told {
    fn step(mut self, from: &Principal, to: &str, technique: String) -> Step {
        for list in [&mut self.actions, &mut self.on, &mut self.conditions] {
            let mut seen = HashSet::new();
            list.retain(|text| seen.insert(text.clone()));
        }
        Step {
            from: from.arn.to_string(),
            to: to.to_owned(),
            technique,
            actions: self.actions,
            on: self.on,
            conditions: self.conditions,
        }
    }

    /// One call, on one resource.
    fn call(
        &mut self,
        ground: &Ground<'_>,
        from: PrincipalId,
        action: &str,
        resource: &str,
        target: Option<&Principal>,
    ) {
        let (truth, conditions) =
            ask(ground, from, self.group, action, resource, &[], target).unwrap_or_default();
        self.truth = self.truth.and(truth);
        self.conditions.extend(conditions);
        self.actions.push(action.to_owned());
    }

    fn plan(
        &mut self,
        ground: &Ground<'_>,
        from: PrincipalId,
        plan: &Plan<'_>,
        target: Option<(PrincipalId, &Principal)>,
        through: Option<u32>,
    ) {
        let technique = plan.technique;
        let Some(caller) = ground.principal(from) else { return };
        let Some(site) = ground.site(caller.account) else { return };
        let mut stack = Stack::of(&ground.readings, site.account, caller);
        if let Some(group) = self.group.and_then(|id| ground.world.groups.get(id as usize)) {
            stack.give(&ground.readings, &group.policies);
            stack.settle();
        }
        let thing = match (technique.target.through, through, target) {
            (Some(Lever::Group), Some(group), _) => {
                ground.world.groups.get(group as usize).map(|group| &*group.arn)
            }
            (Some(Lever::Policy), Some(policy), _) => {
                ground.world.policies.get(policy as usize).map(|policy| &*policy.arn)
            }
            (Some(lever), None, Some((_, target))) => self.thing(ground, from, plan, lever, target),
            _ => None,
        };
        self.on.extend(thing.map(str::to_owned));
        // What is left of the names to choose from; the same name is used in every step.
        let mut chosen: HashMap<&str, Vec<Candidate>> = HashMap::new();
        for step in &plan.steps {
            let mut best: Option<(Truth, String, Vec<String>)> = None;
            let mut names: Vec<(&str, Vec<Candidate>)> = Vec::new();
            for action in &step.step.any_of {
                for way in &step.with {
                    let mut is_cut = false;
                    let mut narrowed: Vec<(&str, Vec<Candidate>)> = Vec::new();
                    let resources: Vec<String> = match &step.on {
                        On::Target => target.iter().map(|(_, p)| p.arn.to_string()).collect(),
                        On::Group | On::Policy => {
                            thing.iter().map(|arn| (*arn).to_owned()).collect()
                        }
                        On::Provider(_) | On::Any => vec!["*".to_owned()],
                        On::Known(_) => target
                            .and_then(|(_, target)| known_of(ground, plan, target))
                            .into_iter()
                            .collect(),
                        On::Named(patterns) => {
                            let facts = ground.facts(caller).with(&way.brought);
                            narrowed = name(&stack, step, patterns, &chosen, &facts);
                            let best = narrowed.iter().filter_map(|(_, left)| surest_of(left));
                            is_cut = best.clone().any(|best| best.is_cut);
                            best.map(|best| best.text.to_string()).collect()
                        }
                    };
                    let mut truth = Truth::Yes;
                    let mut conditions = Vec::new();
                    // Of which name it holds is not known, so none can be asked for.
                    if is_cut {
                        truth = Truth::Depends;
                        conditions.push(what_was_cut());
                    }
                    for resource in resources.iter().filter(|_| !is_cut) {
                        let about =
                            target.map(|(_, target)| target).filter(|_| step.on == On::Target);
                        match ask(ground, from, self.group, action, resource, &way.brought, about) {
                            Some((allowed, open)) => {
                                truth = truth.and(allowed);
                                conditions.extend(open);
                            }
                            None => truth = Truth::No,
                        }
                    }
                    if best.as_ref().is_none_or(|(known, ..)| *known < truth) {
                        best = Some((truth, action.to_string(), conditions));
                        names = narrowed;
                    }
                }
            }
            if let Some((truth, action, conditions)) = best {
                self.truth = self.truth.and(truth);
                self.actions.push(action);
                self.conditions.extend(conditions);
            }
            chosen.extend(names);
        }
        if let Some((_, target)) = target {
            self.undenied(site, plan, &stack, &ground.facts(caller), target);
        }
        self.conditions.extend(technique.conditions.iter().map(ToString::to_string));
        if let Some((id, target)) = target
            && plan.fits.of(ground.place(id)) == Truth::Depends
        {
            self.conditions.push(format!("the trust policy of {} lets the service in", target.arn));
        }
        if let Some(existing) = &technique.resource
            && ground.world.resources.is_none()
        {
            self.conditions.push(match target.filter(|_| existing.runs_as_target) {
                Some((_, target)) => format!("{} runs as {}", existing.kind, target.arn),
                None => format!("{} exists", existing.kind),
            });
        }
    }

    /// Calls on the target that are denied, so that somebody else has to make them.
    fn undenied(
        &mut self,
        site: &Site<'_>,
        plan: &Plan<'_>,
        stack: &Stack<'_>,
        facts: &Facts<'_>,
        target: &Principal,
    ) {
        for (action, name) in plan.undenied.iter().zip(&plan.technique.undenied) {
            let facts = Facts { target_account: Some(&site.account.id), ..*facts }.about(target);
            let truth = stack.unless_denied(*action, &target.arn, &facts);
            if truth != Truth::Yes {
                self.truth = self.truth.and(Truth::Depends);
                self.conditions.push(match truth {
                    Truth::Depends => format!("nothing denies {name} on {}", target.arn),
                    _ => format!("somebody to whom {name} is not denied acts as {}", target.arn),
                });
            }
        }
    }

    /// The group or policy a principal is changed through.
    fn thing<'w>(
        &self,
        ground: &'w Ground<'_>,
        from: PrincipalId,
        plan: &Plan<'_>,
        lever: Lever,
        target: &'w Principal,
    ) -> Option<&'w str> {
        let step = plan.steps.iter().find(|step| matches!(step.on, On::Group | On::Policy))?;
        let action = step.step.any_of.first()?;
        let world = ground.world;
        let arns: Vec<&str> = match lever {
            Lever::Group => {
                let groups = target.groups.iter();
                groups.filter_map(|id| world.groups.get(id.0 as usize)).map(|g| &*g.arn).collect()
            }
            Lever::Policy => {
                let policies = target.policies.iter().filter_map(|own| own.managed);
                policies
                    .filter_map(|id| world.policies.get(id.0 as usize))
                    .filter(|policy| !policy.is_aws)
                    .map(|policy| &*policy.arn)
                    .collect()
            }
            Lever::BoundaryPolicy => match &target.boundary {
                crate::iam::world::Boundary::Known { arn, .. }
                | crate::iam::world::Boundary::Unknown { arn } => vec![arn],
                crate::iam::world::Boundary::None => Vec::new(),
            },
        };
        let no_fixed = Vec::new();
        let fixed = step.with.first().map_or(&no_fixed, |way| &way.brought);
        arns.into_iter()
            .filter_map(|arn| {
                Some((ask(ground, from, self.group, action, arn, fixed, None)?.0, arn))
            })
            .filter(|(truth, _)| truth.is_possible())
            .max_by_key(|(truth, _)| *truth)
            .map(|(_, arn)| arn)
    }
}

/// What is left of the names to choose from, pattern by pattern.
fn name<'p>(
    stack: &Stack<'_>,
    step: &PlanStep<'_>,
    patterns: &'p [String],
    chosen: &HashMap<&str, Vec<Candidate>>,
    facts: &Facts<'_>,
) -> Vec<(&'p str, Vec<Candidate>)> {
    let narrow = |pattern: &'p String| {
        let begin = match chosen.get(&**pattern) {
            Some(left) => left.clone(),
            None => vec![Candidate::new(pattern)],
        };
        let actions = step.actions.iter();
        let left = actions.flat_map(|action| stack.narrow(*action, &begin, facts)).collect();
        (&**pattern, left)
    };
    patterns.iter().map(narrow).collect()
}

fn surest_of(left: &[Candidate]) -> Option<&Candidate> {
    left.iter().max_by_key(|candidate| candidate.truth)
}

/// A known resource that a technique works on and that runs as the target.
fn known_of(ground: &Ground<'_>, plan: &Plan<'_>, target: &Principal) -> Option<String> {
    let site = ground.site(target.account)?;
    let place = site.principals.find(&target.arn);
    let mut running = plan.running.iter().flatten();
    let (at, _) = running.find(|(_, role)| place.is_some() && *role == place)?;
    Some(site.resources.arn(*at).to_owned())
}

/// Whether an action is allowed, and what that hangs on.
fn ask(
    ground: &Ground<'_>,
    from: PrincipalId,
    group: Option<u32>,
    action: &str,
    resource: &str,
    brought: &[(Box<str>, Brought)],
    target: Option<&Principal>,
) -> Option<(Truth, Vec<String>)> {
    let principal = ground.principal(from)?;
    let mut layers = Layers::of(ground.world, from, resource)?;
    if let Some(group) = group.and_then(|id| ground.world.groups.get(id as usize)) {
        layers.identity.extend(super::layers::named(&group.policies));
        layers.unread.extend(super::layers::unread(&group.policies, Layer::Identity, 0));
    }
    if !action.starts_with("sts:") {
        layers.resource = None;
        layers.unread.retain(|unread| !matches!(unread.layer, Layer::Resource | Layer::Trust));
    }
    let facts = ground.facts(principal);
    let facts = Facts { target, ..facts }.with(brought);
    let account = crate::iam::account_of(resource).unwrap_or(facts.account);
    let facts = Facts { target_account: Some(account), ..facts };
    let caller = caller(principal);
    let request = Request {
        caller: &caller,
        action,
        resource,
        resource_account: Some(account),
        is_wildcard_only: resource == "*",
    };
    let ruling = decide(&request, &layers, &facts);
    Some((ruling.allowed, ruling.conditions))
}
