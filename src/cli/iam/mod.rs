//! `countersign iam`: what AWS's policies really allow.
//!
//! ```text
//!   simulate ── requests, one a line ──▶ iam::evaluate ──▶ answers, one a line
//! ```

mod simulate;

use super::{exit::Exit, failure::Failure, output::Output};
use clap::Subcommand;
use simulate::Simulate;

/// What AWS principals may do, and how far they get
#[derive(Debug, Subcommand)]
#[allow(missing_docs, reason = "clap would print a comment here instead of the command's own")]
pub enum IamCommand {
    Simulate(Simulate),
}

impl IamCommand {
    /// Runs the subcommand.
    pub(super) fn run(self, output: Output) -> Result<Exit, Failure> {
        match self {
            Self::Simulate(args) => args.run(output),
        }
    }
}
