//! Conditions, and things that look like a way up.

use super::{answer, options, reaches, start, with_admin};
use crate::iam::{
    Truth,
    reach::audit,
    world::{
        builder::{AccountBuilder, allow, let_in},
        testing::worlds,
    },
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
    let trust = || let_in(aws(session), "sts:AssumeRole");
    let account = with_admin().trusting(trust()).role("start");
    let told = answer(&account.world(), "start");
    assert_eq!(told.reaches_admin, Truth::Depends);
    assert!(told.path[0].conditions[0].contains("session has the name"), "{:?}", told.path);
    // The name a session of IAM Identity Center has is its user's.
    let person = with_admin()
        .trusting(let_in(aws(&session.replace("start", "AWSReservedSSO_Ops_0")), "sts:AssumeRole"))
        .role_at("/aws-reserved/sso.amazonaws.com/", "AWSReservedSSO_Ops_0");
    let told = answer(&person.world(), "AWSReservedSSO_Ops_0");
    assert_eq!(told.reaches_admin, Truth::Depends);
    assert!(!told.path[0].conditions.is_empty());
    // Beside it the account is named: then any session will do.
    let both = with_admin().trusting(trust()).trusted_by_account();
    let both = both.role("start").inline(allow("sts:AssumeRole", "*"));
    assert_eq!(reaches(&both), Truth::Yes);
    // Nobody else is meant.
    let other = with_admin().trusting(trust()).role("other");
    assert_eq!(answer(&other.world(), "other").reaches_admin, Truth::No);
}

#[test]
fn what_only_the_request_tells_is_a_condition_within_the_house_too() {
    let there = |operator: &str, key: &str, value: &str| {
        let trust = let_in(aws("111122223333"), "sts:AssumeRole").when(operator, key, value);
        let boss = AccountBuilder::of("222233334444").role("boss").admin().trusting(trust);
        let here = start(AccountBuilder::new(), "sts:AssumeRole");
        answer(&worlds(&[here, boss]), "start")
    };
    for (operator, key, value) in [
        ("StringEquals", "sts:ExternalId", "secret"),
        ("StringEquals", "sts:RoleSessionName", "deploy"),
        ("StringLike", "sts:RoleSessionName", "${aws:username}"),
        ("StringEquals", "aws:PrincipalOrgID", "o-abcdefghij"),
        ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-abcdefghij/*"),
        ("StringEquals", "sts:SourceIdentity", "alice"),
    ] {
        let told = there(operator, key, value);
        assert_eq!(told.reaches_admin, Truth::Depends, "{key}");
        let said = told.path[0].conditions.join("; ");
        assert!(said.contains(key), "{key}: {said}");
    }
    // A principal's own call carries none of what a service's call does.
    let told = there("StringEquals", "aws:SourceAccount", "111122223333");
    assert_eq!(told.reaches_admin, Truth::No);
}

#[test]
fn a_service_is_let_in_for_its_own_account() {
    let of = |account: &str| {
        let service = serde_json::json!({"Service": "lambda.amazonaws.com"});
        let trust = let_in(service, "sts:AssumeRole");
        let trust = trust.when("StringEquals", "aws:SourceAccount", account);
        let all = "iam:PassRole lambda:CreateFunction lambda:InvokeFunction";
        reaches(&start(with_admin().trusting(trust), all))
    };
    assert_eq!(of("111122223333"), Truth::Yes);
    assert_eq!(of("222233334444"), Truth::No);
}

#[test]
fn an_account_that_was_loaded_is_no_stranger_at_the_door() {
    let boss = AccountBuilder::of("222233334444").role("boss").admin().trusted_by("111122223333");
    let alone = audit(&boss.world(), &options()).entry_points;
    assert_eq!(alone.len(), 1);
    assert!(alone[0].warning.is_some(), "no external id is asked for: {alone:?}");
    let together = audit(&worlds(&[AccountBuilder::new().user("start"), boss]), &options());
    assert_eq!(together.entry_points, []);
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
