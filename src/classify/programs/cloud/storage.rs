//! `gsutil`, `bq` and `azcopy`: the storage and query programs of Google and Azure.
//!
//! Built from <https://cloud.google.com/storage/docs/gsutil>,
//! <https://cloud.google.com/bigquery/docs/reference/bq-cli-reference> and
//! <https://learn.microsoft.com/azure/storage/common/storage-ref-azcopy>, 2026-11.

use super::super::{Cli, Does, Matched, Named, Rule, Style};
use crate::{
    classify::{Data, Dialect, Judge, Word},
    domain::{PlaceKind, Verb},
};

const OBJECTS: &str = "the objects are gone, unless versions are kept";
const SYNCED: &str = "whatever the source does not have is deleted at the target";
const PUBLIC: Does =
    Does::Destroys(Verb::Reveal, "everybody can read it, and what was read cannot be called back");

/// `gsutil`.
pub(super) static GSUTIL: Cli = Cli {
    valued: &["-o", "-h", "-i", "-u", "-a", "-x", "-t", "-z", "-j", "-L", "-s", "-l", "-c", "-b"],
    flags: &["-m", "-q", "-D", "-DD"],
    harmless: &["--help", "--version"],
    rules: &[
        Rule::reads("ls|du|cat|stat|hash|version|help|test"),
        Rule::asks("rm", removes),
        Rule::deletes("rb", "the bucket is gone"),
        Rule::creates("mb", "remove the bucket"),
        Rule::creates("cp", "remove the copy; put an overwritten version back").when(CANNED),
        Rule::updates("mv", "move it back").when(CANNED),
        Rule::asks("rsync", rsync),
        Rule::asks("acl|defacl ch|set", acl),
        Rule::reads("acl|defacl get"),
        Rule::asks("iam ch|set", acl),
        Rule::reads("iam get"),
        Rule::reveals("signurl", "the address runs out"),
        Rule::exposes("versioning set off", "what is overwritten or deleted from here on is gone"),
        Rule::updates("versioning set on", "set it off"),
        Rule::exposes("logging set off", "what happens is no longer recorded"),
        Rule::updates("logging set on", "set it off"),
        Rule::opaque("lifecycle set", "which objects its rules delete is not given"),
        Rule::exposes("retention clear", "the objects are no longer kept from being deleted"),
        Rule::updates("pap set", "set it back"),
        Rule::reads(
            "versioning|logging|lifecycle|retention|pap|ubla|cors|web|label|notification|\
             kms|rpo|autoclass|requesterpays|defstorageclass|bucketpolicyonly get|list",
        ),
        Rule::updates(
            "retention|ubla|cors|web|label|notification|kms|rpo|autoclass|requesterpays|\
             defstorageclass|bucketpolicyonly *",
            "set it back to what it was",
        ),
        Rule::grants("hmac create", "delete the key"),
        Rule::reads("hmac get|list"),
        Rule::deletes("hmac delete", "the key is gone, and with it whatever needs it"),
        Rule::updates("hmac update", "set it back"),
        Rule::updates("setmeta|rewrite|compose|restore|config|update", "set it back"),
        Rule::reads("perfdiag"),
    ],
    ..Cli::new("gcp:storage")
};

const CANNED: &[(&str, Does)] = &[
    ("-a=public-read", PUBLIC),
    ("-a=public-read-write", PUBLIC),
    ("-a=authenticated-read", PUBLIC),
];

fn removes(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    matched.does(Does::Destroys(Verb::Delete, OBJECTS), Named::Operands, judge);
}

/// `gsutil rsync`: `-d` deletes, `-n` only says so.
fn rsync(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let does = if matched.has("-n") {
        Does::Reads
    } else if matched.has("-d") {
        Does::Destroys(Verb::Delete, SYNCED)
    } else if matched.value("-a").is_some_and(|acl| acl.text().starts_with("public")) {
        PUBLIC
    } else {
        Does::Changes(Verb::Update, "remove what was copied; put overwritten versions back")
    };
    matched.does(does, Named::Operands, judge);
}

/// `gsutil acl ch -u AllUsers:R`, `gsutil acl set public-read`, `gsutil iam ch allUsers:…`.
fn acl(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let removed = matched.has("-d");
    let everybody = |word: &Word| {
        let text = word.text().to_ascii_lowercase();
        ["allusers", "allauthenticatedusers", "public-read", "authenticated-read"]
            .iter()
            .any(|name| text.starts_with(name))
    };
    let open = matched.operands.iter().any(|word| everybody(word))
        || matched.options.iter().filter_map(|given| given.value.as_ref()).any(everybody);
    let does = if open && !removed {
        PUBLIC
    } else {
        Does::Changes(Verb::Grant, "set the former access again")
    };
    matched.does(does, Named::Operands, judge);
}

