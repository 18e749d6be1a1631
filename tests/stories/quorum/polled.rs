//! Pull requests and deployments under a policy.

use crate::support::{
    desk::{Desk, outcome, quick},
    memory::{Answer, deployment, held, pull_request},
};
use countersign::{
    domain::{Action, ActionState, Environment, Outcome, Reviewer, Untrusted, Verdict},
    policy::Policy,
    review::{DecideError, Poller, Review, Rules},
    sources::Source,
    store::Store,
    trust::Roster,
};
use std::{sync::Arc, time::Duration};

/// A desk that puts what it polls to the shipped policy.
fn under(desk: &Desk, who: &str) -> Review {
    let seniors = ["ines".to_owned()];
    let roster = Arc::new(Roster::new([("senior".to_owned(), seniors)]));
    let policy = Some(Arc::new(Policy::shipped().unwrap()));
    let store = Arc::clone(&desk.store) as Arc<dyn Store>;
    Review::new(store, desk.review.sources().to_vec(), Reviewer(who.into()))
        .with_timing(quick())
        .under(Rules { policy, reviewers: roster.into() })
}

async fn poll(review: &Review) {
    let every = Duration::from_mins(1);
    Poller::new(review.clone(), every, Duration::from_secs(5)).once().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_poll_shows_is_put_to_policy_and_an_unchanged_poll_changes_nothing() {
    let desk = Desk::new().await;
    let action = pull_request(desk.source.name(), 7, "aaa");
    desk.source.world(|world| world.actions = vec![action.clone()]);
    let review = under(&desk, "ana");
    let poller = Poller::new(review.clone(), Duration::from_mins(1), Duration::from_secs(5));

    poller.once().await;
    let (row, stored) = desk.store.action(&action.id).await.unwrap().unwrap();
    poller.once().await;
    let (again, _) = desk.store.action(&action.id).await.unwrap().unwrap();

    let ruling = row.ruling.clone().unwrap();
    assert_eq!(ruling.policy, Policy::shipped().unwrap().id());
    assert_eq!(stored.ruling, Some(ruling));
    assert_eq!((row.digest, row.state), (again.digest, again.state));
    assert_ne!(row.digest, action.digest().unwrap(), "the ruling is part of what is signed");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_approval_of_a_pull_request_that_needs_two_sends_nothing() {
    let desk = Desk::new().await;
    let action = pull_request(desk.source.name(), 7, "aaa");
    let stored = Action { ruling: Some(held(2, &[])), ..action.clone() };
    desk.source.world(|world| world.actions = vec![stored.clone()]);
    desk.store.put_action(&stored, stored.opened).await.unwrap();
    // Without a policy of its own a desk takes nothing away from what was ruled.
    let other = desk.beside("bo").await;

    assert!(desk.approve(&action.id).await.is_ok());
    assert!(desk.source.sent().is_empty());
    assert_eq!(outcome(other.approve(&action.id).await), Outcome::Done);
    assert_eq!(desk.source.sent().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_the_source_refused_has_to_be_agreed_to_by_everybody_again() {
    let desk = Desk::new().await;
    let stored =
        Action { ruling: Some(held(2, &[])), ..pull_request(desk.source.name(), 7, "aaa") };
    desk.source.world(|world| world.actions = vec![stored.clone()]);
    desk.store.put_action(&stored, stored.opened).await.unwrap();
    let other = desk.beside("bo").await;
    desk.source.answers(Answer::Refused("422"));
    desk.approve(&stored.id).await.unwrap();
    assert_eq!(outcome(other.approve(&stored.id).await), Outcome::Refused);
    desk.source.answers(Answer::Done);

    other.approve(&stored.id).await.unwrap();

    assert_eq!(desk.source.sent().len(), 1, "one of two");
    assert_eq!(outcome(desk.approve(&stored.id).await), Outcome::Done);
    let (row, _) = desk.store.action(&stored.id).await.unwrap().unwrap();
    let orders: Vec<_> = desk.source.sent().iter().map(|order| order.id.clone()).collect();
    assert_eq!(row.spent.len(), 4);
    assert_eq!(row.behind(&orders[0]).len(), 2);
    assert_eq!(row.behind(&orders[1]).len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deployment_approved_for_staging_is_remembered_by_its_commit() {
    let desk = Desk::new().await;
    let mut action = deployment(desk.source.name(), 5);
    action.target.environment = Environment::NonProduction;
    let named = vec!["acme/shop@aaa".to_owned(), "acme/shop@bbb".to_owned()];
    desk.waiting(vec![action.clone()]).await;
    assert!(desk.store.staged(&named).await.unwrap().is_empty());

    assert_eq!(outcome(desk.approve(&action.id).await), Outcome::Done);

    let staged = desk.store.staged(&named).await.unwrap();
    assert_eq!(staged.into_iter().collect::<Vec<_>>(), ["acme/shop@aaa"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_policy_says_by_now_counts_for_an_approval_and_not_for_a_rejection() {
    let desk = Desk::new().await;
    let action = pull_request(desk.source.name(), 7, "aaa");
    desk.source.world(|world| world.actions = vec![action.clone()]);
    let before = under(&desk, "ines");
    poll(&before).await;
    let seen = desk.digest(&action.id).await;
    // The same desk after its policy was taken away and another put in its place.
    let other = Action { ruling: Some(held(1, &[])), ..action.clone() };
    desk.store.put_action(&other, other.opened).await.unwrap();
    let shown = desk.digest(&action.id).await;
    assert_ne!(seen, shown);

    let refused = before.decide(&action.id, shown, Verdict::Approve, "".into()).await.unwrap_err();

    assert!(matches!(refused, DecideError::Changed(_)), "{refused}");
    assert_eq!(desk.digest(&action.id).await, seen, "as it is ruled now");
    desk.store.put_action(&other, other.opened).await.unwrap();
    let rejected = before.decide(&action.id, shown, Verdict::Reject, Untrusted::new("no")).await;
    assert_eq!(outcome(rejected), Outcome::Done);
    assert_eq!(desk.state(&action.id).await, ActionState::Rejected);
}
