//! Machines, storage and backups of one's own: Proxmox, `VirtualBox`, Ceph, Gluster, Talos, WAL-G.
//!
//! From <https://pve.proxmox.com/pve-docs/>, <https://www.virtualbox.org/manual/ch08.html>,
//! <https://docs.ceph.com/en/latest/man/8/>, <https://docs.gluster.org/en/latest/CLI-Reference/>,
//! <https://www.talos.dev/latest/reference/cli/>, <https://docs.pgbarman.org/> and
//! <https://wal-g.readthedocs.io/>, 2026-11.

use super::super::{Cli, Does, Program, Rule};
use crate::domain::{PlaceKind, Verb};

/// The programs of this file.
pub(super) const MACHINERY: &[Program] = &[
    Program::table(&["qm", "pct"], &PROXMOX),
    Program::table(&["pvesh"], &PVESH),
    Program::table(&["VBoxManage", "vboxmanage"], &VBOX),
    Program::table(&["ceph"], &CEPH),
    Program::table(&["rbd"], &RBD),
    Program::table(&["gluster"], &GLUSTER),
    Program::table(&["talosctl"], &TALOS),
    Program::table(&["rke"], &RKE),
    Program::table(&["barman"], &BARMAN),
    Program::table(&["wal-g", "wal-e"], &WAL),
    Program::table(&["b2", "b2v4"], &B2),
];

const MACHINE: &str = "the machine and its disks are gone";
const STORED: &str = "what is stored there is gone";
const BACKUPS: &str = "the backups are gone";
const BACK: &str = "give the opposite command";

