//! A call that changes something waits for people, while everything else goes on.

use super::talk::{Talk, at_home, decide, how_many_wait, let_through, waiting};
use countersign::domain::{Subject, Verdict};
use serde_json::{Value, json};

fn change() -> Value {
    json!({"repo": "shop", "title": "Fix", "state": "open"})
}

#[test]
fn a_held_call_passes_once_it_is_approved_and_only_once() {
    let program = at_home();
    let mut talk = Talk::with_echo(&program, &["--name", "github", "--timeout", "60s"]);
    let id = talk.request("tools/call", &json!({"name": "update_issue", "arguments": change()}));
    let action = decide(&program, Verdict::Approve, "");
    let Subject::Call { via, tool, .. } = &action.subject else { panic!("{action:?}") };
    assert_eq!((via.as_str(), tool.raw()), ("mcp", "github/update_issue"));
    let heard: Value = serde_json::from_str(&talk.heard()).unwrap();
    assert_eq!((&heard["id"], &heard["method"]), (&id, &json!("tools/call")));
    assert_eq!(how_many_wait(&program), 0);

    let second =
        talk.request("tools/call", &json!({"name": "update_issue", "arguments": change()}));
    let (row, _) = waiting(&program);
    assert_ne!(row.id, action.id, "a second call is another request");
    decide(&program, Verdict::Reject, "not on a Friday");
    let refused = talk.answer(&second);
    assert_eq!(refused["error"]["code"], 77);
    assert_eq!(refused["error"]["data"]["leave"], "rejected");
    assert!(refused["error"]["message"].as_str().unwrap().contains("not on a Friday"));
    assert_eq!(let_through(&program).len(), 0);
}

#[test]
fn other_messages_do_not_wait_for_a_held_call() {
    let program = at_home();
    let mut talk = Talk::with_echo(&program, &["--name", "github", "--timeout", "60s"]);
    talk.request("tools/call", &json!({"name": "update_issue", "arguments": change()}));
    waiting(&program);
    talk.hears_only(&json!({"jsonrpc": "2.0", "id": 50, "method": "ping"}));
    let read = json!({"jsonrpc": "2.0", "id": 51, "method": "tools/call",
                      "params": {"name": "list_issues", "arguments": {}}});
    talk.hears_only(&read);
}

#[test]
fn after_the_time_there_is_a_ticket_and_the_very_same_call_passes_in_another_session() {
    let program = at_home();
    let options = ["--name", "github", "--timeout", "1s"];
    let mut talk = Talk::with_echo(&program, &options);
    let refused = talk.call("update_issue", &change());
    let error = &refused["error"];
    assert_eq!(error["code"], 75, "{refused}");
    assert_eq!(error["data"]["leave"], "held");
    let (row, _) = waiting(&program);
    assert_eq!(error["data"]["action"], row.id.as_str());
    assert!(error["message"].as_str().unwrap().contains("the very same call"), "{error}");
    assert_eq!(talk.end(), Some(0));

    decide(&program, Verdict::Approve, "");
    let mut talk = Talk::with_echo(&program, &options);
    let mut other = change();
    other["state"] = json!("closed");
    let refused = talk.call("update_issue", &other);
    assert_eq!(refused["error"]["code"], 75, "another call does not pass: {refused}");
    let id = talk.request("tools/call", &json!({"name": "update_issue", "arguments": change()}));
    let heard: Value = serde_json::from_str(&talk.heard()).unwrap();
    assert_eq!((&heard["id"], &heard["method"]), (&id, &json!("tools/call")), "{heard}");
}

#[test]
fn a_client_that_wants_to_know_hears_how_far_it_is() {
    let program = at_home();
    let mut talk = Talk::with_echo(&program, &["--name", "github", "--timeout", "60s"]);
    let params = json!({"name": "update_issue", "arguments": change(),
                        "_meta": {"progressToken": "tell-me"}});
    talk.request("tools/call", &params);
    let progress: Value = serde_json::from_str(&talk.heard()).unwrap();
    assert_eq!(progress["method"], "notifications/progress");
    assert_eq!(progress["params"]["progressToken"], "tell-me");
    let text = progress["params"]["message"].as_str().unwrap();
    assert!(text.starts_with("waiting for ") && text.contains("; expires in "), "{text}");
    decide(&program, Verdict::Approve, "");
    loop {
        let heard: Value = serde_json::from_str(&talk.heard()).unwrap();
        if heard["method"] == "tools/call" {
            assert_eq!(heard["params"], params);
            return;
        }
        assert!(heard["params"]["progress"].as_f64().unwrap() < 1.0, "{heard}");
    }
}

#[test]
fn a_cancelled_call_does_not_pass_when_it_is_approved_later() {
    let program = at_home();
    let mut talk = Talk::with_echo(&program, &["--name", "github", "--timeout", "60s"]);
    let id = talk.request("tools/call", &json!({"name": "update_issue", "arguments": change()}));
    waiting(&program);
    talk.say(&json!({"jsonrpc": "2.0", "method": "notifications/cancelled",
                     "params": {"requestId": id}}));
    talk.hears_only(&json!({"jsonrpc": "2.0", "id": 50, "method": "ping"}));
    decide(&program, Verdict::Approve, "");
    talk.hears_only(&json!({"jsonrpc": "2.0", "id": 51, "method": "ping"}));
    // It stays approved for whoever asks the very same again.
    talk.request("tools/call", &json!({"name": "update_issue", "arguments": change()}));
    assert!(talk.heard().contains("tools/call"));
}

#[test]
fn what_lies_in_the_arguments_is_judged() {
    let program = at_home();
    let mut talk = Talk::with_echo(&program, &["--name", "sqlite", "--timeout", "1s"]);
    for (tool, arguments) in [
        ("write_query", json!({"query": "DROP TABLE customers"})),
        ("read_query", json!({"query": "SELECT 1; DROP TABLE customers"})),
        ("run", json!({"command": "rm -rf /srv/data"})),
        ("list_items", json!({"cmd": "rm -rf /srv/data"})),
        ("nobody_knows_what", json!({})),
    ] {
        let refused = talk.call(tool, &arguments);
        let code = refused["error"]["code"].as_i64();
        assert!(matches!(code, Some(75 | 77)), "{tool}: {refused}");
    }
    assert_eq!(let_through(&program).len(), 0);
}

#[test]
fn without_a_store_calls_are_refused_with_the_reason_and_the_rest_goes_on() {
    let program = at_home();
    let folder = program.store_path().parent().unwrap().to_owned();
    std::fs::remove_dir_all(&folder).unwrap();
    program.write("state/countersign", "a file where the folder should be");
    let mut talk = Talk::with_echo(&program, &["--name", "github"]);
    for tool in ["list_issues", "update_issue"] {
        let refused = talk.call(tool, &change());
        assert_eq!(refused["error"]["code"], 77, "{refused}");
        assert!(refused["error"]["message"].as_str().unwrap().len() > 20, "{refused}");
    }
    talk.hears_only(&json!({"jsonrpc": "2.0", "id": 50, "method": "ping"}));
    let list = json!({"jsonrpc": "2.0", "id": 51, "result": {"tools": [{"name": "list_issues"}]}});
    talk.hears_only(&list);
}
