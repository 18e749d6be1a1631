//! The scripts that come with Kafka, and `kcat`.
//!
//! Each is known with and without `.sh`. Most act by options, not by subcommands.

use super::super::super::{Cli, Does, How, Matched, Named, Program, Rule};
use crate::{
    classify::Judge,
    domain::{PlaceKind, Verb},
};

const PLACES: &[(&str, PlaceKind)] = &[
    ("--bootstrap-server", PlaceKind::Host),
    ("--broker-list", PlaceKind::Host),
    ("--zookeeper", PlaceKind::Host),
    ("--bootstrap-controller", PlaceKind::Host),
];

const VALUED: &[&str] = &[
    "--topic",
    "--group",
    "--command-config",
    "--config",
    "--delete-config",
    "--partitions",
    "--replication-factor",
    "--replica-assignment",
    "--config-file",
    "--consumer.config",
    "--producer.config",
    "--property",
    "--entity-type",
    "--entity-name",
    "--add-config",
    "--add-config-file",
    "--offset-json-file",
    "--reassignment-json-file",
    "--topics-to-move-json-file",
    "--throttle",
    "--to-offset",
    "--to-datetime",
    "--by-duration",
    "--shift-by",
    "--from-file",
    "--timeout",
    "--timeout-ms",
    "--max-messages",
    "--offset",
    "--partition",
    "--formatter",
    "--allow-principal",
    "--deny-principal",
    "--allow-host",
    "--deny-host",
    "--operation",
    "--principal",
    "--resource-pattern-type",
    "--state",
    "--type",
    "--election-type",
    "--path-to-json-file",
    "--authorizer-properties",
    "--cluster",
    "--transactional-id",
    "--delegation-token",
    "--users",
    "--broker-ids",
    "--broker-list",
    "--topic-list",
    "--time",
    "--include",
    "--whitelist",
    "--name",
    "--metadata",
    "--upgrade",
    "--feature",
    "--num-records",
    "--record-size",
    "--throughput",
    "--producer-props",
    "--messages",
    "--input-topics",
    "--application-id",
    "--intermediate-topics",
    "--producer-property",
    "--consumer-property",
    "--reader-config",
    "--command-property",
    "--formatter-property",
    "--replica-directory",
    "--controller-id",
    "--controller-directory-id",
    "--format",
    "--target",
];

const fn script(rules: &'static [Rule]) -> Cli {
    Cli {
        valued: VALUED,
        places: PLACES,
        harmless: &["--help", "--version"],
        rules,
        ..Cli::new("kafka")
    }
}

