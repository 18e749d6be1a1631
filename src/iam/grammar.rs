//! The elements of a policy document, each read in place.
//!
//! IAM User Guide, "Grammar of the IAM JSON policy language" (`reference_policies_grammar.html`).

use super::{
    json::{Element, Log, Names, Place, Seed},
    policy::{Actions, Condition, Effect, Party, Policy, Principals, Resources, Statement},
};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// Where an element stands and where it notes problems.
#[derive(Clone, Copy)]
struct At<'a> {
    place: Place<'a>,
    log: &'a Log,
}

impl<'a> At<'a> {
    fn member(&'a self, name: &'a str) -> At<'a> {
        At { place: Place::Member(&self.place, name), log: self.log }
    }

    fn item(&'a self, index: usize) -> At<'a> {
        At { place: Place::Item(&self.place, index), log: self.log }
    }

    fn note<T>(&self, problem: impl FnOnce() -> String) -> Option<T> {
        self.log.note(&self.place, problem);
        None
    }
}

/// Says where an element stands; every element here has an `At`.
macro_rules! stands_at {
    ($expected:literal) => {
        fn place(&self) -> &Place<'_> {
            &self.0.place
        }

        fn log(&self) -> &Log {
            self.0.log
        }

        fn expected(&self) -> &'static str {
            $expected
        }
    };
}

/// The document. A string is for the caller to read as a document of its own.
pub(super) struct Whole<'a> {
    at: At<'a>,
    /// How a document in a string is read, where one may be.
    in_text: Option<fn(&str, &Log) -> Option<Policy>>,
}

impl<'a> Whole<'a> {
    pub(super) fn new(log: &'a Log, in_text: Option<fn(&str, &Log) -> Option<Policy>>) -> Self {
        Self { at: At { place: Place::Document, log }, in_text }
    }
}

impl<'de> Element<'de> for Whole<'_> {
    type Output = Policy;

    fn place(&self) -> &Place<'_> {
        &self.at.place
    }

    fn log(&self) -> &Log {
        self.at.log
    }

    fn expected(&self) -> &'static str {
        "an object"
    }

    fn text(self, text: &str) -> Option<Policy> {
        match self.in_text {
            Some(read) => read(text, self.at.log),
            None => self.unexpected("a string"),
        }
    }

    fn object<A: MapAccess<'de>>(self, mut members: A) -> Result<Option<Policy>, A::Error> {
        let mut policy = Policy::default();
        let mut statements = None;
        let mut seen = 0;
        while let Some(name) = members.next_key::<Name>()? {
            only_once(&self.at, &name, &mut seen);
            let here = self.at.member(name.text());
            match name.text() {
                "Version" => {
                    policy.has_variables =
                        members.next_value_seed(Seed(Version(here)))?.unwrap_or_default();
                }
                "Id" => {
                    members.next_value_seed(Seed(Text(here)))?;
                }
                "Statement" => statements = Some(members.next_value_seed(Seed(Statements(here)))?),
                other => {
                    members.next_value::<IgnoredAny>()?;
                    unknown(&self.at, "element", other);
                }
            }
        }
        let Some(statements) = statements else {
            return Ok(self.at.note(|| "it has no `Statement`".to_owned()));
        };
        policy.statements = statements.unwrap_or_default();
        Ok(Some(policy))
    }
}

/// The name of an element, or that of none.
enum Name {
    Known(&'static str),
    Unknown(Box<str>),
}

/// Every element of a document or a statement.
const ELEMENTS: [&str; 12] = [
    "Action",
    "Resource",
    "Effect",
    "Sid",
    "Condition",
    "Principal",
    "NotAction",
    "NotResource",
    "NotPrincipal",
    "Version",
    "Statement",
    "Id",
];

impl Name {
    fn text(&self) -> &str {
        match self {
            Self::Known(name) => name,
            Self::Unknown(name) => name,
        }
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(AnyName)
    }
}

struct AnyName;

impl Visitor<'_> for AnyName {
    type Value = Name;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Name, E> {
        let known = ELEMENTS.iter().find(|element| **element == name);
        Ok(known.map_or_else(|| Name::Unknown(name.into()), |element| Name::Known(element)))
    }
}

/// Notes an element that is there twice. `seen` has a bit for each that was.
fn only_once(at: &At<'_>, name: &Name, seen: &mut u16) {
    let Name::Known(known) = name else { return };
    let Some(at_bit) = ELEMENTS.iter().position(|element| element == known) else { return };
    if *seen & (1 << at_bit) != 0 {
        twice(at, known);
    }
    *seen |= 1 << at_bit;
}

fn twice(at: &At<'_>, name: &str) {
    at.log.note(&at.place, || format!("`{}` is there twice", name.escape_debug()));
}

fn unknown(at: &At<'_>, what: &str, name: &str) {
    at.log.note(&at.place, || format!("unknown {what} `{}`", name.escape_debug()));
}

/// Whether the document speaks the language of 2012.
struct Version<'a>(At<'a>);

