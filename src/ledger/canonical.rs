//! Whether some bytes are JSON in the canonical form of RFC 8785, without reading them into values.
//!
//! ```text
//!   {"about":"a-…","at":"…","body":{…}}
//!    └ keys in order, each once   └ no space, no other way to write a text or a number
//! ```
//!
//! A million entries have to be looked at in a second or two; reading each and writing it again
//! takes five times as long. What is rare (a number that is no small integer) is still written
//! again by the library.

use std::{cmp::Ordering, ops::Range};

/// How deep entries may nest. What this program writes stays below twenty.
const DEEPEST: u32 = 100;

/// Integers of up to so many digits are written the same way as IEEE doubles.
const EXACT_DIGITS: usize = 15;

/// Where bytes are not canonical JSON, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("byte {at}: {why}")]
pub struct NotCanonical {
    /// Offset of the first wrong byte.
    pub at: usize,
    /// What is wrong.
    pub why: &'static str,
}

/// Checks that `bytes` are one JSON object in the form of RFC 8785, and nothing else.
pub fn check(bytes: &[u8]) -> Result<(), NotCanonical> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| NotCanonical { at: error.valid_up_to(), why: "not UTF-8" })?;
    if bytes.first() != Some(&b'{') {
        return Err(NotCanonical { at: 0, why: "not a JSON object" });
    }
    let mut scan = Scan { text, bytes, at: 0 };
    scan.value(0)?;
    if scan.at == bytes.len() { Ok(()) } else { scan.wrong("something follows the object") }
}

struct Scan<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

