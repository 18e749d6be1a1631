//! The tools that come with `PostgreSQL`.
//!
//! From the reference of `PostgreSQL` 18 (<https://www.postgresql.org/docs/18/reference-client.html>,
//! <https://www.postgresql.org/docs/18/reference-server.html>), 2026-11; `pgbackrest` and `pgcopydb`
//! from their user guides.

use super::super::{Cli, Does, How, Program, Rule};
use crate::domain::{PlaceKind, Verb};

const SERVICE: &str = "postgresql";
const PLACES: &[(&str, PlaceKind)] = &[
    ("-h", PlaceKind::Host),
    ("--host", PlaceKind::Host),
    ("-d", PlaceKind::Name),
    ("--dbname", PlaceKind::Name),
    ("PGHOST", PlaceKind::Host),
    ("PGDATABASE", PlaceKind::Name),
    ("PGSERVICE", PlaceKind::Name),
];
const HARMLESS: &[&str] = &["--help", "-?", "--version", "-V"];
const VALUED: &[&str] = &[
    "-p",
    "--port",
    "-U",
    "--username",
    "-j",
    "--jobs",
    "-t",
    "--table",
    "-n",
    "--schema",
    "-T",
    "--exclude-table",
    "-N",
    "--exclude-schema",
    "--maintenance-db",
    "-Z",
    "--compress",
    "--role",
    "-E",
    "--encoding",
    "--tablespace",
    "-O",
    "--owner",
    "-D",
    "-l",
    "-c",
    "-F",
    "--format",
    "-S",
    "--superuser",
    "--section",
    "--lock-wait-timeout",
    "-i",
    "--index",
    "-s",
    "--snapshot",
    "-f",
    "--file",
];

/// The programs of this file.
pub(super) const TOOLS: &[Program] = &[
    Program { names: &["pg_dump", "pg_dumpall", "ysql_dump"], how: How::Table(&DUMP) },
    Program { names: &["pg_restore"], how: How::Table(&RESTORE) },
    Program { names: &["dropdb"], how: How::Table(&DROPDB) },
    Program { names: &["dropuser"], how: How::Table(&DROPUSER) },
    Program { names: &["createdb", "createuser", "createlang"], how: How::Table(&CREATE) },
    Program {
        names: &[
            "reindexdb",
            "vacuumdb",
            "clusterdb",
            "vacuumlo",
            "pg_repack",
            "pg_amcheck",
            "amcheck",
        ],
        how: How::Table(&KEEP),
    },
    Program { names: &["pg_ctl", "pg_ctlcluster"], how: How::Table(&CTL) },
    Program {
        names: &["pg_basebackup", "pg_receivewal", "pg_recvlogical", "pg_combinebackup"],
        how: How::Table(&BACKUP),
    },
    Program { names: &["pg_resetwal", "pg_resetxlog"], how: How::Table(&RESETWAL) },
    Program { names: &["pg_rewind"], how: How::Table(&REWIND) },
    Program { names: &["pg_archivecleanup"], how: How::Table(&CLEANUP) },
    Program { names: &["initdb", "pg_createcluster", "pg_upgradecluster"], how: How::Table(&INIT) },
    Program { names: &["pg_dropcluster"], how: How::Table(&DROPCLUSTER) },
    Program { names: &["pgbench"], how: How::Table(&BENCH) },
    Program {
        names: &[
            "pg_isready",
            "pg_config",
            "pg_controldata",
            "pg_waldump",
            "pg_lsclusters",
            "pg_test_fsync",
            "pg_test_timing",
            "pg_verifybackup",
            "pg_activity",
            "pgbadger",
            "pg_top",
        ],
        how: How::Table(&LOOK),
    },
    Program { names: &["pg_upgrade"], how: How::Table(&UPGRADE) },
    Program { names: &["pgbackrest"], how: How::Table(&PGBACKREST) },
    Program { names: &["patronictl"], how: How::Table(&PATRONI) },
    Program { names: &["repmgr"], how: How::Table(&REPMGR) },
];

const fn tool(rules: &'static [Rule]) -> Cli {
    Cli { valued: VALUED, places: PLACES, harmless: HARMLESS, rules, ..Cli::new(SERVICE) }
}

const FILE: &[(&str, Does)] = &[
    ("-f", Does::Changes(Verb::Create, "remove the file")),
    ("--file", Does::Changes(Verb::Create, "remove the file")),
];

static DUMP: Cli = Cli {
    // `-c` puts DROP statements into the dump and drops nothing; `-s` takes no value here.
    valued: &[
        "-p",
        "--port",
        "-U",
        "--username",
        "-j",
        "--jobs",
        "-t",
        "--table",
        "-n",
        "--schema",
        "-T",
        "--exclude-table",
        "-N",
        "--exclude-schema",
        "--exclude-table-data",
        "-Z",
        "--compress",
        "--role",
        "-E",
        "--encoding",
        "-F",
        "--format",
        "-S",
        "--superuser",
        "--section",
        "--lock-wait-timeout",
        "--snapshot",
        "-f",
        "--file",
        "-l",
        "--database",
        "--filter",
        "-e",
        "--extension",
        "--rows-per-insert",
        "--exclude-database",
    ],
    flags: &[
        "--clean",
        "--create",
        "--if-exists",
        "--no-owner",
        "--no-acl",
        "--no-privileges",
        "--schema-only",
        "--data-only",
        "--verbose",
        "--inserts",
        "--column-inserts",
        "--blobs",
        "--globals-only",
        "--roles-only",
        "--no-password",
    ],
    ..tool(&[Rule::reads("").when(FILE), Rule::reads("*").when(FILE)])
};

