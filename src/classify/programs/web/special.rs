//! Services whose body or query says what a request does.

use super::{
    body,
    http::{self, Asked, Part},
    json::{self, Json},
    verbs::{self, Meaning},
};
use crate::{
    classify::{Call, Data, Dialect, Judge, Variables, Word},
    domain::{Span, Verb},
};

fn destroys(
    asked: &Asked<'_>,
    service: &'static str,
    at: Span,
    lost: &'static str,
    judge: &mut Judge<'_>,
) {
    judge.destroys(Verb::Delete, service, asked.resource(judge), at, lost);
}

fn changes(asked: &Asked<'_>, service: &'static str, judge: &mut Judge<'_>) {
    let resource = asked.resource(judge);
    judge.changes(Verb::Update, service, resource, asked.request.at, "change it back");
}

fn reads(asked: &Asked<'_>, service: &'static str, judge: &mut Judge<'_>) {
    judge.reads(service, asked.resource(judge), asked.request.at);
}

fn by_meaning(
    meaning: Meaning,
    name: &str,
    asked: &Asked<'_>,
    service: &'static str,
    judge: &mut Judge<'_>,
) {
    let at = asked.request.at;
    match meaning {
        Meaning::Reads => judge.reads(service, name, at),
        Meaning::Reveals => judge.changes(Verb::Reveal, service, name, at, "rotate the secret"),
        Meaning::Destroys => {
            judge.destroys(Verb::Delete, service, name, at, "what it names is gone");
        }
        Meaning::Changes(verb, back) => judge.changes(verb, service, name, at, back),
        Meaning::Runs | Meaning::Unknown => {
            judge.changes(Verb::Update, service, name, at, "change it back");
        }
    }
}

/// Many writes in one body; some may delete.
pub fn bulk(asked: &Asked<'_>, service: &'static str, judge: &mut Judge<'_>) {
    for part in &asked.request.body {
        match part {
            Part::Text(text) => {
                let Some(lines) = json::read_all(text, judge) else {
                    judge.opaque(text.span(), "its lines are not JSON that can be read");
                    continue;
                };
                let docs =
                    lines.iter().flat_map(|line| line.get("docs").map_or(&[][..], Json::each));
                let deletes = lines.iter().chain(docs).any(|line| {
                    line.get("delete").is_some() || line.get("_deleted").is_some_and(Json::is_true)
                });
                if deletes {
                    destroys(asked, service, text.span(), "the documents are gone", judge);
                    return;
                }
            }
            Part::File(file) => {
                if verbs::words(file.text()).iter().any(|w| verbs::word(w) == Meaning::Destroys) {
                    judge.opaque(file.span(), "whether its lines delete is not known");
                }
            }
            Part::Made(_) => {}
        }
    }
    changes(asked, service, judge);
}

/// Changes all documents that fit.
pub fn update_by_query(asked: &Asked<'_>, service: &'static str, judge: &mut Judge<'_>) {
    let at = asked.request.at;
    let json = asked.text.and_then(|text| json::read(text, judge));
    let query = json.as_ref().and_then(|json| json.get("query"));
    let all = query.is_none_or(|query| query.get("match_all").is_some());
    let script = json.as_ref().and_then(|json| json.get("script"));
    let deletes = script.is_some_and(|script| {
        let source = script.as_text().or_else(|| script.text(&["source", "inline"]));
        source.is_some_and(|source| source.text().contains("delete"))
    });
    let has_body = !asked.request.body.is_empty();
    if deletes || script.is_some() && all {
        destroys(asked, service, at, "the old values of every document that fits are gone", judge);
    } else if has_body && json.is_none() {
        judge.opaque(at, "which documents it changes is not known");
    } else {
        changes(asked, service, judge);
    }
}

/// Moves names of indices; it can drop an index too.
pub fn aliases(asked: &Asked<'_>, service: &'static str, judge: &mut Judge<'_>) {
    let json = asked.text.and_then(|text| json::read(text, judge));
    let actions = json.as_ref().and_then(|json| json.get("actions")).map_or(&[][..], Json::each);
    if actions.iter().any(|action| action.get("remove_index").is_some()) {
        return destroys(asked, service, asked.request.at, "the index is gone", judge);
    }
    changes(asked, service, judge);
}

