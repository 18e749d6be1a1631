//! Migrations in Node: `knex`, `sequelize`, `typeorm`, `mikro-orm`, `node-pg-migrate`,
//! `graphile-migrate`, `db-migrate`.
//!
//! From <https://knexjs.org/guide/migrations.html>,
//! <https://sequelize.org/docs/v6/other-topics/migrations/>,
//! <https://typeorm.io/docs/advanced-topics/using-cli/>, <https://mikro-orm.io/docs/migrations>,
//! <https://salsita.github.io/node-pg-migrate/cli>, <https://github.com/graphile/migrate>,
//! <https://db-migrate.readthedocs.io/en/latest/>, 2026-11.

use super::{
    super::{Cli, Does, How, Program, Rule},
    BACK, DOWN, DROPS, ROWS,
};
use crate::domain::Verb;

const DRY: &[&str] = &["--dry-run"];

/// `knex`.
pub(super) const KNEX: Program = Program { names: &["knex"], how: How::Table(&KNEXES) };

static KNEXES: Cli = Cli {
    valued: &[
        "--knexfile",
        "--cwd",
        "--client",
        "--connection",
        "--migrations-directory",
        "--migrations-table-name",
        "--env",
        "-x",
        "--specific",
        "--stub",
        "--esm",
    ],
    flags: &["--all", "--debug", "--esm", "--disable-transactions"],
    rules: &[
        Rule::updates("migrate:latest|migrate:up", BACK),
        Rule::deletes("migrate:rollback|migrate:down", DOWN),
        Rule::reads("migrate:list|migrate:currentVersion|migrate:status"),
        Rule::creates("migrate:make|seed:make|init", "remove the file"),
        Rule::updates("migrate:unlock", "nothing is lost"),
        Rule::opaque("seed:run", "what the seed files do is not known"),
    ],
    ..Cli::new("knex")
};

/// `sequelize`.
pub(super) const SEQUELIZE: Program =
    Program { names: &["sequelize", "sequelize-cli"], how: How::Table(&SEQUELIZES) };

static SEQUELIZES: Cli = Cli {
    valued: &[
        "--env",
        "--config",
        "--options-path",
        "--migrations-path",
        "--seeders-path",
        "--models-path",
        "--url",
        "--name",
        "--to",
        "--from",
        "--seed",
        "--attributes",
    ],
    rules: &[
        Rule::deletes("db:drop", "the database and everything in it are gone"),
        Rule::creates("db:create", "drop it again"),
        Rule::updates("db:migrate|db:migrate:schema:timestamps:add", BACK),
        Rule::reads("db:migrate:status"),
        Rule::deletes("db:migrate:undo|db:migrate:undo:all", DOWN),
        Rule::creates("db:seed|db:seed:all", "delete the rows that were added"),
        Rule::deletes("db:seed:undo|db:seed:undo:all", ROWS),
        Rule::creates(
            "init|init:config|init:migrations|init:models|init:seeders|migration:generate|\
             migration:create|model:generate|model:create|seed:generate|seed:create",
            "remove the files",
        ),
    ],
    ..Cli::new("sequelize")
};

/// `typeorm`.
pub(super) const TYPEORM: Program = Program {
    names: &["typeorm", "typeorm-ts-node-commonjs", "typeorm-ts-node-esm"],
    how: How::Table(&TYPEORMS),
};

static TYPEORMS: Cli = Cli {
    valued: &[
        "-d",
        "--dataSource",
        "-t",
        "--transaction",
        "-c",
        "--connection",
        "-f",
        "--config",
        "--timestamp",
    ],
    rules: &[
        Rule::deletes("schema:drop", DROPS),
        // It drops columns that the entities do not have.
        Rule::deletes(
            "schema:sync",
            "columns and tables that the entities do not have are dropped",
        ),
        Rule::reads("schema:log|migration:show|migrations:show|version"),
        Rule::updates("migration:run|migrations:run", BACK)
            .when(&[("--fake", Does::Changes(Verb::Update, "mark it as it was"))]),
        Rule::deletes("migration:revert|migrations:revert", DOWN),
        Rule::creates(
            "migration:create|migration:generate|migrations:create|migrations:generate|\
             entity:create|subscriber:create|init",
            "remove the files",
        ),
        Rule::opaque("query", "the query is not read"),
        Rule::updates("cache:clear", "it fills again"),
    ],
    ..Cli::new("typeorm")
};

/// `mikro-orm`.
pub(super) const MIKRO: Program =
    Program { names: &["mikro-orm", "mikro-orm-esm"], how: How::Table(&MIKROS) };

static MIKROS: Cli = Cli {
    valued: &[
        "--config",
        "--contextName",
        "-c",
        "--class",
        "--to",
        "--from",
        "--only",
        "--path",
        "-p",
    ],
    rules: &[
        Rule::deletes("schema:drop", DROPS).when(&[("--dump", Does::Reads), ("-d", Does::Reads)]),
        Rule::deletes("schema:fresh|migration:fresh", DROPS),
        Rule::opaque("schema:update", "what it drops is not known").when(&[
            ("--dump", Does::Reads),
            ("-d", Does::Reads),
            ("--safe", Does::Changes(Verb::Update, BACK)),
        ]),
        Rule::creates(
            "schema:create|database:create|migration:create|seeder:create",
            "remove it again",
        ),
        Rule::updates("migration:up", BACK),
        Rule::deletes("migration:down", DOWN),
        Rule::reads("migration:list|migration:pending|migration:check|debug|database:import-check"),
        Rule::opaque("seeder:run|database:import", "what it runs is not known"),
        Rule::updates("cache:clear|cache:generate|generate-entities", "generate it again"),
    ],
    ..Cli::new("mikro-orm")
};

/// `node-pg-migrate` and `db-migrate`.
pub(super) const UPDOWN: Program = Program {
    names: &["node-pg-migrate", "db-migrate", "pg-migrate", "migrate-mongo", "umzug"],
    how: How::Table(&UPDOWNS),
};

static UPDOWNS: Cli = Cli {
    valued: &[
        "-d",
        "--database-url-var",
        "-m",
        "--migrations-dir",
        "-s",
        "--schema",
        "-t",
        "--migrations-table",
        "-f",
        "--config-file",
        "-e",
        "--env",
        "-c",
        "--count",
        "--config",
        "-j",
        "--migration-file-language",
        "--timestamp",
        "--file",
    ],
    flags: &["--fake", "--no-lock", "--no-check-order", "--dry-run", "--verbose"],
    rules: &[
        Rule::updates("up|up:*", BACK).dry(DRY),
        Rule::deletes("down|reset|drop|redo", DOWN).dry(DRY),
        Rule::creates("create|init|db:create", "remove the file"),
        Rule::deletes("db:drop", "the database and everything in it are gone"),
        Rule::reads("status|check|list"),
    ],
    ..Cli::new("migrations")
};

/// `graphile-migrate`.
pub(super) const GRAPHILE: Program =
    Program { names: &["graphile-migrate"], how: How::Table(&GRAPHILES) };

static GRAPHILES: Cli = Cli {
    valued: &["-c", "--config", "--message", "-m"],
    rules: &[
        Rule::updates("migrate|commit|uncommit|compile", BACK),
        Rule::deletes("reset", "the database and everything in it are gone").when(&[(
            "--erase",
            Does::Destroys(Verb::Delete, "the database and everything in it are gone"),
        )]),
        Rule::opaque("watch|current|run", "what the current migration does is not known"),
        Rule::reads("status"),
        Rule::creates("init", "remove the files"),
    ],
    ..Cli::new("postgresql")
};
