//! `azd`, `rain`, `rosa` and the database proxies of Google.
//!
//! Built from <https://learn.microsoft.com/azure/developer/azure-developer-cli/reference>,
//! <https://github.com/aws-cloudformation/rain>, <https://docs.openshift.com/rosa/> and
//! <https://cloud.google.com/sql/docs/postgres/sql-proxy>, 2026-11.

use super::super::{Cli, Rule};
use crate::domain::PlaceKind;

/// `azd`.
pub(super) static AZD: Cli = Cli {
    valued: &["--cwd", "-C", "--location", "-l", "--template", "-t", "--output", "-o"],
    flags: &["--debug", "--no-prompt", "--force", "--purge"],
    places: &[
        ("--environment", PlaceKind::Name),
        ("-e", PlaceKind::Name),
        ("--subscription", PlaceKind::Account),
    ],
    rules: &[
        Rule::reads("show|version|monitor|help|completion"),
        Rule::reads("template|extension list|show"),
        Rule::reads("env list|get-value|config"),
        Rule::reveals("env get-values", "rotate what it showed"),
        Rule::updates("env new|set|select|refresh|set-secret", "set it back"),
        Rule::creates("init|add|package|restore", "remove what it made"),
        Rule::updates("up|deploy|publish", "deploy the former version"),
        Rule::updates("provision", "provision the former version").dry(&["--preview"]),
        Rule::deletes("down", "every resource of the environment is gone"),
        Rule::updates("auth login|logout", "log in again"),
        Rule::reveals("auth token", "the token runs out"),
        Rule::updates("config set|unset|reset", "set it back"),
        Rule::reads("config get|show|list|list-alpha|options"),
        Rule::updates("pipeline config", "set it back"),
        Rule::opaque("hooks run", "what the hook does is not given"),
    ],
    ..Cli::new("azure")
};

/// `rain`.
pub(super) static RAIN: Cli = Cli {
    valued: &["--region", "-r", "--params", "--tags", "--config", "-c", "--role-arn", "--output"],
    flags: &["--debug", "--no-colour", "--yes", "-y", "--detach", "-d", "--all", "-a"],
    places: &[("--profile", PlaceKind::Profile), ("-p", PlaceKind::Profile)],
    rules: &[
        Rule::reads("ls|cat|diff|tree|logs|watch|info|fmt|forecast|build|merge|help|console"),
        Rule::creates("pkg|bootstrap", "remove what it uploaded"),
        Rule::updates("deploy", "deploy the former template"),
        Rule::reads("cc state|drift"),
        Rule::updates("cc deploy", "deploy the former template"),
        Rule::deletes("rm", "the stack and every resource it owns are gone"),
        Rule::deletes("cc rm", "the stack and every resource it owns are gone"),
        Rule::reads("stackset ls"),
        Rule::updates("stackset deploy", "deploy the former template"),
        Rule::deletes("stackset rm", "the stacks and every resource they own are gone"),
    ],
    ..Cli::new("aws:cloudformation")
};

/// `rosa`.
pub(super) static ROSA: Cli = Cli {
    valued: &["--cluster", "-c", "--region", "--output", "-o", "--name"],
    flags: &["--yes", "-y", "--debug", "--watch", "--interactive", "-i"],
    places: &[("--profile", PlaceKind::Profile), ("--cluster", PlaceKind::Context)],
    rules: &[
        Rule::reads("list|describe|verify|whoami|version|logs|help|completion|download"),
        Rule::creates("create *", "delete what it made").dry(&["--dry-run"]),
        Rule::grants("create admin", "delete the admin"),
        Rule::updates("edit|upgrade|link|unlink|install *", "set it back"),
        Rule::updates("grant|hibernate|resume *", "set it back"),
        Rule::deletes("delete *", "what it names is gone for good"),
        Rule::deletes("uninstall|revoke *", "what it names is gone for good"),
        Rule::updates("login|logout|init|config", "log in again"),
        Rule::reveals("token", "the token runs out"),
    ],
    ..Cli::new("aws:rosa")
};

/// The database proxies of Google: they listen until they are stopped.
pub(super) static PROXY: Cli = Cli {
    valued: &["--credentials-file", "-c", "--port", "-p", "--address", "-a", "--token", "-t"],
    rules: &[Rule::runs("**", "stop the proxy")],
    ..Cli::new("gcp:sql")
};
