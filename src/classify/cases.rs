//! Inputs beside what is expected of them: `tests/corpus/{plans,manifests,diffs}`.
//!
//! `NAME.json` (or whatever it is) has its answer in `NAME.expected`: the class, then an effect a
//! line, then what cannot be read. With `UPDATE_EXPECTED=1` the answers are written anew, to be
//! read before they are kept.

use super::Setting;
use crate::domain::{Assessment, Reversibility, Span};
use std::{fmt::Write as _, fs, path::PathBuf};

#[path = "../../fuzz/inputs.rs"]
mod bodies;

pub use bodies::{diff, manifest, plan, shell, sql, words};

/// Checks every input of a folder, and that no canary comes out of any.
pub fn check(folder: &str, read: fn(&str, &Setting<'_>) -> Assessment) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(folder);
    let mut files: Vec<PathBuf> =
        fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut wrong = String::new();
    let mut count = 0;
    for file in files.iter().filter(|file| file.extension().is_some_and(|it| it != "expected")) {
        let text = fs::read_to_string(file).unwrap();
        let found = shown(&text, &read(&text, &Setting::default()));
        assert!(!found.contains("canary"), "{}: a secret came out:\n{found}", file.display());
        let answer = file.with_extension("expected");
        if std::env::var_os("UPDATE_EXPECTED").is_some() {
            fs::write(&answer, &found).unwrap();
        }
        let expected = fs::read_to_string(&answer).unwrap_or_default();
        if expected != found {
            let _ = writeln!(wrong, "{}:\n{found}instead of:\n{expected}", file.display());
        }
        count += 1;
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(count > 20, "{count} inputs in {}", folder.display());
}

/// An answer as a person reads it.
fn shown(text: &str, found: &Assessment) -> String {
    let at = |span: Span| &text[span.start..span.end];
    let mut shown = format!("{}\n", found.class());
    for effect in &found.effects {
        // What a command does that lies in an input is for others to say; that it is found counts.
        let ours = ["terraform", "pulumi", "kubernetes", "cloudformation", "aws:"];
        if !ours.iter().any(|ours| effect.service.starts_with(ours)) {
            let _ = writeln!(shown, "{} {}: {}", effect.verb, effect.service, effect.class());
            continue;
        }
        let (is, because) = match &effect.reversible {
            Reversibility::Unchanged => ("", ""),
            Reversibility::Reversible(back) => (" | back: ", back.as_ref()),
            Reversibility::Irreversible(lost) => (" | lost: ", lost.as_ref()),
        };
        let (resource, evidence) = (effect.resource.raw(), at(effect.evidence));
        let _ = writeln!(
            shown,
            "{} {} {resource} | at {evidence}{is}{because}",
            effect.verb, effect.service
        );
    }
    for opaque in &found.opaque {
        let _ = writeln!(shown, "opaque | at {} | {}", at(opaque.evidence), opaque.because);
    }
    shown
}

/// Whatever is left of an input, or is changed in it, does no harm.
pub fn survive(text: &str, check: fn(&[u8])) {
    check(text.as_bytes());
    let step = (text.len() / 25).max(1);
    for end in (0..text.len()).step_by(step).filter(|end| text.is_char_boundary(*end)) {
        check(&text.as_bytes()[..end]);
        check(&text.as_bytes()[end..]);
        for change in ["\"", "}", "[", "\u{fdd0}", "é", "- ", "\n", ": &a *a", "null"] {
            check(format!("{}{change}{}", &text[..end], &text[end..]).as_bytes());
        }
    }
}

/// The inputs of a folder.
pub fn inputs(folder: &str) -> Vec<String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(folder);
    let files = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|file| file.extension().is_some_and(|it| it != "expected"));
    files.map(|file| fs::read_to_string(file).unwrap()).collect()
}
