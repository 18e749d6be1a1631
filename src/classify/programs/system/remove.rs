//! Programs that remove files, and what of it is made again by itself.
//!
//! From the GNU coreutils manual (<https://www.gnu.org/software/coreutils/manual/>) and the pages
//! of `srm`, `wipe`, `trash-put` and `tmpreaper`, 2026-11.

use super::{
    super::{Cli, Does, Matched, Named, Program, Rule},
    PLAIN,
};
use crate::{
    classify::{Judge, Word, is_hole},
    domain::Verb,
};

pub(super) const PROGRAMS: &[Program] = &[
    Program::table(&["rm", "grm", "unlink", "rimraf"], &RM),
    Program::table(&["rmdir", "grmdir"], &RMDIR),
    Program::table(&["shred", "gshred", "srm", "wipe", "scrub", "sfill", "sswap"], &SHRED),
    Program::table(&["truncate", "gtruncate"], &TRUNCATE),
    Program::table(&["trash", "trash-put", "trash-restore", "trash-list"], &TRASH),
    Program::table(&["trash-empty", "trash-rm", "tmpreaper", "tmpwatch"], &TRASH_EMPTY),
];

static RM: Cli = Cli {
    flags: &[
        "--force",
        "--interactive",
        "--recursive",
        "--one-file-system",
        "--no-preserve-root",
        "--preserve-root",
        "--dir",
        "--verbose",
    ],
    rules: &[Rule::asks("**", removes)],
    ..PLAIN
};
static RMDIR: Cli = Cli {
    rules: &[
        // `rmdir /S` is the one of `cmd.exe`.
        Rule::deletes("/s|/S|/q|/Q", "the directory and everything in it is gone"),
        Rule::new("**", Does::Changes(Verb::Delete, "make the empty directory again")),
    ],
    ..PLAIN
};
static SHRED: Cli = Cli {
    valued: &["-n", "--iterations", "-s", "--size", "--random-source"],
    rules: &[Rule::deletes("**", "the file is overwritten and cannot be read again")],
    ..PLAIN
};
static TRUNCATE: Cli = Cli {
    valued: &["-s", "--size", "-r", "--reference"],
    flags: &["--no-create", "--io-blocks"],
    rules: &[Rule::asks("**", truncates)],
    ..PLAIN
};
static TRASH: Cli = Cli {
    rules: &[Rule::new("**", Does::Changes(Verb::Delete, "take it out of the bin again"))],
    ..PLAIN
};
static TRASH_EMPTY: Cli = Cli {
    rules: &[Rule::deletes("**", "the files are gone for good").dry(&[
        "--dry-run",
        "-t",
        "--test",
    ])],
    ..PLAIN
};

/// Directories that tools fill and fill again, wherever they are.
const ALWAYS: &[&str] = &[
    "node_modules",
    "__pycache__",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    ".tox",
    ".nox",
    ".next",
    ".nuxt",
    ".svelte-kit",
    ".turbo",
    ".parcel-cache",
    ".cache",
    ".nyc_output",
    ".gradle",
    ".terraform",
    ".angular",
    ".dart_tool",
    ".eggs",
    ".hypothesis",
    ".sass-cache",
    ".vite",
    ".ipynb_checkpoints",
    "bower_components",
    ".bundle",
    ".yarn-cache",
    ".pnpm-store",
    ".npm",
    ".ccache",
    ".swc",
    ".expo",
    ".docusaurus",
    ".serverless",
    ".aws-sam",
    ".zig-cache",
    "DerivedData",
];
/// Directories that are built, as long as they lie in the project.
const IN_PROJECT: &[&str] = &[
    "target",
    "dist",
    "build",
    "out",
    "coverage",
    "htmlcov",
    "_build",
    ".venv",
    "venv",
    "Pods",
    "cdk.out",
    "storybook-static",
    "test-results",
    "playwright-report",
    ".output",
    ".build",
    "site",
    "cmake-build-debug",
    "cmake-build-release",
    ".coverage",
    ".DS_Store",
    "npm-debug.log",
    "tmp",
    ".eslintcache",
    "tsconfig.tsbuildinfo",
    "package-lock.json",
    "yarn.lock",
    "pnpm-lock.yaml",
];
/// Endings of files that are built.
const BUILT: &[&str] =
    &[".pyc", ".pyo", ".o", ".class", ".swp", ".swo", ".egg-info", ".tsbuildinfo", ".tmp"];
