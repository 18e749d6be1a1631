//! What else `HashiCorp` makes: `consul`, `nomad`, `boundary`, `waypoint`.
//!
//! From <https://developer.hashicorp.com/consul/commands>,
//! <https://developer.hashicorp.com/nomad/commands>,
//! <https://developer.hashicorp.com/boundary/docs/commands> and
//! <https://developer.hashicorp.com/waypoint>, 2026-11.

use crate::{
    classify::{
        Judge,
        programs::{Cli, Does, Matched, Rule, Style},
    },
    domain::{PlaceKind, Verb},
};

const SHOWN: Does = Does::Changes(Verb::Reveal, "rotate the secret");
const BACK: &str = "set it back";
const GONE: &str = "what it names is gone";
const SNAPSHOT: Does = Does::Destroys(Verb::Update, "what was written since the snapshot is gone");
const PEER: &str = "the peer is cut off, and may take the quorum with it";

/// The table of `consul`.
pub static CONSUL: Cli = Cli {
    style: Style::Single,
    #[rustfmt::skip]
    valued: &[
        "-token", "-token-file", "-ca-file", "-ca-path", "-client-cert", "-client-key",
        "-tls-server-name", "-partition", "-filter", "-format", "-separator", "-flags", "-session",
        "-modify-index", "-id", "-name", "-description", "-policy-id", "-policy-name", "-rules",
        "-service", "-node", "-http-port", "-wan", "-reason", "-kind", "-type", "-key",
        "-prefix-of", "-expires-ttl", "-node-name", "-role-name", "-service-identity",
        "-accessor-id", "-secret-id", "-peer-id", "-address-of", "-segment", "-n",
        "-child-exit-code-of", "-timeout", "-lock-delay",
    ],
    #[rustfmt::skip]
    flags: &[
        "-recurse", "-keys", "-detailed", "-base64", "-cas", "-release", "-acquire", "-stale",
        "-prune", "-wan", "-pretty", "-force", "-enable", "-disable", "-meta", "-self",
    ],
    #[rustfmt::skip]
    places: &[
        ("-http-addr", PlaceKind::Host), ("CONSUL_HTTP_ADDR", PlaceKind::Host),
        ("-datacenter", PlaceKind::Name), ("-namespace", PlaceKind::Name),
    ],
    harmless: &["-help", "-h", "-version", "-v"],
    rules: &[
        Rule::reads("members|info|monitor|rtt|validate|version|debug|troubleshoot|tls-of"),
        Rule::reads("catalog datacenters|nodes|services"),
        Rule::reads("kv get|export"),
        Rule::updates("kv put|import", "put the earlier value back"),
        Rule::deletes("kv delete", "the keys and their values are gone"),
        Rule::creates("snapshot save|agent|decode", "remove the file"),
        Rule::reads("snapshot inspect"),
        Rule::new("snapshot restore", SNAPSHOT),
        Rule::reads("operator raft list-peers"),
        Rule::reads("operator autopilot get-config|state"),
        Rule::reads("operator usage instances"),
        Rule::updates("operator autopilot set-config", BACK),
        Rule::updates("operator raft transfer-leader", "transfer it back"),
        Rule::deletes("operator raft remove-peer", PEER),
        Rule::deletes("operator area delete", GONE),
        Rule::updates("leave|join|reload|maint|login|logout|force-leave", "start or join it again"),
        Rule::reads("acl token|policy|role|binding-rule|auth-method list|read"),
        Rule::grants(
            "acl token|policy|role|binding-rule|auth-method create|update|clone",
            "take it away again",
        ),
        Rule::deletes(
            "acl token|policy|role|binding-rule|auth-method delete",
            "whoever uses it is cut off",
        ),
        Rule::grants("acl bootstrap|set-agent-token", "delete the token"),
        Rule::updates("services register", "deregister it"),
        Rule::updates("services deregister", "register it again"),
        Rule::reads("services export|exported-services"),
        Rule::reads("config list|read"),
        Rule::updates("config write", "write the earlier entry again"),
        Rule::deletes("config delete", "the entry is gone"),
        Rule::reads("intention list|get|check|match"),
        Rule::updates("intention create", "delete it"),
        Rule::deletes("intention delete", "the rule between the services is gone"),
        Rule::reads("peering list|read|exported-services"),
        Rule::updates("peering establish|generate-token", "delete the peering"),
        Rule::deletes("peering delete", "the clusters no longer know each other"),
        Rule::deletes("namespace|partition delete", GONE),
        Rule::reads("namespace|partition list|read"),
        Rule::updates("namespace|partition create|update|write", BACK),
        Rule::reads("connect ca get-config"),
        Rule::updates("connect ca set-config", BACK),
        Rule::runs("connect|agent", "stop it"),
        Rule::creates("tls ca|cert", "remove the files"),
        Rule::updates("event", "nothing can be unsent; the handlers run again"),
        Rule::reads("keyring")
            .when(&[
                ("-list", Does::Reads),
                ("-install", Does::Changes(Verb::Update, BACK)),
                ("-use", Does::Changes(Verb::Update, BACK)),
                ("-remove", Does::Destroys(Verb::Delete, "the key is gone")),
            ])
            .valued(&["-install", "-use", "-remove"]),
        Rule::asks("exec", script).ends(0),
        Rule::asks("lock", lock).ends(1),
        Rule::asks("watch", watch).ends(0),
    ],
    ..Cli::new("consul")
};

