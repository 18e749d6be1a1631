//! Several people have to agree, within a time, to what policy holds.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a story that cannot go on has failed")]

mod calls;
mod polled;

use crate::support::{
    desk::Desk,
    memory::{call, held, ruled},
};
use countersign::{
    domain::{
        Action, ActionId, ActionState, ActivityKind, Decision, Leave, Order, OrderId, OrderKind,
        Reviewer, Subject, Untrusted, Verdict,
    },
    gate::{self, Held, HoldError, Queue},
    review::{Carried, DecideError, Review, Rules},
    store::{Counted, Intent, IntentError, Store},
    trust::{Roster, Standing},
};
use jiff::{SignedDuration, Timestamp};
use std::{path::Path, sync::Arc};
use tokio::time::Instant;

/// Who is senior in these stories.
fn rules() -> Rules {
    let seniors = ["ines".to_owned(), "rowan".to_owned()];
    let roster = Arc::new(Roster::new([("senior".to_owned(), seniors)]));
    Rules { reviewers: roster.into(), ..Rules::default() }
}

/// Several people at one store.
struct Table {
    desk: Desk,
}

/// Holds a call at a gate that knows who is senior.
async fn hold(store: &dyn Store, action: &Action, until: Instant) -> Result<Held, HoldError> {
    let reviewers = &rules().reviewers;
    gate::hold(Queue { store, beside: Path::new("/nowhere"), reviewers }, action, until).await
}

impl Table {
    async fn new() -> Self {
        Self { desk: Desk::new().await }
    }

    /// The desk of one of them.
    fn of(&self, who: &str) -> Review {
        let store = Arc::clone(&self.desk.store) as Arc<dyn Store>;
        let reviewer = Reviewer(who.into());
        Review::new(store, self.desk.review.sources().to_vec(), reviewer)
            .with_timing(crate::support::desk::quick())
            .under(rules())
    }

    /// A call that waits for two people, one of them senior.
    async fn held_call(&self, input: &str, nonce: &str) -> Action {
        let action = Action { ruling: Some(held(2, &["senior"])), ..call(input, nonce) };
        self.desk.store.ask(&action, action.opened).await.unwrap();
        action
    }

    async fn approve(&self, who: &str, id: &ActionId) -> Result<Carried, DecideError> {
        let seen = self.desk.digest(id).await;
        self.of(who).decide(id, seen, Verdict::Approve, Untrusted::default()).await
    }

    async fn reject(&self, who: &str, id: &ActionId) -> Result<Carried, DecideError> {
        let seen = self.desk.digest(id).await;
        self.of(who).decide(id, seen, Verdict::Reject, "no".into()).await
    }

    async fn standing(&self, id: &ActionId) -> Standing {
        let (row, _) = self.desk.store.action(id).await.unwrap().unwrap();
        self.of("anybody").standing(&row, Timestamp::now()).unwrap()
    }

    async fn is_answered(&self, id: &ActionId) -> bool {
        self.desk.store.take_answer(id).await.unwrap().is_some()
    }
}

