//! The one way out to GitHub: bounded, authorised, same origin only.
//!
//! ```text
//!   Session::get ──▶ cache (ETag) ──▶ 8 at a time ──▶ octocrab ──▶ one connection pool
//!   Session::send ─────────────────▶ once, never repeated ──┘
//! ```
//!
//! octocrab's own stack repeats failed requests (POST too) and follows redirects by turning POST
//! into GET; its cache mixes up media types. So octocrab gets a plain service underneath: no
//! retries, no redirects, no cache. Reads follow a redirect themselves, writes never do.

use super::{
    cache::Cache,
    echo,
    fault::{self, Broken},
    proxy::Outward,
    token,
};
use crate::{
    config::TokenFrom,
    config::secret::without_secrets,
    domain::{FaultKind, SourceFault},
};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use http_body_util::{BodyExt as _, Limited};
use octocrab::{AuthState, OctoBody, Octocrab, OctocrabBuilder};
use serde::de::DeserializeOwned;
use std::{
    sync::Mutex,
    time::{Duration, Instant},
};
use tokio::sync::Semaphore;

/// The default media type of the REST API.
pub(super) const JSON: &str = "application/vnd.github+json, application/json;q=0.9";
/// The unified diff of a pull request or a commit.
pub(super) const DIFF: &str = "application/vnd.github.diff";

const GITHUB: &str = "https://api.github.com";
const API_VERSION: &str = "2022-11-28";
const USER_AGENT: &str = concat!("countersign/", env!("CARGO_PKG_VERSION"));
const AT_ONCE: usize = 8;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
const MOST_BODY: usize = 16 * 1024 * 1024;
const MOST_REDIRECTS: usize = 3;
/// Most pages of one listing; at 100 a page that is 5,000 things.
pub(super) const MOST_PAGES: usize = 50;

/// A connection to one GitHub, without a token: that is read for each [`Session`].
pub(super) struct Client {
    crab: Octocrab,
    /// Scheme, host and base path, without a trailing slash.
    base: String,
    token: TokenFrom,
    at_once: Semaphore,
    cache: Mutex<Cache>,
    paused_until: Mutex<Option<Instant>>,
    request_timeout: Duration,
}

/// What to read.
#[derive(Debug, Clone)]
pub(super) struct Ask {
    /// Path under the API root, with query.
    pub(super) path: String,
    /// Media type.
    pub(super) accept: &'static str,
    /// Documented name of the fine-grained permission it needs.
    pub(super) permission: Option<&'static str>,
}

impl Ask {
    /// Asks for JSON.
    pub(super) fn json(path: impl Into<String>) -> Self {
        Self { path: path.into(), accept: JSON, permission: None }
    }

    /// Asks for a unified diff.
    pub(super) fn diff(path: impl Into<String>) -> Self {
        Self { path: path.into(), accept: DIFF, permission: None }
    }

    /// Names the permission it needs.
    pub(super) fn needs(mut self, permission: &'static str) -> Self {
        self.permission = Some(permission);
        self
    }

    /// The call as people read it.
    pub(super) fn during(&self) -> String {
        format!("GET {}", self.path.split('?').next().unwrap_or_default())
    }
}

/// A good answer.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    /// Its headers.
    pub(super) headers: HeaderMap,
    /// Its body, whole.
    pub(super) body: Bytes,
}

/// What came of a listing: everything read, and why it is not everything if it is not.
#[derive(Debug)]
pub(super) struct Listing<T> {
    /// What was read.
    pub(super) items: Vec<T>,
    /// Why there may be more.
    pub(super) fault: Option<SourceFault>,
}

/// How a write ended.
#[derive(Debug)]
pub(super) enum Sent {
    /// The server answered.
    Answered(StatusCode, Answer),
    /// The request never left.
    Unsent(SourceFault),
    /// It may have arrived, and no answer came back.
    Lost(SourceFault),
}

