//! What belongs to the gate itself, and no agent may touch.
//!
//! ```text
//!   own files + store + around ─▶ Protected ─ covers(path, cwd) ─▶ a boundary, in policy
//! ```

use super::install::{Around, Base, HOSTS, kept_path};
use std::{
    collections::BTreeSet,
    path::{Component, Path, PathBuf},
};

/// What is appended to the store's name for the files beside it: `SQLite`'s own, the log of what
/// was let through, the mark of the policy in force, the ledger's key and its last head, which
/// approvals were used, what a watch remembers, and whose turn it is to write.
const BESIDE_THE_STORE: &[&str] = &[
    "",
    "-wal",
    "-shm",
    "-journal",
    ".let-through",
    ".policy",
    ".ledger-key",
    ".ledger-head",
    ".used",
    ".watch",
    ".watch-lock",
    ".watch-beat",
    ".locks",
    ".next",
    ".turn",
];

/// Files and directories that decide whether the gate holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Protected {
    paths: Vec<PathBuf>,
    tails: Vec<&'static str>,
    home: Option<PathBuf>,
}

/// What decides whether the hooks of any host run, whoever's home and whichever project it lies in:
/// a relative path is meant in every directory, one in the machine's own places is absolute.
pub fn host_files() -> Vec<PathBuf> {
    let places = HOSTS.iter().flat_map(|host| {
        let places = host.places.iter().map(|place| (place.base, place.below));
        places.chain(host.guarded.iter().copied())
    });
    let files = places.map(|(base, below)| match base {
        Base::Root => Path::new("/").join(below),
        Base::Home | Base::Project => PathBuf::from(below),
        Base::Variable(_, otherwise) => Path::new(otherwise).join(below),
    });
    let files: BTreeSet<PathBuf> = files.collect();
    files.into_iter().collect()
}

/// Lists them: `own` are configuration, policy and program of this gate.
pub fn protected(own: &[PathBuf], store: &Path, around: &Around) -> Protected {
    let mut paths = own.to_vec();
    paths.extend(BESIDE_THE_STORE.iter().map(|end| {
        let mut name = store.as_os_str().to_owned();
        name.push(end);
        PathBuf::from(name)
    }));
    let mut tails = Vec::new();
    for host in HOSTS {
        let places = host.places.iter().map(|place| (place.base, place.below));
        for (base, below) in places.chain(host.guarded.iter().copied()) {
            if base == Base::Project {
                tails.push(below);
            }
            paths.extend(around.path(base, below));
        }
    }
    let kept: Vec<PathBuf> = paths.iter().map(|path| kept_path(path)).collect();
    paths.extend(kept);
    paths.sort();
    paths.dedup();
    tails.sort_unstable();
    tails.dedup();
    Protected { paths, tails, home: around.home.clone() }
}

impl Protected {
    /// Every path, sorted; one that is a directory stands for all in it.
    pub fn paths(&self) -> &[PathBuf] {
        &self.paths
    }

    /// All of it as policy takes it: relative paths are meant in any directory.
    pub fn list(&self) -> Vec<PathBuf> {
        self.paths.iter().cloned().chain(self.tails.iter().map(PathBuf::from)).collect()
    }

    /// Ends of paths that are protected in any project: `.claude/settings.json`.
    pub fn tails(&self) -> &[&'static str] {
        &self.tails
    }

    /// Whether a path as a command names it is one of them, or lies in one. Links are followed
    /// where they are there.
    pub fn covers(&self, path: &str, cwd: &Path) -> bool {
        let plain = self.plain(path, cwd);
        let real = real(&plain);
        [&plain, &real].into_iter().any(|path| {
            self.paths.iter().any(|own| path.starts_with(own))
                || path.ancestors().any(|path| self.tails.iter().any(|tail| path.ends_with(tail)))
        })
    }

    /// Whether one of them lies in this directory, so that whoever takes it away takes that too.
    pub fn lies_in(&self, folder: &str, cwd: &Path) -> bool {
        let plain = self.plain(folder, cwd);
        self.paths.iter().any(|own| own.starts_with(&plain))
    }

