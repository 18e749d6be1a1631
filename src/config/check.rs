//! `countersign config check`: what is wrong, and what is odd.

use super::{
    load::{FileRead, load},
    locations::Locations,
    model::{Config, TokenFrom},
    problem::Problem,
};
use serde::Serialize;
use std::{fmt, path::Path};

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
            warnings: warnings(&loaded.config),
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

fn warnings(config: &Config) -> Vec<String> {
    let mut warnings = Vec::new();
    let mut missing = |what: &str, path: &Path| {
        if !path.exists() {
            warnings.push(format!("{what}: {} is not there", path.display()));
        }
    };
    for snapshot in &config.snapshot {
        for file in &snapshot.files {
            missing(&format!("[[snapshot]] {}", snapshot.name), file);
        }
    }
    if let Some(file) = &config.catalogue.file {
        missing("[catalogue] file", file);
    }
    if config.ui.theme.contains('/') {
        missing("[ui] theme", Path::new(&config.ui.theme));
    }
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
