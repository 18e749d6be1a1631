//! One principal's ways on: whom it can act as, and how it could be raised itself.
//!
//! ```text
//!   techniques whose actions it has at all
//!     ── each step: on its target (a set), on something it names (a pattern) ──▶ targets
//!     ── gives the target        ──▶ Hop   (an edge to every one of a set)
//!     ── gives the target power  ──▶ Raise ── of itself, or of whom it can act as ──▶ Summit
//!   may put itself into groups   ──▶ the same once more, with what these groups have
//! ```

use super::{
    attempt::Allowed,
    bits::Pair,
    facts::Facts,
    ground::Ground,
    power::{Scale, Stack},
    raise::{Raise, Summit, Supposed},
    somewhere::Candidate,
    trusting,
};
use crate::iam::{
    Truth,
    escalation::{Gives, Lever, Who},
    world::{AccountId, Kind, Principal, PrincipalId},
};
use foldhash::{HashMap, HashMapExt as _, HashSet, HashSetExt as _};
use std::sync::Arc;

/// Trust policies that are asked about single callers, in one audit. Beyond, the answer is
/// "depends", and that is said.
const MAX_QUESTIONS: u32 = 4_000_000;

/// How a hop is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Means {
    pub(super) by: By,
    /// The technique by which the caller puts itself into a group first, as a position among the
    /// plans of its account.
    pub(super) joined: Option<u16>,
}

/// The call or technique of a hop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum By {
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

/// One principal's ways on.
#[derive(Debug, Default)]
pub(super) struct Climb {
    pub(super) hops: Vec<Hop>,
    pub(super) summit: Option<Summit>,
    /// Whom it can give everything, who may be reached only after several hops.
    pub(super) raises: Vec<Raise>,
    /// An account of which only part was read, and which it may get on in.
    pub(super) unread: Option<AccountId>,
}

/// Works out climbs, and remembers what they have in common.
#[derive(Debug)]
pub(super) struct Climber<'g> {
    pub(super) ground: &'g Ground<'g>,
    pub(super) scale: Scale,
    pub(super) supposed: Supposed,
    /// What the stack at hand allows.
    pub(super) allowed: Vec<Allowed>,
    pub(super) behind: HashMap<(u32, Lever, Pair), Arc<Pair>>,
    sets: HashSet<Arc<Pair>>,
    questions: u32,
    pub(super) counts_raising_others: bool,
}

impl<'g> Climber<'g> {
    pub(super) fn new(ground: &'g Ground<'g>, counts_raising_others: bool) -> Self {
        Self {
            ground,
            scale: Scale::default(),
            supposed: Supposed::new(ground),
            allowed: Vec::new(),
            behind: HashMap::new(),
            sets: HashSet::new(),
            questions: 0,
            counts_raising_others,
        }
    }

    /// Whether a bound was hit.
    pub(super) fn is_cut(&self) -> bool {
        self.questions > MAX_QUESTIONS
    }

    /// A principal's ways on.
    pub(super) fn climb(&mut self, id: PrincipalId) -> Climb {
        let ground = self.ground;
        let Some(principal) = ground.principal(id) else { return Climb::default() };
        let Some(site) = ground.site(principal.account) else { return Climb::default() };
        let stack = Stack::of(&ground.readings, site.account, principal);
        let (mut climb, created) = self.ways(id, principal, &stack, None);
        climb.unread = self.unread_beyond(principal, &stack);
        let home = principal.account;
        climb.summit = self.summit(id, home, &climb.hops, &climb.raises, created);
        if principal.kind == Kind::User && climb.summit.as_ref().is_none_or(|s| !s.is_sure()) {
            self.join(id, principal, stack, &mut climb);
        }
        if climb.summit.as_ref().is_some_and(Summit::is_sure) {
            climb.raises = Vec::new();
        }
        climb.raises.retain(|raise| raise.gives == Gives::Administrator);
        climb
    }

