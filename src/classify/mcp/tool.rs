//! A tool by the verb in its name, and by its arguments where the name is not enough.

use super::{known, runs};
use crate::{
    classify::{
        Judge, Word,
        programs::web::{
            json::Json,
            loosens,
            verbs::{self, Meaning},
        },
    },
    domain::{PlaceKind, Span, Verb, Words},
};

/// A call of a tool.
pub(super) struct Asked<'a> {
    /// The server, in lower case.
    pub server: String,
    /// The service of its effects.
    pub service: Words,
    /// The tool as it is written.
    pub tool: &'a Word,
    /// The words of its name, without those of the server before them.
    pub words: Vec<String>,
    /// What it is given.
    pub arguments: &'a Json,
    /// What names the thing acted upon.
    pub resource: String,
}

impl Asked<'_> {
    /// Where the tool is named.
    pub fn at(&self) -> Span {
        self.tool.span()
    }

    /// Adds what a meaning amounts to.
    pub fn means(&self, meaning: Meaning, judge: &mut Judge<'_>) {
        let (service, resource, at) = (self.service.clone(), self.resource.clone(), self.at());
        match meaning {
            Meaning::Reads => judge.reads(service, resource, at),
            Meaning::Reveals => judge.changes(Verb::Reveal, service, resource, at, "rotate it"),
            Meaning::Changes(verb, back) => judge.changes(verb, service, resource, at, back),
            Meaning::Destroys => {
                judge.destroys(Verb::Delete, service, resource, at, "what it names is gone");
            }
            Meaning::Runs => judge.opaque(at, "what the tool runs is not known"),
            Meaning::Unknown => judge.opaque(at, "what the tool does is not known"),
        }
    }
}

/// Arguments that say where a tool acts.
const PLACES: &[(&str, PlaceKind)] = &[
    ("profile", PlaceKind::Profile),
    ("profile_name", PlaceKind::Profile),
    ("context", PlaceKind::Context),
    ("cluster", PlaceKind::Context),
    ("cluster_name", PlaceKind::Context),
    ("host", PlaceKind::Host),
    ("hostname", PlaceKind::Host),
    ("environment", PlaceKind::Name),
    ("env", PlaceKind::Name),
    ("namespace", PlaceKind::Name),
    ("app", PlaceKind::Name),
    ("stack", PlaceKind::Name),
    ("workspace", PlaceKind::Name),
    ("project_id", PlaceKind::Account),
    ("subscription", PlaceKind::Account),
    ("branch", PlaceKind::Branch),
];

/// Judges a tool of a server with its arguments.
pub fn tool(server: &Words, tool: &Word, arguments: &Json, judge: &mut Judge<'_>) {
    if tool.has_holes() || !judge.step(2, tool.span()) {
        return judge.opaque(tool.span(), "which tool is called is not known");
    }
    let arguments = unfolded(arguments);
    for (name, kind) in PLACES {
        if let Some(Json::Text(word)) = arguments.get(name) {
            judge.place(*kind, word);
        }
    }
    if let (Some(owner), Some(repo)) = (arguments.text(&["owner"]), arguments.text(&["repo"])) {
        let name = format!("{}/{}", owner.text(), repo.text());
        judge.place(PlaceKind::Repository, &Word::made(name, repo.span()));
    }
    let server = server.to_ascii_lowercase();
    let all = verbs::words(tool.text());
    let service = known::service(&server).map_or_else(|| Words::Owned(server.clone()), Into::into);
    let words = without_server(&server, &all);
    let resource = resource(arguments, judge);
    let asked = Asked { server, service, tool, words, arguments, resource };
    if let Some(inner) = wrapped(&asked, &all) {
        let (name, given) = inner;
        let given = given.cloned().unwrap_or(Json::Object(Vec::new()));
        let server = Words::Owned(asked.server.clone());
        return self::tool(&server, &name, &given, judge);
    }
    if let Some(meaning) = known::tool(&asked.server, &all.join("_")) {
        return by_table(meaning, &asked, judge);
    }
    let mut meaning = verbs::phrase(&asked.words);
    if meaning == Meaning::Unknown {
        meaning = verbs::phrase(&all);
    }
    let first = asked.words.first().map_or("", String::as_str);
    let asks = matches!(first, "query" | "read" | "select" | "sql" | "explain" | "fetch" | "test")
        || asked.words.iter().any(|word| matches!(word.as_str(), "query" | "sql" | "cypher"));
    match meaning {
        Meaning::Reads if !asks || is_search(first) => reads(&asked, judge),
        Meaning::Reads => {
            if !runs::arguments(&asked, &all, judge) {
                reads(&asked, judge);
            }
        }
        Meaning::Destroys => destroys(&asked, judge),
        Meaning::Changes(..) => changes(meaning, &asked, &all, judge),
        Meaning::Reveals => asked.means(meaning, judge),
        Meaning::Runs | Meaning::Unknown => {
            if runs::arguments(&asked, &all, judge) {
                return;
            }
            match action(&asked) {
                Some(Meaning::Runs | Meaning::Unknown) | None => {
                    asked.means(fixed(&asked.words).unwrap_or(meaning), judge);
                }
                Some(Meaning::Changes(..)) if gives_up(asked.arguments) => {
                    asked.means(Meaning::Destroys, judge);
                }
                Some(said) => asked.means(said, judge),
            }
        }
    }
}

