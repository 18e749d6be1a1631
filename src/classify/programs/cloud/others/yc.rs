//! `yc`.
//!
//! Built from <https://yandex.cloud/docs/cli/cli-ref/>, 2026-11.

use super::{
    super::{
        super::{Cli, Rule},
        groups::{self, Groups, Stands},
    },
    BACK, NAMES, POWER, SESSION, SHOWN,
};
use crate::domain::PlaceKind;

/// `yc`.
pub(in super::super) static YC: Cli = Cli {
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
