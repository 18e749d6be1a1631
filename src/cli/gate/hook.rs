//! `countersign gate hook HOST`.
//!
//! ```text
//!   countersign ──────┬ as `gate install` writes it ─▶ Line ─┬▶ attend: config ─▶ Setup ─▶ answer
//!          ▲          └ any others ─▶ clap ───────▶ Line ────┘
//!          │ the same arguments and question
//!   countersign-hook ─▶ Line ─▶ attend: config ─▶ Setup ─▶ glance
//! ```
//!
//! The command line is read by hand first, because clap takes longer than the rest of a harmless
//! call: it builds every command to understand one.

use crate::{
    cli::{assemble, rules},
    config::{self, Config, Locations},
    gate::{
        self,
        hook::{self, Asked, Clock, Host, Reason, Said, Setup},
    },
    trust::LiveRoster,
};
use clap::Args;
use rustix::fs::{self, MemfdFlags};
use std::{
    env,
    ffi::OsString,
    fs::File,
    io::{self, Seek as _, Write as _},
    os::unix::process::CommandExt as _,
    path::PathBuf,
    process::{Command, ExitCode},
    sync::Arc,
    time::Duration,
};

/// `countersign gate hook`
#[derive(Debug, Clone, Args)]
pub struct HookArgs {
    /// The agent's host: claude-code, cursor, codex, …
    pub host: String,
    /// Answer no later than this, even where the host would wait longer (20s, 5m)
    #[arg(long, value_name = "TIME", value_parser = super::exec::waiting_time)]
    pub wait: Option<Duration>,
}

/// A whole command line of `gate hook`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct Line {
    /// The agent's host.
    pub host: String,
    /// `--wait`
    pub wait: Option<Duration>,
    /// `--store`
    pub store: Option<PathBuf>,
    /// `--config`
    pub config: Option<PathBuf>,
}

impl Line {
    /// Reads the arguments behind the program's name. None: it is another command, or in a form
    /// that clap has to read.
    pub(in crate::cli) fn recognise(arguments: impl Iterator<Item = OsString>) -> Option<Self> {
        let mut line = Self { host: String::new(), wait: None, store: None, config: None };
        let mut expected = ["gate", "hook"].into_iter();
        let mut arguments = arguments.map(|argument| argument.into_string().ok());
        while let Some(argument) = arguments.next() {
            let argument = argument?;
            match argument.as_str() {
                "--store" if line.store.is_none() => line.store = Some(path(arguments.next()??)?),
                "--config" if line.config.is_none() => {
                    line.config = Some(path(arguments.next()??)?);
                }
                "--wait" if line.wait.is_none() => {
                    line.wait = Some(super::exec::waiting_time(&arguments.next()??).ok()?);
                }
                word if word.starts_with('-') => return None,
                word => match expected.next() {
                    Some(expected) if expected == word => {}
                    None if line.host.is_empty() => argument.clone_into(&mut line.host),
                    _ => return None,
                },
            }
        }
        (!line.host.is_empty()).then_some(line)
    }
}

/// A value that cannot be taken for another option.
fn path(value: String) -> Option<PathBuf> {
    (!value.is_empty() && !value.starts_with('-')).then(|| value.into())
}

/// Reads the question, answers it.
pub(in crate::cli) fn run(line: &Line) -> ExitCode {
    attended(line, |host, question, known, clock| {
        let kept = known.setup.store.clone();
        let installation = || rules::installation(&known.config, &known.locations, Some(&kept));
        let reviewers = rules::reviewers(&known.config);
        hook::answer(host, &question.asked, &known.setup, installation, &reviewers, clock)
    })
}

/// What `countersign-hook` does: answers what can be answered at a glance, and becomes
/// `countersign` with the very same question for everything else.
pub(in crate::cli) fn glance(line: &Line) -> ExitCode {
    attended(line, |host, question, known, _| {
        let said = hook::glance(host, &question.asked, &known.setup)?;
        said.map_or_else(|| Err(hand_over(&question.payload)), Ok)
    })
}

/// What a host asked.
struct Question {
    payload: Vec<u8>,
    asked: Asked,
}

/// What the configuration says that a hook has to know.
struct Known {
    setup: Setup,
    config: Config,
    locations: Locations,
}

