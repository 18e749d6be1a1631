//! What authenticates, as whom, and where exactly it can be found again.

use super::{CredentialId, Environment, Part, Reach, RepoName, SourceName, ToolMatch, Untrusted};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{fmt, sync::Arc};

/// Who a credential authenticates as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Principal {
    /// What it is.
    pub kind: PrincipalKind,
    /// Its short name: a user or role name, an app slug, a repository.
    pub name: Untrusted,
    /// Its full native name: an ARN, or the same as `name` where there is no longer one.
    pub native: Untrusted,
    /// AWS account id or GitHub organisation it belongs to.
    pub home: Untrusted,
}

/// Kinds of principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PrincipalKind {
    /// An IAM user.
    IamUser,
    /// An IAM role.
    IamRole,
    /// An OIDC or SAML provider: whoever it vouches for.
    FederatedIdentity,
    /// A GitHub App.
    GithubApp,
    /// Whoever holds a repository's key or runs its workflows.
    Repository,
    /// Whoever runs workflows of the organisation.
    Organisation,
}

/// Which federation protocol a provider speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Protocol {
    /// `OpenID` Connect.
    Oidc,
    /// SAML 2.0.
    Saml,
}

/// Where an Actions secret is defined.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "scope")]
pub enum SecretScope {
    /// The organisation.
    Org {
        /// Its login.
        org: String,
    },
    /// One repository.
    Repo {
        /// Which.
        repo: RepoName,
    },
    /// One environment of one repository.
    Environment {
        /// Which repository.
        repo: RepoName,
        /// Which environment.
        environment: String,
    },
}

/// Where exactly a credential is, with all that a source needs to find or revoke it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Locator {
    /// An IAM user's access key. The id is public; the secret is never read.
    AccessKey {
        /// Account id, 12 digits.
        account: String,
        /// User name.
        user: String,
        /// `AKIA…`.
        key_id: String,
    },
    /// An IAM user's console password.
    ConsolePassword {
        /// Account id, 12 digits.
        account: String,
        /// User name.
        user: String,
    },
    /// An IAM user whose keys and password the source cannot list (a snapshot holds none), so the
    /// user stands for whatever authenticates as it.
    IamUser {
        /// Account id, 12 digits.
        account: String,
        /// User name.
        user: String,
    },
    /// An IAM role, through whoever its trust policy lets in.
    RoleTrust {
        /// Account id, 12 digits.
        account: String,
        /// Role name.
        role: String,
    },
    /// An identity provider registered in an account.
    FederationProvider {
        /// Account id, 12 digits.
        account: String,
        /// Provider ARN.
        arn: String,
        /// OIDC or SAML.
        protocol: Protocol,
    },
    /// A GitHub App installed in an organisation.
    AppInstallation {
        /// The organisation's login.
        org: String,
        /// Installation id.
        installation: u64,
        /// App slug.
        slug: String,
    },
    /// A repository's deploy key.
    DeployKey {
        /// Which repository.
        repo: RepoName,
        /// Key id.
        key: u64,
    },
    /// An Actions secret, by name; its value can never be read.
    ActionsSecret {
        /// Where it is defined.
        #[serde(flatten)]
        scope: SecretScope,
        /// Its name.
        name: String,
    },
}

/// Kinds of credential, as listed and filtered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CredentialKind {
    /// [`Locator::AccessKey`].
    AccessKey,
    /// [`Locator::ConsolePassword`].
    ConsolePassword,
    /// [`Locator::IamUser`].
    IamUser,
    /// [`Locator::RoleTrust`].
    RoleTrust,
    /// [`Locator::FederationProvider`].
    FederationProvider,
    /// [`Locator::AppInstallation`].
    AppInstallation,
    /// [`Locator::DeployKey`].
    DeployKey,
    /// [`Locator::ActionsSecret`].
    ActionsSecret,
}

impl fmt::Display for CredentialKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::AccessKey => "access key",
            Self::ConsolePassword => "console password",
            Self::IamUser => "user",
            Self::RoleTrust => "role",
            Self::FederationProvider => "identity provider",
            Self::AppInstallation => "app installation",
            Self::DeployKey => "deploy key",
            Self::ActionsSecret => "Actions secret",
        })
    }
}

impl Locator {
    /// The kind of credential found there.
    pub fn kind(&self) -> CredentialKind {
        match self {
            Self::AccessKey { .. } => CredentialKind::AccessKey,
            Self::ConsolePassword { .. } => CredentialKind::ConsolePassword,
            Self::IamUser { .. } => CredentialKind::IamUser,
            Self::RoleTrust { .. } => CredentialKind::RoleTrust,
            Self::FederationProvider { .. } => CredentialKind::FederationProvider,
            Self::AppInstallation { .. } => CredentialKind::AppInstallation,
            Self::DeployKey { .. } => CredentialKind::DeployKey,
            Self::ActionsSecret { .. } => CredentialKind::ActionsSecret,
        }
    }

