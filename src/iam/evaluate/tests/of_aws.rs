//! What no policy decides.

use super::{OTHER, ROOT, SESSION, USER, about, allow, ask, deny, grant, policy};
use serde_json::{Value, json};

/// STS API Reference, `API_GetCallerIdentity.html`
#[test]
fn nobody_can_be_denied_to_ask_who_they_are() {
    for caller in [USER, SESSION, ROOT] {
        assert_eq!(
            ask(json!({
                "principal": caller, "action": "sts:GetCallerIdentity", "resource": "*",
                "identity": [deny("*")], "scps": [[deny("*")]],
            })),
            "Allowed by aws"
        );
    }
}

/// `id_credentials_temp_control-access_getsessiontoken.html`
#[test]
fn users_need_no_permission_for_a_session_token() {
    let with = |caller: &str, action: &str, identity: Value| {
        ask(json!({ "principal": caller, "action": action, "resource": "*", "identity": identity }))
    };
    assert_eq!(with(USER, "sts:GetSessionToken", json!([deny("*")])), "Allowed by aws");
    assert_eq!(with(SESSION, "sts:GetSessionToken", json!([])), "ImplicitlyDenied by identity");
    assert_eq!(with(USER, "sts:GetFederationToken", json!([])), "ImplicitlyDenied by identity");
    assert_eq!(with(USER, "sts:GetAccessKeyInfo", json!([])), "ImplicitlyDenied by identity");
}

/// Amazon S3 API Reference, `API_PutBucketPolicy.html`, `API_GetBucketPolicy.html`,
/// `API_DeleteBucketPolicy.html`
#[test]
fn the_owners_root_user_cannot_be_locked_out_of_a_bucket_policy() {
    let locked = policy(&[about("Deny", &json!("*"))]);
    let with = |fields: Value| {
        let mut all = json!({
            "principal": ROOT, "resource": "arn:aws:s3:::shop", "resourcePolicy": locked,
        });
        all.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        ask(all)
    };
    for action in ["s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"] {
        assert_eq!(with(json!({ "action": action })), "Allowed by aws");
        assert_eq!(
            with(json!({ "action": action, "scps": [[deny("*")]] })),
            "ExplicitlyDenied by scp"
        );
        assert_eq!(
            with(json!({ "action": action, "resourceAccount": OTHER })),
            "ExplicitlyDenied by resource"
        );
    }
    assert_eq!(with(json!({ "action": "s3:DeleteBucket" })), "ExplicitlyDenied by resource");
}

/// `reference_policies_evaluation-logic-cross-account.html`: elsewhere the root user is a guest.
#[test]
fn the_root_user_needs_the_resources_grant_in_another_account() {
    let with = |policy: Value| {
        ask(json!({ "principal": ROOT, "resourceAccount": OTHER, "resourcePolicy": policy }))
    };
    assert_eq!(with(Value::Null), "ImplicitlyDenied by resource");
    assert_eq!(with(grant(USER)), "ImplicitlyDenied by resource");
    assert_eq!(with(grant(ROOT)), "Allowed by resource");
    assert_eq!(with(grant("111122223333")), "Allowed by resource");
}

/// `id_root-user-privileged-task.html`; STS API Reference, `API_AssumeRoot.html`
#[test]
fn an_accounts_root_is_assumed_by_identity_policies_alone_and_never_by_a_root_user() {
    let with = |caller: &str, identity: Value| {
        ask(json!({
            "principal": caller, "action": "sts:AssumeRoot", "identity": identity,
            "resource": "arn:aws:iam::444455556666:root", "resourceAccount": OTHER,
        }))
    };
    assert_eq!(with(USER, json!([allow("sts:AssumeRoot")])), "Allowed by identity");
    assert_eq!(with(USER, json!([])), "ImplicitlyDenied by identity");
    assert_eq!(with(ROOT, json!([])), "ImplicitlyDenied by aws");
}

/// `id_credentials_sts-comparison.html`
#[test]
fn the_root_user_assumes_no_role() {
    assert_eq!(
        ask(json!({
            "principal": ROOT, "action": "sts:AssumeRole",
            "resource": "arn:aws:iam::111122223333:role/deploy", "resourcePolicy": grant(ROOT),
        })),
        "ImplicitlyDenied by aws"
    );
}

/// `id_roles_create-service-linked-role.html`; IAM API Reference, `UnmodifiableEntity`
#[test]
fn nobody_edits_a_service_linked_role() {
    let with = |action: &str| {
        ask(json!({
            "action": action, "identity": [allow("*")],
            "resource": "arn:aws:iam::111122223333:role/aws-service-role/support.amazonaws.com/AWSServiceRoleForSupport",
        }))
    };
    for action in ["iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:UpdateAssumeRolePolicy"] {
        assert_eq!(with(action), "ImplicitlyDenied by aws");
    }
    for action in ["iam:GetRole", "iam:DeleteServiceLinkedRole", "iam:UpdateRoleDescription"] {
        assert_eq!(with(action), "Allowed by identity");
    }
}

/// IAM Identity Center User Guide, `permissionsetsconcept.html`
#[test]
fn nobody_edits_a_role_of_identity_center() {
    let with = |action: &str, identity: Value| {
        ask(json!({
            "action": action, "identity": identity,
            "resource": "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef",
        }))
    };
    for action in ["iam:PutRolePolicy", "iam:DeleteRole", "iam:TagRole", "iam:UpdateRole"] {
        assert_eq!(with(action, json!([allow("*")])), "ImplicitlyDenied by aws");
    }
    assert_eq!(with("iam:GetRole", json!([allow("*")])), "Allowed by identity");
    assert_eq!(with("iam:DeleteRole", json!([deny("*")])), "ExplicitlyDenied by identity");
}