    /// Absolute, without `~`, `.` and `..`.
    fn plain(&self, path: &str, cwd: &Path) -> PathBuf {
        let whole = match (path.strip_prefix('~'), &self.home) {
            (Some(rest), Some(home)) if rest.is_empty() || rest.starts_with('/') => {
                home.join(rest.trim_start_matches('/'))
            }
            _ => cwd.join(path),
        };
        let mut plain = PathBuf::new();
        for part in whole.components() {
            match part {
                Component::CurDir => {}
                Component::ParentDir => {
                    plain.pop();
                }
                part => plain.push(part),
            }
        }
        plain
    }
}

/// Where a path really leads, as far down as it is there.
fn real(path: &Path) -> PathBuf {
    for there in path.ancestors() {
        if let Ok(real) = std::fs::canonicalize(there) {
            return path.strip_prefix(there).map_or_else(|_| real.clone(), |rest| real.join(rest));
        }
    }
    path.to_owned()
}

#[cfg(test)]
mod tests {
    use super::{host_files, protected};
    use crate::gate::install::Around;
    use std::path::{Path, PathBuf};

    fn around(home: &Path) -> Around {
        Around {
            home: Some(home.to_owned()),
            project: Some(home.join("shop")),
            root: PathBuf::from("/"),
            ..Around::default()
        }
    }

    #[test]
    fn the_gates_own_files_and_every_hosts_are_in_the_list() {
        let own = [PathBuf::from("/etc/countersign/policy.cedar")];
        let all = protected(&own, Path::new("/var/lib/c/s.db"), &around(Path::new("/home/a")));
        for path in [
            "/etc/countersign/policy.cedar",
            "/var/lib/c/s.db-wal",
            "/var/lib/c/s.db.policy",
            "~/.claude/settings.json",
            "~/.claude/settings.json.before-countersign",
            "~/.kiro/agents/new.json",
            "~/x/../.cursor/./hooks.json",
            ".claude/settings.local.json",
            "/srv/any/project/.codex/hooks.json",
            "/srv/any/.opencode/plugins/countersign.js",
            "/etc/github-copilot/policy.d/zz.json",
        ] {
            assert!(all.covers(path, Path::new("/home/a/shop/src")), "{path}");
        }
        for path in ["/home/a/shop/src/main.rs", "~/.claude.txt", "/etc/hosts", "settings.json"] {
            assert!(!all.covers(path, Path::new("/home/a/shop")), "{path}");
        }
        assert!(all.lies_in("~", Path::new("/")) && !all.lies_in("src", Path::new("/srv")));
    }

    #[test]
    fn every_file_that_decides_about_hooks_is_one_of_those_of_any_home() {
        let all = host_files();
        for path in [
            ".claude/settings.json",
            ".claude/settings.local.json",
            ".claude/plugins",
            "/etc/claude-code",
            ".cursor/hooks.json",
            "/etc/cursor",
            ".codex/config.toml",
            ".codex/hooks.json",
            ".codex/requirements.toml",
            "/etc/codex",
            ".gemini/settings.json",
            "/etc/gemini-cli",
            ".kiro/agents",
            ".kiro/hooks",
            ".aws/amazonq/cli-agents",
            ".amazonq/cli-agents",
            ".github/hooks",
            ".github/copilot",
            ".copilot/hooks",
            ".copilot/settings.json",
            "/etc/github-copilot",
            ".windsurf/hooks.json",
            ".codeium/windsurf/hooks.json",
            "/etc/windsurf",
            ".devin/hooks.v1.json",
            ".opencode",
            ".config/opencode",
            "opencode.json",
        ] {
            assert!(all.contains(&PathBuf::from(path)), "{path}");
        }
    }

    #[test]
    fn a_link_does_not_hide_where_it_leads() {
        let home = tempfile::tempdir().unwrap();
        let home = std::fs::canonicalize(home.path()).unwrap();
        std::fs::create_dir(home.join(".cursor")).unwrap();
        std::os::unix::fs::symlink(home.join(".cursor"), home.join("harmless")).unwrap();
        let all = protected(&[], Path::new("/s.db"), &around(&home));
        assert!(all.covers("harmless/hooks.json", &home));
    }
}
