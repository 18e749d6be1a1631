//! KMS keys (KMS Developer Guide).

use super::{OTHER, ROLE, ROOT, SESSION, USER, allow, ask, grant};
use serde_json::{Value, json};

const KEY: &str = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

fn decrypt(fields: Value) -> String {
    let mut all = json!({ "action": "kms:Decrypt", "resource": KEY });
    all.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    ask(all)
}

/// `key-policies.html`: no principal has any permission unless the key's policy says so.
#[test]
fn identity_policies_alone_do_not_open_a_key() {
    assert_eq!(decrypt(json!({ "identity": [allow("*")] })), "ImplicitlyDenied by resource");
    assert_eq!(
        decrypt(json!({ "identity": [allow("*")], "resourcePolicy": grant(ROLE) })),
        "ImplicitlyDenied by resource"
    );
}

/// `key-policy-default.html`: naming the account lets identity policies speak.
#[test]
fn a_key_policy_that_names_the_account_delegates_to_identity_policies() {
    for account in [ROOT, "111122223333"] {
        let with = |identity: Value| {
            decrypt(json!({ "identity": identity, "resourcePolicy": grant(account) }))
        };
        assert_eq!(with(json!([allow("kms:*")])), "Allowed by identity");
        assert_eq!(with(json!([])), "ImplicitlyDenied by identity");
    }
}

/// `key-policy-overview.html`
#[test]
fn a_key_policy_that_names_the_principal_is_enough_in_its_account() {
    assert_eq!(decrypt(json!({ "resourcePolicy": grant(USER) })), "Allowed by resource");
    assert_eq!(
        decrypt(json!({ "principal": SESSION, "resourcePolicy": grant(ROLE) })),
        "Allowed by resource"
    );
    assert_eq!(
        decrypt(json!({
            "principal": SESSION, "resourcePolicy": grant(ROLE), "boundary": [allow("s3:*")],
        })),
        "ImplicitlyDenied by boundary"
    );
}

/// `key-policy-modifying-external-accounts.html`
#[test]
fn a_key_of_another_account_needs_both_sides() {
    let with = |identity: Value, resource: Value| {
        decrypt(json!({
            "resource": KEY.replace("111122223333", OTHER), "resourceAccount": OTHER,
            "identity": identity, "resourcePolicy": resource,
        }))
    };
    assert_eq!(with(json!([allow("kms:*")]), grant(ROOT)), "Allowed by identity");
    assert_eq!(with(json!([]), grant(USER)), "ImplicitlyDenied by identity");
    assert_eq!(with(json!([allow("kms:*")]), Value::Null), "ImplicitlyDenied by resource");
}

/// `key-policy-default.html`: even the root user needs the key's policy.
#[test]
fn the_root_user_needs_a_key_policy_that_names_its_account() {
    assert_eq!(decrypt(json!({ "principal": ROOT })), "ImplicitlyDenied by resource");
    assert_eq!(
        decrypt(json!({ "principal": ROOT, "resourcePolicy": grant(ROOT) })),
        "Allowed by resource"
    );
}

/// `kms-api-permissions-reference.html`: operations on no key, and the alias side of those on one
#[test]
fn what_is_about_no_key_is_for_identity_policies() {
    let alias = "arn:aws:kms:us-east-1:111122223333:alias/shop";
    for (action, resource) in
        [("kms:CreateKey", "*"), ("kms:ListKeys", "*"), ("kms:CreateAlias", alias)]
    {
        let fields = json!({
            "action": action, "resource": resource, "identity": [allow("kms:*")],
            "wildcardOnlyAction": resource == "*",
        });
        assert_eq!(decrypt(fields), "Allowed by identity", "{action}");
    }
}
