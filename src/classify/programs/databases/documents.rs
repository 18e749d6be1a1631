//! Databases without SQL: `MongoDB`, `InfluxDB`, Couchbase, Neo4j.
//!
//! From <https://www.mongodb.com/docs/mongodb-shell/>, <https://www.mongodb.com/docs/database-tools/>,
//! <https://docs.influxdata.com/influxdb/v2/reference/cli/influx/>,
//! <https://docs.couchbase.com/server/current/cli/cbcli/couchbase-cli.html>,
//! <https://neo4j.com/docs/operations-manual/current/cypher-shell/>, 2026-11.

use super::{
    super::{Cli, Does, How, Matched, Program, Rule},
    client::{connection, file, typed},
};
use crate::{
    classify::{Dialect, Judge, Language, Word},
    domain::{PlaceKind, Verb},
};

/// The programs of this file.
pub(super) const DOCUMENTS: &[Program] = &[
    Program { names: &["mongosh", "mongo", "mongosh-legacy"], how: How::Table(&MONGO) },
    Program {
        names: &["mongodump", "mongoexport", "mongostat", "mongotop", "bsondump"],
        how: How::Table(&DUMP),
    },
    Program { names: &["mongorestore", "mongoimport", "mongofiles"], how: How::Table(&RESTORE) },
    Program { names: &["influx"], how: How::Table(&INFLUX) },
    Program { names: &["influxd"], how: How::Table(&INFLUXD) },
    Program { names: &["couchbase-cli"], how: How::Table(&COUCHBASE) },
    Program { names: &["cbq"], how: How::Table(&CBQ) },
    Program { names: &["cypher-shell"], how: How::Table(&CYPHER) },
    Program { names: &["neo4j-admin"], how: How::Table(&NEO4J) },
];

const MONGO_VALUED: &[&str] = &[
    "--eval",
    "-f",
    "--file",
    "--port",
    "-u",
    "--username",
    "-p",
    "--password",
    "--authenticationDatabase",
    "--authenticationMechanism",
    "--tlsCAFile",
    "--tlsCertificateKeyFile",
    "--sslCAFile",
    "--apiVersion",
    "--uri",
    "-c",
    "--collection",
    "-q",
    "--query",
    "--queryFile",
    "-o",
    "--out",
    "--type",
    "--fields",
    "--readPreference",
    "--nsInclude",
    "--nsExclude",
    "--nsFrom",
    "--nsTo",
    "--numParallelCollections",
    "-j",
    "--sort",
    "--limit",
    "--skip",
    "--mode",
    "--upsertFields",
    "--dir",
    "--prefix",
];
const MONGO_PLACES: &[(&str, PlaceKind)] = &[
    ("-h", PlaceKind::Host),
    ("--host", PlaceKind::Host),
    ("-d", PlaceKind::Name),
    ("--db", PlaceKind::Name),
];

static MONGO: Cli = Cli {
    valued: MONGO_VALUED,
    places: &[("-h", PlaceKind::Host), ("--host", PlaceKind::Host)],
    flags: &[
        "--quiet",
        "--norc",
        "--nodb",
        "--shell",
        "--tls",
        "--ssl",
        "--verbose",
        "--retryWrites",
    ],
    harmless: &["--help", "--version"],
    rules: &[Rule::asks("", mongo), Rule::asks("*", mongo)],
    otherwise: Does::Asks(mongo),
    ..Cli::new("mongodb")
};

fn mongo(m: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let mut given = false;
    for option in &m.options {
        let Some(value) = &option.value else { continue };
        match option.name.as_str() {
            "--eval" => {
                given = true;
                judge.code(Language::Mongo, value, m.call);
            }
            "-f" | "--file" => {
                given = true;
                script(value, m, judge);
            }
            _ => {}
        }
    }
    for (at, word) in m.path.iter().chain(&m.operands).enumerate() {
        let ending = word.text().rsplit_once('.').map(|(_, ending)| ending);
        let is_file = matches!(ending, Some("js" | "mongodb"));
        if is_file {
            given = true;
            script(word, m, judge);
        } else if at == 0 {
            connection(word, judge);
        } else {
            given = true;
            judge.opaque(word.span(), "the script that it runs is not known");
        }
    }
    if !given && let Some(text) = typed(m, judge) {
        judge.code(Language::Mongo, &text, m.call);
    }
}

fn script(name: &Word, m: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    if let Some(text) = file(name, judge) {
        judge.code(Language::Mongo, &text, m.call);
    }
}

static DUMP: Cli = Cli {
    valued: MONGO_VALUED,
    places: MONGO_PLACES,
    harmless: &["--help", "--version"],
    rules: &[Rule::asks("", dump), Rule::asks("*", dump)],
    ..Cli::new("mongodb")
};

