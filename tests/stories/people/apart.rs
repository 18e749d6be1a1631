//! Signed on a machine of one's own.

use super::{Toucher, asked_with, out_of_band};
use crate::{
    attacks::office::{Office, is_passed, says},
    support::program::Program,
};
use countersign::{
    domain::{Action, Reviewer, Signed, Verdict},
    review::{Carried, DecideError, ImportError},
    trust::Answer,
};
use jiff::Timestamp;
use std::{fs, process::Command};

/// The request, as it is carried away.
async fn exported(office: &Office, action: &Action) -> String {
    office.desk("rowan").export(&action.id).await.unwrap().file().unwrap()
}

/// Another machine: no store, no configuration, an agent.
fn signs(program: &Program, arguments: &[&str]) -> crate::support::program::Ran {
    program.run(&[&["sign"], arguments].concat())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_signed_on_another_machine_counts_like_a_decision_at_the_desk() {
    let office = Office::open().await;
    let kim = Toucher::joins(&office, 5);
    let asked = asked_with(&office, "n1", out_of_band).await;
    let elsewhere = Program::new();
    elsewhere.write("request", exported(&office, &asked).await);
    let (file, out) = (elsewhere.path("request"), elsewhere.path("answer"));
    let digest = asked.digest().unwrap().to_string();
    let socket = kim.agent.socket();
    let arguments = [
        file.to_str().unwrap(),
        "--approve",
        "--reviewer",
        "kim",
        "--agent",
        socket.to_str().unwrap(),
        "--digest",
        &digest,
        "-o",
        out.to_str().unwrap(),
    ];

    let signed = signs(&elsewhere, &arguments);

    assert_eq!(signed.status, 0, "{}", signed.stderr);
    says(&signed.stderr, &["terraform destroy", &digest, "as the desk says", "approve"]);
    assert!(!elsewhere.store_path().exists(), "another machine keeps nothing");
    let answer = Answer::read(&fs::read_to_string(out).unwrap()).unwrap();
    let (decision, carried) = office.desk("rowan").import(answer).await.unwrap();
    assert_eq!(decision.reviewer, Reviewer("kim".into()));
    assert!(matches!(carried, Carried::Waiting(_)), "{carried:?}");
    assert!(is_passed(&office.passes(&asked).await));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_itself_is_not_elsewhere() {
    let office = Office::open().await;
    let kim = Toucher::joins(&office, 5);
    let asked = asked_with(&office, "n1", out_of_band).await;
    let seen = asked.digest().unwrap();
    let here = kim.desk(&office).decide(&asked.id, seen, Verdict::Approve, "ok".into()).await;
    says(&here.unwrap_err().to_string(), &["request export"]);
    assert!(office.decisions(&asked).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn ssh_keygen_alone_is_enough() {
    let office = Office::open().await;
    let asked = office.asked("terraform destroy", "n1").await;
    let request = office.desk("rowan").export(&asked.id).await.unwrap();
    let who = Reviewer("ines".into());
    let now = Timestamp::now();
    let statement = request.statement(Verdict::Approve, who, "read it".into(), now).unwrap();
    fs::write(office.path("said"), statement.canonical().unwrap()).unwrap();
    let made = Command::new("ssh-keygen")
        .args(["-Y", "sign", "-q", "-n", "countersign-decision@v1", "-f"])
        .arg(office.path("ines"))
        .arg(office.path("said"))
        .status();
    assert!(made.unwrap().success());
    let read = |name: &str| fs::read_to_string(office.path(name)).unwrap();
    let signed = Signed { statement: read("said"), signature: read("said.sig") };
    let carried = office.desk("rowan").import(Answer::of(signed)).await.unwrap().1;
    assert!(matches!(carried, Carried::Counted(_)), "{carried:?}");
    office.approves("ana", &asked).await.unwrap();
    assert!(is_passed(&office.passes(&asked).await));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejection_from_elsewhere_ends_it() {
    let office = Office::open().await;
    let kim = Toucher::joins(&office, 1);
    let asked = office.asked("terraform destroy", "n1").await;
    let request = office.desk("rowan").export(&asked.id).await.unwrap();
    let statement =
        request.statement(Verdict::Reject, Reviewer("kim".into()), "no".into(), Timestamp::now());
    let agent = countersign::trust::Agent::at(kim.agent.socket());
    let choice = countersign::trust::KeyChoice::Any;
    let signing = countersign::domain::Signing::Touch;
    let signed =
        countersign::trust::sign(&agent, &choice, &statement.unwrap(), signing, None).unwrap();
    office.desk("rowan").import(Answer::of(signed)).await.unwrap();
    let again = office.approves("ines", &asked).await.unwrap_err();
    assert!(matches!(again, DecideError::Busy(_) | DecideError::Ended(_)), "{again}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_for_another_store_or_for_what_changed_is_refused() {
    let (office, other) = (Office::open().await, Office::open().await);
    let asked = office.asked("terraform destroy", "n1").await;
    let request = office.desk("rowan").export(&asked.id).await.unwrap();
    let statement = request
        .statement(Verdict::Approve, Reviewer("ines".into()), "".into(), Timestamp::now())
        .unwrap();
    let signature = "-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----\n".to_owned();
    let signed = Signed { statement: statement.canonical().unwrap(), signature };
    let answer = Answer::of(signed);
    let elsewhere = other.desk("rowan").import(answer.clone()).await.unwrap_err();
    assert!(matches!(elsewhere, ImportError::OtherStore(_)), "{elsewhere}");
    let forged = office.desk("rowan").import(answer).await.unwrap_err();
    assert!(matches!(forged, ImportError::NoGood(_)), "{forged}");
    says(&forged.to_string(), &["`signature`"]);
}
