//! What deploys stacks of cloud resources from a program or a template: `cdk`, `sam`,
//! `serverless`, `cdktf`, `terramate`.
//!
//! From <https://docs.aws.amazon.com/cdk/v2/guide/ref-cli-cmd.html>,
//! <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-command-reference.html>,
//! <https://www.serverless.com/framework/docs/providers/aws/cli-reference>,
//! <https://developer.hashicorp.com/terraform/cdktf/cli-reference/commands> and
//! <https://terramate.io/docs/cli/reference/cmdline>, 2026-11.

use crate::{
    classify::{
        Data, Judge,
        programs::{Cli, Does, Matched, Named, Rule},
    },
    domain::{PlaceKind, Verb},
};

const STACK: &str = "the stack and every resource in it are gone";
const DEPLOY: &str = "deploy the earlier version";
const UNSEEN: &str = "it is applied unseen: whatever it replaces or deletes is gone";

/// The table of `cdk`.
pub static CDK: Cli = Cli {
    #[rustfmt::skip]
    valued: &[
        "-a", "--app", "-b", "--build", "-c", "--context", "-p", "--plugin", "-r", "--role-arn",
        "-o", "--output", "--proxy", "--ca-bundle-path", "--require-approval",
        "--notification-arns", "-t", "--tags", "--change-set-name", "-m", "--method",
        "--parameters", "-O", "--outputs-file", "--toolkit-stack-name", "--concurrency",
        "--progress", "-l", "--language", "--from-path", "--stack-name", "-E", "--build-exclude",
        "--qualifier", "--trust", "--trust-for-lookup", "--cloudformation-execution-policies",
        "--custom-permissions-boundary", "--template", "--bootstrap-bucket-name",
        "--bootstrap-kms-key-id", "--kms-key-id", "--action", "--type", "--rollback-buffer-days",
        "--created-buffer-days", "--region", "--account", "--resource-mapping", "-u", "--unstable",
        "--import-existing-resources-of", "--reset", "--orphan",
    ],
    #[rustfmt::skip]
    flags: &[
        "--all", "-f", "--force", "-y", "--yes", "--exclusively", "-e", "--hotswap",
        "--hotswap-fallback", "--watch", "-v", "--verbose", "--debug", "--ci", "-j", "--json", "-q",
        "--quiet", "--no-staging", "--no-lookups", "--strict", "--trace", "--no-color",
        "--asset-parallelism", "--asset-prebuild", "--ignore-errors", "--rollback", "--no-rollback",
        "--no-execute", "--execute", "--logs", "--fail", "--path-metadata", "--version-reporting",
        "--notices",
    ],
    places: &[("--profile", PlaceKind::Profile), ("AWS_PROFILE", PlaceKind::Profile)],
    harmless: &["--help", "-h", "--version"],
    rules: &[
        Rule::reads(""),
        Rule::reads(
            "diff|synth|synthesize|list|ls|docs|doc|doctor|metadata|notices|drift|help|\
             flags",
        ),
        Rule::updates("deploy", DEPLOY)
            .when(&[("--require-approval=never", Does::Destroys(Verb::Update, UNSEEN))])
            .dry(&["--dry-run"]),
        Rule::updates("watch", DEPLOY),
        Rule::deletes("destroy", STACK),
        Rule::updates("rollback", "deploy it again").when(&[(
            "--orphan",
            Does::Destroys(Verb::Update, "the stack no longer knows the resources left out"),
        )]),
        Rule::updates("bootstrap", "bootstrap the earlier version"),
        Rule::creates("import", "take it out of the template again"),
        Rule::creates("init|migrate|acknowledge|ack|cli-telemetry", "check the files out again"),
        Rule::reads("context").when(&[
            ("--clear", Does::Changes(Verb::Update, "look it up again")),
            ("--reset", Does::Changes(Verb::Update, "look it up again")),
        ]),
        Rule::updates("refactor", "refactor it back").dry(&["--dry-run"]),
        Rule::deletes("gc", "the assets that nothing uses are gone").dry(&["--action=print"]),
    ],
    ..Cli::new("aws:cloudformation")
};

