//! A console reads only what changed, and sees the same as one that reads everything anew, however
//! many write meanwhile.

use super::{Place, asked, decide, later, on_both, source};
use crate::support::memory::{access_key, pull_request};
use countersign::{
    domain::{Activity, ActivityKind, Observation, Verdict},
    store::{QueueRow, Store, amend_queue},
};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

on_both!(
    an_unchanged_world_changes_no_row,
    every_kind_of_write_moves_the_version,
    nothing_is_missed_while_many_write,
);

struct Shown {
    version: i64,
    queue: Vec<Arc<QueueRow>>,
}

impl Shown {
    async fn of(store: &dyn Store) -> Self {
        let version = store.version().await.unwrap();
        Self { version, queue: store.queue(None).await.unwrap().0 }
    }

    async fn catch_up(&mut self, store: &dyn Store) {
        let version = store.version().await.unwrap();
        let changes = store.changes(self.version).await.unwrap().unwrap();
        self.version = version;
        self.queue = amend_queue(&self.queue, &changes);
    }
}

async fn an_unchanged_world_changes_no_row(place: Place) {
    let store = place.handle().await;
    let seen = Observation {
        actions: (1..=5).map(|n| pull_request(&source(), n, "aaa")).collect(),
        credentials: vec![access_key(&source(), "agent", "AKIA1")],
        ..Observation::default()
    };
    let poll = async |store: &dyn Store| {
        let at = store.now();
        store.record_poll(&source(), &seen, at, later(at, 1)).await.unwrap();
    };
    poll(&*store).await;
    let version = store.version().await.unwrap();
    poll(&*store).await;
    assert!(store.version().await.unwrap() > version);
    let changes = store.changes(version).await.unwrap().unwrap();
    assert!(changes.open.is_empty() && changes.closed.is_empty());
    assert!(changes.credentials.is_empty());
    let changes = store.changes(0).await.unwrap().unwrap();
    assert_eq!((changes.open.len(), changes.credentials.len()), (5, 1));
}

async fn every_kind_of_write_moves_the_version(place: Place) {
    let [one, two] = place.handles(2).await.try_into().ok().unwrap();
    let mut before = one.version().await.unwrap();
    assert_eq!(one.version().await.unwrap(), before);
    let mut moved = async || {
        let now = one.version().await.unwrap();
        assert!(std::mem::replace(&mut before, now) < now);
    };
    let line = Activity {
        seq: 0,
        at: two.now(),
        kind: ActivityKind::Source,
        source: source(),
        about: String::new(),
        who: "ana".into(),
        what: "looked".into(),
    };
    two.note(&line).await.unwrap();
    moved().await;
    let call = asked(&*two, "drop table", 1).await;
    moved().await;
    decide(&*two, &call, "ana", Verdict::Approve).await.unwrap();
    moved().await;
    two.take_answer(&call.id).await.unwrap().unwrap();
    moved().await;
    two.end_action(&call.id, "gone", two.now()).await.unwrap();
    moved().await;
}

async fn nothing_is_missed_while_many_write(place: Place) {
    let handles = place.handles(4).await;
    let console = place.handle().await;
    let mut shown = Shown::of(&*console).await;
    let done = Arc::new(AtomicBool::new(false));
    let mut writing = tokio::task::JoinSet::new();
    for (nth, store) in handles.into_iter().enumerate() {
        writing.spawn(async move {
            for number in 0..12 {
                let call = asked(&*store, &format!("{nth} drops {number}"), 1).await;
                match number % 3 {
                    0 => drop(decide(&*store, &call, "ana", Verdict::Approve).await.unwrap()),
                    1 => store.end_action(&call.id, "gone", store.now()).await.unwrap(),
                    _ => {}
                }
            }
        });
    }
    let ended = Arc::clone(&done);
    let writers = tokio::spawn(async move {
        writing.join_all().await;
        ended.store(true, Ordering::Release);
    });
    while !done.load(Ordering::Acquire) {
        shown.catch_up(&*console).await;
    }
    writers.await.unwrap();
    shown.catch_up(&*console).await;
    let anew = Shown::of(&*console).await;
    assert_eq!(shown.queue, anew.queue);
    assert_eq!(anew.queue.len(), 4 * 8);
}
