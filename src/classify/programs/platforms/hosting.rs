//! Smaller platforms: `render`, `platform` and `upsun`, `clever`, `scalingo`, `koyeb`,
//! `northflank`, `caprover`, `surge`, `hcloud`, `linode-cli`, `vultr-cli`.
//!
//! After render.com/docs/cli, docs.upsun.com/administration/cli, www.clever.cloud/developers/doc/cli,
//! doc.scalingo.com/tools/cli, www.koyeb.com/docs/build-and-deploy/cli, northflank.com/docs,
//! caprover.com/docs/cli-commands, surge.sh/help, github.com/hetznercloud/cli,
//! techdocs.akamai.com/cloud-computing/docs/cli and github.com/vultr/vultr-cli (read 2026-11).
//! Their subcommands are a thing and a verb, so only the exceptions are listed.

use super::inner;
use crate::{
    classify::{
        Call, Judge,
        programs::{Cli, Does, Matched, Rule},
    },
    domain::{PlaceKind, Verb},
};

const REVEALS: Does = Does::Changes(Verb::Reveal, "rotate what it shows");

fn remote(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    inner::runs(
        matched,
        0,
        &["-p", "--project", "-e", "--environment", "-A", "--app", "-a"],
        judge,
    );
}

fn inside(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    inner::runs(matched, 1, &["--instance"], judge);
}

/// The table of `render`.
pub static RENDER: Cli = Cli {
    valued: &[
        "-o",
        "--output",
        "-r",
        "--resources",
        "--commit",
        "--image",
        "--start",
        "--end",
        "--text",
        "--level",
        "-e",
    ],
    flags: &["--confirm", "--wait", "--tail"],
    rules: &[
        Rule::reads("whoami|logs|help"),
        Rule::reads("services|projects|environments|workspaces $"),
        Rule::updates("login|logout|restart|workspace|blueprints", "change it back"),
        Rule::reads("blueprints validate"),
        Rule::updates("deploys create|cancel", "deploy what was there before"),
        Rule::updates("jobs create|cancel", "cancel it"),
        Rule::updates("services create|update|suspend|resume", "change it back"),
        Rule::opaque("psql|ssh|kv-cli|pgcli", "what is typed there later is not known"),
    ],
    otherwise: Does::Asks(inner::by_verb),
    ..Cli::new("render")
};

static UPSUN: Cli = Cli {
    valued: &[
        "-p",
        "--project",
        "-e",
        "--environment",
        "-A",
        "--app",
        "-r",
        "--relationship",
        "--format",
        "-W",
        "-i",
        "--identity-file",
        "--level",
        "--name",
        "--value",
        "--target",
        "--service",
        "--type",
    ],
    flags: &["-y", "--yes", "-n", "--no", "-q", "-v", "--wait", "--no-wait", "-f", "--force"],
    places: &[
        ("-p", PlaceKind::Account),
        ("--project", PlaceKind::Account),
        ("-e", PlaceKind::Name),
        ("--environment", PlaceKind::Name),
    ],
    rules: &[
        Rule::reads(
            "help|list|projects|environments|activities|backups|domains|variables|users|\
             apps|services|routes|logs|log|url|web|relationships|disk|metrics|resources|\
             integrations|certificates|orgs|docs|commits|instances|workers|mounts|tables|\
             version",
        ),
        Rule::reads(
            "environment|project|backup|domain|user|integration|service|app|activity|\
             certificate|route|mount info|list|get|log|logs|url|curl|size|relationships|\
             config-get|config-validate|config",
        ),
        Rule::updates(
            "environment activate|branch|checkout|deactivate|init|merge|pause|push|\
             redeploy|resume|synchronize|http-access|deploy|set-remote|info",
            "change it back",
        ),
        Rule::updates(
            "push|merge|branch|redeploy|checkout|get|clone|sync|login|logout|deploy|resume|pause",
            "push what was there before",
        ),
        Rule::deletes(
            "environment|project|domain|user|variable|integration|certificate|organization|\
             backup|team delete",
            "it and what it held are gone",
        ),
        Rule::deletes("backup restore", "what was written since is overwritten"),
        Rule::deletes("environment synchronize|sync", "what the environment held is overwritten"),
        Rule::updates("backup create", "delete the backup"),
        Rule::updates("db dump", "delete the file it writes"),
        Rule::opaque("db sql", "the SQL is not read"),
        Rule::opaque("sql", "the SQL is not read"),
        Rule::asks("ssh", remote),
        Rule::asks("environment ssh", remote),
        Rule::updates("mount upload|download", "upload the old files"),
        Rule::deletes("project clear-build-cache", "the cache is gone"),
        Rule::new("variable get", REVEALS),
    ],
    otherwise: Does::Asks(inner::by_verb),
    ..Cli::new("upsun")
};

