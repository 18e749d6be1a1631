//! Whether an agent could approve itself, or take the gate away.

use super::{good, warning};
use crate::{
    catalogue::Catalogue,
    cli::gate::place,
    config::Locations,
    gate::{
        self,
        install::{Access, Account, Around, HOSTS, hooks, may_change},
        protected,
    },
    sources::Diagnosis,
};
use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

/// What is asked about.
pub(super) struct Question<'a> {
    /// The account agents run as.
    pub agent: &'a Account,
    /// Whether it was named, or is taken to be this one.
    pub named: bool,
    /// Where the configuration is.
    pub locations: &'a Locations,
    /// Files of the policy, the reviewers' keys and those taken back, where there are any.
    pub rules: &'a [PathBuf],
    /// Where the store is.
    pub store: &'a Path,
    /// What the catalogue knows.
    pub catalogue: &'a Catalogue,
}

/// Every check, each with the way out.
pub(super) fn checks(question: &Question<'_>) -> Vec<Diagnosis> {
    let around = place::around();
    let mut checks = vec![account(question)];
    checks.extend(keys(question, |name| std::env::var_os(name)));
    let Locations { system, user, explicit, .. } = question.locations;
    let config = [explicit, user, system].into_iter().flatten().map(PathBuf::as_path);
    let config: Vec<PathBuf> =
        config.map(Path::to_owned).chain(question.rules.iter().cloned()).collect();
    let own: Vec<PathBuf> = place::own_programs().unwrap_or_default();
    let store = protected(&[], question.store, &Around::default());
    let store: Vec<PathBuf> = store.paths().to_vec();
    let hooks = hook_files(&around);
    let agent = question.agent;
    checks.push(changeable(
        "the store",
        &store,
        agent,
        "keep the store where only the reviewers' account can write: it holds the approvals",
    ));
    checks.push(changeable(
        "configuration, policy and keys",
        &config,
        agent,
        "keep them in /etc/countersign, owned by root, and run agents as another account",
    ));
    checks.push(changeable(
        "this program",
        &own,
        agent,
        "install it where only an administrator can write, such as /usr/local/bin",
    ));
    if hooks.is_empty() {
        checks.push(good("hooks", "no agent's host has a hook of ours here"));
    } else {
        checks.push(changeable(
            "hooks",
            &hooks,
            agent,
            "install with `countersign gate install HOST --managed`, where the host has such a place",
        ));
    }
    checks
}

fn account(question: &Question<'_>) -> Diagnosis {
    let own = Account::current();
    let shown = question.agent.shown();
    if question.agent.uid == own.uid {
        let taken = if question.named { "" } else { " (name another with --agent-user)" };
        return warning(
            "account of the agents",
            format!("{shown}, the same as the reviewer's{taken}: an agent can answer for them"),
            "run agents as an account of their own",
        );
    }
    good("account of the agents", shown)
}

/// Whether a reviewer's key could be used by an agent.
fn keys(question: &Question<'_>, variable: impl Fn(&str) -> Option<OsString>) -> Option<Diagnosis> {
    let socket = PathBuf::from(variable("SSH_AUTH_SOCK").filter(|name| !name.is_empty())?);
    if !socket.exists() {
        return None;
    }
    let shown = socket.display();
    let own = question.agent.uid == Account::current().uid;
    let caller = gate::caller(question.catalogue, None, &variable);
    let next = "start agents without SSH_AUTH_SOCK and as another account, or use keys that have \
                to be touched";
    Some(if caller.tool.as_str() != "unknown" {
        let problem =
            format!("{} runs this and can sign with the keys behind {shown}", caller.name);
        warning("reviewer's keys", problem, next)
    } else if own {
        let problem = format!(
            "agents started here inherit SSH_AUTH_SOCK and can sign with the keys behind {shown}"
        );
        warning("reviewer's keys", problem, next)
    } else {
        match may_change(&socket, question.agent) {
            Access::Yes(why) => {
                warning("reviewer's keys", format!("an agent can use {shown}: {why}"), next)
            }
            Access::Unknown(why) => {
                warning("reviewer's keys", format!("unknown whether an agent can: {why}"), next)
            }
            Access::No => good("reviewer's keys", "an agent cannot reach the agent of the keys"),
        }
    })
}

/// Every file that has a hook of ours.
fn hook_files(around: &Around) -> Vec<PathBuf> {
    let spots = HOSTS.iter().flat_map(|host| {
        let spots = host.places.iter().flat_map(|place| around.spots(place));
        spots.map(move |spot| (host, spot))
    });
    spots
        .filter(|(host, spot)| {
            hooks(spot, host.patience(), host.id).is_ok_and(|hooks| !hooks.found.is_empty())
        })
        .map(|(_, spot)| spot.path)
        .collect()
}

/// Whether the agents' account could change any of these.
fn changeable(what: &str, paths: &[PathBuf], agent: &Account, next: &str) -> Diagnosis {
    let mut unknown = None;
    for path in paths {
        match may_change(path, agent) {
            Access::Yes(why) => {
                let problem = format!("an agent could change {}: {why}", path.display());
                return warning(what, problem, next);
            }
            Access::Unknown(why) => unknown = Some(why),
            Access::No => {}
        }
    }
    match unknown {
        Some(why) => warning(what, format!("not known whether an agent could: {why}"), next),
        None => good(what, format!("{} cannot change it", agent.shown())),
    }
}
