//! Ruby.
//!
//! From ruby(1) (<https://docs.ruby-lang.org/en/master/ruby/options_md.html>), 2026-11.

use super::{
    front::{self, Own},
    python::{run_file, standard_input},
};
use crate::{
    classify::{Call, Judge, Language, Word},
    domain::Verb,
};

const OWN: Own = Own {
    short: "erICE",
    attached: "ixFKT",
    digits: "0W",
    long: &["--require", "--encoding", "--external-encoding", "--internal-encoding"],
};

/// Judges Ruby.
pub(super) fn judge(call: &Call<'_>, judge: &mut Judge<'_>) {
    let front = OWN.read(call.arguments());
    let texts: Vec<&Word> = front
        .given
        .iter()
        .filter(|given| given.name == "-e")
        .filter_map(|given| given.value.as_ref())
        .collect();
    let bare = texts.is_empty() && front.rest.is_empty();
    if front.has(&["--version", "--help", "-h", "-c", "--copyright"])
        || (bare && front.has(&["-v"]))
    {
        return judge.reads("ruby", "", call.span());
    }
    for given in &front.given {
        let own = |word: &Word| word.text().starts_with(['.', '/']) || word.has_holes();
        if let ("-r" | "--require", Some(word)) = (given.name.as_str(), &given.value)
            && own(word)
        {
            judge.opaque(word.span(), "what this file does is not given");
        }
    }
    if front.has(&["-i"]) {
        judge.changes(Verb::Update, "files", "", call.span(), "write the files again");
    }
    for text in &texts {
        judge.code(Language::Ruby, text, call);
    }
    if !texts.is_empty() {
        return;
    }
    match front.rest.split_first() {
        Some((file, _)) if !matches!(file.text(), "-" | "/dev/stdin") => {
            if file.text().contains("bin/") || front.has(&["-S"]) {
                return front::run(front.rest, call, judge);
            }
            run_file(Language::Ruby, file, call, judge);
        }
        _ => standard_input(Language::Ruby, call, judge),
    }
}
