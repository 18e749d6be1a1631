//! Reading JSON straight into what it means, in one pass.
//!
//! ```text
//!   serde ──▶ Seed<element> ──kind of value──▶ the element's own way of taking it
//!                 │ wrong kind
//!                 ▼
//!              Log: the first problem, with its place; the value is passed over and reading goes on
//! ```
//!
//! What is wrong with a policy must not end the reading of the file around it, so an element never
//! answers with an error of serde's: those are for broken JSON alone.

use super::document::DocumentError;
use serde::{
    Deserializer,
    de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use std::{
    cell::RefCell,
    collections::HashSet,
    fmt,
    hash::{BuildHasher, RandomState},
};

/// From here on names are looked up in a table instead of being compared one by one.
const FEW: usize = 16;

/// Where something stands, as a chain that is put into words only when it is needed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place<'a> {
    /// The document as a whole.
    Document,
    /// A member of an object.
    Member(&'a Place<'a>, &'a str),
    /// An item of a list, from 0.
    Item(&'a Place<'a>, usize),
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Document => f.write_str("the document"),
            Self::Member(Place::Document, name) => write!(f, "{}", name.escape_debug()),
            Self::Member(parent, name) => write!(f, "{parent}.{}", name.escape_debug()),
            Self::Item(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

/// The first thing that is wrong.
#[derive(Debug, Default)]
pub(super) struct Log(RefCell<Option<DocumentError>>);

impl Log {
    /// Notes a problem, unless there is one already.
    pub(super) fn note(&self, place: &Place<'_>, problem: impl FnOnce() -> String) {
        self.0.borrow_mut().get_or_insert_with(|| DocumentError::NotAPolicy {
            place: place.to_string(),
            problem: problem(),
        });
    }

    /// Takes over a problem that was found elsewhere.
    pub(super) fn take<T>(&self, problem: DocumentError) -> Option<T> {
        self.0.borrow_mut().get_or_insert(problem);
        None
    }

    /// What was read, unless something is wrong with it.
    pub(super) fn weigh<T>(self, read: Option<T>) -> Result<T, DocumentError> {
        match (self.0.into_inner(), read) {
            (None, Some(read)) => Ok(read),
            (Some(problem), _) => Err(problem),
            (None, None) => Err(DocumentError::NotAPolicy {
                place: Place::Document.to_string(),
                problem: "it cannot be read".to_owned(),
            }),
        }
    }
}

/// An element of a document: which kinds of values it takes, and what it makes of them. Kinds it
/// does not take are noted and passed over. None: something was noted.
pub(super) trait Element<'de>: Sized {
    /// What comes out.
    type Output;

    /// Where it stands.
    fn place(&self) -> &Place<'_>;

    /// Where problems are noted.
    fn log(&self) -> &Log;

    /// "a string", "a list".
    fn expected(&self) -> &'static str;

    /// Takes a string.
    fn text(self, _text: &str) -> Option<Self::Output> {
        self.unexpected("a string")
    }

    /// Takes a boolean.
    fn boolean(self, _value: bool) -> Option<Self::Output> {
        self.unexpected("true or false")
    }

    /// Takes a number, as `serde_json` writes it back.
    fn number(self, _number: impl ToString) -> Option<Self::Output> {
        self.unexpected("a number")
    }

    /// Takes a list.
    fn list<A: SeqAccess<'de>>(self, mut items: A) -> Result<Option<Self::Output>, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(self.unexpected("a list"))
    }

    /// Takes an object.
    fn object<A: MapAccess<'de>>(self, mut members: A) -> Result<Option<Self::Output>, A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(self.unexpected("an object"))
    }

    /// Notes a value of a kind it does not take.
    fn unexpected(self, found: &str) -> Option<Self::Output> {
        self.log().note(self.place(), || format!("expected {}, found {found}", self.expected()));
        None
    }
}

/// Lets serde read an element.
pub(super) struct Seed<E>(pub(super) E);

impl<'de, E: Element<'de>> DeserializeSeed<'de> for Seed<E> {
    type Value = Option<E::Output>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, E: Element<'de>> Visitor<'de> for Seed<E> {
    type Value = Option<E::Output>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.expected())
    }

    fn visit_unit<F>(self) -> Result<Self::Value, F> {
        Ok(self.0.unexpected("null"))
    }

    fn visit_bool<F>(self, value: bool) -> Result<Self::Value, F> {
        Ok(self.0.boolean(value))
    }

    fn visit_u64<F>(self, value: u64) -> Result<Self::Value, F> {
        Ok(self.0.number(value))
    }

    fn visit_i64<F>(self, value: i64) -> Result<Self::Value, F> {
        Ok(self.0.number(value))
    }

    fn visit_f64<F>(self, value: f64) -> Result<Self::Value, F> {
        Ok(self.0.number(value))
    }

    fn visit_str<F>(self, value: &str) -> Result<Self::Value, F> {
        Ok(self.0.text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Self::Value, A::Error> {
        self.0.list(items)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Self::Value, A::Error> {
        self.0.object(members)
    }
}

/// Names of an object's members, to see one that is there twice: `serde_json::Value` would let
/// the last one win, and a policy must not say two things at once.
#[derive(Debug, Default)]
pub(super) struct Names {
    hashes: Vec<u64>,
    seen: HashSet<u64>,
    hasher: RandomState,
}

impl Names {
    /// Takes a name, and says whether it is new. Two names of one hash, one time in 10¹⁹, would
    /// count as one and the document as unreadable.
    pub(super) fn is_new(&mut self, name: &str) -> bool {
        let hash = self.hasher.hash_one(name);
        if self.hashes.len() < FEW {
            let is_new = !self.hashes.contains(&hash);
            self.hashes.push(hash);
            return is_new;
        }
        !self.hashes.contains(&hash) && self.seen.insert(hash)
    }
}
