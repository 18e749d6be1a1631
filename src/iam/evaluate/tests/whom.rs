//! Whom principals of a resource's policy name (`reference_policies_elements_principal.html`,
//! `reference_policies_elements_notprincipal.html`).

use super::{OTHER, ROLE, ROOT, SESSION, USER, about, allow, ask, grant, policy};
use serde_json::{Value, json};

const SERVICE: &str = "lambda.amazonaws.com";

fn named(caller: &Value, principals: &Value) -> String {
    ask(json!({ "principal": caller, "resourcePolicy": policy(&[about("Allow", principals)]) }))
}

/// "All principals": both spellings are everybody, also whoever is not signed in
#[test]
fn a_star_is_everybody() {
    for everybody in [json!("*"), json!({ "AWS": "*" }), json!({ "AWS": [USER, "*"] })] {
        for caller in [json!(SESSION), json!(SERVICE), json!({ "type": "Anonymous" })] {
            assert_eq!(named(&caller, &everybody), "Allowed by resource", "{caller} {everybody}");
        }
    }
}

/// "IAM users", "role sessions": no wildcard matches part of a name or ARN
#[test]
fn no_wildcard_matches_a_part_of_a_principal() {
    for pattern in [
        "arn:aws:iam::111122223333:*",
        "arn:aws:iam::111122223333:user/*",
        "arn:aws:iam::*:root",
        "arn:aws:sts::111122223333:assumed-role/app/*",
        "1111*",
    ] {
        for caller in [USER, SESSION] {
            let answer = named(&json!(caller), &json!({ "AWS": pattern }));
            assert_eq!(answer, "ImplicitlyDenied by identity", "{caller} {pattern}");
        }
    }
}

/// "IAM user principals": the name is case-sensitive
#[test]
fn names_are_compared_with_their_case() {
    let answer = named(&json!(USER), &json!({ "AWS": USER.replace("bob", "Bob") }));
    assert_eq!(answer, "ImplicitlyDenied by identity");
}

/// "AWS services": exactly the service, and nobody else
#[test]
fn a_service_is_named_exactly() {
    let service = |name: &str| named(&json!(SERVICE), &json!({ "Service": name }));
    assert_eq!(service(SERVICE), "Allowed by resource");
    assert_eq!(service("lambda.us-east-1.amazonaws.com"), "ImplicitlyDenied by resource");
    assert_eq!(
        named(&json!(SERVICE), &json!({ "AWS": "111122223333" })),
        "ImplicitlyDenied by resource"
    );
    assert_eq!(named(&json!(USER), &json!({ "Service": SERVICE })), "ImplicitlyDenied by identity");
}

/// Anonymous users have nothing but a star (Amazon S3 User Guide, `s3-bucket-user-policy-specifying-principal-intro.html`)
#[test]
fn a_stranger_is_only_named_by_a_star() {
    let stranger = json!({ "type": "Anonymous" });
    for principals in
        [json!({ "AWS": ROOT }), json!({ "AWS": USER }), json!({ "Service": SERVICE })]
    {
        assert_eq!(named(&stranger, &principals), "ImplicitlyDenied by resource");
    }
}

/// "IAM user principals", important: what is shown as an id was deleted
#[test]
fn an_id_names_nobody_unless_the_request_carries_it() {
    let with = |caller: &str, id: &str, context: Value| {
        ask(json!({ "principal": caller, "resourcePolicy": grant(id), "context": context }))
    };
    let (user, role) = ("AIDAEXAMPLE0000000001", "AROAEXAMPLE0000000001");
    assert_eq!(with(USER, user, json!({})), "ImplicitlyDenied by identity");
    assert_eq!(with(USER, user, json!({ "aws:userid": user })), "Allowed by resource");
    let session = json!({ "aws:userid": "AROAEXAMPLE0000000001:s1" });
    assert_eq!(with(SESSION, role, session), "Allowed by resource");
    assert_eq!(
        with(SESSION, role, json!({ "aws:userid": "AROAOTHER:s1" })),
        "ImplicitlyDenied by identity"
    );
}

/// "Specifying a principal": a resource's policy without one names nobody
#[test]
fn a_statement_without_principal_grants_nobody() {
    assert_eq!(ask(json!({ "resourcePolicy": allow("*") })), "ImplicitlyDenied by identity");
}

/// A denial to the account, or to the role, reaches everybody behind it.
#[test]
fn a_denial_to_account_or_role_reaches_users_and_sessions() {
    for (caller, denied) in
        [(USER, "111122223333"), (USER, ROOT), (SESSION, ROOT), (SESSION, ROLE), (SESSION, SESSION)]
    {
        assert_eq!(
            ask(json!({
                "principal": caller, "identity": [allow("*")],
                "resourcePolicy": policy(&[about("Deny", &json!({ "AWS": denied }))]),
            })),
            "ExplicitlyDenied by resource"
        );
    }
}

fn all_but(effect: &str, principals: &Value, fields: Value) -> String {
    let mut all = json!({
        "identity": [allow("*")],
        "resourcePolicy": policy(&[json!({
            "Effect": effect, "NotPrincipal": principals, "Action": "*", "Resource": "*",
        })]),
    });
    all.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    ask(all)
}

/// "Specifying `NotPrincipal` with `Deny`"
#[test]
fn everybody_but_those_named_is_denied() {
    let but = |principals: Value, caller: &str| {
        all_but("Deny", &json!({ "AWS": principals }), json!({ "principal": caller }))
    };
    assert_eq!(but(json!([USER, ROOT]), USER), "Allowed by identity");
    assert_eq!(but(json!([SESSION, ROLE, ROOT]), SESSION), "Allowed by identity");
    assert_eq!(but(json!([ROLE]), USER), "ExplicitlyDenied by resource");
    assert_eq!(but(json!([OTHER]), USER), "ExplicitlyDenied by resource");
    let services = json!({ "Service": SERVICE });
    assert_eq!(all_but("Deny", &services, json!({})), "ExplicitlyDenied by resource");
}

/// The same section, important: a boundary makes exceptions void
#[test]
fn whoever_has_a_boundary_is_denied_even_if_excepted() {
    let but = json!({ "AWS": [USER, ROOT] });
    assert_eq!(
        all_but("Deny", &but, json!({ "boundary": [allow("*")] })),
        "ExplicitlyDenied by resource"
    );
}

/// "`NotPrincipal` with `Allow`", in policies from before AWS refused it: everybody but those named,
/// strangers too
#[test]
fn everybody_but_those_named_is_allowed() {
    let but = |principal: &str, caller: &Value| {
        all_but(
            "Allow",
            &json!({ "AWS": principal }),
            json!({ "principal": caller, "identity": [] }),
        )
    };
    assert_eq!(but(ROLE, &json!(USER)), "Allowed by resource");
    assert_eq!(but(ROLE, &json!({ "type": "Anonymous" })), "Allowed by resource");
    assert_eq!(but(USER, &json!(USER)), "ImplicitlyDenied by identity");
}
