//! How a change stands at its source, and which files it touches.
//!
//! ```text
//!  checks       ✓ unit tests   ✗ failed migration dry run
//!  reviews      · comment by mira
//!  …
//!  41 files   +12 −340
//!  removed  db/migrate/0042.sql  +0 −12
//! ```

use super::{rules::grouped, sheet::Sheet};
use crate::{
    console::theme::Role,
    domain::{Action, CheckState, Diff, FileStatus, ReviewState},
};
use ratatui::text::Span;

/// Checks and reviews shown at most; the number of the others is told.
const MOST: usize = 12;

/// How many files are listed above the diff.
const FILES: usize = 40;

/// Checks and reviews at the source, a line each where they fit.
pub(super) fn judged(sheet: &mut Sheet<'_>, action: &Action) {
    // Bad news first, so that no number of good checks pushes it out of sight.
    let mut sorted: Vec<_> = action.checks.iter().collect();
    sorted.sort_by_key(|check| match check.state {
        CheckState::Failed => 0,
        CheckState::Running => 1,
        CheckState::Passed | CheckState::Neutral => 2,
    });
    let mut checks = Vec::new();
    for check in sorted.into_iter().take(MOST) {
        let (mark, role) = match check.state {
            CheckState::Passed => ("✓ ", Role::Ok),
            CheckState::Failed => ("✗ failed ", Role::Danger),
            CheckState::Running => ("◌ running ", Role::Warning),
            CheckState::Neutral => ("· ", Role::Dim),
        };
        checks.push(sheet.say(mark, role));
        checks.extend(sheet.safe(&check.name, Role::Text));
        checks.push(Span::raw("   "));
    }
    checks.pop();
    if !checks.is_empty() {
        sheet.pair_spans("checks", checks);
    }
    more(sheet, action.checks.len());
    // The newest reviews are the last.
    let older = action.reviews.len().saturating_sub(MOST);
    for (index, review) in action.reviews.iter().skip(older).enumerate() {
        let (mark, role) = match review.state {
            ReviewState::Approved => ("✓ approved by ", Role::Ok),
            ReviewState::ChangesRequested => ("✗ changes requested by ", Role::Danger),
            ReviewState::Commented => ("· comment by ", Role::Dim),
            ReviewState::Dismissed => ("· dismissed, by ", Role::Dim),
        };
        let mut value = vec![sheet.say(mark, role)];
        value.extend(sheet.safe(&review.by, Role::Text));
        sheet.pair_spans(if index == 0 { "reviews" } else { "" }, value);
    }
    more(sheet, action.reviews.len());
}

/// Says how many of a list are left out.
fn more(sheet: &mut Sheet<'_>, all: usize) {
    if all > MOST {
        sheet.pair_own("", &format!("and {} more", all - MOST), Role::Dim);
    }
}

/// How many files a diff may have before they are listed above it.
const OBVIOUS: usize = 6;

/// The files, unless the diff below is short enough to say it itself.
pub(super) fn files(sheet: &mut Sheet<'_>, action: &Action) {
    let change = &action.change;
    let count = match (change.files.len(), change.files_complete) {
        (1, true) => "1 file".to_owned(),
        (count, true) => format!("{} files", grouped(count)),
        (count, false) => format!("{} files and more", grouped(count)),
    };
    let size = format!("{count}   +{} −{}", change.additions, change.deletions);
    match &change.diff {
        Diff::Text(_) if change.files.len() <= OBVIOUS && change.files_complete => {
            sheet.heading(&format!("Diff  {size}"));
        }
        Diff::Text(_) => {
            list_files(sheet, action, &size);
            sheet.heading("Diff");
        }
        Diff::Unavailable(why) => {
            list_files(sheet, action, &size);
            sheet.heading("Diff");
            sheet.untrusted(&format!("There is none to read: {why}").into(), Role::Warning);
        }
        Diff::None => list_files(sheet, action, &size),
    }
}

fn list_files(sheet: &mut Sheet<'_>, action: &Action, size: &str) {
    let change = &action.change;
    if !change.files.is_empty() {
        sheet.heading(size);
    }
    for file in change.files.iter().take(FILES) {
        let (mark, role) = match file.status {
            FileStatus::Added => ("added    ", Role::Ok),
            FileStatus::Modified => ("changed  ", Role::Dim),
            FileStatus::Removed => ("removed  ", Role::Danger),
            FileStatus::Renamed => ("renamed  ", Role::Dim),
            FileStatus::Other => ("other    ", Role::Dim),
        };
        let mut value = vec![sheet.say(mark, role)];
        value.extend(sheet.safe(&file.path, Role::Text));
        value.push(sheet.say(&format!("  +{} −{}", file.additions, file.deletions), Role::Dim));
        sheet.spans(value);
    }
    if change.files.len() > FILES {
        let left = change.files.len() - FILES;
        sheet.own(&format!("and {left} more; the diff below has them all"), Role::Dim);
    }
    if !change.files_complete {
        sheet.own("The source did not list every file.", Role::Warning);
    }
}
