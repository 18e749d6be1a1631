//! Services: starting, stopping, and what must not be stopped.
//!
//! From <https://www.freedesktop.org/software/systemd/man/latest/systemctl.html>,
//! <http://supervisord.org/>, <https://pm2.keymetrics.io/docs/> and the pages of launchd, 2026-11.

use super::{
    super::{Cli, Does, Matched, Named, Program, Rule},
    COMMANDS,
};
use crate::{
    classify::Judge,
    domain::{PlaceKind, Verb},
};

pub(super) const PROGRAMS: &[Program] = &[
    Program::table(&["systemctl"], &SYSTEMCTL),
    Program::table(&["service", "invoke-rc.d", "rc-service"], &SERVICE),
    Program::table(
        &[
            "initctl",
            "supervisorctl",
            "launchctl",
            "rc-update",
            "chkconfig",
            "sv",
            "monit",
            "s6-svc",
            "update-rc.d",
        ],
        &OTHERS,
    ),
    Program::table(&["pm2", "forever"], &PM2),
    Program::table(&["nginx"], &NGINX),
    Program::table(&["apachectl", "apache2ctl", "httpd", "apache2"], &APACHE),
    Program::table(
        &[
            "a2ensite",
            "a2dissite",
            "a2enmod",
            "a2dismod",
            "postfix",
            "rndc",
            "unbound-control",
            "varnishadm",
            "caddy",
            "php-fpm",
            "sshd",
        ],
        &DAEMONS,
    ),
    Program::table(&["haproxy"], &HAPROXY),
    Program::table(&["postsuper"], &POSTSUPER),
    Program::table(
        &[
            "timedatectl",
            "hostnamectl",
            "localectl",
            "loginctl",
            "machinectl",
            "bootctl",
            "resolvectl",
            "networkctl",
            "busctl",
            "coredumpctl",
            "homectl",
            "portablectl",
            "oomctl",
            "varlinkctl",
            "systemd-resolve",
        ],
        &CTLS,
    ),
    Program::table(&["certbot", "letsencrypt"], &CERTBOT),
    Program::table(&["acme.sh", "lego"], &ACME),
    Program::table(&["hdfs", "hadoop"], &HDFS),
    Program::table(
        &[
            "mailq",
            "postqueue",
            "named-checkconf",
            "named-checkzone",
            "chronyc",
            "systemd-escape",
            "systemd-path",
            "systemd-delta",
        ],
        &LOOKS,
    ),
];

const BACK: &str = "start or stop it again";
const LOGS_STOP: Does = Does::Destroys(Verb::Delete, "what happens from now on is not recorded");

/// Services that keep the audit trail.
const RECORDERS: &[&str] = &[
    "auditd",
    "rsyslog",
    "syslog",
    "syslog-ng",
    "systemd-journald",
    "filebeat",
    "fluentd",
    "fluent-bit",
    "td-agent",
    "osqueryd",
    "falco",
    "wazuh-agent",
    "vector",
    "promtail",
    "auditbeat",
    "amazon-cloudwatch-agent",
    "awslogsd",
    "splunk",
    "SplunkForwarder",
    "falcon-sensor",
];

