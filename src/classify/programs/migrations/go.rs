//! Migrations in Go: `dbmate`, `goose`, golang-migrate's `migrate`, `atlas`, `tern`, `sql-migrate`.
//!
//! From <https://github.com/amacneil/dbmate>, <https://pressly.github.io/goose/>,
//! <https://github.com/golang-migrate/migrate/tree/master/cmd/migrate>,
//! <https://atlasgo.io/cli-reference>, <https://github.com/jackc/tern>,
//! <https://github.com/rubenv/sql-migrate>, 2026-11.

use super::{
    super::{Cli, Does, How, Matched, Named, Program, Rule, Style, table, wrappers},
    BACK, DOWN, DROPS,
};
use crate::{
    classify::{Call, Judge},
    domain::{PlaceKind, Verb},
};

/// `dbmate`.
pub(super) const DBMATE: Program = Program { names: &["dbmate"], how: How::Table(&DBMATES) };

static DBMATES: Cli = Cli {
    valued: &[
        "-u",
        "--url",
        "-e",
        "--env",
        "-d",
        "--migrations-dir",
        "-s",
        "--schema-file",
        "--env-file",
        "--migrations-table",
        "--wait-timeout",
        "--driver",
    ],
    flags: &["--wait", "--no-dump-schema", "--strict", "-v", "--verbose"],
    rules: &[
        Rule::updates("up|migrate", BACK),
        Rule::deletes("down|rollback", DOWN),
        Rule::deletes("drop", "the database and everything in it are gone"),
        Rule::creates("create|new|n|dump", "remove it again"),
        Rule::updates("load", BACK),
        Rule::reads("status|wait|help"),
    ],
    ..Cli::new("dbmate")
};

/// `goose`.
pub(super) const GOOSE: Program = Program { names: &["goose"], how: How::Code(goose) };

/// An agent has the same name; its commands are others.
fn goose(call: &Call<'_>, judge: &mut Judge<'_>) {
    const COMMANDS: &[&str] = &[
        "up",
        "up-by-one",
        "up-to",
        "down",
        "down-to",
        "redo",
        "reset",
        "status",
        "version",
        "fix",
        "validate",
        "create",
    ];
    let migrates = call.arguments().iter().any(|word| COMMANDS.iter().any(|name| word.is(name)));
    table::judge(if migrates { &GOOSES } else { &wrappers::GOOSE }, call, judge);
}

const GOOSE_UP: &str = "up|up-by-one|up-to";
const GOOSE_DOWN: &str = "down|down-to|reset|redo";
const GOOSE_READS: &str = "status|version|validate|env";

static GOOSES: Cli = Cli {
    style: Style::Single,
    valued: &["-dir", "-table", "-certfile", "-ssl-cert", "-ssl-key", "-timeout", "-env", "-s"],
    flags: &["-v", "-allow-missing", "-no-versioning", "-no-color"],
    harmless: &["-help", "-h", "-version"],
    rules: &[
        Rule::updates(GOOSE_UP, BACK),
        Rule::deletes(GOOSE_DOWN, DOWN),
        Rule::reads(GOOSE_READS),
        Rule::creates("create|fix|init", "remove the file"),
        // The driver and the connection may stand before the command.
        Rule::updates("* * up|up-by-one|up-to", BACK),
        Rule::deletes("* * down|down-to|reset|redo", DOWN),
        Rule::reads("* * status|version|validate"),
        Rule::creates("* * create|fix", "remove the file"),
    ],
    ..Cli::new("goose")
};

/// golang-migrate.
pub(super) const MIGRATE: Program =
    Program { names: &["migrate", "golang-migrate"], how: How::Table(&MIGRATES) };

static MIGRATES: Cli = Cli {
    style: Style::Single,
    valued: &[
        "-source",
        "-database",
        "-path",
        "-prefetch",
        "-lock-timeout",
        "-ext",
        "-digits",
        "-dir",
        "-format",
        "-tz",
    ],
    flags: &["-verbose", "-seq", "-f", "-all"],
    harmless: &["-help", "-h", "-version"],
    rules: &[
        Rule::updates("up", BACK),
        Rule::deletes("down", DOWN),
        Rule::deletes("drop", DROPS),
        Rule::updates("force", "force the earlier version"),
        // It may go up or down.
        Rule::opaque("goto", "it may go back to an earlier version"),
        Rule::reads("version|help"),
        Rule::creates("create", "remove the files"),
    ],
    ..Cli::new("migrate")
};

