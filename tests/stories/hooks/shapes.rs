//! Every shape that hosts send: what it comes to, and what is answered to events that are no call.

use super::{host::payload, model::Ended};
use countersign::{
    classify::Setting,
    domain::Class,
    gate::{
        Wanted,
        hook::{self, Asked, Host, Reason, Said},
    },
};
use std::{collections::BTreeSet, fs, path::Path};

use Class::{Destructive, Mutating, Opaque, ReadOnly};

/// Host, file, what it is called, how severe it is.
const CALLS: &[(&str, &str, &str, Class)] = &[
    ("claude-code", "shell", "@COMMAND@", Opaque),
    ("claude-code", "write", "write /home/robin/shop/src/cart.rs", Mutating),
    ("claude-code", "edit_own_settings", "edit /home/robin/.claude/settings.json", Mutating),
    ("claude-code", "notebook", "edit /home/robin/shop/a.ipynb", Mutating),
    ("claude-code", "read", "read /home/robin/shop/README.md", ReadOnly),
    ("claude-code", "fetch", "fetch https://docs.rs/serde", ReadOnly),
    ("claude-code", "mcp", "github/merge_pull_request", Mutating),
    ("claude-code", "todo", "the agent's own business", ReadOnly),
    ("claude-code", "new_tool", "TimeMachine", Opaque),
    ("cursor", "shell", "@COMMAND@", Opaque),
    ("cursor", "mcp", "/merge_pull_request", Mutating),
    ("cursor", "tool_shell", "@COMMAND@", Opaque),
    ("cursor", "tool_write", "write /home/robin/shop/src/cart.rs", Mutating),
    ("cursor", "tool_delete", "delete /home/robin/shop/src/cart.rs", Destructive),
    ("cursor", "tool_mcp", "/merge_pull_request", Mutating),
    ("cursor", "read_file", "read /home/robin/.aws/credentials", Mutating),
    ("codex", "shell", "@COMMAND@", Opaque),
    (
        "codex",
        "patch",
        "edit /home/robin/shop/src/cart.rs, delete /home/robin/shop/src/old.rs",
        Destructive,
    ),
    ("codex", "mcp", "github/merge_pull_request", Mutating),
    ("codex", "plan", "the agent's own business", ReadOnly),
    ("codex", "typed", "write_stdin", Opaque),
    ("gemini", "shell", "@COMMAND@", Opaque),
    ("gemini", "write", "write /home/robin/shop/src/cart.rs", Mutating),
    ("gemini", "mcp", "github/merge_pull_request", Mutating),
    ("gemini", "mcp_without_context", "github/merge_pull_request", Mutating),
    ("gemini", "fetch", "fetch https://docs.rs/serde", ReadOnly),
    ("kiro", "shell", "@COMMAND@", Opaque),
    ("kiro", "v3_shell", "@COMMAND@", Opaque),
    ("kiro", "write", "write /home/robin/shop/src/cart.rs", Mutating),
    ("kiro", "aws", "aws s3api delete-bucket --bucket backups --region eu-west-1", Destructive),
    ("kiro", "mcp", "github/merge_pull_request", Mutating),
    ("kiro", "read", "read /home/robin/shop/README.md", ReadOnly),
    ("kiro", "delegate", "delegate", Opaque),
    ("kiro", "ide_write", "write /home/robin/shop/.git/hooks/pre-push", Destructive),
    ("copilot", "shell", "@COMMAND@", Opaque),
    ("copilot", "shell_in_a_string", "git status", ReadOnly),
    ("copilot", "create", "write /home/robin/shop/src/cart.rs", Mutating),
    ("copilot", "mcp", "github-mcp-server/merge_pull_request", Mutating),
    ("copilot", "typed", "write_bash", Opaque),
    ("copilot", "pascal_shell", "@COMMAND@", Opaque),
    ("copilot", "pascal_patch", "delete /home/robin/shop/src/old.rs", Destructive),
    ("windsurf", "shell", "@COMMAND@", Opaque),
    ("windsurf", "write", "edit /home/robin/shop/src/cart.rs", Mutating),
    ("windsurf", "new_file", "write /home/robin/.bashrc", Destructive),
    ("windsurf", "read", "read /home/robin/shop/README.md", ReadOnly),
    ("windsurf", "mcp", "github/merge_pull_request", Mutating),
    ("devin", "shell", "@COMMAND@", Opaque),
    ("devin", "edit", "edit /home/robin/shop/src/cart.rs", Mutating),
    ("devin", "mcp", "github/merge_pull_request", Mutating),
    ("opencode", "shell", "@COMMAND@", Opaque),
    ("opencode", "elsewhere", "git status", ReadOnly),
    ("opencode", "write", "write /home/robin/shop/src/cart.rs", Mutating),
    ("opencode", "patch", "delete /home/robin/shop/src/old.rs", Destructive),
    ("opencode", "mcp", "github/merge_pull_request", Mutating),
    ("opencode", "batch", "batch", Opaque),
];

