//! A good decision, at another place or another time.

use super::office::{Office, is_passed, moved, order, says};
use countersign::domain::Decision;

on_both_stores! {
    a_decision_copied_to_another_action_does_not_count_there
    an_approval_of_what_was_there_before_it_changed_does_not_count
    an_approval_that_was_used_lets_nothing_pass_again
    used_approvals_do_not_count_for_a_new_order_either
}

async fn a_decision_copied_to_another_action_does_not_count_there(office: Office) {
    let harmless = office.asked("terraform plan", "n1").await;
    let other = office.asked("terraform destroy", "n2").await;
    office.approves("ana", &harmless).await.unwrap();
    office.approves("ines", &harmless).await.unwrap();
    let stolen = office.decisions(&harmless).await;

    let relabelled: Vec<Decision> = stolen.iter().map(|one| moved(one, &other)).collect();
    office.writes(&other, &relabelled).await;

    says(&office.refusal(&other).await, &["0 of 2", "the store says something else", "the action"]);
}

async fn an_approval_of_what_was_there_before_it_changed_does_not_count(office: Office) {
    let asked = office.asked("terraform destroy -target=a", "n1").await;
    office.approves("ana", &asked).await.unwrap();
    office.approves("ines", &asked).await.unwrap();
    // Another call under the same id, with the answer that was given to the first.
    let other = office.asked("terraform destroy", "n2").await;
    let sql = format!(
        "UPDATE actions SET digest = '{}' WHERE id = '{}'; \
         UPDATE action_bodies SET body = (SELECT body FROM action_bodies WHERE action = '{}') \
         WHERE action = '{}';",
        other.digest().unwrap(),
        asked.id,
        other.id,
        asked.id,
    );
    assert!(office.intruder.writes(&sql).await > 0);
    let sql = format!(
        "UPDATE decisions SET action = '{}'; UPDATE orders SET action = '{}', \
         state = 'intended', taken = NULL",
        other.id, other.id
    );
    office.intruder.writes(&sql).await;

    let refusal = office.passes(&other).await.unwrap_err().to_string();
    says(&refusal, &["0 of 2"]);
}

async fn an_approval_that_was_used_lets_nothing_pass_again(office: Office) {
    let asked = office.asked("terraform destroy", "n1").await;
    office.approves("ana", &asked).await.unwrap();
    office.approves("ines", &asked).await.unwrap();
    assert!(is_passed(&office.passes(&asked).await));

    let sql = format!(
        "UPDATE orders SET state = 'intended', taken = NULL, receipt = NULL WHERE action = '{}'; \
         UPDATE actions SET state = 'deciding' WHERE id = '{}'",
        asked.id, asked.id,
    );
    assert!(office.intruder.writes(&sql).await > 0);

    says(&office.refusal(&asked).await, &["were used already"]);
}

async fn used_approvals_do_not_count_for_a_new_order_either(office: Office) {
    let asked = office.asked("terraform destroy", "n1").await;
    office.approves("ana", &asked).await.unwrap();
    office.approves("ines", &asked).await.unwrap();
    assert!(is_passed(&office.passes(&asked).await));
    let used = office.decisions(&asked).await;

    let sql = format!(
        "DELETE FROM decisions; DELETE FROM orders; \
         UPDATE actions SET state = 'pending' WHERE id = '{}'",
        asked.id
    );
    office.intruder.writes(&sql).await;
    office.store.decide(&used[0], &order(&asked), &|_| false).await.unwrap();
    office.store.decide(&used[1], &order(&asked), &|_| true).await.unwrap();

    says(&office.refusal(&asked).await, &["were used already"]);
}
