//! Programs that send a request: `curl`, `wget`, `http`.
//!
//! ```text
//!   curl, wget, http, … ──▶ http::Request ──▶ routes, body, path ──▶ effects
//!                                               └─ graphql, sql, json
//! ```

mod body;
mod calls;
mod curl;
mod graphql;
mod http;
mod httpie;
pub mod json;
pub(in crate::classify) mod leak;
mod outputs;
mod routes;
mod special;
pub mod verbs;
mod wget;

pub use body::{looks_like_graphql, looks_like_sql, loosens};
pub use graphql::{document, graphql};
pub use http::{Part, Request, request};

use super::{How, Program};

const fn table(names: &'static [&'static str], cli: &'static super::Cli) -> Program {
    Program { names, how: How::Table(cli) }
}

/// The programs of this family.
pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["curl", "curlie"], how: How::Code(curl::judge) },
    Program { names: &["websocat", "wscat"], how: How::Code(calls::websocat) },
    table(&["wget", "wget2"], &wget::WGET),
    table(&["aria2c"], &wget::ARIA2),
    table(&["http", "https", "xh", "xhs", "ht"], &httpie::HTTPIE),
    table(&["httpx"], &calls::HTTPX),
    table(&["hurl"], &calls::HURL),
    table(&["grpcurl"], &calls::GRPCURL),
];

#[cfg(test)]
mod tests;
