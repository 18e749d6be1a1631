//! `countersign completions`

use super::{Cli, exit::Exit, failure::Failure, output::Output};
use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

/// Write shell completions to stdout
#[derive(Debug, Args)]
pub struct Completions {
    /// For which shell
    shell: Shell,
}

impl Completions {
    /// Writes the script.
    pub(super) fn run(self, output: Output) -> Result<Exit, Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "countersign", &mut script);
        output.text(&String::from_utf8_lossy(&script))?;
        Ok(Exit::Done)
    }
}
