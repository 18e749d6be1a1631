//! What configures machines from a server: `salt`, `puppet`, `chef`.
//!
//! From <https://docs.saltproject.io/en/latest/ref/cli/>, <https://www.puppet.com/docs/puppet/8/man/>
//! and <https://docs.chef.io/workstation/knife/>, 2026-11.

use crate::{
    classify::{
        Judge, Word,
        programs::{Cli, Does, Matched, Named, Rule, infra::paths},
    },
    domain::{PlaceKind, Verb},
};

/// The table of `salt`, `salt-call` and `salt-ssh`.
pub static SALT: Cli = Cli {
    #[rustfmt::skip]
    valued: &[
        "-c", "--config-dir", "-t", "--timeout", "-b", "--batch-size", "--out", "--output", "-l",
        "--log-level", "--log-file", "-u", "--username", "--password", "-m", "--module-dirs",
        "--file-root", "--pillar-root", "--return", "--state-output", "--roster", "--roster-file",
        "--user", "--passwd", "--priv", "--id", "--retcode-passthrough-of",
    ],
    #[rustfmt::skip]
    flags: &[
        "--local", "-L", "--list", "-G", "--grain", "-E", "--pcre", "-C", "--compound", "-I",
        "--pillar", "-N", "--nodegroup", "-S", "--ipcidr", "-s", "--static", "--async", "-v",
        "--verbose", "--show-jid", "-i", "--no-color", "-r", "--raw-of",
    ],
    harmless: &["--help", "-h", "--version", "-d", "--doc"],
    rules: &[Rule::asks("**", salt)],
    ..Cli::new("salt")
};

/// A function on some machines; `salt-call` names no machines.
fn salt(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let program = matched.call.words.first().map(Word::text).unwrap_or_default();
    let mut words = matched.operands.iter().copied();
    if !program.ends_with("salt-call")
        && let Some(machines) = words.next()
    {
        paths::at(machines, judge);
    }
    let Some(function) = words.next() else {
        return judge.opaque(matched.span(), "which function runs is not said");
    };
    let at = matched.span().with(function.span());
    let Some(name) = function.known() else {
        return judge.opaque(function.span(), "which function runs is not known");
    };
    if matches!(
        name,
        "cmd.run" | "cmd.shell" | "cmd.run_all" | "cmd.run_stdout" | "cmd.retcode" | "cmd.run_bg"
    ) {
        return match words.find(|word| !is_setting(word)) {
            Some(script) => {
                judge.script(script, matched.call.variables, matched.call.stdin);
            }
            None => judge.opaque(at, "what it runs is not said"),
        };
    }
    let test = words.clone().any(|word| matches!(word.text(), "test=True" | "test=true"));
    let named = words.map(|word| judge.name(word)).collect::<Vec<_>>().join(" ");
    match function_does(name, test) {
        Does::Reads => judge.reads("salt", named, at),
        Does::Changes(verb, back) => judge.changes(verb, "salt", named, at, back),
        Does::Destroys(verb, lost) => judge.destroys(verb, "salt", named, at, lost),
        Does::Opaque(why) => judge.opaque(at, why),
        Does::Asks(_) => judge.opaque(at, "what this function does is not known"),
    }
}

fn is_setting(word: &Word) -> bool {
    let name = word.text().split('=').next().unwrap_or_default();
    matches!(
        name,
        "runas"
            | "cwd"
            | "shell"
            | "python_shell"
            | "timeout"
            | "env"
            | "output_loglevel"
            | "ignore_retcode"
    ) && word.text().len() > name.len()
}

