//! Programs that copy files to and from other hosts.
//!
//! From <https://download.samba.org/pub/rsync/rsync.1>, <https://man.openbsd.org/scp>,
//! <https://man.openbsd.org/sftp>, <https://lftp.yar.ru/lftp-man.html> and <https://rclone.org/commands/>,
//! 2026-11.

use super::{
    super::{Cli, Does, Matched, Named, Program, Rule},
    COMMANDS, PLAIN,
    secrets::{is_sensitive, names_secret},
};
use crate::{
    classify::{Data, Judge, Word},
    domain::{PlaceKind, Verb},
};

pub(super) const PROGRAMS: &[Program] = &[
    Program::table(&["rsync"], &RSYNC),
    Program::table(&["scp", "pscp"], &SCP),
    Program::table(&["sftp", "ftp", "psftp", "ncftp"], &SFTP),
    Program::table(&["lftp"], &LFTP),
    Program::table(&["rclone"], &RCLONE),
    Program::table(
        &["croc", "magic-wormhole", "wormhole", "transfer", "ffsend", "termbin"],
        &SENDS,
    ),
    Program::table(&["restic", "borg", "duplicity", "kopia", "rdiff-backup", "bup"], &BACKUPS),
];

const OVER: &str = "the files that are not at the source are gone at the target";
const LEAKED: &str = "the secret is out on another host";
const COPIES: &str = "remove the copies, or put the old files back";

static RSYNC: Cli = Cli {
    abbreviates: false,
    valued: &[
        "-e",
        "--rsh",
        "-f",
        "--filter",
        "-B",
        "-T",
        "-M",
        "--remote-option",
        "--rsync-path",
        "--exclude",
        "--include",
        "--exclude-from",
        "--include-from",
        "--files-from",
        "--bwlimit",
        "--backup-dir",
        "--suffix",
        "--max-size",
        "--min-size",
        "--timeout",
        "--contimeout",
        "--compare-dest",
        "--copy-dest",
        "--link-dest",
        "--chmod",
        "--chown",
        "--usermap",
        "--groupmap",
        "--log-file",
        "--log-file-format",
        "--out-format",
        "--password-file",
        "--port",
        "--partial-dir",
        "--temp-dir",
        "--max-delete",
        "--modify-window",
        "--info",
        "--debug",
        "--compress-level",
        "--address",
        "--block-size",
        "--stop-after",
        "--early-input",
        "--protocol",
        "--iconv",
        "--checksum-choice",
    ],
    rules: &[Rule::asks("**", rsync)],
    ..PLAIN
};
static SCP: Cli = Cli {
    valued: &["-i", "-P", "-o", "-F", "-S", "-c", "-l", "-J", "-D", "-X"],
    abbreviates: false,
    rules: &[Rule::asks("**", scp)],
    ..PLAIN
};
static SFTP: Cli = Cli {
    valued: &["-i", "-P", "-o", "-F", "-S", "-b", "-c", "-l", "-J", "-B", "-R", "-D", "-s", "-X"],
    abbreviates: false,
    rules: &[Rule::asks("**", sftp)],
    ..PLAIN
};
static LFTP: Cli = Cli {
    valued: &["-u", "-p", "-e", "-c", "-f", "--user", "--port"],
    abbreviates: false,
    rules: &[Rule::asks("**", lftp)],
    ..PLAIN
};
static SENDS: Cli = Cli { rules: &[Rule::asks("**", sends)], ..PLAIN };

