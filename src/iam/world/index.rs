//! Finds principals, policies and groups by ARN, and roles by the ARN of a session.
//!
//! ```text
//!   ARN ──hash──▶ slot ──▶ id ──▶ compare with the ARN in the world; if another, the next slot
//! ```
//!
//! Only hashes are kept: the ARNs are in the world already.

use super::{AccountId, GroupId, Kind, PolicyId, PrincipalId, World};
use crate::iam::account_of;
use foldhash::{HashMap, HashMapExt as _, fast::RandomState};
use std::hash::BuildHasher;

/// Hashes of what a world holds. It belongs to one world and is made when that is complete.
#[derive(Debug, Default)]
pub(super) struct Index {
    principals: Slots,
    /// Roles by account and name.
    sessions: Slots,
    policies: Slots,
    groups: Slots,
}

#[derive(Debug, Default)]
struct Slots {
    ids: HashMap<u64, u32>,
    state: RandomState,
}

impl Slots {
    fn for_about(count: usize) -> Self {
        Self { ids: HashMap::with_capacity(count), state: RandomState::default() }
    }

    fn insert(&mut self, key: impl std::hash::Hash, id: u32) {
        let mut slot = self.state.hash_one(key);
        while self.ids.contains_key(&slot) {
            slot = slot.wrapping_add(1);
        }
        self.ids.insert(slot, id);
    }

    fn find(&self, key: impl std::hash::Hash, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        let mut slot = self.state.hash_one(key);
        loop {
            let id = *self.ids.get(&slot)?;
            if is_it(id) {
                return Some(id);
            }
            slot = slot.wrapping_add(1);
        }
    }
}

impl Index {
    fn of(world: &World) -> Self {
        let mut index = Self {
            principals: Slots::for_about(world.principals.len()),
            sessions: Slots::for_about(world.principals.len()),
            policies: Slots::for_about(world.policies.len()),
            groups: Slots::for_about(world.groups.len()),
        };
        for (principal, id) in world.principals.iter().zip(0..) {
            index.principals.insert(&*principal.arn, id);
            if principal.kind == Kind::Role
                && let Some(account) = world.accounts.get(principal.account.0 as usize)
            {
                index.sessions.insert((&*account.id, &*principal.name), id);
            }
        }
        for (policy, id) in world.policies.iter().zip(0..) {
            index.policies.insert(&*policy.arn, id);
        }
        for (group, id) in world.groups.iter().zip(0..) {
            index.groups.insert(&*group.arn, id);
        }
        index
    }
}

impl World {
    /// Makes the world searchable. To be called once, when it is complete.
    pub(super) fn indexed(mut self) -> Self {
        self.resource_policies.sort_by(|a, b| a.0.cmp(&b.0));
        self.index = Index::of(&self);
        self
    }

    /// A principal by ARN. A role's session ARN finds its role; an account's root finds none.
    pub fn find(&self, arn: &str) -> Option<PrincipalId> {
        let is_it = |id: u32| self.principals.get(id as usize).is_some_and(|p| &*p.arn == arn);
        if let Some(id) = self.index.principals.find(arn, is_it) {
            return Some(PrincipalId(id));
        }
        self.role_of_session(arn)
    }

    /// `arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION`: names are unique in an account whatever
    /// the path (IAM User Guide, `reference_iam-quotas.html`).
    fn role_of_session(&self, arn: &str) -> Option<PrincipalId> {
        let (_, rest) = arn.split_once(":assumed-role/")?;
        let account = account_of(arn).filter(|_| arn.split(':').nth(2) == Some("sts"))?;
        let name = rest.split('/').next()?;
        let is_it = |id: u32| {
            self.principals.get(id as usize).is_some_and(|role| {
                &*role.name == name && self.account(role.account).is_some_and(|a| &*a.id == account)
            })
        };
        self.index.sessions.find((account, name), is_it).map(PrincipalId)
    }

    /// A principal.
    pub fn principal(&self, id: PrincipalId) -> Option<&super::Principal> {
        self.principals.get(id.0 as usize)
    }

    /// An account.
    pub fn account(&self, id: AccountId) -> Option<&super::Account> {
        self.accounts.get(id.0 as usize)
    }

    /// A managed policy.
    pub fn policy(&self, id: PolicyId) -> Option<&super::Managed> {
        self.policies.get(id.0 as usize)
    }

    /// A group.
    pub fn group(&self, id: GroupId) -> Option<&super::Group> {
        self.groups.get(id.0 as usize)
    }

    /// An account by its id (twelve digits).
    pub fn account_named(&self, id: &str) -> Option<AccountId> {
        let at = self.accounts.iter().position(|account| &*account.id == id)?;
        u32::try_from(at).ok().map(AccountId)
    }

    /// A managed policy by ARN. Of AWS's own policies, which every account has, the first.
    pub fn find_policy(&self, arn: &str) -> Option<PolicyId> {
        let is_it = |id: u32| self.policies.get(id as usize).is_some_and(|p| &*p.arn == arn);
        self.index.policies.find(arn, is_it).map(PolicyId)
    }

    /// A group by ARN.
    pub fn find_group(&self, arn: &str) -> Option<GroupId> {
        let is_it = |id: u32| self.groups.get(id as usize).is_some_and(|g| &*g.arn == arn);
        self.index.groups.find(arn, is_it).map(GroupId)
    }

    /// The policy of a resource, if one was given; inside, none if it cannot be read.
    pub fn resource_policy(&self, arn: &str) -> Option<Option<&super::Document>> {
        let at = self.resource_policies.binary_search_by(|(known, _)| (**known).cmp(arn)).ok()?;
        self.resource_policies.get(at).map(|(_, document)| document.as_ref())
    }
}
