//! One pending AI-initiated change, and the digest that names exactly what was shown.

use super::{
    ActionId, Asker, Assessment, Confirm, Digest, DigestError, Environment, OrderId, Part,
    RepoName, Reviewer, Ruling, SourceName, Tier, ToolMatch, Untrusted,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What waits, by the system it waits in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Subject {
    /// A pull request; a decision is a review of exactly `head_sha`.
    PullRequest {
        /// Where.
        repo: RepoName,
        /// Its number.
        number: u64,
        /// The commit that was shown.
        head_sha: String,
        /// Branch it comes from.
        head_ref: Untrusted,
        /// Branch it goes to.
        base_ref: Untrusted,
    },
    /// A workflow run that waits for environments; a decision covers exactly `environments`.
    Deployment {
        /// Where.
        repo: RepoName,
        /// The run.
        run_id: u64,
        /// Which attempt of it.
        attempt: u64,
        /// The workflow's name.
        workflow: Untrusted,
        /// The commit it deploys.
        head_sha: String,
        /// The branch it was started on.
        head_ref: Untrusted,
        /// The environments that wait, in order of id.
        environments: Vec<Deployed>,
    },
    /// A process that waits at the gate for leave to run a command.
    Command {
        /// Program and arguments, exactly.
        argv: Vec<Untrusted>,
        /// Working directory.
        cwd: Untrusted,
        /// The program file that will run.
        program: Untrusted,
        /// Digest of that file.
        program_digest: Digest,
        /// Host and process that wait.
        host: Untrusted,
        /// Process id of the waiting gate.
        pid: u32,
        /// Fresh for every request, so that one approval serves one run.
        nonce: String,
        /// What else has to be the same when it runs: files it reads, variables it depends on.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pins: Vec<Pin>,
    },
    /// A tool call an agent wants to make: through a hook of its host, or an MCP server. Nothing
    /// waits for long: once approved, the very same call passes, once.
    Call {
        /// How it came: the hook's host (`claude-code`), or `mcp`.
        via: String,
        /// The tool, as the host names it (`Bash`, `mcp__github__merge`), or `server/tool`.
        tool: Untrusted,
        /// Its input, as RFC 8785 JSON.
        input: Untrusted,
        /// Working directory.
        cwd: Untrusted,
        /// The agent's name for the session; an approval does not serve another one.
        session: Untrusted,
        /// The host it would run on.
        host: Untrusted,
        /// Fresh for every request, so that one approval serves one call.
        nonce: String,
        /// What else has to be the same when it passes.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pins: Vec<Pin>,
    },
    /// An action that one person alone let through, which somebody else has to look at afterwards.
    /// To approve it says "seen, and right", to reject it "seen, and wrong"; nothing is sent.
    FollowUp {
        /// What was let through.
        of: ActionId,
        /// Digest of what it was.
        digest: Digest,
        /// The order that let it through.
        order: OrderId,
        /// Who broke the glass.
        by: Reviewer,
        /// Why, in their words.
        reason: Untrusted,
    },
}

/// Something outside a command that decides what it does, and its state when it was shown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "pin")]
pub enum Pin {
    /// A file it reads: a script, a saved plan, a manifest.
    File {
        /// Absolute path.
        path: Untrusted,
        /// Digest of its bytes.
        digest: Digest,
    },
    /// A file that was not there, and has to stay away.
    Missing {
        /// Absolute path.
        path: Untrusted,
    },
    /// A variable of the environment. Only its digest: a value may be a secret.
    Variable {
        /// Its name.
        name: String,
        /// Digest of the value; none where it is not set.
        digest: Option<Digest>,
    },
}

/// An environment a deployment waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deployed {
    /// GitHub's id, what a review names.
    pub id: u64,
    /// Its name, what a person reads.
    pub name: Untrusted,
    /// Whether the identity we act as may approve it.
    pub can_approve: bool,
}

/// What the change lands on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// What a person types to confirm: a repository and branch, an environment, a host.
    pub name: Untrusted,
    /// Whether that is production.
    pub environment: Environment,
}

/// What happens to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileStatus {
    /// New.
    Added,
    /// Changed.
    Modified,
    /// Gone.
    Removed,
    /// Moved, perhaps changed too.
    Renamed,
    /// Something else (copied, mode changed).
    Other,
}

