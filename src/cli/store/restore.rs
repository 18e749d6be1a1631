//! `countersign store restore`

use super::{Progress, Tables, configured, refuse_if_damaged};
use crate::{
    cli::{
        Global, assemble,
        exit::Exit,
        failure::{Failure, Kind},
        output::Output,
    },
    ledger::{Checkpoint, Head},
    report::Said,
    store::{
        Store,
        moving::{Back, Checked, Copied, TABLES},
    },
};
use clap::Args;
use serde::Serialize;
use std::{
    fmt, fs,
    path::{Path, PathBuf},
    sync::Arc,
};

/// `countersign store restore`
#[derive(Debug, Args)]
pub struct RestoreArgs {
    /// A backup, as `store backup` made it
    file: PathBuf,
    /// Overwrite what is in the store, also where its ledger went on since
    #[arg(long)]
    force: bool,
    /// Only look at the backup, and tell what would be lost
    #[arg(long, conflicts_with = "force")]
    dry_run: bool,
}

#[derive(Debug, Serialize)]
struct Told {
    file: PathBuf,
    #[serde(flatten)]
    back: Back,
    /// None where nothing was done.
    #[serde(flatten)]
    copied: Option<Copied>,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.display();
        match &self.copied {
            None => writeln!(f, "{file} is good; nothing was changed")?,
            Some(copied) => {
                writeln!(f, "{file} is in the store, and was read again")?;
                write!(f, "{}", Tables(copied))?;
            }
        }
        write!(f, "{}", words(&self.back))
    }
}

fn words(back: &Back) -> String {
    match back {
        Back::Forward { before, with } => {
            format!("ledger: {before} entries before, {with} in the backup; nothing of it is lost")
        }
        Back::RolledBack { before, with } => format!(
            "ledger: rolled back from {before} entries to {with}. Whoever witnessed more than {with} will say so, and is right"
        ),
        Back::Another { before, with } => format!(
            "ledger: another one. What was there ({before} entries) does not continue the backup ({with} entries), nor the other way round"
        ),
    }
}

impl RestoreArgs {
    pub(super) async fn run(self, global: &Global, output: Output) -> Result<Exit, Failure> {
        if !self.file.is_file() {
            let text = format!("there is no file {}", self.file.display());
            return Err(Failure::new(Kind::NotFound, text).next("give a file of `store backup`"));
        }
        let (store, path, heads) = known(global).await?;
        let checked = Checked::open(&self.file, &path).await?;
        let done = self.restore(&*store, &heads, &checked, output).await;
        checked.close().await;
        let told = done?;
        output.report(&Said::new("store-restore", &told))?;
        Ok(Exit::Done)
    }

    async fn restore(
        &self,
        store: &dyn Store,
        heads: &[Checkpoint],
        checked: &Checked,
        output: Output,
    ) -> Result<Told, Failure> {
        refuse_if_damaged(&self.file, &checked.compared)?;
        let back = checked.back(store, heads).await?;
        if self.dry_run {
            return Ok(Told { file: self.file.clone(), back, copied: None });
        }
        if !self.force {
            refuse_unless_empty(store, &self.file, &back).await?;
        }
        let mut progress = Progress::on(output);
        let copied = checked.put(store, &back, &mut |step| progress.tell(step)).await;
        progress.end();
        Ok(Told { file: self.file.clone(), back, copied: Some(copied?) })
    }
}

/// The store, where it is, and the heads that are known to have been signed: those it keeps, and the
/// one that is remembered beside it.
async fn known(global: &Global) -> Result<(Arc<dyn Store>, PathBuf, Vec<Checkpoint>), Failure> {
    let (store, path) = configured(global).await?;
    let config = assemble::load(global)?.config;
    let (_, memory) = assemble::seal_files(&config, &path);
    let kept = store.shelf().ledger_heads(0).await.unwrap_or_default();
    let remembered = fs::read_to_string(memory).ok();
    let notes = kept.last().cloned().into_iter().chain(remembered);
    // Only to tell what would be lost; nothing is believed because of it.
    let heads = notes.filter_map(|note| Head::claimed(&note).ok()).collect();
    Ok((store, path, heads))
}

async fn refuse_unless_empty(store: &dyn Store, file: &Path, back: &Back) -> Result<(), Failure> {
    let mut view = store.view().await?;
    let mut rows = 0;
    for table in TABLES {
        rows += view.count(table).await?;
    }
    if rows == 0 {
        return Ok(());
    }
    Err(Failure::new(
        Kind::Refused,
        format!("the store is not empty ({rows} rows), and nothing was changed; {}", words(back)),
    )
    .next(format!(
        "keep what is there with `countersign store backup`, then `countersign store restore {} --force`",
        file.display()
    )))
}
