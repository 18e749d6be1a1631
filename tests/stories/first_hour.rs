//! Somebody who has only the README and `--help`: nothing set up, or set up wrong.

use crate::support::program::{Program, Ran};
use std::{fs, os::unix::ffi::OsStrExt as _, process::Stdio};

fn told(ran: &Ran, words: &[&str]) {
    for word in words {
        assert!(ran.stderr.contains(word), "{word:?} in {ran:?}");
    }
}

#[test]
fn empty_lists_say_that_nothing_is_configured_and_what_to_do() {
    let program = Program::new();
    for command in ["queue", "sources"] {
        let ran = program.run(&[command]);
        assert_eq!(ran.status, 0, "{ran:?}");
        told(&ran, &["no source is configured", "`countersign init`"]);
        assert!(!ran.stderr.contains("gate/"), "nobody configured a gate: {ran:?}");
    }
    assert_eq!(program.run(&["audit"]).status, 1);
}

#[test]
fn a_source_that_was_never_asked_is_told_with_the_command_that_asks_it() {
    let program = Program::configured("[[snapshot]]\nname = \"s\"\nfiles = [\"gone.json\"]\n");
    told(&program.run(&["queue"]), &["snapshot/s: never asked", "`countersign queue --poll`"]);
    told(&program.run(&["audit", "--no-poll"]), &["never asked", "without --no-poll"]);
    let audit = program.run(&["audit"]);
    assert!(audit.stdout.contains("Not the whole picture: 1 source"), "{audit:?}");
}

#[test]
fn a_missing_configuration_file_is_one_error_not_two() {
    let ran = Program::new().run(&["queue", "--config", "nope.toml"]);
    assert!(ran.stderr.starts_with("error: nope.toml: there is no such file"), "{ran:?}");
}

#[test]
fn a_relative_home_is_refused_instead_of_filled() {
    let program = Program::new();
    let mut command = program.command(&["queue"]);
    let command = command.env("HOME", "here").env_remove("XDG_STATE_HOME");
    let ended = command.env_remove("XDG_CONFIG_HOME").output().unwrap();
    assert_eq!(ended.status.code(), Some(1));
    assert!(String::from_utf8(ended.stderr).unwrap().contains("set HOME to an absolute path"));
    assert!(!program.path("here").exists());
}

#[test]
fn a_store_that_cannot_be_is_told_in_plain_words() {
    let program = Program::new();
    program.write("file", "");
    let below = program.run(&["queue", "--store", "file/store.db"]);
    assert_eq!(below.status, 1);
    told(&below, &["file is not a folder", "next: make it writable"]);
    let mut odd = program.command(&["queue", "--store"]);
    let ended = odd.arg(std::ffi::OsStr::from_bytes(b"store\xff.db")).output().unwrap();
    assert_eq!(ended.status.code(), Some(1));
    assert!(String::from_utf8(ended.stderr).unwrap().contains("is not UTF-8"));
}

#[test]
fn arguments_that_are_not_utf8_are_a_usage_error() {
    let program = Program::new();
    for command in ["show", "revoke"] {
        let mut command = program.command(&[command]);
        let ended = command.arg(std::ffi::OsStr::from_bytes(b"\xff\xfe")).output().unwrap();
        assert_eq!(ended.status.code(), Some(2));
    }
}

#[test]
fn a_result_that_cannot_be_written_is_a_failure_with_advice() {
    let program = Program::new();
    for arguments in [&["queue"][..], &["--json", "config", "show"], &["man"]] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let ended = program.command(arguments).stdout(Stdio::from(full)).output().unwrap();
        assert_eq!(ended.status.code(), Some(1), "{arguments:?}");
        let said = String::from_utf8(ended.stderr).unwrap();
        assert!(said.contains("cannot write the result") && said.contains("make room"), "{said}");
    }
}
