//! A client that writes and reads lines, and people who decide.

use crate::support::program::Program;
use countersign::{
    domain::{
        Action, Decision, LetThrough, Order, OrderId, OrderKind, Reviewer, Subject, Untrusted,
        Verdict,
    },
    gate::spool,
    policy::unsigned_text,
    store::{ActionRow, Counted, Store as _},
};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    process::{Child, ChildStdin, Command, Stdio},
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, channel},
    },
    thread,
    time::{Duration, Instant},
};

const PATIENCE: Duration = Duration::from_mins(1);

/// A conversation with an MCP server, line by line.
pub struct Talk {
    pub child: Child,
    input: Option<ChildStdin>,
    lines: Receiver<String>,
    errors: Arc<Mutex<String>>,
    next: u64,
    /// Messages that came while an answer was waited for.
    pub aside: Vec<Value>,
}

impl Talk {
    /// Through the gate, with a server that sends back every line it gets: whatever the test
    /// writes as the server's words, the gate sees coming from the server.
    pub fn with_echo(program: &Program, options: &[&str]) -> Self {
        Self::with(program, options, &["cat"])
    }

    /// Through the gate.
    pub fn with(program: &Program, options: &[&str], server: &[&str]) -> Self {
        let mut arguments = vec!["gate", "mcp"];
        arguments.extend(options);
        if !server.is_empty() {
            arguments.push("--");
        }
        arguments.extend(server);
        Self::start(program.command(&arguments))
    }

    /// Without the gate.
    pub fn straight(program: &Program, server: &[&str]) -> Self {
        let mut command = Command::new(server[0]);
        command
            .args(&server[1..])
            .env("HOME", program.path(""))
            .current_dir(program.path(""))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Self::start(command)
    }

