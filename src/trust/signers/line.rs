//! One line of an `allowed_signers` file (ssh-keygen(1), ALLOWED SIGNERS).
//!
//! ```text
//!   principals[,…]  [option[,option="value"]…]  type  base64  comment
//! ```

use super::{
    moment::{NotATime, moment},
    pattern::{PatternFault, Patterns},
};
use crate::{
    domain::Untrusted,
    trust::key::{KeyFault, KeyKind, PublicKey, decoded},
};
use jiff::tz::TimeZone;

const OPTIONS: [&str; 4] = ["cert-authority", "namespaces", "valid-after", "valid-before"];

/// Who may sign with a key, for what and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number, from 1.
    pub number: usize,
    /// Whose key it is, or for an authority whom it may certify.
    pub principals: Patterns,
    /// Whether it is the key of an authority, which signs certificates and nothing else.
    pub is_authority: bool,
    /// For what; none: for everything.
    pub namespaces: Option<Patterns>,
    /// From this second on.
    pub after: Option<i64>,
    /// Up to and with this second.
    pub before: Option<i64>,
    /// The key.
    pub key: PublicKey,
    /// Whether one of its times is that of whatever zone the host is in.
    pub is_local_time: bool,
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineFault {
    /// A character that has no business here.
    #[error("there is a control character; the file has to be plain text")]
    Control,
    /// The file begins with a byte order mark.
    #[error(
        "the file begins with a byte order mark, which OpenSSH takes for part of a name; remove it"
    )]
    Mark,
    /// A quote without its other.
    #[error("a quote is not closed, or stands where none belongs")]
    Quote,
    /// The principals are no list of names.
    #[error("{0}")]
    Principals(#[source] PatternFault),
    /// A key for whoever matches.
    #[error(
        "one key for everybody who matches {0:?} could sign as several people; write the names of the \
         one person whose key it is, or put `cert-authority` in front if it is an authority's"
    )]
    Everybody(Untrusted),
    /// There is no key.
    #[error("there is no key: after the principals come options, a key's type and its base64")]
    NoKey,
    /// Neither an option nor a type.
    #[error("{word:?} is neither an option nor the type of a key{}", did_you_mean(*.meant))]
    Unknown {
        /// The word.
        word: Untrusted,
        /// What it may have been meant to be.
        meant: Option<&'static str>,
    },
    /// An option without a value.
    #[error("{0} needs a value in quotes: {0}=\"…\"")]
    NoValue(&'static str),
    /// A flag with a value.
    #[error("{0} takes no value")]
    Value(&'static str),
    /// An option that is there twice.
    #[error("{0} is there twice")]
    Twice(&'static str),
    /// Something else than a comma between options.
    #[error("options are separated by a comma, and a space ends them")]
    Separator,
    /// The namespaces are no list.
    #[error("the namespaces cannot be read: {0}")]
    Namespaces(#[source] PatternFault),
    /// A time cannot be read.
    #[error("{option} is {source}")]
    Time {
        /// Which.
        option: &'static str,
        /// Why.
        source: NotATime,
    },
    /// It ends before it begins.
    #[error("valid-before is not after valid-after, so the key would never be valid")]
    Never,
    /// The key does not count.
    #[error("the key does not count: {0}")]
    Key(#[source] KeyFault),
    /// A certificate is not listed, its authority is.
    #[error(
        "a certificate cannot be listed; list its authority's key with `cert-authority`, or the plain \
         key from the .pub file"
    )]
    Certificate,
}

fn did_you_mean(meant: Option<&'static str>) -> String {
    meant.map(|meant| format!("; did you mean {meant}?")).unwrap_or_default()
}

/// A fault and where in the line it is, in bytes.
pub type Faulty<T> = Result<T, (usize, LineFault)>;

/// Reads a line; none where it is empty or a comment.
pub fn line(number: usize, text: &str, zone: &TimeZone) -> Faulty<Option<Line>> {
    if let Some(at) = text.find(|c: char| c.is_control() && c != '\t') {
        return Err((at, LineFault::Control));
    }
    if number == 1 && text.starts_with('\u{feff}') {
        return Err((0, LineFault::Mark));
    }
    let mut cursor = Cursor { text, at: 0 };
    cursor.skip_blanks();
    if cursor.rest().is_empty() || cursor.rest().starts_with('#') {
        return Ok(None);
    }
    let begins = cursor.at;
    let principals = cursor.principals()?;
    let principals =
        Patterns::parse(principals).map_err(|fault| (begins, LineFault::Principals(fault)))?;
    cursor.skip_blanks();
    let mut found = Options::default();
    let first = cursor.word();
    if first.is_empty() {
        return Err((cursor.at, LineFault::NoKey));
    }
    if !is_type(first) {
        found.read(&mut cursor, zone)?;
        cursor.skip_blanks();
    }
    let key = cursor.key()?;
    if !found.is_authority && principals.names().is_none() {
        return Err((begins, LineFault::Everybody(principals.written().into())));
    }
    Ok(Some(Line {
        number,
        principals,
        is_authority: found.is_authority,
        namespaces: found.namespaces,
        after: found.after,
        before: found.before,
        key,
        is_local_time: found.is_local_time,
    }))
}

fn is_type(word: &str) -> bool {
    KeyKind::named(word).is_some()
        || KeyKind::named_in_certificate(word).is_some()
        || word == "ssh-dss"
}

struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip_blanks(&mut self) {
        self.at = self.text.len() - self.rest().trim_start_matches([' ', '\t']).len();
    }

    /// The word that begins here, without taking it.
    fn word(&self) -> &'a str {
        self.rest().split([' ', '\t']).next().unwrap_or_default()
    }

    fn take_word(&mut self) -> &'a str {
        let word = self.word();
        self.at += word.len();
        word
    }

    /// The first field, which may be in quotes as a whole.
    fn principals(&mut self) -> Faulty<&'a str> {
        let begins = self.at;
        let Some(quoted) = self.rest().strip_prefix('"') else {
            let word = self.take_word();
            return match word.find('"') {
                Some(at) => Err((begins + at, LineFault::Quote)),
                None => Ok(word),
            };
        };
        let (inside, after) = quoted.split_once('"').ok_or((begins, LineFault::Quote))?;
        self.at += inside.len() + 2;
        if !after.is_empty() && !after.starts_with([' ', '\t']) {
            return Err((self.at, LineFault::Quote));
        }
        Ok(inside)
    }

    /// `="…"`, where `\"` is a quote.
    fn value(&mut self, option: &'static str) -> Faulty<String> {
        let begins = self.at;
        let inside = self.rest().strip_prefix("=\"").ok_or((begins, LineFault::NoValue(option)))?;
        let mut value = String::new();
        let mut letters = inside.char_indices().peekable();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '"' => {
                    self.at += 2 + at + 1;
                    return Ok(value);
                }
                '\\' if letters.next_if(|(_, next)| *next == '"').is_some() => value.push('"'),
                other => value.push(other),
            }
        }
        Err((begins + 1, LineFault::Quote))
    }

    fn key(&mut self) -> Faulty<PublicKey> {
        let begins = self.at;
        let name = self.take_word();
        if name.is_empty() {
            return Err((begins, LineFault::NoKey));
        }
        if KeyKind::named_in_certificate(name).is_some() {
            return Err((begins, LineFault::Certificate));
        }
        if name == "ssh-dss" {
            return Err((begins, LineFault::Key(KeyFault::Dsa)));
        }
        if !is_type(name) {
            return Err((begins, LineFault::Unknown { word: name.into(), meant: None }));
        }
        self.skip_blanks();
        let at = self.at;
        let base64 = self.take_word();
        if base64.is_empty() {
            return Err((at, LineFault::NoKey));
        }
        let wrong = |fault| (at, LineFault::Key(fault));
        let key = PublicKey::parse(&decoded(base64).map_err(wrong)?).map_err(wrong)?;
        if key.kind().name() != name {
            return Err((begins, LineFault::Key(KeyFault::OtherKind)));
        }
        Ok(key)
    }
}

