//! Raw connections: `nc`, `ncat`, `socat`, `telnet`.
//!
//! From <https://nmap.org/ncat/guide/>, <https://man.openbsd.org/nc> and
//! <http://www.dest-unreach.org/socat/doc/socat.html>, 2026-11.

use super::{
    super::secret_files::is_secret,
    super::{Cli, Does, Matched, Named, Program, Rule},
    PLAIN,
    secrets::is_sensitive,
};
use crate::{
    classify::{Data, Judge, Word},
    domain::{PlaceKind, Verb},
};

pub(super) const PROGRAMS: &[Program] = &[
    Program::table(&["nc", "ncat", "netcat", "nc.openbsd", "nc.traditional", "telnet"], &NC),
    Program::table(&["socat"], &SOCAT),
];

static NC: Cli = Cli {
    service: "network",
    valued: &[
        "-e",
        "-c",
        "-w",
        "-i",
        "-p",
        "-s",
        "-q",
        "-x",
        "-X",
        "-P",
        "-T",
        "-O",
        "-I",
        "-m",
        "-g",
        "-G",
        "-o",
        "--exec",
        "--sh-exec",
        "--lua-exec",
        "--wait",
        "--source",
        "--proxy",
        "--output",
    ],
    abbreviates: false,
    rules: &[Rule::asks("**", nc)],
    ..PLAIN
};
static SOCAT: Cli = Cli {
    service: "network",
    valued: &["-b", "-t", "-T", "-l", "-r", "-R"],
    rules: &[Rule::asks("**", socat)],
    ..PLAIN
};

fn nc(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let run: Vec<Word> = matched.values(&["-e", "-c", "--exec", "--sh-exec"]).cloned().collect();
    for command in &run {
        judge.script(command, matched.call.variables, &Data::Unknown(matched.call.span()));
        judge.opaque(command.span(), "whoever is at the other end tells it what to do");
    }
    if let Some(script) = matched.value("--lua-exec") {
        judge.opaque(script.span(), "this script is not read");
    }
    let listens = matched.has("-l") || matched.has("--listen");
    if listens {
        judge.opaque(matched.call.span(), "what others send to it is not known");
    } else if let Some(host) = matched.operands.first() {
        judge.place(PlaceKind::Host, host);
    }
    if matched.has("-z") {
        return matched.does(Does::Reads, Named::Operands, judge);
    }
    sends(matched, judge);
}

/// Sends its standard input away.
fn sends(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let does = if is_sensitive(matched.call.stdin, judge) {
        Does::Destroys(Verb::Reveal, "the secret or the data is out on another host")
    } else if *matched.call.stdin == Data::Nothing {
        Does::Reads
    } else {
        Does::Changes(Verb::Create, "ask the other end to forget it")
    };
    matched.does(does, Named::Operands, judge);
}

/// The first two operands are addresses of the form `KIND:parameters,options`.
fn socat(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let (mut leaves, mut secret) = (false, false);
    for word in &matched.operands {
        let text = word.text();
        let kind = text.split(':').next().unwrap_or_default().to_ascii_uppercase();
        match kind.as_str() {
            "EXEC" | "SYSTEM" | "SHELL" => {
                let command = word.after((kind.len() + 1).min(text.len()));
                judge.script(&command, matched.call.variables, &Data::Unknown(matched.call.span()));
                judge.opaque(word.span(), "what the other end sends to it is not known");
            }
            _ if kind.ends_with("LISTEN")
                || kind.ends_with("RECV")
                || kind.ends_with("RECVFROM") =>
            {
                judge.opaque(word.span(), "what others send to it is not known");
            }
            "FILE" | "OPEN" | "GOPEN" | "CREATE" | "CREAT" => {
                let path = text
                    .split(':')
                    .nth(1)
                    .unwrap_or_default()
                    .split(',')
                    .next()
                    .unwrap_or_default();
                secret |= is_secret(path);
                if kind.starts_with("CREAT") || text.contains("trunc") {
                    let name = judge.name(word);
                    judge.changes(
                        Verb::Create,
                        "files",
                        name,
                        word.span(),
                        "put the old file back",
                    );
                }
            }
            _ if kind.contains("TCP")
                || kind.contains("UDP")
                || kind.contains("SSL")
                || kind.contains("SOCKS")
                || kind.contains("PROXY") =>
            {
                leaves = true;
                if let Some(host) = text.split(':').nth(1) {
                    let from = kind.len() + 1;
                    judge.place(PlaceKind::Host, &word.part(from..from + host.len()));
                }
            }
            _ => {}
        }
    }
    if leaves && secret {
        let lost = "the secret is out on another host";
        return matched.does(Does::Destroys(Verb::Reveal, lost), Named::Operands, judge);
    }
    sends(matched, judge);
}
