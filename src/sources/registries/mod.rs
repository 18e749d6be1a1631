//! Package registries: whether a package is there, since when, and how much it is used.
//!
//! ```text
//!   Dependency ──▶ crates.io index, npm, PyPI, Go's proxy ──▶ Seen { since, weekly }
//!                                   └─ silent, out of reach ─▶ why nobody knows
//! ```
//!
//! Protocols: Cargo's sparse index (<https://doc.rust-lang.org/cargo/reference/registry-index.html>),
//! npm's registry API (<https://github.com/npm/registry/blob/main/docs/REGISTRY-API.md>), `PyPI`'s
//! simple API as JSON (PEP 691, PEP 700), Go's module proxy (<https://go.dev/ref/mod#goproxy-protocol>).
//! Only a name is sent, and to a mirror where the environment names one for the package manager.

mod answers;

use crate::classify::diff::{Dependency, Registry, Seen};
use futures::{StreamExt as _, stream};
use std::time::Duration;

/// Packages of one diff that are asked about.
pub const MOST: usize = 200;
/// Questions on their way at once.
const AT_ONCE: usize = 8;
/// A registry that has not answered by then is out of reach.
const PATIENCE: Duration = Duration::from_secs(6);
/// Longest answer that is read, in bytes. npm's answer about a package holds all its versions.
const MOST_BODY: usize = 64 * 1024 * 1024;

const USER_AGENT: &str = concat!("countersign/", env!("CARGO_PKG_VERSION"));

/// What came of asking about a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The registry has told.
    Told(Seen),
    /// It could not be asked, or what it said cannot be read; why.
    Silent(String),
}

/// Where the registries are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// Cargo's sparse index.
    pub crates: String,
    /// npm's registry.
    pub npm: String,
    /// The simple API of the Python Package Index.
    pub pypi: String,
    /// Go's module proxy; empty when it is switched off.
    pub go: String,
}

const CRATES: &str = "https://index.crates.io";
const NPM: &str = "https://registry.npmjs.org";
const PYPI: &str = "https://pypi.org/simple";
const GO: &str = "https://proxy.golang.org";

impl Places {
    /// As the package managers find them: in the variables they read themselves.
    pub fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        let first = |names: &[&str], usual: &str| {
            let set =
                names.iter().find_map(|name| variable(name).filter(|value| !value.is_empty()));
            set.unwrap_or_else(|| usual.to_owned()).trim_end_matches('/').to_owned()
        };
        let index = first(&["COUNTERSIGN_CRATES_INDEX"], CRATES);
        let proxies = first(&["GOPROXY"], GO);
        let proxy = proxies.split([',', '|']).find(|proxy| proxy.starts_with("http"));
        Self {
            crates: index.trim_start_matches("sparse+").to_owned(),
            npm: first(&["npm_config_registry", "NPM_CONFIG_REGISTRY"], NPM),
            pypi: first(&["UV_INDEX_URL", "PIP_INDEX_URL"], PYPI),
            go: proxy.unwrap_or_default().trim_end_matches('/').to_owned(),
        }
    }
}

/// Asks about every package, several at once, and gives the answers in the same order.
pub async fn ask(dependencies: &[Dependency], places: &Places) -> Vec<Answer> {
    let client = reqwest::Client::builder()
        .user_agent(USER_AGENT)
        .connect_timeout(PATIENCE)
        .timeout(PATIENCE)
        .build();
    let client = match client {
        Ok(client) => client,
        Err(error) => return vec![Answer::Silent(error.to_string()); dependencies.len()],
    };
    let asked = dependencies.iter().take(MOST).map(|dependency| one(&client, dependency, places));
    let mut answers: Vec<Answer> = stream::iter(asked).buffered(AT_ONCE).collect().await;
    let more = "more packages than are asked about at once".to_owned();
    answers.resize(dependencies.len(), Answer::Silent(more));
    answers
}

