//! `vultr-cli`.
//!
//! Built from <https://github.com/vultr/vultr-cli>, 2026-11.

use super::{
    super::{
        super::{Cli, Rule},
        groups::{self, Groups, Stands},
    },
    NAMES, POWER, SHOWN,
};

/// `vultr-cli`.
pub(in super::super) static VULTR: Cli = Cli {
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
