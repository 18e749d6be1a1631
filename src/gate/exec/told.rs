//! What the gate says on the way, and how a request ends.

use crate::{
    domain::{ActionId, ActionState, DigestError, Untrusted, Words},
    gate::{Difference, NotAgreed, PlanError, ProgramError, RequestFault},
    store::{AdoptError, StoreError},
    trust::Standing,
};
use std::{io, time::Duration};

/// What the gate tells whoever watches it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// Policy lets it through; it is logged and about to run.
    LetThrough {
        /// The tier policy put it into.
        tier: String,
    },
    /// The plan that it would apply, as its program shows it.
    Planned(Untrusted),
    /// It waits; said once for every look.
    Waiting {
        /// The ticket.
        action: ActionId,
        /// Who has agreed, and who is missing.
        standing: Standing,
        /// How long until it gives up.
        left: Duration,
    },
    /// The request was no longer in the queue and is asked anew.
    AskedAgain {
        /// The new ticket.
        action: ActionId,
    },
    /// It is approved and about to run.
    Approved,
    /// Something could not be written down although the command was let through.
    NotRecorded(String),
}

/// How a request ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// It was let through or approved and has run.
    Ran {
        /// Its exit status, as a shell reports it.
        status: u8,
    },
    /// The plan says that there is nothing to do; nothing ran.
    NothingToDo,
    /// The plan could not be made; nothing was asked and nothing of it ran.
    NotPlanned {
        /// The exit status of planning.
        status: u8,
    },
    /// It was rejected; nothing ran.
    Refused {
        /// What the reviewer said.
        reason: Untrusted,
    },
    /// Nobody decided in time; nothing ran.
    Expired {
        /// The ticket.
        action: ActionId,
        /// Who had agreed, and who was missing.
        standing: Standing,
    },
    /// The one who asked went away; nothing ran.
    Withdrawn {
        /// The signal that ended the wait.
        signal: i32,
    },
}

/// Why nothing ran although nobody rejected it.
#[derive(Debug, thiserror::Error)]
pub enum GateError {
    /// The command cannot be asked for.
    #[error(transparent)]
    Request(#[from] RequestFault),
    /// Policy lets nobody approve it.
    #[error("not run: nobody may approve this: {because} (boundary `{rule}`)")]
    Boundary {
        /// The boundary's name.
        rule: String,
        /// What it would do that nobody may.
        because: Words,
    },
    /// Policy could not be asked.
    #[error("not run: {0}")]
    Unruled(Words),
    /// The policy is not the newest one.
    #[error("not run: {0}")]
    Adopt(#[from] AdoptError),
    /// What it lets through has to be logged.
    #[error("not run, because it cannot be logged: {0}")]
    NotLogged(String),
    /// The program, the directory or a file is not what was shown.
    #[error("approved, and not run: {0}. Ask again to have the new state looked at")]
    Changed(Changes),
    /// The program or its interpreter cannot be pinned.
    #[error("not run: {0}")]
    Program(#[from] ProgramError),
    /// There is no plan to show.
    #[error("not run: {0}")]
    Plan(#[from] PlanError),
    /// The store cannot be reached.
    #[error("not run, because the queue cannot be reached: {0}")]
    Store(#[from] StoreError),
    /// The answer does not fit the request.
    #[error("not run, because the answer does not fit the request: {0}")]
    NotOurs(&'static str),
    /// It was answered, but not by enough of the right people.
    #[error("not run, because the answer is no approval: {0}. Ask again to have it decided anew")]
    NotAgreed(#[from] NotAgreed),
    /// The request ended in the queue without an answer for us.
    #[error("not run, because the request ended in the queue: it is {0}")]
    EndedElsewhere(ActionState),
    /// The system would not start it.
    #[error("it may run, but it could not be started: {0}")]
    CannotStart(io::Error),
    /// The action has no digest.
    #[error(transparent)]
    Digest(#[from] DigestError),
}

/// Everything that is not as it was shown.
#[derive(Debug)]
pub struct Changes {
    /// The program or the directory.
    pub program: Option<ProgramError>,
    /// Files it depends on.
    pub files: Vec<Difference>,
}

impl std::fmt::Display for Changes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let program = self.program.iter().map(ToString::to_string);
        let all: Vec<_> = program.chain(self.files.iter().map(ToString::to_string)).collect();
        f.write_str(&all.join("; "))
    }
}
