//! Cuts a program text into tokens: names, texts, numbers and marks.
//!
//! ```text
//!   os.system(f"rm {x}")   ──▶  os . system ( Text "rm ⟨hole⟩" )      inner: `x`
//! ```
//!
//! Code inside of a text (`f"{…}"`, `` `${…}` ``, `"#{…}"`) is put aside and read afterwards.

use super::quotes::{closing, unescape};
use crate::classify::{HOLE, Judge, Language, Word, is_hole};
use std::ops::Range;

/// What a token is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    /// A name, with its sigil (`$x`), or a keyword.
    Name,
    /// A text in quotes.
    Text(Word),
    /// A text that a shell runs: backticks, `%x()`, `qx()`.
    Shell(Word),
    /// Several words: `qw(a b)`, `%w[a b]`.
    Words(Vec<Word>),
    /// A number.
    Number,
    /// A regular expression.
    Regex,
    /// A line or a statement ends.
    End,
    /// Any other mark: `.`, `(`, `=>`.
    Mark,
}

/// A token and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Token {
    /// What it is.
    pub kind: Kind,
    /// Its bytes.
    pub at: Range<usize>,
}

/// A text cut into tokens.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    /// The tokens.
    pub list: Vec<Token>,
    /// Code inside of texts.
    pub inner: Vec<Range<usize>>,
    /// Whether a text is opened that is never closed: then it may have been read in a wrong way.
    pub broken: bool,
}

/// Cuts the bytes `range` of a text. Nothing comes back when the steps are used up.
pub(super) fn cut(
    language: Language,
    text: &Word,
    range: Range<usize>,
    judge: &mut Judge<'_>,
) -> Option<Tokens> {
    // What lies in a text is cut again: the work is counted by its length as well.
    let length = u32::try_from(range.len() / 32).unwrap_or(u32::MAX);
    if !judge.step(length, text.span()) {
        return None;
    }
    let mut cutter = Cutter {
        language,
        text,
        source: text.text().get(..range.end)?,
        at: range.start,
        tokens: Tokens::default(),
        nested: 0,
        waiting: Vec::new(),
    };
    while cutter.at < cutter.source.len() {
        if !judge.step(1, text.span()) {
            return None;
        }
        cutter.token();
        while !cutter.source.is_char_boundary(cutter.at) {
            cutter.at += 1;
        }
    }
    Some(cutter.tokens)
}

/// A slash opens a regular expression only if another is as near as this.
pub(super) const LONGEST_REGEX: usize = 160;

#[rustfmt::skip]
const MARKS: &[&str] = &[
    "...", "===", "!==", "<=>", "**=", "?->", "=>", "->", "::", "?.", "==", "!=", "<=", ">=",
    "&&", "||", "??", "**", "<<", ">>", "+=", "-=", ".=", "|=", "..", ":=", "=~", "!~", "++",
    "--",
];

pub(super) struct Cutter<'a> {
    pub(super) language: Language,
    pub(super) text: &'a Word,
    pub(super) source: &'a str,
    pub(super) at: usize,
    pub(super) tokens: Tokens,
    /// Open round and square brackets, in which Python's lines do not end.
    pub(super) nested: u32,
    /// Texts that begin on the next line: their mark, and whether it may be indented.
    pub(super) waiting: Vec<(String, bool, usize, bool)>,
}

