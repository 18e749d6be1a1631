//! `countersign gate hook HOST`.
//!
//! ```text
//!   arguments ─┬ as `gate install` writes them ─▶ Line ─┐
//!              └ any others ─▶ clap ──────────▶ Line ───┴▶ attend: config ─▶ Setup ─▶ answer
//! ```
//!
//! The command line is read by hand first, because clap takes longer than the rest of a harmless
//! call: it builds every command to understand one.

use crate::{
    cli::rules,
    config::{self, Locations},
    gate::{
        self,
        hook::{self, Clock, Reason, Said, Setup},
    },
};
use clap::Args;
use std::{ffi::OsString, io, path::PathBuf, process::ExitCode, sync::Arc, time::Duration};

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
        *asked = Some(hook::question(host, io::stdin().lock())?);
        let setup = setup(line, clock)?;
        match asked {
            Some(asked) => hook::answer(host, asked, &setup, clock),
            None => Ok(Said::Deny(Reason::new("nothing was asked"))),
        }
    }))
}

/// What the configuration says that a hook has to know.
fn setup(line: &Line, clock: &Clock) -> Result<Setup, Reason> {
    let locations = Locations::standard(line.config.clone());
    let config = config::load(&locations)
        .map_err(|error| Reason::new(format!("the configuration cannot be used: {error}")))?
        .config;
    let store = line.store.clone().or_else(|| config.store.path.clone()).ok_or_else(|| {
        Reason::new("there is no home directory, so nobody knows where the store is: set HOME")
    })?;
    if let Some(seconds) = config.gate.wait_seconds {
        clock.shorten(Duration::from_secs(seconds));
    }
    let name = gate::host_name();
    let kept = store.clone();
    let (settings, places) = (config.clone(), locations);
    let installation = move || rules::installation(&settings, &places, Some(&kept));
    Ok(Setup {
        store,
        environment: config.production.host(&name),
        places: Arc::new(config.production),
        name,
        policy: config.policy.file,
        installation: Box::new(installation),
    })
}

/// Where tests of what must never happen make it happen. It is not part of a release build.
#[cfg(debug_assertions)]
fn fault_for_tests() {
    #![allow(clippy::panic, reason = "that is what it is for")]
    match std::env::var("COUNTERSIGN_TEST_FAULT").as_deref() {
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
