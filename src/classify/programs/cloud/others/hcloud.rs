//! `hcloud`.
//!
//! Built from <https://github.com/hetznercloud/cli>, 2026-11.

use super::{
    super::{
        super::{Cli, Does, Rule},
        groups::{self, Groups, Stands},
    },
    NAMES, POWER, SESSION,
};
use crate::domain::{PlaceKind, Verb};

/// `hcloud`.
pub(in super::super) static HCLOUD: Cli = Cli {
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
