//! A process waits at the gate, and only an approval of exactly its command lets it run.

use super::desk::{HOST, Queue, guard, lines, request, terms, until};
use countersign::{
    classify::NoPlaces,
    domain::{Action, ActionState, Environment, Fate, Outcome, Subject, Untrusted, Verdict},
    gate::{Ended, GateError, GateSource, Notice, Terms},
    sources::{Progress, Reread, Source as _},
    store::{Counted, Store as _},
    trust::Missing,
};
use jiff::Timestamp;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tempfile::TempDir;

#[tokio::test]
async fn an_approved_command_runs_once_and_its_status_is_passed_on() {
    let queue = Queue::new().await;
    let waiting = queue.wait("echo ran >> ran; exit 7");
    let action = queue.asked(&waiting.dir).await;
    assert_eq!(lines(&waiting.dir, "ran"), 0, "it must not run before it is approved");

    queue.approve(&action).await;
    assert_eq!(waiting.ended.await.unwrap().unwrap(), Ended::Ran { status: 7 });
    assert_eq!(lines(&waiting.dir, "ran"), 1);
    let order = queue.order().await;
    let receipt = order.receipt.as_ref().unwrap();
    assert_eq!(receipt.outcome, Outcome::Done);
    assert!(receipt.answer.raw().starts_with("started, pid "), "{receipt:?}");
    let line = queue.newest_line().await;
    assert!(line.what.raw().contains("status 7"), "{line:?}");
}

#[tokio::test]
async fn the_next_look_after_the_deciding_approval_lets_it_run() {
    // What the next look sees is seen within 200 ms, with the time it takes to look.
    assert!(Terms::default().every <= Duration::from_millis(100));
    let queue = Queue::new().await;
    let looks = Arc::new(AtomicUsize::new(0));
    let (looked, approved_at) = (Arc::clone(&looks), Arc::new(AtomicUsize::new(0)));
    let seen = Arc::clone(&approved_at);
    let dir = TempDir::new().unwrap();
    let request = request(dir.path(), &["sh", "-c", "echo ran >> ran"], &[]);
    let guard = guard(Environment::Production, Arc::new(NoPlaces));
    let terms = Terms { every: Duration::from_millis(50), ..terms() };
    let waiting = queue.start(guard, terms, dir, request, move |notice| match notice {
        Notice::Waiting { .. } => {
            looked.fetch_add(1, Ordering::SeqCst);
        }
        Notice::Approved => seen.store(looked.load(Ordering::SeqCst), Ordering::SeqCst),
        _ => {}
    });
    let action = queue.asked(&waiting.dir).await;
    until("a few looks", async || (looks.load(Ordering::SeqCst) > 3).then_some(())).await;
    queue.approve(&action).await;
    let written = looks.load(Ordering::SeqCst);
    assert_eq!(waiting.ended.await.unwrap().unwrap(), Ended::Ran { status: 0 });
    // One may have begun before it was written. That nobody looks for 5 s without a write is
    // another hundred looks away.
    let more = approved_at.load(Ordering::SeqCst).saturating_sub(written);
    assert!(more <= 1, "{more} looks went by");
}

#[tokio::test]
async fn a_rejected_command_never_runs_and_the_reason_is_handed_over() {
    let queue = Queue::new().await;
    let waiting = queue.wait("echo ran >> ran");
    let action = queue.asked(&waiting.dir).await;
    let Subject::Command { nonce, .. } = &action.subject else { panic!("not a command") };
    queue.order_anyway(&action, Verdict::Reject, "not on a Friday", nonce).await.unwrap();

    let reason = Untrusted::new("not on a Friday");
    assert_eq!(waiting.ended.await.unwrap().unwrap(), Ended::Refused { reason });
    assert_eq!(lines(&waiting.dir, "ran"), 0);
    assert_eq!(queue.order().await.receipt.as_ref().unwrap().outcome, Outcome::Done);
}

#[tokio::test]
async fn a_request_nobody_decides_expires_and_leaves_the_queue() {
    let queue = Queue::new().await;
    let terms = Terms { timeout: Some(Duration::from_millis(60)), ..terms() };
    let dir = TempDir::new().unwrap();
    let waiting = queue.wait_in(dir, &["sh", "-c", "echo ran >> ran"], terms);
    let ended = waiting.ended.await.unwrap().unwrap();

    let (action, state) = queue.actions().await.remove(0);
    assert!(
        matches!(ended, Ended::Expired { action: ref id, .. } if *id == action.id),
        "{ended:?}"
    );
    assert_eq!(state, ActionState::Gone);
    assert_eq!(lines(&waiting.dir, "ran"), 0);
}

