//! `countersign store copy`

use super::{
    Progress, Tables,
    beside::{Beside, Move, word},
    named,
};
use crate::{
    cli::{Global, assemble, exit::Exit, failure::Failure, output::Output},
    report::Said,
    store::{
        Address,
        moving::{Copied, copy},
    },
};
use clap::Args;
use serde::Serialize;
use std::fmt;

/// `countersign store copy`
#[derive(Debug, Args)]
pub struct CopyArgs {
    /// The store to read: a file, or a URL
    from: String,
    /// The store to write: a file that is not there yet, or an empty database
    to: String,
    /// Move the ledger's key and the head it signed last too: from then on the new place signs, and
    /// the old one no longer
    #[arg(long)]
    with_key: bool,
}

#[derive(Debug, Serialize)]
struct Told {
    from: String,
    to: String,
    #[serde(flatten)]
    copied: Copied,
    /// Whether key and head went with it.
    moved: bool,
    /// Which files have a new place, or are to have one.
    files: Vec<Move>,
    #[serde(skip)]
    key: Key,
}

/// Where the ledger's key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    /// Beside the old store.
    Beside,
    /// Where the configuration says, whichever store is used.
    Configured,
    /// Not on this host, or nobody has signed yet.
    Elsewhere,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "copied {} to {}, and read it again: the same to the byte",
            self.from, self.to
        )?;
        write!(f, "{}", Tables(&self.copied))?;
        self.files(f)?;
        write!(f, "next: set `[store]` in config.toml to the new place, on every host that uses it")
    }
}

impl Told {
    /// What became of the two files beside the store.
    fn files(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.key == Key::Elsewhere {
            return writeln!(
                f,
                "the ledger's key is not on this host: the host that signs heads has to move it"
            );
        }
        if self.key == Key::Configured {
            writeln!(f, "the ledger's key stays where `[ledger] key` says")?;
        }
        if self.files.is_empty() {
            return Ok(());
        }
        if self.moved {
            writeln!(f, "moved, so that heads are signed there from now on, and no longer here:")?;
            for Move { from, to } in &self.files {
                writeln!(f, "  {} to {}", from.display(), to.display())?;
            }
            return Ok(());
        }
        writeln!(
            f,
            "NOT copied: what signs the ledger's heads. When nobody uses the old store any more, move \
             it; two places that sign one ledger would make two histories of it:"
        )?;
        for Move { from, to } in &self.files {
            writeln!(f, "  mv -n {} {}", word(from), word(to))?;
        }
        Ok(())
    }
}

impl CopyArgs {
    pub(super) async fn run(self, global: &Global, output: Output) -> Result<Exit, Failure> {
        let config = assemble::load(global)?.config;
        let (old, new) = (Beside::of(&self.from, &config)?, Beside::of(&self.to, &config)?);
        if self.with_key {
            old.can_move(&new)?;
        }
        let from = named(&self.from, false).await?;
        let to = named(&self.to, true).await?;
        let mut progress = Progress::on(output);
        let copied = copy(&*from, &*to, false, &mut |step| progress.tell(step)).await;
        progress.end();
        let copied = copied?;
        let key = match old.key.exists() {
            false => Key::Elsewhere,
            true if config.ledger.key.is_some() => Key::Configured,
            true => Key::Beside,
        };
        let files = if self.with_key { old.go(&new, &*to).await? } else { old.to_move(&new) };
        let told = Told {
            from: shown(self.from),
            to: shown(self.to),
            copied,
            moved: self.with_key,
            files,
            key,
        };
        output.report(&Said::new("store-copy", &told))?;
        Ok(Exit::Done)
    }
}

/// A place without the password that may be in its URL.
fn shown(place: String) -> String {
    if !Address::is_url(&place) {
        return place;
    }
    Address::parse(&place).map_or(place, |address| address.to_string())
}
