//! How the domain's values are written in columns: times as milliseconds, words and bodies as the
//! domain serialises them.

use super::trouble::Trouble;
use crate::domain::Digest;
use jiff::Timestamp;
use serde::{
    Deserialize, Serialize,
    de::{DeserializeOwned, IntoDeserializer, value::StrDeserializer},
};

/// A time as stored.
pub(super) fn millis(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// A stored time.
pub(super) fn time(millis: i64) -> Result<Timestamp, Trouble> {
    Timestamp::from_millisecond(millis)
        .map_err(|error| Trouble::Unreadable(format!("a time is out of range: {error}")))
}

/// A stored time that may be absent.
pub(super) fn maybe_time(millis: Option<i64>) -> Result<Option<Timestamp>, Trouble> {
    millis.map(time).transpose()
}

/// A unit variant as its serialised word.
pub(super) fn word<T: Serialize>(value: &T) -> Result<String, Trouble> {
    match serde_json::to_value(value)? {
        serde_json::Value::String(word) => Ok(word),
        other => Err(Trouble::Wrong(format!("{other} is not a word"))),
    }
}

/// A stored word.
pub(super) fn from_word<'de, T: Deserialize<'de>>(word: &'de str) -> Result<T, Trouble> {
    let words: StrDeserializer<'de, serde::de::value::Error> = word.into_deserializer();
    T::deserialize(words).map_err(|error| Trouble::Unreadable(error.to_string()))
}

/// A value as JSON text.
pub(super) fn json<T: Serialize>(value: &T) -> Result<String, Trouble> {
    Ok(serde_json::to_string(value)?)
}

/// JSON text as a value.
pub(super) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, Trouble> {
    Ok(serde_json::from_str(text)?)
}

/// Tells a changed body from an unchanged one without reading the old one.
pub(super) fn fingerprint(body: &str) -> String {
    Digest::of_bytes(body.as_bytes()).hex()
}
