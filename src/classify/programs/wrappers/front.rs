//! The front of a wrapper: its own options, up to the command that it runs.
//!
//! ```text
//!   timeout -s KILL --kill-after=5 │ 60 │ rm -rf /srv/data
//!           given                  │ skipped │ rest
//! ```

use crate::{
    classify::{Call, Judge, Variables, Word, programs::Matched},
    domain::Span,
};

/// The options of a wrapper that take a value. Any other takes none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Own {
    /// Letters that take a value, in the same word or in the next.
    pub short: &'static str,
    /// Letters whose value, if there is one, stands in the same word.
    pub attached: &'static str,
    /// Letters that digits may follow in the same word.
    pub digits: &'static str,
    /// Long options that take a value, with their dashes.
    pub long: &'static [&'static str],
}

impl Own {
    /// None takes a value.
    pub const NONE: Self = Self::new("", &[]);

    /// Letters and long options that take a value.
    pub const fn new(short: &'static str, long: &'static [&'static str]) -> Self {
        Self { short, attached: "", digits: "", long }
    }

    /// Reads options until the first word that is none.
    pub fn read<'a>(&self, words: &'a [Word]) -> Front<'a> {
        let mut front = Front { given: Vec::new(), rest: words };
        while let Some((word, after)) = front.rest.split_first() {
            let text = word.text();
            if text == "--" {
                front.rest = after;
                break;
            }
            if !text.starts_with('-') || text == "-" {
                break;
            }
            front.rest = after;
            if text.starts_with("--") {
                self.long(word, &mut front);
            } else {
                self.letters(word, &mut front);
            }
        }
        front
    }

    fn long<'a>(&self, word: &'a Word, front: &mut Front<'a>) {
        let text = word.text();
        let end = text.find('=').unwrap_or(text.len());
        // GNU programs let their long options be cut short.
        let whole = self.long.iter().filter(|_| end > 3 && end < text.len());
        let whole = whole.copied().find(|long| long.starts_with(&text[..end]));
        let name = whole.unwrap_or(&text[..end]).to_owned();
        let value = if end < text.len() {
            Some(word.after(end + 1))
        } else if self.long.contains(&name.as_str()) {
            front.take()
        } else {
            None
        };
        front.given.push(Given { name, value, span: word.span() });
    }

    fn letters<'a>(&self, word: &'a Word, front: &mut Front<'a>) {
        let text = word.text();
        // `-name VALUE` of programs that write long options with one dash.
        if self.long.contains(&text) {
            let value = front.take();
            front.given.push(Given { name: text.to_owned(), value, span: word.span() });
            return;
        }
        let mut numbered = false;
        for (at, letter) in text.char_indices().skip(1) {
            if numbered && letter.is_ascii_digit() {
                continue;
            }
            numbered = self.digits.contains(letter);
            let rest = at + letter.len_utf8();
            let more = rest < text.len();
            let value = if self.short.contains(letter) {
                if more { Some(word.after(rest)) } else { front.take() }
            } else if self.attached.contains(letter) && more {
                Some(word.after(rest))
            } else {
                None
            };
            let done = value.is_some();
            front.given.push(Given { name: format!("-{letter}"), value, span: word.span() });
            if done {
                break;
            }
        }
    }
}

/// An option of a wrapper.
#[derive(Debug)]
pub(super) struct Given {
    /// Its name with its dashes.
    pub name: String,
    /// Its value.
    pub value: Option<Word>,
    /// Where it stands.
    pub span: Span,
}

/// A wrapper's options, and the words behind them.
#[derive(Debug)]
pub(super) struct Front<'a> {
    /// The options in the order they were written.
    pub given: Vec<Given>,
    /// What comes behind them.
    pub rest: &'a [Word],
}

impl<'a> Front<'a> {
    fn take(&mut self) -> Option<Word> {
        let (value, after) = self.rest.split_first()?;
        self.rest = after;
        Some(value.clone())
    }

    /// Takes the next word, whatever it is.
    pub fn operand(&mut self) -> Option<&'a Word> {
        let (value, after) = self.rest.split_first()?;
        self.rest = after;
        Some(value)
    }

    /// Whether one of these is given.
    pub fn has(&self, names: &[&str]) -> bool {
        self.given.iter().any(|given| names.contains(&given.name.as_str()))
    }

    /// The last value given to one of these.
    pub fn value(&self, names: &[&str]) -> Option<&Word> {
        let last = self
            .given
            .iter()
            .rev()
            .find(|given| names.contains(&given.name.as_str()) && given.value.is_some());
        last.and_then(|given| given.value.as_ref())
    }
}

