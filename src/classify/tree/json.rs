//! JSON with places. The library says whether it is well-formed; then only brackets, quotes and
//! colons are left to be seen.

use super::{Bad, DEEPEST, Node, Value, twice};
use crate::domain::Span;
use serde::de::IgnoredAny;
use std::borrow::Cow;

/// Reads one JSON value.
pub fn json(text: &str) -> Result<Node<'_>, Bad> {
    if let Err(error) = serde_json::from_str::<IgnoredAny>(text) {
        return Err(Bad::serde(text, &error));
    }
    Reader { text, at: 0, depth: 0 }.value()
}

/// Reads the JSON value at a place of a longer text that is known to be well-formed. Its places
/// are those of the longer text.
pub fn json_within(text: &str, start: usize) -> Result<Node<'_>, Bad> {
    Reader { text, at: start, depth: 0 }.value()
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn byte(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or_default()
    }

    /// The next byte that is no blank and none of the separators, which were checked already.
    fn next(&mut self) -> u8 {
        while matches!(self.byte(), b' ' | b'\t' | b'\r' | b'\n' | b',' | b':') {
            self.at += 1;
        }
        self.byte()
    }

    fn bad(&self, because: &str) -> Bad {
        Bad::new(self.text, self.at, because)
    }

    fn value(&mut self) -> Result<Node<'a>, Bad> {
        let first = self.next();
        let start = self.at;
        let is = match first {
            b'{' | b'[' => {
                if self.depth == DEEPEST {
                    return Err(self.bad("it is nested deeper than is read"));
                }
                self.depth += 1;
                self.at += 1;
                let is = if first == b'{' { self.map()? } else { self.list()? };
                self.depth -= 1;
                is
            }
            b'"' => self.string()?,
            _ => {
                let rest = self.text.get(start..).unwrap_or_default();
                let end = rest.find([',', ':', ']', '}', ' ', '\t', '\r', '\n']);
                let word = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
                self.at += word.len();
                match word {
                    "" => return Err(self.bad("it is not well-formed JSON")),
                    "null" => Value::Null,
                    "true" => Value::Bool(true),
                    "false" => Value::Bool(false),
                    _ => Value::Number(word.into()),
                }
            }
        };
        Ok(Node { at: Span::new(start, self.at), is, tag: None })
    }

    fn list(&mut self) -> Result<Value<'a>, Bad> {
        let mut items = Vec::new();
        while self.next() != b']' {
            items.push(self.value()?);
        }
        self.at += 1;
        Ok(Value::List(items))
    }

    fn map(&mut self) -> Result<Value<'a>, Bad> {
        let mut entries = Vec::new();
        while self.next() != b'}' {
            let key = self.value()?;
            entries.push((key, self.value()?));
        }
        if let Some(key) = twice(&entries) {
            return Err(Bad::new(self.text, key.at.start, "a name is written twice"));
        }
        self.at += 1;
        Ok(Value::Map(entries))
    }

    fn string(&mut self) -> Result<Value<'a>, Bad> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        self.at += 1;
        let mut escaped = false;
        while self.byte() != b'"' {
            if self.byte() == b'\\' {
                escaped = true;
                self.at += 1;
            }
            self.at += 1;
            if self.at > bytes.len() {
                return Err(self.bad("it ends in the middle"));
            }
        }
        self.at += 1;
        let written = self.text.get(start..self.at).unwrap_or_default();
        if !escaped {
            let inner = written.get(1..written.len().saturating_sub(1)).unwrap_or_default();
            return Ok(Value::Text(inner.into()));
        }
        match serde_json::from_str::<String>(written) {
            Ok(text) => Ok(Value::Text(Cow::Owned(text))),
            Err(_) => Err(Bad::new(self.text, start, "a text in it cannot be read")),
        }
    }
}
