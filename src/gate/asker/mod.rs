//! Who asks, as far as this machine can tell: every gate asks here, and so they all tell the same.
//!
//! ```text
//!   /proc ─▶ processes ─┐      .git ─▶ checkout ─┐
//!   uid ──▶ account ────┼─▶ Asker ◀──────────────┤ what the agent says: session, claimed
//!   /.dockerenv, pid namespace, cpuid ─▶ isolation┘
//! ```
//!
//! All of it is read while an agent waits, on every call, so nothing is started and nothing is
//! read twice: about forty system calls, a third of a millisecond. What is read belongs to whoever
//! made the directory, who may mean harm: every file is opened without following a link and
//! without waiting, has to be a plain file, and is read up to a bound. What cannot be read is
//! left empty, never guessed.
//!
//! Two of the facts can be made up by a process that wants to: one that starts a gate in a
//! namespace of its own looks like a container, and a repository says what its files say.

mod account;
mod checkout;
mod isolation;
mod processes;
mod small;

pub use account::account;
pub(super) use small::{content, plain_file};

use crate::domain::{Asker, Untrusted};
use std::path::Path;

/// What the agent, or its host, says about itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// Its name for the session.
    pub session: Untrusted,
    /// What it says it wants to do and why.
    pub claimed: Untrusted,
}

/// Who asks from `cwd`; an empty one is unknown.
pub fn asker(cwd: &str, told: Told) -> Asker {
    let directory = Path::new(cwd);
    Asker {
        uid: Some(rustix::process::getuid().as_raw()),
        processes: processes::above(),
        cwd: cwd.into(),
        checkout: directory.is_absolute().then(|| checkout::checkout(directory)).flatten(),
        isolation: isolation::isolation(),
        session: told.session,
        claimed: told.claimed,
    }
}