/// Judges the command behind a wrapper, which prints what the wrapper prints.
pub(super) fn run(words: &[Word], call: &Call<'_>, judge: &mut Judge<'_>) {
    run_with(words, call.variables, call, judge);
}

/// The same with other variables.
pub(super) fn run_with(
    words: &[Word],
    variables: &Variables,
    call: &Call<'_>,
    judge: &mut Judge<'_>,
) {
    let printed = judge.call(&Call { words, variables, stdin: call.stdin });
    judge.prints(printed);
}

/// Judges words that a wrapper joins and gives to a shell.
pub(super) fn run_joined(words: &[Word], call: &Call<'_>, judge: &mut Judge<'_>) {
    if let Some(script) = joined(words) {
        run_script(&script, call, judge);
    }
}

/// Judges a script given in one word.
pub(super) fn run_script(script: &Word, call: &Call<'_>, judge: &mut Judge<'_>) {
    let printed = judge.script(script, call.variables, call.stdin);
    judge.prints(printed);
}

/// Words with blanks between them, as a shell at the other end reads them.
pub(super) fn joined(words: &[Word]) -> Option<Word> {
    let (first, rest) = words.split_first()?;
    let join = |whole: Word, next: &Word| {
        let end = whole.offset().map(|offset| offset + whole.text().len());
        let blank = match (end, next.offset()) {
            // The blank stands in the input as well.
            (Some(end), Some(start)) if start == end + 1 => Word::exact(" ", end),
            _ => Word::made(" ", next.span()),
        };
        whole.joined(&blank).joined(next)
    };
    Some(rest.iter().fold(first.clone(), join).globbing(false))
}

/// Where the name of `NAME=value` ends, if a word is that.
pub(super) fn assignment(word: &Word) -> Option<usize> {
    let end = word.text().find('=')?;
    let name = &word.text()[..end];
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    (starts && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')).then_some(end)
}

/// Takes `NAME=value` words from the front and sets them.
pub(super) fn assignments<'a>(mut words: &'a [Word], variables: &mut Variables) -> &'a [Word] {
    while let Some((word, rest)) = words.split_first() {
        let Some(end) = assignment(word) else { break };
        variables.set(&word.text()[..end], word.after(end + 1));
        words = rest;
    }
    words
}

/// A text split at blanks, with quotes, but nothing else of a shell.
pub(super) fn split(word: &Word) -> Vec<Word> {
    let mut words = Vec::new();
    let mut text = String::new();
    let mut from = None;
    let mut quote = None;
    let mut plain = true;
    let mut letters = word.text().char_indices();
    let mut finish = |text: &mut String, from: &mut Option<usize>, to: usize, plain: &mut bool| {
        if let Some(start) = from.take() {
            let part = word.part(start..to);
            let text = std::mem::take(text);
            words.push(if *plain { part } else { Word::made(text, part.span()) });
        }
        *plain = true;
    };
    while let Some((at, letter)) = letters.next() {
        match quote {
            None if letter.is_whitespace() => finish(&mut text, &mut from, at, &mut plain),
            None if matches!(letter, '"' | '\'') => {
                quote = Some(letter);
                from.get_or_insert(at);
                plain = false;
            }
            Some(open) if letter == open => quote = None,
            _ if letter == '\\' && quote != Some('\'') => {
                from.get_or_insert(at);
                plain = false;
                text.extend(letters.next().map(|(_, next)| next));
            }
            _ => {
                from.get_or_insert(at);
                text.push(letter);
            }
        }
    }
    finish(&mut text, &mut from, word.text().len(), &mut plain);
    words
}

/// The program a word names, without its path and `.exe`.
pub(super) fn base(word: &Word) -> &str {
    let name = word.text().rsplit(['/', '\\']).next().unwrap_or_default();
    name.strip_suffix(".exe").unwrap_or(name)
}

/// Says that nobody knows what a program will be told to do.
pub(super) fn interactive(call: &Call<'_>, judge: &mut Judge<'_>) {
    judge.opaque(call.span(), "it runs what it is given, and that is not known");
}

/// The words behind the subcommand of a call that a table took apart, as they were written.
pub(super) fn behind<'a>(matched: &Matched<'a, '_>) -> &'a [Word] {
    let words = matched.call.words;
    let last = matched.path.last().copied();
    let at = words.iter().position(|word| last.is_some_and(|last| std::ptr::eq(last, word)));
    at.and_then(|at| words.get(at + 1..)).unwrap_or_default()
}
