//! The real program with a real configuration against servers: what a person at a bastion host
//! types, and what the servers say afterwards.
//!
//! ```text
//!   config.toml ─▶ countersign audit, queue, show, approve … ─▶ moto (an account of its own)
//!                                     │                       └▶ the GitHub fake, alone or
//!                                     ▼                          behind the published description
//!                     stdout, stderr, exit status      read back past the program
//! ```

mod broken_sources;
mod canaries;
mod crashes;
mod credentials;
mod decisions;
pub(crate) mod house;
mod proxies;
