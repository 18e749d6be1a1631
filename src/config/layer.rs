//! The content of one file, and how files lie on one another.

use super::{ProductionRules, model::Config, schema::SECTIONS};
use crate::domain::Environment;
use std::{collections::BTreeMap, ops::Range, path::Path, rc::Rc};

/// A checked value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    List(Vec<String>),
    Flag(bool),
    Number(i64),
    /// Which of the ways, and what it says.
    Token(&'static str, Box<Value>),
    /// Keys of a table of its own.
    Table(Vec<(&'static str, Value)>),
}

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    pub value: Value,
    pub file: Rc<Path>,
    pub line: usize,
    pub span: Range<usize>,
}

pub(super) type Keys = BTreeMap<&'static str, Placed>;

/// One entry of a list of sections.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// As given, or as it follows from the other keys.
    pub name: String,
    pub keys: Keys,
    pub line: usize,
    pub span: Range<usize>,
}

impl Entry {
    /// Names an entry: by `name`, else by `org`, else by the owner of the first repository.
    pub fn new(keys: Keys, line: usize, span: Range<usize>) -> Option<Self> {
        let text = |key: &str| match &keys.get(key)?.value {
            Value::Text(text) => Some(text.clone()),
            Value::List(items) => {
                items.first().and_then(|repo| repo.split('/').next()).map(str::to_owned)
            }
            _ => None,
        };
        let name = text("name").or_else(|| text("org")).or_else(|| text("repos"))?;
        Some(Self { name, keys, line, span })
    }
}

/// What one file says, or several on top of one another.
#[derive(Debug, Clone, Default)]
pub(super) struct Layer {
    pub single: BTreeMap<&'static str, Keys>,
    pub many: BTreeMap<&'static str, Vec<Entry>>,
    /// Sections whose keys have names of the user's own.
    pub free: BTreeMap<&'static str, BTreeMap<String, Placed>>,
}

impl Layer {
    /// Lays another file on top of this one.
    pub fn cover(&mut self, upper: Self) {
        for (section, keys) in upper.single {
            // Where the store is, is said once: by whoever says it last.
            for (one, other) in [("path", "url"), ("url", "path")] {
                if section == "store" && keys.contains_key(one) && !keys.contains_key(other) {
                    self.single.entry(section).or_default().remove(other);
                }
            }
            self.single.entry(section).or_default().extend(keys);
        }
        for (section, keys) in upper.free {
            self.free.entry(section).or_default().extend(keys);
        }
        for (section, entries) in upper.many {
            let mine = self.many.entry(section).or_default();
            for entry in entries {
                match mine.iter_mut().find(|old| old.name == entry.name) {
                    Some(old) => *old = entry,
                    None => mine.push(entry),
                }
            }
        }
    }

    /// Groups that one file lists and another has asked for: the place and name of each.
    pub fn groups_of_two_places(&self) -> Vec<(&str, &Placed)> {
        let (Some(listed), Some(asked)) = (self.free.get("groups"), self.free.get("groups_from"))
        else {
            return Vec::new();
        };
        let both = asked.iter().filter(|(name, _)| listed.contains_key(*name));
        both.map(|(name, placed)| (name.as_str(), placed)).collect()
    }

    /// Whether the store is on a server.
    pub fn has_store_url(&self) -> bool {
        self.single.get("store").is_some_and(|keys| keys.contains_key("url"))
    }

    /// Marks the `[[aws]]` entries whose profile a rule of `[production] profiles` matches, unless
    /// they say themselves what they are. Once that is done nobody else has to know the profile.
    pub fn apply_profile_rules(&mut self) {
        let Some(rule) = self.single.get("production").and_then(|keys| keys.get("profiles")) else {
            return;
        };
        let Value::List(profiles) = rule.value.clone() else { return };
        let rules = ProductionRules { profiles, ..ProductionRules::default() };
        let marked = Placed { value: Value::Flag(true), ..rule.clone() };
        for entry in self.many.get_mut("aws").into_iter().flatten() {
            let profile = entry.keys.get("profile").map(|placed| &placed.value);
            if let Some(Value::Text(profile)) = profile
                && rules.profile(profile) == Environment::Production
            {
                entry.keys.entry("production").or_insert_with(|| marked.clone());
            }
        }
    }

    /// The typed configuration. An error means that the schema and the types disagree.
    pub fn into_config(self) -> Result<Config, toml::de::Error> {
        let mut root = toml::Table::new();
        for section in SECTIONS {
            if let Some(keys) = self.single.get(section.name) {
                root.insert(section.name.to_owned(), table(keys).into());
            }
            if let Some(keys) = self.free.get(section.name) {
                let keys = keys.iter().map(|(name, placed)| (name.clone(), placed.value.to_toml()));
                root.insert(section.name.to_owned(), keys.collect::<toml::Table>().into());
            }
            if let Some(entries) = self.many.get(section.name) {
                let tables = entries.iter().map(|entry| {
                    let mut keys = table(&entry.keys);
                    keys.insert("name".to_owned(), entry.name.clone().into());
                    toml::Value::Table(keys)
                });
                root.insert(section.name.to_owned(), toml::Value::Array(tables.collect()));
            }
        }
        root.try_into()
    }
}

fn table(keys: &Keys) -> toml::Table {
    keys.iter().map(|(name, placed)| ((*name).to_owned(), placed.value.to_toml())).collect()
}

impl Value {
    fn to_toml(&self) -> toml::Value {
        match self {
            Self::Text(text) => text.clone().into(),
            Self::List(items) => items.clone().into(),
            Self::Flag(flag) => (*flag).into(),
            Self::Number(number) => (*number).into(),
            Self::Token(way, value) => {
                toml::Table::from_iter([((*way).to_owned(), value.to_toml())]).into()
            }
            Self::Table(keys) => {
                let keys = keys.iter().map(|(key, value)| ((*key).to_owned(), value.to_toml()));
                keys.collect::<toml::Table>().into()
            }
        }
    }
}