static RCLONE: Cli = Cli {
    service: "rclone",
    valued: &[
        "--config",
        "--include",
        "--exclude",
        "--filter",
        "--filter-from",
        "--transfers",
        "--checkers",
        "--bwlimit",
        "--min-age",
        "--max-age",
        "--min-size",
        "--max-size",
        "--log-file",
        "--log-level",
        "--backup-dir",
        "--suffix",
        "--files-from",
        "--max-depth",
        "--s3-acl",
    ],
    flags: &[
        "--progress",
        "--verbose",
        "--dry-run",
        "--interactive",
        "--fast-list",
        "--recursive",
        "--checksum",
        "--immutable",
    ],
    rules: &[
        Rule::reads(
            "ls|lsl|lsd|lsf|lsjson|size|tree|about|check|cryptcheck|checksum|cat|md5sum|\
             sha1sum|hashsum|listremotes|version|help|ncdu|test|obscure|completion|\
             genautocomplete",
        ),
        Rule::reads("config|backend show|file|paths|dump|userinfo|providers|features"),
        Rule::updates("copy|copyto|copyurl|mkdir|touch|rcat|mount|settier|selfupdate", COPIES)
            .dry(DRY),
        Rule::updates("move|moveto", "move it back").dry(DRY),
        Rule::deletes("sync|bisync", OVER).dry(DRY),
        Rule::deletes("delete|deletefile|purge|cleanup|dedupe", "the files are gone").dry(DRY),
        Rule::updates("rmdir|rmdirs", "make the empty directory again").dry(DRY),
        Rule::updates("config", "set it back"),
        Rule::deletes("config delete", "the remote's settings and its token are gone"),
        Rule::leaks("link", "whoever has the link can read it"),
        Rule::runs("serve|rc|rcd|nfsmount|authorize|gui", "stop it"),
    ],
    ..COMMANDS
};
const DRY: &[&str] = &["-n", "--dry-run"];

static BACKUPS: Cli = Cli {
    service: "backups",
    valued: &[
        "-r",
        "--repo",
        "--password-file",
        "-p",
        "--tag",
        "--host",
        "--path",
        "-H",
        "--target",
        "-t",
        "--exclude",
        "-e",
        "--include",
        "-i",
        "--keep-last",
        "-l",
        "--keep-daily",
        "-d",
        "--keep-weekly",
        "-w",
        "--keep-monthly",
        "-m",
        "--keep-yearly",
        "-y",
        "--keep-within",
        "--keep-hourly",
        "--glob-archives",
        "-a",
        "-P",
        "--prefix",
        "-o",
        "--option",
        "--compression",
        "-C",
    ],
    rules: &[
        Rule::reads(
            "snapshots|ls|list|stats|diff|find|check|cat|dump|info|version|help|verify|\
             status|collection-status|list-current-files|benchmark",
        ),
        Rule::updates(
            "backup|create|init|unlock|rebuild-index|repair|tag|cache|mount|umount|\
             extract|restore|copy|migrate|compact|upgrade|break-lock|rename|export-tar|\
             import-tar|incremental|full|snapshot|repository|connect|serve|with-lock|\
             config",
            "remove what was made",
        ),
        Rule::deletes(
            "forget|prune|delete|recreate|remove|remove-older-than|remove-all-but-n-full|\
             remove-all-inc-of-but-n-full|cleanup",
            "the backups are gone",
        )
        .dry(&["-n", "--dry-run", "--dry"]),
        Rule::deletes(
            "key remove|passwd|change-passphrase",
            "the old key opens the backups no more",
        ),
        Rule::updates("key add", "remove the key again"),
        Rule::reads("key list"),
        Rule::reads("snapshot list|verify"),
        Rule::deletes("snapshot delete|expire", "the backups are gone"),
    ],
    ..Cli::new("backups")
};

/// The host of `user@host:path` or of a URL; nothing for a path on this machine.
fn host(word: &Word) -> Option<Word> {
    let text = word.text();
    let (start, rest) = match text.find("://") {
        Some(at) => (at + 3, &text[at + 3..]),
        None => (0, text),
    };
    let end = if start > 0 { rest.find(['/', ':']).unwrap_or(rest.len()) } else { rest.find(':')? };
    if rest[..end].contains('/') || (start == 0 && end == 1) {
        return None;
    }
    let user = rest[..end].rfind('@').map_or(0, |at| at + 1);
    Some(word.part(start + user..start + end))
}

