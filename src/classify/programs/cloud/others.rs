//! Smaller clouds: `ibmcloud`, `oci`, `aliyun`, `linode-cli`, `hcloud`, `scw`, `vultr-cli`,
//! `openstack`, `exo`, `yc`.
//!
//! Built from each program's own reference, 2026-11: <https://cloud.ibm.com/docs/cli>,
//! <https://docs.oracle.com/iaas/tools/oci-cli/latest/>, <https://www.alibabacloud.com/help/cli>,
//! <https://techdocs.akamai.com/cloud-computing/docs/cli>, <https://github.com/hetznercloud/cli>,
//! <https://github.com/scaleway/scaleway-cli>, <https://github.com/vultr/vultr-cli>,
//! <https://docs.openstack.org/python-openstackclient/>, <https://github.com/exoscale/cli>,
//! <https://yandex.cloud/docs/cli/cli-ref/>.

use super::{
    super::{Cli, Does, Matched, Rule},
    groups::{self, Groups, Stands},
};
use crate::{
    classify::Judge,
    domain::{PlaceKind, Verb},
};

const GONE: Does = Does::Destroys(Verb::Delete, "what it names is gone for good");
const DISK: Does = Does::Destroys(Verb::Delete, "what was on its disk is gone");
const UNPROTECTED: Does = Does::Destroys(Verb::Grant, "it is no longer protected against deletion");
const BACK: Does = Does::Changes(Verb::Update, "set it back to what it was");
const STOPPED: Does = Does::Changes(Verb::Update, "start it again");
const REBOOTED: Does = Does::Changes(Verb::Update, "it comes back by itself");
const MADE: Does = Does::Changes(Verb::Create, "delete what it made");
const SHOWN: Does = Does::Changes(Verb::Reveal, "rotate what it showed");
const SESSION: &str = "what is typed in the session is not known";

/// Verbs of virtual machines that none of the large clouds uses.
const POWER: &[(&str, Does)] = &[
    ("boot", STOPPED),
    ("shutdown", STOPPED),
    ("halt", STOPPED),
    ("poweroff", STOPPED),
    ("power-off", STOPPED),
    ("poweron", REBOOTED),
    ("power-on", REBOOTED),
    ("reset", REBOOTED),
    ("enable-rescue", BACK),
    ("disable-protection", UNPROTECTED),
    ("enable-protection", BACK),
    ("change-*", BACK),
    ("rescue", BACK),
    ("switch", BACK),
    ("use", BACK),
    ("del", GONE),
    ("rb", GONE),
    ("detach-*", BACK),
    ("remove-*", BACK),
    ("reset-password", SHOWN),
    ("request-console", SHOWN),
];

const NAMES: &[&str] = &["--name", "--id", "--ids", "--instance-id", "--cluster", "-c"];

/// `ibmcloud`.
pub(super) static IBMCLOUD: Cli = Cli {
    valued: &["--output", "-o", "--cluster", "-c"],
    flags: &["-q", "--quiet", "-f", "--force"],
    places: &[
        ("-g", PlaceKind::Name),
        ("--account", PlaceKind::Account),
        ("-r", PlaceKind::Name),
        ("-a", PlaceKind::Host),
    ],
    rules: &groups::any(|matched, judge| groups::judge(&IBM_GROUPS, matched, judge)),
    ..Cli::new("ibm")
};

static IBM_GROUPS: Groups = Groups {
    cloud: "ibm",
    tracks: &[],
    stands: Stands::First,
    named: NAMES,
    rules: &[
        Rule::reads("help|version|regions|api"),
        Rule::updates("login|logout|target|update|plugin|config", "log in again"),
        Rule::updates("cr login", "log in again"),
        Rule::deletes("cr image-rm|image-digests-rm|image-prune-untagged", "the images are gone"),
        Rule::new("iam oauth-tokens", SHOWN),
        Rule::new("ks|oc cluster config", BACK),
        Rule::new("secrets-manager secret", SHOWN),
    ],
    verbs: &[
        ("*-delete", GONE),
        ("*-rm", GONE),
        ("*-terminate", GONE),
        ("*-destroy", GONE),
        ("*-list", Does::Reads),
        ("*-get", Does::Reads),
        ("*-show", Does::Reads),
        ("*-head", Does::Reads),
        ("*-create", MADE),
        ("*-put", MADE),
        ("*-upload", MADE),
        ("*-copy", MADE),
        ("*-add", MADE),
        ("*-update", BACK),
        ("*-stop", STOPPED),
        ("*-start", REBOOTED),
        ("*-reboot", REBOOTED),
        ("instances", Does::Reads),
        ("service-instances", Does::Reads),
        ("service-instance", Does::Reads),
        ("groups", Does::Reads),
        ("buckets", Does::Reads),
        ("objects", Does::Reads),
        ("volumes", Does::Reads),
        ("vpcs", Does::Reads),
        ("vpc", Does::Reads),
        ("instance", Does::Reads),
        ("api-keys", Does::Reads),
        ("users", Does::Reads),
        ("policies", Does::Reads),
    ],
};