impl Client {
    /// Prepares a connection; sends nothing. Has to run inside a tokio runtime.
    pub(super) fn new(host: Option<&str>, token: TokenFrom) -> Result<Self, SourceFault> {
        let base = base_of(host.unwrap_or(GITHUB))?;
        let local = |error: String| SourceFault::new(FaultKind::Local, "TLS set-up", error);
        let mut http = hyper_util::client::legacy::connect::HttpConnector::new();
        http.enforce_http(false);
        http.set_connect_timeout(Some(CONNECT_TIMEOUT));
        http.set_nodelay(true);
        let connector = hyper_rustls::HttpsConnectorBuilder::new()
            .with_provider_and_native_roots(rustls::crypto::aws_lc_rs::default_provider())
            .map_err(|error| local(error.to_string()))?
            .https_or_http()
            .enable_http1()
            .wrap_connector(Outward::new(http));
        let service =
            hyper_util::client::legacy::Client::builder(hyper_util::rt::TokioExecutor::new())
                .build::<_, OctoBody>(connector);
        let crab = OctocrabBuilder::new_empty()
            .with_service(service)
            .with_auth(AuthState::None)
            .build()
            .map_err(|never| local(never.to_string()))?;
        Ok(Self {
            crab,
            base,
            token,
            at_once: Semaphore::new(AT_ONCE),
            cache: Mutex::new(Cache::new()),
            paused_until: Mutex::new(None),
            request_timeout: REQUEST_TIMEOUT,
        })
    }

    /// Where the token comes from.
    pub(super) fn token(&self) -> &TokenFrom {
        &self.token
    }

    /// The API root.
    pub(super) fn base(&self) -> &str {
        &self.base
    }

    /// Shortens every request's deadline, for tests of slow servers.
    #[cfg(test)]
    pub(super) fn with_timeout(mut self, timeout: Duration) -> Self {
        self.request_timeout = timeout;
        self
    }

    /// Reads the token and opens a session. `fresh` sessions ask past the cache.
    pub(super) async fn session(&self, fresh: bool) -> Result<Session<'_>, SourceFault> {
        Ok(Session { client: self, authorization: token::authorization(&self.token).await?, fresh })
    }

    /// An address under the API root, or an absolute one of the same origin.
    fn same_origin(&self, target: &str) -> Option<Uri> {
        let rest = target.strip_prefix(&self.base)?;
        (rest.is_empty() || rest.starts_with(['/', '?'])).then(|| target.parse().ok()).flatten()
    }

    /// A link as it came, made absolute where it was relative to our server (RFC 3986).
    fn absolute(&self, link: String) -> String {
        let after_scheme = self.base.find("://").map_or(0, |at| at + 3);
        let host_ends =
            self.base[after_scheme..].find('/').map_or(self.base.len(), |at| after_scheme + at);
        let relative = link.starts_with('/') && !link.starts_with("//");
        if relative { format!("{}{link}", &self.base[..host_ends]) } else { link }
    }

    fn paused(&self, during: &str) -> Option<SourceFault> {
        let until = (*self.paused_until.lock().ok()?)?;
        let left = until.checked_duration_since(Instant::now())?;
        let words = "not asked: GitHub told us to wait";
        Some(SourceFault::new(FaultKind::RateLimited, during, words).retry_after(left))
    }

    /// Once told to wait, nothing more is asked until then: going on would get us banned.
    fn note_limit(&self, fault: &SourceFault) {
        if let (FaultKind::RateLimited, Some(wait)) = (fault.kind, fault.retry_after)
            && let Ok(mut slot) = self.paused_until.lock()
        {
            *slot = Instant::now().checked_add(wait);
        }
    }
}

/// Scheme, host and base path of an API root. Plain HTTP would send the token in the clear and
/// is accepted for this machine only.
fn base_of(host: &str) -> Result<String, SourceFault> {
    let wrong = |why: &str| {
        let what = format!("`host` of a [[github]] section: {why}");
        SourceFault::new(FaultKind::Local, what, host.to_owned())
    };
    let uri: Uri = host.parse().map_err(|_| wrong("not an address"))?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(wrong("expected https://HOST/api/v3"));
    };
    if authority.as_str().contains('@') {
        return Err(wrong("an address must not hold a user or a password"));
    }
    let loopback = matches!(authority.host(), "localhost" | "127.0.0.1" | "[::1]");
    if scheme != "https" && !(scheme == "http" && loopback) {
        return Err(wrong("only https:// keeps the token secret"));
    }
    Ok(format!("{scheme}://{authority}{}", uri.path().trim_end_matches('/')))
}

