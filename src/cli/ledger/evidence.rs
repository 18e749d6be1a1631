//! `countersign evidence`

use super::{Opened, unusable};
use crate::{
    cli::{
        Global,
        exit::Exit,
        failure::{Failure, Kind},
        output::Output,
    },
    domain::ActionId,
    ledger::evidence::{EvidenceError, Wanted, gather},
    report::Said,
};
use clap::Args;
use jiff::{Timestamp, ToSpan as _, Zoned, civil::Date, tz::TimeZone};
use serde::Serialize;
use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

/// Write a folder that others can check without this program
///
/// Actions with their diffs, decisions with their SSH signatures, the reviewers of the time, proofs,
/// and every entry of the time as a table. `sh verify.sh` in it checks all that with sha256sum,
/// openssl and ssh-keygen.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
        countersign evidence a-0123456789 -o evidence/\n  \
        countersign evidence --from 2026-10-01 --to 2026-12-31 -o q4/ && sh q4/verify.sh")]
pub struct Evidence {
    /// Ids of actions
    #[arg(value_name = "ID", required_unless_present = "from", conflicts_with = "from")]
    ids: Vec<ActionId>,
    /// From this day on (UTC), or this moment
    #[arg(long, value_name = "DATE", value_parser = begin)]
    from: Option<Timestamp>,
    /// Up to this day, which is included, or this moment [default: now]
    #[arg(long, value_name = "DATE", value_parser = end, requires = "from")]
    to: Option<Timestamp>,
    /// The folder to write; it has to be empty, or not there yet
    #[arg(long, short, value_name = "DIR")]
    output: PathBuf,
    /// The ledger's key, or a file it is in [default: that of this host]
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
}

#[derive(Debug, Serialize)]
struct Told {
    folder: PathBuf,
    actions: u64,
    /// First entry of the population, and the one after the last.
    population: (u64, u64),
    files: usize,
    key: String,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to) = self.population;
        let folder = self.folder.display();
        writeln!(
            f,
            "{} actions, and all {} entries from {from} up to {to}, are in {folder}",
            self.actions,
            to - from
        )?;
        write!(f, "check them with: sh {folder}/verify.sh '{}'", self.key)
    }
}

impl Evidence {
    /// Does what was asked for.
    pub(in crate::cli) async fn run(
        self,
        global: &Global,
        output: Output,
    ) -> Result<Exit, Failure> {
        let opened = Opened::of(global).await?;
        let key = opened.known_key(self.key.as_deref())?;
        let wanted = match self.from {
            Some(from) => Wanted::Period(from, self.to.unwrap_or_else(Timestamp::now)),
            None => Wanted::Actions(self.ids),
        };
        if fs::read_dir(&self.output).is_ok_and(|mut inside| inside.next().is_some()) {
            let text = format!("{} is not empty", self.output.display());
            return Err(Failure::new(Kind::Refused, text).next("give another folder"));
        }
        let bundle = gather(opened.shelf(), &key, &wanted).await?;
        for (path, content) in &bundle.files {
            write(&self.output.join(path), content)?;
        }
        let told = Told {
            folder: self.output,
            actions: bundle.actions,
            population: bundle.population,
            files: bundle.files.len(),
            key: key.to_string(),
        };
        output.report(&Said::new("evidence", &told))?;
        Ok(Exit::Done)
    }
}

fn write(path: &Path, content: &[u8]) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, content))
        .map_err(|error| unusable("write", path, &error))
}

fn begin(text: &str) -> Result<Timestamp, String> {
    moment(text, 0)
}

/// The end of a day is the beginning of the next.
fn end(text: &str) -> Result<Timestamp, String> {
    moment(text, 1)
}

fn moment(text: &str, days: i64) -> Result<Timestamp, String> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(moment);
    }
    let wrong = |_| {
        format!("`{text}` is no date such as 2026-10-01, and no time such as 2026-10-01T09:00:00Z")
    };
    let day: Date = text.parse().map_err(wrong)?;
    let day: Zoned = day.to_zoned(TimeZone::UTC).map_err(wrong)?;
    Ok(day.checked_add(days.days()).map_err(wrong)?.timestamp())
}

impl From<EvidenceError> for Failure {
    fn from(error: EvidenceError) -> Self {
        let kind = match error {
            EvidenceError::Unknown(_) | EvidenceError::Nothing | EvidenceError::NoHead(_) => {
                Kind::NotFound
            }
            EvidenceError::TooMany(_) | EvidenceError::Pruned(_) => Kind::Usage,
            EvidenceError::Altered { .. } | EvidenceError::Head(_) => Kind::Refused,
            EvidenceError::Shelf(error) => return error.into(),
        };
        Self::new(kind, error.to_string())
    }
}
