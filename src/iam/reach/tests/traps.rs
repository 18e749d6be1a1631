//! Conditions, and things that look like a way up.

use super::{answer, reaches, start, with_admin};
use crate::iam::{
    Truth,
    world::builder::{AccountBuilder, allow, let_in},
};

const ACCOUNT: &str = "arn:aws:iam::111122223333:root";

fn aws(who: &str) -> serde_json::Value {
    serde_json::json!({"AWS": who})
}

#[test]
fn a_policy_of_aws_cannot_be_rewritten() {
    let account = AccountBuilder::new()
        .user("start")
        .inline(allow("iam:CreatePolicyVersion", "arn:aws:iam::aws:policy/*"))
        .attach_aws("PowerUserAccess");
    assert_eq!(reaches(&account), Truth::No);
}

#[test]
fn a_time_that_is_over_never_comes() {
    let until = |operator: &str| {
        let own = allow("iam:PutUserPolicy", "*");
        let own = own.when(operator, "aws:TokenIssueTime", "2020-01-01T00:00:01Z");
        reaches(&AccountBuilder::new().user("start").inline(own))
    };
    assert_eq!(until("DateLessThan"), Truth::No);
    assert_eq!(until("DateGreaterThan"), Truth::Depends, "with a session it holds");
}

#[test]
fn a_trust_on_a_condition_is_conditional_and_says_which() {
    for (operator, key, value) in [
        ("Bool", "aws:MultiFactorAuthPresent", "true"),
        ("StringEquals", "sts:ExternalId", "secret"),
        ("IpAddress", "aws:SourceIp", "203.0.113.0/24"),
    ] {
        let trust = let_in(aws(ACCOUNT), "sts:AssumeRole").when(operator, key, value);
        let account = start(with_admin().trusting(trust), "sts:AssumeRole");
        let told = answer(&account.world(), "start");
        assert_eq!(told.reaches_admin, Truth::Depends, "{key}");
        let said = told.path[0].conditions.join("; ");
        assert!(said.contains(key), "{key}: {said}");
    }
}

#[test]
fn a_trust_for_other_callers_is_decided_by_who_asks() {
    let trust = |pattern: &str| {
        let trust = let_in(aws(ACCOUNT), "sts:AssumeRole");
        let trust = trust.when("ArnLike", "aws:PrincipalArn", pattern);
        reaches(&start(with_admin().trusting(trust), "sts:AssumeRole"))
    };
    assert_eq!(trust("arn:aws:iam::*:user/start"), Truth::Yes);
    assert_eq!(trust("arn:aws:iam::*:role/*"), Truth::No);
}

#[test]
fn a_role_may_be_passed_to_one_service_only() {
    let passing = |service: &str| {
        let pass = allow("iam:PassRole", "*").when("StringEquals", "iam:PassedToService", service);
        let run = allow("lambda:CreateFunction lambda:InvokeFunction ec2:RunInstances", "*");
        let account = with_admin().trusted_by_service("lambda.amazonaws.com");
        reaches(&account.user("start").inline(pass.and(run)))
    };
    assert_eq!(passing("lambda.amazonaws.com"), Truth::Yes);
    assert_eq!(passing("ec2.amazonaws.com"), Truth::No);
}

#[test]
fn only_a_harmless_policy_may_be_attached() {
    let attach = |arn: &str| {
        let own = allow("iam:AttachUserPolicy", "*").when("ArnEquals", "iam:PolicyARN", arn);
        reaches(&AccountBuilder::new().user("start").inline(own))
    };
    assert_eq!(attach("arn:aws:iam::aws:policy/ReadOnlyAccess"), Truth::No);
    assert_eq!(attach("arn:aws:iam::aws:policy/AdministratorAccess"), Truth::Yes);
}

#[test]
fn ones_own_name_in_a_resource_is_ones_own() {
    let own = allow("iam:CreateAccessKey", "arn:aws:iam::*:user/${aws:username}");
    let account = AccountBuilder::new().user("boss").admin().user("start").inline(own);
    assert_eq!(reaches(&account), Truth::No, "a key for oneself gives nothing");
}

#[test]
fn tags_of_the_target_are_known() {
    let tagged = |team: &str| {
        let own = allow("iam:CreateAccessKey", "*");
        let own = own.when("StringEquals", "iam:ResourceTag/team", "ops");
        reaches(
            &AccountBuilder::new().user("boss").admin().tag("team", team).user("start").inline(own),
        )
    };
    assert_eq!(tagged("ops"), Truth::Yes);
    assert_eq!(tagged("sales"), Truth::No);
}

#[test]
fn a_session_name_in_a_trust_policy_is_a_condition() {
    let session = "arn:aws:sts::111122223333:assumed-role/start/deploy";
    let account = with_admin().trusting(let_in(aws(session), "sts:AssumeRole")).role("start");
    assert_eq!(reaches(&account), Truth::Depends);
}

#[test]
fn who_makes_only_somebody_else_stronger_needs_that_one() {
    let account = AccountBuilder::new().user("other").role("start");
    let account = account.inline(allow("iam:PutUserPolicy", "*"));
    let told = answer(&account.world(), "start");
    assert_eq!(told.reaches_admin, Truth::Depends);
    assert!(told.path[0].conditions[0].contains("user/other"), "{:?}", told.path);
}

#[test]
fn a_deleted_principal_is_nobody() {
    let account = with_admin().trusted_by("AROAEXAMPLEEXAMPLEEXA").user("start");
    assert_eq!(reaches(&account), Truth::No);
}
