//! The agent's side: a process waits here until a person has decided.
//!
//! `countersign gate exec -- CMD` stands where the agent would have run `CMD`. Policy says whether
//! it runs at once, never, or with the approvals of people; then what it is about to run goes into
//! the queue, and it runs only with approvals of exactly that.
//!
//! ```text
//!   agent ──▶ gate exec -- CMD
//!               │ Request: argv, cwd, program, environment, files it reads, plan it applies
//!               ▼
//!             Action ─(policy)─▶ let through: logged, run      boundary ──▶ refused (77)
//!               │ held
//!               ├──put_action──▶ store ◀── review: approve / reject
//!               └──take_answer─────┘   handed out once, over all processes
//!                        │ ours? signed, by enough of the right people? not used? nothing changed?
//!               no ──▶ refused (77)      yes ──▶ spawn, receipt, wait, pass the status on
//! ```
//!
//! It fails closed: without a store, an answer, or the very file that was shown, nothing runs.

mod agreed;
pub mod asker;
mod beside;
mod caller;
mod child;
mod exec;
mod guard;
mod hold;
pub mod hook;
pub mod install;
pub mod locks;
pub mod mark;
pub mod mcp;
mod operands;
mod pace;
mod plan;
mod program;
mod protected;
mod request;
mod source;
pub mod spool;
mod staging;
mod terraform;
mod used;
mod variables;
mod wanted;
mod whole;
mod words;
mod written;

pub use agreed::NotAgreed;
pub use beside::Difference;
pub use caller::{caller, client};
pub use exec::{Changes, Desk, Ended, GateError, Notice, Open, Terms, exec};
pub use guard::{Call, Guard, Post, RequestFault, Unruled};
pub use hold::{Held, HoldError, Queue, hold, standing};
pub use plan::PlanError;
pub use program::{Program, ProgramError};
pub use protected::{Protected, host_files, protected};
pub use request::{Request, RequestError};
pub use source::GateSource;
pub use used::UsedError;
pub use variables::Surroundings;
pub use wanted::Wanted;
pub use words::{expires_in, ticket, waiting_for};
pub use written::{Edit, Written};

use crate::domain::{SourceKind, SourceName};
use std::time::Duration;

/// How long a gate waits for its turn at the store: two hundred agents may ask at once, and each has
/// time. A hook answers before its host loses patience, whatever it waits for.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// This host's name, as the system knows it.
pub fn host_name() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

/// The source whose actions wait at the gates of a host.
pub fn source_name(host: &str) -> SourceName {
    SourceName::new(SourceKind::Gate, host)
}
