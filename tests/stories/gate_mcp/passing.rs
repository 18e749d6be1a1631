//! What is no call of a tool passes letter by letter, both ways.

use super::talk::{Talk, at_home, let_through};
use countersign::domain::Leave;
use serde_json::json;

#[test]
fn everything_but_calls_passes_letter_by_letter() {
    let program = at_home();
    let mut talk = Talk::with_echo(&program, &[]);
    for line in [
        // Ids of both kinds, fields nobody knows, numbers and escapes as they were written.
        r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#,
        r#"{"jsonrpc": "2.0", "id": "a-1", "method": "ping", "_new": {"z": 1, "a": 1.50e+3}}"#,
        r#"{"id":9007199254740993,"jsonrpc":"2.0","method":"resources/read","params":{"uri":"x:\u00e9é"}}"#,
        r#"{"jsonrpc":"2.0","id":2,"method":"initialize","params":{"protocolVersion":"2031-01-01","capabilities":{"x":{}},"clientInfo":{"name":"c","version":"1"}}}"#,
        r#"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"t","progress":0.5}}"#,
        r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"nobody"}}"#,
        r#"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#,
        r#"{"jsonrpc":"2.0","id":3,"method":"sampling/createMessage","params":{"tools":[{"name":"x"}],"maxTokens":1}}"#,
        r#"{"jsonrpc":"2.0","id":4,"method":"elicitation/create","params":{"message":"?"}}"#,
        r#"{"jsonrpc":"2.0","id":5,"method":"vendor/unknown","params":[1,2]}"#,
        r#"{"jsonrpc":"2.0","id":5,"result":{"tools":"none","_meta":{}}}"#,
        r#"{"jsonrpc":"2.0","id":6,"error":{"code":-32601,"message":"no","data":[]}}"#,
        r#"[{"jsonrpc":"2.0","id":7,"method":"ping"},{"jsonrpc":"2.0","method":"x"}]"#,
        r#"{"jsonrpc":"2.0","id":8,"method":"tools/list","params":{"cursor":"7"}}"#,
    ] {
        talk.line(line);
        assert_eq!(talk.heard(), line);
    }
    assert_eq!(talk.end(), Some(0));
}

#[test]
fn a_call_that_only_reads_passes_and_is_written_down() {
    let program = at_home();
    let mut talk = Talk::with_echo(&program, &["--name", "github"]);
    let call = r#"{"jsonrpc":"2.0", "id":"x", "method":"tools/call", "params":{"name":"list_issues","arguments":{"repo":"shop"},"_meta":{"progressToken":1}}}"#;
    talk.line(call);
    assert_eq!(talk.heard(), call);
    let log = let_through(&program);
    assert_eq!(log.len(), 1, "{log:?}");
    assert_eq!(log[0].ruling.leave, Leave::LetThrough);
    assert!(log[0].title.raw().starts_with("github/list_issues"), "{log:?}");
}

#[test]
fn a_message_that_servers_could_read_as_a_call_goes_no_further() {
    let program = at_home();
    let mut talk = Talk::with_echo(&program, &["--timeout", "1s"]);
    for line in [
        r#"{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/call","params":{"name":"delete_all"}}"#,
        r#"{"jsonrpc":"2.0","id":1,"method":"ping","Method":"tools/call","params":{"name":"delete_all"}}"#,
        r#"{"jsonrpc":"2.0","id":1,"method":"Tools/Call","params":{"name":"delete_all"}}"#,
        r#"{"jsonrpc":"2.0","id":1,"method":"tools\/call","params":{"name":"delete_all"}}"#,
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list","Name":"delete_all"}}"#,
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list","arguments":{"sql":"SELECT 1","sql":"DROP TABLE x"}}}"#,
        r#"[{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"delete_all"}}]"#,
    ] {
        talk.line(line);
        let heard: serde_json::Value = serde_json::from_str(&talk.heard()).unwrap();
        assert!(heard["error"]["code"].is_number(), "{line}: {heard}");
        assert_eq!(heard["id"], 1, "{line}: {heard}");
    }
    // What wants no answer gets none, and does not pass either.
    for line in [
        r#"{"jsonrpc":"2.0","method":"tools/call","params":{"name":"delete_all"}}"#,
        r#"{"jsonrpc":"2.0","id":null,"method":"tools/call","params":{"name":"delete_all"}}"#,
    ] {
        talk.line(line);
        talk.hears_only(&json!({"jsonrpc": "2.0", "id": 9, "method": "ping"}));
    }
}

#[test]
fn a_line_break_within_a_message_does_not_begin_another_one() {
    let program = at_home();
    let mut talk = Talk::with_echo(&program, &[]);
    let call = r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"delete_all"}}"#;
    talk.line(&format!(
        r#"{{"jsonrpc":"2.0","id":2,"method":"x","params":{}{call}{}}}"#,
        '\r', '\r'
    ));
    assert!(!talk.heard().contains('\r'));
}

#[test]
fn what_is_no_json_goes_no_further_and_breaks_nothing() {
    let program = at_home();
    let mut talk = Talk::with_echo(&program, &[]);
    talk.line(r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"x":NaN}}"#);
    let heard: serde_json::Value = serde_json::from_str(&talk.heard()).unwrap();
    assert_eq!(heard["error"]["code"], -32700);
    talk.hears_only(&json!({"jsonrpc": "2.0", "id": 2, "method": "ping"}));
}
