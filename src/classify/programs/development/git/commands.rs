//! Subcommands of git that need more than a table.

use super::{
    super::super::{Does, Matched, Named},
    runs,
};
use crate::{
    classify::{Call, Judge, Word},
    domain::Verb,
};

const WORK_LOST: Does = Does::Destroys(Verb::Delete, "changes that are not committed are gone");

/// A remote of the form `ext::command` is a command.
pub(super) fn helper_url(word: &Word, matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    if word.text().starts_with("ext::") {
        judge.script(&word.after(5), matched.call.variables, matched.call.stdin);
    }
}

/// Subcommands that talk to a remote, and may be told which program does so.
pub(super) fn fetches(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let subcommand = matched.path.first().map(|word| word.text()).unwrap_or_default();
    for program in matched.values(&["--upload-pack", "--exec", "-u"]) {
        runs(program, matched.call, judge);
    }
    for setting in matched.values(&["-c", "--config"]) {
        super::settings::judge_setting(setting, matched.call, judge);
    }
    for word in &matched.operands {
        helper_url(word, matched, judge);
    }
    let does = match subcommand {
        "ls-remote" => Does::Reads,
        "clone" => Does::Changes(Verb::Create, "remove the clone"),
        "pull" if matched.has("--force") || matched.has("-f") => {
            Does::Changes(Verb::Update, "reset to the commit the reflog names")
        }
        "pull" => Does::Changes(Verb::Update, "reset to the commit the reflog names"),
        _ => Does::Changes(Verb::Update, "it only adds what the remote has"),
    };
    let dry = matched.has("--dry-run");
    matched.does(if dry { Does::Reads } else { does }, Named::Operands, judge);
}

pub(super) fn checkout(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let has = |options: &[&str]| options.iter().any(|option| matched.has(option));
    let makes = has(&["-b", "-B", "--orphan", "--track", "-t", "--detach"]);
    let dashes = matched.call.arguments().iter().position(|word| word.is("--"));
    let behind = dashes.is_some_and(|at| at + 1 < matched.call.arguments().len());
    let paths = !makes
        && (behind
            || has(&["--ours", "--theirs", "--pathspec-from-file", "-p", "--patch"])
            || matched.operands.len() > 1
            || matched.operands.first().is_some_and(|word| is_path(word)));
    if paths || has(&["-f", "--force"]) {
        matched.does(WORK_LOST, Named::Operands, judge);
    } else {
        matched.does(Does::Changes(Verb::Update, "switch back"), Named::Operands, judge);
    }
    options_unknown(matched, judge);
}

fn options_unknown(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    if let Some(word) = matched.call.arguments().iter().find(|word| judge.speaks_of_options(word)) {
        judge.opaque(word.span(), "a word of unknown value may be an option that makes it worse");
    }
}

/// Whether an operand of `checkout` looks like a file rather than like a branch.
fn is_path(word: &Word) -> bool {
    let text = word.text();
    let last = text.rsplit('/').next().unwrap_or(text);
    let extension = last.rsplit_once('.').is_some_and(|(name, extension)| {
        !extension.is_empty()
            && extension.len() <= 5
            && extension.chars().all(char::is_alphanumeric)
            && !extension.starts_with(|first: char| first.is_ascii_digit())
            && !name.starts_with(|first: char| first == 'v' && name.len() < 6)
            && extension != "x"
    });
    let known = ["Makefile", "Dockerfile", "LICENSE", "README", ".gitignore", ".env"];
    matches!(text, "." | "./" | ":/" | "*" | "..")
        || text.starts_with("./")
        || text.starts_with("../")
        || text.starts_with(":(")
        || text.ends_with('/')
        || word.is_glob()
        || extension
        || known.contains(&last)
}

pub(super) fn restore(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let has = |options: &[&str]| options.iter().any(|option| matched.has(option));
    let index_only = has(&["--staged", "-S"]) && !has(&["--worktree", "-W"]);
    let does = if index_only { Does::Changes(Verb::Update, "stage it again") } else { WORK_LOST };
    matched.does(does, Named::Operands, judge);
}

pub(super) fn clean(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    if matched.dry(&["-n", "--dry-run"]) && !matched.has("--no-dry-run") {
        return matched.does(Does::Reads, Named::Operands, judge);
    }
    matched.does(
        Does::Destroys(Verb::Delete, "files that git does not know are gone"),
        Named::Operands,
        judge,
    );
}

pub(super) fn branch(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let has = |options: &[&str]| options.iter().any(|option| matched.has(option));
    let force = has(&["-f", "--force"]);
    let remote = has(&["-r", "--remotes"]);
    let does = if (has(&["-D"]) || (has(&["-d", "--delete"]) && force)) && !remote {
        Does::Destroys(Verb::Delete, "commits that only this branch has are lost")
    } else if has(&["-d", "--delete", "-D"]) {
        Does::Changes(Verb::Delete, "make the branch again; only a merged one is deleted")
    } else if force
        && matched.operands.len() == 2
        && !has(&["-m", "-M", "--move", "-c", "-C", "--copy", "-u", "--set-upstream-to"])
    {
        Does::Destroys(Verb::Update, "commits that only this branch had are lost")
    } else if has(&[
        "-m",
        "-M",
        "--move",
        "-c",
        "-C",
        "--copy",
        "-u",
        "--set-upstream-to",
        "--unset-upstream",
        "--edit-description",
        "-f",
        "--force",
        "-t",
        "--track",
        "--no-track",
    ]) {
        Does::Changes(Verb::Update, "give it its old name or place again")
    } else if matched.operands.is_empty()
        || has(&[
            "-l",
            "--list",
            "-a",
            "--all",
            "-r",
            "--remotes",
            "--contains",
            "--no-contains",
            "--merged",
            "--no-merged",
            "--show-current",
            "-v",
            "-vv",
            "--points-at",
            "--sort",
            "--format",
        ])
    {
        Does::Reads
    } else {
        Does::Changes(Verb::Create, "delete the branch again")
    };
    matched.does(does, Named::Operands, judge);
    options_unknown(matched, judge);
}

