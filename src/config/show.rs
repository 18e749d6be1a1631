//! The settings in force, written as TOML with the origin behind each value.

use super::{
    effective::Setting,
    load::{FileRead, Loaded},
};
use serde::Serialize;
use std::fmt;

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
