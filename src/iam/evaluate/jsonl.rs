//! Requests and answers as lines of JSON, for `countersign iam simulate --jsonl`.
//!
//! ```text
//!   {"id","principal","action","resource","resourceAccount","context", layers …}
//!        │ read                                        ┌─▶ {"id","decision","because"}
//!        └──────▶ Line ──▶ Request + Layers ──decide───┤
//!                                                      └─▶ {"id","error"}
//! ```
//!
//! A request is concrete: a context key it does not carry is absent, also those AWS would set by
//! itself (`aws:PrincipalArn`, `aws:username`, `aws:PrincipalAccount`), so whoever writes the
//! request says everything that conditions are to see. Fields that are not known are passed over.

use super::{Caller, Decision, Layer, Layers, Named, Request, decide};
use crate::iam::{Document, PolicyKind, Rules, Truth, Values};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::HashSet;

/// Problems of policies told in one answer; further ones are counted.
const MOST_PROBLEMS: usize = 5;

/// The answer to one line.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// As the request has it; null if it has none, or cannot be read at all.
    pub id: Value,
    /// The decision, or why there is none.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// A decision, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Outcome {
    /// As AWS would decide.
    Decided {
        /// The decision.
        decision: Decision,
        /// What it rests on.
        because: Reason,
    },
    /// The line cannot be read.
    Unreadable {
        /// Where, and what is wrong.
        error: String,
    },
}

/// What a decision rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// The layer.
    pub layer: Layer,
    /// `identity[0]: Sid`; null where no statement decided.
    pub statement: Option<String>,
}

/// One request, as it is written.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    #[serde(default)]
    id: Value,
    principal: Principal,
    action: String,
    resource: String,
    resource_account: Option<String>,
    context: Option<Value>,
    identity: Option<Many<Document>>,
    boundary: Option<Many<Document>>,
    scps: Option<Vec<Many<Document>>>,
    rcps: Option<Vec<Many<Document>>>,
    resource_policy: Option<Document>,
    session: Option<Many<Document>>,
    wildcard_only_action: Option<bool>,
    management_account: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "principal: expected a text, or {\"type\":\"Anonymous\"}")]
