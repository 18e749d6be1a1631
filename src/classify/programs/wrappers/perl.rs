//! Perl.
//!
//! From <https://perldoc.perl.org/perlrun>, 2026-11.

use super::{
    front::Own,
    python::{run_file, standard_input},
};
use crate::{
    classify::{Call, Judge, Language, Word},
    domain::Verb,
};

const OWN: Own = Own { short: "eEI", attached: "iFxDdVMmC", digits: "0l", long: &[] };

/// Judges Perl.
pub(super) fn judge(call: &Call<'_>, judge: &mut Judge<'_>) {
    let front = OWN.read(call.arguments());
    if front.has(&["-v", "-V", "-c", "-h", "-?", "--help", "--version"]) {
        return judge.reads("perl", "", call.span());
    }
    for given in front.given.iter().filter(|given| matches!(given.name.as_str(), "-M" | "-m")) {
        let Some(module) = &given.value else { continue };
        if module.has_holes() || module.text().contains(['(', ';', '/']) {
            judge.opaque(module.span(), "what this module does is not known");
        }
    }
    if front.has(&["-i"]) {
        judge.changes(Verb::Update, "files", "", call.span(), "write the files again");
    }
    let mut texts = 0;
    for given in &front.given {
        if let ("-e" | "-E", Some(text)) = (given.name.as_str(), &given.value) {
            judge.code(Language::Perl, text, call);
            texts += 1;
        }
    }
    if texts > 0 {
        return;
    }
    match front.rest.first() {
        Some(file) if !is_standard_input(file) => run_file(Language::Perl, file, call, judge),
        _ => standard_input(Language::Perl, call, judge),
    }
}

fn is_standard_input(file: &Word) -> bool {
    matches!(file.text(), "-" | "/dev/stdin")
}