impl Cutter<'_> {
    pub(super) fn rest(&self) -> &str {
        self.source.get(self.at..).unwrap_or_default()
    }

    pub(super) fn push(&mut self, kind: Kind, from: usize) {
        self.tokens.list.push(Token { kind, at: from..self.at });
    }

    /// The last token that says what may come now.
    pub(super) fn after_value(&self) -> bool {
        let Some(last) = self.tokens.list.last() else { return false };
        match last.kind {
            Kind::Name => {
                let name = self.source.get(last.at.clone()).unwrap_or_default();
                let operators = [
                    "return", "if", "unless", "and", "or", "not", "print", "split", "grep", "map",
                    "when", "while", "in", "typeof", "puts", "join", "say", "x",
                ];
                !operators.contains(&name)
            }
            Kind::Text(_) | Kind::Shell(_) | Kind::Words(_) | Kind::Number | Kind::Regex => true,
            Kind::Mark => matches!(self.source.get(last.at.clone()), Some(")" | "]" | "}")),
            Kind::End => false,
        }
    }

    fn token(&mut self) {
        let from = self.at;
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return };
        let perl_like = matches!(self.language, Language::Perl | Language::Ruby);
        match first {
            '\n' => {
                self.at += 1;
                if !self.waiting.is_empty() {
                    self.here_documents();
                }
                if self.nested == 0 || self.language == Language::Ruby {
                    self.push(Kind::End, from);
                }
            }
            c if c.is_whitespace() => self.at += c.len_utf8(),
            ';' => {
                self.at += 1;
                self.push(Kind::End, from);
            }
            '\\' if rest.starts_with("\\\n") => self.at += 2,
            '#' if matches!(
                self.language,
                Language::Python | Language::Ruby | Language::Perl | Language::Php | Language::Awk
            ) && !rest.starts_with("#[") =>
            {
                self.skip_line();
            }
            '/' if rest.starts_with("//")
                && !matches!(self.language, Language::Python)
                && !perl_like =>
            {
                self.skip_line();
            }
            '/' if rest.starts_with("/*") && !perl_like => {
                let end = rest.find("*/").map_or(rest.len(), |end| end + 2);
                self.at += end;
            }
            '/' if !matches!(self.language, Language::Python | Language::Php)
                && !self.after_value() =>
            {
                self.regex('/');
            }
            '"' | '\'' => self.string(first, from),
            '`' if matches!(self.language, Language::JavaScript | Language::Mongo) => {
                self.string('`', from);
            }
            '`' => self.string('`', from),
            '$' | '@' | '%' if self.is_sigil(first) => self.sigil(first),
            '%' if self.language == Language::Ruby && !self.after_value() => self.percent(from),
            ':' if self.language == Language::Ruby
                && !rest.starts_with("::")
                && rest[1..].starts_with(|c: char| c.is_alphabetic() || c == '_') =>
            {
                self.at += 1;
                self.name();
                let word = self.text.part(from + 1..self.at);
                self.push(Kind::Text(word), from);
            }
            '<' if perl_like || self.language == Language::Php => {
                if !self.here_document(from) {
                    self.mark(from);
                }
            }
            c if c.is_ascii_digit() => self.number(),
            c if c.is_alphabetic() || c == '_' || is_hole(c) || c == '$' => {
                self.name();
                if self.at == from {
                    self.at += c.len_utf8();
                }
                self.named(from);
            }
            _ => self.mark(from),
        }
    }

    /// A name behind `$`, `@` or `%`.
    fn sigil(&mut self, first: char) {
        let from = self.at;
        self.at += 1;
        while self.rest().starts_with(['$', '@', ':', '^', '{'])
            && self.language == Language::Perl
            && self.rest().len() > 1
            && self.rest().starts_with('$')
        {
            self.at += 1;
        }
        self.name();
        if self.at == from + 1 {
            // `$_`, `$!`, `$0` and their kin, or a mark.
            let next = self.rest().chars().next();
            if next.is_some_and(|c| c.is_ascii_punctuation() && !"{(=;,)".contains(c))
                && first == '$'
            {
                self.at += 1;
            }
        }
        self.push(Kind::Name, from);
    }

    fn number(&mut self) {
        let from = self.at;
        while self.rest().starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.')
            && !self.rest().starts_with("..")
            && !(self.rest().starts_with('.')
                && self.rest()[1..].starts_with(|c: char| c.is_alphabetic()))
        {
            self.at += 1;
        }
        self.push(Kind::Number, from);
    }

    fn is_sigil(&self, first: char) -> bool {
        let next = self.rest()[1..].chars().next();
        let name = next.is_some_and(|c| c.is_alphabetic() || c == '_');
        match self.language {
            Language::Php => first == '$' && (name || next == Some('$')),
            Language::Perl => match first {
                '%' => name && !self.after_value(),
                '@' => name || matches!(next, Some('$' | '_')),
                _ => true,
            },
            Language::Ruby => match first {
                '$' => true,
                '@' => name || next == Some('@'),
                _ => false,
            },
            _ => false,
        }
    }

    fn skip_line(&mut self) {
        let end = self.rest().find('\n').unwrap_or(self.rest().len());
        self.at += end;
    }

    pub(super) fn name(&mut self) {
        let part = |c: char| c.is_alphanumeric() || c == '_' || is_hole(c);
        let dollar = matches!(self.language, Language::JavaScript | Language::Mongo);
        let length: usize = self
            .rest()
            .chars()
            .take_while(|c| part(*c) || (dollar && *c == '$'))
            .map(char::len_utf8)
            .sum();
        self.at += length;
        let end = self.rest().as_bytes();
        // `exist?`, `delete!`
        let ruby = self.language == Language::Ruby && length > 0;
        if ruby
            && matches!(end.first(), Some(b'?' | b'!'))
            && !matches!(end.get(1), Some(b'=' | b'~'))
        {
            self.at += 1;
        }
    }

    /// A name has been read; it may open a text (`r"…"`, `q(…)`, `s/…/…/`).
    fn named(&mut self, from: usize) {
        let name = self.source[from..self.at].to_owned();
        let next = self.rest().chars().next();
        if self.language == Language::Python
            && matches!(next, Some('"' | '\''))
            && name.len() <= 2
            && name.chars().all(|c| "rRbBuUfFtT".contains(c))
        {
            return self.string(next.unwrap_or('"'), from);
        }
        let behind = self.tokens.list.last().map(|last| &self.source[last.at.clone()]);
        let method = matches!(behind, Some("->" | "." | "{" | "sub"))
            && self.rest().starts_with(['}', '(', ' ']);
        if self.language == Language::Perl && !method {
            let quoting =
                matches!(name.as_str(), "q" | "qq" | "qw" | "qx" | "m" | "qr" | "s" | "tr" | "y");
            let space = self.rest().len() - self.rest().trim_start().len();
            let open = self.rest()[space..].chars().next();
            let opens = open.is_some_and(|c| {
                c.is_ascii_punctuation() && !",;)=".contains(c) || c == '#' && space == 0
            });
            if quoting && opens && !self.rest()[space..].starts_with("=>") {
                self.at += space;
                return self.perl_quote(&name, from);
            }
        }
        if matches!(self.rest().get(..2), Some("::"))
            && matches!(self.language, Language::Perl)
            && self.rest()[2..].starts_with(|c: char| c.is_alphabetic() || c == '_')
        {
            // `File::Path` is one name.
            self.at += 2;
            self.name();
            return self.named(from);
        }
        self.push(Kind::Name, from);
    }

    /// A mark of one or several characters.
    pub(super) fn mark(&mut self, from: usize) {
        let length = MARKS.iter().find(|mark| self.rest().starts_with(**mark)).map_or_else(
            || self.rest().chars().next().map_or(1, char::len_utf8),
            |mark| mark.len(),
        );
        match self.rest().as_bytes().first() {
            Some(b'(' | b'[') => self.nested += 1,
            Some(b'{') if self.language == Language::Python => self.nested += 1,
            Some(b')' | b']') => self.nested = self.nested.saturating_sub(1),
            Some(b'}') if self.language == Language::Python => {
                self.nested = self.nested.saturating_sub(1);
            }
            _ => {}
        }
        self.at += length;
        self.push(Kind::Mark, from);
    }

    /// A text in quotes, perhaps with letters before it.
    fn string(&mut self, quote: char, from: usize) {
        let prefix = self.source[from..self.at].to_ascii_lowercase();
        let triple: String = std::iter::repeat_n(quote, 3).collect();
        let python = self.language == Language::Python;
        let width = if python && self.rest().starts_with(&triple) { 3 } else { 1 };
        self.at += width;
        let start = self.at;
        let end = if width == 3 {
            self.rest().find(&triple).map_or(self.source.len(), |at| start + at)
        } else if quote == '`' && matches!(self.language, Language::JavaScript | Language::Mongo) {
            self.template_end()
        } else {
            self.until(quote)
        };
        self.tokens.broken |= end >= self.source.len();
        self.at = (end + width).min(self.source.len());
        let range = start..end;
        let interpolates = match self.language {
            Language::Python => prefix.contains(['f', 't']),
            Language::JavaScript | Language::Mongo => quote == '`',
            Language::Awk => false,
            _ => quote != '\'',
        };
        let raw = prefix.contains('r');
        let word = if interpolates {
            self.interpolated(range)
        } else if raw || !self.source[range.clone()].contains('\\') {
            self.text.part(range)
        } else {
            let quoted = quote == '\''
                && !matches!(
                    self.language,
                    Language::Python | Language::JavaScript | Language::Mongo
                );
            Word::made(unescape(&self.source[range.clone()], quoted), self.text.at(range))
        };
        let shell =
            quote == '`' && !matches!(self.language, Language::JavaScript | Language::Mongo);
        self.push(if shell { Kind::Shell(word) } else { Kind::Text(word) }, from);
    }

    /// Where a template of JavaScript ends, whose inner code may hold templates again.
    fn template_end(&self) -> usize {
        let mut depth = 0_u32;
        let mut letters = self.rest().char_indices().peekable();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '\\' => {
                    letters.next();
                }
                '$' if letters.peek().is_some_and(|(_, next)| *next == '{') => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                '`' if depth == 0 => return self.at + at,
                _ => {}
            }
        }
        self.source.len()
    }

    /// A text with code inside: a hole for each, and the code is put aside.
    pub(super) fn interpolated(&mut self, range: Range<usize>) -> Word {
        let source = &self.source[range.clone()];
        let marks: &[char] = match self.language {
            Language::Python => &['{', '\\', '}'],
            Language::Ruby => &['#', '\\'],
            Language::Perl => &['$', '@', '\\'],
            _ => &['$', '\\', '{'],
        };
        if !source.contains(marks) {
            return self.text.part(range);
        }
        let mut text = String::new();
        let mut at = 0;
        while let Some(letter) = source[at..].chars().next() {
            let rest = &source[at..];
            let opens = match self.language {
                Language::Python if rest.starts_with("{{") || rest.starts_with("}}") => {
                    text.push(letter);
                    at += 2;
                    continue;
                }
                Language::Python => (letter == '{').then_some(1),
                Language::Ruby => rest.starts_with("#{").then_some(2),
                Language::Perl if rest.starts_with("@{[") => Some(3),
                Language::Php => rest.starts_with("{$").then_some(1),
                _ => rest.starts_with("${").then_some(2),
            };
            if let Some(skip) = opens {
                let open = at + skip;
                let end = closing(source, open);
                self.tokens.inner.push(range.start + open..range.start + end);
                text.push(HOLE);
                at = (end + 1).min(source.len());
                while !source.is_char_boundary(at) {
                    at += 1;
                }
                continue;
            }
            let sigil = match self.language {
                Language::Perl => matches!(letter, '$' | '@'),
                Language::Php => letter == '$',
                _ => false,
            };
            if sigil && rest[1..].starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '{')
            {
                let name: usize = rest[1..]
                    .chars()
                    .take_while(|c| c.is_alphanumeric() || "_:{}[]'>".contains(*c))
                    .map(char::len_utf8)
                    .sum();
                text.push(HOLE);
                at += 1 + name;
                continue;
            }
            if letter == '\\' {
                let escaped = rest[1..].chars().next();
                let piece = &rest[..=escaped.map_or(0, char::len_utf8)];
                text.push_str(&unescape(piece, false));
                at += piece.len();
                continue;
            }
            text.push(letter);
            at += letter.len_utf8();
        }
        Word::made(text, self.text.at(range))
    }
}
