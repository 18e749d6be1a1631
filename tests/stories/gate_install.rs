//! Putting the gate into an agent's host, taking it out again, and asking what it is worth there.

use crate::support::program::Program;
use countersign::gate::install::{
    Around, Change, Ends, Filling, HOSTS, Holds, Profile, Scope, host, kept_path,
};
use serde_json::Value;
use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

/// Every host, with its user's file in the home of a test.
const USERS: &[(&str, &str)] = &[
    ("claude-code", ".claude/settings.json"),
    ("cursor", ".cursor/hooks.json"),
    ("codex", ".codex/hooks.json"),
    ("gemini", ".gemini/settings.json"),
    ("kiro", ".kiro/agents/deploy.json"),
    ("copilot", ".copilot/hooks/countersign.json"),
    ("windsurf", ".codeium/windsurf/hooks.json"),
    ("devin", "config/devin/config.json"),
    ("opencode", "config/opencode/plugins/countersign.js"),
];

fn fixture(host: &str, name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/install").join(host).join(name)
}

/// The text with this program's path taken out, and the fixture it has to be.
fn is_fixture(host: &str, text: &str) {
    let text =
        text.replace(env!("CARGO_BIN_EXE_countersign-hook"), "/usr/local/bin/countersign-hook");
    let name = if host == "opencode" { "after.js" } else { "after.json" };
    let path = fixture(host, name);
    if std::env::var_os("COUNTERSIGN_WRITE_FIXTURES").is_some() {
        fs::write(&path, &text).unwrap();
    }
    assert_eq!(text, fs::read_to_string(path).unwrap(), "{host}");
}

fn claude(program: &Program) -> PathBuf {
    program.path(".claude/settings.json")
}

#[test]
fn every_hosts_file_gets_the_hook_once_and_comes_back_byte_for_byte() {
    for (host, below) in USERS {
        let program = Program::new();
        let before = fs::read(fixture(host, "before.json")).ok();
        if let Some(before) = &before {
            program.write(below, before);
        }
        let ran = program.run(&["gate", "install", host, "--yes"]);
        assert_eq!(ran.status, 0, "{host}: {ran:?}");
        let installed = fs::read_to_string(program.path(below)).unwrap();
        is_fixture(host, &installed);
        assert!(ran.stderr.contains("gate hook") || *host == "opencode", "the difference: {ran:?}");

        let again = program.run(&["gate", "install", host, "--yes"]);
        assert!(again.stdout.contains("nothing to do"), "{host}: {again:?}");
        assert_eq!(fs::read_to_string(program.path(below)).unwrap(), installed, "{host}");

        let out = program.run(&["gate", "uninstall", host, "--yes"]);
        assert_eq!(out.status, 0, "{host}: {out:?}");
        assert_eq!(fs::read(program.path(below)).ok(), before, "{host}");
        assert!(!kept_path(&program.path(below)).exists(), "{host}: nothing is left behind");
    }
}

#[test]
fn the_store_and_configuration_that_were_given_go_into_the_command() {
    let program = Program::new();
    let words = ["--store", "my stores/a.db", "gate", "install", "claude-code", "--yes"];
    assert_eq!(program.run(&words).status, 0);
    let text = fs::read_to_string(claude(&program)).unwrap();
    let store = fs::canonicalize(program.path("")).unwrap().join("my stores/a.db");
    assert!(text.contains(&format!("--store '{}' gate hook", store.display())), "{text}");
}

#[test]
fn nothing_is_written_unasked() {
    let program = Program::new();
    let ran = program.run(&["gate", "install", "claude-code"]);
    assert_eq!(ran.status, 2, "{ran:?}");
    assert!(ran.stderr.contains("--yes") && ran.stderr.contains('+'), "{ran:?}");
    let dry = program.run(&["gate", "install", "claude-code", "--dry-run", "--json"]);
    assert_eq!(dry.status, 0, "{dry:?}");
    let value = dry.json();
    assert_eq!(
        (value["done"].as_bool(), value["files"][0]["change"].as_str()),
        (Some(false), Some("create"))
    );
    assert!(!claude(&program).exists());
}

