//! From HTTP answers and broken connections to faults a person can act on.
//!
//! ```text
//!   no answer ──▶ DNS | TLS | connect | timeout ─┐
//!   401 403 404 422 429 5xx ─────────────────────┼──▶ SourceFault: during which call, whose words
//!   200 with HTML, half a JSON ──────────────────┘
//! ```

use crate::{
    config::secret::without_secrets,
    domain::{FaultKind, SourceFault},
};
use http::{HeaderMap, StatusCode};
use std::{error::Error, io, time::Duration};

/// Longest stretch of a server's own words that is kept.
const WORDS: usize = 400;

/// A fault for an answer that is not a success. `permission` is the documented name of the
/// fine-grained permission the call needs.
pub(super) fn of_answer(
    during: &str,
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
    permission: Option<&str>,
) -> SourceFault {
    let words = if during.contains("/secrets") {
        format!("{status}{}", words_about_secrets(body))
    } else {
        format!("{status}: {}", words_of(headers, body))
    };
    if let Some(wait) = rate_limit(status, headers) {
        return SourceFault::new(FaultKind::RateLimited, during, words).retry_after(wait);
    }
    match status {
        StatusCode::UNAUTHORIZED => SourceFault::new(FaultKind::BadToken, during, words),
        StatusCode::FORBIDDEN => {
            let fault = SourceFault::new(FaultKind::Forbidden, during, words);
            match permission {
                Some(name) => fault.missing(name),
                None => fault,
            }
        }
        StatusCode::NOT_FOUND | StatusCode::GONE => {
            SourceFault::new(FaultKind::NotFound, during, words)
        }
        StatusCode::REQUEST_TIMEOUT => SourceFault::new(FaultKind::Timeout, during, words),
        status if status.is_server_error() => {
            SourceFault::new(FaultKind::ServerError, during, words)
        }
        status if status.is_client_error() => SourceFault::new(FaultKind::Refused, during, words),
        _ => SourceFault::new(FaultKind::Malformed, during, words),
    }
}

/// How long the server asks us to wait, when the answer is about a rate limit: `Retry-After`
/// first, then `x-ratelimit-reset` once `x-ratelimit-remaining` is 0, then one minute
/// (docs.github.com, "Rate limits for the REST API").
fn rate_limit(status: StatusCode, headers: &HeaderMap) -> Option<Duration> {
    if !matches!(status, StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS) {
        return None;
    }
    let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<i64>().ok();
    let seconds = |n: i64| Duration::from_secs(u64::try_from(n).unwrap_or(0).max(1));
    if let Some(wait) = number("retry-after") {
        return Some(seconds(wait));
    }
    if number("x-ratelimit-remaining") == Some(0) {
        let reset = number("x-ratelimit-reset").unwrap_or(0);
        let left = reset.saturating_sub(jiff::Timestamp::now().as_second());
        return Some(if left > 0 { seconds(left) } else { Duration::from_mins(1) });
    }
    (status == StatusCode::TOO_MANY_REQUESTS).then_some(Duration::from_mins(1))
}

/// What may be repeated of an answer about secrets: nothing but what GitHub says to everybody. A
/// server, or a proxy on the way, that quotes the value would have us write it down.
fn words_about_secrets(body: &[u8]) -> &'static str {
    #[derive(serde::Deserialize)]
    struct Said {
        message: String,
    }
    const KNOWN: [&str; 6] = [
        ": Not Found",
        ": Bad credentials",
        ": Requires authentication",
        ": Resource not accessible by integration",
        ": Resource not accessible by personal access token",
        ": Must have admin rights to Repository.",
    ];
    let said = serde_json::from_slice::<Said>(body).map(|said| said.message);
    let known = said.ok().and_then(|said| KNOWN.into_iter().find(|known| known[2..] == said));
    known.unwrap_or(" (its words are not repeated: they may hold the secret)")
}

