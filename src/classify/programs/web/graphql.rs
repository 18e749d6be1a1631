//! What a GraphQL document would do: the kind of its operations and the fields at their top.
//!
//! ```text
//!   query { me }                          reads
//!   mutation { a: volumeDelete(id: $x) }  the verb in the field's name says it
//! ```
//!
//! Read as the October 2021 specification (spec.graphql.org) has it, as far as that is needed.

use super::verbs::{self, Meaning};
use crate::{
    classify::{Judge, Word, is_hole},
    domain::{PlaceKind, Span, Verb, Words},
};
use std::collections::HashMap;

/// Fields that take something off which is put on again as easily.
const MILD: &[&str] = &[
    "removeLabelsFromLabelable",
    "removeAssigneesFromAssignable",
    "removeReaction",
    "removeStar",
    "removeUpvote",
    "clearLabelsFromLabelable",
    "removeEnterpriseSupportEntitlement",
    "clearProjectV2ItemFieldValue",
    "issueRemoveLabel",
    "issueLabelRemove",
    "reactionDelete",
    "removeSubIssue",
    "issueSubscriptionDelete",
    "cacheClear",
    "purgeCache",
    "clearCache",
    "favoriteDelete",
    "deploymentCancel",
];

/// Fields whose name does not say that they lose something.
const HARSH: &[&str] = &[
    "volumeInstanceBackupRestore",
    "deploymentRemove",
    "transferProject",
    "transferRepository",
    "orderCancel",
];

/// Judges a document; `operation` is the one that is run of several.
pub fn document(
    text: &Word,
    operation: Option<&Word>,
    service: &Words,
    at: Span,
    judge: &mut Judge<'_>,
) {
    let Some(document) = read(text, judge) else {
        judge.opaque(text.span(), "it is not GraphQL that can be read");
        return;
    };
    let wanted = operation.filter(|word| !word.has_holes()).map(Word::text);
    let has_wanted = document.operations.iter().any(|found| found.name.as_deref() == wanted);
    let mut any = false;
    for found in &document.operations {
        if wanted.is_some() && has_wanted && found.name.as_deref() != wanted {
            continue;
        }
        any = true;
        if !found.mutation {
            let first = found.fields.first().map(|field| field.name.clone()).unwrap_or_default();
            judge.reads(service.clone(), first, at);
            continue;
        }
        let mut fields = found.fields.clone();
        for spread in &found.spreads {
            match document.fragments.get(spread) {
                Some(more) => fields.extend(more.iter().cloned()),
                None => judge.opaque(text.span(), "a fragment of it is not given"),
            }
        }
        if fields.is_empty() {
            judge.opaque(text.span(), "which fields it changes is not known");
        }
        for field in &fields {
            one(field, service, judge);
        }
    }
    if !any {
        judge.opaque(text.span(), "it holds no operation");
    }
}

/// Judges a document for programs that hold nothing but it and a host, such as `gh api graphql`.
pub fn graphql(text: &Word, judge: &mut Judge<'_>, service: &'static str, host: Option<&Word>) {
    if let Some(host) = host {
        judge.place(PlaceKind::Host, host);
    }
    document(text, None, &Words::Borrowed(service), text.span(), judge);
}

fn one(field: &Field, service: &Words, judge: &mut Judge<'_>) {
    let service = service.clone();
    let name = field.name.as_str();
    if name.contains(is_hole) {
        return judge.opaque(field.span, "which field it changes is not known");
    }
    let meaning = if MILD.contains(&name) {
        Meaning::Unknown
    } else if HARSH.contains(&name) || field.worse {
        Meaning::Destroys
    } else {
        verbs::name(name)
    };
    match meaning {
        Meaning::Destroys => {
            judge.destroys(Verb::Delete, service, name, field.span, "what it names is gone");
        }
        Meaning::Changes(verb, back) => judge.changes(verb, service, name, field.span, back),
        _ => judge.changes(Verb::Update, service, name, field.span, "change it back"),
    }
}

#[derive(Debug, Clone)]
struct Field {
    name: String,
    span: Span,
    /// Its arguments make it lose something: `force: true`, or a `where` that picks everything.
    worse: bool,
}

#[derive(Debug, Default)]
struct Operation {
    name: Option<String>,
    mutation: bool,
    fields: Vec<Field>,
    spreads: Vec<String>,
}

