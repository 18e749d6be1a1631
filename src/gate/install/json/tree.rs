//! JSON with the place of everything in it.

use std::ops::Range;

/// Nesting beyond this is refused: no host's file comes near it.
const DEEPEST: usize = 64;

/// Something of a document, with the bytes it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Where it stands in the text.
    pub span: Range<usize>,
    /// What it is.
    pub kind: Kind,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// An object.
    Object(Vec<Member>),
    /// A list.
    List(Vec<Node>),
    /// A string, by its value.
    Text(String),
    /// A number, `true`, `false` or `null`.
    Other,
}

/// A member of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub key: String,
    /// Where its name begins.
    pub start: usize,
    /// Its value.
    pub value: Node,
}

/// Why a text is not JSON that can be changed, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {what}")]
pub struct TextFault {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong there.
    pub what: String,
}

impl TextFault {
    /// A fault at a byte of the text.
    pub fn at(text: &str, offset: usize, what: impl Into<String>) -> Self {
        let before = text.get(..offset.min(text.len())).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Self { line, column, what: what.into() }
    }
}

impl Node {
    /// The member of an object with this name.
    pub fn get(&self, key: &str) -> Option<&Member> {
        self.members().iter().find(|member| member.key == key)
    }

    /// Its members, where it is an object.
    pub fn members(&self) -> &[Member] {
        match &self.kind {
            Kind::Object(members) => members,
            _ => &[],
        }
    }

    /// Its elements, where it is a list.
    pub fn elements(&self) -> &[Node] {
        match &self.kind {
            Kind::List(elements) => elements,
            _ => &[],
        }
    }

    /// What a path of names leads to.
    pub fn find(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, key| node.get(key).map(|member| &member.value))
    }

    /// Its text, where it is a string.
    pub fn as_text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The same as a value, for comparing.
    pub fn value(&self, text: &str) -> serde_json::Value {
        let part = text.get(self.span.clone()).unwrap_or_default();
        serde_json::from_str(part).unwrap_or(serde_json::Value::Null)
    }
}

/// Reads a whole text.
pub fn parse(text: &str) -> Result<Node, TextFault> {
    let mut reader = Reader { text, at: 0 };
    if text.starts_with('\u{feff}') {
        return Err(reader.fault("a byte order mark, which JSON does not allow"));
    }
    reader.blank()?;
    let node = reader.value(0)?;
    reader.blank()?;
    if reader.at < text.len() {
        return Err(reader.fault("something after the end of the document"));
    }
    Ok(node)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn fault(&self, what: &str) -> TextFault {
        TextFault::at(self.text, self.at, what)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blank(&mut self) -> Result<(), TextFault> {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
        match self.peek() {
            Some(b'/') => Err(self.fault(
                "a comment: this file cannot be changed by a program \
                 that writes plain JSON; take the comments out, or add the hook by hand",
            )),
            _ => Ok(()),
        }
    }

    fn value(&mut self, depth: usize) -> Result<Node, TextFault> {
        if depth > DEEPEST {
            return Err(self.fault("nested too deeply"));
        }
        let start = self.at;
        let kind = match self.peek() {
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.list(depth)?,
            Some(b'"') => Kind::Text(self.string()?),
            Some(b'}' | b']') => return Err(self.fault("a value is missing before this")),
            Some(_) => self.other()?,
            None => return Err(self.fault("the file ends in the middle")),
        };
        Ok(Node { span: start..self.at, kind })
    }

    fn object(&mut self, depth: usize) -> Result<Kind, TextFault> {
        let mut members: Vec<Member> = Vec::new();
        self.at += 1;
        self.blank()?;
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Kind::Object(members));
        }
        loop {
            let start = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.fault("expected a name in double quotes"));
            }
            let key = self.string()?;
            if members.iter().any(|member| member.key == key) {
                self.at = start;
                return Err(self.fault("this name stands twice in one object"));
            }
            self.blank()?;
            if self.peek() != Some(b':') {
                return Err(self.fault("expected `:`"));
            }
            self.at += 1;
            self.blank()?;
            let value = self.value(depth + 1)?;
            members.push(Member { key, start, value });
            if self.ends(b'}')? {
                return Ok(Kind::Object(members));
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Kind, TextFault> {
        let mut elements = Vec::new();
        self.at += 1;
        self.blank()?;
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Kind::List(elements));
        }
        loop {
            elements.push(self.value(depth + 1)?);
            if self.ends(b']')? {
                return Ok(Kind::List(elements));
            }
        }
    }

    /// Whether a list or an object ends here; otherwise stands before its next part.
    fn ends(&mut self, close: u8) -> Result<bool, TextFault> {
        self.blank()?;
        match self.peek() {
            Some(byte) if byte == close => {
                self.at += 1;
                Ok(true)
            }
            Some(b',') => {
                self.at += 1;
                self.blank()?;
                if self.peek() == Some(close) {
                    return Err(self.fault("a comma before this is one too many for JSON"));
                }
                Ok(false)
            }
            Some(_) => Err(self.fault("expected a comma or the end of what was begun")),
            None => Err(self.fault("the file ends in the middle")),
        }
    }

    fn string(&mut self) -> Result<String, TextFault> {
        let start = self.at;
        self.at += 1;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => self.at += 2,
                Some(_) => self.at += 1,
                None => {
                    self.at = start;
                    return Err(self.fault("a string that never ends"));
                }
            }
        }
        self.at += 1;
        let written = self.text.get(start..self.at).unwrap_or_default();
        serde_json::from_str(written).map_err(|_| {
            TextFault::at(self.text, start, "a string with something in it that JSON does not know")
        })
    }

    fn other(&mut self) -> Result<Kind, TextFault> {
        let start = self.at;
        while self
            .peek()
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
        {
            self.at += 1;
        }
        let written = self.text.get(start..self.at).unwrap_or_default();
        if serde_json::from_str::<serde_json::Value>(written).is_ok() {
            Ok(Kind::Other)
        } else {
            self.at = start;
            Err(self.fault("expected a value"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{TextFault, parse};
    use proptest::prelude::*;

    fn fault(text: &str) -> String {
        parse(text).unwrap_err().to_string()
    }

    #[test]
    fn the_place_of_a_fault_is_named() {
        assert_eq!(
            fault("{\n  \"a\": 1,\n}"),
            "line 3, column 1: a comma before this is one too many for JSON"
        );
        assert!(
            fault("{\n  // why\n}").starts_with("line 2, column 3: a comment"),
            "{}",
            fault("{\n  // why\n}")
        );
        assert!(fault("{\"a\": 1, \"a\": 2}").contains("column 10: this name stands twice"));
        assert!(fault("{\"ä\": }").starts_with("line 1, column 7"));
        for bad in
            ["", "{", "[1 2]", "{\"a\"}", "\u{feff}{}", "{} {}", "{'a': 1}", "\"a", "tru", "{a: 1}"]
        {
            assert!(parse(bad).is_err(), "{bad}");
        }
        assert!(fault(&"[".repeat(100_000)).contains("nested too deeply"));
    }

    #[test]
    fn a_place_outside_the_text_is_its_end() {
        assert_eq!(TextFault::at("a\nb", 99, "x").line, 2);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]
        #[test]
        fn no_text_makes_it_panic_and_what_it_takes_is_json(text in "[\\[\\]{}\",:0-9a-e\\\\ \n/é-]{0,40}") {
            if let Ok(node) = parse(&text) {
                let value: serde_json::Value = serde_json::from_str(&text).unwrap();
                prop_assert_eq!(node.value(&text), value);
            }
        }
    }
}
