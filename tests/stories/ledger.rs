//! The ledger: what it proves, to whom, and what somebody who can write the store cannot hide.

mod attacks;
mod commands;
mod evidence;
mod world;

use crate::signing::soft;
