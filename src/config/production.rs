//! What counts as production: the `[production]` section.

use crate::domain::{Environment, RepoName, Untrusted};

/// Rules that say what is production. Patterns may use `*` for any run of characters.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProductionRules {
    /// AWS account ids, 12 digits.
    pub account_ids: Vec<String>,
    /// Repository patterns, `owner/name`.
    pub repos: Vec<String>,
    /// GitHub environment name patterns.
    pub environments: Vec<String>,
    /// AWS profile name patterns.
    pub profiles: Vec<String>,
    /// kube-context patterns.
    pub kube_contexts: Vec<String>,
    /// Host name patterns.
    pub hosts: Vec<String>,
}

impl ProductionRules {
    /// An AWS account. `declared` is `production = …` of its `[[aws]]` entry, which wins.
    pub fn account(&self, _id: &str, _declared: Option<bool>) -> Environment {
        Environment::Unknown
    }

    /// A repository.
    pub fn repo(&self, _repo: &RepoName) -> Environment {
        Environment::Unknown
    }

    /// A deployment environment, by name.
    pub fn environment(&self, _name: &Untrusted) -> Environment {
        Environment::Unknown
    }

    /// A host.
    pub fn host(&self, _name: &str) -> Environment {
        Environment::Unknown
    }
}
