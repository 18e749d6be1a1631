//! Reading a policy document: strictly, and with the place of whatever is wrong.

use super::{
    json::Node,
    policy::{Actions, Condition, Effect, Party, Policy, Principals, Resources, Statement},
};
use serde::{Deserialize, Deserializer};
use std::sync::Arc;

/// A policy document as found in an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Document {
    /// Understood. Shared, because the same document is often there many times.
    Read(Arc<Policy>),
    /// Not understood; what it grants or forbids is unknown.
    Unreadable(DocumentError),
}

/// Why a policy document cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// It is not JSON.
    #[error("not JSON at line {line}, column {column}: {why}")]
    NotJson {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What the parser said.
        why: String,
    },
    /// Its percent-encoding does not give text.
    #[error("URL-encoded, but what it encodes is not UTF-8")]
    NotText,
    /// It is JSON, but not a policy.
    #[error("{place}: {problem}")]
    NotAPolicy {
        /// The element (`Statement[2].Effect`).
        place: String,
        /// What is wrong with it.
        problem: String,
    },
}

impl Document {
    /// Reads a document that came as a string, plain or URL-encoded (RFC 3986, as the IAM API
    /// sends it).
    pub fn from_text(text: &str) -> Self {
        Policy::parse(text).into()
    }

    /// The policy, if it could be read.
    pub fn policy(&self) -> Option<&Policy> {
        match self {
            Self::Read(policy) => Some(policy),
            Self::Unreadable(_) => None,
        }
    }
}

impl From<Result<Policy, DocumentError>> for Document {
    fn from(result: Result<Policy, DocumentError>) -> Self {
        match result {
            Ok(policy) => Self::Read(Arc::new(policy)),
            Err(error) => Self::Unreadable(error),
        }
    }
}

/// Takes a document as an object (AWS CLI) or as a string (raw API). Broken JSON around it is an
/// error of the file; a document that is no policy is not.
impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Node::deserialize(deserializer)? {
            Node::Text(text) => Self::from_text(&text),
            node => read_policy(&node).into(),
        })
    }
}

impl Policy {
    /// Reads a document from text, plain or URL-encoded.
    pub fn parse(text: &str) -> Result<Self, DocumentError> {
        let decoded;
        // JSON text starts with a brace, never with a percent sign.
        let json = if text.trim_start().starts_with('%') {
            decoded = percent_encoding::percent_decode_str(text)
                .decode_utf8()
                .map_err(|_| DocumentError::NotText)?;
            &*decoded
        } else {
            text
        };
        let node: Node = serde_json::from_str(json).map_err(|error| DocumentError::NotJson {
            line: error.line(),
            column: error.column(),
            why: without_position(&error),
        })?;
        read_policy(&node)
    }
}

/// `serde_json` ends its messages with the position, which we tell apart.
pub(super) fn without_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

fn wrong<T>(place: &str, problem: impl Into<String>) -> Result<T, DocumentError> {
    let place = if place.is_empty() { "the document" } else { place };
    Err(DocumentError::NotAPolicy { place: place.to_owned(), problem: problem.into() })
}

fn object<'a>(node: &'a Node, place: &str) -> Result<&'a [(String, Node)], DocumentError> {
    let Node::Object(members) = node else {
        return wrong(place, format!("expected an object, found {}", node.kind()));
    };
    for (index, (key, _)) in members.iter().enumerate() {
        if members.iter().take(index).any(|(earlier, _)| earlier == key) {
            return wrong(place, format!("`{}` is there twice", key.escape_debug()));
        }
    }
    Ok(members)
}

fn read_policy(node: &Node) -> Result<Policy, DocumentError> {
    let mut policy = Policy::default();
    let mut has_statement = false;
    for (key, value) in object(node, "")? {
        match key.as_str() {
            "Version" => {
                policy.has_variables = match value {
                    Node::Text(version) if version == "2012-10-17" => true,
                    Node::Text(version) if version == "2008-10-17" => false,
                    _ => return wrong("Version", "expected \"2012-10-17\" or \"2008-10-17\""),
                }
            }
            "Id" => {
                text(value, "Id")?;
            }
            "Statement" => {
                has_statement = true;
                policy.statements = match value {
                    Node::List(items) => items
                        .iter()
                        .enumerate()
                        .map(|(index, item)| read_statement(item, &format!("Statement[{index}]")))
                        .collect::<Result<_, _>>()?,
                    single => vec![read_statement(single, "Statement")?],
                };
            }
            other => return wrong("", format!("unknown element `{}`", other.escape_debug())),
        }
    }
    if has_statement { Ok(policy) } else { wrong("", "it has no `Statement`") }
}

