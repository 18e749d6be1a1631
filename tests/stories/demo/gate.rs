//! A process waits at the gate, and only an approval of exactly its command lets it run.

use countersign::{
    catalogue::Catalogue,
    domain::{
        Action, ActionId, ActionState, Activity, Decision, Environment, Fate, Order, OrderId,
        OrderKind, Outcome, Reviewer, Subject, Untrusted, Verdict,
    },
    gate::{Ended, GateError, GateSource, Notice, Program, Request, Terms, caller, exec},
    sources::{Progress, Reread, Source as _},
    store::{Intent, OrderRow, SqliteStore, Store as _},
};
use jiff::Timestamp;
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

/// The queue that processes and reviewers share.
#[derive(Clone)]
struct Queue {
    store: Arc<SqliteStore>,
    _folder: Arc<TempDir>,
}

impl Queue {
    async fn new() -> Self {
        let folder = Arc::new(TempDir::new().unwrap());
        let store = SqliteStore::open(&folder.path().join("store.db")).await.unwrap();
        Self { store: Arc::new(store), _folder: folder }
    }

    async fn actions(&self) -> Vec<(Action, ActionState)> {
        let mut actions = Vec::new();
        for row in self.store.actions(true).await.unwrap() {
            actions.push((self.store.action(&row.id).await.unwrap().unwrap().1, row.state));
        }
        actions
    }

    /// The only order that was given.
    async fn order(&self) -> OrderRow {
        self.store.orders(false).await.unwrap().remove(0)
    }

    async fn newest_line(&self) -> Activity {
        self.store.activity(1, None).await.unwrap().remove(0)
    }

    /// A reviewer answers a waiting command as it is in the store.
    async fn answer(&self, id: &ActionId, verdict: Verdict, reason: &str) {
        let (_, action) = self.store.action(id).await.unwrap().unwrap();
        let Subject::Command { nonce, .. } = &action.subject else { panic!("not a command") };
        self.answer_as(&action, verdict, reason, nonce).await;
    }

    /// The same with a nonce of the test's choice.
    async fn answer_as(&self, action: &Action, verdict: Verdict, reason: &str, nonce: &str) {
        let (by, at) = (Untrusted::new("imogen"), Timestamp::now());
        let order = Order {
            id: OrderId::derive(&[action.id.as_str(), nonce]),
            source: action.source.clone(),
            kind: OrderKind::AnswerCommand {
                nonce: nonce.to_owned(),
                verdict,
                reason: Untrusted::new(reason),
            },
            action: Some(action.id.clone()),
            credential: None,
            by: by.clone(),
            reason: Untrusted::new(reason),
            at,
        };
        let decision = Decision {
            action: action.id.clone(),
            digest: action.digest().unwrap(),
            verdict,
            reviewer: Reviewer(by),
            reason: Untrusted::new(reason),
            at,
        };
        self.store.intend(&Intent { decision: Some(decision), order }).await.unwrap();
    }

    async fn approve(&self, action: &Action) {
        self.answer(&action.id, Verdict::Approve, "agreed").await;
    }
}

fn wait_in(queue: &Queue, dir: TempDir, argv: &[&str], terms: Terms) -> Waiting {
    let request = request(dir.path(), argv);
    let (signals, mut received) = mpsc::channel(4);
    let store = Arc::clone(&queue.store);
    let ended = tokio::spawn(async move {
        exec(&*store, &request, terms, &mut received, &mut |_: &Notice| {}).await
    });
    Waiting { dir, ended, signals }
}

fn wait(queue: &Queue, script: &str) -> Waiting {
    wait_in(queue, TempDir::new().unwrap(), &["sh", "-c", script], terms())
}

