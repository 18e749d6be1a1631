//! Services with a program of their own: `stripe`, `twilio`, `sentry-cli`, `auth0`, `okta`,
//! `algolia`, `contentful`, `sanity`, `shopify`, `ldcli`, `pd`, `newrelic`, `datadog-ci`.
//!
//! After docs.stripe.com/cli, www.twilio.com/docs/twilio-cli, docs.sentry.io/cli,
//! auth0.github.io/auth0-cli, cli.okta.com, www.algolia.com/doc/tools/cli,
//! github.com/contentful/contentful-cli, www.sanity.io/docs/cli, shopify.dev/docs/api/shopify-cli,
//! github.com/launchdarkly/ldcli, github.com/martindstone/pagerduty-cli,
//! github.com/newrelic/newrelic-cli, github.com/DataDog/datadog-ci (read
//! 2026-11). Their subcommands are a thing and a verb, so only the exceptions are listed.

use super::inner;
use crate::{
    classify::{
        Call, Judge,
        programs::{Cli, Does, Matched, Rule},
    },
    domain::Verb,
};

fn stripe_address(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    inner::asks(matched, "https://api.stripe.com", judge);
}

const REVEALS: Does = Does::Changes(Verb::Reveal, "rotate what it shows");

/// The table of `stripe`.
pub static STRIPE: Cli = Cli {
    valued: &[
        "-d",
        "--data",
        "-e",
        "--expand",
        "--api-key",
        "-p",
        "--project-name",
        "-l",
        "--limit",
        "-s",
        "--stripe-account",
        "-i",
        "--idempotency",
        "-v",
        "--stripe-version",
        "--color",
        "--config",
        "--device-name",
        "--log-level",
        "-f",
        "--forward-to",
        "--events",
        "-a",
        "--starting-after",
        "-b",
        "--ending-before",
        "--override",
        "--add",
        "--remove",
        "--charge",
        "--payment-intent",
        "--amount",
        "--email",
        "--name",
        "--currency",
        "--query",
        "--customer",
    ],
    flags: &[
        "--live",
        "-c",
        "--confirm",
        "--json",
        "--latest",
        "--dark-style",
        "--show-headers",
        "--skip-verify",
    ],
    harmless: &["--help", "-h", "--version"],
    rules: &[
        Rule::reads("listen|logs|status|version|help|resources|open|completion|whoami"),
        Rule::reads("logs tail"),
        Rule::reads("* list|retrieve|search|list_payment_methods|preview|upcoming"),
        Rule::asks("get", stripe_address),
        Rule::asks("post", stripe_address),
        Rule::asks("delete", stripe_address),
        Rule::deletes("refunds|payouts|transfers create", "the money is paid out"),
        Rule::updates(
            "trigger|fixtures|login|logout|config|samples|serve|playback|apps|projects",
            "nothing of value is lost",
        ),
        Rule::updates("events resend", "nothing is lost"),
        Rule::updates("samples create|list", "delete the folder"),
        Rule::updates(
            "* create|update|confirm|capture|finalize_invoice|send_invoice|pay|attach|\
             detach|cancel|close|expire|void_invoice|resume",
            "change it back",
        ),
        Rule::deletes("* delete|del", "the object is gone"),
    ],
    otherwise: Does::Asks(inner::by_verb),
    ..Cli::new("stripe")
};

static TWILIO: Cli = Cli {
    valued: &[
        "-p",
        "--profile",
        "-o",
        "--properties",
        "--sid",
        "--from",
        "--to",
        "--body",
        "--phone-number",
        "--friendly-name",
        "--limit",
        "--country-code",
        "--service-name",
        "--environment",
    ],
    rules: &[
        Rule::deletes("** remove|release|delete", "the number, or what it names, is gone"),
        Rule::reads("** list|fetch|inspect"),
        Rule::reads("help|profiles|plugins|debugger|watch|feedback $"),
        Rule::updates("login", "change it back"),
        Rule::updates("phone-numbers update|buy", "change it back"),
        Rule::updates("phone-numbers buy *", "release the number"),
        Rule::updates("profiles use|create|add", "change it back"),
        Rule::updates(
            "serverless deploy|promote|activate|init|start|new",
            "promote what was there before",
        ),
        Rule::updates("plugins install|update", "remove it"),
        Rule::updates("** create|update", "change it back"),
    ],
    ..Cli::new("twilio")
};

/// Judges a call of `twilio`.
pub fn twilio(call: &Call<'_>, judge: &mut Judge<'_>) {
    inner::topics(&TWILIO, call, judge);
}

