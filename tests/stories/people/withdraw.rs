//! An approval that its reviewer takes back.

use super::audited;
use crate::attacks::office::{Office, is_passed, says};
use countersign::{
    domain::{ActionState, Verdict},
    gate::Held,
    review::{Carried, DecideError},
};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_back_counts_no_more_and_can_be_given_again() {
    let office = Office::open().await;
    let asked = office.asked("terraform destroy", "n1").await;
    office.approves("ana", &asked).await.unwrap();

    let left = office.desk("ana").withdraw(&asked.id, "wrong cluster".into()).await.unwrap();

    assert!(left.agreed.is_empty(), "{left}");
    let Carried::Counted(standing) = office.approves("ines", &asked).await.unwrap() else {
        panic!("the one that was taken back counted")
    };
    assert_eq!(standing.agreed.len(), 1, "{standing}");
    office.approves("ana", &asked).await.unwrap();
    assert!(is_passed(&office.passes(&asked).await));
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_signed_like_a_decision() {
    let office = Office::open().await;
    let asked = office.asked("terraform destroy", "n1").await;
    office.approves("ana", &asked).await.unwrap();
    office.desk("ana").withdraw(&asked.id, "".into()).await.unwrap();
    let last = office.decisions(&asked).await.pop().unwrap();
    assert_eq!(last.verdict, Verdict::Withdraw);
    assert!(last.signed.as_ref().unwrap().statement.contains("\"verdict\":\"withdraw\""));
    assert!(office.is_good_for_openssh(&last));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_approved_and_not_fetched_is_called_off() {
    let office = Office::open().await;
    let asked = office.asked("terraform destroy", "n1").await;
    office.approves("ana", &asked).await.unwrap();
    let done = office.approves("ines", &asked).await.unwrap();
    assert!(matches!(done, Carried::Waiting(_)), "{done:?}");

    let left = office.desk("ines").withdraw(&asked.id, "read it again".into()).await.unwrap();

    assert_eq!(left.agreed.len(), 1, "{left}");
    assert_eq!(office.row(&asked.id).await.state, ActionState::Pending);
    let held = office.passes(&asked).await.unwrap();
    assert_eq!(held, Held::Ticket { action: asked.id.clone() });
    office.approves("rowan", &asked).await.unwrap();
    assert!(is_passed(&office.passes(&asked).await), "what ana approved still counts");
    let report = audited(&office).await;
    assert!(report.faults.is_empty(), "{:#?}", report.faults);
    assert_eq!((report.counts.decisions, report.counts.orders, report.signatures), (4, 2, 6));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ran_cannot_be_taken_back_nor_what_somebody_else_approved() {
    let office = Office::open().await;
    let asked = office.asked("terraform destroy", "n1").await;
    office.approves("ana", &asked).await.unwrap();
    let tom = office.desk("tom").withdraw(&asked.id, "".into()).await.unwrap_err();
    says(&tom.to_string(), &["you have approved nothing"]);
    office.approves("ines", &asked).await.unwrap();
    assert!(is_passed(&office.passes(&asked).await));
    let late = office.desk("ana").withdraw(&asked.id, "".into()).await.unwrap_err();
    assert!(matches!(late, DecideError::Ended(_)), "{late}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawal_behind_an_order_is_seen_by_the_gate_itself() {
    let office = Office::open().await;
    let asked = office.asked("terraform destroy", "n1").await;
    office.approves("ana", &asked).await.unwrap();
    office.desk("ana").withdraw(&asked.id, "".into()).await.unwrap();
    let ines = office.signed("ines", "ines", "ines", &asked);
    // Somebody with a hand on the store says that this is enough.
    let rows = format!(
        "UPDATE actions SET summary = replace(summary, '\"approvals\":2', '\"approvals\":1') \
         WHERE id = '{}'",
        asked.id
    );
    office.intruder.writes(&rows).await;
    office.writes(&asked, &[ines]).await;
    says(&office.refusal(&asked).await, &["1 of 2"]);
}