/// `oci`.
pub(super) static OCI: Cli = Cli {
    valued: &["--region", "--config-file", "--output", "--query", "--auth", "--endpoint"],
    flags: &["--debug", "-d", "--raw-output"],
    places: &[("--profile", PlaceKind::Profile), ("OCI_CLI_PROFILE", PlaceKind::Profile)],
    harmless: &["--help", "-h", "--version", "-v", "-?", "--generate-full-command-json-input"],
    rules: &groups::any(|matched, judge| groups::judge(&OCI_GROUPS, matched, judge)),
    ..Cli::new("oci")
};

static OCI_GROUPS: Groups = Groups {
    cloud: "oci",
    tracks: &[],
    stands: Stands::Last,
    named: &["--instance-id", "--bucket-name", "-bn", "--name", "--compartment-id", "-c"],
    rules: &[
        Rule::asks("raw-request", raw),
        Rule::updates("setup *", "set it up again"),
        Rule::updates("session authenticate|refresh|terminate", "log in again"),
        Rule::reads("session validate|list"),
        Rule::updates("os object sync", "put overwritten versions back")
            .when(&[("--delete", GONE)])
            .dry(&["--dry-run"]),
        Rule::deletes("os object bulk-delete", "the objects are gone").dry(&["--dry-run"]),
        Rule::deletes("os object bulk-delete-versions", "the objects are gone").dry(&["--dry-run"]),
        Rule::new("secrets secret-bundle get|get-secret-bundle-by-name", SHOWN),
        Rule::new("os preauth-request create", Does::Changes(Verb::Reveal, "delete the request")),
        Rule::new("db autonomous-database generate-wallet", SHOWN),
        Rule::new("ce cluster create-kubeconfig", BACK),
        Rule::new("ce cluster generate-token", SHOWN),
    ],
    verbs: &[
        ("terminate", GONE),
        ("schedule-key-deletion", GONE),
        ("schedule-secret-deletion", GONE),
        ("schedule-secret-version-deletion", GONE),
        ("schedule-deletion", GONE),
        ("schedule-vault-deletion", GONE),
        ("cancel-*", BACK),
        ("bulk-delete*", GONE),
        ("head", Does::Reads),
        ("summarize*", Does::Reads),
        ("request-*", Does::Reads),
        ("put", MADE),
        ("bulk-upload", MADE),
        ("bulk-download", MADE),
        ("launch*", MADE),
        ("action", BACK),
        ("change-*", BACK),
        ("rename*", BACK),
        ("reset", REBOOTED),
        ("softreset", REBOOTED),
        ("switchover", BACK),
        ("failover", BACK),
        ("reencrypt", BACK),
        ("restart*", REBOOTED),
        ("remove*", BACK),
    ],
};

/// `oci raw-request --http-method DELETE --target-uri …`.
fn raw(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let words = matched.call.arguments();
    let after = |name: &str| {
        let at = words.iter().position(|word| word.is(name))?;
        words.get(at + 1)
    };
    let resource = after("--target-uri").map(|word| judge.name(word)).unwrap_or_default();
    let span = matched.span();
    match after("--http-method").and_then(|word| word.known()) {
        Some("GET" | "HEAD" | "get" | "head") => judge.reads("oci:raw-request", resource, span),
        Some("PUT" | "POST" | "PATCH" | "put" | "post" | "patch") => {
            let back = "send what was there before";
            judge.changes(Verb::Update, "oci:raw-request", resource, span, back);
        }
        Some("DELETE" | "delete") => {
            let lost = "what it names is gone for good";
            judge.destroys(Verb::Delete, "oci:raw-request", resource, span, lost);
        }
        _ => judge.opaque(span, "which method is sent is not known"),
    }
}

/// `aliyun`.
pub(super) static ALIYUN: Cli = Cli {
    valued: &["--region", "--output", "--endpoint", "--mode", "--language"],
    flags: &["--force", "--secure", "--insecure", "--dryrun", "--quiet", "-q"],
    places: &[("--profile", PlaceKind::Profile), ("-p", PlaceKind::Profile)],
    harmless: &["--help", "-h", "--dryrun"],
    rules: &groups::any(|matched, judge| groups::judge(&ALIYUN_GROUPS, matched, judge)),
    ..Cli::new("aliyun")
};

