//! What the body of a request says where the method and the path do not.

use super::{
    graphql,
    http::{Asked, Part, decode},
    json::{self, Json},
    verbs::{self, Meaning},
};
use crate::{
    classify::{Dialect, Judge, Word},
    domain::{Verb, Words},
};

/// Judges the body, and says whether it was enough.
pub fn judge(asked: &Asked<'_>, service: &Words, judge: &mut Judge<'_>) -> bool {
    let path = asked.address.path.trim_end_matches('/');
    if is_graphql(path) {
        graphql_body(asked, service, judge);
        return true;
    }
    let Some(text) = asked.text else { return false };
    if !text.text().trim_start().starts_with(['{', '[']) {
        return form(asked, text, service, judge);
    }
    if text.text().contains("\"allUsers\"") || text.text().contains("\"allAuthenticatedUsers\"") {
        let (resource, at) = (asked.resource(judge), text.span());
        judge.destroys(Verb::Grant, service.clone(), resource, at, "everybody gets in");
        return true;
    }
    let Some(json) = json::read(text, judge) else { return false };
    let mut enough = false;
    for item in json.each() {
        enough |= object(asked, item, service, judge);
    }
    enough
}

fn is_graphql(path: &str) -> bool {
    let mut last = path.rsplit('/');
    matches!(
        (last.next(), last.next()),
        (Some("graphql" | "graphql.json" | "gql"), _) | (Some(_), Some("graphql"))
    )
}

/// Judges a body that is GraphQL in JSON, or as it is.
pub fn graphql_body(asked: &Asked<'_>, service: &Words, judge: &mut Judge<'_>) {
    let at = asked.request.at;
    let query = asked.address.parameter("query");
    if let Some(query) = query {
        let word = Word::made(query, asked.request.url.span());
        return graphql::document(&word, None, service, at, judge);
    }
    let Some(text) = asked.text else {
        if asked.method == "GET" {
            return judge.reads(service.clone(), asked.resource(judge), at);
        }
        let span = asked.request.body.first().map_or(at, |part| match part {
            Part::Text(word) | Part::File(word) => word.span(),
            Part::Made(span) => *span,
        });
        return judge.opaque(span, "the GraphQL it sends is not given");
    };
    // `query=…` of a form, and `query={…}` that httpie sends.
    if let Some(json) = json::read(text, judge) {
        let mut any = false;
        for item in json.each() {
            if let Some(query) = item.text(&["query", "mutation"]) {
                let operation = item.text(&["operationName"]);
                graphql::document(query, operation, service, at, judge);
                any = true;
            } else if let Some(name) = item.text(&["operationName"]) {
                // A query that the server keeps, called by its name.
                any = true;
                match verbs::name(name.text()) {
                    Meaning::Reads => judge.reads(service.clone(), judge.name(name), at),
                    _ => judge.opaque(name.span(), "the GraphQL it names is not given"),
                }
            }
        }
        if any {
            return;
        }
    }
    let raw = text.text().trim_start();
    if let Some(start) = raw.strip_prefix("query=") {
        let word = Word::made(decode(start), text.span());
        return graphql::document(&word, None, service, at, judge);
    }
    graphql::document(text, None, service, at, judge);
}

/// Fields of a body that hold SQL.
const SQL: &[&str] = &["sql", "query", "statement", "stmt", "sqlText", "q"];
/// Fields of a body that hold what is to be done.
const ACTIONS: &[&str] =
    &["action", "operation", "op", "command", "cmd", "method", "event", "task"];

fn object(asked: &Asked<'_>, json: &Json, service: &Words, judge: &mut Judge<'_>) -> bool {
    let at = asked.request.at;
    if let Some(text) = json.text(SQL) {
        if looks_like_sql(text.text()) {
            judge.sql(text, Dialect::Generic, "sql");
            return true;
        }
        if looks_like_graphql(text.text()) {
            graphql::document(text, json.text(&["operationName"]), service, at, judge);
            return true;
        }
    }
    if json.get("jsonrpc").is_some()
        && let Some(method) = json.text(&["method"])
    {
        remote(asked, json, method, service, judge);
        return true;
    }
    if loosens(json) {
        let lost = "what it protected, or kept to itself, no longer is";
        judge.destroys(Verb::Grant, service.clone(), asked.resource(judge), at, lost);
        return true;
    }
    let patch = asked.method == "PATCH" && json.get("path").is_some();
    if !patch
        && let Some(action) = json.text(ACTIONS)
        && verbs::name(action.text()) == Meaning::Destroys
    {
        let lost = "what the body names is gone";
        let resource = asked.resource(judge);
        judge.destroys(Verb::Delete, service.clone(), resource, action.span(), lost);
        return true;
    }
    false
}