/// A cluster's settings; one of them lets whole sets of indices be deleted.
pub fn cluster_settings(asked: &Asked<'_>, service: &'static str, judge: &mut Judge<'_>) {
    let text = asked.text.map(Word::text).unwrap_or_default();
    if text.contains("allocate_empty_primary") || text.contains("allocate_stale_primary") {
        return destroys(asked, service, asked.request.at, "what the shard held is gone", judge);
    }
    let letters: String = text.chars().filter(|c| !c.is_whitespace() && *c != '"').collect();
    if letters.contains("destructive_requires_name:false") {
        let lost = "one request with a star may delete every index";
        return destroys(asked, service, asked.request.at, lost, judge);
    }
    changes(asked, service, judge);
}

/// The Kubernetes API.
pub fn kubernetes(asked: &Asked<'_>, service: &'static str, judge: &mut Judge<'_>) {
    let dry = asked.address.parameter("dryRun").is_some_and(|value| value == "All");
    let at = asked.request.at;
    match asked.method.as_str() {
        "GET" | "HEAD" | "OPTIONS" => reads(asked, service, judge),
        _ if dry => reads(asked, service, judge),
        "DELETE" => destroys(asked, service, at, "the objects are gone", judge),
        _ => changes(asked, service, judge),
    }
}

/// Leases of Vault.
pub fn vault_lease(asked: &Asked<'_>, service: &'static str, judge: &mut Judge<'_>) {
    let path = &asked.address.path;
    if path.contains("revoke") {
        return destroys(asked, service, asked.request.at, "the credentials stop working", judge);
    }
    if path.ends_with("lookup") {
        return reads(asked, service, judge);
    }
    changes(asked, service, judge);
}

/// Several operations of etcd at once.
pub fn etcd_transaction(asked: &Asked<'_>, service: &'static str, judge: &mut Judge<'_>) {
    let text = asked.text.map(|text| text.text().to_ascii_lowercase()).unwrap_or_default();
    if text.contains("delete_range") || text.contains("deleterange") {
        return destroys(asked, service, asked.request.at, "the keys are gone", judge);
    }
    if asked.text.is_none() {
        return judge.opaque(asked.request.at, "the transaction is not given");
    }
    changes(asked, service, judge);
}

/// `InfluxQL` in the address or a form; Flux in the body.
pub fn influx(asked: &Asked<'_>, service: &'static str, judge: &mut Judge<'_>) {
    let form = asked.text.map(Word::text).unwrap_or_default();
    let sent = form.split('&').find_map(|field| field.trim().strip_prefix("q="));
    let query = asked.address.parameter("q").or_else(|| sent.map(http::decode));
    let Some(query) = query else {
        if asked.text.is_some_and(|text| body::looks_like_sql(text.text()))
            || asked.address.parameter("query").is_some()
        {
            return sql(asked, service, judge);
        }
        if body::judge(asked, &service.into(), judge) {
            return;
        }
        return reads(asked, service, judge);
    };
    for statement in query.split(';') {
        let mut words = statement.split_whitespace().map(str::to_ascii_uppercase);
        let first = words.next().unwrap_or_default();
        match first.as_str() {
            "DROP" | "DELETE" | "KILL" | "REVOKE" => {
                destroys(asked, service, asked.request.at, "what it names is gone", judge);
            }
            "CREATE" | "ALTER" | "GRANT" | "SET" => changes(asked, service, judge),
            "SELECT" if words.any(|word| word == "INTO") => changes(asked, service, judge),
            "SELECT" | "SHOW" | "EXPLAIN" | "" => reads(asked, service, judge),
            _ => judge.opaque(asked.request.at, "the query cannot be read"),
        }
    }
}

/// SQL in the address or the body, as `ClickHouse` takes it.
pub fn sql(asked: &Asked<'_>, _: &'static str, judge: &mut Judge<'_>) {
    let mut any = false;
    for name in ["query", "q", "sql"] {
        if let Some(query) = asked.address.parameter(name)
            && body::looks_like_sql(&query)
        {
            let span = asked.request.url.span();
            // A body continues what the address begins: data that an INSERT takes.
            judge.sql(&Word::made(query, span), Dialect::Generic, "clickhouse");
            any = true;
        }
    }
    if !any
        && let Some(text) = asked.text
        && body::looks_like_sql(text.text())
    {
        judge.sql(text, Dialect::Generic, "clickhouse");
        any = true;
    }
    if !any {
        http::by_method(asked, judge);
    }
}

