//! `su` and `runuser`: a shell, or a command, as somebody else.
//!
//! From su(1) and runuser(1) of util-linux
//! (<https://man7.org/linux/man-pages/man1/su.1.html>), 2026-11.

use super::front::{self, Own};
use crate::classify::{Call, Judge, Word};

const OWN: Own = Own::new(
    "cgGsuTw",
    &[
        "--command",
        "--session-command",
        "--group",
        "--supp-group",
        "--shell",
        "--user",
        "--whitelist-environment",
    ],
);

/// Judges `su`.
pub(super) fn su(call: &Call<'_>, judge: &mut Judge<'_>) {
    let mut arguments = call.arguments().to_vec();
    let mut script: Option<Word> = None;
    // Options may follow the user; what follows them goes to the shell.
    for _ in 0..4 {
        let front = OWN.read(&arguments);
        if front.has(&["--help", "--version", "-h", "-V"]) {
            return judge.reads("system", "", call.span());
        }
        if let Some(word) = front.value(&["-c", "--command", "--session-command"]) {
            script = Some(word.clone());
        }
        let Some((_, rest)) = front.rest.split_first() else { break };
        arguments = rest.to_vec();
    }
    match script {
        Some(script) => front::run_script(&script, call, judge),
        None if call.arguments().iter().filter(|word| !word.may_be_option()).count() > 1 => {
            front::interactive(call, judge);
        }
        None => super::shells::standard_input(call, judge),
    }
}

/// Judges `runuser`.
pub(super) fn runuser(call: &Call<'_>, judge: &mut Judge<'_>) {
    let front = OWN.read(call.arguments());
    if front.value(&["-u", "--user"]).is_none() || front.value(&["-c"]).is_some() {
        return su(call, judge);
    }
    if front.rest.is_empty() {
        return front::interactive(call, judge);
    }
    front::run(front.rest, call, judge);
}