/// Judges a remote procedure call in JSON.
fn remote(asked: &Asked<'_>, json: &Json, method: &Word, service: &Words, judge: &mut Judge<'_>) {
    let at = method.span();
    // A call of an MCP tool over HTTP.
    if method.is("tools/call")
        && let Some(parameters) = json.get("params")
        && let Some(tool) = parameters.text(&["name"])
    {
        let server = Words::Owned(asked.address.host.clone());
        let arguments = parameters.get("arguments").cloned().unwrap_or(Json::Null);
        return crate::classify::mcp::tool(&server, tool, &arguments, judge);
    }
    let name = method.text();
    let rest = name.split_once('_').filter(|(first, _)| {
        matches!(*first, "eth" | "net" | "web3" | "txpool" | "debug" | "trace" | "admin" | "miner")
    });
    let meaning = match rest {
        Some(("eth", "sendTransaction" | "sendRawTransaction")) => Meaning::Destroys,
        Some(("eth" | "net" | "web3" | "txpool" | "trace", rest)) if !rest.starts_with("send") => {
            Meaning::Reads
        }
        _ => verbs::name(name),
    };
    let resource = judge.name(method);
    match meaning {
        Meaning::Reads => judge.reads(service.clone(), resource, at),
        Meaning::Destroys => {
            judge.destroys(Verb::Delete, service.clone(), resource, at, "what it names is gone");
        }
        Meaning::Reveals => {
            judge.changes(Verb::Reveal, service.clone(), resource, at, "rotate the secret");
        }
        Meaning::Changes(verb, back) => judge.changes(verb, service.clone(), resource, at, back),
        Meaning::Runs | Meaning::Unknown if method.has_holes() => {
            judge.opaque(at, "which method it calls is not known");
        }
        Meaning::Runs | Meaning::Unknown => {
            judge.changes(Verb::Update, service.clone(), resource, at, "change it back");
        }
    }
}

/// Whether a setting takes a guard away or shows something to everybody.
pub fn loosens(json: &Json) -> bool {
    json.entries().iter().any(|(name, value)| {
        let words = verbs::words(name.text());
        let has = |wanted: &str| words.iter().any(|word| word == wanted);
        let guard = has("deletion") && has("protection")
            || has("prevent") && has("destroy")
            || has("termination") && has("protection")
            || has("audit") && (has("enabled") || has("log") || has("logging"))
            || (has("backup") || has("backups")) && has("enabled");
        let text = value.as_text().and_then(Word::known).unwrap_or_default();
        guard && value.is_false()
            || name.is("private") && value.is_false()
            || name.is("visibility") && text == "public"
            || name.is("acl") && text.starts_with("public-read")
            || name.is("public") && value.is_true()
    })
}

/// Judges a body of form fields.
fn form(asked: &Asked<'_>, text: &Word, service: &Words, judge: &mut Judge<'_>) -> bool {
    let fields = text.text().split('&').filter_map(|field| field.split_once('='));
    for (name, value) in fields {
        let (name, value) = (name.trim(), decode(value));
        if SQL.contains(&name) && looks_like_sql(&value) {
            judge.sql(&Word::made(value, text.span()), Dialect::Generic, "sql");
            return true;
        }
        if ACTIONS.contains(&name) && verbs::name(&value) == Meaning::Destroys {
            let lost = "what the body names is gone";
            let resource = asked.resource(judge);
            judge.destroys(Verb::Delete, service.clone(), resource, text.span(), lost);
            return true;
        }
    }
    let raw = text.text().trim_start();
    if raw.starts_with("<delete>") || raw.starts_with("<delete ") {
        let lost = "the documents it names are gone";
        judge.destroys(Verb::Delete, "solr", asked.resource(judge), text.span(), lost);
        return true;
    }
    false
}

/// Whether a text begins like SQL does.
pub fn looks_like_sql(text: &str) -> bool {
    let mut rest = text.trim_start();
    while let Some(after) = rest.strip_prefix("--") {
        rest = after.split_once('\n').map_or("", |(_, rest)| rest).trim_start();
    }
    while let Some(after) = rest.strip_prefix("/*") {
        rest = after.split_once("*/").map_or("", |(_, rest)| rest).trim_start();
    }
    let rest = rest.trim_start_matches('(').trim_start();
    let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
    // A single word is rather a search for that word, and `delete user` is a sentence.
    let (first, more) = (rest[..end].to_ascii_uppercase(), rest[end..].trim());
    let second = more.split(|c: char| !c.is_ascii_alphabetic() && c != '_').next();
    let second = second.unwrap_or_default().to_ascii_uppercase();
    match first.as_str() {
        "DELETE" => second == "FROM" || more.starts_with('/'),
        "INSERT" => matches!(second.as_str(), "INTO" | "OVERWRITE" | "IGNORE" | "OR"),
        "UPDATE" => text.to_ascii_uppercase().contains(" SET "),
        "CREATE" | "ALTER" | "DROP" | "SHOW" | "BEGIN" | "START" | "SET" | "USE" | "GRANT"
        | "REVOKE" | "EXPLAIN" | "DESCRIBE" | "WITH" | "SELECT" | "TRUNCATE" | "MERGE" | "COPY"
        | "CALL" | "EXEC" | "EXECUTE" | "VALUES" | "PRAGMA" | "VACUUM" | "ANALYZE" | "REPLACE"
        | "OPTIMIZE" | "KILL" | "UNDROP" | "DO" | "COMMENT" | "REINDEX" | "LOCK" | "RENAME"
        | "ATTACH" | "DETACH" | "SYSTEM" | "DESC" | "UNLOAD" | "REFRESH" => !more.is_empty(),
        "COMMIT" | "ROLLBACK" => true,
        _ => false,
    }
}

/// Whether a text begins like GraphQL does.
pub fn looks_like_graphql(text: &str) -> bool {
    let text = text.trim_start();
    let rest = ["query", "mutation", "subscription"].iter().find_map(|w| text.strip_prefix(w));
    text.starts_with('{') || rest.is_some_and(|rest| rest.contains('{'))
}