static ALIYUN_GROUPS: Groups = Groups {
    cloud: "aliyun",
    tracks: &[],
    stands: Stands::First,
    named: &["--InstanceId", "--DBInstanceId", "--RegionId"],
    rules: &[
        Rule::reads("help|version"),
        Rule::reads("configure list|get"),
        Rule::updates("configure", "configure it again"),
        Rule::reads("oss ls|stat|cat|du|hash|help"),
        Rule::creates("oss cp|mb|mkdir|restore|create-symlink", "remove it again"),
        Rule::updates("oss sync", "put overwritten versions back").when(&[("--delete", GONE)]),
        Rule::deletes("oss rm|rb", "the objects are gone"),
        Rule::updates("oss set-meta|set-acl|bucket-versioning|logging", "set it back")
            .when(&[("--acl", BACK)]),
        Rule::new("oss sign", Does::Changes(Verb::Reveal, "the address runs out")),
        Rule::new("kms GetSecretValue", SHOWN),
        Rule::new("kms Decrypt", SHOWN),
        Rule::new("actiontrail StopLogging", Does::Destroys(Verb::Grant, "nothing is recorded")),
    ],
    verbs: &[
        ("Describe*", Does::Reads),
        ("List*", Does::Reads),
        ("Get*", Does::Reads),
        ("Query*", Does::Reads),
        ("Check*", Does::Reads),
        ("Search*", Does::Reads),
        ("Lookup*", Does::Reads),
        ("Delete*", GONE),
        ("Release*", GONE),
        ("Terminate*", GONE),
        ("Destroy*", GONE),
        ("Purge*", GONE),
        ("ScheduleKeyDeletion", GONE),
        ("ReInitDisk*", DISK),
        ("ResetDisk*", DISK),
        ("ReplaceSystemDisk*", DISK),
        ("Create*", MADE),
        ("Run*", MADE),
        ("Add*", MADE),
        ("Copy*", MADE),
        ("Import*", MADE),
        ("Export*", MADE),
        ("Put*", BACK),
        ("Modify*", BACK),
        ("Update*", BACK),
        ("Set*", BACK),
        ("Start*", REBOOTED),
        ("Stop*", STOPPED),
        ("Reboot*", REBOOTED),
        ("Restart*", REBOOTED),
        ("Attach*", BACK),
        ("Detach*", BACK),
        ("Associate*", BACK),
        ("Unassociate*", BACK),
        ("Allocate*", MADE),
        ("Authorize*", BACK),
        ("Revoke*", BACK),
        ("Enable*", BACK),
        ("Disable*", BACK),
        ("Remove*", BACK),
        ("Tag*", BACK),
        ("Untag*", BACK),
        ("Join*", BACK),
        ("Leave*", BACK),
        ("Scale*", BACK),
        ("Renew*", BACK),
        ("Cancel*", BACK),
    ],
};

/// `linode-cli`.
pub(super) static LINODE: Cli = Cli {
    valued: &["--format", "--as-user", "--page", "--page-size", "--delimiter"],
    flags: &[
        "--text",
        "--json",
        "--pretty",
        "--no-headers",
        "--all",
        "--all-rows",
        "--suppress-warnings",
    ],
    rules: &groups::any(|matched, judge| groups::judge(&LINODE_GROUPS, matched, judge)),
    ..Cli::new("linode")
};

static LINODE_GROUPS: Groups = Groups {
    cloud: "linode",
    tracks: &[],
    stands: Stands::First,
    named: NAMES,
    rules: &[
        Rule::reads("completion|show-users|commands|help|plugins"),
        Rule::updates(
            "configure|set-user|register-plugin|remove-plugin|remove-user",
            "set it back",
        ),
        Rule::deletes("obj del|rb", "the objects are gone"),
        Rule::creates("obj put|mb|get|cp", "remove it again"),
        Rule::reads("obj ls|la|du|info"),
        Rule::updates("obj setacl|accesscontrol|ws-create|ws-delete|fixbucket", "set it back"),
        Rule::new("obj signurl", Does::Changes(Verb::Reveal, "the address runs out")),
        Rule::new("lke kubeconfig-view", SHOWN),
        Rule::deletes("linodes backup-restore", "what was on its disk is gone"),
        Rule::deletes("linodes backups-cancel", "the backups are gone"),
        Rule::updates("linodes backups-enable|snapshot", "set it back"),
        Rule::opaque("ssh", SESSION),
    ],
    verbs: &[
        ("*-list", Does::Reads),
        ("*-view", Does::Reads),
        ("*-ls", Does::Reads),
        ("*-delete", GONE),
        ("*-rm", GONE),
        ("*-create", MADE),
        ("*-update", BACK),
        ("*-add", MADE),
        ("boot", STOPPED),
        ("shutdown", STOPPED),
        ("rescue", BACK),
        ("reset*", BACK),
    ],
};

