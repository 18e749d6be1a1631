//! Archives: `tar`, `zip`, `cpio`, `7z`.
//!
//! From <https://www.gnu.org/software/tar/manual/>, the Info-ZIP manuals and <https://7-zip.org/>, 2026-11.

use super::{
    super::{Cli, Does, Matched, Named, Program, Rule},
    PLAIN,
    readers::shows,
    secrets::{names_secret, passed_on},
};
use crate::{
    classify::{Call, Judge, Word},
    domain::Verb,
};

pub(super) const PROGRAMS: &[Program] = &[
    Program::code(&["tar", "gtar", "bsdtar"], tar),
    Program::table(&["zip"], &ZIP),
    Program::table(&["unzip", "unrar", "unar"], &UNZIP),
    Program::table(&["7z", "7za", "7zz", "rar"], &SEVEN),
    Program::table(&["cpio", "pax"], &CPIO),
];

const UNPACKS: Does = Does::Changes(Verb::Create, "remove what was unpacked");
const PACKS: Does = Does::Changes(Verb::Create, "remove the archive");

static ZIP: Cli = Cli {
    valued: &[
        "-x",
        "-i",
        "-n",
        "-t",
        "-b",
        "-TT",
        "-P",
        "-O",
        "--out",
        "--unzip-command",
        "-s",
        "-Z",
    ],
    rules: &[Rule::asks("**", zip)],
    ..PLAIN
};
static UNZIP: Cli = Cli {
    valued: &["-d", "-x", "-P"],
    rules: &[Rule::new("**", UNPACKS).dry(&["-l", "-v", "-t", "-z", "-Z", "-p", "-c"])],
    ..PLAIN
};
static SEVEN: Cli = Cli {
    rules: &[
        Rule::reads("l|t|h|i|b|v|lt|lb|p"),
        Rule::new("x|e|rn|u|a|c|m", PACKS),
        Rule::deletes("d", "the files are gone from the archive"),
    ],
    ..PLAIN
};
static CPIO: Cli = Cli {
    valued: &["-F", "-H", "-D", "-E", "-I", "-O", "-f"],
    rules: &[Rule::new("**", UNPACKS)
        .when(&[("--rsh-command", Does::Opaque("this option runs another program"))])
        .dry(&["-t", "--list"])],
    ..PLAIN
};

/// `zip -T -TT cmd` runs a command of its own to test with.
fn zip(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let words = matched.call.arguments();
    for (at, word) in words.iter().enumerate() {
        if word.text().starts_with("-TT") {
            let glued = word.after(3);
            let command =
                if glued.text().is_empty() { words.get(at + 1).cloned() } else { Some(glued) };
            if let Some(command) = command {
                judge.script(&command, matched.call.variables, matched.call.stdin);
            }
        } else if let Some(value) = word.text().strip_prefix("--unzip-command=") {
            judge.script(
                &word.after(word.text().len() - value.len()),
                matched.call.variables,
                matched.call.stdin,
            );
        } else if word.is("--unzip-command")
            && let Some(command) = words.get(at + 1)
        {
            judge.script(command, matched.call.variables, matched.call.stdin);
        }
    }
    let secret = matched.operands.iter().any(|word| names_secret(word));
    if secret {
        shows(matched, judge);
    }
    let does = if matched.has("-d") || matched.has("--delete") {
        Does::Destroys(Verb::Delete, "the files are gone from the archive")
    } else if matched.has("-m") || matched.has("--move") {
        Does::Changes(Verb::Update, "unpack the archive again")
    } else {
        PACKS
    };
    matched.does(does, Named::Operands, judge);
}

/// What `tar` is told to do.
#[derive(Default)]
struct Told {
    mode: Option<char>,
    to_stdout: bool,
    file: Option<Word>,
    removes: bool,
    deletes: bool,
}

