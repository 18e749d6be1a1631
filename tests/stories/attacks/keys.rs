//! Keys that do not count: of a stranger, of yesterday, taken back.

use super::office::{Office, PEOPLE, says};
use countersign::review::DecideError;

on_both_stores! {
    a_key_that_is_in_no_line_cannot_sign
    a_strangers_signature_does_not_count_under_a_reviewers_name
    a_reviewers_signature_does_not_count_under_another_name
    a_key_whose_time_is_over_cannot_sign
    a_revoked_key_cannot_sign_and_what_it_signed_counts_no_more
}

fn everybody(office: &Office) -> Vec<String> {
    PEOPLE.iter().map(|name| office.line(name, name)).collect()
}

async fn a_key_that_is_in_no_line_cannot_sign(mut office: Office) {
    office.hires("mallory");
    let asked = office.asked("terraform destroy", "n1").await;

    let refused = office.approves("mallory", &asked).await.unwrap_err();

    assert!(matches!(refused, DecideError::NotSigned(_)), "{refused}");
    says(&refused.to_string(), &["none of the keys", "in no line of the allowed signers"]);
}

async fn a_strangers_signature_does_not_count_under_a_reviewers_name(mut office: Office) {
    let asked = office.asked("terraform destroy", "n1").await;
    office.hires("mallory");
    let forged = office.signed("mallory", "mallory", "ines", &asked);
    office.approves("ana", &asked).await.unwrap();

    office.writes(&asked, &[forged]).await;

    says(&office.refusal(&asked).await, &["1 of 2", "of ines does not count", "in no line"]);
}

async fn a_reviewers_signature_does_not_count_under_another_name(office: Office) {
    let asked = office.asked("terraform destroy", "n1").await;
    let forged = office.signed("ana", "ana", "ines", &asked);
    office.approves("ana", &asked).await.unwrap();

    office.writes(&asked, &[forged]).await;

    says(&office.refusal(&asked).await, &["1 of 2", "gives this key to"]);
}

async fn a_key_whose_time_is_over_cannot_sign(office: Office) {
    let mut lines = everybody(&office);
    lines[0] = office.line_with("ines", "ines", ",valid-before=\"20250101Z\"");
    office.signers(&lines.concat());
    let asked = office.asked("terraform destroy", "n1").await;

    let refused = office.approves("ines", &asked).await.unwrap_err();

    says(&refused.to_string(), &["ended this key's time"]);
}

async fn a_revoked_key_cannot_sign_and_what_it_signed_counts_no_more(mut office: Office) {
    let asked = office.asked("terraform destroy", "n1").await;
    office.approves("ana", &asked).await.unwrap();
    office.approves("ines", &asked).await.unwrap();
    let list = office.path("revoked.krl");
    let made = std::process::Command::new("ssh-keygen")
        .args(["-q", "-k", "-f"])
        .arg(&list)
        .arg(office.path("ines.pub"))
        .status();
    assert!(made.unwrap().success());
    office.config.trust.revoked = Some(list);

    let refusal = office.refusal(&asked).await;
    says(&refusal, &["0 of 2", "have changed since it was decided"]);
    let other = office.asked("terraform destroy -target=b", "n2").await;
    let refused = office.approves("ines", &other).await.unwrap_err();
    says(&refused.to_string(), &["the key is revoked"]);
}
