//! `countersign gate mcp`: stands between an MCP client and a server.
//!
//! ```text
//!   client ─stdin─▶ Frames ─▶ Message ─┬─ tools/call ─▶ keeper ─┬ let through ──┐
//!                                      │                        ├ held … passed ┤
//!                                      │                        └ refused ─▶ error to the client
//!                                      └─ everything else ──────────────────────┤
//!                                                                               ▼
//!   client ◀─stdout─ tools/list sifted by pins ◀──── everything else ◀──── server (stdio, http)
//! ```
//!
//! Messages are passed on letter by letter. rmcp gives the framing and its bounds; its types for
//! the messages themselves would drop every field they do not know, and the protocol has grown
//! fields with every version. So what is not a call of a tool or a list of tools is only looked at
//! to know that it is neither. Looked at strictly, though: a message that servers could read
//! differently (a name twice, in other letters, a line break inside) goes no further.
//!
//! A refusal is a JSON-RPC error: code [`REFUSED`] for no, [`WAITING`] for not yet, with the
//! reason as its message and `data` for programs: `leave` (`boundary`, `rejected`, `held`,
//! `refused`), and where they exist `action`, `rule`, `tier`, `requirement`.

mod call;
mod definition;
mod events;
mod frame;
mod http;
mod keeper;
mod message;
mod name;
mod pins;
mod proxy;
mod stdio;

pub use call::{REFUSED, WAITING};
pub use name::{name_of_command, name_of_url};

use crate::{
    domain::{Digest, DigestError, ToolMatch},
    gate::Guard,
    trust::LiveRoster,
};
use reqwest::{
    Url,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use std::{ffi::OsString, io, path::PathBuf, time::Duration};
use tokio::sync::mpsc;

/// Where the server is.
#[derive(Debug, Clone)]
pub enum Reach {
    /// A program that is started and spoken to over its standard streams.
    Command(Vec<OsString>),
    /// A streamable HTTP endpoint.
    Url {
        /// Its address.
        url: String,
        /// Headers of every request; their values may be secrets.
        headers: Vec<(String, String)>,
    },
}

/// What calls are put to at a moment.
pub struct Now {
    /// Policy and places.
    pub guard: Guard,
    /// Who may decide.
    pub reviewers: LiveRoster,
}

/// The rules as they are now, asked anew for every call, or why there are none.
pub type GuardNow = dyn Fn() -> Result<Now, String> + Send + Sync;
/// The tool behind a client, by what the client calls itself (empty where it said nothing).
pub type AgentOf = dyn Fn(&str) -> ToolMatch + Send + Sync;
/// Tells whoever watches; what is told may hold outside text.
pub type Say = dyn Fn(&str) + Send + Sync;

/// What the proxy is told about its place.
pub struct Setup {
    /// The server's name, as configured: letters, digits, `-`, `_`, `.`.
    pub name: String,
    /// What the server is started with, so that it is known again.
    pub identity: Digest,
    /// The same, for people.
    pub told: String,
    /// The store.
    pub store: PathBuf,
    /// How long a call is held before its client gets a ticket.
    pub patience: Duration,
    /// What calls are put to.
    pub guard: Box<GuardNow>,
    /// Who the client is.
    pub agent: Box<AgentOf>,
    /// Working directory.
    pub cwd: String,
    /// Where to say what people should know.
    pub say: Box<Say>,
}

/// Why the server cannot be stood in front of.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The program cannot be started.
    #[error("the MCP server cannot be started: {0}")]
    NotStarted(io::Error),
    /// The address or a header makes no sense.
    #[error("{0}")]
    BadAddress(String),
    /// The client for HTTP cannot be made.
    #[error("HTTP cannot be spoken: {0}")]
    NoHttp(reqwest::Error),
}

impl Reach {
    /// What names the server over all its starts: program and arguments, or address. A program
    /// that changes behind its name is the same server, and what it says of its tools is compared.
    pub fn identity(&self) -> Result<Digest, DigestError> {
        match self {
            Self::Command(argv) => {
                let (program, arguments) =
                    argv.split_first().map_or((None, argv.as_slice()), |all| {
                        (Some(stdio::resolved(all.0, std::env::var_os("PATH").as_deref())), all.1)
                    });
                let mut words = vec!["stdio".to_owned()];
                words.extend(program.map(|path| path.to_string_lossy().into_owned()));
                words.extend(arguments.iter().map(|word| word.to_string_lossy().into_owned()));
                Digest::of_canonical(&words)
            }
            Self::Url { url, .. } => Digest::of_canonical(&["http", url]),
        }
    }

