//! `pscale`, after planetscale.com/docs/cli (read 2026-11).

use super::inner;
use crate::{
    classify::{
        Dialect, Judge,
        programs::{Cli, Does, Matched, Rule},
    },
    domain::{PlaceKind, Verb},
};

fn shell(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    if let Some(branch) = matched.operands.get(1) {
        judge.place(PlaceKind::Branch, branch);
    }
    inner::sql(
        matched,
        &["-e", "--execute", "--query", "-q"],
        &["--file"],
        Dialect::MySql,
        "mysql",
        judge,
    );
}

const REVEALS: Does = Does::Changes(Verb::Reveal, "renew or delete what it shows");
const BACK: &str = "change it back";

/// The table.
pub static PSCALE: Cli = Cli {
    valued: &[
        "--org",
        "--api-token",
        "--api-url",
        "--config",
        "-f",
        "--format",
        "--service-token",
        "--service-token-id",
        "--service-token-name",
        "--region",
        "--from",
        "--restore",
        "--role",
        "--into",
        "--deploy-to",
        "--notes",
        "--keyspace",
        "--shard",
        "--threads",
        "--output",
        "--dir",
        "--host",
        "--port",
        "--execute",
        "-e",
        "--query",
        "-q",
        "--file",
        "--ttl",
        "--cluster-size",
        "--retention-unit",
        "--retention-value",
        "--tables",
        "--name",
        "--local-addr",
        "--remote-addr",
        "--replica",
        "--engine",
        "--limit",
    ],
    flags: &[
        "--force",
        "--debug",
        "--no-color",
        "--wait",
        "--web",
        "--overwrite-tables",
        "--seed-data",
        "--mp",
    ],
    places: &[("--org", PlaceKind::Account)],
    harmless: &["--help", "-h", "--version"],
    rules: &[
        Rule::reads("ping|version|help|completion"),
        Rule::reads(
            "database|db|branch|backup|password|role|keyspace|webhook|workflow|org|region|\
             import|data-imports|service-token|deploy-request|dr|size|audit-log list|ls|\
             show|get|status",
        ),
        Rule::reads("branch diff|schema|lint|infra|visualize"),
        Rule::reads("branch routing-rules show"),
        Rule::reads("deploy-request|dr diff|show|list"),
        Rule::reads("service-token show-access"),
        Rule::reads("size cluster list"),
        Rule::reads("auth check"),
        Rule::reads("connect|mcp"),
        Rule::updates("auth login|logout", "log in again"),
        Rule::updates("org|branch switch", "switch back"),
        Rule::creates("database|db create", "delete the database"),
        Rule::deletes("database|db delete", "the database, its branches and backups are gone"),
        Rule::updates("database|db dump", "delete the files it writes"),
        Rule::updates("database|db restore-dump", "drop what was loaded").when(&[(
            "--overwrite-tables",
            Does::Destroys(Verb::Delete, "what the tables held is gone"),
        )]),
        Rule::creates("branch create", "delete the branch"),
        Rule::deletes("branch delete", "the branch and its data are gone"),
        Rule::updates("branch promote|demote|refresh-schema|resize|rename|update", BACK),
        Rule::updates("branch safe-migrations enable", "disable them"),
        Rule::deletes(
            "branch safe-migrations disable",
            "nothing stops a schema change on the branch",
        ),
        Rule::updates("branch routing-rules|keyspaces|vschema update", BACK),
        Rule::updates(
            "deploy-request|dr create|edit|review|close|cancel|apply|deploy|revert|skip-revert",
            "revert the deployment",
        ),
        Rule::creates("backup create", "delete the backup"),
        Rule::creates("backup restore", "delete the restored branch"),
        Rule::deletes("backup delete", "the backup is gone"),
        Rule::new("password create|renew", REVEALS),
        Rule::deletes("password delete", "the password no longer opens the branch"),
        Rule::new("role create|reset|reset-default|renew", REVEALS),
        Rule::updates("role update|reassign", BACK),
        Rule::deletes("role delete", "the role no longer opens the branch"),
        Rule::new("service-token create", REVEALS),
        Rule::grants("service-token add-access", "delete the access"),
        Rule::updates("service-token delete-access", "add the access again"),
        Rule::deletes("service-token delete", "the token no longer opens anything"),
        Rule::updates("keyspace create|resize|update-settings|rollout-status", BACK),
        Rule::updates(
            "import|data-imports start|cancel|detach-external-database|make-primary|make-replica",
            BACK,
        ),
        Rule::updates(
            "workflow create|start|verify-data|switch-replicas|switch-primaries|\
             switch-traffic|reverse-traffic|reverse-cutover|retry",
            BACK,
        ),
        Rule::deletes(
            "workflow cutover|complete|cancel",
            "there is no way back to the tables before",
        ),
        Rule::updates("webhook create|update|test", BACK),
        Rule::deletes("webhook delete", "the webhook is gone"),
        Rule::asks("shell|sql", shell),
        Rule::opaque("api", "what the address does is not known"),
    ],
    ..Cli::new("planetscale")
};