fn script(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let words = matched.rest;
    let start = words.iter().position(|word| !word.text().starts_with('-'));
    match start.map(|start| &words[start..]) {
        Some([script]) => {
            judge.script(script, matched.call.variables, matched.call.stdin);
        }
        Some(words) => {
            judge.call(&matched.call.running(words));
        }
        None => judge.opaque(matched.span(), "what it runs is not said"),
    }
}

/// `consul lock PREFIX COMMAND`.
fn lock(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    script(matched, judge);
}

/// `consul watch -type=… COMMAND`: looks, and runs something whenever it changes.
fn watch(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    if matched.rest.iter().any(|word| !word.text().starts_with('-')) {
        script(matched, judge);
    } else {
        judge.reads("consul", "", matched.span());
    }
}

/// The table of `nomad`.
pub static NOMAD: Cli = Cli {
    style: Style::Single,
    #[rustfmt::skip]
    valued: &[
        "-ca-cert", "-ca-path", "-client-cert", "-client-key", "-tls-server-name", "-token", "-t",
        "-var", "-var-file", "-check-index", "-type", "-status", "-filter", "-deadline", "-m", "-n",
        "-s", "-task", "-job-of", "-group", "-meta", "-id", "-version", "-eval-priority",
        "-log-level", "-node-pool", "-per-page", "-page-token", "-policy", "-name", "-ttl", "-out",
        "-peer-id", "-vault-token", "-consul-token", "-detach-of", "-output-of",
    ],
    #[rustfmt::skip]
    flags: &[
        "-detach", "-verbose", "-json", "-purge", "-global", "-yes", "-no-shutdown-delay", "-short",
        "-self", "-enable", "-disable", "-force", "-ignore-system", "-f", "-tail", "-stderr", "-i",
        "-tty", "-diff", "-quiet", "-all",
    ],
    #[rustfmt::skip]
    places: &[
        ("-address", PlaceKind::Host), ("NOMAD_ADDR", PlaceKind::Host),
        ("-region", PlaceKind::Name), ("NOMAD_REGION", PlaceKind::Name),
        ("-namespace", PlaceKind::Name), ("NOMAD_NAMESPACE", PlaceKind::Name),
    ],
    harmless: &["-help", "-h", "-version"],
    rules: &[
        Rule::reads(
            "status|inspect|logs|fs|plan|validate|version|agent-info|monitor|ui|\
             server-members|node-status|operator-debug|alloc-status|fmt-of",
        ),
        Rule::reads("job status|plan|inspect|history|validate|deployments|allocs"),
        Rule::reads("node status"),
        Rule::reads("alloc status|logs|fs|checks"),
        Rule::reads(
            "deployment|eval|namespace|quota|server|service|volume|plugin|var|acl|scaling|\
             recommendation|sentinel|license list|status|inspect|members|get|info|read|\
             check",
        ),
        Rule::new("var get", SHOWN),
        Rule::reads("acl policy|token|role|auth-method|binding-rule list|info|self"),
        Rule::reads("operator raft list-peers"),
        Rule::reads("operator autopilot|scheduler get-config|health"),
        Rule::reads("operator metrics|client-state|api-of"),
        Rule::reads("operator snapshot inspect|state"),
        Rule::updates("run|init", "run the earlier version"),
        Rule::updates(
            "job run|init|revert|scale|restart|dispatch|eval|promote|periodic|start|tag|\
             action",
            "run the earlier version",
        ),
        Rule::updates("stop", "run it again")
            .when(&[("-purge", Does::Destroys(Verb::Delete, "the job and its history are gone"))]),
        Rule::updates("job stop", "run it again")
            .when(&[("-purge", Does::Destroys(Verb::Delete, "the job and its history are gone"))]),
        Rule::deletes("system gc", "what had ended, and its logs, are gone"),
        Rule::updates("system reconcile", BACK),
        Rule::updates("node drain|eligibility|config|meta", "make it eligible again").when(&[(
            "-force",
            Does::Destroys(Verb::Update, "allocations are killed without time to move"),
        )]),
        Rule::deletes("node-pool|node pool delete|purge", GONE),
        Rule::updates("alloc restart|stop|signal|pause", "it is scheduled again"),
        Rule::updates("deployment pause|resume|promote|fail|unblock", "revert the job"),
        Rule::updates("var put|init|lock", "put the earlier value back"),
        Rule::deletes("var purge", "the variable and its values are gone"),
        Rule::updates(
            "namespace|quota|volume|recommendation|sentinel|plugin apply|create|register|\
             init|snapshot|detach|claim",
            BACK,
        ),
        Rule::updates("volume deregister", "register it again"),
        Rule::deletes(
            "namespace|quota|volume|eval|service|sentinel|scaling delete|remove|dismiss",
            GONE,
        ),
        Rule::deletes(
            "acl policy|token|role|auth-method|binding-rule delete",
            "whoever uses it is cut off",
        ),
        Rule::grants(
            "acl policy|token|role|auth-method|binding-rule apply|create|update",
            "take it away again",
        ),
        Rule::grants("acl bootstrap", "delete the token"),
        Rule::deletes("operator raft remove-peer", PEER),
        Rule::new("operator snapshot restore", SNAPSHOT),
        Rule::creates("operator snapshot save|agent", "remove the file"),
        Rule::updates(
            "operator autopilot|scheduler|gossip|root|keyring set-config|keyring|rotate|\
             generate|list|install|use",
            BACK,
        ),
        Rule::updates("server join|force-leave", "join it again"),
        Rule::updates("login|fmt|config|setup|tls", "log in again"),
        Rule::runs("agent", "stop it"),
        Rule::asks("alloc exec", inner).ends(1),
        Rule::asks("exec", inner).ends(1),
    ],
    ..Cli::new("nomad")
};

