//! `helm` and `helmfile`.
//!
//! From <https://helm.sh/docs/helm/> and <https://helmfile.readthedocs.io/en/latest/#cli-reference>,
//! 2026-11.

use crate::{
    classify::{
        Judge,
        programs::{Cli, Does, Matched, Rule},
    },
    domain::{PlaceKind, Verb},
};

const DRY: &[&str] = &["--dry-run"];
const ROLL_BACK: &str = "helm rollback to the revision before";
const RELEASE: &str = "the release, its objects and its history are gone";
const ANEW: Does = Does::Destroys(
    Verb::Update,
    "objects that cannot be changed in place are deleted and made anew",
);
const RENDERED: Does = Does::Opaque("what the program that renders it does is not given");
const SHOWN: Does = Does::Changes(Verb::Reveal, "rotate the secrets among the values");

/// The table of `helm`.
pub static HELM: Cli = Cli {
    #[rustfmt::skip]
    valued: &[
        "--burst-limit", "--kube-apiserver", "--kube-as-group", "--kube-as-user", "--kube-ca-file",
        "--kube-token", "--kube-tls-server-name", "--qps", "--registry-config",
        "--repository-cache", "--repository-config", "--version", "-f", "--values", "--set",
        "--set-string", "--set-file", "--set-json", "--set-literal", "--timeout", "--history-max",
        "-o", "--output", "--revision", "--max", "--filter", "-l", "--selector", "--offset",
        "--repo", "--username", "--password", "--ca-file", "--cert-file", "--key-file", "--keyring",
        "--description", "--name-template", "--post-renderer", "--post-renderer-args", "--labels",
        "-a", "--api-versions", "--kube-version", "--show-only", "--output-dir", "-d",
        "--destination", "--untardir", "--app-version", "--key", "--passphrase-file", "--template",
        "--cascade", "--logs-filter", "--max-col-width", "--plugin-version", "-p", "--starter",
        "--merge", "--url", "-u", "--context-lines",
    ],
    #[rustfmt::skip]
    flags: &[
        "--debug", "--install", "-i", "--atomic", "--wait", "--wait-for-jobs", "--create-namespace",
        "--reset-values", "--reuse-values", "--reset-then-reuse-values", "--cleanup-on-fail",
        "--keep-history", "--no-hooks", "--devel", "--verify", "--dependency-update", "--all",
        "--all-namespaces", "--skip-crds", "--include-crds", "--disable-openapi-validation",
        "--dry-run", "--replace", "--generate-name", "--insecure-skip-tls-verify", "--plain-http",
        "--pass-credentials", "--render-subchart-notes", "--hide-notes", "--hide-secret",
        "--ignore-not-found", "--kube-insecure-skip-tls-verify", "--take-ownership",
        "--rollback-on-failure",
    ],
    #[rustfmt::skip]
    places: &[
        ("--kube-context", PlaceKind::Context), ("HELM_KUBECONTEXT", PlaceKind::Context),
        ("--kubeconfig", PlaceKind::Context), ("KUBECONFIG", PlaceKind::Context),
        ("-n", PlaceKind::Name), ("--namespace", PlaceKind::Name),
        ("HELM_NAMESPACE", PlaceKind::Name),
    ],
    harmless: &["--help", "-h"],
    rules: &[
        Rule::reads(""),
        Rule::reads("template").when(&[("--post-renderer", RENDERED)]),
        Rule::reads(
            "list|ls|status|history|hist|lint|version|env|search|show|inspect\
             |verify|completion|help|diff|unittest|conftest|dashboard|schema-gen|docs",
        ),
        Rule::reads("get all|hooks|manifest|notes|metadata|values"),
        Rule::reads("search repo|hub"),
        Rule::reads("show all|chart|crds|readme|values"),
        Rule::reads("diff upgrade|rollback|release|revision|version|local"),
        Rule::creates("install", "uninstall it").dry(DRY).when(&[
            ("--force", ANEW),
            ("--force-replace", ANEW),
            ("--post-renderer", RENDERED),
        ]),
        Rule::updates("upgrade", ROLL_BACK).dry(DRY).when(&[
            ("--force", ANEW),
            ("--force-replace", ANEW),
            ("--post-renderer", RENDERED),
        ]),
        Rule::updates("rollback", "roll forward again")
            .dry(DRY)
            .when(&[("--force", ANEW), ("--force-replace", ANEW)]),
        Rule::deletes("uninstall|delete|del|un", RELEASE).dry(DRY),
        Rule::runs("test", "delete the test pods"),
        Rule::reads("repo|dependency|dep|dependencies|registry|plugin|get $"),
        Rule::reads("repo list|ls|index"),
        Rule::updates("repo add|update|up|remove|rm", "add or remove the repository again"),
        Rule::reads("dependency|dep|dependencies list|ls"),
        Rule::creates("dependency|dep|dependencies build|update|up", "remove the charts directory"),
        Rule::creates("create|package|pull|fetch", "remove what was written"),
        Rule::updates("push|cm-push", "push the earlier version again"),
        Rule::updates("registry login|logout", "log in again"),
        Rule::reads("plugin list|ls|verify"),
        Rule::updates(
            "plugin install|add|update|up|uninstall|rm|remove|package",
            "install it again",
        ),
        Rule::updates("mapkubeapis|2to3", ROLL_BACK).dry(DRY),
        Rule::deletes("2to3 cleanup", "the old releases' data are gone").dry(DRY),
        Rule::new("secrets view|decrypt|dec", SHOWN),
        Rule::updates("secrets enc|encrypt|edit|clean", "check the file out again"),
        Rule::asks("secrets", secrets).ends(0),
    ],
    ..Cli::new("helm")
};

