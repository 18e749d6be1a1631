//! What no input has, told once with everybody it concerns.

use super::{
    AccountId, GroupId, PolicyId, PrincipalId,
    build::{Building, NOTHING_TO_ANALYSE, position},
};
use std::{
    collections::{HashMap, HashSet},
    fmt::Write,
};

/// Policies and groups whose content is nowhere.
#[derive(Default)]
pub(super) struct Unknown {
    order: Vec<PolicyId>,
    policies: HashMap<PolicyId, Needed>,
    groups: Vec<(AccountId, Box<str>, Vec<PrincipalId>)>,
    group_positions: HashMap<(AccountId, Box<str>), usize>,
}

/// Who needs a policy whose content is not known.
#[derive(Default)]
pub(super) struct Needed {
    pub(super) attached_to: Vec<PrincipalId>,
    pub(super) groups: Vec<GroupId>,
    pub(super) bounds: Vec<PrincipalId>,
}

impl Unknown {
    pub(super) fn has(&self, policy: PolicyId) -> bool {
        self.policies.contains_key(&policy)
    }

    pub(super) fn add(&mut self, policy: PolicyId) -> &mut Needed {
        if !self.has(policy) {
            self.order.push(policy);
        }
        self.policies.entry(policy).or_default()
    }

    pub(super) fn group(&mut self, account: AccountId, name: &str) -> &mut Vec<PrincipalId> {
        let next = self.groups.len();
        let at = *self.group_positions.entry((account, name.into())).or_insert(next);
        if at == next {
            self.groups.push((account, name.into(), Vec::new()));
        }
        &mut self.groups[at].2
    }
}

impl Building {
    pub(super) fn tell_unknown(&mut self) {
        let unknown = std::mem::take(&mut self.unknown);
        for policy in &unknown.order {
            let Some(needed) = unknown.policies.get(policy) else { continue };
            let Some(managed) = self.world.policies.get(policy.0 as usize) else { continue };
            let arn = managed.arn.to_string();
            let mut what = "no file has its content".to_owned();
            if !needed.attached_to.is_empty() || !needed.groups.is_empty() {
                let principals = needed.attached_to.iter().map(|id| self.arn(*id));
                let groups = needed
                    .groups
                    .iter()
                    .map(|id| self.world.groups.get(id.0 as usize).map_or("", |group| &*group.arn));
                let who = listed(principals.chain(groups));
                let _ = write!(what, "; it is attached to {who}, so what they may do is unknown");
            }
            if !needed.bounds.is_empty() {
                let who = listed(needed.bounds.iter().map(|id| self.arn(*id)));
                let _ = write!(
                    what,
                    "; it is the permissions boundary of {who}, so what they have may be forbidden by it (AWS leaves out a policy that is used only as a boundary; add it with `aws iam get-policy-version`)"
                );
            }
            self.problem(arn, what);
        }
        for (account, name, members) in unknown.groups {
            let who = listed(members.iter().map(|id| self.arn(*id)));
            let account =
                self.world.accounts.get(account.0 as usize).map_or("", |account| &*account.id);
            let r#where = format!("group {name} of account {account}");
            self.problem(
                r#where,
                format!(
                    "no file has it; {who} belong to it, so what they have through it is unknown"
                ),
            );
        }
    }

    fn arn(&self, id: PrincipalId) -> &str {
        self.world.principals.get(id.0 as usize).map_or("", |principal| &*principal.arn)
    }

    pub(super) fn tell_coverage(&mut self) {
        let users_and_roles = self.world.principals.iter().map(|principal| principal.account);
        let groups = self.world.groups.iter().map(|group| group.account);
        let inhabited: HashSet<AccountId> = users_and_roles.chain(groups).collect();
        for (at, coverage) in std::mem::take(&mut self.coverage).into_iter().enumerate() {
            let inputs = coverage.inputs.join(", ");
            if !inhabited.contains(&AccountId(position(at))) {
                self.problem(&inputs, NOTHING_TO_ANALYSE);
            }
            for list in &coverage.missing {
                self.problem(&inputs, format!("there is no {list}: {}", consequence_of(list)));
            }
            if !coverage.has_end {
                self.problem(
                    &inputs,
                    "more pages follow (IsTruncated is true) and are not there: principals, groups and policies are missing, so nothing said of this account is final. Export it again without --no-paginate and --max-items, or give all pages",
                );
            }
            if let Some(account) = self.world.accounts.get_mut(at) {
                account.is_complete =
                    coverage.has_end && !coverage.is_damaged && coverage.missing.is_empty();
            }
        }
    }
}

fn consequence_of(list: &str) -> &'static str {
    match list {
        "UserDetailList" => "no user is analysed, and nothing that leads through a user is found",
        "GroupDetailList" => "what users have through groups is unknown",
        "RoleDetailList" => "no role is analysed, and nothing that leads through a role is found",
        _ => "what attached managed policies give or forbid is unknown, but for AWS's best-known",
    }
}

/// The first, and how many more.
fn listed<'a>(mut all: impl Iterator<Item = &'a str>) -> String {
    let first = all.next().unwrap_or_default();
    match all.count() {
        0 => first.to_owned(),
        more => format!("{first} and {more} more"),
    }
}
