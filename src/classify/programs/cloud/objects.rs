//! `s3cmd` and `s5cmd`: S3 by other programs.
//!
//! Built from <https://s3tools.org/usage> and <https://github.com/peak/s5cmd>, 2026-11.

use super::super::{Cli, Does, Rule};
use crate::domain::{PlaceKind, Verb};

const OBJECTS: &str = "the objects are gone, unless versions are kept";
const SYNCED: Does =
    Does::Destroys(Verb::Delete, "whatever the source does not have is deleted at the target");
const PUBLIC: Does =
    Does::Destroys(Verb::Reveal, "everybody can read it, and what was read cannot be called back");
const COPIED: &str = "remove what was copied; put overwritten versions back";

/// `s3cmd`.
pub(super) static S3CMD: Cli = Cli {
    valued: &["-c", "--config", "--access_key", "--secret_key", "--exclude", "--include", "--host"],
    flags: &["-r", "--recursive", "-f", "--force", "-v", "-q", "-H", "--no-progress"],
    places: &[("--host", PlaceKind::Host)],
    rules: &[
        Rule::reads("ls|la|du|info|multipart|listmp|getlifecycle|getpolicy|accesslog|cfinfo"),
        Rule::creates("mb|get|put|cp", COPIED).when(OPENED).dry(DRY),
        Rule::updates("mv|modify", "move it back").when(OPENED).dry(DRY),
        Rule::updates("sync", COPIED)
            .when(&[("--delete-removed", SYNCED), ("--acl-public", PUBLIC), ("-P", PUBLIC)])
            .dry(DRY),
        Rule::deletes("del|rm", OBJECTS).dry(DRY),
        Rule::deletes("rb", "the bucket is gone").dry(DRY),
        Rule::updates("setacl|setownership|setblockpublicaccess", "set it back").when(OPENED),
        Rule::opaque("setpolicy", "what the policy allows is not given"),
        Rule::opaque("setlifecycle|expire", "which objects its rules delete is not given"),
        Rule::deletes("delpolicy|dellifecycle|delcors", "the rules no longer hold"),
        Rule::updates("setcors|tag|settagging|restore|ws-create|abortmp|cfmodify", "set it back"),
        Rule::deletes("ws-delete|cfdelete", "it is no longer served"),
        Rule::reveals("signurl", "the address runs out"),
        Rule::reads("")
            .when(&[("--dump-config", Does::Changes(Verb::Reveal, "rotate the access key"))]),
    ],
    ..Cli::new("aws:s3")
};

const DRY: &[&str] = &["--dry-run", "-n"];
const OPENED: &[(&str, Does)] = &[("--acl-public", PUBLIC), ("-P", PUBLIC)];

/// `s5cmd`.
pub(super) static S5CMD: Cli = Cli {
    valued: &["--endpoint-url", "--numworkers", "--exclude", "--include", "--credentials-file"],
    flags: &["--json", "--stat", "--log", "--no-sign-request", "--dry-run"],
    places: &[("--profile", PlaceKind::Profile), ("AWS_PROFILE", PlaceKind::Profile)],
    harmless: &["--help", "-h", "--version", "--dry-run"],
    rules: &[
        Rule::reads("ls|du|cat|head|select|version|help|bucket-version"),
        Rule::creates("cp|pipe|mb", COPIED)
            .when(&[("--acl=public-read", PUBLIC), ("--acl=public-read-write", PUBLIC)]),
        Rule::updates("mv", "move it back"),
        Rule::updates("sync", COPIED).when(&[("--delete", SYNCED)]),
        Rule::deletes("rm", OBJECTS),
        Rule::deletes("rb", "the bucket is gone"),
        Rule::reveals("presign", "the address runs out"),
        Rule::opaque("run", "what the file runs is not given"),
    ],
    ..Cli::new("aws:s3")
};
