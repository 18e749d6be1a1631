//! The embedded world and the waiting agent.

#[path = "support/demo_store.rs"]
mod demo_store;
mod gate;
mod world;
