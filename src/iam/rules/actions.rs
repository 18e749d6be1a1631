//! The actions of a statement, indexed by service.
//!
//! ```text
//!   "ec2:Describe*", "S3:Get*", "s3:ListBucket", "*"
//!        │ lower case, sorted by service, plain names before patterns
//!        ▼
//!   services: ec2 [ | describe*]   s3 [listbucket | get*]      anywhere: [*]
//! ```

use super::{shape::Shape, units::Flavour};
use std::cmp::Ordering;

/// An action's service and name have at most 64 characters each; longer ones are still compared,
/// only slower.
const USUAL_LENGTH: usize = 128;

/// Action patterns, asked for one action at a time.
#[derive(Debug, Clone)]
pub(super) struct ActionIndex {
    /// Sorted by name.
    services: Box<[Service]>,
    /// Patterns whose service is not written out.
    anywhere: Box<[Entry]>,
}

#[derive(Debug, Clone)]
struct Service {
    /// Without the colon.
    name: Name,
    /// Names without wildcards, sorted.
    names: Box<[Name]>,
    patterns: Box<[Entry]>,
}

/// A text in lower case, sorted by its first bytes, so that a search seldom follows the pointer.
#[derive(Debug, Clone)]
struct Name {
    head: u128,
    text: Box<str>,
}

impl Name {
    fn new(text: &str) -> Self {
        Self { head: head(text), text: text.into() }
    }

    /// Searches `sorted` for `text`, whose first bytes are `head`.
    fn compare(&self, head: u128, text: &str) -> Ordering {
        self.head.cmp(&head).then_with(|| {
            // Texts that fit in the head can differ only in zeros at their end.
            if text.len() < HEAD {
                self.text.len().cmp(&text.len())
            } else {
                (*self.text).cmp(text)
            }
        })
    }
}

/// Bytes of a text that are compared as a number.
const HEAD: usize = 16;

/// The first bytes; shorter texts are filled up with zeros.
fn head(text: &str) -> u128 {
    let mut bytes = [0; HEAD];
    let length = text.len().min(HEAD);
    bytes[..length].copy_from_slice(&text.as_bytes()[..length]);
    u128::from_be_bytes(bytes)
}

#[derive(Debug, Clone)]
struct Entry {
    /// In lower case.
    text: Box<str>,
    shape: Shape,
}

impl ActionIndex {
    /// Indexes patterns as a policy writes them.
    ///
    /// Case does not count (IAM User Guide, `reference_policies_elements_action.html`).
    pub(super) fn new(patterns: &[Box<str>]) -> Self {
        let mut sorted: Vec<(Option<String>, String)> = Vec::with_capacity(patterns.len());
        for pattern in patterns {
            let lower = pattern.to_ascii_lowercase();
            match lower.split_once(':') {
                Some((service, name)) if !service.contains(['*', '?']) => {
                    sorted.push((Some(service.to_owned()), name.to_owned()));
                }
                _ => sorted.push((None, lower)),
            }
        }
        sorted.sort_unstable();
        sorted.dedup();
        let mut services = Vec::new();
        let mut anywhere = Vec::new();
        for group in sorted.chunk_by(|a, b| a.0 == b.0) {
            let entries = group.iter().map(|(_, name)| Entry::new(name));
            let Some(service) = &group[0].0 else {
                anywhere.extend(entries);
                continue;
            };
            let (plain, patterns): (Vec<_>, Vec<_>) =
                entries.partition(|entry| entry.shape == Shape::Exact);
            services.push(Service {
                name: Name::new(service),
                names: plain.iter().map(|entry| Name::new(&entry.text)).collect(),
                patterns: patterns.into(),
            });
        }
        Self { services: services.into(), anywhere: anywhere.into() }
    }

    /// Whether one of the patterns matches.
    pub(super) fn covers(&self, action: &str) -> bool {
        let mut buffer = [0; USUAL_LENGTH];
        let long;
        let lower = if let Some(buffer) = buffer.get_mut(..action.len()) {
            buffer.copy_from_slice(action.as_bytes());
            buffer.make_ascii_lowercase();
            // Lower case of ASCII letters leaves UTF-8 what it is.
            std::str::from_utf8(buffer).unwrap_or(action)
        } else {
            long = action.to_ascii_lowercase();
            &long
        };
        self.covers_lower(lower)
    }

    fn covers_lower(&self, action: &str) -> bool {
        if self.anywhere.iter().any(|entry| entry.matches(action)) {
            return true;
        }
        let Some((service, name)) = action.split_once(':') else { return false };
        let first = head(service);
        let found = self.services.binary_search_by(|own| own.name.compare(first, service));
        let Ok(at) = found else { return false };
        let own = &self.services[at];
        if own.patterns.iter().any(|entry| entry.matches(name)) {
            return true;
        }
        let first = head(name);
        own.names.binary_search_by(|own| own.compare(first, name)).is_ok()
    }
}

impl Entry {
    fn new(text: &str) -> Self {
        Self { text: text.into(), shape: Shape::of(text, Flavour::Glob, false) }
    }

    fn matches(&self, text: &str) -> bool {
        self.shape.matches_constant(&self.text, text)
    }
}