#[derive(Debug, Default)]
struct Document {
    operations: Vec<Operation>,
    fragments: HashMap<String, Vec<Field>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'t> {
    Name(&'t str),
    Sign(char),
    /// `...`
    Spread,
    /// A string, a number or a variable: a value.
    Value,
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lexer<'t> {
    fn next(&mut self) -> Option<(Token<'t>, usize)> {
        loop {
            let rest = self.text.get(self.at..)?;
            let first = rest.chars().next()?;
            let start = self.at;
            let token = match first {
                '#' => {
                    self.at += rest.find('\n').unwrap_or(rest.len());
                    continue;
                }
                // A line end that a shell or JSON left as two letters.
                '\\' => {
                    self.at += 1;
                    self.at += usize::from(rest[1..].starts_with(['n', 't', 'r']));
                    continue;
                }
                c if c.is_whitespace() || c == ',' || c == '\u{feff}' => {
                    self.at += c.len_utf8();
                    continue;
                }
                '"' => {
                    self.at += string_length(rest);
                    Token::Value
                }
                '.' if rest.starts_with("...") => {
                    self.at += 3;
                    Token::Spread
                }
                c if c == '_' || c.is_ascii_alphabetic() || is_hole(c) => {
                    let belongs = |c: char| c == '_' || c.is_ascii_alphanumeric() || is_hole(c);
                    let length = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
                    self.at += length;
                    Token::Name(&rest[..length])
                }
                c if c == '-' || c.is_ascii_digit() => {
                    let belongs = |c: char| c.is_ascii_alphanumeric() || "-+.".contains(c);
                    self.at += rest.find(|c| !belongs(c)).unwrap_or(rest.len());
                    Token::Value
                }
                c => {
                    self.at += c.len_utf8();
                    Token::Sign(c)
                }
            };
            return Some((token, start));
        }
    }
}

fn string_length(rest: &str) -> usize {
    if let Some(block) = rest.strip_prefix("\"\"\"") {
        return block.find("\"\"\"").map_or(rest.len(), |end| end + 6);
    }
    let mut escaped = false;
    for (at, letter) in rest.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

fn read(word: &Word, judge: &mut Judge<'_>) -> Option<Document> {
    let mut document = Document::default();
    let mut lexer = Lexer { text: word.text(), at: 0 };
    while let Some((token, _)) = lexer.next() {
        let mut operation = Operation::default();
        let mut fragment = None;
        match token {
            Token::Sign('{') => {}
            Token::Name(kind @ ("query" | "mutation" | "subscription" | "fragment")) => {
                operation.mutation = kind == "mutation";
                let name = head(&mut lexer)?;
                let name = (!name.is_empty()).then(|| name.to_owned());
                if kind == "fragment" {
                    fragment = name;
                } else {
                    operation.name = name;
                }
            }
            _ => return None,
        }
        selection(&mut lexer, word, &mut operation, judge)?;
        match fragment {
            Some(name) => {
                document.fragments.insert(name, operation.fields);
            }
            None => document.operations.push(operation),
        }
    }
    Some(document)
}

/// The name of an operation, up to the brace that opens its fields.
fn head<'t>(lexer: &mut Lexer<'t>) -> Option<&'t str> {
    let mut name = "";
    let (mut parens, mut first) = (0_u32, true);
    loop {
        match lexer.next()?.0 {
            Token::Sign('(') => parens += 1,
            Token::Sign(')') => parens = parens.checked_sub(1)?,
            Token::Sign('{') if parens == 0 => return Some(name),
            Token::Name(text) if first => name = text,
            _ => {}
        }
        first = false;
    }
}

/// The fields at the top, behind the opening brace, to the closing one.
fn selection(
    lexer: &mut Lexer<'_>,
    word: &Word,
    operation: &mut Operation,
    judge: &mut Judge<'_>,
) -> Option<()> {
    let (mut braces, mut parens) = (1_u32, 0_u32);
    // Braces of inline fragments, whose fields count as those around them.
    let mut through = 0_u32;
    let mut directive = false;
    let mut arguments = Arguments::default();
    while let Some((token, start)) = lexer.next() {
        if !judge.step(1, word.span()) {
            return None;
        }
        let top = braces == 1 + through && parens == 0;
        if parens > 0 {
            arguments.see(token, operation.fields.last_mut());
        }
        match token {
            Token::Sign('(') => {
                parens += 1;
                if parens == 1 {
                    arguments = Arguments::default();
                }
            }
            Token::Sign(')') => parens = parens.checked_sub(1)?,
            Token::Sign('{') if parens == 0 => braces += 1,
            Token::Sign('}') if parens == 0 => {
                braces -= 1;
                if braces == 0 {
                    return Some(());
                }
                through = through.min(braces - 1);
            }
            Token::Sign('@') if top => directive = true,
            Token::Sign(':') if top => {
                // What stood before was an alias.
                operation.fields.pop();
            }
            Token::Spread if top => match lexer.next()?.0 {
                Token::Name("on") => {
                    lexer.next()?;
                    loop {
                        if lexer.next()?.0 == Token::Sign('{') {
                            break;
                        }
                    }
                    braces += 1;
                    through += 1;
                }
                Token::Sign('{') => {
                    braces += 1;
                    through += 1;
                }
                Token::Name(name) => operation.spreads.push(name.to_owned()),
                _ => return None,
            },
            Token::Name(_) if directive => directive = false,
            Token::Name(name) if top => {
                let span = word.at(start..start + name.len());
                operation.fields.push(Field { name: name.to_owned(), span, worse: false });
            }
            _ => {}
        }
    }
    None
}

/// Watches the arguments of a field for those that make it worse.
#[derive(Default)]
struct Arguments<'t> {
    name: &'t str,
    colon: bool,
    opened: bool,
}

impl<'t> Arguments<'t> {
    fn see(&mut self, token: Token<'t>, field: Option<&mut Field>) {
        let Some(field) = field else { return };
        match token {
            Token::Name("true") if self.colon && self.name == "force" => field.worse = true,
            Token::Name(name) if !self.colon => self.name = name,
            // `where: {}` picks every row.
            Token::Sign('}') if self.opened && matches!(self.name, "where" | "filter") => {
                field.worse = true;
            }
            _ => {}
        }
        self.opened = self.colon && token == Token::Sign('{');
        self.colon = token == Token::Sign(':');
    }
}
