//! `countersign store`: moves a store, keeps it, puts it back, and makes it smaller.
//!
//! ```text
//!   init ──▶ roles, tables and rights on a server
//!   FROM ──copy──▶ TO            everything, to the byte, the ledger's tree the same
//!   store ──backup──▶ FILE ──restore──▶ store
//!   store ──prune──▶ store       old texts go, their hashes stay
//! ```

mod backup;
mod beside;
mod check;
mod copy;
mod init;
mod prune;
mod restore;

use super::{
    Global, assemble,
    exit::Exit,
    failure::{Failure, Kind},
    output::Output,
};
use crate::store::{
    self, Address, PgStore, Store,
    moving::{BackupError, Compared, Copied, CopyError, Mismatch, Step},
};
use clap::Subcommand;
use std::{
    fmt,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

/// Move, back up, restore and prune the store
#[derive(Debug, Subcommand)]
#[command(after_help = "Examples:\n  \
        countersign store init --url postgres://postgres@db.example/countersign\n  \
        countersign store backup /backup/countersign-$(date +%F).db\n  \
        countersign store restore /backup/countersign-2026-11-20.db --dry-run\n  \
        countersign store prune --older-than 400d --dry-run\n  \
        countersign store copy ~/.local/state/countersign/countersign.db postgres://db.example/countersign")]
pub enum StoreCommand {
    /// Make the store on a PostgreSQL server, or bring it up to date: roles, tables, rights
    ///
    /// Safe to run again. Done by the owner of the database, who may make roles.
    Init(init::InitArgs),
    /// Copy everything from one store into another, empty one
    ///
    /// The ledger goes with it byte for byte, so its checkpoints stay good. All of it is there
    /// afterwards, or nothing. What signs the ledger stays behind, and is told, unless --with-key.
    Copy(copy::CopyArgs),
    /// Keep the store in a new file, while others go on working
    ///
    /// The file is a store of its own. It is held against its ledger before it gets its name.
    Backup(backup::BackupArgs),
    /// Hold every table against the ledger: which rows do not say what their entries say
    ///
    /// Exits with 1 when there is one. Signatures and quorum are `countersign ledger verify`.
    Check,
    /// Put a backup in the place of what is in the store
    ///
    /// The backup is looked at first. What is there is not overwritten without --force, and neither
    /// is a ledger that went on since the backup was made.
    Restore(restore::RestoreArgs),
    /// Take the text of old entries away; their hashes stay, so the ledger can still be verified
    ///
    /// Never what is open. Keep evidence of what you prune: `countersign evidence`.
    Prune(prune::PruneArgs),
}

impl StoreCommand {
    /// Does what was asked for.
    pub(super) async fn run(self, global: &Global, output: Output) -> Result<Exit, Failure> {
        match self {
            Self::Init(args) => args.run(global, output).await,
            Self::Copy(args) => args.run(global, output).await,
            Self::Backup(args) => args.run(global, output).await,
            Self::Check => check::run(global, output).await,
            Self::Restore(args) => args.run(global, output).await,
            Self::Prune(args) => args.run(global, output).await,
        }
    }
}

/// Opens the configured store, and asks nobody anything.
async fn configured(global: &Global) -> Result<(Arc<dyn Store>, std::path::PathBuf), Failure> {
    let config = assemble::load(global)?.config;
    let path = assemble::store_path(global, &config)?;
    let store = assemble::open_store(&path).await?;
    Ok((store, path))
}

/// Opens a store by what stands on the command line: the path of a file, or a URL.
async fn named(place: &str, make: bool) -> Result<Arc<dyn Store>, Failure> {
    if Address::is_url(place) {
        let address = Address::parse(place).map_err(|error| {
            Failure::new(Kind::Usage, error.to_string()).next("see `countersign store --help`")
        })?;
        return Ok(Arc::new(PgStore::open(&address).await?));
    }
    let path = Path::new(place);
    if !make && !path.exists() {
        return Err(Failure::new(Kind::NotFound, format!("there is no store {place}"))
            .next("give the file of a store, or the URL of a database"));
    }
    Ok(store::open(path).await?)
}

/// Tells how far it is, at most a few times a second, where somebody watches.
struct Progress {
    output: Output,
    told: Instant,
    any: bool,
}

impl Progress {
    fn on(output: Output) -> Self {
        Self { output, told: Instant::now(), any: false }
    }

    fn tell(&mut self, step: Step) {
        if !self.output.is_watched() || self.told.elapsed() < Duration::from_millis(200) {
            return;
        }
        self.told = Instant::now();
        self.any = true;
        let verb = if step.checking { "comparing" } else { "copying" };
        let Step { table, done, of, .. } = step;
        self.output.aside(&format!("\r\u{1b}[K{verb} {table}: {done} of {of}"));
    }

    fn end(&self) {
        if self.any {
            self.output.aside("\r\u{1b}[K");
        }
    }
}

/// Counts by table, biggest words first.
struct Tables<'a>(&'a Copied);

impl fmt::Display for Tables<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (table, rows) in &self.0.tables {
            writeln!(f, "  {table:<16} {rows}")?;
        }
        Ok(())
    }
}

/// What does not fit, a line each; the first few.
fn write_mismatches(f: &mut fmt::Formatter<'_>, compared: &Compared) -> fmt::Result {
    const SHOWN: usize = 20;
    let Compared { mismatches, more, .. } = compared;
    for mismatch in mismatches.iter().take(SHOWN) {
        writeln!(f, "  {mismatch}")?;
    }
    let left = mismatches.len().saturating_sub(SHOWN) as u64 + more;
    if left > 0 {
        writeln!(f, "  and {left} more")?;
    }
    Ok(())
}

impl From<CopyError> for Failure {
    fn from(error: CopyError) -> Self {
        match error {
            CopyError::Store(error) => error.into(),
            CopyError::NotEmpty { .. } => Self::new(Kind::Refused, error.to_string())
                .next("give an empty place; `store restore --force` replaces what is there"),
            CopyError::Differs { .. } => Self::new(Kind::Store, error.to_string())
                .next("look at the disk or the server it is on, then copy again"),
        }
    }
}

impl From<BackupError> for Failure {
    fn from(error: BackupError) -> Self {
        let text = error.to_string();
        match error {
            BackupError::Store(error) => error.into(),
            BackupError::Copy(error) => error.into(),
            BackupError::Exists { .. } => {
                Self::new(Kind::Refused, text).next("give another name, or move it away")
            }
            BackupError::InUse { .. } => Self::new(Kind::Refused, text)
                .next("close the other program, or copy it with `countersign store copy`"),
            BackupError::Damaged { .. } => Self::new(Kind::Refused, text)
                .next("take another backup; `countersign ledger verify --store FILE` lists it all"),
            BackupError::File { .. } | BackupError::Ledger(_) => Self::new(Kind::Io, text),
        }
    }
}

/// The first mismatch as a failure, where there is one.
fn refuse_if_damaged(file: &Path, compared: &Compared) -> Result<(), BackupError> {
    let Some(first) = compared.mismatches.first() else { return Ok(()) };
    Err(BackupError::Damaged {
        path: file.to_owned(),
        first: Mismatch::to_string(first),
        more: compared.mismatches.len() as u64 - 1 + compared.more,
    })
}
