//! Clients of other SQL engines: Cassandra, `ClickHouse`, Snowflake, SQL Server, Trino, `CockroachDB`.
//!
//! From <https://cassandra.apache.org/doc/stable/cassandra/managing/tools/cqlsh.html>,
//! <https://clickhouse.com/docs/interfaces/cli>, <https://docs.snowflake.com/en/user-guide/snowsql>,
//! <https://learn.microsoft.com/en-us/sql/tools/sqlcmd/sqlcmd-utility>,
//! <https://trino.io/docs/current/client/cli.html>,
//! <https://www.cockroachlabs.com/docs/stable/cockroach-commands>, 2026-11.

use super::{
    super::{Cli, Does, How, Matched, Program, Rule, Style},
    client::{Client, run},
};
use crate::{
    classify::{Dialect, Judge},
    domain::PlaceKind,
};

/// The programs of this file.
pub(super) const ENGINES: &[Program] = &[
    Program { names: &["cqlsh", "ycqlsh"], how: How::Table(&CASSANDRA) },
    Program { names: &["clickhouse-client", "clickhouse-local"], how: How::Table(&CLICKHOUSE) },
    Program { names: &["clickhouse"], how: How::Table(&CLICKHOUSE_MULTI) },
    Program { names: &["snowsql"], how: How::Table(&SNOWSQL) },
    Program { names: &["snow"], how: How::Table(&SNOW) },
    Program { names: &["sqlcmd", "mssql-cli", "tsql", "osql"], how: How::Table(&SQLCMD) },
    Program { names: &["trino", "presto", "trino-cli", "presto-cli"], how: How::Table(&TRINO) },
    Program { names: &["cockroach"], how: How::Table(&COCKROACH) },
    Program { names: &["beeline", "hive", "spark-sql", "impala-shell"], how: How::Table(&HIVE) },
    Program { names: &["usql"], how: How::Table(&USQL) },
];

macro_rules! client {
    ($name:ident, $client:ident) => {
        fn $name(m: &Matched<'_, '_>, judge: &mut Judge<'_>) {
            run(&$client, m, judge);
        }
    };
}

const CQL: Client = Client {
    service: "cassandra",
    dialect: Dialect::Generic,
    execute: &["-e", "--execute"],
    files: &["-f", "--file"],
    operands: None,
};
client!(cql, CQL);

static CASSANDRA: Cli = Cli {
    valued: &[
        "-e",
        "--execute",
        "-f",
        "--file",
        "-u",
        "--username",
        "-p",
        "--password",
        "-k",
        "--keyspace",
        "--cqlversion",
        "--encoding",
        "--connect-timeout",
        "--request-timeout",
        "--cqlshrc",
        "--credentials",
        "--consistency-level",
    ],
    flags: &["--ssl", "--no-color", "--color", "-C", "--debug", "--tty"],
    rules: &[Rule::asks("", cql), Rule::asks("*", cassandra)],
    otherwise: Does::Asks(cql),
    ..Cli::new("cassandra")
};

fn cassandra(m: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    if let Some(host) = m.path.first() {
        judge.place(PlaceKind::Host, host);
    }
    cql(m, judge);
}

const CH: Client = Client {
    service: "clickhouse",
    dialect: Dialect::Generic,
    execute: &["-q", "--query"],
    files: &["--queries-file"],
    operands: None,
};
client!(ch, CH);

const CH_VALUED: &[&str] = &[
    "-q",
    "--query",
    "--queries-file",
    "-u",
    "--user",
    "--password",
    "--port",
    "-f",
    "--format",
    "--config-file",
    "-C",
    "--connection",
    "--max_threads",
    "--input-format",
    "--output-format",
    "--structure",
    "-S",
    "--file",
    "-N",
    "--table",
    "--param",
];
const CH_PLACES: &[(&str, PlaceKind)] = &[
    ("-h", PlaceKind::Host),
    ("--host", PlaceKind::Host),
    ("-d", PlaceKind::Name),
    ("--database", PlaceKind::Name),
];

static CLICKHOUSE: Cli = Cli {
    valued: CH_VALUED,
    flags: &[
        "--multiquery",
        "-n",
        "--multiline",
        "-m",
        "--secure",
        "-s",
        "--time",
        "-t",
        "--vertical",
        "-E",
        "--progress",
    ],
    places: CH_PLACES,
    harmless: &["--help", "--version", "-V"],
    rules: &[Rule::asks("", ch), Rule::asks("*", ch)],
    otherwise: Does::Asks(ch),
    ..Cli::new("clickhouse")
};

static CLICKHOUSE_MULTI: Cli = Cli {
    valued: CH_VALUED,
    flags: &["--multiquery", "-n", "--secure", "--time", "--vertical", "--progress"],
    places: CH_PLACES,
    harmless: &["--help", "--version", "-V"],
    rules: &[
        Rule::asks("client|local", ch),
        Rule::asks("", ch),
        Rule::reads("benchmark|format|obfuscator|compressor"),
        Rule::runs("server|keeper|start|restart|status|stop", "start or stop it again"),
    ],
    ..Cli::new("clickhouse")
};

