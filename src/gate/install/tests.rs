//! Installing and taking out again, over files of every shape.

use super::{Filling, Form, HOSTS, JsonForm, found, host, with, without};
use proptest::prelude::*;
use serde_json::Value;

const COMMAND: &str = "/usr/local/bin/countersign gate hook ";

fn filling(host: &str) -> Filling {
    Filling { command: format!("{COMMAND}{host}"), seconds: 60 }
}

fn forms() -> Vec<(&'static str, &'static JsonForm)> {
    let places = HOSTS.iter().flat_map(|host| host.places.iter().map(|place| (host.id, place)));
    places
        .filter_map(|(id, place)| match place.form {
            Form::Json(form) => Some((id, form)),
            Form::Plugin => None,
        })
        .collect()
}

fn claude() -> &'static JsonForm {
    match host("claude-code").unwrap().places[0].form {
        Form::Json(form) => form,
        Form::Plugin => unreachable!("Claude Code has settings"),
    }
}

/// Installs, checks that a second time changes nothing, and takes it out again.
fn there_and_back(before: &str, id: &str, form: &JsonForm) -> Option<String> {
    let filling = filling(id);
    let after = with(before, form, &filling, id).unwrap();
    assert_eq!(with(&after, form, &filling, id).unwrap(), after, "{id}: a second time changes it");
    let there = found(&after, form, id).unwrap();
    assert_eq!(there.len(), form.lists.len(), "{id}: {after}");
    let own = |command: &str| command.starts_with(filling.command.as_str());
    assert!(there.iter().all(|found| found.closed && own(&found.command)), "{id}: {after}");
    let kept = without(&after, form, id, 60, Some(before)).unwrap();
    assert_eq!(kept.as_deref(), Some(before), "{id}: with what was kept");
    without(&after, form, id, 60, None).unwrap()
}

#[test]
fn a_file_that_was_not_there_goes_again() {
    for (id, form) in forms() {
        assert_eq!(there_and_back("", id, form), None, "{id}");
    }
}

#[test]
fn files_come_back_byte_for_byte_even_without_what_was_kept() {
    for before in [
        "{\n  \"model\": \"opus\"\n}\n",
        "{\r\n\t\"model\": \"opus\",\r\n\t\"list\": [1, 2,\r\n 3]\r\n}",
        "{\"model\":\"opus\",\"a\":{\"b\":[]}}",
        "{ \"model\" : \"opus\" }\n\n",
        "  {\n    \"ü\": \"\\u00e9\",\n\n    \"n\": 1.50e3\n    }",
    ] {
        for (id, form) in forms().iter().filter(|(_, form)| form.version.is_none()) {
            assert_eq!(there_and_back(before, id, form).as_deref(), Some(before), "{id}");
        }
    }
}

#[test]
fn other_hooks_stay_where_they_are() {
    let before = r#"{
    "hooks": {
        "PostToolUse": [],
        "PreToolUse": [
            {
                "matcher": "Bash",
                "hooks": [
                    { "type": "command", "command": "lint.sh" }
                ]
            }
        ]
    },
    "z": 1,
    "a": 2
}
"#;
    assert_eq!(there_and_back(before, "claude-code", claude()).as_deref(), Some(before));
    let after = with(before, claude(), &filling("claude-code"), "claude-code").unwrap();
    insta::assert_snapshot!(after);
}

#[test]
fn a_compact_file_stays_compact() {
    let after = with("{\"a\":1}", claude(), &filling("claude-code"), "claude-code").unwrap();
    assert_eq!(
        after,
        "{\"a\":1,\"hooks\":{\"PreToolUse\":[{\"matcher\":\"*\",\"hooks\":[{\"type\":\"command\",\
         \"command\":\"/usr/local/bin/countersign gate hook claude-code\",\"timeout\":60,\
         \"onFailure\":\"block\"}]}]}}"
    );
}

#[test]
fn a_hook_that_was_weakened_is_put_right_and_only_once() {
    let id = "claude-code";
    let fresh = with("", claude(), &filling(id), id).unwrap();
    let weak = fresh.replace("\"block\"", "\"continue\"");
    assert!(!found(&weak, claude(), id).unwrap()[0].closed);
    assert_eq!(with(&weak, claude(), &filling(id), id).unwrap(), fresh);
    let moved = Filling { command: format!("/opt/countersign gate hook {id}"), seconds: 60 };
    let elsewhere = with(&fresh, claude(), &moved, id).unwrap();
    assert_eq!(found(&elsewhere, claude(), id).unwrap().len(), 1);
    assert!(elsewhere.contains("/opt/countersign"));
}