    /// The server for people: its command line, or its address without what may be secret.
    pub fn told(&self) -> String {
        match self {
            Self::Command(argv) => {
                let words: Vec<_> = argv.iter().map(|word| word.to_string_lossy()).collect();
                words.join(" ")
            }
            Self::Url { url, .. } => url.parse::<Url>().map_or_else(
                |_| "an address".to_owned(),
                |url| format!("{}{}", url.origin().ascii_serialization(), url.path()),
            ),
        }
    }
}

/// Stands between the client on our standard streams and a server, until one of them ends or a
/// signal comes. Answers the exit status: the server's own where it ended by itself, 0 where the
/// client ended, 128 and the number of a signal.
pub async fn serve(
    setup: Setup,
    reach: &Reach,
    signals: &mut mpsc::Receiver<i32>,
) -> Result<u8, StartError> {
    let (upstream, to, from) = match reach {
        Reach::Command(argv) => {
            let (server, to, from) = stdio::start(argv).map_err(StartError::NotStarted)?;
            (proxy::Upstream::Process(server), to, from)
        }
        Reach::Url { url, headers } => {
            let (url, headers) = address(url, headers).map_err(StartError::BadAddress)?;
            let (remote, to, from) = http::start(url, headers).map_err(StartError::NoHttp)?;
            (proxy::Upstream::Remote(remote), to, from)
        }
    };
    let ends = proxy::Ends { input: tokio::io::stdin(), output: tokio::io::stdout(), to, from };
    Ok(proxy::run(setup, upstream, ends, signals).await)
}

fn address(url: &str, headers: &[(String, String)]) -> Result<(Url, HeaderMap), String> {
    let url: Url = url.parse().map_err(|_| "the address of the server is no URL".to_owned())?;
    let near = match url.host_str() {
        Some("localhost" | "[::1]") => true,
        Some(host) => host.parse().is_ok_and(|host: std::net::Ipv4Addr| host.is_loopback()),
        None => return Err("the address of the server names no host".to_owned()),
    };
    match url.scheme() {
        "https" => {}
        "http" if near || headers.is_empty() => {}
        "http" => {
            return Err(
                "headers may be secrets, and http would show them to whoever listens: use https"
                    .to_owned(),
            );
        }
        _ => {
            return Err(
                "the address of the server has to begin with https:// or http://".to_owned()
            );
        }
    }
    let mut all = HeaderMap::new();
    for (name, value) in headers {
        let name: HeaderName =
            name.parse().map_err(|_| "a header's name has letters it cannot have".to_owned())?;
        let mut value = HeaderValue::from_str(value.trim())
            .map_err(|_| format!("the value of the header {name} cannot be sent"))?;
        value.set_sensitive(true);
        all.insert(name, value);
    }
    Ok((url, all))
}

#[cfg(test)]
mod tests {
    use super::{Reach, address};

    #[test]
    fn secrets_travel_encrypted_or_not_at_all() {
        let secret = [("authorization".to_owned(), "Bearer x".to_owned())];
        assert!(address("http://mcp.example.com/mcp", &secret).is_err());
        assert!(address("http://mcp.example.com/mcp", &[]).is_ok());
        assert!(address("http://127.0.0.1:3001/mcp", &secret).is_ok());
        assert!(address("https://mcp.example.com/mcp", &secret).is_ok());
        assert!(address("file:///etc/passwd", &[]).is_err());
        assert!(address("https://x", &[("a\nb".to_owned(), String::new())]).is_err());
    }

    #[test]
    fn a_server_is_known_by_what_it_is_started_with() {
        let reach = |words: &[&str]| Reach::Command(words.iter().map(Into::into).collect());
        let identity = |words: &[&str]| reach(words).identity().unwrap();
        assert_eq!(identity(&["/bin/s", "a b"]), identity(&["/bin/s", "a b"]));
        assert_ne!(identity(&["/bin/s", "a b"]), identity(&["/bin/s", "a", "b"]));
    }

    #[test]
    fn an_address_is_told_without_its_secrets() {
        let url = "https://me:secret@mcp.example.com/mcp?key=secret".to_owned();
        let told = Reach::Url { url, headers: Vec::new() }.told();
        assert_eq!(told, "https://mcp.example.com/mcp");
    }
}
