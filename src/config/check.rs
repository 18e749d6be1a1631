//! `countersign config check`: what is wrong, and what is odd.

use super::{
    load::{FileRead, Loaded, load},
    locations::Locations,
    model::{AwsAccount, Config, SnapshotFiles, TokenFrom},
    problem::Problem,
};
use serde::Serialize;
use std::{
    fmt,
    path::{Path, PathBuf},
};

/// What a check found.
#[derive(Debug, Clone, Serialize)]
pub struct CheckReport {
    /// The files looked for; empty when something is wrong with one.
    pub files: Vec<FileRead>,
    /// What is wrong: nothing runs with it.
    pub problems: Vec<Problem>,
    /// What is odd: it runs, but perhaps not as meant.
    pub warnings: Vec<String>,
    /// How many sources are configured.
    pub sources: usize,
}

impl CheckReport {
    /// Whether the program would start.
    pub fn is_good(&self) -> bool {
        self.problems.is_empty()
    }
}

/// Loads the configuration and looks at what it refers to. Opens no connection and runs nothing.
pub fn check(locations: &Locations) -> CheckReport {
    match load(locations) {
        Ok(loaded) => CheckReport {
            warnings: warnings(&loaded),
            sources: loaded.config.aws.len()
                + loaded.config.github.len()
                + loaded.config.snapshot.len(),
            files: loaded.files,
            problems: Vec::new(),
        },
        Err(error) => CheckReport {
            files: Vec::new(),
            problems: error.problems,
            warnings: Vec::new(),
            sources: 0,
        },
    }
}

fn warnings(loaded: &Loaded) -> Vec<String> {
    let config = &loaded.config;
    let mut warnings: Vec<String> = files(config)
        .filter(|named| !named.path.exists())
        .map(|Named { section, entry, key, path }| {
            let setting = loaded.settings.iter().find(|setting| {
                setting.section == section
                    && setting.entry.as_deref() == entry
                    && setting.key == key
            });
            let place = setting.map_or_else(String::new, |it| format!("{}: ", it.origin));
            let what = entry.map_or_else(
                || format!("[{section}] {key}"),
                |entry| format!("[[{section}]] {entry}, {key}"),
            );
            format!("{place}{what}: {} is not there", path.display())
        })
        .collect();
    for github in &config.github {
        let name = github.name.as_deref().unwrap_or("");
        match &github.token {
            TokenFrom::Env(variable) if std::env::var_os(variable).is_none() => {
                warnings.push(format!(
                    "[[github]] {name}: the environment variable {variable} is not set"
                ));
            }
            TokenFrom::File(file) if !file.exists() => {
                warnings.push(format!("[[github]] {name}: {} is not there", file.display()));
            }
            TokenFrom::Env(_) | TokenFrom::File(_) | TokenFrom::Command(_) => {}
        }
    }
    if config.aws.is_empty() && config.github.is_empty() && config.snapshot.is_empty() {
        warnings.push(
            "no source is configured: add [[aws]], [[github]] or [[snapshot]] \
             (`countersign init` writes a file to start from)"
                .to_owned(),
        );
    }
    if config.poll.timeout_seconds > config.poll.interval_seconds.saturating_mul(10) {
        warnings.push(format!(
            "[poll] a poll may take {} s, but one is due every {} s",
            config.poll.timeout_seconds, config.poll.interval_seconds
        ));
    }
    warnings
}

/// A file that a setting names.
struct Named<'a> {
    section: &'static str,
    entry: Option<&'a str>,
    key: &'static str,
    path: &'a Path,
}

/// The files the settings name, but for those that hold a token.
fn files(config: &Config) -> impl Iterator<Item = Named<'_>> {
    let aws = config.aws.iter().flat_map(|account| {
        let AwsAccount { name, scps, resource_policies, resources, .. } = account;
        beside("aws", name, [scps, resource_policies, resources])
    });
    let snapshot = config.snapshot.iter().flat_map(|snapshot| {
        let SnapshotFiles { name, files, scps, resource_policies, resources, .. } = snapshot;
        let own = files.iter().map(|path| Named {
            section: "snapshot",
            entry: Some(name),
            key: "files",
            path,
        });
        own.chain(beside("snapshot", name, [scps, resource_policies, resources]))
    });
    let single = |section, key, path| Named { section, entry: None, key, path };
    let catalogue = config.catalogue.file.iter().map(move |path| single("catalogue", "file", path));
    let theme = Some(config.ui.theme.as_str()).filter(|theme| theme.contains('/'));
    let policy = config.policy.file.iter().map(move |path| single("policy", "file", path));
    let theme = theme.into_iter().map(move |path| single("ui", "theme", Path::new(path)));
    let trust = [("signers", &config.trust.signers), ("revoked", &config.trust.revoked)];
    let trust = trust
        .into_iter()
        .filter_map(move |(key, path)| Some(single("trust", key, path.as_deref()?)));
    aws.chain(snapshot).chain(catalogue).chain(policy).chain(theme).chain(trust)
}

fn beside<'a>(
    section: &'static str,
    name: &'a str,
    paths: [&'a Option<PathBuf>; 3],
) -> impl Iterator<Item = Named<'a>> {
    let keys = ["scps", "resource_policies", "resources"];
    keys.into_iter().zip(paths).filter_map(move |(key, path)| {
        Some(Named { section, entry: Some(name), key, path: path.as_ref()? })
    })
}

impl fmt::Display for CheckReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for file in &self.files {
            let found = if file.found { "read" } else { "not there" };
            writeln!(f, "{}: {found}", file.path.display())?;
        }
        for warning in &self.warnings {
            writeln!(f, "warning: {warning}")?;
        }
        for problem in &self.problems {
            writeln!(f, "{problem}\n")?;
        }
        match (self.problems.len(), self.sources) {
            (0, 1) => f.write_str("The configuration is good: 1 source."),
            (0, sources) => write!(f, "The configuration is good: {sources} sources."),
            (1, _) => f.write_str("The configuration has 1 problem."),
            (many, _) => write!(f, "The configuration has {many} problems."),
        }
    }
}
