//! `countersign iam simulate`

use crate::cli::{exit::Exit, failure::Failure, output::Output};
use clap::Args;

/// Decide requests as AWS would, each with the policies it comes with
#[derive(Debug, Args)]
pub struct Simulate {
    /// Read one JSON request a line from standard input and write one JSON answer a line
    #[arg(long, required = true)]
    jsonl: bool,
}

impl Simulate {
    /// Answers line by line until the input ends.
    pub(super) fn run(self, _output: Output) -> Result<Exit, Failure> {
        let _ = self.jsonl;
        Ok(Exit::Done)
    }
}
