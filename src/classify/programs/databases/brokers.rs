//! Message brokers: Kafka and Redpanda, `RabbitMQ`, NATS, Pulsar, `ActiveMQ`.
//!
//! From <https://kafka.apache.org/documentation/#operations>,
//! <https://docs.confluent.io/confluent-cli/current/command-reference/>,
//! <https://docs.redpanda.com/current/reference/rpk/>,
//! <https://www.rabbitmq.com/docs/man/rabbitmqctl.8>, <https://docs.nats.io/using-nats/nats-tools/nats_cli>,
//! <https://pulsar.apache.org/reference/#/4.0.x/pulsar-admin/>, 2026-11.

mod kafka;

use super::super::{Cli, Does, How, Program, Rule};
use crate::domain::{PlaceKind, Verb};

pub(super) use kafka::KAFKA;

/// The other programs of this file.
pub(super) const BROKERS: &[Program] = &[
    Program { names: &["rpk"], how: How::Table(&RPK) },
    Program { names: &["confluent"], how: How::Table(&CONFLUENT) },
    Program { names: &["rabbitmqctl"], how: How::Table(&RABBIT) },
    Program { names: &["rabbitmqadmin"], how: How::Table(&RABBIT_ADMIN) },
    Program {
        names: &[
            "rabbitmq-diagnostics",
            "rabbitmq-queues",
            "rabbitmq-streams",
            "rabbitmq-upgrade",
            "rabbitmq-plugins",
        ],
        how: How::Table(&RABBIT_TOOLS),
    },
    Program { names: &["nats"], how: How::Table(&NATS) },
    Program { names: &["pulsar-admin", "pulsarctl"], how: How::Table(&PULSAR) },
    Program { names: &["pulsar-client"], how: How::Table(&PULSAR_CLIENT) },
    Program { names: &["activemq", "artemis"], how: How::Table(&ACTIVEMQ) },
    Program { names: &["mosquitto_pub"], how: How::Table(&PUBLISH) },
    Program { names: &["mosquitto_sub", "mosquitto_rr"], how: How::Table(&SUBSCRIBE) },
];

const MESSAGES: &str = "the messages are gone";
const GONE: &str = "it and what it held are gone";

static RPK: Cli = Cli {
    valued: &[
        "-X",
        "--config",
        "--user",
        "--password",
        "--sasl-mechanism",
        "-p",
        "--partitions",
        "-r",
        "--replicas",
        "-c",
        "--topic-config",
        "-s",
        "--set",
        "-d",
        "--delete",
        "-n",
        "--num",
        "-o",
        "--offset",
        "-f",
        "--format",
        "-k",
        "--key",
        "-t",
        "--to",
        "--topics",
        "--allow-principal",
        "--topic",
        "-g",
        "--group",
        "--operation",
        "-b",
        "--rpc-addr",
    ],
    places: &[
        ("--brokers", PlaceKind::Host),
        ("--profile", PlaceKind::Profile),
        ("--api-urls", PlaceKind::Host),
    ],
    flags: &["--no-confirm", "--dry", "--dry-run", "--print-partitions", "--summary", "--follow"],
    rules: &[
        Rule::deletes("topic delete", "the topic and its messages are gone"),
        Rule::deletes("topic trim-prefix", MESSAGES),
        Rule::creates("topic create|add-partitions", "delete it again").dry(&["--dry", "-d"]),
        Rule::updates("topic alter-config", "set it back").dry(&["--dry"]),
        Rule::reads("topic list|describe|describe-storage|analyze"),
        Rule::reads("topic consume").when(&[
            ("-g", Does::Changes(Verb::Update, "seek back")),
            ("--group", Does::Changes(Verb::Update, "seek back")),
        ]),
        Rule::creates("topic produce", "a message cannot be unsent"),
        Rule::deletes("group delete|offset-delete", "the offsets of the group are gone"),
        Rule::deletes("group seek", "the earlier offsets of the group are gone"),
        Rule::reads("group list|describe"),
        Rule::reads(
            "cluster|security|registry|debug|profile|transform|connect|plugin|cloud|\
             redpanda|generate|container|shadow info|list|health|metadata|describe|logs|\
             status|get|logdirs|current|print|diagnose|tune",
        ),
        Rule::reads(
            "cluster config|partitions|quotas|license|storage|maintenance|txn|\
             self-test get|list|status|export|describe|info|lint",
        ),
        Rule::reads("security acl|user|role|secret list|describe"),
        Rule::reads(
            "registry schema|subject|compatibility-level|mode list|get|check-compatibility|\
             references",
        ),
        Rule::updates("cluster config set|import|edit|force-reset", "set it back"),
        Rule::updates(
            "cluster maintenance|self-test|partitions|quotas|license|storage enable|\
             disable|start|stop|balance|move|move-cancel|alter|set|import|\
             transfer-leadership|toggle|mount|unmount|restore|cancel",
            "set it back",
        ),
        Rule::deletes(
            "cluster partitions unsafe-recover",
            "data that only the lost nodes had is gone",
        ),
        Rule::deletes("redpanda admin brokers decommission", "the broker leaves the cluster"),
        Rule::reads("redpanda admin brokers list|decommission-status"),
        Rule::reads("redpanda admin config|partitions print|list"),
        Rule::grants(
            "security acl|user|role create|assign|update|unassign|edit",
            "delete it again",
        ),
        Rule::deletes("security acl|user|role|secret delete", "the powers are gone"),
        Rule::creates(
            "registry schema|compatibility-level|mode create|set|reset",
            "delete it again",
        ),
        Rule::deletes("registry schema|subject delete", "the schema is gone"),
        Rule::deletes("transform|cloud|profile|container|shadow delete|purge", GONE),
        Rule::creates(
            "transform|profile|container|connect|plugin|cloud|generate|redpanda|debug|\
             shadow deploy|build|init|create|install|start|stop|use|set|edit|login|logout|\
             run|bundle|pause|resume|prompt|clear|update|failover|config|mode",
            "undo it with the opposite command",
        ),
        Rule::reads("version|help"),
    ],
    ..Cli::new("kafka")
};

