//! The sections of `config.toml`, as typed values.

use super::{
    ProductionRules,
    freeze::{Frozen, frozen},
    span::span,
};
use crate::domain::RepoName;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, path::PathBuf, time::Duration};

/// The whole configuration, after layering and validation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where everything is remembered.
    pub store: StoreSettings,
    /// AWS accounts.
    pub aws: Vec<AwsAccount>,
    /// GitHub organisations and repositories.
    pub github: Vec<GithubSettings>,
    /// Authorization-details files.
    pub snapshot: Vec<SnapshotFiles>,
    /// What is production.
    pub production: ProductionRules,
    /// How often sources are asked.
    pub poll: PollSettings,
    /// How the console looks and behaves.
    pub ui: UiSettings,
    /// Which rules hold, and when changes are frozen.
    pub policy: PolicySettings,
    /// Who is in which group, by the names policies use.
    pub groups: BTreeMap<String, Vec<String>>,
    /// The accounts of each reviewer: names on hosts, and `github:login`.
    pub people: BTreeMap<String, Vec<String>>,
    /// Whose keys decisions are signed with.
    pub trust: TrustSettings,
    /// Groups whose members a command tells.
    pub groups_from: BTreeMap<String, GroupFrom>,
    /// The agents' gate.
    pub gate: GateSettings,
    /// What `watch` does.
    pub watch: WatchSettings,
    /// Whom `watch` tells.
    pub notify: Vec<NotifySettings>,
    /// Who signs the heads of the ledger.
    pub ledger: LedgerSettings,
    /// The user's own additions to the catalogue.
    pub catalogue: CatalogueSettings,
}

/// `[store]`
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct StoreSettings {
    /// The SQLite file. None: `countersign.db` in the XDG state directory, unless there is a `url`.
    pub path: Option<PathBuf>,
    /// A PostgreSQL server's database instead: `postgres://user@host/database?sslmode=verify-full`.
    /// Without a password.
    pub url: Option<String>,
    /// A file only its owner can read, with the password in its first line. None: `~/.pgpass` or
    /// `PGPASSWORD`, if the server asks for one.
    pub password_file: Option<PathBuf>,
}

/// `[policy]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct PolicySettings {
    /// The policy. None: the shipped one.
    pub file: Option<PathBuf>,
    /// Zone of `context.here` and of freezes that name none.
    pub time_zone: String,
    /// When changes are frozen, `FROM/TO reason`.
    pub freeze: Vec<String>,
}

impl Default for PolicySettings {
    fn default() -> Self {
        Self { file: None, time_zone: "UTC".to_owned(), freeze: Vec::new() }
    }
}

impl PolicySettings {
    /// The time zone. Loading checks the name; one that is not known counts as UTC.
    pub fn zone(&self) -> TimeZone {
        if self.time_zone == "UTC" {
            return TimeZone::UTC;
        }
        TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC)
    }

    /// When changes are frozen. Loading checks that every one can be read.
    pub fn frozen(&self) -> Vec<Frozen> {
        let zone = self.zone();
        self.freeze.iter().filter_map(|text| frozen(text, &zone).ok()).collect()
    }
}

/// An entry of `[groups_from]`: a group whose members a command tells, one a line.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct GroupFrom {
    /// The command.
    pub command: Vec<String>,
    /// How often it is asked.
    #[serde(default = "five_minutes")]
    pub every: String,
    /// How old its answer may be; an older one is none, and the group is empty.
    #[serde(default = "one_hour")]
    pub at_most: String,
}

fn five_minutes() -> String {
    "5m".to_owned()
}

fn one_hour() -> String {
    "1h".to_owned()
}

impl GroupFrom {
    /// How often it is asked. Loading checks that it can be read.
    pub fn every(&self) -> Duration {
        span(&self.every).unwrap_or(Duration::from_mins(5))
    }

    /// How old its answer may be. One that cannot be read may not be old at all.
    pub fn at_most(&self) -> Duration {
        span(&self.at_most).unwrap_or(Duration::ZERO)
    }
}

/// `[gate]`
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct GateSettings {
    /// Seconds a hook waits for approvals at most. None: as long as the agent's host does.
    pub wait_seconds: Option<u64>,
    /// More files and folders that agents may not change, besides the gate's own.
    pub protected: Vec<PathBuf>,
}

/// `[trust]`
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct TrustSettings {
    /// The reviewers' keys, as an OpenSSH `allowed_signers` file. None: decisions are unsigned.
    pub signers: Option<PathBuf>,
    /// Keys that count no more, as an OpenSSH key revocation list.
    pub revoked: Option<PathBuf>,
    /// Who decides here: a principal of `signers`. None: whose key the agent has.
    pub reviewer: Option<String>,
    /// The key to sign with: its fingerprint, or the file of its public half. None: the reviewer's
    /// first one in the agent.
    pub key: Option<String>,
    /// Socket of the SSH agent. None: what `SSH_AUTH_SOCK` says.
    pub agent: Option<PathBuf>,
}

/// `[watch]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct WatchSettings {
    /// Seconds before its end that something is told to be about to expire.
    pub expiring_seconds: u64,
    /// Seconds after which the review of a broken glass that nobody made yet is told again.
    pub remind_seconds: u64,
    /// How many news may wait for one receiver.
    pub queue: usize,
}

impl Default for WatchSettings {
    fn default() -> Self {
        Self { expiring_seconds: 300, remind_seconds: 4 * 3600, queue: 1000 }
    }
}

