//! What several stories need: addresses of the servers, builders, a terminal.

pub mod aws;
pub mod desk;
#[allow(dead_code, reason = "each story takes what it needs")]
pub mod github;
pub mod memory;
mod servers;

#[allow(unused_imports, reason = "each story takes what it needs")]
pub use servers::server;
