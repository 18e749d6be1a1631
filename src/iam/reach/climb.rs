//! One principal's ways on: whom it can act as, and how it could be raised itself.
//!
//! ```text
//!   techniques whose actions it has at all
//!     ── each step: on its target (a set), on something it names (a pattern) ──▶ targets
//!     ── gives the target        ──▶ Hop   (an edge to every one of a set)
//!     ── gives the target power  ──▶ Raise ── of itself, or of whom it can act as ──▶ Summit
//! ```

use super::{
    bits::Pair,
    facts::Facts,
    ground::{Ground, On, Plan, Site, is_of_kind},
    power::{Scale, Stack},
    somewhere::{Candidate, surest},
    trusting,
};
use crate::iam::{
    Truth,
    escalation::{Gives, Place, Who},
    world::{AccountId, Attachment, GroupId, Principal, PrincipalId},
};
use std::{collections::HashMap, collections::HashSet, sync::Arc};

/// Trust policies that are asked about single callers, in one audit. Beyond, the answer is
/// "depends", and that is said.
const MAX_QUESTIONS: u32 = 4_000_000;

/// Principals that are looked at to see whether raising them helps, for one caller.
const MAX_RAISED: usize = 512;

/// How a hop is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Means {
    /// `sts:AssumeRole`.
    Assume,
    /// A technique: position among the plans of the caller's account.
    Plan(u16),
}

/// Whom a principal can act as, by one means.
#[derive(Debug, Clone)]
pub(super) struct Hop {
    pub(super) means: Means,
    /// Whose roster the targets are on.
    pub(super) account: AccountId,
    pub(super) targets: Arc<Pair>,
}

/// A technique by which a principal makes others (or itself) stronger.
#[derive(Debug)]
struct Raise {
    plan: u16,
    gives: Gives,
    /// Whom.
    targets: Pair,
    /// The groups or policies it is done through.
    things: Option<Pair>,
}

/// How somebody becomes an administrator who was none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Summit {
    pub(super) truth: Truth,
    /// The techniques used together, as positions among the account's plans.
    pub(super) plans: Vec<u16>,
    /// Who is raised. None: a principal that is created.
    pub(super) who: Option<PrincipalId>,
    /// How the caller acts as that principal. None: it is that principal, or it cannot.
    pub(super) hop: Option<Means>,
    /// The group or policy it is done through, as a position on the roster.
    pub(super) through: Option<u32>,
    /// Whether the caller itself is an administrator then.
    pub(super) is_own: bool,
}

/// One principal's ways on.
#[derive(Debug, Default)]
pub(super) struct Climb {
    pub(super) hops: Vec<Hop>,
    pub(super) summit: Option<Summit>,
}

/// What is supposed of a principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Suppose {
    /// Some of [`GRANTED`], [`UNBOUND`], [`NO_INLINE`], [`NO_ATTACHED`], [`NO_GROUPS`].
    Changed(u8),
    /// It is in this group too.
    Joined(u32),
    /// Another version of this policy is in force.
    Reverted(u32),
}

const GRANTED: u8 = 1;
const UNBOUND: u8 = 2;
/// Its inline policies that deny are gone.
const NO_INLINE: u8 = 4;
/// Policies attached to it that deny are gone.
const NO_ATTACHED: u8 = 8;
/// It has nothing from its groups that denies.
const NO_GROUPS: u8 = 16;

const CHANGES: [u8; 5] = [GRANTED, UNBOUND, NO_INLINE, NO_ATTACHED, NO_GROUPS];

/// Works out climbs, and remembers what they have in common.
#[derive(Debug)]
pub(super) struct Climber<'g> {
    ground: &'g Ground<'g>,
    scale: Scale,
    crowns: HashMap<(PrincipalId, Suppose), Truth>,
    sets: HashSet<Arc<Pair>>,
    questions: u32,
    counts_raising_others: bool,
}

/// What a technique's steps come to.
struct Attempt {
    targets: Pair,
    things: Option<Pair>,
    /// How surely it works where it is about nobody in particular.
    truth: Truth,
}

impl<'g> Climber<'g> {
    pub(super) fn new(ground: &'g Ground<'g>, counts_raising_others: bool) -> Self {
        Self {
            ground,
            scale: Scale::default(),
            crowns: HashMap::new(),
            sets: HashSet::new(),
            questions: 0,
            counts_raising_others,
        }
    }

    /// Whether a bound was hit.
    pub(super) fn is_cut(&self) -> bool {
        self.questions > MAX_QUESTIONS
    }

