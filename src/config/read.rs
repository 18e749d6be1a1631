//! Reads one file against the schema and reports everything that is wrong with it at once.
//!
//! ```text
//!   text ─▶ TOML with spans ─▶ known section? ─▶ known key? ─▶ right type? ─▶ right shape? ─▶ Layer
//!                                   └───────────────┴─── no: a Problem, and on with the rest
//! ```

mod sections;

use super::secret;
use super::{
    document::{Document, Showing},
    hints::{belongs_to, example, header_help, kind_of, mistyped, wanted},
    layer::{Entry, Keys, Layer, Placed, Value},
    nearest::nearest,
    problem::{Problem, quoted},
    schema::{self, Key, Kind, SECTIONS, Section, TOKEN},
    shape::Shape,
};
use std::{borrow::Cow, collections::BTreeMap, ops::Range, path::Path, rc::Rc};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// More faults than this are counted, not listed: nobody reads them, and each takes time to place.
const MOST_PROBLEMS: usize = 50;

const NO_SECRETS_HERE: &str = "secrets are never written here: AWS credentials come from a \
    `profile` or the environment, a GitHub token from `token`";

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
        let listed = errors.iter().take(MOST_PROBLEMS);
        return Err(listed.map(|error| syntax(document, error)).collect());
    }
    let file = Rc::from(document.file.as_path());
    let mut reader = Reader { document, file, base, problems: Vec::new(), more: 0 };
    let layer = reader.root(root.get_ref());
    if reader.more > 0 {
        let file = document.file.display();
        let message = format!("{file}: {} more problems are not listed", reader.more);
        reader.problems.push(Problem::new(message).help("put those above right first"));
    }
    if reader.problems.is_empty() { Ok(layer) } else { Err(reader.problems) }
}

fn syntax(document: &Document, error: &toml::de::Error) -> Problem {
    let message = format!("this is not TOML: {}", error.message());
    let Some(span) = error.span() else {
        return Problem::new(format!("{}: {message}", document.file.display()));
    };
    let line = document.text.lines().nth(document.line(span.start) - 1).unwrap_or("");
    let help = if line.trim_start().starts_with("account_id") {
        Some("account ids are written in quotes: [\"012345678901\"]")
    } else if message.contains("must be quoted") {
        Some("put the text in quotes: \"…\"")
    } else if message.contains("duplicate key") {
        Some("it stands further up already; keep one of the two")
    } else {
        None
    };
    let problem = document.problem(span, Showing::Line, message);
    Problem { help: help.map(str::to_owned), ..problem }
}

type Table<'i> = toml::map::Map<Spanned<Cow<'i, str>>, Spanned<DeValue<'i>>>;

struct Reader<'a> {
    document: &'a Document,
    file: Rc<Path>,
    base: Base<'a>,
    problems: Vec<Problem>,
    /// Faults beyond [`MOST_PROBLEMS`].
    more: usize,
}

