//! What a host writes to a hook, read so that nobody can read it otherwise.
//!
//! A name that comes twice, a letter that ends a string for some readers, a number that others
//! round: the host might act on another reading than the one that was judged. So all of that is an
//! error, which names the field.

use super::super::Malformed;
use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::fmt;

/// More than any host sends about one call.
const LONGEST: usize = 8 << 20;
/// How deep lists and objects may lie in each other.
const DEEPEST: usize = 64;
/// Longest name of a tool, a session, a directory.
pub(super) const LONGEST_NAME: usize = 4096;
/// Longest command that a person can be asked to read.
const LONGEST_LINE: usize = 128 << 10;
/// Integers beyond this one are rounded by readers that only know floating point.
const WHOLE: u64 = (1 << 53) - 1;

/// Reads the whole document.
pub fn document(bytes: &[u8]) -> Result<Value, Malformed> {
    if bytes.len() > LONGEST {
        return Err(Malformed(format!("it is longer than {LONGEST} bytes")));
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Err(Malformed("it begins with a byte order mark".to_owned()));
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Malformed("it is empty".to_owned()));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let read = Strict { at: &At::Top, depth: 0 }.deserialize(&mut reader);
    let value = read.map_err(|error| Malformed(error.to_string()))?;
    reader.end().map_err(|_| Malformed("something stands behind its end".to_owned()))?;
    Ok(value)
}

/// Where a value stands.
enum At<'a> {
    Top,
    Name(&'a At<'a>, &'a str),
    Place(&'a At<'a>, usize),
}

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// Of a name, so much tells which it is.
        const TOLD: usize = 64;
        match self {
            Self::Top => f.write_str("the payload"),
            Self::Name(Self::Top, name) => write!(f, "{name:.TOLD$}"),
            Self::Name(above, name) => write!(f, "{above}.{name:.TOLD$}"),
            Self::Place(above, place) => write!(f, "{above}[{place}]"),
        }
    }
}

struct Strict<'a> {
    at: &'a At<'a>,
    depth: usize,
}

