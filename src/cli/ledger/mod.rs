//! `countersign ledger`: is it whole, who signed it, and proofs for others.
//!
//! ```text
//!   store ─┬─▶ verify [--since HEAD]        what is wrong, and where
//!          ├─▶ checkpoint                   the head, signed          ──▶ auditors
//!          ├─▶ prove ID | NUMBER            one entry is in it (tlog-proof)
//!          ├─▶ export ─▶ file ─▶ verify --from FILE
//!          └─▶ checkpoint --since N ─▶ witness cosign ─▶ witness add    others remember it
//! ```

mod checkpoint;
mod evidence;
mod export;
mod prove;
mod verify;
mod witness;

pub use evidence::Evidence;

use super::{
    Global, assemble,
    exit::Exit,
    failure::{Failure, Kind},
    output::Output,
};
use crate::{
    ledger::{Head, KeyError, Shelf, ShelfError, SigningKey, Signs, SourceError, VerifierKey},
    review::{Seal, SealError},
    store::Store,
};
use clap::Subcommand;
use std::{
    fs,
    io::Read as _,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Verify the ledger, sign its head, prove entries, and let others witness it
#[derive(Debug, Subcommand)]
#[command(after_help = "Examples:\n  \
        countersign ledger verify\n  \
        countersign ledger checkpoint > checkpoint-$(date +%F)\n  \
        countersign ledger verify --since checkpoint-2026-10-01\n  \
        countersign ledger export -o ledger.jsonl\n  \
        countersign ledger verify --from ledger.jsonl --key countersign.example.com/prod+1f2e3d4c+AQ…\n  \
        countersign ledger prove a-0123456789 -o proofs/")]
pub enum LedgerCommand {
    /// Check the whole ledger, or what is new since a checkpoint
    ///
    /// Structure, signatures, quorum under the policy and reviewers of the time, and that every
    /// order was given once. Says what is wrong and in which entry. Exits with 3 when something is.
    Verify(verify::Verify),
    /// Sign the head as it is now, and print it
    ///
    /// Where the key is not on this host, the newest head that was signed is printed.
    Checkpoint(checkpoint::Sign),
    /// Prove that entries are in the ledger: a C2SP tlog-proof each
    Prove(prove::Prove),
    /// Write the ledger to a file, one entry a line
    Export(export::Write),
    /// Remember heads on another machine, and cosign only what continues them
    ///
    /// This is what reveals that the ledger was cut off, rolled back, or written anew.
    #[command(subcommand)]
    Witness(witness::Witness),
}

impl LedgerCommand {
    /// Does what was asked for.
    pub(super) async fn run(self, global: &Global, output: Output) -> Result<Exit, Failure> {
        match self {
            Self::Verify(args) => args.run(global, output).await,
            Self::Checkpoint(args) => args.run(global, output).await,
            Self::Prove(args) => args.run(global, output).await,
            Self::Export(args) => args.run(global, output).await,
            Self::Witness(command) => command.run(global, output).await,
        }
    }
}

/// The store with its ledger, and what signs it on this host.
pub(super) struct Opened {
    store: Arc<dyn Store>,
    key: PathBuf,
    memory: PathBuf,
    name: String,
}

impl Opened {
    /// Opens the configured store.
    pub(super) async fn of(global: &Global) -> Result<Self, Failure> {
        let config = assemble::load(global)?.config;
        let path = assemble::store_path(global, &config)?;
        let store = assemble::open_store(&path).await?;
        let (key, memory) = assemble::seal_files(&config, &path);
        Ok(Self { store, key, memory, name: assemble::ledger_name(&config) })
    }

    /// The ledger.
    pub(super) fn shelf(&self) -> &dyn Shelf {
        self.store.shelf()
    }

    /// What signs heads here, made where nobody signed one yet; none where the key is on another
    /// host.
    pub(super) async fn seal(&self) -> Result<Option<Seal>, Failure> {
        Ok(Seal::open(&self.key, &self.memory, &self.name, self.shelf()).await?)
    }

    /// The ledger's key: the one that was named, or the one on this host.
    pub(super) fn known_key(&self, named: Option<&str>) -> Result<VerifierKey, Failure> {
        match named {
            Some(named) => public_key(named, Signs::Heads),
            None if self.key.exists() => {
                Ok(SigningKey::load(&self.key, Signs::Heads)?.public().clone())
            }
            None => Err(Failure::new(
                Kind::Usage,
                "the ledger's key is not on this host, so it has to be named",
            )
            .next(
                "give it with --key: `countersign ledger checkpoint --json` prints it where it is",
            )),
        }
    }

    /// The head that was signed on this host last.
    pub(super) fn remembered(&self) -> Option<String> {
        fs::read_to_string(&self.memory).ok()
    }

    /// The newest head the store keeps.
    pub(super) async fn newest(&self, key: &VerifierKey) -> Result<Option<Head>, Failure> {
        let size = self.shelf().ledger_size().await?;
        let mut notes = Vec::new();
        // There may be very many, and the newest is hardly ever far back.
        for back in [64, 4_096, size] {
            notes = self.shelf().ledger_heads(size.saturating_sub(back).max(1)).await?;
            if !notes.is_empty() {
                break;
            }
        }
        notes.last().map(|note| Head::open(note, key, &[])).transpose().map_err(|error| {
            Failure::new(Kind::Refused, format!("the newest head of the store: {error}"))
                .next("see what is wrong with `countersign ledger verify`")
        })
    }
}

/// A public key: itself, or a file it is in.
pub(super) fn public_key(named: &str, signs: Signs) -> Result<VerifierKey, Failure> {
    let text = if named.contains('+') && !Path::new(named).exists() {
        named.to_owned()
    } else {
        text_of(Path::new(named))?
    };
    let key: VerifierKey = text.parse()?;
    key.must_sign(signs)?;
    Ok(key)
}

/// A file's text; `-` is stdin.
pub(super) fn text_of(path: &Path) -> Result<String, Failure> {
    let read = if path == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        fs::read_to_string(path)
    };
    read.map_err(|error| unusable("read", path, &error))
}

