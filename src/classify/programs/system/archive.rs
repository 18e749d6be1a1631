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

/// What `tar` does with the archive.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Help,
    List,
    Create,
    Extract,
    Delete,
}

/// What `tar` is told.
#[derive(Default)]
struct Told<'a> {
    mode: Option<Mode>,
    to_stdout: bool,
    file: Option<Word>,
    removes: bool,
    /// Commands that it runs on the way.
    commands: Vec<Word>,
    names: Vec<&'a Word>,
}

/// Long options that take a value.
const LONG_VALUED: &[&str] = &[
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
/// Letters that take a value.
const LETTERS_VALUED: &str = "fIFCTXgbKNVLH";

impl<'a> Told<'a> {
    fn read(words: &'a [Word]) -> Self {
        let mut told = Self::default();
        let mut at = 0;
        while let Some(word) = words.get(at) {
            let text = word.text();
            // The first word may be letters without a dash, whose values all follow it.
            let old = at == 0 && !text.starts_with('-');
            at += 1;
            let behind = words.get(at..).unwrap_or_default();
            if text.starts_with("--") {
                at += told.long(word, behind.first());
            } else if old || (text.starts_with('-') && text.len() > 1) {
                at += told.letters(word, old, behind);
            } else {
                told.names.push(word);
            }
        }
        told
    }

    /// Reads a long option, and says how many of the words behind it are its value.
    fn long(&mut self, word: &Word, next: Option<&Word>) -> usize {
        let long = &word.text()[2..];
        let name = long.split('=').next().unwrap_or(long);
        let glued = long.len() > name.len();
        let is = |whole: &str| name.len() > 2 && whole.starts_with(name);
        let valued = LONG_VALUED.iter().any(|whole| is(whole));
        let value = if glued { Some(word.after(name.len() + 3)) } else { next.cloned() };
        match name {
            "help" | "version" | "usage" => self.mode = Some(Mode::Help),
            "delete" => self.mode = Some(Mode::Delete),
            "file" => self.file = value,
            "list" | "diff" | "compare" => self.mode = Some(Mode::List),
            "get" => self.mode = Some(Mode::Extract),
            "catenate" => self.mode = Some(Mode::Create),
            _ if is("create") => self.mode = Some(Mode::Create),
            _ if is("extract") => self.mode = Some(Mode::Extract),
            _ if is("append") || is("update") || is("concatenate") => {
                self.mode = Some(Mode::Create);
            }
            _ if is("to-stdout") => self.to_stdout = true,
            _ if is("remove-files") => self.removes = true,
            _ if is("checkpoint-action") => {
                self.commands.extend(value.and_then(|word| {
                    let rest = word.text().strip_prefix("exec=").map(str::len)?;
                    Some(word.after(word.text().len() - rest))
                }));
            }
            _ if is("use-compress-program") => {
                self.commands.extend(value.filter(|word| !packs(word)));
            }
            _ if [
                "to-command",
                "info-script",
                "new-volume-script",
                "rsh-command",
                "rmt-command",
            ]
            .iter()
            .any(|whole| is(whole)) =>
            {
                self.commands.extend(value);
            }
            _ => {}
        }
        usize::from(valued && !glued)
    }

    /// Reads options of one letter, and says how many of the words behind are their values.
    fn letters(&mut self, word: &Word, old: bool, behind: &[Word]) -> usize {
        let text = word.text();
        let from = usize::from(!old);
        let mut taken = 0;
        for (at, letter) in text.char_indices().skip(from) {
            let rest = at + letter.len_utf8();
            let mut value = None;
            let glued = !old && rest < text.len();
            if LETTERS_VALUED.contains(letter) {
                value = if glued {
                    Some(word.after(rest))
                } else {
                    taken += 1;
                    behind.get(taken - 1).cloned()
                };
            }
            match letter {
                'c' | 'r' | 'u' | 'A' => self.mode = Some(Mode::Create),
                'x' => self.mode = Some(Mode::Extract),
                't' | 'd' => self.mode = Some(Mode::List),
                'O' => self.to_stdout = true,
                'f' => self.file = value,
                'I' => self.commands.extend(value.filter(|word| !packs(word))),
                'F' => self.commands.extend(value),
                _ => {}
            }
            if glued && LETTERS_VALUED.contains(letter) {
                break;
            }
        }
        taken
    }
}

fn tar(call: &Call<'_>, judge: &mut Judge<'_>) {
    let told = Told::read(call.arguments());
    if told.mode == Some(Mode::Help) {
        return judge.reads("files", "", call.span());
    }
    for command in &told.commands {
        judge.script(command, call.variables, call.stdin);
    }
    let names: Vec<_> = told.names.iter().take(8).map(|word| judge.name(word)).collect();
    let resource = names.join(" ");
    let span = call.words.first().map_or(call.span(), Word::span);
    let stdout = told
        .file
        .as_ref()
        .is_none_or(|file| matches!(file.text(), "-" | "/dev/stdout" | "/dev/null"));
    let creates = told.mode == Some(Mode::Create);
    if creates {
        for word in told.names.iter().filter(|word| names_secret(word)) {
            let name = judge.name(word);
            judge.changes(Verb::Reveal, "files", name, word.span(), "rotate the secrets it packs");
        }
    }
    if told.mode == Some(Mode::Delete) {
        let lost = "the files are gone from the archive";
        judge.destroys(Verb::Delete, "files", resource, span, lost);
    } else if told.removes {
        judge.changes(Verb::Update, "files", resource, span, "unpack the archive again");
    } else if creates && !stdout {
        judge.changes(Verb::Create, "files", resource, span, "remove the archive");
    } else if told.mode == Some(Mode::Extract) && !told.to_stdout {
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