    /// Whether a principal can do everything itself.
    pub(super) fn admin(&mut self, id: PrincipalId) -> Truth {
        self.crown(id, Suppose::Changed(0))
    }

    /// A principal's ways on.
    pub(super) fn climb(&mut self, id: PrincipalId) -> Climb {
        let ground = self.ground;
        let Some(principal) = ground.principal(id) else { return Climb::default() };
        let Some(site) = ground.site(principal.account) else { return Climb::default() };
        let stack = Stack::of(&ground.readings, site.account, principal);
        let facts = ground.facts(principal);
        let mut hops = self.assume(id, principal, &stack, &facts);
        let mut raises = Vec::new();
        let mut created: Option<Summit> = None;
        for (number, plan) in (0u16..).zip(&site.plans) {
            let is_within = |step: &super::ground::PlanStep<'_>| {
                step.actions.iter().any(|action| stack.may_allow(*action))
            };
            if !plan.steps.iter().all(is_within) {
                continue;
            }
            let Some(mut attempt) = self.attempt(&stack, site, plan, &facts) else { continue };
            if plan.technique.target.who == Who::Created {
                let truth = attempt.truth.and(self.limits_allow_all(site, principal));
                if truth.is_possible() && created.as_ref().is_none_or(|known| known.truth < truth) {
                    created = Some(Summit {
                        truth,
                        plans: vec![number],
                        who: None,
                        hop: None,
                        through: None,
                        is_own: true,
                    });
                }
                continue;
            }
            if matches!(plan.technique.target.who, Who::OtherUser | Who::OtherRole) {
                attempt.targets.remove(ground.place(id));
            }
            if plan.technique.gives == Gives::Target {
                attempt.targets.remove(ground.place(id));
                if !attempt.targets.is_empty() {
                    hops.push(Hop {
                        means: Means::Plan(number),
                        account: principal.account,
                        targets: self.intern(attempt.targets),
                    });
                }
            } else if !attempt.targets.is_empty() {
                raises.push(Raise {
                    plan: number,
                    gives: plan.technique.gives,
                    targets: attempt.targets,
                    things: attempt.things,
                });
            }
        }
        let summit = self.summit(id, principal.account, &hops, &raises, created);
        Climb { hops, summit }
    }

    fn intern(&mut self, pair: Pair) -> Arc<Pair> {
        if let Some(known) = self.sets.get(&pair) {
            return known.clone();
        }
        let set = Arc::new(pair);
        self.sets.insert(set.clone());
        set
    }

    /// The roles it can assume, an account at a time.
    fn assume(
        &mut self,
        id: PrincipalId,
        principal: &Principal,
        stack: &Stack<'_>,
        facts: &Facts<'_>,
    ) -> Vec<Hop> {
        let ground = self.ground;
        let has_grant = stack.may_allow(ground.assume);
        let home = principal.account;
        let mut hops = Vec::new();
        for (number, site) in (0u32..).zip(&ground.sites) {
            let account = AccountId(number);
            if account != home && !has_grant {
                continue;
            }
            let delegating = ground.delegating(account, home).filter(|_| has_grant);
            let named = ground.trusts.naming(id).iter();
            let named = named.filter(|role| {
                ground.principal(**role).is_some_and(|role| role.account == account)
            });
            let mut singles: Vec<PrincipalId> = named.copied().collect();
            singles.extend(delegating.iter().flat_map(|delegating| &delegating.single));
            singles.extend(&site.open.single);
            let has_open = !site.open.alike.is_empty();
            if singles.is_empty() && delegating.is_none() && !has_open {
                continue;
            }
            let len = site.principals.len();
            let facts = Facts { target_account: Some(&site.account.id), ..*facts };
            let field = site.principal_field(ground.world);
            let layered = self.scale.weigh(stack, ground.assume, field, &facts);
            let by_role = layered.clone().allowed_if_granted(len, true);
            let direct = layered.clone().allowed_if_granted(len, false);
            let allowed = layered.allowed();
            let is_home = account == home;
            let mut targets = Pair::none(len);
            if let Some(delegating) = delegating {
                let mut pair = allowed.clone();
                pair.keep(&delegating.alike);
                targets.add(&pair);
            }
            if has_open {
                let mut pair = if is_home { direct.clone() } else { allowed.clone() };
                pair.keep(&site.open.alike);
                targets.add(&pair);
            }
            for role_id in singles {
                let place = ground.place(role_id);
                let Some(role) = ground.principal(role_id).filter(|_| direct.may.has(place)) else {
                    continue;
                };
                self.questions = self.questions.saturating_add(1);
                let say = if self.questions > MAX_QUESTIONS {
                    trusting::Say { delegated: Truth::Depends, ..trusting::Say::default() }
                } else {
                    trusting::say(role, principal, &facts.about(role))
                };
                let granted = if is_home {
                    let named = say.direct.and(direct.of(place));
                    let role = say.role.and(by_role.of(place));
                    named.or(role).or(say.delegated.and(allowed.of(place)))
                } else {
                    say.direct.or(say.role).or(say.delegated).and(allowed.of(place))
                };
                targets.insert(place, granted.and(say.denied.negate()));
            }
            if is_home {
                targets.remove(ground.place(id));
            }
            if !targets.is_empty() {
                hops.push(Hop { means: Means::Assume, account, targets: self.intern(targets) });
            }
        }
        hops
    }

    /// Carries a technique out as far as it is allowed. None: it is not.
    fn attempt(
        &mut self,
        stack: &Stack<'_>,
        site: &Site<'_>,
        plan: &Plan<'_>,
        facts: &Facts<'_>,
    ) -> Option<Attempt> {
        let ground = self.ground;
        let mut targets = (*plan.fits).clone();
        let mut things: Option<Pair> = None;
        let mut truth = plan.cap;
        let mut named: Vec<(&str, Vec<Candidate>)> = Vec::new();
        for step in &plan.steps {
            let actions = step.actions.iter().copied().filter(|action| stack.may_allow(*action));
            let asked: Vec<(u16, Facts<'_>, Option<&Pair>)> = actions
                .flat_map(|action| {
                    let keys: Vec<&str> = step
                        .with
                        .iter()
                        .flat_map(|way| &way.brought)
                        .map(|(key, _)| &**key)
                        .collect();
                    // Which value is brought only matters where a rule asks.
                    let is_asked = stack.heeds(action, &keys);
                    let tried = if is_asked { step.with.len() } else { 1 };
                    step.with.iter().take(tried).map(move |way| {
                        let within = way.within.as_ref().filter(|_| is_asked);
                        (action, facts.with(&way.brought), within)
                    })
                })
                .collect();
            match &step.on {
                On::Target | On::Group | On::Policy => {
                    let field = match step.on {
                        On::Target => site.principal_field(ground.world),
                        On::Group => site.group_field(),
                        _ => site.policy_field(),
                    };
                    let mut pair = Pair::none(field.roster.len());
                    for (action, facts, within) in &asked {
                        let mut allowed = self.scale.weigh(stack, *action, field, facts).allowed();
                        if let (On::Target, Some(within)) = (&step.on, within) {
                            allowed.keep(within);
                        }
                        pair.add(&allowed);
                    }
                    let kept = match step.on {
                        On::Target => &mut targets,
                        _ => {
                            things.get_or_insert_with(|| Pair::all(field.roster.len(), Truth::Yes))
                        }
                    };
                    kept.keep(&pair);
                    if kept.is_empty() {
                        return None;
                    }
                }
                On::Provider(kind) => {
                    let mut pair = Pair::none(site.principals.len());
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
                    let pattern = crate::iam::Glob::new(&existing.arn.fill(partition, account));
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
                        targets.keep(&running);
                    }
                    truth = truth.and(there);
                }
            }
        }
        if let (Some(lever), Some(things)) = (plan.technique.target.through, &things)
            && !matches!(plan.technique.gives, Gives::GroupPolicies)
        {
            targets.keep(&ground.behind(site, lever, things));
        }
        targets.cap(truth);
        (truth.is_possible()).then_some(Attempt { targets, things, truth })
    }

    /// What a step that names something begins with.
    fn begin(&self, place: &Place, pattern: &str) -> Vec<Candidate> {
        match (&self.ground.world.resources, place) {
            (Some(known), Place::Existing(_)) => {
                let glob = crate::iam::Glob::new(pattern);
                let known = known.iter().filter(|resource| glob.matches(&resource.arn));
                known.map(|resource| Candidate::new(&resource.arn)).collect()
            }
            _ => vec![Candidate::new(pattern)],
        }
    }

    /// Whether anybody new in the account may be an administrator: nothing but SCPs stops it.
    fn limits_allow_all(&mut self, site: &Site<'_>, caller: &Principal) -> Truth {
        let mut stack = Stack::limits(&self.ground.readings, site.account, caller);
        stack.unbind();
        stack.grant_everything();
        let facts = Facts { caller: None, ..self.ground.facts(caller) };
        self.wears_crown(&stack, &facts)
    }

    fn wears_crown(&self, stack: &Stack<'_>, facts: &Facts<'_>) -> Truth {
        let all = [Candidate::new("*")];
        let mut truth = Truth::Yes;
        for action in &self.ground.crown {
            truth = truth.and(surest(&stack.narrow(*action, &all, facts)));
            if truth == Truth::No {
                break;
            }
        }
        truth
    }

    /// Whether somebody is an administrator, supposing this.
    fn crown(&mut self, id: PrincipalId, suppose: Suppose) -> Truth {
        if let Some(known) = self.crowns.get(&(id, suppose)) {
            return *known;
        }
        let ground = self.ground;
        let truth = ground.principal(id).map_or(Truth::No, |principal| {
            let Some(site) = ground.site(principal.account) else { return Truth::No };
            let readings = &ground.readings;
            let facts = ground.facts(principal);
            let mut stack = Stack::limits(readings, site.account, principal);
            let removed = match suppose {
                Suppose::Changed(changes) => changes,
                _ => 0,
            };
            for own in &principal.policies {
                if !readings.denies(own, ground.crown.as_slice()) || !is_removed(own, removed) {
                    stack.give(readings, std::slice::from_ref(own));
                }
            }
            match suppose {
                Suppose::Changed(changes) => {
                    if changes & GRANTED != 0 {
                        stack.grant_everything();
                    }
                    if changes & UNBOUND != 0 {
                        stack.unbind();
                    }
                    self.wears_crown(&stack, &facts)
                }
                Suppose::Joined(group) => {
                    let Some(group) = ground.world.groups.get(group as usize) else {
                        return Truth::No;
                    };
                    stack.give(readings, &group.policies);
                    self.wears_crown(&stack, &facts)
                }
                Suppose::Reverted(policy) => {
                    let Some(policy) = ground.world.policies.get(policy as usize) else {
                        return Truth::No;
                    };
                    let versions = policy.others.iter().map(|(_, document)| {
                        let mut stack = Stack::limits(readings, site.account, principal);
                        for own in &principal.policies {
                            let is_it =
                                own.managed.and_then(|id| ground.world.policies.get(id.0 as usize));
                            if is_it.is_none_or(|own| own.arn != policy.arn) {
                                stack.give(readings, std::slice::from_ref(own));
                            }
                        }
                        stack.give_document(readings, document);
                        self.wears_crown(&stack, &facts)
                    });
                    versions.max().unwrap_or_default()
                }
            }
        });
        self.crowns.insert((id, suppose), truth);
        truth
    }

    /// Whether somebody can be raised to an administrator, and by what.
    fn raised(&mut self, id: PrincipalId, raises: &[Raise]) -> Option<Summit> {
        let ground = self.ground;
        let place = ground.place(id);
        let site = ground.site(ground.principal(id)?.account)?;
        let mut changes = CHANGES.map(|bit| (Truth::No, 0, bit));
        let mut best: Option<Summit> = None;
        let mut offer = |truth: Truth, plans: Vec<u16>, through: Option<u32>| {
            if truth.is_possible() && best.as_ref().is_none_or(|known| known.truth < truth) {
                let who = Some(id);
                best = Some(Summit { truth, plans, who, hop: None, through, is_own: true });
            }
        };
        for raise in raises {
            let truth = raise.targets.of(place);
            if truth == Truth::No {
                continue;
            }
            let slot = match raise.gives {
                Gives::Administrator => 0,
                Gives::Unbound => 1,
                Gives::WithoutInline if raise.things.is_none() => 2,
                Gives::WithoutAttached if raise.things.is_none() => 3,
                Gives::WithoutInline | Gives::WithoutAttached | Gives::WithoutGroup => {
                    // Every group that holds it back has to be within reach.
                    let groups = ground.principal(id).map_or(&[][..], |p| &*p.groups);
                    let is_reached = |group: &GroupId| {
                        let arn = ground.world.groups.get(group.0 as usize).map(|g| &*g.arn);
                        let at = arn.and_then(|arn| site.groups.find(arn));
                        at.is_some_and(|at| {
                            raise.things.as_ref().is_some_and(|things| things.may.has(at))
                        })
                    };
                    if !groups.iter().all(is_reached) {
                        continue;
                    }
                    4
                }
                Gives::GroupPolicies => {
                    let groups = raise
                        .things
                        .iter()
                        .flat_map(|things| things.may.iter().map(|at| (at, things.of(at))));
                    for (at, named) in groups {
                        let Some(group) = site.groups.id(at) else { continue };
                        let joined = self.crown(id, Suppose::Joined(group));
                        offer(truth.and(named).and(joined), vec![raise.plan], Some(group));
                    }
                    continue;
                }
                Gives::OtherVersion => {
                    let policies = raise
                        .things
                        .iter()
                        .flat_map(|things| things.may.iter().map(|at| (at, things.of(at))));
                    let attached = ground.principal(id).map_or(&[][..], |p| &*p.policies);
                    for (at, named) in policies {
                        let Some(policy) = site.policies.id(at) else { continue };
                        let is_own =
                            attached.iter().any(|own| own.managed.is_some_and(|m| m.0 == policy));
                        let has_others = ground
                            .world
                            .policies
                            .get(policy as usize)
                            .is_some_and(|policy| !policy.others.is_empty());
                        if is_own && has_others {
                            let reverted = self.crown(id, Suppose::Reverted(policy));
                            offer(truth.and(named).and(reverted), vec![raise.plan], Some(policy));
                        }
                    }
                    continue;
                }
                Gives::Target | Gives::Unknown => continue,
            };
            if changes[slot].0 < truth {
                (changes[slot].0, changes[slot].1) = (truth, raise.plan);
            }
        }
        // One change before several.
        let mut combined: Vec<u8> = (1..1 << CHANGES.len()).collect();
        combined.sort_by_key(|bits| bits.count_ones());
        for bits in combined {
            let chosen = changes.iter().filter(|(_, _, bit)| bits & bit != 0);
            let truth = chosen.clone().map(|(truth, ..)| *truth).min().unwrap_or_default();
            if truth.is_possible() {
                let crown = self.crown(id, Suppose::Changed(bits));
                offer(truth.and(crown), chosen.map(|(_, plan, _)| *plan).collect(), None);
            }
        }
        best
    }

    /// The best way to have an administrator's power by raising somebody.
    fn summit(
        &mut self,
        id: PrincipalId,
        home: AccountId,
        hops: &[Hop],
        raises: &[Raise],
        created: Option<Summit>,
    ) -> Option<Summit> {
        let mut best = self.raised(id, raises);
        let is_better = |new: &Summit, old: &Option<Summit>| {
            old.as_ref().is_none_or(|old| old.truth < new.truth)
        };
        if let Some(created) = created.filter(|created| is_better(created, &best)) {
            best = Some(created);
        }
        if raises.is_empty() || best.as_ref().is_some_and(|best| best.truth == Truth::Yes) {
            return best;
        }
        let len = self.ground.site(home).map_or(0, |site| site.principals.len());
        let mut anybody = Pair::none(len);
        for raise in raises {
            anybody.add(&raise.targets);
        }
        let mut looked_at = 0;
        for hop in hops.iter().filter(|hop| hop.account == home) {
            for place in hop.targets.may.iter().filter(|place| anybody.may.has(*place)) {
                looked_at += 1;
                if looked_at > MAX_RAISED {
                    break;
                }
                let Some(who) = self.ground.at(home, place) else { continue };
                let Some(mut summit) = self.raised(who, raises) else { continue };
                summit.truth = summit.truth.and(hop.targets.of(place));
                summit.hop = Some(hop.means);
                if is_better(&summit, &best) {
                    let is_sure = summit.truth == Truth::Yes;
                    best = Some(summit);
                    if is_sure {
                        return best;
                    }
                }
            }
        }
        if best.is_none() && self.counts_raising_others {
            for place in anybody.may.iter().take(MAX_RAISED) {
                let Some(who) = self.ground.at(home, place).filter(|who| *who != id) else {
                    continue;
                };
                if let Some(summit) = self.raised(who, raises) {
                    let truth = summit.truth.and(Truth::Depends);
                    return Some(Summit { truth, is_own: false, ..summit });
                }
            }
        }
        best
    }
}

/// Whether a policy is among those that such changes remove.
fn is_removed(own: &Attachment, changes: u8) -> bool {
    let bit = match (own.group, own.managed) {
        (Some(_), _) => NO_GROUPS,
        (None, Some(_)) => NO_ATTACHED,
        (None, None) => NO_INLINE,
    };
    changes & bit != 0
}

/// Whether a technique names something that is there already.
fn names_existing(plan: &Plan<'_>) -> bool {
    plan.steps.iter().any(|step| matches!(step.step.on, Place::Existing(_)))
}