impl Element<'_> for Version<'_> {
    type Output = bool;
    stands_at!("\"2012-10-17\" or \"2008-10-17\"");

    fn text(self, text: &str) -> Option<bool> {
        match text {
            "2012-10-17" => Some(true),
            "2008-10-17" => Some(false),
            other => self.0.note(|| {
                let other = other.escape_debug();
                format!("expected \"2012-10-17\" or \"2008-10-17\", found \"{other}\"")
            }),
        }
    }
}

/// One statement, or a list of them.
struct Statements<'a>(At<'a>);

impl<'de> Element<'de> for Statements<'_> {
    type Output = Vec<Statement>;
    stands_at!("a statement or a list of statements");

    fn list<A: SeqAccess<'de>>(self, mut items: A) -> Result<Option<Self::Output>, A::Error> {
        let mut all = Vec::new();
        for index in 0.. {
            match items.next_element_seed(Seed(One(self.0.item(index))))? {
                Some(Some(statement)) => all.push(statement),
                Some(None) => {}
                None => break,
            }
        }
        Ok(Some(all))
    }

    fn object<A: MapAccess<'de>>(self, members: A) -> Result<Option<Self::Output>, A::Error> {
        Ok(One(self.0).object(members)?.map(|statement| vec![statement]))
    }
}

/// One statement.
struct One<'a>(At<'a>);

impl<'de> Element<'de> for One<'_> {
    type Output = Statement;
    stands_at!("an object");

    fn object<A: MapAccess<'de>>(self, mut members: A) -> Result<Option<Statement>, A::Error> {
        let at = self.0;
        let (mut sid, mut effect, mut principals) = (None, None, None);
        let (mut actions, mut resources, mut conditions) = (None, None, Vec::new());
        let mut seen = 0;
        while let Some(name) = members.next_key::<Name>()? {
            only_once(&at, &name, &mut seen);
            let here = at.member(name.text());
            match name.text() {
                "Sid" => sid = members.next_value_seed(Seed(Text(here)))?,
                "Effect" => effect = Some(members.next_value_seed(Seed(EffectOf(here)))?),
                "Principal" | "NotPrincipal" => {
                    let parties = members.next_value_seed(Seed(Parties(here)))?;
                    let is_only = name.text() == "Principal";
                    once(&mut principals, parties, &here, |parties| {
                        if is_only {
                            Principals::Only(parties)
                        } else {
                            Principals::AllBut(parties)
                        }
                    });
                }
                "Action" | "NotAction" => {
                    let texts = members.next_value_seed(Seed(Texts(here)))?;
                    let is_only = name.text() == "Action";
                    once(&mut actions, texts, &here, |texts| {
                        if is_only { Actions::Only(texts) } else { Actions::AllBut(texts) }
                    });
                }
                "Resource" | "NotResource" => {
                    let texts = members.next_value_seed(Seed(Texts(here)))?;
                    let is_only = name.text() == "Resource";
                    once(&mut resources, texts, &here, |texts| {
                        if is_only { Resources::Only(texts) } else { Resources::AllBut(texts) }
                    });
                }
                "Condition" => {
                    let all = members.next_value_seed(Seed(Conditions(here)))?;
                    conditions = all.unwrap_or_default();
                }
                other => {
                    members.next_value::<IgnoredAny>()?;
                    unknown(&at, "element", other);
                }
            }
        }
        let Some(effect) = effect else {
            return Ok(at.note(|| "it has no `Effect`".to_owned()));
        };
        let Some(actions) = actions else {
            return Ok(at.note(|| "it has no `Action` or `NotAction`".to_owned()));
        };
        let Some(effect) = effect else { return Ok(None) };
        Ok(Some(Statement { sid, effect, principals, actions, resources, conditions }))
    }
}

/// An element and its `Not…` twin exclude each other.
fn once<T, U>(slot: &mut Option<U>, value: Option<T>, at: &At<'_>, make: impl FnOnce(T) -> U) {
    if slot.is_some() {
        let problem = "an element and its `Not…` form cannot stand together";
        at.log.note(&at.place, || problem.to_owned());
    }
    // A value that could not be taken was noted when it was read.
    *slot = value.map(make);
}

/// `Allow` or `Deny`, in exactly these letters.
struct EffectOf<'a>(At<'a>);

impl Element<'_> for EffectOf<'_> {
    type Output = Effect;
    stands_at!("\"Allow\" or \"Deny\"");

    fn text(self, text: &str) -> Option<Effect> {
        match text {
            "Allow" => Some(Effect::Allow),
            "Deny" => Some(Effect::Deny),
            other => self.0.note(|| {
                format!("expected \"Allow\" or \"Deny\", found \"{}\"", other.escape_debug())
            }),
        }
    }
}

/// A string.
struct Text<'a>(At<'a>);

impl Element<'_> for Text<'_> {
    type Output = Box<str>;
    stands_at!("a string");

    fn text(self, text: &str) -> Option<Box<str>> {
        Some(text.into())
    }
}

/// A string, or a list of them.
struct Texts<'a>(At<'a>);

