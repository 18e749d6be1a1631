//! The self-test: a call that destroys, sent through the very command a host would run.

use super::{
    change::Hook,
    profile::{Profile, Shell},
    run::run,
};
use crate::gate::hook::{SELF_TEST, WOULD_PASS, WOULD_STOP};
use serde::Serialize;
use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

/// A database of production goes, and no copy of it is made.
pub const KNOWN_DESTRUCTIVE: &str =
    "aws rds delete-db-instance --db-instance-identifier prod-orders --skip-final-snapshot";

/// The hook answers in milliseconds; a login shell may take its time.
const PATIENCE: Duration = Duration::from_secs(20);

/// How the self-test ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "is", content = "says")]
pub enum Rehearsal {
    /// The host would have left the call alone, by policy.
    Stopped(String),
    /// It would have left it alone, but not because policy said so.
    StoppedOtherwise(String),
    /// It would have run it.
    Passed(String),
    /// It was not tried.
    NotTried(String),
}

/// Tries it. A command that is not one of our own programs is not run: a project's file may come from
/// anywhere.
pub fn rehearse(host: &Profile, hook: &Hook, own: &[PathBuf]) -> Rehearsal {
    if !is_one_of(&hook.runs.program, own) {
        return Rehearsal::NotTried("it runs another program than this one".to_owned());
    }
    if hook.runs.line().as_deref() != Ok(hook.command.as_str()) {
        return Rehearsal::NotTried("it is not written as this program writes it".to_owned());
    }
    let cwd = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("/"));
    let string = |text: &str| serde_json::Value::from(text).to_string();
    let payload = host
        .probe
        .replace("@COMMAND@", &string(KNOWN_DESTRUCTIVE))
        .replace("@CWD@", &string(&cwd.display().to_string()));
    let (shell, option) = shell(host.shell);
    let mut command = Command::new(shell);
    command.arg(option).arg(&hook.command).current_dir(&cwd).env(SELF_TEST, "1");
    match run(&mut command, payload.as_bytes(), PATIENCE) {
        Err(why) => Rehearsal::Passed(format!("the command cannot be started: {why}")),
        Ok(None) => Rehearsal::Passed(format!("no answer within {} s", PATIENCE.as_secs())),
        Ok(Some(answered)) => {
            let said = format!("{}\n{}", answered.stderr, answered.stdout);
            let line = |mark: &str| {
                said.lines().find(|line| line.contains(mark)).unwrap_or_default().trim().to_owned()
            };
            if said.contains(WOULD_PASS) {
                Rehearsal::Passed("policy lets a deletion in production through".to_owned())
            } else if !(host.refuses)(&answered) {
                let status = answered.status.map_or("a signal".to_owned(), |s| s.to_string());
                Rehearsal::Passed(format!("the host takes the answer for a yes (exit {status})"))
            } else if said.contains(WOULD_STOP) {
                let line = line(WOULD_STOP);
                let (_, reason) = line.split_once(WOULD_STOP).unwrap_or_default();
                let end = reason.find('"').unwrap_or(reason.len());
                Rehearsal::Stopped(reason.get(..end).unwrap_or_default().to_owned())
            } else {
                Rehearsal::StoppedOtherwise(said.trim().lines().next().unwrap_or("").to_owned())
            }
        }
    }
}

/// Whether two paths lead to one file.
pub fn is_one_of(program: &Path, own: &[PathBuf]) -> bool {
    let Ok(program) = std::fs::canonicalize(program) else { return false };
    own.iter().any(|own| std::fs::canonicalize(own).is_ok_and(|own| own == program))
}

fn shell(shell: Shell) -> (PathBuf, &'static str) {
    let there = |path: &str| Some(PathBuf::from(path)).filter(|path| path.exists());
    let sh = || PathBuf::from("/bin/sh");
    match shell {
        Shell::Sh => (sh(), "-c"),
        Shell::Bash => {
            (there("/bin/bash").or_else(|| there("/usr/bin/bash")).unwrap_or_else(sh), "-c")
        }
        Shell::Login => {
            let own = std::env::var_os("SHELL").map(PathBuf::from);
            (own.filter(|own| own.is_absolute() && own.exists()).unwrap_or_else(sh), "-lc")
        }
    }
}
