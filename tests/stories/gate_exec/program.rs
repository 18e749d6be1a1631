//! The real program: what a shell, a script or an agent sees of `gate exec`.

use super::desk::{Queue, script};
use crate::support::program::{Program, Ran, wait};
use countersign::{
    domain::{ActionState, Verdict},
    store::Store as _,
};
use rustix::process::{Pid, Signal};
use std::{
    fs,
    io::Read as _,
    os::unix::fs::PermissionsExt as _,
    process::{Child, Stdio},
    time::{Duration, Instant},
};

/// A home on a host that is production, so that whatever changes something needs somebody.
pub fn home() -> Program {
    Program::configured("[production]\nhosts = [\"*\"]\n")
}

/// Changes something and can be turned back: one approval.
const CHANGE: [&str; 6] = ["gate", "exec", "--", "sh", "-c", "echo ran >> ran; exit 7"];

fn ran(home: &Program) -> bool {
    home.path("ran").exists()
}

fn signal(child: &Child, signal: Signal) {
    let pid = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    rustix::process::kill_process(pid, signal).unwrap();
}

/// Starts the change and waits until it is in the queue; answers in the reviewer's place.
fn answered(home: &Program, command: &[&str]) -> Ran {
    let child = home.command(&["gate", "exec", "--", "sh", "-c", "echo ran >> ran; exit 7"]);
    let mut child = child;
    let child = child.spawn().unwrap();
    let row = pending(home);
    let (id, digest) = (row["id"].as_str().unwrap(), row["digest"].as_str().unwrap());
    let mut arguments = vec![command[0], id, "--digest", digest];
    arguments.extend(&command[1..]);
    let said = home.run(&arguments);
    assert_eq!(said.status, 0, "{said:?}");
    wait(child)
}

/// The only request in the queue.
pub fn pending(home: &Program) -> serde_json::Value {
    let until = Instant::now() + Duration::from_mins(1);
    loop {
        let listed = home.run(&["--json", "queue"]).json();
        if let Some(row) = listed["actions"].as_array().and_then(|rows| rows.first()) {
            return row.clone();
        }
        assert!(Instant::now() < until, "nothing came into the queue");
    }
}

#[test]
fn what_is_harmless_runs_at_once_with_its_own_status_and_no_word_of_ours() {
    let home = home();
    let ran = home.run(&["gate", "exec", "--", "sh", "-c", "echo out; echo err >&2; exit 41"]);
    assert_eq!((ran.status, ran.stdout.as_str(), ran.stderr.as_str()), (41, "out\n", "err\n"));

    let ran = home.run(&["-v", "gate", "exec", "--", "true"]);
    assert!(ran.stderr.contains("let through and logged"), "{ran:?}");
}

#[test]
fn what_cannot_be_logged_does_not_run() {
    let home = home();
    // The folder of the store is a file.
    home.write("state/countersign", "in the way");
    let ran = home.run(&["gate", "exec", "--", "echo", "hi"]);
    assert_eq!((ran.status, ran.stdout.as_str()), (77, ""), "{ran:?}");
}

#[test]
fn a_store_that_is_none_lets_nothing_held_run() {
    let home = home();
    home.write("state/countersign/countersign.db", "this is no database, just some text");
    let refused = home.run(&CHANGE);
    assert_eq!(refused.status, 77, "{refused:?}");
    assert!(!refused.stderr.is_empty() && !ran(&home));
}

#[test]
fn an_approved_command_runs_and_a_rejected_one_does_not() {
    let home = home();
    let approved = answered(&home, &["approve"]);
    assert_eq!(approved.status, 7, "{approved:?}");
    assert!(approved.stderr.contains("waiting for 1 of 1: one more person; expires in "));
    assert!(approved.stderr.contains("countersign: approved"));
    assert!(ran(&home));
    fs::remove_file(home.path("ran")).unwrap();

    let rejected = answered(&home, &["reject", "--reason", "not on a Friday"]);
    assert_eq!(rejected.status, 77, "{rejected:?}");
    assert!(rejected.stderr.contains("not on a Friday"), "{rejected:?}");
    assert!(!ran(&home));
}

#[test]
fn what_nobody_decides_ends_with_a_ticket_and_what_to_do() {
    let home = home();
    let mut line = vec!["gate", "exec", "--timeout", "1s"];
    line.extend(&CHANGE[2..]);
    let expired = home.run(&line);
    assert_eq!(expired.status, 75, "{expired:?}");
    assert!(expired.stderr.contains("a-") && expired.stderr.contains("Run the same command again"));
    assert!(!ran(&home));
}

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_while_it_waits_takes_the_request_back() {
    let home = home();
    let child = home.command(&CHANGE).spawn().unwrap();
    let row = pending(&home);
    signal(&child, Signal::INT);
    let withdrawn = wait(child);
    assert_eq!(withdrawn.status, 130, "{withdrawn:?}");
    let store = home.store().await;
    let rows = store.actions(true).await.unwrap();
    assert_eq!(rows[0].id.as_str(), row["id"].as_str().unwrap());
    assert_eq!(rows[0].state, ActionState::Gone);
    assert!(!ran(&home));
}