impl Reader<'_> {
    fn wrong(&mut self, span: Range<usize>, message: String, help: impl Into<Option<String>>) {
        self.report(span, Showing::Line, message, help.into());
    }

    fn report(
        &mut self,
        span: Range<usize>,
        showing: Showing,
        message: String,
        help: Option<String>,
    ) {
        if self.problems.len() == MOST_PROBLEMS {
            self.more += 1;
            return;
        }
        let problem = self.document.problem(span, showing, message);
        self.problems.push(Problem { help, ..problem });
    }

    fn root(&mut self, table: &DeTable<'_>) -> Layer {
        let mut layer = Layer::default();
        for (name, value) in table {
            let Some(section) = schema::section(name.get_ref()) else {
                self.unknown_section(name, value.get_ref());
                continue;
            };
            match (section.many, value.get_ref()) {
                (false, DeValue::Table(table)) if section.free.is_some() => {
                    layer.free.insert(section.name, self.free(section, table));
                }
                (false, DeValue::Table(table)) => {
                    let keys = self.keys(section.keys, &section.header(), table);
                    if let (Some(_), Some(url)) = (keys.get("path"), keys.get("url")) {
                        self.wrong(
                            url.span.clone(),
                            "the store is either a file or on a server, and this names both"
                                .to_owned(),
                            "keep `path` or `url`".to_owned(),
                        );
                    }
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
                (many, other) => self.misplaced_section(section, many, name, other, value.span()),
            }
        }
        self.refuse_two_places(&layer);
        layer
    }

    /// A known section with the wrong brackets, or none at all.
    fn misplaced_section(
        &mut self,
        section: &'static Section,
        many: bool,
        name: &Spanned<Cow<'_, str>>,
        value: &DeValue<'_>,
        span: Range<usize>,
    ) {
        let name_span = name.span();
        if !value.is_table() && !value.is_array() {
            let message = format!("`{}` is a section, not a value", section.name);
            let help = belongs_to(section.name).unwrap_or_else(|| header_help(section));
            self.wrong(name_span, message, help);
        } else if many {
            let message =
                format!("there may be several `{}` sections: it takes two brackets", section.name);
            self.wrong(span, message, header_help(section));
        } else {
            let message = format!("there is one `{}` section: it takes one bracket", section.name);
            self.wrong(span, message, header_help(section));
        }
    }

    fn unknown_section(&mut self, name: &Spanned<Cow<'_, str>>, value: &DeValue<'_>) {
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
        self.report(name.span(), Showing::Key, message, help);
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
        if section.name == "notify" {
            self.one_way(&keys, table, &span);
        }
        Entry::new(keys, self.document.line(span.start), span)
    }

    fn refuse_same_names(&mut self, section: &Section, entries: &[Entry]) {
        let mut seen: BTreeMap<&str, &Entry> = BTreeMap::new();
        for entry in entries {
            let Some(first) = seen.insert(&entry.name, entry) else { continue };
            // Point at the name where there is one, else at the header it follows from.
            let named = entry.keys.get("name");
            let span = named.map_or(entry.span.clone(), |name| name.span.clone());
            let line = first.keys.get("name").map_or(first.line, |name| name.line);
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
                let line = self.document.line(value.span().start);
                let placed =
                    Placed { value: read, file: self.file.clone(), line, span: value.span() };
                keys.insert(key.name, placed);
            }
        }
        keys
    }

    fn unknown_key(&mut self, known: &'static [Key], within: &str, name: &Spanned<Cow<'_, str>>) {
        let given = name.get_ref();
        let help = nearest(given, known.iter().map(|key| key.name))
            .map(|near| format!("did you mean `{near}`?"))
            .or_else(|| {
                let is_key = secret::is_sensitive_name(given) || given.contains("access_key");
                is_key.then(|| NO_SECRETS_HERE.to_owned())
            })
            .or_else(|| belongs_to(given))
            .unwrap_or_else(|| {
                let names: Vec<_> = known.iter().map(|key| key.name).collect();
                format!("the keys of {within} are {}", names.join(", "))
            });
        let message = format!("unknown key {} in {within}", quoted(given));
        self.report(name.span(), Showing::Key, message, Some(help));
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
                if items.is_empty() && (key.required || matches!(key.name, "command" | "on")) {
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
            (Kind::Token | Kind::Address, DeValue::Table(table)) => {
                self.kept(key.name, table, value.span())
            }
            (Kind::Address, DeValue::String(text)) => {
                // What stands here by mistake may be a secret; only the key is shown.
                if let Err(wrong) = Shape::Receiver.check(text) {
                    let message = format!("`{}`: {}", key.name, wrong.message);
                    self.report(value.span(), Showing::Key, message, wrong.help);
                    return None;
                }
                Some(Value::Text(text.clone().into_owned()))
            }
            (Kind::Token, DeValue::String(_)) => {
                let name = key.name;
                let message = format!("a {name} is never written into a configuration file");
                let example = if name == "token" {
                    "{ env = \"GITHUB_TOKEN\" }, { command = [\"gh\", \"auth\", \"token\"] }"
                } else {
                    "{ env = \"VARIABLE\" }, { command = [\"pass\", \"show\", \"NAME\"] }"
                };
                let help = format!(
                    "revoke the one that stood here, make a new one, and say where it is kept: \
                     {name} = {example} or {{ file = \"PATH\" }}"
                );
                self.report(value.span(), Showing::Key, message, Some(help));
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
            self.report(span, showing, message, misshapen.help);
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

    /// Where a secret is kept, instead of the secret.
    fn kept(&mut self, name: &str, table: &Table<'_>, span: Range<usize>) -> Option<Value> {
        const WAYS: &str = "say where it is kept by exactly one of \
            env = \"GITHUB_TOKEN\", command = [\"gh\", \"auth\", \"token\"], file = \"PATH\"";
        let faults = self.problems.len() + self.more;
        let mut keys = self.keys(TOKEN, &format!("`{name}`"), table);
        if self.problems.len() + self.more > faults {
            return None;
        }
        let mut complain = |message: String| self.wrong(span.clone(), message, WAYS.to_owned());
        if keys.len() > 1 {
            complain(format!("`{name}` says more than once where the {name} is"));
            return None;
        }
        match keys.pop_first() {
            Some((_, Placed { value: Value::List(words), .. })) if words.is_empty() => {
                complain("`command` is empty".to_owned());
                None
            }
            Some((way, placed)) => Some(Value::Token(way, Box::new(placed.value))),
            None => {
                complain(format!("`{name}` does not say where the {name} is"));
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

#[cfg(test)]
mod tests {
    use super::{Base, read};
    use crate::config::document::Document;
    use proptest::prelude::*;
    use std::path::Path;

    fn errors(text: String) -> usize {
        let document = Document::new(Path::new("config.toml"), text);
        let base = Base { directory: Path::new("/etc"), home: None };
        read(&document, base).err().map_or(0, |problems| {
            // Every one of them can be written out.
            problems.iter().map(ToString::to_string).filter(|shown| !shown.is_empty()).count()
        })
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,200}") {
            errors(text);
        }

        #[test]
        fn no_almost_right_file_makes_it_panic(lines in prop::collection::vec(
            prop_oneof![
                "\\[{0,2}(store|aws|github|snapshot|production|poll|ui|catalogue|awss)\\]{0,2}",
                "(name|path|repos|token|env|host|interval_seconds|files|x) = ([0-9]{1,3}|true|\"[a-z/~é]{0,6}\"|\\[\"a\", 1\\]|\\{ env = \"A\" \\}|\\[\\])",
                "[\\[\\]{}=\"#.a-z ]{0,8}",
            ],
            0..12,
        )) {
            errors(lines.join("\n"));
        }
    }
}
