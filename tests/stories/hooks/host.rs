//! A host that asks the real program, and does what its model says.

use super::model::{self, Ended};
use crate::support::program::{Program, wait};
use std::{
    fs,
    io::Write as _,
    path::PathBuf,
    process::{Command, Stdio},
};

/// Every host that starts the program itself, with the shape of its shell call, and whether the
/// program is what keeps a late answer from being a yes.
pub const HOSTS: &[(&str, &str)] = &[
    ("claude-code", "shell"),
    ("cursor", "shell"),
    ("cursor", "tool_shell"),
    ("codex", "shell"),
    ("gemini", "shell"),
    ("kiro", "shell"),
    ("kiro", "v3_shell"),
    ("copilot", "shell"),
    ("copilot", "pascal_shell"),
    ("windsurf", "shell"),
    ("devin", "shell"),
];

/// A payload of a host.
pub fn payload(host: &str, shape: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join(format!("tests/fixtures/hooks/{host}/{shape}.json"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A payload of a host with a command in it.
pub fn calling(host: &str, shape: &str, command: &str) -> String {
    let command = serde_json::Value::from(command).to_string();
    payload(host, shape).replace("\"@COMMAND@\"", &command)
}

/// What came of asking, and what the host does then.
#[derive(Debug)]
pub struct Outcome {
    pub ended: Ended,
    pub runs: bool,
    pub reason: String,
}

impl Outcome {
    pub fn of(host: &str, ended: Ended) -> Self {
        let (runs, reason) = (model::runs(host, &ended), model::reason(host, &ended));
        Self { ended, runs, reason }
    }

    /// It runs, and the host was told so in words.
    pub fn is_let_through(&self, told: &str) {
        assert!(self.runs, "{told}: {self:?}");
        assert_eq!(self.ended.status, Some(0), "{told}: {self:?}");
        assert!(!self.ended.stdout.trim().is_empty(), "{told}: nothing was said: {self:?}");
        assert!(self.ended.stderr.is_empty(), "{told}: {self:?}");
    }

    /// It does not run, and whoever is refused is told why, twice.
    pub fn is_refused(&self, told: &str) {
        assert!(!self.runs, "{told}: it runs: {self:?}");
        assert!(!self.reason.is_empty(), "{told}: no reason in the host's field: {self:?}");
        assert!(!self.ended.stderr.trim().is_empty(), "{told}: no words on stderr: {self:?}");
        assert!(self.reason.len() <= 2100, "{told}: a long reason: {self:?}");
        let bad = |c: char| c.is_control() && c != '\n';
        assert!(!self.ended.stderr.contains(bad), "{told}: {self:?}");
    }

    /// The action that waits, as the reason tells.
    pub fn ticket(&self) -> String {
        let rest = self.ended.stderr.split("approval as ").nth(1).unwrap_or_default();
        let id = rest.split([':', ';', ' ', ',', '\n']).next().unwrap_or_default();
        assert!(!id.is_empty(), "no ticket in {self:?}");
        id.to_owned()
    }
}

/// Asks as the host does: a shell runs the line that is installed, the payload on standard input.
pub fn ask(program: &Program, host: &str, options: &str, payload: &str) -> Outcome {
    Outcome::of(host, asked(program, host, options, payload.as_bytes(), Stdio::piped()))
}

/// As [`ask`], with any bytes, and somewhere else to write to.
pub fn asked(program: &Program, host: &str, options: &str, payload: &[u8], stdout: Stdio) -> Ended {
    let hook = env!("CARGO_BIN_EXE_countersign-hook");
    asked_of(hook, program, host, options, payload, stdout)
}

/// As [`asked`], of a hook that lies somewhere else.
pub fn asked_of(
    hook: &str,
    program: &Program,
    host: &str,
    options: &str,
    payload: &[u8],
    stdout: Stdio,
) -> Ended {
    let line = format!("'{hook}' gate hook {host} {options}");
    let whole = program.command(&[]);
    let mut command = Command::new("sh");
    command.args(["-c", &line]).env_clear();
    for (name, value) in whole.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    let mut child = command
        .current_dir(program.path(""))
        .stdin(Stdio::piped())
        .stdout(stdout)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that never reads is fine.
    let _ = child.stdin.take().unwrap().write_all(payload);
    let ran = wait(child);
    let status = (ran.status >= 0).then_some(ran.status);
    Ended { status, stdout: ran.stdout, stderr: ran.stderr, late: false }
}
