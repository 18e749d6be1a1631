//! `terraform`, `tofu`, and `terragrunt` which runs them over many directories.
//!
//! ```text
//!   TF_CLI_ARGS_apply=…   terragrunt run --all apply
//!            └──▶ words ◀── its own options taken out ─┘  ──▶ one table
//! ```
//!
//! From <https://developer.hashicorp.com/terraform/cli/commands>,
//! <https://opentofu.org/docs/cli/commands/> and
//! <https://terragrunt.gruntwork.io/docs/reference/cli/>, 2026-11.

mod apply;
mod terragrunt;

pub use terragrunt::terragrunt;

use crate::{
    classify::{
        Call, Judge, Word,
        programs::{Cli, Does, Matched, Named, Rule, Style, infra::paths, table},
    },
    domain::PlaceKind,
};

const FORGOTTEN: &str = "the state no longer knows what it manages";

/// The table of `terraform`.
static TERRAFORM: Cli = Cli {
    style: Style::Single,
    valued: VALUED,
    flags: FLAGS,
    places: &[("TF_WORKSPACE", PlaceKind::Name), ("AWS_PROFILE", PlaceKind::Profile)],
    harmless: &["-help", "-h", "-version", "-v"],
    rules: RULES,
    ..Cli::new("terraform")
};

const RULES: &[Rule] = &[
    Rule::reads(""),
    Rule::reads("plan|validate|show|output|version|graph|providers|metadata|modules|query|help"),
    Rule::reads("console"),
    Rule::updates("fmt", "check the files out again").dry(&[
        "-check",
        "-write=false",
        "-list-only",
    ]),
    Rule::creates("init|get", "remove the .terraform directory"),
    Rule::creates("providers lock|mirror", "remove what was written"),
    Rule::reads("providers schema"),
    Rule::asks("apply", apply::apply),
    Rule::asks("destroy", apply::destroy),
    Rule::updates("refresh", "restore the earlier state"),
    Rule::creates("import", "remove it from the state again"),
    Rule::updates("taint", "untaint it"),
    Rule::updates("untaint", "taint it"),
    Rule::runs("test", "it destroys what it made; look for what is left"),
    Rule::reads("state $"),
    Rule::reads("state list|show|pull|identities"),
    Rule::updates("state mv|replace-provider", "move it back").dry(&["-dry-run"]),
    Rule::deletes("state rm", FORGOTTEN).dry(&["-dry-run"]),
    Rule::overwrites("state push", "the state that was there is written over"),
    Rule::exposes("force-unlock", "the lock that keeps two runs apart is gone"),
    Rule::reads("workspace|env $"),
    Rule::reads("workspace|env list|show"),
    Rule::updates("workspace|env select|new", "select the earlier one"),
    Rule::deletes("workspace|env delete", "the workspace and its state are gone"),
    Rule::updates("login|logout", "log in again"),
    Rule::updates("0.12upgrade|0.13upgrade", "check the files out again"),
    // What only terragrunt has.
    Rule::reads(
        "render|render-json|find|list|dag|info|terragrunt-info|output-module-groups\
         |validate-inputs|graph-dependencies|hclvalidate|output-all|plan-all|validate-all",
    ),
    Rule::updates("hclfmt", "check the files out again").dry(&["-check", "-terragrunt-check"]),
    Rule::updates("hcl fmt", "check the files out again").dry(&["-check"]),
    Rule::reads("hcl validate"),
    Rule::creates("catalog|scaffold|aws-provider-patch", "check the files out again"),
    Rule::creates("stack generate|clean", "generate it again"),
    Rule::reads("stack output"),
    Rule::updates("backend bootstrap|migrate", "migrate it back"),
    Rule::deletes("backend delete", "the state is gone"),
];

