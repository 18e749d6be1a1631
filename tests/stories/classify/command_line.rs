//! `countersign classify`: what people and scripts get to see.

use crate::support::program::{Program, Ran};
use serde_json::{Value, json};

fn classified(arguments: &[&str]) -> Ran {
    Program::new().run(&[&["classify"], arguments].concat())
}

#[test]
fn the_deciding_part_is_quoted_and_underlined() {
    let ran = classified(&["aws s3 ls && kubectl --context shop-prod delete ns payments"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn what_cannot_be_read_is_said_with_its_reason() {
    let ran = classified(&["curl -fsSL https://example.com/install.sh | sh"]);
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn of_several_lines_the_right_one_is_quoted() {
    let ran = classified(&[
        "ls -l\npsql \"$DATABASE_URL\" <<'SQL'\nBEGIN;\nDROP TABLE orders;\nCOMMIT;\nSQL",
    ]);
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn json_has_class_effects_and_their_places() {
    let ran = classified(&[
        "--json",
        "aws --profile prod rds delete-db-instance --db-instance-identifier orders",
    ]);
    let found = ran.json();
    assert_eq!(found["report"], "classify");
    assert_eq!(found["class"], "destructive");
    let effect = &found["effects"][0];
    assert_eq!(effect["verb"], "delete");
    assert_eq!(effect["service"], "aws:rds");
    assert_eq!(effect["environment"], "production");
    assert_eq!(effect["reversible"], false);
    let command = found["command"].as_str().unwrap();
    let at = |name: &str| usize::try_from(effect["evidence"][name].as_u64().unwrap()).unwrap();
    assert_eq!(&command[at("start")..at("end")], effect["evidence"]["text"]);
}

#[test]
fn a_question_a_line_is_answered_in_order_and_a_bad_line_does_not_stop_it() {
    let input = [
        r#"{"id":1,"command":"ls -la"}"#,
        "not json",
        "",
        r#"{"id":"x"}"#,
        r#"{"command":"mcp:postgres/query {\"sql\":\"DROP TABLE orders\"}"}"#,
        r#"{"id":[2],"command":"","more":true}"#,
    ];
    let ran = Program::new().run_with_input(&["classify", "--jsonl"], &input.join("\n"));
    assert_eq!(ran.status, 0, "{ran:?}");
    let lines: Vec<Value> = ran.stdout.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(lines.len(), 5, "{ran:?}");
    assert_eq!((&lines[0]["id"], &lines[0]["class"]), (&json!(1), &json!("read-only")));
    assert!(lines[1]["error"].is_string() && lines[1]["line"] == 2, "{ran:?}");
    assert!(lines[2]["error"].as_str().unwrap().contains("command") && lines[2]["id"] == "x");
    assert_eq!((&lines[3]["id"], &lines[3]["class"]), (&Value::Null, &json!("destructive")));
    assert_eq!((&lines[4]["id"], &lines[4]["class"]), (&json!([2]), &json!("read-only")));
    for answer in [&lines[0], &lines[3], &lines[4]] {
        assert!(answer["effects"].is_array() && answer["opaque"].is_array(), "{answer}");
    }
}

#[test]
fn the_exit_status_tells_when_asked_to() {
    for (command, fail_on, status) in [
        ("ls", "mutating", 0),
        ("docker restart api", "mutating", 3),
        ("docker restart api", "opaque", 0),
        ("./deploy.sh", "opaque", 3),
        ("./deploy.sh", "destructive", 0),
        ("rm -rf /srv/data", "destructive", 3),
    ] {
        let ran = classified(&["--fail-on", fail_on, command]);
        assert_eq!(ran.status, status, "{command} {fail_on}: {ran:?}");
    }
    let bad = Program::new()
        .run_with_input(&["classify", "--jsonl", "--fail-on", "opaque"], "not json\n");
    assert_eq!(bad.status, 3, "{bad:?}");
}

#[test]
fn files_beside_the_command_are_read_only_where_that_is_allowed() {
    let program = Program::new();
    program.write("work/package.json", r#"{"scripts":{"db:push":"prisma migrate reset --force"}}"#);
    program.write("work/wipe.sh", "#!/bin/sh\nrm -rf /srv/data\n");
    program.write("work/look.sh", "ls -l\n");
    let class = |arguments: &[&str]| {
        program.run(&[&["classify", "--json"], arguments].concat()).json()["class"].clone()
    };
    assert_eq!(class(&["npm run db:push"]), "opaque");
    assert_eq!(class(&["--cwd", "work", "npm run db:push"]), "destructive");
    assert_eq!(class(&["bash wipe.sh"]), "opaque");
    assert_eq!(class(&["--cwd", "work", "bash wipe.sh"]), "destructive");
    assert_eq!(class(&["--cwd", "work", "bash look.sh"]), "read-only");
    assert_eq!(class(&["--cwd", "work", "bash ../config/x.sh"]), "opaque");
    // Elsewhere `look.sh` is another file.
    for away in ["ssh db1 bash look.sh", "sudo -i bash look.sh", "env -C /srv bash look.sh"] {
        assert_eq!(class(&["--cwd", "work", away]), "opaque", "{away}");
    }
    assert_eq!(class(&["--cwd", "work", "sudo nice -n 5 bash look.sh"]), "read-only");
    let ran = program.run(&["classify", "--cwd", "nowhere", "ls"]);
    assert_eq!(ran.status, 2, "{ran:?}");
    assert!(ran.stderr.contains("--cwd nowhere"), "{ran:?}");
}

#[test]
fn where_it_acts_comes_from_the_configuration_and_from_env() {
    let program = Program::configured(
        "[production]\nprofiles = [\"*-prod\"]\nhosts = [\"*.prod.example.com\"]\nenvironments = [\"prod*\"]\n",
    );
    let place = |arguments: &[&str]| {
        program.run(&[&["classify", "--json"], arguments].concat()).json()["effects"][0]["environment"].clone()
    };
    assert_eq!(
        place(&["aws --profile shop-prod ec2 stop-instances --instance-ids i-1"]),
        "production"
    );
    assert_eq!(
        place(&["aws --profile shop-dev ec2 stop-instances --instance-ids i-1"]),
        "non-production"
    );
    assert_eq!(
        place(&["AWS_PROFILE=shop-dev aws ec2 stop-instances --instance-ids i-1"]),
        "non-production"
    );
    assert_eq!(place(&["aws ec2 stop-instances --instance-ids i-1"]), "unknown");
    assert_eq!(
        place(&["--env", "staging", "aws ec2 stop-instances --instance-ids i-1"]),
        "non-production"
    );
    assert_eq!(place(&["--env", "production", "touch x"]), "production");
    assert_eq!(place(&["ssh db1.prod.example.com 'systemctl restart nginx'"]), "production");
}

#[test]
fn plan_diff_manifest_and_sql_are_read_from_files_and_from_standard_input() {
    let program = Program::new();
    let plan = json!({ "format_version": "1.2", "resource_changes": [{
        "address": "aws_db_instance.main", "type": "aws_db_instance", "mode": "managed", "name": "main",
        "change": { "actions": ["delete", "create"], "before": {}, "after": {}, "after_unknown": {} },
    }]});
    program.write("plan.json", plan.to_string());
    program.write("change.diff", "diff --git a/db/1.sql b/db/1.sql\nnew file mode 100644\n--- /dev/null\n+++ b/db/1.sql\n@@ -0,0 +1 @@\n+DROP TABLE orders;\n");
    program.write("job.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n");
    let class = |arguments: &[&str]| {
        program.run(&[&["classify", "--json"], arguments].concat()).json()["class"].clone()
    };
    assert_eq!(class(&["--plan", "plan.json"]), "destructive");
    assert_eq!(class(&["--diff", "change.diff"]), "destructive");
    assert_eq!(class(&["--manifest", "job.yaml"]), "mutating");
    assert_eq!(class(&["--sql", "SELECT 1"]), "read-only");
    assert_eq!(class(&["--sql", "DELETE FROM a"]), "destructive");
    let piped = program.run_with_input(&["classify", "--json", "--plan", "-"], &plan.to_string());
    assert_eq!(piped.json()["class"], "destructive");
    let command = program.run_with_input(&["classify", "--json", "-"], "git status");
    assert_eq!(command.json()["class"], "read-only");
}

#[test]
fn bad_input_is_told_with_its_place_and_the_next_step() {
    let program = Program::new();
    program.write("binary", [0_u8, 159, 146, 150]);
    for (arguments, says) in [
        (["--plan", "none.json"], "none.json"),
        (["--plan", "binary"], "terraform show -json"),
        (["--diff", "."], "cannot read ."),
    ] {
        let ran = program.run(&[&["classify"], arguments.as_slice()].concat());
        assert_eq!(ran.status, 1, "{ran:?}");
        assert!(ran.stderr.contains(says) && ran.stderr.contains("next:"), "{ran:?}");
    }
    // What is no plan is opaque, never harmless.
    program.write("text.json", "Terraform will perform the following actions:");
    let ran = program.run(&["classify", "--json", "--plan", "text.json"]);
    assert_eq!(ran.json()["class"], "opaque", "{ran:?}");
    assert_eq!(classified(&[]).status, 2);
    assert_eq!(classified(&["ls", "--plan", "x"]).status, 2);
}

#[test]
fn nothing_in_a_command_acts_on_the_terminal() {
    let hostile = "rm -rf /srv/\u{1b}[2J\u{202e}data\r\u{7}";
    let ran = classified(&[hostile]);
    assert!(ran.is_harmless(), "{ran:?}");
    assert!(classified(&["--json", hostile]).is_harmless());
}

#[test]
fn a_secret_in_a_diff_is_never_repeated() {
    let program = Program::new();
    let token = ["gh", "p_0a1b2c3d4e5f6g7h8i9j0a1b2c3d4e5f6g7h"].concat();
    let diff = format!("diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+token: {token}\n");
    program.write("x.diff", diff);
    let ran = program.run(&["classify", "--diff", "x.diff"]);
    assert!(ran.stdout.contains("destructive") && !ran.stdout.contains(&token), "{ran:?}");
    let ran = program.run(&["classify", "--json", "--diff", "x.diff"]);
    assert!(!ran.stdout.contains(&token), "{ran:?}");
}
