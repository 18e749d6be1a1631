//! `mysql`, `mariadb` and their tools.
//!
//! From the reference manuals of `MySQL` 9 (<https://dev.mysql.com/doc/refman/9.0/en/programs.html>)
//! and `MariaDB` 11, 2026-11.

use super::{
    super::{Cli, Does, How, Matched, Named, Program, Rule},
    client::{DEEPEST, connection, file, typed},
    script::{Part, Style, parts},
};
use crate::{
    classify::{Data, Dialect, Judge, Variables, Word},
    domain::{PlaceKind, Verb},
};

const SERVICE: &str = "mysql";
const HARMLESS: &[&str] = &["--help", "-?", "-I", "--version", "-V", "--print-defaults"];
const PLACES: &[(&str, PlaceKind)] = &[
    ("-h", PlaceKind::Host),
    ("--host", PlaceKind::Host),
    ("--login-path", PlaceKind::Name),
    ("--defaults-group-suffix", PlaceKind::Name),
    ("MYSQL_HOST", PlaceKind::Host),
];

/// The programs of this file.
pub(super) const PROGRAMS: &[Program] = &[MYSQL, DUMP, ADMIN, IMPORT, CHECK, LOOK, ONLINE];

/// The client.
const MYSQL: Program =
    Program { names: &["mysql", "mariadb", "mycli", "mysqlsh-sql"], how: How::Table(&CLIENT) };

static CLIENT: Cli = Cli {
    valued: &[
        "-D",
        "--database",
        "-e",
        "--execute",
        "-P",
        "--port",
        "-S",
        "--socket",
        "-u",
        "--user",
        "--protocol",
        "--default-character-set",
        "--delimiter",
        "--init-command",
        "--ssl-ca",
        "--ssl-cert",
        "--ssl-key",
        "--ssl-mode",
        "--connect-timeout",
        "--max-allowed-packet",
        "--defaults-file",
        "--defaults-extra-file",
        "--pager",
        "--prompt",
        "--tee",
    ],
    flags: &[
        "--batch",
        "--silent",
        "--skip-column-names",
        "--raw",
        "--table",
        "--vertical",
        "--force",
        "--no-defaults",
        "--password",
        "--ssl",
        "--compress",
        "--quick",
        "--verbose",
        "--html",
        "--xml",
        "--no-auto-rehash",
        "--safe-updates",
        "--i-am-a-dummy",
        "--column-names",
        "--local-infile",
        "--skip-ssl",
        "--no-beep",
        "--unbuffered",
        "--wait",
        "--reconnect",
        "--csv",
        "--binary-mode",
        "--comments",
        "--show-warnings",
    ],
    places: PLACES,
    attached: &["-p"],
    harmless: HARMLESS,
    abbreviates: true,
    rules: &[Rule::asks("", run), Rule::asks("*", run)],
    otherwise: Does::Asks(run),
    ..Cli::new(SERVICE)
};

fn run(m: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let named: Vec<Word> =
        m.values(&["-D", "--database"]).chain(m.path.iter().copied()).cloned().collect();
    for place in &named {
        connection(place, judge);
    }
    let mut reader = Reader { pieces: Vec::new(), m, depth: 0 };
    let mut given = false;
    for option in &m.options {
        let Some(value) = &option.value else { continue };
        match option.name.as_str() {
            "-e" | "--execute" => {
                given = true;
                reader.script(value, judge);
            }
            "--init-command" => reader.script(value, judge),
            "--pager" if value.text() != "cat" => {
                judge.script(value, m.call.variables, &Data::Nothing);
            }
            "--tee" => {
                let name = judge.name(value);
                judge.changes(Verb::Create, "files", name, value.span(), "remove the file");
            }
            _ => {}
        }
    }
    if !given && let Some(text) = typed(m, judge) {
        reader.script(&text, judge);
    }
    judge.sql_session(&reader.pieces, Dialect::MySql, SERVICE);
}

struct Reader<'m, 'a, 'c> {
    pieces: Vec<Word>,
    m: &'m Matched<'a, 'c>,
    depth: u8,
}