fn read_statement(node: &Node, place: &str) -> Result<Statement, DocumentError> {
    let (mut sid, mut effect, mut principals) = (None, None, None);
    let (mut actions, mut resources, mut conditions) = (None, None, Vec::new());
    for (key, value) in object(node, place)? {
        let here = format!("{place}.{key}");
        match key.as_str() {
            "Sid" => sid = Some(text(value, &here)?),
            "Effect" => {
                effect = Some(match value {
                    Node::Text(effect) if effect == "Allow" => Effect::Allow,
                    Node::Text(effect) if effect == "Deny" => Effect::Deny,
                    _ => return wrong(&here, "expected \"Allow\" or \"Deny\""),
                });
            }
            "Principal" => once(&mut principals, Principals::Only(parties(value, &here)?), &here)?,
            "NotPrincipal" => {
                once(&mut principals, Principals::AllBut(parties(value, &here)?), &here)?;
            }
            "Action" => once(&mut actions, Actions::Only(texts(value, &here)?), &here)?,
            "NotAction" => once(&mut actions, Actions::AllBut(texts(value, &here)?), &here)?,
            "Resource" => once(&mut resources, Resources::Only(texts(value, &here)?), &here)?,
            "NotResource" => once(&mut resources, Resources::AllBut(texts(value, &here)?), &here)?,
            "Condition" => conditions = read_conditions(value, &here)?,
            other => return wrong(place, format!("unknown element `{}`", other.escape_debug())),
        }
    }
    let Some(effect) = effect else { return wrong(place, "it has no `Effect`") };
    let Some(actions) = actions else { return wrong(place, "it has no `Action` or `NotAction`") };
    Ok(Statement { sid, effect, principals, actions, resources, conditions })
}

/// An element and its `Not…` twin exclude each other.
fn once<T>(slot: &mut Option<T>, value: T, place: &str) -> Result<(), DocumentError> {
    if slot.is_some() {
        return wrong(place, "an element and its `Not…` form cannot stand together");
    }
    *slot = Some(value);
    Ok(())
}

fn text(node: &Node, place: &str) -> Result<Box<str>, DocumentError> {
    match node {
        Node::Text(text) => Ok(text.as_str().into()),
        other => wrong(place, format!("expected a string, found {}", other.kind())),
    }
}

fn texts(node: &Node, place: &str) -> Result<Box<[Box<str>]>, DocumentError> {
    match node {
        Node::List(items) => items
            .iter()
            .enumerate()
            .map(|(index, item)| text(item, &format!("{place}[{index}]")))
            .collect(),
        single => Ok([text(single, place)?].into()),
    }
}

fn parties(node: &Node, place: &str) -> Result<Box<[Party]>, DocumentError> {
    if let Node::Text(text) = node {
        return if text == "*" {
            Ok([Party::Anyone].into())
        } else {
            wrong(place, "expected \"*\" or an object")
        };
    }
    let mut all = Vec::new();
    for (kind, names) in object(node, place)? {
        let here = format!("{place}.{kind}");
        let party = match kind.as_str() {
            "AWS" => Party::Aws,
            "Service" => Party::Service,
            "Federated" => Party::Federated,
            "CanonicalUser" => Party::CanonicalUser,
            other => {
                return wrong(
                    place,
                    format!("unknown kind of principal `{}`", other.escape_debug()),
                );
            }
        };
        all.extend(texts(names, &here)?.into_vec().into_iter().map(party));
    }
    Ok(all.into())
}

fn read_conditions(node: &Node, place: &str) -> Result<Vec<Condition>, DocumentError> {
    let mut all = Vec::new();
    for (operator, keys) in object(node, place)? {
        let here = format!("{place}.{operator}");
        for (key, values) in object(keys, &here)? {
            let here = format!("{here}.{key}");
            let values = match values {
                Node::List(items) => items
                    .iter()
                    .enumerate()
                    .map(|(index, item)| scalar(item, &format!("{here}[{index}]")))
                    .collect::<Result<_, _>>()?,
                single => [scalar(single, &here)?].into(),
            };
            let (operator, key) = (operator.as_str().into(), key.as_str().into());
            all.push(Condition { operator, key, values });
        }
    }
    Ok(all)
}

