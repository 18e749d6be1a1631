//! `ssh` and `mosh`: a command on another machine.
//!
//! From ssh(1) (<https://man.openbsd.org/ssh>), `ssh_config(5)` and mosh(1) (<https://mosh.org>),
//! 2026-11.

use super::front::{self, Own};
use crate::{
    classify::{Call, Data, Judge, Variables, Word},
    domain::{PlaceKind, Verb},
};

const SSH: Own = Own::new("BbcDEeFIiJLlmMOopPQRSWw", &[]);

/// Judges `ssh`.
pub(super) fn ssh(call: &Call<'_>, judge: &mut Judge<'_>) {
    let auto = front::base(&call.words[0]) == "autossh";
    let own = if auto { SSH } else { Own::new("BbcDEeFIiJLlmOopPQRSWw", &[]) };
    let mut front = own.read(call.arguments());
    if front.has(&["-V", "-G", "-Q", "--help"]) {
        return judge.reads("ssh", "", call.span());
    }
    if call.arguments().is_empty() {
        return judge.reads("ssh", "", call.span());
    }
    let host = front.operand();
    // Its options may follow the host as well.
    let more = own.read(front.rest);
    for given in front.given.iter().chain(&more.given) {
        if given.name == "-o" {
            option(given.value.as_ref(), call, judge);
        }
    }
    let has = |name: &str| front.has(&[name]) || more.has(&[name]);
    let Some(host) = host else {
        return judge.opaque(call.span(), "which host it is about is not known");
    };
    place(host, judge);
    if has("-O") {
        return judge.changes(Verb::Update, "ssh", "", call.span(), "connect again");
    }
    if has("-N") || has("-W") {
        return judge.changes(Verb::Run, "ssh", judge.name(host), call.span(), "end the tunnel");
    }
    remote(more.rest, call, judge);
}

/// The command at the other end, whose variables are not ours.
fn remote(words: &[Word], call: &Call<'_>, judge: &mut Judge<'_>) {
    let variables = Variables::default();
    let script = match (front::joined(words), call.stdin) {
        (Some(script), stdin) => {
            let printed = judge.script(&script, &variables, stdin);
            return judge.prints(printed);
        }
        (None, Data::Text(text)) => text.clone(),
        (None, _) => return judge.opaque(call.span(), "a shell on another machine, for anything"),
    };
    let printed = judge.script(&script, &variables, &Data::Nothing);
    judge.prints(printed);
}

/// `user@host`, `ssh://user@host:22`.
fn place(host: &Word, judge: &mut Judge<'_>) {
    let text = host.text();
    let start = text.find("://").map_or(0, |at| at + 3);
    let start = text[start..].rfind('@').map_or(start, |at| start + at + 1);
    let end = if text.contains("://") {
        text[start..].find([':', '/']).map_or(text.len(), |at| start + at)
    } else {
        text.len()
    };
    judge.place(PlaceKind::Host, &host.part(start..end));
}

/// `-o ProxyCommand=…` runs a command here.
fn option(value: Option<&Word>, call: &Call<'_>, judge: &mut Judge<'_>) {
    let Some(word) = value else { return };
    let text = word.text();
    let end = text.find(['=', ' ']).unwrap_or(text.len());
    let runs = ["proxycommand", "localcommand", "knownhostscommand", "remotecommand"];
    let name = text[..end].to_ascii_lowercase();
    if runs.contains(&name.as_str()) && end < text.len() {
        let script = word.after(end + 1);
        if script.is("none") {
            return;
        }
        // `%h` and its kin stand for names.
        judge.script(&script, call.variables, &Data::Nothing);
    }
}

/// Judges `mosh`.
pub(super) fn mosh(call: &Call<'_>, judge: &mut Judge<'_>) {
    let own =
        Own::new("pa", &["--client", "--server", "--ssh", "--predict", "--port", "--bind-server"]);
    let mut front = own.read(call.arguments());
    if front.has(&["--help", "--version"]) {
        return judge.reads("ssh", "", call.span());
    }
    if let Some(ssh) = front.value(&["--ssh"]) {
        judge.script(ssh, call.variables, &Data::Nothing);
    }
    let Some(host) = front.operand() else {
        return judge.opaque(call.span(), "which host it is about is not known");
    };
    place(host, judge);
    remote(Own::NONE.read(front.rest).rest, call, judge);
}