impl Reader<'_, '_, '_> {
    fn script(&mut self, script: &Word, judge: &mut Judge<'_>) {
        let length = u32::try_from(script.text().len() / 64).unwrap_or(u32::MAX);
        if !judge.step(length + 1, script.span()) {
            return;
        }
        for part in parts(script, Style::MySql) {
            match part {
                Part::Sql(sql) => self.pieces.push(sql),
                Part::Command(command) => self.command(&command, judge),
            }
        }
    }

    fn command(&mut self, command: &Word, judge: &mut Judge<'_>) {
        let text = command.text();
        let end = if text.starts_with('\\') {
            2.min(text.len())
        } else {
            text.find(char::is_whitespace).unwrap_or(text.len())
        };
        let name = text.get(..end).unwrap_or_default().to_ascii_lowercase();
        let rest = command.after(end);
        let blank = rest.text().len() - rest.text().trim_start().len();
        let rest = rest.after(blank);
        let last = rest.text().trim_end().trim_end_matches(';').trim_end().len();
        let rest = rest.part(0..last);
        match name.as_str() {
            "source" | "\\." => {
                if self.depth == DEEPEST {
                    return judge.opaque(rest.span(), "files are included deeper than is read");
                }
                if let Some(text) = file(&rest, judge) {
                    self.depth += 1;
                    self.script(&text, judge);
                    self.depth -= 1;
                }
            }
            "system" | "\\!" => {
                judge.script(&rest, &Variables::default(), &Data::Nothing);
            }
            "pager" | "\\p" if !rest.text().is_empty() && name == "pager" => {
                judge.script(&rest, &Variables::default(), &Data::Unknown(command.span()));
            }
            "tee" => {
                let name = judge.name(&rest);
                judge.changes(Verb::Create, "files", name, command.span(), "remove the file");
            }
            "edit" | "\\e" => {
                judge.opaque(self.m.call.span(), "what is typed into the editor is not known");
            }
            _ => judge.reads(SERVICE, "", command.span()),
        }
    }
}

/// `mysqldump` and its kin.
const DUMP: Program = Program {
    names: &["mysqldump", "mariadb-dump", "mysqlpump", "mydumper"],
    how: How::Table(&DUMPS),
};

static DUMPS: Cli = Cli {
    valued: &[
        "-u",
        "--user",
        "-P",
        "--port",
        "-S",
        "--socket",
        "-r",
        "--result-file",
        "-w",
        "--where",
        "--ignore-table",
        "-T",
        "--tab",
        "--databases-file",
    ],
    flags: &[
        "--single-transaction",
        "--all-databases",
        "--databases",
        "--no-data",
        "--routines",
        "--triggers",
        "--events",
        "--quick",
        "--no-create-info",
        "--add-drop-table",
        "--add-drop-database",
        "--password",
        "--no-tablespaces",
        "--skip-lock-tables",
        "--column-statistics",
        "--set-gtid-purged",
        "--master-data",
        "--source-data",
        "--dump-slave",
    ],
    places: PLACES,
    attached: &["-p"],
    harmless: HARMLESS,
    otherwise: Does::Reads,
    rules: &[Rule::reads("").when(DUMP_WHEN), Rule::reads("*").when(DUMP_WHEN)],
    ..Cli::new(SERVICE)
};

const DUMP_WHEN: &[(&str, Does)] = &[
    (
        "--delete-master-logs",
        Does::Destroys(Verb::Delete, "the binary logs on the server are gone"),
    ),
    (
        "--delete-source-logs",
        Does::Destroys(Verb::Delete, "the binary logs on the server are gone"),
    ),
    ("--flush-logs", Does::Changes(Verb::Run, "nothing is lost")),
    ("-F", Does::Changes(Verb::Run, "nothing is lost")),
    ("-r", Does::Changes(Verb::Create, "remove the file")),
    ("--result-file", Does::Changes(Verb::Create, "remove the file")),
    ("-T", Does::Changes(Verb::Create, "remove the files")),
    ("--tab", Does::Changes(Verb::Create, "remove the files")),
];

/// `mysqladmin`.
const ADMIN: Program =
    Program { names: &["mysqladmin", "mariadb-admin"], how: How::Table(&ADMINS) };

