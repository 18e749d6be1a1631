//! Makes the words that a program gets out of the words that are written.
//!
//! ```text
//!   Text ─braces▶ Texts ─tilde, parameters, outputs, sums▶ letters ─split▶ Words
//! ```

use super::{
    LONGEST, Shell, braces,
    fields::{Fields, is_glob},
    parameter::{Got, is_many},
    read,
    syntax::{Piece, Text},
    variables::named_by_sum,
};
use crate::{
    classify::{Data, HOLE, HOLES, PLAIN, Word},
    domain::Span,
};

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

    pub(super) fn letters_of(&mut self, pieces: &[Piece]) -> String {
        let text = Text { pieces: pieces.to_vec(), span: self.state.at };
        self.value(&text).text().to_owned()
    }

    /// Runs what runs while a text is put together, and leaves the text.
    pub(super) fn run_only(&mut self, pieces: &[Piece]) {
        let _ = self.letters_of(pieces);
    }

    /// `inner`: in `${NAME:-…}`, where blanks split as in a value.
    pub(super) fn pieces(
        &mut self,
        pieces: &[Piece],
        fields: &mut Fields,
        quoted: bool,
        inner: bool,
    ) {
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
    pub(super) fn separators(&self) -> String {
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
}

/// Steps for copying that text.
pub(super) fn length(text: &str) -> u32 {
    long_steps(text.len())
}

/// Steps for copying that many bytes.
fn long_steps(bytes: usize) -> u32 {
    u32::try_from(bytes / 64).unwrap_or(u32::MAX)
}
