//! `curl`, after its manual (curl.se/docs/manpage.html, 8.17, read 2026-11).
//!
//! ```text
//!   words ─▶ options ─▶ one Transfer for each part between `--next` ─▶ a Request for each address
//!                                        └─ files that it writes
//! ```

use super::{
    http::{self, Part, Request},
    leak, outputs,
};
use crate::{
    classify::{Call, Data, HOLES, Judge, Word},
    domain::{Span, Verb},
};

/// Long options that take the next word. Those that mean something here are matched by name.
const VALUED: &[&str] = &[
    "abstract-unix-socket",
    "alt-svc",
    "aws-sigv4",
    "cacert",
    "capath",
    "cert",
    "cert-type",
    "ciphers",
    "config",
    "connect-timeout",
    "connect-to",
    "continue-at",
    "cookie",
    "cookie-jar",
    "create-file-mode",
    "crlfile",
    "curves",
    "data",
    "data-ascii",
    "data-binary",
    "data-raw",
    "data-urlencode",
    "delegation",
    "dns-interface",
    "dns-ipv4-addr",
    "dns-ipv6-addr",
    "dns-servers",
    "doh-url",
    "dump-header",
    "ech",
    "egd-file",
    "engine",
    "etag-compare",
    "etag-save",
    "expect100-timeout",
    "form",
    "form-string",
    "ftp-account",
    "ftp-alternative-to-user",
    "ftp-method",
    "ftp-port",
    "ftp-ssl-ccc-mode",
    "happy-eyeballs-timeout-ms",
    "haproxy-clientip",
    "header",
    "hostpubmd5",
    "hostpubsha256",
    "hsts",
    "interface",
    "ip-tos",
    "ipfs-gateway",
    "json",
    "keepalive-cnt",
    "keepalive-time",
    "key",
    "key-type",
    "krb",
    "libcurl",
    "limit-rate",
    "local-port",
    "login-options",
    "mail-auth",
    "mail-from",
    "mail-rcpt",
    "max-filesize",
    "max-redirs",
    "max-time",
    "netrc-file",
    "noproxy",
    "oauth2-bearer",
    "output",
    "output-dir",
    "parallel-max",
    "parallel-max-host",
    "pass",
    "pinnedpubkey",
    "preproxy",
    "proto",
    "proto-default",
    "proto-redir",
    "proxy",
    "proxy-cacert",
    "proxy-capath",
    "proxy-cert",
    "proxy-cert-type",
    "proxy-ciphers",
    "proxy-crlfile",
    "proxy-header",
    "proxy-key",
    "proxy-key-type",
    "proxy-pass",
    "proxy-pinnedpubkey",
    "proxy-service-name",
    "proxy-tls13-ciphers",
    "proxy-tlsauthtype",
    "proxy-tlspassword",
    "proxy-tlsuser",
    "proxy-user",
    "proxy1.0",
    "pubkey",
    "quote",
    "random-file",
    "range",
    "rate",
    "referer",
    "request",
    "request-target",
    "resolve",
    "retry",
    "retry-delay",
    "retry-max-time",
    "sasl-authzid",
    "service-name",
    "sigalgs",
    "socks4",
    "socks4a",
    "socks5",
    "socks5-gssapi-service",
    "socks5-hostname",
    "speed-limit",
    "speed-time",
    "stderr",
    "telnet-option",
    "tftp-blksize",
    "time-cond",
    "tls-max",
    "tls13-ciphers",
    "tlsauthtype",
    "tlspassword",
    "tlsuser",
    "trace",
    "trace-ascii",
    "trace-config",
    "unix-socket",
    "upload-file",
    "upload-flags",
    "url",
    "url-query",
    "user",
    "user-agent",
    "variable",
    "vlan-priority",
    "write-out",
    "expand-data",
    "expand-url",
    "expand-header",
    "expand-output",
];

/// Short options that take a value, and their long names.
const SHORT: &[(char, &str)] = &[
    ('A', "user-agent"),
    ('b', "cookie"),
    ('c', "cookie-jar"),
    ('C', "continue-at"),
    ('d', "data"),
    ('D', "dump-header"),
    ('e', "referer"),
    ('E', "cert"),
    ('F', "form"),
    ('H', "header"),
    ('K', "config"),
    ('m', "max-time"),
    ('o', "output"),
    ('P', "ftp-port"),
    ('Q', "quote"),
    ('r', "range"),
    ('t', "telnet-option"),
    ('T', "upload-file"),
    ('u', "user"),
    ('U', "proxy-user"),
    ('w', "write-out"),
    ('x', "proxy"),
    ('X', "request"),
    ('y', "speed-time"),
    ('Y', "speed-limit"),
    ('z', "time-cond"),
];