/// Events that are no call, and what is said to them.
const ASIDE: &[(&str, &str, &str)] = &[
    ("claude-code", "after", r#"{"continue":true}"#),
    ("claude-code", "prompt", r#"{"continue":true}"#),
    ("cursor", "prompt", r#"{"continue":true,"permission":"allow"}"#),
    ("codex", "start", r#"{"continue":true}"#),
    ("gemini", "after", r#"{"continue":true}"#),
    // What is printed there becomes part of the agent's context.
    ("kiro", "spawn", ""),
    ("copilot", "start", "{}"),
    ("windsurf", "after", "let through by countersign"),
    ("windsurf", "prompt", "let through by countersign"),
    ("devin", "after", "{}"),
];

fn host(name: &str) -> &'static dyn Host {
    hook::host(name).unwrap_or_else(|| panic!("no host {name}"))
}

fn read(name: &str, file: &str) -> Asked {
    let read = host(name).read(payload(name, file).as_bytes());
    read.unwrap_or_else(|error| panic!("{name}/{file}: {error}"))
}

#[test]
fn every_shape_comes_to_what_it_is() {
    let mut wrong = Vec::new();
    for &(name, file, title, class) in CALLS {
        let asked = read(name, file);
        let told = asked.wanted.title().raw().to_owned();
        let found = asked.wanted.assess(&Setting::default()).class();
        if !told.starts_with(title) || found != class {
            wrong.push(format!("{name}/{file}: {told} is {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_shape_is_left_out() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/hooks");
    let calls = CALLS.iter().map(|&(host, file, ..)| format!("{host}/{file}.json"));
    let aside = ASIDE.iter().map(|&(host, file, _)| format!("{host}/{file}.json"));
    let listed: BTreeSet<String> = calls.chain(aside).collect();
    let mut there = BTreeSet::new();
    for entry in fs::read_dir(&folder).unwrap().map(Result::unwrap) {
        if entry.path().is_dir() {
            for file in fs::read_dir(entry.path()).unwrap().map(Result::unwrap) {
                let path = file.path();
                there.insert(path.strip_prefix(&folder).unwrap().display().to_string());
            }
        }
    }
    assert_eq!(listed, there);
}

#[test]
fn who_asks_and_where_is_told() {
    for &(name, file, ..) in CALLS {
        let asked = read(name, file);
        assert!(!asked.tool.is_empty(), "{name}/{file}");
        let here = match (name, file) {
            (_, "elsewhere") => "/srv",
            ("windsurf", file) if file != "shell" => "",
            _ => "/home/robin/shop",
        };
        assert_eq!(asked.cwd, here, "{name}/{file}");
        let has_session = name != "kiro" || file == "v3_shell" || file == "ide_write";
        assert_eq!(!asked.session.is_empty(), has_session, "{name}/{file}");
    }
}

#[test]
fn an_event_that_is_no_call_is_answered_so_that_nothing_changes() {
    for &(name, file, said) in ASIDE {
        let (host, asked) = (host(name), read(name, file));
        assert_eq!(asked.wanted, Wanted::Own, "{name}/{file}");
        for word in [Said::Allow, Said::Deny(Reason::new("no"))] {
            let answer = host.answer(&word, Some(&asked));
            assert_eq!((answer.stdout.trim(), answer.status), (said, 0), "{name}/{file} {word:?}");
        }
    }
}

#[test]
fn an_event_nobody_knows_is_refused_like_a_call() {
    for (name, file) in [
        ("claude-code", "shell"),
        ("cursor", "shell"),
        ("codex", "shell"),
        ("gemini", "shell"),
        ("kiro", "shell"),
        ("copilot", "pascal_shell"),
        ("windsurf", "shell"),
        ("devin", "shell"),
    ] {
        let mut value: serde_json::Value = serde_json::from_str(&payload(name, file)).unwrap();
        let field = if name == "windsurf" { "agent_action_name" } else { "hook_event_name" };
        value[field] = "BeforeEverything".into();
        let host = host(name);
        let error = host.read(value.to_string().as_bytes()).unwrap_err();
        assert!(error.to_string().contains("BeforeEverything"), "{name}: {error}");
        let answer = host.answer(&Said::Deny(Reason::new(error.to_string())), None);
        let (stdout, stderr) = (answer.stdout, answer.stderr);
        let ended = Ended { status: Some(answer.status.into()), stdout, stderr, late: false };
        assert!(!super::model::runs(name, &ended), "{name}: {ended:?}");
    }
}

#[test]
fn cursor_asks_twice_and_one_of_them_is_answered_by_the_other() {
    let shell = payload("cursor", "tool_shell");
    let beside = host("cursor-tools").read(shell.as_bytes()).unwrap();
    assert_eq!(beside.wanted, Wanted::Own);
    let write = payload("cursor", "tool_write");
    let beside = host("cursor-tools").read(write.as_bytes()).unwrap();
    assert!(matches!(beside.wanted, Wanted::Write { .. }));
    let before = host("cursor-tools").read(payload("cursor", "shell").as_bytes()).unwrap();
    assert!(matches!(before.wanted, Wanted::Shell { .. }));
}

#[test]
fn what_a_file_holds_that_is_read_is_not_kept() {
    let asked = read("cursor", "read_file");
    assert!(!asked.input.to_string().contains("[default]"), "{:?}", asked.input);
}

#[test]
fn a_yes_is_one_that_the_host_accepts() {
    for (name, file) in super::host::HOSTS {
        let answer = host(name).answer(&Said::Allow, Some(&read(name, file)));
        let (stdout, stderr) = (answer.stdout, answer.stderr);
        let ended = Ended { status: Some(answer.status.into()), stdout, stderr, late: false };
        assert!(super::model::runs(name, &ended), "{name}: {ended:?}");
        assert!(!ended.stdout.trim().is_empty() && ended.stderr.is_empty(), "{name}: {ended:?}");
        if *name == "codex" {
            assert!(!super::model::codex_complains(&ended), "{ended:?}");
        }
    }
}

#[test]
fn half_a_payload_is_never_read() {
    for &(name, file, ..) in CALLS {
        let whole = payload(name, file);
        let whole = whole.trim_end();
        for end in (0..whole.len()).filter(|end| whole.is_char_boundary(*end)) {
            assert!(host(name).read(&whole.as_bytes()[..end]).is_err(), "{name}/{file}: {end}");
        }
    }
}
