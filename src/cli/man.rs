//! `countersign man`

use super::{
    Cli,
    exit::Exit,
    failure::{Failure, Kind},
    output::Output,
};
use clap::{Args, CommandFactory as _};
use std::{fs, path::PathBuf};

/// Write the manual page to stdout, or one page a command into a folder
#[derive(Debug, Args)]
pub struct Man {
    /// Write countersign.1, countersign-audit.1 and so on into this folder
    #[arg(long, value_name = "FOLDER")]
    dir: Option<PathBuf>,
}

impl Man {
    /// Writes the pages.
    pub(super) fn run(self, output: Output) -> Result<Exit, Failure> {
        let command = Cli::command();
        let Some(dir) = self.dir else {
            let mut page = Vec::new();
            clap_mangen::Man::new(command).render(&mut page)?;
            output.text(&String::from_utf8_lossy(&page))?;
            return Ok(Exit::Done);
        };
        fs::create_dir_all(&dir).and_then(|()| clap_mangen::generate_to(command, &dir)).map_err(
            |error| {
                Failure::new(
                    Kind::Io,
                    format!("cannot write manual pages to {}: {error}", dir.display()),
                )
                .next("give a folder you may write to")
            },
        )?;
        Ok(Exit::Done)
    }
}
