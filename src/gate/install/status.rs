//! What a host's hook is worth here, honestly: what is not known is said to be unknown.

use super::{
    access::{Access, Account, may_change},
    around::{Around, Spot},
    change::{Hook, hooks},
    look::{Presence, look},
    profile::{Covered, Ends, Form, Holds, Profile, Scope},
    rehearse::{Rehearsal, is_one_of, rehearse},
};
use serde::Serialize;
use std::path::PathBuf;

/// What is wrong with a host's gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wrong {
    /// The host is here, and calls go past the gate: no hook, not for all events or agents, turned
    /// off, or its program is gone.
    Missing,
    /// A hook that fails lets the call run.
    Open,
    /// The self-test was not stopped, or could not be made.
    SelfTest,
}

/// Something to put right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Flaw {
    /// Of which kind.
    pub wrong: Wrong,
    /// What it is.
    pub says: String,
    /// What to do.
    pub next_step: String,
}

/// One file a hook of ours stands in, or should.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SpotStatus {
    /// For whom it counts.
    pub scope: Scope,
    /// The file.
    pub path: PathBuf,
    /// Whether every event has its hook.
    pub installed: bool,
    /// The line the host runs; none without a hook.
    pub command: Option<String>,
    /// What the line leads to.
    pub program: Option<&'static str>,
    /// Whether it is as it would be installed today.
    pub current: bool,
    /// Events without a hook.
    pub missing: Vec<String>,
    /// Why it cannot be read.
    pub unreadable: Option<String>,
    /// Whether the account could change it.
    pub changeable: Access,
    /// How the self-test went through it.
    pub self_test: Option<Rehearsal>,
}

/// A host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HostStatus {
    /// Its name on the command line.
    pub host: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Whether it is here, and which version.
    pub present: Presence,
    /// The files, those of nobody's concern left out.
    pub files: Vec<SpotStatus>,
    /// What becomes of a call when the hook crashes.
    pub crash: Ends,
    /// What becomes of it when the hook is late.
    pub timeout: Ends,
    /// Seconds the host waits.
    pub seconds: u64,
    /// Whether subagents are covered.
    pub subagents: Covered,
    /// What is known of that.
    pub subagents_say: &'static str,
    /// Switches that are set so that hooks do not run.
    pub turned_off: Vec<String>,
    /// What else to know.
    pub notes: &'static [&'static str],
    /// What to put right.
    pub flaws: Vec<Flaw>,
}

/// How to look.
#[derive(Debug, Clone, Copy)]
pub struct Looking<'a> {
    /// Where everything is.
    pub around: &'a Around,
    /// Directories programs are looked for in; only absolute ones.
    pub path: &'a [PathBuf],
    /// This program.
    pub own: &'a [PathBuf],
    /// The account agents run as.
    pub agent: &'a Account,
    /// Whether to make the self-test.
    pub rehearse: bool,
}

/// Looks at one host.
pub fn status(host: &'static Profile, looking: &Looking<'_>) -> HostStatus {
    let present = look(host, looking.around, looking.path);
    let spots = host.places.iter().flat_map(|place| looking.around.spots(place));
    let mut hooks_found = Vec::new();
    let mut files: Vec<SpotStatus> = Vec::new();
    for spot in spots {
        let (file, found) = spot_status(host, &spot, looking);
        // An agent without the hook is a hole; any other file is one of several places.
        let concerns = file.command.is_some() || file.unreadable.is_some() || spot.agent;
        if concerns {
            files.push(file);
        }
        hooks_found.extend(found.into_iter().map(|hook| (spot.scope, hook)));
    }
    let closed = !hooks_found.is_empty() && hooks_found.iter().all(|(_, hook)| hook.closed);
    let behaviour = host.behaviour(present.numbers, closed);
    let managed = hooks_found.iter().any(|(scope, _)| *scope == Scope::Managed);
    let mut status = HostStatus {
        host: host.id,
        name: host.name,
        turned_off: turned_off(host, looking.around, managed),
        files,
        crash: behaviour.crash,
        timeout: behaviour.timeout,
        seconds: host.patience(),
        subagents: host.subagents.0,
        subagents_say: host.subagents.1,
        notes: host.notes,
        flaws: Vec::new(),
        present,
    };
    status.flaws = flaws(&status, closed);
    status
}

