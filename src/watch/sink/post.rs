//! What both ways of posting have in common.

use super::super::{Answer, Undelivered, news::safe};
use crate::{
    config::{Address, TokenFrom},
    sources::kept,
};
use reqwest::{
    Client, StatusCode, Url,
    header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER},
    redirect,
};
use std::{sync::LazyLock, time::Duration};

/// Bytes of an answer that are looked at.
const LOOKED_AT: usize = 2_000;

static CLIENT: LazyLock<Result<Client, String>> = LazyLock::new(|| {
    Client::builder()
        // A redirect would take what waits, and the signature, to somewhere else.
        .redirect(redirect::Policy::none())
        .connect_timeout(Duration::from_secs(10))
        .pool_max_idle_per_host(1)
        .user_agent(concat!("countersign/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| error.without_url().to_string())
});

/// Where an address is, read where it is kept.
pub(super) async fn address(of: &Address) -> Result<Url, Undelivered> {
    let text = match of {
        Address::Given(text) => text.clone(),
        Address::Kept(from) => secret(from, "address").await?,
    };
    let url: Url =
        text.parse().map_err(|_| Undelivered::later("its address is none of a web server"))?;
    let is_here = match url.host_str() {
        Some(host) => {
            let bare = host.trim_start_matches('[').trim_end_matches(']');
            bare == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
        }
        None => false,
    };
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_here => Ok(url),
        _ => Err(Undelivered::later("its address is not https")),
    }
}

/// A secret of a receiver.
pub(super) async fn secret(from: &TokenFrom, what: &str) -> Result<String, Undelivered> {
    kept::read(from, what).await.map_err(|fault| {
        Undelivered::later(format!("{}: {}", safe(&fault.place), safe(&fault.why)))
    })
}

/// Posts JSON.
pub(super) async fn post(
    url: Url,
    headers: HeaderMap,
    body: String,
) -> Result<Answer, Undelivered> {
    let client = CLIENT.as_ref().map_err(Undelivered::later)?;
    let request =
        client.post(url).headers(headers).header(CONTENT_TYPE, "application/json").body(body);
    let mut response = request.send().await.map_err(|error| Undelivered::later(told(&error)))?;
    let status = response.status();
    let after = response
        .headers()
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.trim().parse::<u64>().ok().map(Duration::from_secs));
    let mut text = Vec::new();
    while text.len() < LOOKED_AT {
        match response.chunk().await {
            Ok(Some(chunk)) => text.extend_from_slice(&chunk),
            // The status is the answer; what else it says is for people.
            Ok(None) | Err(_) => break,
        }
    }
    text.truncate(LOOKED_AT);
    let text = safe(String::from_utf8_lossy(&text).trim());
    let said = match (text.is_empty(), status.canonical_reason()) {
        (false, _) => format!("HTTP {}: {text}", status.as_u16()),
        (true, Some(reason)) => format!("HTTP {} {reason}", status.as_u16()),
        (true, None) => format!("HTTP {}", status.as_u16()),
    };
    if status.is_success() {
        return Ok(Answer { said });
    }
    Err(match status {
        StatusCode::REQUEST_TIMEOUT
        | StatusCode::TOO_EARLY
        | StatusCode::TOO_MANY_REQUESTS
        | StatusCode::CONFLICT
        | StatusCode::LOCKED => Undelivered::Later { why: said, after },
        _ if status.is_server_error() => Undelivered::Later { why: said, after },
        StatusCode::UNAUTHORIZED
        | StatusCode::PAYMENT_REQUIRED
        | StatusCode::FORBIDDEN
        | StatusCode::NOT_FOUND
        | StatusCode::METHOD_NOT_ALLOWED
        | StatusCode::PROXY_AUTHENTICATION_REQUIRED
        | StatusCode::GONE => Undelivered::Unwelcome { why: said },
        // Redirects are not followed, so this is the wrong address too.
        _ if status.is_redirection() => Undelivered::Unwelcome { why: said },
        _ => Undelivered::Never { why: said },
    })
}

/// An error without the address, which may be a secret.
fn told(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    let what = if error.is_connect() {
        "it cannot be reached"
    } else if error.is_timeout() {
        "it did not answer in time"
    } else {
        "the connection broke"
    };
    // The innermost one is of the system or of TLS and names no address.
    if std::ptr::addr_eq(cause, error) {
        what.to_owned()
    } else {
        safe(&format!("{what}: {cause}"))
    }
}
