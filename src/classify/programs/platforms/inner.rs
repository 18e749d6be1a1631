//! What platforms have in common: topics with colons, commands and SQL that they run elsewhere.

use crate::{
    classify::{
        Call, Data, Dialect, Judge, Variables, Word,
        programs::{
            table::{self, Cli, Matched},
            web::{
                self, Part, Request,
                verbs::{self, Meaning},
            },
        },
    },
    domain::{Span, Verb},
};

/// Judges by a table a program whose subcommands may be written `topic:command`.
pub fn topics(cli: &'static Cli, call: &Call<'_>, judge: &mut Judge<'_>) {
    let mut words = Vec::with_capacity(call.words.len() + 2);
    let mut rest = call.words.iter();
    words.extend(rest.next().cloned());
    let mut after_option = false;
    for word in rest.by_ref() {
        let text = word.text();
        if text.starts_with('-') {
            after_option = true;
            words.push(word.clone());
            continue;
        }
        let topic = text.contains(':')
            && text
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_:".contains(c));
        if topic {
            let mut start = 0;
            for part in text.split(':') {
                if !part.is_empty() {
                    words.push(word.part(start..start + part.len()));
                }
                start += part.len() + 1;
            }
            break;
        }
        words.push(word.clone());
        // What follows an option may be its value, and the topic may come yet.
        if !after_option {
            break;
        }
        after_option = false;
    }
    words.extend(rest.cloned());
    table::judge(cli, &call.running(&words), judge);
}

/// The words behind the subcommand, without the platform's own options around them.
fn behind(matched: &Matched<'_, '_>, own: &[&str]) -> Vec<Word> {
    let last = matched.path.last().map_or_else(Span::default, |word| word.span());
    let words = matched.call.words;
    let from = words.iter().rposition(|word| {
        word.span() == last && matched.path.last().is_some_and(|path| path.text() == word.text())
    });
    let mut rest = words.iter().skip(from.map_or(1, |from| from + 1)).peekable();
    let mut found = Vec::new();
    while let Some(word) = rest.next() {
        let text = word.text();
        if text == "--" {
            found.extend(rest.cloned());
            break;
        }
        let name = text.split('=').next().unwrap_or(text);
        if own.contains(&name) {
            if !text.contains('=') {
                rest.next();
            }
            continue;
        }
        if found.is_empty() && text.starts_with('-') {
            continue;
        }
        found.push(word.clone());
    }
    found
}

/// Judges a command that the platform runs. `skip` operands stand before it; `own` are the
/// platform's options with a value.
pub fn runs(matched: &Matched<'_, '_>, skip: usize, own: &[&str], judge: &mut Judge<'_>) {
    let words = behind(matched, own);
    let words = words.get(skip..).unwrap_or_default();
    match words {
        [] => judge.opaque(matched.span(), "what is typed there later is not known"),
        [line] => {
            judge.script(line, &Variables::default(), &Data::Nothing);
        }
        // Quoted as one word, with options of the platform behind it.
        [line, ..] if line.text().contains(' ') => {
            judge.script(line, &Variables::default(), &Data::Nothing);
        }
        words => {
            judge.call(&matched.call.running(words));
        }
    }
}

/// Judges a command that is the value of one of these options.
pub fn runs_option(matched: &Matched<'_, '_>, options: &[&str], judge: &mut Judge<'_>) {
    match matched.values(options).next() {
        Some(line) => {
            judge.script(line, &Variables::default(), matched.call.stdin);
        }
        None => match matched.call.stdin {
            Data::Text(script) => {
                judge.script(script, &Variables::default(), &Data::Nothing);
            }
            _ => judge.opaque(matched.span(), "what is typed there later is not known"),
        },
    }
}

/// Judges SQL that comes in an option, a file or on standard input.
pub fn sql(
    matched: &Matched<'_, '_>,
    texts: &[&str],
    files: &[&str],
    dialect: Dialect,
    service: &'static str,
    judge: &mut Judge<'_>,
) {
    let mut any = false;
    for text in matched.values(texts) {
        judge.sql(text, dialect, service);
        any = true;
    }
    for file in matched.values(files) {
        any = true;
        match file.known().and_then(|name| judge.setting().files.read(name)) {
            Some(text) => judge.sql(&Word::made(text, file.span()), dialect, service),
            None => judge.opaque(file.span(), "the SQL in this file is not given"),
        }
    }
    if any {
        return;
    }
    match matched.call.stdin {
        Data::Text(text) => judge.sql(text, dialect, service),
        Data::Unknown(span) => judge.opaque(*span, "the SQL that comes in is not known"),
        Data::Nothing => judge.opaque(matched.span(), "what is typed there later is not known"),
    }
}

/// Judges a subcommand that the table does not have by the verb in it, for programs whose
/// subcommands are a thing and a verb throughout. Without a verb it stays opaque.
pub fn by_verb(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let words: Vec<&Word> = matched.path.iter().take(3).copied().collect();
    let service = matched.cli.service;
    let resource = matched.path.iter().skip(1).map(|word| judge.name(word)).collect::<Vec<_>>();
    let (resource, at) = (resource.join(" "), matched.span());
    let said: Vec<Meaning> = words.iter().map(|word| verbs::name(word.text())).collect();
    // `server describe delete-me`: what follows a verb that only looks is a name.
    let looks = |word: &&Word| {
        let text = word.text();
        matches!(text, "list" | "ls" | "get" | "describe" | "show" | "info" | "inspect" | "view")
    };
    let before = words.iter().position(looks).map_or(said.len(), |at| at + 1);
    let said = &said[..before];
    let destroys = said.iter().find(|said| **said == Meaning::Destroys);
    let known = said.iter().find(|said| !matches!(said, Meaning::Unknown | Meaning::Runs));
    match destroys.or(known) {
        Some(Meaning::Destroys) => {
            judge.destroys(Verb::Delete, service, resource, at, "what it names is gone");
        }
        Some(Meaning::Reads) => judge.reads(service, resource, at),
        Some(Meaning::Reveals) => {
            judge.changes(Verb::Reveal, service, resource, at, "rotate what it shows");
        }
        Some(Meaning::Changes(verb, back)) => judge.changes(*verb, service, resource, at, *back),
        Some(Meaning::Runs | Meaning::Unknown) | None => {
            judge.opaque(at, "this subcommand is not known");
        }
    }
}

/// Judges a request to an address of the platform's own.
pub fn asks(matched: &Matched<'_, '_>, base: &str, judge: &mut Judge<'_>) {
    let said = matched.path.last().map(|word| word.text()).unwrap_or_default();
    let named = ["get", "post", "put", "patch", "delete"];
    let method = matched.values(&["-X", "--method", "--request"]).last().cloned();
    let method = method.or_else(|| {
        let word = matched.path.last().filter(|_| named.contains(&said));
        word.map(|word| Word::made(said.to_ascii_uppercase(), word.span()))
    });
    let Some(path) = matched.operands.first() else {
        return judge.opaque(matched.span(), "which address it asks is not known");
    };
    let slash = if path.text().starts_with('/') { "" } else { "/" };
    let body = matched.values(&["-d", "--data", "--json", "--body"]);
    let body: Vec<Part> = body.map(|word| Part::Text(word.clone())).collect();
    let request = Request {
        method,
        usual: if body.is_empty() { "GET" } else { "POST" },
        url: Word::made(format!("{base}{slash}{}", path.text()), path.span()),
        headers: Vec::new(),
        body,
        at: matched.span(),
    };
    web::request(&request, judge);
}