/// `nomad alloc exec ALLOCATION COMMAND`.
fn inner(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    match matched.rest {
        [] => judge.opaque(matched.span(), "what it runs in the allocation is not said"),
        [dashes, words @ ..] if dashes.is("--") && !words.is_empty() => {
            judge.call(&matched.call.running(words));
        }
        words => {
            judge.call(&matched.call.running(words));
        }
    }
}

/// The table of `boundary`.
pub static BOUNDARY: Cli = Cli {
    style: Style::Single,
    #[rustfmt::skip]
    valued: &[
        "-id", "-scope-id", "-name", "-description", "-token", "-format", "-target-id",
        "-target-name", "-auth-method-id", "-login-name", "-password", "-listen-port",
        "-listen-addr", "-username", "-dbname", "-filter", "-session-id", "-user-id", "-host-id",
        "-grant-scope-id", "-exec",
    ],
    flags: &["-recursive", "-force"],
    places: &[("-addr", PlaceKind::Host), ("BOUNDARY_ADDR", PlaceKind::Host)],
    harmless: &["-help", "-h", "-version"],
    rules: &[
        Rule::reads("version|search|daemon status"),
        Rule::reads("** list|read|get|me|output"),
        Rule::updates(
            "authenticate|logout|config|database|dev|server|daemon|cache",
            "log in again",
        ),
        Rule::runs("connect", "close the connection"),
        Rule::opaque(
            "connect ssh|postgres|mysql|rdp|http|kube|mongo|redis|cassandra",
            "what is typed into the connection is not known",
        ),
        Rule::updates("sessions cancel", "connect again"),
        Rule::deletes("** delete|destroy|destroy-key-version", "what it names is gone"),
        Rule::updates(
            "** create|update|add-accounts|set-accounts|add-grants|set-grants|\
             remove-grants|add-hosts|set-hosts|remove-hosts|add-host-sources|\
             set-host-sources|remove-host-sources|set-password|change-password|\
             authorize-session|rotate-keys",
            BACK,
        ),
    ],
    ..Cli::new("boundary")
};

/// The table of `waypoint`.
pub static WAYPOINT: Cli = Cli {
    style: Style::Single,
    valued: &["-app", "-project", "-p", "-w", "-var", "-var-file", "-label"],
    flags: &["-auto-approve", "-plain", "-prune", "-release", "-local", "-remote-source-of"],
    places: &[("-workspace", PlaceKind::Name), ("-server-addr", PlaceKind::Host)],
    harmless: &["-help", "-h", "-version"],
    rules: &[
        Rule::reads("status|logs|version|ui|docs"),
        Rule::reads("** list|inspect|get|list-members|bootstrap-of|status"),
        Rule::updates(
            "up|build|deploy|release|init|install|login|fmt",
            "release the earlier deployment",
        ),
        Rule::updates(
            "** set|sync|create|apply|register|upgrade|verify|cancel|build|token|\
             delete-label",
            BACK,
        ),
        Rule::deletes("destroy|uninstall", "every deployment of the application is gone"),
        Rule::deletes("** destroy|delete|uninstall", GONE),
        Rule::opaque("exec", "what is typed into it is not known"),
    ],
    ..Cli::new("waypoint")
};
