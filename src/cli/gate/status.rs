//! `countersign gate status`.

use super::place;
use crate::{
    cli::{exit::Exit, failure::Failure, output::Output},
    domain::Untrusted,
    gate::install::{self, Access, HostStatus, Looking, Rehearsal, Wrong},
    report::{Cell, Ink, Page, Report, Tone},
};
use clap::{Args, ValueEnum};
use serde::Serialize;

/// `countersign gate status`
#[derive(Debug, Clone, Args)]
pub struct StatusArgs {
    /// Only this host
    pub host: Option<String>,
    /// End with status 3 when there is something of this kind
    #[arg(long, value_name = "WHAT", value_enum)]
    pub fail_on: Vec<FailOn>,
    /// Do not send a call through the installed commands
    #[arg(long)]
    pub no_self_test: bool,
    /// The account agents run as, if it is not this one
    #[arg(long, value_name = "NAME")]
    pub agent_user: Option<String>,
}

/// What ends `gate status` with status 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// A host that is here and whose calls go past the gate
    Missing,
    /// A host that lets calls run when the hook fails
    Open,
    /// A self-test that was not stopped
    SelfTest,
    /// Any of them
    Any,
}

impl FailOn {
    fn is(self, wrong: Wrong) -> bool {
        match self {
            Self::Missing => wrong == Wrong::Missing,
            Self::Open => wrong == Wrong::Open,
            Self::SelfTest => wrong == Wrong::SelfTest,
            Self::Any => true,
        }
    }
}

/// Looks at every host, or one.
pub(super) async fn run(args: &StatusArgs, output: Output) -> Result<Exit, Failure> {
    let hosts = match &args.host {
        Some(name) => vec![place::host(name)?],
        None => install::HOSTS.iter().collect(),
    };
    let (around, own) = (place::around(), place::own_programs()?);
    let agent = place::agent(args.agent_user.as_deref())?;
    let path: Vec<_> = std::env::var_os("PATH").iter().flat_map(std::env::split_paths).collect();
    let rehearse = !args.no_self_test;
    let looked = tokio::task::spawn_blocking(move || {
        let (around, path, own, agent) = (&around, &path, &own, &agent);
        let looking = Looking { around, path, own, agent, rehearse };
        // Programs are asked for their version: side by side, they take as long as the slowest.
        std::thread::scope(|scope| {
            let started: Vec<_> = hosts
                .into_iter()
                .map(|host| scope.spawn(move || install::status(host, &looking)))
                .collect();
            started.into_iter().filter_map(|thread| thread.join().ok()).collect::<Vec<_>>()
        })
    });
    let hosts = looked.await.map_err(|error| Failure::from(color_eyre::Report::new(error)))?;
    let whole = args.host.is_none();
    let report = StatusReport { hosts, whole };
    output.report(&report)?;
    let mut flaws = report.hosts.iter().flat_map(|host| &host.flaws);
    let found = flaws.any(|flaw| args.fail_on.iter().any(|on| on.is(flaw.wrong)));
    Ok(if found { Exit::Findings } else { Exit::Done })
}

struct StatusReport {
    hosts: Vec<HostStatus>,
    whole: bool,
}

impl Report for StatusReport {
    fn human(&self, ink: Ink) -> String {
        let mut page = Page::new();
        let (here, away): (Vec<_>, Vec<_>) = self
            .hosts
            .iter()
            .partition(|host| !self.whole || host.present.is_here() || !host.files.is_empty());
        for host in here {
            page = section(page, host);
        }
        if !away.is_empty() {
            let names: Vec<&str> = away.iter().map(|host| host.host).collect();
            page = page.heading("not found here").item(Cell::own(names.join(", ")));
        }
        let flaws: usize = self.hosts.iter().map(|host| host.flaws.len()).sum();
        let count = match flaws {
            0 => "nothing to put right".to_owned(),
            1 => "1 thing to put right".to_owned(),
            more => format!("{more} things to put right"),
        };
        format!("{}\n{count}\n", page.text(ink))
    }

    fn name(&self) -> &'static str {
        "gate-status"
    }

    fn body(&self) -> impl Serialize + '_ {
        #[derive(Serialize)]
        struct Body<'a> {
            hosts: &'a [HostStatus],
        }
        Body { hosts: &self.hosts }
    }
}

fn outside(text: String) -> Cell {
    Cell::outside(&Untrusted::new(text))
}

fn section(mut page: Page, host: &HostStatus) -> Page {
    let present = match (&host.present.program, &host.present.version) {
        (Some(program), Some(version)) => format!("{version}, {}", program.display()),
        (Some(program), None) => format!("version unknown, {}", program.display()),
        (None, _) if host.present.is_here() => "used here; its program was not found".to_owned(),
        (None, _) => "not found here".to_owned(),
    };
    page = page.heading(host.name).field("host", outside(present));
    for file in &host.files {
        let state = match (&file.unreadable, &file.command) {
            (Some(_), _) => "cannot be read".to_owned(),
            (None, None) => "no hook".to_owned(),
            (None, Some(_)) if !file.installed => {
                format!("no hook for {}", file.missing.join(", "))
            }
            (None, Some(_)) => format!("runs {}", file.program.unwrap_or("it")),
        };
        page = page.field(file.scope.word(), outside(format!("{}: {state}", file.path.display())));
        if file.command.is_some() {
            let who = match &file.changeable {
                Access::Yes(why) => format!("an agent can turn it off: {why}"),
                Access::No => "the agent's account cannot change it".to_owned(),
                Access::Unknown(why) => format!("unknown who can turn it off: {why}"),
            };
            page = page.field("", outside(who));
        }
        let test = file.self_test.as_ref().map(|test| match test {
            Rehearsal::Stopped(by) => (format!("stopped: {by}"), Tone::Good),
            Rehearsal::StoppedOtherwise(by) => {
                (format!("stopped, not by policy: {by}"), Tone::Warning)
            }
            Rehearsal::Passed(why) => (format!("NOT stopped: {why}"), Tone::Bad),
            Rehearsal::NotTried(why) => (format!("not made: {why}"), Tone::Warning),
        });
        if let Some((said, tone)) = test {
            page = page.field("self-test", outside(said).tone(tone));
        }
    }
    if host.files.iter().any(|file| file.command.is_some()) {
        let ends = format!(
            "{} when it crashes, {} after {} s without an answer",
            host.crash.word(),
            host.timeout.word(),
            host.seconds
        );
        let says = format!("{}: {}", host.subagents.word(), host.subagents_say);
        page = page.field("fails", Cell::own(ends)).field("subagents", Cell::own(says));
        for note in host.notes {
            page = page.field("note", Cell::own(*note));
        }
    }
    for flaw in &host.flaws {
        page = page
            .item(outside(format!("! {}", flaw.says)).tone(Tone::Warning))
            .detail(outside(format!("next: {}", flaw.next_step)));
    }
    page
}
