//! An action nobody asked for yet, as a test or a command line describes it.

use crate::{
    classify::{self, Dialect, Setting},
    config::ProductionRules,
    domain::{
        Action, Asker, Assessment, Change, Confidence, Diff, Digest, Environment, Isolation, Part,
        SourceKind, SourceName, Subject, Target, ToolId, ToolMatch, Untrusted,
    },
    policy::{Case, Circumstances, Explained, Policy, Staging},
};
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, de::Error as _};

/// What is given; whatever is left out is not known.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Given {
    /// A line for a shell.
    pub command: Option<String>,
    /// A program and its arguments, without a shell.
    pub argv: Option<Vec<String>>,
    /// A call of an MCP tool: `server/tool {"argument": …}`.
    pub mcp: Option<String>,
    /// A query.
    pub sql: Option<String>,
    /// A unified diff.
    pub diff: Option<String>,
    /// A Terraform plan, as `terraform show -json` writes it.
    pub plan: Option<String>,
    /// Where it acts: `production`, `non-production`, `unknown`.
    pub environment: Option<Environment>,
    /// What a reviewer would type: the name of the host, repository or environment.
    pub target: Option<String>,
    /// The AI tool, by its id in the catalogue.
    pub tool: Option<String>,
    /// The account that asks.
    pub account: Option<String>,
    /// Where it runs: `vm`, `container`, `none`, `unknown`.
    pub isolation: Option<Isolation>,
    /// Working directory.
    pub cwd: Option<String>,
    /// How it came: a host such as `claude-code`, `mcp` or `exec`.
    pub via: Option<String>,
    /// When: `2026-11-20T14:30:00Z`.
    #[serde(deserialize_with = "moment")]
    pub time: Option<Timestamp>,
    /// Why changes are frozen.
    pub freeze: Option<String>,
    /// Whether it holds hidden or misleading characters.
    pub hidden: bool,
    /// How the same change fared in staging: `succeeded`, `not-seen`, `unknown`.
    pub staging: Option<GivenStaging>,
    /// Whether who asks has made the change.
    pub author: Option<bool>,
}

/// A time, in quotes or without.
fn moment<'de, D: Deserializer<'de>>(given: D) -> Result<Option<Timestamp>, D::Error> {
    let text = match toml::Value::deserialize(given)? {
        toml::Value::String(text) => text,
        toml::Value::Datetime(time) => time.to_string(),
        other => return Err(D::Error::custom(format!("{} is no time", other.type_str()))),
    };
    text.parse().map(Some).map_err(D::Error::custom)
}

/// How the same change fared in staging.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum GivenStaging {
    /// It succeeded.
    Succeeded,
    /// It was never seen there.
    NotSeen,
    /// Nobody can tell.
    Unknown,
}

/// An action with all that is put to a policy.
pub(super) struct Asked {
    pub action: Action,
    pub found: Assessment,
    pub circumstances: Circumstances,
}

impl Asked {
    /// What a policy says of it, and why.
    pub fn explained(&self, policy: &Policy) -> Explained {
        let Self { action, found, circumstances } = self;
        policy.explain(Case { action, found, circumstances })
    }
}

