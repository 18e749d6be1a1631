//! What PHP's functions mean.
//!
//! From <https://www.php.net/manual/en/funcref.php> and <https://laravel.com/docs/queries>,
//! 2026-11.

use super::meaning::{Meaning, Table, listed};
use super::value::{Path, Value};

/// Words of the language.
#[rustfmt::skip]
pub(super) const KEYWORDS: &[&str] = &[
    "abstract", "and", "as", "break", "case", "catch", "class", "clone", "const", "continue",
    "declare", "default", "do", "else", "elseif", "endfor", "endforeach", "endif", "endwhile",
    "extends", "final", "finally", "fn", "for", "foreach", "function", "global", "if",
    "implements", "instanceof", "interface", "namespace", "new", "or", "private", "protected",
    "public", "return", "static", "switch", "throw", "trait", "try", "use", "var", "while",
    "yield", "true", "false", "null", "php", "PHP_EOL", "PHP_VERSION",
];

#[rustfmt::skip]
const HARMLESS: &[&str] = &[
    "echo", "print", "print_r", "printf", "sprintf", "var_dump", "var_export", "exit", "die",
    "isset", "empty", "unset", "list", "array", "phpinfo", "phpversion", "php_sapi_name",
    "php_uname", "sys_get_temp_dir", "json_encode", "json_decode", "strlen", "count", "implode",
    "explode", "join", "trim", "ltrim", "rtrim", "ucfirst", "ucwords", "lcfirst", "nl2br",
    "number_format", "md5", "sha1", "hash", "crc32", "base64_encode", "base64_decode", "bin2hex",
    "hex2bin", "random_bytes", "random_int", "rand", "mt_rand", "uniqid", "time", "date",
    "strtotime", "microtime", "mktime", "checkdate", "gmdate", "sleep", "usleep", "intval",
    "floatval", "strval", "boolval", "gettype", "min", "max", "abs", "round", "floor", "ceil",
    "range", "in_array", "file_get_contents", "file", "scandir", "glob", "file_exists", "is_file",
    "is_dir", "filesize", "filemtime", "realpath", "basename", "dirname", "pathinfo", "getcwd",
    "chdir", "getenv", "putenv", "gethostname", "ini_get", "ini_set", "ini_get_all",
    "php_ini_loaded_file", "extension_loaded", "get_loaded_extensions", "function_exists",
    "class_exists", "method_exists", "defined", "constant", "memory_get_usage",
    "memory_get_peak_usage", "error_reporting", "set_error_handler", "error_log", "serialize",
    "password_hash", "password_verify", "parse_url", "http_build_query", "urlencode", "urldecode",
    "rawurlencode", "htmlspecialchars", "strip_tags", "openssl_encrypt", "openssl_x509_parse",
    "gc_collect_cycles", "opcache_get_status", "opcache_get_configuration", "fgets", "fread",
    "fclose", "feof", "disk_free_space", "config", "env", "app", "now", "dump", "dd", "collect",
    "fprintf", "readline", "posix_getuid", "get_current_user", "getmypid", "iconv", "utf8_encode",
    "bcadd", "curl_version", "gd_info", "PDO", "mysqli", "DateTime", "Exception", "compact",
    "sort", "ctype_digit", "is_numeric", "version_compare", "zend_version",
    "libxml_use_internal_errors", "simplexml_load_string", "simplexml_load_file", "str_getcsv",
    "debug_backtrace", "spl_autoload_register",
];

#[rustfmt::skip]
const PREFIXES: &[&str] = &[
    "str_", "str", "mb_", "is_", "preg_match", "preg_split", "preg_quote", "preg_replace",
    "ctype_", "date_", "array_keys", "array_values", "array_sum", "array_merge", "array_unique",
    "array_slice", "array_combine", "array_flip", "array_key", "array_column", "array_diff",
    "array_reverse", "array_search", "array_fill", "array_push", "array_pop", "array_shift",
    "array_chunk", "sub", "uc", "lc",
];

/// Functions of the language.
#[rustfmt::skip]
static FUNCTIONS: Table = &[
    (Meaning::Shell, &["system", "exec", "shell_exec", "passthru", "popen", "proc_open"]),
    (Meaning::Spawn, &["pcntl_exec"]),
    (Meaning::Code(0), &["eval", "assert"]),
    (Meaning::Removes, &["unlink", "rmdir", "ftruncate"]),
    (Meaning::Writes, &[
        "file_put_contents", "rename", "copy", "mkdir", "chmod", "chown", "touch", "symlink",
        "link", "tempnam", "move_uploaded_file", "fputs", "fwrite", "fputcsv",
    ]),
    (Meaning::Opens, &["fopen"]),
    (Meaning::Opaque("which function is meant is worked out when it runs"), &[
        "call_user_func", "call_user_func_array", "create_function", "unserialize", "dl",
    ]),
    (Meaning::Harmless, &[
        "mysqli_connect", "pg_connect", "curl_init", "curl_setopt", "curl_close",
        "stream_context_create", "array_map", "array_filter", "array_walk", "usort",
        "preg_replace_callback", "iterator_to_array",
    ]),
    (Meaning::Changes("cache", "it fills itself again"), &[
        "opcache_reset", "apcu_clear_cache", "cache",
    ]),
    (Meaning::Changes("mail", "a message cannot be called back, only corrected"), &["mail"]),
];

