//! Requests and answers as lines of JSON.

use super::{OBJECT, USER, allow, ask, policy};
use crate::iam::evaluate::{Outcome, answer};
use serde_json::{Value, json};

fn line(line: &str) -> Value {
    json!(answer(line.as_bytes(), &|action| action == "s3:ListAllMyBuckets"))
}

fn error(fields: Value) -> (Value, String) {
    let mut request =
        json!({ "id": "x", "principal": USER, "action": "s3:GetObject", "resource": OBJECT });
    request.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    let said = line(&request.to_string());
    let error = said["error"].as_str().unwrap_or_else(|| panic!("{said}"));
    (said["id"].clone(), error.to_owned())
}

#[test]
fn an_answer_has_the_id_the_decision_and_what_decided() {
    let request = json!({
        "id": ["any", 1], "principal": USER, "action": "s3:GetObject", "resource": OBJECT,
        "resourceAccount": "111122223333", "context": {},
        "identity": [allow("ec2:*"), policy(&[
            json!({ "Effect": "Deny", "Action": "iam:*", "Resource": "*" }),
            json!({ "Sid": "Orders", "Effect": "Allow", "Action": "s3:*", "Resource": "*" }),
        ])],
    });
    assert_eq!(
        line(&request.to_string()),
        json!({
            "id": ["any", 1], "decision": "Allowed",
            "because": { "layer": "identity", "statement": "identity[1]: Orders" },
        })
    );
}

#[test]
fn where_the_absence_of_a_grant_decides_no_statement_is_named() {
    let request =
        json!({ "id": 1, "principal": USER, "action": "s3:GetObject", "resource": OBJECT });
    assert_eq!(
        line(&request.to_string()),
        json!({
            "id": 1, "decision": "ImplicitlyDenied",
            "because": { "layer": "identity", "statement": null },
        })
    );
}

#[test]
fn policies_may_be_text_and_lists_may_lack_their_brackets() {
    let text = allow("s3:*").to_string();
    assert_eq!(ask(json!({ "identity": [text] })), "Allowed by identity");
    assert_eq!(ask(json!({ "identity": allow("s3:*") })), "Allowed by identity");
    assert_eq!(
        ask(json!({ "identity": allow("s3:*"), "scps": [allow("ec2:*")] })),
        "ImplicitlyDenied by scp"
    );
}

#[test]
fn null_is_the_same_as_absent_and_so_is_a_boundary_of_no_policies() {
    assert_eq!(
        ask(json!({
            "identity": [allow("s3:*")], "boundary": null, "scps": null, "rcps": null,
            "resourcePolicy": null, "session": null, "wildcardOnlyAction": null,
            "managementAccount": null, "context": null, "resourceAccount": null,
        })),
        "Allowed by identity"
    );
    assert_eq!(ask(json!({ "identity": [allow("s3:*")], "boundary": [] })), "Allowed by identity");
}

#[test]
fn context_keys_that_are_absent_are_absent_also_those_aws_would_set() {
    let own = policy(&[json!({
        "Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::shop/${aws:username}",
    })]);
    let with = |context: Value| {
        ask(json!({ "identity": [own], "resource": "arn:aws:s3:::shop/bob", "context": context }))
    };
    assert_eq!(with(json!({})), "ImplicitlyDenied by identity");
    assert_eq!(with(json!({ "aws:username": "bob" })), "Allowed by identity");
    assert_eq!(with(json!({ "AWS:UserName": "bob" })), "Allowed by identity");
    assert_eq!(with(json!({ "aws:username": null })), "ImplicitlyDenied by identity");
}

#[test]
fn context_values_may_be_numbers_booleans_and_lists() {
    let when = |condition: Value, context: Value| {
        ask(json!({
            "context": context,
            "identity": [policy(&[json!({
                "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition,
            })])],
        }))
    };
    let mfa = json!({ "Bool": { "aws:MultiFactorAuthPresent": "true" } });
    assert_eq!(when(mfa, json!({ "aws:MultiFactorAuthPresent": true })), "Allowed by identity");
    let age = json!({ "NumericLessThan": { "aws:MultiFactorAuthAge": 3600 } });
    assert_eq!(when(age, json!({ "aws:MultiFactorAuthAge": 60 })), "Allowed by identity");
    let tags = json!({ "ForAnyValue:StringEquals": { "aws:TagKeys": ["team"] } });
    assert_eq!(when(tags, json!({ "aws:TagKeys": ["cost", "team"] })), "Allowed by identity");
}

