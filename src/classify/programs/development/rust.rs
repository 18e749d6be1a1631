//! `cargo` and the tools around it.
//!
//! From <https://doc.rust-lang.org/cargo/commands/>, 2026-11.

use super::{
    super::{Cli, Does, Matched, Program, Rule, table::judge as by_table},
    scripts::{NOT_GIVEN, RUN},
};
use crate::{
    classify::{Call, Judge, Word},
    domain::Verb,
};

pub(super) const PROGRAMS: &[Program] = &[
    Program::code(&["cargo", "cross"], cargo),
    Program::table(&["rustc", "rustdoc", "wasm-pack", "trunk", "bindgen", "cbindgen"], &RUSTC),
    Program::table(&["rustfmt"], &RUSTFMT),
];

const PUBLISHED: Does = Does::Destroys(
    Verb::Reveal,
    "what is published can be copied by everybody, and its version is used up",
);

static CARGO: Cli = Cli {
    harmless: &["--help", "-h", "-V", "--list", "--explain"],
    valued: &[
        "-p",
        "--package",
        "-F",
        "--features",
        "--target",
        "--manifest-path",
        "--bin",
        "--example",
        "--test",
        "--bench",
        "-j",
        "--jobs",
        "--profile",
        "--target-dir",
        "--color",
        "--config",
        "-Z",
        "-C",
        "--message-format",
        "--exclude",
        "--registry",
        "--index",
        "--token",
        "--vers",
        "--version",
        "--git",
        "--path",
        "--branch",
        "--tag",
        "--rev",
        "--root",
        "--format-version",
        "--edition",
        "--name",
        "-E",
        "-i",
        "--invert",
        "--depth",
        "--precise",
        "-e",
        "--edges",
        "--partition",
        "--filter-expr",
        "-a",
        "--add",
        "--remove",
        "-x",
        "--exec",
        "-s",
        "-w",
        "--shell",
    ],
    flags: &[
        "--all",
        "--workspace",
        "--release",
        "--all-features",
        "--no-default-features",
        "--all-targets",
        "--locked",
        "--offline",
        "--frozen",
        "--quiet",
        "--verbose",
        "--lib",
        "--bins",
        "--tests",
        "--examples",
        "--benches",
        "--doc",
        "--no-run",
        "--keep-going",
        "--no-fail-fast",
        "--fix",
        "--allow-dirty",
        "--allow-staged",
        "--force",
        "--no-deps",
        "--open",
        "--check",
        "--dev",
        "--build",
        "--optional",
        "--undo",
        "--no-verify",
        "--aggressive",
    ],
    rules: &[
        Rule::new(
            "build|b|test|t|check|c|clippy|doc|d|bench|rustc|rustdoc|nextest|fetch|\
             package|miri|tarpaulin|llvm-cov|hack|udeps|careful|mutants|fuzz|bloat|\
             criterion|zigbuild|ndk|lambda|dist|chef|insta|semver-checks|public-api|msrv|\
             auditable|deb|rpm|bundle|tauri|leptos|xwin|dylint|spellcheck|rdme|about|\
             cyclonedx|sbom|vet|crev",
            RUN,
        ),
        Rule::reads(
            "tree|metadata|search|info|locate-project|pkgid|verify-project|version|\
             read-manifest|help|audit|deny|outdated|expand|asm|machete|geiger|license|\
             report|config|msrv|modules|depgraph|deps|count|loc|show-asm|unused-features|\
             minimal-versions",
        ),
        Rule::asks("fmt", format),
        Rule::updates(
            "fix|add|remove|rm|update|init|new|vendor|generate-lockfile|clean|install|\
             uninstall|upgrade|generate|sort|autoinherit|edit|binstall|install-update|\
             cache|sweep|login|logout|set-version|workspaces|prefetch",
            "put the old files back, or build again",
        )
        .dry(&["--dry-run"]),
        Rule::new("publish", PUBLISHED).dry(&["-n", "--dry-run"]),
        Rule::new("release|smart-release", Does::Asks(release)),
        Rule::updates("yank", "cargo yank --undo"),
        Rule::grants("owner", "add or remove the owner again")
            .when(&[("-l", Does::Reads), ("--list", Does::Reads)]),
        Rule::opaque("run|r", "what the built program does is not known"),
        Rule::asks("watch", watch),
        Rule::opaque("make|xtask|script|component|play|eval", NOT_GIVEN),
        Rule::reads(""),
        Rule::asks("*", plugin),
    ],
    ..Cli::new("cargo")
};

static RUSTC: Cli = Cli {
    rules: &[
        Rule::new("publish", PUBLISHED),
        Rule::new("**", RUN).when(&[
            ("--print", Does::Reads),
            ("--explain", Does::Reads),
            ("-V", Does::Reads),
        ]),
    ],
    ..Cli::new("build")
};

static RUSTFMT: Cli = Cli {
    valued: &["--edition", "--config", "--emit", "--config-path"],
    rules: &[Rule::updates("**", "put the old text back").dry(&["--check"])],
    ..Cli::new("build")
};

fn cargo(call: &Call<'_>, judge: &mut Judge<'_>) {
    // `cargo +nightly …` and `--config` before it name the toolchain.
    let toolchain = call.arguments().first().is_some_and(|word| word.text().starts_with('+'));
    if let (true, Some(program)) = (toolchain, call.words.first()) {
        let mut words = vec![program.clone()];
        words.extend(call.arguments().iter().skip(1).cloned());
        return by_table(&CARGO, &call.running(&words), judge);
    }
    by_table(&CARGO, call, judge);
}

/// `cargo release` does nothing unless told to.
fn release(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let really = matched.has("-x") || matched.has("--execute");
    let does = if really { PUBLISHED } else { Does::Reads };
    matched.does(does, super::super::Named::Operands, judge);
}

/// `--check` is mostly written for `rustfmt`, behind `--`.
fn format(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let check = matched.call.arguments().iter().any(|word| word.is("--check"));
    let does =
        if check { Does::Reads } else { Does::Changes(Verb::Update, "put the old text back") };
    matched.does(does, super::super::Named::Nothing, judge);
}

/// `cargo watch -x test -s 'command'`
fn watch(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    for script in matched.values(&["-s", "--shell"]) {
        judge.script(script, matched.call.variables, matched.call.stdin);
    }
    for command in matched.values(&["-x", "--exec"]) {
        let line = Word::made(format!("cargo {}", command.text()), command.span());
        judge.script(&line, matched.call.variables, matched.call.stdin);
    }
    matched.does(RUN, super::super::Named::Nothing, judge);
}

/// `cargo NAME` is the program `cargo-NAME`; some of those have a name of their own.
fn plugin(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let Some(name) = matched.path.last() else { return };
    let words = matched.call.arguments();
    let at = words.iter().position(|word| word.span() == name.span()).unwrap_or(0);
    let program = match name.text() {
        own @ ("sqlx" | "diesel" | "sea-orm" | "refinery") => own.to_owned(),
        other => format!("cargo-{other}"),
    };
    let mut inner = vec![Word::made(program, name.span())];
    inner.extend(words.get(at + 1..).unwrap_or_default().iter().cloned());
    judge.call(&matched.call.running(&inner));
}
