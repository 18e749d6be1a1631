//! What registries answer, each in its own form, and how they want to be asked.

use crate::classify::diff::Seen;
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::HashMap;

/// Reads an answer; nothing when it does not have the form.
pub(super) type Reader = fn(&[u8]) -> Option<Seen>;

/// Where a crate lies in the index.
pub(super) fn crate_path(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    let part = |range: std::ops::Range<usize>| name.get(range).unwrap_or_default();
    match name.len() {
        1 => format!("1/{name}"),
        2 => format!("2/{name}"),
        3 => format!("3/{}/{name}", part(0..1)),
        _ => format!("{}/{}/{name}", part(0..2), part(2..4)),
    }
}

/// A Python package's name as the index has it (PEP 503).
pub(super) fn normal(name: &str) -> String {
    let mut normal = String::with_capacity(name.len());
    for c in name.chars() {
        let dash = matches!(c, '-' | '_' | '.');
        if !(dash && normal.ends_with('-')) {
            normal.push(if dash { '-' } else { c.to_ascii_lowercase() });
        }
    }
    normal
}

/// A module's path as the proxy has it: a capital letter is `!` and the small one.
pub(super) fn module_path(name: &str) -> String {
    let mut path = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            path.push('!');
        }
        path.push(c.to_ascii_lowercase());
    }
    path
}

/// The index: a version a line.
pub(super) fn crates(body: &[u8]) -> Option<Seen> {
    #[derive(Deserialize)]
    struct Version {
        #[serde(default)]
        pubtime: Option<Timestamp>,
    }
    let lines = body.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let versions: Option<Vec<Version>> =
        lines.map(|line| serde_json::from_slice(line).ok()).collect();
    let since = versions?.into_iter().filter_map(|version| version.pubtime).min();
    Some(Seen::Known { since, weekly: None })
}

/// npm: `time` has the time of every version, and of the package.
pub(super) fn npm(body: &[u8]) -> Option<Seen> {
    #[derive(Deserialize)]
    struct Package {
        #[serde(default)]
        time: HashMap<String, serde_json::Value>,
    }
    let package: Package = serde_json::from_slice(body).ok()?;
    // What was unpublished is there in name only.
    if package.time.contains_key("unpublished") {
        return Some(Seen::Missing);
    }
    let times = package.time.iter().filter(|(name, _)| *name != "modified");
    let times = times.filter_map(|(_, time)| time.as_str()?.parse::<Timestamp>().ok());
    Some(Seen::Known { since: times.min(), weekly: None })
}

/// The simple API. A mirror that only has it as a page tells that the package is there, no more.
pub(super) fn pypi(body: &[u8]) -> Option<Seen> {
    #[derive(Deserialize)]
    struct Package {
        files: Vec<File>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "kebab-case")]
    struct File {
        #[serde(default)]
        upload_time: Option<Timestamp>,
    }
    if body.trim_ascii_start().starts_with(b"<") {
        return Some(Seen::Known { since: None, weekly: None });
    }
    let package: Package = serde_json::from_slice(body).ok()?;
    let since = package.files.into_iter().filter_map(|file| file.upload_time).min();
    Some(Seen::Known { since, weekly: None })
}

/// The lowest version of a list. Versions before 1.0 sort before the others.
pub(super) fn lowest(list: &str) -> Option<&str> {
    let number = |part: Option<&str>| -> u64 {
        let digits = part.unwrap_or_default();
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        digits[..end].parse().unwrap_or(u64::MAX)
    };
    let versions = list.lines().map(str::trim).filter(|line| line.starts_with('v'));
    versions.min_by_key(|version| {
        let mut parts = version[1..].split('.');
        (number(parts.next()), number(parts.next()), number(parts.next()))
    })
}

/// When Go's proxy says that a version was made.
pub(super) fn go_time(body: &[u8]) -> Option<Timestamp> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Info {
        time: Timestamp,
    }
    serde_json::from_slice::<Info>(body).ok().map(|info| info.time)
}

/// Downloads in a week: npm's `downloads`, pypistats' `data.last_week`, crates.io's
/// `crate.recent_downloads`, which are those of 90 days.
pub(super) fn weekly(body: &[u8]) -> Option<u64> {
    let value: serde_json::Value = serde_json::from_slice(body).ok()?;
    let at = |path: &str| value.pointer(path).and_then(serde_json::Value::as_u64);
    let recent = at("/crate/recent_downloads").map(|recent| recent * 7 / 90);
    at("/downloads").or_else(|| at("/data/last_week")).or(recent)
}

#[cfg(test)]
mod tests {
    use super::{crate_path, crates, go_time, lowest, module_path, normal, npm, pypi, weekly};
    use crate::classify::diff::Seen;

    fn since(time: &str) -> Seen {
        Seen::Known { since: Some(time.parse().unwrap()), weekly: None }
    }

    #[test]
    fn names_are_written_as_each_registry_wants_them() {
        assert_eq!(crate_path("Serde"), "se/rd/serde");
        assert_eq!(
            (crate_path("a"), crate_path("cc"), crate_path("log")),
            ("1/a".into(), "2/cc".into(), "3/l/log".into())
        );
        assert_eq!(normal("Zope.Interface__x"), "zope-interface-x");
        assert_eq!(module_path("github.com/BurntSushi/toml"), "github.com/!burnt!sushi/toml");
    }

    #[test]
    fn the_first_time_a_package_was_seen_is_read_from_every_form() {
        let index = b"{\"name\":\"x\",\"vers\":\"1.0.0\",\"pubtime\":\"2026-02-01T00:00:00Z\"}\n{\"vers\":\"0.1.0\",\"pubtime\":\"2026-01-01T00:00:00Z\"}\n";
        assert_eq!(crates(index), Some(since("2026-01-01T00:00:00Z")));
        assert_eq!(
            crates(b"{\"vers\":\"1.0.0\"}"),
            Some(Seen::Known { since: None, weekly: None })
        );
        let package = br#"{"time":{"modified":"2020-01-01T00:00:00Z","created":"2026-01-02T00:00:00Z","1.0.0":"2026-01-03T00:00:00.000Z"}}"#;
        assert_eq!(npm(package), Some(since("2026-01-02T00:00:00Z")));
        assert_eq!(npm(br#"{"time":{"unpublished":{"time":"2026-01-01"}}}"#), Some(Seen::Missing));
        let files = br#"{"meta":{"api-version":"1.1"},"files":[{"filename":"x","upload-time":"2026-03-01T00:00:00.5Z"}]}"#;
        assert_eq!(pypi(files), Some(since("2026-03-01T00:00:00.5Z")));
        assert_eq!(pypi(b"<!DOCTYPE html>"), Some(Seen::Known { since: None, weekly: None }));
        assert_eq!(pypi(b"{}"), None);
        assert_eq!(
            go_time(br#"{"Version":"v0.1.0","Time":"2026-01-01T00:00:00Z"}"#),
            "2026-01-01T00:00:00Z".parse().ok()
        );
    }

    #[test]
    fn the_lowest_version_is_the_first_one() {
        assert_eq!(lowest("v1.10.0\nv1.2.0\nv0.9.1\n"), Some("v0.9.1"));
        assert_eq!(lowest("\n"), None);
    }

    #[test]
    fn downloads_are_read_from_every_form() {
        assert_eq!(weekly(br#"{"downloads":7}"#), Some(7));
        assert_eq!(weekly(br#"{"data":{"last_week":8}}"#), Some(8));
        assert_eq!(weekly(br#"{"crate":{"recent_downloads":900}}"#), Some(70));
        assert_eq!(weekly(b"<html>"), None);
    }
}
