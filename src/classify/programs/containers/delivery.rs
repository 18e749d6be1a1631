//! What brings a repository's state into a cluster: `argocd`, `argo`, `flux`.
//!
//! From <https://argo-cd.readthedocs.io/en/stable/user-guide/commands/argocd/>,
//! <https://argo-workflows.readthedocs.io/en/latest/cli/argo/> and
//! <https://fluxcd.io/flux/cmd/>, 2026-11.

use crate::{
    classify::programs::{Cli, Does, Rule},
    domain::{PlaceKind, Verb},
};

const DRY: &[&str] = &["--dry-run"];
const SYNC_BACK: &str = "roll the application back";
const PRUNED: Does =
    Does::Destroys(Verb::Delete, "objects that the repository no longer holds are deleted");
const REPLACED: Does =
    Does::Destroys(Verb::Update, "objects are deleted and made anew, with what they held lost");
const PRUNES: Does = Does::Destroys(
    Verb::Update,
    "from now on objects that the repository no longer holds are deleted unasked",
);

/// The table of `argocd`.
pub static ARGOCD: Cli = Cli {
    #[rustfmt::skip]
    valued: &[
        "--auth-token", "--client-crt", "--client-crt-key", "--config", "--controller-name",
        "--grpc-web-root-path", "-H", "--header", "--http-retry-max", "--kube-context",
        "--logformat", "--loglevel", "--redis-compress", "--redis-name", "--redis-haproxy-name",
        "--repo-server-name", "--server-crt", "--server-name", "-o", "--output", "-l", "--selector",
        "-N", "--app-namespace", "-p", "--project", "-r", "--repo", "-c", "--cluster", "--revision",
        "--resource", "--strategy", "--timeout", "--label", "--info", "--propagation-policy",
        "--dest-server", "--dest-name", "--dest-namespace", "--path", "--sync-policy",
        "--sync-option", "--helm-set", "--helm-set-string", "--values", "--parameter",
        "--kustomize-image", "-f", "--file", "--kind", "--name", "--namespace", "--group",
        "--resource-name", "--patch", "--patch-type", "--local", "--local-repo-root", "--username",
        "--password", "--account", "--current-password", "--new-password", "--expires-in", "--id",
        "--description", "--role", "--ssh-private-key-path", "--type", "--upsert-of",
        "--source-position", "--source-positions", "--revisions", "--retry-limit",
        "--retry-backoff-duration", "--container", "--tail", "--since-seconds", "--filter",
        "--project-namespace", "--apply-out-of-sync-of", "--deny", "--shell", "-n",
        "--sync-retry-limit",
    ],
    #[rustfmt::skip]
    flags: &[
        "--core", "--grpc-web", "--insecure", "--plaintext", "--port-forward", "--prompts-enabled",
        "--async", "--cascade", "-y", "--yes", "--hard-refresh", "--refresh", "--wait", "--force",
        "--prune", "--replace", "--server-side", "--apply-out-of-sync-only", "--health", "--sync",
        "--suspended", "--operation", "--assumeYes", "--preview-changes", "--follow", "--exit-code",
        "--upsert", "--auto-prune", "--self-heal", "--sso", "--skip-test-tls",
    ],
    #[rustfmt::skip]
    places: &[
        ("--argocd-context", PlaceKind::Context), ("--server", PlaceKind::Host),
        ("ARGOCD_SERVER", PlaceKind::Host),
    ],
    harmless: &["--help", "-h"],
    rules: &[
        Rule::reads(""),
        Rule::reads("version|help|completion"),
        Rule::reads("app|cluster|proj|repo|repocreds|account|appset|cert|gpg|context|admin $"),
        Rule::reads("app get|list|diff|history|manifests|resources|logs|wait|get-resource"),
        Rule::reads("app actions list"),
        Rule::updates("app actions run", "run the opposite action"),
        Rule::updates("app sync", SYNC_BACK).dry(DRY).when(&[
            ("--prune", PRUNED),
            ("--replace", REPLACED),
            ("--force", REPLACED),
        ]),
        Rule::updates("app rollback", "sync to the newest revision again")
            .dry(DRY)
            .when(&[("--prune", PRUNED)]),
        Rule::creates("app create", "delete the application").when(&[("--auto-prune", PRUNES)]),
        Rule::updates("app set|unset|edit|patch|add-source", "set the earlier value again")
            .when(&[("--auto-prune", PRUNES)]),
        Rule::updates(
            "app patch-resource|terminate-op|remove-source",
            "sync the application again",
        ),
        Rule::deletes("app confirm-deletion", "the deletion that was held back goes on"),
        Rule::deletes("app delete", "the application and the objects it manages are gone"),
        Rule::deletes("app delete-resource", "the object is gone"),
        Rule::reads("appset get|list"),
        Rule::reads("appset generate"),
        Rule::creates("appset create", "delete the set").dry(DRY),
        Rule::deletes("appset delete", "the set and its applications are gone"),
        Rule::reads("cluster get|list"),
        Rule::updates("cluster add|set|rotate-auth", "remove or set it again"),
        Rule::deletes("cluster rm|remove", "the cluster's credentials are gone from Argo CD"),
        Rule::reads("proj get|list"),
        Rule::reads("proj role get|list|list-tokens"),
        Rule::reads("proj windows list"),
        Rule::creates("proj create", "delete the project"),
        Rule::deletes("proj delete", "the project and its rules are gone"),
        Rule::grants("proj role create|add-policy|add-group|create-token", "take it away again"),
        Rule::deletes("proj role delete|delete-token", "the role or token is gone"),
        Rule::updates("proj role remove-policy|remove-group", "add it again"),
        Rule::deletes("proj windows delete", "the window that holds syncs back is gone"),
        Rule::updates(
            "proj windows add|update|enable-manual-sync|disable-manual-sync",
            "set it back",
        ),
        Rule::updates(
            "proj set|edit|add-source|remove-source|add-destination|remove-destination|\
             allow-cluster-resource|deny-cluster-resource|allow-namespace-resource|\
             deny-namespace-resource|add-signature-key|remove-signature-key|\
             add-orphaned-ignore|remove-orphaned-ignore|add-source-namespace|\
             remove-source-namespace|add-destination-service-account|\
             remove-destination-service-account",
            "set it back",
        ),
        Rule::reads("repo|repocreds get|list"),
        Rule::updates("repo|repocreds add", "remove it"),
        Rule::deletes("repo|repocreds rm|remove", "the repository's credentials are gone"),
        Rule::reads("account can-i|get|get-user-info|list|bcrypt"),
        Rule::grants("account generate-token", "delete the token"),
        Rule::updates("account update-password", "set another password"),
        Rule::deletes("account delete-token", "whoever uses the token is cut off"),
        Rule::reads("cert|gpg list|get"),
        Rule::updates("cert|gpg add|add-ssh|add-tls", "remove it"),
        Rule::deletes("cert|gpg rm|remove", "the certificate or key is gone"),
        Rule::updates("context *", "switch back").when(&[(
            "--delete",
            Does::Destroys(Verb::Delete, "the context is gone from the configuration"),
        )]),
        Rule::updates("login|logout|relogin|configure", "log in again"),
        Rule::reveals("admin export", "rotate the secrets in the export"),
        Rule::overwrites(
            "admin import",
            "the settings and applications that were there are written over",
        )
        .dry(DRY),
        Rule::reveals("admin initial-password", "set another password"),
        Rule::reads("admin dashboard|settings|notifications|app|repo|redis-initial-password"),
        Rule::reads(
            "admin proj|cluster generate-spec|generate-allow-list|stats|shards|namespaces|\
             kubeconfig",
        ),
        Rule::updates(
            "admin proj|cluster update-role-policy|enable-namespaced-mode|\
             disable-namespaced-mode",
            "set it back",
        ),
    ],
    ..Cli::new("argocd")
};

