//! The second step: names and ARNs become ids and documents.

use super::{
    AccountId, Attachment, Boundary, Document, GroupId, PolicyId, PrincipalId, Resource, World,
    build::{Building, Draft, Levels, Sides, position},
    known,
    sides::{Profiles, role_of_profile},
};
use crate::iam::{Document as Written, Policy};
use std::sync::Arc;

impl Building {
    pub(super) fn finish(mut self, sides: Sides) -> World {
        self.resolve_groups();
        for (at, draft) in std::mem::take(&mut self.drafts).into_iter().enumerate() {
            self.resolve_principal(PrincipalId::at(at), draft);
        }
        self.tell_unknown();
        self.tell_coverage();
        self.world.beside_from = self.world.problems.len();
        self.add_sides(sides);
        self.world.indexed()
    }

    fn resolve_groups(&mut self) {
        for (at, attached) in std::mem::take(&mut self.group_drafts).into_iter().enumerate() {
            let id = GroupId(position(at));
            let Some(group) = self.world.groups.get_mut(at) else { continue };
            let account = group.account;
            let mut policies = std::mem::take(&mut group.policies).into_vec();
            for attached in attached {
                let (policy, is_new) = self.managed(account, &attached.arn);
                if is_new || self.unknown.has(policy) {
                    self.unknown.add(policy).groups.push(id);
                }
                let Some(managed) = self.world.policies.get_mut(policy.0 as usize) else {
                    continue;
                };
                if managed.groups.last() != Some(&id) {
                    managed.groups.push(id);
                }
                policies.push(Attachment {
                    name: attached.name.into(),
                    document: managed.document.clone(),
                    managed: Some(policy),
                    group: Some(id),
                });
            }
            for policy in &mut policies {
                policy.group = Some(id);
            }
            if let Some(group) = self.world.groups.get_mut(at) {
                group.policies = policies.into();
            }
        }
    }

    fn resolve_principal(&mut self, id: PrincipalId, draft: Draft) {
        let Some(principal) = self.world.principals.get_mut(id.0 as usize) else { return };
        let account = principal.account;
        let mut policies = std::mem::take(&mut principal.policies).into_vec();
        policies.reserve_exact(draft.attached.len());
        for attached in draft.attached {
            let (policy, is_new) = self.managed(account, &attached.arn);
            if is_new || self.unknown.has(policy) {
                self.unknown.add(policy).attached_to.push(id);
            }
            let Some(managed) = self.world.policies.get_mut(policy.0 as usize) else { continue };
            if managed.principals.last() == Some(&id) {
                continue;
            }
            managed.principals.push(id);
            policies.push(Attachment {
                name: attached.name.into(),
                document: managed.document.clone(),
                managed: Some(policy),
                group: None,
            });
        }
        let groups = self.join_groups(id, account, &draft.groups, &mut policies);
        let boundary = match draft.boundary {
            None => Boundary::None,
            Some(arn) => self.boundary(id, account, arn),
        };
        if let Some(principal) = self.world.principals.get_mut(id.0 as usize) {
            principal.policies = policies.into();
            principal.groups = groups;
            principal.boundary = boundary;
        }
    }

    fn join_groups(
        &mut self,
        id: PrincipalId,
        account: AccountId,
        names: &[String],
        policies: &mut Vec<Attachment>,
    ) -> Box<[GroupId]> {
        let mut joined = Vec::with_capacity(names.len());
        for name in names {
            let known = self.groups.get(&account).and_then(|known| known.get(&**name)).copied();
            let group = known.and_then(|id| Some((id, self.world.groups.get_mut(id.0 as usize)?)));
            let Some((group_id, group)) = group else {
                self.unknown.group(account, name).push(id);
                policies.push(Attachment {
                    name: format!("(group {name})").into(),
                    document: None,
                    managed: None,
                    group: None,
                });
                continue;
            };
            if joined.contains(&group_id) {
                continue;
            }
            joined.push(group_id);
            group.members.push(id);
            policies.extend(group.policies.iter().map(|policy| Attachment {
                name: format!("{} (group {name})", policy.name).into(),
                ..policy.clone()
            }));
        }
        joined.into()
    }