/// The table of `sentry-cli`.
pub static SENTRY: Cli = Cli {
    valued: &[
        "-o",
        "--org",
        "-p",
        "--project",
        "-r",
        "--release",
        "--auth-token",
        "--url",
        "--dist",
        "-e",
        "--env",
        "-d",
        "--log-level",
        "--api-key",
        "-m",
        "--message",
        "-s",
        "-t",
    ],
    rules: &[
        Rule::reads("info|help|bash-hook"),
        Rule::reads("** list|info|propose-version|show"),
        Rule::deletes("** delete", "the release, or what it names, and its files are gone"),
        Rule::updates(
            "releases new|finalize|set-commits|archive|restore|deploys|files",
            "change it back",
        ),
        Rule::updates("deploys new", "delete it"),
        Rule::updates("issues resolve|mute|unresolve", "change it back"),
        Rule::updates("sourcemaps|sourcemap upload|inject|explain|resolve", "delete the files"),
        Rule::updates("debug-files|dif upload|check|find|bundle-sources", "delete the files"),
        Rule::updates(
            "login|update|send-event|send-envelope|upload-dif|upload-dsym|upload-proguard|\
             monitors|react-native|build|mobile-app|uninstall",
            "nothing is lost",
        ),
        Rule::asks("monitors run", |matched, judge| {
            inner::runs(matched, 1, &["-s", "--schedule", "-e"], judge);
        }),
    ],
    ..Cli::new("sentry")
};

/// The table of `auth0`, `okta` and `ldcli`.
pub static IDENTITY: Cli = Cli {
    valued: &[
        "--tenant",
        "-n",
        "--name",
        "-e",
        "--email",
        "-c",
        "--connection",
        "-u",
        "-d",
        "--data",
        "-q",
        "--query",
        "--project",
        "--flag",
        "--environment",
        "--access-token",
        "-o",
        "--output",
        "--number",
        "-r",
        "--roles",
        "-t",
        "--type",
        "--callbacks",
        "--description",
    ],
    flags: &[
        "--json",
        "--force",
        "--no-input",
        "--no-color",
        "--debug",
        "--reveal-secrets",
        "--csv",
    ],
    rules: &[
        Rule::reads("help|completion|whoami|version"),
        Rule::reads("test|logs|terraform $"),
        Rule::reads("logs list|tail|ls"),
        Rule::reads("test login|token"),
        Rule::updates("login|logout|setup|start", "log in again"),
        Rule::updates(
            "tenants|domains|universal-login use|verify|customize|update|switch",
            "change it back",
        ),
        Rule::updates("flags toggle-on|toggle-off|update|create|archive", "toggle it back"),
        Rule::updates("users blocks|unblock", "block it again"),
        Rule::updates("users blocks unblock", "block it again"),
        Rule::updates("users roles assign|add|remove|rm", "assign it again"),
        Rule::reads("users search|show|list|search-by-email"),
        Rule::updates("apps use|session-transfer", "change it back"),
        Rule::reads("terraform generate"),
        Rule::asks("api get|post|put|patch|delete", |matched, judge| {
            inner::asks(matched, "https://tenant.auth0.com", judge);
        }),
        Rule::asks("api", |matched, judge| inner::asks(matched, "https://tenant.auth0.com", judge)),
    ],
    otherwise: Does::Asks(inner::by_verb),
    ..Cli::new("identity")
};

/// The table of `algolia`, `contentful`, `sanity`, `pd` and `newrelic`.
pub static CONTENT: Cli = Cli {
    harmless: &["--help", "-h"],
    valued: &[
        "-p",
        "--profile",
        "--application-id",
        "--api-key",
        "-f",
        "--file",
        "-o",
        "--output",
        "--space-id",
        "--environment-id",
        "--management-token",
        "--name",
        "-n",
        "--dataset",
        "--project",
        "--accountId",
        "--guid",
        "--query",
        "-i",
        "--ids",
        "-s",
        "--statuses",
        "--id",
        "--object-ids",
        "--filters",
        "-q",
        "--content-file",
        "--export-dir",
    ],
    flags: &["-y", "--confirm", "--yes", "--wait", "-w", "--replace", "--no-public", "--force"],
    rules: &[
        Rule::reads("search|help|version|whoami|versions"),
        Rule::reads("objects|rules|synonyms|settings|indices browse|export|analyze|list|get"),
        Rule::reads("space export|list"),
        Rule::reads("nrql|entity|entities query|search"),
        Rule::reads("documents query|get|validate"),
        Rule::deletes("indices|index delete|clear", "the index and its records are gone"),
        Rule::deletes("dataset delete", "what the dataset held is gone"),
        Rule::updates("dataset import", "delete what was imported").when(&[(
            "--replace",
            Does::Destroys(Verb::Delete, "what the documents held is overwritten"),
        )]),
        Rule::exposes("dataset visibility", "who may read it changes"),
        Rule::reads("dataset list|export"),
        Rule::updates("login|logout|deploy|init|dev|start|build|install", "change it back"),
        Rule::updates(
            "incident ack|assign|merge|notes|open|priority|rename|resolve|set|snooze|subscriber",
            "change it back",
        ),
    ],
    otherwise: Does::Asks(inner::by_verb),
    ..Cli::new("service")
};