impl Given {
    /// The action it describes. An error says what is missing or too much.
    pub fn asked(&self, rules: &ProductionRules, now: Timestamp) -> Result<Asked, String> {
        let environment = self.environment.unwrap_or(Environment::Unknown);
        let setting = Setting { places: rules, environment, ..Setting::default() };
        let ways = [
            self.command.is_some(),
            self.argv.is_some(),
            self.mcp.is_some(),
            self.sql.is_some(),
            self.diff.is_some(),
            self.plan.is_some(),
        ];
        if ways.iter().filter(|given| **given).count() != 1 {
            return Err("give exactly one of command, argv, mcp, sql, diff and plan".to_owned());
        }
        let default = if self.mcp.is_some() { "mcp" } else { "claude-code" };
        let via = self.via.as_deref().unwrap_or(default);
        let (found, title, tool) = if let Some(command) = &self.command {
            (classify::command(command, &setting), command.clone(), "Bash".to_owned())
        } else if let Some(argv) = &self.argv {
            let words: Vec<&str> = argv.iter().map(String::as_str).collect();
            (classify::argv(&words, &setting), argv.join(" "), "Bash".to_owned())
        } else if let Some(call) = &self.mcp {
            let name = call.split_whitespace().next().unwrap_or_default();
            if !name.contains('/') {
                return Err("a call of an MCP tool is written server/tool {…}".to_owned());
            }
            (classify::command(&format!("mcp:{call}"), &setting), call.clone(), name.to_owned())
        } else if let Some(sql) = &self.sql {
            let found = classify::query(sql, Dialect::Postgres, &setting);
            (found, sql.clone(), "sql".to_owned())
        } else if let Some(diff) = &self.diff {
            (classify::diff(diff, &setting), "a change".to_owned(), "diff".to_owned())
        } else {
            let plan = self.plan.as_deref().unwrap_or_default();
            (classify::plan(plan, &setting), "a plan".to_owned(), "plan".to_owned())
        };
        let action = self.action(&title, via, &tool, environment, now);
        let circumstances = Circumstances {
            freeze: self.freeze.clone(),
            hidden: self.hidden,
            staging: match self.staging {
                Some(GivenStaging::Succeeded) => Staging::Succeeded,
                Some(GivenStaging::NotSeen) => Staging::NotSeen,
                Some(GivenStaging::Unknown) | None => Staging::Unknown,
            },
            author: self.author,
            ..Circumstances::at(self.time.unwrap_or(now))
        };
        Ok(Asked { action, found, circumstances })
    }

    fn action(
        &self,
        title: &str,
        via: &str,
        tool: &str,
        environment: Environment,
        now: Timestamp,
    ) -> Action {
        let text = |given: &Option<String>, default: &str| -> Untrusted {
            given.as_deref().unwrap_or(default).into()
        };
        let host = text(&self.target, "this-host");
        let cwd = text(&self.cwd, "/work");
        let source = SourceName::new(SourceKind::Gate, "this-host");
        let subject = if let (Some(argv), "exec") = (&self.argv, via) {
            Subject::Command {
                argv: argv.iter().map(|word| word.as_str().into()).collect(),
                cwd: cwd.clone(),
                program: Untrusted::default(),
                program_digest: Digest::of_bytes(b""),
                host: host.clone(),
                pid: 0,
                nonce: String::new(),
                pins: Vec::new(),
            }
        } else {
            Subject::Call {
                via: via.to_owned(),
                tool: tool.into(),
                input: "{}".into(),
                cwd: cwd.clone(),
                session: Untrusted::default(),
                host: host.clone(),
                nonce: String::new(),
                pins: Vec::new(),
            }
        };
        let agent = self.tool.as_deref().unwrap_or("claude-code");
        Action {
            id: subject.id(&source),
            source,
            part: Part::new("calls"),
            subject,
            tool: ToolMatch {
                tool: ToolId::new(agent),
                name: agent.to_owned(),
                confidence: Confidence::Declared,
                evidence: Vec::new(),
            },
            requester: text(&self.account, "agent"),
            authors: Vec::new(),
            title: title.into(),
            description: Untrusted::default(),
            target: Target { name: host, environment },
            opened: now,
            url: Untrusted::default(),
            change: nothing(),
            checks: Vec::new(),
            reviews: Vec::new(),
            asker: Some(Asker {
                cwd,
                isolation: self.isolation.unwrap_or_default(),
                ..Asker::default()
            }),
            found: None,
            ruling: None,
        }
    }
}

/// No change of files.
pub(super) fn nothing() -> Change {
    Change { additions: 0, deletions: 0, files: Vec::new(), files_complete: true, diff: Diff::None }
}