/// A command that is made ready to run in a container.
pub fn docker_exec(asked: &Asked<'_>, service: &'static str, judge: &mut Judge<'_>) {
    let json = asked.text.and_then(|text| json::read(text, judge));
    let words: Vec<Word> = json
        .as_ref()
        .and_then(|json| json.get("Cmd"))
        .map_or(&[][..], Json::each)
        .iter()
        .filter_map(|item| item.as_text().cloned())
        .collect();
    if words.is_empty() {
        return judge.opaque(asked.request.at, "what runs in the container is not known");
    }
    let variables = Variables::default();
    judge.call(&Call { words: &words, variables: &variables, stdin: &Data::Nothing });
    changes(asked, service, judge);
}

/// A branch or tag is moved, by force perhaps.
pub fn move_ref(asked: &Asked<'_>, service: &'static str, judge: &mut Judge<'_>) {
    let json = asked.text.and_then(|text| json::read(text, judge));
    if json.as_ref().and_then(|json| json.get("force")).is_some_and(Json::is_true) {
        let lost = "commits that only that branch had are gone";
        return destroys(asked, service, asked.request.at, lost, judge);
    }
    changes(asked, service, judge);
}

/// A service whose paths hold names of people's own, so that no verb in them counts.
pub fn by_body(asked: &Asked<'_>, service: &'static str, judge: &mut Judge<'_>) {
    if !body::judge(asked, &service.into(), judge) {
        changes(asked, service, judge);
    }
}

/// Slack's methods are names.
pub fn slack(asked: &Asked<'_>, service: &'static str, judge: &mut Judge<'_>) {
    let method = asked.address.raw.rsplit('/').next().unwrap_or_default().to_owned();
    let mild = ["reactions.remove", "pins.remove", "stars.remove", "bookmarks.remove"];
    let meaning = if mild.contains(&method.as_str()) {
        Meaning::Unknown
    } else {
        match verbs::name(&method) {
            Meaning::Unknown if asked.method == "GET" => Meaning::Reads,
            known => known,
        }
    };
    by_meaning(meaning, &method, asked, service, judge);
}

/// So are those of Telegram.
pub fn telegram(asked: &Asked<'_>, service: &'static str, judge: &mut Judge<'_>) {
    let method = asked.address.raw.rsplit('/').next().unwrap_or_default().to_owned();
    by_meaning(verbs::name(&method), &method, asked, service, judge);
}

/// What is done to a droplet.
pub fn digitalocean(asked: &Asked<'_>, service: &'static str, judge: &mut Judge<'_>) {
    let json = asked.text.and_then(|text| json::read(text, judge));
    let kind =
        json.as_ref().and_then(|json| json.text(&["type"])).map(|word| word.text().to_owned());
    match kind.as_deref() {
        Some("rebuild" | "restore" | "disable_backups" | "destroy") => {
            destroys(
                asked,
                service,
                asked.request.at,
                "what the disk or its backups held is gone",
                judge,
            );
        }
        Some(_) => changes(asked, service, judge),
        None => judge.opaque(asked.request.at, "which action it starts is not known"),
    }
}

/// A machine is set up anew.
pub fn rebuild(asked: &Asked<'_>, _: &'static str, judge: &mut Judge<'_>) {
    let machine = ["server", "instance", "linode", "droplet", "device", "machine"];
    if machine.iter().any(|word| asked.address.path.contains(word)) {
        return destroys(asked, "http", asked.request.at, "the disk is overwritten", judge);
    }
    http::by_method(asked, judge);
}

/// Rows of a table through `PostgREST`: without a filter, all of them.
pub fn postgrest(asked: &Asked<'_>, service: &'static str, judge: &mut Judge<'_>) {
    let pairs = asked.address.query.split('&').filter_map(|pair| pair.split_once('='));
    let known = ["select", "columns", "order", "limit", "offset"];
    if pairs.into_iter().any(|(name, _)| !known.contains(&name)) {
        return changes(asked, service, judge);
    }
    destroys(asked, service, asked.request.at, "the old values of every row are gone", judge);
}

