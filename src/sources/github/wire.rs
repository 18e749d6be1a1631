//! The few fields of GitHub's answers that we read.
//!
//! Our own small structs rather than octocrab's models: those hold every documented enum, and one
//! renamed value would fail a whole listing. Here a kind we do not know is a string like any other.

use crate::domain::{LastUsed, Untrusted};
use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;

/// Listings that come as an object around an array.
macro_rules! wrapped {
    ($(#[$doc:meta])* $name:ident, $field:ident, $item:ty) => {
        $(#[$doc])*
        #[derive(Debug, Deserialize)]
        pub(super) struct $name {
            $field: Vec<$item>,
        }

        impl IntoIterator for $name {
            type Item = $item;
            type IntoIter = std::vec::IntoIter<$item>;

            fn into_iter(self) -> Self::IntoIter {
                self.$field.into_iter()
            }
        }
    };
}

wrapped!(
    /// `GET /orgs/{org}/installations`.
    Installations, installations, Installation
);
wrapped!(
    /// `GET …/actions/secrets`, `GET …/environments/{name}/secrets`.
    Secrets, secrets, Secret
);
wrapped!(
    /// `GET /repos/{owner}/{repo}/environments`.
    Environments, environments, NamedEnvironment
);
wrapped!(
    /// `GET /repos/{owner}/{repo}/actions/runs`.
    Runs, workflow_runs, Run
);
wrapped!(
    /// `GET …/commits/{ref}/check-runs`.
    CheckRuns, check_runs, CheckRun
);

/// An account: user, bot or organisation.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Account {
    pub(super) id: u64,
    pub(super) login: String,
}

/// A repository, as listed.
#[derive(Debug, Deserialize)]
pub(super) struct Repository {
    pub(super) full_name: String,
    #[serde(default)]
    pub(super) archived: bool,
    #[serde(default)]
    pub(super) disabled: bool,
}

/// An installed app.
#[derive(Debug, Deserialize)]
pub(super) struct Installation {
    pub(super) id: u64,
    pub(super) app_slug: String,
    pub(super) app_id: Option<u64>,
    pub(super) repository_selection: Option<String>,
    #[serde(default)]
    pub(super) permissions: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) events: Vec<String>,
    pub(super) created_at: Option<Timestamp>,
    pub(super) updated_at: Option<Timestamp>,
    pub(super) suspended_at: Option<Timestamp>,
    pub(super) suspended_by: Option<Account>,
    pub(super) html_url: Option<String>,
}

/// A deploy key.
#[derive(Debug, Deserialize)]
pub(super) struct DeployKey {
    pub(super) id: u64,
    pub(super) key: String,
    pub(super) title: String,
    pub(super) read_only: bool,
    pub(super) verified: Option<bool>,
    pub(super) enabled: Option<bool>,
    pub(super) created_at: Option<Timestamp>,
    pub(super) added_by: Option<String>,
    /// Absent: the server does not say. Null: never used.
    #[serde(default = "unsaid", deserialize_with = "last_used")]
    pub(super) last_used: LastUsed,
}

fn unsaid() -> LastUsed {
    LastUsed::Unknown
}

fn last_used<'de, D: Deserializer<'de>>(deserializer: D) -> Result<LastUsed, D::Error> {
    Ok(match Option::<Timestamp>::deserialize(deserializer)? {
        Some(at) => LastUsed::At { at, what: Untrusted::default() },
        None => LastUsed::Never,
    })
}

/// The name of a secret; its value cannot be read.
#[derive(Debug, Deserialize)]
pub(super) struct Secret {
    pub(super) name: String,
    pub(super) created_at: Option<Timestamp>,
    pub(super) updated_at: Option<Timestamp>,
    pub(super) visibility: Option<String>,
}

/// A deployment environment.
#[derive(Debug, Deserialize)]
pub(super) struct NamedEnvironment {
    pub(super) name: String,
}

