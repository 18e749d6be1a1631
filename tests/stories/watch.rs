//! `countersign watch`: what happens is told, at least once, in order, signed, and to nobody's harm.

mod faults;
mod glass;
mod receivers;
mod running;

use crate::support::{
    hostile::{Hostile, Reply, Request},
    memory,
    program::{Program, Ran, wait},
};
use countersign::domain::{Action, SourceKind, SourceName};
use rustix::process::{Pid, Signal};
use serde_json::Value;
use std::{
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// What the secret file of these stories holds.
const SECRET: &str = "canary-of-the-webhook-7f3a9c";

/// A program whose webhook is `url`, with whatever else its configuration says.
fn told_at(url: &str, more: &str) -> Program {
    let program = Program::configured(format!(
        "[[notify]]\nname = \"pager\"\nwebhook = \"{url}/in\"\nsecret = {{ file = \"secret\" }}\n\
         timeout_seconds = 2\n{more}"
    ));
    program.write("config/countersign/secret", format!("{SECRET}\n"));
    program
}

fn github() -> SourceName {
    SourceName::new(SourceKind::Github, "acme")
}

/// A pull request with this title.
fn asks(number: u64, title: &str) -> Action {
    let mut action = memory::pull_request(&github(), number, "9f3c1d2e");
    action.title = title.into();
    action
}

/// Puts these into the store, as if their source had shown just them.
async fn waiting(program: &Program, actions: &[Action]) {
    let seen = countersign::domain::Observation {
        actions: actions.to_vec(),
        ..countersign::domain::Observation::default()
    };
    program.saw(&github(), SourceKind::Github, &seen).await;
}

async fn taking() -> Hostile {
    Hostile::answering(|_| Reply::json(204, "")).await
}

/// The JSON of every request.
fn bodies(receiver: &Hostile) -> Vec<Value> {
    receiver.log().iter().map(|one| serde_json::from_str(&one.body).unwrap()).collect()
}

/// `waiting a title`, of every request, in order.
fn told(receiver: &Hostile) -> Vec<String> {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    bodies(receiver)
        .iter()
        .map(|body| format!("{} {}", word(&body["event"]), word(&body["action"]["title"])))
        .map(|line| line.trim_end().to_owned())
        .collect()
}

/// What openssl says the signature of a request has to be.
fn by_openssl(request: &Request) -> String {
    let script = "openssl dgst -sha256 -mac HMAC -macopt key:\"$0\" | sed 's/.* //'";
    let mut child = Command::new("sh")
        .args(["-c", script, SECRET])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let signed = format!("{}.{}", request.header("countersign-timestamp"), request.body);
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), signed.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "this story needs openssl");
    format!("v1={}", String::from_utf8(output.stdout).unwrap().trim())
}

/// A watch that runs. It is ended with the story.
struct Watching {
    child: Option<Child>,
}

impl Watching {
    fn start(program: &Program) -> Self {
        Self { child: Some(program.command(&["watch"]).spawn().unwrap()) }
    }

    fn signal(&self, signal: Signal) {
        let pid = Pid::from_child(self.child.as_ref().unwrap());
        rustix::process::kill_process(pid, signal).unwrap();
    }

    /// Ends it as asked, and gives what it said.
    fn end(mut self, signal: Signal) -> Ran {
        self.signal(signal);
        wait(self.child.take().unwrap())
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Asks until it is so; fails after a minute.
async fn until(what: &str, mut is: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_mins(1);
    while !is() {
        assert!(Instant::now() < deadline, "not within a minute: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
