//! `docker`, and what takes the same words: `podman`, `nerdctl`.
//!
//! From <https://docs.docker.com/reference/cli/docker/> and
//! <https://docs.podman.io/en/latest/Commands.html>, 2026-11.

mod code;
mod compose;

pub use compose::COMPOSE;

use crate::{
    classify::programs::{Cli, Does, Rule},
    domain::{PlaceKind, Verb},
};

const PRUNED: &str = "containers, images and volumes that nothing uses are gone";
const CONTAINERS: &str = "the containers and what they wrote are gone";
const VOLUMES: &str = "the volumes and their data are gone";

/// The table of `docker`.
pub static DOCKER: Cli = Cli {
    valued: VALUED,
    flags: FLAGS,
    places: &[
        ("--context", PlaceKind::Context),
        ("DOCKER_CONTEXT", PlaceKind::Context),
        ("-c", PlaceKind::Context),
        ("--connection", PlaceKind::Context),
        ("-H", PlaceKind::Host),
        ("--host", PlaceKind::Host),
        ("--url", PlaceKind::Host),
        ("DOCKER_HOST", PlaceKind::Host),
        ("CONTAINER_HOST", PlaceKind::Host),
    ],
    harmless: &["--help", "-h", "--version"],
    rules: RULES,
    ..Cli::new("containers")
};

