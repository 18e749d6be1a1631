//! What lies below: `etcdctl`, the container runtimes' own tools, and image registries.
//!
//! From <https://etcd.io/docs/v3.6/dev-guide/interacting_v3/>,
//! <https://github.com/kubernetes-sigs/cri-tools/blob/master/docs/crictl.md>,
//! <https://github.com/containerd/containerd/tree/main/cmd/ctr>,
//! <https://github.com/containers/skopeo/tree/main/docs>,
//! <https://github.com/containers/buildah/tree/main/docs>,
//! <https://github.com/google/go-containerregistry/tree/main/cmd/crane/doc>, 2026-11.

use super::inner;
use crate::{
    classify::{
        Judge,
        programs::{Cli, Does, Matched, Rule},
    },
    domain::PlaceKind,
};

const KEYS: &str = "the keys and their values are gone";
const CONTAINERS: &str = "the containers and what they wrote are gone";

/// The table of `etcdctl` and `etcdutl`.
pub static ETCDCTL: Cli = Cli {
    #[rustfmt::skip]
    valued: &[
        "--cacert", "--cert", "--key", "--user", "--password", "--dial-timeout",
        "--command-timeout", "--keepalive-time", "--keepalive-timeout", "-w", "--write-out",
        "--limit", "--rev", "--order", "--sort-by", "--consistency", "--lease", "--ttl",
        "--data-dir", "--peer-urls", "--name", "--initial-cluster", "--initial-cluster-token",
        "--initial-advertise-peer-urls", "-d", "--discovery-srv", "--discovery-srv-name",
        "--wal-dir", "--max-txn-ops", "--ca-file", "--cert-file", "--key-file", "--backup-dir",
    ],
    #[rustfmt::skip]
    flags: &[
        "--prefix", "--from-key", "--keys-only", "--print-value-only", "--count-only", "--prev-kv",
        "--insecure-skip-tls-verify", "--insecure-transport", "--debug", "--hex", "--cluster",
        "--physical", "--recursive", "-r",
    ],
    #[rustfmt::skip]
    places: &[
        ("--endpoints", PlaceKind::Host), ("--endpoint", PlaceKind::Host),
        ("ETCDCTL_ENDPOINTS", PlaceKind::Host),
    ],
    harmless: &["--help", "-h", "--version"],
    rules: &[
        Rule::reads("get|ls|version|help|completion|check"),
        Rule::asks("watch|exec-watch", watch),
        Rule::reads("endpoint health|status|hashkv"),
        Rule::reads("member list"),
        Rule::reads("snapshot status"),
        Rule::reads("hashkv"),
        Rule::reads("alarm list"),
        Rule::reads("user|role list|get"),
        Rule::reads("lease list|timetolive|keep-alive"),
        Rule::updates("put|set|mk|mkdir|setdir|update|lock|elect", "put the earlier value back"),
        Rule::creates("snapshot save", "remove the file"),
        Rule::creates("backup|make-mirror", "remove the copy"),
        Rule::updates("lease grant", "revoke the lease"),
        Rule::new("txn", Does::Opaque("what the transaction holds is not read")),
        Rule::deletes("del|delete|rm|rmdir", KEYS),
        Rule::deletes("lease revoke", "every key that hangs on the lease is gone"),
        Rule::overwrites("snapshot restore", "what was written since the snapshot is gone"),
        Rule::deletes("member remove", "the member is cut off, and may take the quorum with it"),
        Rule::updates("member add|update|promote", "remove the member again"),
        Rule::deletes("compact|compaction", "the history of every key is gone"),
        Rule::updates("defrag|move-leader|downgrade|migrate", "move it back"),
        Rule::updates("alarm disarm", "it is raised again"),
        Rule::exposes("auth disable", "anybody may read and write every key"),
        Rule::updates("auth enable", "disable it"),
        Rule::grants("user add|grant-role", "revoke it"),
        Rule::grants("role add|grant-permission", "revoke it"),
        Rule::updates("user|role revoke-role|revoke-permission|passwd", "grant it again"),
        Rule::deletes("user|role delete", "the user or role is gone"),
    ],
    ..Cli::new("etcd")
};

/// `etcdctl watch KEY -- COMMAND`: looks, and runs something whenever it changes.
fn watch(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    judge.reads(
        "etcd",
        matched.own().iter().map(|word| judge.name(word)).collect::<Vec<_>>().join(" "),
        matched.span(),
    );
    inner::run(matched.rest, matched, judge);
}

