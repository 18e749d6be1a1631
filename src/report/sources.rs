//! How the sources are doing.

use super::{Cell, Column, Ink, Report, Table, Tone, words};
use crate::domain::{
    Count, Health, Part, SourceFault, SourceKind, SourceName, SourceState, Untrusted,
};
use jiff::Timestamp;
use serde::Serialize;
use std::fmt::Write as _;

/// Every source with its health.
pub struct SourcesReport {
    sources: Vec<SourceState>,
    now: Timestamp,
}

impl SourcesReport {
    /// Sources as the store lists them.
    pub fn new(sources: Vec<SourceState>, now: Timestamp) -> Self {
        Self { sources, now }
    }
}

impl Report for SourcesReport {
    fn human(&self, ink: Ink) -> String {
        if self.sources.is_empty() {
            return "no source is configured\n".to_owned();
        }
        let mut table = Table::new(&[
            Column::new("source", 10),
            Column::new("health", 7),
            Column::or_leave_out("identity", 10, 2),
            Column::new("last good", 5),
            Column::or_leave_out("saw", 10, 1),
        ]);
        table.rows = self.sources.iter().map(|source| row(source, self.now)).collect();
        let mut out = table.text(ink);
        out.push_str(&table.left_out_line(ink));
        for source in &self.sources {
            for (part, fault) in problems(source) {
                let whole = match part {
                    Some(part) => format!("{} {}: ", source.name, part.0),
                    None => format!("{}: ", source.name),
                };
                let line = format!("{whole}{}", words::fault_line(fault).raw());
                let cell = Cell::outside(&Untrusted::new(line)).tone(Tone::Bad);
                let _ = writeln!(
                    out,
                    "\n{}\n  next: {}",
                    cell.write(ink, cell.width(), false),
                    Cell::own(fault.next_step()).text()
                );
            }
        }
        out
    }

    fn name(&self) -> &'static str {
        "sources"
    }

    fn body(&self) -> impl Serialize + '_ {
        Body { sources: self.sources.iter().map(SourceView::of).collect() }
    }
}

fn row(source: &SourceState, now: Timestamp) -> Vec<Cell> {
    let (word, tone) = match source.health {
        Health::Waiting => ("waiting", Tone::Quiet),
        Health::Good => ("good", Tone::Good),
        Health::Partial => ("partial", Tone::Warning),
        Health::Failing => ("failing", Tone::Bad),
    };
    let counts: Vec<String> =
        source.counts.iter().map(|count| format!("{} {}", count.what, count.number)).collect();
    vec![
        Cell::own(source.name.as_str()),
        Cell::own(word).tone(tone),
        Cell::outside(&source.identity),
        source.last_good.map_or_else(|| Cell::own("never"), |at| words::when(at, now)),
        Cell::own(counts.join(", ")),
    ]
}

/// A source's fault and its gaps.
fn problems(source: &SourceState) -> impl Iterator<Item = (Option<&Part>, &SourceFault)> {
    let gaps = source.gaps.iter().map(|gap| (Some(&gap.part), &gap.fault));
    source.fault.iter().map(|fault| (None, fault)).chain(gaps)
}

#[derive(Serialize)]
struct Body<'a> {
    sources: Vec<SourceView<'a>>,
}

/// A source in JSON.
#[derive(Serialize)]
pub(super) struct SourceView<'a> {
    name: &'a SourceName,
    kind: SourceKind,
    health: Health,
    identity: &'a Untrusted,
    last_attempt: Option<Timestamp>,
    last_good: Option<Timestamp>,
    next_attempt: Option<Timestamp>,
    failures: u32,
    fault: Option<FaultView<'a>>,
    gaps: Vec<GapView<'a>>,
    counts: &'a [Count],
}

#[derive(Serialize)]
struct GapView<'a> {
    part: &'a Part,
    fault: FaultView<'a>,
}

/// A fault in JSON, with its advice.
#[derive(Serialize)]
struct FaultView<'a> {
    kind: crate::domain::FaultKind,
    during: &'a str,
    detail: &'a Untrusted,
    missing_permission: Option<&'a str>,
    retry_after_seconds: Option<u64>,
    next_step: String,
}

impl<'a> FaultView<'a> {
    fn of(fault: &'a SourceFault) -> Self {
        Self {
            kind: fault.kind,
            during: &fault.during,
            detail: &fault.detail,
            missing_permission: fault.missing_permission.as_deref(),
            retry_after_seconds: fault.retry_after.map(|wait| wait.as_secs()),
            next_step: fault.next_step(),
        }
    }
}

impl<'a> SourceView<'a> {
    pub(super) fn of(source: &'a SourceState) -> Self {
        Self {
            name: &source.name,
            kind: source.kind,
            health: source.health,
            identity: &source.identity,
            last_attempt: source.last_attempt,
            last_good: source.last_good,
            next_attempt: source.next_attempt,
            failures: source.failures,
            fault: source.fault.as_ref().map(FaultView::of),
            gaps: source
                .gaps
                .iter()
                .map(|gap| GapView { part: &gap.part, fault: FaultView::of(&gap.fault) })
                .collect(),
            counts: &source.counts,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::SourcesReport;
    use crate::report::{Ink, Report as _, json, samples};

    #[test]
    fn a_failing_source_says_why_and_what_to_do() {
        let report = SourcesReport::new(vec![samples::failing_source()], samples::now());
        insta::assert_snapshot!(report.human(Ink::default()));
        insta::assert_snapshot!(json(&report, samples::now()).unwrap());
    }
}
