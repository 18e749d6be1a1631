//! The language of `cmd.exe`, and the programs of Windows.
//!
//! ```text
//!   del /q C:\x & rd /s /q D:\y | more   ──▶  del /q C:\x │ rd /s /q D:\y │ more
//! ```
//!
//! From <https://learn.microsoft.com/windows-server/administration/windows-commands/windows-commands>,
//! 2026-11.

use super::windows::{self, Called};
use crate::{
    classify::{Call, HOLE, Judge, Word},
    domain::Verb,
};

/// Judges a line, or a file, of `cmd.exe`.
pub(super) fn read(text: &Word, call: &Call<'_>, judge: &mut Judge<'_>) {
    let unquoted = outer_quotes(text);
    for words in commands(&unquoted, judge) {
        if !judge.step(8, text.span()) {
            return;
        }
        command(&words, call, judge);
    }
}

/// The text without quotes around the whole of it.
fn outer_quotes(text: &Word) -> Word {
    let letters = text.text();
    let inner = letters.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    match inner {
        Some(inner)
            if !inner.is_empty()
                && (!inner.contains('"') || inner.matches('"').count() % 2 == 0) =>
        {
            text.part(1..letters.len() - 1)
        }
        _ => text.clone(),
    }
}

/// The commands of a text as words.
fn commands(text: &Word, judge: &mut Judge<'_>) -> Vec<Vec<Word>> {
    let mut all = Vec::new();
    let mut words: Vec<Word> = Vec::new();
    let mut from: Option<usize> = None;
    let mut value = String::new();
    let mut quoted = false;
    let mut variable: Option<usize> = None;
    let letters = text.text();
    let mut chars = letters.char_indices().peekable();
    let finish = |value: &mut String,
                  from: &mut Option<usize>,
                  end: usize,
                  words: &mut Vec<Word>| {
        if let Some(start) = from.take() {
            let part = text.part(start..end);
            let value = std::mem::take(value);
            words.push(if part.text() == value { part } else { Word::made(value, part.span()) });
        }
    };
    while let Some((at, letter)) = chars.next() {
        if !judge.step(u32::from(at % 16 == 0), text.span()) {
            return all;
        }
        match letter {
            '"' => {
                quoted = !quoted;
                from.get_or_insert(at);
            }
            '%' => {
                from.get_or_insert(at);
                // `%NAME%` and `%i`: what they stand for is not known.
                match variable.take() {
                    Some(open) if letters[open..at].len() > 1 => {}
                    _ => {
                        variable = Some(at);
                        value.push(HOLE);
                    }
                }
            }
            _ if quoted => {
                if variable.is_none() || letter.is_whitespace() || !is_name(letter) {
                    variable = None;
                    value.push(letter);
                }
            }
            '^' => {
                if let Some((_, next)) = chars.next() {
                    from.get_or_insert(at);
                    if !matches!(next, '\n' | '\r') {
                        value.push(next);
                    }
                }
            }
            '&' | '|' | '\n' | '(' | ')' => {
                variable = None;
                finish(&mut value, &mut from, at, &mut words);
                if !words.is_empty() {
                    all.push(std::mem::take(&mut words));
                }
            }
            c if c.is_whitespace() || c == ',' || c == ';' => {
                variable = None;
                finish(&mut value, &mut from, at, &mut words);
            }
            '>' | '<' => {
                // The number of a stream before it is no word.
                if from.is_some_and(|from| matches!(&letters[from..at], "1" | "2")) {
                    from = None;
                    value.clear();
                }
                finish(&mut value, &mut from, at, &mut words);
                words.push(text.part(at..at + 1));
                if matches!(chars.peek(), Some((_, '>'))) {
                    chars.next();
                }
                if matches!(chars.peek(), Some((_, '&'))) {
                    words.pop();
                    chars.next();
                    chars.next();
                }
            }
            other => {
                if variable.is_some() && is_name(other) {
                    continue;
                }
                variable = None;
                from.get_or_insert(at);
                value.push(other);
            }
        }
    }
    finish(&mut value, &mut from, letters.len(), &mut words);
    if !words.is_empty() {
        all.push(words);
    }
    all
}

