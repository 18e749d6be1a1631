//! Functions with side effects that a query may call.
//!
//! The list comes from the documentation of `PostgreSQL` 18 (system administration functions,
//! large objects, `dblink`, `pg_cron`, `TimescaleDB`, `aws_s3`), `MySQL` 9 and `SQLite`, 2026-11. A
//! function that is not listed is harmless, unless its name says otherwise: `purge_orders()`.

use super::{
    session::Says,
    statement::Reader,
    tokens::{Kind, Token},
};
use crate::domain::Verb;
use std::ops::Range;

/// What a function does.
enum Does {
    Changes(Verb, &'static str),
    Destroys(Verb, &'static str),
    Opaque(&'static str),
    /// Runs the SQL in its strings.
    Query,
    /// Runs the shell command in its first string.
    Shell,
}

use Does::{Changes, Destroys, Opaque, Query, Shell};

/// Judges every function called within some tokens.
pub(super) fn calls(reader: &mut Reader<'_>, range: Range<usize>) {
    for at in range {
        if !reader.tokens[at].names() || !reader.sign(at + 1, '(') {
            continue;
        }
        let Some(does) =
            known(&reader.tokens[at].text.to_ascii_lowercase()).or_else(|| by_name(reader, at))
        else {
            continue;
        };
        let name = reader.tokens[at].text.clone();
        let from = reader.found.len();
        let close = reader.close(at + 2);
        let texts: Vec<usize> = (at + 2..close)
            .filter(|&at| matches!(reader.tokens[at].kind, Kind::Text | Kind::Body))
            .collect();
        let here = at..at + 1;
        match does {
            Changes(verb, back) => reader.found(Says::Changes(verb, back.into()), name, here),
            Destroys(verb, lost) => reader.found(Says::Destroys(verb, lost.into()), name, here),
            Opaque(because) => reader.opaque(here, because),
            Shell => match texts.first().and_then(|&at| reader.inner(at)) {
                Some(script) => reader.found(Says::Script(script), name, here),
                None => reader.opaque(here, "the shell command it runs is not known"),
            },
            Query => {
                let mut any = false;
                for at in texts {
                    // Names of connections and jobs stand beside the statement.
                    if !reader.tokens[at].text.trim().contains(char::is_whitespace) {
                        continue;
                    }
                    if let Some(query) = reader.inner(at).filter(|_| is_sql(&reader.tokens[at])) {
                        any = true;
                        reader.found(Says::Query(query), name.clone(), here.clone());
                    }
                }
                if !any {
                    reader.opaque(here, "the statement that it runs is not known");
                }
            }
        }
        reader.stays_done(from);
    }
}

/// Whether a string may be a statement, and not a connection or a schedule.
fn is_sql(token: &Token) -> bool {
    let first = token.text.split_whitespace().next().unwrap_or_default();
    !first.contains(['=', '*', '/']) && first.starts_with(|c: char| c.is_alphabetic() || c == '(')
}

#[allow(clippy::too_many_lines)] // One line a function: a table.
fn known(name: &str) -> Option<Does> {
    const ROWS: &str = "the rows it removes are gone";
    Some(match name {
        "pg_terminate_backend" => Destroys(
            Verb::Delete,
            "the connections are cut and what they had not committed is lost",
        ),
        "pg_cancel_backend" => Changes(Verb::Update, "run the cancelled query again"),
        "pg_reload_conf"
        | "pg_switch_wal"
        | "pg_rotate_logfile"
        | "pg_create_restore_point"
        | "pg_backup_start"
        | "pg_backup_stop"
        | "pg_start_backup"
        | "pg_stop_backup"
        | "pg_log_backend_memory_contexts" => Changes(Verb::Run, "nothing is lost"),
        "pg_promote" => Changes(Verb::Update, "build the replica again from its new primary"),
        "pg_wal_replay_pause" | "pg_wal_replay_resume" => {
            Changes(Verb::Update, "resume or pause the replay again")
        }
        "pg_create_physical_replication_slot"
        | "pg_create_logical_replication_slot"
        | "pg_copy_physical_replication_slot"
        | "pg_copy_logical_replication_slot" => Changes(Verb::Create, "drop the slot"),
        "pg_replication_origin_create" => Changes(Verb::Create, "drop it"),
        "pg_drop_replication_slot" | "pg_replication_origin_drop" => {
            Destroys(Verb::Delete, "the slot and the changes kept for it are gone")
        }
        "pg_replication_slot_advance"
        | "pg_logical_slot_get_changes"
        | "pg_logical_slot_get_binary_changes" => {
            Destroys(Verb::Delete, "the changes kept for the slot are used up")
        }
        "pg_logical_emit_message" | "pg_notify" => Changes(Verb::Run, "a message cannot be unsent"),
        "setval" | "nextval" => Changes(Verb::Update, "set the sequence back"),
        "pg_advisory_lock"
        | "pg_advisory_xact_lock"
        | "pg_try_advisory_lock"
        | "pg_advisory_unlock"
        | "pg_advisory_unlock_all"
        | "pg_try_advisory_xact_lock" => Changes(Verb::Update, "the lock ends with the session"),
        "pg_read_file" | "pg_read_binary_file" | "load_file" | "pg_read_server_files" => {
            Changes(Verb::Reveal, "a secret in the file must be replaced")
        }
        "pg_file_write" | "pg_file_rename" | "pg_file_sync" | "lo_export" | "writefile" => {
            Changes(Verb::Update, "put the earlier file back")
        }
        "pg_file_unlink" => Destroys(Verb::Delete, "the file on the server is gone"),
        "lo_unlink" => Destroys(Verb::Delete, "the large object is gone"),
        "lo_truncate" | "lo_truncate64" => {
            Destroys(Verb::Delete, "the end of the large object is gone")
        }
        "lo_import" | "lo_create" | "lo_creat" | "lo_from_bytea" => {
            Changes(Verb::Create, "unlink the large object")
        }
        "lo_put" | "lowrite" => Changes(Verb::Update, "write the earlier bytes back"),
        "pg_stat_reset"
        | "pg_stat_reset_shared"
        | "pg_stat_reset_single_table_counters"
        | "pg_stat_reset_single_function_counters"
        | "pg_stat_reset_slru"
        | "pg_stat_reset_replication_slot"
        | "pg_stat_reset_subscription_stats"
        | "pg_stat_statements_reset"
        | "pg_stat_reset_backend_stats" => Changes(Verb::Update, "the figures gather again"),
        "dblink"
        | "dblink_exec"
        | "dblink_send_query"
        | "dblink_open"
        | "query_to_xml"
        | "query_to_xml_and_xmlschema"
        | "query_to_xmlschema"
        | "ts_stat"
        | "crosstab"
        | "run_command_on_workers"
        | "run_command_on_shards"
        | "run_command_on_all_nodes"
        | "run_command_on_coordinator"
        | "external_query"
        | "openquery"
        | "openrowset"
        | "schedule"
        | "schedule_in_database"
        | "query_export_to_s3" => Query,
        "unschedule" => Destroys(Verb::Delete, "the scheduled job is gone"),
        "table_import_from_s3" => Changes(Verb::Create, "delete the rows that were added"),
        "invoke" => Opaque("what the function it invokes does is not known"),
        "sys_exec" | "sys_eval" | "xp_cmdshell" => Shell,
        "edit" => Opaque("what the editor it starts does is not known"),
        "load_extension" => Opaque("what the extension does is not known"),
        "drop_chunks"
        | "drop_hypertable"
        | "drop_partition_time"
        | "drop_partition_id"
        | "undo_partition"
        | "delete_data_node"
        | "add_retention_policy"
        | "add_drop_chunks_policy" => Destroys(Verb::Delete, ROWS),
        "delete_job" => Destroys(Verb::Delete, "the job is gone"),
        "run_job" => Opaque("what the job does is not known"),
        "remove_retention_policy"
        | "remove_compression_policy"
        | "remove_continuous_aggregate_policy"
        | "remove_reorder_policy"
        | "remove_columnstore_policy" => Changes(Verb::Update, "add the policy again"),
        "create_secret" | "update_secret" => Changes(Verb::Update, "set the secret again"),
        "http_post" | "http_put" | "http_patch" => Opaque("what the request does is not known"),
        "http_delete" => Destroys(Verb::Delete, "what the request deletes is gone"),
        // These sound like actions and only compute, look, or begin a wait.
        "truncate"
        | "replace"
        | "insert"
        | "remove"
        | "release_lock"
        | "release_all_locks"
        | "remove_accents"
        | "set_bit"
        | "set_byte"
        | "set_config"
        | "set_masklen"
        | "set_limit"
        | "jsonb_set"
        | "create_distributed_table_stats"
        | "set_union" => return None,
        _ if name.starts_with("master_drop_") || name.starts_with("citus_drop_") => {
            Destroys(Verb::Delete, ROWS)
        }
        _ => return None,
    })
}

/// How names of functions begin that remove something.
const LOSES: &[&str] = &[
    "delete",
    "drop",
    "purge",
    "truncate",
    "cleanup",
    "clean",
    "clear",
    "remove",
    "reset",
    "wipe",
    "destroy",
    "erase",
    "expire",
    "kill",
    "terminate",
    "archive",
    "prune",
    "flush",
    "nuke",
    "revoke",
    "anonymize",
    "anonymise",
    "undo",
    "unlink",
];

/// How names of functions begin that change something.
const CHANGES: &[&str] = &[
    "add",
    "create",
    "insert",
    "update",
    "upsert",
    "set",
    "refresh",
    "grant",
    "enable",
    "disable",
    "rename",
    "move",
    "process",
    "run",
    "execute",
    "apply",
    "migrate",
    "sync",
    "send",
    "import",
    "attach",
    "detach",
    "compress",
    "decompress",
    "alter",
];

/// A function that nobody knows may still say what it does.
fn by_name(reader: &Reader<'_>, at: usize) -> Option<Does> {
    let text = reader.tokens[at].text.as_str();
    let mut start = at;
    while start >= 2 && reader.sign(start - 1, '.') {
        start -= 2;
    }
    // A table with its columns, or what a query is called.
    let names = [
        "INTO",
        "TABLE",
        "REFERENCES",
        "WITH",
        "RECURSIVE",
        "AS",
        "ON",
        "UPDATE",
        "EXISTS",
        "VIEW",
        "INDEX",
        "KEY",
        "CONSTRAINT",
        "FUNCTION",
        "PROCEDURE",
    ];
    if start > 0 && reader.any(start - 1, &names) {
        return None;
    }
    let close = reader.close(at + 2);
    if reader.is(close + 1, "AS") && reader.sign(close + 2, '(') {
        return None;
    }
    let is_mixed = text.chars().any(char::is_lowercase);
    let begins = |words: &[&str]| {
        words.iter().any(|word| {
            let (Some(head), Some(tail)) = (text.get(..word.len()), text.get(word.len()..)) else {
                return false;
            };
            let next = tail.chars().next();
            head.eq_ignore_ascii_case(word)
                && (next == Some('_') || (is_mixed && next.is_some_and(char::is_uppercase)))
        })
    };
    if LOSES.iter().any(|word| text.eq_ignore_ascii_case(word)) && start < at || begins(LOSES) {
        return Some(Opaque(
            "what this function does is not known, and its name says it removes something",
        ));
    }
    begins(CHANGES).then_some(Changes(
        Verb::Run,
        "by what the function offers; its name says it changes something",
    ))
}
