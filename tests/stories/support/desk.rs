//! A review desk over a store file and one scripted source.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a story that cannot go on has failed")]
#![allow(dead_code, reason = "each story takes what it needs")]

use super::{memory::MemorySource, postgres};
use countersign::{
    domain::{
        Action, ActionId, ActionState, ActivityKind, Digest, Outcome, Receipt, Reviewer, Untrusted,
        Verdict,
    },
    review::{Carried, DecideError, Poller, Review, Timing},
    sources::Source,
    store::{self, Store},
};
use std::{
    fs,
    future::Future,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// One console: its own handle on the store file.
pub struct Desk {
    pub review: Review,
    pub source: Arc<MemorySource>,
    pub store: Arc<dyn Store>,
    folder: Arc<TempDir>,
}

/// Short enough for a test, in the same order of size as the real ones.
pub fn quick() -> Timing {
    Timing {
        read: Duration::from_millis(500),
        carry_out: Duration::from_millis(300),
        gate: Duration::from_millis(200),
        left_behind: Duration::ZERO,
        lost_answer: Duration::ZERO,
    }
}

/// Every story at a desk can be told on PostgreSQL too: `COUNTERSIGN_TEST_DESK=postgres`.
async fn on_a_server(path: &Path) {
    let url = postgres::url(&postgres::new_database().await);
    fs::write(path, format!("{url}\n")).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

impl Desk {
    /// A fresh store, a source and one reviewer.
    pub async fn new() -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        if std::env::var_os("COUNTERSIGN_TEST_DESK").is_some_and(|on| on == "postgres") {
            on_a_server(&folder.path().join("store.db")).await;
        }
        Self::sit("ana", MemorySource::new("acme"), folder).await
    }

    /// A second console in another process: the same file, the same world.
    pub async fn beside(&self, reviewer: &str) -> Self {
        Self::sit(reviewer, Arc::clone(&self.source), Arc::clone(&self.folder)).await
    }

    async fn sit(reviewer: &str, source: Arc<MemorySource>, folder: Arc<TempDir>) -> Self {
        let store = store::open(&folder.path().join("store.db")).await.unwrap();
        let sources: Vec<Arc<dyn Source>> = vec![source.clone()];
        let reviewer = Reviewer(Untrusted::new(reviewer));
        let review = Review::new(store.clone(), sources, reviewer).with_timing(quick());
        Self { review, source, store, folder }
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("store.db")
    }

    /// Polls everything once.
    pub async fn poll(&self) {
        let every = Duration::from_mins(1);
        Poller::new(self.review.clone(), every, Duration::from_secs(5)).once().await;
    }

    /// Shows these actions and polls.
    pub async fn waiting(&self, actions: Vec<Action>) {
        self.source.world(|world| world.actions = actions);
        self.poll().await;
    }

    pub async fn digest(&self, id: &ActionId) -> Digest {
        self.store.action(id).await.unwrap().unwrap().0.digest
    }

    pub async fn state(&self, id: &ActionId) -> ActionState {
        self.store.action(id).await.unwrap().unwrap().0.state
    }

    /// Approves what the store shows.
    pub async fn approve(&self, id: &ActionId) -> Result<Carried, DecideError> {
        let seen = self.digest(id).await;
        self.review.decide(id, seen, Verdict::Approve, Untrusted::default()).await
    }

    /// Rejects what the store shows.
    pub async fn reject(&self, id: &ActionId, reason: &str) -> Result<Carried, DecideError> {
        let seen = self.digest(id).await;
        self.review.decide(id, seen, Verdict::Reject, Untrusted::new(reason)).await
    }

    /// Kinds of the lines about a thing, oldest first.
    pub async fn history(&self, about: &str) -> Vec<ActivityKind> {
        let lines = self.store.activity(10_000, None).await.unwrap();
        lines.iter().rev().filter(|line| line.about == about).map(|line| line.kind).collect()
    }

    /// Texts of all lines of a kind, oldest first.
    pub async fn told(&self, kind: ActivityKind) -> Vec<String> {
        let lines = self.store.activity(10_000, None).await.unwrap();
        let of_kind = lines.iter().rev().filter(|line| line.kind == kind);
        of_kind.map(|line| line.what.raw().to_owned()).collect()
    }
}

/// The receipt of a decision that was answered.
pub fn receipt(carried: Carried) -> Receipt {
    match carried {
        Carried::Answered(receipt) => receipt,
        Carried::Waiting(order) => panic!("order {order} still waits"),
        Carried::Counted(standing) => panic!("more have to agree: {standing}"),
    }
}

/// How a decision was answered.
pub fn outcome(carried: Result<Carried, DecideError>) -> Outcome {
    receipt(carried.unwrap()).outcome
}

/// Asks until it is true; fails after ten seconds.
pub async fn until<F: Future<Output = bool>>(what: &str, mut is: impl FnMut() -> F) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !is().await {
        assert!(Instant::now() < deadline, "not within ten seconds: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