    /// What it has in addition once it is in every group it can put itself into.
    fn join(
        &mut self,
        id: PrincipalId,
        principal: &Principal,
        mut stack: Stack<'g>,
        climb: &mut Climb,
    ) {
        let ground = self.ground;
        let Some(site) = ground.site(principal.account) else { return };
        let place = ground.place(id);
        let mut joins = climb.raises.iter().filter(|raise| raise.gives == Gives::GroupPolicies);
        let Some(join) = joins.find(|raise| raise.targets.may.has(place)) else { return };
        let (plan, sure) = (join.plan, join.targets.of(place));
        let before = stack.allowed();
        let mut truth = Truth::No;
        for at in
            join.things.iter().flat_map(|things| things.may.iter().map(|at| (at, things.of(at))))
        {
            let group = site.groups.id(at.0).and_then(|id| ground.world.groups.get(id as usize));
            let Some(group) = group.filter(|group| !group.members.contains(&id)) else { continue };
            // A group that denies would be left out.
            if !group.policies.iter().any(|own| ground.readings.denies(own, ground.crown.giving()))
            {
                stack.give(&ground.readings, &group.policies);
                truth = truth.or(at.1);
            }
        }
        if stack.allowed() == before {
            return;
        }
        stack.settle();
        let truth = truth.and(sure);
        let (mut joined, created) = self.ways(id, principal, &stack, Some(plan));
        let summit = self.summit(id, principal.account, &joined.hops, &joined.raises, created);
        if let Some(mut summit) = summit {
            summit.truth = summit.truth.and(truth);
            if summit.plans.first() != Some(&plan) && summit.left_out.is_none() {
                summit.plans.insert(0, plan);
            }
            let rank = |summit: &Summit| (summit.is_own, summit.truth);
            if climb.summit.as_ref().is_none_or(|old| rank(old) < rank(&summit)) {
                climb.summit = Some(summit);
            }
        }
        let raises = joined.raises.iter_mut().map(|raise| &mut raise.targets);
        for set in joined.hops.iter_mut().map(|hop| &mut hop.targets).chain(raises) {
            let mut targets = (**set).clone();
            targets.cap(truth);
            *set = self.intern(targets);
        }
        climb.hops.append(&mut joined.hops);
        climb.raises.append(&mut joined.raises);
    }

    /// Hops and raises of a principal that is told all of `stack`.
    fn ways(
        &mut self,
        id: PrincipalId,
        principal: &Principal,
        stack: &Stack<'_>,
        joined: Option<u16>,
    ) -> (Climb, Option<Summit>) {
        let ground = self.ground;
        let mut climb = Climb::default();
        let mut created: Option<Summit> = None;
        let Some(site) = ground.site(principal.account) else { return (climb, created) };
        let facts = ground.facts(principal);
        self.allowed.clear();
        climb.hops = self.assume(id, principal, stack, &facts);
        for hop in &mut climb.hops {
            hop.means.joined = joined;
        }
        for (number, plan) in (0u16..).zip(&site.plans) {
            let is_within = |step: &super::plan::PlanStep<'_>| {
                step.actions.iter().any(|action| stack.may_allow(*action))
            };
            if !plan.steps.iter().all(is_within) {
                continue;
            }
            let Some(attempt) = self.attempt(stack, site, plan, &facts) else { continue };
            let target = &plan.technique.target;
            if target.who == Who::Created {
                let mut truth = attempt.truth.and(self.newcomer(site, principal));
                let mut through = None;
                if plan.technique.gives == Gives::GroupPolicies {
                    let Some((crown, group)) = self.crowning(site, attempt.things.as_ref()) else {
                        continue;
                    };
                    (truth, through) = (truth.and(crown), Some(group));
                }
                if truth.is_possible() && created.as_ref().is_none_or(|known| known.truth < truth) {
                    created = Some(Summit { through, ..Summit::created(truth, number) });
                }
            } else if plan.technique.gives == Gives::Target {
                climb.hops.push(Hop {
                    means: Means { by: By::Plan(number), joined },
                    account: principal.account,
                    targets: attempt.targets,
                });
            } else {
                let mut targets = attempt.targets;
                if matches!(target.who, Who::OtherUser | Who::OtherRole) {
                    let mut others = (*targets).clone();
                    others.remove(ground.place(id));
                    targets = self.intern(others);
                }
                climb.raises.push(Raise {
                    plan: number,
                    joined,
                    gives: plan.technique.gives,
                    targets,
                    things: attempt.things,
                });
            }
        }
        (climb, created)
    }

    pub(super) fn intern(&mut self, pair: Pair) -> Arc<Pair> {
        if let Some(known) = self.sets.get(&pair) {
            return known.clone();
        }
        let set = Arc::new(pair);
        self.sets.insert(set.clone());
        set
    }

    /// An account of which only part was read, and in which it may come to act as somebody.
    fn unread_beyond(&self, principal: &Principal, stack: &Stack<'_>) -> Option<AccountId> {
        let ground = self.ground;
        let facts = ground.facts(principal);
        (0u32..).zip(&ground.sites).find_map(|(number, site)| {
            let account = AccountId(number);
            if site.account.is_complete {
                return None;
            }
            let (partition, id) = (&site.account.partition, &site.account.id);
            let roles = [Candidate::new(&format!("arn:{partition}:iam::{id}:role/*"))];
            let facts = Facts { target_account: Some(id), ..facts };
            let is_home = account == principal.account;
            let may_assume = || {
                stack.may_allow(ground.assume)
                    && !stack.narrow(ground.assume, &roles, &facts).is_empty()
            };
            (is_home || may_assume()).then_some(account)
        })
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
        let caller = super::layers::caller(principal);
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
                    trusting::say(role, principal, &caller, &facts.about(role))
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
                hops.push(Hop {
                    means: Means { by: By::Assume, joined: None },
                    account,
                    targets: self.intern(targets),
                });
            }
        }
        hops
    }
}
