//! The ledger: what it proves, to whom, and what somebody who can write the store cannot hide.

mod attacks;
mod evidence;
mod world;
#[path = "signing/soft.rs"]
mod soft;