impl Scan<'_> {
    fn wrong<T>(&self, why: &'static str) -> Result<T, NotCanonical> {
        Err(NotCanonical { at: self.at, why })
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn value(&mut self, depth: u32) -> Result<(), NotCanonical> {
        if depth > DEEPEST {
            return self.wrong("nested too deep");
        }
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => self.string().map(|_| ()),
            Some(b't') => self.word("true"),
            Some(b'f') => self.word("false"),
            Some(b'n') => self.word("null"),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(_) => self.wrong("no value begins like this in canonical JSON"),
            None => self.wrong("it ends too early"),
        }
    }

    fn object(&mut self, depth: u32) -> Result<(), NotCanonical> {
        self.at += 1;
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(());
        }
        let mut before: Option<Range<usize>> = None;
        loop {
            if self.peek() != Some(b'"') {
                return self.wrong("a name is expected");
            }
            let from = self.at;
            let name = self.string()?;
            if let Some(before) = before
                && order(&self.text[before], &self.text[name.clone()]) != Ordering::Less
            {
                let why = "this name is a second time there, or not in canonical order";
                return Err(NotCanonical { at: from, why });
            }
            before = Some(name);
            if self.peek() != Some(b':') {
                return self.wrong("a colon is expected");
            }
            self.at += 1;
            self.value(depth + 1)?;
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(());
                }
                _ => return self.wrong("a comma or the object's end is expected"),
            }
        }
    }

    fn array(&mut self, depth: u32) -> Result<(), NotCanonical> {
        self.at += 1;
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(());
        }
        loop {
            self.value(depth + 1)?;
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(());
                }
                _ => return self.wrong("a comma or the list's end is expected"),
            }
        }
    }

    /// Passes a text; answers where it is, without its quotes.
    fn string(&mut self) -> Result<Range<usize>, NotCanonical> {
        self.at += 1;
        let from = self.at;
        loop {
            let Some(plain) = plain(&self.bytes[self.at..]) else {
                self.at = self.bytes.len();
                return self.wrong("a text does not end");
            };
            self.at += plain;
            match self.bytes[self.at] {
                b'"' => {
                    self.at += 1;
                    return Ok(from..self.at - 1);
                }
                b'\\' => self.escape()?,
                _ => return self.wrong("a control character stands unescaped"),
            }
        }
    }

    fn escape(&mut self) -> Result<(), NotCanonical> {
        let rest = &self.bytes[self.at + 1..];
        match rest {
            [b'"' | b'\\' | b'b' | b'f' | b'n' | b'r' | b't', ..] => self.at += 2,
            [b'u', b'0', b'0', high @ (b'0' | b'1'), low, ..] => {
                let low = match low {
                    b'0'..=b'9' => low - b'0',
                    b'a'..=b'f' => low - b'a' + 10,
                    _ => return self.wrong("this escape is not written in canonical form"),
                };
                let code = (high - b'0') * 16 + low;
                if matches!(code, 0x08 | 0x09 | 0x0a | 0x0c | 0x0d) {
                    return self.wrong("this character has a shorter escape");
                }
                self.at += 6;
            }
            _ => return self.wrong("this escape is not written in canonical form"),
        }
        Ok(())
    }

    fn word(&mut self, word: &'static str) -> Result<(), NotCanonical> {
        if self.bytes[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            Ok(())
        } else {
            self.wrong("no such word in JSON")
        }
    }

    fn number(&mut self) -> Result<(), NotCanonical> {
        let rest = &self.bytes[self.at..];
        let end = rest
            .iter()
            .position(|b| !matches!(b, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E'))
            .unwrap_or(rest.len());
        let written = &rest[..end];
        let digits = written.strip_prefix(b"-").unwrap_or(written);
        let short = digits.len() <= EXACT_DIGITS && digits.iter().all(u8::is_ascii_digit);
        let plain = short && matches!(digits, [b'1'..=b'9', ..]) || written == b"0";
        if !plain && !is_canonical_number(&self.text[self.at..self.at + end]) {
            return self.wrong("this number is not written in canonical form");
        }
        self.at += end;
        Ok(())
    }
}

/// Where the first byte is that cannot stand in a text as it is: a quote, a backslash, a control
/// character. Eight at a time, because most of an entry is texts.
fn plain(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES << 7;
    // The high bit of each byte below a bound is set; above the lowest such byte others may be, too.
    let below = |word: u64, bound: u64| word.wrapping_sub(ONES * bound) & !word & HIGH;
    let (words, rest) = bytes.as_chunks::<8>();
    for (at, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let is = |byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
        let found = below(word, 0x20) | is(b'"') | is(b'\\');
        if found != 0 {
            return Some(at * 8 + found.trailing_zeros() as usize / 8);
        }
    }
    let tail = rest.iter().position(|b| matches!(b, b'"' | b'\\' | 0..=0x1f))?;
    Some(words.len() * 8 + tail)
}

fn is_canonical_number(written: &str) -> bool {
    let Ok(number) = serde_json::from_str::<serde_json::Number>(written) else { return false };
    serde_json_canonicalizer::to_string(&number).is_ok_and(|canonical| canonical == written)
}

/// RFC 8785, 3.2.3: names are sorted by their UTF-16 code units.
fn order(left: &str, right: &str) -> Ordering {
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii() && b != b'\\');
    if plain(left) && plain(right) {
        return left.cmp(right);
    }
    let read = |text: &str| -> Vec<u16> {
        let read: Result<String, _> = serde_json::from_str(&format!("\"{text}\""));
        read.unwrap_or_default().encode_utf16().collect()
    };
    read(left).cmp(&read(right))
}

