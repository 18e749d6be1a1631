//! `kamal`, after kamal-deploy.org/docs/commands (2.x, read 2026-11).

use super::inner;
use crate::{
    classify::{
        Judge,
        programs::{Cli, Matched, Rule},
    },
    domain::PlaceKind,
};

const OWN: &[&str] = &[
    "-d",
    "--destination",
    "-c",
    "--config-file",
    "-H",
    "--hosts",
    "-r",
    "--roles",
    "--version",
    "-e",
    "--env",
];

fn run(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    inner::runs(matched, 0, OWN, judge);
}

fn run_in(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    inner::runs(matched, 1, OWN, judge);
}

/// The table.
pub static KAMAL: Cli = Cli {
    valued: &[
        "-d",
        "--destination",
        "-c",
        "--config-file",
        "-h",
        "-H",
        "--hosts",
        "-r",
        "--roles",
        "--version",
        "-m",
        "--message",
        "-e",
        "--env",
        "-n",
        "--lines",
        "-s",
        "--since",
        "-g",
        "--grep",
        "-a",
        "--adapter",
        "--account",
        "--from",
    ],
    flags: &[
        "-v",
        "--verbose",
        "-q",
        "--quiet",
        "-p",
        "--primary",
        "-P",
        "--skip-push",
        "-H",
        "--skip-hooks",
        "-i",
        "--interactive",
        "--reuse",
        "-y",
        "--confirmed",
        "-f",
        "--follow",
        "--detach",
        "--rolling",
    ],
    places: &[
        ("-d", PlaceKind::Name),
        ("--destination", PlaceKind::Name),
        ("--hosts", PlaceKind::Host),
    ],
    harmless: &["--help"],
    rules: &[
        Rule::reads("audit|config|details|docs|help|version"),
        Rule::reads(
            "app|accessory|proxy|build|server details|logs|containers|images|version|\
             stale_containers",
        ),
        Rule::reads("lock status"),
        Rule::reveals("secrets fetch|extract|print", "rotate what it shows"),
        Rule::updates(
            "setup|deploy|redeploy|rollback|init|upgrade",
            "roll back to the version before",
        ),
        Rule::deletes("remove", "the app, its accessories and their data are gone"),
        Rule::updates("app boot|start|stop|live|maintenance", "boot it again"),
        Rule::deletes(
            "app remove|remove_container|remove_containers|remove_images|remove_app_directory",
            "the containers and images are gone",
        ),
        Rule::asks("app exec", run),
        Rule::asks("server exec", run),
        Rule::asks("accessory exec", run_in),
        Rule::updates(
            "accessory boot|reboot|start|stop|restart|upload|directories|upgrade",
            "boot it again",
        ),
        Rule::deletes(
            "accessory remove|remove_container|remove_image|remove_service_directory",
            "the accessory and its data are gone",
        ),
        Rule::updates(
            "proxy boot|reboot|start|stop|restart|boot_config|upgrade|remove|\
             remove_container|remove_image",
            "boot it again",
        ),
        Rule::updates("registry login|logout|setup|remove", "log in again"),
        Rule::updates("build push|pull|create|remove|deliver|dev", "build again"),
        Rule::updates("prune all|images|containers", "they are pulled again"),
        Rule::updates("lock acquire|release", "take or leave the lock again"),
        Rule::updates("server bootstrap", "nothing is lost"),
    ],
    ..Cli::new("kamal")
};
