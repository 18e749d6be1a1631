//! `xargs`: a command with words from standard input or from a file.
//!
//! From the findutils manual, "Invoking xargs"
//! (<https://www.gnu.org/software/findutils/manual/html_node/find_html/Invoking-xargs.html>),
//! 2026-11.

use super::front::{self, Own};
use crate::classify::{Call, Data, HOLE, Judge, Word};

const OWN: Own = Own {
    short: "aEIJLnPRSsd",
    attached: "eil",
    digits: "",
    long: &[
        "--arg-file",
        "--delimiter",
        "--max-args",
        "--max-procs",
        "--max-chars",
        "--process-slot-var",
    ],
};

/// Known lines that are judged one by one; of more the rest counts as unknown.
const MOST_LINES: usize = 32;

/// Judges `xargs`.
pub(super) fn judge(call: &Call<'_>, judge: &mut Judge<'_>) {
    let front = OWN.read(call.arguments());
    if front.has(&["--help", "--version"]) {
        return judge.reads("system", "", call.span());
    }
    let given = match front.value(&["-a", "--arg-file"]) {
        Some(file) => file
            .known()
            .and_then(|name| judge.file(name))
            .map_or(Data::Unknown(file.span()), |text| Data::Text(Word::made(text, file.span()))),
        None => call.stdin.clone(),
    };
    if front.rest.is_empty() {
        // It prints what it reads.
        return judge.reads("system", "", call.span());
    }
    let nothing = Data::Nothing;
    let inner = Call { words: call.words, variables: call.variables, stdin: &nothing };
    let bare = front.has(&["-i", "--replace"]).then(|| Word::made("{}", call.span()));
    let replace = front.value(&["-I", "-i", "--replace", "-J"]).cloned().or(bare);
    if let Some(mark) = replace {
        return replacing(&mark, front.rest, &given, &inner, judge);
    }
    let mut words = front.rest.to_vec();
    match &given {
        Data::Nothing => words.push(Word::unknowns(call.span())),
        Data::Unknown(span) => words.push(Word::unknowns(*span)),
        Data::Text(text) if front.has(&["-0", "--null"]) => {
            words.extend(pieces(text, '\0'));
        }
        Data::Text(text) => match front.value(&["-d", "--delimiter"]) {
            Some(mark) => {
                let letter = match mark.known() {
                    Some("\\n") => Some('\n'),
                    Some("\\0") => Some('\0'),
                    Some("\\t") => Some('\t'),
                    Some(other) => other.chars().next(),
                    None => None,
                };
                match letter {
                    Some(letter) => words.extend(pieces(text, letter)),
                    None => words.push(Word::unknowns(text.span())),
                }
            }
            None => words.extend(front::split(text)),
        },
    }
    front::run(&words, &inner, judge);
}

fn pieces(text: &Word, mark: char) -> Vec<Word> {
    let mut at = 0;
    let mut words = Vec::new();
    for piece in text.text().split(mark) {
        if !piece.is_empty() {
            words.push(text.part(at..at + piece.len()));
        }
        at += piece.len() + mark.len_utf8();
    }
    words
}

fn replacing(mark: &Word, command: &[Word], given: &Data, call: &Call<'_>, judge: &mut Judge<'_>) {
    let lines = match given {
        Data::Text(text) if !text.may_split() => pieces(text, '\n'),
        Data::Text(text) => vec![Word::unknown(text.span())],
        Data::Unknown(span) => vec![Word::unknown(*span)],
        Data::Nothing => vec![Word::unknown(call.span())],
    };
    let Some(mark) = mark.known().filter(|mark| !mark.is_empty()) else {
        return judge.opaque(mark.span(), "what is replaced in the command is not known");
    };
    for (at, line) in lines.iter().enumerate() {
        if !judge.step(u32::try_from(command.len()).unwrap_or(u32::MAX), call.span()) {
            return;
        }
        let value = if at + 1 == MOST_LINES { HOLE.to_string() } else { line.text().to_owned() };
        let words: Vec<Word> = command
            .iter()
            .map(|word| {
                if word.text().contains(mark) {
                    Word::made(word.text().replace(mark, value.trim()), word.span())
                } else {
                    word.clone()
                }
            })
            .collect();
        front::run(&words, call, judge);
        if at + 1 == MOST_LINES {
            return;
        }
    }
}