const SNOWFLAKE: Client = Client {
    service: "snowflake",
    dialect: Dialect::Generic,
    execute: &["-q", "--query"],
    files: &["-f", "--filename"],
    operands: None,
};
client!(snowflake, SNOWFLAKE);

static SNOWSQL: Cli = Cli {
    valued: &[
        "-q",
        "--query",
        "-f",
        "--filename",
        "-u",
        "--username",
        "-r",
        "--rolename",
        "-w",
        "--warehouse",
        "-o",
        "--options",
        "-D",
        "--variable",
        "--config",
        "--private-key-path",
        "--authenticator",
        "-P",
    ],
    flags: &["--noup", "--upgrade", "-U", "--mfa-prompt", "-K"],
    places: &[
        ("-a", PlaceKind::Account),
        ("--accountname", PlaceKind::Account),
        ("-c", PlaceKind::Profile),
        ("--connection", PlaceKind::Profile),
        ("-h", PlaceKind::Host),
        ("--host", PlaceKind::Host),
        ("-d", PlaceKind::Name),
        ("--dbname", PlaceKind::Name),
        ("-s", PlaceKind::Name),
        ("--schemaname", PlaceKind::Name),
    ],
    harmless: &["--help", "-?", "--version", "-v"],
    rules: &[Rule::asks("", snowflake), Rule::asks("*", snowflake)],
    otherwise: Does::Asks(snowflake),
    ..Cli::new("snowflake")
};

static SNOW: Cli = Cli {
    valued: &[
        "-q",
        "--query",
        "-f",
        "--filename",
        "--format",
        "-D",
        "--variable",
        "--role",
        "--warehouse",
        "--user",
        "--authenticator",
        "--in",
        "-l",
        "--like",
    ],
    flags: &[
        "--replace",
        "--if-exists",
        "--if-not-exists",
        "--force",
        "--cascade",
        "-i",
        "--stdin",
        "--debug",
        "--silent",
        "-x",
        "--temporary-connection",
    ],
    places: &[
        ("-c", PlaceKind::Profile),
        ("--connection", PlaceKind::Profile),
        ("--account", PlaceKind::Account),
        ("--dbname", PlaceKind::Name),
        ("--database", PlaceKind::Name),
        ("--schema", PlaceKind::Name),
    ],
    rules: &[
        Rule::asks("sql", snowflake),
        Rule::deletes(
            "object|app|streamlit|notebook drop|teardown",
            "it and what it held are gone",
        ),
        Rule::deletes("app teardown", "the application and its objects are gone"),
        Rule::deletes("stage remove", "the files are gone"),
        Rule::deletes("spcs * drop", "it is gone"),
        Rule::reads(
            "object|connection|stage|cortex|git|app|streamlit|notebook|snowpark|spcs list|\
             describe|test|list-files|list-branches|list-tags|version|complete|get-url|\
             events|validate",
        ),
        Rule::reads("spcs * list|describe|status|logs|list-images|url"),
        Rule::updates("stage|git copy|fetch|create|setup", "remove it again"),
        Rule::updates(
            "app|streamlit|notebook|snowpark|dcm deploy|run|publish|execute|bundle|build|create",
            "deploy the earlier version",
        ),
        Rule::updates("connection add|set-default|remove|generate-jwt", "set it back"),
    ],
    ..Cli::new("snowflake")
};

const MSSQL: Client = Client {
    service: "mssql",
    dialect: Dialect::Generic,
    execute: &["-Q", "-q", "--query"],
    files: &["-i", "--input-file"],
    operands: None,
};
client!(mssql, MSSQL);

static SQLCMD: Cli = Cli {
    valued: &[
        "-Q",
        "-q",
        "--query",
        "-i",
        "--input-file",
        "-U",
        "-P",
        "-l",
        "-t",
        "-o",
        "-s",
        "-w",
        "-h",
        "-v",
        "-K",
        "-c",
        "-a",
        "-H",
        "-m",
        "-V",
        "-y",
        "-Y",
        "-f",
        "-u",
        "-p",
    ],
    places: &[
        ("-S", PlaceKind::Host),
        ("--server", PlaceKind::Host),
        ("-d", PlaceKind::Name),
        ("--database-name", PlaceKind::Name),
        ("-D", PlaceKind::Name),
    ],
    harmless: &["--help", "-?", "--version", "-L"],
    rules: &[Rule::asks("", mssql), Rule::asks("*", mssql), Rule::asks("query", mssql)],
    otherwise: Does::Asks(mssql),
    ..Cli::new("mssql")
};