/// The Query API of AWS: the action is a parameter or a header.
pub fn aws(asked: &Asked<'_>, service: &'static str, judge: &mut Judge<'_>) {
    let form = asked.text.map(Word::text).unwrap_or_default();
    let sent = form.split('&').find_map(|field| field.trim().strip_prefix("Action="));
    let target = asked.request.headers.iter().find_map(|header| {
        let (name, value) = header.text().split_once(':')?;
        let operation = value.trim().rsplit('.').next()?;
        name.trim().eq_ignore_ascii_case("x-amz-target").then(|| operation.to_owned())
    });
    let action = asked.address.parameter("Action").or_else(|| sent.map(http::decode)).or(target);
    let public = asked
        .request
        .headers
        .iter()
        .any(|header| header.text().to_ascii_lowercase().starts_with("x-amz-acl: public"));
    if public {
        let (resource, at) = (asked.resource(judge), asked.request.at);
        return judge.destroys(Verb::Grant, "aws:s3", resource, at, "everybody can read it");
    }
    let Some(action) = action else { return http::by_method(asked, judge) };
    by_meaning(verbs::name(&action), &action, asked, service, judge);
}

/// Jolokia: the body says whether it looks or runs.
pub fn jolokia(asked: &Asked<'_>, service: &'static str, judge: &mut Judge<'_>) {
    let json = asked.text.and_then(|text| json::read(text, judge));
    let Some(json) = json else {
        return judge.opaque(asked.request.at, "what it asks for is not known");
    };
    for item in json.each() {
        match item.text(&["type"]).map(Word::text) {
            Some("read" | "list" | "search" | "version") => reads(asked, service, judge),
            Some("write") => changes(asked, service, judge),
            _ => judge.opaque(asked.request.at, "what the operation does is not known"),
        }
    }
}

/// Collections and cores of Solr: the action is a parameter.
pub fn solr_admin(asked: &Asked<'_>, service: &'static str, judge: &mut Judge<'_>) {
    let action = asked.address.parameter("action").unwrap_or_default().to_ascii_uppercase();
    match action.as_str() {
        "" | "LIST" | "STATUS" | "CLUSTERSTATUS" | "REQUESTSTATUS" | "OVERSEERSTATUS"
        | "COLSTATUS" | "LISTALIASES" | "LISTBACKUP" => reads(asked, service, judge),
        "UNLOAD" => changes(asked, service, judge),
        _ if action.starts_with("DELETE") => {
            destroys(asked, service, asked.request.at, "what it names is gone", judge);
        }
        _ => changes(asked, service, judge),
    }
}

/// Documents of Solr, which may be deleted in the address already.
pub fn solr_update(asked: &Asked<'_>, service: &'static str, judge: &mut Judge<'_>) {
    let stream = asked.address.parameter("stream.body").unwrap_or_default();
    let text = asked.text.map(Word::text).unwrap_or_default();
    let json = asked.text.and_then(|text| json::read(text, judge));
    let deletes = stream.contains("delete")
        || text.trim_start().starts_with("<delete")
        || json.is_some_and(|json| json.get("delete").is_some());
    if deletes {
        return destroys(asked, service, asked.request.at, "the documents are gone", judge);
    }
    changes(asked, service, judge);
}

/// Redis over HTTP: the command is the path, or a list in the body.
pub fn redis(asked: &Asked<'_>, _: &'static str, judge: &mut Judge<'_>) {
    let span = asked.request.url.span();
    let mut words = vec![Word::made("redis-cli", span)];
    let path = asked.address.raw.split('/').filter(|part| !part.is_empty());
    words.extend(path.map(|part| Word::made(http::decode(part), span)));
    let json = asked.text.and_then(|text| json::read(text, judge));
    let lists: Vec<&Json> = match &json {
        Some(Json::List(items)) if matches!(items.first(), Some(Json::List(_))) => {
            words.truncate(1);
            items.iter().collect()
        }
        Some(list @ Json::List(_)) => vec![list],
        _ => Vec::new(),
    };
    let variables = Variables::default();
    let mut run = |words: &[Word]| {
        judge.call(&Call { words, variables: &variables, stdin: &Data::Nothing });
    };
    if lists.is_empty() {
        return run(&words);
    }
    for list in lists {
        let mut all = words.clone();
        all.extend(list.each().iter().filter_map(|item| match item {
            Json::Text(word) | Json::Number(word) => Some(word.clone()),
            _ => None,
        }));
        run(&all);
    }
}
