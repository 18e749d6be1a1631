//! Who may assume a role (`id_roles_compare-resource-policies.html`, STS API Reference).

use super::{OTHER, ROLE, ROOT, SESSION, USER, allow, ask, deny, policy};
use serde_json::{Value, json};

const TARGET: &str = "arn:aws:iam::111122223333:role/deploy";
const GITHUB: &str = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";

fn trust(principals: &Value, action: &str) -> Value {
    policy(&[json!({ "Effect": "Allow", "Principal": principals, "Action": action })])
}

fn trusts(principal: &str) -> Value {
    trust(&json!({ "AWS": principal }), "sts:AssumeRole")
}

fn assume(fields: Value) -> String {
    let mut all = json!({ "action": "sts:AssumeRole", "resource": TARGET });
    all.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    ask(all)
}

/// `reference_policies_evaluation-logic_policy-eval-denyallow.html`: trust policies are an
/// exception, they have to allow.
#[test]
fn identity_policies_alone_do_not_assume_a_role() {
    assert_eq!(assume(json!({ "identity": [allow("*")] })), "ImplicitlyDenied by trust");
    assert_eq!(
        assume(json!({ "identity": [allow("*")], "resourcePolicy": trusts(ROLE) })),
        "ImplicitlyDenied by trust"
    );
}

/// `reference_policies_elements_principal.html`, AWS account principals
#[test]
fn trust_in_the_account_delegates_to_identity_policies() {
    for account in [ROOT, "111122223333"] {
        let with = |identity: Value| {
            assume(json!({ "identity": identity, "resourcePolicy": trusts(account) }))
        };
        assert_eq!(with(json!([allow("sts:AssumeRole")])), "Allowed by identity");
        assert_eq!(with(json!([])), "ImplicitlyDenied by identity");
        assert_eq!(with(json!([allow("*"), deny("sts:*")])), "ExplicitlyDenied by identity");
    }
}

/// `reference_policies_evaluation-logic_policy-eval-basics.html`
#[test]
fn direct_trust_needs_no_identity_policy() {
    assert_eq!(assume(json!({ "resourcePolicy": trusts(USER) })), "Allowed by trust");
    assert_eq!(
        assume(json!({ "principal": SESSION, "resourcePolicy": trusts(SESSION) })),
        "Allowed by trust"
    );
    assert_eq!(
        assume(json!({ "principal": SESSION, "resourcePolicy": trusts(ROLE) })),
        "Allowed by trust"
    );
    let everybody = trust(&json!("*"), "sts:AssumeRole");
    assert_eq!(assume(json!({ "resourcePolicy": everybody })), "Allowed by trust");
}

/// The same page: what the role is given is capped, what the user or the session is given is not.
#[test]
fn trust_in_the_role_is_capped_by_its_boundary() {
    let with = |caller: &str, trusted: &str| {
        assume(json!({
            "principal": caller, "boundary": [allow("s3:*")], "resourcePolicy": trusts(trusted),
        }))
    };
    assert_eq!(with(SESSION, ROLE), "ImplicitlyDenied by boundary");
    assert_eq!(with(SESSION, SESSION), "Allowed by trust");
    assert_eq!(with(USER, USER), "Allowed by trust");
}

/// `reference_policies_evaluation-logic-cross-account.html`
#[test]
fn a_role_of_another_account_needs_both_sides() {
    let with = |identity: Value, trust: Value| {
        assume(json!({
            "resource": TARGET.replace("111122223333", OTHER), "resourceAccount": OTHER,
            "identity": identity, "resourcePolicy": trust,
        }))
    };
    for trusted in [USER, ROOT, "*"] {
        assert_eq!(with(json!([allow("sts:*")]), trusts(trusted)), "Allowed by identity");
        assert_eq!(with(json!([]), trusts(trusted)), "ImplicitlyDenied by identity");
    }
    assert_eq!(with(json!([allow("sts:*")]), trusts(OTHER)), "ImplicitlyDenied by trust");
}