#[tokio::test]
async fn a_process_that_was_stopped_past_its_time_does_not_run_on_an_old_approval() {
    let queue = Queue::new().await;
    // It looks once, and then not before its time is over.
    let terms =
        Terms { timeout: Some(Duration::from_secs(1)), every: Duration::from_mins(1), ..terms() };
    let dir = TempDir::new().unwrap();
    let waiting = queue.wait_in(dir, &["sh", "-c", "echo ran >> ran"], terms);
    let action = queue.asked(&waiting.dir).await;
    queue.approve(&action).await;

    let ended = waiting.ended.await.unwrap().unwrap();
    assert!(
        matches!(ended, Ended::Expired { action: ref id, .. } if *id == action.id),
        "{ended:?}"
    );
    assert_eq!(lines(&waiting.dir, "ran"), 0);
    let receipt = queue.order().await.receipt.clone().unwrap();
    assert_eq!(receipt.outcome, Outcome::Refused);
}

#[tokio::test]
async fn a_signal_while_waiting_withdraws_the_request() {
    let queue = Queue::new().await;
    let waiting = queue.wait("echo ran >> ran");
    queue.asked(&waiting.dir).await;
    waiting.signals.send(2).await.unwrap();

    assert_eq!(waiting.ended.await.unwrap().unwrap(), Ended::Withdrawn { signal: 2 });
    assert_eq!(queue.actions().await[0].1, ActionState::Gone);
}

#[tokio::test]
async fn a_signal_while_it_runs_reaches_the_command() {
    let queue = Queue::new().await;
    let script = "trap 'exit 41' TERM; echo up > up; while :; do sleep 0.05; done";
    let waiting = queue.wait(script);
    let action = queue.asked(&waiting.dir).await;
    queue.approve(&action).await;
    until("the command", async || (lines(&waiting.dir, "up") == 1).then_some(())).await;
    waiting.signals.send(15).await.unwrap();

    assert_eq!(waiting.ended.await.unwrap().unwrap(), Ended::Ran { status: 41 });
}

#[tokio::test]
async fn an_approval_of_another_digest_does_not_count() {
    let queue = Queue::new().await;
    let waiting = queue.wait("echo ran >> ran");
    let action = queue.asked(&waiting.dir).await;
    // Somebody shows the reviewer something else under the same id.
    let other = Action { title: Untrusted::new("ls"), ..action.clone() };
    queue.store.put_action(&other, Timestamp::now()).await.unwrap();
    queue.approve(&other).await;

    let refused = waiting.ended.await.unwrap().unwrap_err();
    assert!(matches!(refused, GateError::NotAgreed(_)), "{refused}");
    assert!(refused.to_string().contains("is not what is there now"), "{refused}");
    assert_eq!(lines(&waiting.dir, "ran"), 0);
}

#[tokio::test]
async fn an_answer_with_another_nonce_does_not_count() {
    let queue = Queue::new().await;
    let waiting = queue.wait("echo ran >> ran");
    let action = queue.asked(&waiting.dir).await;
    queue.order_anyway(&action, Verdict::Approve, "agreed", "00").await.unwrap();

    assert!(matches!(waiting.ended.await.unwrap(), Err(GateError::NotOurs(_))));
    assert_eq!(lines(&waiting.dir, "ran"), 0);
}

#[tokio::test]
async fn without_a_store_nothing_runs() {
    let queue = Queue::new().await;
    queue.store.close().await;
    let waiting = queue.wait("echo ran >> ran");
    assert!(matches!(waiting.ended.await.unwrap(), Err(GateError::Adopt(_))));
    assert_eq!(lines(&waiting.dir, "ran"), 0);
}

#[tokio::test]
async fn a_store_that_goes_away_while_waiting_ends_the_wait() {
    let queue = Queue::new().await;
    let waiting = queue.wait("echo ran >> ran");
    queue.asked(&waiting.dir).await;
    queue.store.close().await;
    assert!(matches!(waiting.ended.await.unwrap(), Err(GateError::Store(_))));
    assert_eq!(lines(&waiting.dir, "ran"), 0);
}

#[tokio::test]
async fn of_two_waiting_processes_only_the_approved_one_runs() {
    let queue = Queue::new().await;
    let first = queue.wait("echo ran >> ran");
    let second = queue.wait("echo ran >> ran");
    queue.asked(&first.dir).await;
    let action = queue.asked(&second.dir).await;
    queue.approve(&action).await;

    assert_eq!(second.ended.await.unwrap().unwrap(), Ended::Ran { status: 0 });
    assert_eq!((lines(&first.dir, "ran"), lines(&second.dir, "ran")), (0, 1));
    assert!(!first.ended.is_finished(), "the other one still waits");
    first.signals.send(15).await.unwrap();
    assert_eq!(first.ended.await.unwrap().unwrap(), Ended::Withdrawn { signal: 15 });
}