#[derive(Default)]
struct Options {
    is_authority: bool,
    namespaces: Option<Patterns>,
    after: Option<i64>,
    before: Option<i64>,
    is_local_time: bool,
}

impl Options {
    fn read(&mut self, cursor: &mut Cursor<'_>, zone: &TimeZone) -> Faulty<()> {
        let began = cursor.at;
        loop {
            self.one(cursor, zone)?;
            match cursor.rest().chars().next() {
                None | Some(' ' | '\t') => break,
                Some(',') => cursor.at += 1,
                Some(_) => return Err((cursor.at, LineFault::Separator)),
            }
        }
        match (self.after, self.before) {
            (Some(after), Some(before)) if before <= after => Err((began, LineFault::Never)),
            _ => Ok(()),
        }
    }

    fn one(&mut self, cursor: &mut Cursor<'_>, zone: &TimeZone) -> Faulty<()> {
        let begins = cursor.at;
        let word: &str = cursor.rest().split([' ', '\t', ',', '=']).next().unwrap_or_default();
        let Some(option) = OPTIONS.into_iter().find(|one| one.eq_ignore_ascii_case(word)) else {
            return Err((begins, unknown(word)));
        };
        cursor.at += word.len();
        if option == "cert-authority" {
            return match (cursor.rest().starts_with('='), self.is_authority) {
                (true, _) => Err((cursor.at, LineFault::Value(option))),
                (_, true) => Err((begins, LineFault::Twice(option))),
                _ => {
                    self.is_authority = true;
                    Ok(())
                }
            };
        }
        let at = cursor.at;
        let value = cursor.value(option)?;
        let mut time = || {
            self.is_local_time |= !value.ends_with(['Z', 'z']);
            moment(&value, zone).map_err(|source| (at, LineFault::Time { option, source }))
        };
        let is_twice = match option {
            "namespaces" => {
                let list =
                    Patterns::parse(&value).map_err(|fault| (at, LineFault::Namespaces(fault)))?;
                self.namespaces.replace(list).is_some()
            }
            "valid-after" => {
                let time = time()?;
                self.after.replace(time).is_some()
            }
            _ => {
                let time = time()?;
                self.before.replace(time).is_some()
            }
        };
        if is_twice { Err((begins, LineFault::Twice(option))) } else { Ok(()) }
    }
}

/// Of what is close enough to be meant, the closest.
fn unknown(word: &str) -> LineFault {
    let lower = word.to_ascii_lowercase();
    let types = KeyKind::ALL.into_iter().map(KeyKind::name);
    let close = OPTIONS.into_iter().chain(types).map(|known| (distance(&lower, known), known));
    let meant = close.filter(|(far, _)| *far <= 3).min().map(|(_, known)| known);
    LineFault::Unknown { word: word.into(), meant }
}

/// Letters to change, add or leave out; three and more are all the same.
fn distance(one: &str, other: &str) -> usize {
    if one.len().abs_diff(other.len()) > 3 {
        return 9;
    }
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, a) in one.bytes().enumerate() {
        let mut before = row[0];
        row[0] = at + 1;
        for (to, b) in other.bytes().enumerate() {
            let changed = before + usize::from(a != b);
            before = row[to + 1];
            row[to + 1] = changed.min(before + 1).min(row[to] + 1);
        }
    }
    row[other.len()]
}
