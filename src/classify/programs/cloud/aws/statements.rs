//! Values that are programs: SQL, `PartiQL`, shell scripts.

use super::{
    super::super::Does,
    add,
    values::{Options, Value},
};
use crate::{
    classify::{Data, Dialect, Judge, Language, Variables, Word},
    domain::{Span, Verb},
};

/// Where SQL stands: service, operation, option, dialect, service of its effects.
const QUERIES: &[(&str, &str, &str, Dialect, &str)] = &[
    ("rds-data", "execute-statement", "--sql", Dialect::Generic, "aws:rds"),
    ("rds-data", "batch-execute-statement", "--sql", Dialect::Generic, "aws:rds"),
    ("rds-data", "execute-sql", "--sql-statements", Dialect::Generic, "aws:rds"),
    ("redshift-data", "execute-statement", "--sql", Dialect::Postgres, "aws:redshift"),
    ("redshift-data", "batch-execute-statement", "--sqls", Dialect::Postgres, "aws:redshift"),
    ("athena", "start-query-execution", "--query-string", Dialect::Generic, "aws:athena"),
    ("dynamodb", "execute-statement", "--statement", Dialect::Generic, "aws:dynamodb"),
    ("dynamodb", "batch-execute-statement", "--statements", Dialect::Generic, "aws:dynamodb"),
    ("dynamodb", "execute-transaction", "--transact-statements", Dialect::Generic, "aws:dynamodb"),
];

/// Judges what the operation is given to run. Says whether that is all it does.
pub(super) fn judge(
    service: &str,
    operation: &str,
    options: &Options,
    evidence: Span,
    judge: &mut Judge<'_>,
) -> bool {
    let query = QUERIES.iter().find(|(s, o, ..)| *s == service && *o == operation);
    if let Some((_, _, option, dialect, effects)) = query {
        return sql(options, option, (*dialect, effects), evidence, judge);
    }
    match (service, operation) {
        ("ssm", "send-command") => send_command(options, evidence, judge),
        ("ssm", "start-session") => start_session(options, evidence, judge),
        ("ssm", "start-automation-execution") => automation(options, evidence, judge),
        ("ecs", "execute-command") => script(options.value("--command", judge), evidence, judge),
        ("glue", "run-statement") => match options.value("--code", judge) {
            Value::Text(code) if !code.has_holes() && code.text().starts_with("SELECT ") => {
                judge.sql(&code, Dialect::Generic, "aws:glue");
            }
            _ => judge.opaque(evidence, "the code it runs is not read"),
        },
        _ => return false,
    }
    true
}

