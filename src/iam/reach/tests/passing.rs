//! Passing a role: to the service it trusts, or to one that hands it on.

use super::{path, reaches, with_admin};
use crate::iam::{
    Truth,
    world::builder::{AccountBuilder, allow, let_in},
};

/// `start` may pass roles to one service only, and use these actions.
fn passing(boss: AccountBuilder, service: &str, actions: &str) -> AccountBuilder {
    let pass = allow("iam:PassRole", "*").when("StringEquals", "iam:PassedToService", service);
    boss.user("start").inline(pass.and(allow(actions, "*")))
}

#[test]
fn a_service_that_hands_a_role_on_needs_no_trust_of_it() {
    for (trusted, passed_to, actions) in [
        ("tasks.apprunner.amazonaws.com", "apprunner.amazonaws.com", "apprunner:*"),
        ("ecs-tasks.amazonaws.com", "batch.amazonaws.com", "batch:*"),
        ("lambda.amazonaws.com", "synthetics.amazonaws.com", "synthetics:*"),
        ("credentials.deadline.amazonaws.com", "deadline.amazonaws.com", "deadline:*"),
        ("credentials.iot.amazonaws.com", "iot.amazonaws.com", "iot:*"),
        ("pods.eks.amazonaws.com", "eks.amazonaws.com", "eks:*"),
    ] {
        let account =
            |trusted: &str| passing(with_admin().trusted_by_service(trusted), passed_to, actions);
        assert!(reaches(&account(trusted)).is_possible(), "{passed_to}");
        assert_eq!(reaches(&account("ec2.amazonaws.com")), Truth::No, "{passed_to}");
    }
}

#[test]
fn a_grant_for_app_runner_or_batch_is_enough() {
    let of = |trusted: &str, passed_to: &str, actions: &str| {
        path(&passing(with_admin().trusted_by_service(trusted), passed_to, actions))
    };
    let runner = "apprunner.amazonaws.com";
    assert_eq!(
        of("tasks.apprunner.amazonaws.com", runner, "apprunner:*"),
        ["apprunner-create>boss"]
    );
    let batch = "batch.amazonaws.com";
    assert_eq!(of("ecs-tasks.amazonaws.com", batch, "batch:*"), ["batch-submit>boss"]);
}

#[test]
fn an_identity_pool_takes_a_role_that_trusts_cognito() {
    let cognito = || {
        let provider = serde_json::json!({"Federated": "cognito-identity.amazonaws.com"});
        with_admin().trusting(let_in(provider, "sts:AssumeRoleWithWebIdentity"))
    };
    let actions = "cognito-identity:SetIdentityPoolRoles";
    let service = "cognito-identity.amazonaws.com";
    let old = passing(cognito(), service, actions);
    assert_eq!(path(&old), ["cognito-pool-roles>boss"]);
    let new =
        passing(cognito(), service, &format!("{actions} cognito-identity:CreateIdentityPool"));
    assert_eq!(reaches(&new), Truth::Depends);
    let other = passing(cognito(), "lambda.amazonaws.com", actions);
    assert_eq!(reaches(&other), Truth::No);
}
