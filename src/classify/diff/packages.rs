//! Packages that a diff adds, and lock files that change alone.
//!
//! ```text
//!   Cargo.toml, package.json, requirements, pyproject, go.mod ──▶ Dependency { registry, name, at }
//!                                          (whoever may, asks the registry about each)
//! ```

use super::unified::{FileDiff, Kind, extension};
use crate::{
    classify::{Judge, Word},
    domain::{Span, Verb},
};

/// Where a package comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Registry {
    /// crates.io.
    Crates,
    /// The npm registry.
    Npm,
    /// The Python Package Index.
    PyPi,
    /// Go's module proxy.
    Go,
}

impl Registry {
    /// Its name as the service of an effect.
    pub const fn service(self) -> &'static str {
        match self {
            Self::Crates => "crates.io",
            Self::Npm => "npm",
            Self::PyPi => "pypi",
            Self::Go => "go",
        }
    }
}

/// A package that a manifest gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// Where it comes from.
    pub registry: Registry,
    /// Its name, as the manifest has it.
    pub name: String,
    /// The version or the range that is asked for; empty when none is.
    pub version: String,
    /// The manifest.
    pub path: String,
    /// The line that adds it, in bytes of the diff.
    pub evidence: Span,
}

/// Lock files and the manifests they belong to.
const LOCKS: &[(&str, &[&str])] = &[
    ("Cargo.lock", &["Cargo.toml"]),
    ("package-lock.json", &["package.json"]),
    ("npm-shrinkwrap.json", &["package.json"]),
    ("yarn.lock", &["package.json"]),
    ("pnpm-lock.yaml", &["package.json", "pnpm-workspace.yaml"]),
    ("bun.lock", &["package.json"]),
    ("poetry.lock", &["pyproject.toml"]),
    ("uv.lock", &["pyproject.toml"]),
    ("Pipfile.lock", &["Pipfile"]),
    ("go.sum", &["go.mod"]),
    ("Gemfile.lock", &["Gemfile"]),
    ("composer.lock", &["composer.json"]),
];

