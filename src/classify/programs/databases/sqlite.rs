//! `sqlite3` and kin.
//!
//! From <https://sqlite.org/cli.html> and the help of version 3.50, 2026-11; `duckdb` from
//! <https://duckdb.org/docs/stable/clients/cli/overview>.

use super::{
    super::{Cli, Does, How, Matched, Program, Rule, Style as Options},
    client::{DEEPEST, file, typed},
    script::{Part, Style, parts},
};
use crate::{
    classify::{Data, Dialect, Judge, Variables, Word},
    domain::{PlaceKind, Verb},
};

const SERVICE: &str = "sqlite";

/// The programs of this file.
pub(super) const SQLITE: Program = Program {
    names: &["sqlite3", "sqlite", "sqlcipher", "duckdb", "libsql", "litecli"],
    how: How::Table(&CLI),
};

static CLI: Cli = Cli {
    style: Options::Single,
    valued: &[
        "-cmd",
        "-init",
        "-separator",
        "-newline",
        "-nullvalue",
        "-maxsize",
        "-mmap",
        "-vfs",
        "-lookaside",
        "-pagecache",
        "-heap",
        "-escape",
        "-c",
        "-s",
        "-f",
        "-key",
        "-storage-version",
    ],
    places: &[],
    harmless: &["-help", "-version", "-h"],
    rules: &[Rule::asks("", run), Rule::asks("*", run)],
    otherwise: Does::Asks(run),
    ..Cli::new(SERVICE)
};

fn run(m: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let database = m.path.first().copied();
    if let Some(database) = database {
        judge.place(PlaceKind::Name, database);
    }
    let mut reader = Reader {
        pieces: Vec::new(),
        m,
        depth: 0,
        reads_only: m.has("-readonly")
            || database.is_some_and(|word| word.text().contains("mode=ro")),
    };
    let mut given = false;
    for option in &m.options {
        let Some(value) = &option.value else { continue };
        match option.name.as_str() {
            "-cmd" => reader.script(value, judge),
            "-c" | "-s" => {
                given = true;
                reader.script(value, judge);
            }
            "-init" | "-f" => {
                given |= option.name == "-f";
                reader.include(value, judge);
            }
            _ => {}
        }
    }
    for sql in &m.operands {
        given = true;
        reader.script(sql, judge);
    }
    if !given && let Some(text) = typed(m, judge) {
        reader.script(&text, judge);
    }
    if reader.reads_only && reader.pieces.iter().all(|piece| !piece.may_inject()) {
        // The file is open for reading: statements that would change it fail.
        let attaches = reader.pieces.iter().any(|piece| {
            let text = piece.text().to_ascii_lowercase();
            ["attach", "into", "writefile", "load_extension", "edit("]
                .iter()
                .any(|word| text.contains(word))
        });
        if !attaches {
            let at = m.span();
            let name = database.map(|word| judge.name(word)).unwrap_or_default();
            return judge.reads(SERVICE, name, at);
        }
    }
    judge.sql_session(&reader.pieces, Dialect::Sqlite, SERVICE);
}

struct Reader<'m, 'a, 'c> {
    pieces: Vec<Word>,
    m: &'m Matched<'a, 'c>,
    depth: u8,
    reads_only: bool,
}

