//! `civo`, `upctl` and `ionosctl`.
//!
//! Built from <https://www.civo.com/docs/overview/civo-cli>,
//! <https://upcloudltd.github.io/upcloud-cli/> and <https://docs.ionos.com/cli-ionosctl>, 2026-11.

use super::{
    super::{
        super::{Cli, Rule},
        groups::{self, Groups, Stands},
    },
    BACK, NAMES, POWER, SHOWN,
};
use crate::domain::PlaceKind;

/// `civo`.
pub(in super::super) static CIVO: Cli = Cli {
    valued: &["--config", "--region", "--output", "-o", "--fields", "-f"],
    flags: &["--yes", "-y", "--pretty"],
    rules: &groups::any(|matched, judge| groups::judge(&CIVO_GROUPS, matched, judge)),
    ..Cli::new("civo")
};

static CIVO_GROUPS: Groups = Groups {
    cloud: "civo",
    tracks: &[],
    stands: Stands::First,
    named: NAMES,
    rules: &[
        Rule::reads("version|help|completion|quota|region ls|region list"),
        Rule::updates("apikey save|use|current|remove", "save it again"),
        Rule::new("kubernetes|k8s|k3s config", SHOWN),
        Rule::new("instance password", SHOWN),
        Rule::new("database credential", SHOWN),
        Rule::deletes("kubernetes|k8s|k3s recycle", "what was on its disk is gone"),
        Rule::deletes("database restore", "what was written since the backup is gone"),
    ],
    verbs: POWER,
};

/// `upctl`.
pub(in super::super) static UPCTL: Cli = Cli {
    valued: &["--config", "--output", "-o", "--client-timeout"],
    flags: &["--debug"],
    rules: &groups::any(|matched, judge| groups::judge(&UPCTL_GROUPS, matched, judge)),
    ..Cli::new("upcloud")
};

static UPCTL_GROUPS: Groups = Groups {
    cloud: "upcloud",
    tracks: &[],
    stands: Stands::First,
    named: NAMES,
    rules: &[
        Rule::reads("version|help|completion|account show"),
        Rule::new("kubernetes|uks config", SHOWN),
        Rule::updates("server storage|network-interface|firewall attach|detach", "attach it again"),
        Rule::deletes("storage restore", "what was written since the backup is gone"),
    ],
    verbs: POWER,
};

/// `ionosctl`.
pub(in super::super) static IONOSCTL: Cli = Cli {
    valued: &["--api-url", "-u", "--config", "-c", "--output", "-o", "--datacenter-id"],
    flags: &["--force", "-f", "--quiet", "-q", "--verbose", "-v"],
    places: &[("--datacenter-id", PlaceKind::Name)],
    rules: &groups::any(|matched, judge| groups::judge(&IONOSCTL_GROUPS, matched, judge)),
    ..Cli::new("ionos")
};

static IONOSCTL_GROUPS: Groups = Groups {
    cloud: "ionos",
    tracks: &[],
    stands: Stands::First,
    named: NAMES,
    rules: &[
        Rule::reads("version|help|completion|whoami|location list"),
        Rule::updates("login|logout|config", "log in again"),
        Rule::new("token generate", SHOWN),
        Rule::new("k8s kubeconfig get", SHOWN),
        Rule::updates("compute|server|volume|k8s upgrade", "set it back"),
        Rule::new("server console get", BACK),
        Rule::deletes("snapshot restore", "what was written since the snapshot is gone"),
    ],
    verbs: POWER,
};