/// The table of `argo`, for workflows.
pub static ARGO: Cli = Cli {
    #[rustfmt::skip]
    valued: &[
        "--argo-server-of", "--as", "--as-group", "--as-uid", "--kubeconfig", "--cluster",
        "--instanceid", "-i", "--request-timeout", "--token", "--user", "-H", "--header", "-e",
        "-o", "--output", "-l", "--selector", "--field-selector", "--older", "--status", "--from",
        "-p", "--parameter", "-f", "--parameter-file", "--entrypoint", "--name", "--generate-name",
        "--labels", "--serviceaccount", "--priority", "--prefix", "--node-field-selector",
        "--message", "-c", "--container", "--since", "--tail", "--output-artifact",
    ],
    #[rustfmt::skip]
    places: &[
        ("-n", PlaceKind::Name), ("--namespace", PlaceKind::Name),
        ("--context", PlaceKind::Context), ("-s", PlaceKind::Host),
        ("--argo-server", PlaceKind::Host),
    ],
    harmless: &["--help", "-h"],
    rules: &[
        Rule::reads(""),
        Rule::reads("list|get|logs|watch|wait|lint|version|help|completion|cp"),
        Rule::reads(
            "archive|template|cron|cluster-template|auth list|get|lint|list-label-keys|\
             list-label-values",
        ),
        Rule::reveals("auth token", "rotate the token"),
        Rule::runs("submit|resubmit|retry", "stop the workflow")
            .dry(&["--dry-run", "--server-dry-run"]),
        Rule::updates("stop|terminate|suspend|resume|node", "resubmit the workflow"),
        Rule::updates(
            "template|cron|cluster-template create|update|suspend|resume|backfill",
            "update it back",
        ),
        Rule::updates("archive retry|resubmit", "stop the workflow"),
        Rule::deletes("delete", "the workflows and their logs are gone").dry(DRY),
        Rule::deletes("template|cron|cluster-template|archive delete", "it is gone"),
        Rule::runs("server", "stop it"),
    ],
    ..Cli::new("argo")
};

