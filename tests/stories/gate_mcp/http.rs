//! A server behind streamable HTTP, spoken to over standard streams.

use super::{
    real::node,
    talk::{Talk, at_home},
};
use serde_json::json;
use std::{
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// server-everything on a free port of this machine.
fn everything() -> (Running, String) {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let [node, script] = node("server-everything");
    let child = Command::new(node)
        .args([script.as_str(), "streamableHttp"])
        .env("PORT", port.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let running = Running(child);
    let until = Instant::now() + Duration::from_mins(1);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < until, "server-everything does not listen");
        std::thread::sleep(Duration::from_millis(50));
    }
    (running, format!("http://127.0.0.1:{port}/mcp"))
}

#[test]
#[ignore = "needs server-everything: make test"]
fn a_server_behind_http_is_served_and_judged_the_same() {
    let (server, url) = everything();
    let program = at_home().with("NO_PROXY", "127.0.0.1").with("TOKEN", "Bearer quite-secret");
    let options = [
        "--url",
        &url,
        "--name",
        "everything",
        "--timeout",
        "1s",
        "--header-env",
        "Authorization=TOKEN",
    ];
    let mut talk = Talk::with(&program, &options, &[]);
    let begun = talk.begin();
    assert!(begun["result"]["protocolVersion"].is_string(), "{begun}");
    let tools = talk.ask("tools/list", &json!({}));
    let tools = tools["result"]["tools"].as_array().unwrap();
    assert!(tools.iter().any(|tool| tool["name"] == "echo"), "{tools:?}");
    assert!(talk.ask("ping", &json!({}))["result"].is_object());
    assert!(talk.ask("resources/list", &json!({}))["result"]["resources"].is_array());
    assert_eq!(talk.ask("vendor/unknown", &json!({}))["error"]["code"], -32601);
    let refused = talk.call("nobody-knows-this-one", &json!({}));
    assert_eq!(refused["error"]["code"], 75, "{refused}");
    drop(server);
    let gone = talk.ask("ping", &json!({}));
    assert!(gone["error"]["message"].as_str().unwrap().contains("cannot be reached"), "{gone}");
    assert!(!talk.told().contains("quite-secret"));
    assert_eq!(talk.end(), Some(0));
}

#[test]
fn a_server_that_cannot_be_reached_is_an_answer_and_not_an_end() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let program = at_home().with("NO_PROXY", "127.0.0.1");
    let mut talk = Talk::with(&program, &["--url", &format!("http://127.0.0.1:{port}/mcp")], &[]);
    let answer = talk.ask("initialize", &json!({}));
    assert_eq!(answer["error"]["code"], -32603, "{answer}");
    assert_eq!(talk.end(), Some(0));
}
