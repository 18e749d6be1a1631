//! The recorded AWS state: the authorization details as AWS prints them, and what the other
//! calls of an inventory would have answered.

#![allow(clippy::struct_field_names, reason = "fields are named as AWS names them")]

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// `aws iam get-account-authorization-details`, the fields an inventory reads. Field names are
/// those of the IAM API reference.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Details {
    #[serde(rename = "UserDetailList")]
    pub users: Vec<User>,
    #[serde(rename = "GroupDetailList")]
    pub groups: Vec<Group>,
    #[serde(rename = "RoleDetailList")]
    pub roles: Vec<Role>,
    pub policies: Vec<Value>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct User {
    pub path: String,
    pub user_name: String,
    pub user_id: String,
    pub arn: String,
    pub create_date: Timestamp,
    #[serde(default)]
    pub user_policy_list: Vec<InlinePolicy>,
    #[serde(default)]
    pub group_list: Vec<String>,
    #[serde(default)]
    pub attached_managed_policies: Vec<AttachedPolicy>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permissions_boundary: Option<Boundary>,
    #[serde(default)]
    pub tags: Vec<Tag>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Group {
    pub path: String,
    pub group_name: String,
    pub group_id: String,
    pub arn: String,
    pub create_date: Timestamp,
    #[serde(default)]
    pub group_policy_list: Vec<InlinePolicy>,
    #[serde(default)]
    pub attached_managed_policies: Vec<AttachedPolicy>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Role {
    pub path: String,
    pub role_name: String,
    pub role_id: String,
    pub arn: String,
    pub create_date: Timestamp,
    pub assume_role_policy_document: Value,
    #[serde(default)]
    pub instance_profile_list: Vec<Value>,
    #[serde(default)]
    pub role_policy_list: Vec<InlinePolicy>,
    #[serde(default)]
    pub attached_managed_policies: Vec<AttachedPolicy>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permissions_boundary: Option<Boundary>,
    #[serde(default)]
    pub tags: Vec<Tag>,
    #[serde(default)]
    pub role_last_used: RoleLastUsed,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RoleLastUsed {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used_date: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct InlinePolicy {
    pub policy_name: String,
    pub policy_document: Value,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AttachedPolicy {
    pub policy_name: String,
    pub policy_arn: String,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Boundary {
    pub permissions_boundary_type: String,
    pub permissions_boundary_arn: String,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Tag {
    pub key: String,
    pub value: String,
}

/// What `ListAccessKeys`, `GetAccessKeyLastUsed`, `GetLoginProfile`, the provider listings,
/// `ListAccountAliases` and `GetCallerIdentity` would answer.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Access {
    pub account: String,
    pub account_alias: String,
    pub caller_arn: String,
    #[serde(rename = "AccessKeyMetadata")]
    pub keys: Vec<Key>,
    #[serde(rename = "LoginProfiles")]
    pub passwords: Vec<Password>,
    pub providers: Vec<Provider>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Key {
    pub user_name: String,
    pub access_key_id: String,
    pub status: KeyStatus,
    pub create_date: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_key_last_used: Option<KeyLastUsed>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub(super) enum KeyStatus {
    Active,
    Inactive,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct KeyLastUsed {
    pub last_used_date: Timestamp,
    pub service_name: String,
    pub region: String,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Password {
    pub user_name: String,
    pub create_date: Timestamp,
    pub password_last_used: Option<Timestamp>,
    pub mfa_enabled: bool,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Provider {
    pub arn: String,
    pub protocol: crate::domain::Protocol,
    pub url: String,
    pub create_date: Timestamp,
    pub client_ids: Vec<String>,
}
