//! Tasks that a project defines: `make`, `just`, and which names mean the same everywhere.
//!
//! ```text
//!   make NAME ─▶ Makefile given? ─ yes ─▶ its recipe, and those it depends on, as shell scripts
//!                                └ no ──▶ a name such as `test`: what it says; any other: opaque
//! ```
//!
//! From <https://www.gnu.org/software/make/manual/> and <https://just.systems/man/>, 2026-11.

use super::super::{Cli, Does, Matched, Named, Program, Rule};
use crate::{
    classify::{Data, HOLES, Judge, Word},
    domain::Verb,
};
use std::collections::{BTreeMap, BTreeSet};

pub(super) const PROGRAMS: &[Program] = &[
    Program::table(&["make", "gmake", "bmake", "nmake"], &MAKE),
    Program::table(&["just"], &JUST),
    Program::table(
        &[
            "task", "invoke", "inv", "doit", "mage", "ant", "phing", "grunt", "gulp", "jake",
            "cake", "tusk", "mask",
        ],
        &TASK,
    ),
];

pub(super) const RUN: Does = Does::Changes(Verb::Run, "remove what it has written");
pub(super) const NOT_GIVEN: &str = "what this task does stands in a file that is not given";

/// Words that are the same task in every project.
const USUAL: &[&str] = &[
    "test",
    "tests",
    "build",
    "lint",
    "format",
    "fmt",
    "typecheck",
    "tsc",
    "check",
    "start",
    "dev",
    "serve",
    "watch",
    "preview",
    "storybook",
    "coverage",
    "cov",
    "e2e",
    "unit",
    "integration",
    "compile",
    "docs",
    "doc",
    "prettier",
    "eslint",
    "types",
    "type",
    "all",
    "help",
    "ci",
    "bench",
    "verify",
    "vet",
    "spec",
    "typedoc",
    "stylelint",
    "css",
    "js",
    "fix",
    "styles",
    "bundle",
    "debug",
];
/// Words that say to what it is done.
const OBJECTS: &[&str] = &[
    "production",
    "prod",
    "staging",
    "development",
    "client",
    "server",
    "web",
    "app",
    "api",
    "ui",
    "lib",
    "only",
    "run",
    "once",
    "fast",
    "quick",
    "short",
    "mock",
];
/// Names that only mean something harmless to `make`.
const MADE: &[&str] = &[
    "clean",
    "install",
    "distclean",
    "mrproper",
    "tags",
    "dist",
    "defconfig",
    "menuconfig",
    "deps",
    "setup",
    "generate",
    "proto",
    "images",
    "image",
];

/// Whether a task of this name builds, tests or checks in any project.
pub(super) fn is_usual(name: &str) -> bool {
    let mut words = name.split([':', '-', '_', '.', '/']);
    let first = words.next().unwrap_or_default();
    USUAL.contains(&first) && words.all(|word| USUAL.contains(&word) || OBJECTS.contains(&word))
}

static MAKE: Cli = Cli {
    abbreviates: true,
    harmless: &["--help", "--version", "-h", "-v"],
    valued: &[
        "-C",
        "--directory",
        "-f",
        "--file",
        "--makefile",
        "-I",
        "--include-dir",
        "-o",
        "--old-file",
        "-W",
        "--what-if",
        "--eval",
        "-E",
    ],
    rules: &[Rule::asks("**", make)],
    ..Cli::new("build")
};
static JUST: Cli = Cli {
    valued: &["-f", "--justfile", "-d", "--working-directory", "--set", "--shell", "--shell-arg"],
    rules: &[Rule::asks("**", just).dry(&[
        "-n",
        "--dry-run",
        "-l",
        "--list",
        "--summary",
        "--show",
        "-s",
        "--dump",
        "--evaluate",
        "--variables",
        "--check",
    ])],
    ..Cli::new("build")
};
static TASK: Cli = Cli {
    valued: &["-t", "--taskfile", "-d", "--dir", "-f", "-C", "--collection", "-c"],
    rules: &[Rule::asks("**", tasks).dry(&[
        "--list",
        "-l",
        "--list-all",
        "-a",
        "--dry",
        "-n",
        "--summary",
        "--status",
        "-p",
        "-projecthelp",
    ])],
    ..Cli::new("build")
};

