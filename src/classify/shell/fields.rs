//! The words of one command while they are put together and split.

use crate::{
    classify::{HOLE, HOLES, Word},
    domain::Span,
};

#[allow(clippy::struct_excessive_bools)]
pub(super) struct Fields {
    pub(super) done: Vec<Word>,
    pub(super) text: String,
    pub(super) offset: Option<usize>,
    /// The word exists, even when it has no letters.
    pub(super) begun: bool,
    pub(super) glob: bool,
    /// The word before was ended by a blank, which may belong to the next separator.
    pub(super) cut: bool,
    /// Nothing is split: a value, not arguments.
    pub(super) whole: bool,
    pub(super) span: Span,
}

impl Fields {
    pub(super) const fn new(span: Span, whole: bool) -> Self {
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

    pub(super) fn letters(&mut self, word: &Word, quoted: bool) {
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

    pub(super) fn value(&mut self, value: &str, quoted: bool, separators: &str) {
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

    pub(super) fn end(&mut self) {
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
pub(super) fn is_glob(text: &str) -> bool {
    text.contains(['*', '?'])
        || text.split_once('[').is_some_and(|(_, rest)| rest.len() > 1 && rest.contains(']'))
        || ["@(", "!(", "+("].iter().any(|open| text.contains(open))
}