/// The programs of this file.
pub(in super::super) const KAFKA: &[Program] = &[
    Program { names: &["kafka-topics.sh", "kafka-topics"], how: How::Table(&TOPICS) },
    Program {
        names: &[
            "kafka-consumer-groups.sh",
            "kafka-consumer-groups",
            "kafka-share-groups.sh",
            "kafka-share-groups",
            "kafka-streams-groups.sh",
            "kafka-streams-groups",
        ],
        how: How::Table(&GROUPS),
    },
    Program { names: &["kafka-configs.sh", "kafka-configs"], how: How::Table(&CONFIGS) },
    Program {
        names: &["kafka-delete-records.sh", "kafka-delete-records"],
        how: How::Table(&RECORDS),
    },
    Program {
        names: &[
            "kafka-console-producer.sh",
            "kafka-console-producer",
            "kafka-producer-perf-test.sh",
            "kafka-producer-perf-test",
            "kafka-verifiable-producer.sh",
            "kafka-avro-console-producer",
            "kafka-json-schema-console-producer",
            "kafka-protobuf-console-producer",
        ],
        how: How::Table(&PRODUCE),
    },
    Program {
        names: &[
            "kafka-console-consumer.sh",
            "kafka-console-consumer",
            "kafka-avro-console-consumer",
            "kafka-json-schema-console-consumer",
            "kafka-protobuf-console-consumer",
            "kafka-consumer-perf-test.sh",
            "kafka-consumer-perf-test",
            "kafka-console-share-consumer.sh",
        ],
        how: How::Table(&CONSUME),
    },
    Program { names: &["kafka-acls.sh", "kafka-acls"], how: How::Table(&ACLS) },
    Program {
        names: &["kafka-reassign-partitions.sh", "kafka-reassign-partitions"],
        how: How::Table(&REASSIGN),
    },
    Program {
        names: &[
            "kafka-get-offsets.sh",
            "kafka-get-offsets",
            "kafka-log-dirs.sh",
            "kafka-log-dirs",
            "kafka-broker-api-versions.sh",
            "kafka-broker-api-versions",
            "kafka-dump-log.sh",
            "kafka-dump-log",
            "kafka-metadata-quorum.sh",
            "kafka-metadata-quorum",
            "kafka-metadata-shell.sh",
            "kafka-replica-verification.sh",
            "kafka-jmx.sh",
            "kafka-client-metrics.sh",
            "kafka-metadata-shell",
        ],
        how: How::Table(&LOOK),
    },
    Program {
        names: &[
            "kafka-leader-election.sh",
            "kafka-leader-election",
            "kafka-preferred-replica-election.sh",
        ],
        how: How::Table(&ELECT),
    },
    Program { names: &["kafka-features.sh", "kafka-features"], how: How::Table(&FEATURES) },
    Program { names: &["kafka-storage.sh", "kafka-storage"], how: How::Table(&STORAGE) },
    Program {
        names: &["kafka-streams-application-reset.sh", "kafka-streams-application-reset"],
        how: How::Table(&RESET),
    },
    Program { names: &["kafka-cluster.sh", "kafka-cluster"], how: How::Table(&CLUSTER) },
    Program {
        names: &["kafka-transactions.sh", "kafka-transactions"],
        how: How::Table(&TRANSACTIONS),
    },
    Program {
        names: &["kafka-delegation-tokens.sh", "kafka-delegation-tokens"],
        how: How::Table(&TOKENS),
    },
    Program {
        names: &[
            "kafka-server-start.sh",
            "kafka-server-start",
            "kafka-server-stop.sh",
            "kafka-server-stop",
            "zookeeper-server-start.sh",
            "zookeeper-server-stop.sh",
            "connect-distributed.sh",
            "connect-standalone.sh",
            "kafka-mirror-maker.sh",
            "connect-mirror-maker.sh",
        ],
        how: How::Table(&SERVER),
    },
    Program { names: &["kcat", "kafkacat"], how: How::Table(&KCAT) },
];

/// What several options say together: the most severe of those given, and what it is without any.
const fn by_options(when: &'static [(&'static str, Does)]) -> Rule {
    Rule::opaque("", "what it is to do is not said").when(when).named(Named::Option("--topic"))
}

static TOPICS: Cli = script(&[by_options(&[
    ("--list", Does::Reads),
    ("--describe", Does::Reads),
    ("--create", Does::Changes(Verb::Create, "delete the topic again")),
    ("--alter", Does::Changes(Verb::Update, "set it back; partitions stay")),
    ("--delete", Does::Destroys(Verb::Delete, "the topic and its messages are gone")),
])]);

static GROUPS: Cli = script(&[Rule::asks("", groups).named(Named::Option("--group"))]);

fn groups(m: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let does = if m.has("--delete") || m.has("--delete-offsets") {
        Does::Destroys(Verb::Delete, "the offsets of the group are gone")
    } else if m.has("--reset-offsets") {
        // Without `--execute` it only shows what it would set.
        if m.has("--execute") {
            Does::Destroys(
                Verb::Update,
                "the earlier offsets are gone: messages are read again or skipped",
            )
        } else {
            Does::Reads
        }
    } else if ["--list", "--describe", "--validate-regex"].iter().any(|look| m.has(look)) {
        Does::Reads
    } else {
        Does::Opaque("what it is to do is not said")
    };
    m.does(does, Named::Option("--group"), judge);
    if m.uncertain {
        judge.opaque(m.call.span(), "a word of unknown value may be an option that makes it worse");
    }
}

static CONFIGS: Cli = script(&[Rule::asks("", configs).named(Named::Option("--entity-name"))]);

fn configs(m: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let does = if m.has("--alter") {
        // A retention that is cut deletes what is older.
        let cuts = m.values(&["--add-config"]).any(|config| {
            let text = config.text();
            text.contains("retention.")
                || text.contains("cleanup.policy=delete")
                || text.contains("local.retention")
        });
        if cuts {
            Does::Destroys(Verb::Update, "messages older or more than that are deleted")
        } else {
            Does::Changes(Verb::Update, "set it back")
        }
    } else if m.has("--describe") {
        Does::Reads
    } else {
        Does::Opaque("what it is to do is not said")
    };
    m.does(does, Named::Option("--entity-name"), judge);
}

