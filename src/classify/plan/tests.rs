//! Small plans with what is expected of them, and inputs that are none.

use crate::{
    classify::{self, Setting, cases},
    domain::{Assessment, Class, Environment, Place, Places, Verb},
};

fn judged(plan: &str) -> Assessment {
    classify::plan(plan, &Setting::default())
}

fn with(changes: &str) -> String {
    format!(r#"{{"format_version":"1.2","planned_values":{{}},"resource_changes":[{changes}]}}"#)
}

fn change(kind: &str, actions: &str, before: &str, after: &str) -> String {
    with(&format!(
        r#"{{"address":"{kind}.x","mode":"managed","type":"{kind}","name":"x","change":{{
            "actions":[{actions}],"before":{before},"after":{after},"after_unknown":{{}}}}}}"#
    ))
}

fn said(found: &Assessment) -> Vec<String> {
    let effects = found.effects.iter().map(|effect| format!("{:?}", effect.reversible));
    effects.chain(found.opaque.iter().map(|opaque| opaque.because.to_string())).collect()
}

#[test]
fn what_is_no_plan_is_opaque_and_says_what_to_do() {
    let whole = change("aws_db_instance", r#""delete""#, "{}", "null");
    let cut = &whole[..whole.len() - 20];
    let twice = whole.replace(r#""address""#, r#""address":"a","address""#);
    let deep = format!(r#"{{"format_version":"1.0","resource_changes":{}"#, "[".repeat(50_000));
    let wrong = r#"{"format_version":"1.0","resource_changes":{"a":1}}"#;
    let cases: [(&str, &str); 14] = [
        ("", "empty"),
        ("PK\u{3}\u{4}\0\0", "terraform show -json FILE"),
        ("Terraform will perform the following actions:\n", "terraform show -json FILE"),
        ("[]", "terraform show -json FILE"),
        ("{}", "which format"),
        (r#"{"format_version":"2.0","resource_changes":[]}"#, "not known"),
        (r#"{"format_version":"x","resource_changes":[]}"#, "cannot be read"),
        (r#"{"format_version":1,"resource_changes":[]}"#, "cannot be read"),
        (r#"{"format_version":"1.0","values":{}}"#, "this is a state"),
        (r#"{"format_version":"1.0"}"#, "nothing of what would change"),
        (cut, "it ends in the middle (line 2"),
        (&twice, "(line 1, column"),
        (&deep, "(line 1, column"),
        (wrong, "(line 1, column"),
    ];
    for (plan, because) in cases {
        let found = judged(plan);
        assert_eq!(found.class(), Class::Opaque, "{plan:.80}");
        assert!(said(&found).concat().contains(because), "{plan:.80} {:?}", said(&found));
    }
    let later = r#"{"format_version":"1.99","planned_values":{}}"#;
    assert_eq!(judged(later).class(), Class::ReadOnly);
}

#[test]
fn secrets_never_come_out() {
    let canary = "hunter2canary";
    let plan = format!(
        r#"{{"format_version":"0.1","planned_values":{{}},"variables":{{"environment":{{"value":"x"}}}},
        "resource_changes":[{{"address":"a.x","type":"a","name":"x","change":{{"actions":["update"],
        "before":{{"password":"{canary}1","list":[{{"token":"{canary}2"}}],"deletion_protection":true}},
        "after":{{"password":"{canary}3","list":[{{"token":"{canary}4"}}],"deletion_protection":false}}
        }}}}],"output_changes":{{"o":{{"actions":["update"],"before":"{canary}","after":"{canary}5",
        "before_sensitive":true,"after_sensitive":false}}}}}}"#
    );
    let found = judged(&plan);
    assert_eq!(found.class(), Class::Destructive);
    assert!(!format!("{found:?}").contains(canary));
    let spans = found.effects.iter().map(|effect| effect.evidence);
    for span in spans.chain(found.opaque.iter().map(|opaque| opaque.evidence)) {
        assert!(!plan[span.start..span.end].contains(canary), "{}", &plan[span.start..span.end]);
    }
    assert!(found.effects.iter().any(|effect| effect.verb == Verb::Reveal));
}

#[test]
fn guards_that_fall_are_named() {
    let cases = [
        ("aws_db_instance", "deletion_protection", "true", "false", Class::Destructive),
        ("aws_db_instance", "deletion_protection", "true", "null", Class::Destructive),
        ("aws_db_instance", "deletion_protection", "false", "true", Class::Mutating),
        ("aws_db_instance", "backup_retention_period", "7", "0", Class::Destructive),
        ("aws_db_instance", "backup_retention_period", "7", "14", Class::Mutating),
        ("aws_s3_bucket", "force_destroy", "false", "true", Class::Destructive),
        ("aws_cloudwatch_log_group", "retention_in_days", "0", "7", Class::Destructive),
        ("aws_cloudwatch_log_group", "retention_in_days", "7", "0", Class::Mutating),
        ("aws_cloudtrail", "enable_logging", "true", "false", Class::Destructive),
        (
            "aws_s3_bucket_versioning",
            "versioning_configuration",
            r#"[{"status":"Enabled"}]"#,
            r#"[{"status":"Suspended"}]"#,
            Class::Destructive,
        ),
        ("aws_db_instance", "publicly_accessible", "false", "true", Class::Destructive),
        ("aws_instance", "tags", r#"{"a":"1"}"#, r#"{"a":"2"}"#, Class::Mutating),
    ];
    for (kind, name, was, is, class) in cases {
        let plan = change(
            kind,
            r#""update""#,
            &format!(r#"{{"{name}":{was}}}"#),
            &format!(r#"{{"{name}":{is}}}"#),
        );
        let found = judged(&plan);
        assert_eq!(found.class(), class, "{kind} {name} {was} {is}: {:?}", said(&found));
        assert!(said(&found).concat().contains(name), "{name}");
    }
}

#[test]
fn ten_megabytes_are_read_in_time() {
    let one = r#"{"address":"aws_instance.x","mode":"managed","type":"aws_instance","name":"x",
        "change":{"actions":["no-op"],"before":{"a":"b"},"after":{"a":"b"}}}"#;
    let plan = with(&vec![one; 10_000].join(","));
    assert_eq!(judged(&plan).class(), Class::ReadOnly);
    let plan = plan.replace("no-op", "delete");
    assert_eq!(judged(&plan).effects.len(), 10_000);
}

#[test]
fn the_corpus_is_judged_as_expected() {
    cases::check("plans", classify::plan);
}

#[test]
fn cut_and_changed_plans_do_no_harm() {
    for input in cases::inputs("plans") {
        cases::survive(&input, cases::plan);
    }
}

struct Staging;

impl Places for Staging {
    fn environment(&self, place: &Place<'_>) -> Environment {
        if place.name == "staging" { Environment::NonProduction } else { Environment::Production }
    }
}

#[test]
fn a_variable_may_say_where_a_plan_acts() {
    let setting = Setting { places: &Staging, ..Setting::default() };
    let plan = change("aws_vpc", r#""create""#, "null", "{}");
    for (variables, environment) in [
        (r#""environment":{"value":"staging"}"#, Environment::NonProduction),
        (r#""environment":{"value":"staging"},"stage":{"value":"live"}"#, Environment::Production),
        (r#""region":{"value":"staging"}"#, Environment::Unknown),
        (r#""environment":{"value":["staging"]}"#, Environment::Unknown),
    ] {
        let variables = format!(r#""variables":{{{variables}}},"planned_values""#);
        let plan = plan.replace(r#""planned_values""#, &variables);
        let found = classify::plan(&plan, &setting);
        assert_eq!(found.effects[0].environment, environment, "{variables}");
    }
}
