//! `flyway` and `liquibase`.
//!
//! From <https://documentation.red-gate.com/flyway/reference/commands> and
//! <https://docs.liquibase.com/commands/home.html>, 2026-11.

use super::{
    super::{Cli, How, Matched, Program, Rule, Style},
    BACK, DOWN, DROPS,
};
use crate::{
    classify::{Dialect, Judge, Word},
    domain::{PlaceKind, Verb},
};

/// `flyway`.
pub(super) const FLYWAY: Program = Program { names: &["flyway"], how: How::Table(&FLYWAYS) };

static FLYWAYS: Cli = Cli {
    style: Style::Single,
    flags: &["-X", "-q", "-n", "-community", "-enterprise", "-teams", "-json"],
    harmless: &["-help", "-h", "-?", "-v", "-version", "--version"],
    places: &[("-environment", PlaceKind::Name), ("-url", PlaceKind::Host)],
    // Several commands may stand one after the other.
    rules: &[Rule::asks("*", flyway), Rule::reads("")],
    ..Cli::new("flyway")
};

fn flyway(m: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let is_dry = m.has("-dryRunOutput");
    let words: Vec<&Word> = m.path.iter().chain(&m.operands).copied().collect();
    for word in words {
        let at = m.call.words.first().map_or(word.span(), |first| first.span().with(word.span()));
        let name = word.known().unwrap_or_default();
        match name {
            "clean" => judge.destroys(Verb::Delete, "flyway", "", at, DROPS),
            "migrate" | "undo" if is_dry => judge.reads("flyway", name, at),
            "migrate" | "baseline" | "repair" | "deploy" => {
                judge.changes(Verb::Update, "flyway", name, at, BACK);
            }
            "undo" => judge.destroys(Verb::Delete, "flyway", "", at, DOWN),
            "info" | "validate" | "check" | "help" | "list-engines" | "version" | "diff"
            | "diffText" | "auth" | "testConnection" => {
                judge.reads("flyway", name, at);
            }
            "snapshot" | "generate" | "prepare" | "model" | "init" | "add" => {
                judge.changes(Verb::Create, "files", name, at, "remove the file");
            }
            _ => judge.opaque(word.span(), "this subcommand is not known"),
        }
    }
}

/// `liquibase`.
pub(super) const LIQUIBASE: Program =
    Program { names: &["liquibase"], how: How::Table(&LIQUIBASES) };

static LIQUIBASES: Cli = Cli {
    valued: &[
        "--changelog-file",
        "--changeLogFile",
        "--url",
        "--username",
        "--password",
        "--defaults-file",
        "--defaultsFile",
        "--classpath",
        "--driver",
        "--log-level",
        "--contexts",
        "--label-filter",
        "--labels",
        "--count",
        "--tag",
        "--date",
        "--output-file",
        "--reference-url",
        "--schemas",
        "--sql",
        "--sql-file",
        "--changeset-id",
        "--changeset-author",
        "--changeset-path",
        "--default-schema-name",
        "--search-path",
        "--format",
        "--drop-dbclhistory",
    ],
    flags: &["--force", "--headless"],
    harmless: &["--help", "-h", "--version", "-v"],
    places: &[],
    rules: &[
        Rule::updates(
            "update|updateCount|update-count|update-to-tag|updateToTag|\
             update-one-changeset|update-testing-rollback|updateTestingRollback",
            BACK,
        ),
        Rule::reads(
            "update-sql|updateSQL|update-count-sql|update-to-tag-sql|rollback-sql|\
             rollbackSQL|rollback-to-date-sql|rollback-count-sql|future-rollback-sql|\
             futureRollbackSQL|rollback-one-changeset-sql|rollback-one-update-sql|\
             changelog-sync-sql|changelog-sync-to-tag-sql|mark-next-changeset-ran-sql|\
             status|history|validate|diff|list-locks|listLocks|tag-exists|tagExists|\
             unexpected-changesets|calculate-checksum|snapshot|connect|checks|\
             update-one-changeset-sql|future-rollback-count-sql|\
             future-rollback-from-tag-sql|snapshot-reference|dbcl-history|\
             rollback-count-sql|flow.validate",
        ),
        Rule::deletes(
            "rollback|rollbackCount|rollback-count|rollback-to-date|rollbackToDate|\
             rollback-one-changeset|rollback-one-update|rollbackOneChangeSet|\
             rollbackOneUpdate",
            DOWN,
        ),
        Rule::deletes("drop-all|dropAll", DROPS),
        Rule::updates(
            "tag|changelog-sync|changelogSync|changelog-sync-to-tag|\
             mark-next-changeset-ran|clear-checksums|clearCheckSums|release-locks|\
             releaseLocks|register-changelog|set-contexts|set-labels",
            "mark it as it was",
        ),
        Rule::creates(
            "generate-changelog|generateChangeLog|diff-changelog|diffChangeLog|db-doc|\
             dbDoc|init|init project|init copy|init start-h2",
            "remove the file",
        ),
        Rule::asks("execute-sql|executeSql", execute),
        Rule::opaque("flow", "what the flow runs is not known"),
    ],
    ..Cli::new("liquibase")
};

fn execute(m: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    match m.value("--sql") {
        Some(query) => judge.sql(query, Dialect::Generic, "sql"),
        None => judge.opaque(m.span(), "the SQL that it runs is not known"),
    }
}
