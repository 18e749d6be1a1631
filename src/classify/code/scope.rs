//! What the names of a program stand for, and what a path of names is called.

use super::value::{Path, Step, Value};
use std::collections::{HashMap, HashSet};

/// Steps of a chain, and words of a list, that a name is known to stand for.
const LONGEST_PATH: usize = 24;
const LONGEST_LIST: usize = 64;

/// What the names of a program stand for.
#[derive(Debug, Default)]
pub(super) struct Scope {
    pub(super) values: HashMap<String, Value>,
    /// Functions and classes that the program defines itself.
    pub(super) own: HashSet<String>,
    /// Tokens of patterns that give names.
    pub(super) declared: HashSet<usize>,
    /// Names that are set more than once: which value counts is not known.
    pub(super) changing: HashSet<String>,
}

impl Scope {
    /// What a name stands for.
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.values.get(name)
    }

    /// Whether the program defines this function or class.
    pub fn defines(&self, name: &str) -> bool {
        self.own.contains(name)
    }

    /// Sets a name.
    pub fn set(&mut self, name: &str, value: Value) {
        if name.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '$' | '@' | '%')) {
            let long = match &value {
                Value::Path(path) => path.steps.len() > LONGEST_PATH,
                Value::List(words) => words.len() > LONGEST_LIST,
                _ => false,
            };
            let value = if long || self.changing.contains(name) { Value::Unknown } else { value };
            self.values.insert(name.to_owned(), value);
        }
    }
}

/// The name of a module without `node:`.
pub(super) fn module_name(name: &str) -> String {
    name.strip_prefix("node:").unwrap_or(name).to_owned()
}

/// `require("m").x` as `m.x`, `__import__("m").x` as `m.x`.
pub(super) fn canonical(mut path: Path) -> Path {
    for whole in [&["process", "mainModule"][..], &["globalThis"], &["global"], &["window"]] {
        let starts = path.steps.len() > whole.len()
            && path
                .steps
                .iter()
                .zip(whole)
                .all(|(step, name)| step.name == *name && step.args.is_none());
        if starts {
            path.steps.drain(..whole.len());
        }
    }
    let Some(first) = path.steps.first() else { return path };
    let loads = match first.name.as_str() {
        "require" | "__import__" | "import" => 1,
        "importlib" if path.steps.get(1).is_some_and(|step| step.name == "import_module") => 2,
        _ => return path,
    };
    let module = path.steps[loads - 1]
        .args
        .as_ref()
        .and_then(|args| args.first()?.value.text()?.known().map(module_name));
    let Some(module) = module else { return path };
    if path.steps.len() == loads {
        // It stays a call, so that the module itself is judged.
        return path;
    }
    let at = path.steps[loads - 1].at.clone();
    let mut steps: Vec<Step> = module
        .split('.')
        .map(|name| Step { name: name.to_owned(), args: None, at: at.clone() })
        .collect();
    steps.extend(path.steps.drain(loads..));
    path.steps = steps;
    path
}
