//! What the functions of JavaScript, Node, Deno and Bun mean.
//!
//! From <https://nodejs.org/api/>, <https://docs.deno.com/api/deno/>, <https://bun.sh/docs>,
//! 2026-11.

use super::meaning::{Meaning, Table, listed, module_argument};
use super::python::redis;
use super::value::Path;

/// Words of the language.
#[rustfmt::skip]
pub(super) const KEYWORDS: &[&str] = &[
    "async", "await", "break", "case", "catch", "class", "const", "continue", "debugger",
    "default", "delete", "do", "else", "export", "extends", "finally", "for", "function", "if",
    "in", "instanceof", "let", "new", "of", "return", "static", "super", "switch", "throw", "try",
    "typeof", "var", "void", "while", "with", "yield", "true", "false", "null", "undefined",
    "from", "as", "constructor",
];

#[rustfmt::skip]
const HARMLESS: &[&str] = &[
    "parseInt", "parseFloat", "isNaN", "isFinite", "String", "Number", "Boolean", "Array",
    "Object", "Symbol", "BigInt", "Date", "Error", "TypeError", "RangeError", "Map", "Set",
    "WeakMap", "WeakSet", "Promise", "Proxy", "RegExp", "URL", "URLSearchParams", "TextEncoder",
    "TextDecoder", "AbortController", "encodeURIComponent", "decodeURIComponent", "encodeURI",
    "decodeURI", "escape", "unescape", "atob", "btoa", "structuredClone", "print", "clearTimeout",
    "clearInterval", "setImmediate", "queueMicrotask", "Headers", "Uint8Array", "Int32Array",
    "Float64Array", "ArrayBuffer", "DataView", "Intl", "resolve", "reject", "printjson", "tojson",
    "ObjectId", "ISODate", "NumberLong",
];

/// Objects and modules of which every function is harmless.
#[rustfmt::skip]
const MODULES: &[&str] = &[
    "console", "JSON", "Math", "Object", "Array", "Number", "String", "Date", "Promise",
    "Reflect", "Intl", "Symbol", "Buffer", "path", "os", "util", "url", "URL", "crypto",
    "querystring", "assert", "zlib", "performance", "perf_hooks", "events", "string_decoder",
    "buffer", "constants", "punycode", "tty", "v8", "lodash", "_", "uuid", "dayjs", "moment",
    "semver", "chalk", "ms", "date-fns", "yaml", "js-yaml", "dotenv", "zod", "jsonwebtoken",
    "bcrypt", "bcryptjs", "nanoid", "ajv", "async_hooks", "timers", "timers/promises",
    "diagnostics_channel", "Set", "Map", "RegExp", "Error", "navigator", "globalThis.console",
    "BigInt", "Symbol", "glob", "fast-glob", "picocolors", "colors", "debug", "minimist",
    "commander", "yargs", "typescript", "cheerio", "csv-parse", "papaparse", "luxon", "ramda",
    "underscore", "dns", "dns/promises",
];

/// Modules that do nothing when they are loaded, though their functions may.
#[rustfmt::skip]
const LOADED: &[&str] = &[
    "fs", "fs/promises", "fs-extra", "child_process", "http", "https", "http2", "net", "tls",
    "dgram", "vm", "module", "readline", "readline/promises", "stream", "stream/promises",
    "worker_threads", "cluster", "process", "inspector", "repl", "axios", "got", "node-fetch",
    "undici", "superagent", "request", "pg", "mysql", "mysql2", "mysql2/promise", "sqlite3",
    "better-sqlite3", "knex", "mongodb", "mongoose", "redis", "ioredis", "@prisma/client",
    "sequelize", "typeorm", "aws-sdk", "rimraf", "del", "execa", "shelljs", "zx", "express",
    "firebase-admin", "stripe", "simple-git", "@octokit/rest", "octokit", "dockerode",
    "nodemailer", "kafkajs", "amqplib", "puppeteer", "playwright", "openai", "@anthropic-ai/sdk",
    "sharp", "ws", "socket.io-client", "drizzle-orm", "postgres", "@supabase/supabase-js",
    "node:test", "next", "react", "vue", "bullmq", "cross-spawn", "mkdirp", "ssh2",
];