impl Strict<'_> {
    fn fault<E: de::Error>(&self, what: &str) -> E {
        E::custom(format_args!("{} {what}", self.at))
    }

    fn deeper<E: de::Error>(&self) -> Result<usize, E> {
        if self.depth == DEEPEST {
            return Err(self.fault("is nested too deep"));
        }
        Ok(self.depth + 1)
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: de::Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Value, E> {
        if value.unsigned_abs() > WHOLE {
            return Err(self.fault("is a number that not every reader knows exactly"));
        }
        Ok(value.into())
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        if value > WHOLE {
            return Err(self.fault("is a number that not every reader knows exactly"));
        }
        Ok(value.into())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        let number = Number::from_f64(value).ok_or_else(|| self.fault("is no number"))?;
        Ok(Value::Number(number))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
        self.visit_string(text.to_owned())
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Value, E> {
        if text.contains('\0') {
            return Err(self.fault("holds a NUL, which ends it for some readers"));
        }
        Ok(Value::String(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let depth = self.deeper()?;
        let mut read = Vec::new();
        loop {
            let at = At::Place(self.at, read.len());
            match items.next_element_seed(Strict { at: &at, depth })? {
                Some(value) => read.push(value),
                None => return Ok(Value::Array(read)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let depth = self.deeper()?;
        let mut read = Map::new();
        while let Some(name) = entries.next_key::<String>()? {
            let at = At::Name(self.at, &name);
            let own = Strict { at: &at, depth };
            if name.contains('\0') {
                return Err(own.fault("holds a NUL in its name"));
            }
            if read.contains_key(&name) {
                return Err(own.fault("is there twice"));
            }
            let value = entries.next_value_seed(own)?;
            read.insert(name, value);
        }
        Ok(Value::Object(read))
    }
}

/// The named values of an object, with the name it has in the document.
#[derive(Clone, Copy)]
pub struct Fields<'a> {
    value: &'a Value,
    name: &'a str,
}

impl<'a> Fields<'a> {
    /// Of the document itself.
    pub fn of(value: &'a Value) -> Result<Self, Malformed> {
        Self::named(value, "")
    }

    /// Of a value that stands under this name.
    pub fn named(value: &'a Value, name: &'a str) -> Result<Self, Malformed> {
        let fields = Self { value, name };
        if value.is_object() {
            return Ok(fields);
        }
        let what = if name.is_empty() { "the payload" } else { name };
        Err(Malformed(format!("{what} is not an object")))
    }

    /// The value of a name; `null` counts as none.
    pub fn get(&self, name: &str) -> Option<&'a Value> {
        self.value.get(name).filter(|value| !value.is_null())
    }

    /// A text of any length; none where there is no such name.
    pub fn text(&self, name: &str) -> Result<Option<&'a str>, Malformed> {
        let Some(value) = self.get(name) else { return Ok(None) };
        value.as_str().map(Some).ok_or_else(|| self.fault(name, "is not a string"))
    }

    /// A short text, and nothing where there is no such name.
    pub fn name(&self, name: &str) -> Result<String, Malformed> {
        let text = self.text(name)?.unwrap_or_default();
        if text.len() > LONGEST_NAME {
            return Err(self.fault(name, "is longer than a name can be"));
        }
        Ok(text.to_owned())
    }

    /// A short text that has to be there.
    pub fn must(&self, name: &str) -> Result<String, Malformed> {
        let text = self.name(name)?;
        if text.is_empty() { Err(self.fault(name, "is missing")) } else { Ok(text) }
    }

    /// The text of the one of these names that is there, with that name.
    pub fn one_of(&self, names: &[&'static str]) -> Result<(&'static str, &'a str), Malformed> {
        let mut found = None;
        for name in names {
            let Some(text) = self.text(name)? else { continue };
            if found.is_some_and(|(_, before)| before != text) {
                return Err(self.fault(name, "says something else than another of its names"));
            }
            found = found.or(Some((*name, text)));
        }
        let first = names.first().copied().unwrap_or_default();
        found.ok_or_else(|| self.fault(first, "is missing"))
    }

    /// A command, as long as a person can be asked to read.
    pub fn line(&self, names: &[&'static str]) -> Result<String, Malformed> {
        let (name, text) = self.one_of(names)?;
        if text.len() > LONGEST_LINE {
            return Err(self.fault(name, "is too long to be reviewed; put it in a file"));
        }
        Ok(text.to_owned())
    }

    /// A path.
    pub fn path(&self, names: &[&'static str]) -> Result<String, Malformed> {
        let (name, text) = self.one_of(names)?;
        match text.len() {
            0 => Err(self.fault(name, "is empty")),
            1..=LONGEST_NAME => Ok(text.to_owned()),
            _ => Err(self.fault(name, "is longer than a path can be")),
        }
    }

    /// An error about one of the values.
    pub fn fault(&self, name: &str, what: &str) -> Malformed {
        match self.name {
            "" => Malformed(format!("{name} {what}")),
            own => Malformed(format!("{own}.{name} {what}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Fields, document};
    use serde_json::json;

    fn error(text: &str) -> String {
        document(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn what_everybody_reads_alike_is_read() {
        let text = r#" {"a":{"b":[1,-2.5,null,true,"\u00e9"]}} "#;
        assert_eq!(
            document(text.as_bytes()).unwrap(),
            json!({"a": {"b": [1, -2.5, null, true, "é"]}})
        );
    }

    #[test]
    fn what_could_be_read_otherwise_is_an_error_that_names_the_field() {
        for (text, told) in [
            (r#"{"a":1,"a":2}"#, "a is there twice"),
            (r#"{"a":{"b":1,"\u0062":2}}"#, "a.b is there twice"),
            (r#"{"a":[{"b":"x\u0000y"}]}"#, "a[0].b holds a NUL"),
            (r#"{"a\u0000":1}"#, "holds a NUL in its name"),
            (r#"{"a":9007199254740993}"#, "a is a number that not every reader knows"),
            (r#"{"a":-9007199254740993}"#, "a is a number that not every reader knows"),
            (r#"{"a":1} {}"#, "something stands behind its end"),
            ("\u{feff}{}", "byte order mark"),
            ("", "it is empty"),
            (" \n", "it is empty"),
            ("{", "EOF"),
            (r#"{"a":"\ud800"}"#, "hex escape"),
            ("{\"a\":\"\u{0}\"}", "control character"),
        ] {
            assert!(error(text).contains(told), "{text}: {}", error(text));
        }
        assert!(document(b"{\"a\":\"\xff\"}").is_err());
    }

    #[test]
    fn depth_and_length_are_bounded() {
        let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        assert!(document(nested(64).as_bytes()).is_ok());
        assert!(error(&nested(65)).contains("nested too deep"));
        assert!(document(nested(100_000).as_bytes()).is_err());
        assert!(error(&" ".repeat((8 << 20) + 1)).contains("longer"));
    }

    #[test]
    fn wrong_types_and_lengths_name_the_field() {
        let value = json!({"tool_input": {"command": 1, "path": "", "cwd": "x".repeat(5000)}});
        let fields = Fields::named(&value["tool_input"], "tool_input").unwrap();
        let told = |error: super::Malformed| error.0;
        assert_eq!(
            told(fields.line(&["command"]).unwrap_err()),
            "tool_input.command is not a string"
        );
        assert_eq!(told(fields.line(&["line"]).unwrap_err()), "tool_input.line is missing");
        assert_eq!(told(fields.path(&["path"]).unwrap_err()), "tool_input.path is empty");
        assert!(told(fields.name("cwd").unwrap_err()).contains("longer than a name"));
        assert!(Fields::of(&json!([])).is_err());
    }

    #[test]
    fn two_names_for_one_thing_must_agree() {
        let value = json!({"path": "a", "file_path": "b", "command": "x", "cmd": "x"});
        let fields = Fields::of(&value).unwrap();
        assert!(fields.path(&["path", "file_path"]).is_err());
        assert_eq!(fields.line(&["command", "cmd"]).unwrap(), "x");
    }
}