/// `hcloud`.
pub(super) static HCLOUD: Cli = Cli {
    valued: &["--config", "--endpoint", "--poll-interval", "--output", "-o"],
    flags: &["--debug", "--quiet"],
    places: &[("--context", PlaceKind::Context), ("HCLOUD_CONTEXT", PlaceKind::Context)],
    rules: &groups::any(|matched, judge| groups::judge(&HCLOUD_GROUPS, matched, judge)),
    ..Cli::new("hcloud")
};

static HCLOUD_GROUPS: Groups = Groups {
    cloud: "hcloud",
    tracks: &[],
    stands: Stands::First,
    named: NAMES,
    rules: &[
        Rule::reads("version|completion|help|all list"),
        Rule::updates("context create|use|delete|rename|unset", "set it back"),
        Rule::opaque("server ssh", SESSION),
        Rule::creates("server create-image", "delete the image"),
        Rule::new(
            "server disable-backup",
            Does::Destroys(Verb::Grant, "the backups are deleted, and no more are made"),
        ),
        Rule::updates("config *", "set it back"),
        Rule::reads("config get|list"),
    ],
    verbs: POWER,
};

/// `scw`.
pub(super) static SCW: Cli = Cli {
    valued: &["--config", "-c", "--output", "-o"],
    flags: &["--debug", "-D", "--wait", "-w"],
    places: &[("--profile", PlaceKind::Profile), ("-p", PlaceKind::Profile)],
    rules: &groups::any(|matched, judge| groups::judge(&SCW_GROUPS, matched, judge)),
    ..Cli::new("scaleway")
};

static SCW_GROUPS: Groups = Groups {
    cloud: "scaleway",
    tracks: &[],
    stands: Stands::First,
    named: NAMES,
    rules: &[
        Rule::reads("version|help|info|autocomplete|feedback|shell-help"),
        Rule::updates("init|login", "configure it again"),
        Rule::opaque("shell", SESSION),
        Rule::opaque("instance server ssh|console", SESSION),
        Rule::updates("config set|unset|delete|reset|destroy|profile|import", "configure it again"),
        Rule::reads("config get|dump|info|validate"),
        Rule::updates("k8s kubeconfig install|uninstall", "set it back"),
        Rule::new("k8s kubeconfig get", SHOWN),
        Rule::new("secret version access", SHOWN),
        Rule::new("secret version access-by-path", SHOWN),
        Rule::deletes("k8s cluster|pool|node reset|replace", "what was on its disk is gone"),
    ],
    verbs: POWER,
};

/// `vultr-cli`.
pub(super) static VULTR: Cli = Cli {
    valued: &["--config", "--output", "-o", "--cursor", "--per-page"],
    rules: &groups::any(|matched, judge| groups::judge(&VULTR_GROUPS, matched, judge)),
    ..Cli::new("vultr")
};

static VULTR_GROUPS: Groups = Groups {
    cloud: "vultr",
    tracks: &[],
    stands: Stands::First,
    named: NAMES,
    rules: &[
        Rule::reads("version|help|completion|account|regions|plans|os|applications"),
        Rule::new("kubernetes config", SHOWN),
        Rule::deletes("instance|baremetal restore|reinstall", "what was on its disk is gone"),
    ],
    verbs: POWER,
};

/// `openstack`.
pub(super) static OPENSTACK: Cli = Cli {
    valued: &[
        "--os-region-name",
        "--os-username",
        "--os-password",
        "--os-auth-url",
        "--os-auth-type",
        "--os-token",
        "--os-project-id",
        "-f",
        "-c",
    ],
    flags: &["--insecure", "--debug", "--quiet", "-q", "--verbose", "-v"],
    places: &[
        ("--os-cloud", PlaceKind::Profile),
        ("--os-project-name", PlaceKind::Account),
        ("OS_CLOUD", PlaceKind::Profile),
        ("OS_PROJECT_NAME", PlaceKind::Account),
    ],
    rules: &groups::any(|matched, judge| groups::judge(&OPENSTACK_GROUPS, matched, judge)),
    ..Cli::new("openstack")
};

