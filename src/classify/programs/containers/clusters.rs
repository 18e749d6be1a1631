//! What makes, keeps and backs up clusters: `kubeadm`, `kops`, `kind`, `minikube`, `velero`.
//!
//! From <https://kubernetes.io/docs/reference/setup-tools/kubeadm/>,
//! <https://kops.sigs.k8s.io/cli/kops/>, <https://kind.sigs.k8s.io/>,
//! <https://minikube.sigs.k8s.io/docs/commands/>, <https://k3d.io/>, <https://docs.k3s.io/cli>,
//! <https://velero.io/docs/> and <https://ranchermanager.docs.rancher.com/>, 2026-11.

use super::inner;
use crate::{
    classify::{
        Judge, Word,
        programs::{Cli, Does, Matched, Rule},
    },
    domain::{PlaceKind, Verb},
};

const DRY: &[&str] = &["--dry-run"];
const CLUSTER: &str = "the cluster and everything in it are gone";
const DELETED: Does = Does::Destroys(Verb::Delete, CLUSTER);
const START: &str = "start or stop it again";

/// The table of `velero`.
pub static VELERO: Cli = Cli {
    #[rustfmt::skip]
    valued: &[
        "--kubeconfig", "-l", "--selector", "-o", "--output", "--from-backup", "--from-schedule",
        "--include-namespaces", "--exclude-namespaces", "--include-resources",
        "--exclude-resources", "--ttl", "--schedule", "--storage-location", "--snapshot-location",
        "--volume-snapshot-locations", "--namespace-mappings", "--restore-volumes-of",
        "--existing-resource-policy", "--labels", "--provider", "--bucket", "--config",
        "--credential", "--access-mode", "--plugins", "--prefix", "--secret-file", "--image",
        "--backup-location-config", "--snapshot-location-config", "--resource-modifier-configmap",
        "--resource-policies-configmap", "--timeout", "--or-selector",
    ],
    #[rustfmt::skip]
    flags: &[
        "--confirm", "--wait", "-w", "--all", "--details", "--include-cluster-resources", "--force",
    ],
    #[rustfmt::skip]
    places: &[
        ("-n", PlaceKind::Name), ("--namespace", PlaceKind::Name),
        ("--kubecontext", PlaceKind::Context),
    ],
    harmless: &["--help", "-h"],
    rules: &[
        Rule::reads(""),
        Rule::reads("get|describe|version|completion|help|bug|debug|logs"),
        Rule::reads("client config get"),
        Rule::updates("client config set", "set it back"),
        Rule::reads(
            "backup|backups|restore|restores|schedule|schedules|backup-location|\
             snapshot-location|plugin|repo|bl get|describe|logs|download",
        ),
        Rule::creates("backup|backups create", "delete the backup"),
        Rule::creates("create backup|schedule|backup-location|snapshot-location", "delete it"),
        Rule::updates("restore|restores create", "delete the objects that were restored"),
        Rule::updates("create restore", "delete the objects that were restored"),
        Rule::creates("schedule|schedules create", "delete the schedule"),
        Rule::updates("schedule|schedules unpause", "pause it again"),
        Rule::exposes("schedule|schedules pause", "no backups are made any more"),
        Rule::updates(
            "backup-location|snapshot-location|plugin|repo create|set|add|remove",
            "set it back",
        ),
        Rule::deletes("** delete", "the backup or its schedule is gone"),
        Rule::creates("install", "uninstall it").dry(DRY),
        Rule::deletes("uninstall", "the backups' records and schedules are gone"),
    ],
    ..Cli::new("velero")
};

