//! Tools that run what they are given: a command, SQL, code, a request, a GraphQL document.

use super::{cypher, known, tool::Asked};
use crate::classify::{
    Call, Data, Judge, Language, Variables, Word,
    programs::web::{self, Part, Request, json::Json, verbs},
};

const COMMANDS: &[&str] = &[
    "cli_command",
    "command",
    "cmd",
    "commands",
    "shell_command",
    "script",
    "shell",
    "bash",
    "command_line",
    "cmd_string",
    "command_string",
    "cmd_line",
    "full_command",
    "cmdText",
    "input",
    "bash_command",
    "cli",
];
const STATEMENTS: &[&str] = &[
    "sql",
    "query",
    "statement",
    "sql_query",
    "queries",
    "statements",
    "sqlStatements",
    "sqlStatement",
    "sql_text",
    "sql_command",
    "cypher",
    "graphql",
    "mutation",
    "stmt",
    "sql_list",
    "migrationSql",
];
const QUERIES: &[&str] = &[
    "sql",
    "query",
    "statement",
    "sql_query",
    "sqlQuery",
    "queries",
    "statements",
    "sqlStatements",
    "sql_statements",
    "sqlStatement",
    "sql_text",
    "sql_command",
    "cypher",
    "query_string",
    "q",
    "text",
    "expr",
    "search",
    "command",
    "graphql",
    "mutation",
    "stmt",
    "sql_list",
    "migrationSql",
];
const CODE: &[&str] = &[
    "code",
    "python",
    "javascript",
    "python_code",
    "source",
    "function",
    "expression",
    "js",
    "script",
    "cell",
    "program",
    "snippet",
];

/// Judges all that a tool which runs things is given, and says whether that was enough.
pub(super) fn arguments(asked: &Asked<'_>, all: &[String], judge: &mut Judge<'_>) -> bool {
    request(asked, judge)
        || aws(asked, judge)
        || queries(asked, judge)
        || code(asked, all, judge)
        || command(asked, all, judge)
}

/// Judges what a tool that changes something is given to run beside that.
pub(super) fn told(asked: &Asked<'_>, all: &[String], judge: &mut Judge<'_>) -> bool {
    let sends = matches!(
        asked.words.first().map_or("", String::as_str),
        "post" | "send" | "comment" | "reply" | "write" | "edit" | "append" | "fill" | "type"
    );
    let terminal = all.iter().any(|word| {
        matches!(
            word.as_str(),
            "terminal"
                | "process"
                | "command"
                | "shell"
                | "query"
                | "console"
                | "cypher"
                | "sql"
                | "graphql"
                | "mutation"
        )
    });
    if sends && !terminal {
        return false;
    }
    if request(asked, judge) {
        return true;
    }
    let query = plain_queries(asked, judge);
    let command = asked.arguments.text(&["command", "cmd", "shell_command", "script"]).is_some()
        && command(asked, all, judge);
    if query || command {
        return asked.words.iter().all(|word| !matches!(word.as_str(), "migration" | "migrations"));
    }
    false
}

/// A method and an address, or a path.
fn request(asked: &Asked<'_>, judge: &mut Judge<'_>) -> bool {
    let arguments = asked.arguments;
    let method = arguments.text(&["method", "http_method", "verb", "httpMethod"]);
    let url = arguments.text(&["url", "uri", "endpoint", "path", "href", "api_path"]);
    let Some(url) = url else { return false };
    let known = method.and_then(Word::known).unwrap_or_default().to_ascii_uppercase();
    let http = matches!(
        known.as_str(),
        "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS" | "LIST" | "PURGE"
    );
    let absolute = url.text().starts_with("http://") || url.text().starts_with("https://");
    if !(http || absolute && method.is_none_or(Word::has_holes)) {
        return false;
    }
    let address = if url.text().starts_with('/') {
        Word::made(format!("http://{}{}", asked.server, url.text()), url.span())
    } else if absolute {
        url.clone()
    } else {
        Word::made(format!("http://{}/{}", asked.server, url.text()), url.span())
    };
    let body = arguments.first(&["body", "data", "json", "payload", "requestBody"]);
    let body = match body {
        Some(Json::Text(word)) => vec![Part::Text(word.clone())],
        Some(json @ (Json::Object(_) | Json::List(_))) => {
            vec![Part::Text(Word::made(written(json), url.span()))]
        }
        _ => Vec::new(),
    };
    let at = asked.at().with(url.span());
    let request = Request {
        method: method.cloned(),
        usual: "GET",
        url: address,
        headers: Vec::new(),
        body,
        at,
    };
    web::request(&request, judge);
    true
}