pub(super) fn tag(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let has = |options: &[&str]| options.iter().any(|option| matched.has(option));
    let does = if has(&["-d", "--delete"]) {
        Does::Destroys(Verb::Delete, "the tag is gone, and nothing remembers where it was")
    } else if has(&["-v", "--verify"])
        || matched.operands.is_empty()
        || has(&[
            "-l",
            "--list",
            "-n",
            "--contains",
            "--no-contains",
            "--merged",
            "--no-merged",
            "--points-at",
            "--sort",
            "--format",
        ])
    {
        Does::Reads
    } else {
        Does::Changes(Verb::Create, "delete the tag again")
    };
    matched.does(does, Named::Operands, judge);
}

pub(super) fn config(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let has = |options: &[&str]| options.iter().any(|option| matched.has(option));
    let first = matched.operands.first().map(|word| word.text()).unwrap_or_default();
    let reads = has(&[
        "--get",
        "--get-all",
        "--get-regexp",
        "--get-urlmatch",
        "--list",
        "-l",
        "--get-color",
        "--get-colorbool",
    ]) || matches!(first, "get" | "list")
        || (matched.operands.len() < 2
            && !has(&[
                "--unset",
                "--unset-all",
                "--edit",
                "-e",
                "--add",
                "--replace-all",
                "--rename-section",
                "--remove-section",
            ])
            && first != "edit");
    if reads {
        return matched.does(Does::Reads, Named::Operands, judge);
    }
    // Some settings are commands that git runs the next time.
    if let Some(value) = matched.operands.last().and_then(|word| word.known()) {
        let command = value.trim_start().trim_start_matches('!');
        if command.contains(' ') && judge.harms(command) {
            judge.opaque(matched.span(), "git may run this value as a command");
        }
    }
    matched.does(Does::Changes(Verb::Update, "set the old value again"), Named::Operands, judge);
}

pub(super) fn rebase(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    for command in matched.values(&["-x", "--exec"]) {
        judge.script(command, matched.call.variables, matched.call.stdin);
    }
    let back = "reset to ORIG_HEAD";
    matched.does(Does::Changes(Verb::Update, back), Named::Operands, judge);
}

/// Runs the words behind the subcommand: `bisect run`, `submodule foreach`.
pub(super) fn runs_words(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let last = matched.path.last().map(|word| word.text()).unwrap_or_default();
    let words = matched.call.arguments();
    let start = words.iter().position(|word| word.is(last)).map_or(words.len(), |at| at + 1);
    let rest = words.get(start..).unwrap_or_default();
    let flags = rest.iter().take_while(|word| word.text().starts_with('-')).count();
    let rest = &rest[flags..];
    match rest {
        [] => matched.does(Does::Reads, Named::Nothing, judge),
        [script] => drop(judge.script(script, matched.call.variables, matched.call.stdin)),
        words => {
            let inner: Call<'_> = matched.call.running(words);
            judge.call(&inner);
        }
    }
    if last == "run" {
        matched.does(Does::Changes(Verb::Update, "git bisect reset"), Named::Nothing, judge);
    }
}

pub(super) fn grep(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    for word in matched.call.arguments() {
        let text = word.text();
        let from = if text.starts_with("-O") && text.len() > 2 {
            2
        } else if text.starts_with("--op") {
            text.find('=').map_or(text.len(), |at| at + 1)
        } else {
            continue;
        };
        if from < text.len() {
            runs(&word.after(from), matched.call, judge);
        }
    }
    matched.does(Does::Reads, Named::Operands, judge);
}

pub(super) fn difftool(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    for command in matched.values(&["-x", "--extcmd"]) {
        runs(command, matched.call, judge);
    }
    matched.does(Does::Reads, Named::Operands, judge);
}

pub(super) fn archive(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    for program in matched.values(&["--exec"]) {
        runs(program, matched.call, judge);
    }
    let file = matched.value("-o").or_else(|| matched.value("--output"));
    let does = match file {
        Some(_) => Does::Changes(Verb::Create, "remove the archive"),
        None => Does::Reads,
    };
    matched.does(does, Named::Operands, judge);
}

pub(super) fn symbolic_ref(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let changes = matched.operands.len() > 1 || matched.has("-d") || matched.has("--delete");
    let back = "point it at the old branch again";
    let does = if changes { Does::Changes(Verb::Update, back) } else { Does::Reads };
    matched.does(does, Named::Operands, judge);
}

/// `rm` refuses to lose changes unless forced.
pub(super) fn rm(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let has = |options: &[&str]| options.iter().any(|option| matched.has(option));
    let does = if has(&["-f", "--force"]) && !has(&["--cached"]) {
        Does::Destroys(Verb::Delete, "the files and their changes that are not committed are gone")
    } else {
        Does::Changes(Verb::Delete, "restore it from the last commit")
    };
    matched.does(does, Named::Operands, judge);
}
