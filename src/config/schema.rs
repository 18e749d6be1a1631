//! Every section and key there is, as data: what `read` checks a file against, what `show` goes
//! through, and what `config.example.toml` has to document.

use super::shape::Shape;

/// One section of the file.
#[derive(Debug)]
pub(super) struct Section {
    pub name: &'static str,
    /// `[[name]]`, any number of times, instead of `[name]`.
    pub many: bool,
    pub keys: &'static [Key],
    /// What any other key holds, where its user chooses the names.
    pub free: Option<Kind>,
}

/// One key of a section.
#[derive(Debug)]
pub(super) struct Key {
    pub name: &'static str,
    pub kind: Kind,
    pub required: bool,
}

/// What a value must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A string of some shape.
    Text(Shape),
    /// A list of such strings.
    List(Shape),
    /// `true` or `false`.
    Flag,
    /// A whole number within bounds.
    Number { least: i64, most: i64 },
    /// Where a token comes from: a table with exactly one of the [`TOKEN`] keys.
    Token,
    /// An address, or where one is kept that is a secret itself, as a token is.
    Address,
    /// How something is asked for again and again: a table of the [`FETCH`] keys.
    Fetch,
}

impl Section {
    /// The header as it stands in a file.
    pub fn header(&self) -> String {
        if self.many { format!("[[{}]]", self.name) } else { format!("[{}]", self.name) }
    }

    /// A key by name.
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }
}

const fn key(name: &'static str, kind: Kind) -> Key {
    Key { name, kind, required: false }
}

const fn required(name: &'static str, kind: Kind) -> Key {
    Key { name, kind, required: true }
}

/// The sections, in the order they are documented and shown.
pub(super) const SECTIONS: &[Section] = &[
    Section {
        name: "store",
        many: false,
        keys: &[
            key("path", Kind::Text(Shape::Path)),
            key("url", Kind::Text(Shape::StoreUrl)),
            key("password_file", Kind::Text(Shape::Path)),
        ],
        free: None,
    },
    Section {
        name: "aws",
        many: true,
        keys: &[
            required("name", Kind::Text(Shape::Name)),
            key("profile", Kind::Text(Shape::Any)),
            key("role_arn", Kind::Text(Shape::RoleArn)),
            key("external_id", Kind::Text(Shape::ExternalId)),
            key("region", Kind::Text(Shape::Region)),
            key("endpoint_url", Kind::Text(Shape::AwsUrl)),
            key("scps", Kind::Text(Shape::Path)),
            key("resource_policies", Kind::Text(Shape::Path)),
            key("resources", Kind::Text(Shape::Path)),
            key("production", Kind::Flag),
        ],
        free: None,
    },
    Section {
        name: "github",
        many: true,
        keys: &[
            key("name", Kind::Text(Shape::Name)),
            key("org", Kind::Text(Shape::Org)),
            key("repos", Kind::List(Shape::Repo)),
            key("host", Kind::Text(Shape::GithubUrl)),
            required("token", Kind::Token),
        ],
        free: None,
    },
    Section {
        name: "snapshot",
        many: true,
        keys: &[
            required("name", Kind::Text(Shape::Name)),
            required("files", Kind::List(Shape::Path)),
            key("scps", Kind::Text(Shape::Path)),
            key("resource_policies", Kind::Text(Shape::Path)),
            key("resources", Kind::Text(Shape::Path)),
            key("production", Kind::Flag),
        ],
        free: None,
    },
    Section {
        name: "production",
        many: false,
        keys: &[
            key("account_ids", Kind::List(Shape::AccountId)),
            key("repos", Kind::List(Shape::RepoPattern)),
            key("environments", Kind::List(Shape::Any)),
            key("profiles", Kind::List(Shape::Any)),
            key("kube_contexts", Kind::List(Shape::Any)),
            key("hosts", Kind::List(Shape::Any)),
            key("customer_facing", Kind::List(Shape::Any)),
        ],
        free: None,
    },
    Section {
        name: "poll",
        many: false,
        keys: &[
            // Below 5 s GitHub's secondary limits are near; above a day nobody would notice.
            key("interval_seconds", Kind::Number { least: 5, most: 86_400 }),
            key("timeout_seconds", Kind::Number { least: 1, most: 3_600 }),
        ],
        free: None,
    },
    Section {
        name: "ui",
        many: false,
        keys: &[
            key("theme", Kind::Text(Shape::Theme)),
            // Shorter, and the key that opened a prompt could still answer it.
            key("arm_delay_ms", Kind::Number { least: 100, most: 10_000 }),
            key("reviewer", Kind::Text(Shape::Any)),
        ],
        free: None,
    },
    Section {
        name: "policy",
        many: false,
        keys: &[
            key("file", Kind::Text(Shape::Path)),
            key("time_zone", Kind::Text(Shape::TimeZone)),
            key("freeze", Kind::List(Shape::Freeze)),
        ],
        free: None,
    },
    Section { name: "groups", many: false, keys: &[], free: Some(Kind::List(Shape::Any)) },
    Section { name: "people", many: false, keys: &[], free: Some(Kind::List(Shape::Any)) },
    Section {
        name: "trust",
        many: false,
        keys: &[
            key("signers", Kind::Text(Shape::Path)),
            key("revoked", Kind::Text(Shape::Path)),
            key("reviewer", Kind::Text(Shape::Any)),
            key("key", Kind::Text(Shape::Key)),
            key("agent", Kind::Text(Shape::Path)),
        ],
        free: None,
    },
    Section { name: "groups_from", many: false, keys: &[], free: Some(Kind::Fetch) },
    Section {
        name: "gate",
        many: false,
        keys: &[
            // Nobody can answer in less; more than a day no host waits.
            key("wait_seconds", Kind::Number { least: 1, most: 86_400 }),
            key("protected", Kind::List(Shape::Path)),
        ],
        free: None,
    },
    Section {
        name: "watch",
        many: false,
        keys: &[
            // Sooner than looks are taken nothing can be told; a day before is no warning.
            key("expiring_seconds", Kind::Number { least: 5, most: 86_400 }),
            // More often is noise; what is told once in a week is forgotten.
            key("remind_seconds", Kind::Number { least: 60, most: 7 * 86_400 }),
            key("queue", Kind::Number { least: 10, most: 10_000 }),
        ],
        free: None,
    },
    Section {
        name: "notify",
        many: true,
        keys: &[
            required("name", Kind::Text(Shape::Name)),
            key("on", Kind::List(Shape::Event)),
            key("webhook", Kind::Address),
            key("secret", Kind::Token),
            key("slack", Kind::Address),
            key("command", Kind::List(Shape::Any)),
            key("bell", Kind::Flag),
            key("timeout_seconds", Kind::Number { least: 1, most: 300 }),
        ],
        free: None,
    },
    Section {
        name: "ledger",
        many: false,
        keys: &[key("key", Kind::Text(Shape::Path)), key("origin", Kind::Text(Shape::LedgerName))],
        free: None,
    },
    Section {
        name: "catalogue",
        many: false,
        keys: &[key("file", Kind::Text(Shape::Path))],
        free: None,
    },
];

