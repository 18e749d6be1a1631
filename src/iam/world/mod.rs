//! Every account that was loaded, compiled and indexed.
//!
//! ```text
//!   AuthorizationDetails ─┐
//!   SCPs ─────────────────┼─▶ World { accounts, principals, groups, policies, rules, problems }
//!   resource policies ────┤
//!   known resources ──────┘
//! ```
//!
//! What is missing is never taken for nothing: a policy, a boundary or a trust document whose
//! content is not there stays in its place without a document, and a [`Problem`] says what follows.

mod bearing;
mod build;
#[cfg(test)]
pub(crate) mod builder;
mod files;
#[cfg(test)]
mod files_tests;
mod gaps;
mod index;
mod intern;
mod known;
mod resolve;
mod sides;
#[cfg(test)]
pub(crate) mod testing;

pub use build::{Input, Levels, Sides};
pub use files::{Files, FilesError, OnProgress};
pub use sides::SideError;

use super::Rules;
use index::Index;
use std::sync::Arc;

/// Index into [`World::accounts`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(pub u32);

/// Index into [`World::principals`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PrincipalId(pub u32);

/// Index into [`World::groups`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupId(pub u32);

/// Index into [`World::policies`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PolicyId(pub u32);

/// What is known of all accounts together. A principal's position never changes.
#[derive(Debug, Default)]
pub struct World {
    /// One a file, or several files of one account merged.
    pub accounts: Vec<Account>,
    /// Users and roles of all accounts, in the order of the files (AWS lists users first).
    pub principals: Vec<Principal>,
    /// Groups of all accounts.
    pub groups: Vec<Group>,
    /// Managed policies of all accounts; AWS's own once an account.
    pub policies: Vec<Managed>,
    /// Policies of resources (`--resource-policies`, or read live), by ARN, sorted. None: there is
    /// one and it cannot be read, so it is unknown.
    pub resource_policies: Vec<(Box<str>, Option<Document>)>,
    /// Resources known to exist (`--resources`, or read live). None: nobody looked.
    pub resources: Option<Vec<Resource>>,
    /// What could not be read, and what that means.
    pub problems: Vec<Problem>,
    /// Files that end in the middle, or could not be read at all.
    pub damaged_files: usize,
    /// From where on [`World::problems`] are those of what is known beside the accounts.
    beside_from: usize,
    index: Index,
}

impl World {
    /// Those of [`World::problems`] that come from what is known beside the accounts: service
    /// control policies, policies of resources, lists of resources.
    pub fn problems_beside(&self) -> &[Problem] {
        self.problems.get(self.beside_from..).unwrap_or_default()
    }
}

/// One account.
#[derive(Debug)]
pub struct Account {
    /// Twelve digits.
    pub id: Box<str>,
    /// `aws`, `aws-cn`, `aws-us-gov`.
    pub partition: Box<str>,
    /// Service control policies from the root down. None: no organisation, or not known.
    pub scps: Option<Vec<Vec<Attachment>>>,
    /// Whether it is its organisation's management account, which SCPs do not bind.
    pub is_management: bool,
    /// All of it was read. Otherwise principals, groups or policies may be missing, so "no" is
    /// only "not as far as is known".
    pub is_complete: bool,
}

/// A document, compiled. Equal documents share one.
pub type Document = Arc<Rules>;

/// User or role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An IAM user.
    User,
    /// An IAM role.
    Role,
}

/// A policy that has a say over a principal, and how it is told.
#[derive(Debug, Clone)]
pub struct Attachment {
    /// `AdministratorAccess`, `inline-0`, `deploy (group ops)`.
    pub name: Box<str>,
    /// What it says. None: the file does not carry it or it cannot be read, so it is unknown.
    pub document: Option<Document>,
    /// The managed policy behind it, for whoever may edit that one.
    pub managed: Option<PolicyId>,
    /// The group it comes through.
    pub group: Option<GroupId>,
}

/// A permissions boundary.
#[derive(Debug, Clone, Default)]
pub enum Boundary {
    /// None is set.
    #[default]
    None,
    /// One is set; what it says is in the file.
    Known {
        /// Its ARN.
        arn: Box<str>,
        /// What it says.
        document: Document,
    },
    /// One is set; what it says is not known (AWS may leave out a policy that serves only as a
    /// boundary).
    Unknown {
        /// Its ARN.
        arn: Box<str>,
    },
}

/// A user or role.
#[derive(Debug)]
pub struct Principal {
    /// Its ARN.
    pub arn: Box<str>,
    /// Its name.
    pub name: Box<str>,
    /// User or role.
    pub kind: Kind,
    /// Its account.
    pub account: AccountId,
    /// Its tags.
    pub tags: Box<[(Box<str>, Box<str>)]>,
    /// Every policy it has: attached, inline, through groups.
    pub policies: Box<[Attachment]>,
    /// Its groups.
    pub groups: Box<[GroupId]>,
    /// Its permissions boundary.
    pub boundary: Boundary,
    /// Who may assume it; only of roles. None of a role: it cannot be read, so it is unknown.
    pub trust: Option<Document>,
    /// Names of the instance profiles that carry it; only of roles.
    pub instance_profiles: Box<[Box<str>]>,
    /// Only AWS may edit it: a service-linked role (which SCPs do not bind either).
    pub is_service_linked: bool,
    /// Only AWS may edit it: a role of IAM Identity Center.
    pub is_reserved: bool,
}

/// A group.
#[derive(Debug)]
pub struct Group {
    /// Its ARN.
    pub arn: Box<str>,
    /// Its name.
    pub name: Box<str>,
    /// Its account.
    pub account: AccountId,
    /// Its policies.
    pub policies: Box<[Attachment]>,
    /// Its users.
    pub members: Vec<PrincipalId>,
}

/// A managed policy.
#[derive(Debug)]
pub struct Managed {
    /// Its ARN.
    pub arn: Box<str>,
    /// AWS's own: no customer may edit it.
    pub is_aws: bool,
    /// The version in force. None: unknown.
    pub document: Option<Document>,
    /// The other versions that are kept, by id: one call makes any of them the one in force.
    pub others: Box<[(Box<str>, Document)]>,
    /// Whom it is attached to, directly.
    pub principals: Vec<PrincipalId>,
    /// Groups it is attached to.
    pub groups: Vec<GroupId>,
}

/// A resource that is known to exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// Its ARN.
    pub arn: Box<str>,
    /// ARN of the role its code runs as, if it runs any.
    pub role: Option<Box<str>>,
}

/// Something that could not be read, and where.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    /// File, line, ARN, field.
    pub r#where: String,
    /// What is wrong, and what follows from it.
    pub what: String,
}

#[cfg(test)]
mod tests;
