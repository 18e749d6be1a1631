//! The package managers of Python.
//!
//! From <https://pip.pypa.io/en/stable/cli/>, <https://docs.astral.sh/uv/reference/cli/>,
//! <https://python-poetry.org/docs/cli/>, <https://twine.readthedocs.io/>, <https://pdm-project.org/>,
//! <https://hatch.pypa.io/> and <https://docs.conda.io/>, 2026-11.

use super::{
    super::{Cli, Does, Matched, Program, Rule},
    scripts::NOT_GIVEN,
};
use crate::{
    classify::{Judge, Word},
    domain::Verb,
};

pub(super) const PROGRAMS: &[Program] = &[
    Program::table(
        &[
            "pip",
            "pip3",
            "pip2",
            "pip3.10",
            "pip3.11",
            "pip3.12",
            "pip3.13",
            "pip-sync",
            "pip-compile",
        ],
        &PIP,
    ),
    Program::table(&["uv"], &UV),
    Program::table(&["poetry", "pdm", "hatch", "rye", "pipenv", "pixi", "flit"], &POETRY),
    Program::table(&["twine"], &TWINE),
    Program::table(&["conda", "mamba", "micromamba"], &CONDA),
    Program::table(
        &[
            "virtualenv",
            "maturin",
            "cibuildwheel",
            "pyproject-build",
            "cookiecutter",
            "copier",
            "cruft",
        ],
        &BUILDS,
    ),
];

const PUBLISHED: Does = Does::Destroys(
    Verb::Reveal,
    "what is published can be copied by everybody, and its version is used up",
);
const AGAIN: &str = "install the old versions again";

static PIP: Cli = Cli {
    harmless: &["--help", "--version", "-h", "-V"],
    valued: &[
        "-r",
        "-c",
        "-e",
        "-i",
        "-t",
        "-d",
        "-w",
        "-f",
        "--requirement",
        "--constraint",
        "--editable",
        "--index-url",
        "--extra-index-url",
        "--target",
        "--dest",
        "--wheel-dir",
        "--find-links",
        "--python",
        "--proxy",
        "--cert",
        "--trusted-host",
        "--cache-dir",
        "--timeout",
        "--format",
        "--log",
        "--platform",
        "--root",
        "--prefix",
        "--only-binary",
        "--no-binary",
        "--path",
        "-o",
        "--output-file",
    ],
    flags: &[
        "--upgrade",
        "--user",
        "--quiet",
        "--no-cache-dir",
        "--outdated",
        "--force-reinstall",
        "--no-deps",
        "--pre",
        "--yes",
        "--disable-pip-version-check",
        "--break-system-packages",
        "--isolated",
        "--require-virtualenv",
        "--no-input",
    ],
    rules: &[
        Rule::updates("install", AGAIN).dry(&["--dry-run"]),
        Rule::updates("uninstall", AGAIN),
        Rule::reads("list|show|freeze|check|search|index|inspect|debug|help|hash|completion"),
        Rule::reads("config|cache list|get|debug|dir|info"),
        Rule::updates("config set|unset|edit", "set the old value again"),
        Rule::updates("cache purge|remove", "it is fetched again"),
        Rule::creates("download|wheel|lock", "remove the files again"),
        Rule::reads(""),
        Rule::updates("**", AGAIN),
    ],
    ..Cli::new("packages")
};

static UV: Cli = Cli {
    harmless: &["--help", "--version", "-h", "-V"],
    valued: &[
        "-p",
        "--python",
        "--directory",
        "--project",
        "--config-file",
        "--cache-dir",
        "-r",
        "--with",
        "--extra",
        "--group",
        "--index-url",
        "--index",
        "--default-index",
        "--extra-index-url",
        "--package",
        "--with-requirements",
        "--with-editable",
        "--env-file",
        "-o",
        "--output-file",
        "--format",
        "--token",
        "--publish-url",
        "--from",
        "--bump",
        "-c",
        "-e",
        "-P",
        "--upgrade-package",
        "--only-group",
        "--color",
        "--python-version",
        "--username",
        "--password",
    ],
    flags: &[
        "--dev",
        "--frozen",
        "--locked",
        "--no-dev",
        "--all-extras",
        "--quiet",
        "--verbose",
        "--offline",
        "--no-sync",
        "--all-groups",
        "--no-cache",
        "--system",
        "--upgrade",
        "--no-project",
        "--isolated",
        "--all-packages",
    ],
    rules: &[
        Rule::asks("run", runs_rest),
        Rule::asks("tool run", runs_rest),
        Rule::updates("sync|add|remove|lock|venv|init|build|self|version|format", AGAIN)
            .dry(&["--dry-run", "--check"]),
        Rule::reads("version|tree|export|help|audit"),
        Rule::updates("pip install|uninstall|sync|compile", AGAIN).dry(&["--dry-run"]),
        Rule::reads("pip list|show|freeze|check|tree"),
        Rule::updates("tool install|uninstall|upgrade|update-shell", AGAIN),
        Rule::reads("tool|python list|dir|find"),
        Rule::updates("python install|uninstall|pin|upgrade|update-shell", AGAIN),
        Rule::updates("cache clean|prune|clear", "it is fetched again"),
        Rule::reads("cache dir|size"),
        Rule::updates("auth login|logout|token", "log in again"),
        Rule::reads("auth dir"),
        Rule::new("publish", PUBLISHED).dry(&["--dry-run"]),
        Rule::reads(""),
    ],
    ..Cli::new("packages")
};

