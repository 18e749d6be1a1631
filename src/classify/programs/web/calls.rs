//! Programs that call something over the network another way: `grpcurl`, `hurl`, `websocat`,
//! `httpx`.
//!
//! After github.com/fullstorydev/grpcurl, hurl.dev, github.com/vi/websocat, www.python-httpx.org
//! and docs.projectdiscovery.io/tools/httpx (read 2026-11).

use super::{
    http::{self, Part, Request},
    outputs,
    verbs::{self, Meaning},
};
use crate::{
    classify::{
        Call, Data, Judge, Word,
        programs::{Cli, Matched, Rule, Style},
    },
    domain::{PlaceKind, Verb},
};

/// The table of `grpcurl`.
pub static GRPCURL: Cli = Cli {
    style: Style::Single,
    valued: &[
        "-d",
        "-H",
        "-rpc-header",
        "-reflect-header",
        "-import-path",
        "-proto",
        "-protoset",
        "-protoset-out",
        "-proto-out-dir",
        "-cacert",
        "-cert",
        "-key",
        "-authority",
        "-servername",
        "-user-agent",
        "-max-time",
        "-connect-timeout",
        "-keepalive-time",
        "-max-msg-sz",
        "-format",
    ],
    flags: &[
        "-plaintext",
        "-insecure",
        "-v",
        "-vv",
        "-emit-defaults",
        "-expand-headers",
        "-use-reflection",
        "-unix",
        "-alts",
        "-allow-unknown-fields",
        "-msg-template",
        "-format-error",
    ],
    harmless: &["-help", "-version", "-h"],
    rules: &[
        Rule::reads("list"),
        Rule::reads("describe"),
        Rule::reads("* list|describe"),
        Rule::asks("* *", grpc),
        Rule::reads("*"),
        Rule::reads(""),
    ],
    ..Cli::new("grpc")
};

fn grpc(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let [address, method] = matched.path.as_slice() else { return };
    let host = address.text().split(':').next().unwrap_or_default();
    judge.place(PlaceKind::Host, &Word::made(host, address.span()));
    if method.has_holes() {
        return judge.opaque(method.span(), "which method it calls is not known");
    }
    let name = method.text().rsplit(['/', '.']).next().unwrap_or_default();
    let (resource, at) = (judge.name(method), matched.span());
    match verbs::name(name) {
        Meaning::Reads => judge.reads("grpc", resource, at),
        Meaning::Reveals => judge.changes(Verb::Reveal, "grpc", resource, at, "rotate it"),
        Meaning::Destroys => {
            judge.destroys(Verb::Delete, "grpc", resource, at, "what it names is gone");
        }
        Meaning::Changes(verb, back) => judge.changes(verb, "grpc", resource, at, back),
        Meaning::Runs | Meaning::Unknown => {
            judge.opaque(at, "what the method does is not known");
        }
    }
}

/// The table of `httpx`, which is two programs of the same name.
pub static HTTPX: Cli = Cli {
    style: Style::Single,
    valued: &[
        "-m",
        "-method",
        "-p",
        "-params",
        "-c",
        "-content",
        "-d",
        "-data",
        "-f",
        "-files",
        "-j",
        "-json",
        "-h",
        "-headers",
        "-cookies",
        "-auth",
        "-proxy",
        "-timeout",
        "-download",
        "-u",
        "-target",
        "-l",
        "-list",
        "-x",
        "-H",
        "-header",
        "-body",
        "-o",
        "-output",
        "-path",
        "-mc",
        "-fc",
        "-threads",
        "-t",
        "-rl",
        "-ports",
    ],
    harmless: &["-help", "-version"],
    rules: &[Rule::asks("*", httpx), Rule::asks("", httpx)],
    ..Cli::new("http")
};

fn httpx(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    for file in matched.values(&["-download", "-o", "-output"]) {
        outputs::written(file, judge);
    }
    let bodies = ["-c", "-content", "-d", "-data", "-j", "-json", "-body"];
    let body: Vec<Part> = matched.values(&bodies).map(|word| Part::Text(word.clone())).collect();
    let method = matched.values(&["-m", "-method", "-x"]).last().cloned();
    let usual = if body.is_empty() { "GET" } else { "POST" };
    let at = matched.call.span();
    let mut urls: Vec<Word> = matched.values(&["-u", "-target"]).cloned().collect();
    urls.extend(matched.path.iter().chain(&matched.operands).map(|word| (*word).clone()));
    if urls.is_empty() {
        urls.push(Word::unknown(at));
    }
    for url in urls {
        let (method, body) = (method.clone(), body.clone());
        http::request(&Request { method, usual, url, headers: Vec::new(), body, at }, judge);
    }
}

