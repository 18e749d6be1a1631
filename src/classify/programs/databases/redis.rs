//! `redis-cli` and its kin.
//!
//! From the command reference of Redis 8 and Valkey 9 (<https://redis.io/docs/latest/commands/>,
//! <https://redis.io/docs/latest/develop/tools/cli/>), 2026-11.

mod commands;
mod lists;
mod lua;

use super::{
    super::{How, Program},
    client::{connection, file},
};
use crate::{
    classify::{Call, Data, Judge, Word},
    domain::{PlaceKind, Span, Verb},
};

pub(super) const SERVICE: &str = "redis";

/// The programs of this file.
pub(super) const REDIS: Program = Program {
    names: &[
        "redis-cli",
        "valkey-cli",
        "keydb-cli",
        "redis6-cli",
        "iredis",
        "redli",
        "dragonfly-cli",
    ],
    how: How::Code(run),
};

/// Options that take the next word.
const VALUED: &[&str] = &[
    "-h",
    "-p",
    "-s",
    "-a",
    "--pass",
    "--user",
    "-u",
    "-r",
    "-i",
    "-n",
    "-d",
    "-D",
    "-t",
    "-X",
    "--sni",
    "--cacert",
    "--cacertdir",
    "--cert",
    "--key",
    "--tls-ciphers",
    "--tls-ciphersuites",
    "--show-pushes",
    "--pipe-timeout",
    "--rdb",
    "--functions-rdb",
    "--pattern",
    "--quoted-pattern",
    "--count",
    "--cursor",
    "--top",
    "--keystats-samples",
    "--memkeys-samples",
    "--lru-test",
    "--intrinsic-latency",
    "--eval",
    "--cluster",
    "--name",
];

/// Options with which it looks only.
const LOOKS: &[&str] = &[
    "--scan",
    "--bigkeys",
    "--memkeys",
    "--keystats",
    "--hotkeys",
    "--stat",
    "--latency",
    "--latency-history",
    "--latency-dist",
    "--intrinsic-latency",
    "--replica",
    "--slave",
    "--help",
    "--version",
    "-v",
];

fn run(call: &Call<'_>, judge: &mut Judge<'_>) {
    let words = call.arguments();
    let mut given: Vec<(&str, Option<&Word>)> = Vec::new();
    let mut at = 0;
    // Behind the first word that is no option everything belongs to the command.
    while let Some(word) = words.get(at).filter(|word| word.text().starts_with('-')) {
        at += 1;
        let value = words.get(at).filter(|_| VALUED.contains(&word.text()));
        at += usize::from(value.is_some());
        given.push((word.text(), value));
    }
    let has = |name: &str| given.iter().any(|(option, _)| *option == name);
    let value =
        |name: &str| given.iter().find(|(option, _)| *option == name).and_then(|(_, value)| *value);
    if let Some(host) = value("-h").or_else(|| call.variables.get("REDISCLI_HOST")) {
        judge.place(PlaceKind::Host, host);
    }
    if let Some(url) = value("-u") {
        connection(url, judge);
    }
    let program = call.words.first().map(Word::span).unwrap_or_default();
    let rest = words.get(at..).unwrap_or_default();
    if LOOKS.iter().any(|look| has(look)) {
        return judge.reads(SERVICE, "", program);
    }
    if let Some(command) = value("--cluster") {
        return cluster(command, rest, program, judge);
    }
    if let Some(file) = value("--rdb").or_else(|| value("--functions-rdb")) {
        let name = judge.name(file);
        return judge.changes(
            Verb::Create,
            "files",
            name,
            program.with(file.span()),
            "remove the file",
        );
    }
    if has("--lru-test") {
        return judge.destroys(Verb::Delete, SERVICE, "", program, "test keys push real ones out");
    }
    if let Some(script) = value("--eval") {
        if let Some(text) = file(script, judge) {
            lua::script(&text, judge);
        }
        return;
    }
    let mut command: Vec<&Word> = rest.iter().collect();
    let Some(first) = command.first().copied() else {
        return match call.stdin {
            Data::Text(text) => typed(text, judge),
            Data::Unknown(span) => judge.opaque(*span, "the commands it is given are not known"),
            Data::Nothing => judge.opaque(program, "what is typed into the client is not known"),
        };
    };
    if first.may_split() {
        return judge.opaque(first.span(), "which command runs is not known");
    }
    let piped;
    if has("-x") || has("-X") {
        piped = match call.stdin {
            Data::Text(text) => text.clone(),
            _ => Word::unknown(call.span()),
        };
        command.push(&piped);
    }
    // A whole command may be given as one word.
    let split;
    if command.len() == 1 && first.text().trim().contains(char::is_whitespace) {
        split = fields(first);
        command = split.iter().collect();
    }
    commands::command(&command, program, judge);
}