fn dump(m: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    if let Some(uri) = m.value("--uri").cloned() {
        connection(&uri, judge);
    }
    let program = m.call.words.first().map(Word::text).unwrap_or_default();
    if program.ends_with("mongodump") || m.has("-o") || m.has("--out") {
        judge.changes(Verb::Create, "files", "", m.span(), "remove the dump");
    } else {
        judge.reads("mongodb", "", m.span());
    }
}

static RESTORE: Cli = Cli {
    valued: MONGO_VALUED,
    places: MONGO_PLACES,
    flags: &[
        "--drop",
        "--gzip",
        "--dryRun",
        "--headerline",
        "--jsonArray",
        "--oplogReplay",
        "--verbose",
        "--quiet",
        "--upsert",
    ],
    harmless: &["--help", "--version"],
    rules: &[Rule::asks("", restore), Rule::asks("*", restore)],
    ..Cli::new("mongodb")
};

fn restore(m: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    if let Some(uri) = m.value("--uri").cloned() {
        connection(&uri, judge);
    }
    let (at, program) = (m.span(), m.call.words.first().map(Word::text).unwrap_or_default());
    let first = m.path.first().copied();
    if program.ends_with("mongofiles") {
        return match first.and_then(|word| word.known()) {
            Some("list" | "search") => judge.reads("mongodb", "", at),
            Some("get" | "get_id" | "get_regex") => {
                judge.changes(Verb::Create, "files", "", at, "remove the file");
            }
            Some("put" | "put_id") => {
                judge.changes(Verb::Create, "mongodb", "", at, "delete the file");
            }
            Some("delete" | "delete_id") => {
                judge.destroys(Verb::Delete, "mongodb", "", at, "the file is gone");
            }
            _ => judge.opaque(at, "this subcommand is not known"),
        };
    }
    if m.has("--dryRun") {
        judge.reads("mongodb", "", at);
    } else if m.has("--drop") {
        judge.destroys(Verb::Delete, "mongodb", "", at, "the collections are dropped first");
    } else if m.value("--mode").is_some_and(|mode| mode.is("delete")) {
        judge.destroys(Verb::Delete, "mongodb", "", at, "the documents that match are gone");
    } else {
        judge.changes(Verb::Create, "mongodb", "", at, "delete what was added");
    }
}

static INFLUX: Cli = Cli {
    valued: &[
        "-t",
        "--token",
        "--start",
        "--stop",
        "-p",
        "--predicate",
        "-i",
        "--id",
        "-n",
        "--name",
        "-f",
        "--file",
        "-e",
        "--stack-id",
        "-r",
        "--retention",
        "--precision",
        "--bucket-id",
        "--org-id",
        "--full",
        "--configs-path",
        "-execute",
    ],
    places: &[
        ("--host", PlaceKind::Host),
        ("-host", PlaceKind::Host),
        ("-o", PlaceKind::Name),
        ("--org", PlaceKind::Name),
        ("-b", PlaceKind::Name),
        ("--bucket", PlaceKind::Name),
        ("-c", PlaceKind::Profile),
        ("--active-config", PlaceKind::Profile),
        ("INFLUX_HOST", PlaceKind::Host),
    ],
    flags: &["--json", "--hide-headers", "--skip-verify", "--force", "--full", "--new-bucket"],
    rules: &[
        Rule::deletes("delete", "the points are gone"),
        Rule::deletes(
            "bucket|org|user|task|telegrafs|secret|v1|dashboards|stacks|remote|replication|\
             config|auth delete|rm|remove",
            "it and what it held are gone",
        ),
        Rule::deletes("v1 dbrp|auth delete", "it is gone"),
        Rule::reads(
            "bucket|org|user|task|telegrafs|secret|dashboards|stacks|remote|replication|\
             config|auth|server-config list|ls|find|log",
        ),
        Rule::reads("v1 dbrp|auth list"),
        Rule::reads("task log list"),
        Rule::creates(
            "bucket|org|user|task|telegrafs|remote|replication|config|auth|stacks|v1 create|init",
            "delete it again",
        ),
        Rule::updates(
            "bucket|org|user|task|telegrafs|secret|stacks|replication|config|auth update|\
             set|active|inactive|retry-failed|password",
            "set it back",
        ),
        Rule::creates("write|setup|apply", "delete what was added").dry(&["--dry-run"]),
        Rule::creates("backup|export", "remove the file"),
        Rule::updates("restore", "delete what was restored").when(&[(
            "--full",
            Does::Destroys(Verb::Delete, "everything on the server is replaced"),
        )]),
        Rule::asks("query|v1", flux),
        Rule::reads("ping|version|help|completion|template|server-config|export"),
    ],
    ..Cli::new("influxdb")
};