impl Reader<'_, '_, '_> {
    fn include(&mut self, name: &Word, judge: &mut Judge<'_>) {
        if self.depth == DEEPEST {
            return judge.opaque(name.span(), "files are included deeper than is read");
        }
        let text = if name.is("-") || name.is("/dev/stdin") {
            typed(self.m, judge)
        } else {
            file(name, judge)
        };
        if let Some(text) = text {
            self.depth += 1;
            self.script(&text, judge);
            self.depth -= 1;
        }
    }

    fn script(&mut self, script: &Word, judge: &mut Judge<'_>) {
        let length = u32::try_from(script.text().len() / 64).unwrap_or(u32::MAX);
        if !judge.step(length + 1, script.span()) {
            return;
        }
        for part in parts(script, Style::Sqlite) {
            match part {
                Part::Sql(sql) => self.pieces.push(sql),
                Part::Command(command) => self.command(&command, judge),
            }
        }
    }

    #[allow(clippy::too_many_lines)] // One arm a command: a table.
    fn command(&mut self, command: &Word, judge: &mut Judge<'_>) {
        let text = command.text();
        let end = text.find(char::is_whitespace).unwrap_or(text.len());
        let name = &text[1.min(end)..end];
        let rest = command.after(end);
        let blank = rest.text().len() - rest.text().trim_start().len();
        let rest = rest.part(blank..blank + rest.text().trim().len());
        let at = command.span();
        match name {
            "shell" | "system" => {
                judge.script(&rest, &Variables::default(), &Data::Nothing);
            }
            "read" => {
                if let Some(pipe) = rest.text().strip_prefix('|') {
                    let skip = rest.text().len() - pipe.len();
                    judge.script(&rest.after(skip), &Variables::default(), &Data::Nothing);
                    judge.opaque(at, "what the command prints is run as SQL");
                } else {
                    self.include(&rest, judge);
                }
            }
            "import" => {
                if let Some(pipe) = rest.text().find('|') {
                    let from = &rest.text()[pipe + 1..];
                    let end = from.rfind(['"', '\'']).unwrap_or(from.len());
                    let script = rest.part(pipe + 1..pipe + 1 + end);
                    judge.script(&script, &Variables::default(), &Data::Nothing);
                }
                let back = "delete the rows that were added";
                judge.changes(Verb::Create, SERVICE, rest.text(), at, back);
            }
            "restore" => judge.destroys(
                Verb::Delete,
                SERVICE,
                rest.text(),
                at,
                "what was in the database is overwritten",
            ),
            "backup" | "save" | "clone" | "output" | "once" | "excel" | "log" | "archive"
            | "ar" => {
                if let Some(pipe) = rest.text().strip_prefix('|') {
                    let skip = rest.text().len() - pipe.len();
                    judge.script(&rest.after(skip), &Variables::default(), &Data::Unknown(at));
                } else if rest.text().is_empty() || rest.text() == "stdout" {
                    judge.reads(SERVICE, "", at);
                } else {
                    judge.changes(Verb::Create, "files", rest.text(), at, "remove the file");
                }
            }
            "load" => judge.opaque(at, "what the extension does is not known"),
            "open" => {
                self.reads_only &= rest.text().contains("--readonly");
                judge.reads(SERVICE, rest.text(), at);
            }
            "filectrl" | "dbconfig" | "session" | "auth" | "testctrl" | "imposter" => {
                judge.changes(Verb::Update, SERVICE, rest.text(), at, "set it back");
            }
            "sha3sum"
            | "bail"
            | "cd"
            | "changes"
            | "check"
            | "connection"
            | "crlf"
            | "databases"
            | "dbinfo"
            | "dbtotxt"
            | "dump"
            | "echo"
            | "eqp"
            | "exit"
            | "expert"
            | "explain"
            | "fullschema"
            | "header"
            | "headers"
            | "help"
            | "indexes"
            | "indices"
            | "intck"
            | "limit"
            | "lint"
            | "mode"
            | "nonce"
            | "nullvalue"
            | "parameter"
            | "print"
            | "progress"
            | "prompt"
            | "quit"
            | "recover"
            | "scanstats"
            | "schema"
            | "selftest"
            | "separator"
            | "show"
            | "stats"
            | "tables"
            | "timeout"
            | "timer"
            | "trace"
            | "unmodule"
            | "version"
            | "vfsinfo"
            | "vfslist"
            | "vfsname"
            | "width"
            | "www"
            | "maxrows"
            | "columns"
            | "timeouts"
            | "binary"
            | "highlight"
            | "large_number_rendering"
            | "rows"
            | "edit" => {
                judge.reads(SERVICE, rest.text(), at);
            }
            _ => judge.opaque(at, "this command is not known"),
        }
    }
}
