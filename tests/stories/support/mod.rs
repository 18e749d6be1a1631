//! What several stories need: addresses of the servers, builders, a terminal.

pub mod aws;
pub mod desk;
#[allow(dead_code, reason = "each story takes what it needs")]
pub mod github;
#[allow(dead_code, reason = "each story takes what it needs")]
pub mod hostile;
pub mod intruder;
pub mod memory;
pub mod postgres;
pub mod program;
pub mod pty;
pub mod screen;
mod servers;
pub mod wire;

#[allow(unused_imports, reason = "each story takes what it needs")]
pub use servers::server;
