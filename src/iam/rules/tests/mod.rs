//! The rules of the policy language, one test each, with AWS's page that says so
//! (`docs.aws.amazon.com/IAM/latest/UserGuide/…`).

mod conditions;
mod fuzzing;
mod offline;
mod patterns;
mod resources;

use super::{Rule, Rules};
use crate::iam::{Policy, Truth, Values};

/// A statement of the language of 2012: its elements but `Effect`.
fn rule(elements: &str) -> Rule {
    in_version("2012-10-17", elements)
}

fn in_version(version: &str, elements: &str) -> Rule {
    let text =
        format!(r#"{{"Version":"{version}","Statement":[{{"Effect":"Allow",{elements}}}]}}"#);
    Rules::compile(&Policy::parse(&text).unwrap()).rules()[0].clone()
}

/// A statement with this `Condition`.
fn when(condition: &str) -> Rule {
    rule(&format!(r#""Action":"*","Resource":"*","Condition":{condition}"#))
}

/// A request that carries these keys, `[("key", "value")]`.
fn request(keys: &[(&str, &str)]) -> Values {
    let mut values = Values::default();
    for (key, value) in keys {
        values.set(key, *value);
    }
    values
}

/// A request with one key of several values.
fn request_many(key: &str, all: &[&str]) -> Values {
    let mut values = Values::default();
    values.set_many(key, all.iter().map(|value| (*value).into()).collect());
    values
}

fn holds(condition: &str, keys: &[(&str, &str)]) -> bool {
    match when(condition).conditions_hold(&request(keys)) {
        Truth::Depends => panic!("{condition} is open for {keys:?}"),
        decided => decided == Truth::Yes,
    }
}
