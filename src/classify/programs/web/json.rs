//! JSON as it stands in a command: where each text stands, and what of it is unknown.
//!
//! Read with more patience than a server would have: what a shell leaves of a body may hold
//! unknown parts, names without quotes or a comma too many, and what it would do matters all the
//! same.

use crate::{
    classify::{Judge, Word, is_hole},
    domain::Span,
};

/// How deep lists and objects may lie in each other.
const DEEPEST: u32 = 48;

/// Steps for one value: it is looked at once for each name that is asked for.
const STEPS: u32 = 3;

/// A value.
#[derive(Debug, Clone)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as it is written.
    Number(Word),
    /// A string.
    Text(Word),
    /// A list.
    List(Vec<Json>),
    /// An object: its names in order, and where each stands.
    Object(Vec<(Word, Json)>),
    /// A value that is not known.
    Unknown(Span),
}

impl Json {
    /// The value of a name in an object; names are compared without regard to case and to `_`
    /// and `-`.
    pub fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(entries) = self else { return None };
        entries.iter().find(|(key, _)| alike(key.text(), name)).map(|(_, value)| value)
    }

    /// The first of these names that the object has.
    pub fn first(&self, names: &[&str]) -> Option<&Self> {
        names.iter().find_map(|name| self.get(name))
    }

    /// The string of the first of these names that the object has as a string.
    pub fn text(&self, names: &[&str]) -> Option<&Word> {
        names.iter().find_map(|name| self.get(name)?.as_text())
    }

    /// The value as a string.
    pub fn as_text(&self) -> Option<&Word> {
        match self {
            Self::Text(word) => Some(word),
            _ => None,
        }
    }

    /// Whether it is certainly true.
    pub fn is_true(&self) -> bool {
        match self {
            Self::Bool(value) => *value,
            Self::Text(word) => word.is("true"),
            _ => false,
        }
    }

    /// Whether it is certainly false.
    pub fn is_false(&self) -> bool {
        match self {
            Self::Bool(value) => !value,
            Self::Text(word) => word.is("false"),
            _ => false,
        }
    }

    /// The names and values of an object.
    pub fn entries(&self) -> &[(Word, Self)] {
        match self {
            Self::Object(entries) => entries,
            _ => &[],
        }
    }

    /// The values of a list, or the value alone.
    pub fn each(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            other => std::slice::from_ref(other),
        }
    }
}

fn alike(first: &str, second: &str) -> bool {
    fn plain(text: &str) -> impl Iterator<Item = u8> {
        text.bytes().filter(|c| !matches!(c, b'_' | b'-')).map(|c| c.to_ascii_lowercase())
    }
    plain(first).eq(plain(second))
}

/// Reads one value; nothing when the text is not JSON.
pub fn read(word: &Word, judge: &mut Judge<'_>) -> Option<Json> {
    let mut reader = Reader { word, text: word.text(), at: 0 };
    let value = reader.value(0, judge)?;
    reader.space();
    (reader.at == reader.text.len()).then_some(value)
}

/// Reads values that follow each other, a line each as a rule.
pub fn read_all(word: &Word, judge: &mut Judge<'_>) -> Option<Vec<Json>> {
    let mut reader = Reader { word, text: word.text(), at: 0 };
    let mut values = Vec::new();
    loop {
        // What `printf`, or a file read as one line, leaves between two lines.
        while reader.rest().starts_with("\\n") {
            reader.at += 2;
        }
        reader.space();
        if reader.rest().is_empty() {
            return Some(values);
        }
        if !reader.rest().starts_with("\\n") {
            values.push(reader.value(0, judge)?);
        }
    }
}

struct Reader<'a> {
    word: &'a Word,
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn value(&mut self, depth: u32, judge: &mut Judge<'_>) -> Option<Json> {
        self.space();
        let first = self.peek()?;
        if depth > DEEPEST || !judge.step(STEPS, self.word.span()) {
            return None;
        }
        match first {
            '{' => self.object(depth, judge),
            '[' => self.list(depth, judge),
            '"' | '\'' => self.string(first).map(Json::Text),
            _ => self.bare(),
        }
    }

    fn object(&mut self, depth: u32, judge: &mut Judge<'_>) -> Option<Json> {
        self.at += 1;
        let mut entries = Vec::new();
        loop {
            self.space();
            match self.peek()? {
                '}' => {
                    self.at += 1;
                    return Some(Json::Object(entries));
                }
                ',' => {
                    self.at += 1;
                    continue;
                }
                _ => {}
            }
            let name = match self.peek()? {
                quote @ ('"' | '\'') => self.string(quote)?,
                _ => match self.bare()? {
                    Json::Text(word) | Json::Number(word) => word,
                    // An object with an unknown part between its entries: they are unknown too.
                    Json::Unknown(span) => {
                        entries.push((Word::unknown(span), Json::Unknown(span)));
                        continue;
                    }
                    _ => return None,
                },
            };
            self.space();
            if self.peek()? != ':' {
                return None;
            }
            self.at += 1;
            let value = self.value(depth + 1, judge)?;
            entries.push((name, value));
        }
    }

    fn list(&mut self, depth: u32, judge: &mut Judge<'_>) -> Option<Json> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.space();
            match self.peek()? {
                ']' => {
                    self.at += 1;
                    return Some(Json::List(items));
                }
                ',' => self.at += 1,
                _ => items.push(self.value(depth + 1, judge)?),
            }
        }
    }

    fn string(&mut self, quote: char) -> Option<Word> {
        self.at += 1;
        let start = self.at;
        let mut made: Option<String> = None;
        let mut letters = self.rest().char_indices();
        while let Some((offset, letter)) = letters.next() {
            if letter == quote {
                let end = start + offset;
                self.at = end + quote.len_utf8();
                return Some(match made {
                    Some(text) => Word::made(text, self.word.at(start..end)),
                    None => self.word.part(start..end),
                });
            }
            if letter != '\\' {
                if let Some(text) = &mut made {
                    text.push(letter);
                }
                continue;
            }
            let text = made.get_or_insert_with(|| {
                self.text.get(start..start + offset).unwrap_or("").to_owned()
            });
            match letters.next()?.1 {
                'n' => text.push('\n'),
                't' => text.push('\t'),
                'r' => text.push('\r'),
                'b' | 'f' => text.push(' '),
                'u' => {
                    let code: String = letters.by_ref().take(4).map(|(_, digit)| digit).collect();
                    let code = u32::from_str_radix(&code, 16).ok()?;
                    text.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                other => text.push(other),
            }
        }
        None
    }

    /// `true`, a number, a name without quotes, or something unknown.
    fn bare(&mut self) -> Option<Json> {
        let start = self.at;
        let rest = self.rest();
        let belongs = |c: char| c.is_alphanumeric() || "_$.+-/@*".contains(c) || is_hole(c);
        let length = rest.find(|c: char| !belongs(c)).unwrap_or(rest.len());
        if length == 0 {
            return None;
        }
        self.at += length;
        let word = self.word.part(start..self.at);
        Some(match word.text() {
            "true" | "True" => Json::Bool(true),
            "false" | "False" => Json::Bool(false),
            "null" | "None" => Json::Null,
            _ if word.has_holes() => Json::Unknown(word.span()),
            text if text.starts_with(|c: char| c.is_ascii_digit() || c == '-') => {
                Json::Number(word)
            }
            _ => Json::Text(word),
        })
    }
}
