//! Programs of data platforms: `dbt`, `airflow`, `temporal`, `prefect`, `dagster`, `databricks`,
//! `turso`, `xata`, `ccloud`, `spark-submit`.
//!
//! After docs.getdbt.com/reference/commands, airflow.apache.org/docs (3.x),
//! docs.temporal.io/cli, docs.prefect.io, docs.dagster.io/api/clis, docs.databricks.com/dev-tools/cli,
//! docs.turso.tech/cli (read 2026-11).

use super::inner;
use crate::{
    classify::{
        Dialect, Judge,
        programs::{Cli, Does, Matched, Rule},
    },
    domain::{PlaceKind, Verb},
};

const REVEALS: Does = Does::Changes(Verb::Reveal, "rotate what it shows");
const REFRESH: Does = Does::Destroys(Verb::Delete, "the tables are dropped and built anew");

/// The table of `dbt`.
pub static DBT: Cli = Cli {
    valued: &[
        "-s",
        "--select",
        "-m",
        "--models",
        "--exclude",
        "-t",
        "--target",
        "--profile",
        "--profiles-dir",
        "--project-dir",
        "--vars",
        "--threads",
        "--args",
        "--state",
        "--selector",
        "--resource-type",
        "--output",
        "--limit",
        "--inline",
        "--target-path",
        "--log-level",
        "--event-time-start",
        "--event-time-end",
        "--port",
        "--defer-state",
    ],
    flags: &[
        "-x",
        "--fail-fast",
        "-q",
        "--quiet",
        "--debug",
        "--defer",
        "--no-version-check",
        "--empty",
        "--store-failures",
        "--no-partial-parse",
    ],
    places: &[("-t", PlaceKind::Name), ("--target", PlaceKind::Name)],
    rules: &[
        Rule::reads("compile|ls|list|parse|debug|show"),
        Rule::reads("docs generate|serve"),
        Rule::reads("source freshness|snapshot-freshness"),
        Rule::runs("run|build|seed", "build the models before again")
            .when(&[("--full-refresh", REFRESH), ("-f", REFRESH)]),
        Rule::runs("snapshot|test|retry|clone|deps|init|clean", "nothing of value is lost")
            .when(&[("--full-refresh", REFRESH)]),
        Rule::opaque("run-operation", "what the macro does is not known"),
    ],
    ..Cli::new("dbt")
};

/// The table of `airflow`.
pub static AIRFLOW: Cli = Cli {
    valued: &[
        "-e",
        "--exec-date",
        "-c",
        "--conf",
        "-r",
        "--run-id",
        "-o",
        "--output",
        "-S",
        "--subdir",
        "-s",
        "--start-date",
        "--end-date",
        "-t",
        "--task-regex",
        "--username",
        "--password",
        "--role",
        "--email",
        "--firstname",
        "--lastname",
        "-u",
        "--clean-before-timestamp",
        "--tables",
        "--conn-type",
        "--conn-host",
        "--conn-uri",
        "--to-version",
        "--to-revision",
        "--from-version",
        "--dag-id",
        "-p",
        "--port",
    ],
    flags: &["-y", "--yes", "-v", "--verbose", "-l", "--local", "--skip-archive"],
    rules: &[
        Rule::reads("version|info|cheat-sheet|plugins|help"),
        Rule::reads(
            "dags|tasks|users|roles|pools|jobs|providers|assets|backfill|connections|\
             variables|permissions list|show|details|state|report|next-execution|list-runs|\
             list-jobs|list-import-errors|states-for-dag-run|failed-deps|render|check|\
             show-dependencies|hooks|get-dagbag-import-errors",
        ),
        Rule::reads("config get-value|list|lint|options"),
        Rule::reads("db check|check-migrations"),
        Rule::new("connections get|export|list", REVEALS),
        Rule::new("variables get|export", REVEALS),
        Rule::deletes("dags delete", "the DAG's runs and history are gone"),
        Rule::runs("dags trigger|backfill|test|reserialize", "mark the runs as failed")
            .dry(&["--dry-run", "-n"]),
        Rule::updates("dags pause|unpause|set-active", "pause or unpause it again"),
        Rule::updates("tasks clear|run|test", "the tasks run again").dry(&["--dry-run"]),
        Rule::deletes("db reset", "the metadata of every run is gone"),
        Rule::deletes("db clean", "old metadata is gone").dry(&["--dry-run"]),
        Rule::deletes("db drop-archived", "the archived metadata is gone"),
        Rule::deletes("db downgrade", "columns of the newer version are gone"),
        Rule::updates("db migrate|upgrade|init|export-archived", "downgrade it again"),
        Rule::opaque("db shell", "what is typed there later is not known"),
        Rule::updates("connections add|import|test|create-default-connections", "delete it"),
        Rule::updates("variables set|import", "set the old value"),
        Rule::updates("pools set|import|export", "set the old value"),
        Rule::deletes("connections|variables|pools|users|roles delete|del-perms", "it is gone"),
        Rule::updates(
            "users|roles create|add-role|remove-role|import|export|add-perms|reset-password",
            "change it back",
        ),
        Rule::updates(
            "webserver|scheduler|triggerer|standalone|api-server|dag-processor|kerberos|\
             rotate-fernet-key|sync-perm",
            "start or stop it again",
        ),
        Rule::updates(
            "celery|backfill worker|stop|flower|create|pause|cancel|unpause",
            "start or stop it again",
        ),
    ],
    ..Cli::new("airflow")
};

