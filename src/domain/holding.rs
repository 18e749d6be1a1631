//! Which tool holds what, and how we know.

use super::{CredentialId, Untrusted};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The catalogue's name of an AI tool: `claude-code`, `kiro`, `copilot`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ToolId(String);

impl ToolId {
    /// Names a tool.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The name as written in the catalogue.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ToolId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// An AI tool of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// The stable name.
    pub id: ToolId,
    /// What people call it.
    pub name: String,
    /// Who makes it.
    pub vendor: String,
}

/// What kind of identifier a clue is. The catalogue matches each kind by its own rule: numeric
/// ids exactly, trailers by their address, prefixes at the start; a bare word never matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClueKind {
    /// Numeric account id of a GitHub user or bot. Logins can be renamed and taken; ids cannot.
    GithubUserId,
    /// GitHub login, with `[bot]` where it has one.
    GithubLogin,
    /// Slug of a GitHub App (`/apps/{slug}`).
    GithubAppSlug,
    /// Address of a commit's author or committer.
    GitEmail,
    /// A whole `Key: value` trailer line of a commit message.
    CommitTrailer,
    /// Name of a pull request's head branch.
    Branch,
    /// Name of an IAM user or role.
    IamName,
    /// IAM path, with both slashes (`/agents/kiro/`).
    IamPath,
    /// IAM tag, `key=value`.
    IamTag,
    /// Service principal that may assume a role (`bedrock.amazonaws.com`).
    TrustedService,
    /// ARN of an attached AWS-managed policy.
    ManagedPolicy,
    /// Issuer of an OIDC provider, without `https://`.
    OidcIssuer,
    /// `sub` pattern a role trusts, as `issuer|pattern`.
    OidcSubject,
    /// Name of a GitHub environment whose secrets are handed to an agent.
    SecretEnvironment,
    /// Name of an Actions secret.
    SecretName,
    /// Title of a deploy key.
    KeyTitle,
    /// The user's own catalogue or configuration says so.
    Declared,
}

/// One identifier a source read, before anyone knows what it means.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Clue {
    /// Which kind of identifier.
    pub kind: ClueKind,
    /// The identifier.
    pub value: Untrusted,
}

impl Clue {
    /// A clue as a source reads it.
    pub fn new(kind: ClueKind, value: impl Into<Untrusted>) -> Self {
        Self { kind, value: value.into() }
    }
}

/// How sure a match is. Ordered from weak to strong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// The identifier is a convention anyone could follow (a branch prefix, a role name).
    Inferred,
    /// The identifier is one that only the tool or its vendor can carry (a numeric id, a service
    /// principal).
    Observed,
    /// The owner of the credential said so (a tag, the user's own catalogue).
    Declared,
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Inferred => "inferred",
            Self::Observed => "observed",
            Self::Declared => "declared",
        })
    }
}

/// Why we believe that a tool is behind something.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Evidence {
    /// What was seen.
    pub clue: Clue,
    /// The catalogue's rule that recognised it (`copilot/github-user-id`).
    pub rule: String,
    /// How sure this piece alone makes us.
    pub confidence: Confidence,
}

/// A tool recognised from clues.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolMatch {
    /// Which tool.
    pub tool: ToolId,
    /// What people call it.
    pub name: String,
    /// The strongest confidence among the evidence.
    pub confidence: Confidence,
    /// Everything that points to it, strongest first. Never empty.
    pub evidence: Vec<Evidence>,
}

/// "This tool holds this credential."
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    /// The credential held.
    pub credential: CredentialId,
    /// Who holds it, and how we know.
    pub by: ToolMatch,
}