/// `atlas`.
pub(super) const ATLAS: Program = Program { names: &["atlas"], how: How::Table(&ATLASES) };

static ATLASES: Cli = Cli {
    valued: &[
        "-u",
        "--url",
        "--to",
        "--from",
        "-f",
        "--file",
        "--dev-url",
        "--dir",
        "-c",
        "--config",
        "--var",
        "--format",
        "--exclude",
        "--include",
        "-s",
        "--schema",
        "--tx-mode",
        "--baseline",
        "--revisions-schema",
        "--to-version",
        "--to-tag",
        "--amount",
        "--latest",
        "--git-base",
        "-w",
        "--web",
        "--lock-timeout",
        "--context",
        "--plan",
        "--policy",
    ],
    flags: &["--auto-approve", "--dry-run", "--allow-dirty", "--skip-changes"],
    places: &[("--env", PlaceKind::Name)],
    rules: &[
        Rule::opaque(
            "schema apply",
            "it changes the schema to what a file says, and drops what the file does not have",
        )
        .dry(&["--dry-run"])
        .when(&[(
            "--auto-approve",
            Does::Destroys(Verb::Delete, "what the wanted schema does not have is dropped, unseen"),
        )]),
        Rule::deletes("schema clean", DROPS).dry(&["--dry-run"]),
        Rule::reads("schema inspect|diff|fmt|lint|test|validate|stats"),
        Rule::updates("migrate apply", BACK).dry(&["--dry-run"]),
        Rule::deletes("migrate down", DOWN).dry(&["--dry-run"]),
        Rule::reads("migrate status|lint|validate|test|ls"),
        Rule::creates("migrate diff|new|import|hash|checkpoint|rebase", "remove the file")
            .dry(&["--dry-run"]),
        Rule::deletes("migrate rm", "the migration's file is gone"),
        Rule::updates("migrate set|push", "set it back").dry(&["--dry-run"]),
        Rule::updates("migrate edit", "undo the change of the file"),
        Rule::updates("schema push|plan", "push the earlier one").dry(&["--dry-run"]),
        Rule::reads("version|whoami|license|help|ask|completion"),
        Rule::updates("login|logout", "log in or out again"),
    ],
    ..Cli::new("atlas")
};

/// `tern`.
pub(super) const TERN: Program = Program { names: &["tern"], how: How::Table(&TERNS) };

static TERNS: Cli = Cli {
    valued: &[
        "-c",
        "--config",
        "-d",
        "--destination",
        "-m",
        "--migrations",
        "--host",
        "--port",
        "--user",
        "--password",
        "--database",
        "--conn-string",
        "--version-table",
    ],
    rules: &[
        Rule::asks("migrate", tern),
        Rule::reads("status|version|print-migrations|help"),
        Rule::creates("init|new|gengen", "remove the file"),
        Rule::updates("renumber", "name the files back"),
        Rule::opaque("code", "what the code package does is not known"),
    ],
    ..Cli::new("postgresql")
};

/// A destination may lie behind what is applied.
fn tern(m: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let target = m.value("-d").or_else(|| m.value("--destination"));
    let does = match target {
        None => Does::Changes(Verb::Update, BACK),
        Some(target) if target.is("last") || target.prefix().starts_with('+') => {
            Does::Changes(Verb::Update, BACK)
        }
        Some(target) if target.text().starts_with('-') || target.is("0") => {
            Does::Destroys(Verb::Delete, DOWN)
        }
        Some(_) => Does::Opaque("it may go back to an earlier version"),
    };
    m.does(does, Named::Operands, judge);
}

/// `sql-migrate`.
pub(super) const SQL_MIGRATE: Program =
    Program { names: &["sql-migrate"], how: How::Table(&SQL_MIGRATES) };

static SQL_MIGRATES: Cli = Cli {
    style: Style::Single,
    valued: &["-config", "-limit", "-version"],
    flags: &["-dryrun"],
    harmless: &["-help", "-h"],
    places: &[("-env", PlaceKind::Name)],
    rules: &[
        Rule::updates("up", BACK).dry(&["-dryrun"]),
        Rule::deletes("down|redo", DOWN).dry(&["-dryrun"]),
        Rule::reads("status"),
        Rule::creates("new", "remove the file"),
        Rule::updates("skip", "mark it as it was").dry(&["-dryrun"]),
    ],
    ..Cli::new("migrations")
};