static SYSTEMCTL: Cli = Cli {
    service: "systemd",
    valued: &[
        "-t",
        "--type",
        "--state",
        "-p",
        "--property",
        "-n",
        "--lines",
        "-o",
        "--output",
        "-H",
        "--host",
        "-M",
        "--machine",
        "-s",
        "--signal",
        "--kill-whom",
        "--kill-who",
        "--root",
        "--job-mode",
        "--what",
        "-P",
        "--message",
    ],
    flags: &[
        "--user",
        "--system",
        "--now",
        "--no-pager",
        "--all",
        "--failed",
        "--quiet",
        "--no-block",
        "--force",
        "--runtime",
        "--global",
        "--full",
        "--no-legend",
        "--plain",
        "--no-reload",
        "--recursive",
        "--reverse",
        "--wait",
    ],
    places: &[("-H", PlaceKind::Host), ("--host", PlaceKind::Host)],
    harmless: &["--help", "--version", "-h"],
    rules: &[
        Rule::reads(
            "list-units|list-unit-files|list-timers|list-sockets|list-dependencies|\
             list-jobs|list-machines|list-automounts|list-paths|status|show|cat|help|\
             is-active|is-enabled|is-failed|is-system-running|get-default|\
             show-environment|whoami",
        ),
        Rule::reads(""),
        Rule::updates(
            "start|restart|try-restart|reload|reload-or-restart|try-reload-or-restart|\
             enable|reenable|preset|preset-all|unmask|add-wants|add-requires|link|\
             set-default|set-property|set-environment|unset-environment|\
             import-environment|daemon-reload|daemon-reexec|reset-failed|edit|thaw|\
             freeze|bind|mount-image|service-log-level|service-log-target|cancel|default|\
             rescue|emergency|condrestart|force-reload|condreload",
            BACK,
        ),
        Rule::asks("stop|disable|mask|kill", stops),
        Rule::updates("isolate|suspend|hibernate|hybrid-sleep|suspend-then-hibernate|sleep", BACK),
        Rule::updates(
            "poweroff|reboot|halt|kexec|exit|soft-reboot|switch-root",
            "turn it on again",
        ),
        Rule::asks("clean", cleans),
        Rule::deletes("revert", "the changed unit files are gone"),
    ],
    ..COMMANDS
};

fn records(matched: &Matched<'_, '_>) -> bool {
    matched.operands.iter().any(|word| {
        let name = word.text().trim_end_matches(".service").trim_end_matches(".socket");
        RECORDERS.contains(&name)
    })
}

fn stops(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let does = if records(matched) { LOGS_STOP } else { Does::Changes(Verb::Update, BACK) };
    matched.does(does, Named::Operands, judge);
}

/// What a service has kept is gone; its caches are made again.
fn cleans(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let what = matched.value("--what").map_or("cache", |word| word.text());
    let caches = what.split(',').all(|part| matches!(part, "cache" | "runtime" | "fdstore"));
    let does = if caches {
        Does::Changes(Verb::Delete, "the service makes it again")
    } else {
        Does::Destroys(Verb::Delete, "what the service has kept is gone")
    };
    matched.does(does, Named::Operands, judge);
}

static SERVICE: Cli = Cli {
    service: "services",
    harmless: &["--help", "--version", "-h", "--status-all"],
    rules: &[Rule::reads("* status"), Rule::asks("**", service)],
    ..COMMANDS
};

fn service(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let name = matched.operands.first().map(|word| word.text()).unwrap_or_default();
    let verb = matched.operands.get(1).map(|word| word.text()).unwrap_or_default();
    let does = match verb {
        "stop" if RECORDERS.contains(&name) => LOGS_STOP,
        "start" | "stop" | "restart" | "reload" | "force-reload" | "try-restart"
        | "condrestart" | "zap" | "graceful" => Does::Changes(Verb::Update, BACK),
        "" | "configtest" | "describe" | "check" | "test" => Does::Reads,
        _ => Does::Opaque("what this script of a service does is not known"),
    };
    matched.does(does, Named::Operands, judge);
}

static OTHERS: Cli = Cli {
    service: "services",
    harmless: &["--help", "--version", "-h", "--list"],
    valued: &["-c", "-s", "-u", "-p", "--configuration", "--level"],
    rules: &[
        Rule::reads(
            "status|list|print|avail|pid|tail|maintail|show|version|help|blame|\
             print-cache|print-disabled|procinfo|dumpstate|summary|report|plist|hostinfo|\
             managername|limit|log-level|check",
        ),
        Rule::reads(""),
        Rule::updates(
            "start|stop|restart|reload|update|reread|add|load|unload|enable|disable|\
             bootstrap|bootout|kickstart|kill|signal|up|down|once|on|off|del|delete|\
             remove|setenv|unsetenv|emit|reload-configuration|term|hup|quit|monitor|\
             unmonitor|defaults|exit|u|d|o|-u|-d|reset|shutdown|force-stop|force-restart|\
             try-restart|asuser|config|validate|procinfo|blame",
            BACK,
        ),
        Rule::deletes("clear", "the logs of the process are gone"),
        Rule::updates("* on|off|start|stop|defaults|remove|enable|disable", BACK),
    ],
    ..COMMANDS
};

