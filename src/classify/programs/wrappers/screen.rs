//! GNU `screen`.
//!
//! From <https://www.gnu.org/software/screen/manual/screen.html>, 2026-11.

use super::front;
use crate::{
    classify::{Call, Data, Judge, Word},
    domain::Verb,
};

/// Judges `screen`.
pub(super) fn judge(call: &Call<'_>, judge: &mut Judge<'_>) {
    let mut words = call.arguments();
    let mut detached = false;
    while let Some((word, rest)) = words.split_first() {
        match word.text() {
            "-ls" | "-list" | "-v" | "--version" | "--help" | "-h" => {
                return judge.reads("screen", "", call.span());
            }
            "-wipe" => {
                return judge.changes(Verb::Update, "screen", "", call.span(), "only dead ones go");
            }
            "-r" | "-x" | "-R" | "-RR" => {
                return judge.changes(Verb::Update, "screen", "", call.span(), "detach it again");
            }
            "-X" => return command(rest, call, judge),
            "-S" | "-c" | "-e" | "-h0" | "-p" | "-s" | "-t" | "-T" | "-Logfile" => {
                words = rest.get(1..).unwrap_or_default();
            }
            text if text.starts_with('-') => {
                // `-dmS NAME`: the last letter takes the next word.
                detached |= text.contains('m');
                let named = text.ends_with('S');
                words = if named { rest.get(1..).unwrap_or_default() } else { rest };
            }
            _ => return front::run(words, call, judge),
        }
    }
    if detached {
        return judge.changes(Verb::Create, "screen", "", call.span(), "end the session again");
    }
    judge.opaque(call.span(), "a person types into it");
}

fn command(words: &[Word], call: &Call<'_>, judge: &mut Judge<'_>) {
    let Some((name, rest)) = words.split_first() else { return };
    match name.known() {
        Some("stuff") => {
            judge.changes(Verb::Run, "screen", "", call.span(), "it depends on what was typed");
            for word in rest.iter().filter(|word| !word.text().is_empty()) {
                let typed = word.text().replace("\\n", "\n").replace("^M", "\n");
                let typed = typed.trim_end_matches(['\n', '\r']);
                let script = if word.text().starts_with(typed) {
                    word.part(0..typed.len())
                } else {
                    Word::made(typed, word.span())
                };
                judge.script(&script, call.variables, &Data::Nothing);
            }
        }
        Some("screen" | "exec") if !rest.is_empty() => {
            judge.call(&call.running(rest));
        }
        Some("quit" | "kill" | "detach" | "title" | "sessionname" | "log" | "hardcopy") => {
            judge.changes(Verb::Update, "screen", "", call.span(), "start what ran in it again");
        }
        _ => judge.opaque(name.span(), "this command is not known"),
    }
}
