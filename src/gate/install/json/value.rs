//! What is written: a value whose members keep their order.

use serde_json::Value;

/// A value to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Json {
    /// A string.
    Text(String),
    /// A number.
    Number(u64),
    /// True or false.
    Bool(bool),
    /// A list.
    List(Vec<Json>),
    /// An object, its members in the order they are written.
    Object(Vec<(&'static str, Json)>),
}

impl Json {
    /// A string.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// The same for comparing, where order means nothing.
    pub fn value(&self) -> Value {
        match self {
            Self::Text(text) => Value::from(text.as_str()),
            Self::Number(number) => Value::from(*number),
            Self::Bool(bool) => Value::from(*bool),
            Self::List(list) => list.iter().map(Self::value).collect(),
            Self::Object(members) => {
                members.iter().map(|(key, value)| ((*key).to_owned(), value.value())).collect()
            }
        }
    }

    /// On one line; `spaced` puts a space after commas and colons.
    pub(super) fn line(&self, spaced: bool) -> String {
        let space = if spaced { " " } else { "" };
        let joined = |parts: Vec<String>| parts.join(&format!(",{space}"));
        match self {
            Self::List(list) => {
                format!("[{}]", joined(list.iter().map(|value| value.line(spaced)).collect()))
            }
            Self::Object(members) => {
                let members = members.iter();
                let written = members
                    .map(|(key, value)| format!("{}:{space}{}", quoted(key), value.line(spaced)));
                format!("{{{}}}", joined(written.collect()))
            }
            other => other.scalar(),
        }
    }

    /// Over several lines; `indent` is that of the line it begins on.
    pub(super) fn lines(&self, indent: &str, unit: &str, newline: &str) -> String {
        let deeper = format!("{indent}{unit}");
        let block = |open: char, parts: Vec<String>, close: char| {
            if parts.is_empty() {
                return format!("{open}{close}");
            }
            let parts = parts.join(&format!(",{newline}{deeper}"));
            format!("{open}{newline}{deeper}{parts}{newline}{indent}{close}")
        };
        match self {
            Self::List(list) => {
                let parts = list.iter().map(|value| value.lines(&deeper, unit, newline));
                block('[', parts.collect(), ']')
            }
            Self::Object(members) => {
                let parts = members.iter().map(|(key, value)| {
                    format!("{}: {}", quoted(key), value.lines(&deeper, unit, newline))
                });
                block('{', parts.collect(), '}')
            }
            other => other.scalar(),
        }
    }

    fn scalar(&self) -> String {
        self.value().to_string()
    }
}

/// A string as JSON writes it.
pub(super) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
