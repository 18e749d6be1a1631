//! `openstack`.
//!
//! Built from <https://docs.openstack.org/python-openstackclient/>, 2026-11.

use super::{
    super::{
        super::{Cli, Does, Rule},
        groups::{self, Groups, Stands},
    },
    BACK, GONE, MADE, NAMES, REBOOTED, SESSION, SHOWN, STOPPED,
};
use crate::domain::PlaceKind;

/// `openstack`.
pub(in super::super) static OPENSTACK: Cli = Cli {
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
        Rule::grants("role add", "remove the role again"),
        Rule::updates("role remove", "add the role again"),
        Rule::updates("server|group|image|aggregate|consistency remove", "add it again"),
        Rule::updates("server add|remove *", "attach or detach it again"),
        Rule::opaque("server ssh", SESSION),
        Rule::updates("server lock|unlock", "set it back"),
        Rule::updates("server migration revert|confirm|complete", "migrate it again"),
        Rule::updates("token revoke", "issue a new token"),
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
        ("remove", BACK),
        ("bind", BACK),
        ("unbind", BACK),
        ("abort", BACK),
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