/// Whether a module does nothing when it is loaded.
pub(super) fn known_module(name: &str) -> bool {
    let name = name.strip_prefix("node:").unwrap_or(name);
    // A file of data.
    let data = name.rsplit('.').next() == Some("json");
    MODULES.contains(&name)
        || LOADED.contains(&name)
        || data
        || name.starts_with("@aws-sdk/")
        || name.starts_with("@google-cloud/")
        || name.starts_with("@azure/")
        || name.starts_with("bun:")
        || name.starts_with("lodash/")
        || name.starts_with("aws-sdk/")
        || name.starts_with("@smithy/")
}

/// Functions by their full names.
#[rustfmt::skip]
static CALLS: Table = &[
    (Meaning::Code(0), &["eval"]),
    (Meaning::Harmless, &[
        "setTimeout", "setInterval", "process.exit", "process.cwd", "process.uptime",
        "process.memoryUsage", "process.hrtime", "process.hrtime.bigint", "process.nextTick",
        "process.stdout.write", "process.stderr.write", "process.on", "process.once",
        "process.emitWarning", "process.cpuUsage", "process.getuid", "process.stdin.on",
        "process.stdin.setEncoding", "process.stdin.resume", "process.report.getReport",
        "process.chdir", "process.env.hasOwnProperty", "process.resourceUsage",
        "process.stdin.read", "process.abort", "process.stdin.pipe", "process.getgid",
        "process.umask", "pg.Client", "pg.Pool", "mysql.createConnection",
        "mysql2.createConnection", "mysql.createPool", "mysql2.createPool",
        "mysql2/promise.createConnection", "mysql2/promise.createPool", "sqlite3.Database",
        "better-sqlite3", "knex", "mongodb.MongoClient", "mongoose.connect",
        "@prisma/client.PrismaClient", "mongodb.MongoClient.connect", "sequelize.Sequelize",
        "PrismaClient", "mysql.createConnection.connect", "sequelize", "express", "ws",
        "mongodb.ObjectId", "postgres", "readline.createInterface", "simple-git", "stream.pipeline",
        "dns.lookup", "net.isIP", "@octokit/rest.Octokit", "stripe", "ioredis",
    ]),
    (Meaning::Request, &[
        "fetch", "undici.request", "undici.fetch", "node-fetch", "axios", "got", "request",
    ]),
    (Meaning::Shell, &["$", "zx.$", "execa", "execaSync", "execaCommand", "execaCommandSync"]),
    (Meaning::Removes, &[
        "rimraf", "rimraf.sync", "rimraf.rimraf", "rimraf.rimrafSync", "del", "del.sync",
        "del.deleteAsync", "del.deleteSync", "trash",
    ]),
    (Meaning::Writes, &["mkdirp"]),
    (Meaning::Changes("processes", "start it again"), &["process.kill"]),
    (Meaning::Opaque("a call of the system itself is not read"), &[
        "process.binding", "process.dlopen",
    ]),
];

