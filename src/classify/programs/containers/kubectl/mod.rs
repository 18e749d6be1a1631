//! `kubectl`, and `oc` which is the same and more.
//!
//! From <https://kubernetes.io/docs/reference/kubectl/generated/> and
//! <https://docs.redhat.com/en/documentation/openshift_container_platform/>, 2026-11.

mod code;
mod patch;

use crate::{
    classify::programs::{Cli, Does, Rule},
    domain::{PlaceKind, Verb},
};

const DRY: &[&str] = &["--dry-run"];
const APPLY_AGAIN: &str = "apply the earlier manifest again";
const SET_BACK: &str = "set the earlier value again";
const PRUNED: Does =
    Does::Destroys(Verb::Delete, "objects that the manifests no longer name are deleted");
const MADE_ANEW: Does =
    Does::Destroys(Verb::Delete, "the object is deleted and made anew, with what it held lost");
const EVICTED: Does =
    Does::Destroys(Verb::Delete, "pods that nothing starts again and local data are gone");

/// The table of `kubectl`.
pub static KUBECTL: Cli = Cli {
    valued: VALUED,
    flags: FLAGS,
    places: &[
        ("--context", PlaceKind::Context),
        ("--cluster", PlaceKind::Context),
        ("--kubeconfig", PlaceKind::Context),
        ("KUBECONFIG", PlaceKind::Context),
        ("-s", PlaceKind::Host),
        ("--server", PlaceKind::Host),
        ("-n", PlaceKind::Name),
        ("--namespace", PlaceKind::Name),
    ],
    harmless: &["--help", "-h"],
    rules: RULES,
    ..Cli::new("kubernetes")
};

const RULES: &[Rule] = &[
    Rule::reads(""),
    Rule::asks("get", code::get),
    Rule::reads(
        "describe|explain|top|events|api-resources|api-versions|version|cluster-info|wait\
         |kustomize|completion|help|options|plugin|convert|tree|neat|score|who-can|whoami|status\
         |projects|access-matrix|rbac-lookup|lineage|deprecations|resource-capacity|outdated\
         |popeye|konfig|grep|images|unused-volumes|sick-pods|pod-lens|view-allocations",
    ),
    Rule::reads("logs|log|tail|stern").flags(&["-f", "-p"]),
    Rule::reads("auth can-i|whoami"),
    Rule::updates("auth reconcile", "apply the earlier roles again").dry(DRY),
    Rule::reads("config view|get-contexts|current-context|get-clusters|get-users")
        .when(&[("--raw", Does::Changes(Verb::Reveal, "rotate the credentials shown"))]),
    Rule::updates(
        "config use-context|use|set-context|set-cluster|set-credentials|set|rename-context",
        "set the earlier context again",
    ),
    Rule::deletes(
        "config unset|delete-context|delete-cluster|delete-user",
        "the way into the cluster is gone from the configuration",
    ),
    Rule::asks("delete", code::delete).dry(DRY),
    Rule::asks("apply", code::apply).dry(DRY).when(&[("--prune", PRUNED), ("--force", MADE_ANEW)]),
    Rule::reads("apply view-last-applied"),
    Rule::updates("apply set-last-applied|edit-last-applied", APPLY_AGAIN).dry(DRY),
    Rule::asks("create", code::create).dry(DRY),
    Rule::creates("create token", "let it expire; delete the service account"),
    Rule::asks("create clusterrolebinding|rolebinding|clusterrole|role", code::grant).dry(DRY),
    Rule::asks("create job|cronjob", code::create_job).dry(DRY),
    Rule::asks("replace", code::replace).dry(DRY).when(&[("--force", MADE_ANEW)]),
    Rule::asks("patch", patch::patch).dry(DRY),
    Rule::asks("diff", code::diff),
    Rule::asks("edit", code::edit),
    Rule::updates("scale", "scale it back").dry(DRY),
    Rule::updates("autoscale|expose", "delete what was made").dry(DRY),
    Rule::updates("label|annotate|taint", SET_BACK).dry(DRY),
    Rule::updates("set", SET_BACK).dry(DRY),
    Rule::reads("rollout status|history"),
    Rule::updates("rollout restart|undo|pause|resume", "undo the rollout").dry(DRY),
    Rule::updates("rollout latest|retry|cancel", "roll out the earlier version").dry(DRY),
    Rule::updates("cordon", "uncordon it").dry(DRY),
    Rule::updates("uncordon", "cordon it").dry(DRY),
    Rule::updates("drain", "uncordon it").dry(DRY).when(&[
        ("--force", EVICTED),
        ("--delete-emptydir-data", EVICTED),
        ("--delete-local-data", EVICTED),
        ("--disable-eviction", EVICTED),
    ]),
    Rule::grants("certificate approve", "delete the request"),
    Rule::updates("certificate deny", "make a new request"),
    // Behind a pod without `--`, `-h` may belong to what runs there.
    Rule::asks("exec", code::exec).valued(&["-h"]),
    Rule::asks("rsh", code::rsh).ends(1),
    Rule::asks("run", code::run).dry(DRY).valued(&["-l"]),
    Rule::asks("debug", code::debug),
    Rule::asks("attach", code::attach),
    Rule::runs("port-forward|proxy", "stop it"),
    Rule::updates("cp|rsync", "copy the earlier files back"),
    Rule::updates("ctx|ns|project", "switch back"),
    Rule::reads("krew list|search|info|version|help"),
    Rule::creates("krew install|update|upgrade", "uninstall the plugin"),
    Rule::updates("krew uninstall|remove", "install the plugin again"),
    Rule::reveals("view-secret|modify-secret", "rotate the secret"),
    Rule::reads("argo rollouts get|list|status|version|dashboard|lint|help"),
    Rule::updates(
        "argo rollouts promote|pause|abort|retry|restart|undo|set|create",
        "undo the rollout",
    ),
    Rule::reads("cert-manager status|check|version|help"),
    Rule::updates("cert-manager renew|approve|create", "renew it again"),
    Rule::reads("cnpg status|version|logs"),
    Rule::deletes("cnpg destroy", "the instance and its volume are gone"),
    // What only `oc` has.
    Rule::updates("login|logout", "log in again"),
    Rule::creates("new-project|new-app|new-build|import-image", "delete what was made"),
    Rule::runs("start-build", "cancel the build"),
    Rule::updates("cancel-build|rollback|tag|process", "start it again")
        .when(&[("-d", Does::Destroys(Verb::Delete, "the tag is gone"))])
        .dry(DRY),
    Rule::reveals("extract", "rotate the secret"),
    Rule::updates("adm cordon|uncordon|taint|upgrade", SET_BACK).dry(DRY),
    Rule::reads("adm top|must-gather|inspect|node-logs|release"),
    Rule::updates("adm drain", "uncordon it").dry(DRY).when(&[
        ("--force", EVICTED),
        ("--delete-emptydir-data", EVICTED),
        ("--disable-eviction", EVICTED),
    ]),
    Rule::asks("adm policy|certificate", code::grant).dry(DRY),
    Rule::reads("adm prune").when(&[(
        "--confirm",
        Does::Destroys(Verb::Delete, "the objects that were pruned are gone"),
    )]),
];