static ADMINS: Cli = Cli {
    valued: &[
        "-u",
        "--user",
        "-P",
        "--port",
        "-S",
        "--socket",
        "-i",
        "--sleep",
        "-c",
        "--count",
        "-w",
        "--wait",
        "--connect-timeout",
        "--shutdown-timeout",
        "--protocol",
    ],
    flags: &["--force", "--silent", "--password", "--verbose", "--relative", "--no-beep", "--ssl"],
    places: PLACES,
    attached: &["-p"],
    harmless: HARMLESS,
    rules: &[Rule::asks("*", admin)],
    ..Cli::new(SERVICE)
};

/// Several commands may stand one after the other.
fn admin(m: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let words: Vec<&Word> = m.path.iter().chain(&m.operands).copied().collect();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        let at = m.span().with(word.span());
        let Some(command) = word.known() else {
            judge.opaque(word.span(), "which command runs is not known");
            continue;
        };
        match command {
            "drop" => {
                let name = words.next().map(|word| judge.name(word)).unwrap_or_default();
                judge.destroys(
                    Verb::Delete,
                    SERVICE,
                    name,
                    at,
                    "the database and everything in it are gone",
                );
            }
            "create" => {
                let name = words.next().map(|word| judge.name(word)).unwrap_or_default();
                judge.changes(Verb::Create, SERVICE, name, at, "drop it again");
            }
            "kill" => {
                let name = words.next().map(|word| judge.name(word)).unwrap_or_default();
                judge.changes(Verb::Delete, SERVICE, name, at, "the session has to connect again");
            }
            "password" | "old-password" => {
                words.next();
                judge.changes(Verb::Grant, SERVICE, "", at, "set the earlier password");
            }
            "status" | "extended-status" | "processlist" | "proc" | "variables" | "ping"
            | "version" | "ver" | "stat" | "ext" | "var" | "pro" => judge.reads(SERVICE, "", at),
            "shutdown" => judge.changes(Verb::Update, SERVICE, "", at, "start the server again"),
            "start-slave" | "stop-slave" | "start-replica" | "stop-replica"
            | "start-all-slaves" | "stop-all-slaves" => {
                judge.changes(Verb::Update, SERVICE, "", at, "start or stop it again");
            }
            "reload" | "refresh" | "debug" => {
                judge.changes(Verb::Run, SERVICE, "", at, "nothing is lost");
            }
            _ if command.starts_with("flush-") => {
                judge.changes(Verb::Run, SERVICE, "", at, "nothing is lost");
            }
            _ => judge.opaque(at, "this subcommand is not known"),
        }
    }
}

/// `mysqlimport`.
const IMPORT: Program =
    Program { names: &["mysqlimport", "mariadb-import", "myloader"], how: How::Table(&IMPORTS) };

static IMPORTS: Cli = Cli {
    valued: &[
        "-u",
        "--user",
        "-P",
        "--port",
        "-S",
        "--socket",
        "--columns",
        "-c",
        "--fields-terminated-by",
        "--directory",
        "--database",
        "-B",
    ],
    places: PLACES,
    attached: &["-p"],
    harmless: HARMLESS,
    rules: &[
        Rule::creates("", "delete the rows that were added").when(IMPORT_WHEN),
        Rule::creates("*", "delete the rows that were added").when(IMPORT_WHEN),
    ],
    ..Cli::new(SERVICE)
};

const IMPORT_WHEN: &[(&str, Does)] = &[
    ("-d", Does::Destroys(Verb::Delete, "the rows that were in the tables are gone")),
    ("--delete", Does::Destroys(Verb::Delete, "the rows that were in the tables are gone")),
    ("--overwrite-tables", Does::Destroys(Verb::Delete, "the tables that were there are gone")),
    ("-o", Does::Destroys(Verb::Delete, "the tables that were there are gone")),
];

/// `mysqlcheck`.
const CHECK: Program =
    Program { names: &["mysqlcheck", "mariadb-check"], how: How::Table(&CHECKS) };

static CHECKS: Cli = Cli {
    valued: &["-u", "--user", "-P", "--port", "-S", "--socket"],
    places: PLACES,
    attached: &["-p"],
    harmless: HARMLESS,
    rules: &[Rule::reads("").when(CHECK_WHEN), Rule::reads("*").when(CHECK_WHEN)],
    ..Cli::new(SERVICE)
};

