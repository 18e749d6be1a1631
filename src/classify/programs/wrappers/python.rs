//! Python: `-c TEXT`, `-m MODULE`, a file, or standard input.
//!
//! From <https://docs.python.org/3/using/cmdline.html> and the pages of the modules, 2026-11.

use super::front::{self, Own};
use crate::{
    classify::{Call, Data, Dialect, Judge, Language, Word},
    domain::Verb,
};

/// Judges Python.
pub(super) fn judge(call: &Call<'_>, judge: &mut Judge<'_>) {
    let mut words = call.arguments();
    let span = call.words[0].span();
    if call.variables.get("PYTHONSTARTUP").is_some() {
        judge.opaque(span, "Python runs the file named in PYTHONSTARTUP first");
    }
    while let Some((word, rest)) = words.split_first() {
        let text = word.text();
        if !text.starts_with('-') || text == "-" {
            break;
        }
        words = rest;
        if matches!(text, "--version" | "--help" | "-h" | "-?" | "-V" | "-VV" | "--help-all") {
            return judge.reads("python", "", call.span());
        }
        if text.starts_with("--") {
            let takes = text == "--check-hash-based-pycs";
            words = words.get(usize::from(takes)..).unwrap_or_default();
            continue;
        }
        for (at, letter) in text.char_indices().skip(1) {
            let attached = word.after(at + letter.len_utf8());
            let value =
                if attached.text().is_empty() { words.first().cloned() } else { Some(attached) };
            let used = usize::from(word.text().len() == at + letter.len_utf8());
            match letter {
                'c' => {
                    return match value {
                        Some(text) => judge.code(Language::Python, &text, call),
                        None => judge.opaque(call.span(), "the text is missing"),
                    };
                }
                'm' => {
                    let rest = words.get(used..).unwrap_or_default();
                    return match value {
                        Some(name) => module(&name, rest, call, judge),
                        None => judge.opaque(call.span(), "the module is missing"),
                    };
                }
                'W' | 'X' | 'Q' => {
                    words = words.get(used..).unwrap_or_default();
                    break;
                }
                _ => {}
            }
        }
    }
    match words.split_first() {
        Some((file, _)) if !matches!(file.text(), "-" | "/dev/stdin") => {
            let installed = file.text().contains("/bin/");
            if front::base(file) == "manage.py" || installed {
                return front::run(words, call, judge);
            }
            run_file(Language::Python, file, call, judge);
        }
        _ => standard_input(Language::Python, call, judge),
    }
}

/// A program in a file.
pub(super) fn run_file(language: Language, file: &Word, call: &Call<'_>, judge: &mut Judge<'_>) {
    match file.known().and_then(|name| judge.file(name)) {
        Some(text) => judge.code(language, &Word::made(text, file.span()), call),
        None => judge.opaque(file.span(), "what this program does is not given"),
    }
}

/// A program on standard input.
pub(super) fn standard_input(language: Language, call: &Call<'_>, judge: &mut Judge<'_>) {
    match call.stdin {
        Data::Text(text) => judge.code(language, text, call),
        Data::Unknown(span) => {
            judge.opaque(span.with(call.span()), "it runs a program that is not known");
        }
        Data::Nothing => front::interactive(call, judge),
    }
}

/// `python -m NAME`
fn module(name: &Word, rest: &[Word], call: &Call<'_>, judge: &mut Judge<'_>) {
    let span = call.words[0].span().with(name.span());
    let Some(known) = name.known() else {
        return judge.opaque(name.span(), "which module runs is not known");
    };
    let operands: Vec<&Word> = rest.iter().filter(|word| !word.text().starts_with('-')).collect();
    let has = |option: &str| rest.iter().any(|word| word.is(option));
    if has("--help") || has("-h") {
        return judge.reads("python", known, span);
    }
    match known {
        "json.tool" | "json" if operands.len() > 1 => {
            judge.changes(Verb::Update, "files", "", span, "write the file again");
        }
        "json.tool" | "json" | "this" | "platform" | "site" | "sysconfig" | "calendar"
        | "tabnanny" | "tokenize" | "ast" | "dis" | "base64" | "uuid" | "pydoc" | "pyclbr"
        | "symtable" | "mimetypes" | "encodings.rot_13" | "random" | "locale" | "keyword"
        | "getopt" => {
            judge.reads("python", known, span);
        }
        "timeit" => {
            let own = Own::new("nrsu", &["--number", "--repeat", "--setup", "--unit"]);
            let front = own.read(rest);
            let setup =
                front.given.iter().filter(|given| matches!(given.name.as_str(), "-s" | "--setup"));
            let texts = setup.filter_map(|given| given.value.as_ref()).chain(front.rest);
            for text in texts {
                judge.code(Language::Python, text, call);
            }
        }
        "zipfile" | "tarfile" if has("-l") || has("--list") || has("-t") || has("--test") => {
            judge.reads("files", "", span);
        }
        "zipfile" | "tarfile" | "gzip" | "py_compile" | "compileall" | "zipapp" | "venv"
        | "virtualenv" | "ensurepip" | "build" => {
            judge.changes(Verb::Create, "files", "", span, "delete what was made");
        }
        "http.server" | "SimpleHTTPServer" | "pydoc.server" => {
            judge.changes(Verb::Run, "python", known, span, "end the server");
        }
        "unittest" | "doctest" | "nose" | "nose2" | "trial" | "test" => {
            judge.changes(Verb::Run, "tests", "", span, "nothing is to be turned back");
        }
        "sqlite3" => match operands.as_slice() {
            [_, query, ..] => judge.sql(query, Dialect::Sqlite, "sqlite"),
            _ => front::interactive(call, judge),
        },
        "cProfile" | "profile" | "pdb" | "trace" | "coverage" | "pyinstrument" | "debugpy" => {
            judge.opaque(span, "what this program does is not given");
        }
        _ => {
            let program = match known {
                "django" => "django-admin",
                "awscli" => "aws",
                "pip3" => "pip",
                "aider" => "aider",
                "ansible.cli.playbook" => "ansible-playbook",
                other => other.split('.').next().unwrap_or(other),
            };
            let mut words = vec![Word::made(program, name.span())];
            words.extend_from_slice(rest);
            front::run(&words, call, judge);
        }
    }
}