fn content_with_topics(call: &Call<'_>, judge: &mut Judge<'_>) {
    inner::topics(&CONTENT, call, judge);
}

/// Judges a call of `pd`, whose subcommands may have colons.
pub fn pagerduty(call: &Call<'_>, judge: &mut Judge<'_>) {
    content_with_topics(call, judge);
}

static SHOPIFY: Cli = Cli {
    harmless: &["--help", "-h"],
    valued: &[
        "-s",
        "--store",
        "-t",
        "--theme",
        "-e",
        "--environment",
        "--path",
        "--client-id",
        "-c",
        "--config",
        "--password",
        "-o",
        "--only",
        "-x",
        "--ignore",
        "--version",
        "--message",
        "--reset",
    ],
    flags: &[
        "-l",
        "--live",
        "--force",
        "-f",
        "-u",
        "--unpublished",
        "-j",
        "--json",
        "-a",
        "--allow-live",
        "-p",
        "--publish",
        "-n",
        "--nodelete",
        "--strict",
    ],
    rules: &[
        Rule::reads("version|help|search|commands"),
        Rule::reads("theme list|info|check|open|language-server|profile"),
        Rule::reads("app info|logs"),
        Rule::reads("app env show"),
        Rule::reads("app versions list"),
        Rule::updates(
            "theme dev|pull|init|package|rename|share|duplicate|metafields",
            "nothing of value is lost",
        ),
        Rule::updates("theme push", "push the old theme").when(&[
            ("--live", Does::Destroys(Verb::Update, "what the live theme held is overwritten")),
            ("-l", Does::Destroys(Verb::Update, "what the live theme held is overwritten")),
            (
                "--allow-live",
                Does::Destroys(Verb::Update, "what the live theme held is overwritten"),
            ),
            ("-a", Does::Destroys(Verb::Update, "what the live theme held is overwritten")),
        ]),
        Rule::updates("theme publish", "publish the old theme"),
        Rule::deletes("theme delete", "the theme is gone"),
        Rule::updates(
            "app dev|build|deploy|release|init|generate|config|import-extensions",
            "release the version before",
        ),
        Rule::updates("app config link|use|push|pull", "change it back"),
        Rule::updates("app generate|function *", "delete what it makes"),
        Rule::updates("auth login|logout", "log in again"),
        Rule::updates(
            "hydrogen build|deploy|dev|init|link|preview|upgrade|check|codegen",
            "deploy what was there before",
        ),
        Rule::new("hydrogen env pull", REVEALS),
        Rule::updates("upgrade", "install the old version"),
    ],
    otherwise: Does::Asks(inner::by_verb),
    ..Cli::new("shopify")
};

/// Judges a call of `shopify`.
pub fn shopify(call: &Call<'_>, judge: &mut Judge<'_>) {
    inner::topics(&SHOPIFY, call, judge);
}

/// The table of `datadog-ci`, which reports.
pub static REPORTS: Cli = Cli {
    harmless: &["--help", "-h"],
    valued: &[
        "--service",
        "--env",
        "--tags",
        "--org",
        "--file",
        "-f",
        "--token",
        "-t",
        "--severity-threshold",
        "--project-name",
        "--config",
        "--flags",
        "-F",
        "--name",
        "-n",
        "--sarif-file-output",
        "--public-id",
        "-p",
        "-s",
        "--search",
        "--files",
    ],
    rules: &[
        Rule::reads("test|version|help|whoami|log4shell"),
        Rule::reads("code|container|iac|sbom test"),
        Rule::updates("auth|logout", "log in again"),
        Rule::updates("container monitor", "nothing is lost"),
        Rule::updates(
            "monitor|fix|ignore|config|upload|upload-coverage|do-upload|create-commit|\
             create-report|junit|sarif|sbom|sourcemaps|dora|lambda|cloud-run|synthetics|\
             tag|trace|measure|gate|git-metadata|deployment|flutter-symbols|dsyms|\
             elf-symbols|pe-symbols|stepfunctions|react-native|unity-symbols|coverage|\
             send-notifications|pr-base-picking|empty-upload",
            "nothing is lost",
        ),
        Rule::updates(
            "* upload|run-tests|instrument|uninstrument|correlate|evaluate|mark|start|end|flare",
            "instrument it again",
        ),
    ],
    ..Cli::new("reports")
};