/// Copies `sources` to `target`, and says whether that goes to another host.
fn copies(matched: &Matched<'_, '_>, gone: bool, judge: &mut Judge<'_>) {
    for word in &matched.operands {
        if let Some(host) = host(word) {
            judge.place(PlaceKind::Host, &host);
        }
    }
    let Some((target, sources)) = matched.operands.split_last() else {
        return matched.does(Does::Reads, Named::Nothing, judge);
    };
    if sources.is_empty() {
        return matched.does(Does::Reads, Named::Operands, judge);
    }
    if host(target).is_some() {
        for word in sources.iter().filter(|word| host(word).is_none() && names_secret(word)) {
            let name = judge.name(word);
            judge.destroys(Verb::Reveal, "files", name, word.span(), LEAKED);
        }
    }
    let does =
        if gone { Does::Destroys(Verb::Delete, OVER) } else { Does::Changes(Verb::Create, COPIES) };
    matched.does(does, Named::Operands, judge);
}

fn rsync(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    for (option, plain) in [("-e", "ssh"), ("--rsh", "ssh"), ("--rsync-path", "rsync")] {
        let commands: Vec<Word> = matched.values(&[option]).cloned().collect();
        for command in commands.iter().filter(|command| !harmless(command, plain)) {
            judge.script(command, matched.call.variables, &Data::Nothing);
        }
    }
    if let Some(shell) =
        matched.call.variables.get("RSYNC_RSH").filter(|shell| !harmless(shell, "ssh"))
    {
        judge.script(shell, matched.call.variables, &Data::Nothing);
    }
    if ["-n", "--dry-run", "--list-only"].iter().any(|option| matched.has(option)) {
        return matched.does(Does::Reads, Named::Operands, judge);
    }
    let gone = matched.options.iter().any(|given| given.name.starts_with("--del"));
    copies(matched, gone, judge);
    if let Some(word) =
        matched.call.arguments().iter().find(|word| judge.speaks_of_options(word) && !gone)
    {
        judge.opaque(word.span(), "a word of unknown value may be --delete");
    }
}

/// Whether a command only is the program it always is, with plain options.
fn harmless(command: &Word, program: &str) -> bool {
    let mut words = command.text().split_whitespace();
    let first = words.next().unwrap_or_default();
    let first = if first == "sudo" { words.next().unwrap_or_default() } else { first };
    let plain = !command.text().contains([';', '|', '&', '$', '`', '<', '>', '(', '\n']);
    first.rsplit('/').next() == Some(program) && plain && !command.text().contains("Command")
}

fn scp(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    ssh_options(matched, judge);
    copies(matched, false, judge);
}

/// `-S program` and `-o ProxyCommand=…` run something here.
fn ssh_options(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let options: Vec<Word> = matched.values(&["-o"]).cloned().collect();
    for option in options {
        let text = option.text();
        let lower = text.to_ascii_lowercase();
        if let Some(name) = ["proxycommand", "localcommand", "knownhostscommand"]
            .iter()
            .find(|name| lower.starts_with(**name))
        {
            judge.script(
                &option.after((name.len() + 1).min(text.len())),
                matched.call.variables,
                &Data::Nothing,
            );
        }
    }
    for program in matched.values(&["-S", "-D"]).filter(|word| !word.is("ssh")) {
        judge.opaque(program.span(), "this option runs another program");
    }
}

fn sftp(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    ssh_options(matched, judge);
    for word in &matched.operands {
        judge.place(PlaceKind::Host, &host(word).unwrap_or_else(|| (*word).clone()));
    }
    let batch = matched.value("-b").filter(|file| !file.is("-"));
    let commands = match (batch, matched.call.stdin) {
        (Some(file), _) => match file.known().and_then(|name| judge.file(name)) {
            Some(text) => Some(Word::made(text, file.span())),
            None => {
                return judge.opaque(file.span(), "the commands stand in a file that is not given");
            }
        },
        (None, Data::Text(text)) => Some(text.clone()),
        (None, Data::Unknown(span)) => {
            return judge.opaque(*span, "what it is told to do is not known");
        }
        (None, Data::Nothing) => None,
    };
    match commands {
        Some(commands) => transfers(&commands, '\n', matched, judge),
        None if matched.operands.iter().any(|word| word.text().contains(':')) => {
            matched.does(Does::Changes(Verb::Create, COPIES), Named::Operands, judge);
        }
        None => matched.does(Does::Reads, Named::Operands, judge),
    }
}