/// The table of `crictl`.
pub static CRICTL: Cli = Cli {
    #[rustfmt::skip]
    valued: &[
        "-r", "--runtime-endpoint", "-i", "--image-endpoint", "-c", "--config", "-t", "--timeout",
        "-o", "--output", "--name", "--label", "--state", "--tail", "--since", "--pod",
        "--namespace", "--id", "--image", "--creds", "--auth",
    ],
    harmless: &["--help", "-h", "--version", "-v"],
    rules: &[
        Rule::reads(
            "ps|pods|images|image|img|inspect|inspecti|inspectp|imagefsinfo|logs|stats|\
             statsp|info|version|metricsp|events|help|completion|runtime-config|\
             port-forward",
        ),
        Rule::asks("exec", exec).ends(1).flags(&["-i", "-t"]).valued(&["-r"]),
        Rule::updates("start|stop|stopp|update|attach|checkpoint|config", "start it again"),
        Rule::creates("run|runp|create|pull", "remove it"),
        Rule::updates("rmi", "pull the image again"),
        Rule::deletes("rm|rmp", CONTAINERS),
    ],
    ..Cli::new("containers")
};

/// The table of `ctr`.
pub static CTR: Cli = Cli {
    #[rustfmt::skip]
    valued: &[
        "-a", "--address", "--timeout", "--connect-timeout", "-n", "--namespace", "-s", "--signal",
        "--exec-id", "--platform",
    ],
    harmless: &["--help", "-h", "--version", "-v"],
    rules: &[
        Rule::reads("version|info|events|help|plugins|plugin"),
        Rule::reads("** ls|list|info|check|usage|metrics|ps|get|label|tree|diff"),
        Rule::updates("image|images|i rm|remove|delete|del|prune", "pull the image again"),
        Rule::updates(
            "** pull|push|import|export|tag|mount|unmount|start|kill|pause|resume|attach|\
             create|set|usr",
            "set it back",
        ),
        Rule::runs("run", "remove the container"),
        Rule::asks("task|tasks|t exec", exec).ends(1),
        Rule::deletes("** rm|remove|delete|del|prune|cleanup", CONTAINERS),
    ],
    ..Cli::new("containers")
};

fn exec(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    if matched.rest.is_empty() {
        judge.opaque(matched.span(), "what it runs in the container is not said");
    } else {
        inner::run(matched.rest, matched, judge);
    }
}

/// The table of `buildah`.
pub static BUILDAH: Cli = Cli {
    #[rustfmt::skip]
    valued: &[
        "-f", "--file", "-t", "--tag", "--name", "--build-arg", "--format", "--root", "--runroot",
        "--storage-driver", "--authfile", "--creds",
    ],
    rules: &[
        Rule::reads("images|containers|ps|ls|list|inspect|info|version|help|diff"),
        Rule::runs(
            "bud|build|build-using-dockerfile|commit|from|pull|add|copy|config|mount|\
             umount|unmount|tag|push|login|logout|rename|manifest|source|mkcw",
            "remove the image",
        ),
        Rule::updates("rmi|prune", "pull or build the image again"),
        Rule::deletes("rm|delete", CONTAINERS),
        Rule::asks("run", exec).ends(1).valued(&[
            "-v",
            "--volume",
            "-e",
            "--env",
            "--user",
            "--workingdir",
            "--mount",
            "--network",
        ]),
        Rule::asks("unshare", exec).ends(0),
    ],
    ..Cli::new("containers")
};