/// Directories of caches in the system.
const CACHES: &[&str] =
    &["/var/cache/", "/var/lib/apt/lists/", "/tmp/", "/var/tmp/", "/private/tmp/", "/dev/shm/"];

/// Whether what lies there is made again by itself, or is meant to vanish.
pub(super) fn is_made_again(path: &str) -> bool {
    let path = path.strip_suffix("/*").unwrap_or(path).trim_end_matches('/');
    let path = path.strip_suffix("/**").unwrap_or(path);
    let parts = || path.split('/');
    if path.is_empty() || parts().any(|part| part == "..") || path.contains('\\') {
        return false;
    }
    if let Some(rest) = CACHES.iter().find_map(|cache| path.strip_prefix(cache)) {
        let shared = path.starts_with("/tmp") || path.starts_with("/var/tmp");
        let first = rest.split('/').next().unwrap_or_default();
        let named =
            first.starts_with(|letter: char| letter.is_alphanumeric() || ".-_".contains(letter));
        return !rest.contains(unsafe_hole) && (!shared || named);
    }
    if path == "/var/cache/apt" || path == "/var/lib/apt/lists" {
        return true;
    }
    let after = |name: &str| path.rfind(name).map_or("", |at| &path[at + name.len()..]);
    let always = parts().find(|part| ALWAYS.contains(part));
    if let Some(name) = always {
        return !after(name).contains(unsafe_hole);
    }
    let last = parts().next_back().unwrap_or_default();
    if BUILT.iter().any(|ending| last.ends_with(ending)) {
        return true;
    }
    let relative =
        !path.starts_with(['/', '~']) && !path.contains(unsafe_hole) && !path.starts_with(is_hole);
    relative && parts().any(|part| IN_PROJECT.contains(&part))
}

const fn unsafe_hole(letter: char) -> bool {
    matches!(letter, crate::classify::HOLE | crate::classify::HOLES)
}

fn removes(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    if matched.operands.is_empty() {
        return matched.does(
            Does::Destroys(Verb::Delete, "whatever files it is given are gone"),
            Named::Nothing,
            judge,
        );
    }
    for word in matched.operands.iter().take(1000) {
        removes_one(matched, word, judge);
    }
    if matched.operands.len() > 1000 {
        judge.opaque(matched.call.span(), "it names more files than are read");
    }
}

fn removes_one(matched: &Matched<'_, '_>, word: &Word, judge: &mut Judge<'_>) {
    let name = judge.name(word);
    let span = matched.span().with(word.span());
    if is_made_again(word.text()) && !matched.has("--no-preserve-root") {
        judge.changes(Verb::Delete, "files", name, span, "build or fetch it again");
    } else {
        let recursive = ["-r", "-R", "--recursive"].iter().any(|option| matched.has(option));
        let lost = if recursive {
            "the directory and everything in it is gone"
        } else {
            "the file is gone"
        };
        judge.destroys(Verb::Delete, "files", name, span, lost);
    }
}

fn truncates(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let size = matched.value("-s").or_else(|| matched.value("--size"));
    let grows = size.and_then(Word::known).is_some_and(|size| {
        size.starts_with('+')
            || (size.starts_with(|first: char| ('1'..='9').contains(&first))
                && size.ends_with(|last: char| last.is_ascii_alphabetic()))
    });
    let does = if grows {
        Does::Changes(Verb::Update, "cut it back to its old size")
    } else {
        Does::Destroys(Verb::Delete, "what the file held is gone")
    };
    matched.does(does, Named::Operands, judge);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_again() {
        for path in [
            "node_modules",
            "./node_modules/",
            "web/node_modules",
            "target/debug",
            "dist/*",
            "a.pyc",
            "/tmp/build-x",
            "/root/.cache/pip",
            "/var/lib/apt/lists/*",
            "build",
        ] {
            assert!(is_made_again(path), "{path}");
        }
        for path in [
            "/srv/build",
            "node_modules/../src",
            "/tmp",
            "/tmp/*",
            "/tmp/",
            "/",
            "~/",
            "*",
            ".",
            "",
            "src",
            "/srv/data/target",
            "/tmp/../srv",
            "/var/cache/..",
            "builder",
            "~/dist",
        ] {
            assert!(!is_made_again(path), "{path}");
        }
    }
}
