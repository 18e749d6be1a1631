//! Tools whose names mislead, and what servers are called elsewhere.
//!
//! Built in 2026-11 from the tool lists in the README of each server: the reference servers
//! (github.com/modelcontextprotocol/servers), GitHub's, Supabase's, Neon's, Heroku's, Stripe's,
//! Playwright's, Terraform's and `mcp-server-kubernetes`.

use super::super::programs::web::verbs::Meaning;
use crate::{classify::Dialect, domain::Verb};

const READS: Meaning = Meaning::Reads;
const DESTROYS: Meaning = Meaning::Destroys;
const REVEALS: Meaning = Meaning::Reveals;
const CHANGES: Meaning = Meaning::Changes(Verb::Update, "change it back");
const RUNS: Meaning = Meaning::Changes(Verb::Run, "it runs what is fixed");

/// A part of the server's name, or nothing; the tool's words with `_` between them; what it does.
const TOOLS: &[(&str, &str, Meaning)] = &[
    ("git", "git_reset", CHANGES),
    ("git", "git_branch", READS),
    ("git", "git_log", READS),
    ("git", "git_blame", READS),
    ("git", "git_fetch", CHANGES),
    ("git", "git_clean", DESTROYS),
    ("github", "remove_sub_issue", CHANGES),
    ("github", "dismiss_notification", CHANGES),
    ("github", "run_secret_scanning", READS),
    ("github", "download_workflow_run_artifact", READS),
    ("notion", "api_post_search", READS),
    ("notion", "api_post_database_query", READS),
    ("notion", "api_query_data_source", READS),
    ("supabase", "generate_typescript_types", READS),
    ("supabase", "get_anon_key", READS),
    ("supabase", "get_publishable_keys", READS),
    ("supabase", "confirm_cost", READS),
    ("supabase", "restore_project", CHANGES),
    ("neon", "reset_from_parent", DESTROYS),
    ("neon", "get_connection_string", REVEALS),
    ("heroku", "pg_kill", CHANGES),
    ("heroku", "pg_outliers", READS),
    ("heroku", "pg_locks", READS),
    ("heroku", "pg_ps", READS),
    ("heroku", "pg_credentials", REVEALS),
    ("heroku", "pg_maintenance", READS),
    ("heroku", "maintenance_on", CHANGES),
    ("heroku", "maintenance_off", CHANGES),
    ("heroku", "transfer_app", DESTROYS),
    ("stripe", "create_refund", DESTROYS),
    ("memory", "open_nodes", READS),
    ("kubernetes", "cleanup", CHANGES),
    ("kubernetes", "stop_port_forward", CHANGES),
    ("kubernetes", "port_forward", CHANGES),
    ("kubernetes", "kubectl_context", CHANGES),
    ("terraform", "apply_run", Meaning::Unknown),
    ("terraform", "discard_run", CHANGES),
    ("terraform", "run_checkov_scan", READS),
    ("terraform", "runcheckovscan", READS),
    ("context7", "resolve_library_id", READS),
    ("", "start_search", READS),
    ("", "get_more_search_results", READS),
    ("", "stop_search", CHANGES),
    ("terraform", "apply", Meaning::Unknown),
    ("terraform", "terraform_apply", Meaning::Unknown),
    ("tofu", "apply", Meaning::Unknown),
    ("", "sequentialthinking", READS),
    ("", "sequential_thinking", READS),
    ("playwright", "browser_close", READS),
    ("playwright", "browser_resize", READS),
    ("playwright", "browser_install", CHANGES),
    ("playwright", "browser_navigate_back", READS),
    ("playwright", "browser_tabs", READS),
    ("playwright", "browser_tab_new", READS),
    ("playwright", "browser_console_messages", READS),
    ("playwright", "browser_network_requests", READS),
    ("playwright", "browser_take_screenshot", READS),
    ("playwright", "browser_wait_for", READS),
    ("playwright", "browser_press_key", CHANGES),
    ("playwright", "browser_handle_dialog", CHANGES),
    ("puppeteer", "puppeteer_screenshot", READS),
    ("puppeteer", "puppeteer_navigate", READS),
    ("chrome", "take_snapshot", READS),
    ("chrome", "take_screenshot", READS),
    ("chrome", "navigate_page", READS),
    ("chrome", "new_page", READS),
    ("chrome", "close_page", READS),
    ("chrome", "performance_start_trace", READS),
    ("docker", "recreate_container", DESTROYS),
    ("docker", "run_container", CHANGES),
    ("aws", "suggest_aws_commands", READS),
    ("aws", "start_query", READS),
    ("cloudwatch", "start_query", READS),
    ("cloudwatch", "execute_log_insights_query", READS),
    ("cloudwatch", "cancel_logs_insight_query", CHANGES),
    ("redis", "type", READS),
    ("redis", "hget", READS),
    ("redis", "hgetall", READS),
    ("redis", "hexists", READS),
    ("redis", "lrange", READS),
    ("redis", "llen", READS),
    ("redis", "smembers", READS),
    ("redis", "zrange", READS),
    ("redis", "xrange", READS),
    ("redis", "dbsize", READS),
    ("redis", "ttl", READS),
    ("redis", "keys", READS),
    ("redis", "json_get", READS),
    ("redis", "hset", CHANGES),
    ("redis", "lpush", CHANGES),
    ("redis", "rpush", CHANGES),
    ("redis", "sadd", CHANGES),
    ("redis", "zadd", CHANGES),
    ("redis", "xadd", CHANGES),
    ("redis", "incr", CHANGES),
    ("redis", "hdel", DESTROYS),
    ("redis", "lpop", DESTROYS),
    ("redis", "rpop", DESTROYS),
    ("redis", "srem", DESTROYS),
    ("redis", "zrem", DESTROYS),
    ("redis", "xdel", DESTROYS),
    ("redis", "json_del", DESTROYS),
    ("mongo", "aggregate", READS),
    ("mongo", "connect", READS),
    ("mongo", "switch_connection", READS),
    ("elastic", "esql", READS),
    ("sentry", "analyze_issue_with_seer", READS),
    ("postgres", "analyze_workload_indexes", READS),
    ("argocd", "sync_application", CHANGES),
    ("argocd", "run_resource_action", CHANGES),
    ("vercel", "deploy_to_vercel", CHANGES),
    ("gmail", "modify_email", CHANGES),
    ("filesystem", "directory_tree", READS),
    ("", "run_tests", RUNS),
    ("", "reset_password", CHANGES),
    ("", "send_password_reset", CHANGES),
    ("", "remove_reaction", CHANGES),
    ("", "remove_label", CHANGES),
    ("", "remove_labels", CHANGES),
    ("", "remove_issue_label", CHANGES),
    ("", "remove_assignee", CHANGES),
    ("", "unpin_message", CHANGES),
    ("", "close_issue", CHANGES),
    ("", "mark_all_notifications_read", CHANGES),
    ("", "kill_process", CHANGES),
    ("", "force_terminate", CHANGES),
    ("", "show_secrets", REVEALS),
    ("", "access_secret_version", REVEALS),
];