/// The server's own words: `message` and `errors` of a GitHub error, or the start of whatever
/// came instead.
pub(super) fn words_of(headers: &HeaderMap, body: &[u8]) -> String {
    #[derive(serde::Deserialize)]
    struct Said {
        message: Option<String>,
        #[serde(default)]
        errors: serde_json::Value,
        // Prism's problem+json, and proxies that speak RFC 9457.
        title: Option<String>,
        #[serde(default)]
        validation: serde_json::Value,
    }
    let mut words = match serde_json::from_slice::<Said>(body) {
        Ok(said) => {
            let mut words = said.message.or(said.title).unwrap_or_default();
            for more in [&said.errors, &said.validation] {
                if !more.is_null() && more.as_array().is_none_or(|list| !list.is_empty()) {
                    words.push(' ');
                    words.push_str(&more.to_string());
                }
            }
            words
        }
        Err(_) if looks_like_html(headers, body) => "an HTML page".to_owned(),
        Err(_) => String::from_utf8_lossy(body).trim().to_owned(),
    };
    if let Some(accepted) =
        headers.get("x-accepted-github-permissions").and_then(|value| value.to_str().ok())
    {
        words.push_str(" (accepted permissions: ");
        words.push_str(accepted);
        words.push(')');
    }
    shorten(&words)
}

/// Cuts overlong words, and says so; leaves out what looks like a secret.
fn shorten(words: &str) -> String {
    let words = without_secrets(words);
    match words.char_indices().nth(WORDS) {
        Some((at, _)) => format!("{}…", &words[..at]),
        None => words,
    }
}

/// Whether an answer is a web page where data was promised.
pub(super) fn looks_like_html(headers: &HeaderMap, body: &[u8]) -> bool {
    let declared = headers
        .get(http::header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("text/html"));
    declared || body.trim_ascii_start().first() == Some(&b'<')
}

/// A fault for a success whose body is not what was promised.
pub(super) fn malformed(
    during: &str,
    headers: &HeaderMap,
    body: &[u8],
    error: &serde_json::Error,
) -> SourceFault {
    let detail = if looks_like_html(headers, body) {
        "an HTML page instead of JSON".to_owned()
    } else if error.is_eof() {
        format!("the JSON ends too early, after {} bytes", body.len())
    } else {
        format!("not the JSON that was promised: {}", without_values(error))
    };
    SourceFault::new(FaultKind::Malformed, during, detail)
}

/// What serde says, without the value it says it of.
fn without_values(error: &serde_json::Error) -> String {
    let said = error.to_string();
    match said.rfind(", expected ") {
        Some(at) if said.starts_with("invalid ") => {
            format!("it is not what was {}", &said[at + 2..])
        }
        _ if said.starts_with("unknown variant") => {
            format!("an unknown word at line {} column {}", error.line(), error.column())
        }
        _ => shorten(&said),
    }
}

/// A request that got no answer, and whether it may have been sent.
pub(super) struct Broken {
    /// What to tell.
    pub(super) fault: SourceFault,
    /// Whether the server may have seen the request.
    pub(super) maybe_sent: bool,
}