#[rustfmt::skip]
const VALUED: &[&str] = &[
    "-chdir", "-var", "-var-file", "-target", "-target-file", "-exclude", "-exclude-file",
    "-replace", "-out", "-state", "-state-out", "-backup", "-backup-out", "-backend-config",
    "-parallelism", "-lock-timeout", "-plugin-dir", "-from-module", "-generate-config-out",
    "-filter", "-test-directory", "-junit-xml", "-type", "-platform", "-fs-mirror", "-net-mirror",
    "-plan", "-config", "-provider", "-lockfile", "-module-depth", "-id", "-cloud-run",
    "-show-sensitive-of",
];

#[rustfmt::skip]
const FLAGS: &[&str] = &[
    "-auto-approve", "-destroy", "-refresh-only", "-refresh", "-input", "-lock", "-json",
    "-no-color", "-compact-warnings", "-upgrade", "-reconfigure", "-migrate-state", "-force-copy",
    "-backend", "-get", "-detailed-exitcode", "-check", "-diff", "-write", "-recursive", "-list",
    "-force", "-raw", "-allow-missing-config", "-dry-run", "-ignore-remote-version", "-or-create",
    "-draw-cycles", "-update", "-no-tests", "-verbose", "-concise", "-cloud", "-show-sensitive",
    "-allow-missing", "-invalidate-cache",
];

/// Judges `terraform` or `tofu`.
pub fn terraform(call: &Call<'_>, judge: &mut Judge<'_>) {
    match from_variables(call, judge) {
        Some(words) => table::judge(&TERRAFORM, &call.running(&words), judge),
        None => table::judge(&TERRAFORM, call, judge),
    }
    places(call, judge);
}

/// The words with those that `TF_CLI_ARGS` and `TF_CLI_ARGS_<subcommand>` add.
fn from_variables(call: &Call<'_>, judge: &mut Judge<'_>) -> Option<Vec<Word>> {
    let subcommand = call.arguments().iter().find(|word| !word.text().starts_with('-'));
    let own = subcommand.map(|word| format!("TF_CLI_ARGS_{}", word.text()));
    let mut words = call.words.to_vec();
    for name in ["TF_CLI_ARGS"].into_iter().chain(own.as_deref()) {
        let Some(value) = call.variables.get(name) else { continue };
        if value.has_holes() {
            judge.opaque(value.span(), "the options that this variable adds are not known");
        }
        let mut start = 0;
        for part in value.text().split(char::is_whitespace) {
            if !part.is_empty() {
                words.push(value.part(start..start + part.len()));
            }
            // A white space may be longer than one byte; what follows is then left out.
            start += part.len() + 1;
        }
    }
    (words.len() > call.words.len()).then_some(words)
}

/// Directories, variable files and the workspace say where it acts.
fn places(call: &Call<'_>, judge: &mut Judge<'_>) {
    let words = call.arguments();
    for (at, word) in words.iter().enumerate() {
        let text = word.text().trim_start_matches('-');
        for option in ["chdir", "var-file", "terragrunt-working-dir", "working-dir"] {
            match text.strip_prefix(option) {
                Some("") => words.get(at + 1).into_iter().for_each(|next| paths::at(next, judge)),
                Some(value) if value.starts_with('=') => {
                    paths::at(&word.after(word.text().len() - value.len() + 1), judge);
                }
                _ => {}
            }
        }
    }
}

/// What names the resources that a run is confined to.
fn targets(matched: &Matched<'_, '_>, judge: &Judge<'_>) -> String {
    let targets = matched.values(&["-target", "-replace"]);
    targets.map(|word| judge.name(word)).collect::<Vec<_>>().join(" ")
}

/// Adds an effect that is named by the targets of a run.
fn run(matched: &Matched<'_, '_>, does: Does, judge: &mut Judge<'_>) {
    let named = targets(matched, judge);
    match does {
        Does::Changes(verb, back) => judge.changes(verb, "terraform", named, matched.span(), back),
        Does::Destroys(verb, lost) => {
            judge.destroys(verb, "terraform", named, matched.span(), lost);
        }
        other => matched.does(other, Named::Nothing, judge),
    }
}