const RESTORED: &str = "drop what was restored";
const CLEANS: &[(&str, Does)] = &[
    ("-c", Does::Destroys(Verb::Delete, "what was there before is dropped first")),
    ("--clean", Does::Destroys(Verb::Delete, "what was there before is dropped first")),
];
const LISTS: &[&str] = &["-l", "--list", "-f", "--file"];

static RESTORE: Cli = Cli {
    valued: &[
        "-p",
        "--port",
        "-U",
        "--username",
        "-j",
        "--jobs",
        "-t",
        "--table",
        "-n",
        "--schema",
        "-N",
        "--exclude-schema",
        "--role",
        "-F",
        "--format",
        "-S",
        "--superuser",
        "--section",
        "-f",
        "--file",
        "-L",
        "--use-list",
        "-I",
        "--index",
        "-P",
        "--function",
        "-T",
        "--trigger",
        "--filter",
        "--transaction-size",
    ],
    flags: &[
        "--create",
        "--if-exists",
        "--no-owner",
        "--no-acl",
        "--no-privileges",
        "--schema-only",
        "--data-only",
        "--verbose",
        "--single-transaction",
        "--exit-on-error",
        "--disable-triggers",
        "--no-password",
    ],
    ..tool(&[
        Rule::creates("", RESTORED).when(CLEANS).dry(LISTS),
        Rule::creates("*", RESTORED).when(CLEANS).dry(LISTS),
    ])
};

static DROPDB: Cli = tool(&[
    Rule::deletes("", "the database and everything in it are gone"),
    Rule::deletes("*", "the database and everything in it are gone"),
]);
static DROPUSER: Cli = tool(&[
    Rule::deletes("", "the role and its powers are gone"),
    Rule::deletes("*", "the role and its powers are gone"),
]);
static CREATE: Cli =
    tool(&[Rule::creates("", "drop it again"), Rule::creates("*", "drop it again")]);
static KEEP: Cli = Cli {
    valued: &[
        "-p",
        "--port",
        "-U",
        "--username",
        "-j",
        "--jobs",
        "-t",
        "--table",
        "-n",
        "--schema",
        "-N",
        "--exclude-schema",
        "--maintenance-db",
        "-i",
        "--index",
        "-P",
        "--parallel",
    ],
    flags: &[
        "--all",
        "-a",
        "--full",
        "-f",
        "--analyze",
        "-z",
        "--analyze-only",
        "--analyze-in-stages",
        "--concurrently",
        "--verbose",
        "-v",
        "--system",
        "--freeze",
    ],
    ..tool(&[Rule::runs("", "nothing is lost"), Rule::runs("*", "nothing is lost")])
};
static CTL: Cli = Cli {
    valued: &[
        "-D",
        "--pgdata",
        "-l",
        "--log",
        "-m",
        "--mode",
        "-o",
        "--options",
        "-p",
        "-t",
        "--timeout",
    ],
    places: &[],
    ..tool(&[
        Rule::reads("status"),
        Rule::updates("start|stop|restart|reload|promote|logrotate|kill", "start or stop it again"),
        Rule::creates("init|initdb", "remove the new directory"),
        Rule::reads("* * status"),
        Rule::updates("* * start|stop|restart|reload|promote", "start or stop it again"),
    ])
};
static BACKUP: Cli = tool(&[
    Rule::creates("", "remove the backup").when(SLOT),
    Rule::creates("*", "remove the backup").when(SLOT),
]);
const SLOT: &[(&str, Does)] = &[(
    "--drop-slot",
    Does::Destroys(Verb::Delete, "the slot and the changes kept for it are gone"),
)];
const WAL: &str = "what was written and not yet in the tables is gone";
const DRY: &[&str] = &["-n", "--dry-run"];
static RESETWAL: Cli = Cli {
    valued: &["-D", "--pgdata", "-c", "-e", "-l", "-m", "-o", "-O", "-u", "-x", "--wal-segsize"],
    ..tool(&[Rule::deletes("", WAL).dry(DRY), Rule::deletes("*", WAL).dry(DRY)])
};
static REWIND: Cli = Cli {
    valued: &["-D", "--target-pgdata", "--source-pgdata", "--source-server"],
    ..tool(&[Rule::deletes("", "what only this server had written is gone").dry(DRY)])
};
static CLEANUP: Cli =
    Cli { valued: &["-x"], ..tool(&[Rule::deletes("* *", "the archived logs are gone").dry(DRY)]) };