/// What lies in a single `params` or `input` around all arguments.
fn unfolded(mut arguments: &Json) -> &Json {
    let around = ["params", "input", "arguments", "args", "request", "payload", "body", "data"];
    while let [(name, inner @ Json::Object(_))] = arguments.entries()
        && around.contains(&name.text())
    {
        arguments = inner;
    }
    arguments
}

/// Verbs whose texts are looked for and never run.
fn is_search(first: &str) -> bool {
    matches!(
        first,
        "search" | "find" | "list" | "get" | "lookup" | "describe" | "validate" | "format"
    )
}

fn by_table(meaning: Meaning, asked: &Asked<'_>, judge: &mut Judge<'_>) {
    if asked.server.contains("playwright") || asked.server.contains("puppeteer") {
        return clicks(meaning, asked, judge);
    }
    let hard = asked.arguments.text(&["mode", "resetMode", "type"]);
    if asked.words.last().is_some_and(|word| word == "reset")
        && hard.is_some_and(|mode| matches!(mode.text(), "hard" | "merge"))
    {
        return asked.means(Meaning::Destroys, judge);
    }
    if asked.server.contains("redis") && meaning == Meaning::Destroys && is_cache(asked) {
        return asked.means(CACHE, judge);
    }
    // A pipeline of MongoDB that ends in a collection writes it anew.
    if asked.server.contains("mongo") && meaning == Meaning::Reads {
        let stages = asked.arguments.get("pipeline").map_or(&[][..], Json::each);
        if stages.iter().any(|stage| stage.get("$out").is_some()) {
            return asked.means(Meaning::Destroys, judge);
        }
        if stages.iter().any(|stage| stage.get("$merge").is_some()) {
            return asked.means(Meaning::Changes(Verb::Update, "write the old documents"), judge);
        }
    }
    asked.means(meaning, judge);
}

fn reads(asked: &Asked<'_>, judge: &mut Judge<'_>) {
    // A secret of Kubernetes by name is shown with its values.
    let kind = asked.arguments.text(&["resourceType", "kind", "resource_type", "resource"]);
    let kind = kind.map(|word| word.text().to_ascii_lowercase()).unwrap_or_default();
    let output = asked.arguments.text(&["output", "format"]).map(Word::text).unwrap_or_default();
    let first = asked.words.first().map_or("", String::as_str);
    if matches!(kind.as_str(), "secret" | "secrets")
        && matches!(output, "yaml" | "json")
        && matches!(first, "get" | "read")
    {
        return asked.means(Meaning::Reveals, judge);
    }
    match action(asked) {
        Some(Meaning::Destroys) => destroys(asked, judge),
        _ => asked.means(Meaning::Reads, judge),
    }
}

