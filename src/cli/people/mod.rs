//! What a reviewer does beyond approve and reject: take back, act alone, stop.
//!
//! ```text
//!   withdraw ID ─▶ Review::withdraw      break-glass ID ─▶ as approve, by one alone
//!   lock, unlock WHAT ─▶ Review::turn ─▶ STORE.locks ─▶ every gate
//! ```

mod glass;
mod lock;
mod taken_back;

pub use glass::BreakGlass;
pub use lock::{Lock, Unlock};
pub use taken_back::Withdraw;
