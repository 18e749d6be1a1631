//! What several stories need: addresses of the servers, builders, a terminal.

#[allow(dead_code, reason = "each story takes what it needs")]
pub mod aws;
#[allow(dead_code, reason = "each story takes what it needs")]
pub mod github;
mod servers;

#[allow(unused_imports, reason = "each story takes what it needs")]
pub use servers::server;
