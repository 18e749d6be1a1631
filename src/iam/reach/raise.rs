//! Becoming an administrator by making somebody stronger.
//!
//! ```text
//!   Raise: whom a technique makes stronger, and how ─┐
//!   Supposed: would that one be an administrator?  ──┼─▶ Summit: the caller itself, somebody it
//!   Hop: whom the caller can act as ─────────────────┘   can act as, or (told apart) another
//! ```
//!
//! A permissions boundary, the SCPs and what is denied all keep their say.

use super::{
    bits::{Bits, Pair},
    climb::{Climber, Hop, Means},
    crown::wears_crown,
    facts::Facts,
    ground::{Ground, Site},
    power::Stack,
};
use crate::iam::{
    Truth,
    escalation::Gives,
    world::{AccountId, Attachment, Boundary, GroupId, Principal, PrincipalId},
};
use foldhash::{HashMap, HashMapExt as _};
use std::{iter::once, sync::Arc};

/// Principals that are looked at one by one to see whether raising them helps, for one caller.
/// Beyond, the answer depends on the others.
pub(super) const MAX_RAISED: usize = 512;

/// A technique by which a principal makes others (or itself) stronger.
#[derive(Debug, Clone)]
pub(super) struct Raise {
    pub(super) plan: u16,
    /// The technique by which the caller puts itself into a group first.
    pub(super) joined: Option<u16>,
    pub(super) gives: Gives,
    /// Whom.
    pub(super) targets: Arc<Pair>,
    /// The groups or policies it is done through.
    pub(super) things: Option<Pair>,
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
    /// The group or policy it is done through, as a position in the world's list.
    pub(super) through: Option<u32>,
    /// Whether the caller itself is an administrator then.
    pub(super) is_own: bool,
    /// It is not known to be one, as not everything was looked at.
    pub(super) left_out: Option<LeftOut>,
}

/// What was not looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LeftOut {
    /// Part of an account that is in no file.
    Of(AccountId),
    /// Principals beyond the first [`MAX_RAISED`].
    Raised,
}

impl Summit {
    /// By a principal that is created.
    pub(super) fn created(truth: Truth, plan: u16) -> Self {
        let plans = vec![plan];
        Self { truth, plans, who: None, hop: None, through: None, is_own: true, left_out: None }
    }

    /// Perhaps, because something was not looked at.
    pub(super) fn left_out(what: LeftOut) -> Self {
        Self {
            truth: Truth::Depends,
            plans: Vec::new(),
            who: None,
            hop: None,
            through: None,
            is_own: true,
            left_out: Some(what),
        }
    }

    /// Nothing is open, and nobody else is needed.
    pub(super) fn is_sure(&self) -> bool {
        self.is_own && self.truth == Truth::Yes
    }
}

/// A policy that allows everything is attached.
const GRANTED: u8 = 1;
/// No boundary is set.
const UNBOUND: u8 = 2;
/// Its inline policies that deny are gone.
const NO_INLINE: u8 = 4;
/// Policies attached to it that deny are gone.
const NO_ATTACHED: u8 = 8;
/// It has nothing from its groups that denies.
const NO_GROUPS: u8 = 16;

const CHANGES: [u8; 5] = [GRANTED, UNBOUND, NO_INLINE, NO_ATTACHED, NO_GROUPS];

/// Every choice of changes, one change before several.
const SUBSETS: [u8; (1 << CHANGES.len()) - 1] = subsets();

const fn subsets() -> [u8; (1 << CHANGES.len()) - 1] {
    let mut all = [0; (1 << CHANGES.len()) - 1];
    let (mut at, mut count) = (0, 1);
    while count <= CHANGES.len() {
        let mut bits = 1_u8;
        while bits < 1 << CHANGES.len() {
            if bits.count_ones() as usize == count {
                all[at] = bits;
                at += 1;
            }
            bits += 1;
        }
        count += 1;
    }
    all
}

