//! Two hundred agents at once: no request lost, none twice, and nobody told that the store is
//! locked.

use super::{REVIEWERS, approve, home, is_open, reviewer, rules, runs};
use crate::support::{
    memory::{call, held},
    program::wait,
};
use countersign::{
    domain::{Action, ActionId, Verdict},
    gate::{self, Held, Queue},
    store::{SqliteStore, Store, amend_queue},
};
use std::{
    collections::HashMap,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{task::JoinHandle, time::Instant};

/// Separately opened stores, as so many processes would have them.
const STORES: usize = 20;
/// Agents; every second one asks the very same as the one before.
const AGENTS: usize = 200;
/// Real processes beside them.
const PROCESSES: usize = 30;

type Flag = Arc<AtomicBool>;

fn goes_on(done: &Flag) -> bool {
    !done.load(Ordering::Relaxed)
}

/// A reviewer who approves whatever waits until all is done.
fn approving(store: Arc<SqliteStore>, name: &'static str, done: &Flag) -> JoinHandle<usize> {
    let (review, done) = (reviewer(&store, name), Arc::clone(done));
    tokio::spawn(async move {
        let mut given = 0;
        while goes_on(&done) {
            for row in store.actions(false).await.unwrap() {
                let mine = |one: &_| {
                    let one: &countersign::domain::Decision = one;
                    one.reviewer.0.raw() == name
                };
                if !row.decisions.iter().any(mine) && approve(&review, &row).await {
                    given += 1;
                }
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        given
    })
}

/// A console that follows the queue by what changed.
fn looking(store: Arc<SqliteStore>, done: &Flag) -> JoinHandle<()> {
    let done = Arc::clone(done);
    tokio::spawn(async move {
        let mut version = store.version().await.unwrap();
        let (mut rows, _) = store.queue(None).await.unwrap();
        while goes_on(&done) {
            let now = store.version().await.unwrap();
            let changes = store.changes(version).await.unwrap().unwrap();
            rows = amend_queue(&rows, &changes);
            version = now;
            store.expire(jiff::Timestamp::now()).await.unwrap();
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
}

/// An agent that makes its call until it has passed; answers with the approval it used.
async fn agent(store: Arc<SqliteStore>, number: usize) -> ActionId {
    let until = Instant::now() + Duration::from_mins(2);
    loop {
        let (input, nonce) = (format!("drop table t{}", number / 2), gate_nonce(number));
        let action = Action { ruling: Some(held(2, &["senior"])), ..call(&input, &nonce) };
        let patience = Instant::now() + Duration::from_secs(20);
        let reviewers = &rules().reviewers;
        let queue = Queue { store: &*store, beside: Path::new("/nowhere"), reviewers };
        match gate::hold(queue, &action, patience).await.unwrap() {
            Held::Passed { action } => return action,
            Held::Ticket { .. } => assert!(Instant::now() < until, "agent {number} never passed"),
            Held::Refused { reason, .. } => panic!("{reason:?}"),
        }
    }
}

fn gate_nonce(number: usize) -> String {
    use std::sync::atomic::AtomicUsize;
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    format!("{number:08x}{:024x}", NEXT.fetch_add(1, Ordering::Relaxed))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "takes half a minute: make test"]
async fn two_hundred_agents_ask_at_once_and_each_approval_lets_one_call_pass() {
    let program = home();
    let path = program.store_path();
    drop(program.store().await);
    let mut stores = Vec::new();
    for _ in 0..STORES {
        let store = SqliteStore::open_patiently(&path, gate::PATIENCE).await.unwrap();
        stores.push(Arc::new(store));
    }
    let done = Flag::default();
    let desk = || async { Arc::new(SqliteStore::open(&path).await.unwrap()) };
    let mut reviewers = Vec::new();
    for name in REVIEWERS {
        reviewers.push(approving(desk().await, name, &done));
    }
    let console = looking(desk().await, &done);

    let agents: Vec<_> = (0..AGENTS)
        .map(|number| tokio::spawn(agent(Arc::clone(&stores[number % STORES]), number)))
        .collect();
    let processes: Vec<_> = (0..PROCESSES)
        .map(|number| {
            let name = format!("p{number}");
            let command = ["gate", "exec", "--tool", "claude-code", "--", "./deploy", &name];
            let child = program.command(&command).spawn().unwrap();
            (name, tokio::task::spawn_blocking(move || wait(child)))
        })
        .collect();

    let mut passed: HashMap<ActionId, usize> = HashMap::new();
    for agent in agents {
        *passed.entry(agent.await.unwrap()).or_default() += 1;
    }
    for (name, process) in processes {
        let ran = process.await.unwrap();
        assert_eq!(ran.status, 0, "{ran:?}");
        assert!(!ran.stderr.contains("locked") && !ran.stderr.contains("busy"), "{ran:?}");
        assert_eq!(runs(&program, &name), 1, "{name}");
    }
    done.store(true, Ordering::Relaxed);
    for reviewer in reviewers {
        assert!(reviewer.await.unwrap() > 0);
    }
    console.await.unwrap();

    assert_eq!(passed.len(), AGENTS, "every agent had a request of its own in the end");
    assert!(passed.values().all(|times| *times == 1), "and every approval let one call pass");
    let store = desk().await;
    let rows = store.actions(true).await.unwrap();
    assert_eq!(rows.len(), AGENTS + PROCESSES, "nothing was asked twice");
    assert!(rows.iter().all(|row| !is_open(row.state)));
    for row in &rows {
        let agreed = row.decisions.iter().filter(|one| one.verdict == Verdict::Approve).count();
        let people: std::collections::HashSet<_> =
            row.decisions.iter().map(|one| &one.reviewer).collect();
        assert_eq!((agreed, row.spent.len()), (people.len(), people.len()), "{row:?}");
    }
    assert_eq!(store.orders(false).await.unwrap().len(), rows.len(), "one order each");
}
