//! Programs around AWS: `eksctl`, `eb`, `ecs-cli`, `aws-nuke`, `cloud-nuke`,
//! `saml2aws`, `aws-sso`, `amplify`, `chalice`.
//!
//! Built from each program's own documentation, 2026-11: <https://eksctl.io>,
//! <https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/eb3-cmd-commands.html>,
//! <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cmd-ecs-cli.html>,
//! <https://aws-nuke.ekristen.dev>, <https://github.com/gruntwork-io/cloud-nuke>,
//! <https://github.com/Versent/saml2aws>, <https://docs.amplify.aws/cli/>,
//! <https://aws.github.io/chalice/>.

use super::super::{Cli, Does, Matched, Rule};
use crate::{
    classify::{Data, Judge, Variables, Word},
    domain::{PlaceKind, Verb},
};

const SESSION: &str = "what is typed in the session is not known";
const NUKED: Does = Does::Destroys(Verb::Delete, "every resource of the account is gone");

/// `eksctl`.
pub(super) static EKSCTL: Cli = Cli {
    valued: &[
        "--config-file",
        "-f",
        "--name",
        "-n",
        "--region",
        "-r",
        "--nodes",
        "-N",
        "--verbose",
        "-v",
        "--color",
        "-C",
        "--output",
        "-o",
        "--timeout",
    ],
    flags: &["--approve", "--wait", "-w", "--dumpLogs", "-d"],
    places: &[
        ("--profile", PlaceKind::Profile),
        ("-p", PlaceKind::Profile),
        ("--cluster", PlaceKind::Context),
        ("AWS_PROFILE", PlaceKind::Profile),
    ],
    rules: &[
        Rule::reads(""),
        Rule::reads("get|info|version|completion|help"),
        Rule::creates("create *", "delete what it made").dry(&["--dry-run"]),
        Rule::updates("update|upgrade|set|unset|scale|enable|register *", "set it back"),
        Rule::updates("associate|disassociate *", "associate or disassociate it again"),
        Rule::updates("drain *", "uncordon the nodes"),
        Rule::deletes("delete cluster", "the cluster and what runs on it are gone"),
        Rule::deletes("delete|deregister *", "what it names is gone for good"),
        Rule::reads("utils describe-stacks|describe-addon-versions|schema|nodegroup-health"),
        Rule::updates("utils write-kubeconfig", "remove the context from the kubeconfig"),
        Rule::updates("utils update-cluster-logging", "set it back").when(&[(
            "--disable-types",
            Does::Destroys(Verb::Grant, "what happens is no longer recorded"),
        )]),
        Rule::updates(
            "utils associate-iam-oidc-provider|update-kube-proxy|update-aws-node|\
             update-coredns|set-public-access-cidrs|update-cluster-endpoints|\
             update-cluster-vpc-config|install-vpc-controllers|migrate-to-pod-identity|\
             migrate-to-access-entry|enable-secrets-encryption|update-zonal-shift-config|\
             update-legacy-subnet-settings",
            "set it back",
        ),
        Rule::opaque("anywhere", "what the plug-in does is not known"),
    ],
    ..Cli::new("aws:eks")
};

