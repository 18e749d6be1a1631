//! `countersign iam audit`

use super::accounts::{ACCOUNT, OTHER, allow, climbing, file, role, user};
use crate::support::program::Program;
use serde_json::{Value, json};

fn with(name: &str, text: impl AsRef<[u8]>) -> (Program, String) {
    let program = Program::new();
    let path = program.write(name, text).display().to_string();
    (program, path)
}

fn principal<'a>(audit: &'a Value, name: &str) -> &'a Value {
    let all = audit["principals"].as_array().unwrap();
    let ends = format!("/{name}");
    all.iter().find(|it| it["arn"].as_str().unwrap().ends_with(&ends)).unwrap()
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn the_json_object_has_every_field_that_is_promised() {
    let (program, path) = with("account.json", climbing());
    let ran = program.run(&["iam", "audit", &path, "--format", "json"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    let audit = ran.json();
    assert_eq!(audit["accounts"], json!([ACCOUNT]));
    for list in ["principals", "entry_points", "problems"] {
        assert!(audit[list].is_array(), "{list}");
    }
    let deployer = principal(&audit, "deployer");
    assert_eq!(deployer["kind"], "user");
    assert_eq!(deployer["admin"], "no");
    assert_eq!(deployer["reaches_admin"], "yes");
    let path = deployer["path"].as_array().unwrap();
    assert_eq!(path.len(), 2, "{path:?}");
    for step in path {
        for field in ["from", "to", "technique", "actions", "conditions"] {
            assert!(keys(step).contains(&field), "{field}: {step}");
        }
        assert!(step["actions"].is_array() && step["conditions"].is_array());
    }
    assert_eq!(path[0]["from"], format!("arn:aws:iam::{ACCOUNT}:user/deployer"));
    assert_eq!(path[0]["to"], format!("arn:aws:iam::{ACCOUNT}:role/worker"));
    assert_eq!(path[1]["to"], format!("arn:aws:iam::{ACCOUNT}:role/chief"));
    assert_eq!(principal(&audit, "chief")["admin"], "yes");
    assert_eq!(principal(&audit, "reader")["reaches_admin"], "no");
}

#[test]
fn what_a_principal_could_destroy_is_told_by_service() {
    let (program, path) = with("account.json", climbing());
    let audit = program.run(&["iam", "audit", &path, "--json"]).json();
    let destructive = principal(&audit, "cleaner")["destructive"].as_array().unwrap();
    assert_eq!(destructive.len(), 1, "{destructive:?}");
    let power = &destructive[0];
    assert_eq!(power["service"], "s3");
    assert_eq!(power["actions"], json!(["s3:DeleteBucket"]));
    assert_eq!(power["resources"], json!(["arn:aws:s3:::shop-*"]));
    assert_eq!(power["conditions"], json!([]));
}

#[test]
fn the_table_is_told_in_80_columns_with_who_climbs_and_how() {
    let (program, path) = with("account.json", climbing());
    let mut session = program.on_terminal(80, 40, &["iam", "audit", &path]);
    session.wait_for_end();
    session.wait_for("deployer");
    let screen = session.text();
    assert!(screen.contains("worker ▶ chief"), "the path in short: {screen}");
    assert!(!screen.contains("reader"), "who reaches nothing is left out: {screen}");
}

#[test]
fn everybody_and_one_in_depth_can_be_asked_for() {
    let (program, path) = with("account.json", climbing());
    let all = program.run(&["iam", "audit", &path, "--all"]);
    assert!(all.stdout.contains("reader"), "{all:?}");
    let one = program.run(&["iam", "audit", &path, "--principal", "cleaner"]);
    assert!(one.stdout.contains("DeleteBucket"), "{one:?}");
    assert!(one.stdout.contains("arn:aws:s3:::shop-*"), "{one:?}");
    assert!(one.stdout.contains("Given"), "the statement behind it: {one:?}");
    assert!(one.stdout.lines().all(|line| line.chars().count() <= 80), "{one:?}");
    let slip = program.run(&["iam", "audit", &path, "--principal", "cleanr"]);
    assert_eq!(slip.status, 1);
    assert!(slip.stderr.contains("did you mean cleaner?"), "{slip:?}");
}

#[test]
fn a_path_crosses_from_one_file_into_another() {
    let program = Program::new();
    let chief = format!("arn:aws:iam::{OTHER}:role/chief");
    let walker = format!("arn:aws:iam::{ACCOUNT}:user/walker");
    let one =
        file(&[user(ACCOUNT, "walker", &allow(&json!("sts:AssumeRole"), &json!(chief)))], &[]);
    let admin = allow(&json!("*"), &json!("*"));
    let two = file(&[], &[role(OTHER, "chief", &json!({ "AWS": walker }), &admin)]);
    let one = program.write("one.json", one).display().to_string();
    let two = program.write("two.json", two).display().to_string();
    let alone = program.run(&["iam", "audit", &one, "--json"]).json();
    assert_eq!(principal(&alone, "walker")["reaches_admin"], "no");
    let both = program.run(&["iam", "audit", &one, &two, "--json"]).json();
    assert_eq!(both["accounts"], json!([ACCOUNT, OTHER]));
    assert_eq!(principal(&both, "walker")["reaches_admin"], "yes");
}

#[test]
fn standard_input_is_a_file_too_but_only_once() {
    let program = Program::new();
    let ran = program.run_with_input(&["iam", "audit", "-", "--json"], &climbing());
    assert_eq!(ran.status, 0, "{ran:?}");
    assert_eq!(principal(&ran.json(), "deployer")["reaches_admin"], "yes");
    let twice = program.run_with_input(&["iam", "audit", "-", "-"], &climbing());
    assert_eq!(twice.status, 2, "{twice:?}");
    assert!(twice.stderr.contains("only once"), "{twice:?}");
}

#[test]
fn a_service_control_policy_takes_away_what_a_policy_gives() {
    let (program, path) = with("account.json", climbing());
    let deny = json!({
        "Version": "2012-10-17",
        "Statement": [{ "Effect": "Deny", "Action": "s3:DeleteBucket", "Resource": "*" }],
    });
    let scps = json!({ "accounts": { ACCOUNT: [[allow(&json!("*"), &json!("*")), deny]] } });
    let scps = program.write("scps.json", scps.to_string()).display().to_string();
    let audit = program.run(&["iam", "audit", &path, "--scps", &scps, "--json"]).json();
    assert_eq!(principal(&audit, "cleaner")["destructive"], json!([]));
}

#[test]
fn a_pipeline_can_fail_on_who_climbs() {
    let (program, path) = with("account.json", climbing());
    let ran = program.run(&["iam", "audit", &path, "--fail-on", "reaches-admin"]);
    assert_eq!(ran.status, 3, "{ran:?}");
    let harmless =
        file(&[user(ACCOUNT, "reader", &allow(&json!("ec2:Describe*"), &json!("*")))], &[]);
    let (program, path) = with("account.json", harmless);
    let ran = program.run(&["iam", "audit", &path, "--fail-on", "conditional"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(ran.stdout.contains("Nobody is or becomes an administrator"), "{ran:?}");
}

#[test]
fn bad_input_is_told_with_its_place_and_what_to_do() {
    let program = Program::new();
    let cut = &climbing()[..200];
    for (name, text, place, status) in [
        ("cut.json", cut, "cut.json:1:200", 1),
        ("other.json", "{\"Users\": []}", "other.json:1:1", 1),
        ("page.html", "<html>", "page.html:1:1", 1),
    ] {
        let path = program.write(name, text).display().to_string();
        let ran = program.run(&["iam", "audit", &path]);
        assert_eq!(ran.status, status, "{ran:?}");
        assert!(ran.stderr.contains(place), "{name}: {ran:?}");
        assert!(ran.stderr.contains("next: "), "{name}: {ran:?}");
        assert!(ran.stdout.is_empty(), "{ran:?}");
    }
    let missing = program.run(&["iam", "audit", "nowhere.json", "--json"]);
    assert_eq!((missing.status, &missing.error()["kind"]), (1, &json!("io")));
    let path = program.write("scps.json", "[]").display().to_string();
    let good = program.write("good.json", climbing()).display().to_string();
    let ran = program.run(&["iam", "audit", &good, "--scps", &path]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(ran.stderr.contains("scps.json: ") && ran.stderr.contains("accounts"), "{ran:?}");
    assert_eq!(program.run(&["iam", "audit"]).status, 2);
}

#[test]
fn one_unreadable_policy_is_a_problem_and_the_rest_is_audited() {
    let broken = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Maybe" }] });
    let text = file(
        &[
            user(ACCOUNT, "broken", &broken),
            user(ACCOUNT, "chief", &allow(&json!("*"), &json!("*"))),
        ],
        &[],
    );
    let (program, path) = with("account.json", text);
    let audit = program.run(&["iam", "audit", &path, "--json"]).json();
    assert_eq!(principal(&audit, "chief")["admin"], "yes");
    let problems = audit["problems"].as_array().unwrap();
    assert!(!problems.is_empty());
    for problem in problems {
        assert!(problem["where"].is_string() && problem["what"].is_string(), "{problem}");
    }
    assert!(problems.iter().any(|it| it["where"].as_str().unwrap().contains("broken")));
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    use std::{io::Read as _, process::Stdio};
    let admins: Vec<Value> = (0..200)
        .map(|n| user(ACCOUNT, &format!("chief-{n}"), &allow(&json!("*"), &json!("*"))))
        .collect();
    let (program, path) = with("account.json", file(&admins, &[]));
    let mut child =
        program.command(&["iam", "audit", &path, "--json"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut first = [0; 64];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(0), "{ended:?}");
    assert!(ended.stderr.is_empty(), "{ended:?}");
}

#[test]
fn hostile_names_neither_act_nor_hide() {
    let name = "a\u{1b}[2J\u{202e}b";
    let text = file(&[user(ACCOUNT, name, &allow(&json!("*"), &json!("*")))], &[]);
    let (program, path) = with("account.json", text);
    for format in ["table", "json", "csv", "markdown"] {
        let ran = program.run(&["iam", "audit", &path, "--all", "--format", format]);
        assert_eq!(ran.status, 0, "{ran:?}");
        assert!(ran.is_harmless(), "{format}: {ran:?}");
    }
}