fn function_does(name: &str, test: bool) -> Does {
    let (module, verb) = name.split_once('.').unwrap_or((name, ""));
    match (module, verb) {
        ("state", "apply" | "highstate" | "sls" | "single" | "high" | "template") if test => {
            Does::Reads
        }
        ("state", verb) if verb.starts_with("show_") => Does::Reads,
        (
            "test" | "grains" | "pillar" | "status" | "disk" | "network" | "sys" | "match"
            | "config" | "ps" | "timezone",
            verb,
        ) if ![
            "set",
            "del",
            "append",
            "remove",
            "kill",
            "pkill",
            "wipe",
            "format",
            "mod",
            "disconnect",
        ]
        .iter()
        .any(|bad| verb.starts_with(bad)) =>
        {
            Does::Reads
        }
        ("service", "status" | "get_all" | "available" | "enabled" | "get_enabled")
        | (
            "pkg",
            "list_pkgs" | "version" | "latest_version" | "list_upgrades" | "info_installed",
        )
        | (
            "file",
            "file_exists" | "directory_exists" | "stats" | "read" | "find" | "grep" | "readdir"
            | "get_hash",
        )
        | ("user", "list_users" | "info")
        | ("saltutil", "running" | "find_job" | "is_running")
        | ("cp", "list_master") => Does::Reads,
        ("service", "start" | "stop" | "restart" | "reload" | "enable" | "disable")
        | ("system", "reboot") => Does::Changes(Verb::Update, "start or stop it again"),
        ("pkg", "install" | "upgrade" | "remove" | "purge" | "refresh_db" | "hold" | "unhold") => {
            Does::Changes(Verb::Update, "install or remove it again")
        }
        ("saltutil" | "cp" | "mine" | "schedule" | "grains", verb) if !verb.starts_with("del") => {
            Does::Changes(Verb::Update, "set it back")
        }
        (_, verb)
            if [
                "remove",
                "delete",
                "purge",
                "absent",
                "drop",
                "flush",
                "destroy",
                "wipe",
                "del",
                "db_remove",
                "rmdir",
            ]
            .iter()
            .any(|bad| verb.contains(bad)) =>
        {
            Does::Destroys(Verb::Delete, "what it names is gone from every machine")
        }
        ("state", _) => Does::Opaque("what the states do is not given"),
        _ => Does::Opaque("what this function does is not known"),
    }
}

/// The table of `salt-key`.
pub static SALT_KEY: Cli = Cli {
    #[rustfmt::skip]
    valued: &[
        "-c", "--config-dir", "-u", "--user", "--out", "--gen-keys", "-l", "--list", "-p",
        "--print", "-f", "--finger",
    ],
    rules: &[Rule::reads("**").when(&[
        ("-a", Does::Changes(Verb::Grant, "delete the key")),
        ("--accept", Does::Changes(Verb::Grant, "delete the key")),
        ("-A", Does::Changes(Verb::Grant, "delete the keys")),
        ("--accept-all", Does::Changes(Verb::Grant, "delete the keys")),
        ("-r", Does::Changes(Verb::Update, "accept the key")),
        ("--reject", Does::Changes(Verb::Update, "accept the key")),
        ("-R", Does::Changes(Verb::Update, "accept the keys")),
        ("--reject-all", Does::Changes(Verb::Update, "accept the keys")),
        ("--gen-keys", Does::Changes(Verb::Create, "remove the keys")),
        ("-d", Does::Destroys(Verb::Delete, "the machine is cut off")),
        ("--delete", Does::Destroys(Verb::Delete, "the machine is cut off")),
        ("-D", Does::Destroys(Verb::Delete, "every machine is cut off")),
        ("--delete-all", Does::Destroys(Verb::Delete, "every machine is cut off")),
    ])],
    ..Cli::new("salt")
};

/// The table of `salt-run` and `salt-cloud`.
pub static SALT_RUN: Cli = Cli {
    #[rustfmt::skip]
    valued: &[
        "-c", "--config-dir", "-t", "--timeout", "--out", "-l", "--log-level", "-p", "--profile",
        "-m", "--map", "-a", "--action", "-f", "--function",
    ],
    rules: &[
        Rule::reads(
            "manage.up|manage.down|manage.status|manage.versions|jobs.active|\
             jobs.list_jobs|jobs.lookup_jid|jobs.list_job|jobs.print_job|\
             fileserver.file_list|fileserver.envs|pillar.show_top|cache.grains|test.arg",
        ),
        Rule::opaque("**", "what this runner does is not known").when(&[
            ("-d", Does::Destroys(Verb::Delete, "the machines are gone")),
            ("--destroy", Does::Destroys(Verb::Delete, "the machines are gone")),
            ("-p", Does::Changes(Verb::Create, "destroy the machines")),
            ("-Q", Does::Reads),
            ("--query", Does::Reads),
            ("-F", Does::Reads),
            ("-S", Does::Reads),
            ("--list-images", Does::Reads),
            ("--list-sizes", Does::Reads),
            ("--list-profiles", Does::Reads),
        ]),
    ],
    ..Cli::new("salt")
};

const NODE: &str = "the node, its certificate and what is known of it are gone";

