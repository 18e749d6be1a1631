//! `countersign iam simulate --jsonl`: one request a line, one answer a line.

use crate::support::program::{Program, wait};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};

const SIMULATE: [&str; 3] = ["iam", "simulate", "--jsonl"];

fn request(id: u32, action: &str) -> Value {
    json!({
        "id": id, "principal": "arn:aws:iam::111122223333:user/bob", "action": action,
        "resource": "arn:aws:s3:::shop/orders/1", "resourceAccount": "111122223333", "context": {},
        "identity": [{
            "Version": "2012-10-17",
            "Statement": [
                { "Sid": "Read", "Effect": "Allow", "Action": "s3:Get*", "Resource": "*" },
                { "Effect": "Deny", "Action": "s3:Delete*", "Resource": "*" },
            ],
        }],
    })
}

fn answers(input: &[u8]) -> Vec<Value> {
    let mut child =
        Program::new().command(&SIMULATE).stdin(std::process::Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&input).unwrap());
    let ran = wait(child);
    writer.join().unwrap();
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""));
    assert!(ran.is_harmless());
    ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn good_and_bad_lines_are_answered_in_order() {
    let mut long = request(5, "s3:PutObject");
    long["note"] = json!("x".repeat(2_000_000));
    let mut input = Vec::new();
    for line in [
        request(1, "s3:GetObject").to_string(),
        r#"{"id":2,"#.to_owned(),
        String::new(),
        request(4, "s3:DeleteObject").to_string(),
        long.to_string(),
        r#"{"id":6,"principal":"bob\u202e","action":"s3:GetObject","resource":"*"}"#.to_owned(),
    ] {
        input.extend_from_slice(line.as_bytes());
        input.push(b'\n');
    }
    input.extend_from_slice(b"{\"id\":7,\"action\":\"\xff\"}\n");
    // The last line lacks its end.
    input.extend_from_slice(request(8, "s3:GetObject").to_string().as_bytes());

    let answers = answers(&input);
    let ids: Vec<&Value> = answers.iter().map(|answer| &answer["id"]).collect();
    assert_eq!(json!(ids), json!([1, null, null, 4, 5, 6, null, 8]));
    let outcome: Vec<&str> =
        answers.iter().map(|answer| answer["decision"].as_str().unwrap_or("error")).collect();
    assert_eq!(
        outcome,
        [
            "Allowed",
            "error",
            "error",
            "ExplicitlyDenied",
            "ImplicitlyDenied",
            "error",
            "error",
            "Allowed"
        ]
    );
    assert_eq!(
        answers[0]["because"],
        json!({ "layer": "identity", "statement": "identity[0]: Read" })
    );
    assert_eq!(
        answers[3]["because"],
        json!({ "layer": "identity", "statement": "identity[0]: Statement[1]" })
    );
    assert!(answers[5]["error"].as_str().unwrap().contains("names no caller"));
}

#[test]
fn whoever_waits_for_each_answer_gets_it() {
    let mut child =
        Program::new().command(&SIMULATE).stdin(std::process::Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    for id in 0..20 {
        writeln!(stdin, "{}", request(id, "s3:GetObject")).unwrap();
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let answer: Value = serde_json::from_str(&line).unwrap();
        assert_eq!((&answer["id"], &answer["decision"]), (&json!(id), &json!("Allowed")));
    }
    drop(stdin);
    assert_eq!(wait(child).status, 0);
}

#[test]
fn actions_without_resources_are_known_from_the_table() {
    let mut request = request(1, "s3:ListAllMyBuckets");
    request["identity"][0]["Statement"] =
        json!([{ "Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::shop/*" }]);
    let answers = answers(request.to_string().as_bytes());
    assert_eq!(answers[0]["decision"], "ImplicitlyDenied");
}

#[test]
fn the_form_of_the_lines_has_to_be_said() {
    let ran = Program::new().run(&["iam", "simulate"]);
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("--jsonl"), "{}", ran.stderr);
}
