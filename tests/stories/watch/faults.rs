//! Receivers that hang, refuse, are down; a watch that is killed; a disk that takes nothing.

use super::{Watching, asks, taking, told, told_at, until, waiting};
use crate::support::{
    hostile::{Hostile, Reply},
    program::Program,
};
use rustix::process::Signal;
use serde_json::Value;
use std::{
    fs,
    net::TcpListener,
    os::unix::fs::PermissionsExt as _,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_three_times_is_sent_again_and_nothing_overtakes_it() {
    let tries = AtomicUsize::new(0);
    let receiver = Hostile::answering(move |_| {
        let status = if tries.fetch_add(1, Ordering::SeqCst) < 3 { 500 } else { 204 };
        Reply::json(status, "")
    })
    .await;
    let program = told_at(&receiver.url, "");
    waiting(&program, &[asks(7, "First"), asks(8, "Second")]).await;
    let ran = program.run(&["watch", "--once"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(ran.stderr.contains("pager: not delivered, HTTP 500"), "{ran:?}");
    assert!(ran.stderr.contains("pager: it takes news again"), "{ran:?}");
    let heard = told(&receiver);
    assert_eq!(heard.len(), 5, "{heard:?}");
    assert!(heard[..4].iter().all(|one| *one == heard[0]), "{heard:?}");
    assert_ne!(heard[4], heard[0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_hangs_keeps_nobody_else_waiting_and_the_watch_ends_when_told() {
    // It takes connections and never says anything.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let good = taking().await;
    let more = format!(
        "[[notify]]\nname = \"hangs\"\nwebhook = \"http://127.0.0.1:{port}/\"\n\
         secret = {{ file = \"secret\" }}\ntimeout_seconds = 300\n"
    );
    let program = told_at(&good.url, &more);
    waiting(&program, &[asks(7, "First")]).await;
    let watching = Watching::start(&program);
    until("the first is told", || good.log().len() == 1).await;
    waiting(&program, &[asks(7, "First"), asks(8, "Second")]).await;
    until("the second is told", || good.log().len() == 2).await;
    let ran = watching.end(Signal::TERM);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert_eq!(told(&good), ["waiting First", "waiting Second"]);
    let ran = program.run(&["watch", "--check"]);
    assert!(ran.status == 1 && ran.stdout.contains("no watch runs"), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_watch_that_is_started_again_forgets_nothing_and_repeats_nothing_that_arrived() {
    let good = taking().await;
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = nobody.local_addr().unwrap().port();
    drop(nobody);
    let down = |port: u16| {
        format!(
            "[[notify]]\nname = \"down\"\nwebhook = \"http://127.0.0.1:{port}/\"\n\
             secret = {{ file = \"secret\" }}\n"
        )
    };
    let program = told_at(&good.url, &down(port));
    waiting(&program, &[asks(7, "First")]).await;
    let state = program.path("state/countersign/countersign.db.watch");
    let watching = Watching::start(&program);
    until("the first is told and that is written down", || {
        good.log().len() == 1
            && fs::read_to_string(&state)
                .is_ok_and(|text| text.contains("\"delivered\":\"2") && text.contains("reached"))
    })
    .await;
    let killed = watching.end(Signal::KILL);
    assert_eq!(killed.status, -1, "{killed:?}");
    // While it is dead, something else happens, and the other receiver comes up.
    waiting(&program, &[asks(7, "First"), asks(8, "Second")]).await;
    let up = taking().await;
    let config = fs::read_to_string(program.path("config/countersign/config.toml")).unwrap();
    let config = config.replace(&format!("http://127.0.0.1:{port}/"), &up.url);
    program.write("config/countersign/config.toml", config);
    let again = Watching::start(&program);
    until("both are told", || good.log().len() == 2 && up.log().len() == 2).await;
    assert_eq!(again.end(Signal::TERM).status, 0);
    assert_eq!(told(&good), ["waiting First", "waiting Second"]);
    assert_eq!(told(&up), ["waiting First", "waiting Second"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_hangs_is_ended_with_everything_it_started() {
    let program = Program::configured(
        "[[notify]]\nname = \"desk\"\ntimeout_seconds = 1\n\
         command = [\"sh\", \"-c\", \"sleep 300 & echo $! > \\\"$HOME/child\\\"; wait\"]\n",
    );
    let ran = program.run(&["watch", "--test", "desk"]);
    assert!(ran.status == 1 && ran.stderr.contains("no answer within 1 s"), "{ran:?}");
    let child = fs::read_to_string(program.path("child")).unwrap();
    let stat = format!("/proc/{}/stat", child.trim());
    until("the child is gone", || {
        // Where nobody reaps it, it stays as a zombie.
        fs::read_to_string(&stat).map_or(true, |text| text.contains(") Z "))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_that_cannot_write_down_what_it_told_does_not_begin() {
    let receiver = taking().await;
    let program = told_at(&receiver.url, "");
    waiting(&program, &[asks(7, "First")]).await;
    // A folder in the file's place is refused to root as well.
    let state = program.path("state/countersign/countersign.db.watch");
    fs::create_dir(&state).unwrap();
    for arguments in [&["watch", "--once"][..], &["watch"]] {
        let ran = program.run(arguments);
        assert_eq!(ran.status, 1, "{ran:?}");
        assert!(ran.stderr.contains("what was told cannot be kept"), "{ran:?}");
    }
    assert!(receiver.log().is_empty());
    fs::remove_dir(&state).unwrap();
    if rustix::process::geteuid().is_root() {
        return;
    }
    let folder = program.path("state/countersign");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o500)).unwrap();
    let ran = program.run(&["watch", "--once"]);
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!(ran.status, 1, "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_stops_taking_is_told_and_checked_and_what_happens_is_sent_all_the_same() {
    let receiver = taking().await;
    let program = told_at(&receiver.url, "");
    waiting(&program, &[asks(7, "First")]).await;
    let watching = Watching::start(&program);
    until("the first is told", || receiver.log().len() == 1).await;
    let new = program.path("state/countersign/countersign.db.watch-new");
    // That the first is told may just be being written down, by way of this very name.
    until("nothing is being written", || fs::create_dir(&new).is_ok()).await;
    waiting(&program, &[asks(7, "First"), asks(8, "Second")]).await;
    until("the second is told", || receiver.log().len() == 2).await;
    until("the check says so", || {
        let ran = program.run(&["watch", "--check"]);
        ran.status == 1 && ran.stdout.contains("cannot be written down")
    })
    .await;
    fs::remove_dir(new).unwrap();
    let ran = watching.end(Signal::TERM);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(ran.stderr.contains("what was told cannot be written down"), "{ran:?}");
    assert!(ran.stderr.contains("that works again"), "{ran:?}");
    assert_eq!(program.run(&["watch", "--once"]).status, 0);
    assert_eq!(receiver.log().len(), 2, "nothing is told again");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_broken_disk_left_as_memory_is_set_aside_and_what_waits_is_told_again() {
    let receiver = taking().await;
    let program = told_at(&receiver.url, "");
    waiting(&program, &[asks(7, "First")]).await;
    let state = program.write("state/countersign/countersign.db.watch", "{\"format\":1,\"mem");
    let ran = program.run(&["watch", "--once"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(ran.stderr.contains("not what a watch writes"), "{ran:?}");
    assert_eq!(told(&receiver), ["waiting First"]);
    assert!(state.with_file_name("countersign.db.watch.unreadable").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_does_not_want_us_is_not_asked_for_ever_and_the_check_says_so() {
    let wanted = Arc::new(AtomicBool::new(false));
    let open = Arc::clone(&wanted);
    let receiver = Hostile::answering(move |_| {
        Reply::json(if open.load(Ordering::SeqCst) { 204 } else { 403 }, "")
    })
    .await;
    let program = told_at(&receiver.url, "");
    waiting(&program, &[asks(7, "First")]).await;
    let state = program.path("state/countersign/countersign.db.watch");
    let watching = Watching::start(&program);
    until("it refused once, and that is written down", || {
        fs::read_to_string(&state).is_ok_and(|text| text.contains("\"offered\":[1,"))
    })
    .await;
    assert_eq!(watching.end(Signal::TERM).status, 0);
    // Nineteen times an hour ago.
    let mut kept: Value = serde_json::from_str(&fs::read_to_string(&state).unwrap()).unwrap();
    kept["lines"]["pager"]["offered"][1] = 19.into();
    kept["lines"]["pager"]["failures"] = 1.into();
    fs::write(&state, kept.to_string()).unwrap();
    let watching = Watching::start(&program);
    until("the check says that it was given up", || {
        let ran = program.run(&["watch", "--check"]);
        ran.status == 1 && ran.stdout.contains("1 news were given up: pager takes none since")
    })
    .await;
    let ran = program.run(&["--json", "watch", "--check"]);
    assert_eq!(ran.json()["reasons"][0]["because"], "given-up", "{ran:?}");
    assert!(ran.stdout.contains("HTTP 403"), "{ran:?}");

    wanted.store(true, Ordering::SeqCst);
    let before = receiver.log().len();
    waiting(&program, &[asks(7, "First"), asks(8, "Second")]).await;
    until("a fresh one is tried, and then it hears of the other", || {
        receiver.log().len() >= before + 2
    })
    .await;
    let heard = told(&receiver);
    assert_eq!(heard[before], "waiting Second");
    assert!(heard[before + 1].starts_with("dropped"), "{heard:?}");
    until("it is well again", || program.run(&["watch", "--check"]).status == 0).await;
    let ran = watching.end(Signal::TERM);
    assert!(ran.stderr.contains("pager: given up after 20 tries"), "{ran:?}");
    assert!(ran.stderr.contains("pager: it takes news again"), "{ran:?}");
}