#[tokio::test]
async fn a_request_taken_for_gone_while_it_waits_is_asked_again() {
    let queue = Queue::new().await;
    let waiting = queue.wait("echo ran >> ran");
    let first = queue.asked(&waiting.dir).await;
    queue.store.end_action(&first.id, "a poll missed it", Timestamp::now()).await.unwrap();
    let second = until("the second request", async || {
        let mut pending = queue.actions().await.into_iter();
        pending.find(|(_, state)| *state == ActionState::Pending).map(|(action, _)| action)
    })
    .await;
    assert_ne!(first.id, second.id, "a new request has a new nonce");
    queue.approve(&second).await;
    assert_eq!(waiting.ended.await.unwrap().unwrap(), Ended::Ran { status: 0 });
}

#[tokio::test]
async fn the_gate_lists_processes_while_they_live() {
    let queue = Queue::new().await;
    let source = GateSource::new(queue.store.clone(), HOST);
    let waiting = queue.wait("touch file");
    let action = queue.asked(&waiting.dir).await;
    let seen = source.poll(&Progress::new()).await.unwrap();
    assert_eq!(seen.actions, vec![action.clone()]);
    let now = source.reread(&action).await.unwrap();
    assert_eq!(now, Reread::Waiting(Box::new(action.clone())));

    let mut dead = action.clone();
    let ended = std::process::Command::new("true").spawn().and_then(|mut child| {
        let pid = child.id();
        child.wait().map(|_| pid)
    });
    if let Subject::Command { pid, nonce, .. } = &mut dead.subject {
        *pid = ended.unwrap();
        *nonce = "ff".to_owned();
    }
    dead.id = dead.subject.id(&dead.source);
    queue.store.put_action(&dead, Timestamp::now()).await.unwrap();
    let seen = source.poll(&Progress::new()).await.unwrap();
    assert_eq!(seen.actions, vec![action], "the dead one is left out");
    let (row, _) = queue.store.action(&dead.id).await.unwrap().unwrap();
    assert_eq!(row.state, ActionState::Gone, "and ended");
    assert!(matches!(source.reread(&dead).await.unwrap(), Reread::Ended(_)));

    if let Subject::Command { nonce, .. } = &mut dead.subject {
        *nonce = "fe".to_owned();
    }
    dead.id = dead.subject.id(&dead.source);
    queue.store.put_action(&dead, Timestamp::now()).await.unwrap();
    queue.approve(&dead).await;
    assert_eq!(source.fate(&queue.order().await.order).await.unwrap(), Fate::NotDone);
    let taken = queue.store.take_answer(&dead.id).await.unwrap();
    assert!(taken.is_none(), "nobody can take it any more");
}

#[tokio::test]
async fn one_of_two_is_not_enough_and_the_line_says_who_is_missing() {
    let queue = Queue::new().await;
    let waiting = queue.wait("rm -rf cache; echo ran >> ran");
    let action = queue.asked(&waiting.dir).await;
    let requirement = action.ruling.as_ref().unwrap().requirement().unwrap();
    assert_eq!((requirement.approvals, requirement.from.as_slice()), (2, &["senior".into()][..]));

    assert_eq!(queue.decide(&action, Verdict::Approve, "piet").await, Counted::Waiting);
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!waiting.ended.is_finished());
    assert_eq!(lines(&waiting.dir, "ran"), 0);

    assert_eq!(queue.decide(&action, Verdict::Approve, "imogen").await, Counted::Ordered);
    assert_eq!(waiting.ended.await.unwrap().unwrap(), Ended::Ran { status: 0 });
    assert_eq!(lines(&waiting.dir, "ran"), 1);
}

#[tokio::test]
async fn an_order_without_the_approvals_behind_it_does_not_count() {
    let queue = Queue::new().await;
    let waiting = queue.wait("rm -rf cache; echo ran >> ran");
    let action = queue.asked(&waiting.dir).await;
    let Subject::Command { nonce, .. } = &action.subject else { panic!("not a command") };
    // Somebody writes an order after one approval of two: the store does not take it.
    let written = queue.order_anyway(&action, Verdict::Approve, "agreed", nonce).await;
    assert!(written.is_err(), "{written:?}");
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!waiting.ended.is_finished());
    assert_eq!(lines(&waiting.dir, "ran"), 0);
    waiting.signals.send(15).await.unwrap();
    assert_eq!(waiting.ended.await.unwrap().unwrap(), Ended::Withdrawn { signal: 15 });
}

#[tokio::test]
async fn what_ends_undecided_says_who_was_missing() {
    let queue = Queue::new().await;
    let terms = Terms { timeout: Some(Duration::from_secs(2)), ..terms() };
    let dir = TempDir::new().unwrap();
    let waiting = queue.wait_in(dir, &["rm", "-rf", "cache"], terms);
    let action = queue.asked(&waiting.dir).await;
    queue.decide(&action, Verdict::Approve, "piet").await;
    let Ended::Expired { standing, .. } = waiting.ended.await.unwrap().unwrap() else {
        panic!("nobody senior agreed")
    };
    assert_eq!(standing.agreed.len(), 1);
    assert!(matches!(&standing.missing[..], [Missing::Group { group, .. }] if group == "senior"));
}
