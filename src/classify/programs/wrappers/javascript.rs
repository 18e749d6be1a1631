//! JavaScript and TypeScript: Node, Deno and Bun.
//!
//! From <https://nodejs.org/api/cli.html>, <https://docs.deno.com/runtime/reference/cli/>,
//! <https://bun.sh/docs/cli/run>, 2026-11.

use super::{
    front::{self, Own},
    python::{run_file, standard_input},
};
use crate::{
    classify::{Call, Judge, Language, Word},
    domain::Verb,
};

const NODE: Own = Own {
    short: "erC",
    attached: "",
    digits: "",
    long: &[
        "--eval",
        "--require",
        "--import",
        "--loader",
        "--experimental-loader",
        "--conditions",
        "--env-file",
        "--env-file-if-exists",
        "--title",
        "--test-name-pattern",
        "--test-reporter",
        "--test-reporter-destination",
        "--input-type",
        "--run",
        "--watch-path",
        "--icu-data-dir",
        "--openssl-config",
        "--redirect-warnings",
        "--disable-warning",
        "--tsconfig",
    ],
};

/// Judges Node.
pub(super) fn node(call: &Call<'_>, judge: &mut Judge<'_>) {
    let words = call.arguments();
    let front = NODE.read(words);
    let harmless =
        ["--version", "-v", "--help", "-h", "-c", "--check", "--v8-options", "--completion-bash"];
    if front.has(&harmless) {
        return judge.reads("node", "", call.span());
    }
    preloads(&front, judge);
    if let Some(text) = front.value(&["-e", "--eval"]) {
        return judge.code(Language::JavaScript, text, call);
    }
    if front.has(&["-p", "--print"]) {
        // The text may be written as `--print=TEXT`, or follow.
        let attached = front.value(&["-p", "--print"]);
        return match attached.or(front.rest.first()) {
            Some(text) => judge.code(Language::JavaScript, text, call),
            None => standard_input(Language::JavaScript, call, judge),
        };
    }
    if front.has(&["--test"]) {
        return judge.changes(Verb::Run, "tests", "", call.span(), "nothing is to be turned back");
    }
    if let Some(name) = front.value(&["--run"]) {
        return judge.opaque(name.span(), "what this script of the package does is not given");
    }
    file(front.rest, call, judge);
}

/// What is loaded before the program itself.
fn preloads(front: &front::Front<'_>, judge: &mut Judge<'_>) {
    for given in &front.given {
        let name = given.name.as_str();
        if !matches!(
            name,
            "-r" | "--require" | "--import" | "--loader" | "--experimental-loader" | "--preload"
        ) {
            continue;
        }
        let Some(module) = &given.value else { continue };
        let known = [
            "dotenv/config",
            "dotenv",
            "ts-node/register",
            "ts-node/esm",
            "tsx",
            "tsx/cjs",
            "tsx/esm",
            "source-map-support/register",
            "tsconfig-paths/register",
            "esbuild-register",
            "@swc-node/register",
            "esm",
            "fs",
            "path",
            "os",
            "util",
            "child_process",
        ];
        if !module.known().is_some_and(|module| known.contains(&module)) {
            judge.opaque(given.span.with(module.span()), "what this module does is not known");
        }
    }
}

fn file(words: &[Word], call: &Call<'_>, judge: &mut Judge<'_>) {
    match words.split_first() {
        Some((file, _)) if !matches!(file.text(), "-" | "/dev/stdin") => {
            if file.text().contains("node_modules/.bin/") {
                return front::run(words, call, judge);
            }
            if file.text().contains("://") || file.text().starts_with("npm:") {
                return judge.opaque(file.span(), "it runs a program fetched from there");
            }
            run_file(Language::JavaScript, file, call, judge);
        }
        _ => standard_input(Language::JavaScript, call, judge),
    }
}

