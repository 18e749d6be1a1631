//! `doctl`, after docs.digitalocean.com/reference/doctl (read 2026-11).

use super::inner;
use crate::{
    classify::{
        Judge,
        programs::{Cli, Does, Matched, Rule},
    },
    domain::{PlaceKind, Verb},
};

fn ssh(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    inner::runs_option(matched, &["--ssh-command"], judge);
}

const REVEALS: Does = Does::Changes(Verb::Reveal, "rotate what it shows");
const GONE: &str = "what it names, and what that held, are gone";
const BACK: &str = "change it back";

/// The table.
pub static DOCTL: Cli = Cli {
    valued: &[
        "-t",
        "--access-token",
        "-u",
        "--api-url",
        "-c",
        "--config",
        "--context",
        "-o",
        "--output",
        "--format",
        "--region",
        "--size",
        "--image",
        "--tag-name",
        "--tag-names",
        "--ssh-keys",
        "--version",
        "--engine",
        "--num-nodes",
        "--name",
        "--node-pool",
        "--ssh-command",
        "--ssh-user",
        "--ssh-key-path",
        "--ssh-port",
        "--resource",
        "--resource-type",
        "--spec",
        "--record-type",
        "--record-name",
        "--record-data",
        "--record-id",
        "--droplet-ids",
        "--droplet-id",
        "--volume-id",
        "--desc",
        "--user-data",
        "--user-data-file",
        "--vpc-uuid",
        "--count",
        "--auto-upgrade",
        "--cluster-name",
        "--private-network-uuid",
        "--expiry-seconds",
        "--snapshot-name",
        "--image-id",
        "--http-retry-max",
        "--project-id",
        "--tag",
        "--type",
        "--subscription-tier",
        "--restore-from-cluster-name",
        "--restore-from-timestamp",
        "--trace-level",
        "--deployment",
        "--component",
        "--ttl",
        "--files",
        "--min-nodes",
        "--max-nodes",
        "--maintenance-window",
        "--db",
        "--user",
        "--mode",
        "--fs-type",
    ],
    flags: &[
        "-f",
        "--force",
        "--no-header",
        "--wait",
        "-v",
        "--verbose",
        "--trace",
        "--interactive",
        "--dangerous",
        "--include-untagged-manifests",
        "--json",
        "--follow",
        "--enable-backups",
        "--enable-monitoring",
        "--enable-ipv6",
        "--upsert",
        "--ha",
    ],
    places: &[("--context", PlaceKind::Profile), ("--cluster-name", PlaceKind::Context)],
    harmless: &["--help", "-h"],
    rules: &[
        Rule::reads("version|balance|help|completion|account|auth $"),
        Rule::reads("account get|ratelimit"),
        Rule::reads("compute|c region|size|sizes|regions $"),
        Rule::reads("auth list|ls|validate"),
        Rule::updates("auth init|switch|remove", "log in again"),
        Rule::reads(
            "compute|c droplet|d list|ls|get|g|actions|a|backups|b|kernels|k|neighbors|n|\
             snapshots|s|1-click",
        ),
        Rule::reads("compute|c droplet|d backup-policies get|list|ls"),
        Rule::reads("databases|db|dbs|d|database list|ls|get|g"),
        Rule::reads("databases|db|dbs|d|database backups|b|get-ca"),
        Rule::reads(
            "databases|db|dbs|d|database * list|ls|l|get|g|versions|regions|slugs|engines|layouts",
        ),
        Rule::new("databases|db|dbs|d|database connection|conn|credentials", REVEALS),
        Rule::new("databases|db|dbs|d|database user|u get|list", REVEALS),
        Rule::new("databases|db|dbs|d|database replica connection", REVEALS),
        Rule::deletes(
            "databases|db|dbs|d|database delete|d|rm",
            "the database cluster and its backups are gone",
        ),
        Rule::deletes("databases|db|dbs|d|database * delete|d|rm|remove", GONE),
        Rule::updates("databases|db|dbs|d|database firewalls append|replace|remove|a|rm|r", BACK),
        Rule::updates("databases|db|dbs|d|database user|u reset|rotate", "reset it again"),
        Rule::updates("databases|db|dbs|d|database migrate|resize|create|fork|c", BACK),
        Rule::creates("databases|db|dbs|d|database * create|c", "delete it"),
        Rule::updates("databases|db|dbs|d|database * update|u|promote|set", BACK),
        Rule::new("kubernetes|k8s|k|kube cluster|clusters|c kubeconfig|cfg|k show|s", REVEALS),
        Rule::updates(
            "kubernetes|k8s|k|kube cluster|clusters|c kubeconfig|cfg|k save|remove|\
             set-current-context|exec-credential|sa|r",
            "save it again",
        ),
        Rule::reads("kubernetes|k8s|k|kube cluster|clusters|c get-upgrades|gu|registries"),
        Rule::updates("kubernetes|k8s|k|kube cluster|clusters|c upgrade|update|create|c|u", BACK),
        Rule::updates("kubernetes|k8s|k|kube cluster|clusters|c registry add|remove", BACK),
        Rule::reads("kubernetes|k8s|k|kube cluster|clusters|c node-pool|pool|np|p list|ls|get|g"),
        Rule::deletes(
            "kubernetes|k8s|k|kube cluster|clusters|c node-pool|pool|np|p delete|d|rm|\
             delete-node|recycle|replace-node",
            "the nodes and what runs on them are gone",
        ),
        Rule::updates(
            "kubernetes|k8s|k|kube cluster|clusters|c node-pool|pool|np|p create|c|update|u",
            BACK,
        ),
        Rule::reads("kubernetes|k8s|k|kube options|o versions|sizes|regions"),
        Rule::updates(
            "compute|c droplet-action|da power-off|poweroff|power-on|power-cycle|reboot|\
             shutdown|resize|rename|snapshot|enable-backups|enable-ipv6|\
             enable-private-networking|password-reset|change-kernel|change-backup-policy",
            "start it, or change it back",
        ),
        Rule::deletes("compute|c droplet-action|da rebuild|restore", "what the disk held is gone"),
        Rule::deletes("compute|c droplet-action|da disable-backups", "backups are no longer made"),
        Rule::reads("compute|c action|droplet-action|da get|list|wait|g|ls"),
        Rule::updates("compute|c droplet|d tag|untag", BACK),
        Rule::updates("compute|c droplet|d create|c", "delete the droplet"),
        Rule::updates(
            "compute|c volume-action|va attach|detach|resize|detach-by-droplet-id",
            "attach it again",
        ),
        Rule::updates("compute|c image-action transfer", BACK),
        Rule::updates(
            "compute|c reserved-ip-action|floating-ip-action assign|unassign",
            "assign it again",
        ),
        Rule::updates(
            "compute|c load-balancer|lb add-droplets|remove-droplets|add-forwarding-rules|\
             remove-forwarding-rules|purge-cache",
            BACK,
        ),
        Rule::updates(
            "compute|c firewall|fw add-droplets|remove-droplets|add-rules|remove-rules|\
             add-tags|remove-tags",
            BACK,
        ),
        Rule::updates("compute|c cdn flush", "the cache fills again"),
        Rule::updates("compute|c tag apply|remove", "tag it again"),
        Rule::asks("compute|c ssh", ssh),
        Rule::reads(
            "apps|app|a logs|l|list-alerts|list-deployments|list-regions|get-deployment|\
             propose|ld|list-instances|list-job-invocations",
        ),
        Rule::reads("apps|app|a spec get|validate"),
        Rule::reads("apps|app|a tier instance-size"),
        Rule::updates(
            "apps|app|a create|create-deployment|update|restart|upgrade|cd|c|u|\
             update-alert-destinations|dev|cancel-job-invocation",
            "deploy what was there before",
        ),
        Rule::updates("apps|app|a dev build|config", "nothing is lost"),
        Rule::opaque("apps|app|a console", "what is typed there later is not known"),
        Rule::deletes("apps|app|a delete|d|rm", "the app is gone"),
        Rule::deletes("projects|registry|reg|r|vpcs|serverless|functions delete|d|rm", GONE),
        Rule::updates("projects resources assign", "assign it back"),
        Rule::updates("registry|reg|r login|logout|docker-config|create", "log in again"),
        Rule::new("registry|reg|r docker-config|kubernetes-manifest", REVEALS),
        Rule::deletes(
            "registry|reg|r garbage-collection|gc|g start|s",
            "manifests and blobs without a tag are gone",
        ),
        Rule::updates("registry|reg|r garbage-collection|gc|g cancel|c", "start it again"),
        Rule::reads("registry|reg|r garbage-collection|gc|g get-active|list|ls|ga|g"),
        Rule::deletes("** delete-manifest|delete-tag|delete-selective|delete-node|dm|dt", GONE),
        Rule::reads(
            "registry|reg|r repository|repo list|list-v2|list-tags|list-manifests|lt|lm|l2",
        ),
        Rule::updates(
            "serverless|sls connect|deploy|init|install|watch|upgrade|status",
            "deploy what was there before",
        ),
        Rule::reads("serverless|sls status|get-metadata"),
        Rule::deletes("serverless|sls undeploy", "the functions are gone"),
        Rule::opaque("serverless|sls functions|fn invoke", "what the function does is not known"),
        Rule::updates("1-click install", "remove it"),
        Rule::reads("invoice get|list|pdf|csv|summary"),
        Rule::deletes("* * d", GONE),
        Rule::deletes("** delete|del|rm|destroy|remove", GONE),
        Rule::reads("** list|ls|get|show|describe|summary"),
        Rule::creates("** create|install", "delete it"),
        Rule::updates(
            "** update|resize|rename|restart|enable|disable|add|assign|unassign|set|import|upload",
            BACK,
        ),
    ],
    ..Cli::new("digitalocean")
};
