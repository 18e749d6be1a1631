//! Programs that look, unless an option makes them write, or run something.
//!
//! From the GNU coreutils, util-linux, less, man-db, iproute2 and ripgrep manuals, 2026-11.

use super::{
    super::{Cli, Does, Matched, Named, Program, Rule, Style},
    PLAIN,
    readers::{looks, shows},
};
use crate::{
    classify::{Judge, Word},
    domain::Verb,
};

const WRITES: Does = Does::Changes(Verb::Create, "put the old file back");
const IN_PLACE: Does = Does::Changes(Verb::Update, "put the old text back");
const RUNS: Does = Does::Opaque("this option runs another program");

pub(super) const PROGRAMS: &[Program] = &[
    Program::table(&["sort", "gsort"], &SORT),
    Program::table(&["uniq", "guniq"], &UNIQ),
    Program::table(&["rg", "ag", "ack", "ugrep", "bat", "batcat", "delta", "sift"], &RG),
    Program::table(&["less", "more", "most", "zmore", "view"], &LESS),
    Program::table(&["man"], &MAN),
    Program::table(&["date", "gdate"], &DATE),
    Program::table(&["hostname", "domainname", "nisdomainname"], &HOSTNAME),
    Program::table(&["tree", "sdiff", "xmllint", "shuf", "gshuf", "tshark", "xmlstarlet"], &OUTPUT),
    Program::table(&["nmap"], &NMAP),
    Program::table(&["tcpdump", "ngrep"], &TCPDUMP),
    Program::table(&["yq", "mlr", "dasel", "sd", "perltidy", "crudini", "dyff"], &YQ),
    Program::table(&["fzf", "sk", "gum"], &FZF),
    Program::table(&["top"], &TOP),
    Program::table(&["ss"], &SS),
    Program::table(&["dmesg"], &DMESG),
    Program::table(&["journalctl"], &JOURNALCTL),
    Program::table(&["file"], &FILE),
    Program::table(&["logrotate"], &LOGROTATE),
    Program::table(&["vi", "vim", "nvim", "ex", "vimdiff", "emacs", "ed", "red"], &EDITOR),
];

