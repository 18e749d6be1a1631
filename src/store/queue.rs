//! The queue as a console holds it: a hundred thousand short rows, most of them shared.
//!
//! ```text
//!   ActionRow (1,400 bytes) ─▶ QueueRow (some 350): names ready to be shown, words shared
//!   first screenful ─▶ the whole ─▶ only what changed
//! ```

use super::{ActionRow, CredentialRow};
use crate::domain::{
    ActionId, ActionState, Decision, Digest, Ruling, SourceName, Subject, Target, Untrusted,
};
use jiff::Timestamp;
use std::{cmp::Ordering, collections::HashSet, hash::Hash, sync::Arc};

/// What kind of thing waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waits {
    /// A pull request.
    PullRequest,
    /// A deployment.
    Deployment,
    /// A command.
    Command,
    /// The review of a broken glass.
    FollowUp,
}

/// Names of a thing that are not its short name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aliases {
    /// What a narrow column shows: `infra→staging +1`, `$ terraform`.
    pub column: Untrusted,
    /// Other names it is found by: workflow, environments.
    pub words: Vec<Untrusted>,
}

/// An open action as the console's list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueRow {
    /// Its id.
    pub id: ActionId,
    /// Where it waits.
    pub source: Arc<SourceName>,
    /// What kind of thing waits.
    pub waits: Waits,
    /// The short native name: `acme/shop#412`, `acme/shop run 88`, `host: program`.
    pub name: Untrusted,
    /// Other names, where it has any.
    pub aliases: Option<Box<Aliases>>,
    /// What people call the tool behind it.
    pub tool: Arc<str>,
    /// Who asked.
    pub requester: Arc<Untrusted>,
    /// One line on what it is.
    pub title: Untrusted,
    /// What it lands on.
    pub target: Arc<Target>,
    /// When it was asked.
    pub opened: Timestamp,
    /// Digest of what is shown now.
    pub digest: Digest,
    /// Where it stands with us.
    pub state: ActionState,
    /// Lines added.
    pub additions: u32,
    /// Lines removed.
    pub deletions: u32,
    /// Checks: running, passed, failed.
    pub checks: (u32, u32, u32),
    /// Its source could not be read lately; this is from before.
    pub stale: bool,
    /// What policy says of it; none before it was asked.
    pub ruling: Option<Arc<Ruling>>,
    /// Decisions on it that count ([`ActionRow::counting`]), oldest first.
    pub decisions: Vec<Decision>,
}

impl QueueRow {
    /// The order of the queue: newest first.
    pub fn order(&self, other: &Self) -> Ordering {
        let at = |row: &Self| row.opened.as_millisecond();
        at(other).cmp(&at(self)).then_with(|| self.id.as_str().cmp(other.id.as_str()))
    }
}

/// The short native name of what waits: `acme/shop#412`, `acme/shop run 88`, `host: program`.
pub fn native_name(subject: &Subject) -> Untrusted {
    match subject {
        Subject::PullRequest { repo, number, .. } => format!("{repo}#{number}").into(),
        Subject::Deployment { repo, run_id, .. } => format!("{repo} run {run_id}").into(),
        Subject::Command { argv, host, .. } => {
            format!("{}: {}", host.raw(), program(argv, "")).into()
        }
        Subject::Call { host, tool, .. } => format!("{}: {}", host.raw(), tool.raw()).into(),
        Subject::FollowUp { of, .. } => format!("break-glass: {of}").into(),
    }
}

/// The file name of the program of a command line.
fn program<'a>(argv: &'a [Untrusted], none: &'a str) -> &'a str {
    let program = argv.first().map_or(none, |word| word.raw());
    program.rsplit('/').next().unwrap_or(program)
}

fn aliases(subject: &Subject) -> Option<Box<Aliases>> {
    match subject {
        Subject::PullRequest { .. } | Subject::FollowUp { .. } => None,
        Subject::Deployment { repo, environments, workflow, .. } => {
            let first = environments.first().map_or("?", |one| one.name.raw());
            let more = environments.len().saturating_sub(1);
            let more = if more > 0 { format!(" +{more}") } else { String::new() };
            let mut words = vec![workflow.clone()];
            words.extend(environments.iter().map(|one| one.name.clone()));
            Some(Box::new(Aliases {
                column: format!("{}→{first}{more}", repo.name()).into(),
                words,
            }))
        }
        Subject::Command { argv, .. } => Some(Box::new(Aliases {
            column: format!("$ {}", program(argv, "?")).into(),
            words: Vec::new(),
        })),
        Subject::Call { tool, .. } => Some(Box::new(Aliases {
            column: format!("⚒ {}", tool.raw()).into(),
            words: Vec::new(),
        })),
    }
}

/// Gives equal values one place in memory, for the rows of one reading.
#[derive(Debug, Default)]
pub(super) struct Shared {
    sources: HashSet<Arc<SourceName>>,
    tools: HashSet<Arc<str>>,
    requesters: HashSet<Arc<Untrusted>>,
    targets: Vec<Arc<Target>>,
    rulings: Vec<Arc<Ruling>>,
}

/// Targets and rulings looked through for an equal one, newest first; a queue has few of them.
const LOOKED_THROUGH: usize = 64;

