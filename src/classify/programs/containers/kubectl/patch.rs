//! `kubectl patch`: what the patch says, as far as it takes a guard away.

use crate::{
    classify::{Judge, programs::Matched},
    domain::Verb,
};
use serde_json::Value;

/// Judges a patch: merge, strategic or JSON.
pub fn patch(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let names = matched.names(judge);
    let text = matched.value("-p").or(matched.value("--patch"));
    let lost = text.and_then(|text| match serde_json::from_str::<Value>(text.text()) {
        Ok(value) => loses(&value),
        Err(_) => loses_as_text(text.text()),
    });
    match lost {
        Some(lost) => judge.destroys(Verb::Delete, "kubernetes", names, matched.span(), lost),
        None => {
            judge.changes(Verb::Update, "kubernetes", names, matched.span(), "patch it back");
        }
    }
}

const FINALIZERS: &str = "the object goes without the clean-up that its finalizers wait for";
const POLICY: &str = "the data goes with the object from now on";
const EMPTIED: &str = "what the object held is gone";

/// What is lost by a patch.
fn loses(patch: &Value) -> Option<&'static str> {
    let Value::Array(steps) = patch else { return merged(patch) };
    steps.iter().find_map(|step| {
        let text = |key| step.get(key).and_then(Value::as_str).unwrap_or_default();
        let (step_does, at) = (text("op"), text("path"));
        let gone = step_does == "remove" || step.get("value").is_some_and(is_empty);
        if at.contains("/finalizers") && gone {
            Some(FINALIZERS)
        } else if matches!(at, "/data" | "/binaryData" | "/stringData") && gone {
            Some(EMPTIED)
        } else if deletes(at.rsplit('/').next().unwrap_or_default(), step.get("value")) {
            Some(POLICY)
        } else {
            None
        }
    })
}

fn merged(patch: &Value) -> Option<&'static str> {
    let part = |name: &str| patch.get(name).and_then(Value::as_object);
    for part in [part("metadata"), part("spec")].into_iter().flatten() {
        for (key, value) in part {
            if key == "finalizers" && is_empty(value) {
                return Some(FINALIZERS);
            }
            if deletes(key, Some(value)) {
                return Some(POLICY);
            }
        }
    }
    ["data", "binaryData"].iter().any(|key| patch.get(key).is_some_and(is_empty)).then_some(EMPTIED)
}

/// Whether it says that data is deleted together with its object.
fn deletes(key: &str, value: Option<&Value>) -> bool {
    matches!(key, "persistentVolumeReclaimPolicy" | "deletionPolicy" | "reclaimPolicy")
        && value.and_then(Value::as_str) == Some("Delete")
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

/// The same of a patch in YAML, or with something unknown in it.
fn loses_as_text(text: &str) -> Option<&'static str> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != '"').collect();
    let emptied = ["finalizers:null", "finalizers:[]", "finalizers:~"];
    if emptied.iter().any(|shape| plain.contains(shape)) {
        return Some(FINALIZERS);
    }
    plain.contains("Policy:Delete").then_some(POLICY)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lost(text: &str) -> bool {
        let value = serde_json::from_str::<Value>(text);
        value.map_or_else(|_| loses_as_text(text), |value| loses(&value)).is_some()
    }

    #[test]
    fn a_guard_taken_away_is_seen_in_any_kind_of_patch() {
        for text in [
            r#"{"metadata":{"finalizers":null}}"#,
            r#"{"metadata":{"finalizers":[]}}"#,
            r#"{"spec":{"finalizers":[]}}"#,
            r#"{"spec":{"persistentVolumeReclaimPolicy":"Delete"}}"#,
            r#"{"spec":{"deletionPolicy":"Delete"}}"#,
            r#"[{"op":"remove","path":"/metadata/finalizers"}]"#,
            r#"[{"op":"remove","path":"/metadata/finalizers/0"}]"#,
            r#"[{"op":"replace","path":"/metadata/finalizers","value":[]}]"#,
            r#"[{"op":"replace","path":"/spec/deletionPolicy","value":"Delete"}]"#,
            r#"{"data":null}"#,
            "metadata:\n  finalizers: []\n",
            "spec: {deletionPolicy: Delete}",
        ] {
            assert!(lost(text), "{text}");
        }
        for text in [
            r#"{"metadata":{"finalizers":["keep"]}}"#,
            r#"{"metadata":{"annotations":{"finalizers":"none"}}}"#,
            r#"{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}"#,
            r#"[{"op":"remove","path":"/spec/template/spec/nodeSelector"}]"#,
            r#"{"data":{"a":null}}"#,
            "spec:\n  replicas: 2\n",
            "",
            "{",
            "[1]",
        ] {
            assert!(!lost(text), "{text}");
        }
    }
}
