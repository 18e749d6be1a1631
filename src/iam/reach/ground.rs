//! What is the same for every principal: rosters, prepared techniques, trust.
//!
//! ```text
//!   World + Catalogue ──▶ Ground { readings, trusts, sites }
//!                          site (an account) = rosters of principals, groups, policies
//!                                            + each technique with its names filled in and the
//!                                              principals that fit as its target
//! ```

use super::{
    bits::{Bits, Pair},
    crown::{self, Crown, gives, wears_crown},
    facts::Facts,
    plan::Plan,
    power::{Field, Stack},
    readings::{Interest, Readings},
    roster::Roster,
    trusting::{self, Trusts},
};
use crate::iam::{
    Glob, Truth, account_of,
    escalation::{Catalogue, Lever},
    world::{Account, AccountId, Boundary, GroupId, Principal, PrincipalId, World},
};
use std::{
    collections::{HashMap, HashSet},
    sync::OnceLock,
};

/// Rosters of one account.
const ROSTERS: u32 = 4;

/// What is the same for every principal.
#[derive(Debug)]
pub(super) struct Ground<'w> {
    pub(super) world: &'w World,
    pub(super) catalogue: &'w Catalogue,
    pub(super) now: i64,
    pub(super) readings: Readings,
    pub(super) trusts: Trusts,
    pub(super) sites: Vec<Site<'w>>,
    /// Where a principal is on its account's roster.
    places: Vec<u32>,
    pub(super) assume: u16,
    /// Actions of the catalogue that are not looked at, because there are too many.
    pub(super) overflow: usize,
    /// What an administrator must be able to do.
    pub(super) crown: Crown,
    /// Groups that make an administrator of a member by what they have alone.
    pub(super) crowned_groups: HashMap<u32, Truth>,
    /// Groups that hand out permissions.
    pub(super) giving_groups: HashSet<u32>,
}

/// An account.
#[derive(Debug)]
pub(super) struct Site<'w> {
    pub(super) account: &'w Account,
    pub(super) number: u32,
    pub(super) principals: Roster<'w>,
    pub(super) groups: Roster<'w>,
    /// Customer-managed policies.
    pub(super) policies: Roster<'w>,
    /// Resources known to exist.
    pub(super) resources: Roster<'w>,
    pub(super) plans: Vec<Plan<'w>>,
    /// Roles that delegate to the whole of another account (or this one), alike for all.
    delegating: HashMap<AccountId, Delegating>,
    /// Roles that trust anyone.
    pub(super) open: Delegating,
    /// Whoever is an administrator once a policy that allows everything is attached.
    pub(super) raisable: OnceLock<Pair>,
}

/// Roles of one account that trust another account as a whole.
#[derive(Debug, Default)]
pub(super) struct Delegating {
    /// Alike for everybody there.
    pub(super) alike: Pair,
    /// To be asked about each caller.
    pub(super) single: Vec<PrincipalId>,
}

impl<'w> Ground<'w> {
    pub(super) fn new(world: &'w World, catalogue: &'w Catalogue, now: i64) -> Self {
        let interest = Interest::new(catalogue, crown::actions().map(|(name, _)| name));
        let trusts = Trusts::new(world, now);
        let mut ground = Self {
            world,
            catalogue,
            now,
            readings: Readings::new(world, &interest),
            trusts,
            sites: Vec::new(),
            places: vec![0; world.principals.len()],
            assume: interest.find(super::readings::ASSUME).unwrap_or(u16::MAX),
            crowned_groups: HashMap::new(),
            giving_groups: HashSet::new(),
            crown: Crown::new(&interest),
            overflow: interest.overflow,
        };
        for (index, account) in (0u32..).zip(&world.accounts) {
            let site = Site::rosters(world, AccountId(index), account);
            for (place, id) in (0u32..).zip(site.principals.iter()) {
                if let Some(slot) = ground.places.get_mut(id as usize) {
                    *slot = place;
                }
            }
            ground.sites.push(site);
        }
        ground.delegate();
        ground.open();
        ground.weigh_groups();
        for index in 0..ground.sites.len() {
            let plans = ground.plan(index, &interest);
            if let Some(site) = ground.sites.get_mut(index) {
                site.plans = plans;
            }
        }
        ground
    }

