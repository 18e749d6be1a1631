//! What users can do, told as tests. One binary, so it links once.
//!
//! Tests that need a server somebody else wrote are `#[ignore = "needs …: make test"]`; a plain
//! `cargo test` lists them as left out, `make test` starts the servers and runs them too, and
//! there a missing server is a failure.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "clippy.toml allows these in test functions; the stories' helpers are tests too"
)]

mod support;

mod attacks;
mod aws;
mod bad_input;
mod bad_store;
mod changes;
mod classify;
mod command_line;
mod configuration;
mod console;
mod crowd;
mod decisions;
mod demo;
mod end_to_end;
mod first_hour;
mod foreseen;
mod frames;
mod gate_exec;
mod gate_install;
mod gate_mcp;
mod generated;
mod github;
mod groups_from;
mod hook;
mod hooks;
mod house;
mod iam;
mod iam_decisions;
mod iam_traps;
mod inventory;
mod ledger;
mod ledger_store;
mod pictures;
mod policy;
mod polling;
mod quorum;
mod responsiveness;
mod revocation;
mod shared_store;
mod signing;
mod snapshot;
mod store;
mod terminal;
mod watch;
