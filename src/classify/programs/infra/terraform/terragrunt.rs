//! `terragrunt`: its own options taken out, the rest is `terraform`.

use super::terraform;
use crate::{
    classify::{Call, Judge, Word},
    domain::Span,
};

/// Options of its own that take the next word, without `terragrunt-` before them.
#[rustfmt::skip]
const VALUED: &[&str] = &[
    "config", "working-dir", "download-dir", "source", "source-map", "iam-role", "iam-assume-role",
    "iam-assume-role-duration", "iam-assume-role-session-name", "iam-web-identity-token",
    "include-dir", "exclude-dir", "modules-that-include", "queue-include-dir", "queue-exclude-dir",
    "queue-include-units-reading", "queue-excludes-file", "queue-strict-include-of", "parallelism",
    "log-level", "log-format", "log-custom-format", "tfpath", "tf-path", "strict-control",
    "experiment", "provider-cache-dir", "out-dir", "json-out-dir", "feature", "units-that-include",
    "filter", "report-file", "report-format", "hclfmt-file", "graph-root", "auth-provider-cmd",
    "root-terragrunt-dir",
];

/// Options of its own that take none.
#[rustfmt::skip]
const FLAGS: &[&str] = &[
    "non-interactive", "all", "graph", "no-auto-init", "no-auto-retry", "no-auto-approve",
    "no-color", "source-update", "ignore-dependency-errors", "ignore-dependency-order",
    "ignore-external-dependencies", "include-external-dependencies", "queue-ignore-errors",
    "queue-ignore-dag-order", "queue-include-external", "queue-exclude-external", "debug",
    "strict-include", "queue-strict-include", "provider-cache", "forward-tf-stdout",
    "fetch-dependency-output-from-state", "log-disable", "log-show-abs-paths", "inputs-debug",
    "disable-bucket-update", "backend-bootstrap", "strict-mode", "experiment-mode",
    "summary-disable", "tf-forward-stdout", "no-stack-generate", "fail-on-state-bucket-creation",
    "use-partial-parse-config-cache",
];

/// Judges `terragrunt`.
pub fn terragrunt(call: &Call<'_>, judge: &mut Judge<'_>) {
    let mut words: Vec<Word> = call.words.iter().take(1).cloned().collect();
    let (mut all, mut alone) = (None, is_set(call));
    let mut approves = true;
    let arguments = call.arguments();
    let mut at = 0;
    while let Some(word) = arguments.get(at) {
        at += 1;
        let text = word.text();
        if text == "exec" && words.len() == 1 {
            super::places(call, judge);
            return exec(word, &arguments[at..], call, judge);
        }
        let name = text.trim_start_matches('-');
        let (name, value) = name.split_once('=').map_or((name, None), |(n, v)| (n, Some(v)));
        let own = name.strip_prefix("terragrunt-").unwrap_or(name);
        if text.starts_with("--") && (VALUED.contains(&own) || FLAGS.contains(&own)) {
            match own {
                "all" | "graph" => all = Some(word.span()),
                "non-interactive" => alone = value != Some("false"),
                "no-auto-approve" => approves = value == Some("false"),
                _ => {}
            }
            at += usize::from(value.is_none() && VALUED.contains(&own));
        } else if text == "-a" && words.iter().any(|word| word.is("run")) {
            all = Some(word.span());
        } else if words.len() == 1 && is_many(text, arguments.get(at)) {
            all = Some(word.span());
            if let Some(subcommand) = text.strip_suffix("-all").filter(|name| *name != "run") {
                words.push(word.part(0..subcommand.len()));
            }
        } else if text != "--" {
            words.push(word.clone());
        }
    }
    // `run`, `stack run` and `graph` stand before what terraform gets.
    for prefix in [&["stack", "run"][..], &["run"]] {
        let begins = prefix.iter().zip(words.iter().skip(1)).all(|(part, word)| word.is(part));
        if begins && words.len() > prefix.len() {
            words.drain(1..=prefix.len());
            break;
        }
    }
    if let Some(span) = all.filter(|_| alone && approves) {
        words.push(yes(span));
    }
    terraform(&call.running(&words), judge);
    // The options that say where it acts were taken out.
    super::places(call, judge);
}

/// Whether a variable says that it must not ask.
fn is_set(call: &Call<'_>) -> bool {
    ["TG_NON_INTERACTIVE", "TERRAGRUNT_NON_INTERACTIVE"]
        .iter()
        .any(|name| call.variables.get(name).is_some_and(|value| !value.is("false")))
}

/// Whether the first word means "in every directory".
fn is_many(text: &str, next: Option<&Word>) -> bool {
    match text {
        "run-all" | "apply-all" | "destroy-all" => true,
        "graph" => next.is_some_and(|next| !next.text().starts_with('-')),
        _ => false,
    }
}

/// What terragrunt gives terraform once it need not ask itself.
fn yes(at: Span) -> Word {
    Word::made("-auto-approve", at)
}

/// `terragrunt exec -- COMMAND`.
fn exec(subcommand: &Word, words: &[Word], call: &Call<'_>, judge: &mut Judge<'_>) {
    let start = words.iter().position(|word| word.is("--")).map_or(0, |at| at + 1);
    match words.get(start..) {
        Some(words) if !words.is_empty() => {
            judge.call(&call.running(words));
        }
        _ => judge.opaque(subcommand.span(), "what it runs is not said"),
    }
}