static RECORDS: Cli = script(&[Rule::deletes("", "the messages before the offsets are gone")
    .named(Named::Option("--offset-json-file"))]);
static PRODUCE: Cli =
    script(&[Rule::creates("", "a message cannot be unsent").named(Named::Option("--topic"))]);
static CONSUME: Cli = script(&[Rule::reads("")
    .when(&[("--group", Does::Changes(Verb::Update, "reset the offsets of the group"))])
    .named(Named::Option("--topic"))]);
static ACLS: Cli = script(&[by_options(&[
    ("--list", Does::Reads),
    ("--add", Does::Changes(Verb::Grant, "remove it again")),
    ("--remove", Does::Destroys(Verb::Delete, "the powers are gone")),
])]);
static REASSIGN: Cli = script(&[Rule::opaque("", "what it is to do is not said")
    .when(&[
        ("--generate", Does::Reads),
        ("--verify", Does::Reads),
        ("--list", Does::Reads),
        ("--execute", Does::Changes(Verb::Update, "move the partitions back")),
        ("--cancel", Does::Changes(Verb::Update, "start it again")),
    ])
    .named(Named::Nothing)]);
static LOOK: Cli = Cli { otherwise: Does::Reads, ..script(&[Rule::reads(""), Rule::reads("*")]) };
static ELECT: Cli =
    script(&[Rule::updates("", "elect the earlier leader").named(Named::Option("--topic"))]);
static FEATURES: Cli = script(&[
    Rule::reads("describe|version-mapping|feature-dependencies"),
    Rule::updates("upgrade|downgrade|disable", "set the earlier level").dry(&["--dry-run"]),
]);
static STORAGE: Cli = script(&[
    Rule::reads("info|random-uuid|version-mapping|feature-dependencies"),
    Rule::deletes("format", "what was in the directories is gone").named(Named::Option("--config")),
]);
static RESET: Cli =
    script(&[Rule::deletes("", "the offsets, the inner topics and their messages are gone")
        .dry(&["--dry-run"])
        .named(Named::Option("--application-id"))]);
static CLUSTER: Cli = script(&[
    Rule::reads("cluster-id|list-endpoints"),
    Rule::updates("unregister", "start the broker again"),
]);
static TRANSACTIONS: Cli = script(&[
    Rule::reads("list|describe|describe-producers|find-hanging"),
    Rule::deletes("abort|force-terminate", "what the transaction wrote is gone"),
]);
static TOKENS: Cli = script(&[by_options(&[
    ("--describe", Does::Reads),
    ("--create", Does::Changes(Verb::Grant, "expire the token")),
    ("--renew", Does::Changes(Verb::Grant, "expire the token")),
    ("--expire", Does::Destroys(Verb::Delete, "the token is gone")),
])]);
const RUN: Does = Does::Changes(Verb::Run, "start or stop it again");
static SERVER: Cli = script(&[Rule::new("", RUN), Rule::new("*", RUN), Rule::new("* *", RUN)]);

static KCAT: Cli = Cli {
    valued: &[
        "-t", "-p", "-o", "-c", "-f", "-F", "-X", "-s", "-r", "-D", "-K", "-k", "-H", "-m", "-z",
        "-d",
    ],
    places: &[("-b", PlaceKind::Host)],
    harmless: &["-h", "-V", "--help"],
    rules: &[
        Rule::asks("", kcat).named(Named::Option("-t")),
        Rule::asks("*", kcat).named(Named::Option("-t")),
    ],
    otherwise: Does::Asks(kcat),
    ..Cli::new("kafka")
};

fn kcat(m: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let does = if m.has("-P") {
        Does::Changes(Verb::Create, "a message cannot be unsent")
    } else if m.has("-G") {
        Does::Changes(Verb::Update, "reset the offsets of the group")
    } else if m.has("-L")
        || m.has("-C")
        || m.has("-Q")
        || matches!(m.call.stdin, crate::classify::Data::Nothing)
    {
        Does::Reads
    } else {
        // Without a mode it produces what it reads, or consumes when there is nothing to read.
        Does::Changes(Verb::Create, "a message cannot be unsent")
    };
    m.does(does, Named::Option("-t"), judge);
}
