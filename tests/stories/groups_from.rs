//! Groups whose members a command tells: who is on call.

use crate::support::{
    memory,
    program::{Program, Ran},
};
use countersign::domain::{
    Action, Confirm, Digest, Leave, PolicyId, Requirement, Ruling, Signing, SourceKind, SourceName,
};
use std::{fs, os::unix::fs::PermissionsExt as _};

/// A program whose group `oncall` is what a file of its home says, counting how often it is asked.
fn asking() -> Program {
    let program = Program::configured(
        "[groups_from]\noncall = { command = [\"sh\", \"-c\", \
         \"echo x >> \\\"$HOME/asked\\\"; cat \\\"$HOME/oncall\\\"\"] }\n",
    );
    program.write("oncall", "rowan\nkim\n");
    program
}

fn asked(program: &Program) -> usize {
    fs::read_to_string(program.path("asked")).unwrap_or_default().lines().count()
}

/// A pull request that somebody on call has to agree to.
fn for_on_call() -> Action {
    let source = SourceName::new(SourceKind::Github, "acme");
    let mut action = memory::pull_request(&source, 7, "9f3c1d2e");
    action.ruling = Some(Ruling {
        policy: PolicyId { version: 1, digest: Digest::of_bytes(b"p") },
        tier: "production".to_owned(),
        leave: Leave::Held(Requirement {
            approvals: 1,
            from: vec!["oncall".to_owned()],
            expires: 1800,
            run_within: 1800,
            confirm: Confirm::TypeTarget,
            signing: Signing::Unsigned,
            break_glass: countersign::domain::BreakGlass::Touch,
        }),
        rules: Vec::new(),
    });
    action
}

fn groups(program: &Program) -> String {
    let json = program.run(&["--json", "doctor"]).json();
    let sections = json["sections"].as_array().unwrap();
    sections.iter().find(|one| one["area"] == "groups").unwrap()["checks"].to_string()
}

/// Makes the last answer one of an hour and a bit ago.
fn age(program: &Program) {
    let path = program.path("state/countersign/groups/oncall.json");
    let mut kept: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let then = jiff::Timestamp::now() - jiff::SignedDuration::from_mins(61);
    kept["at"] = then.to_string().into();
    fs::write(&path, kept.to_string()).unwrap();
    // So that the command is asked again at once.
    let _ = fs::remove_file(program.path("state/countersign/groups/oncall.json.asking"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_on_call_is_asked_once_and_named_as_who_may_approve() {
    let program = asking();
    let action = for_on_call();
    program.waits(&action).await;
    for _ in 0..3 {
        let ran = program.run(&["show", action.id.as_str()]);
        assert!(ran.stdout.contains("one of oncall (kim, rowan)"), "{ran:?}");
    }
    assert_eq!(asked(&program), 1);
    assert!(groups(&program).contains("kim, rowan; told"), "{}", groups(&program));
    let file = program.path("state/countersign/groups/oncall.json");
    assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_too_old_is_none_and_everybody_is_told() {
    let program = asking();
    let action = for_on_call();
    let digest = program.waits(&action).await;
    assert_eq!(program.run(&["queue"]).status, 0);
    fs::remove_file(program.path("oncall")).unwrap();
    age(&program);
    let ran = program.run(&["show", action.id.as_str()]);
    assert!(ran.stdout.contains("one of oncall (nobody is in that group)"), "{ran:?}");
    let ran = program.run(&["approve", action.id.as_str(), "--digest", &digest]);
    assert_ne!(ran.status, 0, "{ran:?}");
    assert!(ran.stderr.contains("nobody is in the group oncall"), "{ran:?}");
    assert!(ran.stderr.contains("older than 1h"), "{ran:?}");
    let told = groups(&program);
    assert!(told.contains("bad") && told.contains("older than 1h"), "{told}");
    let mut session = program.on_terminal(100, 30, &[]);
    session.wait_for("oncall empty");
    session.send("q");
    drop(session);
    // Once it tells again, all is well.
    program.write("oncall", "rowan\n");
    age(&program);
    let ran = program.run(&["show", action.id.as_str()]);
    assert!(ran.stdout.contains("one of oncall (rowan)"), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_fails_or_babbles_leaves_the_last_answer_until_it_is_too_old() {
    let program = asking();
    let action = for_on_call();
    program.waits(&action).await;
    let shown = |program: &Program| -> Ran { program.run(&["show", action.id.as_str()]) };
    assert!(shown(&program).stdout.contains("(kim, rowan)"));
    program.write("oncall", "on call this week:\n  mallory\n");
    let path = program.path("state/countersign/groups/oncall.json");
    let kept = fs::read_to_string(&path).unwrap();
    let then = jiff::Timestamp::now() - jiff::SignedDuration::from_mins(30);
    let mut old: serde_json::Value = serde_json::from_str(&kept).unwrap();
    old["at"] = then.to_string().into();
    fs::write(&path, old.to_string()).unwrap();
    fs::remove_file(program.path("state/countersign/groups/oncall.json.asking")).unwrap();
    let ran = shown(&program);
    assert!(ran.stdout.contains("(kim, rowan)"), "{ran:?}");
    assert_eq!(asked(&program), 2);
    fs::remove_file(program.path("state/countersign/groups/oncall.json.asking")).unwrap();
    let told = groups(&program);
    assert!(told.contains("line 1 of its answer is no name"), "{told}");
    assert!(told.contains("holds until"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_somebody_else_could_have_written_puts_nobody_on_call() {
    let program = asking();
    let action = for_on_call();
    program.waits(&action).await;
    assert_eq!(program.run(&["queue"]).status, 0);
    fs::remove_file(program.path("oncall")).unwrap();
    let file = program.path("state/countersign/groups/oncall.json");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o660)).unwrap();
    let ran = program.run(&["show", action.id.as_str()]);
    assert!(ran.stdout.contains("nobody is in that group"), "{ran:?}");
    let told = groups(&program);
    assert!(told.contains("others than us could have written it"), "{told}");
}