/// How often a configuration may name another.
const MOST_CONFIGURATIONS: u32 = 4;

#[derive(Default)]
struct Transfer {
    method: Option<Word>,
    head: bool,
    get: bool,
    urls: Vec<Word>,
    headers: Vec<Word>,
    /// What `-d` sends, and what `-F` and `-T` do.
    data: Vec<Part>,
    form: Vec<Part>,
    upload: Vec<Part>,
    outputs: Vec<Word>,
    remote_name: Option<Span>,
    quotes: Vec<Word>,
    help: bool,
}

/// Judges a call of `curl`.
pub fn judge(call: &Call<'_>, judge: &mut Judge<'_>) {
    let mut transfer = Transfer::default();
    options(call.arguments(), &mut transfer, call, 0, judge);
    finish(&mut transfer, call, judge);
}

fn options(
    words: &[Word],
    transfer: &mut Transfer,
    call: &Call<'_>,
    depth: u32,
    judge: &mut Judge<'_>,
) {
    let mut words = words.iter();
    let mut literal = false;
    while let Some(word) = words.next() {
        if !judge.step(2, word.span()) {
            return;
        }
        let text = word.text();
        if literal || !text.starts_with('-') || text == "-" {
            transfer.urls.push(word.clone());
        } else if text == "--" {
            literal = true;
        } else if let Some(name) = text.strip_prefix("--") {
            // curl itself refuses `--request=DELETE`; whoever writes it means it all the same.
            if let Some((before, _)) = name.split_once('=')
                && VALUED.contains(&long_name(before))
            {
                let value = word.after(2 + before.len() + 1);
                one(long_name(before), Some(&value), word, transfer, call, depth, judge);
                continue;
            }
            let name = long_name(name);
            let value = VALUED.contains(&name).then(|| words.next()).flatten();
            one(name, value, word, transfer, call, depth, judge);
        } else {
            for (at, letter) in text.char_indices().skip(1) {
                let long = SHORT.iter().find(|(short, _)| *short == letter).map(|(_, long)| *long);
                let Some(long) = long else {
                    let name = match letter {
                        'I' => "head",
                        'G' => "get",
                        'O' => "remote-name",
                        ':' => "next",
                        'h' => "help",
                        'V' => "version",
                        'M' => "manual",
                        _ => continue,
                    };
                    one(name, None, word, transfer, call, depth, judge);
                    continue;
                };
                let rest = word.after(at + letter.len_utf8());
                if rest.text().is_empty() {
                    one(long, words.next(), word, transfer, call, depth, judge);
                } else {
                    one(long, Some(&rest), word, transfer, call, depth, judge);
                }
                break;
            }
        }
    }
}

/// Long options may be cut short as long as they stay clear.
fn long_name(name: &str) -> &str {
    if VALUED.contains(&name) || name.len() < 3 {
        return name;
    }
    let flags = ["head", "get", "next", "help", "remote-name", "remote-name-all", "manual"];
    if flags.contains(&name) {
        return name;
    }
    match name {
        "req" | "requ" | "reque" | "reques" => "request",
        "out" | "outp" | "outpu" => "output",
        "upl" | "uplo" | "upload" | "upload-" => "upload-file",
        "dat" => "data",
        "hea" => "head",
        "heade" => "header",
        "for" => "form",
        "conf" | "confi" => "config",
        other => other,
    }
}

