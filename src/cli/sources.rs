//! `countersign sources`

use super::{Desk, Global, exit::Exit, failure::Failure, output::Output, polling};
use crate::{domain::Health, report::SourcesReport};
use clap::Args;
use jiff::Timestamp;

/// Show how the sources are doing
#[derive(Debug, Args)]
pub struct Sources {
    /// Ask every source first
    #[arg(long)]
    poll: bool,
}

impl Sources {
    /// Tells each source's health; 1 when one is failing.
    pub(super) async fn run(self, global: &Global, output: Output) -> Result<Exit, Failure> {
        let desk = Desk::open(global).await?;
        if self.poll {
            polling::once(&desk, output).await?;
        }
        let sources = desk.configured(desk.review.store().sources().await?);
        let failing = sources.iter().any(|source| source.health == Health::Failing);
        output.report(&SourcesReport::new(sources, Timestamp::now()))?;
        desk.mention_missing_sources(output);
        Ok(if failing { Exit::Failure } else { Exit::Done })
    }
}
