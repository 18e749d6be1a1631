//! `countersign store prune`

use super::configured;
use crate::{
    cli::{
        Global,
        exit::Exit,
        failure::{Failure, Kind},
        output::Output,
    },
    report::Said,
    store::Pruned,
};
use clap::Args;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use std::fmt;

/// `countersign store prune`
#[derive(Debug, Args)]
pub struct PruneArgs {
    /// What was over before so much time: `400d`, `52w`
    #[arg(long, value_name = "TIME", value_parser = days)]
    older_than: u32,
    /// Only count
    #[arg(long)]
    dry_run: bool,
    /// Do not ask; needed where there is no terminal
    #[arg(long, conflicts_with = "dry_run")]
    yes: bool,
}

/// So many days or weeks, at least one day.
fn days(text: &str) -> Result<u32, String> {
    let (number, each) = match (text.strip_suffix('d'), text.strip_suffix('w')) {
        (Some(number), _) => (number, 1),
        (_, Some(number)) => (number, 7),
        _ => (text, 0),
    };
    let days = number.parse::<u32>().ok().and_then(|number| number.checked_mul(each));
    days.filter(|days| (1..=36_500).contains(days))
        .ok_or_else(|| "days or weeks are expected: `400d`, `52w`".to_owned())
}

#[derive(Debug, Serialize)]
struct Told {
    #[serde(flatten)]
    pruned: Pruned,
    done: bool,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Pruned { before, entries, bytes, actions, autonomous } = self.pruned;
        if let Some(before) = before {
            writeln!(f, "over before {before}:")?;
        }
        writeln!(f, "  {actions} actions, with what was decided and ordered about them")?;
        writeln!(f, "  {autonomous} autonomous actions")?;
        writeln!(f, "  {entries} entries of the ledger, {bytes} bytes of text")?;
        write!(
            f,
            "{}",
            match (self.done, entries) {
                (_, 0) => "there is nothing to prune",
                (true, _) =>
                    "pruned: the texts are gone, their hashes are there, and an entry says so",
                (false, _) => "nothing was changed",
            }
        )
    }
}

impl PruneArgs {
    pub(super) async fn run(self, global: &Global, output: Output) -> Result<Exit, Failure> {
        if !self.dry_run && !self.yes && !output.can_ask() {
            return Err(Failure::new(
                Kind::Usage,
                "without a terminal, prune needs --yes: there is nobody to ask",
            )
            .next("look first with --dry-run, then add --yes"));
        }
        let (store, _) = configured(global).await?;
        let span = SignedDuration::from_hours(i64::from(self.older_than) * 24);
        let cut = Timestamp::now() - span;
        let dry = store.prune(cut, true).await?;
        if self.dry_run || dry.entries == 0 {
            output.report(&Said::new("store-prune", &Told { pruned: dry, done: false }))?;
            return Ok(Exit::Done);
        }
        if !self.yes {
            output.aside(&format!("{}\n", Told { pruned: dry, done: false }));
            let prompt = "Type prune to take these texts away for good; anything else cancels:";
            if !crate::cli::ask::for_word(prompt, "prune", output).await? {
                return Err(Failure::new(Kind::Usage, "not confirmed; nothing was changed"));
            }
        }
        let pruned = store.prune(cut, false).await?;
        output.report(&Said::new("store-prune", &Told { pruned, done: true }))?;
        Ok(Exit::Done)
    }
}

#[cfg(test)]
mod tests {
    use super::days;

    #[test]
    fn a_time_is_days_or_weeks() {
        assert_eq!((days("400d"), days("52w")), (Ok(400), Ok(364)));
        for wrong in ["", "400", "0d", "-1d", "1y", "999999w", "d"] {
            assert!(days(wrong).is_err(), "{wrong}");
        }
    }
}