/// The table of `sam`.
pub static SAM: Cli = Cli {
    #[rustfmt::skip]
    valued: &[
        "-t", "--template", "--template-file", "--stack-name", "--s3-bucket", "--s3-prefix",
        "--capabilities", "--parameter-overrides", "--region", "--config-file",
        "--image-repository", "--image-repositories", "--kms-key-id", "--role-arn", "--tags",
        "--metadata", "--notification-arns", "-b", "--build-dir", "-s", "--base-dir", "-m",
        "--manifest", "-e", "--event", "--event-file", "-n", "--env-vars", "--name", "--filter",
        "--start-time", "--end-time", "--output", "-o", "-u", "-p", "--port", "--host", "-d",
        "--debug-port", "--signing-profiles", "--on-failure", "--resource-id", "--code-of", "-r",
        "--runtime", "--app-template", "-l", "--location", "--docker-network",
        "--container-env-vars", "--output-template-file", "--test-event-name", "--parameter",
        "--watch-exclude", "--semantic-version", "--save-params-of", "--layer-cache-basedir",
        "--resource", "--dependency-layer-of",
    ],
    #[rustfmt::skip]
    flags: &[
        "--guided", "-g", "--no-confirm-changeset", "--confirm-changeset",
        "--no-fail-on-empty-changeset", "--use-container", "--no-prompts", "--resolve-s3",
        "--resolve-image-repos", "--force-upload", "--debug", "--tail", "--watch", "--code",
        "--lint", "--cached", "--parallel", "--beta-features", "--no-execute-changeset",
        "--disable-rollback", "--save-params",
    ],
    #[rustfmt::skip]
    places: &[
        ("--profile", PlaceKind::Profile), ("AWS_PROFILE", PlaceKind::Profile),
        ("--config-env", PlaceKind::Name),
    ],
    harmless: &["--help", "-h", "--version", "--info"],
    rules: &[
        Rule::reads(""),
        Rule::reads("validate|logs|traces|docs"),
        Rule::reads("list endpoints|resources|stack-outputs"),
        Rule::updates("deploy|sync", DEPLOY),
        Rule::deletes("delete", STACK),
        Rule::runs("build|package|publish|init", "remove what was written"),
        Rule::runs(
            "local invoke|start-api|start-lambda|generate-event|callback|execution",
            "stop it",
        ),
        Rule::runs("remote invoke", "undo what the function did"),
        Rule::updates("remote test-event put", "delete the event"),
        Rule::reads("remote test-event get|list"),
        Rule::deletes("remote test-event delete", "the event is gone"),
        Rule::creates("pipeline bootstrap|init", "remove what was made"),
    ],
    ..Cli::new("aws:cloudformation")
};

/// The table of `serverless`.
pub static SERVERLESS: Cli = Cli {
    #[rustfmt::skip]
    valued: &[
        "-r", "--region", "-c", "--config", "-f", "--function", "-p", "--package", "--path", "-d",
        "--data", "-l", "--log", "-t", "--timestamp", "-n", "--name", "--startTime", "--filter",
        "--interval", "--param", "--org", "--app", "--type", "--context", "--contextPath",
        "--qualifier", "--template", "--template-url", "--format", "--raw-of", "--httpPort", "-e",
        "--env",
    ],
    #[rustfmt::skip]
    flags: &[
        "--verbose", "--force", "--conceal", "--aws-s3-accelerate", "--debug", "--tail",
        "--enforce-hash-update", "--update-config", "-v",
    ],
    #[rustfmt::skip]
    places: &[
        ("-s", PlaceKind::Name), ("--stage", PlaceKind::Name),
        ("--aws-profile", PlaceKind::Profile), ("AWS_PROFILE", PlaceKind::Profile),
        ("SERVERLESS_STAGE", PlaceKind::Name),
    ],
    harmless: &["--help", "-h", "--version"],
    rules: &[
        Rule::reads("info|logs|metrics|print|help|doctor|support|usage|outputs|diagnostics"),
        Rule::reads("deploy list"),
        Rule::reads("deploy list functions"),
        Rule::updates("deploy", DEPLOY),
        Rule::reads("rollback list"),
        Rule::updates("rollback", "deploy it again"),
        Rule::updates("rollback function", "deploy it again"),
        Rule::deletes("remove", STACK),
        Rule::deletes("prune", "the earlier versions are gone").dry(&["--dryRun"]),
        Rule::deletes("delete_domain", "the domain no longer leads to the service"),
        Rule::creates(
            "create_domain|create|package|install|generate-event|plugin|config|login|\
             logout|slstats|domain",
            "remove what was made",
        ),
        Rule::runs(
            "invoke|test|offline|dev|webpack|esbuild",
            "stop it, or undo what the function did",
        ),
        Rule::reads("param list"),
        Rule::reveals("param get", "rotate the secret"),
        Rule::updates("param set", "set it back"),
        Rule::deletes("param remove", "its value is gone"),
    ],
    ..Cli::new("serverless")
};

