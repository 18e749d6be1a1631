//! GNU `parallel`: a command for each argument, run by a shell.
//!
//! From <https://www.gnu.org/software/parallel/parallel.html>, 2026-11.

use super::front::{self, Own};
use crate::classify::{Call, Data, HOLE, Judge, Word};

const OWN: Own = Own {
    short: "jPaInNLdCsESJ",
    attached: "Xil",
    digits: "",
    long: &[
        "--jobs",
        "--max-procs",
        "--arg-file",
        "--max-args",
        "--max-replace-args",
        "--max-line-length-allowed",
        "--max-chars",
        "--delimiter",
        "--colsep",
        "--joblog",
        "--results",
        "--retries",
        "--timeout",
        "--delay",
        "--tmpdir",
        "--workdir",
        "--wd",
        "--sshlogin",
        "--sshloginfile",
        "--slf",
        "--halt",
        "--halt-on-error",
        "--load",
        "--memfree",
        "--nice",
        "--tagstring",
        "--env",
        "--block",
        "--blocksize",
        "--recstart",
        "--recend",
        "--rpl",
        "--profile",
        "--basefile",
        "--bf",
        "--return",
        "--limit",
        "--arg-sep",
        "--arg-file-sep",
        "--termseq",
        "--ssh",
        "--shellquote-times",
        "--trim",
    ],
};

/// Known arguments that are judged one by one; of more the rest counts as unknown.
const MOST: usize = 32;

/// Judges `parallel`.
pub(super) fn judge(call: &Call<'_>, judge: &mut Judge<'_>) {
    let front = OWN.read(call.arguments());
    let harmless = [
        "--help",
        "--version",
        "-V",
        "-h",
        "--dry-run",
        "--dryrun",
        "--number-of-cores",
        "--citation",
    ];
    if front.has(&harmless) {
        return judge.reads("system", "", call.span());
    }
    let is_mark = |word: &Word| word.text().starts_with(":::");
    let end = front.rest.iter().position(is_mark).unwrap_or(front.rest.len());
    let (command, sources) = front.rest.split_at(end);
    let values = values(sources, &front, call);
    if command.is_empty() {
        // Each argument is a command of its own.
        for value in &values {
            if value.may_inject() || value.is(ITEM) {
                front::interactive(call, judge);
            } else {
                front::run_script(value, call, judge);
            }
        }
        return;
    }
    let pipes = front.has(&["--pipe", "--pipepart", "--spreadstdin"]);
    let Some(script) = front::joined(command) else { return };
    if pipes {
        return front::run_script(&script, call, judge);
    }
    let nothing = Data::Nothing;
    let inner = Call { words: call.words, variables: call.variables, stdin: &nothing };
    for value in &values {
        if !judge.step(1, call.span()) {
            return;
        }
        let filled = fill(script.text(), value.text());
        front::run_script(&Word::made(filled, script.span()), &inner, judge);
    }
}

/// What stands in for `{}`: known arguments, if there is one source of them.
fn values(sources: &[Word], front: &front::Front<'_>, call: &Call<'_>) -> Vec<Word> {
    // A value is quoted before the shell gets it, so that it stays one plain word.
    let unknown = |span| vec![Word::made(crate::classify::PLAIN, span)];
    let marks = sources.iter().filter(|word| word.text().starts_with(':')).count();
    let known: Vec<Word> = match sources.first() {
        Some(mark) if mark.is(":::") && marks == 1 => sources[1..].to_vec(),
        Some(mark) => unknown(mark.span()),
        None if front.has(&["-a", "--arg-file"]) => return vec![quoted(call)],
        None => match call.stdin {
            Data::Text(text) if !text.has_holes() => {
                text.text().lines().map(|line| Word::made(line, text.span())).collect()
            }
            _ => return vec![quoted(call)],
        },
    };
    let mut known: Vec<Word> = known;
    if known.len() > MOST {
        known.truncate(MOST);
        known.push(Word::unknown(call.span()));
    }
    known
}

/// One argument of unknown value, as the shell gets it: quoted, so that it stays one word.
fn quoted(call: &Call<'_>) -> Word {
    Word::made(ITEM, call.span())
}

/// A variable that nobody sets.
const ITEM: &str = "\"$each_argument\"";

/// The command with the value in place of `{}` and its kin, or at its end.
fn fill(script: &str, value: &str) -> String {
    const MARKS: &[&str] = &["{}", "{.}", "{/}", "{//}", "{/.}", "{1}", "{2}", "{3}", "{+/}"];
    // Inside of other quotes it would end them.
    let nested = value == ITEM && script.contains(['"', '\'', '`']);
    let quoted = if nested {
        HOLE.to_string()
    } else if value == ITEM
        || value.contains(HOLE)
        || value.chars().all(|c| {
            c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c) || crate::classify::is_hole(c)
        })
    {
        value.to_owned()
    } else {
        format!("'{}'", value.replace('\'', "'\\''"))
    };
    let mut filled = script.to_owned();
    let mut found = false;
    for mark in MARKS {
        if filled.contains(mark) {
            filled = filled.replace(mark, &quoted);
            found = true;
        }
    }
    if !found {
        filled.push(' ');
        filled.push_str(&quoted);
    }
    filled
}
