//! What a boundary and a session policy cap in the caller's own account
//! (`reference_policies_evaluation-logic_policy-eval-basics.html`, `access_policies_boundaries.html`).

use super::{ROLE, ROOT, SESSION, USER, about, allow, ask, grant, policy};
use serde_json::{Value, json};

const FEDERATED: &str = "arn:aws:sts::111122223333:federated-user/bob";

/// With a boundary and, for whoever can have one, a session policy that do not grant.
fn capped(caller: &str, granted: &str) -> [String; 2] {
    let with = |field: &str, cap: Value| {
        let mut fields = json!({ "principal": caller, "resourcePolicy": grant(granted) });
        fields[field] = cap;
        ask(fields)
    };
    [with("boundary", json!([allow("ec2:*")])), with("session", allow("ec2:*"))]
}

/// The table "Resource-based policies and implicit denies in other policy types": IAM user
#[test]
fn a_grant_to_the_user_is_not_capped() {
    assert_eq!(capped(USER, USER)[0], "Allowed by resource");
}

/// The same table: IAM role
#[test]
fn a_grant_to_the_role_is_capped() {
    assert_eq!(
        capped(SESSION, ROLE),
        ["ImplicitlyDenied by boundary", "ImplicitlyDenied by session"]
    );
    assert_eq!(capped(ROLE, ROLE), ["ImplicitlyDenied by boundary", "ImplicitlyDenied by session"]);
    assert_eq!(
        ask(json!({ "principal": SESSION, "resourcePolicy": grant(ROLE) })),
        "Allowed by resource"
    );
}

/// The same table: IAM role session
#[test]
fn a_grant_to_the_session_is_not_capped() {
    assert_eq!(capped(SESSION, SESSION), ["Allowed by resource", "Allowed by resource"]);
}

/// `reference_policies_elements_principal.html`, IAM role principals: a star, narrowed by
/// `aws:PrincipalArn` or not
#[test]
fn a_grant_to_everybody_is_not_capped() {
    for caller in [USER, SESSION, ROLE] {
        assert_eq!(capped(caller, "*"), ["Allowed by resource", "Allowed by resource"], "{caller}");
    }
    let mut statement = about("Allow", &json!("*"));
    statement["Condition"] = json!({ "ArnEquals": { "aws:PrincipalArn": ROLE } });
    let fields = |context: Value| {
        json!({
            "principal": SESSION, "boundary": [allow("ec2:*")], "context": context,
            "resourcePolicy": policy(&[statement.clone()]),
        })
    };
    assert_eq!(ask(fields(json!({ "aws:PrincipalArn": ROLE }))), "Allowed by resource");
    assert_eq!(ask(fields(json!({}))), "ImplicitlyDenied by identity");
}

/// `access_policies_boundaries.html`, identity-based policies with boundaries
#[test]
fn a_boundary_limits_identity_policies_and_grants_nothing() {
    let ask_with = |identity: Value, boundary: Value| {
        ask(json!({ "identity": [identity], "boundary": [boundary] }))
    };
    assert_eq!(ask_with(allow("*"), allow("s3:*")), "Allowed by identity");
    assert_eq!(ask_with(allow("*"), allow("ec2:*")), "ImplicitlyDenied by boundary");
    assert_eq!(ask_with(allow("ec2:*"), allow("*")), "ImplicitlyDenied by identity");
}

/// `access_policies.html`, session policies: the intersection
#[test]
fn a_session_policy_limits_identity_policies_and_grants_nothing() {
    let ask_with = |identity: Value, session: Value| {
        ask(json!({ "principal": SESSION, "identity": [identity], "session": session }))
    };
    assert_eq!(ask_with(allow("*"), allow("s3:*")), "Allowed by identity");
    assert_eq!(ask_with(allow("*"), allow("ec2:*")), "ImplicitlyDenied by session");
    assert_eq!(ask_with(allow("ec2:*"), allow("*")), "ImplicitlyDenied by identity");
}

/// STS API Reference, `API_AssumeRole.html`, `PolicyArns`: several session policies together grant
/// what any of them grants.
#[test]
fn of_several_session_policies_one_is_enough() {
    assert_eq!(
        ask(json!({
            "principal": SESSION, "identity": [allow("*")],
            "session": [allow("ec2:*"), allow("s3:*")],
        })),
        "Allowed by identity"
    );
}

/// The same table: IAM federated user sessions
#[test]
fn a_grant_to_a_federated_user_session_is_not_capped_and_one_to_its_user_is() {
    assert_eq!(capped(FEDERATED, FEDERATED), ["Allowed by resource", "Allowed by resource"]);
    assert_eq!(capped(FEDERATED, USER)[1], "ImplicitlyDenied by session");
    assert_eq!(
        ask(json!({
            "principal": FEDERATED, "session": allow("s3:*"), "resourcePolicy": grant(USER),
        })),
        "Allowed by resource"
    );
}

/// `id_credentials_temp_control-access_getfederationtoken.html`
#[test]
fn a_federated_user_without_session_policy_has_no_permissions_of_its_own() {
    let fields = |session: Value| json!({ "principal": FEDERATED, "identity": [allow("*")], "session": session });
    assert_eq!(ask(fields(Value::Null)), "ImplicitlyDenied by session");
    assert_eq!(ask(fields(allow("s3:*"))), "Allowed by identity");
    assert_eq!(
        ask(json!({ "principal": FEDERATED, "resourcePolicy": grant(FEDERATED) })),
        "Allowed by resource"
    );
}

/// `reference_policies_evaluation-logic_policy-eval-denyallow.html`: the root user has full access,
/// and no boundary.
#[test]
fn the_root_user_of_the_account_needs_no_grant() {
    assert_eq!(ask(json!({ "principal": ROOT })), "Allowed by aws");
    assert_eq!(
        ask(json!({ "principal": ROOT, "resourcePolicy": policy(&[about("Deny", &json!("*"))]) })),
        "ExplicitlyDenied by resource"
    );
}