/// One use of the connection, with the token as it is now.
pub(super) struct Session<'c> {
    client: &'c Client,
    authorization: HeaderValue,
    fresh: bool,
}

impl Session<'_> {
    /// Reads one thing.
    pub(super) async fn get(&self, ask: &Ask) -> Result<Answer, SourceFault> {
        self.get_from(&format!("{}{}", self.client.base, ask.path), ask).await
    }

    /// Reads one thing as JSON.
    pub(super) async fn json<T: DeserializeOwned>(&self, ask: &Ask) -> Result<T, SourceFault> {
        let answer = self.get(ask).await?;
        parse(&ask.during(), &answer)
    }

    /// Reads a listing to its end, page by page, at most [`MOST_PAGES`] of them. `P` is the form
    /// of a page: a plain array, or an object around it.
    pub(super) async fn pages<P>(&self, ask: &Ask) -> Listing<P::Item>
    where
        P: DeserializeOwned + IntoIterator,
    {
        let mut listing = Listing { items: Vec::new(), fault: None };
        let mut next = format!("{}{}", self.client.base, ask.path);
        for _ in 0..MOST_PAGES {
            let page = match self.get_from(&next, ask).await {
                Ok(answer) => parse::<P>(&ask.during(), &answer).map(|page| (answer, page)),
                Err(fault) => Err(fault),
            };
            match page {
                Ok((answer, page)) => {
                    listing.items.extend(page);
                    match next_page(&answer.headers) {
                        None => return listing,
                        Some(link) => next = self.client.absolute(link),
                    }
                }
                Err(fault) => {
                    listing.fault = Some(fault);
                    return listing;
                }
            }
        }
        listing.fault = Some(SourceFault::new(
            FaultKind::Malformed,
            ask.during(),
            format!("more than {MOST_PAGES} pages; read the first {} things", listing.items.len()),
        ));
        listing
    }

    async fn get_from(&self, address: &str, ask: &Ask) -> Result<Answer, SourceFault> {
        let during = ask.during();
        let mut address = address.to_owned();
        for _ in 0..=MOST_REDIRECTS {
            let uri = self.client.same_origin(&address).ok_or_else(|| {
                SourceFault::new(
                    FaultKind::Malformed,
                    &during,
                    format!(
                        "it points to another server, where our token must not go: {}",
                        without_secrets(&address)
                    ),
                )
            })?;
            let _permit = self.client.at_once.acquire().await;
            if let Some(fault) = self.client.paused(&during) {
                return Err(fault);
            }
            let kept = if self.fresh {
                None
            } else {
                self.client.cache.lock().ok().and_then(|mut cache| cache.get(&address, ask.accept))
            };
            let mut request = self.request(Method::GET, &uri, ask.accept);
            if let (Some(kept), Some(headers)) = (&kept, request.headers_mut()) {
                headers.insert(header::IF_NONE_MATCH, kept.etag.clone());
            }
            if let (true, Some(headers)) = (self.fresh, request.headers_mut()) {
                headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
            }
            let exchange = self.exchange(request, OctoBody::empty(), &during);
            let (status, answer) = exchange.await.map_err(|broken| broken.fault)?;
            if let (StatusCode::NOT_MODIFIED, Some(kept)) = (status, kept) {
                return Ok(Answer { headers: kept.headers, body: kept.body });
            }
            if status.is_redirection()
                && let Some(to) = answer.headers.get(header::LOCATION)
            {
                let to = String::from_utf8_lossy(to.as_bytes()).into_owned();
                address = self.client.absolute(to);
                continue;
            }
            if status != StatusCode::OK {
                let fault = fault::of_answer(
                    &during,
                    status,
                    &answer.headers,
                    &answer.body,
                    ask.permission,
                );
                self.client.note_limit(&fault);
                return Err(fault);
            }
            if let (Some(etag), Ok(mut cache)) =
                (answer.headers.get(header::ETAG), self.client.cache.lock())
            {
                cache.put(
                    &address,
                    ask.accept,
                    etag.clone(),
                    answer.headers.clone(),
                    answer.body.clone(),
                );
            }
            return Ok(answer);
        }
        Err(SourceFault::new(FaultKind::Malformed, during, "it redirects in a circle"))
    }

    /// Sends one write, once. Redirects are answers like any other and are not followed.
    pub(super) async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&serde_json::Value>,
    ) -> Sent {
        let during = format!("{method} {path}");
        if let Some(fault) = self.client.paused(&during) {
            return Sent::Unsent(fault);
        }
        let Some(uri) = self.client.same_origin(&format!("{}{path}", self.client.base)) else {
            return Sent::Unsent(SourceFault::new(FaultKind::Local, during, "not an address"));
        };
        let mut request = self.request(method, &uri, JSON);
        let body = match body {
            Some(value) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                OctoBody::from(value.to_string())
            }
            None => OctoBody::empty(),
        };
        match self.exchange(request, body, &during).await {
            Ok((status, answer)) => {
                if matches!(status, StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS) {
                    self.client.note_limit(&fault::of_answer(
                        &during,
                        status,
                        &answer.headers,
                        &answer.body,
                        None,
                    ));
                }
                Sent::Answered(status, answer)
            }
            Err(Broken { fault, maybe_sent: true }) => Sent::Lost(fault),
            Err(Broken { fault, maybe_sent: false }) => Sent::Unsent(fault),
        }
    }

    fn request(&self, method: Method, uri: &Uri, accept: &'static str) -> http::request::Builder {
        http::Request::builder()
            .method(method)
            .uri(uri.clone())
            .header(header::ACCEPT, accept)
            .header(header::USER_AGENT, USER_AGENT)
            .header("x-github-api-version", API_VERSION)
            .header(header::AUTHORIZATION, self.authorization.clone())
    }

    async fn exchange(
        &self,
        request: http::request::Builder,
        body: OctoBody,
        during: &str,
    ) -> Result<(StatusCode, Answer), Broken> {
        let local = |error: http::Error| Broken {
            fault: SourceFault::new(FaultKind::Local, during, error.to_string()),
            maybe_sent: false,
        };
        let request = request.body(body).map_err(local)?;
        let limit = self.client.request_timeout;
        let work = async {
            let response = self
                .client
                .crab
                .execute(request)
                .await
                .map_err(|error| fault::of_transport(during, &error))?;
            let (parts, body) = response.into_parts();
            let body = Limited::new(body, MOST_BODY).collect().await.map_err(|error| Broken {
                fault: if error.is::<http_body_util::LengthLimitError>() {
                    let words = format!("the answer is larger than {} MiB", MOST_BODY >> 20);
                    SourceFault::new(FaultKind::Malformed, during, words)
                } else {
                    fault::of_body(during, &*error)
                },
                maybe_sent: true,
            })?;
            let heard = echo::silenced(&self.authorization, parts.headers, body.to_bytes());
            Ok((parts.status, Answer { headers: heard.0, body: heard.1 }))
        };
        tokio::time::timeout(limit, work).await.unwrap_or_else(|_| {
            let words = format!("no complete answer within {} s", limit.as_secs_f32());
            let fault = SourceFault::new(FaultKind::Timeout, during, words);
            Err(Broken { fault, maybe_sent: true })
        })
    }
}

fn parse<T: DeserializeOwned>(during: &str, answer: &Answer) -> Result<T, SourceFault> {
    serde_json::from_slice(&answer.body)
        .map_err(|error| fault::malformed(during, &answer.headers, &answer.body, &error))
}

/// The address of `rel="next"` in a `Link` header (RFC 8288), if there is one.
fn next_page(headers: &HeaderMap) -> Option<String> {
    headers.get_all(header::LINK).iter().filter_map(|value| value.to_str().ok()).find_map(|value| {
        value.split(',').find_map(|link| {
            let (address, parameters) = link.trim().strip_prefix('<')?.split_once('>')?;
            parameters
                .split(';')
                .any(|parameter| {
                    matches!(parameter.trim(), "rel=\"next\"" | "rel=next" | "rel='next'")
                })
                .then(|| address.to_owned())
        })
    })
}