/// Judges Deno.
pub(super) fn deno(call: &Call<'_>, judge: &mut Judge<'_>) {
    let own = Own::new("LcrA", &["--config", "--log-level", "--import-map", "--lock", "--cert"]);
    let own = Own { short: "Lc", ..own };
    let mut front = own.read(call.arguments());
    if front.has(&["--version", "-V", "--help", "-h"]) {
        return judge.reads("deno", "", call.span());
    }
    let Some(sub) = front.operand() else {
        return standard_input(Language::JavaScript, call, judge);
    };
    let span = call.words[0].span().with(sub.span());
    let inner = own.read(front.rest);
    if inner.has(&["--help", "-h"]) {
        return judge.reads("deno", "", span);
    }
    match sub.known() {
        Some("eval") => match inner.rest.first() {
            Some(text) => judge.code(Language::JavaScript, text, call),
            None => judge.opaque(span, "the text is missing"),
        },
        Some("run" | "serve") => file(inner.rest, call, judge),
        Some("test" | "bench" | "check" | "coverage" | "compile" | "bundle" | "cache") => {
            judge.changes(Verb::Run, "deno", "", span, "nothing is to be turned back");
        }
        Some("fmt") if inner.has(&["--check"]) => judge.reads("deno", "", span),
        Some("lint" | "info" | "doc" | "types" | "completions" | "outdated" | "audit" | "help") => {
            judge.reads("deno", "", span);
        }
        Some(
            "fmt" | "install" | "i" | "add" | "remove" | "uninstall" | "upgrade" | "init" | "clean"
            | "vendor",
        ) => {
            judge.changes(Verb::Update, "deno", "", span, "change it back");
        }
        Some("publish") if inner.has(&["--dry-run"]) => judge.reads("deno", "", span),
        Some("publish") => {
            judge.destroys(
                Verb::Reveal,
                "jsr",
                "",
                span,
                "a published version cannot be called back",
            );
        }
        Some("task" | "repl" | "jupyter" | "deploy" | "x") => {
            judge.opaque(span, "what it runs is not given");
        }
        _ => file(call.arguments(), call, judge),
    }
}

/// Judges Bun.
pub(super) fn bun(call: &Call<'_>, judge: &mut Judge<'_>) {
    let own =
        Own::new("erpc", &["--eval", "--preload", "--cwd", "--config", "--env-file", "--filter"]);
    let mut front = own.read(call.arguments());
    if let Some(text) = front.value(&["-e", "--eval", "-p", "--print"]) {
        return judge.code(Language::JavaScript, text, call);
    }
    if front.has(&["--version", "-v", "--help", "-h", "--revision"]) {
        return judge.reads("bun", "", call.span());
    }
    preloads(&front, judge);
    let before = front.rest;
    let Some(sub) = front.operand() else { return front::interactive(call, judge) };
    let span = call.words[0].span().with(sub.span());
    let inner = own.read(front.rest);
    if inner.has(&["--help", "-h"]) {
        return judge.reads("bun", "", span);
    }
    let dry = inner.has(&["--dry-run"]);
    match sub.known() {
        Some("x") => super::runner::npx(&Call { words: before, ..call.clone() }, judge),
        Some("test" | "build") => {
            judge.changes(Verb::Run, "bun", "", span, "nothing is to be turned back");
        }
        Some("pm" | "outdated" | "audit" | "why" | "info" | "help" | "completions") => {
            judge.reads("bun", "", span);
        }
        Some(
            "install" | "i" | "add" | "a" | "remove" | "rm" | "update" | "link" | "unlink" | "ci"
            | "upgrade" | "init" | "create" | "c" | "patch",
        ) => {
            judge.changes(Verb::Update, "packages", "", span, "change it back");
        }
        Some("publish") if dry => judge.reads("bun", "", span),
        Some("publish") => {
            judge.destroys(
                Verb::Reveal,
                "npm",
                "",
                span,
                "a published version cannot be called back",
            );
        }
        Some("run") => match inner.rest.first() {
            Some(word) if word.text().contains('.') => file(inner.rest, call, judge),
            Some(word) => {
                judge.opaque(word.span(), "what this script of the package does is not given");
            }
            None => judge.reads("bun", "", span),
        },
        _ => file(before, call, judge),
    }
}
