//! Exit statuses. `docs/exit-codes.md` is the page for users.

use std::process::ExitCode;

/// How the program ends; the same for every command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done,
    /// It did not work.
    Failure,
    /// The command line is wrong.
    Usage,
    /// There are findings at or above `--fail-on`.
    Findings,
    /// It still waits: nobody knows yet how an order ended, or the source asks to come back
    /// later. The number is `EX_TEMPFAIL` of `sysexits.h`.
    Pending,
    /// Refused: by the source, or because what was seen has changed or ended. The number is
    /// `EX_NOPERM` of `sysexits.h`.
    Refused,
    /// Stopped by Ctrl-C (128 and the number of SIGINT).
    Interrupted,
    /// What a command that ran through the gate ended with, or 128 and a signal.
    Passed(u8),
}

impl Exit {
    /// The number the shell sees.
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failure => 1,
            Self::Usage => 2,
            Self::Findings => 3,
            Self::Pending => 75,
            Self::Refused => 77,
            Self::Interrupted => 130,
            Self::Passed(status) => status,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