/// The table of `temporal`.
pub static TEMPORAL: Cli = Cli {
    valued: &[
        "-n",
        "--namespace",
        "--address",
        "--env",
        "-q",
        "--query",
        "-w",
        "--workflow-id",
        "-r",
        "--run-id",
        "--reason",
        "-t",
        "--task-queue",
        "--type",
        "-i",
        "--input",
        "--name",
        "-s",
        "--schedule-id",
        "--event-id",
        "-e",
        "--tls-cert-path",
        "--tls-key-path",
        "-o",
        "--output",
        "--limit",
        "--retention",
        "--api-key",
        "--profile",
    ],
    flags: &["-y", "--yes", "--detailed", "--json", "--follow", "-f"],
    places: &[
        ("-n", PlaceKind::Name),
        ("--namespace", PlaceKind::Name),
        ("--address", PlaceKind::Host),
        ("--env", PlaceKind::Profile),
    ],
    rules: &[
        Rule::reads(
            "workflow list|describe|show|count|query|trace|stack|result|metadata|fix-history-json",
        ),
        Rule::reads(
            "schedule|batch|task-queue|activity|worker list|describe|get-build-ids|\
             get-build-id-reachability|list-partition",
        ),
        Rule::reads(
            "operator cluster|namespace|search-attribute|nexus list|describe|health|system|get",
        ),
        Rule::updates(
            "workflow start|execute|signal|update|cancel|reset|signal-with-start|\
             update-options|start-update-with-start|pause|unpause",
            "start or cancel it again",
        ),
        Rule::updates("workflow update execute|start|describe|result", "send another update"),
        Rule::deletes("workflow terminate", "the workflow ends without cleaning up"),
        Rule::deletes("workflow delete", "the workflow and its history are gone"),
        Rule::updates("schedule create|update|toggle|trigger|backfill", "change it back"),
        Rule::deletes("schedule delete", "the schedule is gone"),
        Rule::updates("batch terminate", "start it again"),
        Rule::updates(
            "activity complete|fail|pause|unpause|reset|update-options|start",
            "the workflow goes on",
        ),
        Rule::deletes(
            "operator namespace|search-attribute|cluster|nexus delete|remove",
            "it and every workflow in it are gone",
        ),
        Rule::updates(
            "operator namespace|search-attribute|cluster|nexus create|update|upsert",
            "change it back",
        ),
        Rule::deletes("operator nexus endpoint delete", "the endpoint is gone"),
        Rule::reads("env|config list|get"),
        Rule::updates("env|config set|delete", "set it again"),
        Rule::updates("server start-dev", "stop it"),
    ],
    otherwise: Does::Asks(inner::by_verb),
    ..Cli::new("temporal")
};

