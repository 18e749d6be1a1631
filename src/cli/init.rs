//! `countersign init`

use super::{
    Global, assemble,
    exit::Exit,
    failure::{Failure, Kind},
    output::Output,
};
use crate::{
    config::{self, InitError},
    report::Said,
};
use clap::Args;

/// Write a starter configuration file and say what to do next
#[derive(Debug, Args)]
pub struct Init {
    /// Overwrite a file that is there
    #[arg(long)]
    force: bool,
}

impl Init {
    /// Writes the file.
    pub(super) fn run(self, global: &Global, output: Output) -> Result<Exit, Failure> {
        let written = config::init(&assemble::locations(global), self.force).map_err(|error| {
            let kind = match error {
                InitError::Exists(_) | InitError::Nowhere => Kind::Config,
                InitError::Unwritable { .. } => Kind::Io,
            };
            Failure::new(kind, error.to_string())
        })?;
        output.report(&Said::new("init", &written))?;
        Ok(Exit::Done)
    }
}
