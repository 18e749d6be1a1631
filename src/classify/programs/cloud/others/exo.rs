//! `exo`.
//!
//! Built from <https://github.com/exoscale/cli>, 2026-11.

use super::{
    super::{
        super::{Cli, Rule},
        groups::{self, Groups, Stands},
    },
    BACK, DISK, GONE, NAMES, SESSION, SHOWN, STOPPED,
};
use crate::domain::PlaceKind;

/// `exo`.
pub(in super::super) static EXO: Cli = Cli {
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
        Rule::reveals("storage presign", "the address runs out"),
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
