//! A GitHub to test against: worlds of the stateful fake, and a forwarder that keeps a log.

use super::server;
use countersign::{
    catalogue::Catalogue,
    config::{GithubSettings, ProductionRules, TokenFrom},
    domain::{Action, Order, OrderId, OrderKind, SourceName, Untrusted},
    sources::{Lens, github::GithubSource},
};
use serde_json::{Value, json};
use std::sync::Arc;

/// Copilot's coding agent, by the numeric id that cannot be renamed.
pub fn copilot() -> Value {
    json!({"id": 198_982_749, "login": "Copilot"})
}

/// A person.
pub fn person(login: &str) -> Value {
    json!({"login": login})
}

/// A commit id made of one repeated digit.
pub fn sha(digit: char) -> String {
    digit.to_string().repeat(40)
}

/// The built-in catalogue, and `acme…/shop` and environments named `production` as production.
pub fn lens() -> Lens {
    Lens {
        catalogue: Arc::new(Catalogue::builtin().expect("the built-in catalogue is valid")),
        production: Arc::new(ProductionRules {
            repos: vec!["*/shop".into()],
            environments: vec!["production".into()],
            ..ProductionRules::default()
        }),
    }
}

/// Settings for a server whose tokens are user names.
pub fn settings(host: &str, org: Option<&str>, token: &str) -> GithubSettings {
    GithubSettings {
        name: None,
        org: org.map(str::to_owned),
        repos: Vec::new(),
        host: Some(host.to_owned()),
        token: TokenFrom::Command(vec!["printf".into(), token.into()]),
    }
}

/// One organisation of the fake, under a name no other test uses.
pub struct World {
    /// Its login.
    pub org: String,
    control: String,
    http: reqwest::Client,
}

impl World {
    /// Makes a world from a seed (`tests/servers/github_fake/README.md` has its form).
    pub async fn seeded(org: &str, seed: Value) -> Self {
        Self::seeded_at(&server("GITHUB_FAKE_DIRECT"), org, seed).await
    }

    /// The same on a fake of one's own.
    pub async fn seeded_at(fake: &str, org: &str, seed: Value) -> Self {
        let world = Self {
            org: org.to_owned(),
            control: format!("{fake}/_control/orgs/{org}"),
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
        };
        world.call(reqwest::Method::PUT, "", Some(seed)).await;
        world
    }

    /// A source that asks through GitHub's published description.
    pub fn source(&self) -> GithubSource {
        self.source_at(&server("GITHUB_FAKE"), "rowan")
    }

    /// A source that asks the fake itself, where diffs and faults can be had.
    pub fn direct(&self) -> GithubSource {
        self.source_at(&server("GITHUB_FAKE_DIRECT"), "rowan")
    }

    /// A source at another address, as another user.
    pub fn source_at(&self, host: &str, token: &str) -> GithubSource {
        GithubSource::connect(&settings(host, Some(&self.org), token), lens()).unwrap()
    }

    /// The world as it is now.
    pub async fn state(&self) -> Value {
        self.call(reqwest::Method::GET, "", None).await
    }

    /// Requests since the log was last forgotten: method, path, status.
    pub async fn requests(&self) -> Vec<(String, String, Value)> {
        let state = self.state().await;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let requests = state["requests"].as_array().unwrap().iter();
        requests
            .map(|one| (text(&one["method"]), text(&one["path"]), one["status"].clone()))
            .collect()
    }

    /// Forgets the log of requests.
    pub async fn forget_requests(&self) {
        self.call(reqwest::Method::DELETE, "/requests", None).await;
    }

    /// Changes a pull request: a new `head` is a push.
    pub async fn change_pull(&self, repo: &str, number: u64, fields: Value) {
        let path = format!("/repos/{repo}/pulls/{number}");
        self.call(reqwest::Method::PATCH, &path, Some(fields)).await;
    }

    /// Changes a run.
    pub async fn change_run(&self, repo: &str, run: u64, fields: Value) {
        self.call(reqwest::Method::PATCH, &format!("/repos/{repo}/runs/{run}"), Some(fields)).await;
    }

    /// From now on, matching requests go wrong.
    pub async fn fault(&self, fault: Value) {
        self.call(reqwest::Method::POST, "/faults", Some(fault)).await;
    }

