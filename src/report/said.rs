//! What another room already knows how to say.

use super::{Ink, Report};
use crate::{domain::Untrusted, text::SafeText};
use serde::Serialize;
use std::fmt::Display;

/// A value with words and fields of its own, written like every other report.
pub struct Said<'a, T> {
    name: &'static str,
    value: &'a T,
}

impl<'a, T: Display + Serialize> Said<'a, T> {
    /// `name` is the `report` field of the JSON object.
    pub fn new(name: &'static str, value: &'a T) -> Self {
        Self { name, value }
    }
}

impl<T: Display + Serialize> Report for Said<'_, T> {
    fn human(&self, _ink: Ink) -> String {
        let text = SafeText::block(&Untrusted::new(self.value.to_string()));
        format!("{}\n", text.as_str().trim_end())
    }

    fn name(&self) -> &'static str {
        self.name
    }

    fn body(&self) -> impl Serialize + '_ {
        self.value
    }
}
