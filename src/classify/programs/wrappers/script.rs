//! Wrappers that give a command to a shell or to a kin of theirs: `watch`, `script`, `entr`, and
//! the applets of `busybox`.
//!
//! From watch(1) of procps-ng, script(1) of util-linux, entr(1) (<https://eradman.com/entrproject/>)
//! and <https://busybox.net/downloads/BusyBox.html>, 2026-11.

use super::front::{self, Own};
use crate::{
    classify::{Call, Judge, Word},
    domain::Verb,
};

/// Judges `watch`.
pub(super) fn watch(call: &Call<'_>, judge: &mut Judge<'_>) {
    let own = Own {
        short: "nqs",
        attached: "d",
        digits: "",
        long: &["--interval", "--equexit", "--shotsdir"],
    };
    let front = own.read(call.arguments());
    if front.rest.is_empty() {
        return judge.reads("system", "", call.span());
    }
    if front.has(&["-x", "--exec"]) {
        return front::run(front.rest, call, judge);
    }
    front::run_joined(front.rest, call, judge);
}

/// Judges `script`.
pub(super) fn script(call: &Call<'_>, judge: &mut Judge<'_>) {
    let own = Own {
        short: "cEmoIOBT",
        attached: "t",
        digits: "",
        long: &[
            "--command",
            "--echo",
            "--logging-format",
            "--output-limit",
            "--log-in",
            "--log-out",
            "--log-io",
            "--log-timing",
        ],
    };
    let mut words = call.arguments();
    let mut command = None;
    while !words.is_empty() {
        let front = own.read(words);
        if front.has(&["--help", "--version", "-V", "-h"]) {
            return judge.reads("system", "", call.span());
        }
        command = front.value(&["-c", "--command"]).cloned().or(command);
        // Behind the file the BSD kind has a command.
        match front.rest.split_first() {
            Some((_, rest)) if rest.first().is_some_and(|word| !word.text().starts_with('-')) => {
                return front::run(rest, call, judge);
            }
            Some((_, rest)) => words = rest,
            None => break,
        }
    }
    match command {
        Some(command) => front::run_script(&command, call, judge),
        None => super::shells::standard_input(call, judge),
    }
}

/// Judges `entr`, which runs its command whenever a file changes.
pub(super) fn entr(call: &Call<'_>, judge: &mut Judge<'_>) {
    let front = Own::NONE.read(call.arguments());
    if front.rest.is_empty() {
        return judge.reads("system", "", call.span());
    }
    let changed =
        |word: &Word| if word.is("/_") { Word::unknown(word.span()) } else { word.clone() };
    let words: Vec<Word> = front.rest.iter().map(changed).collect();
    if front.has(&["-s"]) {
        return front::run_joined(&words, call, judge);
    }
    front::run(&words, call, judge);
}

/// Judges `busybox APPLET…`.
pub(super) fn applet(call: &Call<'_>, judge: &mut Judge<'_>) {
    match call.arguments() {
        [] => judge.reads("system", "", call.span()),
        [first, ..] if first.text().starts_with("--install") => {
            judge.changes(Verb::Create, "files", "", call.span(), "delete the links again");
        }
        [first, ..] if first.text().starts_with("--") => {
            judge.reads("system", "", call.span());
        }
        words => front::run(words, call, judge),
    }
}
