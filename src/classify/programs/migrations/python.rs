//! Migrations in Python: `alembic`, `flask db`, `aerich`, `yoyo`.
//!
//! From <https://alembic.sqlalchemy.org/en/latest/tutorial.html>,
//! <https://flask-migrate.readthedocs.io/en/latest/>, <https://tortoise.github.io/migration.html>,
//! <https://ollycope.com/software/yoyo/latest/>, 2026-11.

use super::{
    super::{Cli, Does, How, Matched, Program, Rule},
    BACK, DOWN,
};
use crate::{
    classify::{Judge, Language},
    domain::{PlaceKind, Verb},
};

/// `alembic`.
pub(super) const ALEMBIC: Program = Program { names: &["alembic"], how: How::Table(&ALEMBICS) };

static ALEMBICS: Cli = Cli {
    valued: &[
        "-c",
        "--config",
        "-x",
        "-r",
        "--rev-range",
        "-m",
        "--message",
        "--tag",
        "--head",
        "--version-path",
        "--rev-id",
        "--branch-label",
        "--depends-on",
        "--splice",
        "-t",
        "--template",
    ],
    flags: &[
        "--sql",
        "--autogenerate",
        "--raiseerr",
        "--purge",
        "--verbose",
        "--resolve-dependencies",
        "--indicate-current",
        "--check-heads",
        "-v",
        "-i",
    ],
    places: &[("-n", PlaceKind::Name), ("--name", PlaceKind::Name)],
    rules: &[
        Rule::updates("upgrade", BACK).dry(&["--sql"]),
        Rule::deletes("downgrade", DOWN).dry(&["--sql"]),
        Rule::reads("current|history|heads|branches|show|check|list_templates|edit"),
        Rule::updates("stamp", "stamp the earlier revision")
            .dry(&["--sql"])
            .when(&[("--purge", Does::Changes(Verb::Update, "stamp the earlier revision"))]),
        Rule::creates("revision|merge|init|ensure_version", "remove the file"),
    ],
    ..Cli::new("alembic")
};

/// `flask`.
pub(super) const FLASK: Program = Program { names: &["flask"], how: How::Table(&FLASKS) };

static FLASKS: Cli = Cli {
    valued: &[
        "-A",
        "--app",
        "-e",
        "--env-file",
        "-d",
        "--directory",
        "-x",
        "--x-arg",
        "-m",
        "--message",
        "--host",
        "-h",
        "--port",
        "-p",
        "--tag",
        "-c",
    ],
    flags: &["--debug", "--no-debug", "--reload", "--sql", "--purge"],
    harmless: &["--help", "--version"],
    rules: &[
        Rule::updates("db upgrade", BACK).dry(&["--sql"]),
        Rule::deletes("db downgrade", DOWN).dry(&["--sql"]),
        Rule::reads("db current|history|heads|branches|show|check|list-templates"),
        Rule::updates("db stamp", "stamp the earlier revision").dry(&["--sql"]),
        Rule::creates("db migrate|revision|merge|init|edit", "remove the file"),
        Rule::reads("routes"),
        Rule::runs("run", "stop it"),
        Rule::asks("shell", shell),
    ],
    ..Cli::new("flask")
};

fn shell(m: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    match m.call.stdin {
        crate::classify::Data::Text(text) => judge.code(Language::Python, text, m.call),
        _ => judge.opaque(m.span(), "what is typed into the shell is not known"),
    }
}

/// `aerich` and `yoyo`.
pub(super) const AERICH: Program =
    Program { names: &["aerich", "yoyo", "yoyo-migrate"], how: How::Table(&AERICHES) };

static AERICHES: Cli = Cli {
    valued: &[
        "-c",
        "--config",
        "--app",
        "-v",
        "--version",
        "--name",
        "-d",
        "--database",
        "-m",
        "--message",
        "-r",
        "--revision",
        "-t",
        "--tortoise-orm",
        "--location",
    ],
    flags: &["--batch", "-b", "--all", "-a"],
    harmless: &["--help", "-h"],
    rules: &[
        Rule::updates("upgrade|apply|mark|unmark", BACK),
        Rule::deletes("downgrade|rollback|reapply|develop", DOWN),
        Rule::reads("heads|history|inspectdb|list|showmigration"),
        Rule::creates("migrate|init|init-db|new|init-migrations", "remove the file"),
        Rule::updates("break-lock", "nothing is lost"),
    ],
    ..Cli::new("migrations")
};