fn destroys(asked: &Asked<'_>, judge: &mut Judge<'_>) {
    let dry = asked.arguments.first(&["dry_run", "dryRun"]).is_some_and(|dry| match dry {
        Json::Text(word) => matches!(word.text(), "client" | "server" | "true" | "All"),
        other => other.is_true(),
    });
    // Where the server's own documentation says that it only looks then.
    let documented = ["kube", "k8s", "helm", "terraform"];
    if dry && documented.iter().any(|part| asked.server.contains(part)) {
        return asked.means(Meaning::Reads, judge);
    }
    let redis = asked.server.contains("redis") || asked.server.contains("valkey");
    if redis && is_cache(asked) {
        return asked.means(CACHE, judge);
    }
    asked.means(Meaning::Destroys, judge);
}

const CACHE: Meaning = Meaning::Changes(Verb::Delete, "it fills again by itself");

fn is_cache(asked: &Asked<'_>) -> bool {
    let key = asked.arguments.text(&["key", "name"]);
    key.is_some_and(|key| key.text().to_ascii_lowercase().starts_with("cache"))
}

fn changes(meaning: Meaning, asked: &Asked<'_>, all: &[String], judge: &mut Judge<'_>) {
    let arguments = asked.arguments;
    let dry = arguments.first(&["dry_run", "dryRun"]).is_some_and(|dry| match dry {
        Json::Text(word) => matches!(word.text(), "client" | "server" | "true"),
        other => other.is_true(),
    });
    if dry && ["filesystem", "kube", "k8s", "helm"].iter().any(|p| asked.server.contains(p)) {
        return asked.means(Meaning::Reads, judge);
    }
    let first = asked.words.first().map_or("", String::as_str);
    let pushes = asked.words.iter().any(|word| matches!(word.as_str(), "push" | "ref" | "refs"));
    let forced = arguments.first(&["force", "force_push"]).is_some_and(Json::is_true);
    if pushes && forced || gives_up(arguments) {
        return asked.means(Meaning::Destroys, judge);
    }
    // What is shared under a public address has been read by others before it is taken back.
    let shares = asked.words.iter().any(|word| matches!(word.as_str(), "gist" | "snippet"));
    let public = arguments.get("public").is_some_and(Json::is_true)
        || arguments.text(&["visibility"]).is_some_and(|word| word.is("public"));
    if shares && public {
        let (service, resource) = (asked.service.clone(), asked.resource.clone());
        return judge.destroys(Verb::Grant, service, resource, asked.at(), "anybody can read it");
    }
    if first != "create" && first != "add" && loosens(arguments) {
        let lost = "what it protected, or kept to itself, no longer is";
        let (service, resource) = (asked.service.clone(), asked.resource.clone());
        return judge.destroys(Verb::Grant, service, resource, asked.at(), lost);
    }
    // All documents of a collection are changed when the filter is empty.
    let many = asked.words.iter().any(|word| matches!(word.as_str(), "many" | "all" | "bulk"));
    let filter = arguments.first(&["filter", "where"]);
    let everything = matches!(filter, Some(Json::Object(entries)) if entries.is_empty());
    if first == "update" && many && everything {
        return asked.means(Meaning::Destroys, judge);
    }
    if ["playwright", "puppeteer", "chrome", "browser"].iter().any(|p| asked.server.contains(p)) {
        return clicks(meaning, asked, judge);
    }
    match action(asked) {
        Some(Meaning::Destroys) => return asked.means(Meaning::Destroys, judge),
        Some(Meaning::Reads) if matches!(first, "manage" | "control" | "rollout") => {
            return asked.means(Meaning::Reads, judge);
        }
        _ => {}
    }
    if !runs::told(asked, all, judge) {
        asked.means(meaning, judge);
    }
}

/// Whether a switch among the arguments says that data is given up on the way.
fn gives_up(arguments: &Json) -> bool {
    let says = |name: &Word| {
        let words = verbs::words(name.text());
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        matches!(
            words.as_slice(),
            ["is", "destroy"]
                | ["destroy" | "wipe" | "purge"]
                | ["delete", "local" | "emptydir" | "all", "data"]
                | ["delete", "empty", "dir", "data"]
                | ["accept", "data", "loss"]
                | ["force", "reset"]
                | ["skip", "final", "snapshot"]
        )
    };
    arguments.entries().iter().any(|(name, value)| value.is_true() && says(name))
}

