//! Clients of Oracle: `sqlplus`, `sql` (`SQLcl`), `rman`, and the loaders.
//!
//! From <https://docs.oracle.com/en/database/oracle/oracle-database/23/sqpug/>,
//! <https://docs.oracle.com/en/database/oracle/sql-developer-command-line/>,
//! <https://docs.oracle.com/en/database/oracle/oracle-database/23/rcmrf/> and
//! <https://docs.oracle.com/en/database/oracle/oracle-database/23/sutil/>, 2026-11.

use super::{
    super::{Cli, Does, Matched, Named, Program, Rule},
    client::{file, typed},
};
use crate::{
    classify::{Data, Dialect, Judge},
    domain::{PlaceKind, Verb},
};

const SERVICE: &str = "oracle";

/// The programs of this file.
pub(super) const ORACLE: &[Program] = &[
    Program::table(&["sqlplus", "sqlcl"], &SQLPLUS),
    Program::table(&["rman"], &RMAN),
    Program::table(&["expdp", "exp", "impdp", "imp", "sqlldr"], &LOADERS),
    Program::table(&["lsnrctl"], &LISTENER),
];

static SQLPLUS: Cli = Cli {
    valued: &["-C", "-c", "-M", "-m", "-R", "-r", "-name"],
    flags: &["-S", "-s", "-L", "-l", "-AC", "-F", "-nolog"],
    harmless: &["-V", "-v", "-H", "-h", "--help", "--version"],
    places: &[("TWO_TASK", PlaceKind::Host), ("ORACLE_SID", PlaceKind::Name)],
    rules: &[Rule::asks("**", sqlplus)],
    ..Cli::new(SERVICE)
};

fn sqlplus(m: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let connection = m.operands.first().filter(|word| !word.text().starts_with('@'));
    if let Some(word) = connection
        && let Some(at) = word.text().rfind('@')
    {
        judge.place(PlaceKind::Host, &word.after(at + 1));
    }
    let script = m.operands.iter().find(|word| word.text().starts_with('@'));
    let text = match script {
        Some(word) => {
            let path = word.text().trim_start_matches('@').len();
            file(&word.after(word.text().len() - path), judge)
        }
        None => typed(m, judge),
    };
    let Some(text) = text else { return };
    let mut pieces = Vec::new();
    let (mut from, mut at) = (0, 0);
    for line in text.text().split_inclusive('\n') {
        if !judge.step(1, text.span()) {
            return;
        }
        let start = at;
        at += line.len();
        let trimmed = line.trim();
        let first = trimmed.split([' ', '\t', ';']).next().unwrap_or_default();
        if let Some(command) = trimmed.strip_prefix('!').or_else(|| host(trimmed, first)) {
            let offset = start + line.find(command).unwrap_or(0);
            let command = text.part(offset..offset + command.len());
            judge.script(&command, m.call.variables, &Data::Nothing);
        } else if trimmed.starts_with('@') || first.eq_ignore_ascii_case("start") {
            judge.opaque(text.part(start..at).span(), "the file that it runs is not at hand");
        } else if !is_own(first) {
            continue;
        }
        pieces.push(text.part(from..start));
        from = at;
    }
    pieces.push(text.part(from..text.text().len()));
    pieces.retain(|piece| !piece.text().trim().is_empty());
    if pieces.is_empty() {
        return judge.reads(SERVICE, "", m.span());
    }
    judge.sql_session(&pieces, Dialect::Generic, SERVICE);
}

/// What `HOST` hands to the shell.
fn host<'t>(line: &'t str, first: &str) -> Option<&'t str> {
    (first.eq_ignore_ascii_case("host") || first.eq_ignore_ascii_case("ho"))
        .then(|| line.get(first.len()..).unwrap_or_default().trim())
}

/// Whether a line is a command of the client itself that changes nothing in the database.
fn is_own(first: &str) -> bool {
    let own = [
        "/",
        "accept",
        "break",
        "btitle",
        "clear",
        "col",
        "column",
        "compute",
        "conn",
        "connect",
        "def",
        "define",
        "desc",
        "describe",
        "disconnect",
        "exit",
        "list",
        "pause",
        "print",
        "prompt",
        "quit",
        "rem",
        "remark",
        "repheader",
        "set",
        "sho",
        "show",
        "spool",
        "ttitle",
        "undefine",
        "var",
        "variable",
        "whenever",
    ];
    own.iter().any(|name| first.eq_ignore_ascii_case(name))
}

static RMAN: Cli = Cli { rules: &[Rule::asks("**", rman)], ..Cli::new(SERVICE) };

fn rman(m: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let given = m.operands.iter().find_map(|word| {
        let path =
            word.text().strip_prefix('@').or_else(|| word.text().strip_prefix("cmdfile="))?;
        Some(word.after(word.text().len() - path.len()))
    });
    let text = match given {
        Some(name) => file(&name, judge),
        None => typed(m, judge),
    };
    let Some(text) = text else { return };
    if text.has_holes() {
        judge.opaque(text.span(), "part of what it is told is not known");
    }
    for statement in text.text().split([';', '{', '}', '\n']) {
        if !judge.step(1, text.span()) {
            return;
        }
        let mut words = statement.split_whitespace().map(str::to_ascii_uppercase);
        let does = match words.next().as_deref() {
            None => continue,
            Some("DELETE" | "DROP") => Does::Destroys(Verb::Delete, "the backups are gone"),
            Some("RESTORE" | "RECOVER" | "FLASHBACK" | "SWITCH" | "DUPLICATE") => {
                Does::Destroys(Verb::Update, "what the database holds now is overwritten")
            }
            Some("ALTER" | "SQL") if words.any(|word| word.contains("RESETLOGS")) => {
                Does::Destroys(Verb::Update, "the redo logs are gone")
            }
            Some(
                "LIST" | "REPORT" | "SHOW" | "VALIDATE" | "PRINT" | "CONNECT" | "EXIT" | "QUIT"
                | "SELECT" | "DESCRIBE" | "SET" | "RUN" | "ALLOCATE" | "RELEASE",
            ) => Does::Reads,
            Some("BACKUP" | "CROSSCHECK" | "CONFIGURE" | "CATALOG" | "CHANGE" | "RESYNC") => {
                Does::Changes(Verb::Create, "delete the backup, or set it back")
            }
            Some(_) => Does::Opaque("what this command does is not known"),
        };
        m.does(does, Named::Nothing, judge);
    }
}

static LOADERS: Cli = Cli { rules: &[Rule::asks("**", loads)], ..Cli::new(SERVICE) };

/// `impdp … table_exists_action=replace` drops what is there.
fn loads(m: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let replaces = m.operands.iter().any(|word| {
        let text = word.text().to_ascii_lowercase();
        text.starts_with("table_exists_action=")
            && !text.ends_with("skip")
            && !text.ends_with("append")
            || text.starts_with("parfile=")
    });
    let does = if replaces {
        Does::Destroys(Verb::Delete, "the tables of that name are replaced")
    } else {
        Does::Changes(Verb::Create, "remove what was written")
    };
    m.does(does, Named::Nothing, judge);
}

static LISTENER: Cli = Cli {
    rules: &[
        Rule::reads("status|services|version|help|show"),
        Rule::updates("start|stop|reload|set|save_config|trace", "start or stop it again"),
    ],
    ..Cli::new(SERVICE)
};
