//! Who has to grant: within an account and across (`reference_policies_evaluation-logic.html`,
//! `reference_policies_evaluation-logic-cross-account.html`).

use super::{OTHER, ROLE, ROOT, SESSION, USER, about, allow, ask, deny, grant, policy};
use serde_json::json;

/// `reference_policies_evaluation-logic_policy-eval-denyallow.html`
#[test]
fn nothing_grants_nothing() {
    assert_eq!(ask(json!({})), "ImplicitlyDenied by identity");
    assert_eq!(ask(json!({ "identity": [allow("ec2:*")] })), "ImplicitlyDenied by identity");
}

/// `reference_policies_evaluation-logic.html`, identity-based with resource-based policies
#[test]
fn in_one_account_either_side_is_enough() {
    assert_eq!(ask(json!({ "identity": [allow("s3:*")] })), "Allowed by identity");
    assert_eq!(ask(json!({ "resourcePolicy": grant(USER) })), "Allowed by resource");
    assert_eq!(
        ask(json!({ "identity": [allow("s3:*")], "resourcePolicy": grant(ROLE) })),
        "Allowed by identity"
    );
}

/// `reference_policies_evaluation-logic-cross-account.html`
#[test]
fn across_accounts_both_sides_have_to_grant() {
    let (identity, resource) = (json!([allow("s3:*")]), grant(USER));
    assert_eq!(
        ask(json!({ "resourceAccount": OTHER, "identity": identity, "resourcePolicy": resource })),
        "Allowed by identity"
    );
    assert_eq!(
        ask(json!({ "resourceAccount": OTHER, "identity": identity })),
        "ImplicitlyDenied by resource"
    );
    assert_eq!(
        ask(json!({ "resourceAccount": OTHER, "resourcePolicy": resource })),
        "ImplicitlyDenied by identity"
    );
}

/// The same page: the trusted account's own policies have to grant even what is open to everyone
/// or to the session itself.
#[test]
fn across_accounts_nobody_is_named_so_directly_that_identity_does_not_matter() {
    for principal in [USER, SESSION, ROLE, "*", ROOT, "111122223333"] {
        for caller in [USER, SESSION] {
            let answer = ask(json!({
                "principal": caller, "resourceAccount": OTHER, "resourcePolicy": grant(principal),
            }));
            assert!(answer.starts_with("ImplicitlyDenied"), "{caller} {principal}: {answer}");
        }
    }
    assert_eq!(
        ask(json!({
            "resourceAccount": OTHER, "identity": [allow("*")], "resourcePolicy": grant("*"),
        })),
        "Allowed by identity"
    );
}

/// The same page: what limits the caller limits it in other accounts too.
#[test]
fn across_accounts_boundary_session_and_scps_of_the_caller_always_cap() {
    for (cap, layer) in [
        (json!({ "boundary": [allow("ec2:*")] }), "boundary"),
        (json!({ "session": allow("ec2:*") }), "session"),
        (json!({ "scps": [[allow("ec2:*")]] }), "scp"),
    ] {
        let mut fields = json!({
            "principal": SESSION, "resourceAccount": OTHER, "identity": [allow("*")],
            "resourcePolicy": grant(SESSION),
        });
        fields.as_object_mut().unwrap().extend(cap.as_object().unwrap().clone());
        assert_eq!(ask(fields), format!("ImplicitlyDenied by {layer}"));
    }
}

/// `reference_policies_elements_principal.html`, AWS account principals
#[test]
fn an_account_named_as_principal_only_delegates() {
    for account in ["111122223333", ROOT] {
        assert_eq!(
            ask(json!({ "resourcePolicy": grant(account) })),
            "ImplicitlyDenied by identity"
        );
        assert_eq!(
            ask(json!({ "identity": [allow("*")], "resourcePolicy": grant(account) })),
            "Allowed by identity"
        );
    }
}

/// `reference_policies_evaluation-logic_policy-eval-denyallow.html`, deny evaluation
#[test]
fn a_deny_in_any_layer_wins_and_the_first_layer_in_the_order_of_aws_is_told() {
    let everything = json!({
        "principal": SESSION,
        "identity": [allow("*"), deny("s3:*")],
        "boundary": [allow("*"), deny("s3:*")],
        "session": policy(&[json!({ "Effect": "Deny", "Action": "*", "Resource": "*" })]),
        "scps": [[allow("*")], [deny("s3:*")]],
        "rcps": [[policy(&[about("Deny", &json!("*"))])]],
        "resourcePolicy": policy(&[about("Allow", &json!("*")), about("Deny", &json!("*"))]),
    });
    let mut fields = everything.as_object().unwrap().clone();
    for (field, layer) in [
        ("rcps", "rcp"),
        ("scps", "scp"),
        ("resourcePolicy", "resource"),
        ("identity", "identity"),
        ("boundary", "boundary"),
        ("session", "session"),
    ] {
        assert_eq!(ask(json!(fields)), format!("ExplicitlyDenied by {layer}"));
        fields.remove(field);
    }
    assert_eq!(ask(json!(fields)), "ImplicitlyDenied by identity");
}

/// `reference_policies_evaluation-logic.html`: a deny counts across all policies of a layer.
#[test]
fn a_deny_in_one_policy_takes_away_what_another_grants() {
    let not = policy(&[json!({
        "Effect": "Deny", "NotAction": ["s3:GetObject"], "Resource": "*",
    })]);
    assert_eq!(ask(json!({ "identity": [allow("*"), not] })), "Allowed by identity");
    assert_eq!(
        ask(json!({ "identity": [allow("*"), not], "action": "s3:PutObject" })),
        "ExplicitlyDenied by identity"
    );
}

/// `reference_policies_elements_resource.html`
#[test]
fn an_action_without_resources_is_only_spoken_of_by_a_star() {
    let on = |resource: &str| {
        policy(&[json!({ "Effect": "Allow", "Action": "s3:*", "Resource": resource })])
    };
    let list = |resource: &str, identity: serde_json::Value| {
        ask(json!({
            "action": "s3:ListAllMyBuckets", "resource": resource, "identity": [identity],
            "wildcardOnlyAction": true,
        }))
    };
    assert_eq!(list("*", on("*")), "Allowed by identity");
    assert_eq!(list("*", on("arn:aws:s3:::*")), "ImplicitlyDenied by identity");
    assert_eq!(list("arn:aws:s3:::shop", on("arn:aws:s3:::shop")), "ImplicitlyDenied by identity");
}