static PM2: Cli = Cli {
    service: "pm2",
    valued: &[
        "-i",
        "-n",
        "--name",
        "--env",
        "-o",
        "-e",
        "-l",
        "--log",
        "--lines",
        "--interpreter",
        "--cron",
        "--max-memory-restart",
    ],
    harmless: &["--help", "--version", "-h", "-v", "-V"],
    rules: &[
        Rule::reads(
            "list|ls|l|ps|status|show|info|describe|desc|id|logs|log|monit|prettylist|\
             jlist|report|env|pid|ping|sysmonit|ilogs|dashboard|examples|sysinfos|imonit|\
             inspect|columns",
        ),
        Rule::updates(
            "start|restart|stop|reload|scale|save|dump|resurrect|startup|unstartup|\
             update|updatePM2|reset|sendSignal|trigger|gracefulReload|startOrRestart|\
             startOrReload|startOrGracefulReload|set|unset|get|conf|config|install|\
             module:install|uninstall|deploy|link|unlink|attach|send|reloadLogs|\
             restartall|stopall|ecosystem|init|serve|expose|autoinstall|cleardump|\
             backward|forward|pull|plus|multiset|kill|killd|login|logout|module:update",
            BACK,
        ),
        Rule::deletes(
            "delete|del|module:uninstall",
            "the process and its settings are gone from the list",
        ),
        Rule::deletes("flush|cleanlogs", "the logs are gone"),
    ],
    ..COMMANDS
};

