//! The store, whichever it is: the same stories told on a SQLite file and on a PostgreSQL server.
//!
//! ```text
//!   story(Place) ──┬─ sqlite::story     always
//!                  └─ postgres::story   with a server: make test
//!   Place::handle() ─▶ Arc<dyn Store>   each as another process or host would have it
//! ```
#![allow(clippy::unwrap_used, clippy::panic, reason = "a story that cannot go on has failed")]

mod answers;
mod changed;
mod decided;
mod faults;
mod lists;
mod polled;
mod program;
mod roles;
mod told;
mod way;

use crate::support::postgres;
use countersign::{
    domain::{
        Action, ActionId, Decision, Order, OrderId, OrderKind, Reviewer, SourceName, Subject,
        Untrusted, Verdict,
    },
    store::{Address, Counted, IntentError, PgStore, SqliteStore, Store},
};
use jiff::{SignedDuration, Timestamp};
use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};
use tempfile::TempDir;

/// Tells each story on both stores.
macro_rules! on_both {
    ($($story:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                super::$story(crate::store::Place::file()).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            #[ignore = "needs PostgreSQL: make test"]
            async fn $story() {
                super::$story(crate::store::Place::server().await).await;
            })*
        }
    };
}
pub(crate) use on_both;

/// Where a store is.
#[allow(clippy::large_enum_variant, reason = "a few a test")]
pub enum Place {
    File(TempDir),
    Server(Address),
}

impl Place {
    pub fn file() -> Self {
        Self::File(TempDir::new().unwrap())
    }

    pub async fn server() -> Self {
        Self::Server(postgres::database().await)
    }

    /// The store, as another process has it.
    pub async fn handle(&self) -> Arc<dyn Store> {
        match self {
            Self::File(home) => {
                Arc::new(SqliteStore::open(&home.path().join("store.db")).await.unwrap())
            }
            Self::Server(address) => Arc::new(PgStore::open(address).await.unwrap()),
        }
    }

    /// Several of them.
    pub async fn handles(&self, count: usize) -> Vec<Arc<dyn Store>> {
        let mut handles = Vec::new();
        for _ in 0..count {
            handles.push(self.handle().await);
        }
        handles
    }
}

static ORDERS: AtomicU32 = AtomicU32::new(0);

/// A decision on what is shown now, at the store's time.
pub fn decision(store: &dyn Store, action: &Action, by: &str, verdict: Verdict) -> Decision {
    Decision {
        action: action.id.clone(),
        digest: action.digest().unwrap(),
        verdict,
        reviewer: Reviewer(by.into()),
        reason: Untrusted::default(),
        at: store.now(),
        signed: None,
    }
}

/// The order that carries a decision out.
pub fn order(decision: &Decision, action: &Action) -> Order {
    let verdict = decision.verdict;
    let kind = match &action.subject {
        Subject::PullRequest { repo, number, head_sha, .. } => OrderKind::ReviewPullRequest {
            repo: repo.clone(),
            number: *number,
            verdict,
            commit_id: head_sha.clone(),
            body: "as decided".into(),
        },
        Subject::FollowUp { .. } => panic!("a follow-up is decided by the desk"),
        Subject::Command { nonce, .. } | Subject::Call { nonce, .. } => {
            let reason = Untrusted::default();
            OrderKind::AnswerCommand { nonce: nonce.clone(), verdict, reason }
        }
        Subject::Deployment { .. } => panic!("no story decides on deployments"),
    };
    Order {
        id: fresh_order(),
        source: action.source.clone(),
        kind,
        action: Some(action.id.clone()),
        credential: None,
        by: decision.reviewer.0.clone(),
        reason: Untrusted::default(),
        at: decision.at,
    }
}

/// An order's id that nobody else has.
pub fn fresh_order() -> OrderId {
    let number = ORDERS.fetch_add(1, Ordering::Relaxed);
    format!("o-{number:010x}").parse().unwrap()
}

/// Decides as a reviewer would; enough is what the store's own count says.
pub async fn decide(
    store: &dyn Store,
    action: &Action,
    by: &str,
    verdict: Verdict,
) -> Result<Counted, IntentError> {
    let decision = decision(store, action, by, verdict);
    let order = order(&decision, action);
    store.decide(&decision, &order, &|_| true).await
}

/// A call at the gate that so many have to agree to, asked for at the store's time.
pub async fn asked(store: &dyn Store, input: &str, approvals: u32) -> Action {
    let mut call = crate::support::memory::call(input, &format!("nonce of {input}"));
    call.opened = store.now();
    call.ruling = Some(crate::support::memory::held(approvals, &[]));
    store.ask(&call, store.now()).await.unwrap();
    call
}

pub fn source() -> SourceName {
    SourceName::new(countersign::domain::SourceKind::Embedded, "memory")
}

pub async fn state(store: &dyn Store, id: &ActionId) -> countersign::domain::ActionState {
    store.action(id).await.unwrap().unwrap().0.state
}

pub fn later(at: Timestamp, minutes: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_mins(minutes)).unwrap()
}
