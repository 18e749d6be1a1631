//! Where the annotations of a policy file stand. Cedar keeps their values but not their places.
//!
//! ```text
//!   // version: 7          ─▶ version
//!   @id("a") @tier("b")    ─▶ Head { annotations: name, value, places }
//!   permit (…) when {…};      one a rule, in the order of the file
//! ```
//!
//! Read only after Cedar has accepted the text, so what is not understood here is skipped.

use std::{borrow::Cow, ops::Range};

/// One annotation and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Annotation {
    pub name: String,
    /// From the `@` to the end.
    pub whole: Range<usize>,
    /// What stands between the brackets, with its quotes; empty at the end where there is none.
    pub value: Range<usize>,
}

/// What stands in front of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    pub annotations: Vec<Annotation>,
    /// `permit` or `forbid`.
    pub effect: Range<usize>,
}

impl Head {
    /// Where the value of an annotation stands, else the rule itself.
    pub fn value(&self, name: &str) -> Range<usize> {
        self.annotation(name).map_or(self.effect.clone(), |found| found.value.clone())
    }

    /// An annotation by name.
    pub fn annotation(&self, name: &str) -> Option<&Annotation> {
        self.annotations.iter().find(|annotation| annotation.name == name)
    }
}

/// Where the version stands, and what stands there, in the comments at the top.
pub(super) fn version(text: &str) -> Option<(Range<usize>, &str)> {
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let begins = offset;
        offset += line.len();
        let bare = line.trim();
        if bare.is_empty() {
            continue;
        }
        let comment = bare.strip_prefix("//")?;
        if let Some(value) = comment.trim_start().strip_prefix("version:") {
            let value = value.trim();
            let at = begins + line.find(value).unwrap_or(0);
            let span = if value.is_empty() {
                begins..begins + line.trim_end().len()
            } else {
                at..at + value.len()
            };
            return Some((span, value));
        }
    }
    None
}

/// The heads of all rules, in the order of the file.
pub(super) fn heads(text: &str) -> Vec<Head> {
    let mut reader = Reader { bytes: text.as_bytes(), at: 0 };
    let (mut heads, mut annotations, mut in_rule) = (Vec::new(), Vec::new(), false);
    while let Some(byte) = reader.next_token() {
        match byte {
            b'"' => reader.string(),
            b';' => {
                in_rule = false;
                reader.at += 1;
            }
            b'@' if !in_rule => annotations.push(reader.annotation(text)),
            _ if is_word(byte) => {
                let word = reader.word();
                if !in_rule && matches!(&text[word.clone()], "permit" | "forbid") {
                    in_rule = true;
                    let annotations = std::mem::take(&mut annotations);
                    heads.push(Head { annotations, effect: word });
                }
            }
            _ => reader.at += 1,
        }
    }
    heads
}

/// The text with the second, third, … `@from` of a rule under a name of its own that is as long:
/// Cedar takes each annotation once a rule, and every place stays where it is.
pub(super) fn each_once(text: &str) -> Cow<'_, str> {
    let mut renamed = Cow::Borrowed(text);
    for head in heads(text) {
        let again = head.annotations.iter().filter(|annotation| annotation.name == "from").skip(1);
        for (at, annotation) in again.take(MOST_AGAIN).enumerate() {
            let Some(name) = text[annotation.whole.clone()].find("from") else { continue };
            let name = annotation.whole.start + name;
            renamed.to_mut().replace_range(name..name + 4, &format!("f_{at:02}"));
        }
    }
    renamed
}

/// Times an annotation can stand before a rule once more.
const MOST_AGAIN: usize = 100;

/// Whether this is the name of an `@from` that stands there once more.
pub(super) fn is_again(name: &str) -> bool {
    name.strip_prefix("f_")
        .is_some_and(|number| number.len() == 2 && number.bytes().all(|byte| byte.is_ascii_digit()))
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

impl Reader<'_> {
    /// Skips blanks and comments; the byte that stands there then.
    fn next_token(&mut self) -> Option<u8> {
        loop {
            let byte = *self.bytes.get(self.at)?;
            if byte.is_ascii_whitespace() {
                self.at += 1;
            } else if byte == b'/' && self.bytes.get(self.at + 1) == Some(&b'/') {
                while self.bytes.get(self.at).is_some_and(|byte| *byte != b'\n') {
                    self.at += 1;
                }
            } else {
                return Some(byte);
            }
        }
    }

    fn string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.bytes.get(self.at) {
            self.at += 1;
            match byte {
                b'\\' => self.at += 1,
                b'"' => break,
                _ => {}
            }
        }
        self.at = self.at.min(self.bytes.len());
    }

    fn word(&mut self) -> Range<usize> {
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(|byte| is_word(*byte)) {
            self.at += 1;
        }
        start..self.at
    }

    fn annotation(&mut self, text: &str) -> Annotation {
        let start = self.at;
        self.at += 1;
        self.next_token();
        let name = text[self.word()].to_owned();
        let end = self.at;
        if self.next_token() != Some(b'(') {
            self.at = end;
            return Annotation { name, whole: start..end, value: end..end };
        }
        self.at += 1;
        self.next_token();
        let begins = self.at;
        self.string();
        let value = begins..self.at;
        if self.next_token() == Some(b')') {
            self.at += 1;
        }
        Annotation { name, whole: start..self.at, value }
    }
}

#[cfg(test)]
mod tests {
    use super::{each_once, heads, is_again, version};
    use proptest::prelude::*;

    #[test]
    fn annotations_are_found_where_they_stand() {
        let text = "// version: 7\n@id(\"a\") // @no(\"x\")\n@from (\"b; permit\")\npermit (principal, action, resource) when { \"@x\" == \"\" };\n@id\nforbid(principal,action,resource);";
        let found = heads(text);
        assert_eq!(found.len(), 2);
        let names: Vec<&str> = found[0].annotations.iter().map(|a| a.name.as_str()).collect();
        assert_eq!(names, ["id", "from"]);
        assert_eq!(&text[found[0].value("from")], "\"b; permit\"");
        assert_eq!(&text[found[1].annotations[0].whole.clone()], "@id");
        assert_eq!(&text[found[1].effect.clone()], "forbid");
    }

    #[test]
    fn an_annotation_may_stand_there_again_and_nothing_moves() {
        let text = "@from(\"a\") @ from(\"from\")\n@from(\"c\") permit(x); @from(\"d\") permit(y);";
        let renamed = each_once(text);
        assert_eq!(
            renamed,
            "@from(\"a\") @ f_00(\"from\")\n@f_01(\"c\") permit(x); @from(\"d\") permit(y);"
        );
        assert!(is_again("f_00") && !is_again("from") && !is_again("f_0"));
    }

    #[test]
    fn the_version_stands_in_the_comments_at_the_top() {
        assert_eq!(version("// Ours\n\n//version: 12 \npermit").unwrap().1, "12");
        assert_eq!(version("permit (principal, action, resource);\n// version: 3"), None);
        assert_eq!(version("// version:\n").unwrap(), (0..11, ""));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[@\"\\\\(a-c;/ \np]{0,60}|\\PC{0,60}") {
            heads(&text);
            assert_eq!(each_once(&text).len(), text.len());
            version(&text);
        }
    }
}
