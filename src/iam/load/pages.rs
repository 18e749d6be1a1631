//! The outer shape of a file: pages, their lists, and the entries in them, one at a time.
//!
//! ```text
//!   page page …  or  [page, page, …]      page = { "UserDetailList": [entry, …], … }
//!                                                                       └─▶ Sink, as raw text
//! ```
//!
//! Only the text of one entry is held at a time. An entry that is not what it should be is the
//! sink's to tell; here fails only what is no JSON.

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// The lists of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum List {
    Users,
    Groups,
    Roles,
    Policies,
}

impl List {
    pub(super) const ALL: [Self; 4] = [Self::Users, Self::Groups, Self::Roles, Self::Policies];

    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Users => "UserDetailList",
            Self::Groups => "GroupDetailList",
            Self::Roles => "RoleDetailList",
            Self::Policies => "Policies",
        }
    }
}

/// Takes what the pages hold.
pub(super) trait Sink {
    /// An entry of a list, by its position there.
    fn entry(&mut self, list: List, position: usize, text: &str);
    /// The list is there; if it is none, with what is there instead.
    fn list(&mut self, list: List, instead: Option<&'static str>);
    /// Whether the page says that more follow.
    fn is_truncated(&mut self, is: bool);
}

/// One page, or a list of pages.
pub(super) struct Pages<'s, S>(pub(super) &'s mut S);

impl<'de, S: Sink> DeserializeSeed<'de> for Pages<'_, S> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, S: Sink> Visitor<'de> for Pages<'_, S> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with UserDetailList, GroupDetailList, RoleDetailList and Policies")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut pages: A) -> Result<(), A::Error> {
        while pages.next_element_seed(Page(&mut *self.0))?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<(), A::Error> {
        Page(self.0).visit_map(members)
    }
}

struct Page<'s, S>(&'s mut S);

impl<'de, S: Sink> DeserializeSeed<'de> for Page<'_, S> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, S: Sink> Visitor<'de> for Page<'_, S> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a page of authorization details")
    }

    /// Members AWS may add later are passed over.
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        self.0.is_truncated(false);
        while let Some(key) = members.next_key::<String>()? {
            if let Some(list) = List::ALL.into_iter().find(|list| list.key() == key) {
                members.next_value_seed(Entries { list, sink: &mut *self.0 })?;
            } else if key == "IsTruncated" {
                let value: Box<RawValue> = members.next_value()?;
                self.0.is_truncated(value.get() != "false" && value.get() != "null");
            } else {
                members.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

struct Entries<'s, S> {
    list: List,
    sink: &'s mut S,
}

impl<S: Sink> Entries<'_, S> {
    fn instead(self, what: &'static str) {
        self.sink.list(self.list, Some(what));
    }
}

impl<'de, S: Sink> DeserializeSeed<'de> for Entries<'_, S> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, S: Sink> Visitor<'de> for Entries<'_, S> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        self.sink.list(self.list, None);
        let mut position = 0;
        while let Some(text) = entries.next_element::<Box<RawValue>>()? {
            self.sink.entry(self.list, position, text.get());
            position += 1;
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        self.instead("an object");
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.instead("null");
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        self.instead("true or false");
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        self.instead("a number");
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        self.instead("a number");
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        self.instead("a number");
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        self.instead("a string");
        Ok(())
    }
}
