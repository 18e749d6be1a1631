//! Workflows of a repository that get more power: GitHub Actions' permissions, triggers, secrets.
//!
//! Form: <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax>, read
//! 2026-11. A workflow is read line by line: a diff seldom holds all of it.

use super::unified::{FileDiff, Kind, Line, extension};
use crate::{
    classify::{Data, Judge, Variables, Word},
    domain::Verb,
};

/// Whether a file is a workflow, or an action that workflows run.
pub(super) fn is_workflow(path: &str) -> bool {
    let yaml = matches!(extension(path), "yml" | "yaml");
    yaml && (path.starts_with(".github/workflows/")
        || path.starts_with(".github/actions/")
        || matches!(path, ".gitlab-ci.yml" | "azure-pipelines.yml" | ".circleci/config.yml"))
}

/// Scopes that can be given write access.
const SCOPES: [&str; 14] = [
    "actions",
    "attestations",
    "checks",
    "contents",
    "deployments",
    "discussions",
    "id-token",
    "issues",
    "packages",
    "pages",
    "pull-requests",
    "security-events",
    "statuses",
    "models",
];

/// Tells what a workflow gets to do that it could not before.
pub(super) fn judge(file: &FileDiff<'_>, diff: &Word, judge: &mut Judge<'_>) {
    let had = |text: &str| file.removed().any(|line| bare(line.text) == text);
    for line in file.added() {
        let text = bare(line.text);
        let Some((verb, why)) = widened(text) else { continue };
        if !had(text) {
            let resource = format!("{text} in {}", file.path());
            let at = diff.at(line.at.clone());
            judge.changes(verb, "github-actions", resource, at, why);
        }
    }
    for line in file.removed() {
        let text = bare(line.text);
        let guard = text.starts_with("environment:") || text.starts_with("if: github.");
        if guard && !file.added().any(|added| same_key(bare(added.text), text)) {
            judge.destroys(
                Verb::Grant,
                "github-actions",
                format!("{text} in {}", file.path()),
                diff.at(line.at.clone()),
                "what held the job back (an approval, a condition) is gone with the next run",
            );
        }
    }
    scripts(file, judge);
}

/// What an added line gives, if it gives anything.
fn widened(text: &str) -> Option<(Verb, &'static str)> {
    let (key, value) = text.split_once(':').unwrap_or((text, ""));
    let (key, value) = (key.trim(), value.trim().trim_matches(['"', '\'']));
    match key {
        "permissions" if value == "write-all" => {
            Some((Verb::Grant, "name the single permissions that the job needs"))
        }
        scope if value == "write" && SCOPES.contains(&scope) => {
            Some((Verb::Grant, "take the permission away again"))
        }
        "pull_request_target" | "workflow_run" => Some((
            Verb::Grant,
            "use `pull_request`: code of strangers would run with this repository's secrets",
        )),
        "secrets" if value == "inherit" => {
            Some((Verb::Grant, "pass the single secrets that the called workflow needs"))
        }
        "runs-on" if value.contains("self-hosted") => {
            Some((Verb::Grant, "use a hosted runner: jobs would run on a machine of yours"))
        }
        "uses" if !is_pinned(value) => {
            Some((Verb::Update, "pin the action to a commit: a tag can be moved"))
        }
        _ => None,
    }
}

/// Whether an action is of this repository, or named by a commit or a digest.
fn is_pinned(action: &str) -> bool {
    let action = action.split_whitespace().next().unwrap_or_default().trim_matches(['"', '\'']);
    if action.starts_with("./") || action.contains("@sha256:") {
        return true;
    }
    let commit = action.rsplit_once('@').map_or("", |(_, commit)| commit);
    commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A line without its indentation, its list mark and a comment behind it.
fn bare(line: &str) -> &str {
    let line = line.trim();
    let line = line.strip_prefix("- ").unwrap_or(line);
    line.split(" #").next().unwrap_or(line).trim_end()
}

fn same_key(one: &str, other: &str) -> bool {
    one.split(':').next() == other.split(':').next()
}

/// Judges the scripts that are added behind `run:`.
fn scripts(file: &FileDiff<'_>, judge: &mut Judge<'_>) {
    let lines: Vec<&Line<'_>> = file.after().collect();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        at += 1;
        let Some(value) = bare(line.text).strip_prefix("run:").map(str::trim) else { continue };
        let depth = indentation(line.text);
        let block = value.is_empty() || value.starts_with(['|', '>']);
        if !block {
            if line.kind == Kind::Added {
                let start = line.at.start + line.text.find(value).unwrap_or(0);
                run(&Word::exact(value, start), judge);
            }
            continue;
        }
        while let Some(line) = lines.get(at) {
            if !line.text.trim().is_empty() && indentation(line.text) <= depth {
                break;
            }
            at += 1;
            let text = line.text.trim();
            if line.kind == Kind::Added && !text.is_empty() && !text.starts_with('#') {
                let start = line.at.start + (line.text.len() - line.text.trim_start().len());
                run(&Word::exact(text, start), judge);
            }
        }
    }
}

/// A line of a script. `${{ … }}` is put in before a shell sees it.
fn run(line: &Word, judge: &mut Judge<'_>) {
    let text = line.text().trim_end_matches('\\');
    if text.contains("${{") {
        let filled = fill(text);
        let word = Word::made(filled, line.span());
        judge.script(&word, &Variables::default(), &Data::Nothing);
    } else {
        let word = line.part(0..text.len());
        judge.script(&word, &Variables::default(), &Data::Nothing);
    }
}

/// With a hole for every expression.
fn fill(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${{") {
        out.push_str(before);
        out.push(crate::classify::HOLE);
        rest = after.split_once("}}").map_or("", |(_, rest)| rest);
    }
    out.push_str(rest);
    out
}

fn indentation(line: &str) -> usize {
    let spaces = line.len() - line.trim_start_matches(' ').len();
    // A list mark counts as indentation of what follows it.
    if line.trim_start().starts_with("- ") { spaces + 2 } else { spaces }
}

#[cfg(test)]
mod tests {
    use super::{is_pinned, is_workflow, widened};

    #[test]
    fn what_gives_power_is_told_and_what_takes_it_is_not() {
        for line in [
            "permissions: write-all",
            "id-token: write",
            "pull_request_target:",
            "secrets: inherit",
        ] {
            assert!(widened(line).is_some(), "{line}");
        }
        for line in ["permissions: read-all", "contents: read", "pull_request:", "name: write"] {
            assert!(widened(line).is_none(), "{line}");
        }
    }

    #[test]
    fn an_action_is_pinned_by_a_commit_only() {
        assert!(is_pinned("actions/checkout@8ade135a41bc03ea155e62e844d188df1ea18608"));
        assert!(is_pinned("./.github/actions/x"));
        assert!(!is_pinned("actions/checkout@v4"));
        assert!(is_workflow(".github/workflows/ci.yml") && !is_workflow("docs/ci.yml"));
    }
}