fn share_one_of<T: PartialEq>(kept: &mut Vec<Arc<T>>, value: T) -> Arc<T> {
    let same = kept.iter().rev().take(LOOKED_THROUGH).find(|kept| ***kept == value);
    same.cloned().unwrap_or_else(|| {
        let value = Arc::new(value);
        kept.push(Arc::clone(&value));
        value
    })
}

fn share<T: Hash + Eq>(kept: &mut HashSet<Arc<T>>, value: T) -> Arc<T> {
    if let Some(same) = kept.get(&value) {
        return Arc::clone(same);
    }
    let value = Arc::new(value);
    kept.insert(Arc::clone(&value));
    value
}

/// What a row is made of, as read.
pub(super) struct Facts<'a> {
    pub id: ActionId,
    pub source: SourceName,
    pub subject: &'a Subject,
    pub tool: &'a str,
    pub requester: Untrusted,
    pub title: Untrusted,
    pub target: Target,
    pub opened: Timestamp,
    pub digest: Digest,
    pub state: ActionState,
    pub additions: u64,
    pub deletions: u64,
    pub checks: (u64, u64, u64),
    pub stale: bool,
    pub ruling: Option<Ruling>,
    pub decisions: Vec<Decision>,
}

impl Shared {
    /// Makes a row.
    pub(super) fn row(&mut self, facts: Facts<'_>) -> Arc<QueueRow> {
        let short = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        let tool = self.tools.get(facts.tool).cloned().unwrap_or_else(|| {
            let tool: Arc<str> = facts.tool.into();
            self.tools.insert(Arc::clone(&tool));
            tool
        });
        let target = share_one_of(&mut self.targets, facts.target);
        let ruling = facts.ruling.map(|ruling| share_one_of(&mut self.rulings, ruling));
        let (running, passed, failed) = facts.checks;
        Arc::new(QueueRow {
            id: facts.id,
            source: share(&mut self.sources, facts.source),
            waits: match facts.subject {
                Subject::PullRequest { .. } => Waits::PullRequest,
                Subject::Deployment { .. } => Waits::Deployment,
                Subject::Command { .. } | Subject::Call { .. } => Waits::Command,
                Subject::FollowUp { .. } => Waits::FollowUp,
            },
            name: native_name(facts.subject),
            aliases: aliases(facts.subject),
            tool,
            requester: share(&mut self.requesters, facts.requester),
            title: facts.title,
            target,
            opened: facts.opened,
            digest: facts.digest,
            state: facts.state,
            additions: short(facts.additions),
            deletions: short(facts.deletions),
            checks: (short(running), short(passed), short(failed)),
            stale: facts.stale,
            ruling,
            decisions: facts.decisions,
        })
    }
}

/// The rows of a list that was read whole, with the decisions that count at this time.
pub fn queue_rows(all: Vec<ActionRow>, now: Timestamp) -> Vec<Arc<QueueRow>> {
    let mut shared = Shared::default();
    all.into_iter()
        .map(|row| {
            let decisions = row.counting(now);
            shared.row(Facts {
                id: row.id,
                source: row.source,
                subject: &row.subject,
                tool: &row.tool.name,
                requester: row.requester,
                title: row.title,
                target: row.target,
                opened: row.opened,
                digest: row.digest,
                state: row.state,
                additions: row.additions,
                deletions: row.deletions,
                checks: row.checks,
                stale: row.stale,
                ruling: row.ruling,
                decisions,
            })
        })
        .collect()
}

/// What changed in the lists since a version.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// Open actions that are new or another than they were.
    pub open: Vec<Arc<QueueRow>>,
    /// Actions that no longer wait.
    pub closed: HashSet<ActionId>,
    /// Credentials that are new or another than they were, gone ones too.
    pub credentials: Vec<Arc<CredentialRow>>,
}

/// The queue with the changes in it.
pub fn amend_queue(rows: &[Arc<QueueRow>], changes: &Changes) -> Vec<Arc<QueueRow>> {
    let renewed: HashSet<&ActionId> =
        changes.closed.iter().chain(changes.open.iter().map(|row| &row.id)).collect();
    let kept = rows.iter().filter(|row| !renewed.contains(&row.id));
    let mut all: Vec<_> = kept.chain(&changes.open).cloned().collect();
    // Two sorted runs: this takes hardly more than one pass.
    all.sort_by(|a, b| a.order(b));
    all
}

/// The credentials with the changes in them, in the store's order.
pub fn amend_credentials(
    rows: &[Arc<CredentialRow>],
    changes: &Changes,
) -> Vec<Arc<CredentialRow>> {
    let id = |row: &Arc<CredentialRow>| row.credential.id.clone();
    let renewed: HashSet<_> = changes.credentials.iter().map(id).collect();
    let kept = rows.iter().filter(|row| !renewed.contains(&row.credential.id));
    let mut all: Vec<_> = kept.chain(&changes.credentials).cloned().collect();
    all.sort_by(|a, b| a.order(b));
    all
}

impl CredentialRow {
    /// The order of the inventory: AI-held first, then by source and label.
    pub fn order(&self, other: &Self) -> Ordering {
        let (a, b) = (&self.credential, &other.credential);
        b.is_ai_held()
            .cmp(&a.is_ai_held())
            .then_with(|| a.source.as_str().cmp(b.source.as_str()))
            .then_with(|| a.label.raw().cmp(b.label.raw()))
            .then_with(|| a.id.as_str().cmp(b.id.as_str()))
    }
}
