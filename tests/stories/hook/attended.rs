//! Late, broken, full, cut off: never a yes.

use super::{asked, ended, is_allowed, is_denied, question, started};
use crate::support::program::Program;
use rustix::process::{Pid, Signal, kill_process};
use std::{
    fs::{self, OpenOptions},
    io::Write as _,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

const HOOK: [&str; 3] = ["gate", "hook", "claude-code"];
const SHORT: [&str; 5] = ["gate", "hook", "claude-code", "--wait", "1s"];

fn pipe(program: &Program, below: &str) -> String {
    let path = program.write(below, "");
    fs::remove_file(&path).unwrap();
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    path.display().to_string()
}

#[test]
fn a_call_that_only_looks_is_let_through_and_one_that_destroys_is_held() {
    let program = Program::new();
    assert!(is_allowed(&asked(&program, "ls -la")), "{:?}", asked(&program, "ls -la"));
    let held = program.run_with_input(&SHORT, &question("rm -rf /srv/data", "/srv"));
    assert!(is_denied(&held), "{held:?}");
    assert!(held.stderr.contains("waits for approval as a-"), "{held:?}");
    let needs = ": needs 2 approvals, one of them by senior (nobody is in that group); expires ";
    assert!(held.stderr.contains(needs), "{held:?}");
}

/// The small program does not look the account's home up by itself.
#[test]
fn without_a_home_in_the_environment_it_answers_all_the_same() {
    let program = Program::new();
    let mut hook = program.command(&HOOK);
    hook.env_remove("HOME").arg("--store").arg(program.path("elsewhere.db"));
    let ran = ended(started(hook, &question("ls -la", "/srv")));
    assert!(is_allowed(&ran), "{ran:?}");
}

#[test]
fn an_input_that_is_no_question_is_refused() {
    let program = Program::new();
    let long = "x".repeat(9 << 20);
    for input in ["", "{", "[]", "null", "{\"hook_event_name\":1}", "\u{1b}[2J", &long] {
        let ran = program.run_with_input(&HOOK, input);
        assert!(is_denied(&ran), "{} bytes: {ran:?}", input.len());
    }
}

#[test]
fn a_host_that_never_closes_its_question_is_answered_in_time() {
    let program = Program::new();
    let mut child = program.command(&SHORT).stdin(Stdio::piped()).spawn().unwrap();
    let mut open = child.stdin.take().unwrap();
    open.write_all(b"{").unwrap();
    let ran = ended(child);
    drop(open);
    assert!(is_denied(&ran), "{ran:?}");
    assert!(ran.stderr.contains("in time"), "{ran:?}");
}

#[test]
fn a_configuration_that_never_ends_is_not_waited_for() {
    let program = Program::new();
    pipe(&program, "config/countersign/config.toml");
    let ran = program.run_with_input(&SHORT, &question("ls", "/"));
    assert!(is_denied(&ran), "{ran:?}");
}

#[test]
fn a_configuration_that_is_wrong_is_a_refusal() {
    let program = Program::configured("[store]\npth = 1\n");
    let ran = asked(&program, "ls");
    assert!(is_denied(&ran), "{ran:?}");
}

#[test]
fn a_store_that_cannot_be_written_or_is_none_is_a_refusal() {
    let program = Program::new();
    program.write("state/countersign/countersign.db", "this is a letter");
    assert!(is_denied(&asked(&program, "ls")));
    let program = Program::new();
    program.write("state/countersign", "a file where the folder should be");
    assert!(is_denied(&asked(&program, "ls")));
}

#[test]
fn a_policy_that_everybody_can_write_is_a_refusal() {
    use std::os::unix::fs::PermissionsExt as _;
    let program = Program::new();
    let rule = "@id(\"all\") @approvals(\"0\") permit (principal, action, resource);";
    let policy = program.write("policy.cedar", format!("// version: 1\n{rule}\n"));
    let config = format!("[policy]\nfile = {:?}\n", policy.display());
    program.write("config/countersign/config.toml", config);
    assert!(is_allowed(&asked(&program, "ls")));
    fs::set_permissions(&policy, fs::Permissions::from_mode(0o646)).unwrap();
    let ran = asked(&program, "ls");
    assert!(is_denied(&ran), "{ran:?}");
    assert!(ran.stderr.contains("every user of this machine can write it"), "{ran:?}");
}

#[test]
fn the_program_itself_is_what_no_agent_may_touch() {
    let program = Program::new();
    let own = env!("CARGO_BIN_EXE_countersign");
    for line in [format!("chmod 000 {own}"), format!("cp /bin/true {own}-hook")] {
        let ran = asked(&program, &line);
        assert!(is_denied(&ran), "{ran:?}");
        assert!(ran.stderr.contains("hands-off-the-gate"), "{ran:?}");
    }
}

#[test]
fn a_fault_of_our_own_is_a_refusal() {
    let program = Program::new().with("COUNTERSIGN_TEST_FAULT", "panic");
    let ran = asked(&program, "ls");
    assert!(is_denied(&ran), "{ran:?}");
    assert!(ran.stderr.contains("fault of countersign's own"), "{ran:?}");
    let program = Program::new().with("COUNTERSIGN_TEST_FAULT", "hang");
    let ran = program.run_with_input(&SHORT, &question("ls", "/"));
    assert!(is_denied(&ran), "{ran:?}");
}

#[test]
fn an_answer_that_nobody_can_hear_is_a_status_that_stops_the_call() {
    let program = Program::new();
    for place in ["/dev/full", "/dev/null"] {
        let full = OpenOptions::new().write(true).open(place).unwrap();
        let mut command = program.command(&HOOK);
        command.stdout(full);
        let ran = ended(started(command, &question("ls", "/")));
        assert_eq!(ran.status, 2, "{place}: {ran:?}");
        assert!(!ran.stderr.is_empty(), "{place}: {ran:?}");
    }
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = program.command(&HOOK);
    command.stdout(writer);
    assert_eq!(ended(started(command, &question("ls", "/"))).status, 2, "nobody reads");
}

/// Waits until a process catches SIGTERM: bit 14 of what `/proc` says it catches.
fn until_it_listens(pid: u32) {
    let end = std::time::Instant::now() + Duration::from_mins(1);
    loop {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
        let caught = caught.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
        if caught.is_some_and(|mask| mask & (1 << 14) != 0) {
            return;
        }
        assert!(std::time::Instant::now() < end, "it never listened: {status}");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn whoever_ends_a_hook_that_waits_gets_a_no_and_the_ticket_stays() {
    for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
        let program = Program::new();
        let child = started(program.command(&HOOK), &question("rm -rf /srv/data", "/srv"));
        let pid = Pid::from_raw(child.id().try_into().unwrap()).unwrap();
        while !program.run(&["queue"]).stdout.contains("rm -rf") {
            thread::sleep(Duration::from_millis(20));
        }
        until_it_listens(child.id());
        kill_process(pid, signal).unwrap();
        let ran = ended(child);
        assert!(is_denied(&ran), "{signal:?}: {ran:?}");
        assert!(program.run(&["queue"]).stdout.contains("rm -rf"), "{signal:?}");
    }
}

#[test]
fn a_host_that_nobody_knows_gets_no_yes() {
    let ran = Program::new().run_with_input(&["gate", "hook", "hal"], &question("ls", "/"));
    assert_eq!((ran.status, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("claude-code"), "{ran:?}");
    let ran = Program::new().run_with_input(&["gate", "hook"], &question("ls", "/"));
    assert_eq!(ran.status, 2, "{ran:?}");
}

#[test]
fn a_home_that_is_not_there_is_a_refusal() {
    let program = Program::new();
    let mut command = program.command(&HOOK);
    command.env_remove("XDG_STATE_HOME").env("HOME", "nowhere");
    let ran = ended(started(command, &question("ls", "/")));
    assert!(is_denied(&ran), "{ran:?}");
}
