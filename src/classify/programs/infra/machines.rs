//! What makes images and machines: `packer`, `vagrant`, `bosh`, `custodian`.
//!
//! From <https://developer.hashicorp.com/packer/docs/commands>,
//! <https://developer.hashicorp.com/vagrant/docs/cli>, <https://bosh.io/docs/cli-v2/> and
//! <https://cloudcustodian.io/docs/quickstart/>, 2026-11.

use crate::{
    classify::{
        Judge,
        programs::{Cli, Does, Matched, Named, Rule, Style},
    },
    domain::{PlaceKind, Verb},
};

const MACHINE: &str = "the machine and its disks are gone";
const START: &str = "start or stop it again";

/// The table of `packer`.
pub static PACKER: Cli = Cli {
    style: Style::Single,
    #[rustfmt::skip]
    valued: &[
        "-var", "-var-file", "-only", "-except", "-on-error", "-parallel-builds", "-output-file",
    ],
    #[rustfmt::skip]
    flags: &[
        "-color", "-debug", "-machine-readable", "-timestamp-ui", "-syntax-only", "-diff", "-write",
        "-recursive", "-upgrade",
    ],
    harmless: &["-help", "-h", "-version", "-v"],
    rules: &[
        Rule::reads("validate|inspect|version|console|help"),
        Rule::updates("fmt", "check the files out again").dry(&["-check", "-write=false"]),
        Rule::runs("build", "deregister the image").when(&[(
            "-force",
            Does::Destroys(Verb::Delete, "the earlier image of that name is gone"),
        )]),
        Rule::creates("init|hcl2_upgrade|fix", "remove what was written"),
        Rule::reads("plugins required|installed"),
        Rule::updates("plugins install|remove", "install it again"),
    ],
    ..Cli::new("packer")
};

/// The table of `vagrant`.
pub static VAGRANT: Cli = Cli {
    #[rustfmt::skip]
    valued: &[
        "--provider", "--provision-with", "--box-version", "--name", "--output", "--base",
        "--vagrantfile", "--checksum",
    ],
    #[rustfmt::skip]
    flags: &[
        "-f", "--force", "-g", "--graceful", "--parallel", "--no-parallel", "--provision",
        "--no-provision", "--no-color", "--machine-readable", "--debug", "--clean", "-t",
    ],
    harmless: &["--help", "-h", "--version", "-v"],
    rules: &[
        Rule::reads(
            "status|global-status|port|validate|ssh-config|winrm-config|version|help|\
             list-commands",
        ),
        Rule::reads("box list|outdated"),
        Rule::reads("snapshot list"),
        Rule::reads("plugin list"),
        Rule::updates(
            "up|halt|reload|suspend|resume|provision|init|upload|package|rsync|rsync-auto|\
             login|share",
            START,
        ),
        Rule::updates("box add|remove|update|prune|repackage", "add the box again")
            .dry(&["-n", "--dry-run"]),
        Rule::updates("plugin install|uninstall|update|repair|expunge", "install it again"),
        Rule::creates("snapshot save|push", "delete the snapshot"),
        Rule::deletes("snapshot delete", "the snapshot is gone"),
        Rule::overwrites("snapshot restore|pop", "what the machine wrote since is gone"),
        Rule::deletes("destroy", MACHINE),
        Rule::asks("ssh|winrm|powershell", ssh).valued(&["-c", "--command", "-s", "--shell"]),
        Rule::opaque("push", "what the strategy in the Vagrantfile does is not given"),
    ],
    ..Cli::new("vagrant")
};

fn ssh(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    match matched.value("-c").or(matched.value("--command")) {
        Some(script) => {
            judge.script(script, matched.call.variables, matched.call.stdin);
        }
        None => judge.opaque(matched.span(), "what is typed into the shell is not known"),
    }
}

