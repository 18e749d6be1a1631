//! Shells: `bash -c SCRIPT`, `sh FILE`, `… | bash`.
//!
//! From the Bash manual, "Invoking Bash"
//! (<https://www.gnu.org/software/bash/manual/html_node/Invoking-Bash.html>), sh(1p), zsh(1) and
//! <https://fishshell.com/docs/current/cmds/fish.html>, 2026-11.

use super::front::{self, Own};
use crate::classify::{Call, Data, Judge, Variables, Word};

const OWN: Own = Own::new(
    "oOC",
    &[
        "--rcfile",
        "--init-file",
        "--command",
        "--init-command",
        "--features",
        "--profile",
        "--debug",
        "--debug-output",
    ],
);

/// Judges a shell.
pub(super) fn judge(call: &Call<'_>, judge: &mut Judge<'_>) {
    for name in ["BASH_ENV", "ENV", "ZDOTDIR"] {
        if let Some(file) = call.variables.get(name) {
            judge.opaque(file.span(), "the shell runs this file first");
        }
    }
    let words = call.arguments();
    let mut front = OWN.read(words);
    // `+x` turns an option off.
    while front.rest.first().is_some_and(|word| word.text().starts_with('+')) {
        let takes = front.rest[0].text().ends_with(['o', 'O']);
        let rest = front.rest.get(1 + usize::from(takes)..).unwrap_or_default();
        let more = OWN.read(rest);
        front.given.extend(more.given);
        front.rest = more.rest;
    }
    let harmless = ["--version", "--help", "--dump-strings", "--dump-po-strings", "-D"];
    if front.has(&harmless) || front.has(&["-n", "--no-execute"]) {
        return judge.reads("shell", "", call.span());
    }
    for given in &front.given {
        if matches!(given.name.as_str(), "--rcfile" | "--init-file") && front.has(&["-i"]) {
            judge.opaque(given.span, "the shell runs this file first");
        }
        if let ("-C" | "--init-command", Some(script)) = (given.name.as_str(), &given.value) {
            judge.script(script, call.variables, &Data::Nothing);
        }
    }
    if let Some(script) = front.value(&["--command"]) {
        return run(script, front.rest, call, judge);
    }
    if front.has(&["-c"]) {
        return match front.rest.split_first() {
            Some((script, arguments)) => run(script, arguments, call, judge),
            None => judge.opaque(call.span(), "the script is missing"),
        };
    }
    match front.rest.split_first() {
        Some((file, arguments)) if !front.has(&["-s"]) && !is_standard_input(file) => {
            let text = file.known().and_then(|name| judge.file(name));
            match text {
                Some(text) => run_as(&Word::made(text, file.span()), file, arguments, call, judge),
                None => judge.opaque(file.span(), "what this script does is not given"),
            }
        }
        _ => {
            let variables = positional(call.words.first(), front.rest, call.variables);
            let inner = Call { words: call.words, variables: &variables, stdin: call.stdin };
            standard_input(&inner, judge);
        }
    }
}

fn is_standard_input(file: &Word) -> bool {
    matches!(file.text(), "-" | "/dev/stdin" | "/dev/fd/0" | "/proc/self/fd/0")
}

/// A shell that reads its script from standard input.
pub(super) fn standard_input(call: &Call<'_>, judge: &mut Judge<'_>) {
    match call.stdin {
        Data::Text(script) => {
            let printed = judge.script(script, call.variables, &Data::Nothing);
            judge.prints(printed);
        }
        Data::Unknown(span) => {
            judge.opaque(span.with(call.span()), "it runs a script that is not known");
        }
        Data::Nothing => judge.opaque(call.span(), "a shell runs whatever it is given"),
    }
}

/// `-c SCRIPT NAME ARGUMENTS…`
fn run(script: &Word, arguments: &[Word], call: &Call<'_>, judge: &mut Judge<'_>) {
    let (name, rest) = match arguments.split_first() {
        Some((name, rest)) => (Some(name), rest),
        None => (call.words.first(), arguments),
    };
    let variables = positional(name, rest, call.variables);
    let printed = judge.script(script, &variables, call.stdin);
    judge.prints(printed);
}

fn run_as(script: &Word, name: &Word, arguments: &[Word], call: &Call<'_>, judge: &mut Judge<'_>) {
    let variables = positional(Some(name), arguments, call.variables);
    let printed = judge.script(script, &variables, call.stdin);
    judge.prints(printed);
}

/// `$0`, `$1`, …, `$#`, `$@` and `$*`.
fn positional(name: Option<&Word>, arguments: &[Word], outer: &Variables) -> Variables {
    let mut variables = outer.clone();
    if let Some(name) = name {
        variables.set("0", name.clone());
    }
    let splits = arguments.iter().any(Word::may_split);
    for (at, word) in arguments.iter().enumerate().take(64) {
        // What comes behind a word that may be several has an unknown place.
        let word = if splits { Word::unknown(word.span()) } else { word.clone() };
        variables.set((at + 1).to_string(), word);
    }
    if let Some(all) = front::joined(arguments) {
        variables.set("*", all.clone());
        variables.set("@", all);
        if !splits {
            let count =
                Word::made(arguments.len().to_string(), name.map(Word::span).unwrap_or_default());
            variables.set("#", count);
        }
    }
    variables
}
