//! `countersign ledger export`

use super::{Opened, unusable};
use crate::{
    cli::{
        Global,
        exit::Exit,
        failure::{Failure, Kind},
        output::Output,
    },
    ledger::{EXPORT, ExportWriter, Piece, Reading},
    report::Said,
};
use clap::Args;
use serde::Serialize;
use std::{
    fmt,
    fs::OpenOptions,
    io::{self, BufWriter, Write as _},
    path::{Path, PathBuf},
};

/// `countersign ledger export`
#[derive(Debug, Args)]
pub struct Write {
    /// The file to make; it may not be there yet [default: stdout]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The ledger's key, or a file it is in [default: that of this host]
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
}

#[derive(Debug, Serialize)]
struct Told {
    format: &'static str,
    entries: u64,
    heads: u64,
    file: PathBuf,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { entries, heads, file, .. } = self;
        write!(f, "{entries} entries and {heads} signed heads are in {}", file.display())
    }
}

impl Write {
    pub(super) async fn run(self, global: &Global, output: Output) -> Result<Exit, Failure> {
        let opened = Opened::of(global).await?;
        let key = opened.known_key(self.key.as_deref())?;
        let stdout = Path::new("standard output");
        let path = self.output.as_deref().unwrap_or(stdout);
        let out: Box<dyn io::Write + Send> = match &self.output {
            None => Box::new(io::stdout()),
            Some(path) => Box::new(
                OpenOptions::new()
                    .write(true)
                    .create_new(true)
                    .open(path)
                    .map_err(|error| unusable("make", path, &error))?,
            ),
        };
        let failed = |error: io::Error| unusable("write", path, &error);
        let out = BufWriter::with_capacity(1 << 20, out);
        let mut out = ExportWriter::new(out, &key).map_err(failed)?;
        let mut reading = Reading::begin(opened.shelf(), 0).await?;
        let (mut entries, mut heads) = (0, 0);
        while let Some(piece) = reading.next(opened.shelf()).await? {
            match &piece {
                Piece::Batch(batch) => entries += batch.len() as u64,
                Piece::Head(_) => heads += 1,
            }
            match out.write(&piece) {
                // A reader that went away has all it wanted.
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(Exit::Done),
                written => written.map_err(failed)?,
            }
        }
        out.finish().and_then(|mut out| out.flush()).map_err(failed)?;
        if let Some(file) = self.output {
            let told = Told { format: EXPORT, entries, heads, file };
            output.report(&Said::new("ledger-export", &told))?;
        } else if output.is_json() {
            return Err(Failure::new(Kind::Usage, "an export is lines of JSON by itself")
                .next("leave --json out, or give a file with --output"));
        }
        Ok(Exit::Done)
    }
}
