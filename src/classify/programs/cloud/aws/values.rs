//! The options of an operation with their values, from a command line, from a file
//! (`--cli-input-json`) or from an SDK's parameters.

use super::table::{same, squash};
use crate::{
    classify::{Judge, Word, is_hole},
    domain::Span,
};

/// An option with its values; a flag has none.
#[derive(Debug, Clone)]
struct Given {
    name: String,
    values: Vec<Word>,
    span: Span,
}

/// The options of one operation.
#[derive(Debug, Clone, Default)]
pub(super) struct Options {
    given: Vec<Given>,
    /// A word that may turn out to be any option.
    pub uncertain: Option<Span>,
    /// Whether more may be given than is known here.
    pub partial: bool,
}

/// A value as far as it can be known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// It is not given.
    Absent,
    /// It is this text; it may have holes.
    Text(Word),
    /// It lies in a file that is not at hand.
    Unread(Span),
}

impl Options {
    /// From the words behind the operation: every word up to the next option is a value.
    pub fn of_words(words: &[Word]) -> Self {
        let mut options = Self::default();
        let mut ended = false;
        for word in words {
            let text = word.text();
            if !ended && text.starts_with("--") {
                ended = text == "--";
                let end = text.find('=').unwrap_or(text.len());
                let values = if end < text.len() { vec![word.after(end + 1)] } else { Vec::new() };
                let (name, span) = (text[..end].to_owned(), word.span());
                options.given.push(Given { name, values, span });
            } else if let Some(last) = options.given.last_mut() {
                last.values.push(word.clone());
                last.span = last.span.with(word.span());
            } else if word.has_holes() {
                options.uncertain = Some(word.span());
            }
        }
        options
    }

    /// From an SDK's parameters: `DeletionProtection=False` is `--no-deletion-protection`.
    pub fn of_parameters(parameters: &[(String, Word)]) -> Self {
        let mut options = Self { partial: true, ..Self::default() };
        for (name, value) in parameters {
            let no = value.known().is_some_and(|value| value.eq_ignore_ascii_case("false"));
            let name = if no { format!("--no-{name}") } else { format!("--{name}") };
            options.given.push(Given { name, values: vec![value.clone()], span: value.span() });
        }
        options
    }

    /// The same with what `--cli-input-json` holds, if it is given. What cannot be read of it may
    /// be anything.
    pub fn with_input(&self, judge: &Judge<'_>) -> Option<Self> {
        if !self.exactly("--cli-input-json") && !self.exactly("--cli-input-yaml") {
            return None;
        }
        let mut all = Self { partial: true, ..self.clone() };
        let Value::Text(input) = self.value("--cli-input-json", judge) else { return Some(all) };
        let read = serde_json::from_str::<serde_json::Value>(input.text());
        let Some(fields) = read.as_ref().ok().and_then(serde_json::Value::as_object) else {
            return Some(all);
        };
        all.partial = self.partial;
        for (name, value) in fields {
            let text = match value {
                serde_json::Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            let word = Word::made(text, input.span());
            let more = Self::of_parameters(&[(name.clone(), word)]);
            all.given.extend(more.given);
        }
        Some(all)
    }

    /// Whether an option is given; a beginning of its name counts too, as the CLI has it.
    pub fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// Whether it is asked for saying only what would happen.
    pub fn dry(&self) -> bool {
        self.exactly("--dry-run") && !self.exactly("--no-dry-run")
    }

    /// Whether an option is given by its whole name.
    pub fn exactly(&self, name: &str) -> bool {
        self.given.iter().any(|given| same(&given.name, name))
    }

    fn find(&self, name: &str) -> Option<&Given> {
        let whole = self.given.iter().rev().find(|given| same(&given.name, name));
        whole.or_else(|| {
            self.given.iter().rev().find(|given| {
                let begun: Vec<u8> = squash(&given.name).collect();
                begun.len() > 3 && begun.iter().copied().eq(squash(name).take(begun.len()))
            })
        })
    }

    /// All values of an option in one text, read from the file if they name one.
    pub fn value(&self, name: &str, judge: &Judge<'_>) -> Value {
        let Some(given) = self.find(name) else { return Value::Absent };
        match given.values.as_slice() {
            [] => Value::Text(Word::made("", given.span)),
            [one] => resolve(one, judge),
            more => {
                let texts: Vec<&str> = more.iter().map(Word::text).collect();
                Value::Text(Word::made(texts.join(" "), given.span))
            }
        }
    }

    /// Each value of an option.
    pub fn each(&self, name: &str, judge: &Judge<'_>) -> Vec<Value> {
        let values = self.find(name).map(|given| given.values.as_slice()).unwrap_or_default();
        values.iter().map(|value| resolve(value, judge)).collect()
    }

    /// What names the resource: the first option that looks like a name, with its values.
    pub fn resource(&self, judge: &Judge<'_>) -> String {
        let kinds: [fn(&str) -> bool; 2] = [
            |name| {
                let ends = ["identifier", "identifiers", "name", "names", "arn", "arns"];
                ends.iter().any(|end| name.ends_with(end)) || name.ends_with("bucket")
            },
            |name| {
                let ends = ["id", "ids", "key", "cluster", "service", "queueurl", "resource"];
                ends.iter().any(|end| name.ends_with(end)) || name.ends_with("function")
            },
        ];
        let named = kinds.iter().find_map(|kind| {
            self.given.iter().find(|given| {
                let name: String = squash(&given.name).map(char::from).collect();
                !given.values.is_empty() && kind(&name)
            })
        });
        let Some(named) = named else { return String::new() };
        let texts: Vec<String> = named.values.iter().take(8).map(|v| judge.name(v)).collect();
        let more = if named.values.len() > texts.len() { " …" } else { "" };
        format!("{}{more}", texts.join(" "))
    }
}

/// Follows `file://` where the file can be read.
fn resolve(word: &Word, judge: &Judge<'_>) -> Value {
    let text = word.text();
    if let Some(path) = text.strip_prefix("file://") {
        let read = word.known().and_then(|_| judge.file(path));
        return read
            .map_or(Value::Unread(word.span()), |read| Value::Text(Word::made(read, word.span())));
    }
    if text.starts_with("fileb://") || word.text().chars().all(is_hole) && word.has_holes() {
        return Value::Unread(word.span());
    }
    Value::Text(word.clone())
}

/// A text without what JSON and the CLI's shorthand spell differently: lower case, no quotes and
/// blanks, `:` for `=`.
pub(super) fn compact(text: &str) -> String {
    let kept = text.chars().filter(|c| !matches!(c, '"' | '\'' | '\\') && !c.is_whitespace());
    kept.map(|c| if c == '=' { ':' } else { c.to_ascii_lowercase() }).collect()
}
