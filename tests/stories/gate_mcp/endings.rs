//! However it ends, nothing is left behind.

use super::talk::{Talk, at_home, waiting};
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use serde_json::json;
use std::{
    fs,
    time::{Duration, Instant},
};

fn pid_in(file: &std::path::Path) -> Pid {
    let until = Instant::now() + Duration::from_mins(1);
    loop {
        let text = fs::read_to_string(file).unwrap_or_default();
        if let Some(pid) = text.trim().parse().ok().and_then(Pid::from_raw) {
            return pid;
        }
        assert!(Instant::now() < until, "no process id in {}", file.display());
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn is_gone(pid: Pid) -> bool {
    let until = Instant::now() + Duration::from_mins(1);
    while test_kill_process(pid).is_ok() {
        if Instant::now() > until {
            return false;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    true
}

#[test]
fn a_client_that_hangs_up_ends_the_server_and_what_it_started() {
    let program = at_home();
    // Ignores its input, and leaves somebody behind.
    let server = "sleep 600 & echo $! > behind; echo $$ > pid; exec sleep 600";
    let mut talk = Talk::with(&program, &[], &["sh", "-c", server]);
    let (pid, behind) = (pid_in(&program.path("pid")), pid_in(&program.path("behind")));
    talk.hang_up();
    assert_eq!(talk.ended(), Some(0));
    assert!(is_gone(pid) && is_gone(behind));
}

#[test]
fn a_signal_ends_the_server_too() {
    let program = at_home();
    let mut talk = Talk::with(&program, &[], &["sh", "-c", "echo $$ > pid; exec sleep 600"]);
    let pid = pid_in(&program.path("pid"));
    let ours = Pid::from_raw(i32::try_from(talk.child.id()).unwrap()).unwrap();
    kill_process(ours, Signal::TERM).unwrap();
    assert_eq!(talk.ended(), Some(143));
    assert!(is_gone(pid));
}

#[test]
fn a_server_that_ends_hands_on_its_last_words_and_its_status() {
    let program = at_home();
    let server = r#"echo '{"jsonrpc":"2.0","method":"bye"}'; echo sorry >&2; exit 9"#;
    let mut talk = Talk::with(&program, &[], &["sh", "-c", server]);
    assert_eq!(talk.heard(), r#"{"jsonrpc":"2.0","method":"bye"}"#);
    assert_eq!(talk.ended(), Some(9));
    talk.until_told("sorry");
}

#[test]
fn a_server_that_ends_while_a_call_is_held_takes_nothing_with_it() {
    let program = at_home();
    let server = "read -r line; read -r line; kill -KILL $$";
    let mut talk = Talk::with(&program, &["--name", "github"], &["sh", "-c", server]);
    talk.request("tools/call", &json!({"name": "update_issue", "arguments": {}}));
    waiting(&program);
    talk.request("ping", &json!({}));
    talk.request("ping", &json!({}));
    assert_eq!(talk.ended(), Some(137));
    waiting(&program);
}

#[test]
fn what_a_server_prints_beside_its_messages_is_left_out() {
    let program = at_home();
    let server = r#"echo 'Server listening…'; echo '{"a":'; echo; echo '{"jsonrpc":"2.0","id":1,"result":{}}'; cat"#;
    let mut talk = Talk::with(&program, &[], &["sh", "-c", server]);
    assert_eq!(talk.heard(), r#"{"jsonrpc":"2.0","id":1,"result":{}}"#);
    talk.until_told("a line of the server is left out");
    talk.hears_only(&json!({"jsonrpc": "2.0", "id": 2, "method": "ping"}));
    assert_eq!(talk.end(), Some(0));
}

#[test]
fn the_server_has_our_environment_and_directory() {
    let program = at_home().with("MY_TOKEN_NAME", "quite a value");
    let server = r#"echo "{\"token\":\"$MY_TOKEN_NAME\",\"at\":\"$PWD\"}"; cat"#;
    let talk = Talk::with(&program, &[], &["sh", "-c", server]);
    let heard: serde_json::Value = serde_json::from_str(&talk.heard()).unwrap();
    assert_eq!(heard["token"], "quite a value");
    assert_eq!(heard["at"], program.path("").canonicalize().unwrap().to_str().unwrap());
}

#[test]
fn a_server_that_is_not_there_is_said_as_a_shell_would() {
    let ran = at_home().run(&["gate", "mcp", "--", "no-such-mcp-server"]);
    assert_eq!(ran.status, 127, "{ran:?}");
    assert!(ran.stderr.contains("cannot be started"), "{ran:?}");
    let ran = at_home().run(&["gate", "mcp"]);
    assert_eq!(ran.status, 2, "{ran:?}");
    let ran = at_home().run(&["gate", "mcp", "--url", "http://x/", "--header-env", "A=NOT_SET_7"]);
    assert_eq!(ran.status, 2, "{ran:?}");
    assert!(ran.stderr.contains("NOT_SET_7"), "{ran:?}");
}