    fn boundary(&mut self, id: PrincipalId, account: AccountId, arn: String) -> Boundary {
        let (policy, is_new) = self.managed(account, &arn);
        if is_new || self.unknown.has(policy) {
            self.unknown.add(policy).bounds.push(id);
        }
        let managed = self.world.policies.get(policy.0 as usize);
        match managed.and_then(|managed| managed.document.clone()) {
            Some(document) => Boundary::Known { arn: arn.into(), document },
            None => Boundary::Unknown { arn: arn.into() },
        }
    }

    /// The managed policy of an ARN, and whether it was made up here because no input has its
    /// content. It has a place all the same: somebody may be able to rewrite it.
    fn managed(&mut self, account: AccountId, arn: &str) -> (PolicyId, bool) {
        if let Some(id) = self.policies.get(&account).and_then(|known| known.get(arn)) {
            return (*id, false);
        }
        let said = self.aws.get(arn).cloned();
        let is_said = said.is_some();
        let document = said.unwrap_or_else(|| {
            let policy = Policy::parse(known::document_of(arn)?).ok()?;
            Some(self.interned.compile(&Arc::new(policy)))
        });
        let is_new = document.is_none() && !is_said;
        (self.add_policy(account, arn.into(), document, Box::default()), is_new)
    }

    fn add_sides(&mut self, sides: Sides) {
        self.world.problems.extend(sides.problems);
        for at in 0..self.world.accounts.len() {
            let Some(account) = self.world.accounts.get_mut(at) else { continue };
            let id = account.id.clone();
            account.is_management = sides.management_account.as_ref() == Some(&id);
            let Some(scps) = &sides.scps else { continue };
            if let Some(levels) = scps.get(&id) {
                let levels = self.levels(&id, levels);
                if let Some(account) = self.world.accounts.get_mut(at) {
                    account.scps = Some(levels);
                }
            } else {
                self.problem(
                    format!("account {id}"),
                    "the service control policies given do not name it, so it is analysed as if none bound it",
                );
            }
        }
        let mut known = Vec::with_capacity(sides.resource_policies.len());
        for (arn, written) in sides.resource_policies {
            let place = format!("resource policy of {arn}");
            let document = self.side_document(place, &written, "whom it lets in is unknown");
            known.push((arn, document));
        }
        self.world.resource_policies = known;
        self.world.resources = sides.resources.map(|resources| self.run_as(resources));
    }

    /// An instance profile gives way to its role.
    fn run_as(&mut self, mut resources: Vec<Resource>) -> Vec<Resource> {
        let mut profiles = Profiles::new();
        for role in &self.world.principals {
            let account = self.world.accounts.get(role.account.0 as usize);
            for name in &role.instance_profiles {
                profiles.insert((account.map_or("", |account| &account.id), name), &role.arn);
            }
        }
        let mut unknown = Vec::new();
        for resource in &mut resources {
            let profile = resource.role.as_ref().filter(|arn| arn.contains(":instance-profile/"));
            let Some(profile) = profile else { continue };
            match role_of_profile(&profiles, profile) {
                Some(role) => resource.role = Some(role.into()),
                None => unknown.push(format!("{} runs as {profile}", resource.arn)),
            }
        }
        for what in unknown {
            self.problem(
                "known resources",
                format!("{what}, which no role carries, so what its code may do is unknown"),
            );
        }
        resources
    }

    fn levels(&mut self, account: &str, levels: &Levels) -> Vec<Vec<Attachment>> {
        let mut all = Vec::with_capacity(levels.len());
        for level in levels {
            let mut policies = Vec::with_capacity(level.len());
            for (name, written) in level {
                let place = format!("service control policy {name} of account {account}");
                let document =
                    self.side_document(place, written, "what it allows or forbids is unknown");
                let name = name.clone();
                policies.push(Attachment { name, document, managed: None, group: None });
            }
            all.push(policies);
        }
        all
    }

    fn side_document(
        &mut self,
        place: String,
        written: &Written,
        consequence: &str,
    ) -> Option<Document> {
        match written {
            Written::Read(policy) => Some(self.interned.compile(policy)),
            Written::Unreadable(why) => {
                self.problem(place, format!("{why}; {consequence}"));
                None
            }
        }
    }
}