/// What a function means, by its full name.
pub(super) fn of(name: &str, path: &Path, step: usize) -> Option<Meaning> {
    let name =
        name.strip_prefix("globalThis.").or_else(|| name.strip_prefix("global.")).unwrap_or(name);
    let name = name.strip_prefix("process.mainModule.").unwrap_or(name);
    if HARMLESS.contains(&name) {
        return Some(Meaning::Harmless);
    }
    if let Some((module, member)) = name.split_once('.') {
        match module {
            "fs" | "fs/promises" | "fs-extra" => return Some(files(member)),
            "child_process" => return Some(processes(member)),
            "execa" | "cross-spawn" => return Some(Meaning::Spawn),
            "shelljs" => {
                return Some(match member {
                    "exec" => Meaning::Shell,
                    "rm" => Meaning::Removes,
                    _ => Meaning::Writes,
                });
            }
            "vm" => {
                return Some(match member {
                    "createContext" | "isContext" => Meaning::Harmless,
                    _ => Meaning::Code(0),
                });
            }
            "Deno" => return Some(deno(member)),
            "Bun" => return Some(bun(member)),
            "redis" | "ioredis" => {
                let last = member.rsplit('.').next().unwrap_or_default();
                let begins = matches!(
                    last,
                    "createClient" | "Redis" | "Cluster" | "connect" | "quit" | "on" | "disconnect"
                );
                return Some(if begins { Meaning::Harmless } else { redis(last) });
            }
            "axios" | "got" | "superagent" | "needle" | "ky" => {
                return Some(match member {
                    "get" | "head" | "options" => Meaning::Http("GET"),
                    "delete" | "del" => Meaning::Http("DELETE"),
                    "post" | "put" | "patch" | "postForm" => Meaning::Http("POST"),
                    "request" => Meaning::Request,
                    "create" | "extend" | "default" => Meaning::Harmless,
                    _ => return None,
                });
            }
            "http" | "https" => {
                return Some(match member {
                    "get" => Meaning::Http("GET"),
                    "request" => Meaning::Request,
                    "Agent" => Meaning::Harmless,
                    "createServer" => Meaning::Changes("node", "end the server"),
                    _ => return None,
                });
            }
            "worker_threads" | "cluster" if member != "isMainThread" => {
                return Some(Meaning::Opaque("what this runs is not given"));
            }
            "module" | "Module" => {
                return Some(Meaning::Opaque("which module this loads is not known"));
            }
            _ => {}
        }
        if step > 0 && MODULES.contains(&module) && !member.contains("constructor") {
            return Some(Meaning::Harmless);
        }
    }
    if let Some(known) = listed(CALLS, name) {
        return Some(known);
    }
    Some(match name {
        "Function" => {
            let last = path.steps.get(step)?.args.as_ref()?.len().checked_sub(1)?;
            Meaning::Code(last)
        }
        "require" | "import" | "require.resolve" => match module_argument(path, step) {
            Some(module) if known_module(&module) || name == "require.resolve" => Meaning::Harmless,
            _ => Meaning::Opaque("what this module does when it is loaded is not known"),
        },
        _ => return None,
    })
}

fn processes(member: &str) -> Meaning {
    match member {
        "exec" | "execSync" => Meaning::Shell,
        "execFile" | "execFileSync" | "spawn" | "spawnSync" => Meaning::Spawn,
        "fork" => Meaning::Opaque("what this file does is not given"),
        // What a process that was started gives: its output.
        _ if member.contains('.') => Meaning::Harmless,
        _ => Meaning::Opaque("what this call does is not known"),
    }
}

fn files(member: &str) -> Meaning {
    let member = member.strip_prefix("promises.").unwrap_or(member);
    let name = member.split('.').next().unwrap_or(member);
    let name = name.strip_suffix("Sync").unwrap_or(name);
    match name {
        "rm" | "unlink" | "rmdir" | "truncate" | "ftruncate" | "remove" | "emptyDir" => {
            Meaning::Removes
        }
        "readFile" | "exists" | "readdir" | "stat" | "lstat" | "access" | "realpath"
        | "readlink" | "createReadStream" | "statfs" | "pathExists" | "readJson" | "readJSON"
        | "read" | "fstat" | "opendir" | "watch" | "watchFile" | "close" | "glob" | "constants" => {
            Meaning::Harmless
        }
        "open" => Meaning::Opens,
        _ => Meaning::Writes,
    }
}

fn deno(member: &str) -> Meaning {
    match member {
        "remove" | "removeSync" | "truncate" | "truncateSync" => Meaning::Removes,
        "run" | "Command" | "Command.output" | "Command.outputSync" | "Command.spawn" => {
            Meaning::Opaque("which program it runs is not read")
        }
        _ if member.starts_with("write")
            || member.starts_with("mkdir")
            || member.starts_with("copy")
            || member.starts_with("rename")
            || member.starts_with("ch")
            || member.starts_with("create")
            || member.starts_with("symlink")
            || member.starts_with("link")
            || member.starts_with("make")
            || member.starts_with("utime") =>
        {
            Meaning::Writes
        }
        "open" | "openSync" | "dlopen" | "kill" | "serve" | "listen" | "connect" => {
            Meaning::Opaque("a call of the system itself is not read")
        }
        _ => Meaning::Harmless,
    }
}

fn bun(member: &str) -> Meaning {
    match member {
        "$" => Meaning::Shell,
        "spawn" | "spawnSync" => Meaning::List(0),
        "write" => Meaning::Writes,
        "file.delete" | "file.unlink" => Meaning::Removes,
        "serve" | "plugin" | "build" | "dlopen" | "FFI" => {
            Meaning::Opaque("what this runs is not given")
        }
        _ => Meaning::Harmless,
    }
}