enum Principal {
    Named(String),
    Typed { r#type: String },
}

/// A list, or a single one without its brackets.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected a list of policies")]
enum Many<T> {
    List(Vec<T>),
    One(T),
}

impl<T> Many<T> {
    fn items(&self) -> &[T] {
        match self {
            Self::List(items) => items,
            Self::One(item) => std::slice::from_ref(item),
        }
    }
}

#[derive(Deserialize)]
struct OnlyId {
    #[serde(default)]
    id: Value,
}

/// Answers one line. `is_wildcard_only` says of an action whether it knows no resource but `*`; it
/// is asked where the request does not say.
pub fn answer(line: &[u8], is_wildcard_only: &dyn Fn(&str) -> bool) -> Answer {
    let unreadable =
        |id: Value, error: String| Answer { id, outcome: Outcome::Unreadable { error } };
    let Ok(text) = std::str::from_utf8(line) else {
        return unreadable(Value::Null, "not UTF-8".to_owned());
    };
    if text.trim().is_empty() {
        return unreadable(Value::Null, "an empty line is no request".to_owned());
    }
    match serde_json::from_str::<Line>(text) {
        Ok(read) => match read.decided(is_wildcard_only) {
            Ok(outcome) => Answer { id: read.id, outcome },
            Err(error) => unreadable(read.id, error),
        },
        Err(error) => {
            let id = serde_json::from_str(text).map_or(Value::Null, |OnlyId { id }| id);
            unreadable(id, format!("not a request: {error}"))
        }
    }
}

impl Line {
    fn decided(&self, is_wildcard_only: &dyn Fn(&str) -> bool) -> Result<Outcome, String> {
        let caller = match &self.principal {
            Principal::Named(name) => Caller::parse(name).map_err(|e| format!("principal: {e}"))?,
            Principal::Typed { r#type } if r#type == "Anonymous" => Caller::Anonymous,
            Principal::Typed { r#type } => {
                return Err(format!("principal.type: `{type}` is not known, only `Anonymous` is"));
            }
        };
        let is_action = |action: &str| {
            action.split_once(':').is_some_and(|(service, name)| {
                !service.is_empty() && !name.is_empty() && !action.contains(['*', '?', ' '])
            })
        };
        if !is_action(&self.action) {
            return Err("action: expected `service:Name` without wildcards".to_owned());
        }
        let compiled = Compiled::of(self)?;
        let request = Request {
            caller: &caller,
            action: &self.action,
            resource: &self.resource,
            resource_account: self.resource_account.as_deref(),
            is_wildcard_only: self
                .wildcard_only_action
                .unwrap_or_else(|| is_wildcard_only(&self.action)),
        };
        let mut layers = compiled.layers();
        layers.management_account = self.management_account.as_deref();
        let ruling = decide(&request, &layers, &values(self.context.as_ref())?);
        if ruling.allowed == Truth::Depends {
            return Err(self.open(&ruling.conditions));
        }
        let statement = ruling.because.statement.map(|cited| cited.to_string());
        let because = Reason { layer: ruling.because.layer, statement };
        Ok(Outcome::Decided { decision: ruling.decision, because })
    }
}

impl Line {
    /// Why a request that leaves nothing open has no decision: a policy it hangs on says something
    /// that AWS would not take.
    fn open(&self, conditions: &[String]) -> String {
        let mut said = Vec::new();
        let mut look = |document: &Document, kind: PolicyKind, name: String| {
            for problem in document.policy().iter().flat_map(|policy| policy.problems(kind)) {
                said.push(format!("{name}: {}: {}", problem.place, problem.what));
            }
        };
        let layers = [
            (&self.identity, "identity"),
            (&self.boundary, "boundary"),
            (&self.session, "session"),
        ];
        for (policies, field) in layers {
            for (at, document) in policies.iter().flat_map(Many::items).enumerate() {
                look(document, PolicyKind::Identity, format!("{field}[{at}]"));
            }
        }
        let levels = [
            (&self.scps, PolicyKind::Identity, "scps"),
            (&self.rcps, PolicyKind::Resource, "rcps"),
        ];
        for (levels, kind, field) in levels {
            for (level, policies) in levels.iter().flatten().enumerate() {
                for (at, document) in policies.items().iter().enumerate() {
                    look(document, kind, format!("{field}[{level}][{at}]"));
                }
            }
        }
        if let Some(document) = &self.resource_policy {
            look(document, PolicyKind::Resource, "resourcePolicy".to_owned());
        }
        let further = said.len().saturating_sub(MOST_PROBLEMS);
        said.truncate(MOST_PROBLEMS);
        if further > 0 {
            said.push(format!("and {further} more"));
        }
        let why = if said.is_empty() { conditions.join("; ") } else { said.join("; ") };
        format!("no decision, because what a policy says cannot be understood: {why}")
    }
}

/// The context. Lists are multi-valued keys.
fn values(context: Option<&Value>) -> Result<Values, String> {
    let mut values = Values::default();
    let entries = match context {
        None | Some(Value::Null) => return Ok(values),
        Some(Value::Object(entries)) => entries,
        Some(_) => return Err("context: expected an object".to_owned()),
    };
    let mut seen = HashSet::new();
    for (key, value) in entries {
        if !seen.insert(key.to_ascii_lowercase()) {
            return Err(format!("context: `{key}` is there twice (keys know no case)"));
        }
        match value {
            Value::Null => {}
            Value::Array(items) => {
                let all: Result<Vec<Box<str>>, String> =
                    items.iter().map(|item| single(key, item)).collect();
                values.set_many(key, all?.into());
            }
            one => values.set(key, single(key, one)?),
        }
    }
    Ok(values)
}

/// Numbers and booleans count as the text that policies compare with.
fn single(key: &str, value: &Value) -> Result<Box<str>, String> {
    match value {
        Value::String(text) => Ok(text.as_str().into()),
        Value::Number(number) => Ok(number.to_string().into()),
        Value::Bool(value) => Ok(value.to_string().into()),
        _ => Err(format!("context.{key}: expected text, or a list of texts")),
    }
}

/// A policy with the name it is told by: its place in the request.
type Place = (String, Rules);

/// Every policy of a request, compiled.
struct Compiled {
    identity: Vec<Place>,
    boundary: Option<Vec<Place>>,
    scps: Option<Vec<Vec<Place>>>,
    rcps: Option<Vec<Vec<Place>>>,
    resource: Option<Place>,
    session: Option<Vec<Place>>,
}

impl Compiled {
    fn of(line: &Line) -> Result<Self, String> {
        let levels = |levels: &Option<Vec<Many<Document>>>, field: &str| {
            let Some(levels) = levels else { return Ok(None) };
            let all = levels.iter().enumerate();
            all.map(|(at, level)| compile_all(level, &format!("{field}[{at}]")))
                .collect::<Result<Vec<_>, String>>()
                .map(Some)
        };
        let many = |policies: &Option<Many<Document>>, field: &str| {
            policies.as_ref().map(|policies| compile_all(policies, field)).transpose()
        };
        Ok(Self {
            identity: many(&line.identity, "identity")?.unwrap_or_default(),
            // A list without policies: there is no boundary.
            boundary: many(&line.boundary, "boundary")?.filter(|all| !all.is_empty()),
            scps: levels(&line.scps, "scps")?,
            rcps: levels(&line.rcps, "rcps")?,
            resource: line
                .resource_policy
                .as_ref()
                .map(|document| compile(document, "resourcePolicy".to_owned()))
                .transpose()?,
            session: many(&line.session, "session")?.filter(|all| !all.is_empty()),
        })
    }

    fn layers(&self) -> Layers<'_> {
        fn all(places: &[Place]) -> Vec<Named<'_>> {
            places.iter().map(|(name, rules)| Named { name, rules }).collect()
        }
        fn levels(levels: &[Vec<Place>]) -> Vec<Vec<Named<'_>>> {
            levels.iter().map(|level| all(level)).collect()
        }
        Layers {
            identity: all(&self.identity),
            boundary: self.boundary.as_deref().map(all),
            has_unknown_boundary: false,
            unread: Vec::new(),
            scps: self.scps.as_deref().map(levels),
            rcps: self.rcps.as_deref().map(levels),
            resource: self.resource.as_ref().map(|(name, rules)| Named { name, rules }),
            session: self.session.as_deref().map(all),
            management_account: None,
        }
    }
}

fn compile_all(policies: &Many<Document>, field: &str) -> Result<Vec<Place>, String> {
    let all = policies.items().iter().enumerate();
    all.map(|(at, document)| compile(document, format!("{field}[{at}]"))).collect()
}

fn compile(document: &Document, name: String) -> Result<Place, String> {
    match document {
        Document::Read(policy) => Ok((name, Rules::compile(policy))),
        Document::Unreadable(why) => Err(format!("{name}: {why}")),
    }
}
