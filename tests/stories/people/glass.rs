//! One person alone, and the review that somebody else owes.

use super::{Toucher, asked_with, audited, never};
use crate::{
    attacks::office::{Office, is_passed, order, says, signed_by_two},
    support::memory::{call, ruled},
};
use countersign::{
    domain::{Action, ActionState, Decision, Leave, Subject, Verdict},
    review::{Carried, DecideError, Review},
};

const REASON: &str = "checkout is down and nobody else answers the phone";

async fn breaks(desk: &Review, action: &Action) -> Result<Carried, DecideError> {
    desk.break_glass(&action.id, action.digest().unwrap(), REASON.into()).await
}

async fn follow_up(office: &Office) -> Action {
    let rows = office.store.actions(false).await.unwrap();
    let row = rows.iter().find(|row| matches!(row.subject, Subject::FollowUp { .. })).unwrap();
    office.store.action(&row.id).await.unwrap().unwrap().1
}

#[tokio::test(flavor = "multi_thread")]
async fn a_touched_key_and_a_reason_let_it_through_and_leave_a_review_behind() {
    let office = Office::open().await;
    let kim = Toucher::joins(&office, 1);
    let asked = office.asked("terraform destroy", "n1").await;

    let done = breaks(&kim.desk(&office), &asked).await.unwrap();

    assert!(matches!(done, Carried::Waiting(_)), "{done:?}");
    assert!(is_passed(&office.passes(&asked).await));
    let last = office.decisions(&asked).await.pop().unwrap();
    assert_eq!(last.verdict, Verdict::BreakGlass);
    let owed = follow_up(&office).await;
    says(owed.title.raw(), &["break-glass by kim"]);

    let own = office.row(&owed.id).await.digest;
    let theirs = kim.desk(&office).decide(&owed.id, own, Verdict::Approve, "fine".into()).await;
    assert!(matches!(theirs, Err(DecideError::NotYou(_))), "{theirs:?}");
    let mute = office.desk("ana").decide(&owed.id, own, Verdict::Approve, "".into()).await;
    assert!(matches!(mute, Err(DecideError::ReasonRequired)), "{mute:?}");
    assert_eq!(audited(&office).await.open.len(), 1);
    let ana = office.desk("ana").decide(&owed.id, own, Verdict::Reject, "too much".into()).await;
    assert!(matches!(ana, Ok(Carried::Answered(_))), "{ana:?}");
    assert_eq!(office.row(&owed.id).await.state, ActionState::Rejected);
    let report = audited(&office).await;
    assert!(report.faults.is_empty() && report.open.is_empty(), "{report:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_touch_or_without_such_a_key_nothing_is_broken() {
    let office = Office::open().await;
    let kim = Toucher::joins(&office, 0);
    let asked = office.asked("terraform destroy", "n1").await;
    says(&breaks(&kim.desk(&office), &asked).await.unwrap_err().to_string(), &["not touched"]);
    let soft = breaks(&office.desk("ines"), &asked).await.unwrap_err();
    says(&soft.to_string(), &["security key"]);
    assert!(office.decisions(&asked).await.is_empty());
    assert_eq!(office.row(&asked.id).await.state, ActionState::Pending);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_short_reason_a_policy_that_forbids_it_and_a_boundary_stop_everybody() {
    let office = Office::open().await;
    let kim = Toucher::joins(&office, 5);
    let desk = kim.desk(&office);
    let asked = office.asked("terraform destroy", "n1").await;
    let short = desk.break_glass(&asked.id, asked.digest().unwrap(), "emergency".into()).await;
    assert!(matches!(short, Err(DecideError::ShortReason)), "{short:?}");

    let forbidden = asked_with(&office, "n2", never).await;
    let refused = breaks(&desk, &forbidden).await;
    assert!(matches!(refused, Err(DecideError::Forbidden(_))), "{refused:?}");

    let leave = Leave::Boundary { rule: "audit".into(), because: "it deletes the trail".into() };
    let boundary = Action { ruling: Some(ruled(leave)), ..call("rm -r audit", "n3") };
    office.store.put_action(&boundary, boundary.opened).await.unwrap();
    let refused = breaks(&desk, &boundary).await;
    assert!(matches!(refused, Err(DecideError::Boundary { .. })), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_can_ask_for_more_than_a_touch() {
    let office = Office::open().await;
    let kim = Toucher::joins(&office, 1);
    let asked = asked_with(&office, "n1", |requirement| {
        requirement.break_glass = countersign::domain::BreakGlass::Verified;
    })
    .await;
    let refused = breaks(&kim.desk(&office), &asked).await.unwrap_err();
    says(&refused.to_string(), &["PIN"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_glass_that_somebody_broke_in_the_store_alone_lets_nothing_through() {
    let office = Office::open().await;
    let asked = office.asked("terraform destroy", "n1").await;
    // A plain approval by a real reviewer, called something else.
    let approval = office.signed("ines", "ines", "ines", &asked);
    let forged = Decision { verdict: Verdict::BreakGlass, ..approval };
    let left = Action { ruling: Some(signed_by_two()), ..call("true", "f") };
    office.store.break_glass(&forged, &order(&asked), &left).await.unwrap();
    says(&office.refusal(&asked).await, &["approve or reject", "0 of 2"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_keys_nobody_is_alone_enough() {
    let mut office = Office::open().await;
    office.config.trust = countersign::config::TrustSettings::default();
    let asked = asked_with(&office, "n1", |requirement| {
        requirement.signing = countersign::domain::Signing::Unsigned;
    })
    .await;
    let refused = breaks(&office.desk("ines"), &asked).await;
    assert!(matches!(refused, Err(DecideError::Forbidden(_))), "{refused:?}");
}
