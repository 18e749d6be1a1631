//! Other rules than those a decision was given under.

use super::office::{Office, PEOPLE, says, under_policy};
use crate::support::memory::call;
use countersign::{
    domain::{Action, Digest, PolicyId, Verdict},
    review::DecideError,
    store::AdoptError,
};
use jiff::Timestamp;

on_both_stores! {
    who_was_taken_off_the_list_does_not_count_even_for_what_they_signed_before
    an_older_list_of_reviewers_does_not_make_decisions_of_now_count
    what_was_void_can_be_decided_anew
    an_approval_under_an_older_policy_does_not_count_under_the_newer
    an_older_policy_is_not_taken_back
    a_list_that_cannot_be_read_lets_nobody_decide_and_nothing_pass
}

async fn who_was_taken_off_the_list_does_not_count_even_for_what_they_signed_before(
    mut office: Office,
) {
    let asked = office.asked("terraform destroy", "n1").await;
    office.approves("ana", &asked).await.unwrap();
    office.approves("ines", &asked).await.unwrap();

    let others: Vec<String> =
        PEOPLE.iter().filter(|name| **name != "ines").map(|name| office.line(name, name)).collect();
    office.signers(&others.concat());
    office.config.groups.insert("senior".to_owned(), vec!["rowan".to_owned()]);

    let refusal = office.refusal(&asked).await;
    says(&refusal, &["0 of 2", "the reviewers, their keys or groups have changed"]);
}

async fn an_older_list_of_reviewers_does_not_make_decisions_of_now_count(office: Office) {
    let old: Vec<String> = PEOPLE.iter().map(|name| office.line(name, name)).collect();
    office.signers(&old[..3].concat());
    let asked = office.asked("terraform destroy", "n1").await;
    office.approves("ana", &asked).await.unwrap();
    office.approves("ines", &asked).await.unwrap();

    // The gate is given the list of before, in which somebody else could still decide.
    office.signers(&old.concat());

    says(&office.refusal(&asked).await, &["0 of 2", "have changed since it was decided"]);
}

async fn what_was_void_can_be_decided_anew(office: Office) {
    let asked = office.asked("terraform destroy", "n1").await;
    office.approves("ana", &asked).await.unwrap();
    let lines: Vec<String> = PEOPLE.iter().map(|name| office.line(name, name)).collect();
    office.signers(&format!("# reviewed in November\n{}", lines.concat()));

    let row = office.row(&asked.id).await;
    let outlook = office.desk("ana").outlook(&row, Timestamp::now());
    assert_eq!(outlook.standing.agreed, []);
    says(&outlook.standing.void[0].told(), &["the approval of ana does not count", "have changed"]);
    office.approves("ana", &asked).await.unwrap();
    office.approves("rowan", &asked).await.unwrap();

    assert!(office.passes(&asked).await.is_ok());
}

async fn an_approval_under_an_older_policy_does_not_count_under_the_newer(office: Office) {
    let asked = office.asked("terraform destroy", "n1").await;
    office.approves("ana", &asked).await.unwrap();
    office.approves("ines", &asked).await.unwrap();
    let old = office.decisions(&asked).await;

    // The gate has a newer policy; the intruder puts the old decisions behind what it asks.
    let newer = Action { ruling: Some(under_policy(7)), ..call("terraform destroy", "n2") };
    office.store.ask(&newer, newer.opened).await.unwrap();
    let moved: Vec<_> = old.iter().map(|one| super::office::moved(one, &newer)).collect();
    office.writes(&newer, &moved).await;

    says(&office.refusal(&newer).await, &["0 of 2", "does not count"]);
}

async fn an_older_policy_is_not_taken_back(office: Office) {
    let id =
        |version| PolicyId { version, digest: Digest::of_bytes(&[u8::try_from(version).unwrap()]) };
    office.store.adopt_policy(&id(7), None, Timestamp::now()).await.unwrap();

    let refused = office.store.adopt_policy(&id(6), None, Timestamp::now()).await.unwrap_err();

    assert!(matches!(refused, AdoptError::Older { given: 6, newest: 7 }), "{refused}");
}

async fn a_list_that_cannot_be_read_lets_nobody_decide_and_nothing_pass(office: Office) {
    let asked = office.asked("terraform destroy", "n1").await;
    office.approves("ana", &asked).await.unwrap();
    office.approves("ines", &asked).await.unwrap();
    let other = office.asked("terraform destroy -target=b", "n2").await;
    office.signers("ines ssh-ed25519 AAAAnokey\n");

    says(&office.refusal(&asked).await, &["the reviewers' keys cannot be used", "line 1, column"]);
    let refused = office.decides("ines", &other, Verdict::Approve).await.unwrap_err();
    assert!(matches!(refused, DecideError::Keys(_)), "{refused}");
    says(&refused.to_string(), &["line 1, column", "allowed_signers"]);
}
