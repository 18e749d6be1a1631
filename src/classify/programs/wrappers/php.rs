//! PHP.
//!
//! From <https://www.php.net/manual/en/features.commandline.options.php>, 2026-11.

use super::{
    front::{self, Own},
    python::{run_file, standard_input},
};
use crate::{
    classify::{Call, Judge, Language, Word},
    domain::Verb,
};

const OWN: Own = Own::new(
    "rBREFfdcStz",
    &[
        "--run",
        "--file",
        "--define",
        "--php-ini",
        "--server",
        "--docroot",
        "--process-begin",
        "--process-code",
        "--process-end",
        "--rf",
        "--rc",
        "--re",
        "--rz",
        "--ri",
    ],
);

/// Files that are programs of their own.
const PROGRAMS: &[(&str, &str)] = &[
    ("artisan", "artisan"),
    ("console", "console"),
    ("composer.phar", "composer"),
    ("composer", "composer"),
    ("wp-cli.phar", "wp"),
    ("wp", "wp"),
    ("drush", "drush"),
    ("magento", "magento"),
    ("phpunit", "phpunit"),
    ("occ", "occ"),
];

/// Judges PHP.
pub(super) fn judge(call: &Call<'_>, judge: &mut Judge<'_>) {
    let front = OWN.read(call.arguments());
    let harmless = [
        "-v",
        "-h",
        "-i",
        "-m",
        "-l",
        "-w",
        "-s",
        "-?",
        "--version",
        "--help",
        "--info",
        "--ini",
        "--modules",
        "--syntax-check",
        "--rf",
        "--rc",
        "--re",
        "--rz",
        "--ri",
    ];
    let runs = ["auto_prepend_file", "auto_append_file", "extension", "zend_extension", "ffi."];
    let settings =
        front.given.iter().filter(|given| matches!(given.name.as_str(), "-d" | "--define"));
    for value in settings.filter_map(|given| given.value.as_ref()) {
        if value.has_holes() || runs.iter().any(|run| value.text().starts_with(run)) {
            judge.opaque(value.span(), "what this setting loads is not given");
        }
    }
    if front.has(&harmless) {
        return judge.reads("php", "", call.span());
    }
    if front.value(&["-S", "--server"]).is_some() {
        return judge.changes(Verb::Run, "php", "", call.span(), "end the server");
    }
    let code =
        ["-r", "--run", "-B", "-R", "-E", "--process-begin", "--process-code", "--process-end"];
    let mut texts = 0;
    for given in &front.given {
        if let (true, Some(text)) = (code.contains(&given.name.as_str()), &given.value) {
            judge.code(Language::Php, text, call);
            texts += 1;
        }
    }
    if texts > 0 {
        return;
    }
    if let Some(file) = front.value(&["-f", "--file"]) {
        return run_file(Language::Php, file, call, judge);
    }
    match front.rest.split_first() {
        Some((file, rest)) if !matches!(file.text(), "-" | "/dev/stdin") => {
            let base = front::base(file);
            let program =
                PROGRAMS.iter().find(|(name, _)| *name == base).map(|(_, program)| *program);
            let program = program.or_else(|| file.text().contains("vendor/bin/").then_some(base));
            let Some(program) = program else {
                return run_file(Language::Php, file, call, judge);
            };
            let first = if program == file.text() {
                file.clone()
            } else {
                Word::made(program, file.span())
            };
            let mut words = vec![first];
            words.extend_from_slice(rest);
            front::run(&words, call, judge);
        }
        _ => standard_input(Language::Php, call, judge),
    }
}