static SORT: Cli = Cli {
    valued: &[
        "-k",
        "--key",
        "-t",
        "--field-separator",
        "-S",
        "--buffer-size",
        "-T",
        "--temporary-directory",
        "-o",
        "--output",
        "--compress-program",
        "--parallel",
        "--batch-size",
        "--files0-from",
        "--random-source",
    ],
    flags: &[
        "--check",
        "--ignore-case",
        "--numeric-sort",
        "--reverse",
        "--unique",
        "--merge",
        "--stable",
        "--human-numeric-sort",
        "--version-sort",
        "--sort",
    ],
    rules: &[Rule::asks("**", shows).when(&[
        ("-o", WRITES),
        ("--output", WRITES),
        ("--compress-program", RUNS),
    ])],
    ..PLAIN
};
static UNIQ: Cli = Cli {
    valued: &["-f", "-s", "-w", "--skip-fields", "--skip-chars", "--check-chars"],
    rules: &[Rule::new("* *", WRITES), Rule::asks("**", shows)],
    ..PLAIN
};
static RG: Cli = Cli {
    valued: &[
        "-e",
        "-f",
        "-g",
        "-t",
        "-T",
        "-A",
        "-B",
        "-C",
        "-m",
        "-M",
        "-j",
        "-r",
        "-E",
        "--regexp",
        "--glob",
        "--type",
        "--type-not",
        "--replace",
        "--max-count",
        "--pre",
        "--pre-glob",
        "--pager",
        "--hostname-bin",
        "--file",
        "--color",
        "--sort",
        "-l",
        "-H",
    ],
    rules: &[Rule::asks("**", searches).when(&[
        ("--pre", RUNS),
        ("--hostname-bin", RUNS),
        ("--pager", Does::Asks(pager)),
    ])],
    abbreviates: false,
    ..PLAIN
};
static LESS: Cli = Cli {
    valued: &[
        "-p",
        "-P",
        "-x",
        "-b",
        "-j",
        "-o",
        "-O",
        "-t",
        "-T",
        "-k",
        "--pattern",
        "--log-file",
    ],
    rules: &[Rule::asks("**", pages).when(&[
        ("-o", WRITES),
        ("-O", WRITES),
        ("--log-file", WRITES),
    ])],
    ..PLAIN
};
static MAN: Cli = Cli {
    valued: &["-P", "--pager", "-S", "-s", "-M", "-L", "-m", "-C", "-p", "-r", "-H", "--html"],
    rules: &[Rule::reads("**").when(&[
        ("-P", Does::Asks(pager)),
        ("--pager", Does::Asks(pager)),
        ("-H", RUNS),
        ("--html", RUNS),
    ])],
    ..PLAIN
};
static DATE: Cli = Cli {
    service: "system",
    valued: &["-d", "--date", "-r", "--reference", "-f", "--file", "-s", "--set", "-v", "-j"],
    flags: &["--utc", "--iso-8601", "--rfc-3339", "--rfc-email", "--universal"],
    rules: &[Rule::asks("**", sets_date).when(&[("-s", SETS_CLOCK), ("--set", SETS_CLOCK)])],
    ..PLAIN
};
const SETS_CLOCK: Does = Does::Changes(Verb::Update, "set the clock back by the time server");
static HOSTNAME: Cli = Cli {
    service: "system",
    rules: &[
        Rule::updates("*", "set the old name again"),
        Rule::reads("**").when(&[("-F", IN_PLACE), ("--file", IN_PLACE)]),
    ],
    ..PLAIN
};
static OUTPUT: Cli = Cli {
    valued: &[
        "-o", "--output", "-L", "-I", "-P", "-n", "-p", "--xpath", "-w", "-oN", "-i", "-oX", "-oG",
        "-oA", "-f", "-Y", "-T", "-e",
    ],
    rules: &[Rule::asks("**", looks).when(&[("-o", WRITES), ("--output", WRITES), ("-w", WRITES)])],
    ..PLAIN
};
/// <https://nmap.org/book/man-briefoptions.html>, from memory.
static NMAP: Cli = Cli {
    service: "network",
    style: Style::Single,
    valued: &["-p", "-iL", "-oN", "-oX", "-oG", "-oA", "-e", "-S", "-D", "-T", "-exclude"],
    rules: &[Rule::reads("**").when(&[
        ("-script", Does::Opaque("what the scripts do is not read")),
        ("-oN", WRITES),
        ("-oX", WRITES),
        ("-oG", WRITES),
        ("-oA", WRITES),
    ])],
    ..PLAIN
};
static TCPDUMP: Cli = Cli {
    service: "network",
    valued: &["-i", "-c", "-s", "-w", "-r", "-C", "-G", "-W", "-z", "-Z", "-F", "-O"],
    rules: &[Rule::reads("**").when(&[("-w", WRITES), ("-z", RUNS), ("-O", WRITES)])],
    ..PLAIN
};
static YQ: Cli = Cli {
    valued: &[
        "-o",
        "-p",
        "-I",
        "--from",
        "--output-format",
        "--input-format",
        "--indent",
        "--ifs",
        "--ofs",
        "-f",
    ],
    rules: &[Rule::asks("**", filters).when(&[
        ("-i", IN_PLACE),
        ("--inplace", IN_PLACE),
        ("--in-place", IN_PLACE),
        ("-I", IN_PLACE),
        ("-s", WRITES),
        ("--split-exp", WRITES),
        ("--set", IN_PLACE),
        ("--del", IN_PLACE),
    ])],
    abbreviates: false,
    ..PLAIN
};
static FZF: Cli = Cli {
    valued: &[
        "-q",
        "-d",
        "-n",
        "-f",
        "-m",
        "--query",
        "--filter",
        "--height",
        "--prompt",
        "--preview",
        "--bind",
    ],
    rules: &[Rule::asks("**", looks).when(&[
        ("--preview", RUNS),
        ("--bind", RUNS),
        ("--listen", RUNS),
    ])],
    ..PLAIN
};
static TOP: Cli = Cli { service: "system", rules: &[Rule::reads("**")], ..PLAIN };
static SS: Cli = Cli {
    service: "network",
    rules: &[Rule::reads("**").when(&[
        ("-K", Does::Changes(Verb::Delete, "let the programs connect again")),
        ("--kill", Does::Changes(Verb::Delete, "let the programs connect again")),
        ("-D", WRITES),
    ])],
    ..PLAIN
};
const LOG_GONE: Does = Does::Destroys(Verb::Delete, "the log is gone");
static DMESG: Cli = Cli {
    service: "logs",
    valued: &["-l", "-f", "-n", "-s", "-F", "--level", "--facility", "--since", "--until"],
    rules: &[Rule::reads("**").when(&[
        ("-C", LOG_GONE),
        ("--clear", LOG_GONE),
        ("-c", LOG_GONE),
        ("--read-clear", LOG_GONE),
        ("-n", Does::Changes(Verb::Update, "set the old level")),
        ("-D", Does::Changes(Verb::Update, "turn the console on again")),
    ])],
    ..PLAIN
};
static JOURNALCTL: Cli = Cli {
    service: "logs",
    valued: &[
        "-u",
        "--unit",
        "-n",
        "--lines",
        "-o",
        "--output",
        "-p",
        "--priority",
        "-S",
        "--since",
        "-U",
        "--until",
        "-t",
        "--identifier",
        "-b",
        "-g",
        "--grep",
        "-D",
        "--directory",
        "-M",
        "--machine",
        "-F",
        "--field",
        "--user-unit",
        "--vacuum-size",
        "--vacuum-time",
        "--vacuum-files",
        "--facility",
        "--cursor",
        "--file",
        "--namespace",
    ],
    flags: &[
        "--follow",
        "--reverse",
        "--no-pager",
        "--catalog",
        "--quiet",
        "--list-boots",
        "--disk-usage",
        "--verify",
        "--dmesg",
        "--all",
        "--no-tail",
        "--utc",
        "--system",
        "--user",
        "--merge",
        "--pager-end",
        "--boot",
        "--full",
        "--no-full",
    ],
    rules: &[Rule::reads("**").when(&[
        ("--vacuum-size", LOG_GONE),
        ("--vacuum-time", LOG_GONE),
        ("--vacuum-files", LOG_GONE),
        ("--rotate", Does::Changes(Verb::Update, "the old journal is kept beside the new one")),
        ("--flush", Does::Changes(Verb::Update, "it only moves the journal to disk")),
        ("--relinquish-var", Does::Changes(Verb::Update, "flush the journal again")),
        ("--setup-keys", Does::Changes(Verb::Create, "remove the new keys")),
        ("--update-catalog", Does::Changes(Verb::Update, "build the catalogue again")),
        ("--sync", Does::Changes(Verb::Update, "nothing is lost by it")),
    ])],
    ..PLAIN
};
static FILE: Cli = Cli {
    valued: &["-m", "-f", "-F", "-e", "-P"],
    rules: &[Rule::reads("**").when(&[("-C", WRITES), ("--compile", WRITES)])],
    ..PLAIN
};
static LOGROTATE: Cli = Cli {
    service: "logs",
    valued: &["-s", "--state", "-l", "--log", "-m", "--mail"],
    rules: &[Rule::new(
        "**",
        Does::Opaque("what is rotated away, and what is run, stands in its configuration"),
    )
    .dry(&["-d", "--debug"])],
    ..PLAIN
};
static EDITOR: Cli = Cli {
    valued: &["-c", "-S", "-s", "--cmd", "-u", "-w", "-W", "--eval", "-l", "--load", "-f"],
    rules: &[Rule::asks("**", edits)],
    abbreviates: false,
    ..PLAIN
};