/// Looks through the causes of a failed exchange.
pub(super) fn of_transport(during: &str, error: &(dyn Error + 'static)) -> Broken {
    let mut kind = None;
    let mut connecting = false;
    let mut words = String::new();
    let mut next = Some(error);
    while let Some(cause) = next {
        let said = cause.to_string();
        if let Some(client) = cause.downcast_ref::<hyper_util::client::legacy::Error>() {
            connecting |= client.is_connect();
        }
        if said.starts_with("dns error") {
            kind = Some(FaultKind::Dns);
        }
        if let Some(io) = cause.downcast_ref::<io::Error>() {
            kind = kind.or(match innermost(io).kind() {
                io::ErrorKind::TimedOut => Some(FaultKind::Timeout),
                io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof if connecting => {
                    Some(FaultKind::Tls)
                }
                _ => None,
            });
        }
        // Wrappers repeat the words of what they wrap; the innermost say it best.
        words = said;
        next = cause.source();
    }
    let kind = kind.unwrap_or(FaultKind::Connect);
    Broken { fault: SourceFault::new(kind, during, shorten(&words)), maybe_sent: !connecting }
}

/// hyper-rustls wraps one I/O error in another, whose kind says nothing.
fn innermost(mut error: &io::Error) -> &io::Error {
    while let Some(inner) = error.get_ref().and_then(|inner| inner.downcast_ref::<io::Error>()) {
        error = inner;
    }
    error
}

/// An answer whose body broke off.
pub(super) fn of_body(during: &str, error: &(dyn Error + 'static)) -> SourceFault {
    let mut broken = of_transport(during, error).fault;
    if broken.kind == FaultKind::Connect {
        broken.kind = FaultKind::Malformed;
        broken.detail = format!("the answer broke off: {}", broken.detail.raw()).into();
    }
    broken
}

#[cfg(test)]
mod tests {
    use super::{malformed, of_answer};
    use crate::domain::FaultKind;
    use http::{HeaderMap, HeaderValue, StatusCode};
    use std::time::Duration;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(k, v)| ((*k).parse().unwrap(), HeaderValue::from_str(v).unwrap()))
            .collect()
    }

    #[test]
    fn each_status_has_its_kind_of_fault() {
        let none = HeaderMap::new();
        for (status, kind) in [
            (401, FaultKind::BadToken),
            (403, FaultKind::Forbidden),
            (404, FaultKind::NotFound),
            (408, FaultKind::Timeout),
            (409, FaultKind::Refused),
            (410, FaultKind::NotFound),
            (422, FaultKind::Refused),
            (429, FaultKind::RateLimited),
            (500, FaultKind::ServerError),
            (502, FaultKind::ServerError),
            (302, FaultKind::Malformed),
        ] {
            let status = StatusCode::from_u16(status).unwrap();
            let fault = of_answer("GET /x", status, &none, b"{}", None);
            assert_eq!(fault.kind, kind, "{status}");
            assert_eq!(fault.during, "GET /x");
        }
    }

    #[test]
    fn a_forbidden_call_names_the_permission_it_needs() {
        let body = br#"{"message":"Resource not accessible by personal access token"}"#;
        let accepted = headers(&[("x-accepted-github-permissions", "administration=read")]);
        let fault = of_answer(
            "GET /repos/acme/shop/keys",
            StatusCode::FORBIDDEN,
            &accepted,
            body,
            Some("Administration: read"),
        );
        assert_eq!(fault.missing_permission.as_deref(), Some("Administration: read"));
        assert!(fault.detail.raw().contains("not accessible by personal access token"));
        assert!(fault.detail.raw().contains("administration=read"));
        assert!(fault.next_step().contains("`Administration: read`"));
    }

    #[test]
    fn a_rate_limit_says_when_to_come_back() {
        let soon = (jiff::Timestamp::now().as_second() + 90).to_string();
        for (status, pairs, at_least, at_most) in [
            (403, vec![("retry-after", "7")], 7, 7),
            (429, vec![("retry-after", "7"), ("x-ratelimit-remaining", "0")], 7, 7),
            (
                403,
                vec![("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", soon.as_str())],
                85,
                90,
            ),
            (403, vec![("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "12")], 60, 60),
            (429, vec![], 60, 60),
        ] {
            let status = StatusCode::from_u16(status).unwrap();
            let fault = of_answer("GET /x", status, &headers(&pairs), b"", None);
            assert_eq!(fault.kind, FaultKind::RateLimited, "{pairs:?}");
            let wait = fault.retry_after.unwrap();
            assert!(wait >= Duration::from_secs(at_least) && wait <= Duration::from_secs(at_most));
        }
        let left = headers(&[("x-ratelimit-remaining", "12")]);
        let fault = of_answer("GET /x", StatusCode::FORBIDDEN, &left, b"", None);
        assert_eq!(fault.kind, FaultKind::Forbidden);
    }

    #[test]
    fn what_is_not_json_is_named_for_what_it_is() {
        let html = headers(&[("content-type", "text/html; charset=utf-8")]);
        for (headers, body, says) in [
            (&html, b"<html>sign in</html>".as_slice(), "HTML"),
            (&HeaderMap::new(), b"[{\"id\":1".as_slice(), "ends too early"),
            (&HeaderMap::new(), b"[{\"id\":\"x\"}]".as_slice(), "not the JSON"),
        ] {
            #[derive(Debug, serde::Deserialize)]
            struct Row {
                #[allow(dead_code, reason = "only its type matters")]
                id: u64,
            }
            let error = serde_json::from_slice::<Vec<Row>>(body).unwrap_err();
            let fault = malformed("GET /x", headers, body, &error);
            assert_eq!(fault.kind, FaultKind::Malformed);
            assert!(fault.detail.raw().contains(says), "{:?}", fault.detail);
        }
    }

    #[test]
    fn overlong_words_are_cut() {
        let body = "é".repeat(5000);
        let fault =
            of_answer("GET /x", StatusCode::BAD_GATEWAY, &HeaderMap::new(), body.as_bytes(), None);
        assert!(fault.detail.raw().chars().count() < 450);
    }
}
