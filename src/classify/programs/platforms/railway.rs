//! `railway`, after docs.railway.com/reference/cli-api (read 2026-11).

use super::inner;
use crate::{
    classify::{
        Judge,
        programs::{Cli, Does, Matched, Rule},
    },
    domain::{PlaceKind, Verb},
};

const OWN: &[&str] =
    &["-s", "--service", "-e", "--environment", "-p", "--project", "--deployment-instance", "-d"];

fn run(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    inner::runs(matched, 0, OWN, judge);
}

const REVEALS: Does = Does::Changes(Verb::Reveal, "rotate what it shows");
const SETS: Does = Does::Changes(Verb::Update, "set the old value");

/// The table.
pub static RAILWAY: Cli = Cli {
    valued: &[
        "-s",
        "--service",
        "-e",
        "--environment",
        "-p",
        "--project",
        "-n",
        "--name",
        "-w",
        "--workspace",
        "-t",
        "--template",
        "-d",
        "--database",
        "-r",
        "--repo",
        "-i",
        "--image",
        "-v",
        "--volume",
        "-m",
        "--mount-path",
        "--port",
        "--set",
        "--duplicate",
        "--variables",
        "--lines",
        "--filter",
        "--deployment-instance",
        "--set-from-stdin",
        "--message",
    ],
    flags: &[
        "-y",
        "--yes",
        "--json",
        "--detach",
        "--ci",
        "-c",
        "--verbose",
        "-k",
        "--kv",
        "--build",
        "--deployment",
        "--2fa-code",
        "--skip-deploys",
    ],
    places: &[
        ("-e", PlaceKind::Name),
        ("--environment", PlaceKind::Name),
        ("-p", PlaceKind::Name),
        ("--project", PlaceKind::Name),
    ],
    harmless: &["--help", "-h", "--version", "-V"],
    rules: &[
        Rule::reads(
            "list|ls|logs|log|status|whoami|open|docs|help|completion|starship|check-updates",
        ),
        Rule::reads(
            "volume|volumes|environment|env|deployment|deployments|project|projects|\
             function|functions|bucket|buckets|service|domain|workspace list|ls|status",
        ),
        Rule::reads("service status|logs"),
        Rule::reads("bucket|buckets info"),
        Rule::new("variables|variable|vars|var", REVEALS)
            .when(&[("--set", SETS), ("--set-from-stdin", SETS)]),
        Rule::new("variables|variable|vars|var list|ls|get", REVEALS),
        Rule::new("variables|variable|vars|var set", SETS),
        Rule::deletes("variables|variable|vars|var delete|rm|remove|unset", "the value is gone"),
        Rule::new("bucket|buckets credentials", REVEALS),
        Rule::updates(
            "up|redeploy|restart|deploy|add|link|unlink|scale|dev|develop|upgrade|login|logout|mcp",
            "deploy what was there before",
        ),
        Rule::updates("domain|service|environment|env", "change it back"),
        Rule::updates("domain *", "remove the domain"),
        Rule::creates("init|new", "delete the project"),
        Rule::deletes("down", "the deployment is gone"),
        Rule::deletes("delete|rm|remove", "the project and all it holds are gone"),
        Rule::deletes("project|projects delete|rm|remove", "the project and all it holds are gone"),
        Rule::updates("project|projects link", "link it back"),
        Rule::deletes(
            "volume|volumes delete|rm|remove",
            "the volume, what is on it and its backups are gone",
        ),
        Rule::creates("volume|volumes add|create", "delete the volume"),
        Rule::updates("volume|volumes attach|detach|update", "change it back"),
        Rule::deletes(
            "environment|env delete|rm|remove",
            "the environment and all it holds are gone",
        ),
        Rule::creates("environment|env new|create", "delete the environment"),
        Rule::updates("environment|env link|edit|config", "change it back"),
        Rule::deletes(
            "service|function|functions|func|bucket|buckets|domain delete|rm|remove",
            "it and what it holds are gone",
        ),
        Rule::updates("service link|redeploy|restart|scale", "change it back"),
        Rule::updates("function|functions|func new|push|pull|link|create", "push the old one"),
        Rule::creates("bucket|buckets create|add", "delete the bucket"),
        Rule::updates("bucket|buckets rename|update", "change it back"),
        Rule::updates("deployment|deployments up|redeploy|restart", "deploy what was there before"),
        Rule::deletes("deployment|deployments down|delete|rm|remove", "the deployment is gone"),
        Rule::asks("run|local", run),
        Rule::asks("ssh", run),
        Rule::opaque("shell|connect", "what is typed there later is not known"),
    ],
    ..Cli::new("railway")
};