/// Methods of Laravel's classes.
#[rustfmt::skip]
static CALLS: Table = &[
    (Meaning::Sql, &[
        "DB.statement", "DB.unprepared", "DB.select", "DB.delete", "DB.update", "DB.insert",
    ]),
    (Meaning::Harmless, &[
        "DB.table", "DB.connection", "Schema.hasTable", "Schema.getColumnListing",
        "Schema.hasColumn",
    ]),
    (Meaning::Opaque("which command of artisan runs is judged there"), &["Artisan.call"]),
    (Meaning::Changes("cache", "it fills itself again"), &["Cache.flush", "Cache.clear"]),
    (Meaning::Destroys("files", "the files are gone"), &[
        "Storage.delete", "Storage.deleteDirectory", "File.delete", "File.deleteDirectory",
        "File.cleanDirectory",
    ]),
    (Meaning::Destroys("data", "the table is gone"), &[
        "Schema.drop", "Schema.dropIfExists", "Schema.dropAllTables",
    ]),
];

/// What a function means, by its full name.
pub(super) fn of(name: &str, path: &Path, step: usize) -> Option<Meaning> {
    let this = path.steps.get(step)?;
    let last = this.name.trim_start_matches('\\');
    let args = this.args.as_deref().unwrap_or_default();
    // A function given by its name.
    let named = args.iter().any(|arg| match &arg.value {
        Value::Text(word) => word.known().is_some_and(dangerous),
        _ => false,
    });
    if named
        && matches!(
            last,
            "array_map"
                | "array_walk"
                | "array_filter"
                | "usort"
                | "call_user_func"
                | "call_user_func_array"
                | "register_shutdown_function"
                | "ob_start"
                | "preg_replace_callback"
        )
    {
        return Some(Meaning::Opaque("it runs a function given by its name"));
    }
    if step == 0 {
        if let Some(known) = listed(FUNCTIONS, last) {
            return Some(known);
        }
        return Some(match last {
            "include" | "require" | "include_once" | "require_once" => {
                match args.first().and_then(|arg| arg.value.text()) {
                    Some(word) if word.text().ends_with("vendor/autoload.php") => Meaning::Harmless,
                    _ => Meaning::Opaque("what this file does is not given"),
                }
            }
            "mysqli_query" | "pg_query" | "mysql_query" | "pg_exec" | "sqlite_query" => {
                return Some(if args.len() > 1 {
                    Meaning::Opaque("a query that is not read")
                } else {
                    Meaning::Sql
                });
            }
            _ if last.starts_with('$') && !args.is_empty() => {
                Meaning::Opaque("it calls a function whose name is in a variable")
            }
            _ if HARMLESS.contains(&last)
                || PREFIXES.iter().any(|prefix| last.starts_with(prefix)) =>
            {
                Meaning::Harmless
            }
            _ => return None,
        });
    }
    if let Some(known) = listed(CALLS, name) {
        return Some(known);
    }
    Some(match last {
        "update"
            if path.args_of("where").is_none()
                && path.args_of("find").is_none()
                && name.starts_with("DB.table") =>
        {
            Meaning::Destroys("data", "the former values are gone")
        }
        "update" | "insert" | "insertGetId" | "updateOrCreate" | "firstOrCreate" => {
            Meaning::Changes("data", "change it back")
        }
        "value" | "getMessage" | "fetch" | "fetchAll" | "toSql" | "dump" | "latest" | "oldest"
        | "whereNull" | "whereIn" | "orderBy" | "findOrFail" | "firstOrFail" | "with"
        | "toArray" | "format" | "setAttribute" | "version" | "environment" | "fetchColumn"
        | "paginate" | "avg" => Meaning::Harmless,
        _ => return None,
    })
}

fn dangerous(name: &str) -> bool {
    matches!(
        name,
        "system"
            | "exec"
            | "shell_exec"
            | "passthru"
            | "popen"
            | "proc_open"
            | "unlink"
            | "rmdir"
            | "eval"
            | "assert"
            | "pcntl_exec"
            | "file_put_contents"
    )
}
