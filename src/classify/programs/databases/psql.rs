//! `psql` and clients that take the same options.
//!
//! From the reference of `PostgreSQL` 18 (<https://www.postgresql.org/docs/18/app-psql.html>),
//! 2026-11.

use super::{
    super::{Cli, Does, How, Matched, Program, Rule},
    client::{DEEPEST, connection, file, typed},
    script::{Part, Style, parts},
};
use crate::{
    classify::{Data, Dialect, Judge, Variables, Word},
    domain::{PlaceKind, Verb},
};

const SERVICE: &str = "postgresql";

/// The programs of this file.
pub(super) const PSQL: Program = Program {
    names: &["psql", "ysqlsh", "pgcli", "gsql", "vsql", "edb-psql"],
    how: How::Table(&CLI),
};

static CLI: Cli = Cli {
    valued: &[
        "-c",
        "--command",
        "-d",
        "--dbname",
        "-f",
        "--file",
        "-F",
        "--field-separator",
        "-L",
        "--log-file",
        "-o",
        "--output",
        "-p",
        "--port",
        "-P",
        "--pset",
        "-R",
        "--record-separator",
        "-T",
        "--table-attr",
        "-U",
        "--username",
        "-v",
        "--set",
        "--variable",
        "--user",
        "--list-dsn",
        "-D",
        "--dsn",
        "--prompt",
    ],
    flags: &[
        "--echo-all",
        "--no-align",
        "--csv",
        "--echo-queries",
        "--echo-errors",
        "--echo-hidden",
        "--html",
        "--no-readline",
        "--quiet",
        "--single-step",
        "--single-line",
        "--tuples-only",
        "--no-password",
        "--password",
        "--expanded",
        "--no-psqlrc",
        "--field-separator-zero",
        "--record-separator-zero",
        "--single-transaction",
    ],
    places: &[
        ("-h", PlaceKind::Host),
        ("--host", PlaceKind::Host),
        ("PGHOST", PlaceKind::Host),
        ("PGHOSTADDR", PlaceKind::Host),
        ("PGDATABASE", PlaceKind::Name),
        ("PGSERVICE", PlaceKind::Name),
    ],
    harmless: &["--help", "-?", "--version", "-V", "-l", "--list", "--ping"],
    rules: &[Rule::asks("", run), Rule::asks("*", run)],
    otherwise: Does::Asks(run),
    ..Cli::new(SERVICE)
};

fn run(m: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    // `--help=commands`
    if m.has("--help") {
        return judge.reads(SERVICE, "", m.span());
    }
    let named = m.values(&["-d", "--dbname"]).chain(m.path.iter().copied().take(1));
    let places: Vec<Word> = named.cloned().collect();
    for place in &places {
        connection(place, judge);
    }
    let mut reader = Reader { pieces: Vec::new(), variables: Vec::new(), m, depth: 0 };
    let mut given = false;
    for option in &m.options {
        let Some(value) = &option.value else { continue };
        match option.name.as_str() {
            "-v" | "--set" | "--variable" => reader.variables.push(value.clone()),
            "-c" | "--command" => {
                given = true;
                if value.text().trim_start().starts_with('\\') {
                    reader.script(value, judge);
                } else {
                    reader.pieces.push(value.clone());
                }
            }
            "-f" | "--file" => {
                given = true;
                reader.include(value, judge);
            }
            "-o" | "--output" | "-L" | "--log-file" if !value.is("/dev/stdout") => {
                output(value, judge);
            }
            _ => {}
        }
    }
    if !given && let Some(text) = typed(m, judge) {
        reader.script(&text, judge);
    }
    judge.sql_session(&reader.pieces, Dialect::Postgres, SERVICE);
}

/// Where the output goes: a file, or a shell command.
fn output(to: &Word, judge: &mut Judge<'_>) {
    let text = to.text();
    let blank = text.len() - text.trim_start().len();
    if text.trim_start().starts_with('|') {
        let command = to.after(blank + 1);
        judge.script(&command, &Variables::default(), &Data::Unknown(to.span()));
    } else if !text.trim().is_empty() && !to.is("/dev/null") {
        let name = judge.name(to);
        judge.changes(Verb::Create, "files", name, to.span(), "remove the file");
    }
}

struct Reader<'m, 'a, 'c> {
    pieces: Vec<Word>,
    variables: Vec<Word>,
    m: &'m Matched<'a, 'c>,
    depth: u8,
}

