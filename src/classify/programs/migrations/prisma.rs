//! `prisma` and `drizzle-kit`.
//!
//! From <https://www.prisma.io/docs/orm/reference/prisma-cli-reference> (version 7) and
//! <https://orm.drizzle.team/docs/kit-overview>, 2026-11.

use super::super::{Cli, Does, How, Matched, Program, Rule};
use crate::{
    classify::{Data, Dialect, Judge},
    domain::Verb,
};

const RESET: Does = Does::Destroys(Verb::Delete, "every table and its rows are dropped");
const UNSEEN: &str =
    "it changes the schema to what a file says, and drops what the file does not have";

/// `prisma`.
pub(super) const PRISMA: Program =
    Program { names: &["prisma", "prisma2"], how: How::Table(&PRISMAS) };

static PRISMAS: Cli = Cli {
    valued: &[
        "--schema",
        "--config",
        "-n",
        "--name",
        "--url",
        "--file",
        "--generator",
        "--port",
        "-p",
        "--browser",
        "-b",
        "--from-schema-datamodel",
        "--to-schema-datamodel",
        "--from-schema",
        "--to-schema",
        "--from-url",
        "--to-url",
        "--from-migrations",
        "--to-migrations",
        "--from-schema-datasource",
        "--to-schema-datasource",
        "--from-config-datasource",
        "--shadow-database-url",
        "-o",
        "--output",
        "--applied",
        "--rolled-back",
        "--datasource-provider",
        "--provider",
        "--telemetry-information",
    ],
    flags: &[
        "--accept-data-loss",
        "--force-reset",
        "--skip-generate",
        "--skip-seed",
        "--force",
        "-f",
        "--create-only",
        "--stdin",
        "--script",
        "--exit-code",
        "--print",
        "--watch",
        "--no-engine",
        "--sql",
        "--no-hints",
        "--preview-feature",
        "--check",
        "--from-empty",
        "--to-empty",
        "--json",
        "--local",
    ],
    harmless: &["--help", "-h", "--version", "-v"],
    rules: &[
        Rule::reads("validate|version|-v|studio|debug|platform"),
        Rule::updates("format", "undo the change of the file"),
        Rule::updates("generate", "generate it again"),
        Rule::creates("init", "remove the files"),
        Rule::creates("dev|studio", "stop it"),
        Rule::updates("migrate deploy", "apply a migration that turns it back"),
        Rule::new("migrate reset", RESET),
        // It asks before it resets a database that has drifted; an agent answers.
        Rule::updates("migrate dev", "apply a migration that turns it back").when(&[
            ("--force", RESET),
            ("-f", RESET),
            ("--create-only", Does::Changes(Verb::Create, "remove the migration's file")),
        ]),
        Rule::reads("migrate status|diff"),
        Rule::updates("migrate resolve", "mark it as it was"),
        Rule::opaque("db push", UNSEEN).when(&[
            ("--force-reset", RESET),
            (
                "--accept-data-loss",
                Does::Destroys(
                    Verb::Delete,
                    "columns and tables that the schema does not have are dropped",
                ),
            ),
        ]),
        Rule::updates("db pull", "take the earlier schema file from version control"),
        Rule::opaque("db seed", "what the seed script does is not known"),
        Rule::asks("db execute", execute),
        Rule::updates("db up|save|down", "apply a migration that turns it back"),
        Rule::reads("mcp"),
    ],
    ..Cli::new("prisma")
};

fn execute(m: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    if let Some(name) = m.value("--file") {
        match name.known().and_then(|name| judge.setting().files.read(name)) {
            Some(text) => {
                let text = crate::classify::Word::made(text, name.span());
                judge.sql(&text, Dialect::Generic, "sql");
            }
            None => judge.opaque(name.span(), "the file that it runs is not at hand"),
        }
        return;
    }
    match m.call.stdin {
        Data::Text(text) => judge.sql(text, Dialect::Generic, "sql"),
        _ => judge.opaque(m.span(), "the SQL that it runs is not known"),
    }
}

/// `drizzle-kit`.
pub(super) const DRIZZLE: Program = Program { names: &["drizzle-kit"], how: How::Table(&DRIZZLES) };

static DRIZZLES: Cli = Cli {
    valued: &[
        "--config",
        "--dialect",
        "--schema",
        "--out",
        "--url",
        "--host",
        "--port",
        "--user",
        "--password",
        "--database",
        "--name",
        "--custom-name",
        "--tablesFilter",
        "--schemaFilters",
        "--driver",
        "--prefix",
        "--breakpoints",
    ],
    flags: &["--strict", "--verbose", "--force", "--custom"],
    rules: &[
        Rule::opaque("push|push:pg|push:mysql|push:sqlite|push:singlestore", UNSEEN).when(&[(
            "--force",
            Does::Destroys(
                Verb::Delete,
                "columns and tables that the schema does not have are dropped",
            ),
        )]),
        Rule::creates(
            "generate|generate:pg|generate:mysql|generate:sqlite",
            "remove the migration's files",
        ),
        Rule::updates("migrate", "apply a migration that turns it back"),
        Rule::deletes("drop", "the migration's files are gone"),
        Rule::reads("studio|check|check:pg|check:mysql|check:sqlite|export"),
        Rule::updates("up|up:pg|up:mysql|up:sqlite", "take the earlier files from version control"),
        Rule::creates(
            "pull|introspect|introspect:pg|introspect:mysql|introspect:sqlite",
            "remove the files",
        ),
    ],
    ..Cli::new("drizzle")
};