/// Judges a call of `platform` or `upsun`.
pub fn upsun(call: &Call<'_>, judge: &mut Judge<'_>) {
    inner::topics(&UPSUN, call, judge);
}

/// The table of `clever`.
pub static CLEVER: Cli = Cli {
    valued: &[
        "-a", "--alias", "--app", "-o", "--org", "--owner", "-F", "--format", "--region", "--plan",
        "-t", "--type", "--commit", "--branch", "-b", "--since", "--until",
    ],
    flags: &["-y", "--yes", "-f", "--force", "-q", "--quiet", "--follow"],
    rules: &[
        Rule::reads("status|logs|activity|help|version|open|console|diag|accesslogs"),
        Rule::reads("applications|profile|domain|notify-email|webhooks|features|addon $"),
        Rule::new("env $", REVEALS),
        Rule::updates(
            "deploy|restart|stop|scale|link|unlink|login|logout|create|cancel-deploy|\
             config|make-default|tcp-redirs|drain",
            "deploy what was there before",
        ),
        Rule::updates("env set|rm|import|import-vars", "set the old value"),
        Rule::deletes("drain remove|disable", "logs no longer go there"),
        Rule::updates("service link-app|unlink-app|link-addon|unlink-addon", "link it again"),
        Rule::opaque("ssh", "what is typed there later is not known"),
        Rule::asks("curl", |matched, judge| {
            inner::asks(matched, "https://api.clever-cloud.com", judge);
        }),
    ],
    otherwise: Does::Asks(inner::by_verb),
    ..Cli::new("clevercloud")
};

static SCALINGO: Cli = Cli {
    valued: &[
        "-a", "--app", "-r", "--remote", "--region", "--addon", "--plan", "--size", "-s", "-n",
        "--lines", "-f", "--filter", "--backup", "--name",
    ],
    flags: &["--force", "--follow", "--silent", "--detached", "-d"],
    places: &[("-a", PlaceKind::Name), ("--app", PlaceKind::Name)],
    rules: &[
        Rule::reads(
            "apps|ps|logs|domains|addons|collaborators|deployments|backups|keys|regions|\
             stats|whoami|timeline|releases|notifiers|stacks|help|version|apps-info|\
             autoscalers|alerts|log-drains|cron-tasks|changelog",
        ),
        Rule::new("env|env-get", REVEALS),
        Rule::updates(
            "scale|restart|deploy|login|logout|create|rename|env-set|env-unset|domains-add|\
             addons-add|addons-upgrade|git-setup|run-ps|one-off-stop|maintenance",
            "change it back",
        ),
        Rule::deletes("destroy", "the app and its add-ons are gone"),
        Rule::deletes(
            "addons-remove|domains-remove|collaborators-remove|keys-remove|\
             log-drains-remove|database-delete-user",
            "it is gone",
        ),
        Rule::asks("run", remote),
        Rule::opaque(
            "pgsql-console|mysql-console|mongo-console|redis-console|influxdb-console",
            "what is typed there later is not known",
        ),
    ],
    otherwise: Does::Asks(inner::by_verb),
    ..Cli::new("scalingo")
};

/// Judges a call of `scalingo`.
pub fn scalingo(call: &Call<'_>, judge: &mut Judge<'_>) {
    inner::topics(&SCALINGO, call, judge);
}

/// The table of `koyeb`.
pub static KOYEB: Cli = Cli {
    valued: &[
        "-o",
        "--output",
        "-c",
        "--config",
        "--token",
        "--organization",
        "--app",
        "-a",
        "--docker",
        "--git",
        "--name",
        "--region",
        "--type",
        "--instance-type",
        "--env",
        "--port",
        "--route",
    ],
    flags: &["-d", "--debug", "-f", "--full", "--wait"],
    rules: &[
        Rule::updates("login|deploy|service redeploy|pause|resume", "deploy what was there before"),
        Rule::updates(
            "services|service|apps|app|databases redeploy|pause|resume|init",
            "deploy what was there before",
        ),
        Rule::asks("instances|instance exec|ssh", inside),
        Rule::asks("services|service exec|ssh", inside),
        Rule::new("secrets|secret reveal", REVEALS),
    ],
    otherwise: Does::Asks(inner::by_verb),
    ..Cli::new("koyeb")
};

