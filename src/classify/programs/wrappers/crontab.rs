//! Commands for later: `crontab`, `at`, `batch` and kin.
//!
//! From crontab(1) (<https://man7.org/linux/man-pages/man1/crontab.1.html>) and at(1)
//! (<https://man7.org/linux/man-pages/man1/at.1p.html>), 2026-11.

use super::front::{self, Own};
use crate::{
    classify::{Call, Data, Judge, Word, word::PLAIN},
    domain::Verb,
};

/// Judges `crontab`.
pub(super) fn crontab(call: &Call<'_>, judge: &mut Judge<'_>) {
    let front = Own::new("ucx", &[]).read(call.arguments());
    let (service, span) = ("cron", call.span());
    if front.has(&["-r"]) {
        return judge.destroys(Verb::Delete, service, "", span, "every job of the table is gone");
    }
    if front.has(&["-l"]) {
        // What is there already, for `(crontab -l; echo …) | crontab -`.
        judge.prints(Data::Text(Word::made(format!("{PLAIN}\n"), span)));
        return judge.reads(service, "", span);
    }
    if front.has(&["-V", "-T"]) {
        return judge.reads(service, "", span);
    }
    if front.has(&["-e"]) {
        return judge.opaque(span, "the jobs are written by hand");
    }
    let table = match front.rest.first() {
        Some(word) if !word.is("-") => {
            word.known().and_then(|name| judge.file(name)).map(|text| Word::made(text, word.span()))
        }
        _ => match call.stdin {
            Data::Text(text) => Some(text.clone()),
            _ => None,
        },
    };
    let Some(table) = table else {
        return judge.opaque(span, "the jobs are not given");
    };
    judge.changes(Verb::Update, service, "", span, "install the former table again");
    let mut at = 0;
    for line in table.text().split('\n') {
        let start = at;
        at += line.len() + 1;
        if !judge.step(64, span) {
            return;
        }
        let fields = if line.trim_start().starts_with('@') { 1 } else { 5 };
        let lead = line.len() - line.trim_start().len();
        let stays = line.trim().chars().eq([PLAIN]);
        if line.trim().is_empty() || line.trim_start().starts_with('#') || stays {
            continue;
        }
        let mut offset = lead;
        for _ in 0..fields {
            let rest = &line[offset..];
            let word = rest.find(char::is_whitespace).unwrap_or(rest.len());
            let gap = rest[word..].len() - rest[word..].trim_start().len();
            offset += word + gap;
        }
        let command = table.part(start + offset..start + line.len());
        if !command.text().is_empty() {
            judge.script(&command, call.variables, &Data::Nothing);
        } else if line.contains(crate::classify::is_hole) {
            judge.opaque(table.span(), "part of the table is not known");
        }
    }
}

/// Judges `at` and `batch`.
pub(super) fn at(call: &Call<'_>, judge: &mut Judge<'_>) {
    let front = Own::new("fqt", &[]).read(call.arguments());
    let (service, span) = ("at", call.span());
    if front.has(&["-d", "-r"]) {
        return atrm(call, judge);
    }
    if front.has(&["-l", "-c", "-V"]) {
        return judge.reads(service, "", span);
    }
    let script = match front.value(&["-f"]) {
        Some(file) => {
            file.known().and_then(|name| judge.file(name)).map(|text| Word::made(text, file.span()))
        }
        None => match call.stdin {
            Data::Text(text) => Some(text.clone()),
            _ => None,
        },
    };
    judge.changes(Verb::Create, service, "", span, "remove the job again");
    match script {
        Some(script) => {
            judge.script(&script, call.variables, &Data::Nothing);
        }
        None => front::interactive(call, judge),
    }
}

/// Judges `atq`.
pub(super) fn atq(call: &Call<'_>, judge: &mut Judge<'_>) {
    judge.reads("at", "", call.span());
}

/// Judges `atrm`.
pub(super) fn atrm(call: &Call<'_>, judge: &mut Judge<'_>) {
    judge.destroys(Verb::Delete, "at", "", call.span(), "the waiting job is gone");
}
