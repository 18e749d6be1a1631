//! The detail of a source: how it is doing, since when, and what to do about it.

use super::{rules::grouped, sheet::Sheet, sources::health};
use crate::{
    console::{
        clock::{ago, second},
        state::State,
        theme::{Role, Theme},
    },
    domain::SourceFault,
};
use ratatui::text::Line;

pub(super) fn page(state: &State, width: u16, theme: &Theme) -> Vec<Line<'static>> {
    let mut sheet = Sheet::new(width, theme);
    let Some(source) = state.sources.selected() else { return sheet.into_lines() };
    sheet.untrusted(&source.name.as_str().into(), Role::Title);
    let (mark, word, role) = health(source.health);
    let mut value = vec![sheet.say(&format!("{mark} {word}"), role)];
    if source.failures > 0 {
        value.push(sheet.say(&format!(", {} failures in a row", source.failures), Role::Dim));
    }
    sheet.pair_spans("state", value);
    if let Some(fault) = &source.fault {
        told(&mut sheet, fault);
        if source.last_good.is_some() {
            sheet.pair_own(
                "until then",
                "what it last said stays in the lists, marked with ~",
                Role::Dim,
            );
        }
    }
    sheet.pair_own("kind", &source.kind.to_string(), Role::Text);
    if source.identity.is_empty() {
        sheet.pair_own("asks as", "not known yet", Role::Dim);
    } else {
        sheet.pair("asks as", &source.identity);
    }
    for (label, at) in [
        ("last answer", source.last_good),
        ("last asked", source.last_attempt),
        ("asked next", source.next_attempt),
    ] {
        let text = at.map_or_else(
            || "never".to_owned(),
            |at| format!("{}, {}", second(at, &state.zone), ago(state.now.wall, at)),
        );
        sheet.pair_own(label, &text, if at.is_some() { Role::Text } else { Role::Dim });
    }
    if let Some((_, step)) = state.progress.iter().find(|(name, _)| *name == source.name) {
        let done = grouped(usize::try_from(step.done).unwrap_or(usize::MAX));
        let total = step.total.map_or_else(String::new, |total| {
            format!(" of {}", grouped(usize::try_from(total).unwrap_or(usize::MAX)))
        });
        sheet.pair("reading now", &format!("{} {done}{total}", step.what).into());
    }
    if !source.gaps.is_empty() {
        sheet.heading("What could not be read");
        for gap in source.gaps.iter().take(40) {
            sheet.untrusted(&gap.part.0.as_str().into(), Role::Warning);
            told(&mut sheet, &gap.fault);
        }
    }
    if !source.counts.is_empty() {
        sheet.heading("What it sees");
        for count in &source.counts {
            let number = usize::try_from(count.number).unwrap_or(usize::MAX);
            let number = sheet.say(&format!("{:>8}  ", grouped(number)), Role::Text);
            let mut line = vec![number];
            line.extend(sheet.safe(&count.what.as_str().into(), Role::Dim));
            sheet.spans(line);
        }
    }
    sheet.into_lines()
}

fn told(sheet: &mut Sheet<'_>, fault: &SourceFault) {
    sheet.pair("what", &fault.to_string().into());
    if !fault.detail.is_empty() {
        sheet.pair("it said", &fault.detail);
    }
    if let Some(wait) = fault.retry_after {
        let said = match wait.as_secs() {
            seconds @ ..120 => format!("{seconds} s"),
            seconds => format!("{} min", seconds.div_ceil(60)),
        };
        sheet.pair_own("it asks for", &format!("{said} of patience"), Role::Text);
    }
    sheet.pair_own("next step", &fault.next_step(), Role::Accent);
}
