//! Test runners, linters, formatters and compilers: programs with one purpose.
//!
//! From the documentation of each (<https://docs.pytest.org/>, <https://eslint.org/docs/latest/use/command-line-interface>,
//! <https://prettier.io/docs/cli>, <https://docs.astral.sh/ruff/>, <https://trivy.dev/>, …), 2026-11.

use super::{
    super::{Cli, Does, Matched, Named, Program, Rule},
    scripts::{NOT_GIVEN, RUN},
};
use crate::{
    classify::{Judge, Word},
    domain::Verb,
};

pub(super) const PROGRAMS: &[Program] = &[
    Program::table(
        &[
            "pytest",
            "py.test",
            "tox",
            "nox",
            "nose2",
            "jest",
            "vitest",
            "mocha",
            "ava",
            "tap",
            "karma",
            "cypress",
            "playwright",
            "nightwatch",
            "jasmine",
            "qunit",
            "c8",
            "nyc",
            "rspec",
            "cucumber",
            "minitest",
            "phpunit",
            "pest",
            "behat",
            "codecept",
            "phpspec",
            "paratest",
            "ctest",
            "bats",
            "shellspec",
            "robot",
            "behave",
            "k6",
            "locust",
            "gcc",
            "g++",
            "cc",
            "c++",
            "clang",
            "clang++",
            "ld",
            "lld",
            "as",
            "javac",
            "kotlinc",
            "scalac",
            "ghc",
            "ocamlc",
            "swiftc",
            "tsup",
            "esbuild",
            "rollup",
            "webpack",
            "vite",
            "parcel",
            "swc",
            "babel",
            "ng",
            "next",
            "nuxt",
            "astro",
            "gatsby",
            "remix",
            "svelte-kit",
            "storybook",
            "react-scripts",
            "vue-cli-service",
            "tailwindcss",
            "postcss",
            "sass",
            "lessc",
            "ninja",
            "meson",
            "autoconf",
            "automake",
            "autoreconf",
            "libtool",
            "pkg-config",
            "protoc",
            "buf",
            "sqlc",
            "typedoc",
            "jsdoc",
            "sphinx-build",
            "mkdocs",
            "hugo",
            "jekyll",
            "doxygen",
            "mdbook",
            "asciidoctor",
            "pdflatex",
            "xelatex",
            "latexmk",
            "bibtex",
            "size-limit",
            "lighthouse",
            "codecov",
            "coverage",
            "mutmut",
            "stryker",
            "pre-commit",
            "husky",
            "lefthook",
            "lint-staged",
            "commitizen",
            "cz",
            "bumpversion",
            "bump2version",
            "dvc",
            "openapi-generator",
            "graphql-codegen",
            "wire",
            "mockgen",
            "golines",
            "ko",
            "benchstat",
            "prove",
            "mocha-parallel-tests",
        ],
        &RUNS,
    ),
    Program::table(
        &[
            "mypy",
            "dmypy",
            "flake8",
            "pylint",
            "pyright",
            "basedpyright",
            "pyre",
            "pytype",
            "bandit",
            "safety",
            "pip-audit",
            "pydocstyle",
            "pycodestyle",
            "vulture",
            "radon",
            "shellcheck",
            "gitleaks",
            "trufflehog",
            "detect-secrets",
            "semgrep",
            "osv-scanner",
            "actionlint",
            "jsonlint",
            "ajv",
            "spectral",
            "vale",
            "codespell",
            "typos",
            "cspell",
            "alex",
            "write-good",
            "markdown-link-check",
            "depcheck",
            "madge",
            "knip",
            "publint",
            "attw",
            "vue-tsc",
            "svelte-check",
            "phpstan",
            "psalm",
            "phpmd",
            "phpcs",
            "brakeman",
            "reek",
            "staticcheck",
            "gosec",
            "govulncheck",
            "errcheck",
            "revive",
            "ineffassign",
            "cppcheck",
            "clang-tidy",
            "cpplint",
            "luacheck",
            "detekt",
            "zizmor",
            "poutine",
            "commitlint",
            "license-checker",
            "editorconfig-checker",
            "lychee",
            "promtool",
            "regal",
            "scorecard",
            "nancy",
            "dependency-check",
            "retire",
        ],
        &CHECKS,
    ),
    Program::table(
        &[
            "eslint",
            "stylelint",
            "standard",
            "xo",
            "oxlint",
            "tslint",
            "biome",
            "ruff",
            "rubocop",
            "standardrb",
            "golangci-lint",
            "markdownlint",
            "markdownlint-cli2",
            "sqlfluff",
            "ktlint",
            "swiftlint",
            "djlint",
            "php-cs-fixer",
            "phpcbf",
            "pint",
            "rector",
            "erb_lint",
            "haml-lint",
            "slim-lint",
            "credo",
            "textlint",
            "remark",
            "prettier",
            "black",
            "isort",
            "autopep8",
            "yapf",
            "autoflake",
            "pyupgrade",
            "docformatter",
            "shfmt",
            "clang-format",
            "dprint",
            "taplo",
            "stylua",
            "ormolu",
            "fourmolu",
            "nixpkgs-fmt",
            "alejandra",
            "nixfmt",
            "swiftformat",
            "google-java-format",
            "mdformat",
            "yamlfmt",
            "yamlfix",
            "sqlformat",
            "pg_format",
            "treefmt",
        ],
        &FORMATS,
    ),
    Program::table(&["snyk"], &SNYK),
    Program::table(&["tsc"], &TSC),
    Program::table(&["cmake"], &CMAKE),
    Program::table(
        &[
            "nodemon",
            "hyperfine",
            "watchexec",
            "onchange",
            "reflex",
            "air",
            "concurrently",
            "npm-run-all",
            "run-s",
            "run-p",
            "wireit",
            "zx",
        ],
        &RUNNERS,
    ),
];