/// Tells of lock files that change without their manifest: what is installed changes, and nobody
/// asked for it.
pub(super) fn locks(files: &[FileDiff<'_>], diff: &Word, judge: &mut Judge<'_>) {
    for file in files {
        let (folder, name) = split(file.path());
        let Some((_, manifests)) = LOCKS.iter().find(|(lock, _)| *lock == name) else { continue };
        let beside = files.iter().any(|other| {
            let (other_folder, other_name) = split(other.path());
            // A workspace has one lock file for the manifests below it.
            manifests.contains(&other_name) && other_folder.starts_with(folder)
        });
        if !beside {
            let back = "revert it; packages change without a manifest asking for it";
            judge.changes(Verb::Update, "lockfile", file.path(), diff.at(file.head.clone()), back);
        }
        foreign(file, diff, judge);
    }
}

/// A lock file that takes a package from somewhere else than its registry.
fn foreign(file: &FileDiff<'_>, diff: &Word, judge: &mut Judge<'_>) {
    const OURS: [&str; 8] = [
        "registry.npmjs.org",
        "registry.yarnpkg.com",
        "crates.io-index",
        "index.crates.io",
        "pypi.org",
        "files.pythonhosted.org",
        "rubygems.org",
        "packagist.org",
    ];
    for line in file.added() {
        let text = line.text.trim();
        let from = ["resolved", "source", "tarball", "url"]
            .iter()
            .any(|key| text.trim_start_matches(['"', ' ', '{']).starts_with(key));
        let elsewhere = text.contains("://") && !OURS.iter().any(|host| text.contains(host));
        if from && elsewhere {
            let back = "revert it; the package comes from somewhere else than its registry";
            let at = diff.at(line.at.clone());
            judge.changes(Verb::Update, "lockfile", format!("{text} in {}", file.path()), at, back);
        }
    }
}

fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// The packages that manifests get by this diff.
pub(super) fn added(files: &[FileDiff<'_>]) -> Vec<Dependency> {
    files.iter().flat_map(of_file).collect()
}

/// Reads name and version out of a line, knowing the section it is in.
type Reader = fn(&str, &str) -> Option<(String, String)>;

fn of_file(file: &FileDiff<'_>) -> Vec<Dependency> {
    let (_, name) = split(file.path());
    let lower = name.to_ascii_lowercase();
    let (registry, read): (Registry, Reader) = match name {
        "Cargo.toml" => (Registry::Crates, cargo),
        "package.json" => (Registry::Npm, npm),
        "pyproject.toml" | "Pipfile" => (Registry::PyPi, pyproject),
        "go.mod" => (Registry::Go, go),
        _ if lower.contains("requirements") && extension(&lower) == "txt" => {
            (Registry::PyPi, |_, line| requirement(line))
        }
        _ => return Vec::new(),
    };
    let mut found: Vec<Dependency> = Vec::new();
    let mut section = String::new();
    let mut had: Vec<String> = Vec::new();
    for line in &file.lines {
        let text = line.text.trim();
        if let Some(begins) = section_of(name, text) {
            section = begins;
        }
        let Some((name, version)) = read(&section, text) else { continue };
        match line.kind {
            Kind::Added => found.push(Dependency {
                registry,
                name,
                version,
                path: file.path().to_owned(),
                evidence: Span::new(line.at.start, line.at.end),
            }),
            _ => had.push(name),
        }
    }
    // One that only changes its version was there before.
    found.retain(|dependency| !had.contains(&dependency.name));
    found
}

/// The section that a line begins: a table of TOML, an object of JSON, a block of `go.mod`.
fn section_of(file: &str, text: &str) -> Option<String> {
    match file {
        "package.json" => {
            let name = text.strip_suffix('{')?.trim().strip_suffix(':')?;
            Some(name.trim().trim_matches('"').to_owned())
        }
        "go.mod" if text == ")" => Some(String::new()),
        "go.mod" => Some(text.strip_suffix('(')?.trim().to_owned()),
        "pyproject.toml" if text.ends_with('[') => Some(text.split('=').next()?.trim().to_owned()),
        "pyproject.toml" if text == "]" => Some(String::new()),
        _ => Some(text.strip_prefix('[')?.strip_suffix(']')?.trim().to_owned()),
    }
}

fn cargo(section: &str, text: &str) -> Option<(String, String)> {
    // A hunk that begins in the middle of a table does not say which: then every line that looks
    // like a dependency is taken for one.
    let dependencies = section.is_empty() || section.ends_with("dependencies");
    if let Some((table, name)) = section.rsplit_once('.')
        && table.ends_with("dependencies")
    {
        let version = text.strip_prefix("version").map(|rest| value(rest).to_owned())?;
        return Some((name.to_owned(), version));
    }
    let (name, rest) = text.split_once('=')?;
    let name = name.trim();
    let rest = rest.trim();
    let local =
        rest.contains("path =") || rest.contains("git =") || rest.contains("workspace = true");
    let version =
        rest.starts_with(['"', '\'']) && rest.contains(|c: char| c.is_ascii_digit() || c == '*');
    let table = rest.starts_with('{') && rest.contains("version");
    if !dependencies || local || !(version || table) || !is_name(name) {
        return None;
    }
    let setting = matches!(name, "version" | "edition" | "rust-version" | "resolver" | "opt-level");
    // `name = { package = "real" }`
    let real = rest.split_once("package").map_or(name, |(_, rest)| value(rest));
    let asked = rest.split_once("version").map_or_else(|| value(rest), |(_, rest)| value(rest));
    (!(section.is_empty() && setting)).then(|| (real.to_owned(), asked.to_owned()))
}

fn npm(section: &str, text: &str) -> Option<(String, String)> {
    let (name, version) = text.trim_end_matches(',').split_once(':')?;
    let (name, version) = (name.trim().trim_matches('"'), version.trim());
    let inside = section.is_empty() || section.to_ascii_lowercase().ends_with("dependencies");
    let version = version.strip_prefix('"')?.strip_suffix('"')?;
    let local =
        ["file:", "link:", "workspace:", "git", "http", "."].iter().any(|p| version.starts_with(p));
    let ranged = version.starts_with(|c: char| c.is_ascii_digit() || "^~><=*".contains(c))
        || matches!(version, "latest" | "next")
        || version.starts_with("npm:");
    let fields = ["version", "name", "node", "npm", "main", "type", "license", "packageManager"];
    if !inside || local || !ranged || (section.is_empty() && fields.contains(&name)) {
        return None;
    }
    // `npm:real@1`
    let real = version.strip_prefix("npm:").and_then(|real| real.rsplit_once('@'));
    let (name, version) = real.unwrap_or((name, version));
    is_name(name).then(|| (name.to_owned(), version.to_owned()))
}

fn pyproject(section: &str, text: &str) -> Option<(String, String)> {
    let table = section.ends_with("dependencies") && section.contains('.')
        || matches!(section, "packages" | "dev-packages");
    if table && text.contains('=') && !text.starts_with(['"', '\'']) {
        let (name, version) = text.split_once('=')?;
        let name = name.trim();
        return (is_name(name) && name != "python")
            .then(|| (name.to_owned(), value(version).to_owned()));
    }
    let item = text.trim_end_matches(',').trim();
    let quoted = item.strip_prefix(['"', '\''])?.strip_suffix(['"', '\''])?;
    requirement(quoted)
}

/// A line of `requirements.txt` by PEP 508.
fn requirement(line: &str) -> Option<(String, String)> {
    let line = line.split(" #").next().unwrap_or(line).trim();
    if line.is_empty() || line.starts_with(['#', '-', '.', '/', '[']) || line.contains("://") {
        return None;
    }
    let end = line
        .find(|c: char| !(c.is_ascii_alphanumeric() || "._-".contains(c)))
        .unwrap_or(line.len());
    let (name, rest) = line.split_at(end);
    let rest = rest.trim_start();
    let fits = rest.is_empty() || rest.starts_with(['=', '<', '>', '~', '!', '[', ';']);
    let version = rest.split(';').next().unwrap_or_default().trim();
    (fits && is_name(name)).then(|| (name.to_owned(), version.to_owned()))
}

fn go(section: &str, text: &str) -> Option<(String, String)> {
    let text = text.split("//").next().unwrap_or(text).trim();
    let line = match text.strip_prefix("require ") {
        Some(line) => line,
        None if section.is_empty() || section == "require" => text,
        None => return None,
    };
    let (module, version) = line.split_once(' ')?;
    let host = module.split('/').next()?;
    (host.contains('.') && version.starts_with('v'))
        .then(|| (module.to_owned(), version.to_owned()))
}

/// The first quoted text.
fn value(text: &str) -> &str {
    let Some(open) = text.find(['"', '\'']) else { return "" };
    let rest = &text[open + 1..];
    &rest[..rest.find(['"', '\'']).unwrap_or(rest.len())]
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 214
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.@/".contains(&byte))
}