/// A pull request, as listed and alone.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Pull {
    pub(super) number: u64,
    pub(super) state: String,
    pub(super) title: String,
    pub(super) body: Option<String>,
    pub(super) user: Option<Account>,
    pub(super) html_url: String,
    pub(super) created_at: Timestamp,
    pub(super) head: Branch,
    pub(super) base: Branch,
    pub(super) merged_by: Option<Account>,
    pub(super) merged_at: Option<Timestamp>,
    /// Only when read alone.
    pub(super) additions: Option<u64>,
    /// Only when read alone.
    pub(super) deletions: Option<u64>,
    /// Only when read alone.
    pub(super) changed_files: Option<u64>,
}

/// One end of a pull request.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Branch {
    #[serde(rename = "ref")]
    pub(super) name: String,
    pub(super) sha: String,
}

/// A file of a change.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct File {
    pub(super) filename: String,
    pub(super) previous_filename: Option<String>,
    pub(super) status: String,
    #[serde(default)]
    pub(super) additions: u64,
    #[serde(default)]
    pub(super) deletions: u64,
    pub(super) patch: Option<String>,
}

/// A commit, as listed and alone.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Commit {
    #[serde(rename = "commit")]
    pub(super) git: GitCommit,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) author: Option<Account>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) committer: Option<Account>,
    pub(super) stats: Option<Stats>,
    #[serde(default)]
    pub(super) parents: Vec<serde::de::IgnoredAny>,
    #[serde(default)]
    pub(super) files: Vec<File>,
}

/// GitHub gives `{}` for an author it has no account for.
fn lenient<'de, D>(deserializer: D) -> Result<Option<Account>, D::Error>
where
    D: Deserializer<'de>,
{
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).ok())
}

/// Lines added and removed.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Stats {
    #[serde(default)]
    pub(super) additions: u64,
    #[serde(default)]
    pub(super) deletions: u64,
}

/// What git itself holds of a commit.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct GitCommit {
    #[serde(default)]
    pub(super) message: String,
    pub(super) author: Option<Signature>,
    pub(super) committer: Option<Signature>,
}

/// Author or committer in git.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Signature {
    pub(super) email: Option<String>,
}

/// A check run.
#[derive(Debug, Deserialize)]
pub(super) struct CheckRun {
    pub(super) name: String,
    pub(super) status: String,
    pub(super) conclusion: Option<String>,
}

/// `GET …/commits/{ref}/status`.
#[derive(Debug, Deserialize)]
pub(super) struct CombinedStatus {
    #[serde(default)]
    pub(super) statuses: Vec<CommitStatus>,
}

/// One commit status of the older kind.
#[derive(Debug, Deserialize)]
pub(super) struct CommitStatus {
    pub(super) context: String,
    pub(super) state: String,
}

/// A review.
#[derive(Debug, Deserialize)]
pub(super) struct Review {
    pub(super) id: u64,
    pub(super) user: Option<Account>,
    #[serde(default)]
    pub(super) body: Option<String>,
    pub(super) state: String,
    pub(super) commit_id: Option<String>,
}

/// A workflow run.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Run {
    pub(super) id: u64,
    pub(super) name: Option<String>,
    pub(super) display_title: Option<String>,
    pub(super) status: Option<String>,
    #[serde(rename = "run_attempt", default = "first")]
    pub(super) attempt: u64,
    pub(super) head_sha: String,
    pub(super) head_branch: Option<String>,
    pub(super) html_url: String,
    pub(super) created_at: Timestamp,
    #[serde(rename = "run_started_at")]
    pub(super) started_at: Option<Timestamp>,
    pub(super) actor: Option<Account>,
    pub(super) triggering_actor: Option<Account>,
}

fn first() -> u64 {
    1
}

/// One environment a run waits for.
#[derive(Debug, Deserialize)]
pub(super) struct PendingDeployment {
    pub(super) environment: PendingEnvironment,
    #[serde(default)]
    pub(super) current_user_can_approve: bool,
}

/// Its id and name.
#[derive(Debug, Deserialize)]
pub(super) struct PendingEnvironment {
    pub(super) id: Option<u64>,
    pub(super) name: Option<String>,
}

/// One line of a run's review history.
#[derive(Debug, Deserialize)]
pub(super) struct Approval {
    #[serde(default)]
    pub(super) comment: String,
}
