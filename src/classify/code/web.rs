//! Requests to web servers, as `curl` would say them.

use super::reader::Reader;
use super::value::{Arg, Value};
use crate::{
    classify::{Call, Judge, Language, Word},
    domain::{Span, Verb},
};

/// What `curl` would say with this method.
pub(super) fn http(
    reader: &Reader<'_>,
    method: &str,
    args: &[Arg],
    span: Span,
    call: &Call<'_>,
    judge: &mut Judge<'_>,
) {
    if method.is_empty() {
        return judge.opaque(span, "by which method it asks is not known");
    }
    let url = args.iter().find_map(|arg| match (&arg.key, &arg.value) {
        (Some(key), Value::Text(word)) if key == "url" => Some(word.clone()),
        (None, Value::Text(word))
            if !METHODS.contains(&word.text().to_ascii_uppercase().as_str()) =>
        {
            Some(word.clone())
        }
        (_, Value::Object(fields)) => {
            fields.iter().find(|field| field.key.as_deref() == Some("url"))?.value.text().cloned()
        }
        _ => None,
    });
    let source = |arg: &Arg| reader.text.text().get(arg.at.clone()).unwrap_or_default();
    let secret = |arg: &Arg| {
        let text = source(arg);
        let files = [
            "/etc/shadow",
            ".ssh/",
            "id_rsa",
            ".aws/credentials",
            ".kube/config",
            ".env'",
            ".env\"",
            ".pem",
        ];
        let all = ["dict(os.environ)", "stringify(process.env)", "json=os.environ", "ENV.to_h"];
        files.iter().chain(&all).any(|name| text.contains(name))
    };
    // A certificate is what one shows who one is with.
    let shown = |arg: &Arg| method == "GET" && source(arg).contains(".pem");
    if args.iter().any(|arg| secret(arg) && !shown(arg)) {
        return judge.destroys(Verb::Reveal, "http", "", span, "the secrets that were sent away");
    }
    let made = |text: &str| Word::made(text, span);
    let mut words = vec![made("curl"), made("-s"), made("-X"), made(method)];
    if method == "HEAD" {
        words = vec![made("curl"), made("-sI")];
    }
    if let Some(body) = body(args, method).filter(|_| method != "GET") {
        words.extend([made("--data-raw"), body]);
    }
    words.push(url.unwrap_or_else(|| Word::unknown(span)));
    judge.call(&call.running(&words));
}

/// The body of a request, if it has one.
fn body(args: &[Arg], method: &str) -> Option<Word> {
    const KEYS: &[&str] = &["data", "json", "body", "content"];
    let at = Span::default();
    for arg in args {
        if arg.key.as_deref().is_some_and(|key| KEYS.contains(&key)) {
            return Some(arg.value.word(at));
        }
        if let Value::Object(fields) = &arg.value
            && let Some(field) = fields
                .iter()
                .find(|field| field.key.as_deref().is_some_and(|key| KEYS.contains(&key)))
        {
            return Some(field.value.word(at));
        }
    }
    let second = args.iter().filter(|arg| arg.key.is_none()).nth(1)?;
    (matches!(method, "POST" | "PUT" | "PATCH")).then(|| second.value.word(at))
}

/// `requests.request("DELETE", url)`, `fetch(url, { method: "DELETE" })`.
pub(super) fn request(
    reader: &Reader<'_>,
    args: &[Arg],
    span: Span,
    call: &Call<'_>,
    judge: &mut Judge<'_>,
) {
    let known = |word: &Word| {
        let upper = word.known()?.to_ascii_uppercase();
        METHODS.iter().find(|method| **method == upper).copied()
    };
    let mut found = None;
    for (at, arg) in args.iter().enumerate() {
        match (&arg.key, &arg.value) {
            (Some(key), value) if key == "method" => {
                found = Some(value.text().and_then(known).unwrap_or_default());
            }
            (None, Value::Text(word)) => found = known(word).or(found),
            (None, Value::Object(fields)) => {
                let method = fields.iter().find(|field| field.key.as_deref() == Some("method"));
                // `{ ...options }` may name any method.
                let spread =
                    reader.text.text().get(arg.at.clone()).is_some_and(|text| text.contains("..."));
                if let Some(field) = method {
                    found = Some(field.value.text().and_then(known).unwrap_or_default());
                } else if spread {
                    found = Some("");
                }
            }
            // An object of unknown content may name any method.
            (None, Value::Unknown | Value::Path(_)) if at > 0 && found.is_none() => {
                let javascript = reader.language == Language::JavaScript;
                found = Some(if javascript { "" } else { "POST" });
            }
            _ => {}
        }
    }
    let data = body(args, "GET").is_some();
    http(reader, found.unwrap_or(if data { "POST" } else { "GET" }), args, span, call, judge);
}

const METHODS: &[&str] = &["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"];