#[rustfmt::skip]
const VALUED: &[&str] = &[
    "-n", "--namespace", "--context", "--cluster", "--kubeconfig", "-s", "--server", "--user",
    "--token", "--as", "--as-group", "--as-uid", "--cache-dir", "--certificate-authority",
    "--client-certificate", "--client-key", "--password", "--username", "--profile",
    "--profile-output", "--request-timeout", "--tls-server-name", "-v", "--v", "--vmodule",
    "--log-backtrace-at", "--log-dir", "--log-file", "--log-flush-frequency", "--stderrthreshold",
    "-o", "--output", "-l", "--selector", "--field-selector", "-f", "--filename", "-k",
    "--kustomize", "--template", "--sort-by", "--field-manager", "--raw", "--subresource", "-L",
    "--label-columns", "--chunk-size", "--grace-period", "--timeout", "--image", "--replicas",
    "--type", "-p", "--patch", "--patch-file", "-c", "--container", "--containers", "--since",
    "--since-time", "--tail", "--limit-bytes", "--max-log-requests", "--pod-running-timeout",
    "--overrides", "--override-type", "--env", "-e", "--port", "--labels", "--restart",
    "--requests", "--limits", "--serviceaccount", "--from", "--schedule", "--min", "--max",
    "--cpu-percent", "--name", "--target-port", "--external-ip", "--protocol", "--cluster-ip",
    "--session-affinity", "--load-balancer-ip", "--to-revision", "--revision",
    "--current-replicas", "--resource-version", "--skip-wait-for-delete-timeout", "--pod-selector",
    "--for", "--verb", "--resource", "--resource-name", "--role", "--clusterrole", "--group",
    "--from-file", "--from-literal", "--from-env-file", "--docker-server", "--docker-username",
    "--docker-password", "--docker-email", "--cert", "--key", "--api-group", "--api-version",
    "--verbs", "--categories", "--prune-allowlist", "--prune-whitelist", "--applyset",
    "--duration", "--audience", "--bound-object-kind", "--bound-object-name", "--hard", "--scopes",
    "--value", "--description", "--rule", "--class", "--default-backend", "--annotation",
    "--address", "--accept-hosts", "--www", "--www-prefix", "--api-prefix", "--unix-socket",
    "--keepalive", "--custom", "--target", "--copy-to", "--set-image", "--retries",
    "--serviceaccounts", "--node-port", "--tcp", "--keys", "--confirm-name", "--to",
    "--show-managed-fields-of", "--concurrency", "--to-latest",
];

#[rustfmt::skip]
const FLAGS: &[&str] = &[
    "--all", "--all-namespaces", "--ignore-not-found", "--now", "--wait", "--recursive",
    "--insecure-skip-tls-verify", "--match-server-version", "--warnings-as-errors",
    "--disable-compression", "--watch", "--no-headers", "--show-labels", "--show-kind",
    "--server-side", "--force-conflicts", "--overwrite", "--record", "--save-config", "--stdin",
    "--tty", "--rm", "--quiet", "--command", "--attach", "--expose", "--follow", "--previous",
    "--timestamps", "--prefix", "--all-containers", "--ignore-errors", "--list", "--local",
    "--ignore-daemonsets", "--minify", "--flatten", "--allow-missing-template-keys", "--validate",
    "--cascade", "--interactive", "--current", "--resolve-image", "--append-hash",
    "--openapi-patch", "--watch-only", "--server-print", "--output-watch-events",
    "--show-managed-fields", "--privileged", "--allow-missing", "--client", "--short",
    "--show-events",
];
