//! Requests that are not what they were: the file and the field are named.

use super::{asked_with, out_of_band};
use crate::{
    attacks::office::{Office, says},
    support::program::Program,
};

async fn request(office: &Office) -> String {
    let asked = asked_with(office, "n1", out_of_band).await;
    office.desk("rowan").export(&asked.id).await.unwrap().file().unwrap()
}

#[track_caller]
fn refused(program: &Program, text: &str, parts: &[&str]) {
    let file = program.write("request.json", text);
    let ran =
        program.run(&["sign", file.to_str().unwrap(), "--approve", "--digest", &"0".repeat(64)]);
    assert_eq!(ran.status, 77, "{}", ran.stderr);
    says(&ran.stderr, parts);
    says(&ran.stderr, &["request.json"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_wrong_with_a_request_is_told_by_file_and_field() {
    let office = Office::open().await;
    let text = request(&office).await;
    let program = Program::new();
    let swapped = text.replacen("terraform destroy", "terraform plan", 1);
    refused(&program, &swapped, &["`digest`", "altered"]);
    refused(&program, &text.replacen("\"approvals\":1", "\"approvals\":0", 2), &["altered"]);
    refused(&program, &text[..text.len() / 2], &["damaged"]);
    refused(&program, "{\"format\":\"countersign-answer@v1\"}", &["`format`"]);
    refused(&program, &text.replacen("\"title\"", "\"hint\":\"x\",\"title\"", 1), &["action.hint"]);
    refused(&program, &text, &["not the one you named"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_signs_without_looking() {
    let office = Office::open().await;
    let text = request(&office).await;
    let program = Program::new();
    let file = program.write("request.json", text);
    let ran = program.run(&["sign", file.to_str().unwrap(), "--approve"]);
    assert_ne!(ran.status, 0);
    assert!(ran.stdout.is_empty(), "{}", ran.stdout);
    let both = program.run(&["sign", file.to_str().unwrap(), "--approve", "--reject"]);
    assert_eq!(both.status, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn at_a_terminal_the_target_is_typed_and_the_request_may_come_through_a_pipe() {
    let office = Office::open().await;
    let kim = super::Toucher::joins(&office, 5);
    let text = request(&office).await;
    let program = Program::new();
    let file = program.write("request.json", text);
    let (file, socket) = (file.display(), kim.agent.socket());
    let line = format!(
        "{} sign - --approve --reviewer kim --agent {} -o {} < {file}",
        env!("CARGO_BIN_EXE_countersign"),
        socket.display(),
        program.path("answer").display(),
    );
    let mut session = program.beside_terminal("sh", (120, 60), &["-c", &line]);
    session.wait_for("Type ");
    let shown = session.text();
    says(&shown, &["you are about to sign"]);
    let word = shown.split("Type ").nth(1).unwrap().split(" to approve").next().unwrap();
    session.send(&format!("{word}\r"));
    assert!(session.wait_for_end().success(), "{}", session.text());
    let answer = std::fs::read_to_string(program.path("answer")).unwrap();
    let answer = countersign::trust::Answer::read(&answer).unwrap();
    office.desk("rowan").import(answer).await.unwrap();
}