fn is_name(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '~' | ':')
}

/// Judges one command.
fn command(words: &[Word], call: &Call<'_>, judge: &mut Judge<'_>) {
    let mut plain: Vec<Word> = Vec::new();
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        if word.is(">") || word.is("<") {
            let file = rest.next();
            if let Some(file) =
                file.filter(|file| word.is(">") && !file.text().eq_ignore_ascii_case("nul"))
            {
                let name = judge.name(file);
                judge.changes(Verb::Update, "files", name, file.span(), "write the file again");
            }
        } else {
            plain.push(word.clone());
        }
    }
    let words = plain.as_slice();
    let Some(first) = words.first() else { return };
    let name = first.text().trim_start_matches('@').to_ascii_lowercase();
    match name.as_str() {
        "if" => {
            let skip = words.iter().take_while(|word| {
                let text = word.text().to_ascii_lowercase();
                matches!(text.as_str(), "if" | "not" | "/i" | "exist" | "defined" | "errorlevel")
            });
            let skip = skip.count() + 1;
            // `if A==B COMMAND`, `if exist FILE COMMAND`
            let more = words.get(skip).is_some_and(|word| {
                matches!(
                    word.text().to_ascii_lowercase().as_str(),
                    "==" | "equ" | "neq" | "lss" | "leq" | "gtr" | "geq"
                )
            });
            let skip = if more { skip + 2 } else { skip };
            command(words.get(skip..).unwrap_or_default(), call, judge);
        }
        "else" | "call" | "do" | "in" => command(&words[1..], call, judge),
        "for" => {
            let after = words.iter().position(|word| word.text().eq_ignore_ascii_case("do"));
            if let Some(after) = after {
                command(&words[after + 1..], call, judge);
            }
        }
        "start" => {
            let rest = words[1..]
                .iter()
                .position(|word| !word.text().starts_with('/') && !word.text().is_empty());
            match rest {
                Some(at) => command(&words[at + 1..], call, judge),
                None => judge.opaque(first.span(), "a shell runs whatever it is given"),
            }
        }
        _ => program(words, call, judge),
    }
}