fn sql(
    options: &Options,
    option: &str,
    (dialect, service): (Dialect, &'static str),
    evidence: Span,
    judge: &mut Judge<'_>,
) -> bool {
    let values = options.each(option, judge);
    if values.is_empty() {
        judge.opaque(evidence, "the statement is not given");
    }
    for value in values {
        let Value::Text(text) = value else {
            judge.opaque(evidence, "the statement is not given");
            continue;
        };
        let statements = nested(&text, "Statement");
        for statement in statements.as_deref().unwrap_or(std::slice::from_ref(&text)) {
            let insert = statement.text().trim_start().get(..6);
            if service == "aws:dynamodb" && insert.is_some_and(|s| s.eq_ignore_ascii_case("insert"))
            {
                // `INSERT INTO "table" VALUE {…}` is no SQL.
                let back = "delete the item";
                judge.changes(Verb::Create, service, "", statement.span(), back);
            } else {
                judge.sql(statement, dialect, service);
            }
        }
    }
    true
}

/// The texts under this name, or all texts, in a JSON list or object; nothing: it is not JSON.
fn nested(word: &Word, name: &str) -> Option<Vec<Word>> {
    if !word.text().trim_start().starts_with(['[', '{']) {
        return None;
    }
    let value: serde_json::Value = serde_json::from_str(word.text()).ok()?;
    let entries = match value {
        serde_json::Value::Array(entries) => entries,
        other => vec![other],
    };
    let mut found = Vec::new();
    for entry in &entries {
        let texts = match entry.get(name).unwrap_or(entry) {
            serde_json::Value::Array(texts) => texts.iter().collect(),
            other => vec![other],
        };
        for text in texts {
            found.push(within(word, text.as_str()?));
        }
    }
    Some(found)
}

/// A decoded part of a word, with its own place where it stands there letter for letter.
fn within(word: &Word, part: &str) -> Word {
    match word.text().find(part) {
        Some(at) => word.part(at..at + part.len()),
        None => Word::made(part, word.span()),
    }
}

fn script(value: Value, evidence: Span, judge: &mut Judge<'_>) {
    match value {
        Value::Text(text) => {
            judge.script(&text, &Variables::default(), &Data::Nothing);
        }
        _ => judge.opaque(evidence, "the command is not given"),
    }
}

fn send_command(options: &Options, evidence: Span, judge: &mut Judge<'_>) {
    let Value::Text(document) = options.value("--document-name", judge) else {
        return judge.opaque(evidence, "which document runs is not known");
    };
    let resource = options.resource(judge);
    match document.text() {
        "AWS-RunShellScript" | "AWS-RunPowerShellScript" => {
            let Value::Text(parameters) = options.value("--parameters", judge) else {
                return judge.opaque(evidence, "the commands are not given");
            };
            let Some(commands) = commands(&parameters, "commands") else {
                return judge.opaque(parameters.span(), "the commands are not found");
            };
            for line in commands {
                if document.text() == "AWS-RunShellScript" {
                    judge.script(&line, &Variables::default(), &Data::Nothing);
                } else {
                    let words = [line.clone()];
                    let (variables, stdin) = (Variables::default(), Data::Nothing);
                    let call = crate::classify::Call {
                        words: &words,
                        variables: &variables,
                        stdin: &stdin,
                    };
                    judge.code(Language::PowerShell, &line, &call);
                }
            }
        }
        name if name.starts_with("AWS-") && document.known().is_some() => {
            let back = "what the document did has to be undone by its own means";
            add(Does::Changes(Verb::Run, back), "ssm", &resource, evidence, judge);
        }
        _ => judge.opaque(evidence, "what the document does is not known"),
    }
}

fn start_session(options: &Options, evidence: Span, judge: &mut Judge<'_>) {
    match options.value("--document-name", judge) {
        Value::Text(document) if document.text().starts_with("AWS-StartPortForwarding") => {
            let resource = options.resource(judge);
            add(Does::Changes(Verb::Run, "end the session"), "ssm", &resource, evidence, judge);
        }
        Value::Text(document)
            if document.is("AWS-StartInteractiveCommand")
                || document.is("AWS-StartNonInteractiveCommand") =>
        {
            let parameters = options.value("--parameters", judge);
            let Value::Text(parameters) = parameters else {
                return judge.opaque(evidence, "the command is not given");
            };
            for line in commands(&parameters, "command").unwrap_or_default() {
                judge.script(&line, &Variables::default(), &Data::Nothing);
            }
        }
        _ => judge.opaque(evidence, "what is typed in the session is not known"),
    }
}

fn automation(options: &Options, evidence: Span, judge: &mut Judge<'_>) {
    let Value::Text(document) = options.value("--document-name", judge) else {
        return judge.opaque(evidence, "which document runs is not known");
    };
    let name = document.text().rsplit('/').next().unwrap_or_default();
    let resource = options.value("--parameters", judge);
    let resource = match resource {
        Value::Text(text) => judge.name(&text),
        _ => String::new(),
    };
    let ours = name.starts_with("AWS") && document.known().is_some();
    let loses = ["Delete", "Terminate", "Disable", "Purge"].iter().any(|verb| name.contains(verb));
    let does = match (ours, loses) {
        (false, _) => Does::Opaque("what the document does is not known"),
        (true, true) => Does::Destroys(Verb::Delete, "what the document deletes is gone"),
        (true, false) => Does::Changes(Verb::Run, "stop the automation"),
    };
    add(does, "ssm", &resource, evidence, judge);
}

/// The scripts in `commands=["a","b"]`, `commands=a`, or the same as JSON.
fn commands(parameters: &Word, name: &str) -> Option<Vec<Word>> {
    let text = parameters.text();
    if text.trim_start().starts_with('{') {
        return nested(parameters, name);
    }
    let key = format!("{name}=");
    let begins = text.starts_with(&key).then_some(0);
    let at = begins.or_else(|| Some(text.find(&format!(",{key}"))? + 1))? + key.len();
    let rest = &text[at..];
    if !rest.starts_with('[') {
        return Some(vec![parameters.after(at)]);
    }
    let mut lists = serde_json::Deserializer::from_str(rest).into_iter::<Vec<String>>();
    if let Some(Ok(list)) = lists.next() {
        return Some(list.iter().map(|line| within(parameters, line)).collect());
    }
    // Without JSON's quotes: `commands=['a b']`, `commands=[a]`.
    let end = rest.rfind(']')?;
    let inner = &rest[1..end];
    let trimmed = inner.trim_matches(['\'', '"', ' ']);
    let from = at + 1 + inner.find(trimmed)?;
    Some(vec![parameters.part(from..from + trimmed.len())])
}