/// The table of `flux`.
pub static FLUX: Cli = Cli {
    #[rustfmt::skip]
    valued: &[
        "--as", "--as-group", "--as-uid", "--kubeconfig", "--cluster", "--user", "--token",
        "--cache-dir", "--timeout", "--url", "--branch", "--tag", "--path", "--interval",
        "--source", "--kind", "--name", "--tail", "--since", "--flux-namespace", "--level",
        "--chart", "--chart-version", "--values", "--target-namespace", "--service-account",
        "--secret-ref", "--health-check", "--owner", "--repository", "--team", "--components",
        "--components-extra", "--version", "--registry", "--hostname", "--ssh-key",
        "--private-key-file", "--password", "--username", "--provider", "--creds", "--output", "-o",
        "--kustomization-file", "--tag-semver", "-l", "--label-selector", "--image-pull-secret",
        "--cluster-domain", "--ssh-hostname",
    ],
    #[rustfmt::skip]
    flags: &[
        "--export", "--silent", "-s", "--personal", "--private", "--verbose", "--watch",
        "--all-namespaces", "-A", "--with-source", "--prune", "--keep-namespace", "--force",
        "--reset",
    ],
    #[rustfmt::skip]
    places: &[
        ("-n", PlaceKind::Name), ("--namespace", PlaceKind::Name),
        ("--context", PlaceKind::Context),
    ],
    harmless: &["--help", "-h"],
    rules: &[
        Rule::reads(""),
        Rule::reads(
            "get|check|logs|events|export|trace|tree|stats|version|diff|build|completion|\
             envsubst|help|debug|list",
        ),
        Rule::updates("reconcile", "revert the commit and reconcile again"),
        Rule::updates("suspend", "resume it"),
        Rule::updates("resume", "suspend it"),
        Rule::creates("create", "delete what was made").dry(&["--export"]),
        Rule::creates("bootstrap|install|push|pull|tag|migrate", "uninstall it").dry(&["--export"]),
        Rule::deletes("delete", "the object and what it keeps in the cluster are gone"),
        Rule::deletes(
            "uninstall",
            "Flux, its definitions and every object of these kinds are gone",
        )
        .dry(DRY),
    ],
    ..Cli::new("flux")
};