static OPENSTACK_GROUPS: Groups = Groups {
    cloud: "openstack",
    tracks: &[],
    stands: Stands::First,
    named: NAMES,
    rules: &[
        Rule::reads("help|complete|versions show|module list"),
        Rule::new("token issue", SHOWN),
        Rule::new("role add", Does::Changes(Verb::Grant, "remove the role again")),
        Rule::updates("role remove", "add the role again"),
        Rule::updates("server|group|image|aggregate|consistency remove", "add it again"),
        Rule::updates("server add|remove *", "attach or detach it again"),
        Rule::opaque("server ssh", SESSION),
        Rule::reads("console log show"),
        Rule::new("console url show", SHOWN),
        Rule::deletes("project purge", "every resource of the project is gone").dry(&["--dry-run"]),
        Rule::deletes("project cleanup", "every resource of the project is gone")
            .dry(&["--dry-run"]),
        Rule::deletes("volume revert", "what was written since the snapshot is gone"),
        Rule::creates("object|image save", "remove the file"),
        Rule::new("secret get", SHOWN),
    ],
    verbs: &[
        ("shelve", STOPPED),
        ("unshelve", REBOOTED),
        ("lock", BACK),
        ("unlock", BACK),
        ("unpause", STOPPED),
        ("evacuate", BACK),
        ("unrescue", BACK),
        ("rescue", BACK),
        ("confirm", BACK),
        ("save", MADE),
        ("unset", BACK),
        ("usage", Does::Reads),
        ("check", Does::Reads),
        ("abandon", GONE),
    ],
};

/// `exo`.
pub(super) static EXO: Cli = Cli {
    valued: &["--config", "-C", "--output-format", "-O", "--output-template", "--zone", "-z"],
    flags: &["--quiet", "-Q", "--force", "-f"],
    places: &[("--use-account", PlaceKind::Account), ("-A", PlaceKind::Account)],
    rules: &groups::any(|matched, judge| groups::judge(&EXO_GROUPS, matched, judge)),
    ..Cli::new("exoscale")
};

static EXO_GROUPS: Groups = Groups {
    cloud: "exoscale",
    tracks: &[],
    stands: Stands::First,
    named: NAMES,
    rules: &[
        Rule::reads("version|help|completion|status|limits|zones|zone"),
        Rule::updates("config *", "configure it again"),
        Rule::reads("config list|show"),
        Rule::opaque("compute instance ssh", SESSION),
        Rule::new("storage presign", Does::Changes(Verb::Reveal, "the address runs out")),
        Rule::creates("storage mb|upload|download", "remove it again"),
        Rule::updates("storage setacl|cors|headers|metadata *", "set it back"),
        Rule::deletes("compute instance snapshot revert", "what was written since is gone"),
        Rule::deletes("compute instance revert", "what was written since is gone"),
        Rule::new("compute sks kubeconfig", SHOWN),
        Rule::new("dbaas user reveal-password", SHOWN),
        Rule::new("compute instance reveal-password", SHOWN),
        Rule::deletes("compute sks rotate-ccm-credentials", "the former credentials are gone"),
    ],
    verbs: &[
        ("scale", BACK),
        ("reset", DISK),
        ("reveal*", SHOWN),
        ("evict", GONE),
        ("del", GONE),
        ("rb", GONE),
        ("revert", GONE),
        ("poweroff", STOPPED),
    ],
};

/// `yc`.
pub(super) static YC: Cli = Cli {
    valued: &["--format", "--retry", "--endpoint", "--token", "--impersonate-service-account-id"],
    flags: &["--debug", "--async", "--no-user-output"],
    places: &[
        ("--profile", PlaceKind::Profile),
        ("--cloud-id", PlaceKind::Account),
        ("--folder-id", PlaceKind::Account),
        ("--folder-name", PlaceKind::Account),
    ],
    rules: &groups::any(|matched, judge| groups::judge(&YC_GROUPS, matched, judge)),
    ..Cli::new("yandex")
};

static YC_GROUPS: Groups = Groups {
    cloud: "yandex",
    tracks: &["beta"],
    stands: Stands::First,
    named: NAMES,
    rules: &[
        Rule::reads("version|help|completion"),
        Rule::updates("init|components|config *", "configure it again"),
        Rule::reads("config list|get|profile list"),
        Rule::new("iam create-token", SHOWN),
        Rule::new("lockbox payload get", SHOWN),
        Rule::opaque("compute ssh", SESSION),
        Rule::new("managed-kubernetes cluster get-credentials", BACK),
    ],
    verbs: POWER,
};