fn attended(
    line: &Line,
    work: impl FnOnce(&'static dyn Host, &Question, &Known, &Clock) -> Result<Said, Reason>,
) -> ExitCode {
    let Some(host) = hook::host(&line.host) else {
        let known: Vec<_> = hook::hosts::ALL.iter().map(|host| host.id()).collect();
        eprintln!(
            "countersign: there is no host `{}`, so nothing is let through; the hosts are {}",
            line.host.escape_debug(),
            known.join(", ")
        );
        // What most hosts take for a no.
        return ExitCode::from(2);
    };
    ExitCode::from(hook::attend(host, |clock, asked| {
        if let Some(wait) = line.wait {
            clock.shorten(wait);
        }
        fault_for_tests();
        let payload = hook::payload(io::stdin().lock())?;
        let question = hook::question(host, &payload)?;
        *asked = Some(question.clone());
        let known = known(line, clock)?;
        work(host, &Question { payload, asked: question }, &known, clock)
    }))
}

fn known(line: &Line, clock: &Clock) -> Result<Known, Reason> {
    let locations = Locations::standard(line.config.clone());
    let config = config::load(&locations)
        .map_err(|error| Reason::new(format!("the configuration cannot be used: {error}")))?
        .config;
    let state = || locations.state.clone();
    let store = assemble::place_of(line.store.as_deref(), &config, state);
    let store = store.map_err(|error| Reason::new(error.to_string()))?.ok_or_else(|| {
        Reason::new("there is no home directory, so nobody knows where the store is: set HOME")
    })?;
    if let Some(seconds) = config.gate.wait_seconds {
        clock.shorten(Duration::from_secs(seconds));
    }
    let name = gate::host_name();
    let setup = Setup {
        store,
        environment: config.production.host(&name),
        places: Arc::new(config.production.clone()),
        name,
        policy: config.policy.file.clone(),
    };
    Ok(Known { setup, config, locations })
}

/// Becomes `countersign`, which lies beside this program, with the same arguments and the question
/// as it came. Only returns where that fails.
fn hand_over(payload: &[u8]) -> Reason {
    let question = fs::memfd_create("question", MemfdFlags::CLOEXEC).map_err(io::Error::from);
    let question = question.map(File::from).and_then(|mut file| {
        file.write_all(payload)?;
        file.rewind()?;
        Ok(file)
    });
    let why = match question {
        Ok(question) => whole(Some(question)),
        Err(why) => why,
    };
    Reason::new(format!("the call cannot be handed to `countersign`, so it does not pass: {why}"))
}

/// Becomes `countersign`. Only returns where that fails.
pub(in crate::cli) fn whole(input: Option<File>) -> io::Error {
    let program = match env::current_exe() {
        Ok(own) => own.with_file_name("countersign"),
        Err(why) => return why,
    };
    let mut command = Command::new(&program);
    command.args(env::args_os().skip(1));
    if let Some(input) = input {
        command.stdin(input);
    }
    let why = command.exec();
    io::Error::new(why.kind(), format!("{}: {why}", program.display()))
}

/// Where tests of what must never happen make it happen. It is not part of a release build.
#[cfg(debug_assertions)]
fn fault_for_tests() {
    #![allow(clippy::panic, reason = "that is what it is for")]
    match env::var("COUNTERSIGN_TEST_FAULT").as_deref() {
        Ok("panic") => panic!("asked for by a test"),
        Ok("hang") => std::thread::sleep(Duration::from_hours(1)),
        _ => {}
    }
}

#[cfg(not(debug_assertions))]
const fn fault_for_tests() {}

#[cfg(test)]
mod tests {
    use super::Line;
    use crate::cli::{Cli, Command, gate::GateCommand};
    use clap::Parser as _;
    use std::{ffi::OsString, path::PathBuf, time::Duration};

    fn recognised(words: &str) -> Option<Line> {
        Line::recognise(words.split(' ').map(OsString::from))
    }

    #[test]
    fn the_line_that_is_installed_is_read_without_clap_and_means_the_same() {
        for words in [
            "gate hook claude-code",
            "gate hook claude-code --wait 20s",
            "--store a.db gate hook claude-code --config b.toml",
            "gate --config b.toml hook --wait 1m30s claude-code --store a.db",
        ] {
            let line = recognised(words).unwrap();
            let cli = Cli::try_parse_from(["countersign"].into_iter().chain(words.split(' ')));
            let cli = cli.unwrap();
            let Some(Command::Gate(gate)) = cli.command else { unreachable!("{words}") };
            let GateCommand::Hook(args) = gate.command else { unreachable!("{words}") };
            let told = Line {
                host: args.host,
                wait: args.wait,
                store: cli.global.store,
                config: cli.global.config,
            };
            assert_eq!(line, told, "{words}");
        }
    }

    #[test]
    fn what_it_does_not_understand_is_left_to_clap() {
        for words in [
            "gate hook",
            "gate exec claude-code",
            "queue",
            "gate hook a b",
            "gate hook claude-code --wait soon",
            "gate hook claude-code --store",
            "gate hook claude-code --store --config",
            "gate hook claude-code --store a --store b",
            "gate hook claude-code --help",
            "gate hook -- claude-code",
        ] {
            assert_eq!(recognised(words), None, "{words}");
        }
    }

    #[test]
    fn its_options_are_taken() {
        let line = recognised("gate hook kiro --store /s --config /c --wait 20s").unwrap();
        assert_eq!(line.store, Some(PathBuf::from("/s")));
        assert_eq!(line.wait, Some(Duration::from_secs(20)));
    }
}
