//! `docker compose`, also as `docker-compose` and `podman-compose`.
//!
//! From <https://docs.docker.com/reference/cli/docker/compose/>, 2026-11.

use crate::{
    classify::{
        Judge,
        programs::{Cli, Does, Matched, Rule, containers::inner},
    },
    domain::{PlaceKind, Verb},
};

const DRY: &[&str] = &["--dry-run"];
const UP: &str = "bring it up again";
const VOLUMES: Does = Does::Destroys(Verb::Delete, "the volumes and their data are gone");
const IMAGES: Does = Does::Destroys(Verb::Delete, "the images built for it are gone");

/// The table of `docker compose`.
pub static COMPOSE: Cli = Cli {
    valued: &[
        "-f",
        "--file",
        "--profile",
        "--env-file",
        "--project-directory",
        "--parallel",
        "--progress",
        "--ansi",
        "--timeout",
        "--scale",
        "--pull",
        "--format",
        "--filter",
        "--output",
        "--since",
        "--until",
        "--tail",
        "--exit-code-from",
        "--attach",
        "--no-attach",
        "--wait-timeout",
        "--signal",
        "--index",
        "--status",
        "--rmi",
        "-H",
        "--host",
        "--build-arg",
        "--memory",
        "--ssh",
        "--builder",
        "--hash",
    ],
    flags: &["-d", "--detach", "--build", "--remove-orphans", "--all-resources", "--compatibility"],
    places: &[
        ("-p", PlaceKind::Name),
        ("--project-name", PlaceKind::Name),
        ("--context", PlaceKind::Context),
        ("DOCKER_CONTEXT", PlaceKind::Context),
        ("DOCKER_HOST", PlaceKind::Host),
        ("COMPOSE_PROJECT_NAME", PlaceKind::Name),
    ],
    harmless: &["--help", "-h", "--version"],
    rules: &[
        Rule::reads(""),
        Rule::reads(
            "ps|ls|config|convert|events|images|port|top|stats|version|volumes|wait|help|export",
        ),
        Rule::reads("logs").flags(&["-f"]),
        Rule::updates("up", "take it down again")
            .dry(DRY)
            .when(&[("-V", VOLUMES), ("--renew-anon-volumes", VOLUMES)]),
        Rule::updates("down", UP).dry(DRY).when(&[
            ("-v", VOLUMES),
            ("--volumes", VOLUMES),
            ("--rmi", IMAGES),
        ]),
        Rule::updates("start|stop|restart|kill|pause|unpause|scale|create|watch|attach", UP)
            .dry(DRY),
        Rule::deletes("rm", "the containers and what they wrote are gone").dry(DRY).flags(&["-f"]),
        Rule::runs("build|pull", "remove the images").dry(DRY),
        Rule::updates("push|publish", "push the earlier image again").dry(DRY),
        Rule::updates("cp|commit", "take the copy away").dry(DRY),
        Rule::asks("exec", exec).dry(DRY).ends(1).valued(INSIDE),
        Rule::asks("run", run).dry(DRY).ends(1).valued(INSIDE),
    ],
    ..Cli::new("containers")
};

#[rustfmt::skip]
const INSIDE: &[&str] = &[
    "-e", "--env", "--env-from-file", "-l", "--label", "--name", "-u", "--user", "-w", "--workdir",
    "-v", "--volume", "-p", "--publish", "--entrypoint", "--cap-add", "--cap-drop", "--pull",
    "--index",
];

/// What it runs in a container of a service.
fn exec(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    if matched.rest.is_empty() {
        judge.opaque(matched.span(), "what it runs in the container is not said");
    } else {
        inner::run(matched.rest, matched, judge);
    }
}

/// A new container of a service, and what it runs.
fn run(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let service = matched.own().first().map(|word| judge.name(word)).unwrap_or_default();
    judge.changes(Verb::Run, "containers", service, matched.span(), "remove the container");
    match matched.value("--entrypoint") {
        Some(program) => {
            inner::run_as(program.text(), program.span(), matched.rest, matched, judge);
        }
        None => inner::run(matched.rest, matched, judge),
    }
}