fn flux(m: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    match m.operands.first() {
        // Flux writes with `to()` only.
        Some(query) if !query.has_holes() => {
            if query.text().to_ascii_lowercase().contains("to(") {
                judge.changes(Verb::Create, "influxdb", "", m.span(), "delete the points");
            } else {
                judge.reads("influxdb", "", m.span());
            }
        }
        _ => judge.opaque(m.span(), "the query is not known"),
    }
}

static INFLUXD: Cli = Cli {
    rules: &[
        Rule::reads("version|inspect|print-config|config"),
        Rule::deletes("inspect delete-tsm", "the points are gone"),
        Rule::creates("backup", "remove the backup"),
        Rule::deletes("restore|downgrade", "what is there is overwritten"),
        Rule::runs("run|upgrade", "stop it"),
    ],
    ..Cli::new("influxdb")
};

static COUCHBASE: Cli = Cli {
    valued: &[
        "-u",
        "--username",
        "-p",
        "--password",
        "--bucket",
        "--bucket-type",
        "--bucket-ramsize",
        "--server-add",
        "--server-remove",
        "--server-failover",
        "--rbac-username",
        "--roles",
        "--set",
        "--index-storage-setting",
    ],
    places: &[("-c", PlaceKind::Host), ("--cluster", PlaceKind::Host)],
    rules: &[
        Rule::deletes("bucket-delete", "the bucket and its documents are gone"),
        Rule::deletes("bucket-flush", "every document of the bucket is gone"),
        Rule::reads("server-list|server-info|host-list|bucket-list|rebalance-status|help"),
        Rule::updates(
            "server-add|server-readd|rebalance|rebalance-stop|failover|recovery|\
             bucket-edit|bucket-compact|cluster-edit|setting-cluster|setting-index|\
             setting-query|setting-alert|setting-autofailover|setting-compaction|\
             setting-security|setting-ldap|setting-notification|setting-xdcr|node-init|\
             group-manage|node-to-node-encryption",
            "set it back",
        ),
        Rule::deletes("setting-audit", "what is not recorded from now on cannot be had later"),
        Rule::creates(
            "bucket-create|cluster-init|backup-service|collect-logs-start|\
             collect-logs-stop|collect-logs-status",
            "delete it again",
        ),
        Rule::grants("user-manage", "set the earlier powers").when(&[
            ("--delete", Does::Destroys(Verb::Delete, "the user is gone")),
            ("--delete-group", Does::Destroys(Verb::Delete, "the group is gone")),
            ("--list", Does::Reads),
            ("--get", Does::Reads),
        ]),
        Rule::updates("collection-manage|xdcr-setup|xdcr-replicate", "set it back").when(&[
            ("--drop-scope", Does::Destroys(Verb::Delete, "the scope and its documents are gone")),
            (
                "--drop-collection",
                Does::Destroys(Verb::Delete, "the collection and its documents are gone"),
            ),
            ("--delete", Does::Destroys(Verb::Delete, "the replication is gone")),
        ]),
        Rule::updates(
            "reset-admin-password|reset-cipher-suites|master-password|ip-family|ssl-manage|\
             enable-developer-preview|setting-master-password|setting-password-policy|\
             setting-saslauthd|setting-rebalance|setting-analytics",
            "set it back",
        ),
    ],
    ..Cli::new("couchbase")
};

static CBQ: Cli = Cli {
    valued: &[
        "-e",
        "--engine",
        "-u",
        "--user",
        "-p",
        "--password",
        "-s",
        "--script",
        "-f",
        "--file",
        "-t",
        "--timeout",
        "-o",
        "--output",
    ],
    rules: &[Rule::asks("", cbq), Rule::asks("*", cbq)],
    ..Cli::new("couchbase")
};

fn cbq(m: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let client = super::client::Client {
        service: "couchbase",
        dialect: Dialect::Generic,
        execute: &["-s", "--script"],
        files: &["-f", "--file"],
        operands: None,
    };
    super::client::run(&client, m, judge);
}

static CYPHER: Cli = Cli {
    valued: &[
        "-u",
        "--username",
        "-p",
        "--password",
        "-f",
        "--file",
        "-P",
        "--param",
        "--format",
        "--encryption",
        "--impersonate",
        "--access-mode",
        "--sample-rows",
        "--log",
    ],
    flags: &["--fail-fast", "--fail-at-end", "--non-interactive", "--debug", "--wrap"],
    places: &[
        ("-a", PlaceKind::Host),
        ("--address", PlaceKind::Host),
        ("--uri", PlaceKind::Host),
        ("-d", PlaceKind::Name),
        ("--database", PlaceKind::Name),
    ],
    harmless: &["--help", "-h", "--version", "-v"],
    rules: &[Rule::asks("", cypher), Rule::asks("*", cypher)],
    otherwise: Does::Asks(cypher),
    ..Cli::new("neo4j")
};

