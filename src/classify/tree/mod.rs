//! JSON and YAML as one kind of tree, in which every value knows where it stands.
//!
//! ```text
//!   JSON ──json──┐
//!                ├─▶ Node { at, is: Map │ List │ Text │ Number │ Bool │ Null, tag }
//!   YAML ──yaml──┘
//! ```
//!
//! Nothing is guessed: an input that is not well-formed, nested too deep, grows too large by its
//! aliases, or writes a key twice is refused, with the place and the reason.

mod json;
mod yaml;

pub use json::{json, json_within};
pub use yaml::yaml;

use super::Word;
use crate::domain::Span;
use std::borrow::Cow;

/// How deep values may lie in each other.
const DEEPEST: usize = 100;

/// A value and where it stands in the text it was read from.
#[derive(Debug, Clone)]
pub struct Node<'a> {
    /// Where.
    pub at: Span,
    /// What it is.
    pub is: Value<'a>,
    /// Its tag, when that is none of YAML's own: `!Ref`. Such a value is only known later.
    pub tag: Option<Box<str>>,
}

/// What a node is.
#[derive(Debug, Clone)]
pub enum Value<'a> {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A number, as written.
    Number(Cow<'a, str>),
    /// A text.
    Text(Cow<'a, str>),
    /// A list.
    List(Vec<Node<'a>>),
    /// Names and their values, in the order of the text, no name twice.
    Map(Vec<(Node<'a>, Node<'a>)>),
}

/// Why a text cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bad {
    /// Where.
    pub at: Span,
    /// Why, with line and column.
    pub because: String,
}

impl Bad {
    /// A reason and the byte it is about.
    pub fn new(text: &str, byte: usize, because: &str) -> Self {
        let byte = text.floor_char_boundary(byte.min(text.len()));
        let before = text.get(..byte).unwrap_or_default();
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let column = before.get(start..).unwrap_or_default().chars().count() + 1;
        let rest = text.get(start..).unwrap_or_default();
        let end = start + rest.find('\n').unwrap_or(rest.len());
        // A whole line may hold anything, so that only its first letters behind the place count.
        let end = text.ceil_char_boundary(end.min(byte + 1)).max(byte);
        Self {
            at: Span::new(byte, end),
            because: format!("{because} (line {line}, column {column})"),
        }
    }

    /// What serde says of a text, without the values that it would quote.
    pub fn serde(text: &str, error: &serde_json::Error) -> Self {
        let because = match error.classify() {
            serde_json::error::Category::Eof => "it ends in the middle",
            serde_json::error::Category::Data => {
                "a value is not of the kind it must be, or a name is written twice"
            }
            _ => "it is not well-formed JSON",
        };
        let line = error.line().saturating_sub(1);
        let mut start = 0;
        for _ in 0..line {
            let rest = text.get(start..).unwrap_or_default();
            start += rest.find('\n').map_or(rest.len(), |at| at + 1);
        }
        Self::new(text, start + error.column().saturating_sub(1), because)
    }
}

impl Node<'_> {
    /// The value under a name.
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.entries().iter().find(|(key, _)| key.text() == Some(name)).map(|(_, value)| value)
    }

    /// The name and value under a name.
    pub fn entry(&self, name: &str) -> Option<&(Self, Self)> {
        self.entries().iter().find(|(key, _)| key.text() == Some(name))
    }

    /// The value at the end of a path of names, `spec.template.spec`.
    pub fn path(&self, path: &str) -> Option<&Self> {
        path.split('.').try_fold(self, |node, name| node.get(name))
    }

    /// Names and values; none when it is no map.
    pub fn entries(&self) -> &[(Self, Self)] {
        match &self.is {
            Value::Map(entries) if self.tag.is_none() => entries,
            _ => &[],
        }
    }

    /// What a list holds; nothing when it is no list.
    pub fn list(&self) -> &[Self] {
        match &self.is {
            Value::List(items) if self.tag.is_none() => items,
            _ => &[],
        }
    }

    /// The text, if it is one that is known.
    pub fn text(&self) -> Option<&str> {
        match &self.is {
            Value::Text(text) if self.tag.is_none() => Some(text),
            _ => None,
        }
    }

    /// The text under a name.
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.get(name)?.text()
    }

    /// Text, number, true or false as text.
    pub fn scalar(&self) -> Option<&str> {
        match &self.is {
            _ if self.tag.is_some() => None,
            Value::Text(text) | Value::Number(text) => Some(text),
            Value::Bool(true) => Some("true"),
            Value::Bool(false) => Some("false"),
            _ => None,
        }
    }

    /// True, also when written as text.
    pub fn is_true(&self) -> bool {
        self.scalar().is_some_and(|text| text.eq_ignore_ascii_case("true"))
    }

    /// False, also when written as text.
    pub fn is_false(&self) -> bool {
        self.scalar().is_some_and(|text| text.eq_ignore_ascii_case("false"))
    }

    /// The number, also when written as text.
    pub fn number(&self) -> Option<f64> {
        match &self.is {
            Value::Text(text) | Value::Number(text) if self.tag.is_none() => text.parse().ok(),
            _ => None,
        }
    }

    /// Nothing at all, or something that holds nothing.
    pub fn is_empty(&self) -> bool {
        self.tag.is_none()
            && match &self.is {
                Value::Null => true,
                Value::Text(text) => text.is_empty(),
                Value::List(items) => items.is_empty(),
                Value::Map(entries) => entries.is_empty(),
                Value::Bool(_) | Value::Number(_) => false,
            }
    }

    /// Nothing at all.
    pub fn is_null(&self) -> bool {
        matches!(self.is, Value::Null) && self.tag.is_none()
    }

    /// Whether two values mean the same, wherever they stand.
    pub fn same(&self, other: &Self) -> bool {
        self.tag == other.tag
            && match (&self.is, &other.is) {
                (Value::Null, Value::Null) => true,
                (Value::Bool(one), Value::Bool(two)) => one == two,
                (Value::Number(one), Value::Number(two)) | (Value::Text(one), Value::Text(two)) => {
                    one == two
                }
                (Value::List(one), Value::List(two)) => {
                    one.len() == two.len() && one.iter().zip(two).all(|(one, two)| one.same(two))
                }
                (Value::Map(one), Value::Map(two)) => {
                    one.len() == two.len()
                        && one.iter().zip(two).all(|((key, value), (other, with))| {
                            key.same(other) && value.same(with)
                        })
                }
                _ => false,
            }
    }

    /// The text as a word of the text that this was read from: letter for letter where it stands
    /// there so. A value that is not known is a word that is not known.
    pub fn word(&self, of: &Word) -> Word {
        let at = self.at.start..self.at.end;
        let Some(value) = self.scalar() else { return Word::unknown(of.at(at)) };
        let written = of.text().get(at.clone()).unwrap_or_default();
        for quote in [0, 1] {
            let inner = quote..written.len().saturating_sub(quote);
            if written.get(inner) == Some(value) {
                return of.part(at.start + quote..at.end - quote);
            }
        }
        Word::made(value, of.at(at))
    }
}

