//! The embedded world and the waiting agent.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "these are tests; the lint only sees functions that carry the attribute"
)]

mod agent;
mod world;
