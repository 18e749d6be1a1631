//! `sed`: whether its script only prints, writes files, or runs commands.
//!
//! ```text
//!   [address[,address]] [!] command        s/…/…/flags   y/…/…/   a i c text   e command   w file
//! ```
//!
//! From <https://www.gnu.org/software/sed/manual/sed.html>, 2026-11.

use super::{
    super::Program,
    secrets::{names_secret, passed_on},
};
use crate::{
    classify::{Call, Data, Judge, Word},
    domain::Verb,
};

pub(super) const PROGRAMS: &[Program] = &[Program::code(&["sed", "gsed", "ssed"], judge_sed)];

const SERVICE: &str = "files";

fn judge_sed(call: &Call<'_>, judge: &mut Judge<'_>) {
    let (mut scripts, mut files, mut in_place) = (Vec::new(), Vec::new(), false);
    let mut script_files = Vec::new();
    let mut words = call.arguments().iter();
    while let Some(word) = words.next() {
        let text = word.text();
        if text == "--" {
            files.extend(words);
            break;
        }
        if let Some(long) = text.strip_prefix("--") {
            let (name, value) = long.split_once('=').map_or((long, None), |(n, _)| (n, Some(())));
            let mut value = || match value {
                Some(()) => Some(word.after(name.len() + 3)),
                None => words.next().cloned(),
            };
            match name {
                "help" | "version" => return judge.reads(SERVICE, "", call.span()),
                _ if name.is_empty() => {}
                _ if "expression".starts_with(name) => scripts.extend(value()),
                _ if name.len() > 1 && "file".starts_with(name) => script_files.extend(value()),
                _ if "in-place".starts_with(name) => in_place = true,
                _ if "line-length".starts_with(name) => drop(value()),
                _ => {}
            }
            continue;
        }
        if !text.starts_with('-') || text == "-" {
            files.push(word);
            continue;
        }
        for (at, letter) in text.char_indices().skip(1) {
            let rest = word.after(at + letter.len_utf8());
            let mut value =
                || if rest.text().is_empty() { words.next().cloned() } else { Some(rest.clone()) };
            match letter {
                'e' => scripts.extend(value()),
                'f' => script_files.extend(value()),
                'l' => drop(value()),
                'i' | 'I' => in_place = true,
                _ => continue,
            }
            break;
        }
    }
    for file in script_files {
        let text = file.known().and_then(|name| judge.file(name));
        match text {
            Some(text) => scripts.push(Word::made(text, file.span())),
            None => judge.opaque(file.span(), "the script of sed in this file is not given"),
        }
    }
    // BSD has `-i ''`, whose empty suffix is a word of its own.
    files.retain(|word| !word.is(""));
    if scripts.is_empty() && !files.is_empty() {
        scripts.push(files.remove(0).clone());
    }
    for script in &scripts {
        judge_script(script, call, judge);
    }
    if in_place {
        for file in &files {
            judge.wrote(file, &Data::Unknown(file.span()));
        }
        let names: Vec<_> = files.iter().take(8).map(|file| judge.name(file)).collect();
        let back = "put the old text back from version control";
        judge.changes(Verb::Update, SERVICE, names.join(" "), call.span(), back);
        return;
    }
    judge.prints(passed_on(call.stdin, call.span()));
    for file in files.iter().filter(|file| names_secret(file)) {
        let name = judge.name(file);
        judge.changes(Verb::Reveal, SERVICE, name, file.span(), "rotate the secret it shows");
    }
    judge.reads(SERVICE, "", call.words.first().map(Word::span).unwrap_or_default());
}

/// Where a reader stands in a script.
struct Cursor<'s> {
    text: &'s str,
    at: usize,
}

impl Cursor<'_> {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.at += letter.len_utf8();
        Some(letter)
    }

    fn skip(&mut self, wanted: impl Fn(char) -> bool) {
        while self.peek().is_some_and(&wanted) {
            self.next();
        }
    }

    /// Goes behind the next `end` that is not escaped.
    fn behind(&mut self, end: char) {
        while let Some(letter) = self.next() {
            if letter == '\\' {
                self.next();
            } else if letter == end {
                return;
            }
        }
    }

    /// The rest of the line, as a range.
    fn line(&mut self) -> std::ops::Range<usize> {
        self.skip(|letter| letter == ' ' || letter == '\t');
        let from = self.at;
        self.skip(|letter| letter != '\n');
        from..self.at
    }
}

fn judge_script(script: &Word, call: &Call<'_>, judge: &mut Judge<'_>) {
    let mut cursor = Cursor { text: script.text(), at: 0 };
    while let Some(letter) = cursor.next() {
        if !judge.step(1, script.span()) {
            return;
        }
        let start = cursor.at - letter.len_utf8();
        match letter {
            '/' => cursor.behind('/'),
            '\\' => {
                if let Some(end) = cursor.next() {
                    cursor.behind(end);
                }
            }
            'a' | 'i' | 'c' => {
                while cursor.line().end < script.text().len()
                    && script.text()[..cursor.at].ends_with('\\')
                {
                    cursor.next();
                }
            }
            '#' | ':' | 'r' | 'R' => drop(cursor.line()),
            'b' | 't' | 'T' => cursor.skip(|letter| !matches!(letter, ';' | '\n' | '}')),
            'w' | 'W' => writes(script, cursor.line(), judge),
            'e' => runs(script, start, cursor.line(), call, judge),
            'y' => {
                if let Some(end) = cursor.next() {
                    cursor.behind(end);
                    cursor.behind(end);
                }
            }
            's' => {
                if let Some(end) = cursor.next() {
                    cursor.behind(end);
                    cursor.behind(end);
                }
                while let Some(flag) = cursor.peek().filter(char::is_ascii_alphanumeric) {
                    cursor.next();
                    match flag {
                        'e' => judge.opaque(script.span(), "sed runs what it has replaced"),
                        'w' => writes(script, cursor.line(), judge),
                        _ => {}
                    }
                }
            }
            // Addresses, separators, and commands that only print or move lines about.
            _ => {}
        }
    }
}

fn writes(script: &Word, file: std::ops::Range<usize>, judge: &mut Judge<'_>) {
    let name = script.part(file.clone());
    if name.text().starts_with("/dev/std") {
        return;
    }
    let resource = judge.name(&name);
    judge.changes(Verb::Create, SERVICE, resource, script.at(file), "put the old file back");
}

fn runs(
    script: &Word,
    start: usize,
    command: std::ops::Range<usize>,
    call: &Call<'_>,
    judge: &mut Judge<'_>,
) {
    if command.is_empty() {
        judge.opaque(script.at(start..start + 1), "sed runs what it reads");
    } else {
        judge.script(&script.part(command), call.variables, call.stdin);
    }
}