const RULES: &[Rule] = &[
    Rule::reads(""),
    Rule::reads("diff|history|inspect|port|stats|top|events|info|version|search|wait|help|sbom"),
    Rule::reads(
        "image|container|volume|network|system|context|pod|machine|service|stack|node|\
         secret|config|plugin|trust|manifest|swarm|buildx|builder|scout|kube|desktop|\
         checkpoint|compose $",
    ),
    Rule::reads("ps|images"),
    Rule::reads("logs").valued(&["-n", "--since", "--until", "--tail"]),
    Rule::reads("container ls|list|ps|logs|inspect|top|stats|diff|port|wait|exists|mount"),
    Rule::reads("image ls|list|inspect|history|exists|tree|diff"),
    Rule::reads("volume ls|list|inspect|exists"),
    Rule::reads("network ls|list|inspect|exists"),
    Rule::reads("system df|info|events|check|connection"),
    Rule::reads("context ls|list|inspect|show"),
    Rule::reads("service ls|list|ps|inspect|logs"),
    Rule::reads("stack ls|list|ps|services|config"),
    Rule::reads("node ls|list|ps|inspect"),
    Rule::reads("secret|config ls|list|inspect|exists"),
    Rule::reads("plugin ls|list|inspect"),
    Rule::reads("trust inspect|view"),
    Rule::reads("manifest inspect|exists"),
    Rule::reads("checkpoint ls"),
    Rule::reads("buildx|builder ls|du|inspect|version|history"),
    Rule::reads("buildx imagetools inspect"),
    Rule::reads(
        "scout quickview|cves|compare|recommendations|sbom|version|policy|stream|repo|\
         cache|qv|help",
    ),
    Rule::reads("swarm ca|join-token|unlock-key")
        .when(&[("--rotate", Does::Changes(Verb::Update, "rotate it again"))]),
    Rule::reads("pod ps|ls|list|inspect|logs|stats|top|exists"),
    Rule::reads("machine ls|list|info|inspect"),
    Rule::reads("generate systemd|kube|spec"),
    Rule::reads("kube generate"),
    Rule::reads("desktop status|logs|version|diagnose"),
    Rule::asks("run|create", code::run).ends(1).valued(RUN),
    Rule::asks("container run|create", code::run).ends(1).valued(RUN),
    Rule::asks("exec", code::exec).ends(1).valued(EXEC),
    Rule::asks("container exec", code::exec).ends(1).valued(EXEC),
    Rule::asks("unshare", code::unshare).ends(0),
    Rule::asks("compose", code::compose).ends(0),
    Rule::asks("debug", code::debug).valued(&["-c", "--command", "--shell"]),
    Rule::updates("start|unpause", "stop it again"),
    Rule::updates("stop|pause|kill|restart", "start it again"),
    Rule::updates(
        "container start|unpause|stop|pause|kill|restart|restore|checkpoint",
        "start or stop it again",
    ),
    Rule::updates("rename|update|attach|init|tag|commit", "set it back"),
    Rule::updates(
        "container rename|update|attach|commit|cp|export|cleanup|clone|unmount",
        "set it back",
    ),
    Rule::updates("cp|export|save|load|import|mount|unmount|umount", "take the copy away")
        .valued(&["-i"]),
    Rule::updates("login|logout", "log in again"),
    Rule::runs("build", "remove the image").valued(BUILD),
    Rule::runs("image|buildx|builder build|b", "remove the image").valued(BUILD),
    Rule::runs("buildx bake|f", "remove the image").valued(&["-f", "--file", "--set"]),
    Rule::updates("buildx create|use|stop|install|uninstall|imagetools", "set it back"),
    Rule::updates("buildx rm", "create the builder again"),
    Rule::updates("buildx|builder prune", "the cache fills again"),
    Rule::creates("pull", "remove the image"),
    Rule::creates("image pull|load|import|save|tag|mount|unmount", "remove the image"),
    Rule::updates("push", "push the earlier image under that tag again"),
    Rule::updates("image push|sign|trust", "push the earlier image under that tag again"),
    Rule::updates("rmi", "pull the image again"),
    Rule::updates("image rm|remove", "pull the image again"),
    Rule::updates("image prune", "pull or build the images again").when(&[
        ("-a", Does::Destroys(Verb::Delete, "every image without a container is gone")),
        ("--all", Does::Destroys(Verb::Delete, "every image without a container is gone")),
    ]),
    Rule::deletes("rm", CONTAINERS),
    Rule::deletes("container rm|remove|prune", CONTAINERS),
    Rule::deletes("volume rm|remove|prune", VOLUMES),
    Rule::updates("volume create|update|mount|unmount|reload|export", "set it back"),
    Rule::deletes("volume import", "what the volume held is written over"),
    Rule::updates("network create|connect|disconnect|update|reload", "connect it as it was"),
    Rule::updates("network rm|remove|prune", "create the network again"),
    Rule::deletes("system prune|reset", PRUNED),
    Rule::updates("system service|start|migrate|renumber", "stop it again"),
    Rule::updates("context use|create|update|export|import", "switch back"),
    Rule::deletes("context rm|remove", "the way to that host is gone from the configuration"),
    Rule::updates("swarm init|join|update|unlock", "set it back"),
    Rule::updates("swarm leave", "join again").when(&[
        ("-f", Does::Destroys(Verb::Delete, "a manager leaves, and the swarm's state with it")),
        (
            "--force",
            Does::Destroys(Verb::Delete, "a manager leaves, and the swarm's state with it"),
        ),
    ]),
    Rule::updates("stack deploy|up", "deploy the earlier file again"),
    Rule::deletes("stack rm|remove|down", "every service of the stack is gone"),
    Rule::updates("service create|scale|update|rollback", "scale or roll it back"),
    Rule::deletes("service rm|remove", "the service is gone"),
    Rule::updates("node update|promote|demote", "set it back"),
    Rule::deletes("node rm|remove", "the node is cut off from the swarm"),
    Rule::creates("secret|config create", "remove it"),
    Rule::deletes("secret|config rm|remove", "its value is gone"),
    Rule::updates("plugin install|enable|disable|set|upgrade|create|push", "set it back"),
    Rule::updates("plugin rm|remove", "install it again"),
    Rule::updates("trust sign", "revoke the signature"),
    Rule::deletes("trust revoke|key|signer", "the signature or its key is gone"),
    Rule::updates("manifest create|annotate|add|push|rm|remove", "create it again"),
    Rule::creates("checkpoint create", "remove it"),
    Rule::deletes("checkpoint rm", "the saved state is gone"),
    Rule::updates(
        "scout enroll|config|attestation|environment|integration|push|watch",
        "set it back",
    ),
    Rule::updates(
        "pod create|start|stop|restart|kill|pause|unpause|clone",
        "start or stop it again",
    ),
    Rule::deletes("pod rm|prune", CONTAINERS),
    Rule::updates("play|kube kube|play", "take it down again").when(&[
        ("--down", Does::Destroys(Verb::Delete, CONTAINERS)),
        ("--force", Does::Destroys(Verb::Delete, VOLUMES)),
    ]),
    Rule::updates("kube down", "play it again")
        .when(&[("--force", Does::Destroys(Verb::Delete, VOLUMES))]),
    Rule::updates("machine start|stop|init|set|cp", "start or stop it again"),
    Rule::deletes("machine rm|reset", "the machine with every container and volume is gone"),
    Rule::updates("desktop start|stop|restart|enable|disable|update", "start or stop it again"),
    Rule::updates("healthcheck|auto-update", "run the earlier image").dry(&["--dry-run"]),
];

