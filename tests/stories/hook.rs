//! The agent's host asks before every call, and is answered whatever happens.
//!
//! What each host is told, and in which words, is in its own table; here it is one host, and
//! everything that can go wrong on the way.

mod attended;
mod facts;
mod remembered;

use crate::support::program::{Program, Ran, wait};
use serde_json::{Value, json};
use std::{
    io::Write as _,
    process::{Child, Command, Stdio},
};

/// What Claude Code sends before it runs a line in a shell.
fn question(command: &str, cwd: &str) -> String {
    json!({
        "session_id": "session-1",
        "cwd": cwd,
        "hook_event_name": "PreToolUse",
        "tool_name": "Bash",
        "tool_input": { "command": command, "description": "to see what is there" },
    })
    .to_string()
}

/// Asks and is answered.
fn asked(program: &Program, command: &str) -> Ran {
    let cwd = program.path(".").display().to_string();
    program.run_with_input(&["gate", "hook", "claude-code"], &question(command, &cwd))
}

/// `allow` or `deny`, with the reason; nothing where the host hears neither.
fn decision(ran: &Ran) -> (String, String) {
    let body: Value = serde_json::from_str(&ran.stdout).unwrap_or_default();
    let told = &body["hookSpecificOutput"];
    let text = |key: &str| told[key].as_str().unwrap_or_default().to_owned();
    (text("permissionDecision"), text("permissionDecisionReason"))
}

fn is_allowed(ran: &Ran) -> bool {
    ran.status == 0 && decision(ran).0 == "allow"
}

/// A no that the host hears, with a reason in both places.
fn is_denied(ran: &Ran) -> bool {
    let (decision, reason) = decision(ran);
    decision == "deny" && !reason.is_empty() && ran.stderr.contains(&reason) && ran.is_harmless()
}

fn started(mut command: Command, input: &str) -> Child {
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child
}

fn ended(child: Child) -> Ran {
    wait(child)
}
