//! A policy, written out again as JSON that reads the same.

use super::policy::{Actions, Condition, Effect, Party, Policy, Principals, Resources, Statement};
use serde::{Serialize, Serializer, ser::SerializeMap};
use std::fmt;

/// As JSON on one line, in the order AWS's documentation uses.
impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl Serialize for Policy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        let version = if self.has_variables { "2012-10-17" } else { "2008-10-17" };
        map.serialize_entry("Version", version)?;
        map.serialize_entry("Statement", &self.statements)?;
        map.end()
    }
}

impl Serialize for Statement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(sid) = &self.sid {
            map.serialize_entry("Sid", sid)?;
        }
        let effect = match self.effect {
            Effect::Allow => "Allow",
            Effect::Deny => "Deny",
        };
        map.serialize_entry("Effect", effect)?;
        match &self.principals {
            Some(Principals::Only(all)) => map.serialize_entry("Principal", &Parties(all))?,
            Some(Principals::AllBut(all)) => map.serialize_entry("NotPrincipal", &Parties(all))?,
            None => {}
        }
        match &self.actions {
            Actions::Only(all) => map.serialize_entry("Action", &Texts(all))?,
            Actions::AllBut(all) => map.serialize_entry("NotAction", &Texts(all))?,
        }
        match &self.resources {
            Some(Resources::Only(all)) => map.serialize_entry("Resource", &Texts(all))?,
            Some(Resources::AllBut(all)) => map.serialize_entry("NotResource", &Texts(all))?,
            None => {}
        }
        if !self.conditions.is_empty() {
            map.serialize_entry("Condition", &Conditions(&self.conditions))?;
        }
        map.end()
    }
}

/// One text stands alone, several in a list.
struct Texts<'a>(&'a [Box<str>]);

impl Serialize for Texts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            [one] => one.serialize(serializer),
            all => all.serialize(serializer),
        }
    }
}

struct Parties<'a>(&'a [Party]);

impl Serialize for Parties<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.contains(&Party::Anyone) {
            return serializer.serialize_str("*");
        }
        let mut map = serializer.serialize_map(None)?;
        let mut written = Vec::new();
        for party in self.0 {
            let kind = kind(party).0;
            if written.contains(&kind) {
                continue;
            }
            written.push(kind);
            let names: Vec<&str> = self
                .0
                .iter()
                .map(self::kind)
                .filter(|own| own.0 == kind)
                .map(|own| own.1)
                .collect();
            map.serialize_entry(kind, &names)?;
        }
        map.end()
    }
}

/// The kind's name, and the party's.
fn kind(party: &Party) -> (&'static str, &str) {
    match party {
        Party::Anyone => ("", "*"),
        Party::Aws(name) => ("AWS", name),
        Party::Service(name) => ("Service", name),
        Party::Federated(name) => ("Federated", name),
        Party::CanonicalUser(name) => ("CanonicalUser", name),
    }
}

/// Grouped by operator.
struct Conditions<'a>(&'a [Condition]);

impl Serialize for Conditions<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        // As read, conditions with one operator stand together.
        for group in self.0.chunk_by(|a, b| a.operator == b.operator) {
            map.serialize_entry(&group[0].operator, &Keys(group))?;
        }
        map.end()
    }
}

struct Keys<'a>(&'a [Condition]);

impl Serialize for Keys<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for condition in self.0 {
            map.serialize_entry(&condition.key, &Texts(&condition.values))?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use crate::iam::Policy;
    use proptest::prelude::*;

    /// A statement's JSON, of anything the grammar allows.
    fn statement() -> impl Strategy<Value = String> {
        let text = || "[a-zA-Z0-9:*?${}/\"\\\\é.-]{0,12}".prop_map(|text| quoted(&text));
        let one_or_more = move || {
            prop_oneof![
                text(),
                prop::collection::vec(text(), 0..4).prop_map(|all| format!("[{}]", all.join(",")))
            ]
        };
        let element = move |name: &'static str, value: BoxedStrategy<String>| {
            (any::<bool>(), value).prop_map(move |(is_not, value)| {
                format!("\"{}{name}\":{value}", if is_not { "Not" } else { "" })
            })
        };
        let parties = prop_oneof![
            Just("\"*\"".to_owned()),
            (one_or_more(), one_or_more())
                .prop_map(|(aws, service)| format!(r#"{{"Service":{service},"AWS":{aws}}}"#)),
        ];
        let condition = (one_or_more(), text()).prop_map(|(values, other)| {
            format!(
                r#""Condition":{{"StringLike":{{"a":{values},"b":{other}}},"Bool":{{"c":true}}}}"#
            )
        });
        (
            prop_oneof![Just("Allow"), Just("Deny")],
            element("Action", one_or_more().boxed()),
            prop::option::of(element("Resource", one_or_more().boxed())),
            prop::option::of(element("Principal", parties.boxed())),
            prop::option::of(condition),
            prop::option::of(text().prop_map(|sid| format!("\"Sid\":{sid}"))),
        )
            .prop_map(|(effect, action, resource, principal, condition, sid)| {
                let mut all = vec![format!("\"Effect\":\"{effect}\""), action];
                all.extend([resource, principal, condition, sid].into_iter().flatten());
                format!("{{{}}}", all.join(","))
            })
    }

    fn quoted(text: &str) -> String {
        serde_json::to_string(text).unwrap()
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_the_same(
            statements in prop::collection::vec(statement(), 0..4), is_new in any::<bool>(),
        ) {
            let version = if is_new { r#""Version":"2012-10-17","# } else { "" };
            let text = format!("{{{version}\"Statement\":[{}]}}", statements.join(","));
            let policy = Policy::parse(&text).unwrap();
            let printed = policy.to_string();
            prop_assert_eq!(Policy::parse(&printed), Ok(policy), "{}", printed);
        }
    }

    #[test]
    fn it_is_printed_in_the_order_of_the_documentation() {
        let policy = Policy::parse(
            r#"{"Statement":{"Condition":{"Bool":{"k":true}},"Resource":["*"],"Action":["a:b","c:d"],"Effect":"Deny","Sid":"x"}}"#,
        )
        .unwrap();
        assert_eq!(
            policy.to_string(),
            r#"{"Version":"2008-10-17","Statement":[{"Sid":"x","Effect":"Deny","Action":["a:b","c:d"],"Resource":"*","Condition":{"Bool":{"k":"true"}}}]}"#
        );
    }
}