fn spot_status(
    host: &'static Profile,
    spot: &Spot,
    looking: &Looking<'_>,
) -> (SpotStatus, Vec<Hook>) {
    let mut file = SpotStatus {
        scope: spot.scope,
        path: spot.path.clone(),
        installed: false,
        command: None,
        program: None,
        current: false,
        missing: Vec::new(),
        unreadable: None,
        changeable: may_change(&spot.path, looking.agent),
        self_test: None,
    };
    let found = match hooks(spot, host.patience(), host.id) {
        Ok(found) => found,
        Err(why) => {
            file.unreadable = Some(why.to_string());
            return (file, Vec::new());
        }
    };
    file.missing = found.missing;
    // The adapter that judges whatever it is asked is the one the probe is for.
    let first = found.found.iter().find(|hook| hook.runs.host == host.id);
    let Some(first) = first.or_else(|| found.found.first()) else { return (file, Vec::new()) };
    file.installed = file.missing.is_empty();
    file.command = Some(first.command.clone());
    file.current = found.found.iter().all(|hook| hook.current);
    file.program = Some(match first.runs.program.is_file() {
        false => "gone",
        true if is_one_of(&first.runs.program, looking.own) => "this program",
        true => "another program",
    });
    file.self_test = looking.rehearse.then(|| rehearse(host, first, looking.own));
    (file, found.found)
}

/// The switches that are set so that hooks do not run.
fn turned_off(host: &Profile, around: &Around, managed: bool) -> Vec<String> {
    let places = host
        .places
        .iter()
        .filter(|place| place.holds == Holds::File && matches!(place.form, Form::Json(_)));
    let files = places.map(|place| (place.base, place.below));
    let files = files.chain(host.guarded.iter().copied());
    let mut off = Vec::new();
    for path in files.filter_map(|(base, below)| around.path(base, below)) {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let Ok(root) = super::json::parse(&text) else { continue };
        for switch in host.switches.iter().filter(|switch| !(managed && switch.managed_stay)) {
            let set = root.find(switch.path).and_then(|node| text.get(node.span.clone()));
            if set == Some(switch.off) {
                off.push(format!(
                    "{}: {} in {}",
                    switch.path.join("."),
                    switch.off,
                    path.display()
                ));
            }
        }
    }
    off
}

fn flaws(status: &HostStatus, closed: bool) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    let host = status.host;
    let mut flaw = |wrong, says: String, next_step: String| {
        flaws.push(Flaw { wrong, says, next_step });
    };
    let installed: Vec<&SpotStatus> = status.files.iter().filter(|f| f.command.is_some()).collect();
    let install = |scope: Scope| format!("countersign gate install {host} --{}", scope.word());
    if installed.is_empty() && status.present.is_here() {
        let says = format!("{} is here and has no hook", status.name);
        flaw(Wrong::Missing, says, install(Scope::User));
    }
    for file in &status.files {
        let shown = file.path.display();
        if let Some(why) = &file.unreadable {
            let next = "put the file right, then look again".to_owned();
            flaw(Wrong::Missing, format!("cannot be read: {why}"), next);
        } else if file.command.is_none() {
            flaw(Wrong::Missing, format!("{shown}: no hook in this agent"), install(file.scope));
        } else if !file.missing.is_empty() {
            let events = file.missing.join(", ");
            flaw(Wrong::Missing, format!("{shown}: no hook for {events}"), install(file.scope));
        } else if file.program == Some("gone") {
            let says = format!("{shown}: the program it runs is not there");
            flaw(Wrong::Missing, says, install(file.scope));
        } else if !file.current {
            let says = format!("{shown}: the hook is not as it would be installed now");
            flaw(Wrong::Open, says, install(file.scope));
        }
        match &file.self_test {
            Some(Rehearsal::Passed(says)) => flaw(
                Wrong::SelfTest,
                format!("{shown}: a known-destructive call was not stopped: {says}"),
                format!("do not let {} work here until this is right", status.name),
            ),
            Some(Rehearsal::NotTried(says)) => flaw(
                Wrong::SelfTest,
                format!("{shown}: the self-test was not made: {says}"),
                install(file.scope),
            ),
            Some(Rehearsal::StoppedOtherwise(says)) => flaw(
                Wrong::SelfTest,
                format!("{shown}: everything is refused, and not by policy: {says}"),
                "countersign doctor".to_owned(),
            ),
            Some(Rehearsal::Stopped(_)) | None => {}
        }
    }
    for switch in &status.turned_off {
        let next = "take the switch out, or install with --managed".to_owned();
        flaw(Wrong::Missing, format!("hooks are turned off by {switch}"), next);
    }
    if !installed.is_empty() {
        let open = [("crashes", status.crash), ("is late", status.timeout)];
        let open: Vec<&str> =
            open.iter().filter(|(_, ends)| *ends == Ends::Open).map(|(when, _)| *when).collect();
        if !open.is_empty() {
            let says = format!("a call runs when the hook {}", open.join(" or "));
            let next = if closed {
                "newer versions may be closed; see docs/gate.md for what else helps"
            } else {
                "install again: the closing setting is missing"
            };
            flaw(Wrong::Open, says, next.to_owned());
        }
    }
    flaws
}
