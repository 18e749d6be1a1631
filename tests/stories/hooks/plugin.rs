//! The plugin of `OpenCode`, loaded by a Node that calls it as `OpenCode` does.

use super::{
    contract::approve,
    host::{calling, payload},
};
use crate::support::program::{Program, Ran, wait};
use countersign::gate::hook::hosts::OPENCODE_PLUGIN;
use serde_json::{Value, json};
use std::{
    io::Write as _,
    process::{Command, Stdio},
};

/// Loads the plugin, calls its hook, tells whether it threw.
const HARNESS: &str = r#"
const [, , plugin, directory] = process.argv
const { Countersign, ...others } = await import(plugin)
if (Object.keys(others).length > 0) throw new Error("OpenCode would load more than one plugin")
let text = ""
for await (const chunk of process.stdin) text += chunk
const call = JSON.parse(text)
const hooks = await Countersign({ directory, worktree: directory })
try {
  const { tool, sessionID, callID, args } = call
  await hooks["tool.execute.before"]({ tool, sessionID, callID }, { args })
  console.log("runs")
} catch (error) {
  console.log(`blocked ${error instanceof Error ? error.message : "with no error"}`)
}
process.exit(0)
"#;

struct OpenCode {
    program: Program,
    command: Vec<String>,
}

fn node() -> bool {
    let found = Command::new("node").arg("--version").output().is_ok();
    if !found {
        eprintln!("left out: there is no node here");
    }
    found
}

impl OpenCode {
    fn new(options: &[&str]) -> Self {
        Self::running(
            &[&[env!("CARGO_BIN_EXE_countersign-hook"), "gate", "hook", "opencode"], options]
                .concat(),
        )
    }

    fn running(command: &[&str]) -> Self {
        let config = "[production]\nhosts = [\"*\"]\nkube_contexts = [\"prod-*\"]\n";
        let command = command.iter().map(|&word| word.to_owned()).collect();
        Self { program: Program::configured(config), command }
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.program = self.program.with(name, value);
        self
    }

    fn calls(&self, call: &str) -> Ran {
        let words = Value::from(self.command.clone()).to_string();
        let plugin = self.program.write("plugin.mjs", OPENCODE_PLUGIN.replace("@COMMAND@", &words));
        let harness = self.program.write("harness.mjs", HARNESS);
        let mut command = Command::new("node");
        command.arg(harness).arg(plugin).arg("/home/robin/shop").env_clear();
        for (name, value) in self.program.command(&[]).get_envs() {
            command.env(name, value.unwrap_or_default());
        }
        command.current_dir(self.program.path(""));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let _ = child.stdin.take().unwrap().write_all(call.as_bytes());
        wait(child)
    }

    fn runs(&self, command: &str) {
        let ran = self.calls(&calling("opencode", "shell", command));
        assert_eq!(ran.stdout.trim(), "runs", "{ran:?}");
    }

    /// Gives the reason.
    fn blocks(&self, command: &str) -> String {
        let ran = self.calls(&calling("opencode", "shell", command));
        let reason = ran.stdout.trim().strip_prefix("blocked countersign: ");
        let reason = reason.unwrap_or_else(|| panic!("{ran:?}")).to_owned();
        assert!(!reason.is_empty(), "{ran:?}");
        reason
    }
}

#[test]
fn it_lets_through_refuses_and_passes_once_what_was_approved() {
    const CHANGES: &str = "kubectl --context prod-eu scale deployment/web --replicas=3";
    if !node() {
        return;
    }
    let host = OpenCode::new(&["--wait", "2s"]);
    host.runs("git status");
    host.blocks("aws s3 rb s3://backups --force");
    let reason = host.blocks(CHANGES);
    let id =
        reason.split("approval as ").nth(1).and_then(|rest| rest.split([':', ';', ' ']).next());
    approve(&host.program, id.unwrap_or_else(|| panic!("{reason}")));
    host.runs(CHANGES);
    host.blocks(CHANGES);
}

#[test]
fn whatever_is_no_plain_yes_throws() {
    if !node() {
        return;
    }
    let yes = |id: &str| json!({ "callID": id, "decision": "allow" }).to_string();
    let (ours, other) = (yes("call_1"), yes("call_2"));
    let script = |script: &str| OpenCode::running(&["sh", "-c", script]);
    script(&format!("cat > /dev/null; echo '{ours}'")).runs("ls");
    for odd in [
        "true".to_owned(),
        "false".to_owned(),
        "kill -9 $$".to_owned(),
        "echo allow".to_owned(),
        "echo null".to_owned(),
        "echo '[]'".to_owned(),
        "echo '{\"decision\":\"allow\"}'".to_owned(),
        format!("echo '{other}'"),
        format!("echo '{ours}'; exit 1"),
        format!("echo '{ours}'; kill -9 $$"),
        format!("echo '{ours}'; echo '{ours}'"),
        "yes".to_owned(),
        "echo '{\"callID\":\"call_1\",\"decision\":\"ask\"}'".to_owned(),
    ] {
        script(&odd).blocks("ls");
    }
    OpenCode::running(&["/nowhere/countersign"]).blocks("ls");
    OpenCode::running(&[]).blocks("ls");
    let crashed = OpenCode::new(&[]).with("COUNTERSIGN_TEST_FAULT", "panic");
    crashed.blocks("ls");
    let hung = OpenCode::new(&["--wait", "1s"]).with("COUNTERSIGN_TEST_FAULT", "hang");
    hung.blocks("ls");
}

#[test]
fn a_call_that_cannot_be_told_in_json_throws() {
    if !node() {
        return;
    }
    let long = payload("opencode", "shell").replace("@COMMAND@", &"x".repeat(1 << 20));
    let ran = OpenCode::new(&[]).calls(&long);
    assert!(ran.stdout.starts_with("blocked countersign: "), "{ran:?}");
    let nameless = r#"{"sessionID":"s","callID":"c","args":{}}"#;
    let ran = OpenCode::new(&[]).calls(nameless);
    assert!(ran.stdout.starts_with("blocked countersign: "), "{ran:?}");
}