/// `eb`.
pub(super) static EB: Cli = Cli {
    valued: &[
        "--region",
        "-r",
        "--command",
        "-c",
        "--label",
        "-l",
        "--message",
        "-m",
        "--timeout",
        "--delete",
        "-d",
        "--environment",
        "-e",
        "--number",
        "-n",
        "--instance",
        "-i",
    ],
    flags: &["--verbose", "-v", "--debug", "--quiet", "-q", "--force", "--all", "-a"],
    places: &[("--profile", PlaceKind::Profile), ("AWS_PROFILE", PlaceKind::Profile)],
    rules: &[
        Rule::reads("events|health|list|status|open|console"),
        Rule::reads("logs").when(&[
            ("--cloudwatch-logs=enable", CHANGED),
            (
                "--cloudwatch-logs=disable",
                Does::Destroys(Verb::Grant, "what happens is no longer recorded"),
            ),
        ]),
        Rule::reveals("printenv", "rotate what it showed"),
        Rule::updates("init|use|labs|local|codesource|migrate", "set it back"),
        Rule::creates("create|clone|restore", "terminate the environment"),
        Rule::updates("deploy", "deploy the former version"),
        Rule::updates("config|setenv|scale|tags|upgrade|abort|swap|platform", "set it back"),
        Rule::deletes("terminate", "the environment and every resource of it are gone"),
        Rule::reads("appversion lifecycle print"),
        Rule::updates("appversion", "set it back").when(&[
            ("--delete", Does::Destroys(Verb::Delete, "the application version is gone")),
            ("-d", Does::Destroys(Verb::Delete, "the application version is gone")),
        ]),
        Rule::deletes("platform delete", "the platform version is gone"),
        Rule::asks("ssh", eb_ssh),
    ],
    ..Cli::new("aws:elasticbeanstalk")
};

const CHANGED: Does = Does::Changes(Verb::Update, "set it back");

fn eb_ssh(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    match matched.value("--command").or_else(|| matched.value("-c")) {
        Some(command) => {
            judge.script(command, &Variables::default(), &Data::Nothing);
        }
        None => judge.opaque(matched.span(), SESSION),
    }
}

/// `ecs-cli`.
pub(super) static ECS_CLI: Cli = Cli {
    valued: &["--region", "-r", "--file", "-f", "--cluster", "-c", "--project-name", "-p"],
    flags: &["--verbose", "--debug", "--force"],
    places: &[
        ("--aws-profile", PlaceKind::Profile),
        ("--ecs-profile", PlaceKind::Profile),
        ("--cluster-config", PlaceKind::Context),
        ("AWS_PROFILE", PlaceKind::Profile),
    ],
    rules: &[
        Rule::reads("ps|logs|images|license|check-attributes|help"),
        Rule::updates("configure", "configure it again"),
        Rule::creates("up", "take it down"),
        Rule::deletes("down", "the cluster and its instances are gone"),
        Rule::updates("scale|attributes", "set it back"),
        Rule::creates("push|pull", "remove the image"),
        Rule::updates("registry-creds up", "take them down"),
        Rule::reads("compose ps"),
        Rule::creates("compose create|up|start|run|scale", "stop the tasks"),
        Rule::updates("compose stop|down", "start the tasks again"),
        Rule::creates("compose service create|up|start|scale", "take the service down"),
        Rule::reads("compose service ps|list"),
        Rule::updates("compose service stop", "start the service again"),
        Rule::deletes("compose service rm|delete|down", "the service is gone"),
    ],
    ..Cli::new("aws:ecs")
};

/// `aws-nuke` and its kin.
pub(super) static NUKE: Cli = Cli {
    valued: &["--config", "-c", "--target", "-t", "--exclude", "-e", "--region"],
    flags: &["--force", "--quiet", "-q", "--verbose", "-v"],
    places: &[("--profile", PlaceKind::Profile), ("AWS_PROFILE", PlaceKind::Profile)],
    rules: &[
        // Without it nothing but a list of what would go is made.
        Rule::reads("").when(&[("--no-dry-run", NUKED)]),
        Rule::reads("run|nuke|account-details").when(&[("--no-dry-run", NUKED)]),
        Rule::reads("version|resource-types|explain-config|explain-account|help|completion"),
    ],
    ..Cli::new("aws")
};

/// `cloud-nuke`.
pub(super) static CLOUD_NUKE: Cli = Cli {
    valued: &["--region", "--exclude-region", "--resource-type", "--older-than", "--config"],
    flags: &["--force", "--list-resource-types"],
    places: &[("AWS_PROFILE", PlaceKind::Profile)],
    rules: &[
        Rule::reads("inspect-aws|inspect-gcp|help"),
        Rule::deletes("aws|gcp|defaults-aws", "every resource of the account is gone")
            .dry(&["--dry-run", "--list-resource-types"]),
    ],
    ..Cli::new("aws")
};

