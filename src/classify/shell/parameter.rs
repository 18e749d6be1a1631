//! What `$NAME` and `${NAME…}` stand for.

use super::{
    Shell,
    expand::length,
    fields::Fields,
    pattern::{self, Trim},
    syntax::{Change, Parameter, Piece, Text},
};
use crate::classify::{HOLE, HOLES, PLAIN, Word, is_hole};

/// Variables that hold a number, a name or a directory: nothing that a shell would read twice.
const PLAINS: &[&str] = &[
    "BASHPID",
    "COLUMNS",
    "EPOCHREALTIME",
    "EPOCHSECONDS",
    "EUID",
    "GROUPS",
    "HOME",
    "HOSTNAME",
    "HOSTTYPE",
    "LANG",
    "LINENO",
    "LINES",
    "LOGNAME",
    "MACHTYPE",
    "OLDPWD",
    "OSTYPE",
    "PPID",
    "PWD",
    "RANDOM",
    "SECONDS",
    "SHELL",
    "SHLVL",
    "SRANDOM",
    "TERM",
    "TMPDIR",
    "UID",
    "USER",
    "BASH_VERSION",
];

/// What a parameter stands for.
pub(super) enum Got {
    One(String),
    Many(Vec<String>),
    /// It is not set by the script.
    Nothing,
}

impl Shell<'_, '_> {
    pub(super) fn parameter(&mut self, parameter: &Parameter, fields: &mut Fields, quoted: bool) {
        if !self.judge.step(1, parameter.span) {
            return fields.value(HOLES.encode_utf8(&mut [0; 4]), quoted, "");
        }
        if let Some(index) = &parameter.index {
            self.sum(index);
        }
        let mut got = self.get(parameter);
        if parameter.indirect {
            got = match got {
                Got::One(name) if !name.contains(is_hole) => self.named(&name),
                _ => Got::One(HOLE.to_string()),
            };
        }
        let separators = self.separators();
        match self.changed(parameter, got, fields, quoted) {
            None => {}
            Some(Got::One(value)) => {
                let _ = self.judge.step(length(&value), parameter.span);
                fields.value(&value, quoted, &separators);
            }
            Some(Got::Many(values)) => {
                let joins = quoted && (parameter.name == "*" || index_is(parameter, "*"));
                if joins {
                    let between = separators.chars().next().map_or(String::new(), String::from);
                    fields.value(&values.join(&between), true, "");
                } else {
                    for (at, value) in values.iter().enumerate() {
                        if at > 0 && fields.whole {
                            fields.value(" ", true, "");
                        } else if at > 0 {
                            fields.end();
                            // What stands between them is the first separator.
                            fields.cut = !quoted && separators.starts_with([' ', '\t', '\n']);
                        }
                        let _ = self.judge.step(1 + length(value), parameter.span);
                        fields.value(value, quoted, &separators);
                    }
                }
            }
            Some(Got::Nothing) => {
                let hole = if is_many(parameter) || !quoted { HOLES } else { HOLE };
                if is_many(parameter) && !fields.whole {
                    fields.text.push(HOLES);
                    fields.offset = None;
                    fields.begun = true;
                } else {
                    fields.value(hole.encode_utf8(&mut [0; 4]), quoted, "");
                }
            }
        }
    }

    fn get(&mut self, parameter: &Parameter) -> Got {
        if matches!(parameter.name.as_str(), "@" | "*") {
            return self.arguments();
        }
        if index_is(parameter, "@") || index_is(parameter, "*") {
            if let Some(values) = self.state.arrays.get(&parameter.name) {
                return Got::Many(values.iter().map(|word| word.text().to_owned()).collect());
            }
            return match self.named(&parameter.name) {
                Got::One(value) if !value.contains(is_hole) => Got::Many(vec![value]),
                _ => Got::Nothing,
            };
        }
        if let Some(index) = &parameter.index {
            let index = self.letters_of(index);
            let Some(values) = self.state.arrays.get(&parameter.name) else {
                return match (index.as_str(), self.named(&parameter.name)) {
                    ("0", known) => known,
                    _ => Got::Nothing,
                };
            };
            let length = i64::try_from(values.len()).unwrap_or(0);
            let at =
                index.trim().parse::<i64>().ok().map(|at| if at < 0 { at + length } else { at });
            let value = at.map(|at| usize::try_from(at).ok().and_then(|at| values.get(at)));
            return match value {
                Some(value) => Got::One(value.map_or(String::new(), |word| word.text().to_owned())),
                None => Got::Nothing,
            };
        }
        self.named(&parameter.name)
    }