#[test]
fn a_window_that_changes_or_a_process_that_goes_on_withdraws_nothing() {
    let home = home();
    let child = home.command(&CHANGE).spawn().unwrap();
    let first = pending(&home);
    signal(&child, Signal::WINCH);
    signal(&child, Signal::CONT);
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(pending(&home)["id"], first["id"]);
    signal(&child, Signal::TERM);
    assert_eq!(wait(child).status, 143);
}

#[test]
fn a_signal_while_it_runs_reaches_the_command_and_its_end_is_told() {
    let home = home();
    let mut child = home.command(&["gate", "exec", "--", "sleep", "600"]).spawn().unwrap();
    let until = Instant::now() + Duration::from_mins(1);
    // The command is there once the gate has a child.
    let children = format!("/proc/{0}/task/{0}/children", child.id());
    while fs::read_to_string(&children).unwrap_or_default().trim().is_empty() {
        assert!(Instant::now() < until && child.try_wait().unwrap().is_none(), "never started");
        std::thread::sleep(Duration::from_millis(10));
    }
    signal(&child, Signal::TERM);
    assert_eq!(wait(child).status, 143);
}

#[test]
fn huge_output_comes_through_whole() {
    let home = home();
    let ran = home.run(&["gate", "exec", "--", "seq", "1", "1000000"]);
    assert_eq!((ran.status, ran.stdout.len()), (0, 6_888_896));
}

#[test]
fn standard_input_belongs_to_the_command() {
    let home = home();
    let ran = home.run_with_input(&["gate", "exec", "--", "cat"], "for cat\n");
    assert_eq!((ran.status, ran.stdout.as_str()), (0, "for cat\n"), "{ran:?}");
}

#[test]
fn a_closed_standard_error_changes_nothing() {
    let home = home();
    let program = env!("CARGO_BIN_EXE_countersign");
    let line = format!("exec {program} -v gate exec -- echo still 2>&-");
    let mut shell = home.command(&[]);
    let environment: Vec<_> =
        shell.get_envs().map(|(n, v)| (n.to_owned(), v.map(Into::into))).collect();
    shell = std::process::Command::new("sh");
    shell.arg("-c").arg(line).env_clear().current_dir(home.path(""));
    shell.stdin(Stdio::null()).stdout(Stdio::piped());
    for (name, value) in environment {
        let value: Option<std::ffi::OsString> = value;
        shell.env(name, value.unwrap_or_default());
    }
    let mut child = shell.spawn().unwrap();
    let mut out = String::new();
    child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    assert_eq!((child.wait().unwrap().code(), out.as_str()), (Some(0), "still\n"));
}

#[test]
fn a_program_that_is_not_there_or_cannot_start_ends_as_in_a_shell() {
    let home = home();
    assert_eq!(home.run(&["gate", "exec", "--", "no-such-program"]).status, 127);
    home.write("a-text", "no program");
    assert_eq!(home.run(&["gate", "exec", "--", "./a-text"]).status, 126);
    assert_eq!(home.run(&["gate", "exec", "--", "./"]).status, 126);
    let broken = home.write("broken", "\u{7f}ELF but not really");
    fs::set_permissions(&broken, fs::Permissions::from_mode(0o755)).unwrap();
    script(&home.path(""), "fine", "#!/no/such/interpreter\n");
    let refused = home.run(&["gate", "exec", "--", "./fine"]);
    assert_eq!(refused.status, 77, "its interpreter cannot be pinned: {refused:?}");
}

#[test]
fn the_waiting_line_stays_up_to_date_on_a_terminal() {
    let home = home();
    let mut session = home.on_terminal(100, 24, &CHANGE);
    session.wait_for("waiting for 1 of 1: one more person; expires in ");
    let row = pending(&home);
    assert_eq!(session.text().matches("waiting for").count(), 1, "one line: {}", session.text());
    let (id, digest) = (row["id"].as_str().unwrap(), row["digest"].as_str().unwrap());
    assert_eq!(home.run(&["approve", id, "--digest", digest]).status, 0);
    session.wait_for("countersign: approved");
    assert_eq!(session.wait_for_end().exit_code(), 7);
}

#[test]
fn ctrl_c_on_a_terminal_takes_the_request_back() {
    let home = home();
    let mut session = home.on_terminal(100, 24, &CHANGE);
    session.wait_for("waiting for 1 of 1");
    session.send("\u{3}");
    session.wait_for("withdrawn");
    assert_eq!(session.wait_for_end().exit_code(), 130);
    assert!(!ran(&home));
}

/// The waiting process goes on by itself: nobody has to tell it.
#[tokio::test(flavor = "multi_thread")]
async fn approvals_given_elsewhere_are_seen() {
    let queue = Queue::new().await;
    let waiting = queue.wait("echo ran >> ran");
    let action = queue.asked(&waiting.dir).await;
    queue.decide(&action, Verdict::Approve, "imogen").await;
    waiting.ended.await.unwrap().unwrap();
    assert_eq!(queue.state(&action.id).await, ActionState::Approved);
}