/// `reference_identifiers.html`: a session's ARN leaves out the path of its role.
#[test]
fn trust_in_a_role_with_a_path_reaches_its_sessions() {
    let trusted =
        |role: &str| assume(json!({ "principal": SESSION, "resourcePolicy": trusts(role) }));
    assert_eq!(trusted("arn:aws:iam::111122223333:role/team/shop/app"), "Allowed by trust");
    assert_eq!(trusted("arn:aws:iam::111122223333:role/app/other"), "ImplicitlyDenied by trust");
    assert_eq!(trusted("arn:aws:iam::111122223333:role/team/App"), "ImplicitlyDenied by trust");
    assert_eq!(trusted("arn:aws:iam::444455556666:role/app"), "ImplicitlyDenied by trust");
}

/// STS API Reference, `API_AssumeRoleWithWebIdentity.html`, `API_AssumeRoleWithSAML.html`: no
/// credentials, so the trust policy alone decides.
#[test]
fn federated_identities_are_let_in_by_trust_alone() {
    let saml = "arn:aws:iam::111122223333:saml-provider/corp";
    for (provider, action) in
        [(GITHUB, "sts:AssumeRoleWithWebIdentity"), (saml, "sts:AssumeRoleWithSAML")]
    {
        let with = |trusted: &str, trusted_action: &str| {
            assume(json!({
                "principal": provider, "action": action,
                "resourcePolicy": trust(&json!({ "Federated": trusted }), trusted_action),
            }))
        };
        assert_eq!(with(provider, action), "Allowed by trust");
        assert_eq!(with(&provider[..provider.len() - 1], action), "ImplicitlyDenied by trust");
        assert_eq!(with(&format!("{provider}x"), action), "ImplicitlyDenied by trust");
        assert_eq!(with(provider, "sts:AssumeRole"), "ImplicitlyDenied by trust");
        assert_eq!(with("*", action), "ImplicitlyDenied by trust");
    }
}

/// `id_roles_providers_create_oidc.html`: `StringEquals` never expands a star, `StringLike` does.
#[test]
fn claims_are_compared_as_the_trust_policy_says() {
    let subject = "token.actions.githubusercontent.com:sub";
    let with = |operator: &str, wanted: &str, context: Value| {
        assume(json!({
            "principal": GITHUB, "action": "sts:AssumeRoleWithWebIdentity", "context": context,
            "resourcePolicy": policy(&[json!({
                "Effect": "Allow", "Principal": { "Federated": GITHUB },
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": { operator: { subject: wanted } },
            })]),
        }))
    };
    let main = json!({ subject: "repo:acme/shop:ref:refs/heads/main" });
    assert_eq!(with("StringLike", "repo:acme/shop:*", main.clone()), "Allowed by trust");
    assert_eq!(with("StringEquals", "repo:acme/shop:*", main.clone()), "ImplicitlyDenied by trust");
    assert_eq!(with("StringLike", "repo:acme/shop:*", json!({})), "ImplicitlyDenied by trust");
    assert_eq!(with("ForAllValues:StringLike", "repo:acme/shop:*", json!({})), "Allowed by trust");
    let evil = json!({ subject: "repo:acme-evil/x:ref:refs/heads/main" });
    assert_eq!(with("StringLike", "repo:acme*", evil.clone()), "Allowed by trust");
    assert_eq!(with("StringLike", "repo:acme/*", evil), "ImplicitlyDenied by trust");
}

/// `reference_policies_elements_principal.html`, AWS service principals
#[test]
fn services_are_let_in_by_trust_alone() {
    let with = |service: &str| {
        assume(json!({
            "principal": "lambda.amazonaws.com",
            "resourcePolicy": trust(&json!({ "Service": service }), "sts:AssumeRole"),
        }))
    };
    assert_eq!(with("lambda.amazonaws.com"), "Allowed by trust");
    assert_eq!(with("ec2.amazonaws.com"), "ImplicitlyDenied by trust");
    assert_eq!(with("*"), "ImplicitlyDenied by trust");
}

/// `id_session-tags.html`: the trust policy has to allow `sts:TagSession` too; and
/// `id_credentials_temp_control-access_monitor.html` for `sts:SetSourceIdentity`.
#[test]
fn tags_and_source_identity_are_for_the_trust_policy() {
    for action in ["sts:TagSession", "sts:SetSourceIdentity"] {
        let with = |trust: Value| assume(json!({ "action": action, "resourcePolicy": trust }));
        assert_eq!(with(trusts(USER)), "ImplicitlyDenied by trust");
        assert_eq!(with(trust(&json!({ "AWS": USER }), action)), "Allowed by trust");
    }
}