static NGINX: Cli = Cli {
    service: "nginx",
    valued: &["-s", "-c", "-p", "-g", "-e"],
    harmless: &["-h", "-?", "-v", "-V", "-t", "-T", "-q"],
    rules: &[Rule::updates("**", BACK)],
    ..COMMANDS
};
static APACHE: Cli = Cli {
    service: "apache",
    valued: &["-k", "-f", "-d", "-D"],
    harmless: &["-h", "-v", "-V", "-t", "-S", "-M", "-l", "-L"],
    rules: &[Rule::reads("configtest|status|fullstatus|help"), Rule::updates("**", BACK)],
    ..COMMANDS
};
static DAEMONS: Cli = Cli {
    service: "services",
    valued: &["-c", "-f", "-s", "-p", "-T", "--config", "--adapter", "-g"],
    rules: &[
        Rule::reads(
            "status|validate|version|list-modules|adapt|environ|list|check|stats|\
             list_local_zones|dump_cache|lookup|fmt|hash-password|ping|vcl.list|\
             param.show|backend.list|help",
        ),
        Rule::updates("**", BACK).dry(&["-t", "-T", "-tt"]),
    ],
    ..COMMANDS
};
static HAPROXY: Cli = Cli {
    service: "services",
    valued: &["-f", "-C", "-p", "-n", "-N", "-L", "-S", "-x", "-sf", "-st"],
    rules: &[Rule::updates("**", BACK).dry(&["-c", "-cc", "-v", "-vv"])],
    ..COMMANDS
};
static POSTSUPER: Cli = Cli {
    service: "mail",
    valued: &["-d", "-h", "-H", "-r", "-c"],
    rules: &[Rule::updates("**", "release or requeue the mails")
        .when(&[("-d", Does::Destroys(Verb::Delete, "the mails are gone"))])],
    ..COMMANDS
};
static CTLS: Cli = Cli {
    service: "systemd",
    valued: &[
        "-p",
        "--property",
        "-n",
        "--lines",
        "-o",
        "--output",
        "-H",
        "-M",
        "--host",
        "--machine",
        "-s",
        "--signal",
        "-S",
        "--since",
        "-i",
        "--interface",
        "-t",
        "--type",
        "-U",
        "--until",
    ],
    rules: &[
        Rule::reads(
            "status|show|list|list-timezones|list-keymaps|list-locales|list-sessions|\
             list-users|list-seats|session-status|user-status|seat-status|show-session|\
             show-user|show-seat|timesync-status|show-timesync|query|statistics|dns|\
             domain|lldp|cat|tree|introspect|monitor|capture|get-property|info|dump|\
             list-images|image-status|show-image|hostname|chassis|deployment|location|\
             icon-name|service|openpgp|tlsa|log-level|nta|list-files|inspect|\
             authenticate|is-installed|random-seed|systemd-efi-options|\
             list-x11-keymap-models|list-x11-keymap-layouts|debug|validate-idl|\
             list-methods|list-interfaces",
        ),
        Rule::reads(""),
        Rule::updates(
            "set-time|set-timezone|set-ntp|set-local-rtc|set-hostname|set-locale|\
             set-keymap|set-x11-keymap|set-chassis|set-deployment|set-icon-name|\
             set-location|ntp-servers|revert|activate|lock-session|unlock-session|\
             lock-sessions|unlock-sessions|enable-linger|disable-linger|attach|detach|\
             flush-devices|up|down|reload|reconfigure|renew|forcerenew|flush-caches|\
             reset-statistics|reset-server-features|set-property|start|stop|enable|\
             disable|poweroff|reboot|clone|rename|read-only|bind|copy-to|copy-from|\
             pull-tar|pull-raw|import-tar|export-tar|install|update|set-default|\
             set-oneshot|set-timeout|create|resize|lock|unlock|passwd|edit|mask|unmask",
            "set the old value again",
        ),
        Rule::updates(
            "terminate-session|kill-session|terminate-user|kill-user|terminate-seat|\
             terminate|kill",
            "log in again",
        ),
        Rule::deletes("remove|clean|unlink", "it and what it holds is gone"),
    ],
    ..COMMANDS
};
static CERTBOT: Cli = Cli {
    service: "certificates",
    valued: &[
        "-d",
        "--domain",
        "--domains",
        "-m",
        "--email",
        "-w",
        "--webroot-path",
        "--cert-name",
        "--cert-path",
        "--reason",
        "--config",
        "--config-dir",
        "--work-dir",
        "--logs-dir",
        "--server",
        "--deploy-hook",
        "--pre-hook",
        "--post-hook",
        "--renew-hook",
        "--manual-auth-hook",
        "--manual-cleanup-hook",
        "--key-type",
        "--preferred-challenges",
        "-a",
        "-i",
    ],
    rules: &[
        Rule::reads("certificates|show_account|plugins|help"),
        Rule::deletes("revoke", "nobody trusts the certificate any more").dry(&["--dry-run"]),
        Rule::deletes("delete", "the certificate and its key are gone"),
        Rule::deletes("unregister", "the account is gone"),
        Rule::asks("**", certificates).dry(&["--dry-run"]),
    ],
    ..COMMANDS
};
static ACME: Cli = Cli {
    service: "certificates",
    valued: &[
        "-d",
        "--domain",
        "-w",
        "--webroot",
        "--reloadcmd",
        "--email",
        "--dns",
        "--domains",
        "--path",
    ],
    rules: &[
        Rule::reads("list"),
        Rule::deletes("revoke", "nobody trusts the certificate any more"),
        Rule::updates("**", "issue it again")
            .when(&[
                (
                    "--revoke",
                    Does::Destroys(Verb::Delete, "nobody trusts the certificate any more"),
                ),
                ("--remove", Does::Destroys(Verb::Delete, "the certificate is gone from the list")),
                (
                    "--uninstall",
                    Does::Destroys(Verb::Delete, "the certificates and their keys are gone"),
                ),
                ("--reloadcmd", Does::Opaque("this option runs another program")),
            ])
            .dry(&["--list", "--info"]),
    ],
    ..COMMANDS
};
static HDFS: Cli = Cli {
    service: "hdfs",
    style: super::super::Style::Single,
    harmless: &["-help", "-usage", "-version"],
    flags: &["-R", "-r", "-f", "-skipTrash", "-h", "-s"],
    rules: &[Rule::asks(
        "dfs|fs|dfsadmin|namenode|fsck|haadmin|distcp|snapshotDiff|\
         lsSnapshottableDir|getconf|version|classpath|balancer|debug|jar|ec|crypto|\
         cacheadmin|storagepolicies|mover|oiv|envvars|datanode|job|queue|key|\
         credential",
        hdfs,
    )],
    ..COMMANDS
};
static LOOKS: Cli = Cli { service: "services", rules: &[Rule::reads("**")], ..COMMANDS };

