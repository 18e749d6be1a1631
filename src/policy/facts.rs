//! What a policy is asked about: an action's effects, each with what kind of thing it is about and
//! where that lives, and the whole.
//!
//! ```text
//!   Effect ─▶ Facts { done, service, name, kind, environment, reversible, local, … }   no two alike
//!   Opaque ─▶ Facts { done: opaque, … }
//!   none   ─▶ Facts { done: read, kind: nothing }
//! ```
//!
//! Where an effect lives: what the classifier found; where it found nothing, production if the
//! action's target is production, or if the effect reaches beyond this machine and its name reads
//! like production (`prod-data`). A local file is not in production because of its name.

use super::{
    Case, Installation, Kind,
    kind::kind,
    protected::{Reach, touches},
};
use crate::{
    config::{covers, says_production},
    domain::{Action, Class, Effect, Environment, Isolation, Opaque, Reversibility, Subject, Verb},
};
use std::{borrow::Cow, collections::BTreeSet};

/// What is done: a verb, or nobody can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Done {
    /// This.
    Does(Verb),
    /// It cannot be read.
    Opaque,
}

impl Done {
    /// The name of the action in a policy.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Does(Verb::Read) => "read",
            Self::Does(Verb::Create) => "create",
            Self::Does(Verb::Update) => "update",
            Self::Does(Verb::Delete) => "delete",
            Self::Does(Verb::Run) => "run",
            Self::Does(Verb::Grant) => "grant",
            Self::Does(Verb::Reveal) => "reveal",
            Self::Opaque => "opaque",
        }
    }
}

/// One effect, as a policy sees it.
#[allow(clippy::struct_excessive_bools, reason = "each is an attribute that rules ask for")]
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Facts {
    pub done: Done,
    pub service: String,
    pub name: String,
    pub kind: Kind,
    pub environment: Environment,
    pub reversible: bool,
    pub local: bool,
    pub customer_facing: bool,
    pub protected: bool,
    pub to_itself: bool,
}

/// The whole action, as a policy sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Whole {
    pub tool: String,
    pub account: String,
    pub host: String,
    pub isolation: Isolation,
    pub class: Class,
    pub target: (String, Environment),
    pub resources: usize,
    pub services: usize,
    pub opaque: bool,
    pub freeze: Option<String>,
    pub author: bool,
    pub source: &'static str,
    pub via: String,
    pub mcp: (String, String),
    pub called: String,
}

/// Services that mean the machine the agent works on: its files, version control, builds, tests,
/// packages, containers and processes.
const LOCAL: &[&str] = &[
    "files",
    "git",
    "jujutsu",
    "mercurial",
    "build",
    "cargo",
    "dotnet",
    "go",
    "gradle",
    "maven",
    "tests",
    "code",
    "npm",
    "bun",
    "packages",
    "nix",
    "keys",
    "containers",
    "processes",
    "php",
    "python",
];

/// Whether an effect stays on the working machine.
fn is_local(effect: &Effect, reach: &Reach<'_>) -> bool {
    let because = effect.because();
    // The classifier tells what leaves the machine by how it comes back.
    let leaves = effect.verb == Verb::Reveal
        || because.starts_with("push ")
        || because.ends_with("gone from the remote")
        || because.contains("registry");
    let here = LOCAL.contains(&&*effect.service) || because == "remove the .terraform directory";
    here && !leaves && !reach.is_elsewhere(effect)
}

/// The different effects of an action, what weighs most first; never empty.
pub(super) fn facts(case: Case<'_>, installation: &Installation) -> Vec<Facts> {
    let reach = Reach::of(case.action, installation);
    let mut seen = std::collections::HashSet::new();
    let mut all = Vec::new();
    for found in case.found.by_weight() {
        let facts = match found {
            crate::domain::Found::Effect(effect) => of_effect(effect, case, installation, &reach),
            crate::domain::Found::Opaque(opaque) => of_opaque(opaque, case, installation, &reach),
        };
        if seen.insert(facts.clone()) {
            all.push(facts);
        }
    }
    if all.is_empty() {
        all.push(Facts {
            done: Done::Does(Verb::Read),
            service: String::new(),
            name: String::new(),
            kind: Kind::Nothing,
            environment: case.action.target.environment,
            reversible: true,
            local: true,
            customer_facing: false,
            protected: false,
            to_itself: false,
        });
    }
    all
}

