//! AWS's rules about one decision, one test each, with the page that says so
//! (`docs.aws.amazon.com/…`; IAM User Guide where none is named).

#![allow(clippy::needless_pass_by_value, reason = "requests are written where they are asked")]

mod accounts;
mod caps;
mod keys;
mod lines;
mod of_aws;
mod offline;
mod organisation;
mod properties;
mod trust;
mod whom;

use super::{Answer, Outcome, answer};
use serde_json::{Value, json};

const OWN: &str = "111122223333";
const OTHER: &str = "444455556666";
const USER: &str = "arn:aws:iam::111122223333:user/bob";
const ROLE: &str = "arn:aws:iam::111122223333:role/app";
const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/app/s1";
const ROOT: &str = "arn:aws:iam::111122223333:root";
const OBJECT: &str = "arn:aws:s3:::shop/orders/1";

/// What is answered to a request: a user of the account that wants an object of it, but for the
/// fields given. `Allowed by identity`, `ImplicitlyDenied by scp`.
fn ask(fields: Value) -> String {
    let mut request = json!({
        "id": 1, "principal": USER, "action": "s3:GetObject", "resource": OBJECT,
        "resourceAccount": OWN, "context": {},
    });
    let Value::Object(fields) = fields else { panic!("{fields}") };
    request.as_object_mut().unwrap().extend(fields);
    let Answer { outcome, .. } = answer(request.to_string().as_bytes(), &|_| false);
    match outcome {
        Outcome::Decided { decision, because } => {
            let layer = json!(because.layer);
            format!("{decision:?} by {}", layer.as_str().unwrap())
        }
        Outcome::Unreadable { error } => panic!("{error}"),
    }
}

/// A policy of these statements.
fn policy(statements: &[Value]) -> Value {
    json!({ "Version": "2012-10-17", "Statement": statements })
}

/// Allows an action on everything.
fn allow(action: &str) -> Value {
    policy(&[json!({ "Effect": "Allow", "Action": action, "Resource": "*" })])
}

/// Denies an action on everything.
fn deny(action: &str) -> Value {
    policy(&[json!({ "Effect": "Deny", "Action": action, "Resource": "*" })])
}

/// One statement about principals, for every action on everything.
fn about(effect: &str, principals: &Value) -> Value {
    json!({ "Effect": effect, "Principal": principals, "Action": "*", "Resource": "*" })
}

/// A resource's policy that grants everything to an AWS principal.
fn grant(principal: &str) -> Value {
    policy(&[about("Allow", &json!({ "AWS": principal }))])
}
