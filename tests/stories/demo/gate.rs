//! A process waits at the gate, and only an approval of exactly its command lets it run.

use super::demo_store::MemoryStore;
use countersign::{
    catalogue::Catalogue,
    domain::{Action, ActionState, Environment, Fate, Outcome, Untrusted, Verdict},
    gate::{Ended, GateError, GateSource, Notice, Program, Request, Terms, caller, exec},
    sources::{Progress, Reread, Source as _},
};
use std::{
    ffi::OsStr,
    fs,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::{sync::mpsc, task::JoinHandle};

const HOST: &str = "bastion-1";

type Outcomes = JoinHandle<Result<Ended, GateError>>;

/// One waiting process: its directory, its future, and a way to send it signals.
struct Waiting {
    dir: TempDir,
    ended: Outcomes,
    signals: mpsc::Sender<i32>,
}

fn terms() -> Terms {
    Terms {
        timeout: Duration::from_mins(1),
        every: Duration::from_millis(5),
        grace: Duration::from_millis(50),
    }
}

fn request(dir: &Path, argv: &[&str]) -> Request {
    let search = std::env::var_os("PATH");
    Request {
        argv: argv.iter().map(|word| (*word).to_owned()).collect(),
        program: Program::pin(OsStr::new(argv[0]), dir, search).unwrap(),
        tool: caller(&Catalogue::default(), Some("kiro"), |_| None),
        reason: Untrusted::new("rebuild the environment"),
        requester: Untrusted::new("agent"),
        host: HOST.to_owned(),
        environment: Environment::Unknown,
    }
}

fn wait_in(store: &Arc<MemoryStore>, dir: TempDir, argv: &[&str], terms: Terms) -> Waiting {
    let request = request(dir.path(), argv);
    let (signals, mut received) = mpsc::channel(4);
    let store = Arc::clone(store);
    let ended = tokio::spawn(async move {
        exec(&*store, &request, terms, &mut received, &mut |_: &Notice| {}).await
    });
    Waiting { dir, ended, signals }
}

fn wait(store: &Arc<MemoryStore>, script: &str) -> Waiting {
    wait_in(store, TempDir::new().unwrap(), &["sh", "-c", script], terms())
}

/// Looks until `found` answers, for at most ten seconds.
async fn until<T>(what: &str, mut found: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        if let Some(found) = found() {
            return found;
        }
        assert!(Instant::now() < deadline, "never came: {what}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

async fn asked(store: &MemoryStore, dir: &TempDir) -> Action {
    let cwd = dir.path().to_string_lossy().into_owned();
    until("the request", || {
        store.all_actions().into_iter().map(|(action, _)| action).find(|action| {
            matches!(&action.subject,
                countersign::domain::Subject::Command { cwd: there, .. } if there.raw() == cwd)
        })
    })
    .await
}

fn approve(store: &MemoryStore, action: &Action) {
    store.answer(action, action.digest().unwrap(), Verdict::Approve, "agreed");
}

fn lines(dir: &TempDir, name: &str) -> usize {
    fs::read_to_string(dir.path().join(name)).map_or(0, |text| text.lines().count())
}

#[tokio::test]
async fn an_approved_command_runs_once_and_its_status_is_passed_on() {
    let store = Arc::new(MemoryStore::default());
    let waiting = wait(&store, "echo ran >> ran; exit 7");
    let action = asked(&store, &waiting.dir).await;
    assert_eq!(lines(&waiting.dir, "ran"), 0, "it must not run before it is approved");

    approve(&store, &action);
    assert_eq!(waiting.ended.await.unwrap().unwrap(), Ended::Ran { status: 7 });
    assert_eq!(lines(&waiting.dir, "ran"), 1);
    let order = &store.all_orders()[0];
    let receipt = order.receipt.as_ref().unwrap();
    assert_eq!(receipt.outcome, Outcome::Done);
    assert!(receipt.answer.raw().starts_with("started, pid "), "{receipt:?}");
    let line = store.all_lines().pop().unwrap();
    assert!(line.what.raw().contains("status 7"), "{line:?}");
}

#[tokio::test]
async fn a_rejected_command_never_runs_and_the_reason_is_handed_over() {
    let store = Arc::new(MemoryStore::default());
    let waiting = wait(&store, "echo ran >> ran");
    let action = asked(&store, &waiting.dir).await;
    let digest = action.digest().unwrap();
    store.answer(&action, digest, Verdict::Reject, "not on a Friday");

    let reason = Untrusted::new("not on a Friday");
    assert_eq!(waiting.ended.await.unwrap().unwrap(), Ended::Refused { reason });
    assert_eq!(lines(&waiting.dir, "ran"), 0);
    assert_eq!(store.all_orders()[0].receipt.as_ref().unwrap().outcome, Outcome::Done);
}

#[tokio::test]
async fn a_request_nobody_decides_expires_and_leaves_the_queue() {
    let store = Arc::new(MemoryStore::default());
    let terms = Terms { timeout: Duration::from_millis(60), ..terms() };
    let dir = TempDir::new().unwrap();
    let waiting = wait_in(&store, dir, &["sh", "-c", "echo ran >> ran"], terms);
    let ended = waiting.ended.await.unwrap().unwrap();

    let (action, state) = store.all_actions().remove(0);
    assert_eq!(ended, Ended::Expired { action: action.id.clone() });
    assert_eq!(state, ActionState::Gone);
    assert_eq!(lines(&waiting.dir, "ran"), 0);
}

#[tokio::test]
async fn a_process_that_was_stopped_past_its_time_does_not_run_on_an_old_approval() {
    let store = Arc::new(MemoryStore::default());
    let terms = Terms { timeout: Duration::from_millis(500), ..terms() };
    let dir = TempDir::new().unwrap();
    let waiting = wait_in(&store, dir, &["sh", "-c", "echo ran >> ran"], terms);
    let action = asked(&store, &waiting.dir).await;
    approve(&store, &action);
    // The gate's task lives on this thread, so it stands still meanwhile.
    std::thread::sleep(Duration::from_millis(600));

    let ended = waiting.ended.await.unwrap().unwrap();
    assert_eq!(ended, Ended::Expired { action: action.id });
    assert_eq!(lines(&waiting.dir, "ran"), 0);
    let receipt = store.all_orders()[0].receipt.clone().unwrap();
    assert_eq!(receipt.outcome, Outcome::Refused);
}

#[tokio::test]
async fn a_signal_while_waiting_withdraws_the_request() {
    let store = Arc::new(MemoryStore::default());
    let waiting = wait(&store, "echo ran >> ran");
    asked(&store, &waiting.dir).await;
    waiting.signals.send(2).await.unwrap();

    assert_eq!(waiting.ended.await.unwrap().unwrap(), Ended::Withdrawn { signal: 2 });
    assert_eq!(store.all_actions()[0].1, ActionState::Gone);
}

#[tokio::test]
async fn a_signal_while_it_runs_reaches_the_command() {
    let store = Arc::new(MemoryStore::default());
    let script = "trap 'exit 41' TERM; echo up > up; while :; do sleep 0.05; done";
    let waiting = wait(&store, script);
    let action = asked(&store, &waiting.dir).await;
    approve(&store, &action);
    until("the command", || (lines(&waiting.dir, "up") == 1).then_some(())).await;
    waiting.signals.send(15).await.unwrap();

    assert_eq!(waiting.ended.await.unwrap().unwrap(), Ended::Ran { status: 41 });
}

#[tokio::test]
async fn a_program_that_changed_after_it_was_shown_is_not_run() {
    let store = Arc::new(MemoryStore::default());
    let dir = TempDir::new().unwrap();
    let tool = dir.path().join("tool");
    fs::write(&tool, "#!/bin/sh\necho harmless >> ran\n").unwrap();
    fs::set_permissions(&tool, fs::Permissions::from_mode(0o755)).unwrap();
    let waiting = wait_in(&store, dir, &["./tool"], terms());
    let action = asked(&store, &waiting.dir).await;
    fs::write(&tool, "#!/bin/sh\necho harmful >> ran\n").unwrap();
    approve(&store, &action);

    let refused = waiting.ended.await.unwrap().unwrap_err();
    assert!(matches!(refused, GateError::Changed(_)), "{refused}");
    assert_eq!(lines(&waiting.dir, "ran"), 0);
    assert_eq!(store.all_orders()[0].receipt.as_ref().unwrap().outcome, Outcome::Refused);
}

#[tokio::test]
async fn an_approval_of_another_digest_does_not_count() {
    let store = Arc::new(MemoryStore::default());
    let waiting = wait(&store, "echo ran >> ran");
    let action = asked(&store, &waiting.dir).await;
    let other = Action { title: Untrusted::new("ls"), ..action.clone() };
    store.answer(&action, other.digest().unwrap(), Verdict::Approve, "agreed");

    let refused = waiting.ended.await.unwrap().unwrap_err();
    assert!(matches!(refused, GateError::NotOurs(_)), "{refused}");
    assert_eq!(lines(&waiting.dir, "ran"), 0);
}

#[tokio::test]
async fn an_answer_with_another_nonce_does_not_count() {
    let store = Arc::new(MemoryStore::default());
    let waiting = wait(&store, "echo ran >> ran");
    let action = asked(&store, &waiting.dir).await;
    let digest = action.digest().unwrap();
    store.answer_as(&action, digest, Verdict::Approve, "agreed", "00");

    assert!(matches!(waiting.ended.await.unwrap(), Err(GateError::NotOurs(_))));
    assert_eq!(lines(&waiting.dir, "ran"), 0);
}

#[tokio::test]
async fn without_a_store_nothing_runs() {
    let store = Arc::new(MemoryStore::default());
    store.fail(true);
    let waiting = wait(&store, "echo ran >> ran");
    assert!(matches!(waiting.ended.await.unwrap(), Err(GateError::Store(_))));
    assert_eq!(lines(&waiting.dir, "ran"), 0);
}

#[tokio::test]
async fn a_store_that_goes_away_while_waiting_ends_the_wait() {
    let store = Arc::new(MemoryStore::default());
    let waiting = wait(&store, "echo ran >> ran");
    let action = asked(&store, &waiting.dir).await;
    store.fail(true);
    approve(&store, &action);
    assert!(matches!(waiting.ended.await.unwrap(), Err(GateError::Store(_))));
    assert_eq!(lines(&waiting.dir, "ran"), 0);
}

#[tokio::test]
async fn of_two_waiting_processes_only_the_approved_one_runs() {
    let store = Arc::new(MemoryStore::default());
    let first = wait(&store, "echo ran >> ran");
    let second = wait(&store, "echo ran >> ran");
    asked(&store, &first.dir).await;
    let action = asked(&store, &second.dir).await;
    approve(&store, &action);

    assert_eq!(second.ended.await.unwrap().unwrap(), Ended::Ran { status: 0 });
    assert_eq!((lines(&first.dir, "ran"), lines(&second.dir, "ran")), (0, 1));
    assert!(!first.ended.is_finished(), "the other one still waits");
    first.signals.send(15).await.unwrap();
    assert_eq!(first.ended.await.unwrap().unwrap(), Ended::Withdrawn { signal: 15 });
}

#[tokio::test]
async fn a_request_taken_for_gone_while_it_waits_is_asked_again() {
    use countersign::store::Store as _;
    let store = Arc::new(MemoryStore::default());
    let waiting = wait(&store, "echo ran >> ran");
    let first = asked(&store, &waiting.dir).await;
    store.end_action(&first.id, "a poll missed it", jiff::Timestamp::now()).await.unwrap();
    let second = until("the second request", || {
        let mut pending = store.all_actions().into_iter();
        pending.find(|(_, state)| *state == ActionState::Pending).map(|(action, _)| action)
    })
    .await;
    assert_ne!(first.id, second.id, "a new request has a new nonce");
    approve(&store, &second);
    assert_eq!(waiting.ended.await.unwrap().unwrap(), Ended::Ran { status: 0 });
}

#[tokio::test]
async fn the_gate_lists_processes_while_they_live() {
    use countersign::store::Store as _;
    let store = Arc::new(MemoryStore::default());
    let source = GateSource::new(store.clone(), HOST);
    let waiting = wait(&store, "true");
    let action = asked(&store, &waiting.dir).await;
    let seen = source.poll(&Progress::new()).await.unwrap();
    assert_eq!(seen.actions, vec![action.clone()]);
    let now = source.reread(&action).await.unwrap();
    assert_eq!(now, Reread::Waiting(Box::new(action.clone())));

    let mut dead = action.clone();
    let ended = std::process::Command::new("true").spawn().and_then(|mut child| {
        let pid = child.id();
        child.wait().map(|_| pid)
    });
    if let countersign::domain::Subject::Command { pid, nonce, .. } = &mut dead.subject {
        *pid = ended.unwrap();
        *nonce = "ff".to_owned();
    }
    dead.id = dead.subject.id(&dead.source);
    store.put_action(&dead, jiff::Timestamp::now()).await.unwrap();
    let seen = source.poll(&Progress::new()).await.unwrap();
    assert_eq!(seen.actions, vec![action], "the dead one is left out");
    let (row, _) = store.action(&dead.id).await.unwrap().unwrap();
    assert_eq!(row.state, ActionState::Gone, "and ended");
    assert!(matches!(source.reread(&dead).await.unwrap(), Reread::Ended(_)));

    store.answer(&dead, dead.digest().unwrap(), Verdict::Approve, "agreed");
    let order = store.all_orders().remove(0).order;
    assert_eq!(source.fate(&order).await.unwrap(), Fate::NotDone);
    assert!(store.take_answer(&dead.id).await.unwrap().is_none(), "nobody can take it any more");
}
