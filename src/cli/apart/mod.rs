//! Decisions made on a reviewer's own machine.
//!
//! ```text
//!   host:  request export ID ─▶ FILE ─▶ carried (ssh, mail, paste)
//!   own machine:                 sign FILE ─▶ shown, judged, typed, signed ─▶ ANSWER ─▶ carried back
//!   host:  request import ANSWER ─▶ counted like any other
//! ```

mod files;
mod request;
mod sign;

pub use request::RequestCommand;
pub use sign::Sign;
