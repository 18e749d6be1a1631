//! `supabase`.
//!
//! From <https://supabase.com/docs/reference/cli/introduction>, 2026-11.

use super::{
    super::{Cli, Does, How, Matched, Program, Rule},
    BACK,
};
use crate::{
    classify::{Dialect, Judge},
    domain::{PlaceKind, Verb},
};

/// `supabase`.
pub(super) const SUPABASE: Program = Program { names: &["supabase"], how: How::Table(&CLI) };

const WIPES: &str = "every table and its rows are dropped before the migrations run again";
const DRY: &[&str] = &["--dry-run"];

static CLI: Cli = Cli {
    valued: &[
        "--workdir",
        "--db-url",
        "--password",
        "-p",
        "--schema",
        "-s",
        "--file",
        "-f",
        "--output",
        "-o",
        "--version",
        "--last",
        "--status",
        "--env-file",
        "--network-id",
        "--dns-resolver",
        "--size",
        "--region",
        "--org-id",
        "--db-password",
        "--experimental-flag",
        "--persistent",
        "--plan",
        "--import-map",
        "--exclude",
        "-x",
        "--sql-paths",
        "--custom-hostname",
        "--desired-subdomain",
        "--db-allow-cidr",
    ],
    flags: &[
        "--linked",
        "--local",
        "--debug",
        "--yes",
        "--include-all",
        "--include-roles",
        "--include-seed",
        "--no-seed",
        "--no-backup",
        "--dry-run",
        "--data-only",
        "--role-only",
        "--experimental",
        "--create-ticket",
        "--no-verify-jwt",
        "--use-api",
        "--prune",
        "--all",
    ],
    places: &[("--project-ref", PlaceKind::Account), ("--profile", PlaceKind::Profile)],
    rules: &[
        Rule::deletes("db reset", WIPES),
        Rule::updates("db push", BACK).dry(DRY),
        Rule::reads("db diff|lint|advisors"),
        Rule::creates("db pull|dump", "remove the file"),
        Rule::updates("db start|remote", "stop it"),
        Rule::asks("db query|execute", query),
        Rule::updates("migration up|repair|fetch", "mark it as it was"),
        Rule::deletes("migration down", WIPES),
        Rule::creates("migration new|squash", "remove the file"),
        Rule::reads("migration list"),
        Rule::deletes("projects delete", "the project, its database and its files are gone"),
        Rule::creates("projects create", "delete it again"),
        Rule::reads("projects list"),
        Rule::reveals("projects api-keys", "rotate the keys"),
        Rule::deletes("branches delete", "the branch and its database are gone"),
        Rule::deletes("branches disable", "every branch of the project is gone"),
        Rule::creates("branches create", "delete it again"),
        Rule::updates("branches update|pause|unpause", "set it back"),
        Rule::reads("branches list"),
        Rule::reveals("branches get", "rotate the password"),
        Rule::updates("functions deploy", "deploy the earlier version").when(&[(
            "--prune",
            Does::Destroys(Verb::Delete, "functions that are not here are deleted"),
        )]),
        Rule::deletes("functions delete", "the function is gone"),
        Rule::creates("functions new|download", "remove the files"),
        Rule::reads("functions list|serve"),
        Rule::updates("secrets set", "set the earlier value"),
        Rule::deletes("secrets unset", "the secret is gone"),
        Rule::reads("secrets list"),
        Rule::deletes("storage rm", "the objects are gone"),
        Rule::updates("storage cp|mv", "move it back"),
        Rule::reads("storage ls"),
        Rule::updates(
            "start|init|link|unlink|login|logout|bootstrap",
            "undo it with the opposite command",
        ),
        Rule::updates("stop", "start it again").when(&[(
            "--no-backup",
            Does::Destroys(Verb::Delete, "the local database and its rows are gone"),
        )]),
        Rule::reads("status|services|completion|help"),
        Rule::creates("gen signing-key|bearer-jwt|keys", "remove the file"),
        Rule::reads("gen types"),
        Rule::reads("inspect|inspect db|inspect report"),
        Rule::updates("config push", "push the earlier configuration"),
        Rule::reads(
            "orgs|snippets|domains|sso|network-bans|network-restrictions|ssl-enforcement|\
             vanity-subdomains|postgres-config|encryption|backups list|get|show|info|\
             status|check-availability|download|get-root-key",
        ),
        Rule::creates("orgs create", "delete it again"),
        Rule::updates(
            "domains|ssl-enforcement|network-restrictions|postgres-config|\
             vanity-subdomains create|activate|reverify|update|push",
            "set it back",
        ),
        Rule::deletes(
            "domains|vanity-subdomains|postgres-config delete",
            "what it removes is gone",
        ),
        Rule::deletes("network-bans|sso remove", "what it removes is gone"),
        Rule::updates("sso add|update", "set it back"),
        Rule::deletes(
            "encryption update-root-key",
            "what was encrypted with the earlier key cannot be read",
        ),
        Rule::deletes("backups restore", "what was written since then is gone"),
        Rule::runs("test db|new", "nothing is lost"),
        Rule::opaque("seed buckets", "what the seeds do is not known"),
    ],
    ..Cli::new("supabase")
};

fn query(m: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    match m.operands.first() {
        Some(query) => judge.sql(query, Dialect::Postgres, "postgresql"),
        None => judge.opaque(m.span(), "the query is not known"),
    }
}
