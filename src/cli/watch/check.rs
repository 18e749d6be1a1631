//! `countersign watch --check`

use super::super::{Global, assemble, exit::Exit, failure::Failure, output::Output};
use crate::{
    domain::SourceState,
    report::{Cell, Ink, Page, Report, Tone, moment},
    text::SafeText,
    watch::{self, Health, Place, Reason},
};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use std::{path::Path, time::Duration};

/// How long a probe waits for the store.
const PATIENCE: Duration = Duration::from_secs(5);

/// How a watch is doing.
struct Checked(Health);

impl Report for Checked {
    fn human(&self, ink: Ink) -> String {
        let Health { healthy, reasons, beat } = &self.0;
        let mut page = Page::new();
        page = if *healthy {
            page.field("watch", Cell::own("runs, and does its work").tone(Tone::Good))
        } else {
            page.field("watch", Cell::own("is not well").tone(Tone::Bad))
        };
        for reason in reasons {
            page = page.field("because", Cell::own(reason.to_string()).tone(Tone::Bad));
        }
        if let Some(beat) = beat {
            page = page
                .field("process", Cell::own(format!("{}, since {}", beat.pid, moment(beat.since))));
            for (name, sink) in &beat.sinks {
                let last = sink.delivered.map_or_else(|| "nothing yet".to_owned(), moment);
                let mut line = format!("took news last: {last}; waiting: {}", sink.waiting);
                if sink.dropped > 0 {
                    line = format!("{line}; dropped: {}", sink.dropped);
                }
                page = page.field(name, Cell::own(line));
            }
        }
        page.text(ink)
    }

    fn name(&self) -> &'static str {
        "watch-check"
    }

    fn body(&self) -> impl Serialize + '_ {
        #[derive(Serialize)]
        struct Why<'a> {
            #[serde(flatten)]
            reason: &'a Reason,
            told: String,
        }
        #[derive(Serialize)]
        struct Body<'a> {
            healthy: bool,
            reasons: Vec<Why<'a>>,
            beat: &'a Option<watch::Beat>,
        }
        let reasons = self.0.reasons.iter();
        Body {
            healthy: self.0.healthy,
            reasons: reasons.map(|reason| Why { reason, told: reason.to_string() }).collect(),
            beat: &self.0.beat,
        }
    }
}

/// Looks at a running watch; 1 where it is not well.
pub(super) async fn run(global: &Global, output: Output) -> Result<Exit, Failure> {
    let health = health(global).await?;
    let exit = if health.healthy { Exit::Done } else { Exit::Failure };
    output.report(&Checked(health))?;
    Ok(exit)
}

/// How the watch on the configured store is doing.
pub(in crate::cli) async fn health(global: &Global) -> Result<Health, Failure> {
    let config = assemble::load(global)?.config;
    let path = assemble::store_path(global, &config)?;
    let sources = match sources(&path).await {
        Ok(mut sources) => {
            let lens = assemble::lens(&config)?;
            let ours = assemble::sources_from(&config, &lens);
            sources.retain(|state| ours.iter().any(|source| *source.name() == state.name));
            Ok(sources)
        }
        Err(why) => Err(why),
    };
    let poll = (config.poll.interval() * 2 + config.poll.timeout()).saturating_add(PATIENCE);
    let poll = SignedDuration::try_from(poll).unwrap_or(SignedDuration::MAX);
    let known = sources.as_deref().unwrap_or(&[]);
    let mut health = watch::check(&Place::beside(&path), known, poll, Timestamp::now())
        .map_err(|error| super::not_kept(&error))?;
    if let Err(why) = sources {
        health.healthy = false;
        health.reasons.push(Reason::Trouble { what: why });
    }
    Ok(health)
}

/// The sources as the store has them. Makes no store where there is none.
async fn sources(path: &Path) -> Result<Vec<SourceState>, String> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let read = async {
        let store = assemble::open_store(path).await.map_err(|failure| told(&failure))?;
        store.sources().await.map_err(|error| error.to_string())
    };
    let late = || format!("the store did not answer within {} s", PATIENCE.as_secs());
    tokio::time::timeout(PATIENCE, read).await.unwrap_or_else(|_| Err(late()))
}

fn told(failure: &Failure) -> String {
    SafeText::line(&failure.message).as_str().to_owned()
}
