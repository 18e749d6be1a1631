//! `neon`, also called `neonctl`, after neon.com/docs/reference/neon-cli (read 2026-11).

use crate::{
    classify::{
        Judge, Word,
        programs::{Cli, Does, Matched, Rule},
    },
    domain::{PlaceKind, Verb},
};

/// `neon connection-string main --psql -- -c 'SELECT 1'` runs psql.
fn connection(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    if !matched.has("--psql") {
        return matched.does(REVEALS, super::super::Named::Operands, judge);
    }
    let words = matched.call.words;
    let from = words.iter().position(|word| word.is("--")).map_or(words.len(), |at| at + 1);
    let mut psql = vec![Word::made("psql", matched.span())];
    psql.extend(words.get(from..).unwrap_or_default().iter().cloned());
    judge.call(&matched.call.running(&psql));
}

const REVEALS: Does = Does::Changes(Verb::Reveal, "reset the role's password");

/// The table.
pub static NEON: Cli = Cli {
    valued: &[
        "-o",
        "--output",
        "--config-dir",
        "--api-key",
        "--project-id",
        "--org-id",
        "--context-file",
        "--branch",
        "--name",
        "--parent",
        "--database-name",
        "--role-name",
        "--region-id",
        "--endpoint-type",
        "--ssl",
        "--compute",
        "--type",
        "--cu",
        "--suspend-timeout",
        "--preserve-under-name",
        "--expires-at",
        "--psql-path",
        "--owner-name",
        "--compare-source",
        "--base-branch",
        "--timestamp",
        "--at",
        "--hint",
        "--pg-version",
    ],
    flags: &[
        "--pooled",
        "--prisma",
        "--extended",
        "--psql",
        "--parent-flag",
        "--no-color",
        "--analytics",
        "--no-analytics",
        "--schema-only",
        "--cold",
    ],
    places: &[("--project-id", PlaceKind::Account), ("--branch", PlaceKind::Branch)],
    harmless: &["--help", "-h", "--version", "-v"],
    rules: &[
        Rule::reads("me|help|completion"),
        Rule::reads(
            "projects|project|branches|branch|databases|database|db|roles|role|operations|\
             operation|orgs|org|ip-allow|vpc list|ls|get",
        ),
        Rule::reads("vpc endpoint|project list|status"),
        Rule::reads("branches|branch schema-diff|sd"),
        Rule::reads("data-api|neon-auth get|status"),
        Rule::asks("connection-string|cs", connection),
        Rule::asks("psql", connection),
        Rule::updates("auth|login|logout|set-context|init|checkout", "log in, or set it, again"),
        Rule::creates("projects|project create", "delete the project"),
        Rule::updates("projects|project update|recover", "change it back"),
        Rule::deletes("projects|project delete", "the project, its branches and data are gone"),
        Rule::creates("branches|branch create|add-compute", "delete the branch"),
        Rule::updates("branches|branch rename|set-default|set-expiration", "change it back"),
        Rule::deletes("branches|branch reset|restore", "what the branch held since is overwritten"),
        Rule::deletes("branches|branch delete", "the branch and its data are gone"),
        Rule::creates("databases|database|db create", "delete the database"),
        Rule::deletes("databases|database|db delete", "the database is gone"),
        Rule::creates("roles|role create", "delete the role"),
        Rule::deletes("roles|role delete", "the role no longer opens the database"),
        Rule::updates("ip-allow add|remove|reset", "allow the addresses again"),
        Rule::updates("vpc endpoint|project assign|restrict", "change it back"),
        Rule::deletes("vpc endpoint|project remove", "the way in is gone"),
        Rule::updates("data-api|neon-auth create|enable|update|refresh-schema", "change it back"),
        Rule::deletes("data-api|neon-auth delete|disable", "it and its data are gone"),
    ],
    ..Cli::new("neon")
};
