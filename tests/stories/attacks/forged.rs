//! Rows of the store, written, altered, deleted and put into another order.

use super::office::{Office, is_passed, says, unsigned};
use countersign::{domain::Verdict, gate::Held};

on_both_stores! {
    approvals_that_nobody_signed_do_not_count
    a_second_approval_written_by_hand_does_not_complete_one_that_is_signed
    a_rejection_turned_into_an_approval_is_neither
    another_name_on_a_signed_row_is_seen
    a_deleted_row_is_missing
    the_order_of_rows_means_nothing
    a_rejected_action_is_not_revived_by_another_order
}

async fn approvals_that_nobody_signed_do_not_count(office: Office) {
    let asked = office.asked("terraform destroy", "n1").await;

    office.writes(&asked, &[unsigned(&asked, "ana"), unsigned(&asked, "ines")]).await;

    says(&office.refusal(&asked).await, &["0 of 2", "of ines does not count", "is not signed"]);
}

async fn a_second_approval_written_by_hand_does_not_complete_one_that_is_signed(office: Office) {
    let asked = office.asked("terraform destroy", "n1").await;
    office.approves("ana", &asked).await.unwrap();

    office.writes(&asked, &[unsigned(&asked, "ines")]).await;

    says(&office.refusal(&asked).await, &["1 of 2; missing: one of senior", "is not signed"]);
}

async fn a_rejection_turned_into_an_approval_is_neither(office: Office) {
    let asked = office.asked("terraform destroy", "n1").await;
    office.approves("ana", &asked).await.unwrap();
    office.decides("ines", &asked, Verdict::Reject).await.unwrap();

    let turned = "UPDATE decisions SET body = replace(body, '\"verdict\":\"reject\"', \
                  '\"verdict\":\"approve\"'); \
                  UPDATE orders SET body = replace(body, '\"reject\"', '\"approve\"')";
    assert!(office.intruder.writes(turned).await > 0);

    says(&office.refusal(&asked).await, &["1 of 2", "approve or reject"]);
}

async fn another_name_on_a_signed_row_is_seen(office: Office) {
    let asked = office.asked("terraform destroy", "n1").await;
    office.approves("ana", &asked).await.unwrap();
    office.approves("ines", &asked).await.unwrap();

    let renamed = "UPDATE decisions SET body = replace(body, '\"ana\"', '\"rowan\"')";
    assert!(office.intruder.writes(renamed).await > 0);

    says(&office.refusal(&asked).await, &["1 of 2", "the reviewer"]);
}

async fn a_deleted_row_is_missing(office: Office) {
    let asked = office.asked("terraform destroy", "n1").await;
    office.approves("ana", &asked).await.unwrap();
    office.approves("ines", &asked).await.unwrap();

    let deleted = "DELETE FROM decisions WHERE body LIKE '%\"reviewer\":\"ines\"%'";
    assert!(office.intruder.writes(deleted).await > 0);

    says(&office.refusal(&asked).await, &["1 of 2; missing: one of senior"]);
}

async fn the_order_of_rows_means_nothing(office: Office) {
    let asked = office.asked("terraform destroy", "n1").await;
    office.approves("ana", &asked).await.unwrap();
    office.approves("ines", &asked).await.unwrap();

    assert!(office.intruder.writes("UPDATE decisions SET seq = 1000 - seq").await > 0);

    assert!(is_passed(&office.passes(&asked).await), "both have agreed, whoever stands first");
}

async fn a_rejected_action_is_not_revived_by_another_order(office: Office) {
    let asked = office.asked("terraform destroy", "n1").await;
    office.approves("ana", &asked).await.unwrap();
    office.approves("ines", &asked).await.unwrap();
    // A signed rejection, put where the approvals are.
    let other = office.asked("terraform destroy -target=b", "n2").await;
    office.decides("tom", &other, Verdict::Reject).await.unwrap();

    let held = office.passes(&other).await.unwrap();

    assert!(matches!(held, Held::Refused { .. }), "{held:?}");
}
