//! The policy: what the shipped one says of real commands, boundaries, how rules add up, what goes
//! wrong, and the commands around it.

#[path = "policy/boundaries.rs"]
mod boundaries;
#[path = "policy/case.rs"]
mod case;
#[path = "policy/invalid.rs"]
mod invalid;
#[path = "policy/shipped.rs"]
mod shipped;
#[path = "policy/strictness.rs"]
mod strictness;
