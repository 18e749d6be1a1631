//! What `echo` and `printf` print.

use super::{LONGEST, Shell, words::escape};
use crate::{
    classify::{Data, Word, is_hole},
    domain::Span,
};

impl Shell<'_, '_> {
    /// `printf`, which prints or sets a variable.
    pub(super) fn printf(&mut self, arguments: &[Word], span: Span) -> Data {
        let mut rest = arguments;
        let mut variable = None;
        while let Some(first) = rest.first() {
            if first.is("-v") {
                variable = rest.get(1).map(|word| word.text().to_owned());
                rest = rest.get(2..).unwrap_or_default();
            } else if first.is("--") {
                rest = &rest[1..];
                break;
            } else {
                break;
            }
        }
        let Some((format, values)) = rest.split_first() else { return Data::Nothing };
        let text = printed(format, values);
        let word = match text {
            Some(text) => Word::made(text, span),
            None => Word::unknowns(span),
        };
        match variable {
            Some(name) if name.contains(is_hole) => {
                self.judge.opaque(span, "which variable is set is not known");
                self.state.lose_all();
                Data::Nothing
            }
            Some(name) => {
                self.set(&name, word, false);
                Data::Nothing
            }
            None if word.may_split() => Data::Unknown(span),
            None => Data::Text(word),
        }
    }
}

/// What `echo` prints.
pub(super) fn echo(arguments: &[Word], span: Span) -> Data {
    let mut rest = arguments;
    let (mut newline, mut escapes) = (true, false);
    while let Some(option) = rest.first().and_then(Word::known) {
        let letters = option.strip_prefix('-').filter(|letters| {
            !letters.is_empty() && letters.chars().all(|c| matches!(c, 'n' | 'e' | 'E'))
        });
        let Some(letters) = letters else { break };
        newline &= !letters.contains('n');
        escapes = letters.contains('e') || escapes && !letters.contains('E');
        rest = &rest[1..];
    }
    if let ([one], true, false) = (rest, newline, escapes) {
        return Data::Text(one.clone().line());
    }
    let mut text = String::new();
    for (at, word) in rest.iter().enumerate() {
        if at > 0 {
            text.push(' ');
        }
        text.push_str(word.text());
    }
    if escapes {
        let mut bytes = Vec::with_capacity(text.len());
        let mut at = 0;
        let letters = text.as_bytes();
        while let Some(byte) = letters.get(at) {
            at += 1;
            if *byte == b'\\' {
                if letters.get(at) == Some(&b'c') {
                    newline = false;
                    break;
                }
                at += escape(&letters[at..], &mut bytes, false);
            } else {
                bytes.push(*byte);
            }
        }
        text = String::from_utf8_lossy(&bytes).into_owned();
    }
    if newline {
        text.push('\n');
    }
    Data::Text(Word::made(text, span))
}

/// What `printf` makes of its arguments, if that can be told.
fn printed(format: &Word, values: &[Word]) -> Option<String> {
    if values.iter().any(Word::may_split) || format.has_holes() {
        return None;
    }
    let format = format.text().as_bytes();
    let mut text = Vec::new();
    let mut values = values.iter();
    loop {
        let before = values.len();
        let mut at = 0;
        while let Some(byte) = format.get(at) {
            at += 1;
            match byte {
                b'\\' => at += escape(&format[at..], &mut text, false),
                b'%' => {
                    let kind = format.get(at)?;
                    at += 1;
                    if *kind == b'%' {
                        text.push(b'%');
                        continue;
                    }
                    let value = values.next().map_or("", Word::text);
                    match kind {
                        b's' => text.extend_from_slice(value.as_bytes()),
                        b'd' | b'i' | b'u' => {
                            let value = if value.is_empty() { "0" } else { value };
                            value.parse::<u32>().ok().filter(|n| n.to_string() == value)?;
                            text.extend_from_slice(value.as_bytes());
                        }
                        b'b' => {
                            let (letters, mut from) = (value.as_bytes(), 0);
                            while let Some(byte) = letters.get(from) {
                                from += 1;
                                if *byte == b'\\' {
                                    from += escape(&letters[from..], &mut text, false);
                                } else {
                                    text.push(*byte);
                                }
                            }
                        }
                        b'c' => {
                            let first = value.chars().next().unwrap_or('\0');
                            text.extend_from_slice(first.encode_utf8(&mut [0; 4]).as_bytes());
                        }
                        _ => return None,
                    }
                }
                _ => text.push(*byte),
            }
            if text.len() > LONGEST {
                return None;
            }
        }
        if values.len() == 0 || values.len() == before {
            return Some(String::from_utf8_lossy(&text).into_owned());
        }
    }
}