    fn start(mut command: Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
        let (send, lines) = channel();
        let output = BufReader::new(child.stdout.take().unwrap());
        thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if send.send(line).is_err() {
                    return;
                }
            }
        });
        let errors = Arc::new(Mutex::new(String::new()));
        let (kept, mut stderr) = (Arc::clone(&errors), child.stderr.take().unwrap());
        thread::spawn(move || {
            let mut piece = [0; 4096];
            while let Ok(count @ 1..) = stderr.read(&mut piece) {
                kept.lock().unwrap().push_str(&String::from_utf8_lossy(&piece[..count]));
            }
        });
        let input = child.stdin.take();
        Self { child, input, lines, errors, next: 1, aside: Vec::new() }
    }

    /// Writes a line.
    pub fn line(&mut self, text: &str) {
        let input = self.input.as_mut().unwrap();
        input.write_all(text.as_bytes()).unwrap();
        input.write_all(b"\n").unwrap();
        input.flush().unwrap();
    }

    /// Writes a message.
    pub fn say(&mut self, message: &Value) {
        self.line(&message.to_string());
    }

    /// The next line of the other side.
    pub fn heard(&self) -> String {
        self.lines.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("silence; {}", self.told()))
    }

    /// Nothing comes but the echo of a message of our own: what was said before it was left out.
    pub fn hears_only(&mut self, message: &Value) {
        self.say(message);
        assert_eq!(self.heard(), message.to_string());
    }

    /// The answer to a request; what comes before it is kept aside, and requests of the server
    /// are answered as a client without any capabilities would.
    pub fn answer(&mut self, id: &Value) -> Value {
        loop {
            let message: Value = serde_json::from_str(&self.heard()).unwrap();
            if message.get("method").is_none() && message["id"] == *id {
                return message;
            }
            if let (Some(asked), Some(_)) = (message.get("id"), message.get("method")) {
                let error = json!({ "code": -32601, "message": "not here" });
                let answer = json!({ "jsonrpc": "2.0", "id": asked, "error": error });
                self.say(&answer);
            }
            self.aside.push(message);
        }
    }

    /// Sends a request, without waiting for its answer.
    pub fn request(&mut self, method: &str, params: &Value) -> Value {
        let id = json!(self.next);
        self.next += 1;
        self.say(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        id
    }

    /// A request and its answer.
    pub fn ask(&mut self, method: &str, params: &Value) -> Value {
        let id = self.request(method, params);
        self.answer(&id)
    }

    /// A call of a tool and its answer.
    pub fn call(&mut self, tool: &str, arguments: &Value) -> Value {
        self.ask("tools/call", &json!({ "name": tool, "arguments": arguments }))
    }

    /// Begins as clients do.
    pub fn begin(&mut self) -> Value {
        let answer = self.ask(
            "initialize",
            &json!({
                "protocolVersion": "2025-06-18",
                "capabilities": {},
                "clientInfo": { "name": "story", "version": "1" },
            }),
        );
        self.say(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }));
        answer
    }

    /// What was written to standard error so far.
    pub fn told(&self) -> String {
        self.errors.lock().unwrap().clone()
    }

    /// Waits until standard error says it.
    pub fn until_told(&self, words: &str) {
        let until = Instant::now() + PATIENCE;
        while !self.told().contains(words) {
            assert!(Instant::now() < until, "`{words}` was not said: {}", self.told());
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Closes the input.
    pub fn hang_up(&mut self) {
        self.input = None;
    }

    /// Waits for the end and gives its status.
    pub fn ended(&mut self) -> Option<i32> {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            assert!(Instant::now() < until, "it does not end: {}", self.told());
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Closes the input and waits for the end.
    pub fn end(mut self) -> Option<i32> {
        self.hang_up();
        self.ended()
    }
}

impl Drop for Talk {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn with_runtime<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// The call or change of a tool that waits, as soon as one does.
pub fn waiting(program: &Program) -> (ActionRow, Action) {
    with_runtime(async {
        let store = program.store().await;
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(row) = store.actions(false).await.unwrap().into_iter().next() {
                let found = store.action(&row.id).await.unwrap().unwrap();
                store.close().await;
                return found;
            }
            assert!(Instant::now() < until, "nothing waits");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
}

/// How many actions wait.
pub fn how_many_wait(program: &Program) -> usize {
    with_runtime(async {
        let store = program.store().await;
        let count = store.actions(false).await.unwrap().len();
        store.close().await;
        count
    })
}

/// Everybody who has to says yes, or somebody no, to what waits.
pub fn decide(program: &Program, verdict: Verdict, reason: &str) -> Action {
    let (row, action) = waiting(program);
    let Subject::Call { nonce, .. } = &action.subject else { panic!("{:?}", action.subject) };
    let (now, reason) = (Timestamp::now(), Untrusted::new(reason));
    let order = Order {
        id: OrderId::derive(&["story", row.id.as_str()]),
        source: action.source.clone(),
        kind: OrderKind::AnswerCommand { nonce: nonce.clone(), verdict, reason: reason.clone() },
        action: Some(row.id.clone()),
        credential: None,
        by: "alex".into(),
        reason: reason.clone(),
        at: now,
    };
    with_runtime(async {
        let store = program.store().await;
        for reviewer in ["alex", "blair", "chris"] {
            let decision = Decision {
                action: row.id.clone(),
                digest: row.digest,
                verdict,
                reviewer: Reviewer(reviewer.into()),
                reason: reason.clone(),
                at: now,
                signed: None,
            };
            if store.decide(&decision, &order, &|_| true).await.unwrap() == Counted::Ordered {
                store.close().await;
                return action;
            }
        }
        panic!("three are not enough: {action:?}")
    })
}

/// What was let through, as the store has it.
pub fn let_through(program: &Program) -> Vec<LetThrough> {
    with_runtime(async {
        let store = program.store().await;
        spool::take_in(&program.store_path(), &store).await.unwrap();
        let rows = store.autonomous(100, None).await.unwrap();
        store.close().await;
        rows.into_iter().map(|row| row.record).collect()
    })
}

/// A program whose folder for the store is there.
pub fn at_home() -> Program {
    let program = Program::new();
    std::fs::create_dir_all(program.store_path().parent().unwrap()).unwrap();
    program.write("config/countersign/unsigned.cedar", unsigned_text());
    let text = "[groups]\nsenior = [\"alex\"]\n\n[policy]\nfile = \"unsigned.cedar\"\n";
    program.write("config/countersign/config.toml", text);
    program
}
