//! `countersign policy diff`: what another policy would have said of what was asked lately.

use super::{
    super::{Global, assemble, exit::Exit, failure::Failure, output::Output},
    explain::needed,
    given::nothing,
    named,
};
use crate::{
    domain::{
        Action, Assessment, Confidence, Environment, LetThrough, Part, PolicyId, Ruling, Subject,
        Target, ToolMatch, Untrusted,
    },
    gate::spool,
    policy::{Case, Circumstances, Policy},
    report::Said,
    review::assess,
    store::Store,
    text::hidden_in,
};
use clap::Args;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use std::{fmt, path::PathBuf};

/// Autonomous records read at a time.
const AT_A_TIME: u32 = 500;
/// Autonomous records looked at in all; what is older is said to be left out.
const MOST: usize = 100_000;

/// `countersign policy diff`
#[derive(Debug, Args)]
pub struct Compare {
    /// The policy as it is
    old: PathBuf,
    /// The policy as it would be
    new: PathBuf,
    /// Look at what was asked in so many days
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=3650))]
    days: u16,
}

/// One recorded action that the two policies treat differently.
#[derive(Debug, Serialize)]
struct Changed {
    /// Its id; of an autonomous action, the record's.
    id: String,
    at: Timestamp,
    title: Untrusted,
    old: Ruling,
    new: Ruling,
}

/// What would have changed.
#[derive(Debug, Serialize)]
struct Report {
    old: PolicyId,
    new: PolicyId,
    days: u16,
    /// Recorded actions looked at: asked for, and let through.
    looked_at: usize,
    /// Whether older records than were looked at lie within the days.
    more: bool,
    changed: Vec<Changed>,
}

struct Both {
    old: Policy,
    new: Policy,
    looked_at: usize,
    changed: Vec<Changed>,
}

impl Compare {
    /// Compares.
    pub(super) async fn run(self, global: &Global, output: Output) -> Result<Exit, Failure> {
        let (old, config) = named(Some(&self.old), global)?;
        let (new, _) = named(Some(&self.new), global)?;
        let path = assemble::store_path(global, &config)?;
        let store = assemble::open_store(&path).await?;
        // What was let through a moment ago counts too; what cannot be taken in, a poll tells.
        let _ = spool::take_in(&path, &*store).await;
        let days = SignedDuration::from_hours(24 * i64::from(self.days));
        let since = Timestamp::now().checked_sub(days).unwrap_or(Timestamp::MIN);
        let mut both = Both { old, new, looked_at: 0, changed: Vec::new() };
        for row in store.actions(true).await? {
            if row.opened < since {
                continue;
            }
            if let Some((_, action)) = store.action(&row.id).await? {
                both.ask(action.id.to_string(), &action, &assess(&action), action.opened);
            }
        }
        let more = both.autonomous(&*store, since).await?;
        both.changed.sort_by_key(|changed| std::cmp::Reverse(changed.at));
        let report = Report {
            old: both.old.id(),
            new: both.new.id(),
            days: self.days,
            looked_at: both.looked_at,
            more,
            changed: both.changed,
        };
        output.report(&Said::new("policy-diff", &report))?;
        Ok(Exit::Done)
    }
}

impl Both {
    fn ask(&mut self, id: String, action: &Action, found: &Assessment, at: Timestamp) {
        let hidden = !hidden_in(action).is_empty();
        let circumstances = Circumstances { hidden, ..Circumstances::at(at) };
        let case = Case { action, found, circumstances: &circumstances };
        let (old, new) = (self.old.rule(case), self.new.rule(case));
        self.looked_at += 1;
        if (&old.tier, &old.leave) != (&new.tier, &new.leave) {
            let title = action.title.clone();
            self.changed.push(Changed { id, at, title, old, new });
        }
    }

    /// What was let through; whether there is more than is looked at.
    async fn autonomous(&mut self, store: &dyn Store, since: Timestamp) -> Result<bool, Failure> {
        let (mut before, mut read) = (None, 0);
        loop {
            let rows = store.autonomous(AT_A_TIME, before).await?;
            let Some(last) = rows.last() else { return Ok(false) };
            before = Some(last.seq);
            for row in &rows {
                if row.record.at < since {
                    return Ok(false);
                }
                if read == MOST {
                    return Ok(true);
                }
                read += 1;
                let record = &row.record;
                self.ask(record.id.clone(), &action_of(record), &record.found, record.at);
            }
        }
    }
}

/// The action a record tells of, as far as it was kept.
fn action_of(record: &LetThrough) -> Action {
    let host = record.source.as_str().split_once('/').map_or("", |(_, host)| host);
    let subject = Subject::Call {
        via: record.tool.as_str().to_owned(),
        tool: Untrusted::default(),
        input: "{}".into(),
        cwd: record.asker.cwd.clone(),
        session: record.asker.session.clone(),
        host: host.into(),
        nonce: record.id.clone(),
        pins: Vec::new(),
    };
    Action {
        id: subject.id(&record.source),
        source: record.source.clone(),
        part: Part::new("calls"),
        subject,
        tool: ToolMatch {
            tool: record.tool.clone(),
            name: record.tool.as_str().to_owned(),
            confidence: Confidence::Declared,
            evidence: Vec::new(),
        },
        requester: record.requester.clone(),
        authors: Vec::new(),
        title: record.title.clone(),
        description: Untrusted::default(),
        target: Target { name: host.into(), environment: Environment::Unknown },
        opened: record.at,
        url: Untrusted::default(),
        change: nothing(),
        checks: Vec::new(),
        reviews: Vec::new(),
        asker: Some(record.asker.clone()),
        found: Some(record.found.clone()),
        ruling: None,
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for changed in &self.changed {
            writeln!(f, "{} {}", changed.id, changed.title.raw())?;
            writeln!(f, "  was {} (tier {})", needed(&changed.old.leave), changed.old.tier)?;
            writeln!(f, "  now {} (tier {})", needed(&changed.new.leave), changed.new.tier)?;
        }
        if self.more {
            writeln!(f, "Only the newest {MOST} autonomous actions were looked at.")?;
        }
        write!(
            f,
            "{} of {} recorded actions of the last {} days would be treated otherwise.",
            self.changed.len(),
            self.looked_at,
            self.days
        )
    }
}
