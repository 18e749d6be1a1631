//! The policy: what the shipped one says of real commands, boundaries, how rules add up, what goes
//! wrong, and the commands around it.

mod boundaries;
mod case;
mod commands;
mod invalid;
mod shipped;
mod strictness;