/// The table of `prefect` and `dagster`.
pub static FLOWS: Cli = Cli {
    valued: &[
        "-n",
        "--name",
        "-p",
        "--pool",
        "--prompt",
        "-f",
        "--python-file",
        "-m",
        "--module-name",
        "-w",
        "--workspace",
        "-j",
        "--job",
        "-c",
        "--config",
        "--select",
        "--param",
        "--profile",
        "--limit",
        "-a",
        "--attribute",
        "--partition",
        "--tags",
        "-q",
        "-t",
        "--type",
        "--flow-name",
        "--state",
    ],
    flags: &["-y", "--yes", "--force", "--all", "--watch", "--noprompt"],
    rules: &[
        Rule::reads("version|help|dashboard|docs"),
        Rule::reads("config view|validate"),
        Rule::reads("definitions validate"),
        Rule::reads("job list|print"),
        Rule::reads("debug|instance info|export"),
        Rule::deletes("server database reset|downgrade", "every flow and run is gone"),
        Rule::updates("server database upgrade|stamp|revision", "downgrade it again"),
        Rule::updates("dev|deploy|init", "stop it"),
        Rule::updates(
            "server|worker|deployment|job|asset|schedule|sensor start|run|launch|execute|\
             materialize|backfill|stop|restart|schedule|apply|build|preview|scaffold|serve",
            "cancel the run",
        ),
        Rule::reads(
            "deployment|flow-run|flow|work-pool|work-queue|block|variable|artifact|\
             automation|concurrency-limit|global-concurrency-limit|profile|cloud|task-run|\
             schedule|sensor|asset|run ls|list|inspect|logs|preview|get|view",
        ),
        Rule::deletes("run|asset|schedule wipe|delete", "the runs and their history are gone"),
        Rule::deletes("work-queue|work-pool clear-concurrency-limit|delete", "it is gone"),
        Rule::updates(
            "cloud|profile login|logout|use|create|rename|populate-defaults",
            "change it back",
        ),
        Rule::updates("cloud workspace set", "set it back"),
        Rule::updates("config set|unset", "set it back"),
        Rule::updates("instance migrate|reindex", "restore the database"),
        Rule::runs("flow-run execute|watch", "cancel the run"),
    ],
    otherwise: Does::Asks(inner::by_verb),
    ..Cli::new("workflows")
};

fn databricks_address(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    inner::asks(matched, "https://workspace.cloud.databricks.com", judge);
}

/// The table of `databricks`.
pub static DATABRICKS: Cli = Cli {
    valued: &[
        "-p",
        "--profile",
        "-t",
        "--target",
        "-o",
        "--output",
        "--json",
        "--log-file",
        "--log-level",
        "--var",
        "--cluster-id",
        "--file",
        "--format",
        "--language",
        "--string-value",
        "--timeout",
        "--host",
        "--cluster-name",
    ],
    flags: &[
        "--debug",
        "-r",
        "--recursive",
        "--auto-approve",
        "--overwrite",
        "--force",
        "--no-wait",
        "--refresh-all",
    ],
    places: &[
        ("-p", PlaceKind::Profile),
        ("--profile", PlaceKind::Profile),
        ("-t", PlaceKind::Name),
        ("--target", PlaceKind::Name),
    ],
    rules: &[
        Rule::reads("version|help|completion"),
        Rule::reads("fs ls|cat"),
        Rule::updates("fs cp|mkdir|mkdirs", "delete the copy"),
        Rule::deletes("fs rm", "the files are gone"),
        Rule::reads("bundle validate|summary|schema|open|plan"),
        Rule::updates("bundle init|generate|sync|deployment", "delete the files"),
        Rule::updates("bundle deploy", "deploy what was there before"),
        Rule::runs("bundle run", "cancel the run"),
        Rule::deletes("bundle destroy", "every job, pipeline and artifact of it is gone"),
        Rule::runs("jobs run-now|submit|repair-run", "cancel the run"),
        Rule::updates("jobs reset|update|create|cancel-run|cancel-all-runs", "set it back"),
        Rule::updates(
            "clusters start|restart|resize|edit|create|pin|unpin|change-owner",
            "change it back",
        ),
        Rule::deletes("clusters permanent-delete|delete", "the cluster is gone"),
        Rule::updates("pipelines start-update|stop|update|create", "change it back"),
        Rule::new("secrets get-secret", REVEALS),
        Rule::reads("secrets list-scopes|list-secrets|list-acls|get-acl"),
        Rule::updates("secrets put-secret|create-scope|put-acl", "put the old value"),
        Rule::new("tokens create", REVEALS),
        Rule::new("auth token|env", REVEALS),
        Rule::reads("auth profiles|describe"),
        Rule::updates("auth login|configure", "log in again"),
        Rule::updates("configure|sync|labs", "change it back"),
        Rule::reads("current-user me"),
        Rule::reads("workspace export|export-dir|list|get-status|ls"),
        Rule::updates("workspace import|import-dir|mkdirs", "import the old files"),
        Rule::asks("api get|post|put|patch|delete|head", databricks_address),
    ],
    otherwise: Does::Asks(inner::by_verb),
    ..Cli::new("databricks")
};