fn cypher(m: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let named = m.value("-f").or_else(|| m.value("--file")).cloned();
    let query = match (m.path.first().copied(), named) {
        (Some(query), _) => Some(query.clone()),
        (None, Some(name)) => file(&name, judge),
        (None, None) => typed(m, judge),
    };
    if let Some(query) = query {
        cypher_query(&query, judge);
    }
}

/// Cypher by its words, those in strings, names in quotes and comments left out.
fn cypher_query(query: &Word, judge: &mut Judge<'_>) {
    if query.may_inject() {
        judge.opaque(query.span(), "an unknown value becomes part of the query");
    }
    let words = cypher_words(query.text());
    if !judge.step(u32::try_from(words.len()).unwrap_or(u32::MAX), query.span()) {
        return;
    }
    let has = |word: &str| words.iter().any(|(found, _)| found.eq_ignore_ascii_case(word));
    let first = |names: &[&str]| {
        let found = words
            .iter()
            .find(|(found, _)| names.iter().any(|name| found.eq_ignore_ascii_case(name)));
        found.map_or(query.span(), |(word, at)| query.at(*at..at + word.len()))
    };
    // EXPLAIN shows the plan only, PROFILE runs the query.
    if words.first().is_some_and(|(word, _)| word.eq_ignore_ascii_case("explain")) {
        return judge.reads("neo4j", "", query.span());
    }
    if has("delete") || has("drop") {
        return judge.destroys(
            Verb::Delete,
            "neo4j",
            "",
            first(&["delete", "drop"]),
            "what it deletes is gone",
        );
    }
    if has("remove") {
        return judge.changes(
            Verb::Update,
            "neo4j",
            "",
            first(&["remove"]),
            "set the earlier values",
        );
    }
    if words.iter().any(|(word, _)| {
        word.starts_with("apoc.")
            && (word.contains("delete")
                || word.contains("drop")
                || word.contains("periodic")
                || word.contains("cypher.")
                || word.contains("trigger")
                || word.contains("nodes.collapse"))
    }) {
        return judge.opaque(query.span(), "what this procedure does is not known");
    }
    let changes = [
        "create",
        "merge",
        "set",
        "load",
        "grant",
        "revoke",
        "deny",
        "alter",
        "rename",
        "start",
        "stop",
        "terminate",
        "enable",
    ];
    if changes.iter().any(|word| has(word)) {
        return judge.changes(
            Verb::Update,
            "neo4j",
            "",
            first(&changes),
            "delete or set back what it changes",
        );
    }
    judge.reads("neo4j", "", query.span());
}

fn cypher_words(text: &str) -> Vec<(&str, usize)> {
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        if matches!(c, '\'' | '"' | '`') {
            let mut chars = rest.char_indices().skip(1);
            let mut end = rest.len();
            while let Some((found, next)) = chars.next() {
                if next == '\\' && c != '`' {
                    chars.next();
                } else if next == c {
                    end = found + 1;
                    break;
                }
            }
            at += end;
        } else if rest.starts_with("//") {
            at += rest.find('\n').unwrap_or(rest.len());
        } else if rest.starts_with("/*") {
            at += rest.find("*/").map_or(rest.len(), |end| end + 2);
        } else if c.is_alphabetic() || c == '_' {
            let end = rest
                .find(|c: char| !c.is_alphanumeric() && c != '_' && c != '.')
                .unwrap_or(rest.len());
            // `:Label`, `.property` and `$parameter` are names.
            if !text[..at].ends_with([':', '.', '$']) {
                words.push((&rest[..end], at));
            }
            at += end;
        } else {
            at += c.len_utf8();
        }
    }
    words
}

static NEO4J: Cli = Cli {
    valued: &["--from-path", "--to-path", "--from", "--to", "--database", "--additional-config"],
    rules: &[
        Rule::reads("server|dbms|database report|info|check|memory-recommendation|status|get"),
        Rule::runs(
            "server start|stop|restart|console|unbind|migrate-configuration|validate-config",
            "start or stop it again",
        ),
        Rule::creates("database dump|backup|copy|aggregate-backup", "remove the file"),
        Rule::creates("dump|backup", "remove the file"),
        Rule::deletes("load|restore", "what was in the database is overwritten"),
        Rule::creates("database import|load|restore|migrate|upload", "drop what was loaded").when(
            &[(
                "--overwrite-destination",
                Does::Destroys(Verb::Delete, "what was in the database is overwritten"),
            )],
        ),
        Rule::updates(
            "dbms set-initial-password|set-default-admin|unbind-system-db",
            "set it back",
        ),
    ],
    ..Cli::new("neo4j")
};
