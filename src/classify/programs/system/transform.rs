//! Programs that print what they read in another form: where the text is known, so is what comes
//! out, which is how `echo … | base64 -d | sh` is read.
//!
//! From the GNU coreutils and vim (xxd) manuals, 2026-11.

use super::{
    super::{Cli, Matched, Program, Rule},
    PLAIN,
    readers::{looks, shows},
};
use crate::{
    classify::{Data, Judge, Word},
    domain::Verb,
};
use base64::{Engine, alphabet, engine};

pub(super) const PROGRAMS: &[Program] = &[
    Program::table(&["cat", "gcat"], &CAT),
    Program::table(&["base64", "gbase64"], &BASE64),
    Program::table(&["xxd"], &XXD),
    Program::table(&["rev"], &REV),
    Program::table(&["tr", "gtr"], &TR),
];

static CAT: Cli = Cli { rules: &[Rule::asks("**", cat)], ..PLAIN };
static BASE64: Cli = Cli {
    valued: &["-w", "--wrap", "-b", "--break", "-i", "--input", "-o", "--output"],
    flags: &["--decode", "--ignore-garbage"],
    rules: &[Rule::asks("**", base64)],
    ..PLAIN
};
static XXD: Cli = Cli {
    valued: &["-c", "-g", "-l", "-n", "-o", "-s", "-R"],
    rules: &[Rule::asks("**", xxd)],
    ..PLAIN
};
static REV: Cli = Cli { rules: &[Rule::asks("**", rev)], ..PLAIN };
static TR: Cli = Cli {
    flags: &["--delete", "--squeeze-repeats", "--complement", "--truncate-set1"],
    rules: &[Rule::asks("**", tr)],
    ..PLAIN
};

/// The text it reads, if it reads its standard input and that is known.
fn given<'a>(matched: &Matched<'a, '_>) -> Option<&'a Word> {
    let only_stdin = matched.operands.iter().all(|word| word.is("-") || word.is("/dev/stdin"));
    match matched.call.stdin {
        Data::Text(text) if only_stdin => Some(text),
        _ => None,
    }
}

fn cat(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    shows(matched, judge);
    if !matched.options.iter().all(|option| option.name == "-u") {
        return;
    }
    if let Some(text) = given(matched) {
        judge.prints(Data::Text(text.clone()));
    } else if let [file] = matched.operands[..]
        && let Some(text) = file.known().and_then(|name| judge.file(name))
    {
        judge.prints(Data::Text(Word::made(text, file.span())));
    }
}

fn base64(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    shows(matched, judge);
    if let Some(file) = matched.value("-o").or_else(|| matched.value("--output")) {
        let name = judge.name(file);
        judge.changes(Verb::Create, "files", name, file.span(), "put the old file back");
    }
    let unpacks = ["-d", "-D", "--decode"].iter().any(|option| matched.has(option));
    let Some(text) = given(matched).filter(|_| unpacks) else { return };
    let Some(known) = text.known() else { return };
    let plain: Vec<u8> = known.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let lenient = engine::GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(engine::DecodePaddingMode::Indifferent);
    let decoded = engine::GeneralPurpose::new(&alphabet::STANDARD, lenient).decode(plain);
    prints_bytes(decoded.ok(), text, judge);
}

fn prints_bytes(bytes: Option<Vec<u8>>, from: &Word, judge: &mut Judge<'_>) {
    if let Some(text) = bytes.and_then(|bytes| String::from_utf8(bytes).ok()) {
        judge.prints(Data::Text(Word::made(text, from.span())));
    }
}

fn xxd(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    shows(matched, judge);
    if let [_, file] = matched.operands[..] {
        let name = judge.name(file);
        judge.changes(Verb::Update, "files", name, file.span(), "put the old bytes back");
    }
    let Some(text) = given(matched).filter(|_| matched.has("-r") && matched.has("-p")) else {
        return;
    };
    let digits: Option<Vec<u8>> = text
        .text()
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .map(|letter| letter.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect();
    let bytes = digits.map(|digits| {
        let pairs = digits.chunks_exact(2);
        pairs.map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect()
    });
    prints_bytes(bytes, text, judge);
}

fn rev(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    shows(matched, judge);
    if let Some(text) = given(matched) {
        let lines = text.text().split('\n').map(|line| line.chars().rev().collect::<String>());
        let turned = lines.collect::<Vec<_>>().join("\n");
        judge.prints(Data::Text(Word::made(turned, text.span())));
    }
}

fn tr(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    looks(matched, judge);
    let Data::Text(text) = matched.call.stdin else { return };
    let sets: Vec<_> = matched.operands.iter().map(|word| word.known().and_then(set)).collect();
    let deletes = matched.has("-d") || matched.has("--delete");
    let plain = matched.options.iter().all(|option| matches!(&*option.name, "-d" | "--delete"));
    let changed: String = match (&sets[..], deletes) {
        ([Some(gone)], true) if plain => {
            text.text().chars().filter(|letter| !gone.contains(letter)).collect()
        }
        ([Some(from), Some(to)], false) if plain => {
            let Some(last) = to.last() else { return };
            let other = |letter: char| {
                let at = from.iter().rposition(|from| *from == letter);
                at.map_or(letter, |at| *to.get(at).unwrap_or(last))
            };
            text.text().chars().map(other).collect()
        }
        _ => return,
    };
    judge.prints(Data::Text(Word::made(changed, text.span())));
}

/// The characters of a set of `tr`, where it is written with letters, ranges and simple escapes.
fn set(text: &str) -> Option<Vec<char>> {
    if text.contains("[:") || text.contains("[=") || text.contains('*') {
        return None;
    }
    let mut letters = Vec::new();
    let mut rest = text.chars().peekable();
    while let Some(letter) = rest.next() {
        let letter = match letter {
            '\\' => match rest.next()? {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                '0' => '\0',
                digit if digit.is_ascii_digit() => return None,
                other => other,
            },
            other => other,
        };
        let mut ahead = rest.clone();
        if ahead.next() == Some('-')
            && let Some(end) = ahead.next()
        {
            if !letter.is_ascii() || !end.is_ascii() || end < letter {
                return None;
            }
            letters.extend(letter..=end);
            rest = ahead;
        } else {
            letters.push(letter);
        }
    }
    Some(letters)
}
