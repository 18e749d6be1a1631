//! `countersign ledger verify`

use super::{Opened, public_key, text_of, unusable};
use crate::{
    cli::{
        Global,
        exit::Exit,
        failure::{Failure, Kind},
        output::Output,
    },
    domain::Digest,
    ledger::{
        Checkpoint, Export, Head, Piece, Reading, Shelf, Signs, SourceError, Submission,
        VerifierKey, since,
        verify::{Options, Report, Start, verify},
    },
    report::Said,
    store::moving::{Compared, compare},
};
use clap::Args;
use serde::Serialize;
use std::{
    fmt,
    fs::File,
    io::BufReader,
    num::NonZero,
    path::{Path, PathBuf},
};

/// `countersign ledger verify`
#[derive(Debug, Args)]
pub struct Verify {
    /// Check this export (`-`: stdin) instead of the store
    #[arg(long, value_name = "EXPORT")]
    from: Option<PathBuf>,
    /// Check only what is new since this checkpoint, and that it continues it
    #[arg(long, value_name = "CHECKPOINT")]
    since: Option<PathBuf>,
    /// The ledger's key as you know it, or a file it is in [default: that of this host]
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    /// A witness's key, or a file it is in; may be given several times
    #[arg(long, value_name = "KEY")]
    witness: Vec<String>,
    /// So many of these witnesses have to have cosigned the newest head
    #[arg(long, value_name = "N", default_value_t = 0)]
    cosigned: usize,
    /// Digest of the roster that holds now: the last one in the ledger has to be it
    #[arg(long, value_name = "DIGEST")]
    roster: Option<Digest>,
    /// Only hashes and signed heads, not what the entries tell
    #[arg(long)]
    structure: bool,
}

/// What is told of it.
#[derive(Debug, Serialize)]
struct Told<'a> {
    good: bool,
    /// The key the heads were checked with.
    key: String,
    /// Whether that key comes from the export itself, so that it proves nothing.
    key_is_its_own: bool,
    /// The size of the checkpoint it was compared with.
    since: Option<u64>,
    #[serde(flatten)]
    report: &'a Report,
    /// What holding the tables against the ledger found, where it is a store's.
    #[serde(skip_serializing_if = "Option::is_none")]
    tables: Option<Compared>,
}

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let report = self.report;
        for fault in &report.faults {
            writeln!(f, "{fault}")?;
        }
        let unsaid = report.faults_in_all - report.faults.len() as u64;
        if unsaid > 0 {
            writeln!(f, "… and {unsaid} more")?;
        }
        for row in self.tables.iter().flat_map(|tables| &tables.mismatches) {
            writeln!(f, "{row}")?;
        }
        for open in &report.open {
            writeln!(
                f,
                "open: entry {}, {}: {:?} went ahead alone at {}, and nobody else has looked at it",
                open.entry, open.action, open.by, open.at
            )?;
        }
        writeln!(f, "{} entries, root {}", report.size, report.root)?;
        if let Some(size) = self.since {
            writeln!(
                f,
                "compared with the checkpoint of {size}; {} entries were looked at",
                report.checked
            )?;
        }
        let behind = report.size - report.covered;
        writeln!(f, "{} signed heads fit; the newest covers all but {behind}", report.heads)?;
        for cosigned in &report.cosigned {
            writeln!(f, "cosigned by {} at {}", cosigned.witness, cosigned.at)?;
        }
        let counts = report.counts;
        writeln!(
            f,
            "{} requests, {} decisions ({} signatures checked, {} unsigned), {} orders, {} autonomous actions",
            counts.requests,
            counts.decisions,
            report.signatures,
            report.unsigned,
            counts.orders,
            counts.autonomous
        )?;
        if report.imported > 0 {
            writeln!(f, "the first {} were in the store before it had a ledger", report.imported)?;
        }
        if report.pruned > 0 {
            writeln!(f, "{} were pruned; their hashes fit", report.pruned)?;
        }
        for roster in &report.rosters {
            writeln!(f, "reviewers from entry {} on ({}): {}", roster.entry, roster.at, roster.is)?;
        }
        if self.key_is_its_own {
            writeln!(
                f,
                "checked with the key the export names itself; compare it with one you know: {}",
                self.key
            )?;
        }
        let rows = self.tables.as_ref().map_or(0, Compared::wrong);
        if let Some(tables) = &self.tables {
            writeln!(f, "{} rows of the tables held against it, {rows} do not fit", tables.rows)?;
        }
        match report.faults_in_all + rows {
            0 => f.write_str("good"),
            1 => f.write_str("1 fault"),
            many => write!(f, "{many} faults"),
        }
    }
}