async fn one(client: &reqwest::Client, dependency: &Dependency, places: &Places) -> Answer {
    let name = dependency.name.as_str();
    let (url, usage, read): (String, Option<String>, answers::Reader) = match dependency.registry {
        Registry::Crates => (
            format!("{}/{}", places.crates, answers::crate_path(name)),
            (places.crates == CRATES).then(|| format!("https://crates.io/api/v1/crates/{name}")),
            answers::crates,
        ),
        Registry::Npm => (
            format!("{}/{}", places.npm, name.replace('/', "%2f")),
            (places.npm == NPM)
                .then(|| format!("https://api.npmjs.org/downloads/point/last-week/{name}")),
            answers::npm,
        ),
        Registry::PyPi => {
            let name = answers::normal(name);
            let usage = format!("https://pypistats.org/api/packages/{name}/recent");
            let usage = (places.pypi == PYPI).then_some(usage);
            (format!("{}/{name}/", places.pypi), usage, answers::pypi)
        }
        Registry::Go if places.go.is_empty() => {
            return Answer::Silent("GOPROXY names no proxy that can be asked".to_owned());
        }
        Registry::Go => {
            let path = answers::module_path(name);
            return match first_version(client, &places.go, &path).await {
                Ok(seen) => Answer::Told(seen),
                Err(why) => Answer::Silent(why),
            };
        }
    };
    let (mut seen, usage) = match futures::join!(get(client, &url), usage_of(client, usage)) {
        (Ok(Some(body)), usage) => match read(&body) {
            Some(seen) => (seen, usage),
            None => return Answer::Silent("its answer cannot be read".to_owned()),
        },
        (Ok(None), _) => return Answer::Told(Seen::Missing),
        (Err(why), _) => return Answer::Silent(why),
    };
    if let Seen::Known { weekly, .. } = &mut seen {
        *weekly = usage;
    }
    Answer::Told(seen)
}

/// Go's proxy lists versions without their times: the first one is asked for its own.
async fn first_version(client: &reqwest::Client, proxy: &str, path: &str) -> Result<Seen, String> {
    let Some(list) = get(client, &format!("{proxy}/{path}/@v/list")).await? else {
        return Ok(Seen::Missing);
    };
    let list = String::from_utf8_lossy(&list);
    let Some(first) = answers::lowest(&list) else {
        // A module without versions is known by its commits.
        let latest = get(client, &format!("{proxy}/{path}/@latest")).await?;
        return Ok(latest.map_or(Seen::Missing, |_| Seen::Known { since: None, weekly: None }));
    };
    let told = get(client, &format!("{proxy}/{path}/@v/{first}.info")).await?;
    let since = told.and_then(|body| answers::go_time(&body));
    Ok(Seen::Known { since, weekly: None })
}

/// Downloads in a week, where somebody counts them and answers.
async fn usage_of(client: &reqwest::Client, url: Option<String>) -> Option<u64> {
    let body = get(client, &url?).await.ok()??;
    answers::weekly(&body)
}

/// The body, nothing when there is no such thing, or why nobody knows.
async fn get(client: &reqwest::Client, url: &str) -> Result<Option<Vec<u8>>, String> {
    let accept =
        "application/vnd.pypi.simple.v1+json, application/json, text/html;q=0.1, */*;q=0.01";
    let request = client.get(url).header(reqwest::header::ACCEPT, accept);
    let mut response = request.send().await.map_err(|error| told(&error))?;
    let status = response.status().as_u16();
    // 410 and 451 say that it was there and is not any more.
    if matches!(status, 404 | 410 | 451) {
        return Ok(None);
    }
    if status != 200 {
        return Err(format!("it answered {status}"));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| told(&error))? {
        if body.len() + chunk.len() > MOST_BODY {
            return Err("its answer is longer than is read".to_owned());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some(body))
}

/// The cause, without the address: that would be repeated for every package.
fn told(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return format!("it did not answer within {} s", PATIENCE.as_secs());
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}