    fn arguments(&self) -> Got {
        let Some(count) = self.argument_count() else { return Got::Nothing };
        let value = |at: usize| match self.state.variables.get(&at.to_string()) {
            Some(word) => word.text().to_owned(),
            None => HOLE.to_string(),
        };
        Got::Many((1..=count).map(value).collect())
    }

    /// How many arguments the script has, if that is known.
    pub(super) fn argument_count(&self) -> Option<usize> {
        self.state.variables.get("#")?.known()?.parse().ok()
    }

    pub(super) fn named(&self, name: &str) -> Got {
        if let Some(word) = self.state.variables.get(name) {
            return Got::One(word.text().to_owned());
        }
        if let Some(values) = self.state.arrays.get(name) {
            let first = values.first().map_or("", Word::text);
            return Got::One(first.to_owned());
        }
        match name {
            "?" | "$" | "#" | "!" | "-" | "0" => Got::One(PLAIN.to_string()),
            "IFS" => Got::One(" \t\n".to_owned()),
            _ if PLAINS.contains(&name) => Got::One(PLAIN.to_string()),
            _ if name.starts_with(|c: char| c.is_ascii_digit()) => match self.argument_count() {
                Some(_) => Got::One(String::new()),
                None => Got::Nothing,
            },
            _ => Got::Nothing,
        }
    }

    /// The value with the parameter's change; nothing when it has been added already.
    fn changed(
        &mut self,
        parameter: &Parameter,
        got: Got,
        fields: &mut Fields,
        quoted: bool,
    ) -> Option<Got> {
        if let Change::Otherwise(kind, colon, word) = &parameter.change {
            return self.otherwise(parameter, got, (*kind, *colon, word), fields, quoted);
        }
        if matches!(parameter.change, Change::None) {
            return Some(got);
        }
        let unknown = Some(Got::One(HOLES.to_string()));
        if matches!(parameter.change, Change::Prompt) {
            match &got {
                Got::One(value) => self.run_value(value),
                Got::Many(values) => values.iter().for_each(|value| self.run_value(value)),
                Got::Nothing => {}
            }
            return unknown;
        }
        let value = match got {
            Got::One(value) if !value.contains(is_hole) => value,
            Got::Many(values) if matches!(parameter.change, Change::Length) => {
                return Some(Got::One(values.len().to_string()));
            }
            _ => {
                if let Change::Trim(_, _, pieces) | Change::Case(_, _, pieces) = &parameter.change {
                    self.run_only(pieces);
                }
                if let Change::Slice(from, count) = &parameter.change {
                    self.run_only(from);
                    self.run_only(count.as_deref().unwrap_or_default());
                }
                if let Change::Replace(_, _, from, to) = &parameter.change {
                    self.run_only(from);
                    self.run_only(to);
                }
                let length = matches!(parameter.change, Change::Length);
                return if length { Some(Got::One(PLAIN.to_string())) } else { unknown };
            }
        };
        let _ = self.judge.step(length(&value), parameter.span);
        let changed = match &parameter.change {
            Change::Length => Some(value.chars().count().to_string()),
            Change::Trim(side, most, pieces) => {
                let pattern = self.pattern(pieces);
                let side = if *side == b'#' { Trim::Front } else { Trim::Back };
                pattern::trim(&value, &pattern, side, *most)
            }
            Change::Slice(from, count) => {
                let from = self.letters_of(from);
                let count = count.as_ref().map(|count| self.letters_of(count));
                slice(&value, &from, count.as_deref())
            }
            Change::Replace(all, anchor, from, to) => {
                let from = self.pattern(from);
                let to = self.letters_of(to);
                pattern::replace(&value, &from, &to, *all, *anchor)
            }
            Change::Case(kind, all, pieces) if pieces.is_empty() => {
                Some(cased(&value, *kind == b'^', *all))
            }
            Change::Case(_, _, pieces) => {
                self.run_only(pieces);
                None
            }
            Change::None | Change::Unknown | Change::Prompt | Change::Otherwise(..) => None,
        };
        match changed {
            Some(value) => Some(Got::One(value)),
            None => unknown,
        }
    }