pub(super) fn unusable(verb: &str, path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(Kind::Io, format!("cannot {verb} {}: {error}", path.display()))
        .next("give another file, or look at its permissions")
}

impl From<KeyError> for Failure {
    fn from(error: KeyError) -> Self {
        let kind = match error {
            KeyError::Exists { .. } | KeyError::Exposed { .. } => Kind::Refused,
            KeyError::File { .. } | KeyError::Random => Kind::Io,
            KeyError::Name(_) | KeyError::Form(_) | KeyError::Id | KeyError::Kind { .. } => {
                Kind::Usage
            }
        };
        Self::new(kind, error.to_string())
    }
}

impl From<ShelfError> for Failure {
    fn from(error: ShelfError) -> Self {
        Self::new(Kind::Store, error.to_string())
            .next("see what is wrong with `countersign ledger verify`")
    }
}

impl From<SealError> for Failure {
    fn from(error: SealError) -> Self {
        let kind = match error {
            SealError::RolledBack { .. }
            | SealError::Rewritten { .. }
            | SealError::OtherKey { .. } => Kind::Refused,
            SealError::Memory { .. } => Kind::Io,
            SealError::Key(error) => return error.into(),
            SealError::Shelf(error) => return error.into(),
            SealError::Store(error) => return error.into(),
            SealError::Tree(_) => Kind::Store,
        };
        Self::new(kind, error.to_string())
            .next("see what is wrong with `countersign ledger verify`")
    }
}

impl From<SourceError> for Failure {
    fn from(error: SourceError) -> Self {
        let kind = if matches!(error, SourceError::Store(_)) { Kind::Store } else { Kind::Io };
        Self::new(kind, error.to_string())
    }
}
