//! `http` and `https` of `HTTPie`, and `xh`, which writes requests the same way.
//!
//! After httpie.io/docs/cli (3.2) and github.com/ducaale/xh (read 2026-11). A request has items
//! behind its address: `name=value` and `name:=json` make a body, and a body makes it a POST.

use super::{
    http::{self, Part, Request},
    outputs,
};
use crate::{
    classify::{
        Data, Judge, Word,
        programs::{Cli, Matched, Rule},
    },
    domain::{Span, Verb},
};

/// The table.
pub static HTTPIE: Cli = Cli {
    valued: &[
        "-a",
        "--auth",
        "-A",
        "--auth-type",
        "-o",
        "--output",
        "-p",
        "--print",
        "-s",
        "--style",
        "--session",
        "--session-read-only",
        "--timeout",
        "--proxy",
        "--verify",
        "--cert",
        "--cert-key",
        "--cert-key-pass",
        "--ssl",
        "--ciphers",
        "--max-redirects",
        "--max-headers",
        "--pretty",
        "--raw",
        "--boundary",
        "--default-scheme",
        "--response-charset",
        "--response-mime",
        "--format-options",
        "--history-print",
        "-P",
        "--bearer",
        "--http-version",
        "--resolve",
        "--interface",
        "--unix-socket",
        "--generate",
    ],
    flags: &[
        "-j",
        "--json",
        "-f",
        "--form",
        "--multipart",
        "-x",
        "--compress",
        "-h",
        "--headers",
        "-b",
        "--body",
        "-m",
        "-v",
        "--verbose",
        "--all",
        "-S",
        "--stream",
        "-d",
        "--download",
        "-c",
        "--continue",
        "-q",
        "--quiet",
        "-F",
        "--follow",
        "--check-status",
        "--ignore-stdin",
        "-I",
        "--offline",
        "--path-as-is",
        "--chunked",
        "--debug",
        "--traceback",
        "--meta",
        "--curl",
    ],
    harmless: &["--help", "--version", "--manual"],
    rules: &[Rule::asks("*", judge), Rule::reads("")],
    ..Cli::new("http")
};

fn judge(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let words: Vec<&Word> = matched.path.iter().chain(&matched.operands).copied().collect();
    let at = matched.call.words.first().map(Word::span).unwrap_or_default();
    let [first, rest @ ..] = words.as_slice() else { return };
    let is_method = |word: &Word| {
        !rest.is_empty()
            && (word.text().chars().all(|c| c.is_ascii_alphabetic()) || word.has_holes())
            && !word.is("localhost")
            && rest.first().is_some_and(|next| is_item(next.text()).is_none())
    };
    let (method, url, items) = if is_method(first) {
        (Some((*first).clone()), rest.first().copied(), rest.get(1..).unwrap_or_default())
    } else {
        (None, Some(*first), rest)
    };
    let Some(url) = url else { return };
    let mut headers = Vec::new();
    let mut body: Vec<Part> =
        matched.values(&["--raw"]).map(|raw| Part::Text(raw.clone())).collect();
    let mut fields = Vec::new();
    let form = matched.has("-f") || matched.has("--form") || matched.has("--multipart");
    for item in items {
        let Some((sign, start)) = is_item(item.text()) else { continue };
        let (name, value) = (&item.text()[..start], item.after(start + sign.len()));
        match sign {
            "==" => {}
            ":" | ";" => headers.push((*item).clone()),
            "=" if form => fields.push(format!("{name}={}", value.text())),
            "=" => fields.push(format!("\"{}\":\"{}\"", escaped(name), escaped(value.text()))),
            ":=" => fields.push(format!("\"{}\":{}", escaped(name), value.text())),
            _ => body.push(Part::File(value)),
        }
    }
    if !fields.is_empty() {
        let text = if form { fields.join("&") } else { format!("{{{}}}", fields.join(",")) };
        let span = items.iter().map(|item| item.span()).reduce(Span::with).unwrap_or(at);
        body.insert(0, Part::Text(Word::made(text, span)));
    }
    let ignored = matched.has("--ignore-stdin") || matched.has("-I");
    if body.is_empty() && !ignored && *matched.call.stdin != Data::Nothing {
        body.push(http::from_stdin(matched.call.stdin, at));
    }
    if matched.has("--offline") || matched.has("--curl") {
        return judge.reads("http", judge.name(url), at.with(url.span()));
    }
    for file in matched.values(&["-o", "--output"]) {
        outputs::written(file, judge);
    }
    if (matched.has("-d") || matched.has("--download")) && !matched.has("-o") {
        judge.changes(Verb::Create, "files", "", at, "delete the file it writes");
    }
    let local = url.text().starts_with(':');
    let url = if local {
        Word::made(format!("http://localhost{}", url.text()), url.span())
    } else {
        url.clone()
    };
    let at = at.with(method.as_ref().map_or(url.span(), Word::span));
    let usual = if body.is_empty() { "GET" } else { "POST" };
    http::request(&Request { method, usual, url, headers, body, at }, judge);
}

/// The sign of an item, and where it stands: the first one, and of several there the longest.
fn is_item(text: &str) -> Option<(&'static str, usize)> {
    if text.contains("://") && !text.contains('=') || text.starts_with(['/', ':']) {
        return None;
    }
    let at = text.find(['=', ':', '@', ';'])?;
    let rest = &text[at..];
    let signs = [":=@", "=@", "==", ":=", "=", "@", ":", ";"];
    let sign = signs.iter().find(|sign| rest.starts_with(**sign))?;
    // `host:8080/path` and `https://…` are addresses.
    let address = *sign == ":"
        && (rest.starts_with("://") || rest[1..].starts_with(|c: char| c.is_ascii_digit()));
    (!address).then_some((*sign, at))
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
