//! `env`: sets variables and runs a command.
//!
//! From the GNU coreutils manual, "env invocation"
//! (<https://www.gnu.org/software/coreutils/manual/html_node/env-invocation.html>), 2026-11.

use super::front::{self, Own};
use crate::classify::{Call, Judge, Word};

const OWN: Own = Own::new("uCSPaL", &["--unset", "--chdir", "--split-string", "--argv0"]);

/// Judges `env`.
pub(super) fn judge(call: &Call<'_>, judge: &mut Judge<'_>) {
    let front = OWN.read(call.arguments());
    if front.has(&["--help", "--version"]) {
        return judge.reads("system", "", call.span());
    }
    let mut variables = call.variables.clone();
    for given in &front.given {
        if let ("-u" | "--unset", Some(name)) = (given.name.as_str(), &given.value) {
            variables.forget(name.text());
        }
    }
    let mut words: Vec<Word> = Vec::new();
    let rest = if let Some(string) = front.value(&["-S", "--split-string"]) {
        if string.may_inject() {
            judge.opaque(string.span(), "part of the command is not known");
        }
        // Options may stand in the string as well.
        words.extend(front::split(string));
        words.extend(front.rest.iter().cloned());
        OWN.read(&words).rest
    } else {
        front.rest
    };
    let rest = if rest.first().is_some_and(|word| word.is("-")) { &rest[1..] } else { rest };
    let command = front::assignments(rest, &mut variables);
    if command.is_empty() {
        return judge.reads("system", "", call.span());
    }
    front::run_with(command, &variables, call, judge);
}