/// A click or a key press in a browser does what the page makes of it.
fn clicks(meaning: Meaning, asked: &Asked<'_>, judge: &mut Judge<'_>) {
    let element = asked.arguments.text(&["element", "selector", "text", "label", "name"]);
    let element = element.map(|word| verbs::words(word.text())).unwrap_or_default();
    if meaning != Meaning::Reads
        && element.iter().any(|word| verbs::word(word) == Meaning::Destroys)
    {
        return judge.opaque(asked.at(), "what the page does then is not known");
    }
    asked.means(meaning, judge);
}

/// What an argument says is done: `{"action":"delete"}`.
pub(super) fn action(asked: &Asked<'_>) -> Option<Meaning> {
    let names = [
        "action",
        "operation",
        "operation_name",
        "op",
        "subCommand",
        "subcommand",
        "method",
        "verb",
        "mode",
        "command",
        "intent",
        "type",
        "run_type",
        "runType",
    ];
    let said = names.iter().filter_map(|name| asked.arguments.get(name)?.as_text());
    let mut found = None;
    for word in said {
        if word.has_holes() {
            return None;
        }
        let meaning = match word.text() {
            "GET" | "HEAD" => Meaning::Reads,
            text if text.contains(' ') => continue,
            text => verbs::name(text.strip_prefix("is_").unwrap_or(text)),
        };
        if meaning == Meaning::Destroys {
            return Some(meaning);
        }
        if found.is_none() && !matches!(meaning, Meaning::Unknown | Meaning::Runs) {
            found = Some(meaning);
        }
    }
    found
}

/// Something that is run and fixed by what it is.
fn fixed(words: &[String]) -> Option<Meaning> {
    let things = [
        "test",
        "tests",
        "build",
        "lint",
        "workflow",
        "job",
        "jobs",
        "pipeline",
        "task",
        "actor",
        "scan",
        "scanning",
        "analysis",
        "report",
        "check",
        "checks",
        "benchmark",
        "typecheck",
        "agent",
        "flow",
        "monitor",
        "backup",
        "sync",
    ];
    let has = words.iter().any(|word| things.contains(&word.as_str()));
    has.then_some(Meaning::Changes(Verb::Run, "it runs what is fixed"))
}

/// A tool that calls another one.
fn wrapped<'a>(asked: &Asked<'a>, all: &[String]) -> Option<(Word, Option<&'a Json>)> {
    if !all.iter().any(|word| matches!(word.as_str(), "tool" | "tools" | "action")) {
        return None;
    }
    let name = asked.arguments.text(&["tool", "tool_name", "toolName", "tool_slug", "name"])?;
    let reads = matches!(verbs::phrase(all), Meaning::Reads | Meaning::Changes(..));
    let given = asked.arguments.first(&["arguments", "args", "params", "parameters", "input"]);
    (!reads).then(|| (name.clone(), given))
}

/// The words of a tool without the server's name, or the program's, before them.
fn without_server(server: &str, all: &[String]) -> Vec<String> {
    let of_server = verbs::words(server);
    let begins = |word: &&String| {
        of_server.contains(word)
            || matches!(word.as_str(), "api" | "mcp" | "browser" | "puppeteer" | "jira" | "pg")
            || known::program(word).is_some()
            || word.as_str() == "confluence"
    };
    let skipped = all.iter().take_while(begins).count();
    if skipped == all.len() { all.to_vec() } else { all[skipped..].to_vec() }
}

/// What an effect is about: the first argument that is a name.
fn resource(arguments: &Json, judge: &Judge<'_>) -> String {
    let names = [
        "name",
        "id",
        "path",
        "key",
        "table",
        "collection",
        "database",
        "branch",
        "bucket",
        "namespace",
        "repo",
        "project",
        "app",
        "channel",
        "ref",
        "url",
        "identifier",
        "service",
    ];
    let found = arguments.entries().iter().find_map(|(name, value)| {
        let words = verbs::words(name.text());
        let last = words.last()?;
        let (Json::Text(word) | Json::Number(word)) = value else { return None };
        (names.contains(&last.as_str()) && word.text().len() < 200).then_some(word)
    });
    found.map(|word| judge.name(word)).unwrap_or_default()
}
