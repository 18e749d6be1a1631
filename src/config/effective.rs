//! What is in force: every setting with its value, its origin, and no secret.

use super::secret;
use super::{
    layer::{Entry, Keys, Layer, Placed, Value},
    model::Config,
    schema::{Kind, SECTIONS, Section},
    shape::Shape,
};
use serde::Serialize;
use serde_json::json;
use std::{
    borrow::Cow,
    fmt,
    path::{Path, PathBuf},
};

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "from")]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// A line of a file.
    File {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { path, line } => write!(f, "{}:{line}", path.display()),
        }
    }
}

/// One value in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Setting {
    /// Section, without brackets.
    pub section: &'static str,
    /// Which entry of a list of sections.
    pub entry: Option<String>,
    /// Key.
    pub key: Cow<'static, str>,
    /// Value; what might be secret is masked.
    pub value: serde_json::Value,
    /// Where it came from.
    pub origin: Origin,
}

/// Goes through the schema and collects what is in force.
pub(super) fn settings(layer: &Layer, default_store: Option<&Path>) -> Vec<Setting> {
    let defaults = serde_json::to_value(Config::default()).unwrap_or_default();
    let mut settings = Vec::new();
    for section in SECTIONS {
        if section.many {
            for entry in layer.many.get(section.name).into_iter().flatten() {
                entry_settings(section, entry, &mut settings);
            }
            continue;
        }
        for (key, placed) in layer.free.get(section.name).into_iter().flatten() {
            settings.push(Setting {
                section: section.name,
                entry: None,
                key: key.clone().into(),
                value: section.free.map(|kind| masked(kind, &placed.value)).unwrap_or_default(),
                origin: origin(placed),
            });
        }
        let none = Keys::new();
        let keys = layer.single.get(section.name).unwrap_or(&none);
        for key in section.keys {
            let (value, origin) = match keys.get(key.name) {
                Some(placed) => (masked(key.kind, &placed.value), origin(placed)),
                None if section.name == "store" && key.name == "path" => {
                    (json!(default_store), Origin::Default)
                }
                None => (defaults[section.name][key.name].clone(), Origin::Default),
            };
            if !value.is_null() {
                settings.push(Setting {
                    section: section.name,
                    entry: None,
                    key: key.name.into(),
                    value,
                    origin,
                });
            }
        }
    }
    settings
}

fn entry_settings(section: &'static Section, entry: &Entry, settings: &mut Vec<Setting>) {
    for key in section.keys {
        let (value, origin) = match entry.keys.get(key.name) {
            Some(placed) => (masked(key.kind, &placed.value), origin(placed)),
            // It follows from the organisation or the repositories.
            None if key.name == "name" => (json!(entry.name), Origin::Default),
            None => continue,
        };
        settings.push(Setting {
            section: section.name,
            entry: Some(entry.name.clone()),
            key: key.name.into(),
            value,
            origin,
        });
    }
}

fn origin(placed: &Placed) -> Origin {
    Origin::File { path: placed.file.to_path_buf(), line: placed.line }
}

fn masked(kind: Kind, value: &Value) -> serde_json::Value {
    match value {
        // Some treat the external id as a secret they share with the role's owner.
        Value::Text(_) if kind == Kind::Text(Shape::ExternalId) => json!("••••••"),
        // Who a key is, not the key: it looks random and is told to everybody.
        Value::Text(text) if kind == Kind::Text(Shape::Key) => json!(text),
        Value::Text(text) => json!(secret::dotted(text)),
        Value::List(items) => {
            json!(items.iter().map(|item| secret::dotted(item)).collect::<Vec<_>>())
        }
        Value::Flag(flag) => json!(flag),
        Value::Number(number) => json!(number),
        Value::Token(way, value) => json!({ *way: masked(kind, value) }),
        Value::Table(keys) => {
            keys.iter().map(|(key, value)| ((*key).to_owned(), masked(kind, value))).collect()
        }
    }
}