static CONFLUENT: Cli = Cli {
    valued: &[
        "-o",
        "--output",
        "--context",
        "--config",
        "--partitions",
        "--config-file",
        "--resource",
        "--api-key",
        "--api-secret",
        "--topic",
        "--subject",
        "--version",
        "--operations",
        "--principal",
        "--role",
        "--service-account",
        "--description",
        "--type",
        "--cloud",
        "--region",
        "--availability",
        "--group",
        "--value-format",
        "--schema",
    ],
    places: &[("--environment", PlaceKind::Name), ("--cluster", PlaceKind::Context)],
    flags: &["--force", "--dry-run", "--from-beginning", "--if-not-exists", "--no-authentication"],
    rules: &[
        Rule::reads("** list|describe|lag|validate|show|status|logs|stats|current|config-show"),
        Rule::deletes("** delete|drop", GONE).dry(&["--dry-run"]),
        Rule::creates("** create|produce|register|store|upload|init", "delete it again")
            .dry(&["--dry-run"]),
        Rule::updates(
            "** update|use|pause|resume|start|stop|set|promote|failover|mirror|enable|\
             disable|undelete|login|logout|save|reset|restart",
            "set it back",
        )
        .dry(&["--dry-run"]),
        Rule::reads("kafka topic consume"),
        Rule::reads("version|help|completion|shell"),
    ],
    ..Cli::new("confluent")
};

