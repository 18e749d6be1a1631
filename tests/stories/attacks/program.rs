//! The same with the real program: two reviewers at their shells, a gate, an auditor.

use super::office::{Office, says};
use crate::support::program::{Program, Ran, wait};
use std::{
    process::Child,
    time::{Duration, Instant},
};

/// A home whose configuration names the office's keys, and this policy.
fn home(office: &Office, more: &str) -> Program {
    let signers = office.path("allowed_signers");
    let text = format!(
        "[trust]\nsigners = {:?}\n\n[groups]\nsenior = [\"ines\", \"rowan\"]\n\n\
         [production]\nhosts = [\"*\"]\n{more}",
        signers.display()
    );
    Program::configured(text)
}

fn gate(program: &Program) -> Child {
    let command = ["gate", "exec", "--timeout", "1m", "--", "rm", "-rf", "/srv/data"];
    program.command(&command).spawn().unwrap()
}

/// What waits: its id and its digest.
fn waiting(program: &Program) -> (String, String) {
    let until = Instant::now() + Duration::from_mins(1);
    loop {
        let queue = program.run(&["queue", "--json"]).json();
        if let Some(action) = queue["actions"].get(0) {
            let text = |key: &str| action[key].as_str().unwrap().to_owned();
            return (text("id"), text("digest"));
        }
        assert!(Instant::now() < until, "nothing waits");
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn approve(program: &Program, office: &Office, who: &str, (id, digest): &(String, String)) -> Ran {
    let words = ["approve", id, "--digest", digest];
    let mut command = program.command(&words);
    command.env("SSH_AUTH_SOCK", office.socket(who));
    wait(command.spawn().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_reviewers_sign_at_their_shells_and_the_command_runs() {
    let office = Office::open().await;
    let program = home(&office, "");
    let child = gate(&program);
    let asked = waiting(&program);

    let first = approve(&program, &office, "ana", &asked);
    assert_eq!(first.status, 75, "{first:?}");
    says(&first.stdout, &["counted", "one of senior (ines, rowan)"]);
    let second = approve(&program, &office, "rowan", &asked);
    assert_eq!(second.status, 0, "{second:?}");

    let ran = wait(child);
    assert_eq!(ran.status, 0, "{ran:?}");
    says(&ran.stderr, &["approved"]);
    let shown = program.run(&["show", &asked.0, "--json"]).json();
    let decisions = shown["action"]["decisions"].as_array().unwrap();
    assert_eq!(decisions.len(), 2);
    assert!(decisions.iter().all(|one| one["signed"] == true), "{decisions:?}");
    let page = program.run(&["show", &asked.0]);
    says(&page.stdout, &["signed with SHA256:"]);
    assert!(!page.stdout.contains("unsigned"), "{page:?}");

    let head = program.run(&["ledger", "checkpoint"]);
    assert_eq!(head.status, 0, "{head:?}");
    let verified = program.run(&["ledger", "verify"]);
    assert_eq!(verified.status, 0, "{verified:?}");
    let report = program.run(&["ledger", "verify", "--json"]).json();
    assert_eq!(report["signatures"], 2, "{report}");
    assert_eq!(report["rosters"].as_array().unwrap().len(), 1, "told once: {report}");
    // Whoever audits it has stock tools, and nothing of ours.
    let folder = office.path("evidence");
    let bundle = program.run(&["evidence", &asked.0, "-o", folder.to_str().unwrap()]);
    assert_eq!(bundle.status, 0, "{bundle:?}");
    let mut audit = std::process::Command::new("sh");
    let audit = audit.arg("verify.sh").current_dir(&folder).output().unwrap();
    let told = String::from_utf8_lossy(&audit.stdout);
    assert!(audit.status.success(), "{told}\n{}", String::from_utf8_lossy(&audit.stderr));
    says(&told, &["ana approved exactly this", "rowan approved exactly this"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_key_nothing_is_decided_and_the_command_says_what_to_do() {
    let office = Office::open().await;
    let program = home(&office, "");
    let child = gate(&program);
    let asked = waiting(&program);

    let alone = program.run(&["approve", &asked.0, "--digest", &asked.1]);

    assert_eq!(alone.status, 77, "{alone:?}");
    says(&alone.stderr, &["allowed signers have no key of robin"]);
    let mut nobody = program.command(&["doctor"]);
    let nobody = wait(nobody.env_remove("SSH_AUTH_SOCK").spawn().unwrap());
    says(&nobody.stdout, &["signatures", "there is no ssh-agent"]);
    let mut ana = program.command(&["doctor"]);
    let ana = wait(ana.env("SSH_AUTH_SOCK", office.socket("ana")).spawn().unwrap());
    says(&ana.stdout, &["ana, SHA256:", "in software"]);
    drop(Killed(child));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nobody_has_a_key_what_is_destructive_cannot_be_approved() {
    let program = Program::configured("[production]\nhosts = [\"*\"]\n");
    let child = gate(&program);
    let asked = waiting(&program);

    let refused = program.run(&["approve", &asked.0, "--digest", &asked.1]);

    assert_eq!(refused.status, 77, "{refused:?}");
    says(&refused.stderr, &["policy asks for signed decisions", "[trust] signers"]);
    let page = program.run(&["show", &asked.0]);
    says(&page.stdout, &["unsigned"]);
    drop(Killed(child));
}

struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