/// The table of `cdktf`.
pub static CDKTF: Cli = Cli {
    #[rustfmt::skip]
    valued: &[
        "-a", "--app", "-o", "--output", "--outputs-file", "--parallelism",
        "--terraform-parallelism", "--log-level", "-l", "--language", "--template",
        "--project-name", "--from-terraform-project", "--var", "--var-file", "--target-language",
        "--provider", "--terraform-binary-name",
    ],
    #[rustfmt::skip]
    flags: &[
        "--destroy", "--refresh-only", "--no-color", "--skip-synth",
        "--ignore-missing-stack-dependencies", "--migrate-state",
    ],
    places: &[("AWS_PROFILE", PlaceKind::Profile)],
    rules: &[
        Rule::reads("diff|plan|synth|synthesize|list|output|help|debug|completion"),
        Rule::asks("deploy|apply", approved),
        Rule::deletes("destroy", STACK),
        Rule::opaque("watch", "every change to the program is applied unseen"),
        Rule::creates("init|get|convert|login|provider", "check the files out again"),
    ],
    ..Cli::new("terraform")
};

fn approved(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    if matched.has("--auto-approve") || !matches!(matched.call.stdin, Data::Nothing) {
        matched.does(Does::Destroys(Verb::Update, UNSEEN), Named::Operands, judge);
    } else {
        judge.opaque(matched.span(), "what it would do is in a plan that is not given");
    }
}

/// The table of `terramate`.
pub static TERRAMATE: Cli = Cli {
    #[rustfmt::skip]
    valued: &[
        "-C", "--chdir", "-B", "--git-change-base", "--tags", "--no-tags", "--parallel", "-j",
        "--log-level", "--log-fmt", "--target", "--status", "--name", "--description", "--import",
        "--after", "--before",
    ],
    #[rustfmt::skip]
    flags: &[
        "--changed", "-c", "--disable-safeguards", "-X", "--reverse", "--continue-on-error",
        "--eval", "--dry-run", "--quiet", "-q", "--no-recursive",
    ],
    rules: &[
        Rule::reads("list|version|help|debug|install-completions"),
        Rule::reads("script list|tree|info"),
        Rule::reads("cloud info|drift"),
        Rule::reads(
            "experimental globals|metadata|eval|get-config-value|trigger|run-graph|\
             run-order|run-env|vendor",
        ),
        Rule::asks("run", inner).ends(0).dry(&["--dry-run"]),
        Rule::updates("fmt|generate|create|clone", "check the files out again").dry(&["--check"]),
        Rule::opaque("script run", "what the script holds is not given"),
        Rule::updates("cloud login", "log in again"),
    ],
    ..Cli::new("terraform")
};

/// `terramate run --changed -- COMMAND`: in every directory.
fn inner(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let words = matched.rest;
    let start = words.iter().position(|word| word.is("--")).map_or_else(
        || words.iter().position(|word| !word.text().starts_with('-')),
        |dashes| Some(dashes + 1),
    );
    match start.and_then(|start| words.get(start..)).filter(|words| !words.is_empty()) {
        Some(words) => {
            judge.call(&matched.call.running(words));
        }
        None => judge.opaque(matched.span(), "what it runs is not said"),
    }
}