#[test]
fn what_cannot_be_understood_is_left_alone_and_the_place_named() {
    let program = Program::new();
    let text = "{\n  \"a\": 1, // mine\n}\n";
    program.write(".claude/settings.json", text);
    let ran = program.run(&["gate", "install", "claude-code", "--yes"]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(ran.stderr.contains("settings.json: line 2, column 11: a comment"), "{ran:?}");
    assert_eq!(fs::read_to_string(claude(&program)).unwrap(), text);

    let folder = Program::new();
    fs::create_dir_all(claude(&folder)).unwrap();
    let ran = folder.run(&["gate", "install", "claude-code", "--yes"]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(ran.stderr.contains("is no file"), "{ran:?}");

    let hostile = Program::new();
    hostile.write(".claude/settings.json", "{\"a\": \"\u{1b}[2J\u{202e}\"}\n");
    let ran = hostile.run(&["gate", "install", "claude-code", "--yes"]);
    assert!(ran.is_harmless(), "{ran:?}");

    let ran = Program::new().run(&["gate", "install", "clippy"]);
    assert_eq!(ran.status, 2, "{ran:?}");
    assert!(ran.stderr.contains("claude-code, cursor"), "{ran:?}");
    let ran = Program::new().run(&["gate", "install", "kiro", "--managed"]);
    assert!(ran.stderr.contains("use --user or --project"), "{ran:?}");
}

#[test]
fn a_file_that_changes_while_it_is_shown_is_not_written_over() {
    let program = Program::new();
    program.write(".claude/settings.json", "{}\n");
    let mut session = program.on_terminal(100, 40, &["gate", "install", "claude-code"]);
    session.wait_for("Write this?");
    program.write(".claude/settings.json", "{\"theirs\": 1}\n");
    session.send("y\r");
    session.wait_for("has changed since it was shown");
    assert_eq!(fs::read_to_string(claude(&program)).unwrap(), "{\"theirs\": 1}\n");
}

#[test]
fn the_managed_place_is_below_etc_and_refused_to_whoever_may_not() {
    let root = tempfile::tempdir().unwrap();
    let around = Around { root: root.path().to_owned(), ..Around::default() };
    for (id, below) in [
        ("claude-code", "etc/claude-code/managed-settings.json"),
        ("cursor", "etc/cursor/hooks.json"),
        ("codex", "etc/codex/hooks.json"),
        ("copilot", "etc/github-copilot/policy.d/50-countersign.json"),
    ] {
        let host = host(id).unwrap();
        let spot = &around.of(host, Scope::Managed)[0];
        let filling = Filling { command: format!("/c gate hook {id}"), seconds: 9 };
        let change = Change::install(spot, &filling, id).unwrap();
        assert_eq!(change.make(false).unwrap(), None, "nothing was there to keep");
        let mode = fs::metadata(root.path().join(below)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o644, "{id}: the host takes it only if nobody else can write it");
    }
    let program = Program::new();
    let dry = program.run(&["gate", "install", "cursor", "--managed", "--dry-run"]);
    assert!(dry.stdout.contains("would change: /etc/cursor/hooks.json"), "{dry:?}");
}

fn status(program: &Program, host: &str) -> Value {
    let ran = program.run(&["gate", "status", host, "--json"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    ran.json()["hosts"][0].clone()
}

#[test]
fn a_known_destructive_call_is_stopped_in_every_hosts_words_and_asks_nobody() {
    for (host, below) in USERS {
        let program = Program::new();
        if let Ok(before) = fs::read(fixture(host, "before.json")) {
            program.write(below, before);
        }
        assert_eq!(program.run(&["gate", "install", host, "--yes"]).status, 0);
        let found = status(&program, host);
        assert_eq!(found["files"][0]["self_test"]["is"], "stopped", "{host}: {found:#}");
        let queue = program.run(&["queue", "--closed", "--json"]).json();
        assert_eq!(queue["actions"].as_array().map(Vec::len), Some(0), "{host}: {queue:#}");
    }
}

#[test]
fn status_tells_an_open_a_missing_and_a_foreign_hook() {
    let program = Program::new();
    program.write(".claude/settings.json", "{}\n");
    let found = status(&program, "claude-code");
    assert_eq!(found["flaws"][0]["wrong"], "missing", "{found:#}");
    let failed = program.run(&["gate", "status", "--fail-on", "missing"]);
    assert_eq!(failed.status, 3, "{failed:?}");

    assert_eq!(program.run(&["gate", "install", "claude-code", "--yes"]).status, 0);
    let found = status(&program, "claude-code");
    assert_eq!((&found["crash"], &found["timeout"]), (&"unknown".into(), &"unknown".into()));
    assert_eq!(program.run(&["gate", "status", "--fail-on", "any"]).status, 0, "{found:#}");

    let text = fs::read_to_string(claude(&program)).unwrap();
    program.write(".claude/settings.json", text.replace("\"block\"", "\"continue\""));
    let found = status(&program, "claude-code");
    assert_eq!((&found["crash"], &found["flaws"][0]["wrong"]), (&"open".into(), &"open".into()));
    assert_eq!(program.run(&["gate", "status", "--fail-on", "open"]).status, 3);

    // A project's file may name anything; it is not run.
    let trap = program.write("bin/countersign", "#!/bin/sh\ntouch \"$HOME/ran\"\nexit 2\n");
    fs::set_permissions(&trap, fs::Permissions::from_mode(0o755)).unwrap();
    let foreign = text.replace(env!("CARGO_BIN_EXE_countersign-hook"), &trap.display().to_string());
    program.write(".claude/settings.json", foreign);
    let found = status(&program, "claude-code");
    assert_eq!(found["files"][0]["program"], "another program", "{found:#}");
    assert_eq!(found["files"][0]["self_test"]["is"], "not-tried", "{found:#}");
    assert!(!program.path("ran").exists());

    let off = text.replacen('{', "{\n  \"disableAllHooks\": true,", 1);
    program.write(".claude/settings.json", off);
    let found = status(&program, "claude-code");
    assert!(found["turned_off"][0].as_str().unwrap().contains("disableAllHooks"), "{found:#}");
}

#[test]
fn a_version_decides_whether_claude_code_is_closed() {
    for (said, ends) in [("2.1.300 (Claude Code)", "closed"), ("2.1.200 (Claude Code)", "open")] {
        let program = Program::new();
        let tool = program.write("bin/claude", format!("#!/bin/sh\necho '{said}'\n"));
        fs::set_permissions(&tool, fs::Permissions::from_mode(0o755)).unwrap();
        let path = format!("{}:/usr/bin:/bin", program.path("bin").display());
        let program = program.with("PATH", &path);
        assert_eq!(program.run(&["gate", "install", "claude-code", "--yes"]).status, 0);
        let found = status(&program, "claude-code");
        assert_eq!((&found["crash"], &found["timeout"]), (&ends.into(), &ends.into()), "{found:#}");
        assert_eq!(found["present"]["version"], said);
    }
}

#[test]
fn a_new_agent_of_kiro_has_no_gate_until_it_is_installed_again() {
    let program = Program::new();
    program.write(".kiro/agents/one.json", "{}");
    assert_eq!(program.run(&["gate", "install", "kiro", "--yes"]).status, 0);
    assert_eq!(program.run(&["gate", "status", "kiro", "--fail-on", "missing"]).status, 0);
    program.write(".kiro/agents/two.json", "{}");
    let found = program.run(&["gate", "status", "kiro", "--fail-on", "missing"]);
    assert_eq!(found.status, 3, "{found:?}");
    assert!(found.stdout.contains("two.json: no hook in this agent"), "{found:?}");
}

#[test]
fn the_doctor_says_how_an_agent_could_approve_itself() {
    let program = Program::new();
    let ran = program.run(&["doctor"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    for what in ["account of the agents", "the store", "this program", "--agent-user"] {
        assert!(ran.stdout.contains(what), "{what}: {ran:?}");
    }
    let socket = program.write("agent.sock", "");
    let program =
        program.with("SSH_AUTH_SOCK", &socket.display().to_string()).with("CLAUDECODE", "1");
    let ran = program.run(&["doctor"]);
    assert!(ran.stdout.contains("Claude Code runs this and can sign"), "{ran:?}");
    let ran = program.run(&["doctor", "--agent-user", "nobody-here"]);
    assert_eq!(ran.status, 2, "{ran:?}");
}

/// The table of `docs/gate.md`, from the data.
fn table() -> String {
    let mut lines = vec![
        "| host | where: user, project, managed | hook crashes | hook is late | waits | subagents |"
            .to_owned(),
        "|---|---|---|---|---|---|".to_owned(),
    ];
    for host in HOSTS {
        lines.push(format!(
            "| `{}` ({}) | {} | {} | {} | {} s | {}: {} |",
            host.id,
            host.name,
            places(host),
            ends(host, |behaviour| behaviour.crash),
            ends(host, |behaviour| behaviour.timeout),
            host.patience(),
            host.subagents.0.word(),
            host.subagents.1,
        ));
    }
    lines.push(String::new());
    for host in HOSTS {
        lines.push(format!("**{}.** Read in: {}.", host.name, host.source));
        lines.push(String::new());
        lines.extend(host.notes.iter().map(|note| format!("- {note}")));
        lines.extend(host.then.iter().map(|then| format!("- after installing: {then}")));
        lines.push(String::new());
    }
    lines.join("\n")
}

fn places(host: &Profile) -> String {
    let around = Around {
        home: Some("~".into()),
        project: Some("PROJECT".into()),
        root: "/".into(),
        ..Around::default()
    };
    let shown = host.places.iter().filter_map(|place| {
        let path = around.path(place.base, place.below)?;
        let all = if place.holds == Holds::Agents { "/*.json" } else { "" };
        Some(format!("`{}{all}`", path.display()))
    });
    shown.collect::<Vec<_>>().join(", ")
}

fn ends(host: &Profile, of: fn(&countersign::gate::install::Behaviour) -> Ends) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut before = None;
    for behaviour in host.behaviours {
        let word = of(behaviour).word();
        if before == Some(word) {
            words.pop();
            words.push(word.to_owned());
            continue;
        }
        words.push(match behaviour.since {
            Some([major, minor, patch]) => format!("{word} from {major}.{minor}.{patch} on"),
            None if before.is_some() => format!("{word} before"),
            None => word.to_owned(),
        });
        before = Some(word);
    }
    words.join(", ")
}

#[cfg(target_os = "linux")]
#[test]
fn the_page_of_the_gate_says_what_the_data_says() {
    const MARKS: [&str; 2] = ["<!-- hosts: made from the data -->", "<!-- hosts: end -->"];
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/gate.md");
    let page = fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(MARKS[0]).unwrap();
    let (_, after) = rest.split_once(MARKS[1]).unwrap();
    let made = format!("{before}{}\n\n{}\n{}{after}", MARKS[0], table(), MARKS[1]);
    if std::env::var_os("COUNTERSIGN_WRITE_FIXTURES").is_some() {
        fs::write(&path, &made).unwrap();
        return;
    }
    assert_eq!(page, made, "run it with COUNTERSIGN_WRITE_FIXTURES=1");
}
