//! What holds of every decision, whatever the policies say.

use super::{OTHER, OWN, ROLE, ROOT, SESSION, USER, answer};
use crate::iam::evaluate::{Decision, Outcome};
use proptest::prelude::*;
use serde_json::{Value, json};

fn one_of(all: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop::sample::select(all)
}

fn caller() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => one_of(&[USER, SESSION, ROLE]).prop_map(|arn| json!(arn)),
        1 => Just(json!(ROOT)),
        1 => Just(json!("lambda.amazonaws.com")),
        1 => Just(json!({ "type": "Anonymous" })),
        1 => Just(json!("arn:aws:sts::111122223333:federated-user/bob")),
    ]
}

fn condition() -> impl Strategy<Value = Option<Value>> {
    prop_oneof![
        3 => Just(None),
        1 => Just(Some(json!({ "Bool": { "aws:MultiFactorAuthPresent": "true" } }))),
        1 => Just(Some(json!({ "StringNotEquals": { "aws:PrincipalTag/team": "ops" } }))),
        1 => Just(Some(json!({ "ForAllValues:StringEquals": { "aws:TagKeys": ["team"] } }))),
        1 => Just(Some(json!({ "NotIpAddress": { "aws:SourceIp": "10.0.0.0/8" } }))),
    ]
}

const ACTIONS: &[&str] = &["*", "s3:*", "s3:Get*", "sts:AssumeRole", "kms:Decrypt", "ec2:*"];
const RESOURCES: &[&str] =
    &["*", "arn:aws:s3:::shop/*", "arn:aws:iam::111122223333:role/${aws:username}"];

fn statement(effect: &'static str) -> impl Strategy<Value = Value> {
    (one_of(ACTIONS), any::<bool>(), one_of(RESOURCES), condition()).prop_map(
        move |(action, is_not, resource, condition)| {
            let mut statement = json!({ "Effect": effect, "Resource": resource });
            statement[if is_not { "NotAction" } else { "Action" }] = json!(action);
            if let Some(condition) = condition {
                statement["Condition"] = condition;
            }
            statement
        },
    )
}

/// Mostly grants, so that some requests are allowed.
fn statements() -> impl Strategy<Value = Vec<Value>> {
    prop::collection::vec(prop_oneof![4 => statement("Allow"), 1 => statement("Deny")], 0..4)
}

fn principals() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!("*")),
        one_of(&[USER, SESSION, ROLE, ROOT, OWN, OTHER]).prop_map(|name| json!({ "AWS": name })),
        Just(json!({ "Service": "lambda.amazonaws.com" })),
    ]
}

fn with_principals() -> impl Strategy<Value = Vec<Value>> {
    (statements(), prop::collection::vec(principals(), 4)).prop_map(|(mut all, named)| {
        for (statement, principals) in all.iter_mut().zip(named) {
            statement["Principal"] = principals;
        }
        all
    })
}

fn policy(statements: Vec<Value>) -> Value {
    json!({ "Version": "2012-10-17", "Statement": statements })
}

fn policies() -> impl Strategy<Value = Value> {
    prop::collection::vec(statements().prop_map(policy), 0..3).prop_map(Value::from)
}

fn request() -> impl Strategy<Value = Value> {
    const ASKED: &[(&str, &str)] = &[
        ("s3:GetObject", "arn:aws:s3:::shop/1"),
        ("sts:AssumeRole", "arn:aws:iam::111122223333:role/deploy"),
        ("kms:Decrypt", "arn:aws:kms:us-east-1:111122223333:key/1"),
        ("ec2:DescribeInstances", "*"),
    ];
    let context = prop::sample::select(vec![
        json!({}),
        json!({ "aws:MultiFactorAuthPresent": "true", "aws:SourceIp": "10.1.2.3" }),
        json!({ "aws:PrincipalTag/team": "ops", "aws:username": "deploy", "aws:TagKeys": ["x"] }),
    ]);
    (
        caller(),
        prop::sample::select(ASKED),
        one_of(&[OWN, OTHER]),
        context,
        policies(),
        prop::option::of(policies()),
        prop::option::of(prop::collection::vec(policies(), 1..3)),
        prop::option::of(with_principals().prop_map(policy)),
        prop::option::of(statements().prop_map(policy)),
    )
        .prop_map(|(caller, asked, account, context, identity, boundary, scps, resource, session)| {
            json!({
                "id": 1, "principal": caller, "action": asked.0, "resource": asked.1,
                "resourceAccount": account, "context": context, "identity": identity,
                "boundary": boundary, "scps": scps, "resourcePolicy": resource, "session": session,
            })
        })
}

/// A context that is concrete leads to a decision, unless a policy asks for the name of a session
/// where the caller is a role: such a request is another one.
fn decision(request: &Value) -> Result<Decision, TestCaseError> {
    match answer(request.to_string().as_bytes(), &|_| false).outcome {
        Outcome::Decided { decision, .. } => Ok(decision),
        Outcome::Unreadable { error } if error.contains("the caller's session has the name") => {
            Err(TestCaseError::reject(error))
        }
        Outcome::Unreadable { error } => panic!("{error}: {request}"),
    }
}

/// Adds a statement to a layer that is there, or to identity.
fn add(request: &mut Value, layer: &str, statement: Value, everybody: bool) {
    let mut statement = statement;
    let target = match &mut request[layer] {
        Value::Array(policies) => {
            if policies.is_empty() {
                policies.push(policy(vec![]));
            }
            match &mut policies[0] {
                Value::Array(level) => {
                    if level.is_empty() {
                        level.push(policy(vec![]));
                    }
                    &mut level[0]
                }
                one => one,
            }
        }
        one @ Value::Object(_) => {
            if everybody {
                statement["Principal"] = json!("*");
            }
            one
        }
        _ => return,
    };
    target["Statement"].as_array_mut().unwrap().push(statement);
}

const LAYERS: &[&str] = &["identity", "boundary", "scps", "resourcePolicy", "session"];

proptest! {
    #[test]
    fn another_denial_never_allows_more(
        request in request(), layer in one_of(LAYERS), statement in statement("Deny"),
    ) {
        let mut more = request.clone();
        // No boundary at all caps nothing; one that only denies caps everything.
        prop_assume!(request[layer] != json!([]) || layer == "identity");
        add(&mut more, layer, statement, layer == "resourcePolicy");
        if decision(&more)? == Decision::Allowed {
            prop_assert_eq!(decision(&request)?, Decision::Allowed);
        }
    }

    #[test]
    fn another_grant_never_allows_less(
        request in request(), layer in one_of(LAYERS), statement in statement("Allow"),
    ) {
        prop_assume!(request[layer] != json!([]) || layer == "identity");
        let mut more = request.clone();
        add(&mut more, layer, statement, layer == "resourcePolicy");
        if decision(&request)? == Decision::Allowed {
            prop_assert_eq!(decision(&more)?, Decision::Allowed);
        }
    }

    #[test]
    fn the_order_of_policies_and_statements_does_not_matter(request in request()) {
        let mut turned = request.clone();
        turn(&mut turned["identity"]);
        turn(&mut turned["boundary"]);
        turn(&mut turned["scps"]);
        turn(&mut turned["resourcePolicy"]);
        prop_assert_eq!(decision(&turned)?, decision(&request)?);
    }
}

fn turn(value: &mut Value) {
    match value {
        Value::Array(items) => {
            items.reverse();
            items.iter_mut().for_each(turn);
        }
        Value::Object(fields) => {
            if let Some(Value::Array(statements)) = fields.get_mut("Statement") {
                statements.reverse();
            }
        }
        _ => {}
    }
}
