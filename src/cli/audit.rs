//! `countersign audit`

use super::{Desk, Global, exit::Exit, failure::Failure, output::Output, polling};
use crate::{
    domain::{Health, Severity},
    report::{self, Scope},
};
use clap::{Args, ValueEnum};
use jiff::Timestamp;

/// List the credentials AI tools hold, and what someone should act on
#[derive(Debug, Args)]
pub struct Audit {
    /// Use what the store holds; ask no source
    #[arg(long)]
    no_poll: bool,
    /// Also list credentials no known AI tool holds
    #[arg(long)]
    all: bool,
    /// Only credentials this tool holds (its catalogue id, such as claude-code)
    #[arg(long, value_name = "TOOL")]
    tool: Option<String>,
    /// Only credentials of this source (aws/prod, or prod)
    #[arg(long, value_name = "SOURCE")]
    source: Option<String>,
    /// Only credentials known to reach production
    #[arg(long)]
    production: bool,
    /// Exit with 3 when there is a finding this severe or worse
    #[arg(long, value_name = "SEVERITY")]
    fail_on: Option<Threshold>,
    /// How to write it
    #[arg(long, value_name = "FORMAT", default_value = "table", conflicts_with = "json")]
    format: Format,
}

/// `--fail-on`
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Threshold {
    Info,
    Low,
    Medium,
    High,
}

impl From<Threshold> for Severity {
    fn from(threshold: Threshold) -> Self {
        match threshold {
            Threshold::Info => Self::Info,
            Threshold::Low => Self::Low,
            Threshold::Medium => Self::Medium,
            Threshold::High => Self::High,
        }
    }
}

/// `--format`
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Format {
    Table,
    Json,
    Csv,
    Markdown,
}

impl Audit {
    /// Asks every source once, then tells what the store holds.
    pub(super) async fn run(self, global: &Global, output: Output) -> Result<Exit, Failure> {
        let desk = Desk::open(global).await?;
        desk.require_sources()?;
        if !self.no_poll {
            polling::once(&desk, output).await?;
        }
        let store = desk.review.store();
        let scope = Scope {
            all: self.all,
            tool: self.tool,
            source: self.source,
            production: self.production,
        };
        let audit = report::Audit::new(
            store.credentials(false).await?,
            desk.configured(store.sources().await?),
            &scope,
            Timestamp::now(),
        );
        match self.format {
            Format::Table => output.report(&audit)?,
            Format::Json => output.as_json().report(&audit)?,
            Format::Csv => output.text(&audit.csv())?,
            Format::Markdown => output.text(&audit.markdown())?,
        }
        polling::tell_unread(audit.unread(), "run it without --no-poll", output);
        let threshold = self.fail_on.map(Severity::from);
        Ok(if threshold.is_some_and(|severity| audit.reaches(severity)) {
            Exit::Findings
        } else if audit.unread().any(|source| {
            // A pipeline must not take what nobody could read for clean.
            source.health == Health::Failing || threshold.is_some()
        }) {
            Exit::Failure
        } else {
            Exit::Done
        })
    }
}
