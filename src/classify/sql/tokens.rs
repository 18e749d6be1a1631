//! SQL as tokens that know their bytes, and as statements.

use super::Dialect;
use crate::classify::{PLAIN, Word};
use sqlparser::{
    dialect::{Dialect as Parses, GenericDialect, MySqlDialect, PostgreSqlDialect, SQLiteDialect},
    tokenizer::{Location, Token as Lexed, TokenWithSpan, Tokenizer, Whitespace},
};
use std::ops::Range;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A keyword or a name.
    Word,
    /// A name in quotes.
    Quoted,
    /// A string.
    Text,
    /// A string between `$$`.
    Body,
    /// A number.
    Number,
    /// Anything else; `?` where it does not matter which.
    Symbol(char),
}

/// A token.
#[derive(Debug, Clone)]
pub(super) struct Token {
    /// What it is.
    pub kind: Kind,
    /// Its value without quotes; empty for symbols.
    pub text: String,
    /// Its bytes.
    pub at: Range<usize>,
    /// How many parentheses are open around it.
    pub depth: u32,
}

impl Token {
    /// Whether it is this keyword.
    pub(super) fn is(&self, keyword: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(keyword)
    }

    /// Whether it is this symbol.
    pub(super) fn sign(&self, sign: char) -> bool {
        self.kind == Kind::Symbol(sign)
    }

    /// Whether it names something.
    pub(super) const fn names(&self) -> bool {
        matches!(self.kind, Kind::Word | Kind::Quoted)
    }

    /// Where its value stands in the text, if it stands there letter for letter.
    pub(super) fn inside(&self, text: &str) -> Option<Range<usize>> {
        let raw = text.get(self.at.clone())?;
        let start = self.at.start + raw.find(self.text.as_str())?;
        Some(start..start + self.text.len())
    }
}

/// The dialect as the parser has it.
pub(super) fn parses(dialect: Dialect) -> &'static dyn Parses {
    match dialect {
        Dialect::Postgres => &PostgreSqlDialect {},
        Dialect::MySql => &MySqlDialect {},
        Dialect::Sqlite => &SQLiteDialect {},
        Dialect::Generic => &GenericDialect {},
    }
}

/// The text of a piece for the parser. A plain unknown value becomes a name of the same length.
pub(super) fn readable(piece: &Word) -> String {
    piece.text().replace(PLAIN, "___")
}

/// Tokens without white space and comments, and whether all of the text could be read.
pub(super) fn tokens(text: &str, dialect: Dialect) -> (Vec<Token>, bool) {
    let mut lexed = Vec::new();
    let parses = parses(dialect);
    let is_whole = Tokenizer::new(parses, text).tokenize_with_location_into_buf(&mut lexed).is_ok();
    let mut place = Places::new(text);
    let mut depth = 0_u32;
    let mut tokens = Vec::with_capacity(lexed.len() / 2 + 1);
    for TokenWithSpan { token, span } in lexed {
        let (kind, value) = match token {
            // MariaDB runs what stands in such a comment; the parser does not know it.
            Lexed::Whitespace(Whitespace::MultiLineComment(comment))
                if dialect == Dialect::MySql && comment.starts_with("M!") =>
            {
                (
                    Kind::Body,
                    comment[2..].trim_start_matches(|c: char| c.is_ascii_digit()).to_owned(),
                )
            }
            Lexed::Whitespace(_) | Lexed::EOF => continue,
            token => kind(token),
        };
        if kind == Kind::Symbol(')') {
            depth = depth.saturating_sub(1);
        }
        let at = place.of(span.start)..place.of(span.end);
        tokens.push(Token { kind, text: value, at, depth });
        if kind == Kind::Symbol('(') {
            depth += 1;
        }
    }
    (tokens, is_whole)
}

fn kind(token: Lexed) -> (Kind, String) {
    match token {
        Lexed::Word(word) if word.quote_style.is_none() => (Kind::Word, word.value),
        Lexed::Word(word) => (Kind::Quoted, word.value),
        Lexed::Number(number, _) => (Kind::Number, number),
        Lexed::DollarQuotedString(body) => (Kind::Body, body.value),
        Lexed::SingleQuotedString(text)
        | Lexed::DoubleQuotedString(text)
        | Lexed::TripleSingleQuotedString(text)
        | Lexed::TripleDoubleQuotedString(text)
        | Lexed::SingleQuotedByteStringLiteral(text)
        | Lexed::DoubleQuotedByteStringLiteral(text)
        | Lexed::SingleQuotedRawStringLiteral(text)
        | Lexed::DoubleQuotedRawStringLiteral(text)
        | Lexed::NationalStringLiteral(text)
        | Lexed::EscapedStringLiteral(text)
        | Lexed::UnicodeStringLiteral(text)
        | Lexed::HexStringLiteral(text) => (Kind::Text, text),
        Lexed::QuoteDelimitedStringLiteral(text)
        | Lexed::NationalQuoteDelimitedStringLiteral(text) => (Kind::Text, text.value),
        Lexed::LParen => (Kind::Symbol('('), String::new()),
        Lexed::RParen => (Kind::Symbol(')'), String::new()),
        Lexed::Comma => (Kind::Symbol(','), String::new()),
        Lexed::SemiColon => (Kind::Symbol(';'), String::new()),
        Lexed::Period => (Kind::Symbol('.'), String::new()),
        Lexed::Eq => (Kind::Symbol('='), String::new()),
        Lexed::Assignment => (Kind::Symbol(':'), String::new()),
        Lexed::Backslash => (Kind::Symbol('\\'), String::new()),
        Lexed::LBracket => (Kind::Symbol('['), String::new()),
        Lexed::RBracket => (Kind::Symbol(']'), String::new()),
        Lexed::AtSign => (Kind::Symbol('@'), String::new()),
        Lexed::Mul => (Kind::Symbol('*'), String::new()),
        _ => (Kind::Symbol('?'), String::new()),
    }
}

