//! What several stories need: addresses of the servers, builders, a terminal.

pub mod pty;
pub mod screen;
mod servers;

#[allow(unused_imports, reason = "each story takes what it needs")]
pub use servers::server;