fn one(
    name: &str,
    value: Option<&Word>,
    option: &Word,
    transfer: &mut Transfer,
    call: &Call<'_>,
    depth: u32,
    judge: &mut Judge<'_>,
) {
    match (name, value) {
        ("request", Some(value)) => transfer.method = Some(value.clone()),
        ("head", _) => transfer.head = true,
        ("get", _) => transfer.get = true,
        ("url" | "expand-url", Some(value)) => transfer.urls.push(value.clone()),
        ("header" | "expand-header", Some(value)) => {
            if let Some(file) = value.text().strip_prefix('@') {
                let secret = leak::is_secret_file(file);
                let part = Part::File(value.after(1));
                if secret {
                    transfer.data.push(part);
                }
            } else {
                transfer.headers.push(value.clone());
            }
        }
        ("data" | "data-ascii" | "data-binary" | "json" | "expand-data", Some(value)) => {
            transfer.data.push(sent(value, call, judge));
        }
        ("data-raw", Some(value)) => transfer.data.push(Part::Text(value.clone())),
        ("data-urlencode", Some(value)) => {
            let text = value.text();
            let part = match (text.find('@'), text.find('=')) {
                (Some(at), equals) if equals.is_none_or(|equals| at < equals) => {
                    sent(&value.after(at), call, judge)
                }
                _ => Part::Text(value.clone()),
            };
            transfer.data.push(part);
        }
        ("url-query", Some(value)) => {
            transfer.headers.push(Word::made(format!("query: {}", value.text()), value.span()));
        }
        ("form", Some(value)) => {
            let text = value.text();
            let start = text.find('=').map_or(0, |equals| equals + 1);
            let part = value.after(start);
            let file = part
                .text()
                .strip_prefix(['@', '<'])
                .map(|file| file.split([';', ',']).next().unwrap_or(file).trim_matches('"').len());
            transfer.form.push(match file {
                Some(length) => {
                    let name = part.part(1..1 + length);
                    if name.is("-") {
                        http::from_stdin(call.stdin, value.span())
                    } else {
                        Part::File(name)
                    }
                }
                None => Part::Text(value.clone()),
            });
        }
        ("form-string", Some(value)) => transfer.form.push(Part::Text(value.clone())),
        ("upload-file", Some(value)) => transfer.upload.push(if value.is("-") || value.is(".") {
            http::from_stdin(call.stdin, value.span())
        } else {
            Part::File(value.clone())
        }),
        (
            "output" | "dump-header" | "cookie-jar" | "trace" | "trace-ascii" | "stderr" | "hsts"
            | "alt-svc" | "etag-save" | "libcurl" | "expand-output",
            Some(value),
        ) => {
            transfer.outputs.push(value.clone());
        }
        ("remote-name" | "remote-name-all", _) => transfer.remote_name = Some(option.span()),
        ("quote", Some(value)) => transfer.quotes.push(value.clone()),
        ("help" | "version" | "manual", _) => transfer.help = true,
        ("next", _) => {
            let mut done = std::mem::take(transfer);
            finish(&mut done, call, judge);
        }
        ("config", Some(value)) => configuration(value, transfer, call, depth, judge),
        _ => {}
    }
}

/// What `-d` sends: text, or `@file`, or `@-`.
fn sent(value: &Word, call: &Call<'_>, judge: &mut Judge<'_>) -> Part {
    let Some(name) = value.text().strip_prefix('@') else { return Part::Text(value.clone()) };
    if name == "-" || name == "/dev/stdin" {
        return http::from_stdin(call.stdin, value.span());
    }
    let file = value.after(1);
    if !leak::is_secret_file(name)
        && let Some(text) = file.known().and_then(|name| judge.file(name))
    {
        return Part::Text(Word::made(text, value.span()));
    }
    Part::File(file)
}

/// A file of options: a line each, `name = value`.
fn configuration(
    file: &Word,
    transfer: &mut Transfer,
    call: &Call<'_>,
    depth: u32,
    judge: &mut Judge<'_>,
) {
    let text = if file.is("-") {
        match call.stdin {
            Data::Text(word) if !word.may_inject() => Some(word.text().to_owned()),
            _ => None,
        }
    } else {
        file.known().and_then(|name| judge.file(name))
    };
    let Some(text) = text.filter(|_| depth < MOST_CONFIGURATIONS) else {
        return judge.opaque(file.span(), "the options in this file are not given");
    };
    let mut words = Vec::new();
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') || !judge.step(1, file.span()) {
            continue;
        }
        let end = line.find(|c: char| c.is_whitespace() || "=:".contains(c)).unwrap_or(line.len());
        let (name, value) = line.split_at(end);
        let value = value.trim_start_matches(|c: char| c.is_whitespace() || "=:".contains(c));
        let name = if name.starts_with('-') { name.to_owned() } else { format!("--{name}") };
        words.push(Word::made(name, file.span()));
        if !value.is_empty() {
            let inner = value.strip_prefix('"').map(|rest| rest.strip_suffix('"').unwrap_or(rest));
            let value = inner.map_or_else(|| value.to_owned(), |inner| inner.replace("\\\"", "\""));
            words.push(Word::made(value, file.span()));
        }
    }
    options(&words, transfer, call, depth + 1, judge);
}