/// What is supposed of a principal, apart from changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Suppose {
    /// It is in this group too.
    Joined(u32),
    /// Another version of this policy is in force.
    Reverted(u32),
}

/// Who would be an administrator, as far as that was asked.
#[derive(Debug)]
pub(super) struct Supposed {
    /// By principal, and by changes; none: not asked yet.
    changed: Vec<Option<Truth>>,
    /// Which changes make a difference, by principal.
    bound_by: Vec<Option<u8>>,
    other: HashMap<(PrincipalId, Suppose), Truth>,
    newcomers: HashMap<AccountId, Truth>,
}

impl Supposed {
    pub(super) fn new(ground: &Ground<'_>) -> Self {
        let count = ground.world.principals.len();
        Self {
            changed: vec![None; count << CHANGES.len()],
            bound_by: vec![None; count],
            other: HashMap::new(),
            newcomers: HashMap::new(),
        }
    }
}

impl Climber<'_> {
    /// Whether a principal is an administrator by what it has; perhaps, if it has a policy that
    /// cannot be read and nothing holds that back.
    pub(super) fn admin(&mut self, id: PrincipalId) -> Truth {
        self.changed(id, 0)
    }

    /// Whether a principal is an administrator after these changes.
    fn changed(&mut self, id: PrincipalId, changes: u8) -> Truth {
        let Some(principal) = self.ground.principal(id) else { return Truth::No };
        let at = id.0 as usize;
        let ground = self.ground;
        let known = self.supposed.bound_by.get_mut(at);
        let bound_by =
            known.map_or(0, |slot| *slot.get_or_insert_with(|| bound_by(ground, principal)));
        let changes = changes & (bound_by | GRANTED);
        let slot = at << CHANGES.len() | usize::from(changes);
        if let Some(Some(known)) = self.supposed.changed.get(slot) {
            return *known;
        }
        let truth = with_changes(self.ground, principal, changes);
        if let Some(slot) = self.supposed.changed.get_mut(slot) {
            *slot = Some(truth);
        }
        truth
    }

    /// The surest of the groups that may be joined and make an administrator of a new user, by
    /// what they have.
    pub(super) fn crowning(&self, site: &Site<'_>, groups: Option<&Pair>) -> Option<(Truth, u32)> {
        let crowned = groups?.may.iter().filter_map(|at| {
            let group = site.groups.id(at)?;
            let crown = self.ground.crowned_groups.get(&group)?;
            Some((crown.and(groups?.of(at)), group))
        });
        crowned.max_by_key(|(truth, _)| *truth)
    }

    /// Whether anybody new in the account may be an administrator: nothing but SCPs stops it.
    pub(super) fn newcomer(&mut self, site: &Site<'_>, caller: &Principal) -> Truth {
        if let Some(known) = self.supposed.newcomers.get(&caller.account) {
            return *known;
        }
        let mut stack = Stack::scps(&self.ground.readings, site.account);
        stack.grant_everything();
        stack.settle();
        let facts = Facts { caller: None, ..self.ground.facts(caller) };
        let truth = wears_crown(self.ground, site, &stack, &facts);
        self.supposed.newcomers.insert(caller.account, truth);
        truth
    }

    fn otherwise(&mut self, id: PrincipalId, suppose: Suppose) -> Truth {
        if let Some(known) = self.supposed.other.get(&(id, suppose)) {
            return *known;
        }
        let ground = self.ground;
        let truth = ground.principal(id).map_or(Truth::No, |principal| match suppose {
            Suppose::Joined(group) => with_group(ground, principal, group),
            Suppose::Reverted(policy) => with_version(ground, principal, policy),
        });
        self.supposed.other.insert((id, suppose), truth);
        truth
    }

    /// Whether somebody can be raised to an administrator, and by what.
    fn raised(&mut self, id: PrincipalId, raises: &[Raise]) -> Option<Summit> {
        let ground = self.ground;
        let principal = ground.principal(id)?;
        let place = ground.place(id);
        let site = ground.site(principal.account)?;
        let mut changes = CHANGES.map(|bit| (Truth::No, 0, bit));
        let mut best: Option<Summit> = None;
        let mut offer = |truth: Truth, plans: &mut dyn Iterator<Item = u16>, through| {
            if truth.is_possible() && best.as_ref().is_none_or(|known| known.truth < truth) {
                let (who, hop, plans) = (Some(id), None, plans.collect());
                let left_out = None;
                best = Some(Summit { truth, plans, who, hop, through, is_own: true, left_out });
            }
            best.as_ref().is_some_and(|best| best.truth == Truth::Yes)
        };
        for raise in raises {
            let truth = raise.targets.of(place);
            if truth == Truth::No {
                continue;
            }
            let things = raise.things.as_ref();
            let slot = match raise.gives {
                Gives::Administrator => 0,
                Gives::Unbound => 1,
                Gives::WithoutInline if things.is_none() => 2,
                Gives::WithoutAttached if things.is_none() => 3,
                Gives::WithoutInline | Gives::WithoutAttached | Gives::WithoutGroup => {
                    // Every group it is in has to be within reach.
                    let is_reached = |group: &GroupId| {
                        let group = ground.world.groups.get(group.0 as usize);
                        let at = group.and_then(|group| site.groups.find(&group.arn));
                        at.is_some_and(|at| things.is_some_and(|things| things.may.has(at)))
                    };
                    if !principal.groups.iter().all(is_reached) {
                        continue;
                    }
                    4
                }
                Gives::GroupPolicies => {
                    for at in things.iter().flat_map(|things| things.may.iter()) {
                        let Some(group) = site.groups.id(at) else { continue };
                        if !ground.crowned_groups.contains_key(&group) {
                            continue;
                        }
                        let named = things.map_or(Truth::No, |things| things.of(at));
                        let joined = self.otherwise(id, Suppose::Joined(group));
                        offer(truth.and(named).and(joined), &mut once(raise.plan), Some(group));
                    }
                    continue;
                }
                Gives::OtherVersion => {
                    let own = principal.policies.iter().filter_map(|own| own.managed);
                    for policy in own {
                        let arn = ground.world.policies.get(policy.0 as usize).map(|p| &*p.arn);
                        let at = arn.and_then(|arn| site.policies.find(arn));
                        let named = at.and_then(|at| Some(things?.of(at))).unwrap_or_default();
                        if named.is_possible() {
                            let reverted = self.otherwise(id, Suppose::Reverted(policy.0));
                            let truth = truth.and(named).and(reverted);
                            offer(truth, &mut once(raise.plan), Some(policy.0));
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
        let there = changes.iter().filter(|(truth, ..)| truth.is_possible());
        let there = there.fold(0, |bits, (_, _, bit)| bits | bit);
        for bits in SUBSETS.into_iter().filter(|bits| bits & !there == 0) {
            let chosen = changes.iter().filter(|(_, _, bit)| bits & bit != 0);
            let truth = chosen.clone().map(|(truth, ..)| *truth).min().unwrap_or_default();
            let crown = self.changed(id, bits);
            if offer(truth.and(crown), &mut chosen.map(|(_, plan, _)| *plan), None) {
                break;
            }
        }
        best
    }

    /// The best way to have an administrator's power by raising somebody.
    pub(super) fn summit(
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
        let ground = self.ground;
        let Some(site) = ground.site(home) else { return best };
        if raises.is_empty() || best.as_ref().is_some_and(Summit::is_sure) {
            return best;
        }
        let raisable = site.raisable.get_or_init(|| raisable(ground, site));
        // Whoever a plain grant makes an administrator is found by sets, the others one by one.
        let own = ground.place(id);
        let mut singly = Pair::none(site.principals.len());
        for raise in raises {
            if raise.gives != Gives::Administrator {
                singly.add(&raise.targets);
                continue;
            }
            for hop in hops.iter().filter(|hop| hop.account == home) {
                let common =
                    |hop: &Bits, raise: &Bits, able: &Bits| hop.first_common(raise, able, own);
                let sure = common(&hop.targets.yes, &raise.targets.yes, &raisable.yes);
                let maybe = || common(&hop.targets.may, &raise.targets.may, &raisable.may);
                let Some(place) = sure.or_else(maybe) else { continue };
                let found = Summit {
                    truth: Truth::from(sure.is_some()).or(Truth::Depends),
                    plans: vec![raise.plan],
                    who: ground.at(home, place),
                    hop: Some(hop.means),
                    through: None,
                    is_own: true,
                    left_out: None,
                };
                if is_better(&found, &best) {
                    best = Some(found);
                }
            }
        }
        if best.as_ref().is_some_and(Summit::is_sure) {
            return best;
        }
        // Nothing is to be lifted from whoever a plain grant is enough for; joining a group and
        // going back to a version are grants of their own.
        let adds = [Gives::GroupPolicies, Gives::OtherVersion];
        if !raises.iter().any(|raise| adds.contains(&raise.gives)) {
            singly.may.take(&raisable.yes);
        }
        let mut reached = Pair::none(site.principals.len());
        for hop in hops.iter().filter(|hop| hop.account == home) {
            reached.add(&hop.targets);
        }
        let mut singly_reached = reached.may.iter().filter(|place| singly.may.has(*place));
        for place in singly_reached.by_ref().take(MAX_RAISED) {
            let at_home = hops.iter().filter(|hop| hop.account == home);
            let hop = at_home.max_by_key(|hop| hop.targets.of(place));
            let who = ground.at(home, place).filter(|who| *who != id);
            let (Some(hop), Some(who)) = (hop, who) else { continue };
            let Some(mut summit) = self.raised(who, raises) else { continue };
            summit.truth = summit.truth.and(hop.targets.of(place));
            summit.hop = Some(hop.means);
            if is_better(&summit, &best) {
                best = Some(summit);
            }
            if best.as_ref().is_some_and(Summit::is_sure) {
                return best;
            }
        }
        if best.is_none() && singly_reached.next().is_some() {
            best = Some(Summit::left_out(LeftOut::Raised));
        }
        if best.is_none() && self.counts_raising_others {
            best = self.raised_other(id, home, raises, raisable, &singly);
        }
        best
    }

    /// Somebody whom the caller can make an administrator without acting as it.
    fn raised_other(
        &mut self,
        id: PrincipalId,
        home: AccountId,
        raises: &[Raise],
        raisable: &Pair,
        singly: &Pair,
    ) -> Option<Summit> {
        let ground = self.ground;
        let plain = raises.iter().filter(|raise| raise.gives == Gives::Administrator);
        let own = ground.place(id);
        let plain = plain.filter_map(|raise| {
            raise.targets.may.first_common(&raise.targets.may, &raisable.may, own)
        });
        let mut singly = singly.may.iter();
        let other = plain.chain(singly.by_ref().take(MAX_RAISED)).find_map(|place| {
            let who = ground.at(home, place).filter(|who| *who != id)?;
            let summit = self.raised(who, raises)?;
            Some(Summit { truth: Truth::Depends, is_own: false, ..summit })
        });
        // Somebody who is put into a group that hands out permissions raises itself.
        let other = other.or_else(|| {
            let site = ground.site(home)?;
            let mut joins = raises.iter().filter(|raise| raise.gives == Gives::GroupPolicies);
            joins.find_map(|join| {
                let mut groups = join.things.iter().flat_map(|things| things.may.iter());
                let group = groups.find_map(|at| {
                    site.groups.id(at).filter(|group| ground.giving_groups.contains(group))
                })?;
                let who = join.targets.may.iter().filter_map(|place| ground.at(home, place));
                Some(Summit {
                    truth: Truth::Depends,
                    plans: vec![join.plan],
                    who: Some(who.into_iter().find(|who| *who != id)?),
                    hop: None,
                    through: Some(group),
                    is_own: false,
                    left_out: None,
                })
            })
        });
        let is_cut = singly.next().is_some();
        other.or_else(|| {
            is_cut.then(|| Summit { is_own: false, ..Summit::left_out(LeftOut::Raised) })
        })
    }
}

/// Which changes make a difference to somebody.
fn bound_by(ground: &Ground<'_>, principal: &Principal) -> u8 {
    let mut changes = match principal.boundary {
        Boundary::None => 0,
        _ => UNBOUND,
    };
    for own in &principal.policies {
        if denies_giving(ground, own) {
            changes |= removed_by(own);
        }
    }
    changes
}

/// Whether a policy has a say against handing out permissions, or may have.
fn denies_giving(ground: &Ground<'_>, own: &Attachment) -> bool {
    ground.readings.may_deny(own, ground.crown.giving())
}

/// The change that removes a policy.
fn removed_by(own: &Attachment) -> u8 {
    match (own.group, own.managed) {
        (Some(_), _) => NO_GROUPS,
        (None, Some(_)) => NO_ATTACHED,
        (None, None) => NO_INLINE,
    }
}

fn with_changes(ground: &Ground<'_>, principal: &Principal, changes: u8) -> Truth {
    let Some(site) = ground.site(principal.account) else { return Truth::No };
    let readings = &ground.readings;
    let mut stack = Stack::limits(readings, site.account, principal);
    let is_denied = || principal.policies.iter().any(|own| denies_giving(ground, own));
    if changes & GRANTED != 0 && stack.has_no_limits() && !is_denied() {
        return Truth::Yes;
    }
    for own in &principal.policies {
        if changes & removed_by(own) == 0 || !denies_giving(ground, own) {
            stack.give(readings, std::slice::from_ref(own));
        }
    }
    if changes & GRANTED != 0 {
        stack.grant_everything();
    }
    if changes & UNBOUND != 0 {
        stack.unbind();
    }
    stack.settle();
    wears_crown(ground, site, &stack, &ground.facts(principal))
}

fn with_group(ground: &Ground<'_>, principal: &Principal, group: u32) -> Truth {
    let group = ground.world.groups.get(group as usize);
    let (Some(group), Some(site)) = (group, ground.site(principal.account)) else {
        return Truth::No;
    };
    let mut stack = Stack::of(&ground.readings, site.account, principal);
    stack.give(&ground.readings, &group.policies);
    stack.settle();
    wears_crown(ground, site, &stack, &ground.facts(principal))
}

fn with_version(ground: &Ground<'_>, principal: &Principal, policy: u32) -> Truth {
    let (readings, world) = (&ground.readings, ground.world);
    let (Some(policy), Some(site)) =
        (world.policies.get(policy as usize), ground.site(principal.account))
    else {
        return Truth::No;
    };
    let versions = policy.others.iter().map(|(_, document)| {
        let mut stack = Stack::limits(readings, site.account, principal);
        for own in &principal.policies {
            let managed = own.managed.and_then(|id| world.policies.get(id.0 as usize));
            if managed.is_none_or(|managed| managed.arn != policy.arn) {
                stack.give(readings, std::slice::from_ref(own));
            }
        }
        stack.give_document(readings, document);
        stack.settle();
        wears_crown(ground, site, &stack, &ground.facts(principal))
    });
    versions.max().unwrap_or_default()
}

/// Whoever is an administrator once a policy that allows everything is attached.
pub(super) fn raisable(ground: &Ground<'_>, site: &Site<'_>) -> Pair {
    let mut pair = Pair::none(site.principals.len());
    for (place, id) in site.principals.iter().enumerate() {
        if let Some(principal) = ground.principal(PrincipalId(id)) {
            pair.insert(place, with_changes(ground, principal, GRANTED));
        }
    }
    pair
}
