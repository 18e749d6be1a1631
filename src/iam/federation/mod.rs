//! Who a role's trust policy lets in, statement by statement, and how wide that door is.
//!
//! ```text
//!   trust policy ──admissions──▶ [Admission { entrant, calls, admits, breadth, warnings }]
//!
//!   each Allow × each party (admit) ── what it cannot bring, so what never holds (brought)
//!        ├─ token issuers: issuers, claims, subjects ─▶ oidc    what Deny takes away: deny
//!        └─ accounts, principals, services, SAML ─────▶ aws
//! ```
//!
//! Offline: which token, which external id, which address a caller will bring is not known, so
//! what hangs on it is [`Truth::Depends`] with the condition in words.

mod admit;
mod aws;
mod brought;
mod claims;
mod deny;
mod issuers;
mod oidc;
mod subjects;

#[cfg(test)]
mod tests;

use super::{Rules, Truth};

/// One party that a trust policy speaks of, and on what terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admission {
    /// Who.
    pub entrant: Entrant,
    /// By which calls; never empty.
    pub calls: Vec<Call>,
    /// `Yes`: without further ado. `Depends`: on [`Self::conditions`]. `No`: nobody can come in
    /// this way, as [`Self::warnings`] says why.
    pub admits: Truth,
    /// How many that may be.
    pub breadth: Breadth,
    /// The party in words: "any repository on GitHub", "account 111122223333".
    pub who: String,
    /// For token issuers: the patterns of the subjects that are let in, as written. Empty: every
    /// subject, or the party is no issuer.
    pub subjects: Vec<String>,
    /// What the caller must bring, each in words; empty if nothing.
    pub conditions: Vec<String>,
    /// What is wrong, each in words a person can act on.
    pub warnings: Vec<Warning>,
    /// The statement: its `Sid`, or `Statement[2]`.
    pub statement: String,
}

/// Who is let in.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Entrant {
    /// `*`: anyone, of any AWS account.
    Anyone,
    /// Everybody but those a `NotPrincipal` names.
    AnyoneBut(Box<[Box<str>]>),
    /// An account: it delegates to its own policies, so an `sts:AssumeRole` there is needed too.
    Account(Box<str>),
    /// A user, role or session by ARN. Within one account this grants by itself.
    Principal(Box<str>),
    /// A unique id (`AROA…`) of a principal that was deleted: nobody.
    Deleted(Box<str>),
    /// An AWS service.
    Service(Box<str>),
    /// An issuer of OIDC tokens.
    Oidc {
        /// Without `https://`: `token.actions.githubusercontent.com`.
        issuer: Box<str>,
        /// The provider as the trust policy names it: an ARN, or a built-in one's host.
        provider: Box<str>,
        /// Whose tokens these are.
        kind: IssuerKind,
    },
    /// A SAML provider, by ARN.
    Saml(Box<str>),
    /// An S3 canonical user, which no role admits.
    Canonical(Box<str>),
}

/// Issuers whose claims are understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum IssuerKind {
    /// GitHub Actions, github.com's or an enterprise's own issuer.
    GitHubActions,
    /// GitLab, gitlab.com or self-managed.
    GitLab,
    /// Bitbucket Pipelines.
    Bitbucket,
    /// `CircleCI`.
    CircleCi,
    /// HCP Terraform, Terraform Enterprise.
    Terraform,
    /// Buildkite.
    Buildkite,
    /// An EKS cluster: service accounts of its pods.
    Eks,
    /// Amazon Cognito identity pools.
    Cognito,
    /// Sign-in with Google, Facebook, Amazon or Apple: anybody with an account there.
    Consumer,
    /// Microsoft Entra ID.
    Entra,
    /// Vercel functions.
    Vercel,
    /// Another.
    Other,
}

/// Calls of STS by which a role is assumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub enum Call {
    /// `sts:AssumeRole`.
    AssumeRole,
    /// `sts:AssumeRoleWithWebIdentity`.
    AssumeRoleWithWebIdentity,
    /// `sts:AssumeRoleWithSAML`.
    AssumeRoleWithSAML,
}

/// How many are let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Breadth {
    /// Nobody.
    Nobody,
    /// Named principals, repositories, accounts.
    Narrow,
    /// A whole organisation, everything of an issuer that belongs to one owner.
    Broad,
    /// Anybody in the world can arrange to be let in.
    Public,
}

/// Something wrong with a trust.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Stable name (`any-repository`, `never-matches`, `no-external-id`).
    pub id: &'static str,
    /// In words, with what to do.
    pub what: String,
}

/// What a role's trust policy admits. `account` is the role's (twelve digits).
///
/// What tells the party itself (a token's subject, audience and other claims; an organisation a
/// caller belongs to does not) is part of [`Admission::who`] and leaves [`Admission::admits`] at
/// `Yes`; every other condition makes it `Depends`.
///
/// Statements that deny are taken into account: a party that is denied without conditions is not
/// admitted; one that is denied under conditions is admitted on the condition that they do not
/// hold, and a deny of everything but some subjects narrows like an allow of those subjects.
///
/// `no-external-id` is told of every other account: a caller who knows that account to be its own
/// leaves it out.
pub fn admissions(trust: &Rules, account: &str) -> Vec<Admission> {
    admit::admissions(trust, account)
}

impl Warning {
    fn new(id: &'static str, what: impl Into<String>) -> Self {
        Self { id, what: what.into() }
    }
}
