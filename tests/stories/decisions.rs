//! Approve and reject: exactly what was shown, exactly once, with the answer kept.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a story that cannot go on has failed")]

mod in_flight;

use crate::support::{
    desk::{Desk, outcome, receipt},
    memory::{Answer, MemorySource, command, deployment, fault, pull_request},
};
use countersign::{
    domain::{
        ActionId, ActionState, ActivityKind, FaultKind, OrderKind, OrderState, Outcome, Receipt,
        Reviewer, Untrusted, Verdict,
    },
    review::{Carried, DecideError, Review},
    sources::Source,
    store::Store,
};
use jiff::Timestamp;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

async fn desk_with_pull_request() -> (Desk, ActionId) {
    let desk = Desk::new().await;
    let action = pull_request(desk.source.name(), 7, "aaa");
    desk.waiting(vec![action.clone()]).await;
    (desk, action.id)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_reviews_the_commit_that_was_shown_and_keeps_the_answer() {
    let (desk, id) = desk_with_pull_request().await;

    let answer = receipt(desk.approve(&id).await.unwrap());

    assert_eq!(answer.outcome, Outcome::Done);
    let sent = desk.source.sent();
    assert_eq!(sent.len(), 1);
    let OrderKind::ReviewPullRequest { commit_id, verdict, body, .. } = &sent[0].kind else {
        panic!("{:?}", sent[0].kind)
    };
    assert_eq!((commit_id.as_str(), *verdict), ("aaa", Verdict::Approve));
    assert!(body.raw().contains(sent[0].id.as_str()), "{body:?}");
    assert_eq!(desk.state(&id).await, ActionState::Approved);
    let order = desk.store.order(&sent[0].id).await.unwrap().unwrap();
    assert_eq!((order.state, order.receipt), (OrderState::Done, Some(answer)));
    let decisions = desk.store.action(&id).await.unwrap().unwrap().0.decisions;
    assert_eq!(decisions.len(), 1);
    assert_eq!(decisions[0].reviewer, Reviewer("ana".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deployment_review_names_exactly_the_environments_shown() {
    let desk = Desk::new().await;
    let action = deployment(desk.source.name(), 99);
    desk.waiting(vec![action.clone()]).await;

    assert_eq!(outcome(desk.reject(&action.id, "not on a Friday").await), Outcome::Done);

    let sent = desk.source.sent();
    let OrderKind::ReviewDeployment { environment_ids, verdict, comment, .. } = &sent[0].kind
    else {
        panic!("{:?}", sent[0].kind)
    };
    assert_eq!((environment_ids.as_slice(), *verdict), ([31].as_slice(), Verdict::Reject));
    assert!(comment.raw().starts_with("not on a Friday"));
    assert_eq!(desk.state(&action.id).await, ActionState::Rejected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejection_without_a_reason_is_refused_before_anything_is_sent() {
    let (desk, id) = desk_with_pull_request().await;

    let refused = desk.reject(&id, "  \n").await.unwrap_err();

    assert!(matches!(refused, DecideError::ReasonRequired), "{refused}");
    assert!(desk.source.sent().is_empty());
    assert_eq!(desk.state(&id).await, ActionState::Pending);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_moved_voids_the_decision_and_shows_the_new_diff() {
    let (desk, id) = desk_with_pull_request().await;
    let moved = pull_request(desk.source.name(), 7, "bbb");
    desk.source.world(|world| world.actions = vec![moved.clone()]);

    let refused = desk.approve(&id).await.unwrap_err();

    let DecideError::Changed(now) = refused else { panic!("{refused}") };
    assert_eq!(*now, moved);
    assert!(desk.source.sent().is_empty());
    let (row, stored) = desk.store.action(&id).await.unwrap().unwrap();
    assert_eq!((row.state, stored), (ActionState::Pending, moved));
    let history = desk.history(id.as_str()).await;
    assert!(history.ends_with(&[ActivityKind::Changed, ActivityKind::Voided]), "{history:?}");

    assert_eq!(outcome(desk.approve(&id).await), Outcome::Done);
    assert!(matches!(&desk.source.sent()[0].kind,
        OrderKind::ReviewPullRequest { commit_id, .. } if commit_id == "bbb"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_on_an_older_picture_is_refused_with_the_newer_one() {
    let (desk, id) = desk_with_pull_request().await;
    let old = desk.digest(&id).await;
    desk.waiting(vec![pull_request(desk.source.name(), 7, "bbb")]).await;

    let refused =
        desk.review.decide(&id, old, Verdict::Approve, Untrusted::default()).await.unwrap_err();

    let DecideError::Changed(now) = refused else { panic!("{refused}") };
    assert_eq!(*now, pull_request(desk.source.name(), 7, "bbb"));
    assert!(desk.source.sent().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_closed_elsewhere_can_no_longer_be_decided() {
    let (desk, id) = desk_with_pull_request().await;
    desk.source.world(|world| world.actions.clear());

    let refused = desk.approve(&id).await.unwrap_err();

    assert!(matches!(refused, DecideError::Ended(_)), "{refused}");
    assert_eq!(desk.state(&id).await, ActionState::Gone);
    let again = desk.approve(&id).await.unwrap_err();
    assert_eq!(again.to_string(), "it no longer waits: it is gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_cannot_be_read_again_gets_no_order() {
    let (desk, id) = desk_with_pull_request().await;
    desk.source.fail_reread(Some(fault(FaultKind::ServerError)));

    let refused = desk.approve(&id).await.unwrap_err();

    assert!(matches!(refused, DecideError::Source(_)), "{refused}");
    assert!(desk.source.sent().is_empty());
    assert_eq!(desk.state(&id).await, ActionState::Pending);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_source_configured_here_nothing_can_be_decided() {
    let (desk, id) = desk_with_pull_request().await;
    let store = desk.store.clone() as Arc<dyn Store>;
    let elsewhere = Review::new(store, Vec::new(), Reviewer("bo".into()));
    let seen = desk.digest(&id).await;

    let refused =
        elsewhere.decide(&id, seen, Verdict::Approve, Untrusted::default()).await.unwrap_err();

    assert!(matches!(refused, DecideError::NoSource(_)), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_consoles_that_decide_at_once_one_sends() {
    for round in 0..10 {
        let (desk, id) = desk_with_pull_request().await;
        let other = desk.beside("bo").await;

        let (one, two) = tokio::join!(desk.approve(&id), other.reject(&id, "no"));

        assert_eq!(desk.source.sent().len(), 1, "round {round}: {one:?} {two:?}");
        let sent = [one, two].into_iter().flatten().count();
        assert_eq!(sent, 1, "round {round}");
        let row = desk.store.action(&id).await.unwrap().unwrap().0;
        assert_eq!(row.decisions.len(), 1, "round {round}");
        assert!(matches!(row.state, ActionState::Approved | ActionState::Rejected));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_console_sees_a_decision_within_a_second() {
    let (desk, id) = desk_with_pull_request().await;
    let other = desk.beside("bo").await;
    let before = other.store.version().await.unwrap();

    desk.approve(&id).await.unwrap();

    let deadline = Instant::now() + Duration::from_secs(1);
    while other.store.version().await.unwrap() == before {
        assert!(Instant::now() < deadline, "not seen within a second");
    }
    assert_eq!(other.state(&id).await, ActionState::Approved);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_order_leaves_the_action_waiting_with_the_refusal_in_its_history() {
    let (desk, id) = desk_with_pull_request().await;
    desk.source.answers(Answer::Refused("422 you cannot approve your own pull request"));

    assert_eq!(outcome(desk.approve(&id).await), Outcome::Refused);

    assert_eq!(desk.state(&id).await, ActionState::Pending);
    assert!(desk.told(ActivityKind::Answered).await[0].contains("your own pull request"));
    desk.source.answers(Answer::Done);
    assert_eq!(outcome(desk.reject(&id, "then nobody").await), Outcome::Done);
    assert_eq!(desk.state(&id).await, ActionState::Rejected);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_could_not_be_sent_does_not_stay_open() {
    let (desk, id) = desk_with_pull_request().await;
    desk.source.answers(Answer::NotSent);

    assert_eq!(outcome(desk.approve(&id).await), Outcome::Refused);

    assert_eq!(desk.state(&id).await, ActionState::Pending);
    assert!(desk.store.orders(true).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_unknown_until_the_source_is_asked() {
    for (lost, found, state) in [
        (Answer::Lost, OrderState::Done, ActionState::Approved),
        (Answer::LostBefore, OrderState::Refused, ActionState::Pending),
    ] {
        let (desk, id) = desk_with_pull_request().await;
        desk.source.answers(lost);

        assert_eq!(outcome(desk.approve(&id).await), Outcome::Unknown);
        assert_eq!(desk.state(&id).await, ActionState::Deciding);
        let busy = desk.approve(&id).await.unwrap_err();
        assert!(matches!(busy, DecideError::Busy(_)), "{busy}");

        assert_eq!(desk.review.recover().await.unwrap(), 1);
        assert_eq!(desk.store.orders(false).await.unwrap()[0].state, found);
        assert_eq!(desk.state(&id).await, state);
        assert_eq!(desk.source.sent().len(), 1, "asked, never sent again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_never_answers_an_order_does_not_hold_the_reviewer() {
    let (desk, id) = desk_with_pull_request().await;
    desk.source.answers(Answer::Hang);

    assert_eq!(outcome(desk.approve(&id).await), Outcome::Unknown);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_whose_fate_nobody_knows_stays_open_and_says_so_once() {
    let (desk, id) = desk_with_pull_request().await;
    desk.source.answers(Answer::Lost);
    desk.source.cannot_tell(true);
    desk.approve(&id).await.unwrap();

    for _ in 0..3 {
        assert_eq!(desk.review.recover().await.unwrap(), 0);
    }

    assert_eq!(desk.state(&id).await, ActionState::Deciding);
    assert_eq!(desk.store.orders(true).await.unwrap()[0].state, OrderState::Unknown);
    assert_eq!(desk.told(ActivityKind::Answered).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_process_gets_its_answer_once_over_all_processes() {
    let desk = Desk::new().await;
    let asked = command("nonce-1");
    desk.store.put_action(&asked, Timestamp::now()).await.unwrap();

    let Carried::Waiting(order) = desk.approve(&asked.id).await.unwrap() else {
        panic!("nobody has taken it yet")
    };

    let mut takers = Vec::new();
    for name in ["bo", "cy", "di", "ed"] {
        takers.push(desk.beside(name).await);
    }
    let taken =
        futures::future::join_all(takers.iter().map(|taker| taker.store.take_answer(&asked.id)))
            .await;
    let taken: Vec<_> = taken.into_iter().filter_map(Result::unwrap).collect();
    assert_eq!(taken.len(), 1);
    assert_eq!(taken[0].id, order);
    assert!(desk.store.take_answer(&asked.id).await.unwrap().is_none());
    assert!(desk.source.sent().is_empty(), "no source is asked about a process");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reviewer_sees_the_process_run_when_it_takes_its_answer_at_once() {
    let desk = Desk::new().await;
    let asked = command("nonce-2");
    desk.store.put_action(&asked, Timestamp::now()).await.unwrap();
    let gate = desk.beside("gate").await;
    let id = asked.id.clone();
    let waiting = tokio::spawn(async move {
        loop {
            if let Some(order) = gate.store.take_answer(&id).await.unwrap() {
                let receipt = Receipt {
                    order: order.id.clone(),
                    outcome: Outcome::Done,
                    answer: "started".into(),
                    at: Timestamp::now(),
                };
                gate.store.settle(&order.id, &receipt).await.unwrap();
                return order;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });

    let answer = receipt(desk.reject(&asked.id, "not in production").await.unwrap());

    assert_eq!(answer.outcome, Outcome::Done);
    let order = waiting.await.unwrap();
    let OrderKind::AnswerCommand { nonce, verdict, reason } = order.kind else { panic!() };
    assert_eq!(
        (nonce.as_str(), verdict, reason.raw()),
        ("nonce-2", Verdict::Reject, "not in production")
    );
    assert_eq!(desk.state(&asked.id).await, ActionState::Rejected);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_nobody_took_is_withdrawn_for_good() {
    let desk = Desk::new().await;
    let asked = command("nonce-3");
    desk.store.put_action(&asked, Timestamp::now()).await.unwrap();
    desk.approve(&asked.id).await.unwrap();

    assert_eq!(desk.review.recover().await.unwrap(), 1);

    assert!(desk.store.take_answer(&asked.id).await.unwrap().is_none());
    assert_eq!(desk.state(&asked.id).await, ActionState::Failed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_took_its_answer_and_fell_silent_is_not_called_refused() {
    let desk = Desk::new().await;
    let asked = command("nonce-4");
    desk.store.put_action(&asked, Timestamp::now()).await.unwrap();
    desk.approve(&asked.id).await.unwrap();
    desk.store.take_answer(&asked.id).await.unwrap().unwrap();

    desk.review.recover().await.unwrap();

    assert_eq!(desk.store.orders(false).await.unwrap()[0].state, OrderState::Unknown);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_gave_up_waiting_can_no_longer_be_approved_nor_take_an_answer() {
    let desk = Desk::new().await;
    let asked = command("nonce-5");
    desk.store.put_action(&asked, Timestamp::now()).await.unwrap();
    desk.approve(&asked.id).await.unwrap();

    desk.store.end_action(&asked.id, "the agent gave up", Timestamp::now()).await.unwrap();

    assert!(desk.store.take_answer(&asked.id).await.unwrap().is_none());
    assert_eq!(desk.state(&asked.id).await, ActionState::Gone);
    assert!(matches!(desk.approve(&asked.id).await.unwrap_err(), DecideError::Ended(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poll_that_began_before_a_decision_does_not_undo_it() {
    let desk = Desk::new().await;
    let source: &MemorySource = &desk.source;
    let action = deployment(source.name(), 5);
    desk.waiting(vec![action.clone()]).await;
    let began = Timestamp::now();
    let old_picture = source.observation();
    tokio::time::sleep(Duration::from_millis(3)).await;
    desk.source.world(|world| world.actions.clear());
    assert!(matches!(desk.approve(&action.id).await, Err(DecideError::Ended(_))));

    let next = Timestamp::now();
    desk.store.record_poll(source.name(), &old_picture, began, next).await.unwrap();

    assert_eq!(desk.state(&action.id).await, ActionState::Gone);
}
