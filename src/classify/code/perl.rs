//! What Perl's functions mean.
//!
//! From <https://perldoc.perl.org/functions>, 2026-11.

use super::meaning::Meaning;
use super::value::{Path, Value};

/// Words of the language.
#[rustfmt::skip]
pub(super) const KEYWORDS: &[&str] = &[
    "my", "our", "local", "state", "if", "elsif", "else", "unless", "while", "until", "for",
    "foreach", "and", "or", "not", "xor", "sub", "package", "return", "last", "next", "redo",
    "BEGIN", "END", "eq", "ne", "lt", "gt", "le", "ge", "cmp", "x", "continue", "given", "when",
    "default", "__END__", "__FILE__", "STDIN", "STDERR", "STDOUT", "ARGV",
];

#[rustfmt::skip]
const HARMLESS: &[&str] = &[
    "print", "printf", "say", "sprintf", "split", "join", "map", "grep", "sort", "keys", "values",
    "push", "pop", "shift", "unshift", "splice", "reverse", "length", "substr", "index", "rindex",
    "uc", "lc", "ucfirst", "lcfirst", "defined", "undef", "scalar", "die", "warn", "exit",
    "chomp", "chop", "chr", "ord", "hex", "oct", "abs", "int", "sqrt", "rand", "srand", "time",
    "localtime", "gmtime", "sleep", "ref", "bless", "wantarray", "each", "delete", "exists",
    "close", "eof", "binmode", "readline", "readdir", "opendir", "closedir", "stat", "lstat",
    "chdir", "getcwd", "cwd", "pack", "unpack", "quotemeta", "pos", "lock", "sin", "cos", "exp",
    "log", "atan2", "getppid", "getpwnam", "getpwuid", "gethostbyname", "hostname", "sum", "max",
    "min", "first", "uniq", "shuffle", "Dumper", "strftime", "basename", "dirname", "decode_json",
    "encode_json", "to_json", "from_json", "decode_base64", "encode_base64", "md5_hex",
    "sha256_hex", "uri_escape", "uri_unescape", "fileparse", "abs_path", "tell", "seek", "read",
    "fileno", "caller", "vec", "glob", "readlink", "times", "local", "floor", "ceil",
    "looks_like_number", "sum0", "reduce", "any", "all", "none", "croak", "carp", "confess",
    "select", "study", "sprintf", "wait", "alarm", "fc", "JSON::PP", "Data::Dumper",
];

/// What a function means, by its full name.
pub(super) fn of(name: &str, path: &Path, step: usize) -> Option<Meaning> {
    let last = path.steps.get(step)?.name.as_str();
    let args = path.steps.get(step)?.args.as_deref().unwrap_or_default();
    let plain = last.rsplit("::").next().unwrap_or(last);
    if step == 0 && HARMLESS.contains(&last) {
        return Some(Meaning::Harmless);
    }
    Some(match plain {
        "system" | "exec" if step == 0 => Meaning::Words(0),
        "capture" | "run" if name.starts_with("IPC::") => Meaning::Words(0),
        "unlink" | "rmdir" | "rmtree" | "remove_tree" | "truncate" if step == 0 => Meaning::Removes,
        "rename" | "mkdir" | "chmod" | "chown" | "link" | "symlink" | "utime" | "make_path"
        | "mkpath" | "copy" | "move" | "cp" | "mv"
            if step == 0 =>
        {
            Meaning::Writes
        }
        "kill" if step == 0 => Meaning::Changes("processes", "start it again"),
        "open" | "sysopen" if step == 0 => {
            // `open(F, "rm x|")`, `open(F, "-|", "rm", "x")`, `open(F, ">", "x")`
            let text = |at: usize| args.get(at).and_then(|arg| arg.value.text());
            let Some(mode) = text(1) else {
                return Some(Meaning::Opaque("what is opened is not known"));
            };
            let mode = mode.text().trim();
            if mode.contains('|') {
                return Some(if args.len() > 2 {
                    Meaning::Words(2)
                } else {
                    Meaning::Opaque("it runs a program through a pipe")
                });
            }
            if mode.starts_with(['>', '+']) { Meaning::Writes } else { Meaning::Harmless }
        }
        "eval" if step == 0 => match args.first().map(|arg| &arg.value) {
            None => Meaning::Harmless,
            Some(Value::Text(_)) => Meaning::Code(0),
            Some(_) => Meaning::Opaque("it runs code that is not known"),
        },
        "do" | "require" | "syscall" | "dump" | "fork" | "goto" | "evalbytes" if step == 0 => {
            match (plain, args.first()) {
                ("do", None) => Meaning::Harmless,
                ("require", Some(arg)) if matches!(arg.value, Value::Path(_)) => Meaning::Harmless,
                _ => Meaning::Opaque("what this runs is not given"),
            }
        }
        "connect" if name.starts_with("DBI") => Meaning::Harmless,
        "do" | "prepare" | "selectall_arrayref" | "selectrow_array" | "selectrow_arrayref"
        | "selectcol_arrayref" => Meaning::Sql,
        "get" | "head" if name.starts_with("LWP") || name.starts_with("HTTP") => {
            Meaning::Http("GET")
        }
        "()" if step > 0 => Meaning::Opaque("it calls what it has computed"),
        _ => return None,
    })
}
