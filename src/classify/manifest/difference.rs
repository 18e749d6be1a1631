//! The output of `kubectl diff`: unified diffs between the objects as they live and as they would
//! be, each under a file name that says what it is.
//!
//! ```text
//!   diff -u -N /tmp/LIVE-1/apps.v1.Deployment.shop.api /tmp/MERGED-2/apps.v1.Deployment.shop.api
//!                          group.version.Kind.namespace.name
//! ```

use super::object::lost;
use crate::{
    classify::{Judge, Word},
    domain::{PlaceKind, Span, Verb},
};
use std::ops::Range;

/// Whether a text is a unified diff.
pub fn is_one(text: &str) -> bool {
    let mut lines = text.lines().take(2_000).peekable();
    while let Some(line) = lines.next() {
        if line.starts_with("diff -") {
            return true;
        }
        if line.starts_with("--- ") && lines.peek().is_some_and(|line| line.starts_with("+++ ")) {
            return true;
        }
    }
    false
}

/// One line that changes, without its sign.
struct Line<'a> {
    text: &'a str,
    at: Range<usize>,
}

/// An object and what changes in it.
#[derive(Default)]
struct Part<'a> {
    name: &'a str,
    at: Range<usize>,
    minus: Vec<Line<'a>>,
    plus: Vec<Line<'a>>,
    /// Whether nothing is left of it, or nothing was there.
    removed: bool,
    added: bool,
    hunks: u32,
}

/// Judges the output of `kubectl diff`.
pub fn difference(of: &Word, judge: &mut Judge<'_>) {
    let text = of.text();
    let mut part: Option<Part<'_>> = None;
    // Lines that the hunk being read still has on either side.
    let (mut old, mut new) = (0u64, 0u64);
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let at = start..start + line.trim_end_matches(['\n', '\r']).len();
        start += line.len();
        let line = text.get(at.clone()).unwrap_or_default();
        if old > 0 || new > 0 {
            let Some(part) = &mut part else { continue };
            let changed = Line { text: line.get(1..).unwrap_or_default(), at: at.clone() };
            match line.as_bytes().first() {
                Some(b'-') => {
                    old = old.saturating_sub(1);
                    part.minus.push(changed);
                }
                Some(b'+') => {
                    new = new.saturating_sub(1);
                    part.plus.push(changed);
                }
                Some(b' ' | b'\t') | None => {
                    old = old.saturating_sub(1);
                    new = new.saturating_sub(1);
                }
                Some(b'\\') => {}
                _ => {
                    judge.opaque(of.at(at), "the difference is cut off or was edited by hand");
                    (old, new) = (0, 0);
                }
            }
            continue;
        }
        if let Some(header) = line.strip_prefix("@@ ") {
            let Some(part) = &mut part else {
                judge.opaque(of.at(at), "a difference that does not say of what");
                continue;
            };
            let Some(((_, olds), (news_start, news))) = ranges(header) else {
                judge.opaque(of.at(at), "a difference whose place cannot be read");
                continue;
            };
            part.hunks += 1;
            part.removed |= news == 0 && news_start == 0;
            part.added |= olds == 0;
            (old, new) = (olds, news);
        } else if line.starts_with("+++ ") {
            // It belongs to the line before.
        } else if line.starts_with("--- ") || line.starts_with("diff ") {
            let Some((name, at)) = file(line, at.start) else {
                judge.opaque(of.at(at), "a difference that does not say of what");
                continue;
            };
            if part.as_ref().is_none_or(|part| part.name != name) {
                judge.scoped(|judge| finish(of, part.take(), judge));
                part = Some(Part { name, at, ..Part::default() });
            }
        }
    }
    if old > 0 || new > 0 {
        judge.opaque(of.at(text.len()..text.len()), "the difference ends in the middle");
    }
    judge.scoped(|judge| finish(of, part, judge));
}

/// The name of the object in a line that names files, and where it stands.
fn file(line: &str, start: usize) -> Option<(&str, Range<usize>)> {
    let end = if line.starts_with("--- ") {
        let rest = line.get(4..)?;
        4 + rest.find(['\t', ' ']).unwrap_or(rest.len())
    } else {
        line.trim_end().len()
    };
    let path = line.get(..end)?;
    let from = path.rfind(['/', '\\', ' '])? + 1;
    let name = path.get(from..)?;
    (!name.is_empty()).then_some((name, start + from..start + end))
}

/// `-1,5 +1,6 @@` as start and count of both sides.
fn ranges(header: &str) -> Option<((u64, u64), (u64, u64))> {
    let mut parts = header.split(' ');
    let range = |text: &str| -> Option<(u64, u64)> {
        let (start, count) = text.split_once(',').unwrap_or((text, "1"));
        Some((start.parse().ok()?, count.parse().ok()?))
    };
    let old = range(parts.next()?.strip_prefix('-')?)?;
    let new = range(parts.next()?.strip_prefix('+')?)?;
    Some((old, new))
}