/// `[[notify]]`: exactly one of `webhook`, `slack`, `command` and `bell`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct NotifySettings {
    /// What to call it; unique.
    pub name: String,
    /// What it is told. None: everything.
    #[serde(default)]
    pub on: Option<Vec<String>>,
    /// Where JSON is posted to, signed with `secret`.
    #[serde(default)]
    pub webhook: Option<Address>,
    /// Where the secret is kept that a webhook is signed with.
    #[serde(default)]
    pub secret: Option<TokenFrom>,
    /// Where JSON as Slack takes it is posted to.
    #[serde(default)]
    pub slack: Option<Address>,
    /// What is started with the JSON on its standard input.
    #[serde(default)]
    pub command: Option<Vec<String>>,
    /// Whether the terminal's bell is rung.
    #[serde(default)]
    pub bell: bool,
    /// Seconds one delivery may take.
    #[serde(default = "ten_seconds")]
    pub timeout_seconds: u64,
}

const fn ten_seconds() -> u64 {
    10
}

/// Where something is posted to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Address {
    /// Written down.
    Given(String),
    /// A secret itself, and kept as one.
    Kept(TokenFrom),
}

/// `[ledger]`
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct LedgerSettings {
    /// The file with the key that signs heads. None: beside the store, with `.ledger-key` after its
    /// name, made where it is missing and the ledger has no signed head yet.
    pub key: Option<PathBuf>,
    /// The name of the ledger, which is that of its key. None: `HOST/countersign`.
    pub origin: Option<String>,
}

/// `[catalogue]`
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct CatalogueSettings {
    /// A file in the form of `data/ai-tools.toml` whose rules are added to the built-in ones.
    pub file: Option<PathBuf>,
}

/// `[[aws]]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AwsAccount {
    /// What to call it; unique.
    pub name: String,
    /// Profile of the shared AWS configuration. None: the standard credential chain.
    #[serde(default)]
    pub profile: Option<String>,
    /// Role to assume with those credentials.
    #[serde(default)]
    pub role_arn: Option<String>,
    /// External id the role asks for.
    #[serde(default)]
    pub external_id: Option<String>,
    /// Region for STS; IAM is global.
    #[serde(default)]
    pub region: Option<String>,
    /// Another endpoint (a test server, a VPC endpoint).
    #[serde(default)]
    pub endpoint_url: Option<String>,
    /// A file of the service control policies that bind the account (`docs/iam-files.md`). None:
    /// it is analysed as if none bound it.
    #[serde(default)]
    pub scps: Option<PathBuf>,
    /// A file of policies of resources (`docs/iam-files.md`).
    #[serde(default)]
    pub resource_policies: Option<PathBuf>,
    /// A file of the resources that exist (`docs/iam-files.md`). None: nobody looked, so a path
    /// through one depends on it.
    #[serde(default)]
    pub resources: Option<PathBuf>,
    /// Whether this is production; wins over `[production] account_ids`. Loading sets it where
    /// `[production] profiles` matches `profile`.
    #[serde(default)]
    pub production: Option<bool>,
}

/// `[[github]]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct GithubSettings {
    /// What to call it; unique. None: the organisation's name, or the first repository's owner.
    #[serde(default)]
    pub name: Option<String>,
    /// An organisation, with all its repositories.
    #[serde(default)]
    pub org: Option<String>,
    /// Single repositories, `owner/name`.
    #[serde(default)]
    pub repos: Vec<RepoName>,
    /// API root of a GitHub Enterprise Server (`https://ghe.example.com/api/v3`). None: github.com.
    #[serde(default)]
    pub host: Option<String>,
    /// Where the token comes from; never the token itself.
    pub token: TokenFrom,
}

/// Where a token comes from. The value is read when needed and never kept in the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TokenFrom {
    /// An environment variable.
    Env(String),
    /// What a command prints (`["gh", "auth", "token"]`).
    Command(Vec<String>),
    /// The content of a file that only we may read.
    File(PathBuf),
}

/// `[[snapshot]]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SnapshotFiles {
    /// What to call it; unique.
    pub name: String,
    /// Outputs of `aws iam get-account-authorization-details`.
    pub files: Vec<PathBuf>,
    /// A file of the service control policies that bind its accounts (`docs/iam-files.md`). None:
    /// they are analysed as if none bound them.
    #[serde(default)]
    pub scps: Option<PathBuf>,
    /// A file of policies of resources (`docs/iam-files.md`).
    #[serde(default)]
    pub resource_policies: Option<PathBuf>,
    /// A file of the resources that exist (`docs/iam-files.md`). None: nobody looked, so a path
    /// through one depends on it.
    #[serde(default)]
    pub resources: Option<PathBuf>,
    /// Whether the accounts in it are production; wins over `[production] account_ids`.
    #[serde(default)]
    pub production: Option<bool>,
}

/// `[poll]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct PollSettings {
    /// Seconds between two polls of a source.
    pub interval_seconds: u64,
    /// Seconds one poll may take.
    pub timeout_seconds: u64,
}

impl Default for PollSettings {
    fn default() -> Self {
        Self { interval_seconds: 60, timeout_seconds: 120 }
    }
}

impl PollSettings {
    /// Time between two polls of a source.
    pub fn interval(&self) -> Duration {
        Duration::from_secs(self.interval_seconds)
    }

    /// Time one poll may take.
    pub fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout_seconds)
    }
}

/// `[ui]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct UiSettings {
    /// A built-in theme (`dark`, `light`, `ansi16`, `high-contrast`) or a path to a theme file.
    pub theme: String,
    /// Milliseconds before a confirmation accepts keys.
    pub arm_delay_ms: u64,
    /// Who decides here. None: the login name.
    pub reviewer: Option<String>,
}

impl Default for UiSettings {
    fn default() -> Self {
        Self { theme: "dark".to_owned(), arm_delay_ms: 600, reviewer: None }
    }
}