/// Condition values may be written as booleans or numbers; IAM compares them as text.
fn scalar(node: &Node, place: &str) -> Result<Box<str>, DocumentError> {
    match node {
        Node::Text(text) | Node::Number(text) => Ok(text.as_str().into()),
        Node::Bool(value) => Ok(value.to_string().into()),
        other => wrong(place, format!("expected a single value, found {}", other.kind())),
    }
}

#[cfg(test)]
mod tests {
    use super::{Document, DocumentError};
    use crate::iam::{Actions, Effect, Party, Policy, Principals};

    const ADMIN: &str =
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":["*"]}}"#;

    fn problem(text: &str) -> String {
        Policy::parse(text).unwrap_err().to_string()
    }

    #[test]
    fn url_encoded_and_plain_documents_read_the_same() {
        let encoded =
            percent_encoding::utf8_percent_encode(ADMIN, percent_encoding::NON_ALPHANUMERIC)
                .to_string();
        assert_eq!(Policy::parse(&encoded), Policy::parse(ADMIN));
        assert_eq!(Policy::parse(ADMIN).unwrap().statements.len(), 1);
    }

    #[test]
    fn a_document_reads_the_same_as_object_and_as_string() {
        let object: Document = serde_json::from_str(ADMIN).unwrap();
        let string: Document =
            serde_json::from_str(&serde_json::to_string(ADMIN).unwrap()).unwrap();
        assert_eq!(object, string);
        assert!(object.policy().unwrap().statements[0].is_everything());
    }

    #[test]
    fn every_kind_of_principal_is_kept() {
        let policy = Policy::parse(
            r#"{"Statement":[{"Effect":"Allow","Action":["sts:AssumeRole"],"Principal":
               {"AWS":["111122223333","*"],"Service":"bedrock.amazonaws.com","Federated":"arn:x"}},
               {"Effect":"Deny","NotAction":"a:b","Principal":"*"}]}"#,
        )
        .unwrap();
        assert!(!policy.has_variables, "without Version it is the 2008 language");
        let Some(Principals::Only(parties)) = &policy.statements[0].principals else {
            panic!("{policy:?}")
        };
        assert_eq!(parties.len(), 4);
        assert_eq!(parties[2], Party::Service("bedrock.amazonaws.com".into()));
        assert_eq!(policy.statements[1].effect, Effect::Deny);
        assert!(matches!(policy.statements[1].actions, Actions::AllBut(_)));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let cases = [
            (r#"{"Statement":[{"Effect":"allow","Action":"*"}]}"#, "Statement[0].Effect"),
            (
                r#"{"Statement":[{"Effect":"Allow","Action":"*"},{"Effect":"Deny"}]}"#,
                "Statement[1]: it has no `Action`",
            ),
            (
                r#"{"Statement":[{"Effect":"Allow","Action":["a:b",7]}]}"#,
                "Statement[0].Action[1]: expected a string, found a number",
            ),
            (
                r#"{"Statement":{"Effect":"Allow","Action":"*","Resorce":"*"}}"#,
                "unknown element `Resorce`",
            ),
            (
                r#"{"Statement":[{"Effect":"Allow","Effect":"Deny","Action":"*"}]}"#,
                "`Effect` is there twice",
            ),
            (
                r#"{"Statement":[{"Effect":"Allow","Action":"*","NotAction":"a:b"}]}"#,
                "cannot stand together",
            ),
            (
                r#"{"Statement":[{"Effect":"Allow","Action":"*","Condition":{"Bool":{"k":{}}}}]}"#,
                "Statement[0].Condition.Bool.k",
            ),
            (r#"{"Version":"2020-01-01","Statement":[]}"#, "Version"),
            (r#"{"Version":"2012-10-17"}"#, "no `Statement`"),
            ("[]", "the document: expected an object, found a list"),
        ];
        for (text, expected) in cases {
            assert!(problem(text).contains(expected), "{text}: {}", problem(text));
        }
        assert!(matches!(
            Policy::parse("{\n \"Statement\": [}"),
            Err(DocumentError::NotJson { line: 2, .. })
        ));
    }

    #[test]
    fn a_deeply_nested_document_is_an_error_and_not_a_crash() {
        let deep = format!("{{\"Statement\":{}", "[".repeat(100_000));
        assert!(problem(&deep).contains("recursion"), "{}", problem(&deep));
    }
}
