//! `linode-cli`.
//!
//! Built from <https://techdocs.akamai.com/cloud-computing/docs/cli>, 2026-11.

use super::{
    super::{
        super::{Cli, Does, Rule},
        groups::{self, Groups, Stands},
    },
    BACK, GONE, MADE, NAMES, SESSION, SHOWN, STOPPED,
};
use crate::domain::Verb;

/// `linode-cli`.
pub(in super::super) static LINODE: Cli = Cli {
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
