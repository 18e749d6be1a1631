//! Programs that send a request: `curl`, `wget`, `http`.
//!
//! ```text
//!   curl, wget, http, … ──▶ http::Request ──▶ routes, body, path ──▶ effects
//!                                               └─ graphql, sql, json
//! ```

mod body;
mod curl;
mod graphql;
mod http;
pub mod json;
mod leak;
mod outputs;
mod routes;
mod special;
pub mod verbs;

pub use body::{looks_like_graphql, looks_like_sql, loosens};
pub use graphql::{document, graphql};
pub use http::{Part, Request, request};

use super::{How, Program};

/// The programs of this family.
pub(super) const PROGRAMS: &[Program] =
    &[Program { names: &["curl", "curlie"], how: How::Code(curl::judge) }];
