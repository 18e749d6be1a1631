//! The authorization details of an account: users, groups, roles and policies with everything
//! attached, in the shape of AWS's `GetAccountAuthorizationDetails`.

use super::Document;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer};

/// Everything IAM says about who is in an account and what they are given.
///
/// It has gaps by nature: no access keys, passwords, MFA, resource policies or SCPs, and AWS may
/// leave out a managed policy that serves only as a boundary. What is absent is unknown, not
/// nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuthorizationDetails {
    /// The users.
    pub users: Vec<User>,
    /// The groups.
    pub groups: Vec<Group>,
    /// The roles.
    pub roles: Vec<Role>,
    /// Managed policies, the customer's own and those of AWS that are in use.
    pub policies: Vec<ManagedPolicy>,
}

impl AuthorizationDetails {
    /// Adds what another page brought.
    pub fn absorb(&mut self, page: Self) {
        self.users.extend(page.users);
        self.groups.extend(page.groups);
        self.roles.extend(page.roles);
        self.policies.extend(page.policies);
    }

    /// Policy documents that could not be read: the entity's ARN, the document's name, and why.
    pub fn unreadable(&self) -> impl Iterator<Item = (&str, &str, &super::DocumentError)> {
        let users = self.users.iter().flat_map(|u| inline_of(&u.arn, &u.inline));
        let groups = self.groups.iter().flat_map(|g| inline_of(&g.arn, &g.inline));
        let roles = self.roles.iter().flat_map(|r| {
            let trust = (r.arn.as_str(), "trust policy", &r.trust);
            inline_of(&r.arn, &r.inline).chain(std::iter::once(trust))
        });
        let managed = self
            .policies
            .iter()
            .flat_map(|p| p.versions.iter().map(|v| (p.arn.as_str(), v.id.as_str(), &v.document)));
        users.chain(groups).chain(roles).chain(managed).filter_map(|(arn, name, document)| {
            match document {
                Document::Unreadable(why) => Some((arn, name, why)),
                Document::Read(_) => None,
            }
        })
    }
}

fn inline_of<'a>(
    arn: &'a str,
    policies: &'a [Inline],
) -> impl Iterator<Item = (&'a str, &'a str, &'a Document)> {
    policies.iter().map(move |policy| (arn, policy.name.as_str(), &policy.document))
}

/// The account id in an ARN, if it has one of 12 digits.
pub fn account_of(arn: &str) -> Option<&str> {
    let account = arn.split(':').nth(4)?;
    (account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit())).then_some(account)
}

/// An IAM user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Full name.
    pub arn: String,
    /// Short name.
    pub name: String,
    /// Path, with both slashes.
    pub path: String,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// Names (not ARNs) of its groups.
    pub groups: Vec<String>,
    /// Policies of its own.
    pub inline: Vec<Inline>,
    /// Managed policies attached to it.
    pub attached: Vec<Attached>,
    /// ARN of its permissions boundary.
    pub boundary: Option<String>,
    /// Its tags.
    pub tags: Vec<Tag>,
}

/// An IAM role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Full name.
    pub arn: String,
    /// Short name.
    pub name: String,
    /// Path, with both slashes.
    pub path: String,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// Who may assume it.
    pub trust: Document,
    /// Names of the instance profiles that carry it.
    pub instance_profiles: Vec<String>,
    /// Policies of its own.
    pub inline: Vec<Inline>,
    /// Managed policies attached to it.
    pub attached: Vec<Attached>,
    /// ARN of its permissions boundary.
    pub boundary: Option<String>,
    /// Its tags.
    pub tags: Vec<Tag>,
    /// When it was last assumed, within the 400 days AWS keeps. None: the answer does not say.
    pub last_used: Option<RoleUse>,
}

impl Role {
    /// Whether only AWS may edit it: a service-linked role, or one of IAM Identity Center.
    pub fn is_managed_by_aws(&self) -> bool {
        self.path.starts_with("/aws-service-role/") || self.path.starts_with("/aws-reserved/")
    }
}

/// When and where a role was last used.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RoleUse {
    /// None: not within the tracking period.
    #[serde(rename = "LastUsedDate", default, deserialize_with = "timestamp")]
    pub at: Option<Timestamp>,
    /// In which region.
    #[serde(rename = "Region", default)]
    pub region: Option<String>,
}

/// A group of users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Full name.
    pub arn: String,
    /// Short name.
    pub name: String,
    /// Policies of its own.
    pub inline: Vec<Inline>,
    /// Managed policies attached to it.
    pub attached: Vec<Attached>,
}

/// A managed policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManagedPolicy {
    /// Full name.
    pub arn: String,
    /// Short name.
    pub name: String,
    /// Its versions.
    pub versions: Vec<PolicyVersion>,
}

impl ManagedPolicy {
    /// The version in force. None: the answer does not carry it.
    pub fn in_force(&self) -> Option<&PolicyVersion> {
        self.versions.iter().find(|version| version.is_default)
    }
}

/// One version of a managed policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyVersion {
    /// `v1`, `v2`, …
    pub id: String,
    /// Whether it is the one in force.
    pub is_default: bool,
    /// What it says.
    pub document: Document,
}

/// A policy written into a user, group or role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inline {
    /// Its name there.
    pub name: String,
    /// What it says.
    pub document: Document,
}

/// A managed policy, as attached.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Attached {
    /// Its name.
    #[serde(rename = "PolicyName")]
    pub name: String,
    /// Its ARN.
    #[serde(rename = "PolicyArn")]
    pub arn: String,
}

/// A tag.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Tag {
    /// Key.
    #[serde(rename = "Key")]
    pub key: String,
    /// Value; may be empty.
    #[serde(rename = "Value", default)]
    pub value: String,
}

/// RFC 3339, with `T` (AWS CLI) or a space (boto3 printed with `str`) in the middle.
fn timestamp<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    Option::<String>::deserialize(deserializer)?
        .map(|text| {
            text.parse().map_err(|_| {
                serde::de::Error::custom(format!("`{}` is not a date", text.escape_debug()))
            })
        })
        .transpose()
}