static RABBIT: Cli = Cli {
    valued: &[
        "-n",
        "--node",
        "-t",
        "--timeout",
        "-p",
        "--vhost",
        "--formatter",
        "--priority",
        "--apply-to",
    ],
    flags: &[
        "-q",
        "--quiet",
        "-s",
        "--silent",
        "--longnames",
        "-l",
        "--dry-run",
        "--online",
        "--offline",
        "--if-empty",
        "--if-unused",
    ],
    places: &[
        ("-n", PlaceKind::Host),
        ("--node", PlaceKind::Host),
        ("-p", PlaceKind::Name),
        ("--vhost", PlaceKind::Name),
    ],
    rules: &[
        Rule::deletes(
            "reset|force_reset",
            "every queue, message, user and setting of the node is gone",
        ),
        Rule::deletes("delete_queue", "the queue and its messages are gone"),
        Rule::deletes("purge_queue", MESSAGES),
        Rule::deletes("delete_vhost", "the virtual host, its queues and their messages are gone"),
        Rule::deletes("delete_user", "the user is gone"),
        Rule::deletes(
            "forget_cluster_node|delete_member|force_gc_all|delete_shovel|\
             clear_parameter_all|delete_vhost_limits|close_all_connections|\
             close_all_user_connections",
            "it is cut off or gone",
        ),
        Rule::updates(
            "stop_app|start_app|stop|shutdown|rotate_logs|hibernate|await_startup|\
             await_online_nodes|wait|join_cluster|sync_queue|cancel_sync_queue|\
             close_connection|set_log_level|set_disk_free_limit|\
             set_vm_memory_high_watermark|set_cluster_name|set_policy|set_operator_policy|\
             set_parameter|set_global_parameter|set_vhost_limits|set_user_limits|\
             set_vhost_tags|rename_cluster_node|restart_vhost|suspend_listeners|\
             resume_listeners|enable_feature_flag|enable_free_disk_space_monitoring|\
             disable_free_disk_space_monitoring|force_boot|update_cluster_nodes|\
             change_cluster_node_type|force_gc|trace_on|trace_off|grow|shrink|add_member|\
             reclaim_quorum_memory|rebalance|update_vhost_metadata|\
             deactivate_free_disk_space_monitoring|reset_stats_db|import_definitions|\
             encode|set_delivery_limit",
            "set it back with the opposite command",
        ),
        Rule::updates(
            "clear_policy|clear_operator_policy|clear_parameter|clear_global_parameter|\
             clear_vhost_limits|clear_user_limits",
            "set it again",
        ),
        Rule::grants(
            "add_user|set_permissions|set_topic_permissions|set_user_tags|change_password|\
             add_vhost|clear_permissions|clear_topic_permissions|clear_password|\
             hash_password",
            "set the earlier powers",
        ),
        Rule::reads(
            "list_queues|list_exchanges|list_bindings|list_connections|list_channels|\
             list_consumers|list_users|list_vhosts|list_permissions|list_user_permissions|\
             list_topic_permissions|list_user_topic_permissions|list_policies|\
             list_operator_policies|list_parameters|list_global_parameters|\
             list_vhost_limits|list_user_limits|list_ciphers|list_hashes|\
             list_feature_flags|list_unresponsive_queues|list_node_auth_attempt_stats|\
             list_deprecated_features|status|cluster_status|environment|report|ping|\
             node_health_check|authenticate_user|check_user|schema_info|help|version|\
             decode|disk_free_limit_help|export_definitions|autocomplete|\
             list_stream_connections|list_stream_consumers|list_stream_publishers|\
             trace_status|describe_feature_flag",
        ),
        Rule::opaque("eval|eval_file|exec|remote_shell", "Erlang is not read"),
    ],
    ..Cli::new("rabbitmq")
};

static RABBIT_ADMIN: Cli = Cli {
    valued: &[
        "-P",
        "--port",
        "-u",
        "--username",
        "-p",
        "--password",
        "-f",
        "--format",
        "-c",
        "--config",
        "-d",
        "--depth",
        "-S",
        "--sort",
        "-U",
        "--base-uri",
        "--name",
        "--durable",
        "--routing-key",
        "--payload",
        "--source",
        "--destination",
        "--file",
    ],
    places: &[
        ("-H", PlaceKind::Host),
        ("--host", PlaceKind::Host),
        ("-V", PlaceKind::Name),
        ("--vhost", PlaceKind::Name),
        ("-N", PlaceKind::Name),
        ("--node", PlaceKind::Host),
    ],
    rules: &[
        Rule::reads(
            "list|show|export|help|health_check|nodes|feature_flags|deprecated_features|overview",
        ),
        Rule::deletes("delete|purge", "it and its messages are gone"),
        Rule::deletes(
            "queues|exchanges|vhosts|users|bindings|policies|streams|permissions|\
             parameters|shovels|federation delete|purge|delete_all|clear",
            "it and its messages are gone",
        ),
        Rule::reads(
            "queues|exchanges|vhosts|users|bindings|policies|streams|permissions|\
             parameters|shovels|federation|connections|channels|definitions list|show|\
             export",
        ),
        Rule::creates("declare|publish|import", "delete it again"),
        Rule::creates(
            "queues|exchanges|vhosts|users|bindings|policies|streams|permissions|\
             parameters|shovels|federation|definitions|messages declare|bind|publish|\
             import|set",
            "delete it again",
        ),
        // Messages that are got may be taken out.
        Rule::updates("get|close", "publish them again"),
    ],
    ..Cli::new("rabbitmq")
};