    pub(super) fn principal(&self, id: PrincipalId) -> Option<&'w Principal> {
        self.world.principals.get(id.0 as usize)
    }

    pub(super) fn site(&self, account: AccountId) -> Option<&Site<'w>> {
        self.sites.get(account.0 as usize)
    }

    /// Where a principal is on its account's roster.
    pub(super) fn place(&self, id: PrincipalId) -> usize {
        self.places.get(id.0 as usize).map_or(usize::MAX, |place| *place as usize)
    }

    /// The principal at a place of an account's roster.
    pub(super) fn at(&self, account: AccountId, place: usize) -> Option<PrincipalId> {
        self.site(account)?.principals.id(place).map(PrincipalId)
    }

    pub(super) fn facts<'a>(&'a self, caller: &'a Principal) -> Facts<'a> {
        let account = self.site(caller.account).map_or("", |site| &site.account.id);
        let mut facts = Facts::of(caller, account, self.now);
        facts.target_account = Some(account);
        facts
    }

    /// Roles of `of` that trust `whom` as a whole.
    pub(super) fn delegating(&self, of: AccountId, whom: AccountId) -> Option<&Delegating> {
        self.site(of)?.delegating.get(&whom)
    }

    fn delegate(&mut self) {
        for index in 0..self.sites.len() {
            let whom = AccountId(u32::try_from(index).unwrap_or(u32::MAX));
            let Some(site) = self.site(whom) else { continue };
            let facts = Facts {
                caller: None,
                account: &site.account.id,
                now: self.now,
                brought: &[],
                target: None,
                target_account: None,
            };
            let mut found: HashMap<AccountId, Delegating> = HashMap::new();
            for role_id in self.trusts.delegating(whom) {
                let Some(role) = self.principal(*role_id) else { continue };
                let len = self.site(role.account).map_or(0, |site| site.principals.len());
                let home = self.site(role.account).map(|site| &*site.account.id);
                let facts = Facts { target_account: home, ..facts }.about(role);
                let delegating = found
                    .entry(role.account)
                    .or_insert_with(|| Delegating { alike: Pair::none(len), single: Vec::new() });
                match trusting::say_of_account(role, &facts) {
                    Some(truth) => delegating.alike.insert(self.place(*role_id), truth),
                    None => delegating.single.push(*role_id),
                }
            }
            for (of, delegating) in found {
                if let Some(site) = self.sites.get_mut(of.0 as usize) {
                    site.delegating.insert(whom, delegating);
                }
            }
        }
    }

    fn weigh_groups(&mut self) {
        let (mut crowned, mut giving) = (HashMap::new(), HashSet::new());
        for (index, group) in (0u32..).zip(&self.world.groups) {
            let Some(site) = self.site(group.account) else { continue };
            let mut stack = Stack::scps(&self.readings, site.account);
            stack.give(&self.readings, &group.policies);
            stack.settle();
            let facts = Facts {
                caller: None,
                account: &site.account.id,
                now: self.now,
                brought: &[],
                target: None,
                target_account: None,
            };
            let crown = wears_crown(self, site, &stack, &facts);
            if crown.is_possible() {
                crowned.insert(index, crown);
            }
            if gives(self, site, &stack, &facts).is_possible() {
                giving.insert(index);
            }
        }
        (self.crowned_groups, self.giving_groups) = (crowned, giving);
    }

    /// Policies of which other versions are kept.
    pub(super) fn reversible(&self, site: &Site<'_>) -> Pair {
        let mut pair = Pair::none(site.policies.len());
        for (at, id) in site.policies.iter().enumerate() {
            if self.world.policies.get(id as usize).is_some_and(|policy| !policy.others.is_empty())
            {
                pair.insert(at, Truth::Yes);
            }
        }
        pair
    }

    fn open(&mut self) {
        for role_id in self.trusts.open().to_vec() {
            let place = self.place(role_id);
            let Some(role) = self.principal(role_id) else { continue };
            let Some(site) = self.site(role.account) else { continue };
            let facts = Facts {
                caller: None,
                account: "",
                now: self.now,
                brought: &[],
                target: Some(role),
                target_account: Some(&site.account.id),
            };
            let say = trusting::say_of_anyone(role, &facts);
            let Some(site) = self.sites.get_mut(role.account.0 as usize) else { continue };
            let len = site.principals.len();
            match say {
                Some(truth) => {
                    if site.open.alike.is_empty() {
                        site.open.alike = Pair::none(len);
                    }
                    site.open.alike.insert(place, truth);
                }
                None => site.open.single.push(role_id),
            }
        }
    }

    /// Who has a policy: directly, or through a group.
    pub(super) fn holders(&self, policy: u32) -> impl Iterator<Item = PrincipalId> + '_ {
        let policy = self.world.policies.get(policy as usize);
        let direct = policy.into_iter().flat_map(|policy| &policy.principals);
        let groups = policy.into_iter().flat_map(|policy| &policy.groups);
        let through = groups.flat_map(|group| self.members(*group));
        direct.chain(through).copied()
    }

    pub(super) fn members(&self, group: GroupId) -> &'w [PrincipalId] {
        self.world.groups.get(group.0 as usize).map_or(&[], |group| &group.members)
    }

    /// Principals a set of groups or policies stands for.
    pub(super) fn behind(&self, site: &Site<'_>, lever: Lever, things: &Pair) -> Pair {
        let mut pair = Pair::none(site.principals.len());
        match lever {
            Lever::Group => {
                for at in things.may.iter() {
                    let Some(id) = site.groups.id(at) else { continue };
                    for member in self.members(GroupId(id)) {
                        pair.insert(self.place(*member), things.of(at));
                    }
                }
            }
            Lever::Policy => {
                for at in things.may.iter() {
                    let Some(id) = site.policies.id(at) else { continue };
                    for holder in self.holders(id) {
                        pair.insert(self.place(holder), things.of(at));
                    }
                }
            }
            Lever::BoundaryPolicy => {
                for (place, id) in site.principals.iter().enumerate() {
                    if let Some(Boundary::Known { arn, .. } | Boundary::Unknown { arn }) =
                        self.principal(PrincipalId(id)).map(|principal| &principal.boundary)
                        && let Some(at) = site.policies.find(arn)
                    {
                        pair.insert(place, things.of(at));
                    }
                }
            }
        }
        pair
    }
}

