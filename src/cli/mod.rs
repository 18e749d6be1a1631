//! The command line: one file a subcommand, no logic of its own.

pub mod demo;
pub mod gate;

use std::process::ExitCode;

/// Runs the program and gives its exit status.
pub fn main() -> ExitCode {
    ExitCode::SUCCESS
}