const PRESTO: Client = Client {
    service: "trino",
    dialect: Dialect::Generic,
    execute: &["--execute"],
    files: &["-f", "--file"],
    operands: None,
};
client!(presto, PRESTO);

static TRINO: Cli = Cli {
    valued: &[
        "--execute",
        "-f",
        "--file",
        "--user",
        "--output-format",
        "--session",
        "--client-tags",
        "--source",
        "--timezone",
        "--truststore-path",
        "--keystore-path",
        "--access-token",
        "--client-info",
        "--resource-estimate",
        "--trace-token",
    ],
    flags: &["--debug", "--insecure", "--password", "--progress", "--ignore-errors"],
    places: &[
        ("--server", PlaceKind::Host),
        ("--catalog", PlaceKind::Name),
        ("--schema", PlaceKind::Name),
    ],
    rules: &[Rule::asks("", presto), Rule::asks("*", presto)],
    otherwise: Does::Asks(presto),
    ..Cli::new("trino")
};

const ROACH: Client = Client {
    service: "cockroachdb",
    dialect: Dialect::Postgres,
    execute: &["-e", "--execute"],
    files: &["-f", "--file"],
    operands: None,
};
client!(roach, ROACH);

static COCKROACH: Cli = Cli {
    valued: &[
        "-e",
        "--execute",
        "-f",
        "--file",
        "--certs-dir",
        "-p",
        "--port",
        "-u",
        "--user",
        "--format",
        "--set",
        "-s",
        "--store",
        "--cache",
        "--max-sql-memory",
        "--join",
        "--locality",
        "--listen-addr",
        "--http-addr",
        "--advertise-addr",
        "--wait",
        "--drain-wait",
        "--redact",
        "--files-from",
        "--to",
        "--from",
    ],
    flags: &[
        "--insecure",
        "--self",
        "--background",
        "--all",
        "--decommission",
        "--read-only",
        "--echo-sql",
        "--no-line-editor",
        "--shutdown",
    ],
    places: &[
        ("--host", PlaceKind::Host),
        ("--url", PlaceKind::Host),
        ("-d", PlaceKind::Name),
        ("--database", PlaceKind::Name),
        ("COCKROACH_URL", PlaceKind::Host),
    ],
    rules: &[
        Rule::asks("sql|demo", roach),
        Rule::deletes("node decommission", "the nodes leave the cluster for good"),
        Rule::updates("node drain|recommission", "start it again"),
        Rule::reads("node status|ls|list"),
        Rule::reads("version|help|gen|debug|sqlfmt|statement-diag list|convert-url"),
        Rule::reads("statement-diag list|download"),
        Rule::deletes("statement-diag delete|cancel", "the diagnostics are gone"),
        Rule::deletes(
            "debug recover|reset-quorum|unsafe-remove-dead-replicas|intent-count|unsafe",
            "ranges may lose data",
        ),
        Rule::runs(
            "start|start-single-node|init|quit|workload|import|nodelocal|userfile|\
             auth-session|cert|mt|connect",
            "start or stop it again",
        ),
        Rule::deletes("userfile delete", "the files are gone"),
        Rule::reads("userfile list|get"),
    ],
    ..Cli::new("cockroachdb")
};

const BEE: Client = Client {
    service: "hive",
    dialect: Dialect::Generic,
    execute: &["-e", "-q", "--query"],
    files: &["-f", "-i"],
    operands: None,
};
client!(bee, BEE);

static HIVE: Cli = Cli {
    valued: &[
        "-e",
        "-q",
        "--query",
        "-f",
        "-i",
        "-n",
        "-p",
        "-d",
        "-w",
        "-k",
        "-o",
        "--conf",
        "--master",
        "--deploy-mode",
        "--hiveconf",
        "--hivevar",
        "--define",
        "--outputformat",
        "--jars",
        "--packages",
        "--name",
    ],
    places: &[("-u", PlaceKind::Host), ("--database", PlaceKind::Name)],
    flags: &["-S", "--silent", "-v", "--verbose", "--ssl", "-B"],
    harmless: &["--help", "-H", "--version"],
    rules: &[Rule::asks("", bee), Rule::asks("*", bee)],
    otherwise: Does::Asks(bee),
    ..Cli::new("hive")
};

const ANY: Client = Client {
    service: "sql",
    dialect: Dialect::Generic,
    execute: &["-c", "--command", "-e"],
    files: &["-f", "--file"],
    operands: Some(1),
};
client!(any, ANY);

static USQL: Cli = Cli {
    style: Style::Gnu,
    valued: &[
        "-c",
        "--command",
        "-e",
        "-f",
        "--file",
        "-o",
        "--out",
        "-v",
        "--set",
        "-P",
        "-F",
        "-R",
    ],
    rules: &[Rule::asks("", any), Rule::asks("*", any)],
    otherwise: Does::Asks(any),
    ..Cli::new("sql")
};
