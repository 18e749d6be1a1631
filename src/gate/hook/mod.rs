//! `countersign gate hook HOST`: answers an agent's host before it runs a tool.
//!
//! ```text
//!   stdin ─▶ Host::read ─▶ Asked ─▶ Guard::ruled ─┬▶ let through ─▶ spool ─▶ Said::Allow
//!                │                                ├▶ held ─▶ hold ─▶ Allow, or Deny with a ticket
//!                └ malformed ─▶ Said::Deny        └▶ boundary, refused ─▶ Said::Deny
//!   Said ─▶ Host::answer ─▶ stdout, stderr, exit status
//! ```
//!
//! Whatever goes wrong is a denial with a reason, in the host's own words for it, before the
//! host's time is over: several hosts take silence, lateness or a strange exit status for a yes.

mod host;
pub mod hosts;
mod rehearsal;

pub use host::{Answer, Asked, Host, Malformed, Reason, Said};
pub use rehearsal::{SELF_TEST, WOULD_PASS, WOULD_STOP, rehearsed};

/// Every host there is an adapter for, by its name on the command line.
pub fn host(name: &str) -> Option<&'static dyn Host> {
    hosts::ALL.iter().copied().find(|host| host.id() == name)
}
