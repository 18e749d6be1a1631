//! What is known of a request: the condition context.
//!
//! A concrete request knows everything: a key it does not carry is *absent*. Offline most keys are
//! *unknown*: the caller may bring any value, or none.

use std::borrow::Cow;

/// What a request says of one condition key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known<'a> {
    /// The request does not carry the key.
    Absent,
    /// Nobody knows, here and now.
    Unknown,
    /// It carries the key, and the value is not known (or lies in a range only the operator's own
    /// kind understands).
    Present,
    /// A moment between these, in seconds since 1970: the time of the request, the time a token
    /// was issued. The key may be absent as well if `may_be_absent`.
    Moment {
        /// Not before.
        from: i64,
        /// Not after.
        until: i64,
        /// A long-term credential does not carry it.
        may_be_absent: bool,
    },
    /// One value.
    One(Cow<'a, str>),
    /// Several values, of a multi-valued key. An empty list counts as absent.
    Many(Cow<'a, [Box<str>]>),
}

/// Where condition keys and policy variables get their values from.
pub trait Context {
    /// What is known of a key. `key` is as the policy writes it; keys are compared without regard
    /// to case (IAM User Guide, `reference_policies_condition-keys.html`).
    fn known(&self, key: &str) -> Known<'_>;
}

/// The context of which nothing is known.
#[derive(Debug, Clone, Copy, Default)]
pub struct NothingKnown;

impl Context for NothingKnown {
    fn known(&self, _key: &str) -> Known<'_> {
        Known::Unknown
    }
}

/// A concrete request: what it does not carry is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values {
    /// Sorted by key.
    entries: Vec<Entry>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    /// In lower case.
    key: Box<str>,
    values: Box<[Box<str>]>,
    is_many: bool,
}

impl Values {
    /// Sets a single-valued key.
    pub fn set(&mut self, key: &str, value: impl Into<Box<str>>) {
        self.put(key, [value.into()].into(), false);
    }

    /// Sets a multi-valued key.
    pub fn set_many(&mut self, key: &str, values: Box<[Box<str>]>) {
        self.put(key, values, true);
    }

    /// Whether the key is there.
    pub fn has(&self, key: &str) -> bool {
        self.find(&key.to_ascii_lowercase()).is_ok()
    }

    fn find(&self, key: &str) -> Result<usize, usize> {
        self.entries.binary_search_by(|entry| (*entry.key).cmp(key))
    }

    fn put(&mut self, key: &str, values: Box<[Box<str>]>, is_many: bool) {
        let key = key.to_ascii_lowercase();
        let found = self.find(&key);
        let entry = Entry { key: key.into(), values, is_many };
        match found {
            Ok(at) => self.entries[at] = entry,
            Err(at) => self.entries.insert(at, entry),
        }
    }
}

impl Context for Values {
    fn known(&self, key: &str) -> Known<'_> {
        let at = if key.bytes().any(|byte| byte.is_ascii_uppercase()) {
            self.find(&key.to_ascii_lowercase())
        } else {
            self.find(key)
        };
        match at.ok().and_then(|at| self.entries.get(at)) {
            None => Known::Absent,
            Some(entry) if entry.is_many => Known::Many(Cow::Borrowed(&entry.values)),
            Some(entry) => match entry.values.first() {
                Some(value) => Known::One(Cow::Borrowed(value)),
                None => Known::Absent,
            },
        }
    }
}
