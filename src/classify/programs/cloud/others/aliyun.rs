//! `aliyun`.
//!
//! Built from <https://www.alibabacloud.com/help/cli>, 2026-11.

use super::{
    super::{
        super::{Cli, Does, Rule},
        groups::{self, Groups, Stands},
    },
    BACK, DISK, GONE, MADE, REBOOTED, SHOWN, STOPPED,
};
use crate::domain::PlaceKind;

/// `aliyun`.
pub(in super::super) static ALIYUN: Cli = Cli {
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
        Rule::reveals("oss sign", "the address runs out"),
        Rule::new("kms GetSecretValue", SHOWN),
        Rule::new("kms Decrypt", SHOWN),
        Rule::exposes("actiontrail StopLogging", "nothing is recorded"),
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
