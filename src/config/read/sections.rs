//! What is particular about single sections: receivers, and names that the user chooses.

use super::super::{
    document::Showing,
    hints::{kind_of, wanted},
    layer::{Keys, Layer, Placed, Value},
    schema::{FETCH, Key, Kind, Section},
    shape::Shape,
    span::span as length_of,
};
use super::{Reader, Table};
use std::{collections::BTreeMap, ops::Range};
use toml::{Spanned, de::DeValue};

impl Reader<'_> {
    /// A receiver is told in exactly one way, and a webhook is signed.
    pub(super) fn one_way(&mut self, keys: &Keys, table: &Table<'_>, span: &Range<usize>) {
        const WAYS: [&str; 4] = ["webhook", "slack", "command", "bell"];
        let no_bell = matches!(keys.get("bell"), Some(Placed { value: Value::Flag(false), .. }));
        let given: Vec<&str> = WAYS
            .into_iter()
            .filter(|way| table.keys().any(|name| name.get_ref() == way))
            .filter(|way| *way != "bell" || !no_bell)
            .collect();
        let has_secret = table.keys().any(|name| name.get_ref() == "secret");
        let span = span.clone();
        match given[..] {
            [] => self.wrong(
                span,
                "this [[notify]] does not say how to tell".to_owned(),
                "add exactly one of webhook, slack, command and bell".to_owned(),
            ),
            ["webhook"] if !has_secret => self.wrong(
                span,
                "this [[notify]] has a `webhook` and no `secret`, so nobody could tell its news \
                 from forged ones"
                    .to_owned(),
                "add secret = { file = \"PATH\" } or { env = \"VARIABLE\" }; \
                 `openssl rand -hex 32` makes one"
                    .to_owned(),
            ),
            [one] if one != "webhook" && has_secret => self.wrong(
                span,
                format!("`secret` signs a `webhook`, and this is a `{one}`"),
                "take it out".to_owned(),
            ),
            [_] => {}
            _ => self.wrong(
                span,
                format!("this [[notify]] has {} at once", given.join(" and ")),
                "make one [[notify]] of each".to_owned(),
            ),
        }
    }

    /// The keys of a section whose user chooses their names.
    pub(super) fn free(
        &mut self,
        section: &'static Section,
        table: &Table<'_>,
    ) -> BTreeMap<String, Placed> {
        let mut keys = BTreeMap::new();
        let Some(kind) = section.free else { return keys };
        for (name, value) in table {
            let given = name.get_ref();
            if let Err(misshapen) = Shape::Name.check(given) {
                self.report(name.span(), Showing::Key, misshapen.message, misshapen.help);
                continue;
            }
            if kind == Kind::Fetch {
                if let Some(placed) = self.fetch(given, value) {
                    keys.insert(given.clone().into_owned(), placed);
                }
                continue;
            }
            let wanted = wanted(kind);
            let (Kind::List(shape), DeValue::Array(items)) = (kind, value.get_ref()) else {
                let message =
                    format!("`{given}` must be {wanted}, not {}", kind_of(value.get_ref()));
                let help = format!("for example {given} = [\"rowan\"]");
                self.wrong(value.span(), message, help);
                continue;
            };
            let named = Key { name: "groups", kind, required: false };
            let read: Vec<Option<String>> =
                items.iter().map(|item| self.item(&named, shape, item)).collect();
            let Some(items) = read.into_iter().collect::<Option<_>>() else { continue };
            let (line, span) = (self.document.line(value.span().start), value.span());
            let placed = Placed { value: Value::List(items), file: self.file.clone(), line, span };
            keys.insert(given.clone().into_owned(), placed);
        }
        keys
    }

    /// What a command is asked for, how often, and how old its answer may be.
    fn fetch(&mut self, name: &str, value: &Spanned<DeValue<'_>>) -> Option<Placed> {
        const EXAMPLE: &str = "for example oncall = { command = [\"/usr/local/bin/on-call\"], \
            every = \"5m\", at_most = \"1h\" }";
        let span = value.span();
        let DeValue::Table(table) = value.get_ref() else {
            let message = format!("`{name}` must be a table, not {}", kind_of(value.get_ref()));
            self.wrong(span, message, EXAMPLE.to_owned());
            return None;
        };
        let faults = self.problems.len() + self.more;
        let keys = self.keys(FETCH, &format!("`{name}`"), table);
        if self.problems.len() + self.more > faults {
            return None;
        }
        if !keys.contains_key("command") {
            self.wrong(span, format!("`{name}` has no `command`"), EXAMPLE.to_owned());
            return None;
        }
        let length = |key, default: &str| match keys.get(key).map(|placed| &placed.value) {
            Some(Value::Text(text)) => length_of(text).ok(),
            _ => length_of(default).ok(),
        };
        if length("every", "5m") > length("at_most", "1h") {
            let message = format!("`{name}` is asked less often than its answer may be old");
            let help = "make `every` shorter than `at_most`: in between, the group would be empty";
            self.wrong(span, message, help.to_owned());
            return None;
        }
        let line = self.document.line(span.start);
        let keys = keys.into_iter().map(|(key, placed)| (key, placed.value)).collect();
        Some(Placed { value: Value::Table(keys), file: self.file.clone(), line, span })
    }

    /// One group has its members from one place.
    pub(super) fn refuse_two_places(&mut self, layer: &Layer) {
        let Some(fetched) = layer.free.get("groups_from") else { return };
        let written = layer.free.get("groups");
        for (name, placed) in fetched {
            if let Some(other) = written.and_then(|groups| groups.get(name)) {
                let message = format!(
                    "`{name}` stands in [groups] too, on line {}; who is in it would be anybody's guess",
                    other.line
                );
                self.wrong(placed.span.clone(), message, "keep one of the two".to_owned());
            }
        }
    }
}
