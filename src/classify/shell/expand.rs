//! Makes the words that a program gets out of the words that are written.
//!
//! ```text
//!   Text ─braces▶ Texts ─tilde, parameters, outputs, sums▶ letters ─split▶ Words
//! ```

use super::{
    Shell, braces,
    pattern::{self, Trim},
    read,
    syntax::{Change, Parameter, Piece, Text},
    variables::named_by_sum,
};
use crate::{
    classify::{Data, HOLE, HOLES, PLAIN, Word, is_hole},
    domain::Span,
};

/// The longest value that is kept.
const LONGEST: usize = 64 * 1024;

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
enum Got {
    One(String),
    Many(Vec<String>),
    /// It is not set by the script.
    Nothing,
}

/// The words being made.
#[allow(clippy::struct_excessive_bools)]
struct Fields {
    done: Vec<Word>,
    text: String,
    offset: Option<usize>,
    /// The word exists, even when it has no letters.
    begun: bool,
    glob: bool,
    /// The word before was ended by a blank, which may belong to the next separator.
    cut: bool,
    /// Nothing is split: a value, not arguments.
    whole: bool,
    span: Span,
}

impl Fields {
    const fn new(span: Span, whole: bool) -> Self {
        Self {
            done: Vec::new(),
            text: String::new(),
            offset: None,
            begun: false,
            glob: false,
            cut: false,
            whole,
            span,
        }
    }

    fn letters(&mut self, word: &Word, quoted: bool) {
        if self.text.is_empty() {
            self.offset = word.offset();
        } else {
            let end = self.offset.map(|offset| offset + self.text.len());
            self.offset = self.offset.filter(|_| word.offset().is_some() && word.offset() == end);
        }
        self.glob |= !quoted && is_glob(word.text());
        self.text.push_str(word.text());
        self.begun = true;
        self.cut = false;
    }

    fn value(&mut self, value: &str, quoted: bool, separators: &str) {
        self.begun |= quoted;
        if value.is_empty() {
            return;
        }
        self.offset = None;
        if quoted || self.whole {
            self.text.extend(value.chars().map(|c| if c == HOLES { HOLE } else { c }));
            self.begun = true;
            self.cut = false;
            return;
        }
        self.glob |= is_glob(value);
        for letter in value.chars() {
            if separators.contains(letter) {
                let blank = matches!(letter, ' ' | '\t' | '\n');
                if self.begun {
                    self.end();
                    self.cut = blank;
                } else if !blank {
                    if !self.cut {
                        self.begun = true;
                        self.end();
                    }
                    self.cut = false;
                }
                continue;
            }
            self.text.push(if letter == HOLE { HOLES } else { letter });
            self.begun = true;
            self.cut = false;
        }
    }

    fn end(&mut self) {
        if !std::mem::take(&mut self.begun) {
            return;
        }
        let text = std::mem::take(&mut self.text);
        let word = match self.offset.take() {
            Some(offset) => Word::exact(text, offset),
            None => Word::made(text, self.span),
        };
        self.done.push(word.globbing(std::mem::take(&mut self.glob)));
    }
}

/// Whether unquoted letters may become the names of files.
fn is_glob(text: &str) -> bool {
    text.contains(['*', '?'])
        || text.split_once('[').is_some_and(|(_, rest)| rest.len() > 1 && rest.contains(']'))
        || ["@(", "!(", "+("].iter().any(|open| text.contains(open))
}

impl Shell<'_, '_> {
    /// The words that come out of written words.
    pub(super) fn words(&mut self, texts: &[Text]) -> Vec<Word> {
        let mut words = Vec::with_capacity(texts.len());
        for text in texts {
            if !self.add_words(text, &mut words) {
                break;
            }
        }
        words
    }

    /// Adds the words that come out of one; says whether to go on.
    fn add_words(&mut self, text: &Text, words: &mut Vec<Word>) -> bool {
        if let Some(word) = text.plain()
            && !word.text().contains(['{', '~', HOLE, HOLES])
        {
            let glob = is_glob(word.text());
            words.push(word.clone().globbing(glob));
            return self.judge.step(1 + length(word.text()), text.span);
        }
        if !braces::has_any(text) {
            return self.add_expanded(text, words);
        }
        let Some(texts) = braces::expand(text) else {
            words.push(Word::unknowns(text.span));
            return self.judge.step(1, text.span);
        };
        texts.iter().all(|text| self.add_expanded(text, words))
    }

    fn add_expanded(&mut self, text: &Text, words: &mut Vec<Word>) -> bool {
        let mut fields = Fields::new(text.span, false);
        self.pieces(&text.pieces, &mut fields, false, false);
        fields.end();
        let long: usize = fields.done.iter().map(|word| word.text().len()).sum();
        let count = u32::try_from(fields.done.len()).unwrap_or(u32::MAX);
        words.append(&mut fields.done);
        self.judge.step(1 + count + long_steps(long), text.span)
    }

    /// The one value that comes out of a text: of an assignment, a redirection, a here-document.
    pub(super) fn value(&mut self, text: &Text) -> Word {
        let mut fields = Fields::new(text.span, true);
        self.pieces(&text.pieces, &mut fields, false, false);
        fields.begun = true;
        fields.end();
        let word = fields.done.pop().unwrap_or_else(|| Word::made("", text.span));
        if word.text().len() > LONGEST || !self.judge.step(1 + length(word.text()), text.span) {
            return Word::unknown(text.span);
        }
        if word.text().is_empty() { Word::made("", text.span) } else { word }
    }

