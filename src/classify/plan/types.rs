//! What types of resources hold, and which settings guard it: `data/terraform-types.toml`.

use foldhash::fast::FixedState;
use serde::Deserialize;
use std::{collections::HashMap, sync::LazyLock};

static TYPES: LazyLock<Types> = LazyLock::new(|| {
    let file: File =
        toml::from_str(include_str!("../../../data/terraform-types.toml")).unwrap_or_default();
    Types::new(file)
});

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct File {
    holds: Vec<Holds>,
    guard: Vec<Guard>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Holds {
    what: String,
    types: Vec<String>,
    #[serde(default)]
    cloudformation: Vec<String>,
}

/// A setting whose change takes a guard away or opens something.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guard {
    /// The attribute, or the attribute and the block it is in.
    pub attribute: String,
    /// What it turns into.
    pub becomes: String,
    /// What that amounts to.
    pub how: How,
    /// What is lost, or how to turn it back.
    pub says: String,
    /// Only for these types.
    #[serde(default)]
    pub types: Vec<String>,
    /// Also when a resource is new.
    #[serde(default)]
    pub new: bool,
    /// Zero stands for "always".
    #[serde(default)]
    pub forever: bool,
}

/// What a change of a guard amounts to.
#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// Data or the audit trail is not safe any more.
    Destroys,
    /// Something becomes public.
    Reveals,
    /// Power or reach is given, and can be taken again.
    Grants,
}

/// The data, ready to be asked.
pub struct Types {
    exact: HashMap<String, usize, FixedState>,
    /// Beginnings of types, longest first.
    beginnings: Vec<(String, String, usize)>,
    what: Vec<String>,
    /// By the last part of their attribute.
    guards: HashMap<String, Vec<Guard>, FixedState>,
}

impl Types {
    /// What is known of types.
    pub fn known() -> &'static Self {
        &TYPES
    }

    fn new(file: File) -> Self {
        let mut types = Self {
            exact: HashMap::default(),
            beginnings: Vec::new(),
            what: Vec::new(),
            guards: HashMap::default(),
        };
        for holds in file.holds {
            let at = types.what.len();
            types.what.push(holds.what);
            for name in holds.types.into_iter().chain(holds.cloudformation) {
                match name.split_once('*') {
                    Some((start, end)) => {
                        types.beginnings.push((start.to_owned(), end.to_owned(), at));
                    }
                    None => {
                        types.exact.insert(name, at);
                    }
                }
            }
        }
        types.beginnings.sort_by_key(|(start, ..)| std::cmp::Reverse(start.len()));
        for guard in file.guard {
            let name = guard.attribute.rsplit('.').next().unwrap_or_default().to_owned();
            types.guards.entry(name).or_default().push(guard);
        }
        types
    }

    /// What is lost with a resource of that type, before "are gone", if its type is known
    /// to hold data.
    pub fn holds(&self, kind: &str) -> Option<&str> {
        let at = self.exact.get(kind).copied().or_else(|| {
            let mut all = self.beginnings.iter();
            let found = all.find(|(start, end, _)| kind.starts_with(start) && kind.ends_with(end));
            found.map(|(.., at)| *at)
        })?;
        self.what.get(at).map(String::as_str)
    }

    /// The guards that an attribute of that name may be.
    pub fn guards(&self, attribute: &str) -> &[Guard] {
        self.guards.get(attribute).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read_and_says_what_is_lost() {
        let types = Types::known();
        assert!(types.what.len() > 10);
        for (kind, part) in [
            ("aws_db_instance", "the database"),
            ("azurerm_postgresql_flexible_server", "the database"),
            ("aws_s3_bucket", "the bucket"),
            ("AWS::DynamoDB::Table", "the table"),
            ("google_compute_disk", "the disk"),
            ("github_repository", "the repository"),
        ] {
            assert!(types.holds(kind).is_some_and(|what| what.starts_with(part)), "{kind}");
        }
        assert_eq!(types.holds("aws_security_group"), None);
        assert_eq!(types.guards("force_destroy").len(), 1);
    }

    #[test]
    fn no_type_is_named_twice() {
        let file: File =
            toml::from_str(include_str!("../../../data/terraform-types.toml")).unwrap();
        let mut seen = std::collections::BTreeSet::new();
        for holds in &file.holds {
            for name in holds.types.iter().chain(&holds.cloudformation) {
                assert!(seen.insert(name.clone()), "{name}");
                assert!(name.matches('*').count() <= 1, "{name}");
            }
        }
    }
}
