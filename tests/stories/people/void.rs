//! What a change of policy or roster makes of what waits.

use crate::attacks::office::{Office, PEOPLE, is_passed, says};
use countersign::domain::{ActivityKind, Digest, PolicyId};
use jiff::Timestamp;

#[tokio::test(flavor = "multi_thread")]
async fn a_new_policy_says_what_it_voids_and_what_is_to_be_done() {
    let office = Office::open().await;
    let asked = office.asked("terraform destroy", "n1").await;
    office.approves("ana", &asked).await.unwrap();
    let newer = PolicyId { version: 7, digest: Digest::of_bytes(b"newer") };
    office.store.adopt_policy(&newer, None, Timestamp::now()).await.unwrap();
    let lines = office.store.activity(10, None).await.unwrap();
    let line = lines.iter().find(|line| line.kind == ActivityKind::Voided).unwrap();
    assert_eq!(line.about, asked.id.to_string());
    let said = ["terraform destroy", "version 6", "version 7", "is void", "ask again"];
    says(line.what.raw(), &said);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_roster_voids_what_was_given_under_the_old_one_and_the_same_people_can_give_it_again()
{
    let office = Office::open().await;
    let asked = office.asked("terraform destroy", "n1").await;
    office.approves("ana", &asked).await.unwrap();
    let lines: Vec<String> = PEOPLE[..3].iter().map(|name| office.line(name, name)).collect();
    office.signers(&lines.concat());

    let row = office.row(&asked.id).await;
    let standing = office.desk("ines").standing(&row, Timestamp::now()).unwrap();
    assert!(standing.agreed.is_empty(), "{standing}");
    says(&standing.void[0].told(), &["approval of ana does not count", "have changed"]);

    office.approves("ana", &asked).await.unwrap();
    office.approves("ines", &asked).await.unwrap();
    assert!(is_passed(&office.passes(&asked).await));
}