/// A decision and its order, as they would be written down at some time.
fn decided(action: &Action, who: &str, verdict: Verdict, at: Timestamp) -> (Decision, Order) {
    let (Subject::Call { nonce, .. } | Subject::Command { nonce, .. }) = &action.subject else {
        panic!("not at a gate")
    };
    let kind =
        OrderKind::AnswerCommand { nonce: nonce.clone(), verdict, reason: Untrusted::default() };
    let decision = Decision {
        action: action.id.clone(),
        digest: action.digest().unwrap(),
        verdict,
        reviewer: Reviewer(who.into()),
        reason: Untrusted::default(),
        at,
        signed: None,
    };
    let order = Order {
        id: OrderId::derive(&[action.id.as_str(), who, &at.to_string()]),
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

fn ago(minutes: i64) -> Timestamp {
    Timestamp::now() - SignedDuration::from_mins(minutes)
}

fn counted(carried: Result<Carried, DecideError>) -> Standing {
    match carried.unwrap() {
        Carried::Counted(standing) => standing,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_of_two_people_gives_the_order() {
    let table = Table::new().await;
    let asked = table.held_call("terraform destroy", "n1").await;

    let first = counted(table.approve("ana", &asked.id).await);

    assert_eq!(first.to_string(), "1 of 2; missing: one of senior");
    assert_eq!(table.standing(&asked.id).await, first);
    assert!(!table.is_answered(&asked.id).await);
    assert_eq!(table.desk.state(&asked.id).await, ActionState::Pending);

    let second = table.approve("ines", &asked.id).await.unwrap();

    assert!(matches!(second, Carried::Waiting(_)), "{second:?}");
    let told = table.desk.told(ActivityKind::Decided).await;
    assert!(told[0].starts_with("approved the command (1 of 2; digest "), "{told:?}");
    assert!(told[1].starts_with("approved the command (2 of 2; digest "), "{told:?}");
    assert!(table.is_answered(&asked.id).await);
    assert!(!table.is_answered(&asked.id).await, "once");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_counts_once_and_two_of_the_wrong_people_are_not_enough() {
    let table = Table::new().await;
    let asked = table.held_call("terraform destroy", "n1").await;
    table.approve("ana", &asked.id).await.unwrap();

    let again = table.approve("ana", &asked.id).await.unwrap_err();
    let wrong = counted(table.approve("bo", &asked.id).await);

    assert!(matches!(again, DecideError::Again), "{again}");
    assert_eq!(wrong.to_string(), "2 of 2; missing: one of senior");
    assert_eq!(table.desk.state(&asked.id).await, ActionState::Pending);
    assert!(matches!(table.approve("rowan", &asked.id).await, Ok(Carried::Waiting(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_rejection_ends_it_whoever_agreed_before() {
    let table = Table::new().await;
    let asked = table.held_call("terraform destroy", "n1").await;
    table.approve("ines", &asked.id).await.unwrap();

    table.reject("ana", &asked.id).await.unwrap();

    let order = table.desk.store.take_answer(&asked.id).await.unwrap().unwrap();
    assert!(matches!(order.kind, OrderKind::AnswerCommand { verdict: Verdict::Reject, .. }));
    assert!(table.approve("rowan", &asked.id).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_boundary_is_approved_on_no_path() {
    for leave in [
        Leave::Boundary { rule: "no-drop".into(), because: "it deletes the database".into() },
        Leave::Refused { because: "the policy cannot be read".into() },
    ] {
        let table = Table::new().await;
        let asked = Action { ruling: Some(ruled(leave)), ..call("drop", "n1") };
        table.desk.store.put_action(&asked, asked.opened).await.unwrap();
        let (decision, order) = decided(&asked, "ines", Verdict::Approve, Timestamp::now());

        let review = table.approve("ines", &asked.id).await.unwrap_err();
        let store = table.desk.store.decide(&decision, &order, &|_| true).await.unwrap_err();
        let intent = Intent { decision: Some(decision), order };
        let directly = table.desk.store.intend(&intent).await.unwrap_err();

        assert!(
            matches!(review, DecideError::Boundary { .. } | DecideError::Unruled(_)),
            "{review}"
        );
        assert!(matches!(store, IntentError::Forbidden { .. }), "{store}");
        assert!(matches!(directly, IntentError::Forbidden { .. }), "{directly}");
        assert!(table.desk.store.orders(false).await.unwrap().is_empty());
        assert!(table.reject("ines", &asked.id).await.is_ok(), "rejecting is always possible");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_approvals_are_two_people_even_to_whoever_says_one_is_enough() {
    let table = Table::new().await;
    let asked = table.held_call("terraform destroy", "n1").await;
    let (decision, order) = decided(&asked, "ana", Verdict::Approve, Timestamp::now());

    let intent = Intent { decision: Some(decision.clone()), order: order.clone() };
    let refused = table.desk.store.intend(&intent).await.unwrap_err();
    let counted = table.desk.store.decide(&decision, &order, &|_| true).await.unwrap();

    assert!(matches!(refused, IntentError::Forbidden { .. }), "{refused}");
    assert_eq!(counted, Counted::Waiting);
    assert!(table.desk.store.orders(false).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_given_longer_ago_than_policy_allows_counts_no_more() {
    let table = Table::new().await;
    let asked = table.held_call("terraform destroy", "n1").await;
    let (decision, order) = decided(&asked, "ana", Verdict::Approve, ago(31));
    table.desk.store.decide(&decision, &order, &|_| false).await.unwrap();

    assert_eq!(table.standing(&asked.id).await.agreed, []);
    let fresh = counted(table.approve("ines", &asked.id).await);
    assert_eq!(fresh.to_string(), "1 of 2; missing: one more person");
    assert!(matches!(table.approve("ana", &asked.id).await, Ok(Carried::Waiting(_))), "anew");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_approve_at_once_exactly_one_gives_the_order() {
    let table = Table::new().await;
    let asked = table.held_call("terraform destroy", "n1").await;
    let names = ["ana", "bo", "cy", "di", "ines", "rowan"];

    let all = futures::future::join_all(names.map(|who| table.approve(who, &asked.id))).await;

    let ordered = all.iter().filter(|one| matches!(one, Ok(Carried::Waiting(_)))).count();
    assert_eq!(ordered, 1, "{all:?}");
    assert_eq!(table.desk.store.orders(false).await.unwrap().len(), 1);
    let (row, _) = table.desk.store.action(&asked.id).await.unwrap().unwrap();
    let kept = all.iter().filter(|one| one.is_ok()).count();
    assert_eq!((row.decisions.len(), row.spent.len()), (kept, kept));
}