impl<'w> Site<'w> {
    fn rosters(world: &'w World, id: AccountId, account: &'w Account) -> Self {
        let principals = (0u32..).zip(&world.principals);
        let principals = principals.filter(|(_, principal)| principal.account == id);
        let groups = (0u32..).zip(&world.groups).filter(|(_, group)| group.account == id);
        let policies = (0u32..)
            .zip(&world.policies)
            .filter(|(_, policy)| !policy.is_aws && account_of(&policy.arn) == Some(&*account.id));
        let resources = (0u32..).zip(world.resources.iter().flatten());
        let resources = resources.filter(|(_, resource)| {
            account_of(&resource.arn).is_none_or(|own| own == &*account.id)
        });
        Self {
            resources: Roster::new(resources.map(|(id, known)| (&*known.arn, id)).collect()),
            account,
            number: id.0,
            principals: Roster::new(principals.map(|(id, p)| (&*p.arn, id)).collect()),
            groups: Roster::new(groups.map(|(id, group)| (&*group.arn, id)).collect()),
            policies: Roster::new(policies.map(|(id, policy)| (&*policy.arn, id)).collect()),
            plans: Vec::new(),
            delegating: HashMap::new(),
            open: Delegating::default(),
            raisable: OnceLock::new(),
        }
    }

    pub(super) fn principal_field(&self, world: &'w World) -> Field<'_> {
        Field {
            roster: &self.principals,
            number: self.number * ROSTERS,
            principals: Some(&world.principals),
        }
    }

    pub(super) fn resource_field(&self) -> Field<'_> {
        let number = self.number * ROSTERS + 3;
        Field { roster: &self.resources, number, principals: None }
    }

    /// Known resources whose ARN fits.
    pub(super) fn resources_like(&self, pattern: &str) -> Bits {
        let glob = Glob::new(pattern);
        let mut bits = Bits::none(self.resources.len());
        for at in (0..self.resources.len()).filter(|at| glob.matches(self.resources.arn(*at))) {
            bits.insert(at);
        }
        bits
    }

    pub(super) fn group_field(&self) -> Field<'_> {
        Field { roster: &self.groups, number: self.number * ROSTERS + 1, principals: None }
    }

    pub(super) fn policy_field(&self) -> Field<'_> {
        Field { roster: &self.policies, number: self.number * ROSTERS + 2, principals: None }
    }
}