/// The table of `kubeadm`.
pub static KUBEADM: Cli = Cli {
    #[rustfmt::skip]
    valued: &[
        "--config", "--kubeconfig", "--rootfs", "--cri-socket", "--cert-dir", "--token", "--ttl",
        "--node-name", "--pod-network-cidr", "--service-cidr", "--apiserver-advertise-address",
        "--kubernetes-version", "--discovery-token-ca-cert-hash", "--certificate-key", "--v", "-v",
        "--ignore-preflight-errors", "--skip-phases",
    ],
    flags: &["--force", "-f", "--yes", "-y", "--upload-certs", "--control-plane"],
    harmless: &["--help", "-h"],
    rules: &[
        Rule::reads("version|help|completion"),
        Rule::reads("upgrade plan|diff"),
        Rule::reads("config view|print|images|validate"),
        Rule::reads("certs check-expiration|certificate-key"),
        Rule::reads("token list|generate"),
        Rule::creates("init|join", "reset the node").dry(DRY),
        Rule::updates("upgrade apply|node", "upgrade to the earlier version").dry(DRY),
        Rule::updates("certs renew|generate-csr", "renew them again"),
        Rule::grants("token create", "delete the token").dry(DRY),
        Rule::deletes("token delete", "whoever joins with the token is cut off").dry(DRY),
        Rule::deletes("reset", "the node's cluster state, and etcd's data on it, are gone")
            .dry(DRY),
        Rule::reveals("kubeconfig", "revoke the credentials"),
    ],
    ..Cli::new("kubernetes")
};

/// The table of `kops`, which only shows what it would do until it is told `--yes`.
pub static KOPS: Cli = Cli {
    #[rustfmt::skip]
    valued: &[
        "--config", "-v", "--v", "-o", "--output", "-f", "--filename", "--zones", "--node-count",
        "--node-size", "--control-plane-size", "--cloud", "--instance-group", "--role", "--admin",
        "--user", "--target", "--out", "--channel",
    ],
    flags: &["--yes", "-y", "--force", "--full", "--cloudonly", "--unregister"],
    #[rustfmt::skip]
    places: &[
        ("--name", PlaceKind::Context), ("--state", PlaceKind::Name),
        ("KOPS_CLUSTER_NAME", PlaceKind::Context), ("KOPS_STATE_STORE", PlaceKind::Name),
    ],
    harmless: &["--help", "-h"],
    rules: &[
        Rule::reads("get|validate|version|help|completion|toolbox|describe"),
        Rule::reads("delete cluster|instance").when(&[("--yes", DELETED), ("-y", DELETED)]),
        Rule::deletes("delete", "what it names is gone from the cluster's definition"),
        Rule::reads("update|upgrade|rolling-update").when(&[
            ("--yes", Does::Changes(Verb::Update, "update it back")),
            ("-y", Does::Changes(Verb::Update, "update it back")),
        ]),
        Rule::creates("create", "delete what was made"),
        Rule::updates("edit|replace|promote|trust", "edit it back")
            .when(&[("--force", Does::Changes(Verb::Update, "edit it back"))]),
        Rule::reveals("export", "rotate the cluster's credentials"),
    ],
    ..Cli::new("kubernetes")
};

