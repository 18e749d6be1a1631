//! What a method does by its name alone, whatever it belongs to.

use super::meaning::{Meaning, Table, listed};
use super::value::Arg;
use crate::classify::Word;

/// Methods that say by their name what they do.
#[rustfmt::skip]
static METHODS: Table = &[
    (Meaning::Sql, &[
        "execute", "executescript", "executemany", "execute_sql", "exec_query", "exec_driver_sql",
        "$executeRawUnsafe", "$queryRawUnsafe", "$executeRaw", "$queryRaw", "read_sql",
        "read_sql_query", "exec_sql", "query_raw", "execute_raw", "fetchrow", "fetchval",
        "executeQuery", "executeUpdate", "executeStatement", "select_all", "selectAll",
        "async_exec", "statement", "unprepared",
    ]),
    (Meaning::Destroys("data", "what it names is gone"), &[
        "delete", "delete_all", "deleteAll", "destroy", "destroy_all", "destroyAll", "drop",
        "drop_all", "dropDatabase", "drop_database", "drop_table", "dropTable", "dropCollection",
        "drop_collection", "dropSchema", "dropAllTables", "dropTableIfExists", "truncate",
        "deleteMany", "delete_many", "deleteOne", "delete_one", "forceDelete", "force_delete",
        "terminate_instances", "purge", "wipe", "findOneAndDelete", "find_one_and_delete",
        "findByIdAndDelete", "delete!", "destroy!", "begin_delete", "delete_by_query",
        "deleteByQuery", "dropIndex", "drop_index", "dropIndexes", "drop_indexes", "delete_topics",
        "deleteTopics", "remove_all", "obliterate",
    ]),
    (Meaning::Destroys("redis", "every key is gone"), &[
        "flushall", "flushAll", "flushdb", "flushDb", "flushDB", "FLUSHALL", "FLUSHDB", "flush_all",
    ]),
    (Meaning::Destroys("data", "the former values are gone"), &["update_all", "updateAll"]),
    (Meaning::Removes, &["unlink", "rmtree", "rmdir", "remove_dir_all"]),
    (Meaning::Changes("data", "change it back"), &[
        "insert_one", "insertOne", "insertMany", "insert_many", "update_one", "updateOne",
        "replaceOne", "replace_one", "bulk_create", "create", "createMany", "save", "save!",
        "create!", "update!", "upsert", "findOneAndUpdate", "find_one_and_update",
        "find_or_create_by", "get_or_create", "update_or_create", "createIndex", "create_index",
        "createCollection", "create_collection", "touch", "increment!",
    ]),
    (Meaning::Writes, &[
        "write_text", "write_bytes", "to_csv", "to_parquet", "to_json_file", "to_excel",
        "to_pickle", "savefig", "mkdir", "rename", "symlink_to", "chmod", "extractall",
        "write_file", "download_file", "upload_file",
    ]),
    (Meaning::Shell, &["exec_command", "check_call", "check_output"]),
];

/// Words that a query begins with.
#[rustfmt::skip]
const SQL: &[&str] = &[
    "SELECT", "INSERT", "UPDATE", "DELETE", "DROP", "TRUNCATE", "ALTER", "CREATE", "WITH", "GRANT",
    "REVOKE", "EXPLAIN", "SHOW", "SET", "BEGIN", "COMMIT", "VACUUM", "ANALYZE", "CALL", "EXEC",
    "MERGE", "REPLACE", "PRAGMA", "COPY", "LOCK", "REINDEX", "DO", "DESCRIBE", "USE", "RENAME",
];

/// What a method means by its name alone, whatever it belongs to.
pub(super) fn general(name: &str, args: &[Arg], method: bool) -> Option<Meaning> {
    if !method {
        // Exceptions and classes of the usual kind.
        let class = name.ends_with("Error") || name.ends_with("Exception");
        return class.then_some(Meaning::Harmless);
    }
    let sql = |word: &Word| {
        let first = word.text().trim_start_matches(['(', ' ', '\n', '\t']);
        let end = first.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(first.len());
        SQL.contains(&first[..end].to_ascii_uppercase().as_str())
    };
    let text = args.first().and_then(|arg| arg.value.text());
    if let Some(known) = listed(METHODS, name) {
        return Some(known);
    }
    Some(match name {
        "query" | "exec" | "raw" | "prepare" | "run" | "do" | "sql" | "fetch" | "find_by_sql"
            if text.is_some_and(sql) =>
        {
            Meaning::Sql
        }
        "synchronize" | "sync" if !args.is_empty() => Meaning::Opaque("it may drop tables"),
        _ => return None,
    })
}