/// Tasks of programs whose files are not read.
pub(super) fn tasks(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    for word in &matched.operands {
        if word.text().contains('=') || word.text().starts_with('-') {
            continue;
        }
        if word.known().is_some_and(is_usual) {
            judge.changes(
                Verb::Run,
                "build",
                judge.name(word),
                word.span(),
                "remove what it has written",
            );
        } else {
            judge.opaque(matched.span().with(word.span()), NOT_GIVEN);
        }
    }
    if matched.operands.is_empty() {
        judge.opaque(matched.span(), NOT_GIVEN);
    }
}

fn is_input(file: &Word) -> bool {
    matches!(file.text(), "-" | "/dev/stdin" | "/dev/fd/0")
}

/// Options with which `make` only says what it would do, except for what its rules run as they
/// are read.
const MAKE_DRY: &[&str] =
    &["-n", "--just-print", "--dry-run", "--recon", "-q", "--question", "-p", "--print-data-base"];

fn make(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    for text in matched.values(&["--eval", "-E"]) {
        judge.opaque(text.span(), "rules given on the command line are not read");
    }
    if matched.dry(MAKE_DRY) {
        return matched.does(Does::Reads, Named::Operands, judge);
    }
    let directory = matched.value("-C").or_else(|| matched.value("--directory"));
    let place = |name: &str| match directory.map(Word::known) {
        None => Some(name.to_owned()),
        Some(Some(directory)) => Some(format!("{}/{name}", directory.trim_end_matches('/'))),
        Some(None) => None,
    };
    let named = ["-f", "--file", "--makefile"].iter().find_map(|option| matched.value(option));
    let text = match named {
        Some(file) if is_input(file) => match matched.call.stdin {
            Data::Text(text) => text.known().map(str::to_owned),
            _ => None,
        },
        Some(file) => file.known().and_then(|name| judge.file(&place(name)?)),
        None => ["GNUmakefile", "makefile", "Makefile"]
            .iter()
            .find_map(|name| judge.file(&place(name)?)),
    };
    let mut variables = BTreeMap::new();
    let mut goals = Vec::new();
    for word in &matched.operands {
        match word.text().split_once('=') {
            Some((name, value)) => {
                variables
                    .insert(name.trim_end_matches([':', '?', '+']).to_owned(), value.to_owned());
            }
            None => goals.push(*word),
        }
    }
    let Some(text) = text else {
        let rewritten = match named {
            Some(file) => is_input(file) || judge.is_written(file),
            None => ["GNUmakefile", "makefile", "Makefile"]
                .iter()
                .filter_map(|name| place(name))
                .any(|name| judge.is_written(&Word::made(name, matched.span()))),
        };
        if rewritten {
            return judge.opaque(matched.call.span(), NOT_GIVEN);
        }
        for goal in &goals {
            let usual = goal.known().is_some_and(|name| is_usual(name) || MADE.contains(&name));
            if usual {
                let back = "make it again";
                judge.changes(
                    Verb::Run,
                    "build",
                    judge.name(goal),
                    matched.span().with(goal.span()),
                    back,
                );
            } else {
                judge.opaque(matched.span().with(goal.span()), NOT_GIVEN);
            }
        }
        if goals.is_empty() {
            matched.does(RUN, Named::Nothing, judge);
        }
        return;
    };
    // Recipes may run `make` again and again.
    if !judge.step(1 + u32::try_from(text.len() / 256).unwrap_or(u32::MAX), matched.call.span()) {
        return;
    }
    let file = Makefile::read(&text, &variables);
    let first = file.first.clone();
    let mut wanted: Vec<(String, Word)> =
        goals.iter().map(|goal| (goal.text().to_owned(), (*goal).clone())).collect();
    if let (true, Some(first), Some(program)) =
        (wanted.is_empty(), first, matched.call.words.first())
    {
        wanted.push((first, program.clone()));
    }
    matched.does(RUN, Named::Operands, judge);
    let mut done = BTreeSet::new();
    while let Some((name, from)) = wanted.pop() {
        if !done.insert(name.clone()) {
            continue;
        }
        if !judge.step(1, from.span()) {
            return;
        }
        let Some(rule) = file.rules.get(&name) else {
            if goals.iter().any(|goal| goal.text() == name) {
                judge.opaque(from.span(), NOT_GIVEN);
            }
            continue;
        };
        for line in &rule.recipe {
            let script = Word::made(line.clone(), from.span());
            judge.script(&script, matched.call.variables, &Data::Nothing);
        }
        wanted.extend(rule.needs.iter().map(|need| (need.clone(), from.clone())));
    }
}

