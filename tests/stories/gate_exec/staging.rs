//! What succeeded in staging through the gate is known when production is asked for.

use super::desk::{ByName, Queue, guard, request, script, terms};
use countersign::{
    domain::{Action, CheckState, Environment},
    gate::Ended,
};
use std::{fs, path::Path, sync::Arc};
use tempfile::TempDir;

/// A folder with an `aws` of our own that changes nothing.
fn place(exit: i32) -> TempDir {
    let dir = TempDir::new().unwrap();
    script(dir.path(), "aws", &format!("#!/bin/sh\nexit {exit}\n"));
    dir
}

const CHANGE: [&str; 5] = ["aws", "s3", "mb", "s3://acme-NAME", "--profile=NAME"];

/// The change in an environment of this name: what it asked for, or how it ended.
async fn asked(queue: &Queue, dir: &Path, name: &str) -> Result<Action, Ended> {
    let argv: Vec<String> = CHANGE.iter().map(|word| word.replace("NAME", name)).collect();
    let argv: Vec<&str> = argv.iter().map(String::as_str).collect();
    let search = format!("{}:/usr/bin:/bin", dir.display());
    let request = request(dir, &argv, &[("PATH", &search)]);
    let guard = guard(Environment::NonProduction, Arc::new(ByName));
    let ours = TempDir::new().unwrap();
    let waiting = queue.start(guard, terms(), ours, request, |_| {});
    let mut ended = waiting.ended;
    loop {
        if let Some((action, _)) = queue.actions().await.into_iter().next() {
            waiting.signals.send(15).await.unwrap();
            ended.await.unwrap().unwrap();
            countersign::store::Store::close(&*queue.store).await;
            return Ok(action);
        }
        tokio::select! {
            ended = &mut ended => return Err(ended.unwrap().unwrap()),
            () = tokio::time::sleep(std::time::Duration::from_millis(5)) => {}
        }
    }
}

fn said(action: &Action) -> Vec<(String, CheckState)> {
    action.checks.iter().map(|check| (check.name.raw().to_owned(), check.state)).collect()
}

#[tokio::test]
async fn the_same_change_succeeded_in_staging() {
    let (queue, dir) = (Queue::new().await, place(0));
    assert_eq!(asked(&queue, dir.path(), "staging").await, Err(Ended::Ran { status: 0 }));
    let action = asked(&queue, dir.path(), "prod").await.unwrap();
    let [(name, CheckState::Passed)] = &said(&action)[..] else { panic!("{:?}", said(&action)) };
    assert!(name.starts_with("the same change succeeded outside production on "), "{name}");
}

#[tokio::test]
async fn a_change_nobody_tried_says_so() {
    let (queue, dir) = (Queue::new().await, place(0));
    let action = asked(&queue, dir.path(), "prod").await.unwrap();
    let unseen = "the same change was not seen outside production".to_owned();
    assert_eq!(said(&action), [(unseen, CheckState::Neutral)]);
}

#[tokio::test]
async fn what_failed_there_does_not_count() {
    let (queue, dir) = (Queue::new().await, place(1));
    assert_eq!(asked(&queue, dir.path(), "staging").await, Err(Ended::Ran { status: 1 }));
    let action = asked(&queue, dir.path(), "prod").await.unwrap();
    assert_eq!(said(&action)[0].1, CheckState::Neutral);
}

#[tokio::test]
async fn another_program_makes_it_another_change() {
    let (queue, dir) = (Queue::new().await, place(0));
    assert_eq!(asked(&queue, dir.path(), "staging").await, Err(Ended::Ran { status: 0 }));
    fs::write(dir.path().join("aws"), "#!/bin/sh\nrm -rf /srv\n").unwrap();
    let action = asked(&queue, dir.path(), "prod").await.unwrap();
    assert_eq!(said(&action)[0].1, CheckState::Neutral);
}