/// `bq`.
pub(super) static BQ: Cli = Cli {
    // One dash or two are the same here, and only `-f`, `-r`, `-d`, `-t`, `-n` are short.
    style: Style::Single,
    valued: &[
        "-location",
        "-format",
        "-job_id",
        "-api",
        "-n",
        "-max_results",
        "-destination_table",
        "-destination_kms_key",
        "-parameter",
        "-dataset_id",
        "-schema",
        "-source_format",
        "-field_delimiter",
        "-expiration",
        "-default_table_expiration",
        "-description",
        "-label",
        "-set_label",
        "-time_partitioning_field",
        "-time_partitioning_type",
        "-clustering_fields",
        "-display_name",
        "-target_dataset",
        "-maximum_bytes_billed",
        "-destination_format",
        "-compression",
        "-view",
        "-query",
        "-reservation_id",
        "-transfer_config",
        "-data_source",
        "-params",
        "-schedule",
        "-filter",
        "-service_account",
        "-bigqueryrc",
        "-credential_file",
    ],
    flags: &[
        "-q",
        "-quiet",
        "-f",
        "-force",
        "-r",
        "-recursive",
        "-d",
        "-dataset",
        "-t",
        "-table",
        "-use_legacy_sql",
        "-nouse_legacy_sql",
        "-dry_run",
        "-replace",
        "-noreplace",
        "-append_table",
        "-nosync",
        "-sync",
        "-batch",
        "-headless",
        "-synchronous_mode",
        "-apilog",
        "-debug_mode",
    ],
    places: &[("-project_id", PlaceKind::Account), ("-dataset_id", PlaceKind::Name)],
    harmless: &["-help", "-version"],
    rules: &[
        Rule::reads("mkdef|ls|show|head|info|version|help|wait|get-iam-policy|get_iam_policy"),
        Rule::asks("query", query),
        Rule::opaque("shell", "what is typed in the session is not known"),
        Rule::deletes("rm", "the dataset or table and its rows are gone"),
        Rule::creates("mk", "delete what it made"),
        Rule::creates("cp", "delete the copy").when(&[
            ("-f", Does::Destroys(Verb::Delete, "the target table is overwritten")),
            ("-force", Does::Destroys(Verb::Delete, "the target table is overwritten")),
        ]),
        Rule::creates("load", "delete the loaded rows")
            .when(&[("-replace", Does::Destroys(Verb::Delete, "the table's rows are replaced"))]),
        Rule::creates("extract", "delete the extracted files"),
        Rule::creates("insert", "delete the rows"),
        Rule::updates("update", "set it back to what it was").when(&[
            ("-expiration", Does::Destroys(Verb::Delete, "the table is deleted when it expires")),
            (
                "-default_table_expiration",
                Does::Changes(Verb::Update, "set it back before tables expire"),
            ),
        ]),
        Rule::updates("cancel|undelete|truncate-cache|partition", "start it again"),
        Rule::deletes("truncate", "the rows are gone"),
        Rule::new(
            "add-iam-policy-binding|set-iam-policy|add_iam_policy_binding|set_iam_policy",
            Does::Asks(bound),
        ),
        Rule::updates("remove-iam-policy-binding", "add the binding again"),
        Rule::updates("init", "configure it again"),
    ],
    ..Cli::new("gcp:bigquery")
};

fn bound(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let everybody =
        matched.value("-member").is_some_and(|m| m.is("allUsers") || m.is("allAuthenticatedUsers"));
    let does =
        if everybody { PUBLIC } else { Does::Changes(Verb::Grant, "set the former policy again") };
    matched.does(does, Named::Operands, judge);
}

/// `bq query 'SELECT …'`; the query may come on standard input.
fn query(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    if matched.dry(&["-dry_run"]) {
        return judge.reads("gcp:bigquery", "", matched.span());
    }
    if let Some(table) = matched.value("-destination_table") {
        let resource = judge.name(table);
        if matched.dry(&["-replace"]) {
            let lost = "the table's rows are replaced";
            judge.destroys(Verb::Delete, "gcp:bigquery", resource, matched.span(), lost);
        } else {
            let back = "delete the rows";
            judge.changes(Verb::Create, "gcp:bigquery", resource, matched.span(), back);
        }
    }
    match (matched.operands.as_slice(), matched.call.stdin) {
        ([], Data::Text(text)) => judge.sql(text, Dialect::Generic, "gcp:bigquery"),
        ([], _) => judge.opaque(matched.span(), "the query is not given"),
        (queries, _) => {
            for text in queries {
                judge.sql(text, Dialect::Generic, "gcp:bigquery");
            }
        }
    }
}

/// `azcopy`.
pub(super) static AZCOPY: Cli = Cli {
    valued: &[
        "--from-to",
        "--include-pattern",
        "--exclude-pattern",
        "--log-level",
        "--block-size-mb",
    ],
    flags: &["--recursive", "--dry-run"],
    rules: &[
        Rule::reads("list|env|doc|help"),
        Rule::reads("jobs list|show"),
        Rule::updates("jobs clean|remove|resume", "only its own records"),
        Rule::updates("login|logout|cancel", "log in again"),
        Rule::reads("login status"),
        Rule::creates("copy|cp|c", "remove the copies; put overwritten versions back")
            .dry(&["--dry-run"]),
        Rule::updates("sync", "remove what was copied; put overwritten versions back")
            .when(&[("--delete-destination", Does::Destroys(Verb::Delete, SYNCED))])
            .dry(&["--dry-run"]),
        Rule::deletes("remove|rm|r", OBJECTS).dry(&["--dry-run"]),
        Rule::creates("make|mk", "delete the container"),
        Rule::updates("set-properties", "set them back").dry(&["--dry-run"]),
        Rule::reads("bench"),
    ],
    ..Cli::new("azure:storage")
};
