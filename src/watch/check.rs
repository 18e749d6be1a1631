//! Whether a watch runs and does its work, for probes.

use super::{Beat, Place, PlaceError};
use crate::domain::{SourceKind, SourceState};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use std::fmt;

/// A beat older than that is none: it comes every five seconds.
const SILENT: SignedDuration = SignedDuration::from_secs(30);
/// News that wait longer than that are late.
const LATE: SignedDuration = SignedDuration::from_mins(2);

/// How a watch is doing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Health {
    /// Whether it runs and does its work.
    pub healthy: bool,
    /// Why not; empty where it does.
    pub reasons: Vec<Reason>,
    /// What it said of itself last.
    pub beat: Option<Beat>,
}

/// Why a watch is not well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "because")]
pub enum Reason {
    /// There is none.
    NotRunning,
    /// It runs, and has not been heard of.
    Silent {
        /// Since when, where it was ever heard of.
        since: Option<Timestamp>,
    },
    /// It says that something does not work.
    Trouble {
        /// What.
        what: String,
    },
    /// A source was not asked when it should have been.
    NotPolled {
        /// Which.
        source: String,
        /// When it last was.
        last: Option<Timestamp>,
    },
    /// A receiver refused news so often that they were given up, and took nothing since.
    GivenUp {
        /// Which.
        receiver: String,
        /// How many.
        news: u64,
        /// Since when it takes nothing.
        since: Timestamp,
        /// What it said.
        why: Option<String>,
    },
    /// A receiver does not take its news.
    NotDelivered {
        /// Which.
        receiver: String,
        /// How many wait.
        waiting: usize,
        /// Since when.
        since: Timestamp,
        /// What it said.
        why: Option<String>,
    },
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use super::tell::clock;
        match self {
            Self::NotRunning => f.write_str("no watch runs on this store"),
            Self::Silent { since: Some(since) } => {
                write!(f, "the watch has not been heard of since {}", clock(*since))
            }
            Self::Silent { since: None } => f.write_str("the watch was never heard of"),
            Self::Trouble { what } => f.write_str(what),
            Self::NotPolled { source, last: Some(last) } => {
                write!(f, "{source} was last asked at {}, which is too long ago", clock(*last))
            }
            Self::NotPolled { source, last: None } => write!(f, "{source} was never asked"),
            Self::GivenUp { receiver, news, since, why } => {
                write!(
                    f,
                    "{news} news were given up: {receiver} takes none since {}",
                    clock(*since)
                )?;
                why.as_ref().map_or(Ok(()), |why| write!(f, ": {why}"))
            }
            Self::NotDelivered { receiver, waiting, since, why } => {
                write!(f, "{waiting} news wait for {receiver} since {}", clock(*since))?;
                why.as_ref().map_or(Ok(()), |why| write!(f, ": {why}"))
            }
        }
    }
}

/// Looks at the files of a watch and at the sources. `poll` is the time between two polls and what
/// one may take, together.
pub fn check(
    place: &Place,
    sources: &[SourceState],
    poll: SignedDuration,
    now: Timestamp,
) -> Result<Health, PlaceError> {
    let held = place.is_held()?;
    let beat = match Place::read::<Beat>(&place.beat()) {
        Ok(beat) => beat,
        Err(PlaceError::Unreadable { .. }) => None,
        Err(error) => return Err(error),
    };
    let mut reasons = Vec::new();
    let began = beat.as_ref().map(|beat| beat.since);
    match &beat {
        _ if !held => reasons.push(Reason::NotRunning),
        Some(beat) if is_within(beat.at, SILENT, now) => of_beat(beat, now, &mut reasons),
        found => {
            let since = found.as_ref().map(|beat| beat.at);
            reasons.push(Reason::Silent { since });
        }
    }
    if held {
        // A watch that has just begun has not asked everybody yet.
        let is_new = began.is_some_and(|began| is_within(began, poll, now));
        let asked = sources.iter().filter(|source| source.kind != SourceKind::Gate);
        for source in asked.filter(|source| !is_fresh(source, poll, now) && !is_new) {
            let (source, last) = (source.name.to_string(), source.last_attempt);
            reasons.push(Reason::NotPolled { source, last });
        }
    }
    Ok(Health { healthy: reasons.is_empty(), reasons, beat })
}

fn of_beat(beat: &Beat, now: Timestamp, reasons: &mut Vec<Reason>) {
    reasons.extend(beat.troubles.iter().map(|what| Reason::Trouble { what: what.clone() }));
    if !beat.looked.is_some_and(|looked| is_within(looked, SILENT, now))
        && !is_within(beat.since, SILENT, now)
    {
        let what = "it has not looked at the store lately".to_owned();
        reasons.push(Reason::Trouble { what });
    }
    for (receiver, sink) in &beat.sinks {
        let Some(since) = sink.failing_since else { continue };
        if sink.given_up > 0 {
            let (receiver, why) = (receiver.clone(), sink.why.clone());
            reasons.push(Reason::GivenUp { receiver, news: sink.given_up, since, why });
        }
        if sink.waiting > 0 && !is_within(since, LATE, now) {
            reasons.push(Reason::NotDelivered {
                receiver: receiver.clone(),
                waiting: sink.waiting,
                since,
                why: sink.why.clone(),
            });
        }
    }
}

/// Either way round: a clock that was set back makes nothing fresh for ever.
fn is_within(at: Timestamp, limit: SignedDuration, now: Timestamp) -> bool {
    now.duration_since(at).abs() <= limit
}

fn is_fresh(source: &SourceState, poll: SignedDuration, now: Timestamp) -> bool {
    let asked = source.last_attempt.is_some_and(|at| is_within(at, poll, now));
    // One that fails, or told us to stay away, is asked less often.
    let due = source.next_attempt.and_then(|at| at.checked_add(poll).ok());
    asked || due.is_some_and(|due| now <= due && is_within(due, SignedDuration::from_hours(2), now))
}