static RABBIT_TOOLS: Cli = Cli {
    valued: &["-n", "--node", "-t", "--timeout", "-p", "--vhost", "--formatter"],
    flags: &[
        "-q",
        "--quiet",
        "-s",
        "--silent",
        "--offline",
        "--online",
        "-E",
        "-m",
        "-v",
        "--dry-run",
    ],
    rules: &[
        Rule::reads(
            "status|ping|check_running|check_local_alarms|check_alarms|\
             check_port_connectivity|check_port_listener|check_protocol_listener|\
             check_virtual_hosts|cluster_status|environment|listeners|memory_breakdown|\
             observer|os_env|server_version|runtime_thread_stats|log_tail|log_location|\
             list|is_enabled|quorum_status|check_if_node_is_quorum_critical|stream_status|\
             maybe_stuck|alarms|certificates|cipher_suites|consume_event_stream|\
             discover_peers|erlang_version|erlang_cookie_hash|erlang_cookie_sources|\
             disk_free|help|version|directories|list_stream_tracking|list_stream_consumers|\
             metadata_store_status|list_network_interfaces|is_booting|is_running|\
             node_health_check|name|peek",
        ),
        Rule::updates(
            "enable|disable|set|grow|shrink|rebalance|drain|revive|\
             await_online_quorum_plus_one|await_online_synchronized_mirror|post_upgrade|\
             add_replica|restart_stream|set_stream_retention_policy|add_member|\
             reclaim_quorum_memory|maybe_full_gc",
            "set it back",
        ),
        Rule::deletes("delete_member|delete_replica|delete_super_stream", "the copy is gone"),
    ],
    ..Cli::new("rabbitmq")
};

static NATS: Cli = Cli {
    valued: &[
        "--creds",
        "--user",
        "--password",
        "--nkey",
        "--tlscert",
        "--tlskey",
        "--tlsca",
        "--timeout",
        "--config",
        "--subjects",
        "--storage",
        "--replicas",
        "--retention",
        "--max-age",
        "--count",
        "--keep",
        "--seq",
        "--subject",
        "--filter",
        "-H",
        "--ttl",
        "--history",
        "--last",
        "--queue",
    ],
    places: &[
        ("-s", PlaceKind::Host),
        ("--server", PlaceKind::Host),
        ("--context", PlaceKind::Context),
        ("NATS_URL", PlaceKind::Host),
    ],
    flags: &["-f", "--force", "--json", "-j", "--trace", "--all", "-a", "--raw", "--ack"],
    rules: &[
        Rule::deletes("stream|str|s rm|delete|del|purge|rmm|rmmsg", MESSAGES),
        Rule::deletes("consumer|con|c rm|delete|del", "the position of the consumer is gone"),
        Rule::deletes("kv|object|obj|o del|rm|purge|compact", "the values are gone"),
        Rule::deletes("kv|object|obj del-bucket", GONE),
        Rule::reads(
            "stream|str|s|consumer|con|c|kv|object|obj ls|list|info|view|get|report|state|\
             subjects|find|graph|gaps|watch|history|status|search",
        ),
        Rule::creates(
            "stream|str|s|consumer|con|c|kv|object|obj add|new|create|copy|put|restore|\
             import|clone",
            "delete it again",
        ),
        Rule::updates(
            "stream|str|s|consumer|con|c|kv|object|obj edit|update|seal|next|pause|resume|\
             reset|cluster|revert|unpin|upgrade",
            "set it back",
        ),
        Rule::creates("stream|account backup", "remove the backup"),
        Rule::reads(
            "server|account|context|schema|auth|service|micro|events|rtt|latency|errors|\
             cheat|top ls|list|info|ping|report|check|graph|request|stats|show|get|search|\
             validate|explain|mappings|connections|watch",
        ),
        Rule::creates("pub|publish|req|request|reply|bench|schedule", "a message cannot be unsent"),
        Rule::reads("sub|subscribe|rtt|events|top|cheat|errors|latency|trace|traffic"),
        Rule::updates(
            "context save|add|edit|select|copy|rename|previous",
            "select the earlier one",
        ),
        Rule::deletes("context rm|delete", "the context is gone"),
        Rule::deletes("server raft|cluster peer-remove", "the peer leaves the cluster"),
        Rule::updates(
            "server config|cluster|raft|run|mkpasswd|passwd step-down|balance|reload",
            "set it back",
        ),
        Rule::deletes("account|auth purge|rm|delete", GONE),
    ],
    ..Cli::new("nats")
};