/// The table of `hurl`.
pub static HURL: Cli = Cli {
    valued: &[
        "-o",
        "--output",
        "--variable",
        "--variables-file",
        "--file-root",
        "--from-entry",
        "--to-entry",
        "--glob",
        "--report-html",
        "--report-junit",
        "--report-json",
        "--report-tap",
        "-u",
        "--user",
        "-x",
        "--proxy",
        "-m",
        "--max-time",
        "--retry",
        "--retry-interval",
        "-b",
        "--cookie",
        "-c",
        "--cookie-jar",
        "--delay",
        "--jobs",
        "-H",
        "--header",
        "--cacert",
        "-E",
        "--cert",
        "--key",
        "--connect-timeout",
        "--max-redirs",
        "--repeat",
        "--secret",
        "-A",
        "--user-agent",
        "--resolve",
        "--connect-to",
        "--unix-socket",
        "--netrc-file",
        "--error-format",
    ],
    flags: &["--test", "--json", "-v", "--verbose", "-k", "--insecure", "-L", "--location", "-i"],
    harmless: &["--help", "-h", "--version", "-V"],
    rules: &[Rule::asks("*", hurl), Rule::asks("", hurl)],
    ..Cli::new("http")
};

fn hurl(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let files: Vec<&Word> = matched.path.iter().chain(&matched.operands).copied().collect();
    if files.is_empty() {
        return match matched.call.stdin {
            Data::Text(text) => requests(text, judge),
            _ => judge.opaque(matched.span(), "the requests are not given"),
        };
    }
    for file in files {
        match file.known().and_then(|name| judge.setting().files.read(name)) {
            Some(text) => requests(&Word::made(text, file.span()), judge),
            None => judge.opaque(file.span(), "the requests in this file are not given"),
        }
    }
}

/// The requests of a Hurl file: a line each begins with a method and an address; what follows up
/// to the answer is headers and a body.
fn requests(text: &Word, judge: &mut Judge<'_>) {
    let mut lines = text.text().lines().peekable();
    while let Some(line) = lines.next() {
        if !judge.step(1, text.span()) {
            return;
        }
        let Some((method, url)) = line.split_once(' ') else { continue };
        let method_like = !method.is_empty() && method.chars().all(|c| c.is_ascii_uppercase());
        if !method_like || method == "HTTP" || method.starts_with("HTTP/") {
            continue;
        }
        let mut body = String::new();
        while let Some(next) = lines.peek() {
            let begins_next = next.starts_with("HTTP") || next.starts_with("GET ");
            if begins_next || next.starts_with("POST ") || next.starts_with("DELETE ") {
                break;
            }
            if next.starts_with(['{', '[', '}', ']', ' ', '\t', '"']) {
                body.push_str(next);
                body.push('\n');
            }
            lines.next();
        }
        let span = text.span();
        let parts =
            if body.is_empty() { Vec::new() } else { vec![Part::Text(Word::made(body, span))] };
        let request = Request {
            method: Some(Word::made(method, span)),
            usual: "GET",
            url: Word::made(url.trim(), span),
            headers: Vec::new(),
            body: parts,
            at: span,
        };
        http::request(&request, judge);
    }
}

/// Judges a call of `websocat`.
pub fn websocat(call: &Call<'_>, judge: &mut Judge<'_>) {
    let texts = || call.arguments().iter().map(Word::text);
    if texts().any(|text| matches!(text, "--help" | "-h" | "--version" | "-V")) {
        return judge.reads("websocket", "", call.span());
    }
    let runs = |text: &str| ["exec:", "sh-c:", "cmd:"].iter().any(|start| text.contains(start));
    if texts().any(runs) {
        return judge.opaque(call.span(), "what it runs for each connection is not read");
    }
    match call.stdin {
        Data::Nothing => judge.opaque(call.span(), "what is typed there later is not known"),
        _ => judge.changes(Verb::Create, "websocket", "", call.span(), "send what undoes it"),
    }
}
