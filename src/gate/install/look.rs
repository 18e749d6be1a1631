//! Whether a host is on this machine, and which version.

use super::{
    around::Around,
    profile::{Base, Profile, Version},
    run::run,
};
use serde::Serialize;
use std::{
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

/// Programs that start a whole runtime first need a moment.
const PATIENCE: Duration = Duration::from_secs(8);

/// What is found of a host.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Presence {
    /// Its program, the first on the way.
    pub program: Option<PathBuf>,
    /// What it calls its version.
    pub version: Option<String>,
    /// The same in numbers.
    #[serde(skip)]
    pub numbers: Option<Version>,
    /// Directories it has left here.
    pub traces: Vec<PathBuf>,
}

impl Presence {
    /// Whether anything of it is here.
    pub fn is_here(&self) -> bool {
        self.program.is_some() || !self.traces.is_empty()
    }
}

/// Looks for it in these directories and in the home directory. Only programs with an absolute
/// path are asked for their version.
pub fn look(host: &Profile, around: &Around, path: &[PathBuf]) -> Presence {
    let folders = path.iter().filter(|folder| folder.is_absolute());
    let program = folders
        .flat_map(|folder| host.programs.iter().map(move |name| folder.join(name)))
        .find(|program| is_program(program));
    let version = program.as_deref().and_then(version);
    let traces = host.traces.iter().filter_map(|below| around.path(Base::Home, below));
    Presence {
        numbers: version.as_deref().and_then(numbers),
        version,
        program,
        traces: traces.filter(|trace| trace.is_dir()).collect(),
    }
}

fn is_program(path: &Path) -> bool {
    std::fs::metadata(path)
        .is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

fn version(program: &Path) -> Option<String> {
    let mut command = Command::new(program);
    command.arg("--version").current_dir("/");
    let answered = run(&mut command, b"", PATIENCE).ok()??;
    let line = answered.stdout.lines().map(str::trim).find(|line| numbers(line).is_some())?;
    (answered.status == Some(0)).then(|| line.chars().take(100).collect())
}

/// The first three numbers with dots between them.
fn numbers(text: &str) -> Option<Version> {
    text.split(|c: char| !c.is_ascii_digit() && c != '.').find_map(|word| {
        let mut parts = word.split('.').map(str::parse::<u32>);
        let version = [parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?];
        Some(version)
    })
}

#[cfg(test)]
mod tests {
    use super::{look, numbers};
    use crate::gate::install::{Around, host};
    use std::{fs, os::unix::fs::PermissionsExt as _};

    #[test]
    fn versions_are_found_in_what_programs_say() {
        for (said, version) in [
            ("2.1.328 (Claude Code)", Some([2, 1, 328])),
            ("codex-cli 0.125.0", Some([0, 125, 0])),
            ("kiro-cli v3.0.1-beta.2", Some([3, 0, 1])),
            ("1.2", None),
            ("no idea", None),
        ] {
            assert_eq!(numbers(said), version, "{said}");
        }
    }

    #[test]
    fn a_host_is_here_by_its_program_or_by_what_it_left() {
        let home = tempfile::tempdir().unwrap();
        let around = Around { home: Some(home.path().to_owned()), ..Around::default() };
        let claude = host("claude-code").unwrap();
        let path = [home.path().join("bin")];
        assert!(!look(claude, &around, &path).is_here());
        fs::create_dir_all(home.path().join(".claude")).unwrap();
        fs::create_dir_all(&path[0]).unwrap();
        let program = path[0].join("claude");
        fs::write(&program, "#!/bin/sh\necho '2.1.300 (Claude Code)'\n").unwrap();
        assert_eq!(look(claude, &around, &path).program, None, "it cannot be run");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let found = look(claude, &around, &path);
        assert_eq!((found.numbers, found.traces.len()), (Some([2, 1, 300]), 1));
    }
}
