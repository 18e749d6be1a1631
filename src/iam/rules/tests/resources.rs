//! Actions and resources.

use super::{in_version, request, rule};
use crate::iam::{ArnPattern, NothingKnown, Truth, Values};

fn covers(pattern: &str, resource: &str) -> bool {
    let rule = rule(&format!(r#""Action":"*","Resource":{pattern:?}"#));
    match rule.covers_resource(resource, &Values::default()) {
        Truth::Depends => panic!("{pattern} is open"),
        decided => decided == Truth::Yes,
    }
}

#[test]
fn actions_know_no_case() {
    // reference_policies_elements_action.html
    let rule = rule(
        r#""Action":["S3:getobject*","iam:PassRole","ec2:*","sts:?etCallerIdentity"],"Resource":"*""#,
    );
    for covered in [
        "s3:GetObject",
        "s3:GetObjectAcl",
        "IAM:PASSROLE",
        "ec2:RunInstances",
        "sts:GetCallerIdentity",
    ] {
        assert!(rule.covers_action(covered), "{covered}");
    }
    for other in ["s3:GetBucketAcl", "iam:PassRoles", "ecs:RunTask", "s3", "", "s3:", ":"] {
        assert!(!rule.covers_action(other), "{other}");
    }
}

#[test]
fn stars_cover_every_action() {
    for pattern in ["*", "*:*", "**"] {
        let rule = rule(&format!(r#""Action":"{pattern}","Resource":"*""#));
        assert!(rule.covers_action("s3:GetObject"), "{pattern}");
    }
}

#[test]
fn not_action_is_everything_else() {
    // reference_policies_elements_notaction.html
    let rule = rule(r#""NotAction":["iam:*","sts:AssumeRole"],"Resource":"*""#);
    assert!(rule.covers_action("s3:GetObject"));
    assert!(rule.covers_action("sts:TagSession"));
    assert!(!rule.covers_action("iam:PassRole"));
    assert!(!rule.covers_action("STS:assumerole"));
}

// reference_policies_elements_resource.html

#[test]
fn a_star_crosses_slashes_and_stops_at_the_colons_of_its_segment() {
    assert!(covers("arn:aws:s3:::shop/*", "arn:aws:s3:::shop/a/b/c"));
    assert!(covers("arn:aws:s3:::shop/*/test/*", "arn:aws:s3:::shop/1/2/test/3"));
    assert!(covers("arn:aws:iam::*:role/x", "arn:aws:iam::111122223333:role/x"));
    assert!(!covers("arn:aws:sqs:*:queue", "arn:aws:sqs:eu-west-1:111122223333:queue"));
    assert!(!covers("arn:aws:*:role/x", "arn:aws:iam::111122223333:role/x"));
    assert!(!covers("*:queue", "arn:aws:sqs:eu-west-1:111122223333:queue"));
}

#[test]
fn the_sixth_segment_holds_all_further_colons() {
    assert!(covers(
        "arn:aws:lambda:*:*:function:foo*",
        "arn:aws:lambda:eu-west-1:1:function:foo:1"
    ));
    assert!(covers(
        "arn:aws:logs:*:*:log-group:/aws/*:*",
        "arn:aws:logs:eu-west-1:1:log-group:/aws/lambda/f:log-stream:a:b"
    ));
    assert!(covers("arn:aws:logs:*:*:*", "arn:aws:logs:eu-west-1:1:log-group:x:y"));
    assert!(!covers(
        "arn:aws:lambda:*:*:function:foo",
        "arn:aws:lambda:eu-west-1:1:function:foo:1"
    ));
}

#[test]
fn a_star_at_the_very_end_runs_on_beyond_colons() {
    assert!(covers("arn:aws:sqs:eu-west-1:*", "arn:aws:sqs:eu-west-1:111122223333:queue"));
    assert!(covers("arn:aws:s3:*", "arn:aws:s3:::shop/a"));
    assert!(covers("arn:*", "arn:aws:s3:::shop/a"));
    assert!(covers("*:*", "arn:aws:s3:::shop/a"));
    assert!(!covers("arn:aws:sqs:eu-west-1:*", "arn:aws:sqs:eu-west-2:111122223333:queue"));
}

#[test]
fn a_lone_star_is_everything_and_nothing_else_is() {
    assert!(covers("*", "*"));
    assert!(covers("*", "arn:aws:s3:::shop"));
    assert!(!covers("arn:aws:s3:::*", "*"));
    assert!(!covers("arn:*", "*"));
}

#[test]
fn resources_have_case_and_no_regular_expressions() {
    assert!(!covers("arn:aws:s3:::Shop", "arn:aws:s3:::shop"));
    assert!(!covers("arn:aws:s3:::a.b", "arn:aws:s3:::axb"));
    assert!(covers("arn:aws:s3:::a+(b)[c]{d}^$|/*", "arn:aws:s3:::a+(b)[c]{d}^$|/x"));
    assert!(covers("arn:aws:s3:::shop-?", "arn:aws:s3:::shop-1"));
    assert!(!covers("arn:aws:s3:::shop-?", "arn:aws:s3:::shop-"));
    assert!(!covers("arn:aws:s3:::shop-?", "arn:aws:s3:::shop-12"));
}

#[test]
fn a_question_mark_stays_in_its_segment() {
    assert!(!covers("arn:aws:s3?::shop", "arn:aws:s3:::shop"));
}

#[test]
fn not_resource_is_everything_else() {
    // reference_policies_elements_notresource.html
    let rule = rule(r#""Action":"*","NotResource":["arn:aws:s3:::a","arn:aws:s3:::a/*"]"#);
    let asked = |resource| rule.covers_resource(resource, &NothingKnown);
    assert_eq!(asked("arn:aws:s3:::a"), Truth::No);
    assert_eq!(asked("arn:aws:s3:::a/x"), Truth::No);
    assert_eq!(asked("arn:aws:s3:::b"), Truth::Yes);
    assert_eq!(asked("*"), Truth::Yes);
}

#[test]
fn without_resource_it_is_about_what_it_is_attached_to() {
    let rule = rule(r#""Action":"sts:AssumeRole","Principal":"*""#);
    assert_eq!(rule.covers_resource("arn:aws:iam::1:role/x", &NothingKnown), Truth::Yes);
}

#[test]
fn without_resource_and_principal_nobody_knows_what_it_is_about() {
    let rule = rule(r#""Action":"s3:*""#);
    assert_eq!(rule.covers_resource("arn:aws:s3:::a", &NothingKnown), Truth::Depends);
}

// reference_policies_variables.html

const HOME: &str = r#""Action":"*","Resource":"arn:aws:s3:::home/${aws:username}/*""#;

#[test]
fn variables_stand_in_resources() {
    let asked = |rule: super::Rule, name: &str, key: &str| {
        let resource = format!("arn:aws:s3:::home/{key}");
        rule.covers_resource(&resource, &request(&[("aws:username", name)]))
    };
    assert_eq!(asked(rule(HOME), "ann", "ann/x"), Truth::Yes);
    assert_eq!(asked(rule(HOME), "ann", "bob/x"), Truth::No);
    assert_eq!(asked(rule(HOME), "*", "bob/x"), Truth::No, "a star in a value is a star");
    assert_eq!(asked(rule(HOME), "a?n", "ann/x"), Truth::No);
    let old = || in_version("2008-10-17", HOME);
    assert_eq!(asked(old(), "ann", "ann/x"), Truth::No);
    assert_eq!(asked(old(), "ann", "${aws:username}/x"), Truth::Yes);
}

#[test]
fn a_variable_without_value_matches_no_resource() {
    let nobody = Values::default();
    assert_eq!(rule(HOME).covers_resource("arn:aws:s3:::home//x", &nobody), Truth::No);
    let both = rule(
        r#""Action":"*","Resource":["arn:aws:s3:::home/${aws:username}","arn:aws:s3:::open"]"#,
    );
    assert_eq!(both.covers_resource("arn:aws:s3:::open", &nobody), Truth::Yes);
    let default =
        rule(r#""Action":"*","Resource":"arn:aws:s3:::${aws:PrincipalTag/team, 'all'}/x""#);
    assert_eq!(default.covers_resource("arn:aws:s3:::all/x", &nobody), Truth::Yes);
}

#[test]
fn a_key_with_several_values_is_no_variable() {
    let keys = super::request_many("aws:TagKeys", &["a"]);
    let rule = rule(r#""Action":"*","Resource":"arn:aws:s3:::${aws:TagKeys}""#);
    assert_eq!(rule.covers_resource("arn:aws:s3:::a", &keys), Truth::No);
}

#[test]
fn a_variable_of_unknown_value_leaves_open_what_it_could_match() {
    let rule = rule(HOME);
    let asked = |resource| rule.covers_resource(resource, &NothingKnown);
    assert_eq!(asked("arn:aws:s3:::home/ann/x"), Truth::Depends);
    assert_eq!(asked("arn:aws:s3:::other/ann/x"), Truth::No);
}

#[test]
fn arn_patterns_compare_as_sets() {
    let pattern = ArnPattern::new;
    for (outer, inner, contains, overlaps) in [
        ("*", "arn:aws:s3:::a", true, true),
        ("arn:aws:s3:::*", "arn:aws:s3:::a/*", true, true),
        ("arn:aws:s3:::a/*", "arn:aws:s3:::*", false, true),
        ("arn:aws:iam::*:role/x", "arn:aws:iam::1:role/x", true, true),
        ("arn:aws:iam::*:role/x", "arn:aws:iam::1:role/*", false, true),
        ("arn:aws:sqs:*:q", "arn:aws:sqs:*:*:q", false, false),
        ("arn:aws:sqs:*", "arn:aws:sqs:*:*:q", true, true),
        ("arn:aws:iam::1:role/a*", "arn:aws:iam::1:role/b*", false, false),
        ("arn:aws:iam::1:role/*-a", "arn:aws:iam::1:role/b-*", false, true),
        ("arn:*:iam::*:role/*", "arn:aws:iam::*:role/x?", true, true),
    ] {
        assert_eq!(pattern(outer).contains(&pattern(inner)), contains, "{outer} ⊇ {inner}");
        assert_eq!(pattern(outer).overlaps(&pattern(inner)), overlaps, "{outer} ∩ {inner}");
        assert_eq!(pattern(inner).overlaps(&pattern(outer)), overlaps, "{inner} ∩ {outer}");
    }
}