    /// The id of the credential a source finds there.
    pub fn id(&self, source: &SourceName) -> CredentialId {
        let mut parts = vec![source.as_str()];
        let number;
        match self {
            Self::AccessKey { account, user, key_id } => {
                parts.extend(["access-key", account, user, key_id]);
            }
            Self::ConsolePassword { account, user } => {
                parts.extend(["console-password", account, user]);
            }
            Self::IamUser { account, user } => parts.extend(["iam-user", account, user]),
            Self::RoleTrust { account, role } => parts.extend(["role-trust", account, role]),
            Self::FederationProvider { account, arn, .. } => {
                parts.extend(["federation-provider", account, arn]);
            }
            Self::AppInstallation { org, installation, .. } => {
                number = installation.to_string();
                parts.extend(["app-installation", org, &number]);
            }
            Self::DeployKey { repo, key } => {
                number = key.to_string();
                parts.extend(["deploy-key", repo.owner(), repo.name(), &number]);
            }
            Self::ActionsSecret { scope, name } => match scope {
                SecretScope::Org { org } => parts.extend(["org-secret", org, name]),
                SecretScope::Repo { repo } => {
                    parts.extend(["repo-secret", repo.owner(), repo.name(), name]);
                }
                SecretScope::Environment { repo, environment } => parts.extend([
                    "environment-secret",
                    repo.owner(),
                    repo.name(),
                    environment,
                    name,
                ]),
            },
        }
        CredentialId::derive(&parts)
    }
}

/// Whether a credential works at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CredentialStatus {
    /// It authenticates.
    Active,
    /// Switched off at the source; can be switched on again.
    Inactive,
    /// A role that carries our deny-all policy.
    Sealed,
    /// It was there and is gone.
    Gone,
}

impl fmt::Display for CredentialStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Sealed => "sealed",
            Self::Gone => "gone",
        })
    }
}

/// When a credential was last used, as far as the source says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "last-used")]
pub enum LastUsed {
    /// At this time.
    At {
        /// When.
        at: Timestamp,
        /// For what, where the source says (an AWS service and region).
        what: Untrusted,
    },
    /// The source says: never.
    Never,
    /// The source does not say, or could not be asked.
    Unknown,
}

/// One named fact about a credential, for its detail page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// What it is about, in our words (`permission boundary`).
    pub name: String,
    /// What the source says.
    pub value: Untrusted,
}

impl Fact {
    /// A fact that is a moment, to the minute; the zone is said because readers are elsewhere.
    pub fn at(name: impl Into<String>, at: Timestamp) -> Self {
        Self::new(name, at.strftime("%Y-%m-%d %H:%M UTC").to_string())
    }

    /// A fact as a source states it.
    pub fn new(name: impl Into<String>, value: impl Into<Untrusted>) -> Self {
        Self { name: name.into(), value: value.into() }
    }
}

/// What authenticates, with everything known about it and never its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    /// Its id, from [`Locator::id`].
    pub id: CredentialId,
    /// The source that found it.
    pub source: SourceName,
    /// The listing it came from.
    pub part: Part,
    /// Where it is.
    pub locator: Locator,
    /// As whom it authenticates.
    pub principal: Principal,
    /// What to call it in a list: a key id, a key title, a secret's name.
    pub label: Untrusted,
    /// Whether it reaches production.
    pub environment: Environment,
    /// Whether it works.
    pub status: CredentialStatus,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// When it was used.
    pub last_used: LastUsed,
    /// What it grants, most telling first: policy names, app permissions, `write` for a key.
    pub grants: Vec<Untrusted>,
    /// More for the detail page.
    pub facts: Vec<Fact>,
    /// AI tools that hold it, surest first. Empty: held by nobody we recognise.
    pub holders: Vec<ToolMatch>,
    /// How far its principal gets, where policies say. None: not known.
    #[serde(default, with = "shared", skip_serializing_if = "Option::is_none")]
    pub reach: Option<Arc<Reach>>,
}

/// The keys of one user share its reach in memory; in the store each row has its own.
mod shared {
    use super::{Arc, Reach};
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    #[allow(clippy::ref_option, reason = "serde gives a reference to the field")]
    pub(super) fn serialize<S: Serializer>(
        reach: &Option<Arc<Reach>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        reach.as_deref().serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Arc<Reach>>, D::Error> {
        Ok(Option::deserialize(deserializer)?.map(Arc::new))
    }
}

impl Credential {
    /// What kind it is.
    pub fn kind(&self) -> CredentialKind {
        self.locator.kind()
    }

    /// The grant that is every action on everything, if only within a boundary or under a
    /// condition. Only a source's own word counts, never the name of a policy.
    pub fn administrator_grant(&self) -> Option<&Untrusted> {
        self.grants.iter().find(|grant| {
            grant.raw() == "administrator"
                || grant.raw().starts_with("administrator within ")
                || grant.raw().starts_with("administrator under ")
        })
    }

    /// Whether an AI tool holds it.
    pub fn is_ai_held(&self) -> bool {
        !self.holders.is_empty()
    }
}
