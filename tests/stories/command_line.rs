//! Everything the console does, a command does too.

use crate::support::{
    memory,
    program::{Program, snapshot_of, wait},
};
use countersign::{
    domain::{Environment, Observation, SourceKind, SourceName},
    store::Store as _,
};
use jiff::Timestamp;
use serde_json::json;
use std::{
    io::Read as _,
    net::TcpListener,
    time::{Duration, Instant},
};

/// One account: a user an AI tool holds a key of (by its tag), with everything allowed.
fn account() -> String {
    let everything = json!({
        "Version": "2012-10-17",
        "Statement": [{ "Effect": "Allow", "Action": "*", "Resource": "*" }],
    });
    let role_trust = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Service": "bedrock.amazonaws.com" },
            "Action": "sts:AssumeRole",
        }],
    });
    json!({
        "UserDetailList": [],
        "GroupDetailList": [],
        "Policies": [],
        "RoleDetailList": [{
            "Path": "/",
            "RoleName": "helper",
            "RoleId": "AROAEXAMPLE0000000001",
            "Arn": "arn:aws:iam::111122223333:role/helper",
            "CreateDate": "2025-01-01T00:00:00+00:00",
            "AssumeRolePolicyDocument": role_trust,
            "InstanceProfileList": [],
            "RolePolicyList": [{ "PolicyName": "all", "PolicyDocument": everything }],
            "AttachedManagedPolicies": [],
            "Tags": [{ "Key": "ai-tool", "Value": "claude-code" }],
        }],
        "IsTruncated": false,
    })
    .to_string()
}

fn audited() -> Program {
    let program = Program::new();
    let file = program.write("account.json", account());
    program.write("config/countersign/config.toml", snapshot_of(&file));
    program
}

fn github() -> SourceName {
    SourceName::new(SourceKind::Github, "acme")
}

/// A home whose store holds one waiting pull request; gives its id and digest too.
async fn with_waiting() -> (Program, String, String) {
    let program = Program::new();
    let action = memory::pull_request(&github(), 7, "9f3c1d2e");
    let digest = program.waits(&action).await;
    (program, action.id.to_string(), digest)
}

/// The same, with a GitHub that nobody can reach.
async fn out_of_reach() -> (Program, String, String) {
    let (program, id, digest) = with_waiting().await;
    program.write(
        "config/countersign/config.toml",
        "[[github]]\nname = \"acme\"\nrepos = [\"acme/shop\"]\nhost = \"http://127.0.0.1:9\"\n\
         token = { env = \"TOKEN\" }\n",
    );
    (program.with("TOKEN", "not-a-real-token"), id, digest)
}

#[test]
fn help_says_what_every_command_does() {
    let program = Program::new();
    insta::assert_snapshot!("help", program.run(&["--help"]).stdout);
    for command in [
        "audit",
        "queue",
        "show",
        "approve",
        "reject",
        "revoke",
        "restore",
        "activity",
        "sources",
        "watch",
        "doctor",
        "init",
        "config",
        "policy",
        "completions",
        "man",
    ] {
        let ran = program.run(&[command, "--help"]);
        assert_eq!(ran.status, 0, "{ran:?}");
        insta::assert_snapshot!(format!("help_{command}"), ran.stdout);
    }
}

#[test]
fn a_wrong_command_line_ends_with_2_and_says_what_is_wrong() {
    let program = Program::new();
    for line in [
        &["nonsense"][..],
        &["approve"],
        &["approve", "c-0123456789"],
        &["approve", "a-0123456789", "--digest", "abc"],
        &["reject", "a-0123456789"],
        &["reject", "a-0123456789", "--reason", ""],
        &["audit", "--fail-on", "terrible"],
        &["activity", "--limit", "0"],
        &["revoke", "c-0123456789", "--yes", "--dry-run"],
        &["completions", "klingon"],
    ] {
        let ran = program.run(line);
        assert_eq!(ran.status, 2, "{line:?}: {ran:?}");
        assert!(ran.stdout.is_empty(), "{line:?}: {ran:?}");
        assert!(ran.stderr.starts_with("error:"), "{line:?}: {ran:?}");
    }
}