/// Judges a program of Windows by its words.
pub(in crate::classify) fn program(words: &[Word], call: &Call<'_>, judge: &mut Judge<'_>) {
    let Some(first) = words.first() else { return };
    let Some(path) = first.known() else {
        return judge.opaque(first.span(), "which program runs is not known");
    };
    let lower = path.trim_start_matches('@').to_ascii_lowercase();
    let name = lower.rsplit(['/', '\\']).next().unwrap_or(&lower);
    let name = name.strip_suffix(".exe").unwrap_or(name);
    let rest: Vec<String> =
        words[1..].iter().map(|word| word.text().to_ascii_lowercase()).collect();
    let has = |option: &str| rest.iter().any(|word| word == option);
    let span = words.iter().take(2).fold(first.span(), |span, word| span.with(word.span()));
    let resource = || words[1..].iter().map(Word::text).take(6).collect::<Vec<_>>().join(" ");
    let service = "windows";
    if has("/?") || has("-?") {
        return judge.reads(service, resource(), span);
    }
    match name {
        "del" | "erase" | "rd" | "rmdir" => removes(words, call, judge),
        "dir" | "type" | "echo" | "ver" | "vol" | "cd" | "chdir" | "pushd" | "popd" | "where"
        | "whoami" | "hostname" | "ipconfig" | "systeminfo" | "tasklist" | "findstr" | "find"
        | "more" | "sort" | "tree" | "path" | "title" | "cls" | "fc" | "comp" | "help" | "rem"
        | "ping" | "tracert" | "nslookup" | "netstat" | "getmac" | "driverquery" | "qwinsta"
        | "quser" | "query" | "assoc" | "ftype" | "exit" | "timeout" | "choice" | "prompt"
        | "chcp" | "gpresult" | "set" | "setlocal" | "endlocal" | "verify" | "goto" | "date"
        | "time" | "pause" | "color" | "arp" | "pathping" | "openfiles" | "echo." | "echo:" => {
            judge.reads(service, resource(), span);
        }
        "copy" | "xcopy" | "move" | "ren" | "rename" | "md" | "mkdir" | "mklink" | "attrib"
        | "icacls" | "takeown" | "setx" | "subst" | "label" | "compact" | "expand" | "makecab"
        | "replace" => {
            judge.changes(Verb::Update, "files", resource(), span, "move or write it back");
        }
        "robocopy" if has("/l") => judge.reads("files", resource(), span),
        "robocopy" if has("/mir") || has("/purge") || has("/move") || has("/mov") => {
            judge.destroys(
                Verb::Delete,
                "files",
                resource(),
                span,
                "files of the destination or source are gone",
            );
        }
        "robocopy" => judge.changes(Verb::Create, "files", resource(), span, "delete the copies"),
        "format" => judge.destroys(
            Verb::Delete,
            "disks",
            resource(),
            span,
            "everything on the volume is gone",
        ),
        "diskpart" => judge.opaque(span, "the commands for the disks are not given"),
        "cipher" if rest.iter().any(|word| word.starts_with("/w")) => {
            judge.destroys(
                Verb::Delete,
                "disks",
                resource(),
                span,
                "deleted data cannot be recovered any more",
            );
        }
        "cipher" => judge.changes(Verb::Update, "files", resource(), span, "decrypt it again"),
        _ if windows::PROGRAMS.contains(&name) => {
            Called { name, rest: &rest, words, span }.judge(&resource(), call, judge);
        }
        "taskkill" | "tskill" => {
            judge.changes(Verb::Update, "processes", resource(), span, "start it again");
        }
        "shutdown" | "logoff" if !has("/a") => {
            judge.changes(Verb::Update, service, resource(), span, "start the machine again");
        }
        "shutdown" => judge.reads(service, resource(), span),
        "msiexec" | "chkdsk" | "sfc" | "gpupdate" | "w32tm" | "defrag" => {
            judge.changes(
                Verb::Update,
                service,
                resource(),
                span,
                "install the former state again",
            );
        }
        "mshta" | "rundll32" | "regsvr32" | "cscript" | "wscript" | "runas" | "psexec"
        | "installutil" => {
            judge.opaque(span, "what it runs is not given");
        }
        _ => another(name, words, call, judge),
    }
}

/// A script of `cmd.exe`, or a program that is no part of Windows.
fn another(name: &str, words: &[Word], call: &Call<'_>, judge: &mut Judge<'_>) {
    let [first, rest @ ..] = words else { return };
    let path = first.text();
    let named = if name == path { first.clone() } else { Word::made(name, first.span()) };
    if name.rsplit('.').next().is_some_and(|kind| matches!(kind, "bat" | "cmd")) {
        return match judge.file(path) {
            Some(text) => {
                judge.code(crate::classify::Language::Cmd, &Word::made(text, first.span()), call);
            }
            None => judge.opaque(first.span(), "what this script does is not given"),
        };
    }
    let mut inner = vec![named];
    inner.extend_from_slice(rest);
    judge.call(&call.running(&inner));
}

/// `del` and `rd` as `rm` would say it.
fn removes(words: &[Word], call: &Call<'_>, judge: &mut Judge<'_>) {
    let span = words.iter().take(2).fold(words[0].span(), |span, word| span.with(word.span()));
    let operands = words[1..].iter().filter(|word| !word.text().starts_with('/'));
    let operands: Vec<Word> =
        operands.map(|word| Word::made(word.text().replace('\\', "/"), word.span())).collect();
    if operands.is_empty() {
        return judge.destroys(Verb::Delete, "files", "", span, "the files are gone");
    }
    let mut inner = vec![Word::made("rm", span), Word::made("-rf", span), Word::made("--", span)];
    inner.extend(operands);
    judge.call(&call.running(&inner));
}