impl<'de> Element<'de> for Texts<'_> {
    type Output = Box<[Box<str>]>;
    stands_at!("a string or a list of strings");

    fn text(self, text: &str) -> Option<Self::Output> {
        Some([text.into()].into())
    }

    fn list<A: SeqAccess<'de>>(self, mut items: A) -> Result<Option<Self::Output>, A::Error> {
        let mut all = Vec::new();
        for index in 0.. {
            match items.next_element_seed(Seed(Text(self.0.item(index))))? {
                Some(text) => all.extend(text),
                None => break,
            }
        }
        Ok(Some(all.into()))
    }
}

/// Who: `"*"`, or an object of kinds.
struct Parties<'a>(At<'a>);

impl<'de> Element<'de> for Parties<'_> {
    type Output = Box<[Party]>;
    stands_at!("\"*\" or an object");

    fn text(self, text: &str) -> Option<Self::Output> {
        if text == "*" {
            Some([Party::Anyone].into())
        } else {
            self.0.note(|| "expected \"*\" or an object".to_owned())
        }
    }

    fn object<A: MapAccess<'de>>(self, mut members: A) -> Result<Option<Self::Output>, A::Error> {
        let mut all = Vec::new();
        let mut names = Names::default();
        while let Some(kind) = members.next_key::<String>()? {
            if !names.is_new(&kind) {
                twice(&self.0, &kind);
            }
            let party = match kind.as_str() {
                "AWS" => Party::Aws,
                "Service" => Party::Service,
                "Federated" => Party::Federated,
                "CanonicalUser" => Party::CanonicalUser,
                other => {
                    members.next_value::<IgnoredAny>()?;
                    unknown(&self.0, "kind of principal", other);
                    continue;
                }
            };
            let texts = members.next_value_seed(Seed(Texts(self.0.member(&kind))))?;
            all.extend(texts.unwrap_or_default().into_iter().map(party));
        }
        Ok(Some(all.into()))
    }
}

/// Operators, each with its keys.
struct Conditions<'a>(At<'a>);

impl<'de> Element<'de> for Conditions<'_> {
    type Output = Vec<Condition>;
    stands_at!("an object");

    fn object<A: MapAccess<'de>>(self, mut members: A) -> Result<Option<Self::Output>, A::Error> {
        let mut all = Vec::new();
        let mut names = Names::default();
        while let Some(operator) = members.next_key::<String>()? {
            if !names.is_new(&operator) {
                twice(&self.0, &operator);
            }
            let keys = Keys { at: self.0.member(&operator), operator: &operator, into: &mut all };
            members.next_value_seed(Seed(keys))?;
        }
        Ok(Some(all))
    }
}

/// Keys of one operator, each with its values.
struct Keys<'a> {
    at: At<'a>,
    operator: &'a str,
    into: &'a mut Vec<Condition>,
}

impl<'de> Element<'de> for Keys<'_> {
    type Output = ();

    fn place(&self) -> &Place<'_> {
        &self.at.place
    }

    fn log(&self) -> &Log {
        self.at.log
    }

    fn expected(&self) -> &'static str {
        "an object"
    }

    fn object<A: MapAccess<'de>>(self, mut members: A) -> Result<Option<()>, A::Error> {
        let mut names = Names::default();
        while let Some(key) = members.next_key::<Box<str>>()? {
            if !names.is_new(&key) {
                twice(&self.at, &key);
            }
            let values = members.next_value_seed(Seed(Values(self.at.member(&key))))?;
            self.into.push(Condition {
                operator: self.operator.into(),
                key,
                values: values.unwrap_or_default(),
            });
        }
        Ok(Some(()))
    }
}

/// A value of a condition, or a list of them. Booleans and numbers are compared as text.
struct Values<'a>(At<'a>);

impl<'de> Element<'de> for Values<'_> {
    type Output = Box<[Box<str>]>;
    stands_at!("a value or a list of values");

    fn text(self, text: &str) -> Option<Self::Output> {
        Some([text.into()].into())
    }

    fn boolean(self, value: bool) -> Option<Self::Output> {
        Some([value.to_string().into()].into())
    }

    fn number(self, number: impl ToString) -> Option<Self::Output> {
        Some([number.to_string().into()].into())
    }

    fn list<A: SeqAccess<'de>>(self, mut items: A) -> Result<Option<Self::Output>, A::Error> {
        let mut all = Vec::new();
        for index in 0.. {
            match items.next_element_seed(Seed(Value(self.0.item(index))))? {
                Some(value) => all.extend(value),
                None => break,
            }
        }
        Ok(Some(all.into()))
    }
}

/// One value of a condition.
struct Value<'a>(At<'a>);

impl Element<'_> for Value<'_> {
    type Output = Box<str>;
    stands_at!("a single value");

    fn text(self, text: &str) -> Option<Box<str>> {
        Some(text.into())
    }

    fn boolean(self, value: bool) -> Option<Box<str>> {
        Some(value.to_string().into())
    }

    fn number(self, number: impl ToString) -> Option<Box<str>> {
        Some(number.to_string().into())
    }
}
