//! What has to hold of every trust policy.

use super::{ACCOUNT, admissions};
use crate::iam::{
    Actions, Condition, Effect, Glob, Party, Policy, Principals, Rules, Statement, Truth,
    federation::Breadth,
};
use proptest::prelude::*;

const ISSUER: &str = "token.actions.githubusercontent.com";
const PIECES: [&str; 13] = [
    "repo:",
    "acme",
    "evil",
    "-",
    "/",
    "shop",
    "*",
    "?",
    ":",
    "@",
    "12",
    "ref:refs/heads/main",
    "pull_request",
];
const OWNERS: [&str; 5] = ["acme", "evil", "acme-evil", "acme12", "evilacme"];
const RESTS: [&str; 5] = [
    "/shop:ref:refs/heads/main",
    "/shop:pull_request",
    "@12/shop@12:ref:refs/heads/main",
    "/acme:environment:shop",
    "/evil-shop:ref:refs/heads/acme",
];

fn pattern() -> impl Strategy<Value = String> {
    let rest =
        prop::collection::vec(prop::sample::select(&PIECES[..]), 0..8).prop_map(|p| p.concat());
    let start =
        prop::sample::select(&["", "repo:", "repo:acme", "repo:acme/", "repo:acme/shop:"][..]);
    (start, rest).prop_map(|(start, rest)| format!("{start}{rest}"))
}

fn condition(operator: &str, claim: &str, value: &str) -> Condition {
    Condition {
        operator: operator.into(),
        key: format!("{ISSUER}:{claim}").into(),
        values: [value.into()].into(),
    }
}

fn statement(effect: Effect, conditions: Vec<Condition>) -> Statement {
    let provider = format!("arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER}");
    Statement {
        sid: None,
        effect,
        principals: Some(Principals::Only([Party::Federated(provider.into())].into())),
        actions: Actions::Only(["sts:AssumeRoleWithWebIdentity".into()].into()),
        resources: None,
        conditions,
    }
}

fn admitted(statements: Vec<Statement>) -> (Truth, Breadth) {
    let rules = Rules::compile(&Policy { has_variables: true, statements });
    let all = admissions(&rules, ACCOUNT);
    (all[0].admits, all[0].breadth)
}

fn any_condition() -> impl Strategy<Value = Condition> {
    let operators = [
        "StringEquals",
        "StringLike",
        "StringNotLike",
        "ForAllValues:StringLike",
        "ForAnyValue:StringEquals",
        "StringEqualsIfExists",
        "Null",
        "Nonsense",
        "ArnLike",
    ];
    let claims = ["sub", "aud", "repository_id", "repository", "ref", "job_workflow_ref", "amr"];
    (prop::sample::select(operators.to_vec()), prop::sample::select(claims.to_vec()), pattern())
        .prop_map(|(operator, claim, value)| condition(operator, claim, &value))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn a_pattern_that_two_owners_fit_is_open_to_everybody(pattern in pattern()) {
        let glob = Glob::new(&pattern);
        let fits = |owner: &&&str| RESTS.iter().any(|rest| glob.matches(&format!("repo:{owner}{rest}")));
        let owners = OWNERS.iter().filter(fits).count();
        let (_, breadth) = admitted(vec![statement(Effect::Allow, vec![condition("StringLike", "sub", &pattern)])]);
        if owners > 1 {
            prop_assert_eq!(breadth, Breadth::Public, "{}", pattern);
        }
    }

    #[test]
    fn another_condition_never_lets_in_more(
        conditions in prop::collection::vec(any_condition(), 0..4),
        more in any_condition(),
    ) {
        let before = admitted(vec![statement(Effect::Allow, conditions.clone())]);
        let mut both = conditions;
        both.push(more);
        let after = admitted(vec![statement(Effect::Allow, both)]);
        prop_assert!(after.0 <= before.0 && after.1 <= before.1, "{before:?} {after:?}");
    }

    #[test]
    fn a_deny_never_lets_in_more(
        conditions in prop::collection::vec(any_condition(), 0..3),
        denied in prop::collection::vec(any_condition(), 0..3),
    ) {
        let allow = statement(Effect::Allow, conditions);
        let before = admitted(vec![allow.clone()]);
        let after = admitted(vec![allow, statement(Effect::Deny, denied)]);
        prop_assert!(after.0 <= before.0 && after.1 <= before.1, "{before:?} {after:?}");
    }
}
