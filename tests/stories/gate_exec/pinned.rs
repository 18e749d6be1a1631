//! Whatever decides what a command does has to be the same after the approval as before.

use super::desk::{HOST, Queue, Waiting, guard, lines, request, script, terms};
use countersign::{
    classify::NoPlaces,
    domain::{Environment, Outcome, Pin, Subject},
    gate::{Ended, GateError},
};
use std::{fs, os::unix::fs::symlink, path::Path, sync::Arc};
use tempfile::TempDir;

/// Approves after `change`, and gives the words of the refusal.
async fn refused_after(queue: &Queue, waiting: Waiting, change: impl AsyncFnOnce(&Path)) -> String {
    let action = queue.asked(&waiting.dir).await;
    change(waiting.dir.path()).await;
    queue.approve(&action).await;
    let refused = waiting.ended.await.unwrap().unwrap_err();
    assert!(matches!(refused, GateError::Changed(_)), "{refused}");
    assert_eq!(lines(&waiting.dir, "ran"), 0, "nothing may run");
    let receipt = queue.order().await.receipt.unwrap();
    assert_eq!(receipt.outcome, Outcome::Refused);
    refused.to_string()
}

#[tokio::test]
async fn a_program_that_changed_is_not_run() {
    let queue = Queue::new().await;
    let dir = TempDir::new().unwrap();
    script(dir.path(), "tool", "#!/bin/sh\necho harmless >> ran\n");
    let waiting = queue.wait_in(dir, &["./tool"], terms());
    let said = refused_after(&queue, waiting, async |dir| {
        script(dir, "tool", "#!/bin/sh\necho harmful >> ran\n");
    })
    .await;
    assert!(said.contains("tool has changed since it was shown"), "{said}");
}

#[tokio::test]
async fn a_script_given_to_an_interpreter_is_pinned_too() {
    let queue = Queue::new().await;
    let dir = TempDir::new().unwrap();
    script(dir.path(), "deploy.sh", "echo one >> ran\n");
    let waiting = queue.wait_in(dir, &["sh", "deploy.sh"], terms());
    let said = refused_after(&queue, waiting, async |dir| {
        script(dir, "deploy.sh", "echo two >> ran\n");
    })
    .await;
    assert!(said.contains("deploy.sh has changed since it was shown"), "{said}");
}

#[tokio::test]
async fn a_link_that_points_elsewhere_is_a_change() {
    let queue = Queue::new().await;
    let dir = TempDir::new().unwrap();
    script(dir.path(), "good.sh", "echo one >> ran\n");
    script(dir.path(), "bad.sh", "echo two >> ran\n");
    symlink("good.sh", dir.path().join("current.sh")).unwrap();
    let waiting = queue.wait_in(dir, &["sh", "current.sh"], terms());
    let said = refused_after(&queue, waiting, async |dir| {
        fs::remove_file(dir.join("current.sh")).unwrap();
        symlink("bad.sh", dir.join("current.sh")).unwrap();
    })
    .await;
    assert!(said.contains("current.sh has changed"), "{said}");
}

#[tokio::test]
async fn a_file_that_vanished_is_named() {
    let queue = Queue::new().await;
    let dir = TempDir::new().unwrap();
    script(dir.path(), "deploy.sh", "echo one >> ran\n");
    let waiting = queue.wait_in(dir, &["sh", "deploy.sh"], terms());
    let said = refused_after(&queue, waiting, async |dir| {
        fs::remove_file(dir.join("deploy.sh")).unwrap();
    })
    .await;
    assert!(said.contains("deploy.sh can no longer be read"), "{said}");
}

#[tokio::test]
async fn another_directory_in_the_place_of_the_one_that_was_shown_is_not_run_in() {
    let queue = Queue::new().await;
    let place = TempDir::new().unwrap();
    let dir = TempDir::new_in(place.path()).unwrap();
    let waiting = queue.wait_in(dir, &["sh", "-c", "echo ran >> ran"], terms());
    let said = refused_after(&queue, waiting, async |dir| {
        fs::rename(dir, place.path().join("moved")).unwrap();
        fs::create_dir(dir).unwrap();
    })
    .await;
    assert!(said.contains("working directory"), "{said}");
}

#[tokio::test]
async fn a_directory_that_was_removed_is_not_run_in() {
    let queue = Queue::new().await;
    let dir = TempDir::new().unwrap();
    let waiting = queue.wait_in(dir, &["sh", "-c", "echo ran >> ran"], terms());
    let said = refused_after(&queue, waiting, async |dir| fs::remove_dir(dir).unwrap()).await;
    assert!(said.contains("working directory"), "{said}");
}

#[tokio::test]
async fn everything_that_changed_is_said_at_once() {
    let queue = Queue::new().await;
    let dir = TempDir::new().unwrap();
    script(dir.path(), "tool", "#!/bin/sh\n. ./$1\n");
    script(dir.path(), "one.sh", "echo one >> ran\n");
    let waiting = queue.wait_in(dir, &["./tool", "one.sh"], terms());
    let said = refused_after(&queue, waiting, async |dir| {
        script(dir, "tool", "#!/bin/sh\n");
        script(dir, "one.sh", "echo two >> ran\n");
    })
    .await;
    assert!(said.contains("tool has changed") && said.contains("one.sh has changed"), "{said}");
}

#[tokio::test]
async fn the_command_gets_the_environment_that_was_pinned() {
    let queue = Queue::new().await;
    let dir = TempDir::new().unwrap();
    let argv = ["sh", "-c", "echo $WHICH-$AWS_PROFILE > ran"];
    let variables = [("WHICH", "blue"), ("AWS_PROFILE", "sandbox")];
    let request = request(dir.path(), &argv, &variables);
    let guard = guard(Environment::Production, Arc::new(NoPlaces));
    let waiting = queue.start(guard, terms(), dir, request, |_| {});
    let action = queue.asked(&waiting.dir).await;
    let Subject::Command { pins, host, .. } = &action.subject else { panic!("not a command") };
    assert_eq!(host.raw(), HOST);
    let pinned = |wanted: &str| {
        pins.iter()
            .any(|pin| matches!(pin, Pin::Variable { name, digest: Some(_) } if name == wanted))
    };
    assert!(pinned("WHICH") && pinned("AWS_PROFILE") && pinned("PATH"), "{pins:?}");
    let text = serde_json::to_string(&action).unwrap();
    assert!(!text.contains("blue") && !text.contains("sandbox"), "only digests are kept: {text}");

    queue.approve(&action).await;
    assert_eq!(waiting.ended.await.unwrap().unwrap(), Ended::Ran { status: 0 });
    let ran = fs::read_to_string(waiting.dir.path().join("ran")).unwrap();
    assert_eq!(ran, "blue-sandbox\n");
}

#[tokio::test]
async fn a_log_that_grows_does_not_void_its_removal() {
    let queue = Queue::new().await;
    let dir = TempDir::new().unwrap();
    fs::write(dir.path().join("app.log"), "one\n").unwrap();
    let waiting = queue.wait_in(dir, &["rm", "app.log"], terms());
    let action = queue.asked(&waiting.dir).await;
    fs::write(waiting.dir.path().join("app.log"), "one\ntwo\n").unwrap();
    queue.approve(&action).await;
    assert_eq!(waiting.ended.await.unwrap().unwrap(), Ended::Ran { status: 0 });
    assert!(!waiting.dir.path().join("app.log").exists());
}
