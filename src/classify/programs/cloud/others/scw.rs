//! `scw`.
//!
//! Built from <https://github.com/scaleway/scaleway-cli>, 2026-11.

use super::{
    super::{
        super::{Cli, Rule},
        groups::{self, Groups, Stands},
    },
    NAMES, POWER, SESSION, SHOWN,
};
use crate::domain::PlaceKind;

/// `scw`.
pub(in super::super) static SCW: Cli = Cli {
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