#[test]
fn with_json_an_error_is_an_object_on_stderr_and_stdout_stays_empty() {
    let program = Program::new();
    for (line, kind, status) in [
        (&["nonsense", "--json"][..], "usage", 2),
        (&["--json", "show", "a-0123456789"], "not-found", 1),
        (&["--json", "audit"], "config", 1),
        (&["--json"], "usage", 2),
        (&["audit", "--json", "--format", "csv"], "usage", 2),
        (&["--json", "--config", "absent.toml", "queue"], "config", 1),
    ] {
        let ran = program.run(line);
        assert_eq!(ran.status, status, "{line:?}: {ran:?}");
        assert!(ran.stdout.is_empty(), "{line:?}: {ran:?}");
        let error = ran.error();
        assert_eq!(error["kind"], kind, "{line:?}: {ran:?}");
        assert!(error["message"].as_str().is_some_and(|text| !text.is_empty()), "{line:?}");
        assert!(error["next_step"].as_str().is_some_and(|text| !text.is_empty()), "{line:?}");
    }
}

#[test]
fn without_a_terminal_the_console_says_which_commands_to_use() {
    let ran = Program::new().run(&[]);
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("countersign queue"), "{ran:?}");
}

#[test]
fn an_audit_lists_ai_held_credentials_and_ends_with_3_at_the_threshold() {
    let program = audited();
    let ran = program.run(&["audit", "--fail-on", "high"]);
    assert_eq!(ran.status, 3, "{ran:?}");
    assert!(ran.stdout.contains("claude-code (declared)"), "{ran:?}");
    assert!(ran.stdout.contains("administrator-grant"), "{ran:?}");
    assert!(ran.is_harmless(), "{ran:?}");

    let calm = program.run(&["audit", "--no-poll", "--tool", "kiro", "--fail-on", "info"]);
    assert_eq!(calm.status, 0, "{calm:?}");
    assert!(calm.stdout.contains("0 AI-held credentials"), "{calm:?}");
}

#[test]
fn an_audit_in_json_names_ids_evidence_and_sources() {
    let value = audited().run(&["--json", "audit"]).json();
    assert_eq!(value["schema"], 1);
    assert_eq!(value["report"], "audit");
    assert_eq!(value["complete"], true);
    assert!(value["at"].as_str().unwrap().parse::<Timestamp>().is_ok());
    let credential = &value["credentials"][0];
    assert_eq!(credential["kind"], "role-trust");
    assert_eq!(credential["held_by"][0]["tool"], "claude-code");
    assert!(!credential["held_by"][0]["evidence"].as_array().unwrap().is_empty());
    assert_eq!(value["findings"][0]["about"], credential["id"]);
    assert!(
        value["sources"].as_array().unwrap().iter().any(|source| source["name"] == "snapshot/prod")
    );
}

#[test]
fn an_audit_is_also_csv_and_markdown() {
    let program = audited();
    let csv = program.run(&["audit", "--format", "csv"]);
    assert_eq!(csv.status, 0, "{csv:?}");
    let mut lines = csv.stdout.split("\r\n");
    assert!(lines.next().unwrap().starts_with("id,tool,kind,principal"), "{csv:?}");
    assert!(lines.next().unwrap().starts_with("c-"), "{csv:?}");
    let markdown = program.run(&["audit", "--no-poll", "--format", "markdown"]);
    assert!(markdown.stdout.contains("## Findings"), "{markdown:?}");
    let json = program.run(&["audit", "--no-poll", "--format", "json"]);
    assert_eq!(json.json()["report"], "audit");
}