/// The first name of a map that is written twice.
fn twice<'n, 'a>(entries: &'n [(Node<'a>, Node<'a>)]) -> Option<&'n Node<'a>> {
    if entries.len() <= 12 {
        return entries.iter().enumerate().find_map(|(at, (key, _))| {
            let before = entries.get(..at).unwrap_or_default();
            before.iter().any(|(other, _)| other.scalar() == key.scalar()).then_some(key)
        });
    }
    let mut seen = std::collections::HashSet::with_capacity(entries.len());
    entries.iter().map(|(key, _)| key).find(|key| !seen.insert(key.scalar()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(text: &str) -> [Node<'_>; 2] {
        let mut documents = yaml(text).unwrap();
        assert_eq!(documents.len(), 1);
        [json(text).unwrap(), documents.remove(0)]
    }

    #[test]
    fn json_and_yaml_give_the_same_tree_and_the_same_places() {
        let text = r#"{"é": [1, -2.5e3, true, null, "a\"bé"], "map": {"k": {}, "l": []}}"#;
        let [one, two] = both(text);
        assert!(one.same(&two), "{one:?} {two:?}");
        let item = |node: &Node<'_>| node.get("é").unwrap().list()[4].at;
        assert_eq!(item(&one), item(&two));
        assert_eq!(&text[item(&one).start..item(&one).end], r#""a\"bé""#);
    }

    #[test]
    fn what_is_not_well_formed_is_refused_with_its_place() {
        let cases = [
            ("{\"a\": 1", "it ends in the middle (line 1, column 7)"),
            ("{\"a\": 1}\n}", "it is not well-formed JSON (line 2, column 1)"),
            ("{\"a\": 1,\n \"a\": 2}", "a name is written twice (line 2, column 2)"),
        ];
        for (text, because) in cases {
            assert_eq!(json(text).unwrap_err().because, because, "{text}");
        }
        let deep = "[".repeat(100_000);
        assert!(json(&deep).is_err());
        assert!(yaml(&deep).is_err());
        let deep = format!("{}{}", "[".repeat(110), "]".repeat(110));
        assert!(json(&deep).unwrap_err().because.starts_with("it is nested deeper"));
        assert!(yaml("- ".repeat(5_000).as_str()).is_err());
        assert!(yaml("a: 1\na: 2").is_err());
        assert!(yaml("a: {{ .Values.name }}").is_err() || yaml("a: {{ .Values.name }}").is_ok());
    }

    #[test]
    fn aliases_are_followed_but_do_not_grow_without_bound() {
        let all = yaml("a: &a {x: 1}\nb: *a\nc:\n  <<: *a\n  y: 2").unwrap();
        assert_eq!(all[0].path("b.x").unwrap().scalar(), Some("1"));
        assert_eq!(all[0].path("c.x").unwrap().scalar(), Some("1"));
        let levels = (1..40).map(|level| format!("a{level}: &a{level} [*a{0}, *a{0}]", level - 1));
        let bomb = levels.fold("a0: &a0 [x, x]".to_owned(), |all, line| all + "\n" + &line);
        assert!(yaml(&bomb).unwrap_err().because.starts_with("its aliases"));
    }

    #[test]
    fn tags_of_templates_are_values_only_known_later() {
        let all = yaml("Name: !Sub '${x}-y'\nBucket: !GetAtt a.b\nList: !Split [a, b]").unwrap();
        assert_eq!(all[0].text_of("Name"), None);
        assert!(all[0].get("Name").unwrap().word(&Word::exact("", 0)).has_holes());
        assert!(all[0].get("List").unwrap().list().is_empty());
    }
}
