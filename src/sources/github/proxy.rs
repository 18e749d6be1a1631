//! The way out through a proxy, as the environment says: `HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`
//! (and in small letters), read as curl reads them.
//!
//! ```text
//!   https://api.github.com ──▶ named by NO_PROXY? ──yes──▶ direct
//!                                   │no
//!                                   ▼
//!            CONNECT api.github.com:443 to the proxy ──▶ TLS to GitHub inside the tunnel
//! ```
//!
//! The proxy sees names and sizes, never the token. Plain http goes to this machine only and
//! never through a proxy, which could read it.

use http::Uri;
use hyper_util::{
    client::{
        legacy::connect::{HttpConnector, proxy::Tunnel},
        proxy::matcher::{Intercept, Matcher},
    },
    rt::TokioIo,
};
use std::{
    error::Error,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};
use tokio::net::TcpStream;
use tower_service::Service;

type Failure = Box<dyn Error + Send + Sync>;

/// Opens connections, through a proxy where one is set for the address.
#[derive(Clone)]
pub(super) struct Outward {
    http: HttpConnector,
    proxies: Arc<Matcher>,
}

impl Outward {
    /// With the proxies of the environment.
    pub(super) fn new(http: HttpConnector) -> Self {
        Self { http, proxies: Arc::new(Matcher::from_env()) }
    }
}

impl Service<Uri> for Outward {
    type Response = TokioIo<TcpStream>;
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Failure>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        self.http.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let Some(proxy) = proxy_for(&self.proxies, &to) else {
            let direct = self.http.call(to);
            return Box::pin(async move { Ok(direct.await?) });
        };
        if proxy.uri().scheme_str() != Some("http") {
            let scheme = proxy.uri().scheme_str().unwrap_or("none").to_owned();
            return Box::pin(async move {
                Err(format!("a proxy has to be http://…, this one is {scheme}").into())
            });
        }
        let mut tunnel = Tunnel::new(proxy.uri().clone(), self.http.clone());
        if let Some(who) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(who.clone());
        }
        let place = place_of(&proxy);
        let through = tunnel.call(to);
        Box::pin(async move {
            through.await.map_err(|error| {
                let why = error.source().map_or_else(String::new, |why| format!(": {why}"));
                format!("through the proxy {place}: {error}{why}").into()
            })
        })
    }
}

fn proxy_for(proxies: &Matcher, to: &Uri) -> Option<Intercept> {
    (to.scheme_str() == Some("https")).then(|| proxies.intercept(to)).flatten()
}

/// Host and port, without the password that may be in the variable.
fn place_of(proxy: &Intercept) -> String {
    let uri = proxy.uri();
    let port = uri.port_u16().map_or_else(String::new, |port| format!(":{port}"));
    format!("{}{port}", uri.host().unwrap_or_default())
}

/// The proxy requests to this address take, for people.
pub(super) fn in_use(address: &str) -> Option<String> {
    let to = address.parse().ok()?;
    proxy_for(&Matcher::from_env(), &to).map(|proxy| place_of(&proxy))
}