/// What a tool does whose name misleads.
pub fn tool(server: &str, name: &str) -> Option<Meaning> {
    let found = TOOLS.iter().find(|(part, tool, _)| *tool == name && server.contains(part));
    found.map(|(_, _, meaning)| *meaning)
}

/// Parts of names of servers and tools, and the service they speak to.
const SERVICES: &[(&str, &str)] = &[
    ("postgres", "postgresql"),
    ("supabase", "supabase"),
    ("neon", "neon"),
    ("mysql", "mysql"),
    ("mariadb", "mysql"),
    ("sqlite", "sqlite"),
    ("kube", "kubernetes"),
    ("k8s", "kubernetes"),
    ("github", "github"),
    ("gitlab", "gitlab"),
    ("slack", "slack"),
    ("railway", "railway"),
    ("heroku", "heroku"),
    ("stripe", "stripe"),
    ("cloudflare", "cloudflare"),
    ("vercel", "vercel"),
    ("mongo", "mongodb"),
    ("redis", "redis"),
    ("elastic", "elasticsearch"),
    ("docker", "docker"),
    ("datadog", "datadog"),
    ("pagerduty", "pagerduty"),
    ("filesystem", "files"),
    ("aws", "aws"),
    ("azure", "azure"),
    ("gcloud", "gcp"),
    ("terraform", "terraform"),
    ("atlassian", "jira"),
    ("jira", "jira"),
    ("linear", "linear"),
    ("notion", "notion"),
    ("sentry", "sentry"),
    ("neo4j", "neo4j"),
];

/// The service that a server speaks to, if its name says so.
pub fn service(server: &str) -> Option<&'static str> {
    SERVICES.iter().find(|(part, _)| server.contains(part)).map(|(_, service)| *service)
}

/// The dialect of SQL that a server speaks.
pub fn dialect(server: &str) -> Dialect {
    let has = |parts: &[&str]| parts.iter().any(|part| server.contains(part));
    if has(&["mysql", "mariadb", "planetscale", "tidb"]) {
        Dialect::MySql
    } else if has(&["sqlite", "d1", "turso", "libsql"]) {
        Dialect::Sqlite
    } else if has(&["postgres", "supabase", "neon", "cockroach", "redshift", "timescale", "pg"]) {
        Dialect::Postgres
    } else {
        Dialect::Generic
    }
}

/// Words of tools and servers, and the program whose arguments their `command` holds.
const PROGRAMS: &[(&str, &str)] = &[
    ("kubectl", "kubectl"),
    ("kubernetes", "kubectl"),
    ("k8s", "kubectl"),
    ("helm", "helm"),
    ("terraform", "terraform"),
    ("tofu", "tofu"),
    ("aws", "aws"),
    ("az", "az"),
    ("azure", "az"),
    ("gcloud", "gcloud"),
    ("docker", "docker"),
    ("git", "git"),
    ("gh", "gh"),
    ("heroku", "heroku"),
    ("redis", "redis-cli"),
    ("argocd", "argocd"),
    ("istioctl", "istioctl"),
    ("flyctl", "fly"),
    ("fly", "fly"),
    ("vercel", "vercel"),
    ("wrangler", "wrangler"),
    ("railway", "railway"),
    ("pulumi", "pulumi"),
    ("npm", "npm"),
    ("doctl", "doctl"),
    ("systemctl", "systemctl"),
    ("etcdctl", "etcdctl"),
    ("cilium", "cilium"),
];

/// The program that a word stands for.
pub fn program(word: &str) -> Option<&'static str> {
    PROGRAMS.iter().find(|(name, _)| *name == word).map(|(_, program)| *program)
}

/// Whether queries of that server are of a language that only looks: metrics, logs, traces.
pub fn only_queries(server: &str) -> bool {
    [
        "prometheus",
        "loki",
        "grafana",
        "datadog",
        "honeycomb",
        "newrelic",
        "new-relic",
        "axiom",
        "splunk",
        "elastic",
        "opensearch",
        "cloudwatch",
        "dynatrace",
        "tempo",
        "jaeger",
        "signoz",
        "logfire",
        "posthog",
        "amplitude",
        "mixpanel",
        "kibana",
        "thanos",
        "victoria",
    ]
    .iter()
    .any(|part| server.contains(part))
}