    fn letters_of(&mut self, pieces: &[Piece]) -> String {
        let text = Text { pieces: pieces.to_vec(), span: self.state.at };
        self.value(&text).text().to_owned()
    }

    /// Runs what runs while a text is put together, and leaves the text.
    pub(super) fn run_only(&mut self, pieces: &[Piece]) {
        let _ = self.letters_of(pieces);
    }

    /// `inner`: in `${NAME:-…}`, where blanks split as in a value.
    fn pieces(&mut self, pieces: &[Piece], fields: &mut Fields, quoted: bool, inner: bool) {
        for (at, piece) in pieces.iter().enumerate() {
            match piece {
                Piece::Plain(word) => {
                    let rest = if at == 0 { self.tilde(word, fields) } else { None };
                    let word = rest.as_ref().unwrap_or(word);
                    if inner || word.has_holes() {
                        let separators = if inner { self.separators() } else { String::new() };
                        fields.value(word.text(), quoted, &separators);
                    } else if !word.text().is_empty() {
                        fields.letters(word, quoted);
                    }
                }
                Piece::Quoted(word) => {
                    if word.text().contains(HOLES) {
                        fields.value(word.text(), true, "");
                    } else {
                        fields.letters(word, true);
                    }
                }
                Piece::Double(inner) => {
                    // `"$@"` is no word when there are no arguments.
                    let many = matches!(inner.as_slice(), [Piece::Parameter(p)] if is_many(p));
                    fields.begun |= !many;
                    self.pieces(inner, fields, true, false);
                }
                Piece::Parameter(parameter) => self.parameter(parameter, fields, quoted),
                Piece::Output(list, span) => {
                    let data = self.subshell(|shell| shell.list(list));
                    self.output(data, *span, fields, quoted);
                }
                Piece::Backquoted(script) => {
                    let data = self.subshell(|shell| shell.nested(script));
                    self.output(data, script.span(), fields, quoted);
                }
                Piece::Sum(inner) => {
                    self.sum(inner);
                    fields.value(PLAIN.encode_utf8(&mut [0; 4]), quoted, "");
                }
                Piece::Process { list, written, span } => {
                    let name = self.process(list, *written, *span);
                    fields.value(&name, true, "");
                }
            }
            if fields.text.len() > LONGEST {
                fields.text.clear();
                fields.text.push(HOLES);
                let _ = self.judge.step(64, fields.span);
            }
        }
    }

    fn output(&mut self, data: Data, span: Span, fields: &mut Fields, quoted: bool) {
        let separators = self.separators();
        match data {
            Data::Nothing => fields.value("", quoted, ""),
            Data::Text(word) => {
                let text = word.text().trim_end_matches('\n');
                let _ = self.judge.step(length(text), span);
                fields.value(text, quoted, &separators);
            }
            Data::Unknown(_) => {
                fields.value(HOLES.encode_utf8(&mut [0; 4]), quoted, &separators);
            }
        }
    }

    /// `~` and `~/…`: a home directory.
    fn tilde(&mut self, word: &Word, fields: &mut Fields) -> Option<Word> {
        let rest = word.text().strip_prefix('~')?;
        let end = rest.find('/').unwrap_or(rest.len());
        let user = &rest[..end];
        if user
            .contains(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '_' | '-' | '+'))
        {
            return None;
        }
        let known = |name| self.state.variables.get(name).map(|home| home.text().to_owned());
        let home = match user {
            "" => known("HOME"),
            "+" => known("PWD"),
            _ => None,
        };
        fields.value(&home.unwrap_or_else(|| PLAIN.to_string()), true, "");
        Some(word.after(1 + end))
    }

    /// What words are split at.
    fn separators(&self) -> String {
        match self.state.variables.get("IFS") {
            None => " \t\n".to_owned(),
            Some(word) if word.has_holes() => " \t\n".to_owned(),
            Some(word) => word.text().to_owned(),
        }
    }

    /// Judges what runs in a sum, also in the values it looks up, and loses the variables that it
    /// sets.
    pub(super) fn sum(&mut self, pieces: &[Piece]) {
        self.run_only(pieces);
        let (names, sets) = named_by_sum(pieces);
        for name in names {
            if let Got::One(value) = self.named(&name) {
                self.run_value(&value);
            }
            if sets {
                self.state.set(&name, Word::made(PLAIN, self.state.at));
            }
        }
    }

    /// Judges a value that is read once more: in a sum, or as a prompt.
    pub(super) fn run_value(&mut self, value: &str) {
        if value.contains("$(") || value.contains('`') {
            let at = self.state.at;
            match read::text(&Word::made(value, at)) {
                Ok(text) => self.run_only(&text.pieces),
                Err(because) => self.judge.opaque(at, because),
            }
        }
    }

    fn parameter(&mut self, parameter: &Parameter, fields: &mut Fields, quoted: bool) {
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

    fn named(&self, name: &str) -> Got {
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

fn is_many(parameter: &Parameter) -> bool {
    parameter.name == "@" || index_is(parameter, "@")
}

fn length(text: &str) -> u32 {
    long_steps(text.len())
}

/// Steps for copying that many bytes.
fn long_steps(bytes: usize) -> u32 {
    u32::try_from(bytes / 64).unwrap_or(u32::MAX)
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