/// What is done by an effect. A verb that only reads but changes something all the same is none
/// the rules for reading may let through.
fn done(effect: &Effect) -> Done {
    match (effect.verb, &effect.reversible) {
        (Verb::Read, Reversibility::Reversible(_) | Reversibility::Irreversible(_)) => {
            Done::Does(Verb::Update)
        }
        (_, Reversibility::Unchanged) => Done::Does(Verb::Read),
        (verb, _) => Done::Does(verb),
    }
}

fn of_effect(
    effect: &Effect,
    case: Case<'_>,
    installation: &Installation,
    reach: &Reach<'_>,
) -> Facts {
    let (service, name, because) = (&*effect.service, effect.resource.raw(), effect.because());
    let local = is_local(effect, reach);
    let done = done(effect);
    Facts {
        done,
        service: service.to_owned(),
        name: name.to_owned(),
        kind: kind(done, service, name, because),
        environment: place(effect.environment, case.action.target.environment, local, name),
        reversible: !matches!(effect.reversible, Reversibility::Irreversible(_)),
        local,
        customer_facing: customer_facing(installation, &[name, case.action.target.name.raw()]),
        protected: effect.class() != Class::ReadOnly && touches(effect, installation, reach),
        to_itself: effect.verb == Verb::Grant && to_itself(effect, case.action),
    }
}

fn of_opaque(
    opaque: &Opaque,
    case: Case<'_>,
    installation: &Installation,
    reach: &Reach<'_>,
) -> Facts {
    Facts {
        done: Done::Opaque,
        service: String::new(),
        name: String::new(),
        kind: Kind::Opaque,
        environment: case.action.target.environment,
        reversible: false,
        local: false,
        customer_facing: customer_facing(installation, &[case.action.target.name.raw()]),
        protected: reach.mentions(opaque.evidence, installation),
        to_itself: false,
    }
}

fn place(found: Environment, target: Environment, local: bool, name: &str) -> Environment {
    match (found, target) {
        (Environment::Unknown, Environment::Production) => Environment::Production,
        (Environment::Unknown, _) if !local && says_production(name) => Environment::Production,
        (found, _) => found,
    }
}

fn customer_facing(installation: &Installation, names: &[&str]) -> bool {
    let patterns = &installation.customer_facing;
    patterns.iter().any(|pattern| names.iter().any(|name| covers(pattern, name)))
}

/// Systems that say who may do what. A grant in one of them to the name of whoever asks counts
/// wherever it is; a grant inside a database (where a developer's own account owns what it makes)
/// only in production.
const IDENTITY: &[&str] = &[
    "aws:iam",
    "aws:sts",
    "aws:organizations",
    "aws:sso-admin",
    "gcp:iam",
    "gcp:projects",
    "gcp:organizations",
    "azure:role",
    "azure:ad",
    "kubernetes",
    "github",
    "gitlab",
    "accounts",
    "vault",
    "okta",
];
/// Files that say who may do what on a machine, whoever is asking.
const POWERS: &[&str] = &[
    "/etc/sudoers",
    "/etc/sudoers.d",
    "/etc/passwd",
    "/etc/shadow",
    "/etc/group",
    "/etc/polkit-1",
];

/// Whether a grant gives power to whoever asks for it.
fn to_itself(effect: &Effect, action: &Action) -> bool {
    let (service, resource) = (&*effect.service, effect.resource.raw());
    if service == "files" {
        let mut words = resource.split_whitespace();
        return words.any(|word| POWERS.iter().any(|path| super::protected::below(word, path)));
    }
    // `visudo`: nobody is named, and everybody on the machine is meant. `countersign approve`:
    // whoever asked would agree.
    if service == "countersign" || service == "accounts" && resource.is_empty() {
        return true;
    }
    let counts = IDENTITY.contains(&service) || effect.environment == Environment::Production;
    counts && names_of(action).iter().any(|name| mentions_name(resource, name))
}

