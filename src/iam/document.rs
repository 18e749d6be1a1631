//! Reading a policy document: strictly, and with the place of whatever is wrong.

use super::{
    Policy,
    grammar::Whole,
    json::{Log, Seed},
};
use serde::{Deserialize, Deserializer, de::DeserializeSeed};
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
        let log = Log::default();
        let in_text = |text: &str, log: &Log| match Policy::parse(text) {
            Ok(policy) => Some(policy),
            Err(error) => log.take(error),
        };
        let policy = Seed(Whole::new(&log, Some(in_text))).deserialize(deserializer)?;
        Ok(log.weigh(policy).into())
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
        let log = Log::default();
        let mut deserializer = serde_json::Deserializer::from_str(json);
        let policy = Seed(Whole::new(&log, None)).deserialize(&mut deserializer);
        let policy = policy.and_then(|policy| deserializer.end().map(|()| policy));
        let policy = policy.map_err(|error| DocumentError::NotJson {
            line: error.line(),
            column: error.column(),
            why: without_position(&error),
        })?;
        log.weigh(policy)
    }
}

/// `serde_json` ends its messages with the position, which we tell apart.
pub(super) fn without_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
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
        let open = |depth| format!("{{\"Statement\":{}", "[".repeat(depth));
        assert!(matches!(Policy::parse(&open(100_000)), Err(DocumentError::NotJson { .. })));
        let closed = format!("{}{}}}", open(100_000), "]".repeat(100_000));
        assert_eq!(problem(&closed), "Statement[0]: expected an object, found a list");
        let deep = format!(
            r#"{{"Statement":{{"Effect":"Allow","Action":"*","Condition":{{"Bool":{{"k":{}1{}}}}}}}}}"#,
            "{\"a\":".repeat(50_000),
            "}".repeat(50_000)
        );
        assert!(problem(&deep).starts_with("Statement.Condition.Bool.k: expected a value"));
    }

    #[test]
    fn what_is_wrong_with_a_document_leaves_the_file_around_it_readable() {
        let file = r#"[{"Statement":[{"Effect":"Allow","Action":{"a":[[1]]},"X":{}}]},{"Statement":[]},7,null,"{"]"#;
        let documents: Vec<Document> = serde_json::from_str(file).unwrap();
        let problems: Vec<_> = documents
            .iter()
            .map(|document| match document {
                Document::Read(_) => String::new(),
                Document::Unreadable(why) => why.to_string(),
            })
            .collect();
        assert_eq!(
            problems,
            [
                "Statement[0].Action: expected a string or a list of strings, found an object",
                "",
                "the document: expected an object, found a number",
                "the document: expected an object, found null",
                "not JSON at line 1, column 1: EOF while parsing an object",
            ]
        );
    }

    #[test]
    fn a_hundred_thousand_statements_are_read() {
        let one = r#"{"Effect":"Allow","Action":"a:b","Resource":"*"}"#;
        let text = format!("{{\"Statement\":[{}]}}", vec![one; 100_000].join(","));
        assert_eq!(Policy::parse(&text).unwrap().statements.len(), 100_000);
    }

    #[test]
    fn a_key_that_is_there_twice_is_found_among_very_many() {
        let keys: Vec<_> = (0..20_000).map(|n| format!("\"k{n}\":1")).collect();
        let text = |keys: &str| {
            format!(
                r#"{{"Statement":{{"Effect":"Allow","Action":"*","Condition":{{"Bool":{{{keys}}}}}}}}}"#
            )
        };
        assert!(Policy::parse(&text(&keys.join(","))).is_ok());
        let twice = format!("{},\"k19000\":2", keys.join(","));
        assert!(problem(&text(&twice)).contains("`k19000` is there twice"));
    }

    #[test]
    fn values_may_be_written_as_booleans_and_numbers() {
        let policy = Policy::parse(
            r#"{"Statement":{"Effect":"Allow","Action":"*","Condition":{"Bool":{"k":[true,1,-2,0.5,"x"]}}}}"#,
        )
        .unwrap();
        let values: Vec<&str> =
            policy.statements[0].conditions[0].values.iter().map(|value| &**value).collect();
        assert_eq!(values, ["true", "1", "-2", "0.5", "x"]);
    }
}