/// `saml2aws`.
pub(super) static SAML2AWS: Cli = Cli {
    valued: &["--idp-account", "-a", "--role", "--session-duration", "--exec-profile", "--region"],
    flags: &["--skip-prompt", "--force", "--verbose", "--quiet"],
    places: &[("--profile", PlaceKind::Profile), ("-p", PlaceKind::Profile)],
    rules: &[
        Rule::reads("list-roles|help"),
        Rule::updates("configure|login", "log in again"),
        Rule::asks("exec", runs),
        Rule::reveals("console|script", "the credentials run out"),
    ],
    ..Cli::new("aws:sts")
};

/// `aws-sso`.
pub(super) static AWS_SSO: Cli = Cli {
    valued: &["--account", "-A", "--role", "-R", "--arn", "-a", "--sso", "-S", "--config"],
    places: &[("--profile", PlaceKind::Profile), ("-p", PlaceKind::Profile)],
    rules: &[
        Rule::reads("list|time|tags|version|help"),
        Rule::updates("login|logout|flush|cache|setup|config-profiles", "log in again"),
        Rule::asks("exec", runs),
        Rule::reveals("eval|process|credentials|console", "they run out"),
    ],
    ..Cli::new("aws:sts")
};

/// `saml2aws exec -- COMMAND`: the command is what counts.
fn runs(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let words = matched.call.arguments();
    let end = words.iter().position(|word| word.is("--"));
    let command: Vec<Word> = match end {
        Some(end) => words.iter().skip(end + 1).cloned().collect(),
        None => matched.operands.iter().map(|word| (*word).clone()).collect(),
    };
    if command.is_empty() {
        return judge.opaque(matched.span(), SESSION);
    }
    let printed = judge.call(&matched.call.running(&command));
    judge.prints(printed);
}

/// `amplify`.
pub(super) static AMPLIFY: Cli = Cli {
    valued: &["--envName", "--appId", "--category", "--region"],
    flags: &["--yes", "-y", "--force", "--debug"],
    rules: &[
        Rule::reads("status|diagnose|help|version|console"),
        Rule::reads("env list|get"),
        Rule::creates("init|new", "delete the project"),
        Rule::creates("add|import *", "remove it again"),
        Rule::creates("* add|import", "remove it again"),
        Rule::updates("push|publish|deploy|pull|configure|upgrade|codegen", "push the former"),
        Rule::updates("override|update *", "set it back"),
        Rule::updates("* update|configure|gql-compile|build", "set it back"),
        Rule::updates("mock|test", "it runs here only"),
        Rule::updates("env add|checkout|pull|update|import", "check the former one out"),
        Rule::deletes("env remove", "the environment and its backend are gone"),
        Rule::deletes("remove *", "the resource is deleted with the next push"),
        Rule::deletes("* remove", "the resource is deleted with the next push"),
        Rule::deletes("delete", "the project and its backends are gone"),
        Rule::deletes("uninstall", "the program is gone"),
    ],
    ..Cli::new("aws:amplify")
};

/// `chalice`.
pub(super) static CHALICE: Cli = Cli {
    valued: &["--project-dir", "--name", "-n", "--connection-timeout"],
    flags: &["--debug", "--no-debug"],
    places: &[("--profile", PlaceKind::Profile), ("--stage", PlaceKind::Name)],
    rules: &[
        Rule::reads("logs|url|gen-policy|help|generate-models"),
        Rule::updates("deploy", "deploy the former version"),
        Rule::deletes("delete", "the functions and the API are gone"),
        Rule::runs("invoke|local", "what it did is undone by its own means"),
        Rule::creates("package|generate-pipeline|generate-sdk|new-project|dev", "remove the files"),
    ],
    ..Cli::new("aws:lambda")
};
