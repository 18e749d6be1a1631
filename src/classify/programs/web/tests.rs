use super::{
    json::{self, Json},
    verbs::{self, Meaning},
};
use crate::{
    classify::{self, Files, HOLE, Judge, Setting, Word},
    domain::{Class, Span},
};
use proptest::prelude::*;

fn class(command: &str) -> Class {
    classify::command(command, &Setting::default()).class()
}

fn reading<T>(text: &str, read: impl FnOnce(&Word, &mut Judge<'_>) -> T) -> T {
    let setting = Setting::default();
    let mut judge = Judge::new(text, &setting);
    read(&Word::exact(text, 0), &mut judge)
}

/// A body that lies beside the command.
struct Beside;

impl Files for Beside {
    fn read(&self, name: &str) -> Option<String> {
        match name {
            "mutation.json" => Some(r#"{"query":"mutation { deleteUser(id: 1) }"}"#.to_owned()),
            "bulk.ndjson" => {
                Some("{\"index\":{}}\n{\"a\":1}\n{\"delete\":{\"_id\":1}}\n".to_owned())
            }
            "options.cfg" => {
                Some("request = DELETE\nurl = \"https://a.example.com/1\"\n".to_owned())
            }
            "api.hurl" => Some(
                "GET https://a.example.com\nHTTP 200\n\nDELETE https://a.example.com/1\n"
                    .to_owned(),
            ),
            _ => None,
        }
    }
}

#[test]
fn json_knows_where_its_texts_stand() {
    let text = r#"{"a": ["x", {"b": "it's \"q\""}], c: 1,}"#;
    let json = reading(text, json::read).unwrap();
    let list = json.get("a").unwrap().each();
    assert_eq!(list[0].as_text().unwrap().span(), Span::new(8, 9));
    assert_eq!(list[1].text(&["b"]).unwrap().text(), "it's \"q\"");
    assert!(matches!(json.get("c"), Some(Json::Number(_))));
}

#[test]
fn json_holds_what_is_not_known() {
    let text = format!("{{\"id\": {HOLE}, \"name\": \"a{HOLE}\"}}");
    let json = reading(&text, json::read).unwrap();
    assert!(matches!(json.get("id"), Some(Json::Unknown(_))));
    assert!(json.text(&["name"]).unwrap().has_holes());
}

#[test]
fn deep_json_is_given_up_in_time() {
    let text = "[".repeat(60_000);
    assert!(reading(&text, json::read).is_none());
}

#[test]
fn names_say_what_is_done() {
    let destroys =
        ["deleteRef", "volumeDelete", "drop-collection", "kv_namespace_delete", "get_and_delete"];
    for name in destroys {
        assert_eq!(verbs::name(name), Meaning::Destroys, "{name}");
    }
    let reads = [
        "list_volumes",
        "volumeList",
        "get_delete_status",
        "issue_read",
        "search_code",
        "list_deleted",
    ];
    for name in reads {
        assert_eq!(verbs::name(name), Meaning::Reads, "{name}");
    }
    for name in ["updateUser", "create_or_update_file", "status_update", "poll_create"] {
        assert!(matches!(verbs::name(name), Meaning::Changes(..)), "{name}");
    }
    assert_eq!(verbs::name("get_secret_value"), Meaning::Reveals);
    assert_eq!(verbs::name("list_secrets"), Meaning::Reads);
    assert_eq!(verbs::name("frobnicate"), Meaning::Unknown);
}

#[test]
fn words_of_names_are_found() {
    assert_eq!(verbs::words("HTTPServerDelete2x"), ["http", "server", "delete2x"]);
    assert_eq!(verbs::words("a-b_c.d/e"), ["a", "b", "c", "d", "e"]);
}

#[test]
fn files_beside_it_are_read() {
    let setting = Setting { files: &Beside, ..Setting::default() };
    let destructive = [
        "curl https://a.example.com/graphql -d @mutation.json",
        "curl -XPOST https://es:9200/_bulk --data-binary @bulk.ndjson",
        "curl -K options.cfg",
        "hurl --test api.hurl",
    ];
    for command in destructive {
        assert_eq!(classify::command(command, &setting).class(), Class::Destructive, "{command}");
    }
}

#[test]
fn the_evidence_is_the_field() {
    let command = r#"mcp:railway/graphql {"query": "mutation { volumeDelete(id: 1) }"}"#;
    let found = classify::command(command, &Setting::default());
    let span = found.effects[0].evidence;
    assert_eq!(&command[span.start..span.end], "volumeDelete");
}

#[test]
fn an_unclosed_document_is_not_read() {
    for text in
        ["mutation {", "mutation { a(", "mutation { ... on", "{ a } }", "mutation", "\"\"\"", "{ a"]
    {
        let command = format!(
            "curl https://a.example.com/graphql -d '{{\"query\":\"{}\"}}'",
            text.replace('"', "\\\"")
        );
        assert_eq!(class(&command), Class::Opaque, "{text}");
    }
}

#[test]
fn long_input_ends_in_time() {
    let many = "a { ".repeat(15_000);
    for command in [
        format!("curl https://a.example.com/graphql -d 'mutation {{ {many}'"),
        format!("mcp:a/run_sql {{\"sql\": {}", "[".repeat(60_000)),
        format!("curl -X POST https://a.example.com/{}", "delete-me/".repeat(6_000)),
        format!("curl {}", "-d a ".repeat(12_000)),
        format!("http POST a.example.com {}", "a=b ".repeat(15_000)),
    ] {
        assert!(class(&command) >= Class::Mutating);
    }
}

proptest! {
    #[test]
    fn anything_is_survived(text in "\\PC{0,80}", more in "[\\[\\]{}\":,a-z@=/?&<>$' -]{0,60}") {
        for command in [
            format!("curl {text} -X POST 'https://a.example.com/graphql?{more}' -d '{text}'"),
            format!("curl -d '{more}' {text}"),
            format!("http {more} {text}"),
            format!("wget {text} {more}"),
            format!("mcp:{text} {more}"),
            format!("mcp:a/run_query {{\"query\":\"{more}\",\"{text}\":1}}"),
            format!("heroku {text}:{more} {more}"),
            format!("fly ssh console -C '{more}'"),
        ] {
            let _ = classify::command(&command, &Setting::default());
        }
    }
}