/// `apps.v1.Deployment.shop.api` as namespace, kind and name. Groups have dots, kinds begin with a
/// capital letter, and names may have dots, too.
fn object(file: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    for part in file.split('.') {
        let end = from + part.len();
        if part.starts_with(|c: char| c.is_ascii_uppercase()) {
            let rest = file.get(end + 1..)?;
            let (namespace, name) = rest.split_once('.').unwrap_or(("", rest));
            return Some((namespace, part, name));
        }
        from = end + 1;
    }
    None
}

fn finish(of: &Word, part: Option<Part<'_>>, judge: &mut Judge<'_>) {
    let Some(part) = part.filter(|part| part.hunks > 0) else { return };
    let place = of.at(part.at.clone());
    let Some((namespace, kind, name)) = object(part.name) else {
        judge.opaque(place, "this is no difference of a Kubernetes object");
        return;
    };
    let slash = if namespace.is_empty() { "" } else { "/" };
    let resource = format!("{namespace}{slash}{kind}/{name}");
    if !namespace.is_empty() {
        let at = part.at.clone();
        let inside =
            of.text().get(at.clone()).and_then(|name| name.find(&format!(".{namespace}.")));
        let start = at.start + inside.map_or(0, |at| at + 1);
        judge.place(PlaceKind::Name, &of.part(start..start + namespace.len()));
    }
    if part.removed {
        judge.destroys(Verb::Delete, "kubernetes", resource, place, lost(kind));
        return;
    }
    if part.added {
        judge.changes(Verb::Create, "kubernetes", resource.clone(), place, "delete it again");
    } else {
        let back = "apply the manifest from before";
        judge.changes(Verb::Update, "kubernetes", resource.clone(), place, back);
    }
    fields(of, &part, &resource, judge);
}

/// `key: value` of a line, without list signs and quotes.
fn pair<'a>(line: &Line<'a>) -> Option<(&'a str, &'a str)> {
    let text = line.text.trim_start().trim_start_matches("- ");
    let (key, value) = text.split_once(':')?;
    let value = value.trim();
    let unquoted = value.trim_matches(|c| c == '"' || c == '\'');
    Some((key.trim(), unquoted))
}

/// Changes that deserve a name.
fn fields(of: &Word, part: &Part<'_>, resource: &str, judge: &mut Judge<'_>) {
    let was = |key: &str| part.minus.iter().filter_map(pair).find(|(name, _)| *name == key);
    let at = |line: &Line<'_>| -> Span { of.at(line.at.clone()) };
    for line in &part.plus {
        let Some((key, value)) = pair(line) else { continue };
        let before = was(key).map(|(_, value)| value);
        if before == Some(value) {
            continue;
        }
        let back = match (key, value) {
            ("replicas", "0") => "scale it up again",
            ("replicas", _) => "scale it back",
            ("image", _) => "set the image from before",
            (
                "privileged" | "hostNetwork" | "hostPID" | "hostIPC" | "allowPrivilegeEscalation",
                "true",
            ) => "keep it apart from its host again",
            ("hostPath", _) => "take the files of the host away again",
            ("prune", "true") => {
                "turn pruning off: what is not in the repository is deleted without asking"
            }
            ("type", "LoadBalancer") => "make the service internal again",
            ("name", "cluster-admin") => "take the role back",
            _ => {
                let lost = match (key, value) {
                    (
                        "persistentVolumeReclaimPolicy" | "reclaimPolicy" | "deletionPolicy",
                        "Delete",
                    ) if before.is_some() => "the data will be deleted together with what uses it",
                    ("deletionTimestamp", _) => "it is being deleted",
                    ("storage", _) if before.is_some_and(|before| smaller(value, before)) => {
                        "what does not fit any more is gone"
                    }
                    _ => continue,
                };
                judge.destroys(Verb::Grant, "kubernetes", resource, at(line), lost);
                continue;
            }
        };
        let verb = match key {
            "replicas" | "image" => Verb::Update,
            _ => Verb::Grant,
        };
        judge.changes(verb, "kubernetes", resource, at(line), back);
    }
    let stays = part
        .plus
        .iter()
        .filter_map(pair)
        .any(|(key, value)| key == "finalizers" && !matches!(value, "[]" | "null" | ""));
    for line in &part.minus {
        if pair(line).is_some_and(|(key, _)| key == "finalizers") && !stays {
            let lost = "nothing holds it back or cleans up after it any more when it is deleted";
            judge.destroys(Verb::Grant, "kubernetes", resource, at(line), lost);
        }
    }
}

/// Whether one quantity (`10Gi`) is smaller than another.
fn smaller(one: &str, other: &str) -> bool {
    let bytes = |quantity: &str| -> Option<f64> {
        let end = quantity.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(quantity.len());
        let number: f64 = quantity.get(..end)?.parse().ok()?;
        let unit = match quantity.get(end..)? {
            "" => 1.0,
            "k" => 1e3,
            "M" => 1e6,
            "G" => 1e9,
            "T" => 1e12,
            "P" => 1e15,
            "Ki" => 1024.0,
            "Mi" => 1_048_576.0,
            "Gi" => 1_073_741_824.0,
            "Ti" => 1_099_511_627_776.0,
            "Pi" => 1_125_899_906_842_624.0,
            _ => return None,
        };
        Some(number * unit)
    };
    matches!((bytes(one), bytes(other)), (Some(one), Some(other)) if one < other)
}
