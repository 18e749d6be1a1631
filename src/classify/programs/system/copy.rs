//! Programs that make, copy, move and link files.
//!
//! From the GNU coreutils manual (<https://www.gnu.org/software/coreutils/manual/>), 2026-11.

use super::{
    super::{Cli, Does, Matched, Named, Program, Rule},
    PLAIN,
    readers::shows,
    secrets::passed_on,
};
use crate::{
    classify::{Data, Judge, Word, shell::is_job},
    domain::Verb,
};

pub(super) const PROGRAMS: &[Program] = &[
    Program::table(&["mv", "gmv"], &MV),
    Program::table(&["cp", "gcp", "install", "ginstall", "ditto", "pbcopy"], &CP),
    Program::table(&["ln", "gln", "link"], &LN),
    Program::table(&["tee", "gtee", "sponge"], &TEE),
    Program::table(
        &[
            "touch",
            "mkdir",
            "mktemp",
            "mkfifo",
            "mknod",
            "tempfile",
            "fallocate",
            "split",
            "csplit",
        ],
        &MAKES,
    ),
    Program::table(
        &[
            "dos2unix",
            "unix2dos",
            "rename",
            "prename",
            "patch",
            "updatedb",
            "convmv",
            "nano",
            "pico",
            "micro",
            "code",
            "ldconfig",
            "stty",
            "reset",
            "setterm",
            "xdg-open",
            "open",
            "iconv",
            "ranlib",
            "strip",
            "gunzip",
            "bunzip2",
            "unxz",
            "unzstd",
            "gzip",
            "bzip2",
            "xz",
            "zstd",
            "pigz",
            "lz4",
            "compress",
            "uncompress",
            "msgfmt",
            "pandoc",
            "convert",
            "magick",
            "ffmpeg",
            "exiftool",
            "mogrify",
            "optipng",
            "jpegoptim",
            "cwebp",
            "ar",
            "objcopy",
            "mandb",
            "pbpaste",
            "xclip",
            "xsel",
            "wl-copy",
            "wl-paste",
            "logger",
            "wall",
            "write",
            "notify-send",
            "say",
            "mesg",
        ],
        &CHANGES,
    ),
];

/// A device that holds a file system, not one that swallows or makes bytes.
pub(super) fn is_disk(path: &str) -> bool {
    let harmless = [
        "null", "zero", "stdout", "stderr", "stdin", "tty", "full", "random", "urandom", "shm",
        "fd",
    ];
    path.strip_prefix("/dev/").is_some_and(|device| {
        let first = device.split('/').next().unwrap_or_default();
        !harmless.contains(&first) && !first.starts_with("pts")
    }) || path.starts_with("\\\\.\\")
}

static MV: Cli = Cli {
    valued: &["-t", "--target-directory", "-S", "--suffix"],
    flags: &[
        "--force",
        "--interactive",
        "--no-clobber",
        "--no-target-directory",
        "--update",
        "--verbose",
        "--backup",
    ],
    rules: &[Rule::asks("**", moves)],
    ..PLAIN
};
static CP: Cli = Cli {
    valued: &[
        "-t",
        "--target-directory",
        "-S",
        "--suffix",
        "-m",
        "--mode",
        "-o",
        "--owner",
        "-g",
        "--group",
    ],
    flags: &[
        "--archive",
        "--backup",
        "--recursive",
        "--force",
        "--parents",
        "--preserve",
        "--update",
    ],
    rules: &[Rule::asks("**", copies)],
    ..PLAIN
};
static LN: Cli = Cli {
    valued: &["-t", "--target-directory", "-S", "--suffix"],
    rules: &[Rule::asks("**", links)],
    ..PLAIN
};
static TEE: Cli = Cli { rules: &[Rule::asks("**", tees)], ..PLAIN };
static MAKES: Cli = Cli {
    valued: &[
        "-m", "--mode", "-p", "--tmpdir", "-l", "-n", "-a", "-b", "-C", "-d", "-t", "-r",
        "--suffix", "--lines", "--bytes",
    ],
    rules: &[Rule::creates("**", "remove it again")],
    ..PLAIN
};
static CHANGES: Cli = Cli { rules: &[Rule::asks("**", changes)], ..PLAIN };

/// What is at the target afterwards is what was at the source.
fn carries(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let Some(target) = target(matched).cloned() else { return };
    let sources: Vec<Word> = matched.operands.iter().map(|word| (*word).clone()).collect();
    let data = |source: &Word, judge: &Judge<'_>| {
        let text = source.known().and_then(|name| judge.file(name));
        text.map_or(Data::Unknown(source.span()), |text| {
            Data::Text(Word::made(text, source.span()))
        })
    };
    if let [source, _] = &sources[..] {
        let carried = data(source, judge);
        judge.wrote(&target, &carried);
    }
    // The target may be a directory.
    for source in sources.iter().filter(|source| source.span() != target.span()) {
        let (Some(name), Some(folder)) = (source.known(), target.known()) else { continue };
        let last = name.rsplit('/').next().unwrap_or(name);
        let inside = format!("{}/{last}", folder.trim_end_matches('/'));
        let carried = data(source, judge);
        judge.wrote(&Word::made(inside, source.span()), &carried);
    }
}

