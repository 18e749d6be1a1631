//! For every host: let through, refused, held, approved, passed once, held again.

use super::host::{HOSTS, Outcome, ask, calling};
use crate::support::program::Program;
use std::{fs, thread};

/// Looks only.
const LOOKS: &str = "git status --short";
/// Lets go of something that cannot come back.
const DESTROYS: &str = "aws s3 rb s3://backups --force";
/// Can be turned back, and is somewhere else, so somebody has to agree.
const CHANGES: &str = "kubectl --context prod-eu scale deployment/web --replicas=3";

/// A home in which this host is production.
fn production() -> Program {
    Program::configured("[production]\nhosts = [\"*\"]\nkube_contexts = [\"prod-*\"]\n")
}

/// Waits long enough for a busy machine to put the call into the queue.
fn asked(program: &Program, host: &str, shape: &str, command: &str) -> Outcome {
    ask(program, host, "--wait 4s", &calling(host, shape, command))
}

/// Does it for every host at once: most of it is waiting.
fn every(story: impl Fn(&str, &str, &str) + Sync) {
    thread::scope(|scope| {
        for (host, shape) in HOSTS {
            let story = &story;
            scope.spawn(move || story(host, shape, &format!("{host}/{shape}")));
        }
    });
}

#[test]
fn a_command_that_only_looks_is_let_through() {
    every(|host, shape, told| asked(&production(), host, shape, LOOKS).is_let_through(told));
}

#[test]
fn a_command_that_destroys_is_refused() {
    every(|host, shape, told| {
        let outcome = asked(&production(), host, shape, DESTROYS);
        outcome.is_refused(told);
        assert!(outcome.ended.stderr.contains("boundary"), "{told}: {outcome:?}");
    });
}

#[test]
fn a_held_call_passes_once_after_it_was_approved() {
    every(|host, shape, told| {
        let program = production();
        let first = asked(&program, host, shape, CHANGES);
        first.is_refused(told);
        approve(&program, &first.ticket());
        let other = asked(&program, host, shape, &CHANGES.replace('3', "30"));
        other.is_refused(&format!("{told}, another call"));
        asked(&program, host, shape, CHANGES).is_let_through(&format!("{told}, approved"));
        asked(&program, host, shape, CHANGES).is_refused(&format!("{told}, again"));
    });
}

#[test]
fn an_approval_of_a_script_is_none_of_another_text() {
    let program = production();
    let script = program.write("scale.sh", CHANGES);
    let command = format!("bash {}", script.display());
    let ask = || asked(&program, "claude-code", "shell", &command);
    let first = ask();
    first.is_refused("what the script does has to be approved");
    approve(&program, &first.ticket());
    fs::write(&script, CHANGES.replace('3', "300")).unwrap();
    let changed = ask();
    changed.is_refused("another text");
    assert_ne!(changed.ticket(), first.ticket());
    fs::write(&script, CHANGES).unwrap();
    ask().is_let_through("the text that was approved");
}

/// Agrees to an action, exactly as it is.
pub fn approve(program: &Program, id: &str) {
    let queue = program.run(&["queue", "--json"]).json();
    let rows = queue["actions"].as_array().cloned().unwrap_or_default();
    let row = rows.iter().find(|row| row["id"] == id);
    let row = row.unwrap_or_else(|| panic!("{id} is not in {queue:#}"));
    let digest = row["digest"].as_str().unwrap();
    let ran = program.run(&["approve", id, "--digest", digest]);
    assert!([0, 75].contains(&ran.status), "{ran:?}");
}
