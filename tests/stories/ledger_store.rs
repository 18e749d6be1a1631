//! The ledger inside the store: what is written leaves its entries, and a hand in the tables or in
//! the ledger itself is found and named; stores are moved, kept, put back and pruned with it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a story that cannot go on has failed")]

mod commands;
mod faults;
mod hands;
mod moved;
mod sealed;
mod server;
mod written;

use crate::support::{
    intruder::{hand, raw},
    memory::{access_key, call, held, pull_request},
};
use countersign::{
    domain::{
        Action, Asker, Assessment, Decision, Digest, Leave, LetThrough, Observation, Order,
        OrderId, OrderKind, Outcome, PolicyId, Receipt, Reviewer, Ruling, SourceKind, SourceName,
        Subject, ToolId, Untrusted, Verdict,
    },
    ledger::{Entry, EntryKind},
    store::{
        Counted, Intent, SqliteStore, Store,
        moving::{Compared, Mismatch, Wrong, compare},
    },
};
use jiff::{SignedDuration, Timestamp};
use std::path::PathBuf;
use tempfile::TempDir;

/// A store in which a bit of everything has happened.
struct Lived {
    store: SqliteStore,
    folder: TempDir,
}

fn source() -> SourceName {
    SourceName::new(SourceKind::Embedded, "acme")
}

fn policy() -> PolicyId {
    PolicyId { version: 6, digest: Digest::of_bytes(b"policy") }
}

fn ago(minutes: i64) -> Timestamp {
    let at = Timestamp::now() - SignedDuration::from_mins(minutes);
    Timestamp::from_millisecond(at.as_millisecond()).unwrap()
}

fn record(id: u64) -> LetThrough {
    LetThrough {
        id: format!("{id:032x}"),
        at: ago(30),
        source: SourceName::new(SourceKind::Gate, "host"),
        tool: ToolId::new("claude-code"),
        requester: "robin".into(),
        title: "ls".into(),
        asker: Asker::default(),
        found: Assessment::default(),
        ruling: Ruling {
            policy: policy(),
            tier: "read-only".to_owned(),
            leave: Leave::LetThrough,
            rules: Vec::new(),
        },
    }
}

/// What a person decides about a call, and what would be ordered.
fn decided(action: &Action, who: &str, verdict: Verdict, at: Timestamp) -> (Decision, Order) {
    let Subject::Call { nonce, .. } = &action.subject else { panic!("no call") };
    let kind =
        OrderKind::AnswerCommand { nonce: nonce.clone(), verdict, reason: Untrusted::default() };
    let decision = Decision {
        action: action.id.clone(),
        digest: action.digest().unwrap(),
        verdict,
        reviewer: Reviewer(who.into()),
        reason: "looked at".into(),
        at,
        signed: None,
    };
    let order = Order {
        id: OrderId::derive(&[action.id.as_str(), who]),
        source: action.source.clone(),
        kind,
        action: Some(action.id.clone()),
        credential: None,
        by: who.into(),
        reason: Untrusted::default(),
        at,
    };
    (decision, order)
}

/// A call that two people have to agree to.
fn call_of_two(input: &str, nonce: &str) -> Action {
    Action { ruling: Some(held(2, &[])), ..call(input, nonce) }
}

fn done(order: &OrderId, at: Timestamp) -> Receipt {
    Receipt { order: order.clone(), outcome: Outcome::Done, answer: "it ran".into(), at }
}

impl Lived {
    /// Nothing has happened yet.
    async fn fresh() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&folder.path().join("store.db")).await.unwrap();
        Self { store, folder }
    }

    /// Two polled pull requests, one of them gone; two calls that two people agreed to, one of them
    /// taken and run; one that is open; a key switched off; three actions let through.
    async fn new() -> Self {
        let lived = Self::fresh().await;
        let store = &lived.store;
        store.adopt_policy(&policy(), None, ago(120)).await.unwrap();
        store.register(&source(), SourceKind::Embedded).await.unwrap();
        let mut seen = Observation {
            actions: vec![pull_request(&source(), 1, "aaa"), pull_request(&source(), 2, "bbb")],
            credentials: vec![access_key(&source(), "ci", "AKIAIOSFODNN7EXAMPLE")],
            ..Observation::default()
        };
        store.record_poll(&source(), &seen, ago(110), ago(100)).await.unwrap();
        seen.actions.pop();
        store.record_poll(&source(), &seen, ago(100), ago(90)).await.unwrap();
        let taken = lived.agreed("terraform destroy", "n1").await;
        let order = store.take_answer(&taken.id).await.unwrap().unwrap();
        store.settle(&order.id, &done(&order.id, ago(1))).await.unwrap();
        lived.agreed("helm uninstall", "n2").await;
        let open = call_of_two("dropdb", "n3");
        store.ask(&open, ago(4)).await.unwrap();
        let (one, order) = decided(&open, "ana", Verdict::Approve, ago(3));
        store.decide(&one, &order, &|_| false).await.unwrap();
        lived.revoked("AKIAIOSFODNN7EXAMPLE").await;
        store.let_through(&[record(1), record(2), record(3)]).await.unwrap();
        lived
    }

    /// A call that two people agreed to.
    async fn agreed(&self, input: &str, nonce: &str) -> Action {
        let action = call_of_two(input, nonce);
        self.store.ask(&action, ago(8)).await.unwrap();
        for (who, minutes) in [("ana", 7), ("imogen", 6)] {
            let (decision, order) = decided(&action, who, Verdict::Approve, ago(minutes));
            let counted = self.store.decide(&decision, &order, &|all| all.len() == 2).await;
            let expected = if who == "ana" { Counted::Waiting } else { Counted::Ordered };
            assert_eq!(counted.unwrap(), expected);
        }
        action
    }

    async fn revoked(&self, key_id: &str) {
        let credential = self.store.credentials(false).await.unwrap().remove(0).credential;
        let order = Order {
            id: OrderId::derive(&[key_id]),
            source: source(),
            kind: OrderKind::SetAccessKey {
                user: "ci".to_owned(),
                key_id: key_id.to_owned(),
                active: false,
            },
            action: None,
            credential: Some(credential.id),
            by: "ana".into(),
            reason: "leaked".into(),
            at: ago(2),
        };
        self.store.intend(&Intent { decision: None, order: order.clone() }).await.unwrap();
        self.store.settle(&order.id, &done(&order.id, ago(1))).await.unwrap();
    }

    fn path(&self) -> PathBuf {
        self.store.path().to_owned()
    }

    fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    async fn compared(&self) -> Compared {
        compare(&self.store).await.unwrap()
    }

    /// Somebody with nothing but SQL, who first takes away what guards against mistakes.
    async fn hand(&self, statements: &[&str]) {
        hand(&self.path(), statements).await;
    }

    /// Every entry, oldest first.
    async fn entries(&self) -> Vec<Entry> {
        let all = self.store.shelf().ledger_entries(0, 10_000).await.unwrap();
        all.iter().map(|bytes| Entry::read(bytes.as_deref().unwrap()).unwrap()).collect()
    }

    async fn kinds(&self) -> Vec<EntryKind> {
        self.entries().await.iter().map(Entry::kind).collect()
    }
}

/// What was found, without the words.
fn found(compared: &Compared) -> Vec<(&str, &str, Wrong)> {
    let short = |one: &'_ Mismatch| (one.table, one.wrong);
    let mut found: Vec<(&str, &str, Wrong)> = Vec::new();
    for one in &compared.mismatches {
        let (table, wrong) = short(one);
        found.push((table, one.id.as_str(), wrong));
    }
    found
}
