//! Reads one file against the schema and reports everything that is wrong with it at once.
//!
//! ```text
//!   text ─▶ TOML with spans ─▶ known section? ─▶ known key? ─▶ right type? ─▶ right shape? ─▶ Layer
//!                                   └───────────────┴─── no: a Problem, and on with the rest
//! ```

use super::{
    document::{Document, Showing},
    layer::{Entry, Keys, Layer, Placed, Value},
    problem::{Problem, quoted},
    schema::{self, Key, Kind, SECTIONS, Section, TOKEN, nearest},
    shape::Shape,
};
use std::{collections::BTreeMap, ops::Range, path::Path};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// What paths in a file may start from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Base<'a> {
    /// The file's own directory.
    pub directory: &'a Path,
    /// What `~` stands for.
    pub home: Option<&'a Path>,
}

/// Reads a file into a layer.
pub(super) fn read(document: &Document, base: Base<'_>) -> Result<Layer, Vec<Problem>> {
    let (root, errors) = DeTable::parse_recoverable(&document.text);
    if !errors.is_empty() {
        // What the parser made up to go on from a syntax error is not worth checking.
        return Err(errors.iter().map(|error| syntax(document, error)).collect());
    }
    let mut reader = Reader { document, base, problems: Vec::new() };
    let layer = reader.root(root.get_ref());
    if reader.problems.is_empty() { Ok(layer) } else { Err(reader.problems) }
}

fn syntax(document: &Document, error: &toml::de::Error) -> Problem {
    let message = format!("this is not TOML: {}", error.message());
    match error.span() {
        Some(span) => document.problem(span, Showing::Line, message),
        None => Problem::new(format!("{}: {message}", document.file.display())),
    }
}

type Table<'i> = toml::map::Map<Spanned<std::borrow::Cow<'i, str>>, Spanned<DeValue<'i>>>;

