//! Three values: what depends on the caller is told with its condition.

use crate::iam::{
    NothingKnown, Policy, Rules, Truth,
    evaluate::{Caller, Layers, Named, Request, Ruling, decide},
};

const USER: &str = "arn:aws:iam::111122223333:user/bob";

fn rules(statements: &str) -> Rules {
    let text = format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#);
    Rules::compile(&Policy::parse(&text).unwrap())
}

fn named(rules: &Rules) -> Named<'_> {
    Named { name: "p", rules }
}

fn ask<'a>(layers: &Layers<'a>) -> Ruling<'a> {
    let caller = Caller::parse(USER).unwrap();
    let request = Request {
        caller: &caller,
        action: "s3:GetObject",
        resource: "arn:aws:s3:::shop/1",
        resource_account: Some("111122223333"),
        is_wildcard_only: false,
    };
    decide(&request, layers, &NothingKnown)
}

const ALLOW: &str = r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#;
const IF_MFA: &str = r#"{"Sid":"Mfa","Effect":"Allow","Action":"*","Resource":"*",
    "Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}"#;
const NOT_FROM: &str = r#"{"Sid":"Net","Effect":"Deny","Action":"*","Resource":"*",
    "Condition":{"NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}"#;

#[test]
fn an_open_condition_of_a_grant_is_told() {
    let mfa = rules(IF_MFA);
    let ruling = ask(&Layers { identity: vec![named(&mfa)], ..Layers::default() });
    assert_eq!(ruling.allowed, Truth::Depends);
    assert_eq!(ruling.because.statement.unwrap().to_string(), "p: Mfa");
    assert_eq!(ruling.conditions.len(), 1);
    assert!(ruling.conditions[0].contains("aws:MultiFactorAuthPresent"), "{ruling:?}");
}

#[test]
fn an_open_condition_of_a_denial_is_told_as_what_must_not_hold() {
    let (all, net) = (rules(ALLOW), rules(NOT_FROM));
    let ruling = ask(&Layers { identity: vec![named(&all), named(&net)], ..Layers::default() });
    assert_eq!(ruling.allowed, Truth::Depends);
    assert_eq!(ruling.conditions.len(), 1);
    assert!(ruling.conditions[0].starts_with("not ("), "{ruling:?}");
    assert!(ruling.conditions[0].contains("aws:SourceIp"), "{ruling:?}");
    assert!(ruling.conditions[0].ends_with("p: Net denies it"), "{ruling:?}");
}

#[test]
fn a_grant_without_condition_beside_an_open_one_is_a_yes() {
    let (all, mfa) = (rules(ALLOW), rules(IF_MFA));
    let ruling = ask(&Layers { identity: vec![named(&mfa), named(&all)], ..Layers::default() });
    assert_eq!(ruling.allowed, Truth::Yes);
    assert!(ruling.conditions.is_empty());
}

#[test]
fn an_open_denial_does_not_turn_nothing_into_something() {
    let net = rules(NOT_FROM);
    let ruling = ask(&Layers { identity: vec![named(&net)], ..Layers::default() });
    assert_eq!(ruling.allowed, Truth::No);
}

#[test]
fn a_resource_that_only_the_caller_knows_is_told() {
    let home =
        rules(r#"{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::shop/${aws:userid}"}"#);
    let ruling = ask(&Layers { identity: vec![named(&home)], ..Layers::default() });
    assert_eq!(ruling.allowed, Truth::Depends);
    assert!(ruling.conditions[0].contains("arn:aws:s3:::shop/1"), "{ruling:?}");
}

/// AWS may leave a policy that only serves as a boundary out of the file.
#[test]
fn a_boundary_that_is_not_known_leaves_everything_open() {
    let all = rules(ALLOW);
    let ruling = ask(&Layers {
        identity: vec![named(&all)],
        has_unknown_boundary: true,
        ..Layers::default()
    });
    assert_eq!(ruling.allowed, Truth::Depends);
    assert!(ruling.conditions[0].contains("boundary"), "{ruling:?}");
    let nothing = ask(&Layers { has_unknown_boundary: true, ..Layers::default() });
    assert_eq!(nothing.allowed, Truth::No);
}

#[test]
fn every_open_layer_is_told() {
    let (mfa, all, net) = (rules(IF_MFA), rules(ALLOW), rules(NOT_FROM));
    let ruling = ask(&Layers {
        identity: vec![named(&mfa)],
        boundary: Some(vec![named(&mfa)]),
        scps: Some(vec![vec![named(&all), named(&net)]]),
        ..Layers::default()
    });
    assert_eq!(ruling.allowed, Truth::Depends);
    assert!(ruling.conditions.iter().any(|c| c.contains("SourceIp")), "{ruling:?}");
    assert!(ruling.conditions.iter().any(|c| c.contains("MultiFactorAuthPresent")), "{ruling:?}");
}
