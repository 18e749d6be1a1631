//! Migration tools that stand alone: `sqitch`, `hasura`, `skeema`, `edgedb`.
//!
//! From <https://sqitch.org/docs/manual/>, <https://hasura.io/docs/2.0/hasura-cli/commands/index/>,
//! <https://www.skeema.io/docs/commands/>, <https://docs.geldata.com/reference/cli>, 2026-11.

use super::{
    super::{Cli, Does, How, Matched, Program, Rule},
    BACK, DOWN, DROPS,
};
use crate::{
    classify::Judge,
    domain::{PlaceKind, Verb},
};

const DRY: &[&str] = &["--dry-run"];

/// `sqitch`.
pub(super) const SQITCH: Program = Program { names: &["sqitch"], how: How::Table(&SQITCHES) };

static SQITCHES: Cli = Cli {
    valued: &[
        "-C",
        "--chdir",
        "-f",
        "--plan-file",
        "--engine",
        "--client",
        "-d",
        "--db-name",
        "-u",
        "--db-user",
        "-h",
        "--db-host",
        "-p",
        "--db-port",
        "--to",
        "--to-change",
        "--from",
        "--mode",
        "-s",
        "--set",
        "--registry",
        "-n",
        "--note",
        "-r",
        "--requires",
    ],
    harmless: &["--help", "--version", "--man"],
    places: &[("-t", PlaceKind::Name), ("--target", PlaceKind::Name)],
    rules: &[
        Rule::updates("deploy", BACK)
            .when(&[("--log-only", Does::Changes(Verb::Update, "mark it as it was"))]),
        Rule::deletes("revert|rebase|checkout", DOWN),
        Rule::reads("status|log|plan|verify|show|help|check|config|engine|target"),
        Rule::creates("add|init|bundle|tag|rework|upgrade", "remove it again"),
    ],
    ..Cli::new("sqitch")
};

/// `hasura`.
pub(super) const HASURA: Program = Program { names: &["hasura"], how: How::Table(&HASURAS) };

static HASURAS: Cli = Cli {
    valued: &[
        "--admin-secret",
        "--project",
        "--envfile",
        "--up",
        "--down",
        "--goto",
        "--version",
        "--type",
        "--log-level",
        "--sql-from-file",
        "-f",
        "--file",
        "--schema",
        "--from-server",
    ],
    places: &[("--endpoint", PlaceKind::Host), ("--database-name", PlaceKind::Name)],
    flags: &[
        "--all-databases",
        "--skip-execution",
        "--dry-run",
        "--disallow-inconsistent-metadata",
        "--no-color",
    ],
    rules: &[
        Rule::updates("migrate apply", BACK).dry(DRY).when(&[
            ("--down", Does::Destroys(Verb::Delete, DOWN)),
            ("--goto", Does::Opaque("it may go back to an earlier version")),
        ]),
        Rule::deletes("migrate delete", "the migration's files and marks are gone"),
        Rule::reads("migrate status"),
        Rule::creates("migrate create|squash", "remove the files"),
        Rule::updates("metadata apply|reload", "apply the earlier metadata").dry(DRY),
        Rule::deletes("metadata clear|reset", "the metadata of the server is gone"),
        Rule::reads("metadata diff|export|inconsistency"),
        Rule::reads("metadata inconsistency list|status"),
        Rule::deletes("metadata inconsistency drop", "the inconsistent objects are gone"),
        Rule::opaque("seed apply|deploy", "what the files that it runs do is not known"),
        Rule::creates("seed create", "remove the file"),
        Rule::opaque("deploy", "what the files that it runs do is not known"),
        Rule::reads("version|help|completion|console"),
        Rule::creates("init", "remove the files"),
    ],
    ..Cli::new("hasura")
};

/// `skeema`.
pub(super) const SKEEMA: Program = Program { names: &["skeema"], how: How::Table(&SKEEMAS) };

static SKEEMAS: Cli = Cli {
    valued: &[
        "-h",
        "--host",
        "-P",
        "--port",
        "-u",
        "--user",
        "-d",
        "--dir",
        "--schema",
        "--alter-wrapper",
        "--ignore-table",
        "-o",
    ],
    attached: &["-p"],
    harmless: &["--help", "--version", "-?"],
    flags: &["--allow-unsafe", "--dry-run", "--brief", "--verify"],
    rules: &[
        Rule::updates("push", BACK).dry(DRY).when(&[(
            "--allow-unsafe",
            Does::Destroys(
                Verb::Delete,
                "columns and tables that the files do not have are dropped",
            ),
        )]),
        Rule::reads("diff|lint|help|version"),
        Rule::updates("format|pull", "take the files from version control"),
        Rule::creates("init|add-environment", "remove the files"),
    ],
    ..Cli::new("mysql")
};

/// `edgedb`, now `gel`.
pub(super) const EDGEDB: Program = Program { names: &["edgedb", "gel"], how: How::Table(&EDGEDBS) };

static EDGEDBS: Cli = Cli {
    valued: &[
        "--dsn",
        "-P",
        "--port",
        "-u",
        "--user",
        "-d",
        "--database",
        "-b",
        "--branch",
        "--schema-dir",
        "--wait-until-available",
        "--tls-ca-file",
        "-c",
        "--to-revision",
        "--output-format",
        "-F",
        "-f",
        "--file",
    ],
    places: &[
        ("-H", PlaceKind::Host),
        ("--host", PlaceKind::Host),
        ("-I", PlaceKind::Name),
        ("--instance", PlaceKind::Name),
    ],
    rules: &[
        Rule::updates("migrate", BACK),
        Rule::updates("migration apply", BACK),
        Rule::reads("migration status|log|upgrade-check"),
        Rule::creates("migration create|edit|extract", "remove the file"),
        Rule::deletes("database|branch drop|wipe", DROPS),
        Rule::creates("database|branch create", "drop it again"),
        Rule::reads("database|branch list|current"),
        Rule::updates("branch switch|rename|rebase|merge", "switch or name it back"),
        Rule::deletes("instance destroy", "the instance and its databases are gone"),
        Rule::updates(
            "instance start|stop|restart|upgrade|resize|link|unlink|reset-password",
            "start or stop it again",
        ),
        Rule::creates("instance create", "destroy it again"),
        Rule::reads("instance list|status|logs|credentials"),
        Rule::asks("query", query),
        Rule::creates("dump|init|project init", "remove the files"),
        Rule::updates("restore", "drop what was restored"),
        Rule::reads("list|describe|analyze|info|ui"),
    ],
    ..Cli::new("edgedb")
};

fn query(m: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    for text in &m.operands {
        let lower = text.text().to_ascii_lowercase();
        let has = |word: &str| lower.split(|c: char| !c.is_alphanumeric()).any(|part| part == word);
        if text.may_inject() {
            judge.opaque(text.span(), "an unknown value becomes part of the query");
        }
        if has("delete") || has("drop") {
            judge.destroys(Verb::Delete, "edgedb", "", text.span(), "what it deletes is gone");
        } else if ["insert", "update", "alter", "create", "configure", "administer"]
            .into_iter()
            .any(has)
        {
            judge.changes(Verb::Update, "edgedb", "", text.span(), "write the earlier values back");
        } else {
            judge.reads("edgedb", "", text.span());
        }
    }
}
