//! A table of single decisions over all of the rules: `want` is what AWS decides, `doc` the page
//! below <https://docs.aws.amazon.com/> that says so, `ask` how the request differs from Bob's
//! reading an object of his own account.

use super::builders::{ask, disagreeing};
use serde_json::{Value, json};
use std::collections::HashSet;

static TABLE: &str = include_str!("decisions.jsonl");

#[test]
fn the_table_of_decisions_comes_out_as_aws_documents_it() {
    let cases: Vec<Value> = TABLE.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let names: HashSet<&str> = cases.iter().map(|case| case["name"].as_str().unwrap()).collect();
    assert_eq!(names.len(), cases.len(), "every row has a name of its own");
    assert!(cases.iter().all(|case| case["doc"].as_str().is_some_and(|doc| doc.contains(".html"))));
    let asked: Vec<Value> = cases.iter().map(whole).collect();
    let wrong = disagreeing(&asked);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A row with its request filled up.
fn whole(row: &Value) -> Value {
    let fields = row["ask"].as_object().unwrap().iter();
    let ask = fields.fold(ask("s3:GetObject"), |ask, (field, value)| ask.set(field, value.clone()));
    json!({ "name": row["name"], "want": row["want"], "request": ask.request() })
}
