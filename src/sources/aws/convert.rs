//! From the SDK's types to the model of [`crate::iam`], so that a live account and a file give
//! the same values.

use super::fault::malformed;
use crate::{
    domain::SourceFault,
    iam::{
        Attached, AuthorizationDetails, Document, Group, Inline, ManagedPolicy, PolicyVersion,
        Role, RoleUse, Tag, User,
    },
};
use aws_sdk_iam::{
    operation::get_account_authorization_details::GetAccountAuthorizationDetailsOutput,
    primitives::DateTime, types as sdk,
};
use jiff::Timestamp;
use std::collections::HashSet;

const CALL: &str = "iam:GetAccountAuthorizationDetails";

/// Pages of the account, put together.
#[derive(Debug, Default)]
pub(super) struct Pages {
    details: AuthorizationDetails,
    /// Which of them are in use is known only after the last page.
    policies: Vec<sdk::ManagedPolicyDetail>,
}

impl Pages {
    /// Adds a page.
    pub(super) fn absorb(
        &mut self,
        page: GetAccountAuthorizationDetailsOutput,
    ) -> Result<(), SourceFault> {
        self.details.absorb(AuthorizationDetails {
            users: all(page.user_detail_list, user)?,
            groups: all(page.group_detail_list, group)?,
            roles: all(page.role_detail_list, role)?,
            policies: Vec::new(),
        });
        self.policies.extend(page.policies.unwrap_or_default());
        Ok(())
    }

    /// How many users and roles there are so far.
    pub(super) fn principals(&self) -> usize {
        self.details.users.len() + self.details.roles.len()
    }

    /// The whole account. Of AWS's own policies only those in use are kept: some servers list
    /// all of them, more text than the rest of the account together.
    pub(super) fn finish(self) -> Result<AuthorizationDetails, SourceFault> {
        let Self { mut details, policies } = self;
        let used = used_policies(&details);
        let kept = policies
            .into_iter()
            .filter(|policy| {
                policy.arn.as_deref().is_none_or(|arn| !is_by_aws(arn) || used.contains(arn))
            })
            .map(managed)
            .collect::<Result<_, _>>()?;
        details.policies = kept;
        Ok(details)
    }
}

fn is_by_aws(arn: &str) -> bool {
    arn.contains(":iam::aws:policy/")
}

/// ARNs of the policies that are attached or serve as a boundary.
fn used_policies(details: &AuthorizationDetails) -> HashSet<String> {
    let users = details.users.iter().map(|user| (&user.attached, &user.boundary));
    let roles = details.roles.iter().map(|role| (&role.attached, &role.boundary));
    let groups = details.groups.iter().map(|group| (&group.attached, &None));
    users
        .chain(roles)
        .chain(groups)
        .flat_map(|(attached, boundary)| {
            attached.iter().map(|policy| policy.arn.clone()).chain(boundary.clone())
        })
        .collect()
}

/// A time of the SDK as ours; none where it lies outside of what ours can hold.
pub(super) fn time(at: DateTime) -> Option<Timestamp> {
    let nanos = i32::try_from(at.subsec_nanos()).ok()?;
    Timestamp::new(at.secs(), nanos).ok()
}

fn all<A, B>(
    list: Option<Vec<A>>,
    one: impl Fn(A) -> Result<B, SourceFault>,
) -> Result<Vec<B>, SourceFault> {
    list.unwrap_or_default().into_iter().map(one).collect()
}

fn need(value: Option<String>, what: &str) -> Result<String, SourceFault> {
    value.ok_or_else(|| malformed(CALL, &format!("an entry has no {what}")))
}

fn user(from: sdk::UserDetail) -> Result<User, SourceFault> {
    Ok(User {
        arn: need(from.arn, "Arn")?,
        name: need(from.user_name, "UserName")?,
        path: from.path.unwrap_or_else(|| "/".to_owned()),
        created: from.create_date.and_then(time),
        groups: from.group_list.unwrap_or_default(),
        inline: all(from.user_policy_list, inline)?,
        attached: all(from.attached_managed_policies, attached)?,
        boundary: from.permissions_boundary.and_then(|b| b.permissions_boundary_arn),
        tags: from.tags.unwrap_or_default().into_iter().map(tag).collect(),
    })
}

fn role(from: sdk::RoleDetail) -> Result<Role, SourceFault> {
    Ok(Role {
        arn: need(from.arn, "Arn")?,
        name: need(from.role_name, "RoleName")?,
        path: from.path.unwrap_or_else(|| "/".to_owned()),
        created: from.create_date.and_then(time),
        trust: Document::from_text(&need(
            from.assume_role_policy_document,
            "AssumeRolePolicyDocument",
        )?),
        instance_profiles: from
            .instance_profile_list
            .unwrap_or_default()
            .into_iter()
            .map(|profile| profile.instance_profile_name)
            .collect(),
        inline: all(from.role_policy_list, inline)?,
        attached: all(from.attached_managed_policies, attached)?,
        boundary: from.permissions_boundary.and_then(|b| b.permissions_boundary_arn),
        tags: from.tags.unwrap_or_default().into_iter().map(tag).collect(),
        last_used: from
            .role_last_used
            .map(|last| RoleUse { at: last.last_used_date.and_then(time), region: last.region }),
    })
}

fn group(from: sdk::GroupDetail) -> Result<Group, SourceFault> {
    Ok(Group {
        arn: need(from.arn, "Arn")?,
        name: need(from.group_name, "GroupName")?,
        inline: all(from.group_policy_list, inline)?,
        attached: all(from.attached_managed_policies, attached)?,
    })
}

fn managed(from: sdk::ManagedPolicyDetail) -> Result<ManagedPolicy, SourceFault> {
    let arn = need(from.arn, "Arn")?;
    // The name is the last part of the ARN, and some servers leave it at that.
    let name = from.policy_name.or_else(|| arn.rsplit('/').next().map(str::to_owned));
    Ok(ManagedPolicy {
        name: need(name, "PolicyName")?,
        arn,
        versions: all(from.policy_version_list, |version| {
            Ok(PolicyVersion {
                id: need(version.version_id, "VersionId")?,
                is_default: version.is_default_version,
                document: Document::from_text(&need(version.document, "Document")?),
            })
        })?,
    })
}

fn inline(from: sdk::PolicyDetail) -> Result<Inline, SourceFault> {
    Ok(Inline {
        name: need(from.policy_name, "PolicyName")?,
        document: Document::from_text(&need(from.policy_document, "PolicyDocument")?),
    })
}

fn attached(from: sdk::AttachedPolicy) -> Result<Attached, SourceFault> {
    Ok(Attached {
        name: need(from.policy_name, "PolicyName")?,
        arn: need(from.policy_arn, "PolicyArn")?,
    })
}

fn tag(from: sdk::Tag) -> Tag {
    Tag { key: from.key, value: from.value }
}
