//! What a message is: read so strictly that no other reader can take it for something else.
//!
//! A name that stands twice, or in other letters (`Method`), is read differently by different
//! servers. Such a message is not passed on.

use super::frame::Frame;
use serde::{
    Deserialize, Deserializer,
    de::{Error as _, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};
use std::fmt;

/// Names whose meaning decides what a message is.
const ENVELOPE: &[&str] = &["jsonrpc", "id", "method", "params", "result", "error"];

/// A message, as far as the gate has to know it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Message {
    /// Wants an answer.
    Request { id: Value, method: String, params: Value },
    /// Wants none.
    Notification { method: String, params: Value },
    /// Is one.
    Answer { id: Value, result: Value },
    /// Several at once (protocol version 2025-03-26).
    Batch(Vec<Value>),
    /// Nothing JSON-RPC knows. Servers ignore it or complain.
    Other,
}

/// Why a message is not passed on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unclear {
    /// It cannot be read at all, or a name stands twice.
    #[error("it cannot be read without doubt: {0}")]
    Doubtful(String),
    /// A name in other letters.
    #[error("it has a name `{0}` that some read as another")]
    Letters(String),
}

/// Reads a message.
pub(super) fn read(frame: &Frame) -> Result<Message, Unclear> {
    let Strict(value) = serde_json::from_str(frame.text())
        .map_err(|error: serde_json::Error| Unclear::Doubtful(error.to_string()))?;
    of(value)
}

/// What a value is as a message.
pub(super) fn of(value: Value) -> Result<Message, Unclear> {
    let mut fields = match value {
        Value::Object(fields) => fields,
        Value::Array(items) => return Ok(Message::Batch(items)),
        _ => return Ok(Message::Other),
    };
    clear_names(&fields, ENVELOPE)?;
    let id = fields.remove("id");
    let method = fields.remove("method");
    Ok(match (method, id) {
        (Some(Value::String(method)), id) => {
            let params = fields.remove("params").unwrap_or_default();
            match id {
                Some(id) if !id.is_null() => Message::Request { id, method, params },
                _ => Message::Notification { method, params },
            }
        }
        // Whether a server takes it for a call is anybody's guess.
        (Some(_), _) => return Err(Unclear::Doubtful("its method is no text".to_owned())),
        (None, Some(id)) => {
            Message::Answer { id, result: fields.remove("result").unwrap_or_default() }
        }
        (None, None) => Message::Other,
    })
}

/// Refuses names that are one of these in other letters: some servers do not look at case.
pub(super) fn clear_names(fields: &Map<String, Value>, names: &[&str]) -> Result<(), Unclear> {
    let misleads = |key: &&String| !names.contains(&key.as_str()) && names.contains(&&*folded(key));
    match fields.keys().find(misleads) {
        Some(key) => Err(Unclear::Letters(key.escape_debug().to_string())),
        None => Ok(()),
    }
}

/// As readers without regard to case compare: with the long s and the Kelvin sign.
fn folded(key: &str) -> String {
    let plain = |c: char| if c == 'ſ' { 's' } else { c };
    key.chars().flat_map(char::to_lowercase).map(plain).collect()
}

/// A value in which no name stands twice.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Reader).map(Self)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut all = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            all.push(item);
        }
        Ok(Value::Array(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut all = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            let Strict(value) = entries.next_value()?;
            if all.contains_key(&key) {
                return Err(A::Error::custom("a name stands twice"));
            }
            all.insert(key, value);
        }
        Ok(Value::Object(all))
    }
}

#[cfg(test)]
mod tests {
    use super::{Message, Unclear, read};
    use crate::gate::mcp::frame::Frame;
    use serde_json::json;

    fn message(text: &str) -> Result<Message, Unclear> {
        read(&Frame::of(text.to_owned()).unwrap())
    }

    #[test]
    fn ids_keep_their_kind() {
        for id in [json!(1), json!("1"), json!("a b")] {
            let text = format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"ping"}}"#);
            let Ok(Message::Request { id: found, .. }) = message(&text) else {
                panic!("{text}");
            };
            assert_eq!(found, id);
        }
    }

    #[test]
    fn what_servers_read_differently_is_not_passed_on() {
        for text in [
            r#"{"id":1,"method":"ping","method":"tools/call"}"#,
            r#"{"id":1,"method":"ping","Method":"tools/call"}"#,
            r#"{"id":1,"method":"x","param\u017f":{}}"#,
            r#"{"id":1,"method":"tools/call","params":{"name":"a","name":"b"}}"#,
            r#"{"id":1,"method":"tools/call","params":{"arguments":{"sql":"a","sql":"b"}}}"#,
            r#"{"id":1,"method":["tools/call"]}"#,
        ] {
            assert!(message(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_id_of_null_is_no_request() {
        let found = message(r#"{"id":null,"method":"tools/call","params":{}}"#);
        assert!(matches!(found, Ok(Message::Notification { .. })), "{found:?}");
    }
}
