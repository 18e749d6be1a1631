//! `countersign queue`

use super::{Desk, Global, exit::Exit, failure::Failure, output::Output, polling};
use crate::report;
use clap::Args;
use jiff::Timestamp;

/// List the actions of AI tools that wait for a decision
#[derive(Debug, Args)]
pub struct Queue {
    /// Also list those that are decided or ended
    #[arg(long)]
    closed: bool,
    /// Ask every source first
    #[arg(long)]
    poll: bool,
}

impl Queue {
    /// Tells what waits.
    pub(super) async fn run(self, global: &Global, output: Output) -> Result<Exit, Failure> {
        let desk = Desk::open(global).await?;
        if self.poll {
            polling::once(&desk, output).await?;
        }
        let store = desk.review.store();
        let now = Timestamp::now();
        let actions = store.actions(self.closed).await?;
        let is_empty = actions.is_empty();
        let seen = actions.into_iter().map(|row| {
            let outlook = desk.review.outlook(&row, now);
            (row, outlook)
        });
        output.report(&report::Queue::new(seen.collect(), now))?;
        let sources = desk.configured(store.sources().await?);
        polling::tell_unread(sources.iter(), "`countersign queue --poll` asks it", output);
        if is_empty {
            desk.mention_missing_sources(output);
        }
        Ok(Exit::Done)
    }
}
