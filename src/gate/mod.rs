//! The agent's side: a process waits here until a person has decided.
//!
//! `countersign gate exec -- CMD` stands where the agent would have run `CMD`. It puts what it is
//! about to run into the queue, waits, and runs it only with an approval of exactly that.
//!
//! ```text
//!   agent ──▶ gate exec -- CMD
//!               │ Request: program + digest, argv, cwd, tool, host, pid, nonce
//!               ▼
//!             Action ──put_action──▶ store ◀── review: approve / reject
//!               │                      │
//!               └──── take_answer ─────┘   handed out once, over all processes
//!                        │ ours? of this digest? program and cwd unchanged?
//!               no ──▶ refused (77)      yes ──▶ spawn, receipt, wait, pass the status on
//! ```
//!
//! It fails closed: without a store, an answer, or the very file that was shown, nothing runs.

pub mod asker;
mod caller;
mod child;
mod exec;
mod guard;
mod hold;
pub mod hook;
pub mod mark;
mod program;
mod request;
mod source;
pub mod spool;
mod wanted;
mod written;

pub use caller::caller;
pub use exec::{Ended, GateError, Notice, Terms, exec};
pub use guard::{Call, Guard, Post, RequestFault, Unruled};
pub use hold::{Held, HoldError, hold};
pub use program::{Program, ProgramError};
pub use request::{Request, RequestError};
pub use source::GateSource;
pub use wanted::Wanted;
pub use written::{Edit, Written};

use crate::domain::{SourceKind, SourceName};
pub(crate) use guard::nonce;

/// This host's name, as the system knows it.
pub fn host_name() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

/// The source whose actions wait at the gates of a host.
pub fn source_name(host: &str) -> SourceName {
    SourceName::new(SourceKind::Gate, host)
}
