//! awk.
//!
//! From the gawk manual, "Command-Line Options"
//! (<https://www.gnu.org/software/gawk/manual/html_node/Options.html>), 2026-11.

use super::front::Own;
use super::python::run_file;
use crate::{
    classify::{Call, Judge, Language},
    domain::Verb,
};

const OWN: Own = Own {
    short: "fFveiEl",
    attached: "dDLpoW",
    digits: "",
    long: &["--file", "--field-separator", "--assign", "--source", "--include", "--exec", "--load"],
};

/// Judges awk.
pub(super) fn judge(call: &Call<'_>, judge: &mut Judge<'_>) {
    let front = OWN.read(call.arguments());
    if front.has(&["--version", "--help", "-V", "-h", "--copyright"]) {
        return judge.reads("files", "", call.span());
    }
    let mut given_text = false;
    for given in &front.given {
        let Some(value) = &given.value else { continue };
        match given.name.as_str() {
            "-i" | "--include" if value.is("inplace") => {
                judge.changes(Verb::Update, "files", "", call.span(), "write the files again");
            }
            "-i" | "--include" | "-l" | "--load" => {
                judge.opaque(value.span(), "what this file does is not given");
            }
            "-f" | "--file" | "-E" | "--exec" => {
                given_text = true;
                run_file(Language::Awk, value, call, judge);
            }
            "-e" | "--source" => {
                given_text = true;
                judge.code(Language::Awk, value, call);
            }
            _ => {}
        }
    }
    if given_text {
        return;
    }
    match front.rest.first() {
        Some(text) => judge.code(Language::Awk, text, call),
        None => judge.reads("files", "", call.span()),
    }
}