const CHECK_WHEN: &[(&str, Does)] = &[
    ("-r", Does::Changes(Verb::Run, "nothing is lost")),
    ("--repair", Does::Changes(Verb::Run, "nothing is lost")),
    ("--auto-repair", Does::Changes(Verb::Run, "nothing is lost")),
    ("-o", Does::Changes(Verb::Run, "nothing is lost")),
    ("--optimize", Does::Changes(Verb::Run, "nothing is lost")),
    ("-a", Does::Changes(Verb::Run, "nothing is lost")),
    ("--analyze", Does::Changes(Verb::Run, "nothing is lost")),
];

/// `mysqlbinlog` and `mysqlshow`, which only look.
const LOOK: Program = Program {
    names: &[
        "mysqlbinlog",
        "mariadb-binlog",
        "mysqlshow",
        "mariadb-show",
        "mysqldumpslow",
        "mysqlslap-report",
        "pt-query-digest",
        "pt-show-grants",
        "pt-summary",
        "pt-mysql-summary",
        "pt-duplicate-key-checker",
    ],
    how: How::Table(&LOOKS),
};

static LOOKS: Cli = Cli {
    places: PLACES,
    attached: &["-p"],
    harmless: HARMLESS,
    otherwise: Does::Reads,
    ..Cli::new(SERVICE)
};

/// Tools that change big tables bit by bit. They only try unless told `--execute`.
const ONLINE: Program = Program {
    names: &[
        "gh-ost",
        "pt-online-schema-change",
        "pt-table-sync",
        "pt-archiver",
        "pt-kill",
        "pt-slave-restart",
    ],
    how: How::Code(online),
};

static ONLINES: Cli = Cli {
    style: super::super::Style::Single,
    valued: &[
        "-alter",
        "-user",
        "-password",
        "-database",
        "-table",
        "-host",
        "-source",
        "-where",
        "-dest",
        "-conf",
        "-chunk-size",
        "-max-load",
        "-critical-load",
        "-alter-foreign-keys-method",
        "-limit",
        "-file",
        "-recursion-method",
        "-set-vars",
        "-busy-time",
        "-match-user",
        "-match-command",
        "-port",
    ],
    places: &[("-host", PlaceKind::Host)],
    harmless: &["-help", "-version"],
    otherwise: Does::Asks(changing),
    rules: &[Rule::asks("", changing).named(Named::Nothing), Rule::asks("*", changing)],
    ..Cli::new(SERVICE)
};

fn online(call: &crate::classify::Call<'_>, judge: &mut Judge<'_>) {
    super::super::table::judge(&ONLINES, call, judge);
}

fn changing(m: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let program = m.call.words.first().map(Word::text).unwrap_or_default();
    let program = program.rsplit('/').next().unwrap_or_default();
    let at = m.call.span();
    let acts = match program {
        "pt-archiver" => !m.has("-dry-run"),
        "pt-kill" => m.has("-kill") || m.has("-kill-query"),
        "pt-slave-restart" => true,
        _ => m.has("-execute"),
    };
    if !acts {
        return judge.reads(SERVICE, "", at);
    }
    match program {
        "gh-ost" | "pt-online-schema-change" => {
            let alter = m.value("-alter");
            let named = m.path.iter().chain(&m.operands).find_map(|dsn| {
                let part = dsn.text().split(',').find_map(|part| part.strip_prefix("t="))?;
                Some(part.to_owned())
            });
            let table = m.value("-table").map(|word| judge.name(word)).or(named);
            let table = table.filter(|table| !table.is_empty()).unwrap_or_else(|| "a_table".into());
            match alter {
                Some(alter) => {
                    let whole =
                        Word::made(format!("ALTER TABLE {table} {}", alter.text()), alter.span());
                    judge.sql(&whole, Dialect::MySql, SERVICE);
                }
                None => judge.opaque(at, "what it alters is not known"),
            }
        }
        "pt-archiver" if !m.has("-no-delete") => {
            judge.destroys(
                Verb::Delete,
                SERVICE,
                "",
                at,
                "the rows it archives are gone from the table",
            );
        }
        "pt-table-sync" => judge.destroys(
            Verb::Delete,
            SERVICE,
            "",
            at,
            "rows that differ are overwritten or deleted",
        ),
        _ => judge.changes(Verb::Update, SERVICE, "", at, "by what it has changed"),
    }
}
