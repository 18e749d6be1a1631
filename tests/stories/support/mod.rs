//! What several stories need: addresses of the servers, builders, a terminal.

pub mod pty;
pub mod screen;
pub mod aws;
pub mod desk;
pub mod memory;
#[allow(dead_code, reason = "each story takes what it needs")]
pub mod github;
mod servers;

#[allow(unused_imports, reason = "each story takes what it needs")]
pub use servers::server;
