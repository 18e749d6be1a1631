//! Hosts and paths of services over HTTP whose method does not say what a request does.
//!
//! Built in 2026-11 from the REST references of the services named in each block. A path is
//! matched a segment at a time: `*` is any one segment, `**` any number, `name*` a beginning;
//! `a|b` are alternatives. The first route that fits counts, so exceptions go first.

use super::{
    http::{Address, Asked},
    special,
};
use crate::{
    classify::{Judge, is_hole},
    domain::{Verb, Words},
};

/// What a route says.
#[derive(Clone, Copy)]
pub enum Verdict {
    /// Looks only.
    Reads,
    /// Changes something; how to turn it back.
    Changes(Verb, &'static str),
    /// Loses something for good; what.
    Destroys(Verb, &'static str),
    /// Nobody can tell; why.
    Opaque(&'static str),
    /// A little code decides.
    Asks(fn(&Asked<'_>, &'static str, &mut Judge<'_>)),
}

/// A place in a service, and what a request to it does.
pub struct Route {
    /// The end of the host, or nothing for any host.
    host: &'static str,
    /// The methods, or nothing for any.
    methods: &'static [&'static str],
    /// The path.
    path: &'static str,
    /// The service of the effect.
    pub service: &'static str,
    /// What it does.
    pub verdict: Verdict,
}

const fn any(
    methods: &'static [&'static str],
    path: &'static str,
    service: &'static str,
    verdict: Verdict,
) -> Route {
    Route { host: "", methods, path, service, verdict }
}

const fn at(
    host: &'static str,
    methods: &'static [&'static str],
    path: &'static str,
    service: &'static str,
    verdict: Verdict,
) -> Route {
    Route { host, methods, path, service, verdict }
}

const fn changes(back: &'static str) -> Verdict {
    Verdict::Changes(Verb::Update, back)
}

const fn runs(back: &'static str) -> Verdict {
    Verdict::Changes(Verb::Run, back)
}

const fn destroys(lost: &'static str) -> Verdict {
    Verdict::Destroys(Verb::Delete, lost)
}

const READS: Verdict = Verdict::Reads;
const REVEALS: Verdict = Verdict::Changes(Verb::Reveal, "rotate it");
const ASKED: &[&str] = &["GET", "POST"];
const SENT: &[&str] = &["POST", "PUT", "PATCH"];
const POST: &[&str] = &["POST"];
const PUT: &[&str] = &["PUT", "POST"];
const PATCH: &[&str] = &["PATCH"];
const GET: &[&str] = &["GET"];
const DELETE: &[&str] = &["DELETE"];
const EVERY: &[&str] = &[];

const ES: &str = "elasticsearch";
const K8S: &str = "kubernetes";
const COUCH: &str = "couchdb";

static ROUTES: &[Route] = &[
    // Elasticsearch and OpenSearch: elastic.co/docs/api, docs.opensearch.org.
    any(DELETE, "**/_search/point_in_time|scroll/**", ES, changes("search again")),
    any(DELETE, "**/_pit|_async_search/**", ES, changes("search again")),
    any(
        ASKED,
        "**/_search|_msearch|_async_search|_cat|_eql|_validate|_analyze|_explain/**",
        ES,
        READS,
    ),
    any(
        ASKED,
        "**/_count|_mget|_field_caps|_rank_eval|_termvectors|_mtermvectors|_search_shards",
        ES,
        READS,
    ),
    any(ASKED, "**/_termvectors|_explain|_render|_graph|_percolate/**", ES, READS),
    any(ASKED, "**/_terms_enum|_knn_search|_simulate|_pit|_query|_ppl", ES, READS),
    any(ASKED, "_sql/**", ES, READS),
    any(ASKED, "_plugins|_opendistro/_sql|_ppl/**", ES, READS),
    any(ASKED, "_cluster/allocation/explain", ES, READS),
    any(ASKED, "**/_index_template/_simulate*/**", ES, READS),
    any(POST, "**/_delete_by_query", ES, destroys("every document that fits is gone")),
    any(POST, "**/_update_by_query", ES, Verdict::Asks(special::update_by_query)),
    any(PUT, "**/_bulk", ES, Verdict::Asks(special::bulk)),
    any(POST, "_aliases", ES, Verdict::Asks(special::aliases)),
    any(
        SENT,
        "**/_flush|_refresh|_forcemerge|_open|_close|_rollover|_shrink|_split|_clone/**",
        ES,
        changes("open, close or build the index again"),
    ),
    any(SENT, "**/_cache/clear", ES, changes("the cache fills again")),
    any(SENT, "_cluster/settings|reroute", ES, Verdict::Asks(special::cluster_settings)),
    any(SENT, "_reindex", ES, changes("delete what was copied")),
    any(SENT, "_slm/_execute_retention", ES, destroys("expired snapshots are gone")),
    any(
        SENT,
        "_snapshot/**/_restore",
        ES,
        Verdict::Changes(Verb::Create, "delete the restored indices"),
    ),
    any(SENT, "_snapshot/*/_cleanup|_verify", ES, changes("nothing in use is touched")),
    // Kubernetes: kubernetes.io/docs/reference/kubernetes-api.
    any(GET, "api/v1/**/secrets/**", K8S, REVEALS),
    any(POST, "apis/authorization.k8s.io|authentication.k8s.io/**", K8S, READS),
    any(POST, "api/v1/namespaces/*/pods/*/eviction", K8S, destroys("the pod is gone")),
    any(PUT, "api/v1/namespaces/*/finalize", K8S, destroys("the namespace goes, cleaned or not")),
    any(
        EVERY,
        "api/v1/**/pods/*/exec|attach|proxy/**",
        K8S,
        Verdict::Opaque("what runs in the pod is not known"),
    ),
    any(
        EVERY,
        "api/v1/namespaces|nodes|persistentvolumes/**",
        K8S,
        Verdict::Asks(special::kubernetes),
    ),
    any(EVERY, "apis/*/*/**", K8S, Verdict::Asks(special::kubernetes)),
    // Vault: developer.hashicorp.com/vault/api-docs.
    any(SENT, "v1/sys/seal|step-down", "vault", changes("unseal it")),
    any(SENT, "v1/sys/rotate|unseal|rekey/**", "vault", changes("the old keys still read")),
    any(SENT, "v1/sys/capabilities*", "vault", READS),
    any(SENT, "v1/auth/token/lookup*", "vault", READS),
    any(SENT, "v1/sys/revoke*|leases/**", "vault", Verdict::Asks(special::vault_lease)),
    any(SENT, "v1/sys/storage/raft/snapshot*", "vault", destroys("what is stored is replaced")),
    any(SENT, "v1/*/destroy/**", "vault", destroys("those versions are gone")),
    any(SENT, "v1/*/undelete/**", "vault", changes("delete them again")),
    any(SENT, "v1/transit/encrypt|sign|verify|hmac|hash|random/**", "vault", READS),
    any(SENT, "v1/transit/decrypt/**", "vault", REVEALS),
    any(GET, "v1/*/metadata/**", "vault", READS),
    any(GET, "v1/secret|cubbyhole/**", "vault", REVEALS),
    any(GET, "v1/kv/data/**", "vault", REVEALS),
    any(GET, "v1/database|aws|gcp|azure/creds/**", "vault", REVEALS),
    // Consul and Nomad: developer.hashicorp.com.
    any(PUT, "v1/snapshot", "consul", destroys("what is stored is replaced")),
    any(PUT, "v1/agent|catalog/**", "consul", changes("register it, or join, again")),
    any(PUT, "v1/session/destroy/*", "consul", changes("take the lock again")),
    any(PUT, "v1/system/gc", "nomad", changes("only what had ended is cleaned up")),
    any(POST, "v1/jobs/parse", "nomad", READS),
    any(SENT, "v1/validate/job", "nomad", READS),
    // etcd: etcd.io/docs/v3.5/dev-guide/api_grpc_gateway.
    any(POST, "v3*/kv/range", "etcd", READS),
    any(POST, "v3*/kv/deleterange", "etcd", destroys("the keys are gone")),
    any(POST, "v3*/kv/compaction", "etcd", destroys("the history of the keys is gone")),
    any(POST, "v3*/kv/txn", "etcd", Verdict::Asks(special::etcd_transaction)),
    any(POST, "v3*/kv/put", "etcd", changes("put the value back")),
    any(POST, "v3*/watch", "etcd", READS),
    any(POST, "v3*/maintenance/status|hash|snapshot", "etcd", READS),
    any(POST, "v3*/cluster/member/list", "etcd", READS),
    any(POST, "v3*/auth/disable", "etcd", destroys("everybody may do everything")),
    // CouchDB: docs.couchdb.org/en/stable/api.
    any(POST, "*/_find|_explain|_all_docs|_bulk_get|_revs_diff|_missing_revs", COUCH, READS),
    any(POST, "*/_design/*/_view/**", COUCH, READS),
    any(POST, "*/_purge", COUCH, destroys("the documents and their history are gone")),
    any(POST, "*/_bulk_docs", COUCH, Verdict::Asks(special::bulk)),
    any(
        POST,
        "*/_compact|_view_cleanup|_ensure_full_commit",
        COUCH,
        changes("only old versions go"),
    ),
    any(DELETE, "_session", COUCH, changes("log in again")),
    // InfluxDB, ClickHouse, QuestDB: SQL, or something like it, in the address or the body.
    any(POST, "api/v2/delete", "influxdb", destroys("the points are gone")),
    any(POST, "api/v2/query|query/**", "influxdb", Verdict::Asks(special::influx)),
    any(EVERY, "query", "influxdb", Verdict::Asks(special::influx)),
    any(ASKED, "exec", "questdb", Verdict::Asks(special::sql)),
    any(ASKED, "api/v3/query_sql", "influxdb", Verdict::Asks(special::sql)),
    // Prometheus, Alertmanager, Loki, Grafana.
    any(
        POST,
        "**/api/v1/query|query_range|query_exemplars|series|labels|format_query",
        "prometheus",
        READS,
    ),
    any(SENT, "**/api/v1/admin/tsdb/delete_series", "prometheus", destroys("the series are gone")),
    any(
        SENT,
        "**/api/v1/admin/tsdb/clean_tombstones",
        "prometheus",
        destroys("deleted series are gone from the disk"),
    ),
    any(SENT, "**/-/quit", "prometheus", changes("start it again")),
    any(SENT, "**/-/reload|healthy|ready", "prometheus", changes("load the old settings")),
    any(DELETE, "**/api/v2/silence/*", "alertmanager", changes("silence it again")),
    any(POST, "api/ds/query", "grafana", READS),
    // Jenkins: jenkins.io/doc/book/using/remote-access-api.
    any(POST, "**/dodelete", "jenkins", destroys("the job, build or node is gone")),
    any(
        POST,
        "**/dowipeoutworkspace|wipeoutcurrentworkspace",
        "jenkins",
        changes("the next build fills it again"),
    ),
    any(
        POST,
        "**/saferestart|restart|exit|safeexit|quietdown|cancelquietdown",
        "jenkins",
        changes("start it again"),
    ),
    any(
        POST,
        "**/job/**/build|buildwithparameters|stop|enable|disable",
        "jenkins",
        runs("stop the build"),
    ),
    any(
        POST,
        "script|scripttext",
        "jenkins",
        Verdict::Opaque("it runs a Groovy script on the controller"),
    ),
    any(
        POST,
        "**/script|scripttext",
        "jenkins",
        Verdict::Opaque("it runs a Groovy script on the controller"),
    ),
    // Docker Engine: docs.docker.com/reference/api/engine.
    any(POST, "**/build/prune", "docker", changes("the cache fills again")),
    any(
        POST,
        "**/volumes|containers|images|networks|system/prune",
        "docker",
        destroys("what is not in use is gone"),
    ),
    any(POST, "**/containers/*/exec", "docker", Verdict::Asks(special::docker_exec)),
    any(
        POST,
        "**/containers/*/start|stop|restart|kill|pause|unpause|resize|wait",
        "docker",
        changes("start or stop it again"),
    ),
    any(
        POST,
        "**/exec/*/start",
        "docker",
        Verdict::Opaque("what runs in the container is not known"),
    ),
    // GitHub: docs.github.com/rest.
    at("github.com", DELETE, "repos/*/*/issues/**/labels/**", "github", changes("label it again")),
    at("github.com", DELETE, "**/reactions/*", "github", changes("react again")),
    at(
        "github.com",
        DELETE,
        "**/assignees|requested_reviewers|lock|subscription",
        "github",
        changes("set it again"),
    ),
    at(
        "github.com",
        DELETE,
        "user/starred|following|subscriptions/**",
        "github",
        changes("star it again"),
    ),
    at("github.com", DELETE, "**/actions/caches/**", "github", changes("the cache fills again")),
    at("github.com", PATCH, "repos/*/*/git/refs/**", "github", Verdict::Asks(special::move_ref)),
    at(
        "github.com",
        POST,
        "repos/*/*/transfer",
        "github",
        destroys("the repository belongs to somebody else"),
    ),
    at("github.com", POST, "markdown/**", "github", READS),
    at("github.com", SENT, "repos/**", "github", Verdict::Asks(special::by_body)),
    at("github.com", SENT, "orgs/**", "github", Verdict::Asks(special::by_body)),
    // Messages.
    at(
        "hooks.slack.com",
        POST,
        "**",
        "slack",
        Verdict::Changes(Verb::Create, "delete the message"),
    ),
    at("slack.com", EVERY, "api/*", "slack", Verdict::Asks(special::slack)),
    at("api.telegram.org", EVERY, "*/*", "telegram", Verdict::Asks(special::telegram)),
    at(
        "discord.com",
        POST,
        "api/**/webhooks/**",
        "discord",
        Verdict::Changes(Verb::Create, "delete the message"),
    ),
    at(
        "events.pagerduty.com",
        POST,
        "**",
        "pagerduty",
        Verdict::Changes(Verb::Create, "resolve the incident"),
    ),
    // Money: docs.stripe.com/api.
    at(
        "api.stripe.com",
        POST,
        "v1/refunds|payouts|transfers/**",
        "stripe",
        destroys("the money is paid out"),
    ),
    // Cloudflare, Heroku, DigitalOcean, Hetzner, Supabase, Neon, Fly.
    at(
        "api.cloudflare.com",
        EVERY,
        "client/v4/zones/*/purge_cache",
        "cloudflare",
        changes("the cache fills again"),
    ),
    at(
        "api.heroku.com",
        DELETE,
        "apps/*/dynos/**",
        "heroku",
        changes("they start again by themselves"),
    ),
    at("api.heroku.com", GET, "apps/*/config-vars/**", "heroku", REVEALS),
    at(
        "api.heroku.com",
        SENT,
        "apps/*/addons/*/actions/**",
        "heroku",
        Verdict::Opaque("what the add-on does is not known"),
    ),
    at(
        "api.digitalocean.com",
        POST,
        "v2/*/*/actions",
        "digitalocean",
        Verdict::Asks(special::digitalocean),
    ),
    at(
        "api.digitalocean.com",
        POST,
        "v2/droplets/actions",
        "digitalocean",
        Verdict::Asks(special::digitalocean),
    ),
    at(
        "api.hetzner.cloud",
        POST,
        "v1/servers/*/actions/reset|reboot|poweroff|shutdown|poweron",
        "hetzner",
        changes("start it again"),
    ),
    at(
        "api.hetzner.cloud",
        POST,
        "v1/servers/*/actions/rebuild",
        "hetzner",
        destroys("the disk is overwritten"),
    ),
    any(POST, "**/reinstall|rebuild", "http", Verdict::Asks(special::rebuild)),
    at(
        "api.supabase.com",
        SENT,
        "v1/projects/*/database/backups/**",
        "supabase",
        destroys("what was written since the backup is gone"),
    ),
    at("api.supabase.com", GET, "v1/projects/*/api-keys|secrets", "supabase", REVEALS),
    any(PATCH, "**/rest/v1/*", "postgresql", Verdict::Asks(special::postgrest)),
    at(
        "neon.tech",
        POST,
        "**/branches/*/restore|reset|restore_to_parent",
        "neon",
        destroys("what the branch held since is gone"),
    ),
    at("neon.tech", GET, "**/connection_uri|reveal_password", "neon", REVEALS),
    // The cloud's own address inside a machine.
    at("169.254.169.254", GET, "**/security-credentials/*", "aws:metadata", REVEALS),
    at("169.254.169.254", GET, "metadata/identity/**", "azure:metadata", REVEALS),
    at("169.254.169.254", PUT, "latest/api/token", "aws:metadata", READS),
    at("169.254.170.2", GET, "**", "aws:metadata", REVEALS),
    at("metadata.google.internal", GET, "**/token|identity", "gcp:metadata", REVEALS),
    at("169.254.169.254", GET, "**/token|identity", "gcp:metadata", REVEALS),
    at(
        "app.terraform.io",
        POST,
        "api/v2/runs/*/actions/apply",
        "terraform",
        Verdict::Opaque("what the plan holds is not known"),
    ),
    // AWS: one address for every action.
    at("amazonaws.com", EVERY, "**", "aws", Verdict::Asks(special::aws)),
    // Spring Boot, Jolokia.
    any(
        POST,
        "**/actuator/shutdown|restart|refresh|pause|resume",
        "spring",
        changes("start it again"),
    ),
    any(GET, "**/actuator/heapdump|env|configprops/**", "spring", REVEALS),
    any(
        EVERY,
        "**/jolokia/exec/**",
        "jolokia",
        Verdict::Opaque("what the operation does is not known"),
    ),
    any(EVERY, "**/jolokia/read|list|version|search/**", "jolokia", READS),
    any(POST, "**/jolokia", "jolokia", Verdict::Asks(special::jolokia)),
    // Solr: solr.apache.org/guide.
    any(EVERY, "solr/admin/collections|cores", "solr", Verdict::Asks(special::solr_admin)),
    any(EVERY, "solr/*/update/**", "solr", Verdict::Asks(special::solr_update)),
    any(POST, "solr/*/select|query|get", "solr", READS),
    // Airflow.
    any(POST, "api/v*/dags/*/cleartaskinstances", "airflow", runs("the tasks run again")),
    // Search and vector services.
    any(POST, "multi_search", "typesense", READS),
    any(
        POST,
        "collections/*/points/search|scroll|query|count|recommend|discover/**",
        "qdrant",
        READS,
    ),
    any(POST, "1/indexes/*/query|queries|browse|facets/**", "algolia", READS),
    any(POST, "rest/api/*/search/jql", "jira", READS),
    at("upstash.io", EVERY, "**", "redis", Verdict::Asks(special::redis)),
    // Models: they answer and keep nothing.
    at("api.anthropic.com", POST, "v1/messages/**", "anthropic", READS),
    at("api.openai.com", POST, "v1/responses|moderations", "openai", READS),
    // ClickHouse takes its SQL at the root of its host.
    any(ASKED, "", "http", Verdict::Asks(special::sql)),
];

/// Segments of a path that is looked up; no service has longer ones.
const LONGEST: usize = 40;

/// The route that a request takes, if it is known.
pub fn find(method: &str, address: &Address) -> Option<&'static Route> {
    let path: Vec<&str> =
        address.path.split('/').filter(|part| !part.is_empty()).take(LONGEST + 1).collect();
    if path.len() > LONGEST {
        return None;
    }
    ROUTES.iter().find(|route| {
        (route.methods.is_empty() || route.methods.contains(&method))
            && (route.host.is_empty() || is_within(&address.host, route.host))
            && fits(route.path, &path)
    })
}

fn is_within(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

fn fits(pattern: &str, path: &[&str]) -> bool {
    if pattern.is_empty() {
        return path.is_empty();
    }
    if let Some(rest) = pattern.strip_prefix("**/") {
        // A pattern has at most two of these, so this stays cheap.
        return (0..=path.len()).any(|skipped| fits(rest, &path[skipped..]));
    }
    if pattern == "**" {
        return true;
    }
    let (first, rest) = pattern.split_once('/').unwrap_or((pattern, ""));
    let Some((segment, more)) = path.split_first() else { return false };
    let same = |wanted: &str| match wanted.strip_suffix('*') {
        Some(start) => segment.starts_with(start),
        None => *segment == wanted,
    };
    first.split('|').any(same) && (if rest == "**" { true } else { fits(rest, more) })
}

/// Services by the end of their host.
const SERVICES: &[(&str, &str)] = &[
    ("github.com", "github"),
    ("githubusercontent.com", "github"),
    ("gitlab.com", "gitlab"),
    ("slack.com", "slack"),
    ("pagerduty.com", "pagerduty"),
    ("datadoghq.com", "datadog"),
    ("datadoghq.eu", "datadog"),
    ("stripe.com", "stripe"),
    ("cloudflare.com", "cloudflare"),
    ("supabase.com", "supabase"),
    ("supabase.co", "supabase"),
    ("neon.tech", "neon"),
    ("vercel.com", "vercel"),
    ("heroku.com", "heroku"),
    ("digitalocean.com", "digitalocean"),
    ("machines.dev", "fly"),
    ("fly.io", "fly"),
    ("railway.app", "railway"),
    ("railway.com", "railway"),
    ("render.com", "render"),
    ("netlify.com", "netlify"),
    ("amazonaws.com", "aws"),
    ("googleapis.com", "gcp"),
    ("azure.com", "azure"),
    ("linear.app", "linear"),
    ("atlassian.net", "jira"),
    ("notion.com", "notion"),
    ("sentry.io", "sentry"),
    ("hetzner.cloud", "hetzner"),
    ("linode.com", "linode"),
    ("vultr.com", "vultr"),
    ("newrelic.com", "newrelic"),
    ("auth0.com", "auth0"),
    ("okta.com", "okta"),
    ("planetscale.com", "planetscale"),
    ("shopify.com", "shopify"),
    ("myshopify.com", "shopify"),
    ("twilio.com", "twilio"),
    ("openai.com", "openai"),
    ("launchdarkly.com", "launchdarkly"),
    ("hub.docker.com", "docker"),
    ("bitbucket.org", "bitbucket"),
    ("circleci.com", "circleci"),
    ("algolia.net", "algolia"),
    ("sendgrid.com", "sendgrid"),
    ("mongodb.com", "mongodb"),
    ("discord.com", "discord"),
];

/// The service that an address belongs to.
pub fn service(address: &Address) -> Words {
    if address.host.contains(is_hole) {
        return Words::Borrowed("http");
    }
    let known = SERVICES.iter().find(|(domain, _)| is_within(&address.host, domain));
    Words::Borrowed(known.map_or("http", |(_, service)| service))
}