/// `helm secrets upgrade …`: helm itself, with values that are decrypted on the way.
fn secrets(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    super::inner::run_as("helm", matched.span(), matched.rest, matched, judge);
}

/// The table of `helmfile`.
pub static HELMFILE: Cli = Cli {
    #[rustfmt::skip]
    valued: &[
        "-f", "--file", "-b", "--helm-binary", "-k", "--kustomize-binary", "--state-values-set",
        "--state-values-set-string", "--state-values-file", "-l", "--selector", "-c", "--chart",
        "--log-level", "--args", "--set", "--values", "--concurrency", "--output", "-o",
        "--context", "--output-dir", "--output-dir-template", "--timeout", "--cascade",
        "--suppress", "--include-transitive-needs",
    ],
    #[rustfmt::skip]
    flags: &[
        "-q", "--quiet", "-i", "--interactive", "--debug", "--no-color", "--color",
        "--allow-no-matching-release", "--skip-deps", "--skip-needs", "--include-needs",
        "--suppress-secrets", "--detailed-exitcode", "--wait", "--skip-diff-on-install",
        "--disable-force-update", "--enable-live-output", "--strip-args-values-on-exit-error",
    ],
    #[rustfmt::skip]
    places: &[
        ("-e", PlaceKind::Name), ("--environment", PlaceKind::Name),
        ("HELMFILE_ENVIRONMENT", PlaceKind::Name), ("-n", PlaceKind::Name),
        ("--namespace", PlaceKind::Name), ("--kube-context", PlaceKind::Context),
        ("--kubeconfig", PlaceKind::Context), ("KUBECONFIG", PlaceKind::Context),
    ],
    harmless: &["--help", "-h", "--version", "-v"],
    rules: &[
        Rule::reads(""),
        Rule::reads(
            "diff|template|lint|list|status|build|version|help|completion|show-dag|\
             print-env|unittest",
        ),
        Rule::creates("deps|fetch|repos|cache|init|write-values", "remove what was fetched"),
        Rule::updates("apply|sync|charts", ROLL_BACK).dry(DRY),
        Rule::runs("test", "delete the test pods"),
        Rule::deletes("destroy|delete", RELEASE),
    ],
    ..Cli::new("helm")
};
