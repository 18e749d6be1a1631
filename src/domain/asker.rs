//! Who asks at the gate, as far as this machine can tell.

use super::Untrusted;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What stands between the process that asks and the machine.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Isolation {
    /// A virtual machine.
    Vm,
    /// A container.
    Container,
    /// Nothing that could be seen.
    None,
    /// Nobody looked, or it could not be told.
    #[default]
    Unknown,
}

impl fmt::Display for Isolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Vm => "vm",
            Self::Container => "container",
            Self::None => "none",
            Self::Unknown => "unknown",
        })
    }
}

/// One process above the gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// Its id.
    pub pid: u32,
    /// Its name, as the system has it.
    pub name: Untrusted,
}

/// Where a directory stands in version control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkout {
    /// The top directory of the repository.
    pub root: Untrusted,
    /// URL of `origin`, without what looks like a secret; empty when there is none.
    pub origin: Untrusted,
    /// Branch that is checked out; empty when none is.
    pub branch: Untrusted,
    /// The commit that is checked out, in hex; empty before the first.
    pub commit: String,
}

/// Who asks: what the gate read itself, and what the agent claims.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asker {
    /// The account, by the number the system has for it; none where nobody looked.
    pub uid: Option<u32>,
    /// Processes above the gate, nearest first, up to the agent's own or the first.
    pub processes: Vec<Process>,
    /// Directory it asks from.
    pub cwd: Untrusted,
    /// What is checked out there, if anything is.
    pub checkout: Option<Checkout>,
    /// What stands between it and the machine.
    pub isolation: Isolation,
    /// The agent's own name for the session. Claimed.
    pub session: Untrusted,
    /// What the agent says it wants to do and why. Claimed.
    pub claimed: Untrusted,
}

/// An autonomous action that was let through without anybody agreeing to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetThrough {
    /// Fresh for every one, 32 hex digits; taking one in twice changes nothing.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// The source, which is the gate of a host.
    pub source: super::SourceName,
    /// The tool, by its name in the catalogue.
    pub tool: super::ToolId,
    /// The account that asked.
    pub requester: Untrusted,
    /// One line on what it is.
    pub title: Untrusted,
    /// Who asked.
    pub asker: Asker,
    /// What it does.
    pub found: super::Assessment,
    /// What policy said.
    pub ruling: super::Ruling,
}