#[derive(Default)]
struct Recipe {
    needs: Vec<String>,
    recipe: Vec<String>,
}

#[derive(Default)]
struct Makefile {
    rules: BTreeMap<String, Recipe>,
    first: Option<String>,
}

impl Makefile {
    /// Reads rules and plain variables; `given` are those of the command line, which win.
    fn read(text: &str, given: &BTreeMap<String, String>) -> Self {
        let mut file = Self::default();
        let mut variables = given.clone();
        let mut targets: Vec<String> = Vec::new();
        let joined = text.replace("\\\n", " ");
        for line in joined.lines() {
            if let Some(recipe) = line.strip_prefix('\t') {
                let command = recipe.trim_start().trim_start_matches(['@', '-', '+']).trim();
                if !command.is_empty() && !command.starts_with('#') {
                    let command = expand(command, &variables, true);
                    for target in &targets {
                        file.rules.entry(target.clone()).or_default().recipe.push(command.clone());
                    }
                }
                continue;
            }
            let line = line.split(" #").next().unwrap_or(line).trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some((name, value)) = assignment(line) {
                if !given.contains_key(name) {
                    let value = expand(value, &variables, false);
                    variables.insert(name.to_owned(), value);
                }
                continue;
            }
            if let Some((left, right)) = line.split_once(':') {
                let right = right.trim_start_matches(':');
                let (needs, inline) =
                    right.split_once(';').map_or((right, None), |(n, r)| (n, Some(r)));
                targets =
                    expand(left, &variables, false).split_whitespace().map(str::to_owned).collect();
                let needs = expand(needs, &variables, false);
                for target in &targets {
                    if !target.starts_with('.') && !target.contains('%') && file.first.is_none() {
                        file.first = Some(target.clone());
                    }
                    let rule = file.rules.entry(target.clone()).or_default();
                    rule.needs
                        .extend(needs.split_whitespace().filter(|n| *n != "|").map(str::to_owned));
                    if let Some(inline) = inline {
                        rule.recipe.push(expand(inline.trim(), &variables, true));
                    }
                }
            }
        }
        file
    }
}

fn assignment(line: &str) -> Option<(&str, &str)> {
    let line = line.strip_prefix("export ").unwrap_or(line);
    let (left, value) = line.split_once('=')?;
    let name = left.trim_end_matches([':', '?', '+', '!']).trim();
    let plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c));
    plain.then(|| (name, value.trim()))
}