static PULSAR: Cli = Cli {
    valued: &[
        "--auth-params",
        "--auth-plugin",
        "-s",
        "--subscription",
        "-p",
        "--partitions",
        "-t",
        "--time",
        "-n",
        "--count",
        "--retention",
        "--size",
        "--bundle",
    ],
    places: &[
        ("--admin-url", PlaceKind::Host),
        ("-c", PlaceKind::Context),
        ("--cluster", PlaceKind::Context),
    ],
    flags: &["-f", "--force", "-d"],
    rules: &[
        Rule::deletes(
            "** delete|delete-partitioned-topic|clear-backlog|clear-namespace-backlog|\
             truncate|terminate|partitioned-terminate|expire-messages|\
             expire-messages-all-subscriptions|skip|skip-all|clear-subscription-backlog|\
             delete-namespace|unsubscribe",
            MESSAGES,
        ),
        Rule::reads("namespaces topics"),
        Rule::deletes("** reset-cursor", "the earlier position is gone"),
        Rule::reads(
            "** list|list-partitioned-topics|get|stats|stats-internal|partitioned-stats|\
             subscriptions|permissions|peek-messages|info|lookup|info-internal|policies|\
             get-retention|get-backlog-quota|status|version|bundle-range|\
             get-partitioned-topic-metadata|internal-info|partitioned-lookup|\
             last-message-id|list-active|list-failure-domains|healthcheck|\
             get-message-by-id|get-message-ttl|get-cluster|get-all-dynamic-config|\
             list-dynamic-config|get-runtime-config|get-internal-config|leader-broker|\
             query|querystate",
        ),
        Rule::creates(
            "** create|create-partitioned-topic|create-subscription|\
             create-missed-partitions|upload|produce|putstate|trigger",
            "delete it again",
        ),
        Rule::updates(
            "** update|update-partitioned-topic|unload|compact|offload|set-retention|\
             set-message-ttl|set-backlog-quota|start|stop|restart|set-policies|\
             set-deduplication|update-dynamic-config|set-compaction-threshold|\
             set-persistence|set-schema-compatibility-strategy|split-bundle|\
             compaction-status|offload-status|remove-backlog-quota|remove-retention|\
             remove-message-ttl|trim-topic|set-dispatch-rate|set-max-consumers|\
             enable-deduplication",
            "set it back",
        ),
        Rule::grants(
            "** grant-permission|grant-subscription-permission|revoke-permission|\
             revoke-permissions|set-auth",
            "set the earlier powers",
        ),
    ],
    ..Cli::new("pulsar")
};

static PULSAR_CLIENT: Cli = Cli {
    valued: &[
        "--url",
        "--auth-params",
        "--auth-plugin",
        "-m",
        "--messages",
        "-n",
        "--num-messages",
        "-s",
        "--subscription-name",
        "-t",
    ],
    rules: &[
        Rule::creates("produce", "a message cannot be unsent"),
        Rule::updates("consume", "reset the cursor"),
        Rule::reads("read"),
    ],
    ..Cli::new("pulsar")
};

static ACTIVEMQ: Cli = Cli {
    valued: &[
        "--user",
        "--password",
        "--name",
        "--message",
        "--destination",
        "--url",
        "--message-count",
        "--msgsel",
        "--amqjmxurl",
        "--jmxurl",
    ],
    rules: &[
        Rule::deletes("purge", MESSAGES),
        Rule::deletes("queue|address purge|delete", MESSAGES),
        Rule::reads("bstat|browse|dstat|list|query|export|status|help|version"),
        Rule::reads("queue|address|data|check|connection stat|show|print|exp|node|queue|list"),
        Rule::runs("start|stop|restart|console|run|kill", "start or stop it again"),
        Rule::creates("producer|create|encrypt", "delete it again"),
        Rule::creates("queue|address|user create|add|update", "delete it again"),
        Rule::deletes("user rm", "the user is gone"),
        Rule::updates("consumer|transfer", "send them again"),
    ],
    ..Cli::new("activemq")
};

const MQTT: &[&str] = &[
    "-t", "-m", "-p", "-u", "-P", "-q", "-i", "-f", "--cafile", "--cert", "--key", "-C", "-W",
    "-F", "-e", "-V", "-k", "-I", "-A", "-L", "-D",
];
static PUBLISH: Cli = Cli {
    valued: MQTT,
    places: &[("-h", PlaceKind::Host)],
    harmless: &["--help"],
    rules: &[Rule::creates("", "a message cannot be unsent")],
    ..Cli::new("mqtt")
};
static SUBSCRIBE: Cli = Cli {
    valued: MQTT,
    places: &[("-h", PlaceKind::Host)],
    harmless: &["--help"],
    rules: &[Rule::reads("")],
    ..Cli::new("mqtt")
};