fn finish(transfer: &mut Transfer, call: &Call<'_>, judge: &mut Judge<'_>) {
    if transfer.help {
        return judge.reads("http", "", call.span());
    }
    let program = call.words.first().map(Word::span).unwrap_or_default();
    if let Some(span) = transfer.remote_name {
        judge.changes(Verb::Create, "files", "", span, "delete the file it writes");
    }
    for output in &transfer.outputs {
        outputs::written(output, judge);
    }
    for quote in &transfer.quotes {
        quoted(quote, judge);
    }
    if transfer.urls.is_empty() {
        return;
    }
    let usual = if transfer.head {
        "HEAD"
    } else if transfer.get {
        "GET"
    } else if !transfer.upload.is_empty() {
        "PUT"
    } else if !transfer.data.is_empty() || !transfer.form.is_empty() {
        "POST"
    } else {
        "GET"
    };
    let mut body = joined(&transfer.data);
    body.extend(transfer.upload.iter().cloned());
    body.extend(transfer.form.iter().cloned());
    let method = transfer.method.clone();
    for url in &transfer.urls {
        let at = method.as_ref().map_or(program, |word| program.with(word.span()));
        let at = if method.is_some() { at } else { program.with(url.span()) };
        // Alone it is an address; beside an address it is rather a list of options.
        let alone = transfer.urls.len() == 1 || url.text() != HOLES.to_string();
        if !alone {
            judge.opaque(url.span(), "whether these words are options or addresses is not known");
        }
        let mut url = url.clone();
        if transfer.get
            && let Some(Part::Text(text)) = body.first()
        {
            // With `-G` the data is the query, and nothing is sent but the address.
            let mark = if url.text().contains('?') { '&' } else { '?' };
            url = Word::made(format!("{}{mark}{}", url.text(), text.text()), url.span());
        }
        let scheme = url.text().split("://").next().unwrap_or_default().to_ascii_lowercase();
        let kept = matches!(scheme.as_str(), "smtp" | "smtps" | "mqtt" | "mqtts" | "telnet");
        if scheme == "gopher" || scheme == "dict" || scheme == "telnet" {
            judge.opaque(url.span(), "what it sends over this protocol is not read");
            continue;
        }
        let method = if kept { Some(Word::made("POST", url.span())) } else { method.clone() };
        http::request(
            &Request {
                method,
                usual,
                url,
                headers: transfer.headers.clone(),
                body: body.clone(),
                at,
            },
            judge,
        );
    }
}

/// Several `-d` are one body with `&` between them.
fn joined(data: &[Part]) -> Vec<Part> {
    let texts: Vec<&Word> = data
        .iter()
        .filter_map(|part| match part {
            Part::Text(word) => Some(word),
            _ => None,
        })
        .collect();
    if texts.len() < 2 {
        return data.to_vec();
    }
    let text = texts.iter().map(|word| word.text()).collect::<Vec<_>>().join("&");
    let span = texts.iter().map(|word| word.span()).reduce(Span::with).unwrap_or_default();
    let mut parts = vec![Part::Text(Word::made(text, span))];
    parts.extend(data.iter().filter(|part| !matches!(part, Part::Text(_))).cloned());
    parts
}

/// A command to an FTP or SFTP server.
fn quoted(quote: &Word, judge: &mut Judge<'_>) {
    let text = quote.text().trim_start_matches(['-', '+', '*']).trim();
    let verb = text.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
    let resource = judge.name(quote);
    match verb.as_str() {
        "DELE" | "RMD" | "XRMD" | "RM" | "RMDIR" => {
            judge.destroys(Verb::Delete, "ftp", resource, quote.span(), "the file is gone");
        }
        "PWD" | "NOOP" | "STAT" | "LIST" | "SIZE" | "MDTM" | "TYPE" | "CWD" | "HELP" => {
            judge.reads("ftp", resource, quote.span());
        }
        _ => judge.changes(Verb::Update, "ftp", resource, quote.span(), "change it back"),
    }
}
