//! The recorded state of the GitHub organisation, close to the names of GitHub's REST API.

use crate::domain::{CheckState, RepoName, ReviewState};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything the embedded organisation knows.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Forge {
    pub org: String,
    pub login: String,
    pub installations: Vec<Installation>,
    pub deploy_keys: Vec<DeployKey>,
    pub secrets: Vec<Secret>,
    pub pulls: Vec<Pull>,
    pub runs: Vec<Run>,
}

#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Installation {
    pub id: u64,
    pub app_slug: String,
    pub repository_selection: String,
    pub permissions: BTreeMap<String, String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(Debug, Deserialize, Serialize)]
pub(super) struct DeployKey {
    pub repo: RepoName,
    pub id: u64,
    pub title: String,
    pub key: String,
    pub read_only: bool,
    pub created_at: Timestamp,
    pub last_used: Option<Timestamp>,
    pub added_by: String,
    pub added_by_id: u64,
}

#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Secret {
    pub scope: ScopeName,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repo: Option<RepoName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    pub name: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum ScopeName {
    Org,
    Repo,
    Environment,
}

#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Account {
    pub login: String,
    pub id: u64,
}

#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Head {
    #[serde(rename = "ref")]
    pub branch: String,
    pub sha: String,
}

/// The author of a commit and its trailers, the parts that tell a tool.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Commit {
    pub author_email: String,
    pub trailers: Vec<String>,
}

#[derive(Debug, Deserialize, Serialize)]
pub(super) struct NamedCheck {
    pub name: String,
    pub state: CheckState,
}

#[derive(Debug, Deserialize, Serialize)]
pub(super) struct RecordedReview {
    pub by: String,
    pub state: ReviewState,
    pub commit: String,
    pub body: String,
}

#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Pull {
    pub repo: RepoName,
    pub number: u64,
    pub title: String,
    pub body: String,
    pub user: Account,
    pub head: Head,
    pub base: String,
    pub created_at: Timestamp,
    pub state: String,
    /// Name of a recorded diff, or the diff itself once the head has moved.
    pub diff: String,
    pub commits: Vec<Commit>,
    pub checks: Vec<NamedCheck>,
    pub reviews: Vec<RecordedReview>,
}

#[derive(Debug, Deserialize, Serialize)]
pub(super) struct PendingEnvironment {
    pub id: u64,
    pub name: String,
    pub can_approve: bool,
}

#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Run {
    pub repo: RepoName,
    pub id: u64,
    pub attempt: u64,
    pub workflow: String,
    pub title: String,
    pub event: String,
    pub actor: Account,
    pub head: Head,
    pub created_at: Timestamp,
    pub diff: String,
    pub commits: Vec<Commit>,
    pub status: String,
    pub pending: Vec<PendingEnvironment>,
    pub reviews: Vec<RecordedReview>,
}