static PROXMOX: Cli = Cli {
    rules: &[
        Rule::deletes("destroy|unlink", MACHINE),
        Rule::deletes("delsnapshot", "the snapshot is gone"),
        Rule::deletes("rollback", "what was written since the snapshot is gone"),
        Rule::reads("list|status|config|pending|listsnapshot|showcmd|agent|help|cpusets|df|fstrim"),
        Rule::opaque("agent|guest exec", "what runs in the machine is not read"),
        Rule::opaque("exec|enter|monitor|terminal|console|mtunnel", "what runs there is not read"),
        Rule::updates(
            "start|stop|shutdown|reboot|reset|suspend|resume|clone|create|migrate|set|snapshot|\
             template|unlock|wait|resize|move|move-disk|move-volume|restore|importdisk|importovf|\
             rescan|push|pull|mount|unmount",
            BACK,
        ),
    ],
    ..Cli::new("proxmox")
};
static PVESH: Cli = Cli {
    rules: &[
        Rule::deletes("delete", STORED),
        Rule::reads("get|ls|usage|help"),
        Rule::updates("set|create", BACK),
    ],
    ..Cli::new("proxmox")
};
static VBOX: Cli = Cli {
    valued: &["--type", "--name", "--ostype", "--medium", "--size", "--format", "--filename"],
    rules: &[
        Rule::updates("unregistervm", "register it again").when(&[
            ("--delete", Does::Destroys(Verb::Delete, MACHINE)),
            ("--delete-all", Does::Destroys(Verb::Delete, MACHINE)),
        ]),
        Rule::updates("closemedium", "open it again")
            .when(&[("--delete", Does::Destroys(Verb::Delete, "the disk is gone"))]),
        Rule::deletes("snapshot * delete|restore|restorecurrent", "the state is gone"),
        Rule::reads("snapshot * list|showvminfo"),
        Rule::updates("snapshot * take|edit", "delete the snapshot"),
        Rule::reads(
            "list|showvminfo|showmediuminfo|getextradata|guestproperty|metrics|debugvm|help",
        ),
        Rule::opaque("guestcontrol", "what runs in the machine is not read"),
        Rule::updates(
            "startvm|controlvm|modifyvm|createvm|registervm|clonevm|clonemedium|createmedium|\
             modifymedium|storagectl|storageattach|setextradata|sharedfolder|export|import|\
             hostonlyif|natnetwork|dhcpserver|movevm|discardstate|adoptstate|setproperty",
            BACK,
        ),
    ],
    ..Cli::new("virtualbox")
};
static CEPH: Cli = Cli {
    valued: &["-c", "--conf", "-n", "--name", "--id", "-m", "-f", "--format", "-k", "--keyring"],
    rules: &[
        Rule::deletes("osd purge|destroy|rm|lost|purge-new|zap", STORED),
        Rule::deletes("osd pool delete|rm|rmsnap", STORED),
        Rule::deletes("fs rm|reset|fail", STORED),
        Rule::deletes("auth del|rm", "the access is gone"),
        Rule::deletes("orch osd rm", STORED),
        Rule::deletes("orch rm|device", STORED),
        Rule::deletes("mon remove|rm", "the monitor is gone"),
        Rule::deletes("pg force_create_pg|mark_unfound_lost", STORED),
        Rule::reads(
            "-s|status|health|df|report|version|versions|quorum_status|features|time-sync-status|\
             insights|log|device",
        ),
        Rule::reads("osd tree|df|dump|stat|ls|perf|find|metadata|status|getmap|blocked-by|pool"),
        Rule::reads("osd pool ls|get|stats|autoscale-status"),
        Rule::reads("mon|mgr|mds|pg|fs|auth|config|orch stat|dump|ls|list|status|get|show|ps|host"),
        Rule::reads("pg dump|query|ls|map|dump_stuck"),
        Rule::updates(
            "osd in|out|down|set|unset|reweight|crush|require-osd-release|scrub|deep-scrub|repair",
            BACK,
        ),
        Rule::updates("osd pool create|set|rename|application|mksnap|set-quota", BACK),
        Rule::updates("config|mgr|orch|fs|auth set|rm|module|apply|new|add|restart|daemon", BACK),
    ],
    ..Cli::new("ceph")
};
static RBD: Cli = Cli {
    valued: &["-p", "--pool", "--image", "-c", "--size", "--id", "--format"],
    rules: &[
        Rule::deletes("rm|remove|snap|trash purge|rm|remove|rollback|revert", STORED),
        Rule::deletes("rm|remove", STORED),
        Rule::deletes("snap|trash|group|namespace|pool rm|remove|purge|rollback|revert", STORED),
        Rule::reads("ls|list|info|du|disk-usage|status|diff|showmapped|watch|help"),
        Rule::reads("snap|trash|group|namespace|device|lock|mirror|pool|perf ls|list|status|stats"),
        Rule::updates(
            "create|clone|copy|cp|resize|rename|mv|map|unmap|flatten|export|import|bench|feature|\
             snap|trash|lock|mirror|device|group|namespace|pool|config|image-meta",
            BACK,
        )
        .when(&[("--allow-shrink", Does::Destroys(Verb::Update, STORED))]),
    ],
    ..Cli::new("ceph")
};
static GLUSTER: Cli = Cli {
    valued: &["--mode", "--xml", "--timeout"],
    rules: &[
        Rule::deletes("volume delete|reset|remove-brick|clear-locks", STORED),
        Rule::deletes("snapshot delete|restore", STORED),
        Rule::deletes("peer detach", "the peer leaves the pool"),
        Rule::reads("volume|snapshot|peer|pool info|status|list|get|heal|help"),
        Rule::updates(
            "volume|snapshot|peer start|stop|create|set|add-brick|replace-brick|rebalance|heal|\
             probe|quota|activate|deactivate|config|clone|log|sync|bitrot|profile|top",
            BACK,
        ),
    ],
    ..Cli::new("gluster")
};
static TALOS: Cli = Cli {
    valued: &["-e", "--endpoints", "--talosconfig", "-o", "--output", "-f", "--file", "-p"],
    places: &[
        ("-n", PlaceKind::Host),
        ("--nodes", PlaceKind::Host),
        ("--context", PlaceKind::Context),
        ("--cluster", PlaceKind::Context),
    ],
    rules: &[
        Rule::deletes("reset", "the node is wiped"),
        Rule::deletes("cluster destroy", "the cluster is gone"),
        Rule::deletes("etcd remove-member|leave|forfeit-leadership", "the member is gone"),
        Rule::deletes("meta delete", "the value is gone"),
        Rule::reads(
            "get|list|ls|logs|dmesg|health|version|containers|processes|services|service|stats|\
             memory|disks|dashboard|events|mounts|usage|time|inspect|read|cat|netstat|pcap|help|\
             completion|validate|support|image",
        ),
        Rule::reads("etcd members|status|alarm|snapshot"),
        Rule::reads("config info|contexts"),
        Rule::updates(
            "apply-config|patch|edit|bootstrap|reboot|restart|shutdown|upgrade|upgrade-k8s|\
             rollback|config|gen|kubeconfig|machineconfig|copy|cp|cluster|rotate-ca|wipe",
            BACK,
        ),
    ],
    ..Cli::new("talos")
};
static RKE: Cli = Cli {
    valued: &["--config", "--name", "--ssh-agent-auth"],
    rules: &[
        Rule::deletes("remove", "the cluster and everything in it are gone"),
        Rule::deletes("etcd snapshot-restore", "what was written since the snapshot is gone"),
        Rule::deletes("etcd snapshot-delete", BACKUPS),
        Rule::updates("up|config|cert|encrypt|etcd", BACK),
        Rule::reads("version|help|util"),
    ],
    ..Cli::new("kubernetes")
};
static BARMAN: Cli = Cli {
    valued: &["-c", "--config", "-f", "--format"],
    rules: &[
        Rule::deletes("delete", BACKUPS),
        Rule::updates("recover|restore", "recover an earlier backup"),
        Rule::reads(
            "list-backups|list-backup|list-servers|list-server|list-files|list-processes|\
             show-backup|show-server|show-servers|status|check|check-backup|diagnose|help|\
             replication-status|verify-backup|verify|config-switch",
        ),
        Rule::updates("backup|cron|keep|switch-wal|switch-xlog|receive-wal|sync-backup", BACK),
    ],
    ..Cli::new("barman")
};
static WAL: Cli = Cli {
    valued: &["--config", "--target-storage", "--walg-storage-prefix"],
    rules: &[
        // Without this option it only says what it would delete.
        Rule::reads("delete").when(&[("--confirm", Does::Destroys(Verb::Delete, BACKUPS))]),
        Rule::deletes("st rm", BACKUPS),
        Rule::reads(
            "backup-list|wal-show|wal-verify|st ls|check-read|help|backup-show|oplog-replay",
        ),
        Rule::reads("backup-list|wal-show|wal-verify|help|binlog-find"),
        Rule::reads("st ls|cat|check|get"),
        Rule::updates(
            "backup-push|backup-fetch|wal-push|wal-fetch|wal-prefetch|backup-mark|copy|\
             catchup-push|catchup-fetch|wal-receive|binlog-push|stream-push",
            BACK,
        ),
    ],
    ..Cli::new("wal-g")
};
static B2: Cli = Cli {
    valued: &["--threads", "--bucket", "--exclude", "--include", "--keep-days", "--profile"],
    rules: &[
        Rule::deletes("rm", STORED).dry(&["--dry-run"]),
        Rule::deletes("file delete|hide", STORED),
        Rule::deletes("bucket|key delete", STORED),
        Rule::deletes(
            "delete-file-version|delete-bucket|delete-key|hide-file|delete_file_version",
            STORED,
        ),
        Rule::updates("sync", "copy the files back").dry(&["--dry-run"]).when(&[
            ("--delete", Does::Destroys(Verb::Delete, STORED)),
            ("--keep-days", Does::Destroys(Verb::Delete, STORED)),
        ]),
        Rule::reads("ls|version|list-buckets|list-keys|get-bucket|get-file-info|cat|help"),
        Rule::reads("bucket|key|file|account list|get|info|cat|url"),
        Rule::updates(
            "upload-file|upload|download-file|download|copy-file-by-id|create-bucket|\
             authorize-account|account|file|bucket|key|create-key",
            BACK,
        )
        .when(&[("allPublic", Does::Destroys(Verb::Grant, "anybody can read it"))]),
    ],
    ..Cli::new("b2")
};
