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

const CALL: &str = "iam:GetAccountAuthorizationDetails";

/// One page of the account.
pub(super) fn page(
    output: GetAccountAuthorizationDetailsOutput,
) -> Result<AuthorizationDetails, SourceFault> {
    Ok(AuthorizationDetails {
        users: all(output.user_detail_list, user)?,
        groups: all(output.group_detail_list, group)?,
        roles: all(output.role_detail_list, role)?,
        policies: all(output.policies, managed)?,
    })
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
    Ok(ManagedPolicy {
        arn: need(from.arn, "Arn")?,
        name: need(from.policy_name, "PolicyName")?,
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
