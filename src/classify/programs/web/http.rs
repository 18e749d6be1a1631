//! One request over HTTP: what it would do, by method, host, path and body.
//!
//! ```text
//!   program ─▶ Request ─┬─ method (also by header or form field)
//!                       ├─ routes: hosts and paths that are known, as data
//!                       ├─ body: GraphQL, SQL, JSON-RPC, a field that holds a verb
//!                       ├─ verbs in the path
//!                       └─ what is sent away: files and outputs that hold secrets
//! ```

use super::{
    super::system::secrets,
    body, leak,
    routes::{self, Route, Verdict},
    verbs::{self, Meaning},
};
use crate::{
    classify::{Data, Judge, Word, is_hole},
    domain::{PlaceKind, Span, Verb, Words},
};

/// A part of what a request sends.
#[derive(Debug, Clone)]
pub enum Part {
    /// Text given with the command.
    Text(Word),
    /// A file, read or not.
    File(Word),
    /// What some other part of the input prints.
    Made(Span),
}

/// A request.
#[derive(Debug, Clone)]
pub struct Request {
    /// The method, if it is given.
    pub method: Option<Word>,
    /// The method otherwise.
    pub usual: &'static str,
    /// The address.
    pub url: Word,
    /// Header lines: `Name: value`.
    pub headers: Vec<Word>,
    /// What it sends.
    pub body: Vec<Part>,
    /// What says that the request is made.
    pub at: Span,
}

/// An address taken apart. Unknown parts stay in it as holes.
#[derive(Debug, Clone)]
pub struct Address {
    /// The scheme, lower case: `https`.
    pub scheme: String,
    /// The host without user and port, lower case.
    pub host: String,
    /// The path in lower case, from its first `/`; empty when nothing is known of it.
    pub path: String,
    /// The path as it is written.
    pub raw: String,
    /// What follows the `?`, as it stands.
    pub query: String,
}

impl Address {
    /// Takes an address apart.
    pub fn new(url: &str) -> Self {
        let (scheme, start) = match url.find("://") {
            Some(end) if url[..end].chars().all(|c| c.is_ascii_alphanumeric()) => {
                (url[..end].to_ascii_lowercase(), end + 3)
            }
            _ => ("http".to_owned(), 0),
        };
        let rest = &url[start..];
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let host = rest[..end].rsplit('@').next().unwrap_or_default();
        let host = match host.strip_prefix('[') {
            Some(six) => six.split(']').next().unwrap_or(six),
            None => host.split(':').next().unwrap_or(host),
        };
        let tail = &rest[end..];
        let tail = tail.split('#').next().unwrap_or(tail);
        let (path, query) = tail.split_once('?').unwrap_or((tail, ""));
        let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
        Self {
            scheme,
            host: host.to_ascii_lowercase(),
            path: path.to_ascii_lowercase(),
            raw: path.into_owned(),
            query: query.to_owned(),
        }
    }

    /// The value of a name in the query, decoded.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let pairs = self.query.split('&').filter_map(|pair| pair.split_once('='));
        let value = pairs.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?.1;
        Some(decode(value))
    }

    /// Whether it stays on this machine.
    pub fn is_local(&self) -> bool {
        matches!(self.host.as_str(), "localhost" | "::1" | "0.0.0.0" | "host.docker.internal")
            || self.host.starts_with("127.")
            || self.host.ends_with(".localhost")
    }
}

/// The text of a form field or query value.
pub fn decode(value: &str) -> String {
    let value = value.replace('+', " ");
    percent_encoding::percent_decode_str(&value).decode_utf8_lossy().into_owned()
}

/// What is known of a request while it is judged.
pub struct Asked<'r> {
    /// The request.
    pub request: &'r Request,
    /// Its address.
    pub address: &'r Address,
    /// The method that counts in the end, upper case.
    pub method: String,
    /// The text of the body, as far as it is given.
    pub text: Option<&'r Word>,
}

impl Asked<'_> {
    /// What names the request in an effect.
    pub fn resource(&self, judge: &Judge<'_>) -> String {
        judge.name(&self.request.url)
    }
}