    fn otherwise(
        &mut self,
        parameter: &Parameter,
        got: Got,
        (kind, colon, word): (u8, bool, &[Piece]),
        fields: &mut Fields,
        quoted: bool,
    ) -> Option<Got> {
        // Whether it has a value: certainly, certainly not, or nobody knows.
        let has = match &got {
            Got::Nothing => None,
            Got::Many(values) => Some(!values.is_empty()),
            Got::One(_) if !colon => Some(true),
            Got::One(value) => {
                if value.chars().all(|c| matches!(c, HOLE | HOLES)) && !value.is_empty() {
                    None
                } else {
                    Some(!value.is_empty())
                }
            }
        };
        match (kind, has) {
            (b'+', Some(true)) | (b'-', Some(false)) => {
                self.pieces(word, fields, quoted, !quoted);
                None
            }
            (b'=', Some(false)) => {
                let text = Text { pieces: word.to_vec(), span: parameter.span };
                let value = self.value(&text);
                let text = value.text().to_owned();
                self.state.set(&parameter.name, value);
                Some(Got::One(text))
            }
            (b'+', Some(false)) => Some(Got::One(String::new())),
            (b'?', _) | (_, Some(true)) => {
                self.run_only(word);
                Some(got)
            }
            (_, None | Some(false)) => {
                self.run_only(word);
                if kind == b'=' {
                    self.state.lose(&parameter.name);
                }
                Some(Got::Nothing)
            }
        }
    }

    /// A pattern, in which a backslash stands before each letter that means itself.
    fn pattern(&mut self, pieces: &[Piece]) -> String {
        let mut pattern = String::new();
        for piece in pieces {
            match piece {
                Piece::Plain(word) => pattern.push_str(word.text()),
                Piece::Quoted(word) => pattern::quote(word.text(), &mut pattern),
                Piece::Double(inner) => pattern::quote(&self.letters_of(inner), &mut pattern),
                other => pattern.push_str(&self.letters_of(std::slice::from_ref(other))),
            }
        }
        if pattern.contains(is_hole) {
            // Nothing fits this, and the caller takes it for unknown.
            pattern.clear();
            pattern.push(HOLE);
        }
        pattern
    }
}

fn index_is(parameter: &Parameter, index: &str) -> bool {
    match parameter.index.as_deref() {
        Some([Piece::Plain(word) | Piece::Quoted(word)]) => word.text() == index,
        _ => false,
    }
}

pub(super) fn is_many(parameter: &Parameter) -> bool {
    parameter.name == "@" || index_is(parameter, "@")
}

fn slice(value: &str, from: &str, count: Option<&str>) -> Option<String> {
    let letters: Vec<char> = value.chars().collect();
    let length = i64::try_from(letters.len()).ok()?;
    let from = from.trim().parse::<i64>().ok()?;
    let from = if from < 0 { from + length } else { from };
    if from < 0 || from > length {
        return Some(String::new());
    }
    let end = match count.map(|count| count.trim().parse::<i64>()) {
        None => length,
        Some(Ok(count)) if count < 0 => (length + count).max(from),
        Some(Ok(count)) => from.saturating_add(count).min(length),
        Some(Err(_)) => return None,
    };
    let range = usize::try_from(from).ok()?..usize::try_from(end).ok()?;
    letters.get(range).map(|letters| letters.iter().collect())
}

fn cased(value: &str, up: bool, all: bool) -> String {
    let mut text = String::with_capacity(value.len());
    for (at, letter) in value.chars().enumerate() {
        if !all && at > 0 {
            text.push(letter);
        } else if up {
            text.extend(letter.to_uppercase());
        } else {
            text.extend(letter.to_lowercase());
        }
    }
    text
}
