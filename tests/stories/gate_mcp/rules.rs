//! The rules of the moment count: a policy that is changed, broken, or rolled back while a server
//! runs, or broken from the start.

use super::talk::{Talk, at_home};
use crate::support::program::Program;
use serde_json::{Value, json};

/// Lets everything through, as a version.
fn wide(version: u32) -> String {
    format!(
        "// version: {version}\n@id(\"all\") @approvals(\"0\") permit (principal, action, resource);\n"
    )
}

/// Lets reading through only, as a version.
fn narrow(version: u32) -> String {
    format!(
        "// version: {version}\n@id(\"reads\") @approvals(\"0\") permit (principal, action == \
         Action::\"read\", resource);\n"
    )
}

const BROKEN: &str =
    "// version: 9\n@id(\"a\") @aprovals(\"1\") permit (principal, action, resource);\n";

fn under(policy: &str) -> Program {
    let program = at_home();
    let file = program.write("policy.cedar", policy);
    let config = format!("[policy]\nfile = {:?}\n", file.display());
    program.write("config/countersign/config.toml", config);
    program
}

fn change(talk: &mut Talk) -> Value {
    let params = json!({"name": "update_issue", "arguments": {"repo": "shop", "title": "Fix"}});
    let id = talk.request("tools/call", &params);
    let heard: Value = serde_json::from_str(&talk.heard()).unwrap();
    assert_eq!(heard["id"], id);
    heard
}

fn passes(talk: &mut Talk) {
    let heard = change(talk);
    assert_eq!(heard["method"], "tools/call", "{heard}");
}

fn refused(talk: &mut Talk, code: i64) -> String {
    let heard = change(talk);
    assert_eq!(heard["error"]["code"], code, "{heard}");
    heard["error"]["message"].as_str().unwrap().to_owned()
}

#[test]
fn a_policy_that_changes_counts_from_the_next_call_on() {
    let program = under(&wide(1));
    let mut talk = Talk::with_echo(&program, &["--name", "github", "--timeout", "1s"]);
    passes(&mut talk);

    program.write("policy.cedar", narrow(2));
    let ticket = refused(&mut talk, 75);
    assert!(ticket.contains(": needs 2 approvals, one of them by senior (nobody"), "{ticket}");
    assert!(ticket.contains("; expires "), "{ticket}");
    talk.until_told("policy version 2");

    program.write("policy.cedar", wide(3));
    passes(&mut talk);
}

#[test]
fn a_broken_policy_refuses_calls_with_its_fault_and_the_server_runs_on() {
    let program = under(&wide(1));
    let mut talk = Talk::with_echo(&program, &["--name", "github"]);
    passes(&mut talk);

    program.write("policy.cedar", BROKEN);
    let why = refused(&mut talk, 77);
    assert!(why.contains("policy.cedar:2:10"), "{why}");
    assert!(why.contains("did you mean `@approvals`?"), "{why}");
    talk.hears_only(&json!({"jsonrpc": "2.0", "id": 50, "method": "ping"}));

    std::fs::remove_file(program.path("policy.cedar")).unwrap();
    assert!(refused(&mut talk, 77).contains("there is no such file"));

    program.write("policy.cedar", wide(2));
    passes(&mut talk);
    assert_eq!(talk.end(), Some(0));
}

#[test]
fn a_policy_that_is_broken_from_the_start_does_not_keep_the_server_from_starting() {
    let program = under(BROKEN);
    let mut talk = Talk::with_echo(&program, &["--name", "github"]);
    talk.until_told("every call is refused");
    refused(&mut talk, 77);
    talk.hears_only(&json!({"jsonrpc": "2.0", "id": 50, "method": "tools/list"}));
    program.write("policy.cedar", wide(1));
    passes(&mut talk);
}

#[test]
fn a_policy_that_is_rolled_back_refuses_calls() {
    let program = under(&wide(7));
    let mut talk = Talk::with_echo(&program, &["--name", "github"]);
    passes(&mut talk);
    program.write("policy.cedar", wide(6));
    let why = refused(&mut talk, 77);
    assert!(why.contains("version 6") && why.contains("version 7"), "{why}");
    // Nor does another text under the same number pass.
    program.write("policy.cedar", narrow(7));
    refused(&mut talk, 77);
    assert_eq!(talk.end(), Some(0));
    // Nor in another session.
    program.write("policy.cedar", wide(6));
    let mut talk = Talk::with_echo(&program, &["--name", "github"]);
    refused(&mut talk, 77);
}

#[test]
fn a_configuration_that_is_broken_later_refuses_calls_until_it_is_put_right() {
    let program = under(&wide(1));
    let file = program.path("config/countersign/config.toml");
    let good = std::fs::read_to_string(&file).unwrap();
    let mut talk = Talk::with_echo(&program, &["--name", "github"]);
    passes(&mut talk);
    std::fs::write(&file, format!("{good}[groups]\nsenior = 1\n")).unwrap();
    let why = refused(&mut talk, 77);
    assert!(why.contains("config.toml"), "{why}");
    std::fs::write(&file, good).unwrap();
    passes(&mut talk);
}