impl Verify {
    pub(super) async fn run(self, global: &Global, output: Output) -> Result<Exit, Failure> {
        let witnesses = self.witness.iter().map(|named| public_key(named, Signs::Cosignatures));
        let witnesses = witnesses.collect::<Result<Vec<_>, _>>()?;
        let named = self.key.as_deref().map(|named| public_key(named, Signs::Heads)).transpose()?;
        let (report, options, tables) = if let Some(file) = self.from.clone() {
            let (report, options) = self.export(&file, named.clone(), witnesses).await?;
            (report, options, None)
        } else {
            let opened = Opened::of(global).await?;
            let (report, options) = self.store(&opened, witnesses).await?;
            let all = self.since.is_none() && !self.structure;
            let tables = if all { Some(compare(&*opened.store).await?) } else { None };
            (report, options, tables)
        };
        let good = report.is_good() && tables.as_ref().is_none_or(Compared::is_good);
        let told = Told {
            good,
            key: options.key.to_string(),
            key_is_its_own: self.from.is_some() && named.is_none(),
            since: options.since.as_ref().map(|kept| kept.size),
            report: &report,
            tables,
        };
        output.report(&Said::new("ledger-verify", &told))?;
        Ok(if good { Exit::Done } else { Exit::Findings })
    }

    fn options(&self, key: VerifierKey, witnesses: Vec<VerifierKey>) -> Result<Options, Failure> {
        let kept = self.since.as_ref().map(|path| kept(path, &key)).transpose()?;
        Ok(Options {
            key,
            witnesses,
            cosigned: self.cosigned,
            since: kept,
            roster: self.roster,
            structure_only: self.structure,
            threads: std::thread::available_parallelism().map_or(1, NonZero::get).min(8),
        })
    }

    async fn export(
        &self,
        file: &Path,
        key: Option<VerifierKey>,
        witnesses: Vec<VerifierKey>,
    ) -> Result<(Report, Options), Failure> {
        let input: Box<dyn std::io::Read + Send> = if file == Path::new("-") {
            Box::new(std::io::stdin())
        } else {
            Box::new(File::open(file).map_err(|error| unusable("read", file, &error))?)
        };
        let export = Export::open(BufReader::with_capacity(1 << 20, input))?;
        let key = key.unwrap_or_else(|| export.key().clone());
        let options = self.options(key, witnesses)?;
        let given = options.clone();
        let checked = apart(move || verify(export, Start::default(), &given)).await?;
        Ok((checked?, options))
    }

    async fn store(
        &self,
        opened: &Opened,
        witnesses: Vec<VerifierKey>,
    ) -> Result<(Report, Options), Failure> {
        let key = opened.known_key(self.key.as_deref())?;
        let mut options = self.options(key, witnesses)?;
        if let Some(kept) = &options.since {
            let (start, pieces) = since(opened.shelf(), kept).await?;
            let given = options.clone();
            let checked = apart(move || verify(pieces.into_iter().map(Ok), start, &given)).await?;
            return Ok((checked?, options));
        }
        // What was signed here last is out of reach for whoever only has the database.
        options.since = opened
            .remembered()
            .and_then(|note| Head::open(&note, &options.key, &[]).ok())
            .map(|head| head.checkpoint);
        let report = whole(opened.shelf(), &options).await?;
        Ok((report, options))
    }
}

/// Checks all of a store's ledger, a page at a time.
async fn whole(shelf: &dyn Shelf, options: &Options) -> Result<Report, Failure> {
    let (give, mut take) = tokio::sync::mpsc::channel::<Result<Piece, SourceError>>(4);
    let given = options.clone();
    let checking = tokio::task::spawn_blocking(move || {
        verify(std::iter::from_fn(move || take.blocking_recv()), Start::default(), &given)
    });
    let mut reading = Reading::begin(shelf, 0).await?;
    loop {
        let piece = match reading.next(shelf).await {
            Ok(Some(piece)) => Ok(piece),
            Ok(None) => break,
            Err(error) => Err(SourceError::Store(error.to_string())),
        };
        let failed = piece.is_err();
        if give.send(piece).await.is_err() || failed {
            break;
        }
    }
    drop(give);
    Ok(checking.await.map_err(|error| Failure::new(Kind::Unexpected, error.to_string()))??)
}

/// Away from the threads that must not wait.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| Failure::new(Kind::Unexpected, error.to_string()))
}

/// A checkpoint from a file: as `checkpoint` prints it, with or without a proof before it.
fn kept(path: &Path, key: &VerifierKey) -> Result<Checkpoint, Failure> {
    let text = text_of(path)?;
    let note = Submission::read(&text).map_or(text, |sent| sent.note);
    let head = Head::open(&note, key, &[]).map_err(|error| {
        Failure::new(Kind::Refused, format!("the checkpoint {}: {error}", path.display()))
            .next("give a file that `countersign ledger checkpoint` wrote for this ledger")
    })?;
    Ok(head.checkpoint)
}
