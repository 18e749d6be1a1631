//! Migrations in Rust: `sqlx`, `diesel`, `sea-orm-cli`.
//!
//! From <https://github.com/launchbadge/sqlx/tree/main/sqlx-cli>,
//! <https://diesel.rs/guides/getting-started>, <https://www.sea-ql.org/SeaORM/docs/migration/>,
//! 2026-11.

use super::{
    super::{Cli, How, Program, Rule},
    BACK, DOWN, DROPS,
};

/// `sqlx`, also as `cargo sqlx`.
pub(super) const SQLX: Program =
    Program { names: &["sqlx", "cargo-sqlx"], how: How::Table(&SQLXES) };

static SQLXES: Cli = Cli {
    valued: &[
        "-D",
        "--database-url",
        "--source",
        "--connect-timeout",
        "--target-version",
        "--config",
        "--params-from",
    ],
    flags: &[
        "-y",
        "-f",
        "--force",
        "--dry-run",
        "--ignore-missing",
        "-r",
        "--check",
        "--workspace",
        "--all",
        "--no-dotenv",
    ],
    rules: &[
        Rule::deletes("database|db drop|reset", "the database and everything in it are gone"),
        Rule::creates("database|db create|setup", "drop it again"),
        Rule::updates("migrate|mig|m run", BACK).dry(&["--dry-run"]),
        Rule::deletes("migrate|mig|m revert", DOWN).dry(&["--dry-run"]),
        Rule::reads("migrate|mig|m info|list"),
        Rule::creates("migrate|mig|m add|build-script", "remove the file"),
        Rule::runs("prepare|p", "take the files from version control"),
        Rule::reads("completions|help"),
    ],
    ..Cli::new("sqlx")
};

/// `diesel`.
pub(super) const DIESEL: Program = Program { names: &["diesel"], how: How::Table(&DIESELS) };

static DIESELS: Cli = Cli {
    valued: &[
        "--database-url",
        "--config-file",
        "--migration-dir",
        "--locked-schema",
        "-n",
        "--number",
        "--version",
        "--format",
        "--schema-key",
        "--schema",
    ],
    flags: &["--all", "-a", "--diff-schema", "--no-down", "--sqlite-integer-primary-key-is-bigint"],
    harmless: &["--help", "-h", "-V"],
    rules: &[
        Rule::deletes("database|db drop|reset", "the database and everything in it are gone"),
        Rule::updates("database|db setup", BACK),
        Rule::updates("migration run", BACK),
        Rule::deletes("migration revert|redo", DOWN),
        Rule::reads("migration list|pending"),
        Rule::creates("migration generate", "remove the files"),
        Rule::updates("setup", BACK),
        Rule::reads("print-schema|completions|help"),
    ],
    ..Cli::new("diesel")
};

/// `sea-orm-cli`.
pub(super) const SEA_ORM: Program = Program { names: &["sea-orm-cli"], how: How::Table(&SEA_ORMS) };

static SEA_ORMS: Cli = Cli {
    valued: &[
        "-d",
        "--migration-dir",
        "-s",
        "--database-schema",
        "-u",
        "--database-url",
        "-n",
        "--num",
        "-o",
        "--output-dir",
        "--tables",
        "--with-serde",
    ],
    rules: &[
        Rule::updates("migrate|migrate up", BACK),
        Rule::deletes("migrate down", DOWN),
        Rule::deletes("migrate fresh|refresh|reset", DROPS),
        Rule::reads("migrate status"),
        Rule::creates("migrate init|generate", "remove the files"),
        Rule::creates("generate entity", "remove the files"),
    ],
    ..Cli::new("sea-orm")
};