#[test]
fn a_hook_in_somebody_elses_group_leaves_the_group_to_them() {
    let id = "claude-code";
    let own = format!("{COMMAND}{id}");
    let theirs = format!(
        r#"{{"hooks": {{"PreToolUse": [{{"matcher": "Bash", "hooks": [{{"command": "a"}}, {{"command": "{own}"}}, {{"command": "b"}}]}}]}}}}"#
    );
    let out = without(&theirs, claude(), id, 60, None).unwrap().unwrap();
    assert_eq!(
        out,
        r#"{"hooks": {"PreToolUse": [{"matcher": "Bash", "hooks": [{"command": "a"}, {"command": "b"}]}]}}"#
    );
}

#[test]
fn what_changed_since_stays() {
    let id = "claude-code";
    let before = "{\n  \"model\": \"a\"\n}\n";
    let after = with(before, claude(), &filling(id), id).unwrap();
    let changed = after.replace("\"a\"", "\"b\"");
    let out = without(&changed, claude(), id, 60, Some(before)).unwrap();
    assert_eq!(out.as_deref(), Some("{\n  \"model\": \"b\"\n}\n"));
}

#[test]
fn a_file_that_is_otherwise_than_its_host_reads_it_is_refused() {
    for (text, why) in [
        ("{ // mine\n}", "a comment"),
        ("[]", "expected an object"),
        ("{\"hooks\": []}", "`hooks` is no object"),
        ("{\"hooks\": {\"PreToolUse\": {}}}", "`hooks.PreToolUse` is no list"),
        ("{\"hooks\": {}", "ends in the middle"),
    ] {
        let fault = with(text, claude(), &filling("claude-code"), "claude-code").unwrap_err();
        assert!(fault.to_string().contains(why), "{text}: {fault}");
    }
    let (id, cursor) = forms().into_iter().find(|(id, _)| *id == "cursor").unwrap();
    let fault = with("{\"version\": 2}", cursor, &filling(id), id).unwrap_err();
    assert!(fault.to_string().contains("not known here"), "{fault}");
}

/// A document of any shape, with hooks of others in it now and then.
fn document() -> impl Strategy<Value = (Value, u8)> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[a-zé\"\\\\ {\\[]{0,8}".prop_map(Value::from),
    ];
    let value = leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-c]{1,2}", inner, 0..4)
                .prop_map(|members| members.into_iter().collect()),
        ]
    });
    let hooks = prop_oneof![
        Just(None),
        Just(Some(serde_json::json!({}))),
        Just(Some(serde_json::json!({ "PreToolUse": [] }))),
        Just(Some(serde_json::json!({ "PreToolUse": [{ "hooks": [{ "command": "x" }] }] }))),
        Just(Some(serde_json::json!({ "Stop": [1], "PreToolUse": [{ "command": "y" }, {}] }))),
    ];
    (prop::collection::btree_map("[a-c]{1,2}", value, 0..4), hooks, 0_u8..6).prop_map(
        |(members, hooks, layout)| {
            let mut all: serde_json::Map<String, Value> = members.into_iter().collect();
            if let Some(hooks) = hooks {
                all.insert("hooks".to_owned(), hooks);
            }
            (Value::Object(all), layout)
        },
    )
}

/// The document as different editors write it.
fn laid_out(value: &Value, layout: u8) -> String {
    let pretty = serde_json::to_string_pretty(value).unwrap();
    match layout {
        0 => value.to_string(),
        1 => pretty,
        2 => format!("{pretty}\n"),
        3 => pretty.replace('\n', "\r\n"),
        4 => pretty
            .lines()
            .flat_map(|line| {
                let text = line.trim_start();
                ["\t".repeat((line.len() - text.len()) / 2), text.to_owned(), "\n".to_owned()]
            })
            .collect(),
        _ => format!(" \n{}\t\n", value.to_string().replace(':', " : ")),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn any_file_holds_the_hook_and_what_it_held_and_comes_back((value, layout) in document()) {
        let before = laid_out(&value, layout);
        // Blanks inside strings may have been doubled: still JSON, still to be kept.
        let value: Value = serde_json::from_str(&before).unwrap();
        let after = with(&before, claude(), &filling("claude-code"), "claude-code").unwrap();
        let read: Value = serde_json::from_str(&after).unwrap();
        for (key, held) in value.as_object().unwrap().iter().filter(|(key, _)| *key != "hooks") {
            prop_assert_eq!(&read[key], held);
        }
        let mut others = read["hooks"].clone();
        let list = others["PreToolUse"].as_array_mut().unwrap();
        let own = list.pop().unwrap();
        prop_assert_eq!(own["matcher"].as_str(), Some("*"));
        let held = value.pointer("/hooks/PreToolUse").cloned().unwrap_or_else(|| Value::Array(vec![]));
        prop_assert_eq!(Value::from(list.clone()), held);
        let out = there_and_back(&before, "claude-code", claude());
        // Without what was kept, an empty list or object may have been ours to take away.
        let out = out.unwrap_or_default();
        if !before.contains("{}") && !before.contains("[]") {
            prop_assert_eq!(out, before);
        }
    }
}