/// `turso db shell shop 'SELECT 1'`.
fn turso_shell(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    match matched.operands.get(1) {
        Some(query) if query.text().starts_with('.') => judge.reads("sqlite", "", query.span()),
        Some(query) => judge.sql(query, Dialect::Sqlite, "sqlite"),
        None => inner::sql(matched, &[], &[], Dialect::Sqlite, "sqlite", judge),
    }
}

/// The table of `turso`.
pub static TURSO: Cli = Cli {
    valued: &[
        "-c",
        "--config-path",
        "--group",
        "--location",
        "--from-dump",
        "--from-file",
        "--from-db",
        "--timestamp",
        "--expiration",
        "-e",
        "--instance",
        "--from-csv",
        "--csv-table-name",
    ],
    flags: &["-y", "--yes", "--wait", "--verbose"],
    rules: &[
        Rule::reads("db|group|org|plan|auth list|show|inspect|locations|whoami|overages|usage"),
        Rule::reads("db config attach|delete-protection show"),
        Rule::reads("help|dev|contact|completion"),
        Rule::new("db|group|auth tokens create|mint", REVEALS),
        Rule::new("auth token", REVEALS),
        Rule::new("auth api-tokens mint", REVEALS),
        Rule::creates("db|group create", "destroy it"),
        Rule::deletes("db|group destroy", "the databases and their data are gone"),
        Rule::deletes(
            "db|group|auth tokens|api-tokens invalidate|revoke",
            "the tokens no longer open anything",
        ),
        Rule::deletes(
            "db|group config delete-protection disable",
            "nothing keeps it from being destroyed",
        ),
        Rule::updates("db|group config * enable", "disable it again"),
        Rule::updates("db import|export", "destroy what was imported"),
        Rule::asks("db shell", turso_shell),
        Rule::updates("group locations add|remove", "add it again"),
        Rule::updates("group update|wakeup|transfer|unarchive", "change it back"),
        Rule::updates("auth login|logout|signup", "log in again"),
        Rule::updates("org create|switch|invites|members", "change it back"),
        Rule::deletes("org destroy", "the organisation and its databases are gone"),
        Rule::updates("plan upgrade|select", "change it back"),
    ],
    otherwise: Does::Asks(inner::by_verb),
    ..Cli::new("turso")
};

/// The table of `xata` and `ccloud`.
pub static CLUSTERS: Cli = Cli {
    valued: &[
        "--db",
        "--branch",
        "--region",
        "--org",
        "--profile",
        "-h",
        "--cluster",
        "--file",
        "-o",
        "--cloud",
    ],
    flags: &["--force", "--yes", "-f"],
    rules: &[
        Rule::updates("login|logout|init|pull|push|codegen|link", "change it back"),
        Rule::updates("auth login|logout", "log in again"),
        Rule::reads("diff|status|help|version"),
        Rule::opaque("shell|sql", "what is typed there later is not known"),
    ],
    otherwise: Does::Asks(inner::by_verb),
    ..Cli::new("database cloud")
};

/// The table of `spark-submit`.
pub static SPARK: Cli =
    Cli { otherwise: Does::Opaque("what the application does is not known"), ..Cli::new("spark") };