/// The table of `skopeo`, `crane`, `regctl`, `oras` and `regclient`.
pub static REGISTRY: Cli = Cli {
    #[rustfmt::skip]
    valued: &[
        "--authfile", "--creds", "--src-creds", "--dest-creds", "--format", "--platform",
        "--override-os", "--override-arch", "-o", "--output", "--tls-verify", "--src", "--dest",
        "-t", "--tag", "-f", "-u", "--username", "-p", "--password", "--policy", "--registries.d",
        "--tmpdir", "--command-timeout", "--artifact-type", "--annotation",
    ],
    #[rustfmt::skip]
    flags: &[
        "--all", "--insecure-policy", "--debug", "--insecure", "--allow-nondistributable-artifacts",
    ],
    harmless: &["--help", "-h", "--version"],
    rules: &[
        Rule::reads(
            "inspect|list-tags|manifest-digest|version|help|digest|config|ls|catalog|\
             validate|blob|discover|completion|standalone-verify",
        ),
        Rule::reads(
            "manifest|repo|image|tag|index|blob|artifact inspect|get|head|ls|fetch|list|\
             digest|manifest|config|ratelimit|check-base|tree|diff|tags|show-tags|\
             fetch-config",
        ),
        Rule::reads("manifest"),
        Rule::updates(
            "copy|cp|sync|push|tag|append|mutate|rebase|flatten|index|auth|attach|login|\
             logout|optimize|edit",
            "copy the earlier image back",
        ),
        Rule::updates(
            "manifest|image|artifact|index|blob|repo|cp put|push|copy|create|import|mod|add",
            "copy the earlier image back",
        ),
        Rule::creates(
            "pull|export|serve|registry|standalone-sign|generate-sigstore-key",
            "remove the copy",
        ),
        Rule::deletes("delete|rm", "the image is gone from the registry"),
        Rule::deletes(
            "manifest|repo|image|tag|blob|index|artifact delete|rm|del|remove",
            "the image is gone from the registry",
        ),
    ],
    ..Cli::new("registry")
};

/// The table of `istioctl`, `linkerd` and `cilium`.
pub static MESH: Cli = Cli {
    #[rustfmt::skip]
    valued: &[
        "-f", "--filename", "--set", "-s", "-i", "--istioNamespace", "--kubeconfig", "-o",
        "--output", "--revision", "-r", "--as", "--api-addr", "--cni-namespace", "-l",
        "--linkerd-namespace", "-L", "--helm-set", "--version",
    ],
    flags: &["-y", "--skip-confirmation", "--purge", "--force"],
    #[rustfmt::skip]
    places: &[
        ("--context", PlaceKind::Context), ("-c", PlaceKind::Context), ("-n", PlaceKind::Name),
        ("--namespace", PlaceKind::Name),
    ],
    rules: &[
        Rule::reads(""),
        Rule::reads(
            "analyze|version|proxy-status|ps|proxy-config|pc|validate|verify-install|\
             bug-report|dashboard|d|ztunnel-config|check|stat|top|tap|edges|routes|\
             diagnostics|identity|status|endpoints|help|completion|profile|authz|metrics|\
             sysdump",
        ),
        Rule::reads("viz|hubble|experimental|x $"),
        Rule::reads("hubble ui|port-forward"),
        Rule::updates("hubble enable|disable", "set it back"),
        Rule::reads("manifest generate|diff"),
        Rule::reads("tag|remote-clusters list|generate"),
        Rule::reads("viz stat|top|tap|edges|check|dashboard|routes|list|install"),
        Rule::reads("jaeger|multicluster|policy check|list|dashboard|install|gateways|link"),
        Rule::reads("kube-inject|inject|uninject|install-cni"),
        Rule::updates(
            "install|upgrade|operator|create-remote-secret|tag|waypoint|admin|clustermesh|\
             config|encryption",
            "install the earlier version again",
        )
        .dry(&["--dry-run"]),
        Rule::updates("manifest apply|install", "install the earlier version again")
            .dry(&["--dry-run"]),
        Rule::deletes("uninstall|prune|repair", "the mesh and its settings are gone")
            .dry(&["--dry-run"]),
        Rule::reads(
            "experimental|x describe|check-inject|config|authz|metrics|precheck|\
             proxy-status|ps|version|envoy-stats|es|internal-debug|workload|ztunnel-config|\
             list|wait",
        ),
        Rule::updates(
            "experimental|x create-remote-secret|revision|injector|add-to-mesh|\
             remove-from-mesh|waypoint|kube-uninject",
            "install the earlier version again",
        ),
        Rule::deletes("experimental|x uninstall|prune", "the mesh and its settings are gone")
            .dry(&["--dry-run"]),
        Rule::deletes("tag remove", "the tag is gone"),
        Rule::deletes("waypoint delete", "the waypoint is gone"),
        Rule::deletes("viz|jaeger|multicluster uninstall|unlink", "the extension is gone"),
        Rule::runs("connectivity", "delete the test namespace"),
    ],
    ..Cli::new("mesh")
};
