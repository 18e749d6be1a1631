//! Too few people, or the wrong ones.

use super::office::{Office, PEOPLE, order, says};
use countersign::{
    domain::Reviewer,
    review::DecideError,
    trust::{Barrier, Yours},
};
use jiff::Timestamp;

on_both_stores! {
    one_person_with_two_keys_is_one_person
    one_key_with_two_names_is_one_person
    whoever_asked_cannot_approve_and_is_told_why
    an_approval_by_whoever_asked_does_not_count_at_the_gate
    an_account_with_a_reviewers_name_is_theirs
}

async fn one_person_with_two_keys_is_one_person(office: Office) {
    office.key("second");
    let lines: Vec<String> = PEOPLE.iter().map(|name| office.line(name, name)).collect();
    office.signers(&format!("{}{}", lines.concat(), office.line("ines", "second")));
    let asked = office.asked("terraform destroy", "n1").await;
    office.approves("ines", &asked).await.unwrap();
    let again = office.approves("ines", &asked).await.unwrap_err();
    assert!(matches!(again, DecideError::Again), "{again}");

    // With the second key, and past the desk that says so.
    office.adds("ines", "second");
    let other = office.asked("terraform destroy -target=b", "n2").await;
    let keys = ["ines", "second"].map(|key| office.signed("ines", key, "ines", &other));
    let rows: Vec<String> = keys
        .iter()
        .map(|one| {
            let body = serde_json::to_string(one).unwrap().replace('\'', "''");
            format!(
                "INSERT INTO decisions (action, body, spent) VALUES ('{}', '{body}', '{}');",
                other.id,
                order(&other).id
            )
        })
        .collect();
    let order = serde_json::to_string(&order(&other)).unwrap().replace('\'', "''");
    let sql = format!(
        "{}INSERT INTO orders (id, action, decided, body, state) VALUES \
         ('{}', '{}', '{}', '{order}', 'intended'); \
         UPDATE actions SET state = 'deciding' WHERE id = '{}'",
        rows.concat(),
        super::office::order(&other).id,
        other.id,
        other.digest().unwrap(),
        other.id,
    );
    office.intruder.writes(&sql).await;

    says(&office.refusal(&other).await, &["1 of 2"]);
}

async fn one_key_with_two_names_is_one_person(office: Office) {
    let mut lines: Vec<String> = PEOPLE.iter().map(|name| office.line(name, name)).collect();
    lines[2] = office.line("ana,anastasia", "ana");
    office.signers(&lines.concat());
    let asked = office.asked("terraform destroy", "n1").await;
    office.approves("ana", &asked).await.unwrap();

    let row = office.row(&asked.id).await;
    let outlook = office.desk("anastasia").outlook(&row, Timestamp::now());

    assert_eq!(outlook.yours, Yours::Given);
    assert_eq!(outlook.standing.agreed, [Reviewer("ana".into())]);
}

async fn whoever_asked_cannot_approve_and_is_told_why(mut office: Office) {
    office.config.people.insert("ines".to_owned(), vec!["Copilot".to_owned()]);
    let asked = office.asked("terraform destroy", "n1").await;

    let row = office.row(&asked.id).await;
    let outlook = office.desk("ines").outlook(&row, Timestamp::now());
    let Yours::Barred(barrier @ Barrier::NotYou { .. }) = &outlook.yours else {
        panic!("{outlook:?}")
    };
    says(&barrier.told(), &["Copilot asked for it", "nobody decides on their own"]);
    assert_eq!(
        outlook.standing.with_names(),
        "0 of 2 · missing: one of senior (rowan) and one more person (ana, rowan, tom)"
    );
    let refused = office.approves("ines", &asked).await.unwrap_err();
    assert!(matches!(refused, DecideError::NotYou(_)), "{refused}");
}

async fn an_approval_by_whoever_asked_does_not_count_at_the_gate(mut office: Office) {
    let asked = office.asked("terraform destroy", "n1").await;
    office.approves("ana", &asked).await.unwrap();
    office.approves("ines", &asked).await.unwrap();

    // The gate knows whose account it was; the desks did not.
    office.config.people.insert("ines".to_owned(), vec!["Copilot".to_owned()]);

    says(&office.refusal(&asked).await, &["of ines does not count", "nobody decides on their own"]);
}

async fn an_account_with_a_reviewers_name_is_theirs(office: Office) {
    let mut asked = office.asked("terraform destroy", "n1").await;
    asked.requester = "rowan".into();
    if let countersign::domain::Subject::Call { nonce, .. } = &mut asked.subject {
        "n2".clone_into(nonce);
    }
    asked.id = asked.subject.id(&asked.source);
    office.store.ask(&asked, asked.opened).await.unwrap();

    let refused = office.approves("rowan", &asked).await.unwrap_err();

    says(&refused.to_string(), &["would not count", "rowan asked for it"]);
}