/// Commands that are typed, one a line.
fn typed(text: &Word, judge: &mut Judge<'_>) {
    // What the protocol itself looks like: lengths before each word.
    if text.text().starts_with('*') {
        let words: Vec<Word> = (text.text().split_inclusive('\n'))
            .scan(0, |at, line| {
                let start = *at;
                *at += line.len();
                Some(text.part(start..start + line.trim_end().len()))
            })
            .collect();
        let mut command: Vec<&Word> = Vec::new();
        for word in &words {
            if word.text().starts_with('*') {
                commands::command(&std::mem::take(&mut command), text.span(), judge);
            } else if !word.text().starts_with('$') {
                command.push(word);
            }
        }
        return commands::command(&command, text.span(), judge);
    }
    let mut at = 0;
    for line in text.text().split_inclusive('\n') {
        if !judge.step(1, text.span()) {
            return;
        }
        let part = text.part(at..at + line.trim_end().len());
        let words = fields(&part);
        // A number before a command repeats it.
        let skip = usize::from(words.len() > 1 && words[0].text().parse::<u32>().is_ok());
        let command: Vec<&Word> = words.iter().skip(skip).collect();
        if !command.is_empty() && !part.text().trim_start().starts_with('#') {
            commands::command(&command, part.span(), judge);
        }
        at += line.len();
    }
}

/// The words of a line, with quotes taken off.
fn fields(line: &Word) -> Vec<Word> {
    let text = line.text();
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if c.is_whitespace() {
            at += c.len_utf8();
        } else if c == '"' || c == '\'' {
            let mut end = at + 1;
            while let Some(next) = text[end..].chars().next() {
                if next == c {
                    break;
                }
                end += next.len_utf8();
                if next == '\\' {
                    end += text[end..].chars().next().map_or(0, char::len_utf8);
                }
            }
            words.push(line.part(at + 1..end));
            at = (end + 1).min(text.len());
        } else {
            let end = text[at..].find(char::is_whitespace).map_or(text.len(), |end| at + end);
            words.push(line.part(at..end));
            at = end;
        }
    }
    words
}

/// `redis-cli --cluster COMMAND`.
fn cluster(command: &Word, rest: &[Word], program: Span, judge: &mut Judge<'_>) {
    let at = program.with(command.span());
    let name = rest.first().map(|word| judge.name(word)).unwrap_or_default();
    match command.known() {
        Some("check" | "info" | "help") => judge.reads(SERVICE, name, at),
        Some("backup") => judge.changes(Verb::Create, "files", name, at, "remove the file"),
        Some("create" | "add-node" | "rebalance" | "reshard" | "fix" | "set-timeout") => {
            judge.changes(Verb::Update, SERVICE, name, at, "move the slots back");
        }
        Some("import") => {
            judge.changes(Verb::Create, SERVICE, name, at, "delete the keys that were added");
        }
        Some("del-node") => {
            judge.destroys(Verb::Delete, SERVICE, name, at, "the node leaves and is reset");
        }
        // It runs one command on every node.
        Some("call") => {
            let command: Vec<&Word> = rest.iter().skip(1).collect();
            commands::command(&command, at, judge);
        }
        _ => judge.opaque(at, "this subcommand is not known"),
    }
}
