//! Lua scripts given to Redis.

use super::{SERVICE, commands::command};
use crate::{
    classify::{Judge, Word},
    domain::Verb,
};

/// A Lua script: the commands that it calls by name.
pub(super) fn script(text: &Word, judge: &mut Judge<'_>) {
    let source = text.text();
    if text.may_inject() {
        judge.opaque(text.span(), "an unknown value becomes part of the script");
    }
    if !judge
        .step(u32::try_from(source.len() / 16).unwrap_or(u32::MAX).saturating_add(1), text.span())
    {
        return;
    }
    let mut clear = true;
    for call in ["redis.call", "redis.pcall", "server.call", "server.pcall"] {
        for (at, _) in source.match_indices(call) {
            let after = at + call.len();
            let rest = &source[after..];
            let open = rest.len() - rest.trim_start_matches(['(', ' ', '\t']).len();
            let Some(quote) = rest[open..].chars().next().filter(|c| matches!(c, '\'' | '"'))
            else {
                clear = false;
                continue;
            };
            let start = after + open + 1;
            let Some(length) = source[start..].find(quote) else {
                clear = false;
                continue;
            };
            let command_word = text.part(start..start + length);
            let arguments = source[start + length + 1..].split(')').next().unwrap_or_default();
            let keys: Vec<Word> = arguments
                .split(',')
                .skip(1)
                // What a script passes on is not known; a list that is unpacked may be long.
                .map(|argument| {
                    if argument.contains("unpack") {
                        Word::unknowns(text.span())
                    } else {
                        Word::made("key", text.span())
                    }
                })
                .collect();
            let mut words = vec![&command_word];
            words.extend(keys.iter());
            command(&words, text.span(), judge);
            // In a loop one key after the other goes.
            if (source.contains("for ") || source.contains("while "))
                && ["del", "unlink"]
                    .iter()
                    .any(|delete| command_word.text().eq_ignore_ascii_case(delete))
            {
                judge.destroys(Verb::Delete, SERVICE, "", command_word.span(), "the keys are gone");
            }
        }
    }
    let hides = ["loadstring", "load(", "_G", "getfenv", "string.char", "redis[", "dofile"];
    if !clear
        || hides.iter().any(|hide| source.contains(hide))
        || (source.contains("redis") && !source.contains("redis."))
    {
        judge.opaque(text.span(), "what the script does is not clear");
    } else if !source.contains(".call") && !source.contains(".pcall") {
        judge.reads(SERVICE, "", text.span());
    }
}
