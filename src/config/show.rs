//! Effective values, each with where it came from, and without secrets.

use super::{
    layer::{Entry, Keys, Layer, Placed, Value},
    load::{FileRead, Loaded},
    model::Config,
    schema::{Kind, SECTIONS, Section},
    secret,
    shape::Shape,
};
use serde::Serialize;
use serde_json::json;
use std::{
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
    pub key: &'static str,
    /// Value; what might be secret is masked.
    pub value: serde_json::Value,
    /// Where it came from.
    pub origin: Origin,
}

/// What is in force: as text it is TOML again, with the origin behind each value.
#[derive(Debug, Clone, Serialize)]
pub struct Shown {
    /// The files looked for, lowest layer first.
    pub files: Vec<FileRead>,
    /// The values, in the order of `config.example.toml`. A key that is not set and has no
    /// default is left out.
    pub settings: Vec<Setting>,
}

/// The values in force and where each came from, for `countersign config show`.
pub fn show(loaded: &Loaded) -> Shown {
    Shown { files: loaded.files.clone(), settings: loaded.settings.clone() }
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
        let none = Keys::new();
        let keys = layer.single.get(section.name).unwrap_or(&none);
        for key in section.keys {
            let (value, origin) = match keys.get(key.name) {
                Some(placed) => (masked(key.kind, &placed.value), origin(placed)),
                None if section.name == "store" => (json!(default_store), Origin::Default),
                None => (defaults[section.name][key.name].clone(), Origin::Default),
            };
            if !value.is_null() {
                settings.push(Setting {
                    section: section.name,
                    entry: None,
                    key: key.name,
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
            key: key.name,
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
        Value::Text(text) => json!(secret::dotted(text)),
        Value::List(items) => {
            json!(items.iter().map(|item| secret::dotted(item)).collect::<Vec<_>>())
        }
        Value::Flag(flag) => json!(flag),
        Value::Number(number) => json!(number),
        Value::Token(way, value) => json!({ *way: masked(kind, value) }),
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for file in &self.files {
            let found = if file.found { "read" } else { "not there" };
            writeln!(f, "# {}: {found}", file.path.display())?;
        }
        let width = self.settings.iter().map(|s| assignment(s).chars().count()).max().unwrap_or(0);
        let width = width.min(60);
        let mut open = None;
        for setting in &self.settings {
            let here = Some((setting.section, &setting.entry));
            if open != here {
                let (left, right) = if setting.entry.is_some() { ("[[", "]]") } else { ("[", "]") };
                writeln!(f, "\n{left}{}{right}", setting.section)?;
                open = here;
            }
            writeln!(f, "{:width$}  # {}", assignment(setting), setting.origin)?;
        }
        Ok(())
    }
}

fn assignment(setting: &Setting) -> String {
    format!("{} = {}", setting.key, toml_text(&setting.value))
}

/// A JSON value in TOML's writing.
fn toml_text(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Object(fields) => {
            let fields: Vec<_> =
                fields.iter().map(|(key, value)| format!("{key} = {}", toml_text(value))).collect();
            format!("{{ {} }}", fields.join(", "))
        }
        serde_json::Value::Array(items) => {
            format!("[{}]", items.iter().map(toml_text).collect::<Vec<_>>().join(", "))
        }
        // Strings: JSON's escapes are TOML's too.
        other => other.to_string(),
    }
}