/// Judges a request.
pub fn request(request: &Request, judge: &mut Judge<'_>) {
    let url = request.url.text();
    let address = Address::new(url);
    if !judge.step(4, request.at) {
        return;
    }
    if !address.host.is_empty() {
        let host = Word::made(address.host.clone(), request.url.span());
        judge.place(PlaceKind::Host, &host);
    }
    let text = request.body.iter().find_map(|part| match part {
        Part::Text(word) => Some(word),
        _ => None,
    });
    let Some(method) = method(request, &address, text) else {
        let at = request.method.as_ref().map_or(request.at, Word::span);
        return judge.opaque(at, "which method the request has is not known");
    };
    let asked = Asked { request, address: &address, method, text };
    leaks(&asked, judge);
    if let Some(route) = routes::find(&asked.method, &address) {
        return routed(route, &asked, judge);
    }
    by_method(&asked, judge);
}

/// The method that the server will act on, or nothing if it is not known.
fn method(request: &Request, address: &Address, text: Option<&Word>) -> Option<String> {
    let given = match &request.method {
        Some(word) => word.known()?,
        None => request.usual,
    };
    let given = given.trim().trim_start_matches('=').to_ascii_uppercase();
    for header in &request.headers {
        let Some((name, value)) = header.text().split_once(':') else { continue };
        let name = name.trim().to_ascii_lowercase();
        if matches!(name.as_str(), "x-http-method-override" | "x-http-method" | "x-method-override")
        {
            let value = value.trim();
            return (!value.contains(is_hole)).then(|| value.to_ascii_uppercase());
        }
    }
    if given == "POST" {
        let form = text.map(Word::text).unwrap_or_default();
        let mut fields = form.split('&').chain(address.query.split('&'));
        let method = fields.find_map(|field| field.trim().strip_prefix("_method="));
        if let Some(method) = method {
            return (!method.contains(is_hole)).then(|| method.to_ascii_uppercase());
        }
    }
    Some(given)
}

/// Secrets and dumps that go to another machine.
fn leaks(asked: &Asked<'_>, judge: &mut Judge<'_>) {
    let address = asked.address;
    if address.is_local() || address.scheme == "file" {
        return;
    }
    let resource = asked.resource(judge);
    let lost = "what is sent away cannot be called back";
    // To log in, a secret is what one sends.
    let logs_in = is_login(address);
    for part in &asked.request.body {
        let (span, secret) = match part {
            Part::File(word) => {
                (word.span(), leak::is_secret_file(word.text()) || judge.holds_secret(word))
            }
            Part::Made(span) => (*span, secrets::is_sensitive(&Data::Unknown(*span), judge)),
            Part::Text(word) if word.has_holes() => {
                (word.span(), !logs_in && secrets::carries(word, judge))
            }
            Part::Text(word) => (word.span(), leak::is_secret_text(word.text())),
        };
        if secret {
            judge.destroys(Verb::Reveal, "http", resource.clone(), span, lost);
        }
    }
    let headers = asked.request.headers.iter().filter(|header| {
        let name = header.text().split(':').next().unwrap_or_default().to_ascii_lowercase();
        !["authorization", "token", "key", "auth", "cookie", "secret"]
            .iter()
            .any(|part| name.contains(part))
    });
    for word in std::iter::once(&asked.request.url).chain(headers) {
        if secrets::carries(word, judge) {
            judge.destroys(Verb::Reveal, "http", resource.clone(), word.span(), lost);
        }
    }
}

/// Whether an address is where one shows who one is.
fn is_login(address: &Address) -> bool {
    let words = ["login", "token", "auth", "oauth", "oauth2", "session", "sessions", "signin"];
    address.path.split('/').any(|segment| words.contains(&segment))
}

fn routed(route: &'static Route, asked: &Asked<'_>, judge: &mut Judge<'_>) {
    let (service, resource, at) = (route.service, asked.resource(judge), asked.request.at);
    match route.verdict {
        Verdict::Reads => judge.reads(service, resource, at),
        Verdict::Changes(verb, back) => judge.changes(verb, service, resource, at, back),
        Verdict::Destroys(verb, lost) => judge.destroys(verb, service, resource, at, lost),
        Verdict::Opaque(because) => judge.opaque(at, because),
        Verdict::Asks(code) => code(asked, route.service, judge),
    }
}

