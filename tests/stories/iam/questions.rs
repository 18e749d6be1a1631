//! `countersign iam can`, `who-can`, `path` and `explain`

use super::accounts::{ACCOUNT, allow, climbing, file, user};
use crate::support::program::{Program, snapshot_of};
use serde_json::json;

fn asked(arguments: &[&str]) -> crate::support::program::Ran {
    let program = Program::new();
    let path = program.write("account.json", climbing()).display().to_string();
    let mut all = vec!["iam"];
    all.extend(arguments);
    all.extend(["--from", &path]);
    program.run(&all)
}

#[test]
fn a_single_decision_names_the_layer_and_the_statement() {
    let bucket = "arn:aws:s3:::shop-orders";
    let ran = asked(&["can", "cleaner", "s3:deletebucket", bucket, "--json"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    let answer = ran.json();
    assert_eq!(answer["principal"], format!("arn:aws:iam::{ACCOUNT}:user/cleaner"));
    assert_eq!(answer["action"], "s3:DeleteBucket");
    assert_eq!(answer["allowed"], "yes");
    assert_eq!(answer["decision"], "Allowed");
    assert_eq!(answer["because"]["layer"], "identity");
    assert_eq!(answer["because"]["statement"], "own: Given");
    let no = asked(&["can", "cleaner", "s3:DeleteBucket", "arn:aws:s3:::other"]);
    assert!(no.stdout.starts_with("answer   no: nothing allows it"), "{no:?}");
}

#[test]
fn a_condition_is_told_in_words_and_is_neither_yes_nor_no() {
    let mut document = allow(&json!("s3:DeleteBucket"), &json!("*"));
    document["Statement"][0]["Condition"] =
        json!({ "Bool": { "aws:MultiFactorAuthPresent": "true" } });
    let program = Program::new();
    let text = file(&[user(ACCOUNT, "careful", &document)], &[]);
    let path = program.write("account.json", text).display().to_string();
    let question = ["iam", "can", "careful", "s3:DeleteBucket", "arn:aws:s3:::b", "--from", &path];
    let told = program.run(&question);
    assert!(told.stdout.contains("depends"), "{told:?}");
    assert!(told.stdout.contains("aws:MultiFactorAuthPresent"), "{told:?}");
    let fails = |on| program.run(&[&question[..], &["--fail-on", on]].concat()).status;
    assert_eq!((fails("allowed"), fails("conditional")), (0, 3));
}

#[test]
fn who_can_lists_everybody_and_takes_a_pattern() {
    let who = asked(&["who-can", "s3:DeleteBucket", "arn:aws:s3:::shop-orders", "--json"]).json();
    let arns: Vec<&str> = who["principals"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["principal"].as_str().unwrap().rsplit('/').next().unwrap())
        .collect();
    assert_eq!(arns, ["cleaner", "chief"]);
    let pattern = asked(&["who-can", "s3:DeleteBucket*", "arn:aws:s3:::shop-orders"]);
    assert!(pattern.stdout.contains("s3:DeleteBucketPolicy"), "{pattern:?}");
    let nobody = asked(&["who-can", "s3:Nothing*", "*"]);
    assert_eq!(nobody.status, 1, "{nobody:?}");
}

#[test]
fn a_slip_in_an_action_is_an_error_that_knows_better() {
    let ran = asked(&["can", "cleaner", "s3:DeleteBuckt", "*"]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(ran.stderr.contains("did you mean s3:DeleteBucket?"), "{ran:?}");
    let bare = asked(&["can", "cleaner", "DeleteBucket", "*"]);
    assert_eq!(bare.status, 2, "{bare:?}");
    let what = asked(&["can", "cleaner", "s3:DeleteBucket", "shop-a"]);
    assert_eq!(what.status, 2, "{what:?}");
    assert!(what.stderr.contains("arn:aws:s3:::"), "{what:?}");
    let who = asked(&["can", "nobody-here", "s3:DeleteBucket", "*"]);
    assert_eq!(who.status, 1, "{who:?}");
    assert!(who.stderr.contains("nobody-here"), "{who:?}");
}

#[test]
fn a_path_is_drawn_step_by_step() {
    let ran = asked(&["path", "deployer"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    for word in ["deployer", "▶ worker", "▶ chief", "iam:PassRole"] {
        assert!(ran.stdout.contains(word), "{word}: {ran:?}");
    }
    let json = asked(&["path", "deployer", "chief", "--json"]).json();
    assert_eq!(json["paths"][0].as_array().unwrap().len(), 2, "{json}");
    let none = asked(&["path", "reader", "admin", "--fail-on-path"]);
    assert_eq!(none.status, 0, "{none:?}");
    assert!(none.stdout.contains("there is no path"), "{none:?}");
    let there = asked(&["path", "chief", "admin"]);
    assert_eq!(there.stdout.trim(), "it is there already", "{there:?}");
    assert_eq!(asked(&["path", "deployer", "--fail-on-path"]).status, 3);
    assert!(ran.stdout.contains("by own: Statement[1]"), "why is told: {ran:?}");
}

#[test]
fn an_explanation_names_the_statements_layer_by_layer() {
    let ran = asked(&["explain", "cleaner", "s3:DeleteBucket", "arn:aws:s3:::shop-orders"]);
    assert!(ran.stdout.contains("its own policies"), "{ran:?}");
    assert!(ran.stdout.contains("own: Given"), "{ran:?}");
    let any = asked(&["explain", "cleaner", "s3:DeleteBucket"]);
    assert!(any.stdout.contains("arn:aws:s3:::shop-*"), "{any:?}");
    let role = asked(&["explain", "chief"]);
    assert!(role.stdout.contains("who of these accounts may assume it"), "{role:?}");
    assert!(role.stdout.contains("role/worker"), "{role:?}");
}

#[test]
fn without_files_the_configured_snapshots_are_asked() {
    let program = Program::new();
    let file = program.write("account.json", climbing());
    program.write("config/countersign/config.toml", snapshot_of(&file));
    let question = ["iam", "can", "cleaner", "s3:DeleteBucket", "arn:aws:s3:::shop-a", "--json"];
    assert_eq!(program.run(&question).json()["allowed"], "yes");
    let other = program.run(&[&question[..], &["--source", "elsewhere"]].concat());
    assert_eq!(other.status, 1, "{other:?}");
    assert!(Program::new().run(&question).stderr.contains("--from FILE"));
}

#[test]
fn a_question_of_a_damaged_file_tells_what_is_lost_and_fails() {
    let program = Program::new();
    let whole = climbing();
    let cut = &whole[..whole.find("user/reader").unwrap()];
    let path = program.write("cut.json", cut).display().to_string();
    let bucket = "arn:aws:s3:::shop-a";
    for question in [
        &["can", "cleaner", "s3:DeleteBucket", bucket][..],
        &["who-can", "s3:DeleteBucket", bucket],
        &["path", "deployer"],
        &["explain", "cleaner"],
        &["explain", "cleaner", "s3:DeleteBucket"],
        &["explain", "cleaner", "s3:DeleteBucket", bucket],
    ] {
        let all = [&["iam"], question, &["--from", &path]].concat();
        let told = program.run(&all);
        assert_eq!(told.status, 1, "{told:?}");
        assert!(!told.stdout.is_empty(), "what is known is told all the same: {told:?}");
        assert!(told.stderr.contains("warning: ") && told.stderr.contains("cut.json"), "{told:?}");
        assert!(told.stderr.contains("next: export again"), "{told:?}");
        let json = program.run(&[&all[..], &["--json"]].concat());
        assert_eq!(json.status, 1, "{json:?}");
        assert!(!json.json()["problems"].as_array().unwrap().is_empty(), "{json:?}");
    }
}

#[test]
fn somebody_who_may_be_in_the_lost_part_is_not_said_to_be_nowhere() {
    let program = Program::new();
    let whole = climbing();
    let path = program.write("cut.json", &whole[..whole.find("user/reader").unwrap()]);
    let path = path.display().to_string();
    let ran = program.run(&["iam", "can", "reader", "s3:GetObject", "*", "--from", &path]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(ran.stderr.contains("as far as they could be read"), "{ran:?}");
    assert!(ran.stderr.contains("cut.json"), "{ran:?}");
}

#[test]
fn only_what_bears_on_a_single_decision_is_told_beside_it() {
    let unknown = |name: &str, policy: &str| {
        let mut it = user(ACCOUNT, name, &allow(&json!("s3:GetObject"), &json!("*")));
        let arn = format!("arn:aws:iam::{ACCOUNT}:policy/{policy}");
        it["AttachedManagedPolicies"] = json!([{ "PolicyName": policy, "PolicyArn": arn }]);
        it
    };
    let program = Program::new();
    let text = file(&[unknown("ada", "of-ada"), unknown("bob", "of-bob")], &[]);
    let path = program.write("account.json", text).display().to_string();
    let question = ["iam", "can", "ada", "s3:GetObject", "arn:aws:s3:::b/k", "--from", &path];
    let told = program.run(&question);
    assert_eq!(told.status, 0, "nothing is damaged: {told:?}");
    assert!(told.stderr.contains("policy/of-ada: no file has its content"), "{told:?}");
    assert!(!told.stderr.contains("of-bob"), "{told:?}");
    let other = ["iam", "can", "ada", "s3:DeleteBucket", "arn:aws:s3:::b", "--from", &path];
    let other = program.run(&other);
    assert!(other.stdout.contains("its own policies, not all of which could be read"), "{other:?}");
    let everybody = ["iam", "who-can", "s3:GetObject", "arn:aws:s3:::b/k", "--from", &path];
    assert!(program.run(&everybody).stderr.contains("of-bob"));
}

#[test]
fn what_the_configuration_names_beside_its_accounts_counts_and_the_command_may_name_another() {
    let program = Program::new();
    let file = program.write("account.json", climbing());
    let everything = json!({ "Statement": { "Effect": "Allow", "Action": "*", "Resource": "*" } });
    let no_s3 = json!({ "Statement": { "Effect": "Deny", "Action": "s3:*", "Resource": "*" } });
    let levels = |policies: serde_json::Value| json!({ "accounts": { ACCOUNT: [policies] } });
    let scps = program.write("scps.json", levels(json!([everything, no_s3])).to_string());
    let open = program.write("open.json", levels(json!([everything])).to_string());
    let named = format!("{}scps = {:?}\n", snapshot_of(&file), scps.display());
    program.write("config/countersign/config.toml", named);
    let question = ["iam", "can", "cleaner", "s3:DeleteBucket", "arn:aws:s3:::shop-a", "--json"];
    let answer = program.run(&question).json();
    assert_eq!(answer["allowed"], "no", "{answer}");
    assert_eq!(answer["because"]["layer"], "scp", "{answer}");
    let open = open.display().to_string();
    let other = program.run(&[&question[..], &["--scps", &open]].concat()).json();
    assert_eq!(other["allowed"], "yes", "{other}");
    program.write("scps.json", "[]");
    let broken = program.run(&question);
    assert_eq!((broken.status, broken.stdout.as_str()), (1, ""), "{broken:?}");
    assert!(broken.stderr.contains("scps.json"), "{broken:?}");
}