/// The table of `bosh`.
pub static BOSH: Cli = Cli {
    #[rustfmt::skip]
    valued: &[
        "--config", "--client", "--client-secret", "--ca-cert", "--parallel", "--column", "-v",
        "--var", "-l", "--vars-file", "--vars-env", "--vars-store", "-o", "--ops-file", "--path",
        "--name", "--version", "--dir", "--type", "--job", "-r", "--results-of", "--canaries",
        "--max-in-flight", "--num", "--gw-host", "--gw-user", "--gw-private-key", "-c", "--command",
    ],
    #[rustfmt::skip]
    flags: &[
        "-n", "--non-interactive", "--json", "--tty", "--no-color", "--force", "--all",
        "--recreate", "--fix", "--hard", "--skip-drain",
    ],
    #[rustfmt::skip]
    places: &[
        ("-e", PlaceKind::Name), ("--environment", PlaceKind::Name),
        ("BOSH_ENVIRONMENT", PlaceKind::Name), ("-d", PlaceKind::Name),
        ("--deployment", PlaceKind::Name), ("BOSH_DEPLOYMENT", PlaceKind::Name),
    ],
    harmless: &["--help", "-h", "--version"],
    rules: &[
        Rule::reads(
            "env|environment|environments|envs|deployments|ds|deployment|dep|vms|instances|\
             is|stemcells|ss|releases|rs|errands|es|disks|snapshots|tasks|ts|task|t|events|\
             event|locks|logs|manifest|man|cloud-config|cc|runtime-config|rc|configs|\
             config|diff-config|interpolate|int|networks|orphaned-vms|variables|vars|\
             inspect-release|inspect-stemcell|cloud-check-report|help|curl-of|pcap",
        ),
        Rule::updates(
            "deploy|d|start|restart|recreate|run-errand|update-cloud-config|ucc|\
             update-runtime-config|urc|update-config|uc|update-cpi-config|upload-stemcell|\
             us|upload-release|ur|create-release|take-snapshot|attach-disk|ignore|unignore|\
             log-in|l|log-out|alias-env|create-env|start-env|stop-env|update-resurrection|\
             scp|cancel-task|ct|cck|cloud-check|export-release|orphan-disk",
            START,
        )
        .dry(&["--dry-run"]),
        Rule::updates("stop", "start it again")
            .dry(&["--dry-run"])
            .when(&[("--hard", Does::Destroys(Verb::Delete, MACHINE))]),
        Rule::deletes(
            "delete-deployment|deld|delete-env|delete-vm|delete-disk|delete-snapshot|\
             delete-snapshots|delete-stemcell|dels|delete-release|delr|delete-config|dc|\
             delete-network|clean-up|detach-disk",
            "what it names, and the data on it, are gone",
        ),
        Rule::asks("ssh", ssh).valued(&["-c", "--command"]),
    ],
    ..Cli::new("bosh")
};

/// The table of `custodian`.
pub static CUSTODIAN: Cli = Cli {
    #[rustfmt::skip]
    valued: &[
        "-s", "--output-dir", "-c", "--cache", "-p", "--policies", "-t", "--resource", "-r",
        "--region", "--assume", "-m", "--metrics", "-l", "--log-group",
    ],
    flags: &["-v", "--verbose", "-q", "--quiet"],
    #[rustfmt::skip]
    places: &[
        ("--profile", PlaceKind::Profile), ("AWS_PROFILE", PlaceKind::Profile),
        ("-a", PlaceKind::Account), ("--account-id", PlaceKind::Account),
    ],
    rules: &[
        Rule::reads("schema|validate|report|logs|metrics|version|docs"),
        Rule::asks("run", custodian).dry(&["-d", "--dryrun", "--dry-run"]),
        Rule::asks("run-script", custodian).dry(&["-d", "--dryrun"]),
    ],
    ..Cli::new("cloud")
};

fn custodian(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let why = Does::Opaque("what the policies do to what they match is not given");
    matched.does(why, Named::Operands, judge);
}