#[test]
fn an_audit_that_could_not_read_a_source_is_never_clean() {
    let program = Program::new();
    program.write("config/countersign/config.toml", snapshot_of(&program.path("absent.json")));
    let ran = program.run(&["audit"]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(ran.stderr.contains("snapshot/prod"), "{ran:?}");
    assert!(ran.stderr.contains("next:"), "{ran:?}");
    let value = program.run(&["--json", "audit", "--no-poll"]).json();
    assert_eq!(value["complete"], false);
}

#[tokio::test]
async fn the_queue_and_one_action_are_shown_with_the_digest_to_approve() {
    let (program, id, digest) = with_waiting().await;
    let queue = program.run(&["queue"]);
    assert_eq!(queue.status, 0, "{queue:?}");
    assert!(queue.stdout.contains(&id) && queue.stdout.contains(&digest[7..19]), "{queue:?}");

    let shown = program.run(&["show", &id]);
    assert!(shown.stdout.contains(&digest), "{shown:?}");
    assert!(shown.stdout.contains("+9f3c1d2e"), "{shown:?}");
    let short = program.run(&["show", &id, "--no-diff"]);
    assert!(!short.stdout.contains("+9f3c1d2e"), "{short:?}");

    let value = program.run(&["--json", "queue"]).json();
    assert_eq!(value["actions"][0]["id"], id.as_str());
    assert_eq!(value["actions"][0]["digest"], digest.as_str());
}

#[tokio::test]
async fn headless_approval_has_to_name_what_was_seen() {
    let (program, id, _) = with_waiting().await;
    for input in ["", "acme/shop main\n", "y\n"] {
        let ran = program.run_with_input(&["approve", &id], input);
        assert_eq!(ran.status, 2, "{ran:?}");
        assert!(ran.stderr.contains("--digest"), "{ran:?}");
    }
    assert_eq!(program.run(&["--json", "queue"]).json()["actions"][0]["state"], "pending");
}

#[tokio::test]
async fn approving_something_else_than_what_waits_is_refused_with_77() {
    let (program, id, _) = with_waiting().await;
    let other = "0".repeat(64);
    let ran = program.run(&["--json", "approve", &id, "--digest", &other]);
    assert_eq!(ran.status, 77, "{ran:?}");
    assert_eq!(ran.error()["kind"], "changed");
}

#[tokio::test]
async fn the_first_digits_of_a_digest_name_nothing() {
    let (program, id, digest) = with_waiting().await;
    for part in [&digest[..19], &digest[..70]] {
        let ran = program.run(&["--json", "approve", &id, "--digest", part]);
        assert_eq!(ran.status, 2, "{ran:?}");
        assert!(ran.stderr.contains("64 hex digits"), "{ran:?}");
    }
}

#[tokio::test]
async fn deciding_on_what_has_ended_is_refused_with_77() {
    let (program, id, digest) = with_waiting().await;
    let store = program.store().await;
    store.end_action(&id.parse().unwrap(), "merged elsewhere", Timestamp::now()).await.unwrap();
    store.close().await;
    let ran = program.run(&["--json", "reject", &id, "--reason", "no", "--digest", &digest]);
    assert_eq!(ran.status, 77, "{ran:?}");
    assert_eq!(ran.error()["kind"], "refused");
}

#[tokio::test]
async fn a_decision_needs_its_source_on_this_host() {
    let (program, id, digest) = with_waiting().await;
    let ran = program.run(&["--json", "approve", &id, "--digest", &digest]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert_eq!(ran.error()["kind"], "config");
}

#[tokio::test]
async fn while_the_source_is_out_of_reach_an_approval_sends_nothing_and_ends_with_75() {
    let (program, id, digest) = out_of_reach().await;
    let ran = program.run(&["--json", "approve", &id, "--digest", &digest]);
    assert_eq!(ran.status, 75, "{ran:?}");
    assert_eq!(ran.error()["kind"], "pending");
    let value = program.run(&["--json", "queue"]).json();
    assert_eq!(value["actions"][0]["state"], "pending");
    assert!(value["actions"][0]["decisions"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn revoking_needs_yes_where_nobody_can_be_asked() {
    let program = Program::new();
    let source = SourceName::new(SourceKind::Aws, "prod");
    let key = memory::access_key(&source, "agent", "AKIAEXAMPLE000000001");
    let seen = Observation { credentials: vec![key.clone()], ..Observation::default() };
    program.saw(&source, SourceKind::Aws, &seen).await;
    for verb in ["revoke", "restore"] {
        let ran = program.run_with_input(&[verb, key.id.as_str()], "AKIAEXAMPLE000000001\n");
        assert_eq!(ran.status, 2, "{ran:?}");
        assert!(ran.stderr.contains("--yes") && ran.stderr.contains("--dry-run"), "{ran:?}");
        let ran = program.run(&["--json", verb, key.id.as_str(), "--yes"]);
        assert_eq!(ran.status, 1, "{ran:?}");
        assert_eq!(ran.error()["kind"], "config", "{ran:?}");
    }
    let shown = program.run(&["show", key.id.as_str()]);
    assert!(shown.stdout.contains("AKIAEXAMPLE000000001"), "{shown:?}");
}

#[test]
fn nothing_is_cut_or_coloured_in_a_pipe() {
    let ran = audited().with("COLUMNS", "20").run(&["audit"]);
    assert!(ran.stdout.contains("claude-code (declared)"), "{ran:?}");
    assert!(!ran.stdout.contains('…') && !ran.stdout.contains('\u{1b}'), "{ran:?}");
    assert!(!ran.stderr.contains('\r'), "no progress line: {ran:?}");
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let program = Program::new();
    let mut child = program.command(&["man"]).spawn().unwrap();
    let mut first = [0; 1];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let ran = wait(child);
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{ran:?}");
}

#[tokio::test]
async fn on_a_terminal_the_action_is_shown_and_only_its_targets_name_approves() {
    let (program, id, _) = out_of_reach().await;
    for (typed, status, said) in
        [("yes\r", 2, "not confirmed"), ("acme/shop main\r", 75, "nothing was sent")]
    {
        let mut session = program.on_terminal(100, 60, &["approve", &id]);
        session.wait_for("Type acme/shop main to approve");
        for shown in ["acme/shop#7", "+9f3c1d2e", "this will be sent, once", "/pulls/7/reviews"] {
            assert!(session.text().contains(shown), "{shown}: {}", session.text());
        }
        session.send(typed);
        session.wait_for(said);
        assert_eq!(session.wait_for_end().exit_code(), status, "{typed:?}");
    }
    assert_eq!(program.run(&["--json", "queue"]).json()["actions"][0]["state"], "pending");
}

#[tokio::test]
async fn what_hides_characters_is_not_approved_by_one_key_on_a_terminal_either() {
    let (program, ..) = out_of_reach().await;
    let mut action = memory::pull_request(&github(), 8, "9f3c1d2e");
    action.target.environment = Environment::NonProduction;
    action.title = "Tidy \u{202e}up".into();
    let digest = program.waits(&action).await;
    assert!(digest.starts_with("sha256:"));
    let mut session = program.on_terminal(100, 60, &["approve", &action.id.to_string()]);
    session.wait_for(&format!("Type {} to approve", action.id));
    assert!(session.text().contains("not what it seems: the title"), "{}", session.text());
    session.send("y\r");
    session.wait_for("not confirmed");
    assert_eq!(session.wait_for_end().exit_code(), 2);
}

#[test]
fn ctrl_c_stops_a_poll_with_130() {
    // A server that takes the connection and never says anything.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    silent.set_nonblocking(true).unwrap();
    let port = silent.local_addr().unwrap().port();
    let program = Program::configured(format!(
        "[[github]]\nname = \"acme\"\nrepos = [\"acme/shop\"]\n\
         host = \"http://127.0.0.1:{port}\"\ntoken = {{ env = \"TOKEN\" }}\n"
    ))
    .with("TOKEN", "not-a-real-token");
    let child = program.command(&["--json", "audit"]).spawn().unwrap();
    let until = Instant::now() + Duration::from_mins(1);
    let _held = loop {
        match silent.accept() {
            Ok(connection) => break connection,
            Err(_) => assert!(Instant::now() < until, "it never asked"),
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let ran = wait(child);
    assert_eq!(ran.status, 130, "{ran:?}");
    assert!(ran.stdout.is_empty(), "{ran:?}");
    assert_eq!(ran.error()["kind"], "interrupted");
}

#[test]
fn the_doctor_goes_on_where_something_is_broken() {
    let program = Program::configured("[store]\npath = \"/proc/nowhere/x.db\"\n");
    let ran = program.run(&["doctor"]);
    assert_eq!(ran.status, 1, "{ran:?}");
    for area in ["configuration", "store", "terminal", "clock"] {
        assert!(ran.stdout.contains(area), "{area}: {ran:?}");
    }
    assert!(ran.stdout.contains("BAD"), "{ran:?}");
    let value = program.run(&["--json", "doctor"]).json();
    assert_eq!(value["well"], false);
}

#[test]
fn the_doctor_is_content_with_a_good_set_up() {
    let ran = audited().run(&["doctor"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(ran.stdout.contains("0 broken"), "{ran:?}");
}

#[test]
fn init_writes_a_file_once_and_the_program_starts_with_it() {
    let program = Program::new();
    let ran = program.run(&["init"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(program.path("config/countersign/config.toml").exists());
    let again = program.run(&["init"]);
    assert_eq!(again.status, 1, "{again:?}");
    assert_eq!(program.run(&["config", "check"]).status, 0);
    assert_eq!(program.run(&["--json", "config", "show"]).json()["report"], "config-show");
}

#[test]
fn completions_and_manual_pages_are_complete() {
    let program = Program::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = program.run(&["completions", shell]);
        assert_eq!(ran.status, 0, "{ran:?}");
        assert!(ran.stdout.contains("fail-on"), "{shell}");
    }
    assert!(program.run(&["man"]).stdout.starts_with(".ie"), "roff");
    assert_eq!(program.run(&["man", "--dir", "pages"]).status, 0);
    assert!(program.path("pages/countersign-audit.1").exists());
}

#[test]
fn the_log_is_written_only_when_asked_for() {
    let program = audited();
    let log = program.path("state/countersign/countersign.log");
    program.run(&["audit"]);
    assert!(!log.exists());
    assert_eq!(program.run(&["-v", "queue"]).status, 0);
    assert!(log.exists());
    let wrong = Program::new().with("COUNTERSIGN_LOG", "=!=").run(&["queue"]);
    assert_eq!(wrong.status, 2, "{wrong:?}");
}
