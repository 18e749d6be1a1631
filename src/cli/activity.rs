//! `countersign activity`

use super::{Desk, Global, exit::Exit, failure::Failure, output::Output};
use crate::report::{ActivityReport, AutonomousReport};
use clap::Args;

/// Show what happened, newest first
#[derive(Debug, Args)]
pub struct Activity {
    /// At most so many lines
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    limit: u32,
    /// Only lines older than this position (`seq` in the JSON form)
    #[arg(long, value_name = "SEQ")]
    before: Option<i64>,
    /// What agents did by themselves because policy let it through, instead
    #[arg(long)]
    autonomous: bool,
}

impl Activity {
    /// Tells the newest lines of history.
    pub(super) async fn run(self, global: &Global, output: Output) -> Result<Exit, Failure> {
        let desk = Desk::open(global).await?;
        if self.autonomous {
            let rows = desk.review.store().autonomous(self.limit, self.before).await?;
            output.report(&AutonomousReport::new(rows))?;
            return Ok(Exit::Done);
        }
        let lines = desk.review.store().activity(self.limit, self.before).await?;
        output.report(&ActivityReport::new(lines))?;
        Ok(Exit::Done)
    }
}