/// The path (`body.ruling.tier`) of the value in canonical JSON that byte `at` is in or behind.
pub fn path_at(bytes: &[u8], at: usize) -> String {
    let mut path: Vec<Option<String>> = Vec::new();
    let (mut from, mut quoted) = (0, false);
    let mut begins_name = false;
    let end = at.min(bytes.len());
    let mut i = 0;
    while i < end {
        match (bytes[i], quoted) {
            (b'\\', true) => i += 1,
            (b'"', true) => {
                quoted = false;
                if begins_name && let Some(last) = path.last_mut() {
                    *last = Some(String::from_utf8_lossy(&bytes[from..i]).into_owned());
                    begins_name = false;
                }
            }
            (b'"', false) => (from, quoted) = (i + 1, true),
            (b'{', false) => {
                path.push(None);
                begins_name = true;
            }
            (b'[', false) => path.push(None),
            (b'}' | b']', false) => {
                path.pop();
            }
            (b',', false) => {
                // After a comma comes a name, where the values before had one.
                begins_name = matches!(path.last(), Some(Some(_)));
            }
            _ => {}
        }
        i += 1;
    }
    path.into_iter().flatten().collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::check;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn canonical(value: &Value) -> String {
        serde_json_canonicalizer::to_string(value).unwrap()
    }

    #[test]
    fn what_the_library_writes_is_canonical() {
        for value in [
            json!({}),
            json!({"a": [1, -2, 0, 1.5, 1e21, 1e-7, 123_456_789_012_345_678_u64], "b": null}),
            json!({"\u{e9}": "\u{1}\u{8}\t\n\u{c}\r\u{7f}\"\\/", "\u{1f600}": {}, "\u{fb33}": []}),
        ] {
            assert_eq!(check(canonical(&value).as_bytes()), Ok(()), "{value}");
        }
    }

    #[test]
    fn every_other_way_to_write_the_same_is_told_apart() {
        for wrong in [
            r#"{"b":1,"a":2}"#,
            r#"{"a":1,"a":2}"#,
            r#"{"a": 1}"#,
            r#"{"a":1} "#,
            r#"{"a":01}"#,
            r#"{"a":-0}"#,
            r#"{"a":1.0}"#,
            r#"{"a":1e2}"#,
            r#"{"a":1234567890123456789}"#,
            r#"{"a":"\/"}"#,
            r#"{"a":"\u0041"}"#,
            r#"{"a":"\u000a"}"#,
            r#"{"a":"\u001F"}"#,
            r#"{"a":"é"}"#.replace('é', "\\u00e9").as_str(),
            "{\"a\":\"\n\"}",
            r#"{"a":tru}"#,
            r#"{"a":1,}"#,
            r#"{"a"}"#,
            r#"["a"]"#,
            r#"{"a":"x"#,
            "{\"\u{fb33}\":1,\"\u{1f600}\":2}",
            "",
        ] {
            assert!(check(wrong.as_bytes()).is_err(), "{wrong}");
        }
        assert!(check(b"{\"a\":\"\xff\"}").is_err());
        let deep = format!("{{\"a\":{}1{}}}", "[".repeat(5000), "]".repeat(5000));
        assert!(check(deep.as_bytes()).is_err());
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_filter("finite", |f| f.is_finite()).prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 24, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(any::<String>(), inner, 0..6)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        /// Canonical is exactly what stays the same when it is read and written again.
        #[test]
        fn it_agrees_with_reading_and_writing_again(value in any_json(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
            let text = canonical(&json!({"v": value}));
            prop_assert_eq!(check(text.as_bytes()), Ok(()));
            let mut bytes = text.into_bytes();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            let again = serde_json::from_slice::<Value>(&bytes).ok().filter(Value::is_object);
            let same = again.is_some_and(|value| canonical(&value).as_bytes() == bytes);
            prop_assert_eq!(check(&bytes).is_ok(), same, "{:?}", String::from_utf8_lossy(&bytes));
        }
    }

    proptest! {
        #[test]
        fn eight_bytes_at_a_time_find_what_one_at_a_time_does(
            bytes in prop::collection::vec(prop_oneof![8 => 0x18_u8..=0xff, 1 => Just(b'"')], 0..40),
        ) {
            let one = bytes.iter().position(|b| matches!(b, b'"' | b'\\' | 0..=0x1f));
            prop_assert_eq!(super::plain(&bytes), one);
        }
    }
}