fn lftp(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    for word in &matched.operands {
        judge.place(PlaceKind::Host, &host(word).unwrap_or_else(|| (*word).clone()));
    }
    let given: Vec<Word> = matched.values(&["-e", "-c"]).cloned().collect();
    for commands in &given {
        transfers(commands, ';', matched, judge);
    }
    if matched.has("-f") || matches!(matched.call.stdin, Data::Unknown(_)) {
        judge.opaque(matched.call.span(), "what it is told to do is not known");
    }
    if let Data::Text(text) = matched.call.stdin {
        transfers(text, '\n', matched, judge);
    } else if given.is_empty() {
        matched.does(Does::Reads, Named::Operands, judge);
    }
}

/// Judges the commands of a file transfer program.
fn transfers(commands: &Word, between: char, matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let mut at = 0;
    for line in commands.text().split([between, '\n']) {
        let part = commands.part(at..at + line.len());
        at += line.len() + 1;
        if !judge.step(1, commands.span()) {
            return;
        }
        let trimmed = line.trim().trim_start_matches(['-', '@']);
        let verb = trimmed.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
        let (name, span) = (trimmed.to_owned(), part.span());
        match verb.as_str() {
            _ if verb.starts_with('!') => {
                let from = line.find('!').map_or(0, |bang| bang + 1);
                judge.script(&part.after(from), matched.call.variables, &Data::Nothing);
            }
            "" | "ls" | "dir" | "cd" | "lcd" | "pwd" | "lpwd" | "bye" | "exit" | "quit"
            | "help" | "lls" | "df" | "version" | "progress" | "open" | "user" | "cls" | "du"
            | "find" | "cat" | "set" | "ascii" | "binary" | "bin" | "passive" | "prompt"
            | "hash" | "nlist" | "connect" | "close" | "disconnect" => {
                judge.reads("files", name, span);
            }
            "mirror"
                if trimmed.contains("--delete")
                    || trimmed.split_whitespace().any(|word| word == "-e" || word == "-Re") =>
            {
                judge.destroys(Verb::Delete, "files", name, span, OVER);
            }
            "mirror" if trimmed.contains("--dry-run") => judge.reads("files", name, span),
            "put" | "mput" | "reput" | "send" | "append"
                if trimmed.split_whitespace().any(super::super::secret_files::is_secret) =>
            {
                judge.destroys(Verb::Reveal, "files", name, span, LEAKED);
            }
            "get" | "mget" | "reget" | "recv" | "pget" | "put" | "mput" | "reput" | "send"
            | "append" | "mkdir" | "lmkdir" | "rename" | "mv" | "chmod" | "chown" | "chgrp"
            | "symlink" | "ln" | "copy" | "cp" | "rmdir" | "mirror" => {
                judge.changes(Verb::Update, "files", name, span, COPIES);
            }
            "rm" | "delete" | "mdelete" | "mrm" | "del" | "glob" => {
                judge.destroys(
                    Verb::Delete,
                    "files",
                    name,
                    span,
                    "the files are gone from the host",
                );
            }
            _ => judge.opaque(span, "this command of a file transfer is not known"),
        }
    }
}

/// Sends something to whoever has a code or a link.
fn sends(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let secret = is_sensitive(matched.call.stdin, judge)
        || matched.operands.iter().any(|word| names_secret(word));
    let does = if secret {
        Does::Destroys(Verb::Reveal, LEAKED)
    } else {
        Does::Changes(Verb::Create, "let the link run out")
    };
    matched.does(does, Named::Operands, judge);
}
