//! `countersign ledger prove`

use super::{Opened, unusable};
use crate::{
    cli::{
        Global,
        exit::Exit,
        failure::{Failure, Kind},
        output::Output,
    },
    ledger::{Head, Proof, ShelfError, fetch, inclusion, inclusion_needs},
    report::Said,
};
use clap::Args;
use serde::Serialize;
use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

/// `countersign ledger prove`
#[derive(Debug, Args)]
pub struct Prove {
    /// Number of an entry, or the id of an action, order or credential
    #[arg(value_name = "ID|NUMBER")]
    what: String,
    /// Write each entry and its proof into this folder
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,
    /// The ledger's key, or a file it is in [default: that of this host]
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
}

#[derive(Debug, Serialize)]
struct Proved {
    /// The entry's number.
    index: u64,
    /// The entry, byte for byte.
    entry: String,
    /// The C2SP tlog-proof.
    proof: String,
}

#[derive(Debug, Serialize)]
struct Told {
    /// Where they were written, if they were.
    folder: Option<PathBuf>,
    proofs: Vec<Proved>,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.folder {
            Some(folder) => {
                write!(
                    f,
                    "{} entries and their proofs are in {}",
                    self.proofs.len(),
                    folder.display()
                )
            }
            None => self.proofs.iter().try_for_each(|one| f.write_str(&one.proof)),
        }
    }
}

impl Prove {
    pub(super) async fn run(self, global: &Global, output: Output) -> Result<Exit, Failure> {
        let opened = Opened::of(global).await?;
        let key = opened.known_key(self.key.as_deref())?;
        let head = opened.newest(&key).await?.ok_or_else(|| unsigned(0))?;
        let numbers = match self.what.parse::<u64>() {
            Ok(number) => vec![number],
            Err(_) => opened.shelf().ledger_about(&self.what).await?,
        };
        if numbers.is_empty() {
            return Err(Failure::new(
                Kind::NotFound,
                format!("no entry of the ledger is about {}", self.what),
            )
            .next("give an id as `countersign activity` prints it, or the number of an entry"));
        }
        if numbers.len() > 1 && self.output.is_none() && !output.is_json() {
            let list: Vec<String> = numbers.iter().map(u64::to_string).collect();
            let text =
                format!("{} entries are about {}: {}", numbers.len(), self.what, list.join(", "));
            return Err(Failure::new(Kind::Usage, text)
                .next("give one of the numbers, or a folder for all of them with --output"));
        }
        let mut proofs = Vec::new();
        for number in numbers {
            proofs.push(prove(&opened, &head, number).await?);
        }
        if let Some(folder) = &self.output {
            proofs.iter().try_for_each(|one| write(folder, one))?;
        }
        output.report(&Said::new("ledger-prove", &Told { folder: self.output, proofs }))?;
        Ok(Exit::Done)
    }
}

async fn prove(opened: &Opened, head: &Head, number: u64) -> Result<Proved, Failure> {
    let size = head.checkpoint.size;
    if number >= size {
        return Err(unsigned(number));
    }
    let found = opened.shelf().ledger_entries(number, 1).await?.into_iter().next().flatten();
    let bytes = found.ok_or_else(|| {
        Failure::new(Kind::NotFound, format!("the text of entry {number} was pruned"))
            .next("its hash is still in the tree; the text is where it was exported to")
    })?;
    let nodes = fetch(opened.shelf(), &inclusion_needs(size, number)).await?;
    let hashes = inclusion(size, number, &nodes).map_err(ShelfError::from)?;
    let proof = Proof { index: number, hashes, note: head.note.clone() };
    Ok(Proved {
        index: number,
        entry: String::from_utf8_lossy(&bytes).into_owned(),
        proof: proof.text(),
    })
}

fn unsigned(number: u64) -> Failure {
    Failure::new(Kind::NotFound, format!("no signed head covers entry {number} yet"))
        .next("sign one with `countersign ledger checkpoint`, where the ledger's key is")
}

fn write(folder: &Path, proved: &Proved) -> Result<(), Failure> {
    let path = folder.join(format!("entry-{:08}.json", proved.index));
    let proof = folder.join(format!("entry-{:08}.json.tlog-proof", proved.index));
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(&path, &proved.entry))
        .and_then(|()| fs::write(&proof, &proved.proof))
        .map_err(|error| unusable("write", &path, &error))
}