/// One file of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileChange {
    /// Path after the change.
    pub path: Untrusted,
    /// What happens to it.
    pub status: FileStatus,
    /// Lines added.
    pub additions: u64,
    /// Lines removed.
    pub deletions: u64,
}

/// The unified diff, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "diff", content = "text")]
pub enum Diff {
    /// As the source gave it.
    Text(Untrusted),
    /// The source cannot or would not give it; the reason.
    Unavailable(String),
    /// There is nothing to compare (a command).
    None,
}

/// Size, files and diff of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Lines added in all.
    pub additions: u64,
    /// Lines removed in all.
    pub deletions: u64,
    /// The files, in the source's order.
    pub files: Vec<FileChange>,
    /// Whether the source listed every file.
    pub files_complete: bool,
    /// The diff.
    pub diff: Diff,
}

/// How a check stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckState {
    /// Not finished.
    Running,
    /// Good.
    Passed,
    /// Bad.
    Failed,
    /// Finished without saying good or bad (skipped, neutral, cancelled).
    Neutral,
}

/// One check of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Its name.
    pub name: Untrusted,
    /// How it stands.
    pub state: CheckState,
}

/// What a review said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReviewState {
    /// Approved.
    Approved,
    /// Changes requested.
    ChangesRequested,
    /// Only a comment.
    Commented,
    /// Taken back or overtaken.
    Dismissed,
}

/// One review that is already there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Whose.
    pub by: Untrusted,
    /// What it said.
    pub state: ReviewState,
    /// The commit it was about.
    pub commit: Untrusted,
}

/// Where an action stands with us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActionState {
    /// Waits for a decision.
    Pending,
    /// Decided; the order is on its way, or its fate is not known yet.
    Deciding,
    /// Approved, and the source confirmed it.
    Approved,
    /// Rejected, and the source confirmed it.
    Rejected,
    /// The order came to nothing and cannot be given again: a command whose process is gone. Where
    /// it can be (a pull request, a deployment), a refused order leaves the action pending.
    Failed,
    /// Closed, merged or ended elsewhere before anyone decided here.
    Gone,
}

impl fmt::Display for ActionState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Pending => "pending",
            Self::Deciding => "deciding",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Failed => "failed",
            Self::Gone => "gone",
        })
    }
}

/// One pending AI-initiated change, from any source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// Its id, from [`Subject::id`].
    pub id: ActionId,
    /// The source it waits in.
    pub source: SourceName,
    /// The listing it came from.
    pub part: Part,
    /// What waits.
    pub subject: Subject,
    /// The AI tool behind it, and how we know.
    pub tool: ToolMatch,
    /// The account or user that asked.
    pub requester: Untrusted,
    /// Who made the change, by account and address, where the source can tell: whoever asks is
    /// among them unless somebody else did all of it. Empty where nobody can tell.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<Untrusted>,
    /// One line on what it is.
    pub title: Untrusted,
    /// What the requester says about it.
    pub description: Untrusted,
    /// What it lands on.
    pub target: Target,
    /// When it was asked.
    pub opened: Timestamp,
    /// Where a browser finds it.
    pub url: Untrusted,
    /// What it changes.
    pub change: Change,
    /// Checks on the head, as last read. Not part of the digest: they move by themselves.
    pub checks: Vec<Check>,
    /// Reviews already there, as last read. Not part of the digest.
    pub reviews: Vec<Review>,
    /// Who asks, where it came through a gate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asker: Option<Asker>,
    /// What it would do, where a gate saw more than stands in the action (a script's text, a plan).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<Assessment>,
    /// What policy says of it; none before it was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ruling: Option<Ruling>,
}

/// What a decision names: the fields of an action that, once changed, make it another action.
#[derive(Serialize)]
struct Statement<'a> {
    scheme: &'static str,
    source: &'a SourceName,
    subject: &'a Subject,
    tool: &'a str,
    requester: &'a Untrusted,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    authors: &'a [Untrusted],
    title: &'a Untrusted,
    target: &'a Target,
    files: &'a [FileChange],
    files_complete: bool,
    diff: Digest,
    #[serde(skip_serializing_if = "Option::is_none")]
    asker: Option<&'a Asker>,
    #[serde(skip_serializing_if = "Option::is_none")]
    found: Option<&'a Assessment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ruling: Option<&'a Ruling>,
}