    /// No more faults.
    pub async fn heal(&self) {
        self.call(reqwest::Method::DELETE, "/faults", None).await;
    }

    async fn call(&self, method: reqwest::Method, path: &str, body: Option<Value>) -> Value {
        let mut request = self.http.request(method, format!("{}{path}", self.control));
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status();
        let value: Value = answer.json().await.unwrap();
        assert!(status.is_success(), "control {path}: {status} {value}");
        value
    }
}

/// An order as the review room writes it.
pub fn order(source: &SourceName, kind: OrderKind, action: Option<&Action>) -> Order {
    let nonce = format!("{kind:?} {:?}", std::time::SystemTime::now());
    Order {
        id: OrderId::derive(&[&nonce]),
        source: source.clone(),
        kind,
        action: action.map(|action| action.id.clone()),
        credential: None,
        by: Untrusted::new("rowan"),
        reason: Untrusted::new("reviewed"),
        at: jiff::Timestamp::now(),
    }
}

/// Forwards requests to another server, keeps a log, and drops `Link` headers: Prism's examples
/// link to the real GitHub, where no test may go.
pub struct Recorder {
    /// Where it listens.
    pub url: String,
    log: Arc<std::sync::Mutex<Vec<Recorded>>>,
}

/// One request that went through a [`Recorder`].
#[derive(Debug, Clone)]
pub struct Recorded {
    /// Method and path with query.
    pub call: String,
    /// What was answered.
    pub status: u16,
    /// The answer's body.
    pub answer: String,
}

impl Recorder {
    /// Listens in front of a server.
    pub async fn before(upstream: String) -> Self {
        Self::spoiling(upstream, "", "").await
    }

    /// Listens in front of a server and replaces a piece of every body that is sent to it.
    pub async fn spoiling(upstream: String, right: &'static str, wrong: &'static str) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let log = Arc::new(std::sync::Mutex::new(Vec::new()));
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let kept = log.clone();
        tokio::spawn(async move {
            while let Ok((peer, _)) = listener.accept().await {
                let spoil = move |body: &str| match right {
                    "" => body.to_owned(),
                    _ => body.replace(right, wrong),
                };
                tokio::spawn(forward(peer, upstream.clone(), http.clone(), kept.clone(), spoil));
            }
        });
        Self { url, log }
    }

    /// What went through so far.
    pub fn log(&self) -> Vec<Recorded> {
        self.log.lock().unwrap().clone()
    }
}

async fn forward(
    mut peer: tokio::net::TcpStream,
    upstream: String,
    http: reqwest::Client,
    log: Arc<std::sync::Mutex<Vec<Recorded>>>,
    spoil: impl Fn(&str) -> String + Send,
) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        if peer.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
            return;
        }
    };
    let head = String::from_utf8(bytes[..head_end].to_vec()).unwrap();
    let mut lines = head.split("\r\n");
    let mut first = lines.next().unwrap().split(' ');
    let (method, path) = (first.next().unwrap(), first.next().unwrap());
    let mut request = http.request(method.parse().unwrap(), format!("{upstream}{path}"));
    let mut length = 0;
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().unwrap(),
            "host" | "connection" => {}
            _ => request = request.header(name, value),
        }
    }
    while bytes.len() < head_end + length {
        if peer.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
            return;
        }
    }
    if length > 0 {
        request = request.body(spoil(std::str::from_utf8(&bytes[head_end..]).unwrap()));
    }
    let answer = request.send().await.unwrap();
    let status = answer.status();
    let kind = answer.headers().get("content-type").map(|kind| kind.to_str().unwrap().to_owned());
    let body = answer.text().await.unwrap();
    log.lock().unwrap().push(Recorded {
        call: format!("{method} {path}"),
        status: status.as_u16(),
        answer: body.clone(),
    });
    let kind = kind.map_or_else(String::new, |kind| format!("content-type: {kind}\r\n"));
    let length = if status.as_u16() == 204 {
        String::new()
    } else {
        format!("content-length: {}\r\n", body.len())
    };
    let text =
        format!("HTTP/1.1 {} X\r\nconnection: close\r\n{kind}{length}\r\n{body}", status.as_u16());
    let _ = peer.write_all(text.as_bytes()).await;
    let _ = peer.shutdown().await;
}