static INIT: Cli = tool(&[
    Rule::creates("", "remove the new directory"),
    Rule::creates("*", "remove the new directory"),
]);
static DROPCLUSTER: Cli = tool(&[Rule::deletes("*", "the cluster and its databases are gone")]);
const DROPS: &[(&str, Does)] = &[
    ("-i", Does::Destroys(Verb::Delete, "tables named pgbench_… are dropped first")),
    ("--initialize", Does::Destroys(Verb::Delete, "tables named pgbench_… are dropped first")),
    ("-f", Does::Opaque("what the script does is not known")),
    ("--file", Does::Opaque("what the script does is not known")),
];
static BENCH: Cli = Cli {
    valued: &[
        "-p",
        "--port",
        "-U",
        "--username",
        "-c",
        "--client",
        "-j",
        "--jobs",
        "-T",
        "--time",
        "-t",
        "--transactions",
        "-s",
        "--scale",
        "-F",
        "--fillfactor",
        "-f",
        "--file",
        "-D",
        "--define",
        "-M",
        "--protocol",
        "-R",
        "--rate",
        "-P",
        "--progress",
        "-L",
        "--latency-limit",
        "-b",
        "--builtin",
        "-I",
        "--init-steps",
        "--partitions",
        "--tablespace",
        "--random-seed",
    ],
    flags: &["-n", "--no-vacuum", "-S", "--select-only", "-N", "--skip-some-updates"],
    ..tool(&[
        Rule::runs("", "rows of its own tables change").when(DROPS),
        Rule::runs("*", "rows of its own tables change").when(DROPS),
    ])
};
static LOOK: Cli = Cli { otherwise: Does::Reads, ..tool(&[Rule::reads(""), Rule::reads("*")]) };
static UPGRADE: Cli = Cli {
    valued: &[
        "-b",
        "--old-bindir",
        "-B",
        "--new-bindir",
        "-d",
        "--old-datadir",
        "-D",
        "--new-datadir",
        "-j",
        "--jobs",
        "-o",
        "-O",
        "-p",
        "-P",
        "-U",
    ],
    places: &[],
    ..tool(&[Rule::updates("", "start the old cluster again").dry(&["-c", "--check"]).when(&[
        ("-k", Does::Destroys(Verb::Update, "the old cluster cannot be started again")),
        ("--link", Does::Destroys(Verb::Update, "the old cluster cannot be started again")),
    ])])
};
static PGBACKREST: Cli = Cli {
    places: &[("--stanza", PlaceKind::Name)],
    flags: &["--delta", "--force", "--dry-run"],
    valued: &["--type", "--target", "--repo", "--set", "--log-level-console", "--db-include"],
    ..tool(&[
        Rule::reads("info|check|verify|help|version|repo-ls|repo-get"),
        Rule::creates("backup|stanza-create|archive-push", "expire it"),
        Rule::updates(
            "stanza-upgrade|start|stop|annotate|archive-get|server",
            "start or stop it again",
        ),
        Rule::deletes("expire", "the backups are gone").dry(&["--dry-run"]),
        Rule::deletes("stanza-delete|repo-rm", "every backup is gone"),
        Rule::deletes("restore", "what is in the data directory is overwritten"),
    ])
};
static PATRONI: Cli = Cli {
    valued: &[
        "-c",
        "--config-file",
        "--dcs",
        "-s",
        "--set",
        "-p",
        "--pg",
        "--leader",
        "--candidate",
        "--scheduled",
        "--role",
        "-k",
    ],
    harmless: &["--help", "--version"],
    places: &[],
    ..tool(&[
        Rule::reads("list|topology|history|show-config|version|dsn"),
        Rule::updates(
            "failover|switchover|restart|reload|pause|resume|edit-config|flush|\
             demote-cluster|promote-cluster",
            "fail over again or set it back",
        ),
        Rule::deletes("reinit", "the member's data is removed and copied anew"),
        Rule::deletes("remove", "what is known of the cluster is gone"),
        Rule::opaque("query", "the query is not read"),
    ])
};
static REPMGR: Cli = Cli {
    valued: &[
        "-f",
        "--config-file",
        "--upstream-node-id",
        "--node-id",
        "-D",
        "--data-dir",
        "-U",
        "-p",
        "-L",
    ],
    ..tool(&[
        Rule::reads("cluster|node|daemon|service show|status|check|event|crosscheck|matrix|ping"),
        Rule::updates(
            "standby|primary|node|daemon|service|witness promote|switchover|follow|\
             register|unregister|rejoin|pause|unpause|start|stop|service",
            "fail over again",
        )
        .dry(&["--dry-run"]),
        Rule::creates("standby clone", "remove the copy").dry(&["--dry-run"]).when(&[
            ("-F", Does::Destroys(Verb::Delete, "the data directory is overwritten")),
            ("--force", Does::Destroys(Verb::Delete, "the data directory is overwritten")),
        ]),
        Rule::deletes("cluster cleanup", "the history is gone"),
    ])
};