fn certificates(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let hooks = [
        "--deploy-hook",
        "--pre-hook",
        "--post-hook",
        "--renew-hook",
        "--manual-auth-hook",
        "--manual-cleanup-hook",
    ];
    let hooks: Vec<_> = matched.values(&hooks).cloned().collect();
    for hook in hooks {
        judge.script(&hook, matched.call.variables, &crate::classify::Data::Nothing);
    }
    matched.does(Does::Changes(Verb::Create, "revoke the certificate"), Named::Operands, judge);
}

const FILES_GONE: Does = Does::Destroys(Verb::Delete, "the files are gone");

/// Whether an option is a subcommand that looks.
fn hdfs_looks(group: &str, verb: &str) -> bool {
    let looks: &[&str] = match group {
        "dfs" | "fs" => &[
            "-ls",
            "-cat",
            "-tail",
            "-head",
            "-du",
            "-df",
            "-count",
            "-stat",
            "-test",
            "-find",
            "-getfacl",
            "-getfattr",
            "-checksum",
            "-text",
            "-lsr",
            "-dus",
            "",
        ],
        "dfsadmin" => &["-report", "-printTopology", "-getDatanodeInfo", "-listOpenFiles"],
        "haadmin" => &["-getServiceState", "-getAllServiceState", "-checkHealth"],
        "namenode" => &["-metadataVersion"],
        "job" | "queue" | "key" | "credential" => &["-list", "-status", "-info", "list"],
        _ => &[],
    };
    looks.contains(&verb)
}

/// The subcommands of `hdfs dfs` are written as options.
fn hdfs(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let group = matched.path.first().map(|word| word.text()).unwrap_or_default();
    let verb = matched.options.first().map(|given| given.name.clone()).unwrap_or_default();
    let has = |name: &str| matched.options.iter().any(|given| given.name == name);
    let does = match (group, verb.as_str()) {
        ("fsck", _) if has("-delete") => FILES_GONE,
        ("fsck", _) if has("-move") => {
            Does::Changes(Verb::Update, "move them back out of lost+found")
        }
        (
            "snapshotDiff" | "lsSnapshottableDir" | "getconf" | "version" | "classpath" | "oiv"
            | "envvars" | "fsck",
            _,
        ) => Does::Reads,
        (group, verb) if hdfs_looks(group, verb) => Does::Reads,
        ("dfs" | "fs", "-rm" | "-rmr" | "-expunge" | "-deleteSnapshot" | "-truncate") => FILES_GONE,
        ("namenode", "-format" | "-rollback" | "-initializeSharedEdits" | "-importCheckpoint") => {
            Does::Destroys(Verb::Delete, "everything the file system holds is gone")
        }
        ("distcp", _) if has("-delete") => {
            Does::Destroys(Verb::Delete, "the files that are not at the source are gone")
        }
        (
            "dfs" | "fs" | "distcp" | "balancer" | "mover" | "dfsadmin" | "haadmin"
            | "storagepolicies" | "ec" | "cacheadmin" | "crypto",
            _,
        ) => Does::Changes(Verb::Update, "undo it with the opposite command"),
        ("job", "-kill" | "-kill-task" | "-fail-task" | "-set-priority") => {
            Does::Changes(Verb::Update, "submit the job again")
        }
        ("key" | "credential", "delete" | "-delete") => {
            Does::Destroys(Verb::Delete, "what the key opens is lost")
        }
        _ => Does::Opaque("what this runs is not known"),
    };
    matched.does(does, Named::Operands, judge);
}
