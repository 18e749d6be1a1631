//! What to write instead, as far as that can be guessed.

use super::{
    schema::{Key, Kind, SECTIONS, Section},
    shape::Shape,
};
use toml::de::DeValue;

/// Where a key that stands in the wrong section belongs.
pub(super) fn belongs_to(name: &str) -> Option<String> {
    let homes: Vec<String> =
        SECTIONS.iter().filter(|s| s.key(name).is_some()).map(Section::header).collect();
    (!homes.is_empty()).then(|| format!("`{name}` belongs to {}", homes.join(" or ")))
}

/// How to open a section.
pub(super) fn header_help(section: &Section) -> String {
    format!("write {} on a line of its own, and its keys below it", section.header())
}

/// The type a key takes, in words.
pub(super) fn wanted(kind: Kind) -> &'static str {
    match kind {
        Kind::Text(_) => "a string",
        Kind::List(_) => "a list of strings",
        Kind::Flag => "true or false",
        Kind::Number { .. } => "a whole number",
        Kind::Token | Kind::Fetch => "a table",
        Kind::Address => "an address or a table",
    }
}

/// The type of a value, in words.
pub(super) fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// What to write instead of a value of the wrong type, where that can be guessed.
pub(super) fn mistyped(key: &Key, value: &DeValue<'_>, written: &str) -> Option<String> {
    match (key.kind, value) {
        (Kind::Number { .. } | Kind::Flag, DeValue::String(text))
            if text.parse::<i64>().is_ok() || matches!(text.as_ref(), "true" | "false") =>
        {
            Some(format!("write {text} without quotes"))
        }
        (Kind::Text(_), DeValue::Integer(_) | DeValue::Boolean(_) | DeValue::Float(_)) => {
            Some(format!("write \"{written}\" in quotes"))
        }
        (Kind::List(Shape::AccountId), DeValue::Integer(_)) => {
            Some(format!("write [\"{written}\"], in quotes and brackets"))
        }
        (Kind::List(_), DeValue::String(_)) if key.name == "command" => {
            Some("write each word apart: [\"gh\", \"auth\", \"token\"]".to_owned())
        }
        (Kind::List(_), DeValue::String(_)) => {
            Some(format!("write {} = […] with the string in the brackets", key.name))
        }
        _ => example(key).map(|example| format!("for example {example}")),
    }
}

/// How a key may look, for those that have to be there.
pub(super) fn example(key: &Key) -> Option<&'static str> {
    match key.name {
        "name" => Some("name = \"prod\""),
        "files" => Some("files = [\"account.json\"]"),
        "token" => Some("token = { env = \"GITHUB_TOKEN\" }"),
        "repos" => Some("repos = [\"acme/shop\"]"),
        "secret" => Some("secret = { file = \"/etc/countersign/watch-secret\" }"),
        "webhook" => Some("webhook = \"https://alerts.example.com/countersign\""),
        "slack" => Some("slack = { env = \"SLACK_URL\" }"),
        "command" => Some("command = [\"notify-send\", \"countersign\"]"),
        "bell" => Some("bell = true"),
        _ => None,
    }
}