/// Turns lines and columns into bytes, in one walk over the text.
struct Places<'t> {
    text: &'t str,
    at: Location,
    byte: usize,
    known: (Location, usize),
}

impl<'t> Places<'t> {
    fn new(text: &'t str) -> Self {
        let at = Location { line: 1, column: 1 };
        Self { text, at, byte: 0, known: (at, 0) }
    }

    fn of(&mut self, wanted: Location) -> usize {
        // What stands in an executable comment has the place of the whole comment.
        if wanted == self.known.0 {
            return self.known.1;
        }
        if wanted >= self.at {
            let before = (self.at, self.byte);
            for c in self.text[self.byte..].chars() {
                if self.at >= wanted {
                    break;
                }
                self.byte += c.len_utf8();
                if c == '\n' {
                    self.at = Location { line: self.at.line + 1, column: 1 };
                } else {
                    self.at.column += 1;
                }
            }
            self.known = before;
        }
        self.byte
    }
}

/// Tells the statements apart.
pub(super) fn statements<'t>(
    tokens: &'t [Token],
    text: &str,
    dialect: Dialect,
) -> Vec<&'t [Token]> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut at = 0;
    let mut blocks = 0_u32;
    let mut delimiter: Option<&str> = None;
    while at < tokens.len() {
        let token = &tokens[at];
        let mut skip = 0;
        if start == at && token.is("DELIMITER") && dialect == Dialect::MySql {
            let line = text[token.at.end..].lines().next().unwrap_or_default();
            delimiter = line.split_whitespace().next().filter(|delimiter| *delimiter != ";");
            let end = token.at.end + line.len();
            skip = tokens[at..].iter().take_while(|token| token.at.start < end).count();
        } else if let Some(delimiter) = delimiter.filter(|d| text[token.at.start..].starts_with(*d))
        {
            let end = token.at.start + delimiter.len();
            skip = tokens[at..].iter().take_while(|token| token.at.start < end).count();
            blocks = 0;
        } else if token.sign(';') && blocks == 0 && delimiter.is_none() {
            skip = 1;
        } else if token.sign('\\')
            && dialect == Dialect::MySql
            && tokens.get(at + 1).is_some_and(|next| next.is("g"))
        {
            skip = 2;
        } else if dialect == Dialect::Generic && is_alone(tokens, at, text, "GO") {
            (skip, blocks) = (1, 0);
        } else if defines_body(&tokens[start..at]) {
            if token.is("BEGIN") || (blocks > 0 && token.is("CASE")) {
                blocks += 1;
            } else if blocks > 0 && token.is("END") {
                let next = tokens.get(at + 1);
                let closes = !next.is_some_and(|next| {
                    ["IF", "LOOP", "WHILE", "REPEAT", "FOR"].iter().any(|word| next.is(word))
                });
                blocks -= u32::from(closes);
                at += usize::from(next.is_some_and(|next| next.is("CASE")));
            }
        }
        if skip > 0 {
            found.push(&tokens[start..at]);
            at += skip;
            start = at;
        } else {
            at += 1;
        }
    }
    found.push(tokens.get(start..).unwrap_or_default());
    found.retain(|statement| !statement.is_empty());
    found
}

fn is_alone(tokens: &[Token], at: usize, text: &str, word: &str) -> bool {
    let token = &tokens[at];
    let before = text[..token.at.start].rsplit('\n').next().unwrap_or_default();
    let after = text[token.at.end..].split('\n').next().unwrap_or_default();
    token.is(word) && before.trim().is_empty() && after.trim().is_empty()
}

/// Whether a statement that begins so may hold others between BEGIN and END.
fn defines_body(start: &[Token]) -> bool {
    start.first().is_some_and(|first| first.is("CREATE") || first.is("ALTER"))
        && start.iter().take(8).any(|token| {
            ["TRIGGER", "PROCEDURE", "PROC", "FUNCTION", "EVENT", "PACKAGE"]
                .iter()
                .any(|word| token.is(word))
        })
}
