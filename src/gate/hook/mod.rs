//! `countersign gate hook HOST`: answers an agent's host before it runs a tool.
//!
//! ```text
//!   stdin ─▶ Host::read ─▶ Asked ─▶ glance ─┬▶ only reads: spool ─▶ Said::Allow
//!                │                          └▶ work ─┬▶ let through ─▶ spool ─▶ Said::Allow
//!                └ malformed ─▶ Deny                 ├▶ held ─▶ hold ─▶ Allow, or a ticket
//!                                                    └▶ boundary, refused ─▶ Said::Deny
//!   Said ─▶ Host::answer ─▶ stdout, stderr, exit status       attend: sees to it that there is one
//! ```
//!
//! Whatever goes wrong is a denial with a reason, in the host's own words for it, before the
//! host's time is over: several hosts take silence, lateness or a strange exit status for a yes.
//!
//! An agent asks before every call, and nearly every call only looks. So the whole process of
//! such a call may take three times as long as `/bin/true` (`make bench`), which decides what is
//! done on the way: no runtime, no database, no Cedar, no clap. It decides the program too: most of
//! the time would go into bringing in the pages of a large one, so hosts start `countersign-hook`,
//! which has nothing but `attend` and `glance`, and which becomes `countersign`, with the very same
//! question, for every call that needs more.

mod attend;
mod glance;
mod host;
pub mod hosts;
mod reading;
mod rehearsal;
mod work;

pub use attend::{Clock, attend};
pub use glance::{Setup, glance, payload, question};
pub use host::{Answer, Asked, Host, Malformed, Reason, Said};
pub use rehearsal::{SELF_TEST, WOULD_PASS, WOULD_STOP, rehearsed};
pub use work::answer;

/// Every host there is an adapter for, by its name on the command line.
pub fn host(name: &str) -> Option<&'static dyn Host> {
    hosts::ALL.iter().copied().find(|host| host.id() == name)
}
