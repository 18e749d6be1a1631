//! `oci`.
//!
//! Built from <https://docs.oracle.com/iaas/tools/oci-cli/latest/>, 2026-11.

use super::{
    super::{
        super::{Cli, Does, Matched, Rule},
        groups::{self, Groups, Stands},
    },
    BACK, GONE, MADE, REBOOTED, SHOWN,
};
use crate::{
    classify::Judge,
    domain::{PlaceKind, Verb},
};

/// `oci`.
pub(in super::super) static OCI: Cli = Cli {
    valued: &["--region", "--config-file", "--output", "--query", "--auth", "--endpoint"],
    flags: &["--debug", "-d", "--raw-output"],
    places: &[("--profile", PlaceKind::Profile), ("OCI_CLI_PROFILE", PlaceKind::Profile)],
    harmless: &["--help", "-h", "--version", "-v", "-?", "--generate-full-command-json-input"],
    rules: &groups::any(|matched, judge| groups::judge(&OCI_GROUPS, matched, judge)),
    ..Cli::new("oci")
};

static OCI_GROUPS: Groups = Groups {
    cloud: "oci",
    tracks: &[],
    stands: Stands::Last,
    named: &["--instance-id", "--bucket-name", "-bn", "--name", "--compartment-id", "-c"],
    rules: &[
        Rule::asks("raw-request", raw),
        Rule::updates("setup *", "set it up again"),
        Rule::updates("session authenticate|refresh|terminate", "log in again"),
        Rule::reads("session validate|list"),
        Rule::updates("os object sync", "put overwritten versions back")
            .when(&[("--delete", GONE)])
            .dry(&["--dry-run"]),
        Rule::deletes("os object bulk-delete", "the objects are gone").dry(&["--dry-run"]),
        Rule::deletes("os object bulk-delete-versions", "the objects are gone").dry(&["--dry-run"]),
        Rule::new("secrets secret-bundle get|get-secret-bundle-by-name", SHOWN),
        Rule::reveals("os preauth-request create", "delete the request"),
        Rule::new("db autonomous-database generate-wallet", SHOWN),
        Rule::new("ce cluster create-kubeconfig", BACK),
        Rule::new("ce cluster generate-token", SHOWN),
    ],
    verbs: &[
        ("terminate", GONE),
        ("schedule-key-deletion", GONE),
        ("schedule-secret-deletion", GONE),
        ("schedule-secret-version-deletion", GONE),
        ("schedule-deletion", GONE),
        ("schedule-vault-deletion", GONE),
        ("cancel-*", BACK),
        ("bulk-delete*", GONE),
        ("head", Does::Reads),
        ("summarize*", Does::Reads),
        ("validate-and-*", BACK),
        ("request-summar*", Does::Reads),
        ("request-*", MADE),
        ("remove-data-file*", GONE),
        (
            "disable-audit-mgmt-logging",
            Does::Destroys(Verb::Grant, "what happens is no longer recorded"),
        ),
        ("put", MADE),
        ("bulk-upload", MADE),
        ("bulk-download", MADE),
        ("launch*", MADE),
        ("action", BACK),
        ("change-*", BACK),
        ("rename*", BACK),
        ("reset", REBOOTED),
        ("softreset", REBOOTED),
        ("switchover", BACK),
        ("failover", BACK),
        ("reencrypt", BACK),
        ("restart*", REBOOTED),
        ("remove*", BACK),
    ],
};

/// `oci raw-request --http-method DELETE --target-uri …`.
fn raw(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let words = matched.call.arguments();
    let after = |name: &str| {
        let at = words.iter().position(|word| word.is(name))?;
        words.get(at + 1)
    };
    let resource = after("--target-uri").map(|word| judge.name(word)).unwrap_or_default();
    let span = matched.span();
    match after("--http-method").and_then(|word| word.known()) {
        Some("GET" | "HEAD" | "get" | "head") => judge.reads("oci:raw-request", resource, span),
        Some("PUT" | "POST" | "PATCH" | "put" | "post" | "patch") => {
            let back = "send what was there before";
            judge.changes(Verb::Update, "oci:raw-request", resource, span, back);
        }
        Some("DELETE" | "delete") => {
            let lost = "what it names is gone for good";
            judge.destroys(Verb::Delete, "oci:raw-request", resource, span, lost);
        }
        _ => judge.opaque(span, "which method is sent is not known"),
    }
}
