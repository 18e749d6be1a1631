//! `git push`, whose refspecs say as much as its options.
//!
//! From <https://git-scm.com/docs/git-push>, 2026-11.

use super::{
    super::super::{Cli, Does, Matched, Named, Rule},
    table::GIT,
};
use crate::{
    classify::{Judge, Word},
    domain::{PlaceKind, Verb},
};

pub(super) static PUSH: Cli = Cli {
    valued: &["-o", "--push-option", "--repo", "--receive-pack", "--exec", "--recurse-submodules"],
    flags: &[
        "--force",
        "--force-with-lease",
        "--force-if-includes",
        "--delete",
        "--mirror",
        "--prune",
        "--all",
        "--branches",
        "--tags",
        "--follow-tags",
        "--set-upstream",
        "--no-verify",
        "--verify",
        "--atomic",
        "--quiet",
        "--verbose",
        "--progress",
        "--porcelain",
        "--thin",
        "--no-thin",
        "--signed",
        "--no-signed",
        "--dry-run",
        "--no-dry-run",
        "--ipv4",
        "--ipv6",
        "--no-force-with-lease",
    ],
    rules: &[Rule::asks("push", push), Rule::asks("send-pack", push)],
    ..GIT
};

fn push(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    for program in matched.values(&["--receive-pack", "--exec"]) {
        super::runs(program, matched.call, judge);
    }
    for word in &matched.operands {
        super::commands::helper_url(word, matched, judge);
    }
    let refspecs = matched.operands.get(1..).unwrap_or_default();
    for refspec in refspecs {
        let target = refspec.text().rsplit(':').next().unwrap_or_default();
        let start = refspec.text().len() - target.len();
        judge.place(PlaceKind::Branch, &refspec.after(start));
    }
    if matched.dry(&["-n", "--dry-run"]) && !matched.has("--no-dry-run") {
        return matched.does(Does::Reads, Named::Operands, judge);
    }
    let any = |options: &[&str]| options.iter().any(|option| matched.has(option));
    let starts = |letter: char| {
        matched
            .operands
            .iter()
            .find(|word| word.text().len() > 1 && word.text().starts_with(letter))
    };
    let mut destroys = |at: Option<&&Word>, lost: &'static str| {
        let span = at.map_or(matched.span(), |word| matched.span().with(word.span()));
        judge.destroys(Verb::Delete, "git", matched.names(judge), span, lost);
    };
    if any(&["--mirror", "--prune"]) {
        destroys(None, "every branch and tag that is not here is gone from the remote");
    } else if any(&["--delete", "-d"]) {
        destroys(None, "the branch or tag is gone from the remote");
    } else if let Some(word) = starts(':') {
        destroys(Some(word), "the branch or tag is gone from the remote");
    } else if any(&["--force", "-f", "--force-with-lease"]) {
        destroys(None, "the commits it replaces are gone from the remote");
    } else if let Some(word) = starts('+') {
        destroys(Some(word), "the commits it replaces are gone from the remote");
    } else {
        let back = "push a commit that reverts it";
        matched.does(Does::Changes(Verb::Update, back), Named::Operands, judge);
        if let Some(word) =
            matched.call.arguments().iter().find(|word| judge.speaks_of_options(word))
        {
            judge.opaque(word.span(), "a word of unknown value may be --force");
        }
    }
}