/// Methods that change nothing beyond the program's own memory, whatever they belong to.
#[rustfmt::skip]
pub(super) const HARMLESS_METHODS: &[&str] = &[
    "append", "extend", "insert", "index", "count", "sort", "sorted", "sort_by", "reverse",
    "copy", "keys", "values", "items", "entries", "get", "setdefault", "split", "rsplit", "strip",
    "lstrip", "rstrip", "join", "format", "replace", "startswith", "endswith", "startsWith",
    "endsWith", "upper", "lower", "title", "capitalize", "encode", "decode", "find", "rfind",
    "splitlines", "isdigit", "isalpha", "isalnum", "zfill", "ljust", "rjust", "center", "read",
    "readline", "readlines", "close", "flush", "seek", "tell", "json", "text", "raise_for_status",
    "fetchone", "fetchall", "fetchmany", "cursor", "commit", "rollback", "map", "filter",
    "reduce", "forEach", "slice", "concat", "includes", "indexOf", "lastIndexOf", "toString",
    "toUpperCase", "toLowerCase", "then", "catch", "finally", "push", "shift", "unshift", "on",
    "once", "end", "match", "matchAll", "test", "search", "trim", "trimEnd", "trimStart",
    "padStart", "padEnd", "toFixed", "stringify", "all", "first", "last", "exists", "is_file",
    "is_dir", "iterdir", "glob", "rglob", "stat", "resolve", "absolute", "with_suffix",
    "relative_to", "group", "groups", "groupby", "groupdict", "mean", "sum", "min", "max", "head",
    "tail", "describe", "info", "read_text", "read_bytes", "readlines", "isoformat", "strftime",
    "timestamp", "date", "time", "now", "today", "toISOString", "getTime", "toLocaleString",
    "valueOf", "to_s", "to_i", "to_f", "to_a", "to_h", "to_sym", "to_json", "to_dict",
    "to_string", "inspect", "each", "each_with_index", "each_line", "each_slice",
    "each_with_object", "each_pair", "select", "reject", "collect", "inject", "sum", "uniq",
    "flatten", "compact", "sample", "size", "length", "empty?", "nil?", "include?", "any?",
    "all?", "none?", "exist?", "exists?", "start_with?", "end_with?", "key?", "has_key?", "gsub",
    "sub", "scan", "chomp", "strip!", "upcase", "downcase", "capitalize!", "chars", "bytes",
    "lines", "zip", "tally", "group_by", "partition", "take", "drop_while", "find_all", "detect",
    "dig", "fetch_values", "pluck", "where", "order", "limit", "offset", "includes", "joins",
    "find_by", "find_each", "find_by!", "distinct", "having", "minimum", "maximum", "average",
    "ids", "new", "class", "methods", "is_a?", "respond_to?", "instance_of?", "kind_of?",
    "freeze", "dup", "clone", "hexdigest", "digest", "update_hash", "item", "tolist", "numpy",
    "shape", "size", "device_count", "is_available", "cursor_factory", "connect", "getvalue",
    "decode_responses", "ping", "quit", "disconnect", "$connect", "$disconnect", "findMany",
    "findFirst", "findUnique", "findOne", "find_one", "countDocuments", "count_documents",
    "estimatedDocumentCount", "aggregate", "toArray", "project", "skip", "next", "hasNext",
    "list_collection_names", "listCollections", "list_database_names", "hgetall", "hget",
    "lrange", "llen", "smembers", "scard", "ttl", "dbsize", "scan_iter", "exists", "zrange",
    "mget", "type", "memory_usage", "only", "values_list", "order_by", "exclude", "annotate",
    "select_related", "prefetch_related", "using", "db", "collection", "get_database",
    "get_collection", "isTTY", "at", "flat", "flatMap", "every", "some", "findIndex",
    "fill_value", "splice", "has", "add", "toJSON", "toArray", "charCodeAt", "codePointAt",
    "substring", "substr", "localeCompare", "normalize", "repeat", "write", "writelines",
    "send_json", "setEncoding", "pipe_to", "status", "headers", "blob", "arrayBuffer", "elapsed",
    "total_seconds", "resolve_path", "bind_param", "subscribe", "finish", "result", "done",
    "exception", "cancel", "settimeout", "gettimeout", "getsockname", "hexdump", "partition",
    "rpartition", "expandtabs", "translate", "casefold", "swapcase", "isupper", "islower",
    "isspace", "union", "intersection", "difference", "issubset", "issuperset", "most_common",
    "elements", "as_posix", "joinpath", "with_name", "expanduser", "samefile", "owner", "year",
    "month", "day", "weekday", "isoweekday", "replace_tz", "astimezone", "utcoffset", "fileno",
    "readable", "writable", "isatty", "getvalue", "getbuffer", "parse_args", "add_argument",
    "basicConfig", "debug", "warning", "error", "critical", "log", "level",
];