/// JSON as text again, for a body that is given as an object.
fn written(json: &Json) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    match json {
        Json::Null => "null".to_owned(),
        Json::Bool(value) => value.to_string(),
        Json::Number(word) => word.text().to_owned(),
        Json::Text(word) => quoted(word.text()),
        Json::List(items) => {
            format!("[{}]", items.iter().map(written).collect::<Vec<_>>().join(","))
        }
        Json::Object(entries) => {
            let entries = entries.iter();
            let entries =
                entries.map(|(name, v)| format!("{}:{}", quoted(name.text()), written(v)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
        }
        Json::Unknown(_) => quoted(&crate::classify::HOLE.to_string()),
    }
}

/// A service and an operation of AWS by name.
fn aws(asked: &Asked<'_>, judge: &mut Judge<'_>) -> bool {
    let arguments = asked.arguments;
    let service = arguments.text(&["service_name", "service", "serviceName"]);
    let operation = arguments.text(&["operation_name", "operation", "api", "operationName"]);
    let (Some(service), Some(operation)) = (service, operation) else { return false };
    if !asked.server.contains("aws")
        && !asked.words.iter().any(|word| word == "aws")
        && !asked.tool.text().contains("aws")
    {
        return false;
    }
    let kebab = verbs::words(operation.text()).join("-");
    let span = operation.span();
    let mut words = vec![
        Word::made("aws", asked.at()),
        Word::made(service.text().to_ascii_lowercase(), service.span()),
        Word::made(kebab, span),
    ];
    let region = arguments.text(&["profile_name", "profile"]);
    if let Some(profile) = region {
        words.extend([Word::made("--profile", profile.span()), profile.clone()]);
    }
    run(&words, judge);
    true
}

fn run(words: &[Word], judge: &mut Judge<'_>) {
    let variables = Variables::default();
    judge.call(&Call { words, variables: &variables, stdin: &Data::Nothing });
}

/// The texts of the first of these arguments that has any.
fn texts<'a>(asked: &Asked<'a>, names: &[&str]) -> Vec<&'a Word> {
    for name in names {
        let Some(value) = asked.arguments.get(name) else { continue };
        let found: Vec<&Word> = value
            .each()
            .iter()
            .filter_map(|item| item.as_text().or_else(|| item.text(&["sql", "query", "statement"])))
            .collect();
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// Texts among the arguments that are a query by their look, whatever the tool is called.
fn plain_queries(asked: &Asked<'_>, judge: &mut Judge<'_>) -> bool {
    let found = texts(asked, STATEMENTS);
    let mut any = false;
    for text in found {
        any |= query(asked, text, judge);
    }
    any
}

/// Judges a text that looks like a query, and says whether it does.
fn query(asked: &Asked<'_>, text: &Word, judge: &mut Judge<'_>) -> bool {
    if web::looks_like_sql(text.text()) {
        let dialect = known::dialect(&asked.server);
        judge.sql(text, dialect, dialect.service());
    } else if cypher::looks_like(text.text()) {
        cypher::judge(text, judge);
    } else if web::looks_like_graphql(text.text()) && !known::only_queries(&asked.server) {
        let operation = asked.arguments.text(&["operationName"]);
        web::document(text, operation, &asked.service, asked.at(), judge);
    } else {
        return false;
    }
    true
}

fn queries(asked: &Asked<'_>, judge: &mut Judge<'_>) -> bool {
    let found = texts(asked, QUERIES);
    let first = asked.words.first().map_or("", String::as_str);
    let explains = first == "explain" && !asked.arguments.get("analyze").is_some_and(Json::is_true);
    if explains {
        return false;
    }
    let says = |wanted: &[&str]| asked.words.iter().any(|word| wanted.contains(&word.as_str()));
    let mut any = false;
    for text in found {
        let dialect = known::dialect(&asked.server);
        if query(asked, text, judge) {
            any = true;
            continue;
        }
        if known::only_queries(&asked.server) {
            judge.reads(asked.service.clone(), asked.resource.clone(), asked.at());
        } else if says(&["sql", "query", "statement"]) && text.has_holes() {
            judge.opaque(text.span(), "the query is not known");
        } else if says(&["sql", "statement"]) {
            judge.sql(text, dialect, dialect.service());
        } else {
            continue;
        }
        any = true;
    }
    any
}

fn code(asked: &Asked<'_>, all: &[String], judge: &mut Judge<'_>) -> bool {
    let Some(text) = asked.arguments.text(CODE) else { return false };
    let named = asked.arguments.text(&["language", "lang", "runtime", "kernel"]);
    let named = named.map(|word| word.text().to_ascii_lowercase()).unwrap_or_default();
    let has = |words: &[&str]| {
        words.iter().any(|word| {
            all.iter().any(|said| said == word)
                || named.contains(word)
                || asked.arguments.get(word).is_some()
                || asked.server.contains(word)
        })
    };
    let has_code = asked.arguments.text(&CODE[..9]).is_some();
    if has(&["bash", "shell", "sh", "zsh"]) || !has_code && !has(&["python", "javascript", "node"])
    {
        if has_code {
            judge.script(text, &Variables::default(), &Data::Nothing);
        }
        return has_code;
    }
    let words = [asked.tool.clone()];
    let variables = Variables::default();
    let call = Call { words: &words, variables: &variables, stdin: &Data::Nothing };
    let browser = ["playwright", "puppeteer", "chrome", "browser"];
    if browser.iter().any(|part| asked.server.contains(part)) {
        let plain = |c: char| c.is_alphanumeric() || " ._[]'\"$".contains(c);
        let body = text.text().rsplit("=>").next().unwrap_or_default();
        if body.chars().all(plain) {
            judge.reads(asked.service.clone(), "", asked.at());
        } else {
            judge.opaque(text.span(), "what the page does with this code is not known");
        }
        return true;
    }
    let names_language = !named.is_empty() || has(&["python", "py", "javascript", "js", "node"]);
    if !names_language && judge.harms(text.text()) {
        judge.script(text, &Variables::default(), &Data::Nothing);
        return true;
    }
    let language = if has(&["javascript", "js", "typescript", "node", "deno", "bun"]) {
        Language::JavaScript
    } else if has(&["ruby"]) {
        Language::Ruby
    } else if has(&["powershell", "pwsh"]) {
        Language::PowerShell
    } else if has(&["mongo", "mongosh"]) {
        Language::Mongo
    } else if has(&["perl"]) {
        Language::Perl
    } else if has(&["php"]) {
        Language::Php
    } else {
        Language::Python
    };
    judge.code(language, text, &call);
    true
}

/// A command line, or the words of one.
fn command(asked: &Asked<'_>, all: &[String], judge: &mut Judge<'_>) -> bool {
    let arguments = asked.arguments;
    let more = arguments.first(&["args", "arguments", "argv", "params", "parameters", "flags"]);
    let given = COMMANDS.iter().find_map(|name| arguments.get(name));
    let program = program(asked, all);
    let Some(given) = given else {
        // Only the arguments of the program that the tool is named after, or all words of a
        // command where the tool is a shell.
        let shell =
            |word: &String| matches!(word.as_str(), "command" | "shell" | "exec" | "terminal");
        let Some(more) = more.filter(|_| program.is_some() || all.iter().any(shell)) else {
            return false;
        };
        let words = match more {
            Json::Text(line) => return script(program, line, judge),
            Json::List(_) => words(more),
            _ if program.is_none() => return false,
            object => words(object),
        };
        return argv(program, &words, asked, judge);
    };
    match given {
        Json::List(items) if items.iter().all(|item| !item.as_text().is_some_and(is_line)) => {
            argv(program, &words(given), asked, judge)
        }
        Json::List(items) => {
            for line in items.iter().filter_map(Json::as_text) {
                script(program, line, judge);
            }
            true
        }
        Json::Text(line) => {
            let generic = program == Some("kubectl") && !is_line(line);
            if generic || !is_line(line) && more.is_some_and(|more| !matches!(more, Json::Text(_)))
            {
                let mut all = vec![line.clone()];
                let names = ["subCommand", "resourceType", "resource", "name"];
                if generic {
                    all.extend(names.iter().filter_map(|name| arguments.text(&[name])).cloned());
                    if let Some(namespace) = arguments.text(&["namespace"]) {
                        all.extend([Word::made("-n", namespace.span()), namespace.clone()]);
                    }
                }
                if let Some(more) = more {
                    all.extend(words(more));
                }
                return argv(program, &all, asked, judge);
            }
            if let Some(Json::Text(more)) = more {
                let whole = format!("{} {}", line.text(), more.text());
                return script(program, &Word::made(whole, line.span().with(more.span())), judge);
            }
            // `storage_account_list` is the name of an operation rather than a command line.
            let named = line.text().contains('_') && !line.text().contains([' ', '/', '.', '-']);
            if named && program.is_some() {
                asked.means(verbs::name(line.text()), judge);
                return true;
            }
            script(program, line, judge)
        }
        Json::Unknown(span) => {
            judge.opaque(*span, "the command is not known");
            true
        }
        _ => false,
    }
}

fn is_line(word: &Word) -> bool {
    word.text().trim().contains([' ', '\n', '\t', ';', '|', '&'])
}

/// The program whose arguments the command is, when tool or server are named after it.
fn program(asked: &Asked<'_>, all: &[String]) -> Option<&'static str> {
    let shell = |word: &String| {
        matches!(
            word.as_str(),
            "shell" | "bash" | "terminal" | "ssh" | "exec" | "pod" | "container" | "dyno"
        )
    };
    if all.iter().any(shell) {
        return None;
    }
    let of_tool = all.iter().find_map(|word| known::program(word));
    of_tool.or_else(|| verbs::words(&asked.server).iter().find_map(|word| known::program(word)))
}

fn script(program: Option<&'static str>, line: &Word, judge: &mut Judge<'_>) -> bool {
    let text = line.text().trim_start();
    let first = text.split_whitespace().next().unwrap_or_default();
    let first = first.rsplit('/').next().unwrap_or(first);
    match program {
        Some(program) if first != program && known::program(first).is_none() => {
            let whole = Word::made(format!("{program} {text}"), line.span());
            judge.script(&whole, &Variables::default(), &Data::Nothing);
        }
        _ => {
            judge.script(line, &Variables::default(), &Data::Nothing);
        }
    }
    true
}

fn argv(
    program: Option<&'static str>,
    words: &[Word],
    asked: &Asked<'_>,
    judge: &mut Judge<'_>,
) -> bool {
    let Some(first) = words.first() else { return false };
    let mut all = Vec::with_capacity(words.len() + 1);
    if let Some(program) = program
        && first.text() != program
        && known::program(first.text()).is_none()
    {
        all.push(Word::made(program, asked.at()));
    }
    all.extend(words.iter().cloned());
    run(&all, judge);
    true
}

/// The words that a list, or an object of options, stands for.
fn words(json: &Json) -> Vec<Word> {
    match json {
        Json::Object(entries) => entries
            .iter()
            .map(|(name, value)| {
                let value = match value {
                    Json::Text(word) | Json::Number(word) => format!("={}", word.text()),
                    Json::Bool(value) => format!("={value}"),
                    _ => String::new(),
                };
                Word::made(format!("--{}{value}", name.text()), name.span())
            })
            .collect(),
        list => list
            .each()
            .iter()
            .filter_map(|item| match item {
                Json::Text(word) | Json::Number(word) => Some(word.clone()),
                Json::Unknown(span) => Some(Word::unknown(*span)),
                _ => None,
            })
            .collect(),
    }
}