/// Looks until `found` answers, for at most ten seconds.
async fn until<T>(what: &str, mut found: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        if let Some(found) = found().await {
            return found;
        }
        assert!(Instant::now() < deadline, "never came: {what}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

async fn asked(queue: &Queue, dir: &TempDir) -> Action {
    let cwd = dir.path().to_string_lossy().into_owned();
    until("the request", async || {
        queue.actions().await.into_iter().map(|(action, _)| action).find(|action| {
            matches!(&action.subject, Subject::Command { cwd: there, .. } if there.raw() == cwd)
        })
    })
    .await
}

fn lines(dir: &TempDir, name: &str) -> usize {
    fs::read_to_string(dir.path().join(name)).map_or(0, |text| text.lines().count())
}

#[tokio::test]
async fn an_approved_command_runs_once_and_its_status_is_passed_on() {
    let queue = Queue::new().await;
    let waiting = wait(&queue, "echo ran >> ran; exit 7");
    let action = asked(&queue, &waiting.dir).await;
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
async fn a_rejected_command_never_runs_and_the_reason_is_handed_over() {
    let queue = Queue::new().await;
    let waiting = wait(&queue, "echo ran >> ran");
    let action = asked(&queue, &waiting.dir).await;
    queue.answer(&action.id, Verdict::Reject, "not on a Friday").await;

    let reason = Untrusted::new("not on a Friday");
    assert_eq!(waiting.ended.await.unwrap().unwrap(), Ended::Refused { reason });
    assert_eq!(lines(&waiting.dir, "ran"), 0);
    assert_eq!(queue.order().await.receipt.as_ref().unwrap().outcome, Outcome::Done);
}

#[tokio::test]
async fn a_request_nobody_decides_expires_and_leaves_the_queue() {
    let queue = Queue::new().await;
    let terms = Terms { timeout: Duration::from_millis(60), ..terms() };
    let dir = TempDir::new().unwrap();
    let waiting = wait_in(&queue, dir, &["sh", "-c", "echo ran >> ran"], terms);
    let ended = waiting.ended.await.unwrap().unwrap();

    let (action, state) = queue.actions().await.remove(0);
    assert_eq!(ended, Ended::Expired { action: action.id.clone() });
    assert_eq!(state, ActionState::Gone);
    assert_eq!(lines(&waiting.dir, "ran"), 0);
}

#[tokio::test]
async fn a_process_that_was_stopped_past_its_time_does_not_run_on_an_old_approval() {
    let queue = Queue::new().await;
    // It looks once, and then not before its time is over.
    let terms = Terms { timeout: Duration::from_secs(1), every: Duration::from_mins(1), ..terms() };
    let dir = TempDir::new().unwrap();
    let waiting = wait_in(&queue, dir, &["sh", "-c", "echo ran >> ran"], terms);
    let action = asked(&queue, &waiting.dir).await;
    queue.approve(&action).await;

    let ended = waiting.ended.await.unwrap().unwrap();
    assert_eq!(ended, Ended::Expired { action: action.id });
    assert_eq!(lines(&waiting.dir, "ran"), 0);
    let receipt = queue.order().await.receipt.clone().unwrap();
    assert_eq!(receipt.outcome, Outcome::Refused);
}

#[tokio::test]
async fn a_signal_while_waiting_withdraws_the_request() {
    let queue = Queue::new().await;
    let waiting = wait(&queue, "echo ran >> ran");
    asked(&queue, &waiting.dir).await;
    waiting.signals.send(2).await.unwrap();

    assert_eq!(waiting.ended.await.unwrap().unwrap(), Ended::Withdrawn { signal: 2 });
    assert_eq!(queue.actions().await[0].1, ActionState::Gone);
}

#[tokio::test]
async fn a_signal_while_it_runs_reaches_the_command() {
    let queue = Queue::new().await;
    let script = "trap 'exit 41' TERM; echo up > up; while :; do sleep 0.05; done";
    let waiting = wait(&queue, script);
    let action = asked(&queue, &waiting.dir).await;
    queue.approve(&action).await;
    until("the command", async || (lines(&waiting.dir, "up") == 1).then_some(())).await;
    waiting.signals.send(15).await.unwrap();

    assert_eq!(waiting.ended.await.unwrap().unwrap(), Ended::Ran { status: 41 });
}

#[tokio::test]
async fn a_program_that_changed_after_it_was_shown_is_not_run() {
    let queue = Queue::new().await;
    let dir = TempDir::new().unwrap();
    let tool = dir.path().join("tool");
    fs::write(&tool, "#!/bin/sh\necho harmless >> ran\n").unwrap();
    fs::set_permissions(&tool, fs::Permissions::from_mode(0o755)).unwrap();
    let waiting = wait_in(&queue, dir, &["./tool"], terms());
    let action = asked(&queue, &waiting.dir).await;
    fs::write(&tool, "#!/bin/sh\necho harmful >> ran\n").unwrap();
    queue.approve(&action).await;

    let refused = waiting.ended.await.unwrap().unwrap_err();
    assert!(matches!(refused, GateError::Changed(_)), "{refused}");
    assert_eq!(lines(&waiting.dir, "ran"), 0);
    assert_eq!(queue.order().await.receipt.as_ref().unwrap().outcome, Outcome::Refused);
}

#[tokio::test]
async fn a_directory_put_in_the_place_of_the_one_that_was_shown_is_not_run_in() {
    let queue = Queue::new().await;
    let place = TempDir::new().unwrap();
    let dir = TempDir::new_in(place.path()).unwrap();
    let shown = dir.path().to_owned();
    let waiting = wait_in(&queue, dir, &["sh", "-c", "echo ran >> ran"], terms());
    let action = asked(&queue, &waiting.dir).await;
    fs::rename(&shown, place.path().join("moved")).unwrap();
    fs::create_dir(&shown).unwrap();
    queue.approve(&action).await;

    let refused = waiting.ended.await.unwrap().unwrap_err();
    assert!(matches!(refused, GateError::Changed(_)), "{refused}");
    assert_eq!(lines(&waiting.dir, "ran"), 0);
}

#[tokio::test]
async fn an_approval_of_another_digest_does_not_count() {
    let queue = Queue::new().await;
    let waiting = wait(&queue, "echo ran >> ran");
    let action = asked(&queue, &waiting.dir).await;
    // Somebody shows the reviewer something else under the same id.
    let other = Action { title: Untrusted::new("ls"), ..action.clone() };
    queue.store.put_action(&other, Timestamp::now()).await.unwrap();
    queue.approve(&other).await;

    let refused = waiting.ended.await.unwrap().unwrap_err();
    assert!(matches!(refused, GateError::NotOurs(_)), "{refused}");
    assert_eq!(lines(&waiting.dir, "ran"), 0);
}

#[tokio::test]
async fn an_answer_with_another_nonce_does_not_count() {
    let queue = Queue::new().await;
    let waiting = wait(&queue, "echo ran >> ran");
    let action = asked(&queue, &waiting.dir).await;
    queue.answer_as(&action, Verdict::Approve, "agreed", "00").await;

    assert!(matches!(waiting.ended.await.unwrap(), Err(GateError::NotOurs(_))));
    assert_eq!(lines(&waiting.dir, "ran"), 0);
}

#[tokio::test]
async fn without_a_store_nothing_runs() {
    let queue = Queue::new().await;
    queue.store.close().await;
    let waiting = wait(&queue, "echo ran >> ran");
    assert!(matches!(waiting.ended.await.unwrap(), Err(GateError::Store(_))));
    assert_eq!(lines(&waiting.dir, "ran"), 0);
}

#[tokio::test]
async fn a_store_that_goes_away_while_waiting_ends_the_wait() {
    let queue = Queue::new().await;
    let waiting = wait(&queue, "echo ran >> ran");
    asked(&queue, &waiting.dir).await;
    queue.store.close().await;
    assert!(matches!(waiting.ended.await.unwrap(), Err(GateError::Store(_))));
    assert_eq!(lines(&waiting.dir, "ran"), 0);
}

#[tokio::test]
async fn of_two_waiting_processes_only_the_approved_one_runs() {
    let queue = Queue::new().await;
    let first = wait(&queue, "echo ran >> ran");
    let second = wait(&queue, "echo ran >> ran");
    asked(&queue, &first.dir).await;
    let action = asked(&queue, &second.dir).await;
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
    let waiting = wait(&queue, "echo ran >> ran");
    let first = asked(&queue, &waiting.dir).await;
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
    let waiting = wait(&queue, "true");
    let action = asked(&queue, &waiting.dir).await;
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