#[test]
fn whether_an_action_knows_no_resource_is_looked_up_where_the_request_does_not_say() {
    let mut request = json!({
        "id": 1, "principal": USER, "action": "s3:ListAllMyBuckets", "resource": "arn:aws:s3:::shop",
        "identity": [policy(&[json!({
            "Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::shop",
        })])],
    });
    assert_eq!(line(&request.to_string())["decision"], "ImplicitlyDenied");
    request["wildcardOnlyAction"] = json!(false);
    assert_eq!(line(&request.to_string())["decision"], "Allowed");
}

#[test]
fn what_cannot_be_read_is_named_with_its_place() {
    let cases = [
        (json!({ "principal": "bob" }), "principal: `bob` names no caller"),
        (json!({ "principal": { "type": "Nobody" } }), "principal.type: `Nobody`"),
        (json!({ "principal": 7 }), "principal: expected"),
        (json!({ "action": "GetObject" }), "action: expected `service:Name`"),
        (json!({ "action": "s3:*" }), "action: expected `service:Name`"),
        (json!({ "context": [] }), "context: expected an object"),
        (json!({ "context": { "a:b": {} } }), "context.a:b: expected text"),
        (json!({ "context": { "a:b": "1", "A:B": "2" } }), "is there twice"),
        (json!({ "identity": [{}] }), "identity[0]: the document: it has no `Statement`"),
        (
            json!({ "identity": [allow("*"), { "Statement": [{ "Effect": "Perhaps" }] }] }),
            "identity[1]: Statement[0].Effect",
        ),
        (json!({ "scps": [[allow("*")], [7]] }), "scps[1][0]: the document: expected an object"),
        (json!({ "resourcePolicy": "not json" }), "resourcePolicy: not JSON"),
        (json!({ "wildcardOnlyAction": "yes" }), "expected a boolean"),
    ];
    for (fields, expected) in cases {
        let (id, error) = error(fields.clone());
        assert!(error.contains(expected), "{fields}: {error}");
        assert_eq!(id, "x", "{fields}");
    }
}

#[test]
fn without_an_id_the_answer_has_none() {
    for bad in ["", "   ", "{", "[]", "null", r#"{"action":"s3:GetObject"}"#, "{\"id\":\u{1}}"] {
        let said = line(bad);
        assert!(said["error"].is_string(), "{bad}: {said}");
        assert_eq!(said["id"], Value::Null, "{bad}: {said}");
    }
    let Outcome::Unreadable { error } = answer(b"{\"id\":\"\xff\"}", &|_| false).outcome else {
        panic!("invalid UTF-8 was read")
    };
    assert_eq!(error, "not UTF-8");
}

#[test]
fn an_operator_that_aws_does_not_know_is_no_decision() {
    let (id, error) = error(json!({ "identity": [policy(&[json!({
        "Effect": "Allow", "Action": "*", "Resource": "*",
        "Condition": { "StringMatches": { "aws:username": "bob" } },
    })])] }));
    assert_eq!(id, "x");
    assert!(error.contains("identity[0]: Statement[0].Condition.StringMatches"), "{error}");
}

#[test]
fn a_statement_of_the_caller_without_resource_is_never_widened_to_everything() {
    let bare = |effect: &str| json!({ "Effect": effect, "Action": "s3:*" });
    let (_, granted) = error(json!({ "identity": [policy(&[bare("Allow")])] }));
    assert!(granted.contains("identity[0]: Statement[0]: it has no `Resource`"), "{granted}");
    let (_, denied) = error(json!({ "identity": [allow("*"), policy(&[bare("Deny")])] }));
    assert!(denied.contains("identity[1]: Statement[0]: it has no `Resource`"), "{denied}");
    let other = policy(&[json!({ "Effect": "Allow", "Action": "ec2:*" })]);
    assert_eq!(ask(json!({ "identity": [other, allow("s3:*")] })), "Allowed by identity");
}
