use super::{Answer, ApartFault, Exported};
use crate::domain::{
    Action, Change, Confidence, Diff, Digest, Environment, Leave, Part, PolicyId, Requirement,
    Reviewer, Ruling, Signed, SourceKind, SourceName, Subject, Target, ToolId, ToolMatch, Verdict,
};
use jiff::Timestamp;
use serde_json::{Value, json};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn action() -> Action {
    let source = SourceName::new(SourceKind::Gate, "db1");
    let subject = Subject::Call {
        via: "claude-code".into(),
        tool: "Bash".into(),
        input: r#"{"command":"dropdb shop"}"#.into(),
        cwd: "/srv".into(),
        session: "s1".into(),
        host: "db1".into(),
        nonce: "0".repeat(32),
        pins: Vec::new(),
    };
    let policy = PolicyId { version: 3, digest: Digest::of_bytes(b"policy") };
    Action {
        id: subject.id(&source),
        source,
        part: Part::new("calls"),
        subject,
        tool: ToolMatch {
            tool: ToolId::new("claude-code"),
            name: "Claude Code".into(),
            confidence: Confidence::Declared,
            evidence: Vec::new(),
        },
        requester: "deploy".into(),
        authors: Vec::new(),
        title: "dropdb shop".into(),
        description: "to start anew".into(),
        target: Target { name: "shop".into(), environment: Environment::Production },
        opened: at(0),
        url: "".into(),
        change: Change {
            additions: 0,
            deletions: 0,
            files: Vec::new(),
            files_complete: true,
            diff: Diff::None,
        },
        checks: Vec::new(),
        reviews: Vec::new(),
        asker: None,
        found: None,
        ruling: Some(Ruling {
            policy,
            tier: "destructive".into(),
            leave: Leave::Held(Requirement { expires: 1800, ..Requirement::AFTERWARDS }),
            rules: Vec::new(),
        }),
    }
}

fn exported() -> Exported {
    let roster = Digest::of_bytes(b"roster");
    Exported::of(action(), roster, Reviewer("mira".into()), at(1800)).unwrap()
}

/// The file with one field set to something else, written as the program would.
fn altered(path: &str, to: Value) -> String {
    let mut value: Value = serde_json::from_str(&exported().file().unwrap()).unwrap();
    *value.pointer_mut(path).unwrap() = to;
    serde_json_canonicalizer::to_string(&value).unwrap()
}

#[test]
fn what_was_exported_reads_back() {
    let request = exported();
    assert_eq!(Exported::read(&request.file().unwrap(), at(60)), Ok(request));
}

#[test]
fn whatever_is_altered_is_named() {
    let other = json!(Digest::of_bytes(b"other").to_string());
    for (path, to, field) in [
        ("/action/title", json!("ls"), "digest"),
        ("/action/subject/input", json!("{}"), "digest"),
        ("/action/target/name", json!("staging"), "digest"),
        ("/digest", other.clone(), "digest"),
        ("/requirement/approvals", json!(9), "requirement"),
        ("/policy/version", json!(9), "policy"),
        ("/statements/approve/digest", other.clone(), "statements.approve"),
        ("/statements/reject/verdict", json!("approve"), "statements.reject"),
        ("/statements/approve/roster", other, "statements.approve"),
    ] {
        let read = Exported::read(&altered(path, to), at(60));
        assert_eq!(read, Err(ApartFault::Altered { field }), "{path}");
    }
}

#[test]
fn what_says_more_than_it_shows_is_refused() {
    let file = exported().file().unwrap();
    let extra = file.replacen(r#""title":"dropdb shop""#, r#""hint":"x","title":"dropdb shop""#, 1);
    let told = ApartFault::NotCanonical { field: "action.hint".into() };
    assert_eq!(Exported::read(&extra, at(60)), Err(told));
    let spaced = file.replacen(':', ": ", 1);
    assert!(matches!(
        Exported::read(&spaced, at(60)),
        Err(ApartFault::NotCanonical { field }) if field == "the order of fields"
    ));
}

#[test]
fn damaged_foreign_and_late_files_say_which() {
    let file = exported().file().unwrap();
    assert!(matches!(Exported::read(&file[..90], at(60)), Err(ApartFault::Form(_))));
    let format = Err(ApartFault::Format(super::REQUEST));
    assert_eq!(Exported::read(r#"{"format":"other"}"#, at(60)), format);
    assert_eq!(Exported::read(&file, at(1800)), Err(ApartFault::Expired(at(1800))));
}

#[test]
fn an_answer_is_the_decision_it_was_signed_as() {
    let statement = exported()
        .statement(Verdict::Reject, Reviewer("mira".into()), "not today".into(), at(60))
        .unwrap();
    assert_eq!(statement.expires, at(1860));
    let signature = "-----BEGIN SSH SIGNATURE-----".to_owned();
    let signed = Signed { statement: statement.canonical().unwrap(), signature };
    let file = Answer::of(signed.clone()).file().unwrap();
    let decision = Answer::read(&file).unwrap().decision().unwrap();
    assert_eq!(decision.verdict, Verdict::Reject);
    assert_eq!(decision.reason, "not today".into());
    assert_eq!(decision.signed, Some(signed));
}

#[test]
fn what_was_signed_at_the_desk_is_no_answer() {
    let mut statement =
        exported().statement(Verdict::Approve, Reviewer("mira".into()), "".into(), at(60)).unwrap();
    statement.made = crate::domain::Made::Desk;
    let signed = Signed { statement: statement.canonical().unwrap(), signature: String::new() };
    assert_eq!(Answer::of(signed).decision(), Err(ApartFault::MadeHere));
}
