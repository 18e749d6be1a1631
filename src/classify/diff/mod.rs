//! What merging a unified diff would do.
//!
//! ```text
//!   diff ─▶ unified ─▶ FileDiff ─┬─▶ migrations   what the next migration drops
//!                                ├─▶ workflows    permissions, triggers, scripts
//!                                ├─▶ guards       protections, IAM statements, hooks of agents
//!                                ├─▶ secrets      tokens, keys, passwords
//!                                └─▶ packages ─▶ suspicion
//!                                    lock files alone; new dependencies and what is known of them
//! ```
//!
//! Every file is an effect of its own, which a revert takes back; what a detector finds comes on
//! top. What is not in the diff (a binary, another commit) is opaque.

mod guards;
mod migrations;
mod packages;
mod secrets;
mod suspicion;
mod unified;
mod workflows;

#[cfg(test)]
mod tests;

pub(super) use guards::reason as protected;
pub use packages::{Dependency, Registry};
pub use suspicion::Seen;

use super::{Judge, Word};
use crate::domain::{FILES_OF_A_CHANGE, Verb};
use unified::{FileDiff, Status, extension};

/// Judges a unified diff.
pub(super) fn diff(diff: &Word, judge: &mut Judge<'_>) {
    let text = diff.text();
    if text.trim().is_empty() {
        return;
    }
    let (files, faults) = unified::files(text);
    if files.is_empty() {
        let end = text.find('\n').unwrap_or(text.len());
        return judge.opaque(diff.at(0..end), "no file of a unified diff is in it");
    }
    for file in &files {
        judge_file(file, diff, judge);
    }
    packages::locks(&files, diff, judge);
    let dependencies = packages::added(&files);
    suspicion::judge(&dependencies, judge.setting().packages, judge);
    for fault in faults {
        judge.opaque(diff.at(fault.at), fault.what);
    }
}

/// The packages that a unified diff adds to manifests.
pub fn dependencies(diff: &str) -> Vec<Dependency> {
    packages::added(&unified::files(diff).0)
}

fn judge_file(file: &FileDiff<'_>, diff: &Word, judge: &mut Judge<'_>) {
    let path = file.path();
    let (verb, back) = match file.status {
        Status::Added => (Verb::Create, "revert the commit"),
        Status::Deleted => (Verb::Delete, "revert the commit: the history keeps the file"),
        Status::Renamed | Status::Changed => (Verb::Update, "revert the commit"),
    };
    let head = diff.at(file.head.clone());
    judge.changes(verb, FILES_OF_A_CHANGE, path, head, back);
    if file.binary && !is_picture(path) {
        judge.opaque(head, "a binary file: what changes in it is not in the diff");
    }
    if file.added().any(|line| line.text.starts_with("Subproject commit ")) {
        judge.opaque(head, "a submodule: what changes in it is not in the diff");
    }
    secrets::judge(file, diff, judge);
    if migrations::is_sql(path) {
        migrations::sql(file, diff, judge);
    } else if migrations::is_migration(path) {
        migrations::orm(file, diff, judge);
    }
    if workflows::is_workflow(path) {
        workflows::judge(file, diff, judge);
    }
    guards::judge(file, diff, judge);
}

/// Binary files that are looked at and not run.
fn is_picture(path: &str) -> bool {
    ["png", "jpg", "jpeg", "gif", "webp", "ico", "avif", "woff", "woff2", "ttf", "otf", "mp4"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(extension(path)))
}
