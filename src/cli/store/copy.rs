//! `countersign store copy`

use super::{Progress, Tables, named};
use crate::{
    cli::{exit::Exit, failure::Failure, output::Output},
    report::Said,
    store::moving::{Copied, copy},
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
}

#[derive(Debug, Serialize)]
struct Told {
    from: String,
    to: String,
    #[serde(flatten)]
    copied: Copied,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "copied {} to {}, and read it again: the same to the byte",
            self.from, self.to
        )?;
        write!(f, "{}", Tables(&self.copied))?;
        write!(f, "next: set `[store]` in config.toml to the new place, on every host that uses it")
    }
}

impl CopyArgs {
    pub(super) async fn run(self, output: Output) -> Result<Exit, Failure> {
        let from = named(&self.from, false).await?;
        let to = named(&self.to, true).await?;
        let mut progress = Progress::on(output);
        let copied = copy(&*from, &*to, false, &mut |step| progress.tell(step)).await;
        progress.end();
        output.report(&Said::new(
            "store-copy",
            &Told { from: self.from, to: self.to, copied: copied? },
        ))?;
        Ok(Exit::Done)
    }
}