/// The table of `puppet` and `puppetserver`.
pub static PUPPET: Cli = Cli {
    #[rustfmt::skip]
    valued: &[
        "--environment", "--certname", "--modulepath", "--logdest", "-l", "-e", "--execute",
        "--tags", "--node", "--render-as", "--section", "--type", "--facts", "--merge", "--default",
        "--version", "--days", "--ttl",
    ],
    #[rustfmt::skip]
    flags: &[
        "-t", "--test", "-v", "--verbose", "-d", "--debug", "--onetime", "--no-daemonize",
        "--detailed-exitcodes", "--all", "--force",
    ],
    places: &[("--server", PlaceKind::Host)],
    rules: &[
        Rule::reads(
            "help|man|describe|doc|facts|lookup|parser|epp|strings|catalog|report|status|\
             filebucket",
        ),
        Rule::reads("config print"),
        Rule::updates("config set|delete", "set it back"),
        Rule::runs("agent", "revert the catalog and run it again")
            .dry(&["--noop", "--fingerprint"]),
        Rule::opaque("apply|script|device|plugin|task|plan", "what the manifest does is not given")
            .dry(&["--noop"]),
        Rule::asks("resource", resource).dry(&["--noop"]),
        Rule::reads("module|cert|ca|node list|search|find|fingerprint|print|verify"),
        Rule::reads("module|cert|ca|node $"),
        Rule::updates("module install|uninstall|upgrade|build|generate", "install it again"),
        Rule::grants("cert|ca sign|generate|setup|import", "revoke the certificate"),
        Rule::deletes("cert|ca revoke|clean|destroy|delete|prune|purge", NODE),
        Rule::reads("ca list"),
        Rule::deletes("node clean|purge|deactivate|delete", NODE),
        Rule::updates("ssl bootstrap|submit_request|download_cert|generate_request", "clean it up"),
        Rule::reads("ssl show|verify"),
        Rule::deletes("ssl clean", NODE),
    ],
    ..Cli::new("puppet")
};

/// `puppet resource TYPE NAME ensure=absent`.
fn resource(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let sets = |value: &str| matched.operands.iter().any(|word| word.text() == value);
    let does = if sets("ensure=absent") || sets("ensure=purged") {
        Does::Destroys(Verb::Delete, "the resource is gone")
    } else if matched.operands.iter().any(|word| word.text().contains('=')) {
        Does::Changes(Verb::Update, "set the earlier value again")
    } else {
        Does::Reads
    };
    matched.does(does, Named::Operands, judge);
}

/// The table of `chef-client` and `chef-solo`.
pub static CHEF: Cli = Cli {
    #[rustfmt::skip]
    valued: &[
        "-o", "--override-runlist", "-r", "--runlist", "-j", "--json-attributes", "-E",
        "--environment", "-c", "--config", "-l", "--log_level", "-L", "--logfile",
    ],
    rules: &[Rule::runs("**", "revert the cookbooks and run it again").dry(&["-W", "--why-run"])],
    ..Cli::new("chef")
};

/// The table of `knife`.
pub static KNIFE: Cli = Cli {
    #[rustfmt::skip]
    valued: &[
        "-c", "--config", "-k", "--key", "-u", "--user", "-d", "--disable-editing-of", "-F",
        "--format", "-x", "--ssh-user", "-P", "-i", "--identity-file", "-a", "--attribute", "-C",
        "--concurrency", "-N", "--node-name", "--secret-file", "-s", "--secret", "--server-url",
        "-o", "--cookbook-path",
    ],
    flags: &["-y", "--yes", "-V", "-v"],
    #[rustfmt::skip]
    places: &[
        ("-E", PlaceKind::Name), ("--environment", PlaceKind::Name),
        ("--profile", PlaceKind::Profile),
    ],
    harmless: &["--help", "-h", "--version"],
    rules: &[
        Rule::reads("search|status|diff|list|show|help|recipe"),
        Rule::reads("** list|show|site"),
        Rule::reveals("vault show|decrypt", "rotate the secret"),
        Rule::asks("ssh", ssh).ends(1),
        Rule::asks("winrm", ssh).ends(1),
        Rule::opaque("exec", "what the script does is not read"),
        Rule::deletes("delete", "what it names is gone from the server"),
        Rule::deletes("** delete|purge|remove", "what it names is gone from the server"),
        Rule::updates(
            "upload|download|bootstrap|edit|deps|backup|config|configure|supermarket",
            "upload the earlier version",
        ),
        Rule::updates(
            "** create|edit|upload|from|add|set|bulk|reregister|test|update|rotate|refresh|\
             generate|freeze|download|metadata",
            "upload the earlier version",
        ),
    ],
    ..Cli::new("chef")
};

/// `knife ssh QUERY COMMAND`.
fn ssh(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    match matched.rest.iter().find(|word| !word.text().starts_with('-')) {
        Some(script) => {
            judge.script(script, matched.call.variables, matched.call.stdin);
        }
        None => judge.opaque(matched.span(), "what is typed into the shells is not known"),
    }
}
