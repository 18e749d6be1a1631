//! Whether a package that a diff adds deserves trust: it is there, it has been there for a while,
//! and it is not one letter away from one that everybody uses.
//!
//! Agents make names up, and whoever registers such a name, or a misspelt one, decides what runs on
//! the machines that install it. What is popular stands in `data/popular-packages.txt`.

use super::packages::{Dependency, Registry};
use crate::{
    classify::{Judge, Packages},
    domain::{Verb, Words},
};
use jiff::Timestamp;

/// What a registry knows of a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// There is none of that name.
    Missing,
    /// There is one.
    Known {
        /// When its first version was published, if the registry tells.
        since: Option<Timestamp>,
        /// Downloads in a week, if somebody counts them.
        weekly: Option<u64>,
    },
}

/// A package that has been there for a shorter time has not been looked at by many.
const YOUNG_DAYS: i64 = 30;
/// A package with so many downloads in a week is no misspelling of another.
const WELL_USED: u64 = 50_000;
/// Names shorter than this are one letter away from too many.
const SHORTEST: usize = 5;

static POPULAR: &str = include_str!("../../../data/popular-packages.txt");

/// Adds what installing each package means.
pub(super) fn judge(dependencies: &[Dependency], packages: &dyn Packages, judge: &mut Judge<'_>) {
    for dependency in dependencies {
        let Dependency { registry, name, version, .. } = dependency;
        let seen = packages.seen(dependency);
        if let Some(because) = doubt(dependency, seen, packages.now()) {
            judge.opaque(dependency.evidence, because);
        }
        let resource = format!("{name} {version}");
        let back = match seen {
            Some(Seen::Known { since, weekly }) => told(since, weekly),
            Some(Seen::Missing) => "take it out again".into(),
            None => "take it out again; nobody has asked the registry about it".into(),
        };
        let service = registry.service();
        judge.changes(Verb::Run, service, resource.trim_end(), dependency.evidence, back);
    }
}

/// Why nobody should install it unseen, if there is a reason.
fn doubt(dependency: &Dependency, seen: Option<Seen>, now: Timestamp) -> Option<Words> {
    let Dependency { registry, name, .. } = dependency;
    let service = registry.service();
    let known = match seen {
        Some(Seen::Missing) => {
            return Some(
                format!(
                    "there is no `{name}` on {service}: whoever registers it decides what runs"
                )
                .into(),
            );
        }
        Some(Seen::Known { since, weekly }) => (since, weekly),
        None => (None, None),
    };
    if let Some(days) = known.0.map(|since| now.duration_since(since).as_hours() / 24)
        && days < YOUNG_DAYS
    {
        let unit = if days == 1 { "day" } else { "days" };
        return Some(format!("`{name}` is on {service} for {days} {unit} only").into());
    }
    if known.1.is_some_and(|weekly| weekly >= WELL_USED) {
        return None;
    }
    let similar = lookalike(*registry, name)?;
    Some(format!("`{name}` is one letter away from `{similar}`, which everybody uses").into())
}

fn told(since: Option<Timestamp>, weekly: Option<u64>) -> Words {
    let since = since.map_or_else(
        || "since when is not known".to_owned(),
        |since| format!("there since {}", since.strftime("%Y-%m")),
    );
    let used = weekly.map_or_else(String::new, |weekly| format!(", {weekly} downloads a week"));
    format!("take it out again; {since}{used}").into()
}

/// The popular package that a name is one edit away from, unless it is popular itself.
fn lookalike(registry: Registry, name: &str) -> Option<&'static str> {
    let section = format!("[{}]", registry.service());
    let mut lines = POPULAR.lines().skip_while(|line| *line != section).skip(1);
    let names = lines.by_ref().take_while(|line| !line.starts_with('['));
    let name = name.to_ascii_lowercase().replace('_', "-");
    let mut similar = None;
    for popular in names.flat_map(str::split_whitespace) {
        if popular == name {
            return None;
        }
        let near = popular.len().abs_diff(name.len()) <= 1 && popular.len() >= SHORTEST;
        if near && similar.is_none() && strsim::osa_distance(popular, &name) == 1 {
            similar = Some(popular);
        }
    }
    similar
}

#[cfg(test)]
mod tests {
    use super::{Seen, doubt, lookalike};
    use crate::{
        classify::diff::{Dependency, Registry},
        domain::Span,
    };

    fn package(registry: Registry, name: &str) -> Dependency {
        let (version, path) = (String::new(), String::new());
        Dependency { registry, name: name.to_owned(), version, path, evidence: Span::default() }
    }

    fn known(since: &str, weekly: u64) -> Seen {
        Seen::Known { since: since.parse().ok(), weekly: Some(weekly) }
    }

    #[test]
    fn what_is_missing_young_or_misspelt_is_doubted() {
        let now = "2026-11-20T00:00:00Z".parse().unwrap();
        let said = |name: &str, seen| doubt(&package(Registry::PyPi, name), seen, now);
        assert!(said("made-up", Some(Seen::Missing)).unwrap().contains("no `made-up` on pypi"));
        let young = said("some-tool", Some(known("2026-11-17T00:00:00Z", 3))).unwrap();
        assert!(young.contains("3 days"), "{young}");
        let misspelt = said("reqeusts", Some(known("2020-01-01T00:00:00Z", 40))).unwrap();
        assert!(misspelt.contains("`requests`"), "{misspelt}");
        assert!(said("reqeusts", None).is_some());
        assert_eq!(said("some-tool", Some(known("2020-01-01T00:00:00Z", 40))), None);
        assert_eq!(said("reqeusts", Some(known("2020-01-01T00:00:00Z", 60_000))), None);
    }

    #[test]
    fn a_popular_package_is_no_misspelling_of_another() {
        assert_eq!(lookalike(Registry::Npm, "preact"), None);
        assert_eq!(lookalike(Registry::Npm, "loadsh"), Some("lodash"));
        assert_eq!(lookalike(Registry::Crates, "serde_jsom"), Some("serde-json"));
        assert_eq!(
            lookalike(Registry::Go, "github.com/sirupsen/logrsu"),
            Some("github.com/sirupsen/logrus")
        );
    }
}