struct Reader<'a> {
    document: &'a Document,
    base: Base<'a>,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn wrong(&mut self, span: Range<usize>, message: String, help: impl Into<Option<String>>) {
        let problem = self.document.problem(span, Showing::Line, message);
        self.problems.push(Problem { help: help.into(), ..problem });
    }

    fn root(&mut self, table: &DeTable<'_>) -> Layer {
        let mut layer = Layer::default();
        for (name, value) in table {
            let Some(section) = schema::section(name.get_ref()) else {
                self.unknown_section(name, value.get_ref());
                continue;
            };
            match (section.many, value.get_ref()) {
                (false, DeValue::Table(table)) => {
                    let keys = self.keys(section.keys, &section.header(), table);
                    layer.single.insert(section.name, keys);
                }
                (true, DeValue::Array(entries)) => {
                    let entries: Vec<Entry> = entries
                        .iter()
                        .filter_map(|entry| match entry.get_ref() {
                            DeValue::Table(table) => self.entry(section, table, entry.span()),
                            other => {
                                let message = format!(
                                    "`{}` holds {}, but each of its entries is a section of its own",
                                    section.name,
                                    kind_of(other)
                                );
                                self.wrong(entry.span(), message, header_help(section));
                                None
                            }
                        })
                        .collect();
                    self.refuse_same_names(section, &entries);
                    layer.many.insert(section.name, entries);
                }
                (many, _) => {
                    let message = if many {
                        format!("there may be several `{}` sections", section.name)
                    } else {
                        format!("there is one `{}` section", section.name)
                    };
                    let span = if value.get_ref().is_table() || value.get_ref().is_array() {
                        value.span()
                    } else {
                        name.span()
                    };
                    self.wrong(span, message, header_help(section));
                }
            }
        }
        layer
    }

    fn unknown_section(&mut self, name: &Spanned<std::borrow::Cow<'_, str>>, value: &DeValue<'_>) {
        let given = name.get_ref();
        let is_section = match value {
            DeValue::Table(_) => true,
            DeValue::Array(entries) => {
                entries.first().is_some_and(|entry| entry.get_ref().is_table())
            }
            _ => false,
        };
        let (message, help) = if is_section {
            let near = nearest(given, SECTIONS.iter().map(|section| section.name));
            let help = near.and_then(schema::section).map_or_else(
                || {
                    let known: Vec<_> = SECTIONS.iter().map(Section::header).collect();
                    format!("the sections are {}", known.join(", "))
                },
                |section| format!("did you mean `{}`?", section.header()),
            );
            (format!("unknown section {}", quoted(given)), Some(help))
        } else {
            let help = belongs_to(given)
                .unwrap_or_else(|| "every key stands below a section such as [poll]".to_owned());
            (format!("{} stands outside of any section", quoted(given)), Some(help))
        };
        let problem = self.document.problem(name.span(), Showing::Key, message);
        self.problems.push(Problem { help, ..problem });
    }

    /// One entry of a list of sections. None when it cannot even be named.
    fn entry(
        &mut self,
        section: &'static Section,
        table: &Table<'_>,
        span: Range<usize>,
    ) -> Option<Entry> {
        let header = section.header();
        let keys = self.keys(section.keys, &header, table);
        for key in section.keys.iter().filter(|key| key.required) {
            if !table.keys().any(|name| name.get_ref() == key.name) {
                let help = example(key).map(|example| format!("add {example}"));
                self.wrong(span.clone(), format!("this {header} has no `{}`", key.name), help);
            }
        }
        let given = |name: &str| table.keys().any(|key| key.get_ref() == name);
        if section.name == "github" && !given("org") && !given("repos") {
            self.wrong(
                span.clone(),
                "this [[github]] names neither an `org` nor `repos`".to_owned(),
                "add org = \"acme\", or repos = [\"acme/shop\"]".to_owned(),
            );
        }
        Entry::new(keys, self.document.place(span.start), span)
    }

    fn refuse_same_names(&mut self, section: &Section, entries: &[Entry]) {
        let mut seen: BTreeMap<&str, &Entry> = BTreeMap::new();
        for entry in entries {
            let Some(first) = seen.insert(&entry.name, entry) else { continue };
            // Point at the name where there is one, else at the header it follows from.
            let named = entry.keys.get("name");
            let span = named.map_or(entry.span.clone(), |name| name.span.clone());
            let line = first.keys.get("name").map_or(first.at.line, |name| name.at.line);
            let message = format!(
                "two {} are called `{}`; the first is on line {line}",
                section.header(),
                entry.name
            );
            let help = if named.is_some() {
                "give one of them another name"
            } else {
                "give one of them a name of its own: name = \"…\""
            };
            self.wrong(span, message, help.to_owned());
        }
    }

    fn keys(&mut self, known: &'static [Key], within: &str, table: &Table<'_>) -> Keys {
        let mut keys = Keys::new();
        for (name, value) in table {
            let Some(key) = known.iter().find(|key| key.name == name.get_ref().as_ref()) else {
                self.unknown_key(known, within, name);
                continue;
            };
            if let Some(read) = self.value(key, value) {
                let at = self.document.place(value.span().start);
                keys.insert(key.name, Placed { value: read, at, span: value.span() });
            }
        }
        keys
    }

    fn unknown_key(
        &mut self,
        known: &'static [Key],
        within: &str,
        name: &Spanned<std::borrow::Cow<'_, str>>,
    ) {
        let given = name.get_ref();
        let help = nearest(given, known.iter().map(|key| key.name))
            .map(|near| format!("did you mean `{near}`?"))
            .or_else(|| belongs_to(given))
            .unwrap_or_else(|| {
                let names: Vec<_> = known.iter().map(|key| key.name).collect();
                format!("the keys of {within} are {}", names.join(", "))
            });
        let message = format!("unknown key {} in {within}", quoted(given));
        let problem = self.document.problem(name.span(), Showing::Key, message);
        self.problems.push(problem.help(help));
    }

    fn value(&mut self, key: &'static Key, value: &Spanned<DeValue<'_>>) -> Option<Value> {
        match (key.kind, value.get_ref()) {
            (Kind::Text(shape), DeValue::String(text)) => {
                self.text(key, shape, text, value.span()).map(Value::Text)
            }
            (Kind::Flag, DeValue::Boolean(flag)) => Some(Value::Flag(*flag)),
            (Kind::Number { least, most }, DeValue::Integer(number)) => {
                let read = i64::from_str_radix(number.as_str(), number.radix()).ok();
                let within = read.filter(|number| (least..=most).contains(number));
                if within.is_none() {
                    let message = format!("`{}` must be from {least} to {most}", key.name);
                    self.wrong(value.span(), message, None);
                }
                within.map(Value::Number)
            }
            (Kind::List(shape), DeValue::Array(items)) => {
                if items.is_empty() && key.required {
                    let message = format!("`{}` is empty", key.name);
                    self.wrong(
                        value.span(),
                        message,
                        example(key).map(|e| format!("for example {e}")),
                    );
                    return None;
                }
                let read: Vec<Option<String>> =
                    items.iter().map(|item| self.item(key, shape, item)).collect();
                read.into_iter().collect::<Option<_>>().map(Value::List)
            }
            (Kind::Token, DeValue::Table(table)) => self.token(table, value.span()),
            (Kind::Token, DeValue::String(_)) => {
                let message = "a token is never written into a configuration file".to_owned();
                let problem = self.document.problem(value.span(), Showing::Key, message);
                self.problems.push(problem.help(
                    "revoke the one that stood here, make a new one, and say where it is kept: \
                     token = { env = \"GITHUB_TOKEN\" }, \
                     { command = [\"gh\", \"auth\", \"token\"] } or { file = \"PATH\" }",
                ));
                None
            }
            (_, other) => {
                let message =
                    format!("`{}` must be {}, not {}", key.name, wanted(key.kind), kind_of(other));
                let help = mistyped(key, other, &self.document.text[value.span()]);
                self.wrong(value.span(), message, help);
                None
            }
        }
    }

    fn item(&mut self, key: &Key, shape: Shape, item: &Spanned<DeValue<'_>>) -> Option<String> {
        match item.get_ref() {
            DeValue::String(text) => self.text(key, shape, text, item.span()),
            DeValue::Integer(number) if shape == Shape::AccountId => {
                let message = format!("an account id in `{}` must be in quotes", key.name);
                let help = format!(
                    "write \"{}\": as a number it loses its leading zeros",
                    number.as_str()
                );
                self.wrong(item.span(), message, help);
                None
            }
            other => {
                let message = format!(
                    "`{}` must be a list of strings, but this is {}",
                    key.name,
                    kind_of(other)
                );
                self.wrong(item.span(), message, None);
                None
            }
        }
    }

    fn text(&mut self, key: &Key, shape: Shape, text: &str, span: Range<usize>) -> Option<String> {
        if let Err(misshapen) = shape.check(text) {
            let in_token = TOKEN.iter().any(|way| std::ptr::eq(way, key));
            let showing = if in_token { Showing::Key } else { Showing::Line };
            let message = format!("`{}`: {}", key.name, misshapen.message);
            let problem = self.document.problem(span, showing, message);
            self.problems.push(Problem { help: misshapen.help, ..problem });
            return None;
        }
        if !shape.is_path(text) {
            return Some(text.to_owned());
        }
        match self.base.resolve(text) {
            Ok(path) => Some(path),
            Err(message) => {
                self.wrong(span, format!("`{}`: {message}", key.name), None);
                None
            }
        }
    }

    fn token(&mut self, table: &Table<'_>, span: Range<usize>) -> Option<Value> {
        const WAYS: &str = "say where it is kept by exactly one of \
            env = \"GITHUB_TOKEN\", command = [\"gh\", \"auth\", \"token\"], file = \"PATH\"";
        let faults = self.problems.len();
        let mut keys = self.keys(TOKEN, "`token`", table);
        if self.problems.len() > faults {
            return None;
        }
        let mut complain = |message: &str| {
            let problem = self.document.problem(span.clone(), Showing::Line, message);
            self.problems.push(problem.help(WAYS));
        };
        if keys.len() > 1 {
            complain("`token` says more than once where the token is");
            return None;
        }
        match keys.pop_first() {
            Some((_, Placed { value: Value::List(words), .. })) if words.is_empty() => {
                complain("`command` is empty");
                None
            }
            Some((way, placed)) => Some(Value::Token(way, Box::new(placed.value))),
            None => {
                complain("`token` does not say where the token is");
                None
            }
        }
    }
}