#[rustfmt::skip]
const VALUED: &[&str] = &[
    "--config", "--context", "-c", "-H", "--host", "--log-level", "--tlscacert", "--tlscert",
    "--tlskey", "--filter", "--format", "--name", "--label", "--tag", "--time", "--timeout",
    "--signal", "--since", "--until", "--tail", "--last", "--platform", "--output", "--username",
    "--password", "--driver", "--opt", "--subnet", "--gateway", "--ip-range", "--ip", "--alias",
    "--orchestrator", "--compose-file", "--advertise-addr", "--listen-addr", "--token",
    "--availability", "--role", "--replicas", "--image", "--env-add", "--env-rm", "--publish-add",
    "--publish-rm", "--mount-add", "--mount-rm", "--constraint-add", "--constraint-rm",
    "--update-parallelism", "--update-delay", "--limit-cpu", "--limit-memory", "--reserve-cpu",
    "--reserve-memory", "--label-add", "--label-rm", "--memory", "--memory-swap", "--cpus",
    "--cpu-shares", "--cpuset-cpus", "--restart", "--pids-limit", "--author", "--message",
    "--change", "--detach-keys", "--keep-storage", "--max-used-space", "--builder", "--namespace",
    "--address", "--snapshotter", "--root", "--runroot", "--storage-driver", "--storage-opt",
    "--connection", "--url", "--identity", "--limit", "--network", "--memory-reservation",
];

#[rustfmt::skip]
const FLAGS: &[&str] = &[
    "-D", "--debug", "--tls", "--tlsverify", "--all", "--quiet", "--no-trunc", "--force",
    "--volumes", "--size", "--latest", "--follow", "--timestamps", "--details", "--detach",
    "--interactive", "--tty", "--no-stream", "--link", "--pause", "--remote", "-r", "--prune",
    "--with-registry-auth", "--no-prune",
];

#[rustfmt::skip]
const BUILD: &[&str] = &[
    "-f", "--file", "-t", "--tag", "--build-arg", "--build-context", "--target", "--cache-from",
    "--cache-to", "--secret", "--ssh", "--platform", "--label", "--network", "--progress", "-o",
    "--output", "--iidfile", "--metadata-file", "--shm-size", "--ulimit", "--add-host", "--allow",
    "--attest", "--builder", "--cgroup-parent", "--isolation", "--memory", "-m", "--cpu-quota",
    "--no-cache-filter", "--provenance", "--sbom", "--call", "--annotation",
];

#[rustfmt::skip]
const EXEC: &[&str] = &[
    "-e", "--env", "--env-file", "-u", "--user", "-w", "--workdir", "--detach-keys",
    "--preserve-fds",
];

#[rustfmt::skip]
const RUN: &[&str] = &[
    "-a", "--attach", "--add-host", "--annotation", "--blkio-weight", "--cap-add", "--cap-drop",
    "--cgroup-parent", "--cgroupns", "--cidfile", "-c", "--cpu-shares", "--cpus", "--cpuset-cpus",
    "--cpuset-mems", "--cpu-period", "--cpu-quota", "--device", "--device-cgroup-rule", "--dns",
    "--dns-option", "--dns-search", "--domainname", "--entrypoint", "-e", "--env", "--env-file",
    "--expose", "--gpus", "--group-add", "--health-cmd", "--health-interval", "--health-retries",
    "--health-start-period", "--health-timeout", "-h", "--hostname", "--ip", "--ip6", "--ipc",
    "--isolation", "--kernel-memory", "-l", "--label", "--label-file", "--link", "--link-local-ip",
    "--log-driver", "--log-opt", "--mac-address", "-m", "--memory", "--memory-reservation",
    "--memory-swap", "--memory-swappiness", "--mount", "--name", "--network", "--net",
    "--network-alias", "--net-alias", "--oom-score-adj", "--pid", "--pids-limit", "--platform",
    "-p", "--publish", "--pull", "--restart", "--runtime", "--security-opt", "--shm-size",
    "--stop-signal", "--stop-timeout", "--storage-opt", "--sysctl", "--tmpfs", "--ulimit", "-u",
    "--user", "--userns", "--uts", "-v", "--volume", "--volume-driver", "--volumes-from", "-w",
    "--workdir", "--pod", "--secret", "--arch", "--os", "--variant", "--systemd", "--subuidname",
    "--subgidname", "--uidmap", "--gidmap", "--rootfs-path", "--authfile", "--creds", "--tz",
    "--umask", "--timeout",
];
