//! `sudo` and `doas`: run a command as somebody else.
//!
//! From sudo(8) (<https://www.sudo.ws/docs/man/sudo.man/>) and doas(1)
//! (<https://man.openbsd.org/doas>), 2026-11.

use super::front::{self, Own};
use crate::{
    classify::{Call, Judge},
    domain::Verb,
};

const SUDO: Own = Own::new(
    "aCcDghpRrTtUu",
    &[
        "--auth-type",
        "--close-from",
        "--login-class",
        "--chdir",
        "--group",
        "--host",
        "--prompt",
        "--chroot",
        "--role",
        "--command-timeout",
        "--type",
        "--other-user",
        "--user",
    ],
);

/// Judges `sudo`.
pub(super) fn sudo(call: &Call<'_>, judge: &mut Judge<'_>) {
    let front = SUDO.read(call.arguments());
    let harmless = ["--help", "--version", "-V", "-l", "--list", "-v", "--validate"];
    let edits = front.has(&["-e", "--edit"]) || front::base(&call.words[0]) == "sudoedit";
    if front.has(&harmless) {
        return judge.reads("system", "", call.span());
    }
    if edits {
        return judge.changes(Verb::Update, "files", "", call.span(), "edit it back");
    }
    let mut variables = call.variables.clone();
    let command = front::assignments(front.rest, &mut variables);
    let shell = front.has(&["-s", "--shell", "-i", "--login"]);
    match command {
        [] if shell => super::shells::standard_input(call, judge),
        [] if front.has(&["-k", "-K", "--reset-timestamp", "--remove-timestamp"]) => {
            judge.reads("system", "", call.span());
        }
        [] => front::interactive(call, judge),
        _ if shell => {
            let Some(script) = front::joined(command) else { return };
            let printed = judge.script(&script, &variables, call.stdin);
            judge.prints(printed);
        }
        _ => front::run_with(command, &variables, call, judge),
    }
}

/// Judges `doas`.
pub(super) fn doas(call: &Call<'_>, judge: &mut Judge<'_>) {
    let front = Own::new("aCu", &[]).read(call.arguments());
    match front.rest {
        [] if front.has(&["-C", "-L"]) => judge.reads("system", "", call.span()),
        [] if front.has(&["-s"]) => super::shells::standard_input(call, judge),
        [] => front::interactive(call, judge),
        command => front::run(command, call, judge),
    }
}
