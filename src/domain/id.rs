//! Identifiers. Each is its own type, so an action can never be mistaken for a credential.

use super::Digest;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Why a piece of text is not the identifier it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// An id has a letter, a dash and 10 hex digits.
    #[error(
        "`{text}` is not an id: expected `{letter}-` and 10 hex digits, as `countersign {list}` prints them"
    )]
    NotAnId {
        /// What was given (debug-escaped).
        text: String,
        /// The letter the id starts with.
        letter: char,
        /// The command that lists such ids.
        list: &'static str,
    },
    /// A repository is named `owner/name`.
    #[error("`{0}` is not a repository: expected owner/name")]
    NotARepository(String),
}

macro_rules! short_id {
    ($(#[$doc:meta])* $name:ident, $letter:literal, $list:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The id of the thing these parts name; the same parts always give the same id.
            pub fn derive(parts: &[&str]) -> Self {
                let mut bytes = Vec::new();
                for part in parts {
                    // The length in front keeps ("ab","c") and ("a","bc") apart.
                    bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
                    bytes.extend_from_slice(part.as_bytes());
                }
                let hex: String = Digest::of_bytes(&bytes).hex().chars().take(10).collect();
                Self(format!("{}-{hex}", $letter))
            }

            /// The id as people type it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                let digits = text.strip_prefix(concat!($letter, "-")).unwrap_or("");
                let valid = digits.len() == 10
                    && digits.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
                if valid {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(IdError::NotAnId {
                        text: text.escape_debug().to_string(),
                        letter: $letter,
                        list: $list,
                    })
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

short_id!(
    /// One pending AI-initiated change: `a-` and 10 hex digits, derived from its source and its
    /// native name, so it stays the same from poll to poll.
    ActionId, 'a', "queue"
);
short_id!(
    /// One credential: `c-` and 10 hex digits, derived from its source and its locator.
    CredentialId, 'c', "audit"
);
short_id!(
    /// One order given to a source: `o-` and 10 hex digits, derived from what it is for and a
    /// random nonce.
    OrderId, 'o', "activity"
);

/// Which system a source reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// A live AWS account.
    Aws,
    /// A GitHub organisation or a set of repositories.
    Github,
    /// An authorization-details file.
    Snapshot,
    /// Processes waiting at our own gate.
    Gate,
    /// The self-contained world of the demo.
    Embedded,
}

impl fmt::Display for SourceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Aws => "aws",
            Self::Github => "github",
            Self::Snapshot => "snapshot",
            Self::Gate => "gate",
            Self::Embedded => "embedded",
        })
    }
}

/// The name of a configured source, `kind/name`: `aws/prod`, `github/acme`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SourceName(String);

impl SourceName {
    /// Joins the kind and the name the configuration gives it.
    pub fn new(kind: SourceKind, name: &str) -> Self {
        Self(format!("{kind}/{name}"))
    }

    /// The whole name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SourceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for SourceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One listing a source reads in one go (`access-keys`, `deploy-keys acme/shop`).
///
/// When a listing cannot be read, what came from it before stays and is marked stale instead of
/// being taken for deleted.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Part(pub String);

impl Part {
    /// A listing by name.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }
}

/// A GitHub repository, `owner/name`, of the characters GitHub allows.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RepoName {
    owner: String,
    name: String,
}

impl RepoName {
    /// The account that owns it.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// Its name without the owner.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl FromStr for RepoName {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let plain = |part: &str| {
            !part.is_empty()
                && part != "."
                && part != ".."
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
        };
        match text.split_once('/') {
            Some((owner, name)) if plain(owner) && plain(name) => {
                Ok(Self { owner: owner.to_owned(), name: name.to_owned() })
            }
            _ => Err(IdError::NotARepository(text.escape_debug().to_string())),
        }
    }
}

impl TryFrom<String> for RepoName {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        text.parse()
    }
}

impl From<RepoName> for String {
    fn from(repo: RepoName) -> Self {
        repo.to_string()
    }
}

impl fmt::Display for RepoName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}/{}", self.owner, self.name))
    }
}

impl fmt::Debug for RepoName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.owner, self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::{ActionId, RepoName};

    #[test]
    fn an_id_depends_on_where_its_parts_end() {
        assert_ne!(ActionId::derive(&["ab", "c"]), ActionId::derive(&["a", "bc"]));
        assert_eq!(ActionId::derive(&["a", "b"]), ActionId::derive(&["a", "b"]));
    }

    #[test]
    fn an_id_of_another_kind_is_refused() {
        assert!("c-0123456789".parse::<ActionId>().is_err());
        assert!("a-0123456789".parse::<ActionId>().is_ok());
        assert!("a-012345678G".parse::<ActionId>().is_err());
    }

    #[test]
    fn a_repository_name_cannot_climb_out_of_its_path() {
        for bad in ["shop", "a/b/c", "../x", "a/..", "a/b?x", "a/ b", "/b", "a/"] {
            assert!(bad.parse::<RepoName>().is_err(), "{bad}");
        }
        assert!("acme/shop.web_2-x".parse::<RepoName>().is_ok());
    }
}
