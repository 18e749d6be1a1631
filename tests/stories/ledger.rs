//! The ledger: what it proves, to whom, and what somebody who can write the store cannot hide.

mod attacks;
mod commands;
mod evidence;
#[path = "signing/soft.rs"]
mod soft;
mod world;
