//! `countersign store backup`

use super::{Progress, Tables, configured, write_mismatches};
use crate::{
    cli::{Global, exit::Exit, failure::Failure, output::Output},
    report::Said,
    store::moving::{Kept, backup},
};
use clap::Args;
use serde::Serialize;
use std::{fmt, path::PathBuf};

/// `countersign store backup`
#[derive(Debug, Args)]
pub struct BackupArgs {
    /// The file to make; it may not be there yet
    file: PathBuf,
}

#[derive(Debug, Serialize)]
struct Told {
    file: PathBuf,
    #[serde(flatten)]
    kept: Kept,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Kept { copied, compared } = &self.kept;
        writeln!(f, "kept in {}, and read again", self.file.display())?;
        write!(f, "{}", Tables(copied))?;
        write!(f, "ledger: {} entries, root {}", compared.entries, compared.root)?;
        if compared.is_good() {
            return Ok(());
        }
        writeln!(f, "\nwarning: the store's rows do not say what its ledger says:")?;
        write_mismatches(f, compared)
    }
}

impl BackupArgs {
    pub(super) async fn run(self, global: &Global, output: Output) -> Result<Exit, Failure> {
        let (store, _) = configured(global).await?;
        let mut progress = Progress::on(output);
        let kept = backup(&*store, &self.file, &mut |step| progress.tell(step)).await;
        progress.end();
        let kept = kept?;
        let good = kept.compared.is_good();
        output.report(&Said::new("store-backup", &Told { file: self.file, kept }))?;
        // It is kept all the same: a damaged store is when a backup is needed most.
        Ok(if good { Exit::Done } else { Exit::Failure })
    }
}