/// The table of `kind`, `k3d`, `minikube`, `k3s` and their like: clusters on one's own machine.
pub static LOCAL: Cli = Cli {
    #[rustfmt::skip]
    valued: &[
        "--name", "--config", "--image", "--kubeconfig", "-p", "--profile", "--driver", "--memory",
        "--cpus", "--nodes", "-n", "--node", "--kubernetes-version", "--wait", "-s", "--servers",
        "--agents", "-a", "--port", "-c", "--cluster", "--container-runtime", "--disk-size", "-v",
        "--verbosity", "-o", "--output", "--etcd-snapshot-dir", "--data-dir", "--token", "--server",
    ],
    flags: &["--all", "--purge", "-q", "--quiet", "--internal"],
    harmless: &["--help", "-h", "--version"],
    rules: &[
        Rule::reads(
            "version|help|completion|get|status|ip|logs|list|ls|profile|dashboard|\
             update-check|docker-env|check-config|options|inspect",
        ),
        Rule::reads("cluster|node|registry|image list|ls|get"),
        Rule::reads("profile list"),
        Rule::reads("addons list"),
        Rule::reads("config|kubeconfig view|get|print"),
        Rule::creates("create|init", "delete the cluster"),
        Rule::creates("cluster|node|registry create", "delete it"),
        Rule::updates("cluster|node start|stop|edit", START),
        Rule::updates("start|stop|pause|unpause", START),
        Rule::updates("addons enable|disable|configure", "set it back"),
        Rule::updates(
            "config|profile|kubeconfig|update-context set|unset|merge|write|*",
            "set it back",
        ),
        Rule::updates(
            "export|load|cache|image|build|mount|tunnel|service|cp|port-forward",
            "take it away again",
        ),
        Rule::deletes("delete|remove|rm|reset|leave|remove-node", CLUSTER),
        Rule::updates("enable|disable|addons", START),
        Rule::deletes("token delete", "whoever joins with the token is cut off"),
        Rule::deletes("cluster|node|registry delete|rm|remove", CLUSTER),
        Rule::updates("image rm|remove", "load the image again"),
        Rule::updates("node add", "delete the node"),
        Rule::reads("etcd-snapshot ls|list"),
        Rule::creates("etcd-snapshot save", "delete the snapshot"),
        Rule::deletes("etcd-snapshot delete|prune", "the snapshots are gone"),
        Rule::updates("secrets-encrypt|certificate|token", "rotate it again"),
        Rule::runs("server|agent", "stop it").when(&[(
            "--cluster-reset",
            Does::Destroys(Verb::Update, "the members and what they held since are gone"),
        )]),
        Rule::asks("ssh", ssh).ends(0),
        Rule::asks("kubectl", kubectl).ends(0),
        Rule::asks("ctr", container).ends(0),
        Rule::asks("crictl", container).ends(0),
    ],
    ..Cli::new("kubernetes")
};

/// The table of `rancher`.
pub static RANCHER: Cli = Cli {
    valued: &["--config", "-c", "--format", "--token", "-t"],
    harmless: &["--help", "-h", "--version", "-v"],
    rules: &[
        Rule::reads("help|inspect|ps|settings|settings ls|events"),
        Rule::reads("** ls|list|get|kubeconfig|kf|show|members"),
        Rule::updates("login|context|project|projects", "switch back"),
        Rule::asks("kubectl", kubectl).ends(0),
        Rule::asks("ssh", ssh).ends(1),
        Rule::deletes("** delete|rm|remove|purge", CLUSTER),
        Rule::updates(
            "** create|add-member-role|delete-member-role|import|add|install|upgrade|\
             rollback|up|stop|start|cordon|uncordon|switch|update|set",
            START,
        ),
        Rule::updates("** drain", "uncordon it"),
    ],
    ..Cli::new("rancher")
};

/// `k3s kubectl …`, `minikube kubectl -- …`.
fn kubectl(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    inner::run_as("kubectl", matched.span(), behind_dashes(matched.rest), matched, judge);
}

fn behind_dashes(words: &[Word]) -> &[Word] {
    match words {
        [dashes, words @ ..] if dashes.is("--") => words,
        words => words,
    }
}

/// `k3s crictl …`: the program that it brings with it.
fn container(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let name = matched.path.first().map(|word| judge.name(word)).unwrap_or_default();
    inner::run_as(&name, matched.span(), matched.rest, matched, judge);
}

/// `minikube ssh -- …`.
fn ssh(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    match behind_dashes(matched.rest) {
        [] => judge.opaque(matched.span(), "what is typed into the shell is not known"),
        [script] => {
            judge.script(script, matched.call.variables, matched.call.stdin);
        }
        words => inner::run(words, matched, judge),
    }
}

/// The table of the scripts that take k3s off a machine.
pub static UNINSTALL: Cli = Cli {
    rules: &[Rule::deletes("**", "the node, its cluster state and its volumes are gone")],
    ..Cli::new("kubernetes")
};

/// The table of the script that stops k3s and all it runs.
pub static KILLALL: Cli =
    Cli { rules: &[Rule::updates("**", "start it again")], ..Cli::new("kubernetes") };