impl Reader<'_, '_, '_> {
    fn include(&mut self, name: &Word, judge: &mut Judge<'_>) {
        let text = if name.is("-") || name.is("/dev/stdin") {
            typed(self.m, judge)
        } else {
            file(name, judge)
        };
        let Some(text) = text else { return };
        if self.depth == DEEPEST {
            return judge.opaque(name.span(), "files are included deeper than is read");
        }
        self.depth += 1;
        self.script(&text, judge);
        self.depth -= 1;
    }

    fn script(&mut self, script: &Word, judge: &mut Judge<'_>) {
        let length = u32::try_from(script.text().len() / 64).unwrap_or(u32::MAX);
        if !judge.step(length + 1, script.span()) {
            return;
        }
        for part in parts(script, Style::Psql) {
            match part {
                Part::Sql(sql) => {
                    self.interpolates(&sql, judge);
                    self.pieces.push(sql);
                }
                Part::Command(command) => self.command(&command, judge),
            }
        }
    }

    /// A variable may hold more than a name or a value.
    fn interpolates(&self, sql: &Word, judge: &mut Judge<'_>) {
        for variable in &self.variables {
            let (name, value) = variable.text().split_once('=').unwrap_or((variable.text(), ""));
            let is_plain =
                !variable.may_inject() && !value.trim().contains([' ', ';', '\n', '\t', '(']);
            let used =
                sql.text().match_indices(name).any(|(at, _)| sql.text()[..at].ends_with(':'));
            if used && !is_plain {
                judge.opaque(variable.span(), "an unknown value becomes part of the query");
            }
        }
    }

    fn command(&mut self, command: &Word, judge: &mut Judge<'_>) {
        let text = command.text();
        let end = text.find(char::is_whitespace).unwrap_or(text.len());
        let name = &text[1.min(end)..end];
        let rest = command.after(end);
        let argument = argument(&rest);
        if command.may_inject() {
            judge.opaque(command.span(), "an unknown value becomes part of the command");
        }
        if name.starts_with('!') {
            let script = command.after(2);
            if script.text().trim().is_empty() {
                judge.opaque(command.span(), "what is typed into the shell is not known");
            } else {
                judge.script(&script, &Variables::default(), &Data::Nothing);
            }
            return;
        }
        // Backquotes run a shell command in any argument.
        let mut quoted = rest.text().match_indices('`');
        while let (Some((open, _)), Some((close, _))) = (quoted.next(), quoted.next()) {
            judge.script(&rest.part(open + 1..close), &Variables::default(), &Data::Nothing);
        }
        match name {
            "i" | "include" | "ir" | "include_relative" => match argument {
                Some(name) => self.include(&name, judge),
                None => judge.opaque(command.span(), "the file that it runs is not known"),
            },
            "copy" => self.pieces.push(command.after(1)),
            "gexec" => {
                judge.opaque(command.span(), "the statements that the query makes are not known");
            }
            "g" | "gx" | "o" | "out" | "w" | "write" | "s" => output(&rest, judge),
            "c" | "connect" => {
                if let Some(to) = argument.filter(|to| !to.is("-")) {
                    connection(&to, judge);
                }
                judge.reads(SERVICE, "", command.span());
            }
            "password" => {
                judge.changes(
                    Verb::Update,
                    SERVICE,
                    "",
                    command.span(),
                    "set the earlier password",
                );
            }
            "lo_import" => {
                judge.changes(Verb::Create, SERVICE, "", command.span(), "unlink the large object");
            }
            "lo_export" => {
                judge.changes(Verb::Create, "files", "", command.span(), "remove the file");
            }
            "lo_unlink" => {
                judge.destroys(
                    Verb::Delete,
                    SERVICE,
                    rest.text().trim(),
                    command.span(),
                    "the large object is gone",
                );
            }
            "set" | "prompt" => {
                if let Some(name) = argument {
                    // What follows the name is its value.
                    let value =
                        rest.text().trim().get(name.text().len()..).unwrap_or_default().trim();
                    self.variables
                        .push(Word::made(format!("{}={value}", name.text()), command.span()));
                }
            }
            "setenv" if !rest.text().trim_start().starts_with("PG") => {
                judge.opaque(command.span(), "what psql runs because of this variable is not read");
            }
            "e" | "edit" | "ef" | "ev" => {
                judge.opaque(command.span(), "what is typed into the editor is not known");
            }
            _ if KNOWN.contains(&name) || name.starts_with(['d', 'l', 'z', '?', 'h']) => {
                judge.reads(SERVICE, rest.text().trim(), command.span());
            }
            _ => judge.opaque(command.span(), "this command of psql is not known"),
        }
    }
}

/// The first argument of a command, without quotes.
fn argument(rest: &Word) -> Option<Word> {
    let text = rest.text();
    let start = text.len() - text.trim_start().len();
    let body = text.trim_start();
    let (from, to) = match body.chars().next()? {
        quote @ ('\'' | '"') => (1, 1 + body[1..].find(quote)?),
        _ => (0, body.find([' ', '\t', ';', '\n']).unwrap_or(body.len())),
    };
    (from < to).then(|| rest.part(start + from..start + to))
}

/// Commands that change nothing on the server.
const KNOWN: &[&str] = &[
    "a",
    "bind",
    "bind_named",
    "C",
    "cd",
    "close_prepared",
    "conninfo",
    "copyright",
    "crosstabview",
    "echo",
    "elif",
    "else",
    "encoding",
    "endif",
    "endpipeline",
    "errverbose",
    "f",
    "flush",
    "flushrequest",
    "gdesc",
    "getenv",
    "getresults",
    "gset",
    "H",
    "html",
    "if",
    "lo_list",
    "p",
    "parse",
    "print",
    "pset",
    "q",
    "qecho",
    "quit",
    "r",
    "reset",
    "restrict",
    "sendpipeline",
    "setenv",
    "sf",
    "sf+",
    "startpipeline",
    "sv",
    "sv+",
    "syncpipeline",
    "t",
    "T",
    "timing",
    "unrestrict",
    "unset",
    "warn",
    "watch",
    "x",
    ".",
];
