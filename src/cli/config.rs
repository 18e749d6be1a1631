//! `countersign config`

use super::{Global, assemble, exit::Exit, failure::Failure, output::Output};
use crate::{config, report::Said};
use clap::Subcommand;

/// Check or show the effective configuration
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum ConfigCommand {
    /// Look for every mistake in the configuration files at once
    Check,
    /// Show the effective values and where each came from; secrets are masked
    Show,
}

impl ConfigCommand {
    /// Checks or shows.
    pub(super) fn run(self, global: &Global, output: Output) -> Result<Exit, Failure> {
        match self {
            Self::Check => {
                let found = config::check(&assemble::locations(global));
                output.report(&Said::new("config-check", &found))?;
                Ok(if found.is_good() { Exit::Done } else { Exit::Failure })
            }
            Self::Show => {
                let shown = config::show(&assemble::load(global)?);
                output.report(&Said::new("config-show", &shown))?;
                Ok(Exit::Done)
            }
        }
    }
}
