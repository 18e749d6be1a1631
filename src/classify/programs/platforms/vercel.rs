//! `vercel`, after vercel.com/docs/cli (read 2026-11).

use super::inner;
use crate::{
    classify::{
        Judge, Word,
        programs::{
            Cli, Does, Matched, Rule,
            web::{self, Part, Request},
        },
    },
    domain::{PlaceKind, Verb},
};

fn run(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    inner::runs(matched, 0, &["-e", "--environment", "--git-branch"], judge);
}

/// `vercel api /v9/projects -X DELETE`.
fn api(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let Some(path) = matched.operands.first() else {
        return judge.opaque(matched.span(), "which address it asks is not known");
    };
    let fields: Vec<Word> =
        matched.values(&["-F", "--field", "-f", "--raw-field", "--input"]).cloned().collect();
    let usual = if fields.is_empty() { "GET" } else { "POST" };
    let request = Request {
        method: matched.values(&["-X", "--method"]).last().cloned(),
        usual,
        url: Word::made(format!("https://api.vercel.com{}", path.text()), path.span()),
        headers: Vec::new(),
        body: fields.into_iter().map(Part::Text).collect(),
        at: matched.span(),
    };
    web::request(&request, judge);
}

const REVEALS: Does = Does::Changes(Verb::Reveal, "rotate what it shows");
const DEPLOYS: Does = Does::Changes(Verb::Create, "roll back to the deployment before");

/// The table.
pub static VERCEL: Cli = Cli {
    valued: &[
        "-S",
        "--scope",
        "-T",
        "--team",
        "-t",
        "--token",
        "--cwd",
        "-Q",
        "--global-config",
        "-A",
        "--local-config",
        "-e",
        "--env",
        "-b",
        "--build-env",
        "-m",
        "--meta",
        "--regions",
        "-n",
        "--name",
        "--archive",
        "--limit",
        "--target",
        "--environment",
        "--format",
        "--since",
        "--until",
        "--status",
        "--git-branch",
        "-X",
        "--method",
        "-F",
        "--field",
        "-f",
        "--raw-field",
        "--input",
        "-H",
        "--header",
        "--next",
        "-N",
        "--output",
        "--timeout",
        "--project",
        "--store",
        "--store-id",
        "--pathname",
        "--rw-token",
        "--tag",
        "--branch",
    ],
    flags: &[
        "--prod",
        "-y",
        "--yes",
        "-d",
        "--debug",
        "--prebuilt",
        "--force",
        "--json",
        "--no-wait",
        "--public",
        "--logs",
        "-l",
    ],
    places: &[
        ("--target", PlaceKind::Name),
        ("--environment", PlaceKind::Name),
        ("-S", PlaceKind::Account),
        ("--scope", PlaceKind::Account),
    ],
    harmless: &["--help", "-h", "--version", "-v"],
    rules: &[
        Rule::new("", DEPLOYS),
        Rule::new("deploy", DEPLOYS),
        Rule::reads(
            "ls|list|inspect|logs|log|whoami|help|bisect|httpstat|activity|metrics|usage|open",
        ),
        Rule::reads(
            "env|domains|dns|certs|alias|project|projects|teams|team|secrets|target|\
             targets ls|list",
        ),
        Rule::reads(
            "integration|integration-resource|blob|webhooks|flags|redirects|firewall ls|\
             list|inspect",
        ),
        Rule::reads("domains inspect|check|price"),
        Rule::reads("project|projects inspect|token"),
        Rule::reads("certs inspect"),
        Rule::reads("projects|teams|dns|env|domains|certs|alias|project $"),
        Rule::reads("blob get|head"),
        Rule::reads("promote|rollback|rolling-release status|fetch"),
        Rule::new("pull", REVEALS),
        Rule::new("env pull", REVEALS),
        Rule::asks("env run", run),
        Rule::asks("api", api),
        Rule::reads("api ls|list"),
        Rule::updates("env add|update", "set the old value"),
        Rule::deletes("env rm|remove", "the value is gone"),
        Rule::deletes("rm|remove", "the deployments are gone"),
        Rule::creates("domains add|buy|transfer-in", "remove the domain"),
        Rule::exposes("domains move", "the domain belongs to somebody else"),
        Rule::deletes("domains rm|remove", "the domain is gone"),
        Rule::creates("dns add|import", "remove the record"),
        Rule::deletes("dns rm|remove", "the record is gone"),
        Rule::creates("certs issue|add|renew", "remove the certificate"),
        Rule::deletes("certs rm|remove", "the certificate is gone"),
        Rule::updates("alias|aliases set|rm|remove", "set the alias again"),
        Rule::updates("alias * *", "set the alias again"),
        Rule::creates("project|projects add|create", "remove the project"),
        Rule::updates("project|projects rename|update|protection", "change it back"),
        Rule::deletes("project|projects rm|remove", "the project and its deployments are gone"),
        Rule::updates("secrets|secret add|rename", "set the old value"),
        Rule::deletes("secrets|secret rm|remove", "the secret is gone"),
        Rule::updates("teams|team add|invite|switch|create", "change it back"),
        Rule::updates("switch|link|login|logout|init|telemetry", "change it back"),
        Rule::updates("build|dev|develop|git|microfrontends", "nothing is lost"),
        Rule::updates("git connect|disconnect", "connect it again"),
        Rule::updates("promote|rollback|redeploy|rolling-release", "promote the deployment before"),
        Rule::updates(
            "rolling-release configure|start|approve|abort|complete",
            "promote the deployment before",
        ),
        Rule::updates("cache purge|invalidate", "the cache fills again"),
        Rule::deletes("cache dangerously-delete", "what was cached is gone"),
        Rule::updates("blob put|copy|add", "delete the blob"),
        Rule::deletes("blob del|delete|rm|remove", "the blobs are gone"),
        Rule::deletes("blob store remove|rm|delete", "the store and its blobs are gone"),
        Rule::creates("blob store add|create", "remove the store"),
        Rule::reads("blob store get|list|ls"),
        Rule::creates("integration add|install", "remove it"),
        Rule::deletes(
            "integration|integration-resource|ir remove|rm|disconnect",
            "the resource and its data are gone",
        ),
        Rule::updates("install|i|upgrade", "remove it"),
        Rule::deletes("webhooks|flags|redirects rm|remove|delete", "it is gone"),
        Rule::updates(
            "webhooks|flags|redirects create|add|update|enable|disable|promote|archive",
            "change it back",
        ),
    ],
    // Any other word is a folder to deploy.
    otherwise: DEPLOYS,
    ..Cli::new("vercel")
};