/// The table of `northflank`.
pub static NORTHFLANK: Cli = Cli {
    valued: &[
        "--project",
        "--projectId",
        "--service",
        "--serviceId",
        "--addon",
        "--addonId",
        "--input",
        "-i",
        "--file",
        "-f",
        "-o",
        "--output",
        "--cmd",
    ],
    rules: &[
        Rule::opaque("exec|forward", "what runs there is not known"),
        Rule::updates("login|context", "log in again"),
    ],
    otherwise: Does::Asks(inner::by_verb),
    ..Cli::new("northflank")
};

/// The table of `caprover`.
pub static CAPROVER: Cli = Cli {
    valued: &[
        "-n",
        "-a",
        "--appName",
        "-b",
        "--branch",
        "-i",
        "--imageName",
        "-t",
        "--tarFile",
        "-p",
        "--pass",
        "-u",
        "--url",
        "-c",
        "--configFile",
        "-h",
        "-o",
        "--path",
        "-m",
        "--method",
        "-d",
        "--data",
        "--caproverName",
        "--caproverApp",
    ],
    harmless: &["--help", "--version"],
    rules: &[
        Rule::reads("list|ls"),
        Rule::updates("deploy|login|logout|serversetup|setup", "deploy what was there before"),
        Rule::opaque("api", "what the address does is not known"),
    ],
    ..Cli::new("caprover")
};

/// The table of `surge`.
pub static SURGE: Cli = Cli {
    valued: &[
        "-p",
        "--project",
        "-d",
        "--domain",
        "-e",
        "--endpoint",
        "-a",
        "--add",
        "-r",
        "--remove",
    ],
    rules: &[
        Rule::reads(
            "list|whoami|plan|files|audit|analytics|traffic|usage|load|config|certs|dns|\
             zone|help|invite",
        ),
        Rule::deletes("teardown", "the site is gone"),
        Rule::updates(
            "login|logout|token|rollback|rollfore|cutover|discard|encrypt|bust|ssl",
            "publish again",
        ),
        Rule::creates("", "tear the site down"),
        Rule::creates("*", "tear the site down"),
    ],
    ..Cli::new("surge")
};

/// The table of `hcloud`.
pub static HCLOUD: Cli = Cli {
    valued: &[
        "--config",
        "--context",
        "--endpoint",
        "-o",
        "--output",
        "-l",
        "--selector",
        "--name",
        "--type",
        "--image",
        "--location",
        "--datacenter",
        "--ssh-key",
        "--network",
        "--firewall",
        "--volume",
        "--server",
        "--label",
        "--size",
    ],
    places: &[("--context", PlaceKind::Profile)],
    rules: &[
        Rule::deletes("server rebuild", "what the disk held is gone"),
        Rule::updates("context use|create|rename|unset", "use the old one"),
        Rule::reads("context active|list"),
        Rule::updates(
            "server reset|reboot|shutdown|poweroff|poweron|reset-password|attach-iso|\
             detach-iso|change-type|enable-rescue|disable-rescue|enable-backup|\
             attach-to-network|detach-from-network|create-image",
            "start it, or change it back",
        ),
        Rule::deletes("server disable-backup", "backups are no longer made"),
        Rule::deletes("* disable-protection", "nothing keeps it from being deleted"),
        Rule::updates(
            "* enable-protection|add-label|remove-label|attach|detach|change-alias-ips|\
             add-rule|replace-rules|apply-to-resource|remove-from-resource|set-rdns|\
             add-target|remove-target|add-service|delete-rule",
            "change it back",
        ),
        Rule::opaque("server ssh", "what runs there is not read"),
    ],
    otherwise: Does::Asks(inner::by_verb),
    ..Cli::new("hetzner")
};

/// The table of `linode-cli` and `vultr-cli`.
pub static SERVERS: Cli = Cli {
    valued: &[
        "--label",
        "--region",
        "--type",
        "--image",
        "--root_pass",
        "--tags",
        "--page",
        "--format",
        "--config",
        "--plan",
        "--os",
        "--host",
        "--notes",
        "--as-user",
    ],
    flags: &["--json", "--text", "--pretty", "--all", "--no-headers"],
    rules: &[
        Rule::deletes(
            "linodes|instance|bare-metal rebuild|reinstall|restore",
            "what the disk held is gone",
        ),
        Rule::deletes("linodes backups-cancel", "the backups are gone"),
        Rule::updates(
            "linodes|instance|bare-metal boot|reboot|shutdown|start|stop|halt|rescue|\
             resize|migrate|halt",
            "start it again",
        ),
        Rule::new("lke kubeconfig-view", REVEALS),
        Rule::new("kubernetes config", REVEALS),
    ],
    otherwise: Does::Asks(inner::by_verb),
    ..Cli::new("servers")
};
