//! What clients of databases have in common: where they connect to, and where their SQL comes from.

use super::super::Matched;
use crate::{
    classify::{Data, Dialect, Judge, Word},
    domain::PlaceKind,
};

/// Scripts that include scripts are followed this deep.
pub(super) const DEEPEST: u8 = 6;

/// A client that is given SQL in options, in files and on standard input.
#[derive(Debug, Clone, Copy)]
pub(super) struct Client {
    /// The service of its effects.
    pub service: &'static str,
    /// The SQL that it speaks.
    pub dialect: Dialect,
    /// Options with SQL.
    pub execute: &'static [&'static str],
    /// Options with a file of SQL.
    pub files: &'static [&'static str],
    /// Operands before this one are no SQL; nothing when none is.
    pub operands: Option<usize>,
}

/// Judges what such a client is given.
pub(super) fn run(client: &Client, m: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let mut pieces = Vec::new();
    let mut given = false;
    for option in &m.options {
        let Some(value) = &option.value else { continue };
        if client.execute.contains(&option.name.as_str()) {
            given = true;
            pieces.push(value.clone());
        } else if client.files.contains(&option.name.as_str()) {
            given = true;
            if value.is("-") || value.is("/dev/stdin") {
                pieces.extend(typed(m, judge));
            } else {
                pieces.extend(file(value, judge));
            }
        }
    }
    if let Some(skip) = client.operands {
        for word in m.path.iter().chain(&m.operands).skip(skip) {
            given = true;
            pieces.push((*word).clone());
        }
    }
    if !given {
        pieces.extend(typed(m, judge));
    }
    judge.sql_session(&pieces, client.dialect, client.service);
}

/// What is typed into it; what is not known is opaque.
pub(super) fn typed(m: &Matched<'_, '_>, judge: &mut Judge<'_>) -> Option<Word> {
    match m.call.stdin {
        Data::Text(text) => return Some(text.clone()),
        Data::Unknown(span) => judge.opaque(*span, "what is typed into the client is not known"),
        Data::Nothing => judge.opaque(m.call.span(), "what is typed into the client is not known"),
    }
    None
}

/// What a file holds; without it, it is opaque.
pub(super) fn file(name: &Word, judge: &mut Judge<'_>) -> Option<Word> {
    let text = name.known().and_then(|name| judge.file(name));
    let Some(text) = text else {
        judge.opaque(name.span(), "the file that it runs is not at hand");
        return None;
    };
    Some(Word::made(text, name.span()))
}

/// Says where a connection string leads: a URL, `host=… dbname=…`, or the name of a database.
pub(super) fn connection(word: &Word, judge: &mut Judge<'_>) {
    let text = word.text();
    let mut place = |kind, from: usize, to: usize| {
        if from < to {
            judge.place(kind, &word.part(from..to));
        }
    };
    if let Some(scheme) = text.find("://") {
        let start = scheme + 3;
        let end = text[start..].find(['/', '?']).map_or(text.len(), |at| start + at);
        let host = text[start..end].rfind('@').map_or(start, |at| start + at + 1);
        let port = text[host..end].rfind(':').map_or(end, |at| host + at);
        place(PlaceKind::Host, host, port);
        if text[end..].starts_with('/') {
            let stop = text[end..].find('?').map_or(text.len(), |at| end + at);
            place(PlaceKind::Name, end + 1, stop);
        }
        return;
    }
    if !text.contains('=') {
        return place(PlaceKind::Name, 0, text.len());
    }
    let mut at = 0;
    for pair in text.split_inclusive(char::is_whitespace) {
        let trimmed = pair.trim_end();
        if let Some((key, value)) = trimmed.split_once('=') {
            let from = at + key.len() + 1;
            match key {
                "host" | "hostaddr" => place(PlaceKind::Host, from, from + value.len()),
                "dbname" | "service" => place(PlaceKind::Name, from, from + value.len()),
                _ => {}
            }
        }
        at += pair.len();
    }
}