/// Puts in the variables that are known; what is not known becomes a hole. `shell`: `$$` is the
/// dollar that the shell sees.
fn expand(text: &str, variables: &BTreeMap<String, String>, shell: bool) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(next) = rest.chars().next() else { break };
        rest = &rest[next.len_utf8()..];
        let close = match next {
            '$' => {
                out.push(if shell { '$' } else { HOLES });
                continue;
            }
            '(' => ')',
            '{' => '}',
            _ => {
                out.push(HOLES);
                continue;
            }
        };
        let Some(end) = rest.find(close) else {
            out.push(HOLES);
            break;
        };
        match variables.get(&rest[..end]) {
            // A value that grows by being put into itself is cut off.
            Some(value) if out.len() + value.len() < 16_384 => out.push_str(value),
            _ => out.push(HOLES),
        }
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    out
}

fn just(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let named = ["-f", "--justfile"].iter().find_map(|option| matched.value(option));
    let text = match named {
        Some(file) => file.known().and_then(|name| judge.file(name)),
        None => ["justfile", "Justfile", ".justfile"].iter().find_map(|name| judge.file(name)),
    };
    let Some(text) = text else {
        return tasks(matched, judge);
    };
    let goals = matched.operands.iter().filter(|word| !word.text().contains('='));
    let goal = goals.clone().next().map(|word| word.text().to_owned());
    let span = matched.call.span();
    matched.does(RUN, Named::Operands, judge);
    let (mut name, mut found) = (String::new(), false);
    for line in text.lines() {
        if line.starts_with([' ', '\t']) {
            let wanted = goal.as_deref().is_none_or(|goal| goal == name);
            if wanted && !name.is_empty() {
                found = true;
                let line = line.trim().trim_start_matches(['@', '-']);
                judge.script(
                    &Word::made(braces(line), span),
                    matched.call.variables,
                    &Data::Nothing,
                );
            }
        } else if let Some((head, needs)) =
            line.split_once(':').filter(|(_, rest)| !rest.starts_with('='))
        {
            if goal.is_none() && found {
                break;
            }
            head.trim_start_matches('@')
                .split_whitespace()
                .next()
                .unwrap_or_default()
                .clone_into(&mut name);
            if goal.as_deref() == Some(name.as_str()) && !needs.trim().is_empty() {
                judge.opaque(span, "the recipes this one needs are not read");
            }
        }
    }
    if !found {
        judge.opaque(span, NOT_GIVEN);
    }
}

/// Puts holes where a justfile has `{{…}}`.
fn braces(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(at) = rest.find("{{") {
        out.push_str(&rest[..at]);
        out.push(HOLES);
        rest = rest[at..].find("}}").map_or("", |end| &rest[at + end + 2..]);
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::{Files, Setting, command};
    use crate::domain::Class;

    struct One(&'static str, &'static str);

    impl Files for One {
        fn read(&self, name: &str) -> Option<String> {
            (name == self.0).then(|| self.1.to_owned())
        }
    }

    fn class(input: &str, files: &One) -> Class {
        command(input, &Setting { files, ..Setting::default() }).class()
    }

    #[test]
    fn usual_names() {
        assert!(["test", "build:prod", "test-unit", "lint"].iter().all(|name| is_usual(name)));
        assert!(
            ["db:push", "test:db:reset", "deploy", "build-and-deploy", "prod"]
                .iter()
                .all(|name| !is_usual(name))
        );
    }

    #[test]
    fn recipes_are_read() {
        let file = One(
            "Makefile",
            "DIR := /srv/data\nwipe: clean\n\techo x\nclean:\n\t@rm -rf $(DIR)\nsee:\n\tls -l\n",
        );
        assert_eq!(class("make wipe", &file), Class::Destructive);
        assert_eq!(class("make -n wipe", &file), Class::ReadOnly);
        assert_eq!(class("make see", &file), Class::Mutating);
        assert_eq!(class("make other", &file), Class::Opaque);
        let just = One("justfile", "see:\n    ls -l\n\nwipe dir:\n    rm -rf {{dir}}\n");
        assert_eq!(class("just wipe /srv", &just), Class::Destructive);
        assert_eq!(class("just see", &just), Class::Mutating);
    }
}
