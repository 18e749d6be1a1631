//! How it goes when nobody attacks.

use super::office::{Office, is_passed, signed_by_two};
use crate::support::memory::call;
use countersign::{
    domain::{Action, Verdict},
    gate::Held,
    review::Carried,
};

on_both_stores! {
    two_people_sign_with_their_keys_and_the_gate_lets_the_call_pass_once
    one_rejection_ends_it
}

async fn two_people_sign_with_their_keys_and_the_gate_lets_the_call_pass_once(office: Office) {
    let asked = office.asked("terraform destroy", "n1").await;

    let first = office.approves("ana", &asked).await.unwrap();
    let Carried::Counted(standing) = first else { panic!("{first:?}") };
    assert_eq!(standing.with_names(), "1 of 2 · missing: one of senior (ines, rowan)");
    assert!(standing.signed);
    let second = office.approves("ines", &asked).await.unwrap();
    assert!(matches!(second, Carried::Waiting(_)), "{second:?}");

    for decision in office.decisions(&asked).await {
        assert!(office.is_good_for_openssh(&decision), "{decision:?}");
    }
    let again = Action { ruling: Some(signed_by_two()), ..call("terraform destroy", "n2") };
    assert!(is_passed(&office.passes(&again).await));
    let third = Action { ruling: Some(signed_by_two()), ..call("terraform destroy", "n3") };
    let held = office.passes(&third).await.unwrap();
    assert_eq!(held, Held::Ticket { action: third.id });
}

async fn one_rejection_ends_it(office: Office) {
    let asked = office.asked("terraform destroy", "n1").await;
    office.approves("ana", &asked).await.unwrap();

    office.decides("tom", &asked, Verdict::Reject).await.unwrap();

    let held = office.passes(&asked).await.unwrap();
    assert!(matches!(held, Held::Refused { .. }), "{held:?}");
}