static POETRY: Cli = Cli {
    harmless: &["--help", "--version", "-h", "-V"],
    valued: &[
        "-C",
        "--directory",
        "-P",
        "--project",
        "-G",
        "--group",
        "-E",
        "--extras",
        "--with",
        "--without",
        "--only",
        "-f",
        "--format",
        "-o",
        "--output",
        "-r",
        "--repository",
        "-u",
        "--username",
        "-p",
        "--password",
        "--python",
        "--source",
        "-e",
        "--env",
        "-m",
        "--manifest-path",
        "--index",
        "-i",
    ],
    flags: &[
        "--no-interaction",
        "--no-root",
        "--dev",
        "--sync",
        "--build",
        "--dry-run",
        "--no-ansi",
        "--quiet",
        "--all-extras",
        "--no-dev",
        "--tree",
        "--outdated",
        "--latest",
        "--skip-existing",
    ],
    rules: &[
        Rule::updates(
            "install|add|remove|update|lock|init|new|sync|upgrade|uninstall|use|import|\
             fix|venv|clean|requirements|pin|fetch|global|toolchain|reinstall|workspace",
            AGAIN,
        )
        .dry(&["--dry-run", "--check"]),
        Rule::reads(
            "show|check|list|info|outdated|search|about|help|graph|verify|status|tree|\
             export|dep|project|which|completions|completion",
        ),
        Rule::updates("version|build|fmt|format", "put pyproject.toml back"),
        Rule::reads(
            "env|source|config|python|cache|self|environment|plugin|tools|venv info|list|\
             show|activate|find",
        ),
        Rule::updates("env use|remove|create|prune|run", "make the environment again"),
        Rule::updates("config|source|self|plugin|cache|python|tools|dep", "set it back"),
        Rule::asks("run|exec", runs_rest),
        Rule::updates("test|lint|typecheck", "remove what it has written"),
        Rule::opaque("shell", "what is typed there is not known"),
        Rule::new("publish|upload", PUBLISHED).dry(&["--dry-run"]),
        Rule::reads(""),
    ],
    ..Cli::new("packages")
};

static TWINE: Cli = Cli {
    rules: &[
        Rule::new("upload", PUBLISHED),
        Rule::reads("check|help"),
        Rule::new("register", PUBLISHED),
    ],
    ..Cli::new("packages")
};

static CONDA: Cli = Cli {
    valued: &["-n", "--name", "-p", "--prefix", "-c", "--channel", "-f", "--file"],
    rules: &[
        Rule::updates(
            "install|create|update|upgrade|remove|uninstall|clean|init|activate|\
             deactivate|env create|rename|self-update",
            AGAIN,
        )
        .dry(&["-d", "--dry-run"]),
        Rule::reads("list|info|search|compare|env|env list|help|doctor|notices|repoquery|package"),
        Rule::reads("env list|export"),
        Rule::updates("env create|update|remove|config", AGAIN),
        Rule::updates("config", "set the old value again").when(&[
            ("--show", Does::Reads),
            ("--show-sources", Does::Reads),
            ("--get", Does::Reads),
            ("--describe", Does::Reads),
        ]),
        Rule::asks("run", runs_rest),
        Rule::creates("build|pack", "remove the package again"),
    ],
    ..Cli::new("packages")
};

static BUILDS: Cli = Cli {
    rules: &[
        Rule::new("publish|upload", PUBLISHED),
        Rule::creates("**", "remove what it has written"),
    ],
    ..Cli::new("packages")
};

/// Runs the words behind the subcommand and its options.
pub(super) fn runs_rest(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let words = matched.call.arguments();
    let dashes = words.iter().position(|word| word.is("--")).map(|at| at + 1);
    // The first operand behind the path is the program; all that follows is its own.
    let first = matched.operands.first().and_then(|first| {
        words.iter().position(|word| word.span() == first.span() && word.text() == first.text())
    });
    let start = match (dashes, first) {
        (Some(dashes), Some(first)) => Some(dashes.min(first)),
        (dashes, first) => dashes.or(first),
    };
    let rest: Vec<Word> = start.map_or(&[][..], |at| &words[at..]).to_vec();
    let Some(program) = rest.first() else {
        return judge.opaque(matched.call.span(), NOT_GIVEN);
    };
    let text = program.text();
    let script = text.rsplit_once('.').is_some_and(|(_, extension)| extension == "py");
    if script && !text.contains('/') || text.starts_with("./") {
        let mut words = vec![Word::made("python", program.span())];
        words.extend(rest);
        judge.call(&matched.call.running(&words));
        return;
    }
    judge.call(&matched.call.running(&rest));
}
