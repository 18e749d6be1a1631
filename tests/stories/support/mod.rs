//! What several stories need: addresses of the servers, builders, a terminal.

pub mod aws;
pub mod desk;
#[allow(dead_code, reason = "each story takes what it needs")]
pub mod github;
#[allow(dead_code, reason = "each story takes what it needs")]
pub mod hostile;
pub mod memory;
pub mod program;
pub mod pty;
pub mod screen;
mod servers;

#[allow(unused_imports, reason = "each story takes what it needs")]
pub use servers::server;