const IN_PLACE: Does = Does::Changes(Verb::Update, "put the old text back");

static RUNS: Cli = Cli {
    rules: &[Rule::new("**", RUN)
        .dry(&["--collect-only", "--co", "--listTests", "--list-tests", "--dry-run", "--fixtures"])
        .when(&[("-wrapper", Does::Opaque("this option runs another program"))])],
    harmless: &["--help", "--version"],
    ..Cli::new("build")
};
static CHECKS: Cli = Cli {
    rules: &[Rule::reads("**").when(&[
        ("--fix", IN_PLACE),
        ("-w", IN_PLACE),
        ("--write-changes", IN_PLACE),
        ("--generate-baseline", IN_PLACE),
        ("--update", IN_PLACE),
    ])],
    harmless: &["--help", "--version"],
    ..Cli::new("build")
};

static FORMATS: Cli = Cli {
    harmless: &["--help", "--version"],
    valued: &[
        "-c",
        "--config",
        "--ext",
        "--format",
        "--parser",
        "--line-length",
        "--select",
        "--ignore",
        "--config-precedence",
    ],
    rules: &[Rule::asks("**", formats)],
    ..Cli::new("build")
};
/// <https://docs.snyk.io/developer-tools/snyk-cli/cli-commands-and-options-summary>, 2026-11.
static SNYK: Cli = Cli {
    rules: &[
        Rule::reads("test|sbom|version|config"),
        Rule::reads("code|container|iac|aibom *"),
        Rule::creates("monitor", "delete the snapshot at the service"),
        Rule::creates("container monitor", "delete the snapshot at the service"),
        Rule::updates("fix|ignore|policy", "revert the files"),
        Rule::updates("auth", "log out again"),
    ],
    ..Cli::new("source")
};

static TSC: Cli = Cli {
    valued: &["-p", "--project", "--outDir", "--target", "-t", "-m", "--module"],
    rules: &[Rule::new("**", RUN).dry(&["--noEmit", "--showConfig", "--listFilesOnly"])],
    ..Cli::new("build")
};
static CMAKE: Cli = Cli {
    valued: &[
        "-S",
        "-B",
        "-G",
        "-D",
        "-C",
        "-t",
        "--target",
        "--build",
        "--install",
        "--config",
        "--preset",
        "-j",
        "--prefix",
    ],
    flags: &["-E", "-P"],
    rules: &[Rule::asks("**", cmake)],
    ..Cli::new("build")
};
static RUNNERS: Cli = Cli { rules: &[Rule::opaque("**", NOT_GIVEN)], ..Cli::new("build") };

/// Whether a linter or formatter writes depends on the program: some write unless told to check,
/// the others check unless told to write.
fn formats(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let has = |options: &[&str]| options.iter().any(|option| matched.dry(&[option]));
    let program = matched.call.words.first().map(Word::text).unwrap_or_default();
    let program = program.rsplit('/').next().unwrap_or(program);
    let first = matched.operands.first().map(|word| word.text()).unwrap_or_default();
    let checks = has(&[
        "--check",
        "--diff",
        "--check-only",
        "-l",
        "--list-different",
        "--lint",
        "--dry-run",
        "-n",
        "--Werror",
        "--no-fix",
        "--test",
        "-d",
        "--fail",
        "--list",
    ]);
    let writes = has(&[
        "--fix",
        "-w",
        "--write",
        "-i",
        "--in-place",
        "--inplace",
        "-a",
        "-A",
        "--autocorrect",
        "--auto-correct",
        "--autocorrect-all",
        "--auto-correct-all",
        "--unsafe-fixes",
        "--replace",
        "-F",
        "--format-in-place",
        "--reformat",
        "--autofix",
    ]);
    let by_itself = match program {
        "ruff" | "biome" | "sqlfluff" | "golangci-lint" | "dprint" | "taplo" => {
            matches!(first, "format" | "fix" | "fmt") && (writes || program != "biome")
        }
        "black" | "isort" | "stylua" | "php-cs-fixer" | "phpcbf" | "pint" | "rector"
        | "swiftformat" | "alejandra" | "nixpkgs-fmt" | "nixfmt" | "mdformat" | "yamlfmt"
        | "yamlfix" | "treefmt" | "pyupgrade" => first != "check",
        _ => false,
    };
    let cleans = matches!(first, "clean" | "cache");
    let does = if (writes || by_itself || cleans) && !checks { IN_PLACE } else { Does::Reads };
    matched.does(does, Named::Operands, judge);
}

/// `cmake -E` is a small shell of its own, `-P` runs a script.
fn cmake(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let words = matched.call.arguments();
    match words.first().map(Word::text) {
        Some("-E") => match words.get(1).map(Word::text) {
            Some("rm" | "remove" | "remove_directory") => {
                let mut inner = vec![Word::made("rm", words[1].span())];
                inner.extend(words.get(2..).unwrap_or_default().iter().cloned());
                judge.call(&matched.call.running(&inner));
            }
            Some("env" | "time" | "chdir") => {
                judge.opaque(matched.call.span(), "it runs another program");
            }
            Some(
                "cat" | "echo" | "capabilities" | "compare_files" | "environment" | "md5sum"
                | "sha256sum" | "true" | "sleep",
            ) => {
                matched.does(Does::Reads, Named::Nothing, judge);
            }
            _ => matched.does(RUN, Named::Nothing, judge),
        },
        _ if words.iter().any(|word| word.is("-P")) => judge.opaque(matched.call.span(), NOT_GIVEN),
        _ => matched.does(RUN, Named::Operands, judge),
    }
}