/// What the method alone says, and the body and the path where they know better.
pub fn by_method(asked: &Asked<'_>, judge: &mut Judge<'_>) {
    let service = routes::service(asked.address);
    let (resource, at) = (asked.resource(judge), asked.request.at);
    match asked.method.as_str() {
        "GET" | "HEAD" | "OPTIONS" | "TRACE" | "PROPFIND" | "REPORT" | "CONNECT" | "LIST"
        | "SEARCH" | "QUERY" | "VIEW" => {
            judge.reads(service, resource, at);
        }
        "DELETE" => {
            judge.destroys(Verb::Delete, service, resource, at, "what the address names is gone");
        }
        "PURGE" | "BAN" => {
            judge.changes(Verb::Delete, service, resource, at, "the cache fills again by itself");
        }
        method => {
            if body::judge(asked, &service, judge) {
                return;
            }
            by_path(method, asked, service, judge);
        }
    }
}

/// Last segments of paths to which a question is sent.
const READING: &[&str] = &[
    "search",
    "_search",
    "query",
    "queries",
    "preview",
    "validate",
    "dry-run",
    "dryrun",
    "dry_run",
    "simulate",
    "lookup",
    "count",
    "estimate",
    "explain",
    "introspect",
    "find",
    "check",
    "lint",
    "diff",
    "plan",
    "similarity",
    "embeddings",
    "autocomplete",
    "suggest",
    "calculate",
    "batchget",
    "filter",
    "aggregate",
    "query_range",
    "completions",
    "tokenize",
    "runquery",
    "generatecontent",
    "counttokens",
    "testiampermissions",
    "getiampolicy",
    "multi_search",
    "msearch",
    "facets",
    "list",
    "describe",
    "analyze",
    "compare",
];

/// Whether a segment is a number or an id rather than a word.
fn is_identity(segment: &str) -> bool {
    segment.contains(is_hole)
        || segment.starts_with(['{', '$'])
        || segment.chars().any(|c| c.is_ascii_digit())
}

/// The verbs in the path of something that is sent.
fn by_path(method: &str, asked: &Asked<'_>, service: Words, judge: &mut Judge<'_>) {
    let (resource, at) = (asked.resource(judge), asked.request.at);
    let verb = if matches!(method, "POST") { Verb::Create } else { Verb::Update };
    let path = asked.address.raw.trim_end_matches('/');
    let path = path.strip_suffix(".json").or_else(|| path.strip_suffix(".xml")).unwrap_or(path);
    let segments: Vec<&str> = path.split(['/', ':', '.']).filter(|part| !part.is_empty()).collect();
    let last = segments.last().copied().unwrap_or_default();
    let words = verbs::words(last);
    let reads = READING.contains(&last.to_ascii_lowercase().as_str())
        || words.len() > 1 && verbs::phrase(&words) == Meaning::Reads && method == "POST";
    let password = segments.iter().any(|part| part.to_ascii_lowercase().contains("password"));
    let cache = segments.iter().any(|part| part.to_ascii_lowercase().contains("cache"));
    for (index, segment) in segments.iter().enumerate() {
        let words = verbs::words(segment);
        let closes =
            index + 1 == segments.len() || is_identity(last) && index + 2 == segments.len();
        let meaning = match words.as_slice() {
            [one] => verbs::word(one),
            // Before the end, names of several words are names that somebody chose.
            several if closes => verbs::phrase(several),
            _ => Meaning::Unknown,
        };
        let glued = segment.len() > 6
            && closes
            && segment.to_ascii_lowercase().starts_with("delete")
            && !segment.to_ascii_lowercase().starts_with("deleted");
        if meaning != Meaning::Destroys && !glued || *segment == "empty" || reads && !closes {
            continue;
        }
        if cache {
            return judge.changes(Verb::Delete, service, resource, at, "it fills again by itself");
        }
        if !(password && words.iter().any(|said| matches!(said.as_str(), "reset" | "forget"))) {
            let gone = "what the address names is gone";
            return judge.destroys(Verb::Delete, service, resource, at, gone);
        }
    }
    if reads && method == "POST" {
        return judge.reads(service, resource, at);
    }
    judge.changes(verb, service, resource, at, "send what was there before");
}

/// What a program reads, as a part of a body.
pub fn from_stdin(stdin: &Data, at: Span) -> Part {
    match stdin {
        Data::Text(word) => Part::Text(word.clone()),
        Data::Unknown(span) => Part::Made(*span),
        Data::Nothing => Part::Text(Word::made(String::new(), at)),
    }
}
