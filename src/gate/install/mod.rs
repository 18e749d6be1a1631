//! Puts the gate's hook into the configuration of agent hosts, takes it out again, and says what
//! it is worth there.
//!
//! ```text
//!   hosts: Profile ─ places ─▶ around: Spot ─▶ file::read ─▶ plan::with / without ─▶ Change
//!      │  (data)                                   │                                   │ diff
//!      │                                           ▼                                   ▼
//!      ├─ behaviour, switches ──────────▶ status: what is installed, open      file::replace,
//!      └─ probe, refuses ───────────────▶ rehearse: a known call through it    the old text kept
//! ```
//!
//! What a host does with a hook is data with its source (`hosts`). A file is changed as little as
//! it can be (`json`), and comes back byte for byte when the hook goes and nothing else changed.

mod access;
mod around;
mod change;
mod command;
mod file;
mod hosts;
pub mod json;
mod look;
mod opencode;
mod plan;
mod profile;
mod rehearse;
mod run;
mod status;

pub use access::{Access, Account, may_change};
pub use around::{Around, Spot, project_top};
pub use change::{Change, ChangeFault, Hook, Hooks, hooks};
pub use command::{CommandFault, Installed};
pub use file::{FileFault, kept_path};
pub use hosts::{HOSTS, host};
pub use look::{Presence, look};
pub use plan::{Found, found, with, without};
pub use profile::{
    Answered, Base, Behaviour, Covered, Ends, EventList, FileVersion, Filling, Form, Holds,
    JsonForm, Place, Profile, Scope, Shell, Switch, Version,
};

pub use rehearse::{KNOWN_DESTRUCTIVE, Rehearsal};
pub use status::{Flaw, HostStatus, Looking, SpotStatus, Wrong, status};

use super::hook;

impl Profile {
    /// Seconds the host is told to wait: as long as the adapter counts on.
    pub fn patience(&self) -> u64 {
        hook::host(self.id).map_or(self.seconds, |adapter| adapter.patience().as_secs())
    }
}

#[cfg(test)]
mod tests;