/// What whoever asks is called: the account without its number, the tool's id and name.
fn names_of(action: &Action) -> BTreeSet<Cow<'_, str>> {
    let account = action.requester.raw();
    let account = account.split_once(" (uid ").map_or(account, |(name, _)| name);
    let tool = action.tool.tool.as_str();
    let names = [account.into(), tool.into(), action.tool.name.as_str().into()];
    let usable =
        |name: &Cow<'_, str>| name.len() > 1 && name != "unknown" && !name.starts_with("uid ");
    names.into_iter().filter(usable).collect()
}

/// Whether a resource names somebody: as a whole, or as one of its words or path segments.
fn mentions_name(resource: &str, name: &str) -> bool {
    let apart = |c: char| c.is_whitespace() || "/:=,;@\"'`()[]{}".contains(c);
    resource.eq_ignore_ascii_case(name)
        || resource.split(apart).any(|word| word.eq_ignore_ascii_case(name))
}

impl Whole {
    pub fn of(case: Case<'_>, all: &[Facts], installation: &Installation) -> Self {
        let Case { action, found, circumstances } = case;
        let changes = || all.iter().filter(|facts| facts.done != Done::Does(Verb::Read));
        let (via, mcp, called) = way(&action.subject);
        let freeze = circumstances.freeze.as_deref();
        let host = match &action.subject {
            Subject::Command { host, .. } | Subject::Call { host, .. } => host.raw(),
            Subject::PullRequest { .. } | Subject::Deployment { .. } | Subject::FollowUp { .. } => {
                ""
            }
        };
        Self {
            tool: action.tool.tool.as_str().to_owned(),
            account: action.requester.raw().to_owned(),
            host: host.to_owned(),
            isolation: action.asker.as_ref().map(|asker| asker.isolation).unwrap_or_default(),
            class: found.class(),
            target: (action.target.name.raw().to_owned(), action.target.environment),
            resources: changes().map(|f| (&f.service, &f.name)).collect::<BTreeSet<_>>().len(),
            services: changes()
                .filter(|facts| !facts.local && facts.done != Done::Opaque)
                .map(|facts| &facts.service)
                .collect::<BTreeSet<_>>()
                .len(),
            opaque: !found.opaque.is_empty(),
            freeze: freeze.or_else(|| installation.freeze(circumstances.now)).map(str::to_owned),
            author: circumstances.author.unwrap_or(true),
            source: source(action),
            via: via.to_owned(),
            mcp,
            called,
        }
    }
}

/// How an action came, the MCP tool it calls, and the host's name of the tool.
fn way(subject: &Subject) -> (&str, (String, String), String) {
    let none = || (String::new(), String::new());
    match subject {
        Subject::PullRequest { .. } => ("pull-request", none(), String::new()),
        Subject::Deployment { .. } => ("deployment", none(), String::new()),
        Subject::Command { .. } => ("exec", none(), String::new()),
        Subject::FollowUp { .. } => ("follow-up", none(), String::new()),
        Subject::Call { via, tool, .. } => {
            let tool = tool.raw();
            // A host's name of an MCP tool: `mcp__server__tool`.
            let named = tool.strip_prefix("mcp__").and_then(|rest| rest.split_once("__"));
            let split = if via == "mcp" { tool.split_once('/') } else { named };
            let mcp =
                split.map_or_else(none, |(server, tool)| (server.to_owned(), tool.to_owned()));
            (via, mcp, tool.to_owned())
        }
    }
}

/// The kind of source, from its name (`github/acme`).
fn source(action: &Action) -> &'static str {
    let kind = action.source.as_str().split('/').next().unwrap_or_default();
    let known = ["aws", "github", "snapshot", "gate", "embedded"];
    known.into_iter().find(|known| *known == kind).unwrap_or("gate")
}
