//! A command asks for leave at the gate: let through, held by as many people as policy wants, or
//! refused; and what runs is exactly what was approved.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "these are tests; the lint only sees functions that carry the attribute"
)]

mod agent;
mod desk;
mod pinned;
mod program;
mod staging;
mod terraform;
mod waiting;