/// The three ways to say where a token is.
pub(super) const TOKEN: &[Key] = &[
    key("env", Kind::Text(Shape::Variable)),
    key("command", Kind::List(Shape::Any)),
    key("file", Kind::Text(Shape::Path)),
];

/// What is asked, how often, and how old an answer may be.
pub(super) const FETCH: &[Key] = &[
    required("command", Kind::List(Shape::Any)),
    key("every", Kind::Text(Shape::Span)),
    key("at_most", Kind::Text(Shape::Span)),
];

/// A section by name.
pub(super) fn section(name: &str) -> Option<&'static Section> {
    SECTIONS.iter().find(|section| section.name == name)
}

#[cfg(test)]
mod tests {
    use super::SECTIONS;
    use std::collections::BTreeSet;

    /// The names in an example file: `# [section]`, `# [[section]]` and `# key = …` below them.
    fn documented(text: &str) -> BTreeSet<(String, String)> {
        let mut section = String::new();
        let mut found = BTreeSet::new();
        for option in text.lines().filter_map(|line| line.strip_prefix("# ")) {
            if option.starts_with('[') {
                section = option.trim_matches(['[', ']']).to_owned();
            } else if let Some((key, _)) = option.split_once(" = ") {
                found.insert((section.clone(), key.to_owned()));
            }
        }
        found
    }

    #[test]
    fn the_example_documents_every_key_and_no_other() {
        let example = include_str!("../../config.example.toml");
        let known: BTreeSet<(String, String)> = SECTIONS
            .iter()
            .flat_map(|s| s.keys.iter().map(|key| (s.name.to_owned(), key.name.to_owned())))
            .collect();
        let mut told = documented(example);
        let free: Vec<&str> =
            SECTIONS.iter().filter(|s| s.free.is_some()).map(|s| s.name).collect();
        for section in &free {
            assert!(told.iter().any(|(name, _)| name == section), "no example of {section}");
        }
        told.retain(|(section, _)| !free.contains(&section.as_str()));
        assert_eq!(told, known);
    }

    #[test]
    fn every_list_of_sections_can_be_told_apart_by_name() {
        for section in SECTIONS.iter().filter(|section| section.many) {
            assert!(section.key("name").is_some(), "{}", section.name);
        }
    }
}
