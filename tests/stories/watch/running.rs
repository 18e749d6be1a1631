//! A watch that runs: its health, its configuration, and that there is one.

use super::{Watching, asks, taking, told, told_at, until, waiting};
use crate::support::program::Program;
use rustix::process::Signal;
use std::fs;

#[tokio::test(flavor = "multi_thread")]
async fn the_check_says_whether_a_watch_runs_and_what_is_wrong_with_it() {
    let receiver = taking().await;
    let program = told_at(&receiver.url, "");
    let ran = program.run(&["--json", "watch", "--check"]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert_eq!(ran.json()["report"], "watch-check");
    assert_eq!(ran.json()["reasons"][0]["because"], "not-running");
    let watching = Watching::start(&program);
    until("it is well", || program.run(&["watch", "--check"]).status == 0).await;
    let ran = program.run(&["--json", "watch", "--check"]);
    assert_eq!((ran.status, ran.json()["healthy"].as_bool()), (0, Some(true)), "{ran:?}");
    let other = program.run(&["watch"]);
    assert!(
        other.status == 75 && other.stderr.contains("another `countersign watch`"),
        "{other:?}"
    );
    // Stopped is not dead, and not well either; only that takes half a minute to show.
    assert_eq!(watching.end(Signal::INT).status, 0);
    let ran = program.run(&["watch", "--check"]);
    assert!(ran.status == 1 && ran.stdout.contains("no watch runs"), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_configuration_is_read_when_asked_and_a_broken_one_keeps_the_old() {
    let (first, second) = (taking().await, taking().await);
    let program = told_at(&first.url, "");
    let path = program.path("config/countersign/config.toml");
    let old = fs::read_to_string(&path).unwrap();
    // As editors do it: a file that is half written is a configuration too.
    let rewrite = |text: &str| {
        fs::write(path.with_extension("new"), text).unwrap();
        fs::rename(path.with_extension("new"), &path).unwrap();
    };
    waiting(&program, &[asks(7, "First")]).await;
    let watching = Watching::start(&program);
    until("the first is told", || first.log().len() == 1).await;

    rewrite(&format!("{old}[watch]\nqueu = 5\n"));
    watching.signal(Signal::HUP);
    waiting(&program, &[asks(7, "First"), asks(8, "Second")]).await;
    until("the old receiver still hears", || first.log().len() == 2).await;
    // The check reads the same file, so it is asked once that can be read again.
    rewrite(&old);
    until("the check says so", || {
        let ran = program.run(&["watch", "--check"]);
        ran.status == 1 && ran.stdout.contains("the old one is kept")
    })
    .await;

    rewrite(&old.replace(&first.url, &second.url));
    watching.signal(Signal::HUP);
    until("it is well again", || program.run(&["watch", "--check"]).status == 0).await;
    waiting(&program, &[asks(7, "First"), asks(8, "Second"), asks(9, "Third")]).await;
    until("the new address hears", || second.log().len() == 1).await;
    let ran = watching.end(Signal::TERM);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(ran.stderr.contains("unknown key") && ran.stderr.contains("read anew"), "{ran:?}");
    assert_eq!(told(&first).len(), 2);
    assert_eq!(told(&second), ["waiting Third"]);
}

#[test]
fn every_fault_of_a_receiver_is_found_with_its_line_and_column() {
    let secret = "secret = { env = \"S\" }";
    for (text, line, says) in [
        ("name = \"a\"", 1, "does not say how to tell"),
        ("name = \"a\"\nwebhook = \"https://x.example\"", 1, "no `secret`"),
        (
            "name = \"a\"\nwebhook = \"http://x.example\"\nsecret = { env = \"S\" }",
            3,
            "not encrypted",
        ),
        ("name = \"a\"\nwebhook = \"x\"\nsecret = { env = \"S\" }", 3, "not the address"),
        (
            "name = \"a\"\nslack = \"https://hooks.slack.com/services/T/B/x\"",
            3,
            "secret of its own",
        ),
        ("name = \"a\"\nwebhook = \"https://x.example\"\nsecret = \"hunter2\"", 4, "never written"),
        ("name = \"a\"\nbell = true\nsecret = { env = \"S\" }", 1, "signs a `webhook`"),
        ("name = \"a\"\nbell = false", 1, "does not say how to tell"),
        ("name = \"a\"\nbell = true\ncommand = [\"x\"]", 1, "command and bell at once"),
        ("name = \"a\"\ncommand = []", 3, "`command` is empty"),
        ("name = \"a\"\ncommand = \"x -y\"", 3, "must be a list of strings"),
        ("name = \"a\"\nbell = true\non = [\"waitng\"]", 4, "did you mean `waiting`?"),
        ("name = \"a\"\nbell = true\non = []", 4, "`on` is empty"),
        ("name = \"a\"\nbell = true\ntimeout_seconds = 0", 4, "from 1 to 300"),
        ("name = \"a\"\nbell = true\nurl = \"x\"", 4, "unknown key"),
        ("bell = true", 1, "has no `name`"),
    ] {
        let program = Program::configured(format!("[[notify]]\n{text}\n"));
        let ran = program.run(&["config", "check"]);
        let all = format!("{}{}", ran.stdout, ran.stderr);
        assert_eq!(ran.status, 1, "{text}: {all}");
        assert!(all.contains(says), "{text}: {all}");
        assert!(all.contains(&format!("config.toml:{line}:")), "{text}, line {line}: {all}");
        assert!(!all.contains("hunter2") && !all.contains("services/T"), "{text}: {all}");
    }
    let twice = format!(
        "[[notify]]\nname = \"a\"\nbell = true\n[[notify]]\nname = \"a\"\n\
        webhook = \"https://x.example/in\"\n{secret}\n[watch]\nqueue = 5\n"
    );
    let ran = Program::configured(twice).run(&["config", "check"]);
    let all = format!("{}{}", ran.stdout, ran.stderr);
    assert!(all.contains("two [[notify]]") && all.contains("from 10 to 10000"), "{all}");
}

#[test]
fn the_unit_is_one_that_systemd_takes() {
    let unit = fs::read_to_string("docs/countersign-watch.service").unwrap();
    let unit = unit.replace("/usr/local/bin/countersign", env!("CARGO_BIN_EXE_countersign"));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("countersign-watch.service");
    fs::write(&path, unit).unwrap();
    let verified = std::process::Command::new("systemd-analyze").arg("verify").arg(&path).output();
    let Ok(verified) = verified else {
        eprintln!("NOT TESTED: the unit: there is no systemd-analyze here");
        return;
    };
    let said = String::from_utf8_lossy(&verified.stderr);
    assert!(verified.status.success() && said.trim().is_empty(), "{said}");
}
