//! What Ruby's functions mean.
//!
//! From <https://docs.ruby-lang.org/en/master/> and <https://api.rubyonrails.org/>, 2026-11.

use super::meaning::{Meaning, Table, listed};
use super::value::Path;

/// Words of the language.
#[rustfmt::skip]
pub(super) const KEYWORDS: &[&str] = &[
    "BEGIN", "END", "alias", "and", "begin", "break", "case", "class", "def", "defined?", "do",
    "else", "elsif", "end", "ensure", "false", "for", "if", "in", "module", "next", "nil", "not",
    "or", "redo", "rescue", "retry", "return", "self", "super", "then", "true", "undef", "unless",
    "until", "when", "while", "yield",
];

#[rustfmt::skip]
const HARMLESS: &[&str] = &[
    "puts", "print", "p", "pp", "printf", "format", "sprintf", "gets", "raise", "rand", "srand",
    "sleep", "exit", "abort", "at_exit", "warn", "loop", "lambda", "proc", "require", "Integer",
    "Float", "String", "Array", "Hash", "Rational", "attr_accessor", "attr_reader", "include",
    "extend", "freeze", "block_given?", "catch", "throw", "putc", "readlines", "caller",
];

#[rustfmt::skip]
const CLASSES: &[&str] = &[
    "JSON", "YAML", "Time", "Date", "DateTime", "Math", "Set", "Struct", "OpenStruct", "STDIN",
    "$stdin", "$stdout", "STDOUT", "STDERR", "$stderr", "ENV", "Socket", "Digest", "SecureRandom",
    "Base64", "URI", "CGI", "ERB", "Gem", "RbConfig", "Process", "GC", "ObjectSpace", "Benchmark",
    "Comparable", "Kernel", "Shellwords", "CSV", "Zlib", "OpenSSL", "Etc", "Psych", "PP",
    "Regexp", "Hash", "Array", "String", "Integer", "Float", "Rational", "Complex", "BigDecimal",
    "Random", "Range", "StringIO", "Logger", "ARGF", "RUBY_VERSION", "Bundler", "Rails", "I18n",
    "Nokogiri", "Encoding", "Errno", "Thread", "Mutex", "Queue",
];

/// Functions by their full names.
#[rustfmt::skip]
static CALLS: Table = &[
    (Meaning::Words(0), &[
        "system", "exec", "spawn", "Kernel.system", "Kernel.exec", "Process.spawn", "Kernel.spawn",
        "Process.exec", "Open3.capture2", "Open3.capture2e", "Open3.capture3", "Open3.popen3",
        "Open3.popen2", "Open3.popen2e", "PTY.spawn",
    ]),
    (Meaning::Shell, &["IO.popen", "Open3.pipeline"]),
    (Meaning::Opens, &["open", "File.open", "File.new", "IO.open", "Kernel.open", "URI.open"]),
    (Meaning::Code(0), &[
        "eval", "instance_eval", "class_eval", "Kernel.eval", "binding.eval",
        "TOPLEVEL_BINDING.eval",
    ]),
    (Meaning::Opaque("what this file does is not given"), &[
        "load", "require_relative", "autoload", "Kernel.load",
    ]),
    (Meaning::Removes, &[
        "File.delete", "File.unlink", "Dir.rmdir", "Dir.delete", "Dir.unlink", "File.truncate",
    ]),
    (Meaning::Writes, &[
        "File.write", "IO.write", "File.rename", "File.chmod", "File.chown", "File.symlink",
        "File.link", "Dir.mkdir", "File.binwrite", "File.utime", "IO.binwrite", "IO.copy_stream",
    ]),
    (Meaning::Changes("processes", "start it again"), &["Process.kill"]),
    (Meaning::Harmless, &[
        "Process.fork", "fork", "Process.daemon", "Process.setproctitle",
        "ActiveRecord.Base.connection", "ActiveRecord.Base.transaction",
        "ActiveRecord.Base.connection.tables",
    ]),
    (Meaning::Http("GET"), &[
        "Net::HTTP.get", "Net.HTTP.get", "Net.HTTP.get_response", "Net.HTTP.start", "Net.HTTP.new",
        "Net.HTTP.Get.new", "Net.HTTP.get_print",
    ]),
    (Meaning::Http("DELETE"), &["Net.HTTP.Delete.new"]),
    (Meaning::Http("POST"), &[
        "Net.HTTP.post", "Net.HTTP.post_form", "Net.HTTP.Post.new", "Net.HTTP.Put.new",
        "Net.HTTP.Patch.new",
    ]),
    (Meaning::Sql, &[
        "ActiveRecord.Base.connection.execute", "ActiveRecord.Base.connection.exec_query",
    ]),
    (Meaning::Changes("cache", "it fills itself again"), &["Rails.cache.clear"]),
];

/// What a function means, by its full name.
pub(super) fn of(name: &str, path: &Path, step: usize) -> Option<Meaning> {
    if HARMLESS.contains(&name) {
        return Some(Meaning::Harmless);
    }
    if let Some(known) = listed(CALLS, name) {
        return Some(known);
    }
    let last = path.steps.get(step)?.name.as_str();
    Some(match last {
        "send"
        | "public_send"
        | "__send__"
        | "method"
        | "const_get"
        | "instance_variable_get"
        | "define_method"
        | "constantize"
        | "public_method"
        | "instance_exec"
        | "class_exec"
        | "module_eval" => Meaning::Opaque("which function is meant is worked out when it runs"),
        "system" | "exec" if step > 0 && !name.starts_with("Kernel") => Meaning::Shell,
        _ if name.starts_with("FileUtils.") => file_utils(last),
        _ if name.starts_with("File.")
            || name.starts_with("Dir.")
            || name.starts_with("IO.")
            || name.starts_with("Pathname.") =>
        {
            match last {
                "delete" | "unlink" | "rmtree" | "rmdir" => Meaning::Removes,
                "write" | "mkpath" | "mkdir" | "rename" | "binwrite" | "chmod" => Meaning::Writes,
                _ => Meaning::Harmless,
            }
        }
        "update" | "update_attribute" | "update_columns" | "update_column" | "save" | "touch"
        | "perform_later" | "perform_now" | "perform_async" | "deliver_now" | "deliver_later"
        | "increment!" | "toggle!" => Meaning::Changes("data", "change it back"),
        "update_all" if path.args_of("where").is_some() || path.args_of("find_by").is_some() => {
            Meaning::Changes("data", "change it back")
        }
        _ if CLASSES.contains(&path.steps.first()?.name.as_str()) => Meaning::Harmless,
        _ => return None,
    })
}

fn file_utils(last: &str) -> Meaning {
    match last {
        "pwd" | "cd" | "chdir" | "getwd" | "compare_file" | "identical?" | "uptodate?" | "cmp" => {
            Meaning::Harmless
        }
        _ if last.starts_with("rm") || last.starts_with("remove") || last == "safe_unlink" => {
            Meaning::Removes
        }
        _ => Meaning::Writes,
    }
}