impl Base<'_> {
    /// A path as the file means it: `~` is the home directory, everything else relative starts at
    /// the file's own directory.
    fn resolve(self, text: &str) -> Result<String, String> {
        let path = match (text.strip_prefix('~'), self.home) {
            (Some(rest), Some(home)) if rest.is_empty() || rest.starts_with('/') => {
                home.join(rest.trim_start_matches('/'))
            }
            (Some(rest), None) if rest.is_empty() || rest.starts_with('/') => {
                return Err("there is no home directory for `~`; write the whole path".to_owned());
            }
            (Some(_), _) => {
                return Err("`~` of another user is not known; write the whole path".to_owned());
            }
            (None, _) => self.directory.join(text),
        };
        path.into_os_string().into_string().map_err(|_| "the path is not UTF-8".to_owned())
    }
}

/// Where a key that stands in the wrong section belongs.
fn belongs_to(name: &str) -> Option<String> {
    let homes: Vec<String> =
        SECTIONS.iter().filter(|s| s.key(name).is_some()).map(Section::header).collect();
    (!homes.is_empty()).then(|| format!("`{name}` belongs to {}", homes.join(" or ")))
}

fn header_help(section: &Section) -> String {
    format!("write {} on a line of its own, and its keys below it", section.header())
}

fn wanted(kind: Kind) -> &'static str {
    match kind {
        Kind::Text(_) => "a string",
        Kind::List(_) => "a list of strings",
        Kind::Flag => "true or false",
        Kind::Number { .. } => "a whole number",
        Kind::Token => "a table",
    }
}

fn kind_of(value: &DeValue<'_>) -> &'static str {
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
fn mistyped(key: &Key, value: &DeValue<'_>, written: &str) -> Option<String> {
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
fn example(key: &Key) -> Option<&'static str> {
    match key.name {
        "name" => Some("name = \"prod\""),
        "files" => Some("files = [\"account.json\"]"),
        "token" => Some("token = { env = \"GITHUB_TOKEN\" }"),
        "repos" => Some("repos = [\"acme/shop\"]"),
        _ => None,
    }
}
