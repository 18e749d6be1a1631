//! Whoever can write to the store, or holds a key too few, gets nothing through.
//!
//! ```text
//!   reviewers (real ssh-agents, real keys) ──▶ store ──▶ gate, with its own roster, policy, clock
//!                            an intruder's hand ──┘          └─▶ refused, and why
//! ```
//!
//! Each story ends in a refusal with its reason. They are told over the store's trait and an
//! intruder's hand, so that they hold for any store.

mod copied;
mod decided;
mod forged;
mod keys;
mod office;
mod people;
mod program;
mod rules;
mod twice;
mod waiting;