fn moves(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    carries(matched, judge);
    let target = target(matched);
    let does = match target.map(Word::text) {
        Some("/dev/null") => Does::Destroys(Verb::Delete, "what is moved there is gone"),
        Some(disk) if is_disk(disk) => {
            Does::Destroys(Verb::Delete, "what the device holds is gone")
        }
        _ => Does::Changes(Verb::Update, "move it back"),
    };
    matched.does(does, Named::Operands, judge);
}

fn target<'m>(matched: &'m Matched<'_, '_>) -> Option<&'m Word> {
    let named = matched.value("-t").or_else(|| matched.value("--target-directory"));
    named.or_else(|| matched.operands.last().copied())
}

fn copies(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    carries(matched, judge);
    let empty = matched.operands.first().is_some_and(|word| word.is("/dev/null"));
    let does = match target(matched).map(Word::text) {
        Some(disk) if is_disk(disk) => {
            Does::Destroys(Verb::Delete, "what the device holds is gone")
        }
        _ if empty => Does::Destroys(Verb::Delete, "what the file held is gone"),
        Some("/dev/stdout") => return shows(matched, judge),
        _ => Does::Changes(Verb::Create, "remove the copy, or put the old file back"),
    };
    matched.does(does, Named::Operands, judge);
}

fn links(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    carries(matched, judge);
    let to_nothing = matched.operands.first().is_some_and(|word| word.is("/dev/null"));
    let force = matched.has("-f") || matched.has("--force");
    let does = if to_nothing && force {
        Does::Destroys(
            Verb::Delete,
            "the file is replaced by nothing, and nothing is kept from now on",
        )
    } else {
        Does::Changes(Verb::Create, "remove the link, or put the old one back")
    };
    matched.does(does, Named::Operands, judge);
}

/// Files of which a machine has one, and does not start or let anybody in without.
const OF_SYSTEM: &[&str] =
    &["/etc/passwd", "/etc/shadow", "/etc/group", "/etc/sudoers", "/etc/fstab", "/etc/crontab"];

fn tees(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let printed = match matched.call.stdin {
        Data::Text(text) => Data::Text(text.clone()),
        other => passed_on(other, matched.call.span()),
    };
    for word in &matched.operands {
        let (name, span) = (judge.name(word), matched.span().with(word.span()));
        if is_disk(word.text()) {
            judge.destroys(Verb::Delete, "files", name, span, "what the device holds is gone");
        } else if !word.text().starts_with("/dev/") {
            let appends = matched.has("-a") || matched.has("--append");
            let data = if appends { Data::Unknown(span) } else { printed.clone() };
            judge.wrote(word, &data);
            if is_job(word.text()) {
                judge.opaque(span, "a job that runs later, and is not read");
            }
            if !appends && OF_SYSTEM.contains(&word.text()) {
                let lost = "what the machine knew its users, disks or rules by is gone";
                judge.destroys(Verb::Delete, "files", name, span, lost);
                continue;
            }
            let emptied = *matched.call.stdin == Data::Nothing && !matched.has("-a");
            let back = if emptied {
                "put the old text back"
            } else {
                "remove it, or put the old text back"
            };
            judge.changes(Verb::Create, "files", name, span, back);
        }
    }
    if matched.operands.is_empty() {
        judge.reads("files", "", matched.span());
    }
    judge.prints(printed);
}

/// Changes files in place, unless it was told to print.
fn changes(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let program = matched.call.words.first().map(Word::text).unwrap_or_default();
    let prints = ["-c", "--stdout", "--to-stdout", "-l", "--list", "-t", "--test", "--dry-run"];
    let packs =
        ["gzip", "bzip2", "xz", "zstd", "gunzip", "unxz", "pigz", "lz4", "bunzip2", "unzstd"];
    let filter = packs.contains(&program)
        && (matched.operands.is_empty() || prints.iter().any(|option| matched.has(option)));
    let looks = ["iconv", "patch", "rename", "prename", "pandoc", "pbpaste", "wl-paste"]
        .contains(&program)
        && !["-o", "--output"].iter().any(|option| matched.has(option))
        && (program == "iconv"
            || program == "pandoc"
            || program.ends_with("paste")
            || ["--dry-run", "-n", "--nono", "--no-act"].iter().any(|option| matched.has(option)));
    if filter
        || looks
        || (program == "ar"
            && matched.operands.first().is_some_and(|w| w.text().contains(['t', 'p'])))
    {
        return super::readers::looks(matched, judge);
    }
    for file in &matched.operands {
        judge.wrote(file, &Data::Unknown(file.span()));
    }
    matched.does(Does::Changes(Verb::Update, "put the old file back"), Named::Operands, judge);
    judge.prints(passed_on(matched.call.stdin, matched.call.span()));
}
