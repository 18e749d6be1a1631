//! `ibmcloud`.
//!
//! Built from <https://cloud.ibm.com/docs/cli>, 2026-11.

use super::{
    super::{
        super::{Cli, Does, Rule},
        groups::{self, Groups, Stands},
    },
    BACK, GONE, MADE, NAMES, REBOOTED, SHOWN, STOPPED,
};
use crate::domain::PlaceKind;

/// `ibmcloud`.
pub(in super::super) static IBMCLOUD: Cli = Cli {
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