fn tar(call: &Call<'_>, judge: &mut Judge<'_>) {
    let mut told = Told::default();
    let mut names = Vec::new();
    let words = call.arguments();
    let mut values = 0..0;
    let mut commands = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let text = word.text();
        if at < values.end && at >= values.start && at > 0 && values.start > 0 {
            continue;
        }
        if let Some(long) = text.strip_prefix("--") {
            let name = long.split('=').next().unwrap_or(long);
            let glued = long.len() > name.len();
            let value = || {
                if glued { Some(word.after(name.len() + 3)) } else { words.get(at + 1).cloned() }
            };
            let is = |whole: &str| name.len() > 2 && whole.starts_with(name);
            let takes = [
                "file",
                "directory",
                "checkpoint-action",
                "to-command",
                "use-compress-program",
                "rsh-command",
                "info-script",
                "new-volume-script",
                "exclude",
                "files-from",
                "transform",
                "owner",
                "group",
                "mode",
                "strip-components",
                "rmt-command",
                "newer",
            ];
            if !glued && takes.iter().any(|whole| is(whole)) {
                values = at + 1..at + 2;
            }
            match name {
                "help" | "version" | "usage" => return judge.reads("files", "", call.span()),
                "delete" => told.deletes = true,
                _ if is("create") => told.mode = Some('c'),
                _ if is("extract") || name == "get" => told.mode = Some('x'),
                "list" => told.mode = Some('t'),
                "diff" | "compare" => told.mode = Some('d'),
                _ if is("append") || is("update") || is("concatenate") || name == "catenate" => {
                    told.mode = Some('r')
                }
                _ if is("to-stdout") => told.to_stdout = true,
                _ if is("remove-files") => told.removes = true,
                "file" => told.file = value(),
                _ if is("checkpoint-action") => {
                    commands.extend(value().and_then(|word| {
                        let rest = word.text().strip_prefix("exec=").map(str::len)?;
                        Some(word.after(word.text().len() - rest))
                    }));
                }
                _ if is("to-command")
                    || is("info-script")
                    || is("new-volume-script")
                    || is("rsh-command")
                    || is("rmt-command") =>
                {
                    commands.extend(value());
                }
                _ if is("use-compress-program") => {
                    commands.extend(value().filter(|word| !packs(word)))
                }
                _ => {}
            }
            continue;
        }
        let bundle =
            if at == 0 && !text.starts_with('-') { Some(text) } else { text.strip_prefix('-') };
        let Some(letters) = bundle.filter(|letters| !letters.is_empty()) else {
            names.push(word);
            continue;
        };
        let old = at == 0 && !text.starts_with('-');
        let mut next = at + 1;
        for (place, letter) in letters.char_indices() {
            let rest = &letters[place + letter.len_utf8()..];
            let mut value = || {
                if !old && !rest.is_empty() {
                    return Some(word.after(text.len() - rest.len()));
                }
                next += 1;
                words.get(next - 1).cloned()
            };
            match letter {
                'c' | 'x' | 't' | 'd' | 'r' | 'u' | 'A' => told.mode = Some(letter),
                'O' => told.to_stdout = true,
                'f' => told.file = value(),
                'I' => commands.extend(value().filter(|word| !packs(word))),
                'F' => commands.extend(value()),
                'C' | 'T' | 'X' | 'g' | 'b' | 'K' | 'N' | 'V' | 'L' | 'H' => drop(value()),
                _ => continue,
            }
            if !old && !rest.is_empty() && "fIFCTXgbKNVLH".contains(letter) {
                break;
            }
        }
        if next > at + 1 {
            values = at + 1..next;
        }
    }
    for command in &commands {
        judge.script(command, call.variables, call.stdin);
    }
    let resource = names.iter().take(8).map(|word| judge.name(word)).collect::<Vec<_>>().join(" ");
    let span = call.words.first().map_or(call.span(), Word::span);
    let stdout = told
        .file
        .as_ref()
        .is_none_or(|file| matches!(file.text(), "-" | "/dev/stdout" | "/dev/null"));
    let creates = matches!(told.mode, Some('c' | 'r' | 'u' | 'A'));
    if creates {
        for word in names.iter().filter(|word| names_secret(word)) {
            let name = judge.name(word);
            judge.changes(Verb::Reveal, "files", name, word.span(), "rotate the secrets it packs");
        }
    }
    if told.deletes {
        judge.destroys(
            Verb::Delete,
            "files",
            resource,
            span,
            "the files are gone from the archive",
        );
    } else if told.removes {
        judge.changes(Verb::Update, "files", resource, span, "unpack the archive again");
    } else if creates && !stdout {
        judge.changes(Verb::Create, "files", resource, span, "remove the archive");
    } else if told.mode == Some('x') && !told.to_stdout {
        judge.changes(Verb::Create, "files", resource, span, "remove what was unpacked");
    } else {
        judge.reads("files", resource, span);
        judge.prints(passed_on(call.stdin, call.span()));
    }
}

/// Programs that only pack and unpack.
fn packs(word: &Word) -> bool {
    let first = word.text().split_whitespace().next().unwrap_or_default();
    let known = [
        "gzip", "pigz", "bzip2", "pbzip2", "lbzip2", "xz", "pixz", "zstd", "zstdmt", "lz4", "lzop",
        "brotli", "lzip",
    ];
    !word.has_holes()
        && known.contains(&first)
        && !word.text().contains([';', '|', '&', '$', '`', '>'])
}