/// What makes two calls the very same: everything but the nonce, and who asked.
#[derive(Serialize)]
struct SameCall<'a> {
    scheme: &'static str,
    via: &'a str,
    tool: &'a Untrusted,
    input: &'a Untrusted,
    cwd: &'a Untrusted,
    session: &'a Untrusted,
    host: &'a Untrusted,
    pins: &'a [Pin],
    source: &'a SourceName,
    requester: &'a Untrusted,
    agent: &'a str,
    found: Option<&'a Assessment>,
    ruling: Option<&'a Ruling>,
}

impl Subject {
    /// The id of the action this is, in a source. A new head or a new attempt is the same action
    /// with another digest, so its history stays in one place.
    pub fn id(&self, source: &SourceName) -> ActionId {
        match self {
            Self::PullRequest { repo, number, .. } => ActionId::derive(&[
                source.as_str(),
                "pull-request",
                &repo.to_string(),
                &number.to_string(),
            ]),
            Self::Deployment { repo, run_id, .. } => ActionId::derive(&[
                source.as_str(),
                "deployment",
                &repo.to_string(),
                &run_id.to_string(),
            ]),
            Self::Command { nonce, .. } => ActionId::derive(&[source.as_str(), "command", nonce]),
            Self::Call { nonce, .. } => ActionId::derive(&[source.as_str(), "call", nonce]),
            Self::FollowUp { order, .. } => {
                ActionId::derive(&[source.as_str(), "follow-up", order.as_str()])
            }
        }
    }
}

impl Action {
    /// What a decision names, as RFC 8785 JSON: source, subject with head SHA, tool, requester,
    /// authors, title, target, files and the digest of the diff. The scheme name keeps digests of
    /// later schemes apart from these.
    pub fn canonical(&self) -> Result<String, DigestError> {
        Ok(serde_json_canonicalizer::to_string(&Statement {
            scheme: "countersign-action@v1",
            source: &self.source,
            subject: &self.subject,
            tool: self.tool.tool.as_str(),
            requester: &self.requester,
            authors: &self.authors,
            title: &self.title,
            target: &self.target,
            files: &self.change.files,
            files_complete: self.change.files_complete,
            diff: Digest::of_canonical(&self.change.diff)?,
            asker: self.asker.as_ref(),
            found: self.found.as_ref(),
            ruling: self.ruling.as_ref(),
        })?)
    }

    /// The digest of what was shown: of the bytes of [`Action::canonical`].
    pub fn digest(&self) -> Result<Digest, DigestError> {
        Ok(Digest::of_bytes(self.canonical()?.as_bytes()))
    }

    /// The digest that two calls share exactly when an approval of one lets the other pass: same
    /// tool, input, directory, session, host, account, pins, effects and policy. None for what is
    /// no call.
    pub fn same_call(&self) -> Result<Option<Digest>, DigestError> {
        let Subject::Call { via, tool, input, cwd, session, host, nonce: _, pins } = &self.subject
        else {
            return Ok(None);
        };
        Digest::of_canonical(&SameCall {
            scheme: "countersign-call@v1",
            via,
            tool,
            input,
            cwd,
            session,
            host,
            pins,
            source: &self.source,
            requester: &self.requester,
            agent: self.tool.tool.as_str(),
            found: self.found.as_ref(),
            ruling: self.ruling.as_ref(),
        })
        .map(Some)
    }

    /// Who made the change, in one line.
    pub fn made_by(&self) -> Untrusted {
        let names: Vec<&str> = self.authors.iter().map(Untrusted::raw).collect();
        Untrusted::new(names.join(", "))
    }

    /// How much friction a decision on it deserves: what policy asks for; until it was asked, whatever is not
    /// known to be outside production counts as production, and so does a change that could not
    /// be shown whole: nobody has seen where it reaches.
    pub fn tier(&self) -> Tier {
        if let Some(ruling) = &self.ruling {
            return match ruling.requirement().map(|requirement| requirement.confirm) {
                Some(Confirm::Key) => Tier::Low,
                Some(Confirm::TypeTarget) | None => Tier::High,
            };
        }
        let unseen =
            !self.change.files_complete || matches!(self.change.diff, Diff::Unavailable(_));
        match self.target.environment {
            Environment::NonProduction if !unseen => Tier::Low,
            Environment::NonProduction | Environment::Production | Environment::Unknown => {
                Tier::High
            }
        }
    }
}