fn searches(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let program = matched.call.words.first().map(Word::text).unwrap_or_default();
    if program.starts_with("bat") { shows(matched, judge) } else { looks(matched, judge) }
}

fn filters(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let program = matched.call.words.first().map(Word::text).unwrap_or_default();
    match program {
        "crudini" => matched.does(IN_PLACE, Named::Operands, judge),
        "sd" if matched.operands.len() > 2 && !matched.has("-p") => {
            matched.does(IN_PLACE, Named::Operands, judge);
        }
        "dasel"
            if matched.operands.first().is_some_and(|word| word.is("put") || word.is("delete")) =>
        {
            matched.does(IN_PLACE, Named::Operands, judge);
        }
        _ => shows(matched, judge),
    }
}

/// Runs the pager given in an option.
fn pager(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let pagers: Vec<Word> = matched.values(&["-P", "--pager"]).cloned().collect();
    for pager in pagers {
        judge.script(&pager, matched.call.variables, matched.call.stdin);
    }
    looks(matched, judge);
}

fn pages(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    for word in &matched.operands {
        let text = word.text();
        let command = text.starts_with('+').then(|| text.find('!')).flatten();
        if let Some(at) = command {
            judge.script(&word.after(at + 1), matched.call.variables, matched.call.stdin);
        }
    }
    if let Some(filter) = matched.call.variables.get("LESSOPEN") {
        judge.opaque(filter.span(), "the pager runs this on every file");
    }
    shows(matched, judge);
}

fn sets_date(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let number = |word: &&&Word| word.text().starts_with(|first: char| first.is_ascii_digit());
    if matched.operands.iter().find(number).is_some() && !matched.has("-j") {
        matched.does(SETS_CLOCK, Named::Operands, judge);
    } else {
        looks(matched, judge);
    }
}

/// An editor that is told its commands on the command line may run anything.
fn edits(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let told = ["-c", "-S", "-s", "--cmd", "--eval", "-l", "--load", "-es", "-u", "-f", "--batch"];
    let commands = told.iter().any(|option| matched.has(option))
        || matched
            .operands
            .iter()
            .any(|word| word.text().starts_with('+') && word.text().len() > 1);
    if commands || *matched.call.stdin != crate::classify::Data::Nothing {
        judge.opaque(matched.call.span(), "what an editor is told to do is not read");
    } else {
        matched.does(IN_PLACE, Named::Operands, judge);
    }
}
