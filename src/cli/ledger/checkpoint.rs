//! `countersign ledger checkpoint`

use super::Opened;
use crate::{
    cli::{
        Global,
        exit::Exit,
        failure::{Failure, Kind},
        output::Output,
    },
    ledger::{Head, Submission, VerifierKey, consistency, consistency_needs, fetch},
    report::Said,
};
use clap::Args;
use serde::Serialize;
use std::fmt;

/// `countersign ledger checkpoint`
#[derive(Debug, Args)]
pub struct Sign {
    /// Put a proof before it that it continues the head of SIZE entries: what a witness asks for
    #[arg(long, value_name = "SIZE")]
    since: Option<u64>,
    /// The ledger's key, or a file it is in [default: that of this host]
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
}

#[derive(Debug, Serialize)]
struct Told {
    /// Entries it covers.
    size: u64,
    /// Root of their tree.
    root: String,
    /// The ledger's public key.
    key: String,
    /// Whether it was signed now.
    signed_now: bool,
    /// The signed head.
    note: String,
    /// What a witness takes, with the proof.
    submission: Option<String>,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.submission.as_deref().unwrap_or(&self.note))
    }
}

impl Sign {
    pub(super) async fn run(self, global: &Global, output: Output) -> Result<Exit, Failure> {
        let opened = Opened::of(global).await?;
        let mut signed_now = false;
        if self.key.is_none()
            && let Some(seal) = opened.seal().await?
        {
            signed_now = seal.sign(opened.shelf()).await?.is_some();
        }
        let key = opened.known_key(self.key.as_deref())?;
        let head = opened.newest(&key).await?.ok_or_else(nothing)?;
        let submission = match self.since {
            Some(old) => Some(submission(&opened, &head, old).await?.text()),
            None => None,
        };
        let told = told(&key, head, signed_now, submission);
        output.report(&Said::new("ledger-checkpoint", &told))?;
        Ok(Exit::Done)
    }
}

fn told(key: &VerifierKey, head: Head, signed_now: bool, submission: Option<String>) -> Told {
    Told {
        size: head.checkpoint.size,
        root: head.checkpoint.root.to_string(),
        key: key.to_string(),
        signed_now,
        note: head.note,
        submission,
    }
}

fn nothing() -> Failure {
    Failure::new(Kind::NotFound, "no head of the ledger was signed yet")
        .next("run this on the host that has the ledger's key, once the ledger has an entry")
}

/// The head with the proof that it continues an earlier one.
pub(super) async fn submission(
    opened: &Opened,
    head: &Head,
    old: u64,
) -> Result<Submission, Failure> {
    let size = head.checkpoint.size;
    if old > size {
        return Err(Failure::new(
            Kind::Refused,
            format!("the newest head covers {size} entries, and the witness knows of {old}: entries were cut off, or this is another ledger"),
        )
        .next("see what is wrong with `countersign ledger verify`"));
    }
    let nodes = fetch(opened.shelf(), &consistency_needs(old, size)).await?;
    let hashes = consistency(old, size, &nodes)
        .map_err(|error| Failure::new(Kind::Store, error.to_string()))?;
    Ok(Submission { old, hashes, note: head.note.clone() })
}
